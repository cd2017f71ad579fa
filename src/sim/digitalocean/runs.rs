//! Runs of jobs by the clock. Source: DigitalOcean contract, section 5.4.

use serde_json::{Value, json};

use super::{
    apps::USER,
    call::{Call, View},
    cause,
    component::{Role, When},
    errors::Refusal,
    id::{Kind, id},
    paging::{self, Empty},
    reply::{Outcome, Reply},
    wire::{NEVER, object},
    world::World,
};
use crate::sim::{clock::Moment, dice::Dice};

/// Seconds from one run to the next.
const EVERY: f64 = 900.0;
/// The number of the run that has begun shortly before the simulator starts.
const FIRST: usize = 40;
/// How far that is back.
const BEGUN: f64 = 20.0;
/// A month of them; no simulator runs longer.
const MOST_RUNS: usize = 3_000;
/// More jobs than this no app has.
const JOBS: usize = 8;

/// One run of one job.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Run {
    pub(super) app: usize,
    pub(super) job: String,
    /// Counted over all jobs of the app.
    pub(super) ordinal: usize,
    pub(super) begun: Moment,
    pub(super) ended: Moment,
    ending: &'static str,
}

impl Run {
    /// How it is.
    pub(super) fn phase(&self, now: Moment) -> &'static str {
        if self.ended <= now {
            self.ending
        } else {
            "RUNNING"
        }
    }
}

impl World {
    /// The runs of an app's jobs by the clock, the newest first.
    pub(super) fn runs(&self, app: usize, now: Moment) -> Vec<Run> {
        let parts = self.components(app);
        let jobs = parts
            .iter()
            .filter(|part| part.role == Role::Job(When::Scheduled));
        let jobs: Vec<&str> = jobs.map(|part| part.name.as_str()).take(JOBS).collect();
        let until = if self.story {
            now
        } else {
            self.clock.started()
        };
        let since = |number: usize| self.begun(number) <= until;
        let numbers: Vec<usize> = (0..MOST_RUNS).take_while(|number| since(*number)).collect();
        let newest = numbers.into_iter().rev();
        newest
            .flat_map(|number| {
                let each = jobs.iter().enumerate();
                each.map(move |(place, job)| self.run(app, job, number * JOBS + place))
            })
            .collect()
    }

    fn begun(&self, number: usize) -> Moment {
        let offset = |n: usize| EVERY * f64::from(u32::try_from(n).unwrap_or(u32::MAX));
        let first = self.clock.started().plus(-BEGUN - offset(FIRST));
        first.plus(offset(number))
    }

    fn run(&self, app: usize, job: &str, ordinal: usize) -> Run {
        let number = ordinal / JOBS;
        let mut dice = Dice::new(self.seed, &[0xd0, 14, app as u64, ordinal as u64]);
        let seconds = f64::from(dice.between(8, 300));
        // The one at the start takes its time, so that there is one to look at.
        let seconds = if number == FIRST { 600.0 } else { seconds };
        let ending = match dice.below(100) {
            0..8 => "FAILED",
            8..12 => "SKIPPED",
            _ => "SUCCEEDED",
        };
        let begun = self.begun(number);
        let run = Run {
            app,
            job: job.to_owned(),
            ordinal,
            begun,
            ended: begun.plus(seconds / self.clock.speed()),
            ending,
        };
        let mut stopped = self.stopped_runs.iter();
        match stopped.find(|(of, which, _)| (*of, *which) == (app, ordinal)) {
            Some((_, _, at)) => Run {
                ended: *at,
                ending: "CANCELED",
                ..run
            },
            None => run,
        }
    }
}

fn wire(world: &World, view: &View, run: &Run) -> Value {
    let active = world.active(run.app, view.now);
    let active = active.map(|it| world.deployment_id(run.app, it.ordinal));
    let ended = run.ended <= view.now;
    object([
        (
            "id",
            json!(id(world.seed, Kind::Invocation, run.app, run.ordinal)),
        ),
        ("job_name", json!(run.job)),
        ("deployment_id", json!(active)),
        ("phase", json!(view.word(run.phase(view.now)))),
        ("trigger", trigger(world, run)),
        ("created_at", json!(view.time(run.begun))),
        ("started_at", json!(view.time(run.begun.plus(1.0)))),
        (
            "completed_at",
            json!(if ended {
                view.time(run.ended)
            } else {
                NEVER.to_owned()
            }),
        ),
    ])
}

/// Some are started by hand; of the others the two sources have two words.
fn trigger(world: &World, run: &Run) -> Value {
    let number = run.ordinal / JOBS;
    if number % 10 == 7 {
        return json!({ "type": "MANUAL", "manual": { "user": cause::user(world, USER) } });
    }
    let kind = if number.is_multiple_of(2) {
        "SCHEDULED"
    } else {
        "SCHEDULE"
    };
    let spec = world.spec(run.app);
    let mut jobs = spec["jobs"].as_array().into_iter().flatten();
    let schedule = jobs.find(|job| job["name"] == json!(run.job));
    let schedule = schedule.map_or(Value::Null, |job| job["schedule"].clone());
    json!({ "type": kind, "scheduled": { "schedule": schedule } })
}

pub(super) fn list(call: &mut Call<'_>) -> Outcome {
    let app = call.app()?;
    let names: Vec<&str> = call.query.all("job_names").collect();
    let mut runs = call.world.runs(app, call.now());
    runs.retain(|run| names.is_empty() || names.contains(&run.job.as_str()));
    if let Some(wanted) = call.query.get("deployment_id") {
        let active = call.world.active(app, call.now());
        let active = active.map(|it| call.world.deployment_id(app, it.ordinal));
        runs.retain(|_| active.as_deref() == Some(wanted));
    }
    paging::page(call, ("job_invocations", Empty::LeftOut), &runs, |run| {
        wire(call.world, &call.view, run)
    })
}

/// The run that a path names.
pub(super) fn subject(call: &Call<'_>, place: usize) -> Result<Run, Refusal> {
    let app = call.app()?;
    let ordinal = call.ordinal(Kind::Invocation, app, place)?;
    let runs = call.world.runs(app, call.now()).into_iter();
    let mut named = runs.filter(|run| run.ordinal == ordinal);
    named.next().ok_or_else(Refusal::missing)
}

pub(super) fn get(call: &mut Call<'_>) -> Outcome {
    let run = subject(call, 1)?;
    let written = wire(call.world, &call.view, &run);
    Ok(Reply::ok(json!({ "job_invocation": written })))
}

pub(super) fn cancel(call: &mut Call<'_>) -> Outcome {
    let (run, now) = (subject(call, 1)?, call.now());
    let named = call.query.get("job_name");
    if named.is_some_and(|name| name != run.job) {
        return Err(Refusal::missing());
    }
    if run.ended <= now {
        return Err(Refusal::bad("job invocation is not running"));
    }
    call.world.stopped_runs.push((run.app, run.ordinal, now));
    get(call)
}
