//! Asking for logs. Source: DigitalOcean contract, section 6.1.

use std::sync::Arc;

use serde_json::{Map, Value, json};

use super::{
    archive,
    build_log::{bounds, over},
    call::{Call, Query},
    cause::Cause,
    deployment::{Course, Deployment, Phase, Stage},
    errors::Refusal,
    events,
    grant::{Grants, Opens},
    reply::{Outcome, Reply},
    runs,
    tape::{Asked, What},
    voice::Voices,
    world::World,
};
use crate::sim::{
    clock::{Clock, Moment},
    flood::Flood,
    host::Commanded,
    raw,
};

/// Where streams are; the token is in the query.
pub(super) const STREAM: &str = "/_stream/";
/// Logs of builds and roll-outs are gone after so many seconds.
const KEPT: f64 = 90.0 * 86_400.0;

/// What is known of logs beside the deployments themselves.
#[derive(Debug)]
pub(super) struct Logs {
    pub(super) voices: Voices,
    pub(super) grants: Grants,
}

impl Logs {
    /// As it is at the start.
    pub(super) fn new(seed: u64, clock: &Clock, story: bool) -> Logs {
        Logs {
            voices: Voices::new(clock, story),
            grants: Grants::new(seed),
        }
    }
}

/// The words for logs of a deployment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Stage(Stage),
    Run,
    Restarted,
}

const KINDS: [(&str, Kind); 4] = [
    ("BUILD", Kind::Stage(Stage::Build)),
    ("DEPLOY", Kind::Stage(Stage::Deploy)),
    ("RUN", Kind::Run),
    ("RUN_RESTARTED", Kind::Restarted),
];

pub(super) fn of_active(call: &mut Call<'_>) -> Outcome {
    let app = call.app()?;
    let kind = kind(&call.query)?;
    let active = call.world.active(app, call.now());
    let Some(active) = active else {
        return Err(Refusal::bad("app has no active deployment"));
    };
    let component = component(call, app, &active, 1)?;
    answer(call, kind, &active, component)
}

pub(super) fn of_deployment(call: &mut Call<'_>) -> Outcome {
    let app = call.app()?;
    let ordinal = call.deployment(app, 1)?;
    let kind = kind(&call.query)?;
    let deployment = call.world.deployment(app, ordinal);
    let component = component(call, app, &deployment, 2)?;
    answer(call, kind, &deployment, component)
}

fn kind(query: &Query) -> Result<Kind, Refusal> {
    let given = query.get("type").ok_or_else(no_type)?;
    let found = KINDS.iter().find(|(word, _)| *word == given);
    found.map(|(_, kind)| *kind).ok_or_else(wrong_type)
}

fn no_type() -> Refusal {
    Refusal::bad("log type is required")
}

fn wrong_type() -> Refusal {
    Refusal::bad("invalid log type")
}

/// The component that the path or the query names; it must be there.
fn component(
    call: &Call<'_>,
    app: usize,
    deployment: &Deployment,
    place: usize,
) -> Result<Option<String>, Refusal> {
    let named = match call.given(place) {
        "" => call.query.get("component_name").unwrap_or_default(),
        given => given,
    };
    if named.is_empty() {
        return Ok(None);
    }
    let known = super::component::components(&deployment.spec);
    if known.iter().any(|component| component.name == named) {
        return Ok(Some(named.to_owned()));
    }
    let name = &call.world.apps[app].name;
    Err(Refusal::bad(format!(
        "component {named} not found in app {name}"
    )))
}

