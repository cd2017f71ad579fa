//! PandaStack from the command line: the real binary against its simulated server in this process.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::disallowed_methods,
    reason = "the helpers of a test fail the test; a wait has its end"
)]

#[expect(dead_code, reason = "the helpers are shared with other tests")]
mod support;

use std::collections::BTreeSet;
use std::process::{Child, Stdio};
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use support::{World, done, has, items, stderr, text_of};

/// Longer than anything takes here.
const PATIENCE: Duration = Duration::from_secs(20);

fn panda() -> World {
    World::on("pandastack")
}

fn dns(world: &World, app: &str, exists: bool) {
    let order = json!({"application": app, "exists": exists}).to_string();
    world.control("POST", "/_sim/dns", &order);
}

/// The state of an app, and why.
fn state(world: &World, app: &str) -> (String, String) {
    let items = items(world, &["apps", &format!("pandastack:{app}")]);
    let text = |name: &str| items[0][name].as_str().unwrap_or_default().to_owned();
    (text("status"), text("reason"))
}

// ── Lists ───────────────────────────────────────────────────────────────────────────────────────

#[test]
fn every_list_has_what_the_server_has() {
    let world = panda();
    let all = World::APPS + 5;
    for (command, count) in [
        (&["apps"][..], all),
        (&["envs"], all),
        (&["orgs"], 1),
        (&["deployments", "pandastack:n8n"], 1),
        (&["deployments", "pandastack:ghost"], 1),
        (&["domains", "pandastack:ghost"], 1),
    ] {
        assert_eq!(items(&world, command).len(), count, "{command:?}");
        let table = text_of(&world.run(&[&["get"], command].concat()).success());
        assert_eq!(table.lines().count(), count + 1, "{table}");
        assert!(!table.contains('\u{1b}'), "{table}");
    }
    let organisation = &items(&world, &["orgs"])[0];
    assert_eq!(organisation["name"], "Harbour Works");
    let failed = state(&world, "n8n");
    assert_eq!(failed.0, "failed");
    assert!(failed.1.contains("health check failed"), "{failed:?}");
    assert_eq!(world.changes(), 0);
}

#[test]
fn what_there_is_not_says_why() {
    let world = panda();
    let output = world.run(&["get", "backups", "pandastack:n8n"]).success();
    assert!(stderr(&output).contains("PandaStack's API has no backups"));
    let output = world.run(&["get", "vars", "pandastack:n8n"]);
    let told = stderr(&output);
    assert!(told.contains("has no variables of managed apps"), "{told}");
    let refused = world.run(&["do", "restart", "pandastack:n8n", "--yes"]);
    refused.code(1).stderr(has("no restart, stop or start"));
    assert_eq!(world.changes(), 0);
}

/// What it says of the deployments of a managed app is not that these are all.
#[test]
fn deployments_of_a_managed_app_are_those_that_are_known() {
    let world = panda();
    let items = items(&world, &["deployments", "pandastack:n8n"]);
    assert_eq!(items[0]["cause"], "known to flightdeck", "{}", items[0]);
}

// ── Operations ──────────────────────────────────────────────────────────────────────────────────

#[test]
fn an_app_is_installed_until_it_awaits_its_domain() {
    let world = panda();
    let before = items(&world, &["apps"]).len();
    let output = done(&world, &["create-app", "pandastack:", "--name", "ghost"]);
    let told = format!("{}{}", text_of(&output), stderr(&output));
    assert!(told.contains("awaits a domain"), "{told}");
    assert!(told.contains("verify-domain"), "{told}");
    assert_eq!(world.requests("DeployManagedApp"), 1);
    assert_eq!(items(&world, &["apps"]).len(), before + 1);
}

#[test]
fn a_domain_is_verified_and_the_installation_completed() {
    let world = panda();
    let target = "pandastack:ghost";
    let (status, reason) = state(&world, "ghost");
    assert_eq!(status, "degraded", "{reason}");
    let complete = [
        "complete-installation",
        target,
        "--domain",
        "blog.example.com",
    ];
    let output = done(&world, &complete).code(1);
    assert!(stderr(&output).contains("not verified yet"));
    dns(&world, "ghost", true);
    let verify = ["verify-domain", target, "--domain", "ghost.example.com"];
    done(&world, &verify).success().stderr(has("is verified"));
    done(&world, &complete).success();
    assert_eq!(state(&world, "ghost").0, "live");
    let domain = &items(&world, &["domains", target])[0];
    assert_eq!(domain["name"], "blog.example.com");
    let bad = [
        "complete-installation",
        target,
        "--domain",
        "https://a.example.com/",
    ];
    done(&world, &bad)
        .code(1)
        .stderr(has("give the host alone"));
    assert_eq!(world.requests("CompleteManagedAppInstallation"), 2);
}

#[test]
fn a_failed_installation_is_tried_again() {
    let world = panda();
    done(&world, &["retry", "pandastack:n8n"]).success();
    assert_eq!(state(&world, "n8n").0, "live");
    let output = done(&world, &["retry", "pandastack:n8n"]).code(1);
    assert!(stderr(&output).contains("Only a failed installation"));
    assert_eq!(world.requests("RetryManagedApp"), 2);
    assert_eq!(items(&world, &["deployments", "pandastack:n8n"]).len(), 2);
}

