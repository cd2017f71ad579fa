//! `update` with a list of 10,000 apps.
//!
//! The aim is 1 ms for what a key does: it is answered before the next frame.
#![expect(
    clippy::expect_used,
    clippy::wildcard_enum_match_arm,
    reason = "a bench that cannot be set up ends"
)]

use std::collections::HashMap;
use std::time::Duration;

use divan::Bencher;
use flightdeck::app::contexts::{ClassRules, Context};
use flightdeck::app::keys::KeyPress;
use flightdeck::app::{Effect, Message, Outcome, Size, State, update};
use flightdeck::model::{
    App, AppId, Capability, ContextId, EnvId, Environment, Fetch, LogDelivery, LogHistory, Page,
    Payload, PollHints, Profile, Query, RatePolicy, Report, Status, Support, Text, Vocabulary,
};
use jiff::Timestamp;
use jiff::tz::TimeZone;

const APPS: usize = 10_000;

static PLATFORM: Profile = Profile {
    name: "bench",
    title: "Bench",
    vocabulary: Vocabulary {
        app: ("app", "apps"),
        environment: ("environment", "environments"),
        deployment: ("deployment", "deployments"),
        backup: ("backup", "backups"),
        organisation: ("team", "teams"),
    },
    rate: RatePolicy {
        per_minute: 60,
        burst: 10,
        concurrent: 4,
        lists_per_minute: 100,
    },
    poll: PollHints {
        apps: Duration::from_mins(5),
        environments: Duration::from_secs(15),
        selected: None,
        changing: Duration::from_secs(5),
        running: Duration::from_secs(3),
        history: Duration::from_secs(30),
        backup_running: Duration::from_secs(2),
        slow: Duration::from_mins(1),
    },
    history: 100,
    changes_variables_together: false,
    restores_beside: false,
    previews: &[],
    specials: &[],
    others: &[],
    creation: flightdeck::model::Creation::PLAIN,
    settings: &[],
    client: None,
    deployments_note: None,
    deploys_environments: true,
    deployment_log: LogDelivery::Stream,
    runtime_log: LogDelivery::Stream,
    runtime_history: LogHistory::ByTime,
    base_url: "https://example.com",
    token_variables: &[],
};

fn main() {
    divan::main();
}

fn id(n: usize) -> String {
    format!("nxldpjkvbzggzh6xzvkq{n:06}")
}

fn environments(failed: usize) -> Payload {
    let list = (0..APPS).map(|n| {
        let name = Text::clean("live");
        let mut env = Environment::new(EnvId::new(format!("e{}", id(n))), AppId::new(id(n)), name);
        env.status = if n == failed {
            Status::Failed
        } else {
            Status::Live
        };
        env.reason = Text::non_empty("serving");
        env
    });
    Payload::Environments(Page::whole(list.collect()))
}

fn apps() -> Payload {
    let list = (0..APPS).map(|n| App::new(AppId::new(id(n)), Text::clean(&format!("app-{n}"))));
    Payload::Apps(Page::whole(list.collect()))
}

fn answer(state: &mut State, asked: &Outcome, query: &Query, payload: Payload) -> Outcome {
    update(state, Message::Report(report(state, asked, query, payload)))
}

fn report(state: &State, asked: &Outcome, query: &Query, payload: Payload) -> Report {
    let fetch: &Fetch = asked
        .effects
        .iter()
        .find_map(|effect| match effect {
            Effect::Fetch(fetch) if fetch.key.query == *query => Some(fetch),
            _ => None,
        })
        .expect("it is asked for");
    Report {
        key: fetch.key.clone(),
        ticket: fetch.ticket,
        at: state.now,
        result: Ok(payload),
        more: false,
        budget: None,
        retry_at: None,
    }
}

fn loaded() -> State {
    let support: HashMap<_, _> = Capability::ALL.iter().map(|c| (*c, Support::Yes)).collect();
    let context = Context::new(ContextId(0), Text::clean("bench"), &PLATFORM, support);
    let now = Timestamp::from_second(1_700_000_040).expect("a time");
    let mut state = State::new(vec![context], ClassRules::default(), now, TimeZone::UTC);
    let asked = update(&mut state, Message::Resized(Size::new(120, 40)));
    answer(&mut state, &asked, &Query::Apps, apps());
    answer(&mut state, &asked, &Query::AllEnvironments, environments(0));
    state
}

/// A state that has just asked for all environments again, and the answer.
fn polled(failed: usize) -> (State, Message) {
    let mut state = loaded();
    state.now = state
        .now
        .saturating_add(Duration::from_mins(2))
        .expect("a time");
    let asked = update(&mut state, Message::Clock);
    let query = Query::AllEnvironments;
    // Once, so that its age does not change with the answer that is measured.
    answer(&mut state, &asked, &query, environments(0));
    state.now = state
        .now
        .saturating_add(Duration::from_mins(1))
        .expect("a time");
    let asked = update(&mut state, Message::Clock);
    let report = report(&state, &asked, &query, environments(failed));
    (state, Message::Report(report))
}

#[divan::bench]
fn equal_poll_of_10_000(bencher: Bencher<'_, '_>) {
    bencher
        .with_inputs(|| polled(0))
        .bench_local_values(|(mut state, message)| {
            let outcome = update(&mut state, message);
            (state, outcome)
        });
}

#[divan::bench]
fn changed_poll_of_10_000(bencher: Bencher<'_, '_>) {
    bencher
        .with_inputs(|| polled(APPS / 2))
        .bench_local_values(|(mut state, message)| {
            let outcome = update(&mut state, message);
            (state, outcome)
        });
}

fn key(bencher: Bencher<'_, '_>, name: &str) {
    let mut state = loaded();
    let press = KeyPress::from_name(name).expect("a key");
    bencher.bench_local(|| {
        let message = Message::Key {
            press,
            repeat: false,
        };
        update(&mut state, message)
    });
}

#[divan::bench]
fn key_down_in_10_000(bencher: Bencher<'_, '_>) {
    key(bencher, "j");
}

#[divan::bench]
fn key_tab_in_10_000(bencher: Bencher<'_, '_>) {
    key(bencher, "tab");
}

/// Two keys: a letter that every name has, and its removal.
#[divan::bench]
fn palette_letter_and_backspace_in_10_000(bencher: Bencher<'_, '_>) {
    let mut state = loaded();
    let mut press = |name: &str| {
        let press = KeyPress::from_name(name).expect("a key");
        let message = Message::Key {
            press,
            repeat: false,
        };
        update(&mut state, message)
    };
    press(":");
    press("a");
    bencher.bench_local(|| {
        press("p");
        press("backspace")
    });
}
