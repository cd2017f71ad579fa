//! `DigitalOcean`: an app is one document with all its values, databases come with their passwords,
//! and logs and consoles are behind addresses that work for whoever has them.

use flightdeck::platforms::digitalocean;
use reqwest::Method;
use serde_json::{Value, json};

use crate::session::{NEW, SENSITIVE, Session, Site, VALUE, in_all_forms, text};

const OCEAN: Site = Site {
    name: "digitalocean",
    scheme: "Bearer",
    root: "/v2/",
    connect: digitalocean::connect,
    refusal: |said| json!({"id": said, "message": said, "request_id": said}),
    canaries: &[
        // Of databases.
        "sim-db-password",
        // Of streams, consoles and archives.
        "token=",
        "X-Amz-Signature",
        "_stream/",
        "_console/",
        "_archive/",
        // What only the platform can read is of no use to anybody.
        "EV[1:",
    ],
};

/// An error of a platform that says too much, with what no list of secrets could name.
const INDISCREET: &str = "postgresql://doadmin:sim-db-password-x@db.example.com:25060/db?ssl=on \
    refused wss://logs.example.com/live/?token=0011&x=1 and \
    \"https://files.example.com/kept/a.log?X-Amz-Expires=900&X-Amz-Signature=0011\"";

const LISTS: &[&str] = &[
    "get contexts",
    "get orgs",
    "get apps",
    "get envs",
    "get deployments APP/web",
    "get backups APP/db",
    "get vars APP/web",
    "get vars APP/db",
    "get domains APP/web",
    "get services APP/web",
    "get activity APP",
    "get metrics APP/web",
    "get units APP/web",
    "get alerts APP",
    "get jobs APP/nightly",
    "get runs APP/nightly",
];

/// What leads to addresses of logs.
const LOGS: &[&str] = &[
    "logs APP/web",
    "logs APP/web -o json",
    "logs APP/web --previous",
    "logs APP/web --deployment DEPLOYMENT",
    "logs APP/nightly --run RUN",
    "logs feeds/web --event EVENT",
];

/// What sends the document of the app, with all that it holds.
const CHANGES: &[&str] = &[
    "do set-var APP/web --name CANARY --value-from-env CANARY --sensitive --wait",
    "do set-var APP/web --name CANARY_OPEN --value-from-env CANARY --wait",
    "vars import APP/web FILE --yes --wait",
    "do scale APP/web --units 3 --wait",
];

/// Commands without a choice of form.
const OTHERS: &[&str] = &[
    "vars import APP/web FILE",
    "do restart APP/web --wait",
    "do rollback APP --wait",
    "do rollback APP --wait --yes",
    "do undo-rollback APP --wait --yes",
    "console APP/web --yes",
    "audit",
    "audit -o json --verify",
    "incident --since 2h",
    "get vars APP/nowhere",
    "logs APP/nowhere",
    "config check",
];

/// What is typed into the dashboard, and what is then on the screen.
const KEYS: &[(&str, &str)] = &[
    ("/storefront\r", "storefront"),
    ("\r", "┏ Components"),
    ("l", "┏ Logs"),
    ("\u{1b}", "┏ Apps"),
    ("5", "┏ Variables"),
    ("4", "┏ All backups"),
    ("6", "┏ Activity"),
    ("T", "┏ Operations"),
    ("1", "┏ Apps"),
];

/// A world with variables of both sorts, and names for what the commands are about.
fn session() -> Session {
    let mut session = Session::new(&OCEAN);
    let apps = session.api(Method::GET, "apps?per_page=200", &Value::Null);
    let named = |name: &str| {
        let mut all = apps["apps"].as_array().unwrap().iter();
        all.find(|app| app["spec"]["name"] == name).unwrap().clone()
    };
    let (app, feeds) = (named("storefront"), named("feeds"));
    let path = format!("apps/{}", text(&app["id"]));
    let mut spec = app["spec"].clone();
    let add = |envs: &mut Value, key: &str, value: &str, kind: &str| {
        let new = json!({"key": key, "value": value, "type": kind});
        envs.as_array_mut().unwrap().push(new);
    };
    add(&mut spec["envs"], "SHARED", VALUE, "GENERAL");
    add(&mut spec["services"][0]["envs"], "OPEN", VALUE, "GENERAL");
    add(
        &mut spec["services"][0]["envs"],
        "HIDDEN",
        SENSITIVE,
        "SECRET",
    );
    session.api(Method::PUT, &path, &json!({ "spec": spec }));
    let log = json!({"environment": "storefront/web", "lines": ["one", "two"]});
    session.control(Method::POST, "log", &log);

    let first = |list: &str, of: &str| {
        let answer = session.api(Method::GET, list, &Value::Null);
        text(&answer[of][0]["id"])
    };
    let deployments = format!("{path}/deployments");
    let runs = format!("{path}/job-invocations");
    let events = format!("apps/{}/events?event_types=AUTOSCALING", text(&feeds["id"]));
    let file = session.config("new.env", &format!("IMPORTED='{NEW}'\n"));
    session.names = vec![
        ("APP", "storefront".to_owned()),
        ("DEPLOYMENT", first(&deployments, "deployments")),
        ("RUN", first(&runs, "job_invocations")),
        ("EVENT", first(&events, "events")),
        ("FILE", file.to_str().unwrap().to_owned()),
    ];
    session
}

