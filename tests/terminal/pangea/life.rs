//! The life of projects: created, renamed, deleted; and the organisation renamed.

use serde_json::{Value, json};

use super::{account, all, asks, at, project_row, select};
use crate::kit::{Launch, Terminal};

/// Fills in the form, and says yes: with so many keys to the right, the geography.
fn create(tty: &mut Terminal, name: &str, rights: usize, geo: &str) {
    tty.types("aA");
    tty.sees("create-app · pangea");
    tty.types(&format!("{name}\t"));
    tty.types(&"\u{1b}[C".repeat(rights));
    tty.when("the geography that was chosen", |shot| {
        shot.row("▸ geo").is_some_and(|row| row.contains(geo))
    });
    tty.types("\r\r");
    asks(tty, &format!("create app in pangea: {name}"));
}

#[test]
fn a_project_is_created_in_either_part_of_the_world() {
    let sim = account(20.0);
    let mut tty = all(Launch::on(&sim));
    create(&mut tty, "lagoon", 1, "us");
    assert_eq!(sim.changing(), 0, "a question sends nothing");
    tty.types("y");
    tty.when("it is done at once", |shot| {
        shot.has("✓ create app pangea") && shot.has("Apps 25")
    });
    create(&mut tty, "fjord", 2, "eu");
    tty.types("y");
    // There it is accepted first, and asked about until it is done.
    tty.when("it is done in the end", |shot| shot.has("Apps 26"));
    select(&mut tty, "fjord");
    tty.when("where it is", |shot| shot.has("eu-central-1"));
    assert!(sim.count("GetAsyncRequest") > 0, "it was followed");
    assert_eq!(sim.count("ProjectCreate"), 2);
    assert_eq!(sim.changing(), 2);
    tty.quit();
}

#[test]
fn a_project_is_renamed_and_keeps_its_place() {
    let sim = account(20.0);
    let mut tty = at(&sim, "docs-prod");
    tty.types("aE");
    tty.sees("rename-app · docs-prod");
    tty.types("\u{15}manual-prod\r");
    asks(&tty, "change app");
    tty.types("y");
    tty.sees("✓ change app docs-prod");
    select(&mut tty, "manual-prod");
    assert_eq!(sim.count("ProjectUpdate"), 1);
    assert_eq!(sim.changing(), 1);
    tty.quit();
}

#[test]
fn a_project_is_deleted_by_its_name_only() {
    let sim = account(20.0);
    let mut tty = at(&sim, "docs-prod");
    let asked = |tty: &mut Terminal| {
        tty.types("aD");
        tty.when("that it can be answered", |shot| {
            shot.has("type docs-prod:") && shot.is_bold("docs-prod: ")
        });
    };
    asked(&mut tty);
    tty.types("docs\r");
    tty.sees("delete app docs-prod: not done");
    assert_eq!(sim.changing(), 0, "half a name is none");
    asked(&mut tty);
    tty.types("docs-prod");
    tty.when("the name typed", |shot| {
        shot.row("type docs-prod:")
            .is_some_and(|row| row.contains(": docs-prod"))
    });
    tty.types("\r");
    tty.when("that it is gone", |shot| {
        shot.has("✓ delete app docs-prod") && shot.has("of 23")
    });
    assert_eq!(project_row(&tty.shot(), "docs-prod"), "");
    assert_eq!(sim.count("ProjectDelete"), 1);
    assert_eq!(sim.changing(), 1);
    tty.quit();
}

#[test]
fn the_organisation_is_renamed() {
    let sim = account(20.0);
    let mut tty = all(Launch::on(&sim));
    tty.types("aL");
    tty.sees("▸   Harbour Works");
    tty.types("\r");
    tty.sees("▸ name");
    tty.types("Sea Works");
    tty.when("the new name", |shot| {
        shot.row("▸ name")
            .is_some_and(|row| row.contains("Sea Works"))
    });
    tty.types("\r");
    asks(&tty, "rename organisation in pangea");
    assert_eq!(sim.changing(), 0);
    tty.types("y");
    tty.sees("✓ rename organisation");
    assert_eq!(sim.count("OrgUpdate"), 1);
    assert_eq!(sim.changing(), 1);
    tty.quit();
}

#[test]
fn a_project_that_somebody_else_made_appears() {
    let sim = account(20.0);
    let mut tty = all(Launch::on(&sim));
    let made: Value = sim.post("create", &json!({ "name": "harbour", "geo": "eu" }));
    assert!(made["application"].is_string());
    tty.insists("r", "┏ Apps 25");
    assert_eq!(sim.changing(), 0, "it was none of ours");
    tty.quit();
}
