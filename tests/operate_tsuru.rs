//! tsuru from the command line: the real binary against its simulated server in this process.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    reason = "the helpers of a test fail the test"
)]

#[expect(dead_code, reason = "the helpers are shared with other tests")]
mod support;

use serde_json::Value;

use support::{World, has, json_of, stderr, text_of};

fn tsuru() -> World {
    World::on("tsuru")
}

// ── Lists ───────────────────────────────────────────────────────────────────────────────────────

/// Every list that has something in it, and of what.
const LISTS: &[(&str, Option<&str>)] = &[
    ("contexts", None),
    ("orgs", None),
    ("apps", None),
    ("envs", None),
    ("envs", Some("atlas")),
    ("deployments", Some("atlas")),
    ("vars", Some("atlas/web")),
    ("domains", Some("atlas/web")),
    ("services", Some("atlas/web")),
    ("units", Some("atlas/web")),
    ("jobs", Some("harvest/web")),
    ("activity", Some("atlas")),
    ("activity", None),
    ("metrics", Some("atlas/web")),
    ("sizes", None),
    ("regions", None),
];

fn get(world: &World, kind: &str, target: Option<&str>, form: &str) -> String {
    let command = ["get", kind, "-o", form].into_iter().chain(target);
    let output = world.run(&command.collect::<Vec<_>>()).success();
    assert_eq!(stderr(&output), "", "{kind} {target:?}");
    text_of(&output)
}

fn check_list(world: &World, kind: &str, target: Option<&str>) -> Value {
    let document: Value = serde_json::from_str(&get(world, kind, target, "json")).unwrap();
    let count = document["items"].as_array().unwrap().len();
    assert!(count > 0, "{kind} {target:?}");
    let table = get(world, kind, target, "table");
    assert_eq!(table.lines().count(), count + 1, "{kind}: {table}");
    assert!(!table.contains('\u{1b}'), "{kind}");
    document
}

#[test]
fn every_list_has_what_the_server_has() {
    let world = tsuru();
    for (kind, target) in LISTS {
        let document = check_list(&world, kind, *target);
        assert_eq!(document["kind"], *kind);
    }
    assert_eq!(world.changes(), 0);
}

#[test]
fn lists_of_its_own_are_named_and_listed() {
    let world = tsuru();
    let lists = check_list(&world, "others", None);
    let lists = lists["items"].as_array().unwrap();
    assert_eq!(lists.len(), 10);
    for list in lists {
        let name = list["name"].as_str().unwrap();
        let document = check_list(&world, "others", Some(name));
        assert_eq!(document["items"][0]["list"], name);
    }
    world
        .run(&["get", "others", "pool"])
        .code(2)
        .stderr(has("pools"));
}

#[test]
fn values_of_private_variables_are_shown_on_request_only() {
    let world = tsuru();
    let shown = |more: &[&str]| {
        let command = [&["get", "vars", "atlas/web", "-o", "json"], more].concat();
        let document = json_of(&world.run(&command).success());
        let items = document["items"].as_array().unwrap().clone();
        let secret = items.into_iter().find(|it| it["name"] == "SECRET_KEY");
        secret.unwrap()["value"].clone()
    };
    assert_eq!(shown(&[]), Value::Null);
    let value = shown(&["--reveal"]);
    assert!(value.as_str().unwrap().starts_with("sim-"), "{value}");
}

// ── Operations ──────────────────────────────────────────────────────────────────────────────────

#[test]
fn what_an_action_prints_is_shown_while_it_runs() {
    let world = tsuru();
    let command = [
        "do",
        "scale",
        "atlas/web",
        "--units",
        "5",
        "--wait",
        "--yes",
    ];
    let output = world.run(&command).success();
    let told = stderr(&output);
    assert!(told.contains("unit"), "{told}");
    assert_eq!(world.requests("UnitsAdd"), 1);
    assert_eq!(world.changes(), 1);
    let document = json_of(&world.run(&["get", "envs", "atlas", "-o", "json"]).success());
    let items = document["items"].as_array().unwrap();
    let web = items.iter().find(|it| it["name"] == "web").unwrap();
    assert_eq!(web["units"]["wanted"], 5, "{web}");
}

#[test]
fn what_fails_in_a_stream_has_failed() {
    let world = tsuru();
    // The quota is twelve.
    let command = [
        "do",
        "scale",
        "atlas/web",
        "--units",
        "40",
        "--wait",
        "--yes",
    ];
    world.run(&command).code(1).stderr(has("quota"));
    let fault = r#"[{ "operation": "AppRestart", "fail_deployment": "web: exit 1" }]"#;
    world.control("POST", "/_sim/faults", fault);
    let command = [
        "do",
        "restart",
        "atlas/web",
        "--wait",
        "--yes",
        "-o",
        "json",
    ];
    let document = json_of(&world.run(&command).code(1));
    assert_eq!(document["outcome"], "failed", "{document:#}");
    assert!(
        document["message"].as_str().unwrap().contains("exit 1"),
        "{document:#}"
    );
}

