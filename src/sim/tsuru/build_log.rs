//! What a deploy writes while it builds.

use super::{action::Plan, app::Version, deploy::Source};

/// What a build says, with how much of its time has passed by then.
const BUILD: &[(f64, &str)] = &[
    (0.0, "---- Building application image ----\n"),
    (
        0.02,
        "#1 [internal] load build definition from Dockerfile\n#1 transferring dockerfile: 2.1kB done\n",
    ),
    (0.05, "#1 DONE 0.1s\n"),
    (
        0.08,
        "#2 [1/5] FROM registry.example.com/tsuru/python:latest\n",
    ),
    (0.14, "#2 DONE 1.9s\n\n"),
    (0.15, "#3 [2/5] COPY . /home/application/current\n"),
    (0.2, "#3 DONE 0.4s\n"),
    (0.22, "#4 [3/5] RUN pip install -r requirements.txt\n"),
    (0.3, "#4 1.402 Collecting gunicorn==23.0.0\n"),
    (0.36, "#4 2.981 Collecting psycopg==3.2.1"),
    (0.38, "\n#4 4.012 Collecting redis==5.2.0\n"),
    (
        0.46,
        "#4 7.330 Installing collected packages: gunicorn, psycopg, redis\n",
    ),
    (0.6, "#4 DONE 9.8s\n"),
    // What means nothing: an OK by itself, colours, a line that is written over.
    (0.61, "Ran 48 tests in 3.1s, caf\u{e9} \u{2713}\n\nOK\n"),
    (0.62, "\u{1b}[32mcompiling\u{1b}[0m  10%\rcompiling 100%\n"),
    (
        0.64,
        "#5 [4/5] RUN ./manage.py collectstatic --noinput\n#5 0.911 148 static files copied\n",
    ),
    (0.7, "#5 DONE 1.2s\n"),
    (0.76, "#6 exporting to image\n"),
    (0.84, "#6 exporting layers done\n"),
];

const FETCH: &[(f64, &str)] = &[
    (0.0, "---- Pulling image ----\n"),
    (
        0.2,
        "{\"status\":\"Pulling fs layer\",\"id\":\"a1b2c3d4\"}\n",
    ),
    (
        0.5,
        "{\"status\":\"Downloading\",\"progress\":\"[=====>    ] 6MB/12MB\",\"id\":\"a1b2c3d4\"}\n",
    ),
    (0.9, "{\"status\":\"Pull complete\",\"id\":\"a1b2c3d4\"}\n"),
];

/// Writes the build of a version into a plan; it takes so many seconds.
pub(super) fn write(plan: &mut Plan, target: &Version, source: &Source, seconds: f64) {
    let (lines, begin) = match source {
        Source::Build => (BUILD, plan.length()),
        Source::Image(_) | Source::Version(_) => (FETCH, plan.length()),
    };
    for (share, line) in lines {
        let passed = plan.length() - begin;
        plan.wait((seconds * share - passed).max(0.0)).say(*line);
    }
    if matches!(source, Source::Build) {
        let passed = plan.length() - begin;
        plan.wait((seconds * 0.92 - passed).max(0.0));
        let image = &target.image;
        plan.say(format!(
            "#6 pushing {image}\n ---> Sending image to repository (38.20MB)\n"
        ));
    }
    let passed = plan.length() - begin;
    plan.wait((seconds - passed).max(0.0));
}
