//! Maintenance runs (contract sections 5.1 and 7.6).

use serde_json::{Value, json};

use super::{
    call::{Call, View},
    errors::Refusal,
    key::{Key, Kind},
    paging,
    reply::{Outcome, Reply},
    world::World,
};
use crate::sim::clock::Moment;

/// A planned piece of maintenance of an application.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Run {
    application: usize,
    stage: Stage,
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum Stage {
    Upcoming,
    Queued,
    /// Runs since then, for so many real seconds; without an end if it ran from the start.
    Running(Option<(Moment, f64)>),
    Completed,
}

/// Simulated seconds of a run.
const USUAL_SECONDS: f64 = 10.0;
/// The application that the world shows as undergoing maintenance.
const UNDERGOING: usize = 9;

/// The runs there are from the start.
pub(super) fn planned(applications: usize) -> Vec<Run> {
    let plan = [
        (2, Stage::Upcoming),
        (3, Stage::Queued),
        (UNDERGOING, Stage::Running(None)),
        (0, Stage::Completed),
        (5, Stage::Upcoming),
    ];
    let runs = plan
        .into_iter()
        .map(|(application, stage)| Run { application, stage });
    runs.filter(|run| run.application < applications).collect()
}

impl Run {
    fn stage(&self, now: Moment) -> Stage {
        match self.stage {
            Stage::Running(Some((from, seconds))) if from.plus(seconds) <= now => Stage::Completed,
            Stage::Upcoming | Stage::Queued | Stage::Running(_) | Stage::Completed => self.stage,
        }
    }

    fn word(&self, now: Moment) -> &'static str {
        match self.stage(now) {
            Stage::Upcoming => "UPCOMING",
            Stage::Queued => "QUEUED",
            Stage::Running(_) => "RUNNING",
            Stage::Completed => "COMPLETED",
        }
    }
}

fn wire(world: &World, view: &View, ordinal: usize) -> Value {
    let run = &world.maintenance[ordinal];
    let stage = run.stage(view.now);
    let upcoming = stage == Stage::Upcoming;
    let start = world.clock.started().plus(2.0 * 86_400.0);
    let window = json!({ "start": view.time(start), "end": view.time(start.plus(7_200.0)) });
    json!({
        "pk": 4_000 + ordinal,
        "uuid": world.root_id(Kind::Maintenance, ordinal),
        "runbook": { "name": "Database upgrade", "description": "Moves the database to a newer version." },
        "website": 100 + run.application,
        "application": world.root_id(Kind::Application, run.application),
        "can_run": upcoming,
        "can_skip": upcoming,
        "can_cancel": stage == Stage::Queued,
        "estimated_execution_time": if ordinal == 3 { None } else { Some("00:20:00") },
        "running": matches!(stage, Stage::Running(_)),
        "completed": stage == Stage::Completed,
        "window": window,
        "scheduled_window": upcoming.then_some(window.clone()),
        "execution_window": null,
        "logs": [],
    })
}

pub(super) fn list(call: &mut Call<'_>) -> Outcome {
    let world = &*call.world;
    let status = call.query.get("status");
    let websites = call.filter("website", Kind::Application);
    let items: Vec<usize> = (0..world.maintenance.len())
        .filter(|n| status.is_none_or(|word| word == world.maintenance[*n].word(call.now())))
        .filter(|n| {
            let application = world.maintenance[*n].application;
            !world.applications[application].gone
                && Call::passes(websites.as_ref(), Key::root(Kind::Application, application))
        })
        .collect();
    paging::page(call, &items, |n| wire(world, &call.view, *n))
}

pub(super) fn get(call: &mut Call<'_>) -> Outcome {
    let ordinal = call.subject(Kind::Maintenance)?.ordinal;
    Ok(Reply::ok(&wire(call.world, &call.view, ordinal)))
}

pub(super) fn run(call: &mut Call<'_>) -> Outcome {
    let seconds = USUAL_SECONDS / call.world.clock.speed();
    let running = Stage::Running(Some((call.now(), seconds)));
    change(
        call,
        Stage::Upcoming,
        running,
        "This maintenance cannot be run.",
    )
}

pub(super) fn skip(call: &mut Call<'_>) -> Outcome {
    change(
        call,
        Stage::Upcoming,
        Stage::Completed,
        "This maintenance cannot be skipped.",
    )
}

pub(super) fn cancel(call: &mut Call<'_>) -> Outcome {
    change(
        call,
        Stage::Queued,
        Stage::Upcoming,
        "This maintenance cannot be cancelled.",
    )
}

fn change(call: &mut Call<'_>, from: Stage, to: Stage, otherwise: &str) -> Outcome {
    let ordinal = call.subject(Kind::Maintenance)?.ordinal;
    let now = call.now();
    let run = &mut call.world.maintenance[ordinal];
    if run.stage(now) != from {
        return Err(Refusal::whole(otherwise));
    }
    run.stage = to;
    Ok(Reply::done())
}
