//! What a large account costs, and what happens when its budget is spent: the dashboard against a
//! simulator that counts, in real time.
#![cfg(unix)]
#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::disallowed_methods,
    reason = "a test fails by panicking; rates need a clock"
)]

#[expect(
    dead_code,
    reason = "of the terminal's tools, only some are needed here"
)]
#[path = "terminal/kit.rs"]
mod kit;

use std::path::PathBuf;
use std::thread;
use std::time::{Duration, Instant};

use flightdeck::sim::SimOptions;
use kit::{Launch, Sim};
use serde_json::{Value, json};

const PAGES: u64 = 20;
/// Half of 5,000 an hour, in requests a minute.
const SUSTAINED: f64 = 41.7;
/// At the start: the first round, what is selected, and how what failed has ended.
const START: f64 = 80.0;
/// Half of 250 a minute.
const MINUTE: u64 = 125;

/// How many requests of one context may be under way.
const AT_ONCE: u64 = 4;

/// Longer than two rounds of lists, or a wait of a minute, on a busy machine.
const LONG: Duration = Duration::from_secs(150);

fn sim(apps: usize, platforms: Vec<&'static str>) -> Sim {
    Sim::of(SimOptions {
        story: false,
        apps,
        platforms,
        ..SimOptions::default()
    })
}

fn until(what: &str, mut is_so: impl FnMut() -> bool) {
    let start = Instant::now();
    while !is_so() {
        assert!(start.elapsed() < LONG, "waited in vain: {what}");
        thread::sleep(Duration::from_millis(50));
    }
}

fn total(counts: &Value) -> u64 {
    counts["total"].as_u64().unwrap()
}

#[test]
fn a_thousand_apps_are_listed_within_half_of_the_budget() {
    let sim = sim(1_000, vec!["digitalocean"]);
    let start = Instant::now();
    let tty = Launch::on(&sim).start();
    tty.within(LONG, "all apps", |shot| shot.has("Apps 1 000"));
    let counts = sim.requests();
    // One list answers both questions: what apps there are, and how their components do.
    assert_eq!(counts["operations"]["ListApps"], PAGES, "{counts}");
    until("the second round", || sim.count("ListApps") >= 2 * PAGES);
    let counts = sim.requests();
    // The lists leave half of that to what is looked at.
    assert!(
        start.elapsed() > Duration::from_secs(50),
        "too soon: {counts}"
    );
    let minutes = start.elapsed().as_secs_f64() / 60.0;
    let allowed = START + SUSTAINED * minutes;
    let sent = f64::from(u32::try_from(total(&counts)).unwrap());
    assert!(sent <= allowed, "{sent} in {minutes} minutes: {counts}");
    assert!(total(&counts) <= MINUTE, "{counts}");
    tty.sees_no("limit");
    tty.quit();
}

/// What the server of a team may be asked in the first minute: the lists, what is selected, and how
/// what failed has ended.
const TSURU_START: u64 = 60;
/// And in every minute after that.
const TSURU_MINUTE: u64 = 50;
/// What is read only where it is looked at. Nothing but the first view is.
const HIDDEN: &[&str] = &[
    "EnvGet",
    "InstancesList",
    "ServicesList",
    "ServicePlans",
    "AppGetCertificates",
    "AppCertificatesLegacy",
    "ListJob",
    "EventBlocks",
    "EventKinds",
    "PoolList",
    "PlatformList",
    "RouterList",
    "VolumeList",
    "ClusterList",
    "UsersList",
    "TeamTokensList",
    "PermissionList",
    "WebhookList",
];

/// A list of all apps asks every cluster for its pods: two are at least this far apart.
const LIST_APART: u64 = 10;

/// What was asked since `before`, by operation.
fn asked_since(before: &Value, now: &Value) -> Value {
    let all = now["operations"].as_object().unwrap().iter();
    let more = all.map(|(name, count)| {
        let before = before["operations"][name].as_u64().unwrap_or(0);
        (name.clone(), json!(count.as_u64().unwrap() - before))
    });
    more.filter(|(_, count)| *count != json!(0)).collect()
}

