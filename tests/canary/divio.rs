//! Divio.

use std::fmt::Write as _;
use std::sync::Arc;

use flightdeck::engine::{Terms, read_all, run_operation};
use flightdeck::model::{
    AppId, BackupId, Consent, ContextId, EnvId, Follow, Operation, OperationEvent, OperationKind,
    Query, Secret, Stage, Target, Text, VariableId,
};
use flightdeck::platforms::divio;
use reqwest::Method;
use serde_json::{Value, json};

use crate::nobody;
use crate::session::{
    Log, NEW, PASSWORD, QUERY, SENSITIVE, Session, Site, USER, VALUE, clock, in_all_forms, text,
};

const DIVIO: Site = Site {
    name: "divio",
    scheme: "Token",
    root: "/apps/v3/",
    connect: divio::connect,
    refusal: |said| json!({"detail": said, "value": [said]}),
    // What makes a link to a file work.
    canaries: &["signature=sim"],
};

/// Commands; `APP` is an app that has both environments.
const COMMANDS: &[&str] = &[
    "get contexts",
    "get orgs",
    "get apps",
    "get envs",
    "get deployments APP/live",
    "get backups APP/live",
    "get vars APP/live",
    "get domains APP/live",
    "get services APP/live",
    "get activity APP",
    "get metrics APP/live",
];

/// Commands without a choice of form.
const OTHERS: &[&str] = &[
    "logs APP/live",
    "logs APP/test --deployment latest",
    "do deploy APP/test",
    "do backup APP/test --wait",
    "do set-var APP/test --name CANARY --value-from-env CANARY --sensitive --wait",
    "do set-var APP/live --name CANARY --value-from-env CANARY",
    "vars import APP/test nowhere.env",
    "download APP/nowhere",
    "audit",
    "audit -o json --verify",
    "incident --since 2h",
    "get vars APP/nowhere",
    "get apps --context nowhere",
    "config check",
    "config path",
    "config show-default",
];

/// What is typed into the dashboard, and what is then on the screen.
const KEYS: &[(&str, &str)] = &[
    ("\r", "┏ Environments"),
    ("l", "┏ Logs"),
    ("b", "┏ Backups"),
    ("\u{1b}", "┏ Apps"),
    ("5", "┏ Variables"),
    ("4", "┏ All backups"),
    ("6", "┏ Activity"),
    ("T", "┏ Operations"),
    ("1", "┏ Apps"),
];

/// The app that the commands are about.
struct Docs {
    app: String,
    environment: String,
}

impl Docs {
    fn operation(&self, kind: OperationKind) -> Operation {
        Operation {
            target: Target {
                context: ContextId(0),
                app: Some(AppId::new(&self.app)),
                environment: Some(EnvId::new(&self.environment)),
                title: Text::clean("docs/live"),
                class: None,
            },
            kind,
        }
    }
}

/// A world with variables of both sorts.
fn session() -> (Session, Docs) {
    let mut session = Session::new(&DIVIO);
    session.names = vec![("APP", "docs".to_owned())];
    let app = session.api(Method::GET, "applications/?slug=docs", &Value::Null);
    let app = text(&app["results"][0]["uuid"]);
    let list = format!("environments/?application={app}&slug=live");
    let live = session.api(Method::GET, &list, &Value::Null);
    let environment = text(&live["results"][0]["uuid"]);
    for (name, value, is_sensitive) in [("OPEN", VALUE, false), ("HIDDEN", SENSITIVE, true)] {
        let body = json!({
            "environment": environment,
            "name": name,
            "value": value,
            "is_sensitive": is_sensitive,
        });
        session.api(Method::POST, "environment-variables/", &body);
    }
    (session, Docs { app, environment })
}

#[test]
fn no_command_shows_or_keeps_a_secret() {
    let (session, _) = session();
    let config = session.good_config();
    // The value is there, for who asks.
    let asked = session.run(&config, "get vars APP/live -o json --reveal");
    assert!(String::from_utf8_lossy(&asked.stdout).contains(VALUE));

    let mut all = in_all_forms(COMMANDS);
    all.extend(OTHERS.iter().map(ToString::to_string));
    for command in &all {
        session.check_output(command, &session.run(&config, command));
    }
    for status in [400, 401, 403, 409] {
        session.echo(&["GET", "POST"], status, "nothing");
        for command in all.iter().filter(|command| !command.contains("-o wide")) {
            let output = session.run(&config, command);
            session.check_output(&format!("{command} ({status})"), &output);
        }
    }
    let kept = session.check_files();
    assert!(kept > 10_000, "a log was written, of {kept} bytes");
}

