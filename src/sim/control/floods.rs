//! Lines in great number: begun, counted and stopped.

use std::{
    mem,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use axum::{Json, Router, extract::State, http::StatusCode, routing::get};
use serde::Deserialize;
use serde_json::{Value, json};

use super::{Answer, Controlled, refuse, run::run};
use crate::sim::{
    clock::Moment,
    flood::{Flood, Plan, Style},
    host::Command,
};

/// The routes of these.
pub(super) fn routes() -> Router<Controlled> {
    Router::new().route("/_sim/flood", get(count).post(begin).delete(stop))
}

/// The floods that were begun, with the environments that write them.
#[derive(Debug, Default)]
pub(crate) struct Floods(Mutex<Vec<(String, Arc<Flood>)>>);

impl Floods {
    fn lock(&self) -> MutexGuard<'_, Vec<(String, Arc<Flood>)>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn to_json(&self, now: Moment) -> Value {
        let floods = self.lock();
        let produced = floods.iter().map(|(_, flood)| flood.produced(now));
        let produced: u64 = produced.sum();
        let each = floods.iter().map(|(environment, flood)| {
            json!({
                "environment": environment,
                "produced": flood.produced(now),
                "over": flood.is_over(now),
            })
        });
        let each: Vec<Value> = each.collect();
        json!({ "floods": each, "produced": produced })
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct FloodRequest {
    environment: String,
    /// Lines a second from now on; none if only the past is to be written.
    #[serde(default)]
    rate: u32,
    /// For so long; absent is until it is stopped.
    seconds: Option<u32>,
    /// So many at the most.
    lines: Option<u64>,
    /// So many lines exist already, ten thousand a second until now.
    #[serde(default)]
    backlog: u64,
    /// The number of the first line.
    #[serde(default)]
    first: u64,
    #[serde(default)]
    style: Style,
    #[serde(default = "usual_length")]
    length: usize,
    #[serde(default)]
    seed: u64,
}

fn usual_length() -> usize {
    100
}

impl FloodRequest {
    fn most(&self) -> u64 {
        let rate = u64::from(self.rate);
        let in_time = self.seconds.map(|seconds| u64::from(seconds) * rate);
        in_time
            .into_iter()
            .chain(self.lines)
            .min()
            .unwrap_or(u64::MAX)
    }

    /// What exists already, then what is written.
    fn floods(&self, now: Moment) -> Vec<Arc<Flood>> {
        const PAST_RATE: u32 = 10_000;
        let past = i64::try_from(self.backlog * 100).unwrap_or(i64::MAX);
        let whole = Plan {
            begins: Moment(now.0.saturating_sub(past)),
            rate: PAST_RATE,
            most: self.backlog,
            first: self.first,
            style: self.style,
            length: self.length,
            seed: self.seed,
        };
        let coming = Plan {
            // Not before anybody could have read past it while this order came.
            begins: now.plus(0.1),
            rate: self.rate,
            most: self.most(),
            first: self.first + self.backlog,
            ..whole
        };
        let plans = [(self.backlog > 0, whole), (self.rate > 0, coming)];
        let asked = plans.iter().filter(|(is_asked, _)| *is_asked);
        asked.map(|(_, plan)| Arc::new(Flood::new(plan))).collect()
    }
}

/// The present; all platforms have the same.
fn now(sim: &Controlled) -> Moment {
    let clock = sim.hosts.first().map(|host| host.clock.now());
    clock.unwrap_or(Moment(0))
}

/// An environment begins to write.
async fn begin(State(sim): State<Controlled>, text: String) -> Answer {
    let mut begun = (String::new(), Vec::new());
    let make = |it: FloodRequest| {
        begun = (it.environment.clone(), it.floods(now(&sim)));
        Command::Log {
            environment: it.environment,
            lines: Vec::new(),
            rate: None,
            floods: begun.1.clone(),
        }
    };
    let answer = run(&sim, &text, make).unwrap_or_else(|wrong| refuse(&wrong));
    if answer.0 == StatusCode::OK {
        let (environment, floods) = mem::take(&mut begun);
        let named = floods.into_iter().map(|flood| (environment.clone(), flood));
        sim.floods.lock().extend(named);
    }
    answer
}

/// How much was written so far.
async fn count(State(sim): State<Controlled>) -> Json<Value> {
    Json(sim.floods.to_json(now(&sim)))
}

/// All floods end now. Tells how much was written.
async fn stop(State(sim): State<Controlled>) -> Json<Value> {
    let now = now(&sim);
    for (_, flood) in sim.floods.lock().iter() {
        flood.stop(now);
    }
    Json(sim.floods.to_json(now))
}