#[test]
fn no_command_shows_or_keeps_a_secret() {
    let session = session();
    let config = session.good_config();
    // The value is there, for who asks; the other nobody gets.
    let asked = session.stdout(&config, "get vars APP/web -o json --reveal");
    assert!(asked.contains(VALUE), "{asked}");
    assert!(
        asked.contains("HIDDEN") && !asked.contains("EV["),
        "{asked}"
    );
    session.check_all(&config, "", &in_all_forms(LISTS));
    for command in [LOGS, CHANGES, OTHERS].concat() {
        session.check_output(command, &session.run(&config, command));
    }
    session.check_done(
        &config,
        &["set-var", "scale", "restart", "rollback", "undo-rollback"],
    );
    let kept = session.check_files();
    assert!(kept > 10_000, "a log was written, of {kept} bytes");
}

#[test]
fn no_failure_shows_or_keeps_a_secret() {
    let session = session();
    let config = session.good_config();
    for status in [400, 401, 403, 404, 409, 422] {
        session.echo(&["GET", "POST", "PUT"], status, "nothing");
        let commands = [LISTS, LOGS, CHANGES, OTHERS].concat();
        session.check_all(&config, &status.to_string(), &commands);
    }
    // Everything can be read, and what is sent comes back.
    for status in [400, 409, 422, 500] {
        for (value, commands) in [(VALUE, CHANGES), (NEW, &CHANGES[..3])] {
            session.echo(&["POST", "PUT"], status, value);
            for command in commands.iter().chain(&["audit", "incident --since 2h"]) {
                let output = session.run(&config, command);
                session.check_output(&format!("{command} ({status})"), &output);
            }
        }
    }
    session.check_files();
}

/// Addresses in errors, of every request that leads to or follows one.
#[test]
fn no_failure_repeats_an_address() {
    let session = session();
    let config = session.good_config();
    let body = json!({"id": "server_error", "message": INDISCREET}).to_string();
    let page = format!("<html><body>{INDISCREET}</body></html>");
    let commands = [
        LOGS,
        &[
            "get services APP/web",
            "get backups APP/db",
            "console APP/web",
        ],
    ]
    .concat();
    let asks = [
        "GetLogs",
        "GetExec",
        "GetDatabase",
        "ListDatabases",
        "GetApp",
    ];
    let follows = ["FollowLog", "ReadLog", "DownloadArchive"];
    for (status, body) in [(400, &body), (403, &body), (500, &body), (500, &page)] {
        for operations in [&asks[..], &follows[..]] {
            let fault = |of: &&str| json!({"operation": of, "status": status, "body": body});
            session.fault(&operations.iter().map(fault).collect());
            session.check_all(&config, &status.to_string(), &commands);
        }
    }
    for effect in [
        json!({"malformed": true}),
        json!({"truncate": true}),
        json!({"cut": "after_headers"}),
        json!({"cut_at": 40}),
        json!({"close": 1011}),
        json!({"close": 1006, "close_after": 2}),
    ] {
        let fault = |of: &&str| {
            let mut fault = effect.clone();
            fault["operation"] = json!(of);
            fault
        };
        let all = asks[..2].iter().chain(&follows);
        session.fault(&all.map(fault).collect());
        session.check_all(&config, &effect.to_string(), LOGS);
    }
    let kept = session.check_files();
    assert!(kept > 10_000, "a log was written, of {kept} bytes");
}

/// A log that is followed while its stream is cut, so that it is asked for again.
#[test]
fn a_stream_that_is_cut_shows_no_address() {
    let session = session();
    let config = session.good_config();
    session.check_cut_log(&config, "FollowLog", 2);
}

#[test]
fn a_console_shows_no_address() {
    let session = session();
    let config = session.good_config();
    let launch = session.launch(&config);
    let launch = ["console", "storefront/web", "--yes"]
        .iter()
        .fold(launch, |launch, word| launch.with(word));
    let mut tty = launch.start();
    tty.sees("$");
    tty.types("echo hello\r");
    tty.sees("hello");
    tty.types("\r~.");
    tty.end();
    session.check("the console", &tty.raw());
    assert!(session.check_files() > 1_000);
}

#[test]
fn the_dashboard_shows_no_secret() {
    let session = session();
    let refuse = || {
        session.control(Method::POST, "cut", &Value::Null);
        session.echo(&["GET", "POST"], 401, VALUE);
    };
    session.check_dashboard(KEYS, refuse, &["oken", "credential"]);
}