#[test]
fn a_thousand_apps_of_a_server_of_ones_own_are_asked_for_gently() {
    const MINUTE: Duration = Duration::from_mins(1);
    let sim = sim(1_000, vec!["tsuru"]);
    let start = Instant::now();
    let tty = Launch::on(&sim).start();
    tty.within(LONG, "all apps", |shot| shot.has("Apps 1 000"));
    assert_eq!(sim.count("AppList"), 1, "one list answers both questions");
    until("a minute", || start.elapsed() >= MINUTE);
    let first = sim.requests();
    until("another", || start.elapsed() >= 2 * MINUTE);
    let second = sim.requests();
    let steady = asked_since(&first, &second);
    println!("first minute: {}", first["operations"]);
    println!("steady minute: {steady}");
    assert!(total(&first) <= TSURU_START, "{first}");
    let sent = total(&second) - total(&first);
    assert!(sent <= TSURU_MINUTE, "{sent}: {steady}");
    let lists = second["operations"]["AppList"].as_u64().unwrap();
    assert!(
        lists <= 1 + start.elapsed().as_secs() / LIST_APART,
        "{lists}"
    );
    assert!(lists >= 3, "nothing is read again: {second}");
    for hidden in HIDDEN {
        assert_eq!(second["operations"][*hidden], Value::Null, "{hidden}");
    }
    tty.quit();
}

/// What a minute asks of a platform, by operation: the first one, and one like any other. The first is
/// cut a little short: lists begin on the minute, and a count amid one would tell nothing.
fn two_minutes(sim: &Sim, start: Instant) -> [Value; 2] {
    const MINUTE: Duration = Duration::from_mins(1);
    const FIRST: Duration = Duration::from_secs(52);
    until("a minute", || start.elapsed() >= FIRST);
    let first = sim.requests();
    until("another", || start.elapsed() >= FIRST + MINUTE);
    let steady = asked_since(&first, &sim.requests());
    [first, steady]
}

fn sum(operations: &Value) -> u64 {
    let counts = operations.as_object().unwrap().values();
    counts.map(|count| count.as_u64().unwrap()).sum()
}

/// The files that are kept between runs, with their sizes.
fn kept(tty: &kit::Terminal) -> Vec<(PathBuf, u64)> {
    let mut folders = vec![tty.home().join("state")];
    let mut all = Vec::new();
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
            let data = entry.metadata().unwrap();
            if data.is_dir() {
                folders.push(entry.path());
            } else {
                all.push((entry.path(), data.len()));
            }
        }
    }
    all.sort();
    all
}

/// A list of managed apps and one of projects: one page, and a further one.
const PANDASTACK_MINUTE: u64 = 6 + 2;
/// At the start also whose token it is, and which of the two interfaces are served.
const PANDASTACK_START: u64 = PANDASTACK_MINUTE + 8;

#[test]
fn a_thousand_managed_apps_are_one_list() {
    let sim = sim(1_000, vec!["pandastack"]);
    let start = Instant::now();
    let tty = Launch::on(&sim).start();
    tty.within(LONG, "all apps", |shot| shot.has("Apps 1 005"));
    // One list answers both questions, and that which interface is served.
    for once in ["ListManagedApps", "ListProjects", "Whoami"] {
        assert_eq!(sim.count(once), 1, "{once}: {}", sim.requests());
    }
    until("what is selected is shown", || {
        start.elapsed() > Duration::from_secs(30)
    });
    let files = kept(&tty);
    assert!(!files.is_empty(), "no deployment is noted");
    let [first, steady] = two_minutes(&sim, start);
    println!("first minute: {first}, steady minute: {steady}");
    assert!(total(&first) <= PANDASTACK_START, "{first}");
    assert!(sum(&steady) <= PANDASTACK_MINUTE, "{steady}");
    assert!(steady["ListManagedApps"].as_u64().unwrap() >= 3, "{steady}");
    for once in ["Whoami", "GetCurrentUser"] {
        assert_eq!(steady[once], Value::Null, "{steady}");
    }
    assert_eq!(sim.changing(), 0);
    assert_eq!(
        kept(&tty),
        files,
        "something is written though nothing changes"
    );
    tty.quit();
}

