//! The log of a deployment: one text that grows while it runs (contract section 6.2).

use super::{
    deployment::{Deployment, Ending, FAILS_AT, Mode},
    world::World,
};
use crate::sim::{clock::Moment, dice::Dice};

/// A piece of the log and the share of the deployment at which it is written.
type Piece = (f64, String);

/// The text written by `now`. A later text always begins with an earlier one.
pub(super) fn text(world: &World, deployment: &Deployment, now: Moment) -> String {
    let progress = deployment.progress(now);
    if progress <= 0.0 {
        return String::new();
    }
    let pieces = pieces(world, deployment).into_iter();
    pieces
        .take_while(|(share, _)| *share <= progress)
        .map(|(_, text)| text)
        .collect()
}

/// One line about how it ended, for the runtime log.
pub(super) fn verdict(deployment: &Deployment) -> &'static str {
    match deployment.ending {
        Ending::Success => "deployment finished",
        Ending::Failure(_) => "deployment failed, the previous release stays",
        Ending::Unknown => "deployment ended",
    }
}

fn pieces(world: &World, deployment: &Deployment) -> Vec<Piece> {
    let parts = [3, deployment.environment as u64, deployment.ordinal as u64];
    let mut dice = Dice::new(world.seed, &parts);
    let mut pieces = vec![
        (0.01, "Waiting for a worker\n".to_owned()),
        (0.06, "===== provision services =====\n".to_owned()),
    ];
    for (n, instance) in world
        .detail(deployment.environment)
        .instances
        .iter()
        .enumerate()
    {
        let share = 0.07 + 0.02 * f64::from(u32::try_from(n).unwrap_or(0).min(3));
        pieces.push((share, format!("{} is up to date\n", instance.prefix)));
    }
    match deployment.mode {
        Mode::Adopt => pieces.push((
            0.15,
            format!(
                "===== docker build =====\nadopting image of {}\n",
                short(&deployment.commit)
            ),
        )),
        Mode::Auto | Mode::Force => build(&mut pieces, deployment, &mut dice),
    }
    release(&mut pieces, world, deployment);
    if oversized(world, deployment) {
        flood(&mut pieces);
    }
    pieces
}

fn short(commit: &str) -> String {
    commit.chars().take(8).collect()
}

fn build(pieces: &mut Vec<Piece>, deployment: &Deployment, dice: &mut Dice) {
    const STEPS: [&str; 8] = [
        "FROM python:3.13-slim",
        "WORKDIR /app",
        "COPY requirements.txt .",
        "RUN pip install -r requirements.txt",
        "COPY package.json .",
        "RUN npm ci && npm run build",
        "COPY . .",
        "RUN python manage.py collectstatic --noinput",
    ];
    let commit = short(&deployment.commit);
    pieces.push((
        0.15,
        format!("===== docker build =====\nbuilding commit {commit}\n"),
    ));
    for (place, step) in STEPS.iter().enumerate() {
        let place = u32::try_from(place).unwrap_or(0);
        let start = 0.16 + 0.045 * f64::from(place);
        pieces.push((
            start,
            format!("\u{1b}[36mStep {}/8\u{1b}[0m : {step}\n", place + 1),
        ));
        if deployment.mode != Mode::Force && place < 3 {
            pieces.push((start + 0.002, " ---> Using cache\n".to_owned()));
        } else if step.starts_with("RUN") {
            work(pieces, start, step, dice);
        }
        pieces.push((start + 0.044, format!(" ---> {}\n", dice.hex(12))));
    }
    pieces.push((0.55, format!("Successfully built {}\n", dice.hex(12))));
}

/// Output of a step that takes time: packages line by line, a progress bar on one line.
fn work(pieces: &mut Vec<Piece>, start: f64, step: &str, dice: &mut Dice) {
    const PACKAGES: [&str; 6] = [
        "web-framework",
        "database-driver",
        "image-tools",
        "task-queue",
        "mail-sender",
        "markup",
    ];
    if step.contains("pip") {
        for (place, package) in (0_u32..).zip(PACKAGES) {
            let version = format!("{}.{}.{}", dice.below(6), dice.below(20), dice.below(9));
            let line = format!("Collecting {package}=={version}\n");
            pieces.push((start + 0.002 + 0.006 * f64::from(place), line));
        }
        pieces.push((
            start + 0.04,
            "\u{1b}[32mInstalled 6 packages\u{1b}[0m\n".to_owned(),
        ));
        return;
    }
    for done in 1..=10_u32 {
        let bar: String = (1..=10)
            .map(|place| if place <= done { '#' } else { '.' })
            .collect();
        let end = if done == 10 { "\n" } else { "" };
        let line = format!("\rbuilding [{bar}] {:3}%{end}", done * 10);
        pieces.push((start + 0.004 * f64::from(done), line));
    }
}

