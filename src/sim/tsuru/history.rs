//! What happened before the simulator started: deploys, and other things people did.

use serde_json::{Value, json};

use super::{
    action::Plan,
    app::App,
    build_log,
    deploy::Source,
    event::{Cancel, Deploy, Event, Kind, Owner, Piece, Script, Target},
    make,
    plan::Profile,
    world::World,
};
use crate::sim::{clock::Moment, dice::Dice, words};

const DAY: f64 = 86_400.0;

/// Something of the past, before it has a place in the list.
struct Past {
    at: Moment,
    seconds: f64,
    kind: Kind,
    target: Target,
    owner: Owner,
    error: Option<String>,
    cancel: Option<String>,
    deploy: Option<Deploy>,
    custom: Value,
}

/// Who does things, besides the user of the token.
pub(super) const PEOPLE: &[&str] = &["ops@example.com", "dev@example.com", "lead@example.com"];

/// Fills the list of events with what happened to all apps, and puts in place what came of it.
pub(super) fn tell(world: &mut World) {
    let started = world.clock.started();
    let mut past: Vec<Past> = Vec::new();
    for app in &mut world.apps {
        past.extend(of(app, started));
        make::deployed(app, started);
    }
    past.extend(others(started));
    past.sort_by_key(|it| it.at);
    for it in past {
        put(world, it);
    }
}

fn of(app: &mut App, started: Moment) -> Vec<Past> {
    let mut dice = Dice::new(app.seed, &[0x75, 7, app.ordinal as u64]);
    let mut all = vec![created(app)];
    let count = app.profile.past(&mut dice);
    // Those that play in the story were deployed lately.
    let is_recent = matches!(app.profile, Profile::Busy | Profile::Cancelled);
    let newest = if is_recent {
        0.2
    } else {
        f64::from(dice.between(10, 90)) / 10.0
    };
    let span = 38.0;
    for turn in 0..count {
        let share = f64::from(count - 1 - turn) / f64::from(count);
        let at = started.plus(-DAY * (newest + span * share) + f64::from(dice.between(0, 9_000)));
        all.push(deployed(app, at, turn, count, &mut dice));
        if dice.chance(25) {
            all.push(changed(
                app,
                at.plus(f64::from(dice.between(4_000, 40_000))),
                &mut dice,
            ));
        }
    }
    all.retain(|it| it.at < started.plus(-200.0));
    all
}

fn past(app: &App, at: Moment, seconds: f64, kind: &'static str, owner: Owner) -> Past {
    Past {
        at,
        seconds,
        kind: Kind::Permission(kind),
        target: Target::app(&app.name),
        owner,
        error: None,
        cancel: None,
        deploy: None,
        custom: Value::Null,
    }
}

fn somebody(dice: &mut Dice) -> Owner {
    if dice.chance(40) {
        return Owner::token("ci");
    }
    Owner::user(dice.pick(PEOPLE))
}

fn created(app: &App) -> Past {
    let fields = json!([{ "name": "name", "value": app.name }]);
    Past {
        custom: fields,
        ..past(app, app.created, 1.4, "app.create", Owner::user(&app.owner))
    }
}

/// One of many deploys; the newest and the first of an app go well.
fn deployed(app: &mut App, at: Moment, turn: u32, count: u32, dice: &mut Dice) -> Past {
    let number = app.next_version().max(turn + 1);
    let origin = if app.profile == Profile::Image {
        "image"
    } else {
        dice.pick(&["app-deploy", "app-deploy", "git", "drag-and-drop", ""])
    };
    let seconds = f64::from(dice.between(22_000, 140_000)) / 1_000.0;
    let commit = if origin == "git" {
        dice.hex(40)
    } else {
        String::new()
    };
    let mut told = past(app, at, seconds, "app.deploy", somebody(dice));
    told.deploy = Some(Deploy {
        version: number,
        image: make::image(&app.name, number),
        origin,
        message: dice.pick(words::COMMITS).to_owned(),
        commit,
    });
    if app.profile == Profile::Cancelled && turn + 1 == count {
        told.seconds = 9.6;
        told.error = Some("canceled by user request".to_owned());
        told.cancel = Some("wrong branch".to_owned());
    } else if turn > 0 && turn + 1 < count && dice.chance(18) {
        let cause = dice.pick(CAUSES);
        told.error = Some(format!("\n---- ERROR during deploy: ----\n{cause}\n"));
    } else {
        let mut dice = Dice::new(app.seed, &[0x75, 6, app.ordinal as u64]);
        let processes = app.profile.processes(&mut dice);
        let names: Vec<String> = processes
            .iter()
            .map(|(name, _)| (*name).to_owned())
            .collect();
        app.versions.push(make::version(
            &app.name,
            number,
            &names,
            at.plus(told.seconds),
        ));
    }
    told
}

const CAUSES: &[&str] = &[
    "build failed: exit status 1: ERROR: No matching distribution found for psycopg==9.9",
    "timeout waiting full rollout after 10m0s waiting for units: Pod failed health check",
    "failed to push image: unexpected status 503 Service Unavailable",
];

