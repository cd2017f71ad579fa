//! Projects, which dialect `v1` serves, and what their deployments write. Source: PandaStack
//! contract, section 7.1.

use super::{
    catalogue::CAUSES,
    install::{End, Run, Stage},
    world::World,
};
use crate::sim::{
    clock::Moment,
    dice::Dice,
    words::{APPS, COMMITS},
};

/// One project.
#[derive(Clone, Debug)]
pub(super) struct Project {
    pub(super) name: String,
    pub(super) kind: &'static str,
    pub(super) branch: &'static str,
    pub(super) env: Vec<(String, String)>,
    /// Its deployments, the newest last. There is one at least.
    pub(super) runs: Vec<Run>,
    pub(super) updated: Moment,
    pub(super) gone: bool,
}

/// One line of a log.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Line {
    pub(super) at: Moment,
    pub(super) text: String,
    pub(super) is_error: bool,
}

/// How many there are, if there are apps.
const COUNT: usize = 5;
const KINDS: [&str; COUNT] = ["container", "static", "container", "static", "container"];
const BRANCHES: [&str; COUNT] = ["main", "main", "develop", "main", "release"];

/// All projects of a world.
pub(super) fn all(world: &mut World, apps: usize) -> Vec<Project> {
    let made = (0..COUNT.min(apps)).map(|place| made(world, place));
    made.collect()
}

fn made(world: &mut World, place: usize) -> Project {
    const DAY: f64 = 86_400.0;
    const HISTORY: u32 = 3;
    let mut dice = Dice::new(world.seed, &[0x9a, place as u64]);
    let started = world.clock.started();
    let runs = (1..=HISTORY).rev().map(|age| {
        let at = started.plus(-DAY * (f64::from(age) + dice.fraction()));
        // The last but one of some has failed; the last one of none.
        let end = if age == 2 && place % 2 == 1 {
            End::Fails(CAUSES[1].to_owned())
        } else {
            End::Runs
        };
        Run::new(world.uuid(), at, f64::from(dice.between(12, 30)), end)
    });
    let runs: Vec<Run> = runs.collect();
    Project {
        name: APPS[place].to_owned(),
        kind: KINDS[place],
        branch: BRANCHES[place],
        env: vec![
            ("NODE_ENV".to_owned(), "production".to_owned()),
            ("API_KEY".to_owned(), dice.hex(24)),
        ],
        updated: runs.last().map_or(started, |run| run.at),
        runs,
        gone: false,
    }
}

impl Project {
    /// Its newest deployment.
    pub(super) fn run(&self) -> &Run {
        &self.runs[self.runs.len() - 1]
    }
}

impl World {
    /// Begins a deployment of a project. Tells its UUID.
    pub(super) fn begin_project(
        &mut self,
        place: usize,
        at: Moment,
        build_s: f64,
        end: End,
    ) -> String {
        let uuid = self.uuid();
        let project = &mut self.projects[place];
        project.runs.push(Run::new(uuid.clone(), at, build_s, end));
        project.updated = at;
        uuid
    }

    /// The deployment of a project with this UUID.
    pub(super) fn find_project_run(&self, uuid: &str) -> Option<(&Project, &Run)> {
        let present = self.projects.iter().filter(|project| !project.gone);
        let mut runs =
            present.flat_map(|project| project.runs.iter().map(move |run| (project, run)));
        runs.find(|(_, run)| run.uuid == uuid)
    }
}

/// The word for a stage of a project.
pub(super) fn word(stage: Stage) -> &'static str {
    match stage {
        Stage::Pending => "PENDING",
        Stage::Building => "BUILDING",
        Stage::Deploying => "DEPLOYING",
        Stage::Running | Stage::Awaiting => "RUNNING",
        Stage::Failed => "FAILED",
        Stage::Stopped => "STOPPED",
        Stage::Deleting => "DELETING",
        Stage::Done => "COMPLETED",
    }
}

/// The word for a deployment of a project.
pub(super) fn run_word(run: &Run, now: Moment, pace: f64) -> &'static str {
    match run.stage(now, pace) {
        Stage::Running => word(Stage::Done),
        other => word(other),
    }
}

/// Everything that a deployment writes from its start to its end, and what was written besides.
pub(super) fn lines(seed: u64, project: &Project, run: &Run, pace: f64) -> Vec<Line> {
    let ends = run.ends(pace);
    let mut dice = Dice::new(seed, &[0x10, run.at.0.unsigned_abs()]);
    let mut lines = Vec::new();
    let mut say = |at, text: String, is_error| {
        lines.push(Line { at, text, is_error });
    };
    say(
        run.at,
        format!("Deployment of {} queued", project.name),
        false,
    );
    let commit = dice.pick(COMMITS);
    let (mut after, mut step) = (1.0, 0_u32);
    while run.at.plus(after * pace) < ends {
        let (text, is_error) = phrase(step, project, commit);
        say(run.at.plus(after * pace), text, is_error);
        after += 0.6 + dice.fraction();
        step += 1;
    }
    match run.failure() {
        Some(why) => say(ends, why.to_owned(), true),
        None => say(ends, format!("{} is live", project.name), false),
    }
    let said = run.said.iter().map(|(at, text)| Line {
        at: *at,
        text: text.clone(),
        is_error: false,
    });
    lines.extend(said);
    lines.sort_by_key(|line| line.at);
    lines
}

/// What the build says in its steps.
fn phrase(step: u32, project: &Project, commit: &str) -> (String, bool) {
    match step {
        0 => (
            format!("Cloning branch {}: {commit}", project.branch),
            false,
        ),
        1 => ("Installing dependencies".to_owned(), false),
        2 => ("warning: 2 packages are deprecated".to_owned(), true),
        3 => ("Building".to_owned(), false),
        _ => (
            format!("[{}] compiled module {}", step - 3, step * 7),
            false,
        ),
    }
}