fn release(pieces: &mut Vec<Piece>, world: &World, deployment: &Deployment) {
    let slug = &world.owner(deployment.environment).slug;
    pieces.push((0.57, "===== release image =====\n".to_owned()));
    for done in 1..=4_u32 {
        let line = format!(
            "\rpushing layers {done}/4{}",
            if done == 4 { "\n" } else { "" }
        );
        pieces.push((0.57 + 0.02 * f64::from(done), line));
    }
    pieces.push((0.66, "===== release command: migrate =====\n".to_owned()));
    for migration in 1..=6_u32 {
        let line = format!("  applying {slug}.{:04} ... ", 40 + migration);
        pieces.push((0.67 + 0.015 * f64::from(migration), line));
        if migration < 6 || !matches!(deployment.ending, Ending::Failure(_)) {
            pieces.push((
                0.675 + 0.015 * f64::from(migration),
                "\u{1b}[32mOK\u{1b}[0m\n".to_owned(),
            ));
        }
    }
    match &deployment.ending {
        Ending::Failure(cause) => {
            let text = format!(
                "\n\u{1b}[31mERROR: {cause}\u{1b}[0m\nrelease command `migrate` exited with code 1\n\
                 Deployment failed: release command `migrate`: {cause}\n"
            );
            pieces.push((FAILS_AT, text));
        }
        Ending::Unknown => pieces.push((1.0, "worker lost\n".to_owned())),
        Ending::Success => pieces.extend([
            (
                0.83,
                "===== scaling =====\nstarting 2 instances of web\n".to_owned(),
            ),
            (
                0.92,
                "===== sanity tests =====\nGET /health/ 200\n".to_owned(),
            ),
            (0.97, "===== finalising =====\n".to_owned()),
            (1.0, "\u{1b}[32mDeployment finished\u{1b}[0m\n".to_owned()),
        ]),
    }
}

/// One old deployment in the world has a log of some megabytes.
fn oversized(world: &World, deployment: &Deployment) -> bool {
    let past = world.environments[deployment.environment].past;
    deployment.environment == 5 && past > 0 && deployment.ordinal == 0
}

fn flood(pieces: &mut Vec<Piece>) {
    let mut text = String::new();
    for line in 0..40_000_u32 {
        text.push_str("copying static file static/");
        text.push_str(&line.to_string());
        text.push_str("/bundle.min.js to storage\n");
    }
    pieces.push((FAILS_AT, text));
}

#[cfg(test)]
mod tests {
    use super::{super::testing::still_world, *};

    #[test]
    fn pieces_come_in_order() {
        let world = still_world(1, 4);
        for ordinal in 0..world.deployment_count(0) {
            let deployment = world.deployment(0, ordinal);
            let pieces = pieces(&world, &deployment);
            assert!(
                pieces.windows(2).all(|pair| pair[0].0 <= pair[1].0),
                "{pieces:#?}"
            );
        }
    }

    #[test]
    fn log_only_grows_and_ends_with_the_cause() {
        let world = still_world(1, 4);
        let mut deployment = world.deployment(0, 0);
        deployment.ending = Ending::Failure("lock timeout".to_owned());
        deployment.seconds = 20.0;
        let mut before = String::new();
        for second in 0..25 {
            let text = text(
                &world,
                &deployment,
                deployment.queued.plus(f64::from(second)),
            );
            assert!(text.starts_with(&before));
            before = text;
        }
        assert!(
            before.trim_end().ends_with("`migrate`: lock timeout"),
            "{before}"
        );
        assert!(before.contains("===== docker build =====") || deployment.mode == Mode::Adopt);
    }
}
