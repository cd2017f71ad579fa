//! What is written while a deployment is built and rolled out, and by runs of jobs.
//! Source: DigitalOcean contract, sections 6.1 and 6.3.
//!
//! A log is a function of the deployment: pieces, each at a share of the whole. Some have the
//! prefix of the platform, some a shorter one, the output of tools has none.

use super::{
    cause::Cause,
    component::Component,
    deployment::{Deployment, Ending, Failure, Stage},
    runs::Run,
    voice::printed,
    world::World,
};
use crate::sim::{clock::Moment, dice::Dice, words};

/// A piece of a log as it is sent: one line or more, with their newlines.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Said {
    pub(super) at: Moment,
    pub(super) text: String,
}

/// How much is in front of a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Prefix {
    Full,
    NameOnly,
    None,
}

use Prefix::{Full, NameOnly, None as Bare};

/// Share of the stage at which a piece is written, what is in front of it, and the piece.
type Piece = (f64, Prefix, String);

/// Everything that is written about one component in one stage, oldest first. What lies after the
/// end of the deployment is left out; what lies in the future is not.
pub(super) fn pieces(
    seed: u64,
    deployment: &Deployment,
    component: &Component,
    stage: Stage,
) -> Vec<Said> {
    let failure = failure(deployment, stage);
    let (pieces, whole) = match stage {
        Stage::Build => (build(seed, deployment, component), 1.0),
        Stage::Deploy => (deploy(component), 1.0),
    };
    let (from, to) = bounds(deployment, stage);
    let to = deployment
        .fails_at()
        .filter(|_| failure.is_some())
        .unwrap_or(to);
    // A stage that fails is told in less time: what comes after the failure is not written.
    let reached = if failure.is_some() {
        FAILS_AFTER
    } else {
        whole
    };
    let mut pieces: Vec<Piece> = pieces
        .into_iter()
        .filter(|(share, ..)| *share < reached)
        .map(|(share, prefix, text)| (share / reached, prefix, text))
        .collect();
    match failure {
        Some(failure) => pieces.extend(last_words(failure, stage)),
        None => pieces.push((1.0, Full, ended(stage).to_owned())),
    }
    let said = |(share, prefix, text): Piece| {
        let at = deployment.moment(from + (to - from) * share);
        let text = match prefix {
            Full => printed(&component.name, at, &text),
            NameOnly => format!("{} {text}\n", component.name),
            Bare => format!("{text}\n"),
        };
        Said { at, text }
    };
    let until = deployment.stopped.map(|(at, _)| at);
    let within = |said: &Said| until.is_none_or(|until| said.at <= until);
    pieces.into_iter().map(said).filter(within).collect()
}

/// Share of a stage that is told when it fails.
const FAILS_AFTER: f64 = 0.7;

fn failure(deployment: &Deployment, stage: Stage) -> Option<&Failure> {
    match &deployment.ending {
        Ending::Live => None,
        Ending::Fails(failure) => Some(failure).filter(|failure| failure.stage == stage),
    }
}

/// Shares of the deployment between which a stage lies.
pub(super) fn bounds(deployment: &Deployment, stage: Stage) -> (f64, f64) {
    let bounds = deployment.course.bounds();
    match stage {
        Stage::Build => (bounds.pending, bounds.build),
        Stage::Deploy => (bounds.queued, 1.0),
    }
}

fn ended(stage: Stage) -> &'static str {
    match stage {
        Stage::Build => "\u{1b}[32m=> build finished\u{1b}[0m",
        Stage::Deploy => "\u{1b}[32m=> component is live\u{1b}[0m",
    }
}

fn last_words(failure: &Failure, stage: Stage) -> Vec<Piece> {
    let Failure { code, message, .. } = failure;
    let cause = match stage {
        Stage::Build => "npm ERR! code ELIFECYCLE\nnpm ERR! errno 1",
        Stage::Deploy => {
            "Error: connect ECONNREFUSED 10.244.7.3:5432\n    at connect (net.js:1146:16)"
        }
    };
    vec![
        (0.96, Bare, cause.to_owned()),
        (
            1.0,
            Full,
            format!("\u{1b}[31m=> {code}: {message}\u{1b}[0m"),
        ),
    ]
}

fn build(seed: u64, deployment: &Deployment, component: &Component) -> Vec<Piece> {
    let name = component.name.len() as u64;
    let parts = [0x20, deployment.app as u64, deployment.ordinal as u64, name];
    let mut dice = Dice::new(seed, &parts);
    let commit: String = deployment.commit.chars().take(7).collect();
    let mut pieces = vec![
        (0.02, Full, "=> initializing build".to_owned()),
        (
            0.05,
            Full,
            format!("=> retrieving source code, commit {commit}"),
        ),
        (0.08, NameOnly, "=> building with buildpacks".to_owned()),
        (0.10, Bare, "\u{1b}[36m===> DETECTING\u{1b}[0m".to_owned()),
        (
            0.14,
            Bare,
            "heroku/nodejs-engine 2.6.3\nheroku/nodejs-npm    2.6.3".to_owned(),
        ),
        (0.18, Bare, "\u{1b}[36m===> BUILDING\u{1b}[0m".to_owned()),
    ];
    for number in 0..12_u32 {
        let version = format!("{}.{}.{}", dice.below(6), dice.below(20), dice.below(9));
        let share = 0.2 + 0.03 * f64::from(number);
        pieces.push((share, Bare, format!("added package-{number}@{version}")));
    }
    let bar: Vec<String> = (1..=10_u32)
        .map(|done| format!("compiling assets {:3}%", done * 10))
        .collect();
    pieces.extend([
        (0.60, Bare, bar.join("\r")),
        // Written in another encoding: the archive has the byte, a frame cannot.
        (0.66, Bare, "copied locales/fr/caf\u{fffd}.json".to_owned()),
        (0.80, Bare, "\u{1b}[36m===> EXPORTING\u{1b}[0m".to_owned()),
        (
            0.85,
            Bare,
            format!("Adding layer 'app', sha256:{}", dice.hex(16)),
        ),
        (
            0.95,
            Full,
            "=> uploading the built image to the registry".to_owned(),
        ),
    ]);
    pieces
}