/// Something small that somebody did.
fn changed(app: &App, at: Moment, dice: &mut Dice) -> Past {
    const KINDS: &[(&str, &str, &str)] = &[
        ("app.update.env.set", "Envs.0.Name", "LOG_LEVEL"),
        ("app.update.restart", "process", "web"),
        ("app.update.unit.add", "units", "1"),
        ("app.update.cname.add", "cname", "www.example.com"),
        ("app.run.shell", "unit", ""),
    ];
    let place = dice.below(u32::try_from(KINDS.len()).unwrap_or(1)) as usize;
    let (kind, name, value) = KINDS[place];
    let seconds = f64::from(dice.between(900, 31_000)) / 1_000.0;
    // An instance of the server that dies leaves what it did without an end.
    let lost = dice.chance(8);
    let error = lost.then(|| "event expired, no update for 5m0s".to_owned());
    Past {
        error,
        custom: json!([{ "name": name, "value": value }]),
        ..past(app, at, seconds, kind, somebody(dice))
    }
}

/// What happened to other things than apps.
fn others(started: Moment) -> Vec<Past> {
    let one = |days: f64, kind, target_kind, value: &str, owner| Past {
        at: started.plus(-DAY * days),
        seconds: 3.2,
        kind,
        target: Target {
            kind: target_kind,
            value: value.to_owned(),
        },
        owner,
        error: None,
        cancel: None,
        deploy: None,
        custom: Value::Null,
    };
    let lead = || Owner::user(PEOPLE[2]);
    vec![
        one(
            61.0,
            Kind::Permission("pool.update"),
            "pool",
            "batch",
            lead(),
        ),
        one(
            3.4,
            Kind::Permission("service-instance.create"),
            "service-instance",
            "redis/cache",
            lead(),
        ),
        Past {
            error: Some("no node has room for the unit".to_owned()),
            ..one(
                1.2,
                Kind::Internal("healer"),
                "node",
                "10.1.0.4",
                Owner::internal(),
            )
        },
    ]
}

fn put(world: &mut World, it: Past) {
    let (start, end) = (it.at, it.at.plus(it.seconds));
    let cancel = it.cancel.map(|reason| Cancel {
        by: PEOPLE[1].to_owned(),
        asked: end.plus(-0.8),
        acknowledged: end,
        reason,
    });
    world.add_event(Event {
        id: world.event_id(start),
        kind: it.kind,
        target: it.target,
        owner: it.owner,
        start,
        end,
        script: Script::Past,
        error: it.error,
        cancelable_until: start,
        cancel,
        locks: true,
        deploy: it.deploy,
        custom: it.custom,
    });
}

/// What an event of the past wrote.
pub(super) fn script(event: &Event) -> Vec<Piece> {
    let mut plan = Plan::of(event.kind.name(), &event.target.value);
    if let Some(deploy) = &event.deploy {
        let source = if deploy.origin == "image" {
            Source::Image(deploy.image.clone())
        } else {
            Source::Build
        };
        let target = make::version(&event.target.value, deploy.version, &[], event.start);
        build_log::write(&mut plan, &target, &source, 24.0);
        if event.error.is_none() {
            plan.say("---- Updating units [web] ----\n").wait(9.0);
            plan.say(" ---> 1 of 1 new units ready\n").wait(1.0);
            plan.say(" ---> Done updating units\n");
        }
    } else {
        plan.say(format!("---- {} ----\n", event.kind.name()))
            .wait(1.0);
    }
    let share = event.end.since(event.start) / plan.length().max(0.1);
    // What was cancelled wrote only what it came to.
    let pace = if event.cancel.is_some() { 1.0 } else { share };
    let written = plan.written().iter().map(|(seconds, text)| Piece {
        at: event.start.plus(seconds * pace),
        text: text.clone(),
    });
    written.filter(|piece| piece.at <= event.end).collect()
}

#[cfg(test)]
mod tests {
    use super::super::testing::world;

    #[test]
    fn a_world_is_a_function_of_its_seed() {
        let told = |seed| {
            let world = world(seed, false);
            let events = world.events.iter();
            let told: Vec<String> = events
                .map(|event| {
                    format!(
                        "{} {} {:?}",
                        event.kind.name(),
                        event.target.value,
                        event.error
                    )
                })
                .collect();
            told
        };
        assert_eq!(told(3), told(3));
        assert_ne!(told(3), told(4));
    }

    #[test]
    fn past_is_over_and_in_order() {
        let world = world(1, false);
        let started = world.clock.started();
        let past: Vec<_> = world
            .events
            .iter()
            .filter(|event| event.end <= started)
            .collect();
        assert!(past.len() > 100);
        assert!(past.is_sorted_by_key(|event| event.start));
        for event in past.iter().filter(|event| event.deploy.is_some()) {
            let pieces = event.pieces();
            assert!(!pieces.is_empty());
            assert!(
                pieces
                    .iter()
                    .all(|piece| piece.at >= event.start && piece.at <= event.end)
            );
        }
    }
}