#[test]
fn an_address_with_secrets_is_not_repeated() {
    let (session, _) = session();
    let good = session.simulator.config_toml();
    let odd = good.replace(
        "base_url = \"http://",
        &format!("base_url = \"http://{USER}:{PASSWORD}@"),
    );
    let address = &session.simulator.platforms()[0].base_url;
    let query = good.replace(address, &format!("{address}/?key={QUERY}"));
    for (name, text) in [("user.toml", odd), ("query.toml", query)] {
        let config = session.config(name, &text);
        for command in ["config check", "get apps", "get contexts -o json"] {
            let output = session.run(&config, command);
            session.check_output(&format!("{command}, {name}"), &output);
        }
    }
    session.check_files();
}

#[test]
fn the_dashboard_shows_no_secret() {
    let (session, _) = session();
    let refuse = || session.echo(&["GET", "POST"], 401, "nothing");
    session.check_dashboard(KEYS, refuse, &["oken", "credential"]);
}

/// Operations that carry a secret, at a platform that repeats it, and links that work without a
/// token: nothing that the engine says has either.
#[test]
fn no_event_of_an_operation_has_a_secret() {
    let (session, docs) = session();
    let log = Log::default();
    let writer = log.clone();
    let subscriber = tracing_subscriber::fmt()
        .with_max_level(tracing::Level::TRACE)
        .with_writer(move || writer.clone())
        .finish();
    let backups = format!("backups/?environment={}", docs.environment);
    let backups = session.api(Method::GET, &backups, &Value::Null);
    let done = |item: &&Value| item["state"] == "COMPLETED" && item["success"] == "SUCCESS";
    let backup = backups["results"].as_array().unwrap().iter().find(done);
    let backup = BackupId::new(text(&backup.unwrap()["uuid"]));
    let set = |id: Option<&str>| OperationKind::SetVariable {
        id: id.map(VariableId::new),
        name: "NEW".into(),
        value: Secret::new(NEW),
        is_sensitive: false,
    };
    let current = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    let (mut said, mut link) = (String::new(), None);
    let carry_out = |kind| {
        let operation = docs.operation(kind);
        let mut events = format!("{operation:?}");
        let mut stages = Vec::new();
        let mut follow = None;
        let mut note = |event: &OperationEvent| {
            let _written = write!(events, "{event:?}");
            stages.push(event.stage.clone());
            follow = event.follow.clone().or(follow.take());
        };
        let platform = session.platform();
        let terms = Terms::new(Consent::default(), Arc::new(nobody::Nobody));
        let run = run_operation(platform, operation, terms, clock, true, &mut note);
        current.block_on(run);
        for stage in &stages {
            if let Stage::Refused(failure) = stage {
                let _written = write!(events, "{failure} {}", failure.advice());
            }
        }
        (events, follow)
    };
    tracing::subscriber::with_default(subscriber, || {
        let (events, follow) = carry_out(OperationKind::PrepareDownload { backup });
        said += &events;
        let Some(Follow::Download(id)) = follow else {
            panic!("it is followed: {events}");
        };
        let platform = session.platform();
        let query = Query::Download(id);
        let read = read_all(platform.as_ref(), &query, clock);
        link = Some(format!("{:?}", current.block_on(read).unwrap()));
        for status in [400, 403, 409, 422] {
            session.echo(&["POST", "PATCH"], status, NEW);
            said += &carry_out(set(None)).0;
            said += &carry_out(set(Some("v"))).0;
        }
        session.fault(&json!([]));
        said += &carry_out(set(None)).0;
    });
    assert!(said.contains("*** and *** are bad"), "{said}");
    let link = link.unwrap();
    assert!(link.contains("link: Some(***)"), "{link}");
    session.check("events", said.as_bytes());
    session.check("a download", link.as_bytes());
    let log = log.read();
    assert!(log.len() > 1_000, "it was logged");
    session.check("the log", &log);
}
