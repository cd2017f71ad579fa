//! What is on the disk when flightdeck is killed, and what the next run makes of it: the real
//! binary against the simulator in this process.
#![cfg(unix)]
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::disallowed_methods,
    reason = "a test fails by panicking; a wait for a process needs a clock"
)]

#[expect(dead_code, reason = "shared with other tests")]
mod support;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Child, Stdio};
use std::sync::Arc;
use std::thread;
use std::time::{Duration, Instant};

use flightdeck::config::{self, Environment, Origin};
use flightdeck::engine::run_operation;
use flightdeck::model::{
    AppId, Consent, ContextId, EnvId, Failure, Operation, OperationKind, Secret, Stage, Target,
    Text,
};
use flightdeck::shell::{self, Ledger};
use flightdeck::store::audit::Hidden;
use serde_json::Value;
use support::{World, has, json_of};
use wiremock::matchers::method;
use wiremock::{Mock, MockServer, ResponseTemplate};

/// Longest a test waits for something that has to happen.
const PATIENCE: Duration = Duration::from_secs(30);

/// Between two looks.
const GLANCE: Duration = Duration::from_millis(25);

/// The deployment is made, and its answer never ends.
const ACTS_AND_HANGS: &str =
    r#"[{ "operation": "CreateDeployment", "drip_ms": 600000, "times": 1 }]"#;

/// The request arrives, and nothing comes of it.
const HANGS: &str = r#"[{ "operation": "CreateDeployment", "hang": true, "times": 1 }]"#;

fn until(what: &str, mut is_so: impl FnMut() -> bool) {
    let begun = Instant::now();
    while !is_so() {
        assert!(begun.elapsed() < PATIENCE, "waited in vain: {what}");
        thread::sleep(GLANCE);
    }
}

fn audit_dir(world: &World) -> PathBuf {
    PathBuf::from(world.path("state/audit"))
}

fn audit(world: &World, more: &[&str]) -> Value {
    let arguments = [&["audit", "-o", "json"], more].concat();
    json_of(&world.run(&arguments).success())
}

fn outcomes(world: &World) -> Vec<String> {
    let document = audit(world, &[]);
    let items = document["items"].as_array().unwrap().iter();
    items
        .map(|item| item["outcome"].as_str().unwrap().to_owned())
        .collect()
}

fn begin(world: &World, arguments: &[&str]) -> Child {
    let mut command = world.std_command(arguments);
    command.stdout(Stdio::null()).stderr(Stdio::null());
    command.spawn().unwrap()
}

fn deployments(world: &World, target: &str) -> usize {
    let list = world.run(&["get", "deployments", target, "-o", "json"]);
    json_of(&list.success())["items"].as_array().unwrap().len()
}

/// Deploys, and is killed between the intent and the answer.
fn killed_while_deploying(world: &World, target: &str, happens: bool) {
    let before = deployments(world, target);
    let mut child = begin(world, &["do", "deploy", target]);
    until("the deployment is sent", || {
        world.requests("CreateDeployment") == 1
    });
    if happens {
        until("it is made", || deployments(world, target) == before + 1);
    }
    assert_eq!(outcomes(world), ["running"]);
    // SIGKILL: nothing is tidied up.
    child.kill().unwrap();
    child.wait().unwrap();
    assert_eq!(outcomes(world), ["open"]);
}

// ── Killed between the intent and the answer ────────────────────────────────────────────────────

#[test]
fn what_happened_is_found_by_the_next_run() {
    let world = World::with_faults(ACTS_AND_HANGS);
    let target = world.target("test");
    killed_while_deploying(&world, &target, true);
    let document = audit(&world, &["--resolve"]);
    let item = &document["items"][0];
    assert_eq!(item["outcome"], "done", "{item:#}");
    assert_eq!(item["follow"]["kind"], "deployment");
    assert_ne!(item["resolved_by"], item["run"]);
    assert_eq!(document["chain"]["ok"], true);
    assert_eq!(world.requests("CreateDeployment"), 1);
    // That is the end of it.
    let again = world.run(&["audit", "--resolve"]).success();
    again.stderr("");
}