/// How to read, of what the query says.
fn asked(
    call: &Call<'_>,
    app: usize,
    what: What,
    component: Option<String>,
) -> Result<Asked, Refusal> {
    let query = &call.query;
    let tail = match query.get("tail_lines").map(str::parse::<i64>) {
        None | Some(Ok(-1)) => None,
        Some(Ok(lines)) if lines >= 0 => usize::try_from(lines).ok(),
        Some(_) => return Err(Refusal::bad("tail_lines must be -1 or more")),
    };
    let follow = match query.get("follow") {
        None => false,
        Some(_) => query
            .flag("follow")
            .ok_or_else(|| Refusal::bad("follow must be a boolean"))?,
    };
    let wait = query.get("pod_connection_timeout").unwrap_or("3m");
    let wait =
        seconds(wait).ok_or_else(|| Refusal::bad("pod_connection_timeout must be a duration"))?;
    Ok(Asked {
        app,
        what,
        component,
        tail,
        follow,
        patience: call.now().plus(wait),
    })
}

/// Reads a duration such as `30s` or `3m`.
fn seconds(text: &str) -> Option<f64> {
    let (number, unit) = text.split_at_checked(text.len().checked_sub(1)?)?;
    let unit = match unit {
        "s" => 1.0,
        "m" => 60.0,
        _ => return None,
    };
    number
        .parse::<u16>()
        .ok()
        .map(|number| f64::from(number) * unit)
}

fn answer(
    call: &mut Call<'_>,
    kind: Kind,
    deployment: &Deployment,
    component: Option<String>,
) -> Outcome {
    let (app, ordinal, now) = (deployment.app, deployment.ordinal, call.now());
    match kind {
        Kind::Stage(stage) => {
            reached(call.world, deployment, stage, now)?;
            let asked = asked(call, app, What::Stage(ordinal, stage), component)?;
            Ok(told(call, asked, over(deployment, stage)))
        }
        Kind::Run => {
            serving(call.world, deployment, now, true)?;
            let asked = asked(call, app, What::Run(ordinal), component)?;
            if asked.components(call.world).is_empty() {
                return Ok(archived(call, &asked));
            }
            Ok(live(call, asked, true))
        }
        Kind::Restarted => {
            serving(call.world, deployment, now, false)?;
            let asked = asked(call, app, What::Restarted(ordinal), component)?;
            let tape = asked.tape(call.world, now);
            if tape.is_none_or(|tape| tape.said.is_empty()) {
                return Err(Refusal::bad("no previous instances found"));
            }
            Ok(live(call, asked, false))
        }
    }
}

/// Whether a deployment has come to a stage, and what it wrote there is still kept.
fn reached(
    world: &World,
    deployment: &Deployment,
    stage: Stage,
    now: Moment,
) -> Result<(), Refusal> {
    let phase = world.phase(deployment, now);
    let id = world.deployment_id(deployment.app, deployment.ordinal);
    let half = match stage {
        Stage::Build => "build",
        Stage::Deploy => "deploy",
    };
    let refused = |why: &str| {
        Err(Refusal::bad(format!(
            "cannot get {half} logs from deployment {id} {why}"
        )))
    };
    let (from, _) = bounds(deployment, stage);
    let begins = deployment.moment(from);
    let until = deployment
        .stop(now)
        .map_or(now, |(at, _)| at)
        .min(deployment.end());
    if until < begins || now < begins {
        return refused(&format!("in phase {}", phase.word().to_ascii_lowercase()));
    }
    if stage == Stage::Build && deployment.course == Course::Reused {
        return refused("because its build was skipped");
    }
    if now.since(deployment.created) > KEPT {
        return refused("because they are no longer available");
    }
    Ok(())
}

/// Whether a deployment has instances that can be listened to. That of one being rolled out may
/// be waited for.
fn serving(
    world: &World,
    deployment: &Deployment,
    now: Moment,
    waits: bool,
) -> Result<(), Refusal> {
    let phase = match world.phase(deployment, now) {
        Phase::Active => return Ok(()),
        Phase::Deploying if waits => return Ok(()),
        // An internal name that the platform lets out.
        Phase::Superseded | Phase::Error | Phase::Canceled => "final_cleanup".to_owned(),
        phase @ (Phase::PendingBuild
        | Phase::Building
        | Phase::PendingDeploy
        | Phase::Deploying) => phase.word().to_ascii_lowercase(),
    };
    let id = world.deployment_id(deployment.app, deployment.ordinal);
    let message = format!("cannot get running logs from deployment {id} in phase {phase}");
    Err(Refusal::bad(message))
}