#[test]
fn an_app_is_configured_and_deleted() {
    let world = panda();
    let configure = |settings: &str| {
        let command = ["configure", "pandastack:umami", "--settings", settings];
        done(&world, &command)
    };
    configure(r#"{"plan": "small"}"#).success();
    configure("plan=small").code(1).stderr(has("are no JSON"));
    let state = world.control("GET", "/_sim/state", "");
    let mut apps = state["apps"].as_array().unwrap().iter();
    let app = apps.find(|app| app["slug"] == "umami").unwrap();
    assert_eq!(app["configuration"], json!({"plan": "small"}));
    assert_eq!(world.requests("ConfigureManagedApp"), 1);

    let delete = |confirm: &str| {
        let command = ["delete-app", "pandastack:umami", "--confirm", confirm];
        done(&world, &command)
    };
    delete("metabase").code(2);
    assert_eq!(world.requests("DeleteManagedApp"), 0);
    delete("umami").success();
    let apps = items(&world, &["apps"]);
    assert!(apps.iter().all(|app| app["name"] != "umami"));
}

#[test]
fn logs_of_a_managed_app_say_what_they_are_and_those_of_a_project_are_logs() {
    let world = panda();
    let output = world.run(&["logs", "pandastack:n8n"]).success();
    let told = format!("{}{}", text_of(&output), stderr(&output));
    assert!(told.contains("no logs of managed apps"), "{told}");
    let apps = items(&world, &["apps"]);
    let is_project = |id: &str| id.starts_with("project:");
    let mut ids = apps.iter().filter_map(|app| app["id"].as_str());
    let project = ids.find(|id| is_project(id)).unwrap();
    let output = world.run(&["logs", &format!("pandastack:{project}")]);
    let lines = text_of(&output.success());
    assert!(lines.lines().count() > 5, "{lines}");
    assert!(lines.contains("Installing dependencies"), "{lines}");
}

#[test]
fn a_token_that_does_not_fit_is_not_sent() {
    let world = panda();
    let config = world.config(&world.context("pandastack", "\"pds_canary\""));
    let output = world.run(&["--config", &config, "get", "apps"]).code(3);
    let told = stderr(&output);
    assert!(told.contains("pandastack.ai"), "{told}");
    assert!(!told.contains("canary"), "{told}");
    assert_eq!(world.requests("ListManagedApps"), 0);
    let config = world.config(&world.context("pandastack", "\"psk_wrong\""));
    world.run(&["--config", &config, "get", "apps"]).code(3);
}

// ── Between runs ────────────────────────────────────────────────────────────────────────────────

/// Somebody deploys an app; tells the UUID.
fn deployed(world: &World, app: &str) -> String {
    let order = json!({"environment": app}).to_string();
    let answer = world.control("POST", "/_sim/deploy", &order);
    let uuid = answer["deployment"].as_str();
    uuid.unwrap_or_else(|| panic!("{answer}")).to_owned()
}

fn uuids(items: &[Value]) -> Vec<String> {
    let ids = items.iter().map(|item| item["id"].as_str().unwrap());
    let uuids = ids.map(|id| id.rsplit('/').next().unwrap().to_owned());
    uuids.collect()
}

fn known(world: &World, app: &str) -> Vec<String> {
    uuids(&items(
        world,
        &["deployments", &format!("pandastack:{app}")],
    ))
}

fn until_still(world: &World, app: &str) {
    let is_still = || {
        let state = world.control("GET", "/_sim/state", "");
        let mut apps = state["apps"].as_array().unwrap().iter();
        let app = apps.find(|it| it["slug"] == app).unwrap();
        app["newest_deployment"]["phase"] != "running"
    };
    let start = Instant::now();
    while !is_still() {
        assert!(start.elapsed() < PATIENCE, "{app} does not come to rest");
        std::thread::yield_now();
    }
}

#[test]
fn a_deployment_that_one_run_saw_is_listed_by_the_next() {
    let world = panda();
    let mut all: BTreeSet<String> = known(&world, "umami").into_iter().collect();
    for _ in 0..3 {
        let newest = deployed(&world, "umami");
        until_still(&world, "umami");
        all.insert(newest.clone());
        // The API names the newest only; each run saw another.
        let items = items(&world, &["deployments", "pandastack:umami"]);
        assert_eq!(uuids(&items).into_iter().collect::<BTreeSet<_>>(), all);
        assert_eq!(items.len(), all.len());
        let current: Vec<_> = items
            .into_iter()
            .filter(|it| it["current"] == true)
            .collect();
        assert_eq!(uuids(&current), [newest]);
    }
    assert_eq!(all.len(), 4);
}

fn begun(world: &World, app: &str) -> Child {
    let target = format!("pandastack:{app}");
    let mut command = world.std_command(&["get", "deployments", &target]);
    command.stdout(Stdio::null()).stderr(Stdio::null());
    command.spawn().unwrap()
}

/// What several processes see at once is all there afterwards, each thing once.
#[test]
fn processes_beside_each_other_lose_no_deployment() {
    let world = panda();
    let apps = ["umami", "metabase", "gitea"];
    let mut all: Vec<BTreeSet<String>> = Vec::new();
    for app in apps {
        all.push(known(&world, app).into_iter().collect());
    }
    for _ in 0..4 {
        for (app, all) in apps.iter().zip(&mut all) {
            all.insert(deployed(&world, app));
        }
        for app in apps {
            until_still(&world, app);
        }
        let children: Vec<_> = apps
            .iter()
            .chain(&apps)
            .map(|app| begun(&world, app))
            .collect();
        for mut child in children {
            assert!(child.wait().unwrap().success());
        }
    }
    for (app, all) in apps.iter().zip(&all) {
        let found = known(&world, app);
        assert_eq!(found.len(), all.len(), "{found:?}");
        assert_eq!(found.into_iter().collect::<BTreeSet<_>>(), *all);
    }
}