#[test]
fn a_locked_app_says_who_holds_it_and_with_what() {
    let world = tsuru();
    let command = ["do", "restart", "meadow/web", "--wait", "--yes"];
    let output = world.run(&command).code(1);
    let told = stderr(&output);
    for part in ["locked: app.run of ", " since ", "wait, or cancel it"] {
        assert!(told.contains(part), "{part}: {told}");
    }
    assert_eq!(world.requests("AppRestart"), 1, "nothing is sent twice");
}

#[test]
fn what_only_tsuru_has_is_refused_elsewhere_and_done_here() {
    let command = |target| {
        let own = ["--versions", "beside", "--yes"];
        [&["do", "release-version", target][..], &own].concat()
    };
    let divio = World::still();
    let app = divio.app();
    divio
        .run(&command(&app))
        .code(1)
        .stderr(has("only tsuru has release-version, and this is Divio"));
    assert_eq!(divio.changes(), 0);
    let world = tsuru();
    world
        .run(&[&command("atlas")[..], &["--wait"]].concat())
        .success();
    assert_eq!(world.requests("DeployRebuild"), 1);
}

#[test]
fn a_log_in_of_one_command_would_be_of_no_use() {
    let world = tsuru();
    let command = ["do", "log-in", "tsuru:", "--email", "a@example.com"];
    let secret = ["--password-from-env", "PATH", "--yes"];
    world
        .run(&[&command[..], &secret].concat())
        .code(2)
        .stderr(has("log-in in the dashboard"));
    assert_eq!(world.requests("Login"), 0);
}

// ── Logs and sessions ───────────────────────────────────────────────────────────────────────────

#[test]
fn logs_of_a_process_an_app_a_deploy_an_event_and_a_job() {
    let world = tsuru();
    let lines = r#"{"environment": "atlas/web", "lines": ["alpha 1", "beta 2"]}"#;
    world.control("POST", "/_sim/log", lines);
    for target in ["atlas/web", "atlas"] {
        let log = world
            .run(&["logs", target, "--grep", "alpha 1|beta 2"])
            .success();
        assert_eq!(
            text_of(&log).lines().count(),
            2,
            "{target}: {}",
            text_of(&log)
        );
    }
    let other = world.run(&["logs", "atlas/worker", "--grep", "alpha 1|beta 2"]);
    other.success().stdout("");
    let deploy = ["logs", "atlas", "--deployment", "latest"];
    let whole = text_of(&world.run(&deploy).success());
    assert!(whole.lines().count() > 3, "{whole}");
    let followed = world.run(&[&deploy[..], &["--follow"]].concat()).success();
    assert_eq!(text_of(&followed), whole);
    let document = json_of(
        &world
            .run(&["get", "deployments", "atlas", "-o", "json"])
            .success(),
    );
    let event = document["items"][0]["id"].as_str().unwrap();
    let told = text_of(&world.run(&["logs", "atlas", "--event", event]).success());
    assert!(!told.is_empty());
    let job = text_of(&world.run(&["logs", "harvest", "--run", "vacuum"]).success());
    assert!(!job.is_empty());
    let refused = world.run(&["logs", "atlas/web", "--previous"]).code(1);
    refused.stderr(has("the log of a unit goes with it"));
}

#[test]
fn a_session_needs_a_terminal_and_an_app_that_runs() {
    let world = tsuru();
    world
        .run(&["console", "atlas/web", "--yes"])
        .code(2)
        .stderr(has("flightdeck do run"));
    assert_eq!(world.requests("AppShell"), 0);
    let run = [
        "do",
        "run",
        "atlas/web",
        "--command",
        "echo here",
        "--place",
        "one",
    ];
    let output = world
        .run(&[&run[..], &["--yes", "--wait"]].concat())
        .success();
    assert!(stderr(&output).contains("here"), "{}", stderr(&output));
}

/// An old server: what it lacks is said, and is no failure of the rest.
#[test]
fn a_server_that_is_too_old_says_which_version_it_takes() {
    let world = tsuru();
    world.control("POST", "/_sim/age", "3");
    let refused = world.run(&["get", "others", "volumes"]);
    refused.stderr(has("too old to list volumes: it needs API 1.4"));
    let command = ["do", "restart", "atlas/web", "--yes", "--wait"];
    world.run(&command).success();
}