/// The address of a stream. `url` is there for what runs.
fn live(call: &mut Call<'_>, asked: Asked, with_url: bool) -> Reply {
    let now = call.now();
    let (token, number) = call.world.logs.grants.give(now, Opens::Log(asked));
    let url = format!("{}{STREAM}?token={token}", call.view.origin);
    // The contract has seen both schemes.
    let live = if number % 3 == 0 {
        url.replacen("http", "ws", 1)
    } else {
        url.clone()
    };
    let mut body = Map::new();
    body.insert("live_url".to_owned(), json!(live));
    if with_url {
        body.insert("url".to_owned(), json!(url));
    }
    Reply::ok(Value::Object(body))
}

/// The addresses of archives, one a component. That there are none is told in three ways.
fn archived(call: &mut Call<'_>, asked: &Asked) -> Reply {
    let now = call.now();
    let links = archive::links(call.world, now, &call.view.origin, asked);
    let body = match (links.is_empty(), asked.app % 3) {
        (false, _) => json!({ "historic_urls": links }),
        (true, 0) => json!({ "historic_urls": null }),
        (true, 1) => json!({ "historic_urls": [] }),
        (true, _) => json!({}),
    };
    Reply::ok(body)
}

/// A component writes lines, or so many a second from now on; absent means the first that runs.
pub(super) fn write(
    world: &mut World,
    now: Moment,
    (app, component): (usize, Option<&str>),
    (lines, rate, floods): (&[String], Option<u32>, &[Arc<Flood>]),
) -> Option<Commanded> {
    let components = world.components(app);
    let mut running = components.iter().filter(|known| known.role.runs());
    let found = running.find(|known| component.is_none_or(|name| name == known.name));
    let name = &found?.name;
    if world.active(app, now).is_none() {
        return Some(Err("nothing of the app is running".to_owned()));
    }
    let lines: Vec<String> = lines.iter().map(|line| raw::lossy(line)).collect();
    world.logs.voices.append(app, name, now, &lines);
    world.logs.voices.flood(app, name, floods);
    if let Some(rate) = rate {
        world.logs.voices.set_rate(app, name, now, rate);
    }
    Some(Ok(json!({ "appended": lines.len() })))
}

/// One run of a job.
pub(super) fn of_invocation(call: &mut Call<'_>) -> Outcome {
    exactly(&call.query, "JOB_INVOCATION")?;
    let (run, now) = (runs::subject(call, 2)?, call.now());
    if run.job != call.given(1) {
        return Err(Refusal::missing());
    }
    if run.phase(now) == "SKIPPED" {
        return Err(Refusal::bad("job invocation was skipped"));
    }
    let asked = asked(call, run.app, What::Invocation(run.ordinal), Some(run.job))?;
    Ok(told(call, asked, run.ended))
}

/// One change of the number of instances.
pub(super) fn of_event(call: &mut Call<'_>) -> Outcome {
    exactly(&call.query, "AUTOSCALE_EVENT")?;
    let (it, now) = (events::subject(call)?, call.now());
    let Cause::Autoscaled { component, .. } = &it.cause else {
        return Err(Refusal::bad("only autoscaling events have logs"));
    };
    if it.begins > now {
        return Err(Refusal::bad("event is not in progress"));
    }
    let component = Some(component.clone());
    let asked = asked(call, it.app, What::Scaling(it.ordinal), component)?;
    Ok(told(call, asked, over(&it, Stage::Deploy)))
}

fn exactly(query: &Query, word: &str) -> Result<(), Refusal> {
    let given = query.get("type").ok_or_else(no_type)?;
    (given == word).then_some(()).ok_or_else(wrong_type)
}

/// Live while it is written, from the archive afterwards.
fn told(call: &mut Call<'_>, asked: Asked, over: Moment) -> Reply {
    if call.now() < over {
        live(call, asked, false)
    } else {
        archived(call, &asked)
    }
}
