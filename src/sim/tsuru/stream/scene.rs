//! What there is to read of an app: its units, and what tsuru itself has said.
//!
//! The only part of the streams that knows where the world keeps these.

use super::{
    super::{
        app::App,
        event::Event,
        jobs::{self, Job},
        plan::Profile,
        unit::{Condition, Unit},
        world::World,
    },
    output,
    pod::{Pod, PodState},
    reader::{Asked, Origin},
    record::{OWN, Record},
};
use crate::sim::clock::Moment;

/// How long ago the answering instance of the server was started, seconds before the simulator.
const INSTANCE_AGE: f64 = 6.0 * 3_600.0;
/// What the instance keeps of one app, in bytes of messages.
const RING: usize = 1 << 20;

/// The units of an app that are there, in the order in which they were born.
pub(super) fn pods(app: &App, now: Moment) -> Vec<Pod> {
    app.units(now)
        .map(|unit| pod(&app.name, unit, now))
        .collect()
}

fn pod(owner: &str, unit: &Unit, now: Moment) -> Pod {
    Pod {
        owner: owner.to_owned(),
        source: unit.process.clone(),
        unit: unit.name.clone(),
        from: unit.running,
        until: Some(unit.gone).filter(|gone| *gone != Moment::NEVER),
        crashed: unit.crashed,
        state: state(unit, now),
    }
}

/// The runs of a job, oldest first: their units stay when they are over.
fn runs(job: &Job, pace: f64) -> Vec<Pod> {
    let runs = job.runs.iter().enumerate();
    runs.map(|(run, (at, well))| Pod {
        owner: job.name.clone(),
        source: String::new(),
        unit: job.unit(run),
        from: *at,
        until: Some(at.plus(jobs::RUN_S * pace)),
        crashed: None,
        state: PodState::Job { well: *well },
    })
    .collect()
}

fn state(unit: &Unit, now: Moment) -> PodState {
    let waits = |why: &str| {
        let message = format!(
            "container \"{}\" in pod \"{}\" is waiting to start: {why}",
            unit.process, unit.name
        );
        PodState::Unreadable(message)
    };
    match unit.condition {
        Condition::Unschedulable => waits("unschedulable"),
        Condition::ImagePull => waits("trying and failing to pull image"),
        Condition::Evicted => PodState::Unreadable(format!("pod \"{}\" was evicted", unit.name)),
        Condition::CrashLoop | Condition::OutOfMemory | Condition::Exited(_) => PodState::Crashing,
        Condition::Healthy | Condition::Unready | Condition::Finished => {
            if now < unit.running {
                waits("ContainerCreating")
            } else {
                PodState::Running
            }
        }
    }
}

/// What tsuru itself has said about an app from a moment on and before another, oldest first: as
/// much as is kept of it.
pub(super) fn own(world: &World, app: &str, from: Moment, to: Moment) -> Vec<Record> {
    let from = from.max(world.clock.started().plus(-INSTANCE_AGE));
    let within = |event: &&Event| event.start < to && event.end >= from;
    let mut said: Vec<Record> = Vec::new();
    for event in world.events_of(app).filter(within) {
        let lines = output::lines(event, Moment(to.0 - 1)).into_iter();
        let lines = lines.filter(|(at, _)| *at >= from);
        said.extend(lines.map(|(at, line)| Record::of(at, OWN, app, line)));
    }
    said.sort_by_key(|record| record.at);
    let mut kept = 0;
    let fits = |record: &&Record| {
        kept += record.message.len();
        kept <= RING
    };
    let count = said.iter().rev().take_while(fits).count();
    said.split_off(said.len() - count)
}

/// The units whose output somebody wants.
pub(super) fn pods_of(world: &World, asked: &Asked, now: Moment) -> Vec<Pod> {
    match asked.origin {
        Origin::App => {
            let app = world.find_app(&asked.name);
            app.map_or_else(Vec::new, |app| pods(&world.apps[app], now))
        }
        Origin::Job => {
            let job = world.find_job(&asked.name).map(|job| &world.jobs[job]);
            job.map_or_else(Vec::new, |job| runs(job, world.pace()))
        }
        Origin::Instance => Vec::new(),
    }
}

/// Where the log of an app is, if its provisioner does not tell.
pub(super) fn elsewhere(app: &App) -> Option<String> {
    (app.profile == Profile::Partial).then(|| {
        format!(
            "logs of {} are not kept here, read them at https://logs.example.com/{}",
            app.name, app.name
        )
    })
}