fn deploy(component: &Component) -> Vec<Piece> {
    let name = &component.name;
    let first = words::TASKS.first().copied().unwrap_or_default();
    vec![
        (0.05, Full, "=> pulling image".to_owned()),
        (
            0.15,
            Full,
            format!("=> starting {} of {name}", component.role.word()),
        ),
        (0.30, Full, "> node server.js".to_owned()),
        (
            0.40,
            Full,
            "{\"level\":30,\"msg\":\"listening\",\"port\":8080}".to_owned(),
        ),
        (
            0.45,
            Full,
            format!("level=info msg=\"registered\" task={first}"),
        ),
        (0.60, Full, "waiting for health checks".to_owned()),
        (0.80, Full, "GET /healthz 200".to_owned()),
    ]
}

/// The log of a run of a job: a line every so often until it ends, in whichever way.
pub(super) fn job_run(world: &World, run: &Run) -> Vec<Said> {
    const EVERY: f64 = 3.0;
    let mut dice = Dice::new(world.seed, &[0x21, run.app as u64, run.ordinal as u64]);
    let said = |at, text: &str| Said {
        at,
        text: printed(&run.job, at, text),
    };
    let mut lines = vec![said(run.begun, "=> job started")];
    for number in 1..=u32::MAX {
        let at = run
            .begun
            .plus(EVERY / world.clock.speed() * f64::from(number));
        if at >= run.ended {
            break;
        }
        let task = dice.pick(words::TASKS);
        lines.push(said(at, &format!("{task}: batch {number}")));
    }
    let phase = run.phase(run.ended).to_ascii_lowercase();
    lines.push(said(run.ended, &format!("=> job {phase}")));
    lines
}

/// The log of a change of the number of instances, and when it is over.
pub(super) fn scaling(deployment: &Deployment) -> Option<(Vec<Said>, Moment)> {
    let Cause::Autoscaled {
        component,
        from,
        to,
    } = &deployment.cause
    else {
        return None;
    };
    let over = over(deployment, Stage::Deploy);
    let said = |at, text: &str| Said {
        at,
        text: printed(component, at, text),
    };
    let scales = format!("scaling from {from} to {to} instances");
    let lines = vec![
        said(deployment.begins, "cpu is beyond its limit"),
        said(deployment.begins, &scales),
        said(over, "scaling ended"),
    ];
    Some((lines, over))
}

/// When nothing more is written in a stage.
pub(super) fn over(deployment: &Deployment, stage: Stage) -> Moment {
    let (_, to) = bounds(deployment, stage);
    let end = deployment.moment(to).min(deployment.end());
    deployment.stopped.map_or(end, |(at, _)| at.min(end))
}

#[cfg(test)]
mod tests {
    use super::{
        super::{component::components, history::unhealthy, testing::still_world},
        *,
    };

    /// What is said of every component in a stage of the newest deployment of an app.
    fn said(ending: Ending, stage: Stage) -> Vec<Vec<Said>> {
        let world = still_world(1, 24);
        let app = world.named_app("quotes").unwrap();
        let newest = world.deployment_count(app) - 1;
        let deployment = Deployment {
            ending,
            stopped: None,
            ..world.deployment(app, newest)
        };
        let parts = components(&deployment.spec);
        let said = parts
            .iter()
            .map(|part| pieces(world.seed, &deployment, part, stage));
        said.collect()
    }

    #[test]
    fn pieces_come_in_order_and_end_with_the_end() {
        for stage in [Stage::Build, Stage::Deploy] {
            for pieces in said(Ending::Live, stage) {
                assert!(pieces.windows(2).all(|pair| pair[0].at <= pair[1].at));
                let last = &pieces.last().unwrap().text;
                assert!(last.contains(ended(stage)), "{last}");
            }
        }
    }

    #[test]
    fn failure_is_the_last_that_is_said_and_comes_after_its_cause() {
        let Failure { message, .. } = unhealthy();
        for pieces in said(Ending::Fails(unhealthy()), Stage::Deploy) {
            let last = &pieces.last().unwrap().text;
            assert!(last.contains(&message), "{last}");
            assert!(pieces.iter().any(|said| said.text.contains("ECONNREFUSED")));
        }
        for pieces in said(Ending::Fails(unhealthy()), Stage::Build) {
            assert!(pieces.last().unwrap().text.contains(ended(Stage::Build)));
        }
    }
}