/// Lists of 100 projects. The account is asked for at the start only.
const PANGEA_PAGES: u64 = 10;
const PANGEA_START: u64 = PANGEA_PAGES + 4;

#[test]
fn a_thousand_projects_are_listed_page_by_page() {
    let sim = sim(1_000, vec!["pangea"]);
    let start = Instant::now();
    let tty = Launch::on(&sim).start();
    tty.within(LONG, "all projects", |shot| shot.has("1 000"));
    assert_eq!(sim.count("ProjectList"), PANGEA_PAGES, "{}", sim.requests());
    let [first, steady] = two_minutes(&sim, start);
    println!("first minute: {first}, steady minute: {steady}");
    assert!(total(&first) <= PANGEA_START, "{first}");
    assert!(sum(&steady) <= PANGEA_PAGES, "{steady}");
    assert_eq!(sim.changing(), 0);
    tty.quit();
}

/// A burst says how long to wait. Nothing is sent until then, and nobody else waits for it.
#[test]
fn a_burst_pauses_its_own_context_only() {
    let sim = sim(24, vec!["divio", "digitalocean"]);
    let tty = Launch::on(&sim).size(160, 50).start();
    tty.sees("Apps 48");
    // From now on one more request is heard; the next says to wait for a minute.
    sim.post("limits", &json!({"hour": 5_000, "minute": 1}));
    let waits = |shot: &kit::Shot| shot.row("digitalocean ▲").is_some_and(counts_down);
    tty.within(LONG, "a countdown", waits);
    let before = sim.requests();
    // The other context is read again, twice.
    sim.until_asked("ListEnvironments", 1);
    sim.until_asked("ListEnvironments", 1);
    let after = sim.requests();
    for of_digitalocean in [
        "ListApps",
        "GetApp",
        "GetHealth",
        "ListDatabases",
        "GetLogs",
    ] {
        let [before, after] = [&before, &after].map(|it| &it["operations"][of_digitalocean]);
        assert_eq!(before, after, "{of_digitalocean}");
    }
    assert!(tty.shot().row("divio ●").is_some());
    tty.quit();
}

/// The hour says nothing but when all of it is there again, which may be long: it is tried again
/// after a minute.
#[test]
fn a_spent_hour_is_tried_again_after_a_minute() {
    let sim = sim(24, vec!["digitalocean"]);
    let tty = Launch::on(&sim).size(160, 50).start();
    tty.sees("Apps 24");
    sim.post("limits", &json!({"hour": 1, "minute": 250}));
    tty.within(LONG, "a countdown", |shot| {
        shot.rows.iter().any(|row| counts_down(row))
    });
    let known = sim.requests();
    let (start, before) = (Instant::now(), total(&known));
    until("a probe", || total(&sim.requests()) > before);
    let waited = start.elapsed();
    // A little of it went by until the countdown was seen.
    assert!(waited > Duration::from_secs(45), "{waited:?}");
    assert!(waited < Duration::from_secs(75), "{waited:?}");
    tty.within(LONG, "a countdown", |shot| {
        shot.rows.iter().any(|row| counts_down(row))
    });
    // Those that wait go together, as many as may be under way at once.
    let probes = total(&sim.requests()) - before;
    assert!(
        probes <= AT_ONCE,
        "{probes} probes: {} after {known}",
        sim.requests()
    );
    tty.quit();
}

fn counts_down(row: &str) -> bool {
    row.contains("429") && row.contains("retry")
}