/// What creates an app on the platforms that are told how by themselves, and what reading tells where
/// it was not made: on Pangea nothing, because any answer may come later there.
const CREATIONS: [(&str, &str, &str, &[&str]); 2] = [
    (
        "pandastack",
        "DeployManagedApp",
        "refused",
        &["do", "create-app", "pandastack:", "--name", "umami"],
    ),
    (
        "pangea",
        "ProjectCreate",
        "unresolved",
        &[
            "do",
            "create-app",
            "pangea:",
            "--name",
            "ours",
            "--geo",
            "us",
        ],
    ),
];

/// The same where a whole app is made: what was there before is in the audit.
#[test]
fn an_app_that_was_made_or_not_is_found_by_the_next_run() {
    for (platform, request, absent, arguments) in CREATIONS {
        for (effect, outcome) in [("hang_after", "done"), ("hang", absent)] {
            let world = World::on(platform);
            let fault = format!(r#"{{ "operation": "{request}", "{effect}": true, "times": 1 }}"#);
            world.control("POST", "/_sim/faults", &fault);
            let mut child = begin(&world, arguments);
            until("it is sent", || world.requests(request) == 1);
            let acted = || world.control("GET", "/_sim/requests", "")["acted"][request].clone();
            until("it is made", || effect == "hang" || acted() == 1);
            child.kill().unwrap();
            child.wait().unwrap();
            assert_eq!(outcomes(&world), ["open"]);
            let resolving = world.run(&["audit", "-o", "json", "--resolve"]);
            let document = json_of(&resolving.code(i32::from(outcome == "unresolved")));
            let item = &document["items"][0];
            assert_eq!(item["outcome"], outcome, "{platform} {effect}: {item:#}");
            assert_eq!(document["chain"]["ok"], true);
            assert_eq!(world.requests(request), 1);
        }
    }
}

#[test]
fn what_did_not_happen_is_found_and_not_sent_again() {
    let world = World::with_faults(HANGS);
    let target = world.target("test");
    killed_while_deploying(&world, &target, false);
    let said = world.run(&["audit", "--resolve"]).success();
    said.stderr(has("had no recorded end: looking what became of it"))
        .stderr(has("it did not happen"))
        .stdout(has("refused"));
    assert_eq!(outcomes(&world), ["refused"]);
    assert_eq!(world.requests("CreateDeployment"), 1);
}

#[test]
fn the_next_operation_first_says_what_became_of_the_last() {
    let world = World::with_faults(HANGS);
    let target = world.target("test");
    killed_while_deploying(&world, &target, false);
    let next = world.run(&["do", "backup", &target, "--wait"]);
    next.success()
        .stderr(has(&format!("deploy divio:{target} of ")))
        .stderr(has("it did not happen"));
    assert_eq!(outcomes(&world), ["refused", "done"]);
    assert_eq!(world.requests("CreateDeployment"), 1);
}

#[test]
fn what_was_taken_and_not_waited_for_is_no_open_end() {
    let world = World::slow();
    let target = world.target("test");
    world.run(&["do", "deploy", &target]).success();
    assert_eq!(outcomes(&world), ["accepted"]);
    world.run(&["audit", "--resolve"]).success().stderr("");
}

#[test]
fn a_run_killed_while_it_follows_is_followed_by_the_next() {
    let world = World::slow();
    let target = world.target("test");
    let mut child = begin(&world, &["do", "backup", &target, "--wait"]);
    let is_followed = || {
        let document = audit(&world, &[]);
        document["items"][0]["follow"]["kind"] == "backup"
    };
    until("it is taken", is_followed);
    child.kill().unwrap();
    child.wait().unwrap();
    assert_eq!(outcomes(&world), ["open"]);
    let next = world.run(&["audit", "--resolve"]).success();
    next.stdout(has("done")).stderr(has(": done"));
    assert_eq!(world.changes(), 1);
}

#[test]
fn a_context_that_is_gone_is_listed_until_it_is_given_up() {
    let world = World::with_faults(HANGS);
    let target = world.target("test");
    killed_while_deploying(&world, &target, false);
    let other = world.config(&world.context("other", &format!("\"{}\"", world.token())));
    let with = |arguments: &[&str]| {
        let config = ["--config", other.as_str()];
        world.run(&[arguments, &config].concat())
    };
    let next = with(&["do", "backup", &target, "--wait"]).success();
    next.stderr(has("1 more without a recorded end: see flightdeck audit"));
    assert_eq!(outcomes(&world), ["open", "done"]);
    let given_up = with(&["audit", "--resolve"]).success();
    given_up.stderr(has("1 cannot be looked for: noted as unresolved"));
    assert_eq!(outcomes(&world), ["unresolved", "done"]);
}

// ── Writing ─────────────────────────────────────────────────────────────────────────────────────

#[test]
fn what_cannot_be_written_down_is_not_sent() {
    let world = World::still();
    fs::write(world.path("state"), "no folder").unwrap();
    let target = world.target("test");
    let refused = world.run(&["do", "deploy", &target]).code(1);
    refused
        .stderr(has("not done: the audit "))
        .stderr(has(&world.path("state")))
        .stderr(has("set FLIGHTDECK_STATE_DIR"));
    assert_eq!(world.changes(), 0);
}

#[test]
fn several_processes_write_one_chain() {
    let world = World::still();
    let target = world.target("test");
    let backups = (0..6).map(|_| begin(&world, &["do", "backup", &target]));
    let backups: Vec<_> = backups.collect();
    for mut child in backups {
        child.wait().unwrap();
    }
    let document = audit(&world, &[]);
    assert_eq!(document["items"].as_array().unwrap().len(), 6);
    assert_eq!(document["chain"]["ok"], true, "{document:#}");
    assert!(document["chain"]["lines"].as_u64().unwrap() >= 12);
    assert_eq!(
        outcomes(&world).iter().filter(|it| *it == "open").count(),
        0
    );
}

#[test]
fn the_demo_writes_nothing() {
    let world = World::still();
    let app = json_of(
        &world
            .run(&["--demo", "get", "envs", "-o", "json"])
            .success(),
    );
    let items = app["items"].as_array().unwrap().iter();
    let quiet = |item: &&Value| item["class"] != "PROD" && item["running_deployment"].is_null();
    let item = items.clone().find(quiet).unwrap();
    let text = |key: &str| item[key].as_str().unwrap().to_owned();
    let target = format!("{}:{}/{}", text("context"), text("app"), text("name"));
    let done = world.run(&["--demo", "do", "backup", &target, "--yes"]);
    done.success();
    assert!(!audit_dir(&world).exists());
    world
        .run(&["--demo", "audit"])
        .code(2)
        .stderr(has("in memory"));
}

// ── Reading ─────────────────────────────────────────────────────────────────────────────────────

#[test]
fn the_audit_lists_what_was_done() {
    let world = World::still();
    let target = world.target("live");
    let notes = "before the migration";
    let arguments = ["do", "backup", &target, "--yes", "--wait", "--notes", notes];
    world.run(&arguments).success();
    let document = audit(&world, &[]);
    assert_eq!(document["schema"], "flightdeck/1");
    assert_eq!(document["kind"], "audit");
    let item = &document["items"][0];
    assert_eq!(item["operation"], "backup");
    assert_eq!(item["inputs"]["notes"], notes);
    assert_eq!(item["target"], target);
    assert_eq!(item["class"], "PROD");
    assert_eq!(item["context"], "divio");
    assert_eq!(item["tier"], 2);
    assert_eq!(item["confirmed"], "--yes");
    assert_eq!(item["safety"], "once");
    assert!(
        item["base"]
            .as_str()
            .unwrap()
            .starts_with("http://127.0.0.1:")
    );
    assert!(item["ended_at"].is_string());

    let table = world.run(&["audit", "--since", "1h"]).success().stderr("");
    let text = String::from_utf8(table.get_output().stdout.clone()).unwrap();
    assert_eq!(text.lines().count(), 2, "{text}");
    for word in [target.as_str(), "backup notes=before the migration", "done"] {
        assert!(text.contains(word), "{text}");
    }
    // A run that left nothing open leaves no trace of having run.
    let runs = fs::read_dir(audit_dir(&world).join("runs")).unwrap();
    assert_eq!(runs.count(), 0);
    let verified = world.run(&["audit", "--verify"]).success();
    verified.stdout(has("the chain holds: 3 lines in 1 file in "));
}

#[test]
fn a_change_of_the_record_is_told() {
    let world = World::still();
    let target = world.target("test");
    world.run(&["do", "backup", &target, "--wait"]).success();
    let file = audit_dir(&world).join("audit.jsonl");
    let text = fs::read_to_string(&file).unwrap();
    let changed = text.replacen(r#""outcome":"done""#, r#""outcome":"fail""#, 1);
    assert_ne!(text, changed);
    fs::write(&file, changed).unwrap();
    let told = format!("cannot be trusted from here on: {}, line 3", file.display());
    world.run(&["audit"]).success().stderr(has(&told));
    let verified = world.run(&["audit", "--verify"]).code(1);
    verified
        .stderr(has(&told))
        .stdout(has("the chain is broken"));
}

// ── Secrets ─────────────────────────────────────────────────────────────────────────────────────

const VALUE: &str = "canary-value \"quoted\" <b>";
const TOKEN: &str = "canary-token-that-says-nothing";

/// Everything below a folder, as text.
fn everything(dir: &Path) -> String {
    let mut all = String::new();
    for file in fs::read_dir(dir).unwrap() {
        let path = file.unwrap().path();
        if path.is_dir() {
            all.push_str(&everything(&path));
        } else {
            all.push_str(&String::from_utf8_lossy(&fs::read(&path).unwrap()));
        }
    }
    all
}

#[tokio::test]
async fn no_secret_is_on_the_disk_whatever_the_platform_repeats() {
    let _installed = rustls::crypto::ring::default_provider().install_default();
    let server = MockServer::start().await;
    let lists = ResponseTemplate::new(200).set_body_json(serde_json::json!({
        "count": 0, "next": null, "previous": null, "results": [],
    }));
    Mock::given(method("GET"))
        .respond_with(lists)
        .mount(&server)
        .await;
    // A platform that repeats all it was told.
    let echo = |request: &wiremock::Request| {
        let sent: Value = serde_json::from_slice(&request.body).unwrap();
        let token = request.headers["authorization"]
            .to_str()
            .unwrap()
            .to_owned();
        let address = "https://admin:canary-password@db.example.com/?key=canary-key";
        ResponseTemplate::new(400).set_body_json(serde_json::json!({
            "value": [format!("{} is not valid", sent["value"].as_str().unwrap())],
            "non_field_errors": [format!("{} is no good", token.trim_start_matches("Token ")), format!("see {address}")],
        }))
    };
    Mock::given(method("POST"))
        .respond_with(echo)
        .mount(&server)
        .await;

    let folder = tempfile::tempdir().unwrap();
    let state = folder.path().join("state");
    let environment = Environment::fixed(&[
        ("FLIGHTDECK_STATE_DIR", state.to_str().unwrap()),
        ("USER", "ops"),
    ]);
    let text = format!(
        "[contexts.divio]\nplatform = \"divio\"\nbase_url = \"{}\"\ntoken = \"{TOKEN}\"\n",
        server.uri()
    );
    let origin = Origin {
        name: "test".into(),
        path: None,
        is_private: true,
        environment: environment.clone(),
    };
    let config = config::parse(&text, &origin).unwrap();
    let context = &config.contexts[0];
    let hidden = Hidden::default();
    let connection = shell::watched(context.connection.clone(), &hidden);
    let platform = (context.adapter.connect)(connection).unwrap();
    let contexts = vec![shell::audit_context(context)];
    let ledger = Arc::new(Ledger::new(&environment, false, contexts, hidden));
    let operation = Operation {
        target: Target {
            context: ContextId(0),
            app: Some(AppId::new("app1")),
            environment: Some(EnvId::new("env1")),
            title: Text::clean("shop/live"),
            class: None,
        },
        kind: OperationKind::SetVariable {
            id: None,
            name: "KEY".into(),
            value: Secret::new(VALUE),
            is_sensitive: true,
        },
    };
    let mut nobody = |_: &_| {};
    let ended = run_operation(
        platform,
        operation,
        flightdeck::engine::Terms::new(Consent::default(), ledger),
        shell::now,
        true,
        &mut nobody,
    )
    .await;
    // What was sent and what opens an address is taken out where the answer is read; that it would be
    // taken out on the way to the file, too, is tested where that is done.
    let Stage::Refused(failure @ Failure::Validation(_)) = ended else {
        panic!("{ended:?}");
    };
    let said = failure.headline();
    assert!(said.contains("***"), "{said}");
    for canary in ["canary", TOKEN] {
        assert!(!said.contains(canary), "{canary} in {said}");
    }
    let written = everything(&state);
    assert!(
        written.contains("set-var") && written.contains("refused"),
        "{written}"
    );
    assert!(!written.contains("canary"), "{written}");
}
