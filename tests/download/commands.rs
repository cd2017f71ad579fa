//! `flightdeck download`.

use std::fs;
use std::path::Path;

use predicates::prelude::*;

use super::depot::names;
use super::support::{World, has, json_of};

/// A folder in the world to download into.
fn folder(world: &World) -> String {
    let path = world.path("backups");
    fs::create_dir_all(&path).unwrap();
    path
}

fn newest(world: &World, environment: &str) -> String {
    let target = world.target(environment);
    let list = json_of(
        &world
            .run(&["get", "backups", &target, "-o", "json"])
            .success(),
    );
    let items = list["items"].as_array().unwrap();
    let done = items.iter().find(|item| item["state"] == "done").unwrap();
    done["id"].as_str().unwrap().to_owned()
}

#[test]
fn the_newest_complete_backup_is_saved_and_its_checksums_are_written() {
    let world = World::still();
    let (to, target) = (folder(&world), world.target("live"));
    let arguments = ["download", &target, "--to", &to, "--yes"];
    let output = world.run(&arguments).success();
    let stdout = String::from_utf8(output.get_output().stdout.clone()).unwrap();
    let files = names(Path::new(&to));
    assert_eq!(stdout.lines().count(), files.len(), "{stdout}");
    for (line, file) in stdout.lines().zip(&files) {
        let (sum, path) = line.split_once("  ").unwrap();
        assert_eq!(sum.len(), 64, "{line}");
        assert_eq!(Path::new(path), Path::new(&to).join(file));
        assert!(!file.contains(".part"), "{file}");
    }
    let stderr = String::from_utf8(output.get_output().stderr.clone()).unwrap();
    assert!(stderr.contains("the platform prepares it"), "{stderr}");
    assert!(!stderr.contains("signature"), "{stderr}");
    assert!(
        !stderr.contains('\r'),
        "only a terminal's line is rewritten"
    );

    // Once more: what is there is refused before the platform is asked for anything.
    let changes = world.changes();
    let again = world.run(&arguments).code(2).stdout("");
    again.stderr(has("exists; choose another --to, or --overwrite"));
    assert_eq!(world.changes(), changes);
    let mut overwriting = arguments.to_vec();
    overwriting.push("--overwrite");
    world.run(&overwriting).success().stdout(stdout);
}

#[test]
fn a_backup_is_found_by_its_id() {
    let world = World::still();
    let (to, id) = (folder(&world), newest(&world, "test"));
    world.run(&["download", &id, "--to", &to]).success();
    assert!(!names(Path::new(&to)).is_empty());
    let unknown = world.run(&["download", "nonsense", "--to", &to]).code(2);
    unknown.stderr(has("nor is there a backup of that id"));
}

#[test]
fn production_asks_for_a_yes_and_a_read_only_context_for_nothing() {
    let world = World::still();
    let (to, target) = (folder(&world), world.target("live"));
    let asked = world.run(&["download", &target, "--to", &to]).code(2);
    asked.stderr(has("PROD")).stderr(has("add --yes"));
    let refused = world.run(&["--read-only", "download", &target, "--to", &to, "--yes"]);
    refused.code(2).stderr(has("read-only: nothing was sent"));
    assert_eq!(world.changes(), 0);
    assert!(names(Path::new(&to)).is_empty());
}

#[test]
fn a_place_that_cannot_be_written_is_named() {
    let world = World::still();
    let target = world.target("test");
    let missing = world.path("none/");
    let refused = world.run(&["download", &target, "--to", &missing]).code(2);
    refused.stderr(has("there is no folder").and(has("make it, or choose another place")));
    let one = world.path("one.dump");
    let refused = world.run(&["download", &target, "--to", &one]).code(2);
    refused.stderr(has("2 files").and(has("--to must be a folder")));
    assert_eq!(world.changes(), 0);
}

#[test]
fn what_takes_too_long_stays_and_goes_on_the_next_time() {
    let slow = r#"[{"operation": "DownloadFile", "drip_ms": 2000, "times": 1}]"#;
    let world = World::with_faults(slow);
    let (to, target) = (folder(&world), world.target("test"));
    let late = ["download", &target, "--to", &to, "--timeout", "5s"];
    let ended = world.run(&late).code(124).stdout("");
    ended.stderr(has("not over after 5s").and(has("the same command goes on with it")));
    let left = names(Path::new(&to));
    let labels = left.iter().find_map(|name| name.strip_suffix(".json"));
    let part = labels.unwrap();
    let before = fs::metadata(Path::new(&to).join(part)).unwrap().len();
    assert!(before > 0, "{left:?}");
    world.run(&["download", &target, "--to", &to]).success();
    assert!(
        names(Path::new(&to))
            .iter()
            .all(|name| !name.contains(".part"))
    );
}

#[test]
fn a_storage_that_refuses_has_its_own_exit_code() {
    let world = World::with_faults(r#"[{"operation": "DownloadFile", "status": 403}]"#);
    let (to, target) = (folder(&world), world.target("test"));
    let failed = world.run(&["download", &target, "--to", &to]).code(4);
    failed.stderr(has("the storage refuses the link (403)"));
    assert_eq!(world.requests("CreateBackupDownload"), 2, "anew only once");
}
