//! Pangea from the command line: the real binary against its simulated server in this process.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    reason = "the helpers of a test fail the test"
)]

#[expect(dead_code, reason = "the helpers are shared with other tests")]
mod support;

use support::{World, done, has, items, stderr, text_of};

fn pangea() -> World {
    World::on("pangea")
}

fn names(world: &World) -> Vec<String> {
    let items = items(world, &["apps"]);
    let names = items.iter().map(|item| item["name"].as_str().unwrap());
    names.map(str::to_owned).collect()
}

#[test]
fn every_list_has_what_the_server_has() {
    let world = pangea();
    for (command, count) in [
        (&["apps"][..], World::APPS),
        (&["envs"], World::APPS),
        (&["orgs"], 1),
    ] {
        assert_eq!(items(&world, command).len(), count, "{command:?}");
        let table = text_of(&world.run(&[&["get"], command].concat()).success());
        assert_eq!(table.lines().count(), count + 1, "{table}");
        assert!(!table.contains('\u{1b}'), "{table}");
    }
    assert_eq!(world.changes(), 0);
}

#[test]
fn what_there_is_not_says_why() {
    let world = pangea();
    let app = format!("pangea:{}", names(&world)[0]);
    for kind in ["backups", "deployments", "domains", "vars"] {
        let output = world.run(&["get", kind, &app]).success();
        let told = stderr(&output);
        assert!(told.contains("Pangea"), "{kind}: {told}");
    }
    let output = world.run(&["get", "backups"]).success();
    assert!(stderr(&output).contains("backups"), "{}", stderr(&output));
    let refused = world.run(&["logs", &app]).code(1);
    assert!(stderr(&refused).contains("Pangea"), "{}", stderr(&refused));
    assert_eq!(world.changes(), 0);
}

#[test]
fn a_project_is_created_renamed_and_deleted() {
    let world = pangea();
    let before = names(&world).len();
    // In Europe the platform takes its time.
    let create = ["create-app", "pangea:", "--name", "harbour", "--geo", "eu"];
    done(&world, &create).success();
    assert_eq!(names(&world).len(), before + 1);
    let rename = ["rename-app", "pangea:harbour", "--name", "quay"];
    done(&world, &rename).success();
    let all = names(&world);
    assert!(all.iter().any(|name| name == "quay"), "{all:?}");
    assert!(all.iter().all(|name| name != "harbour"), "{all:?}");
    let delete = |confirm: &str| done(&world, &["delete-app", "pangea:quay", "--confirm", confirm]);
    delete("harbour").code(2);
    assert_eq!(world.requests("ProjectDelete"), 0);
    delete("quay").success();
    assert_eq!(names(&world).len(), before);
    for once in ["ProjectCreate", "ProjectUpdate", "ProjectDelete"] {
        assert_eq!(world.requests(once), 1, "{once}");
    }
}

#[test]
fn a_project_without_a_place_is_not_created() {
    let world = pangea();
    let output = done(&world, &["create-app", "pangea:", "--name", "a"]);
    output.code(2).stderr(has("geo is missing: us, eu"));
    assert_eq!(world.requests("ProjectCreate"), 0);
}

#[test]
fn an_organisation_is_renamed() {
    let world = pangea();
    let id = items(&world, &["orgs"])[0]["id"]
        .as_str()
        .unwrap()
        .to_owned();
    let rename = [
        "rename-organisation",
        "pangea:",
        "--organisation",
        &id,
        "--name",
        "Quay Ltd",
    ];
    done(&world, &rename).success();
    assert_eq!(items(&world, &["orgs"])[0]["name"], "Quay Ltd");
    assert_eq!(world.requests("OrgUpdate"), 1);
}

#[test]
fn a_token_that_does_not_fit_is_not_sent() {
    let world = pangea();
    // Source: Pangea contract, section 3: a service token is of another kind.
    let config = world.config(&world.context("pangea", "\"pts_canaryhk5fjzlgbn3eyq6mz2w\""));
    let output = world.run(&["--config", &config, "get", "apps"]).code(3);
    let told = stderr(&output);
    assert!(told.contains("service token"), "{told}");
    assert!(!told.contains("canary"), "{told}");
    assert_eq!(world.requests("ProjectList"), 0);
}
