//! Changes to the document: seen before they are sent, and nothing else in it is touched.

use serde_json::{Value, json};

use super::{asks, at, component, go_to, record, team};
use crate::kit::{Sim, Terminal};

/// The two sums of a question about money.
fn cost(row: &str) -> Option<(u32, u32)> {
    let words: Vec<_> = row.split_whitespace().collect();
    let arrow = words.iter().position(|word| *word == "→")?;
    Some((
        words[arrow - 1].parse().ok()?,
        words[arrow + 1].parse().ok()?,
    ))
}

/// Fills in the form: its first field is the number.
fn scale(tty: &mut Terminal, units: &str, size: &str) {
    tty.types("ac");
    tty.sees("scale · storefront/api");
    tty.types(&format!("\u{15}{units}\t\t{size}"));
    tty.when("the form filled in", |shot| {
        let is_right = |row: Option<&str>, text: &str| row.is_some_and(|it| it.contains(text));
        is_right(shot.row(" units  "), units) && is_right(shot.row("▸ size"), size)
    });
    tty.types("\r");
}

#[test]
fn scaling_shows_what_it_costs_and_why_it_is_refused() {
    let sim = team(20.0);
    let mut tty = at(&sim, "storefront");
    go_to(&mut tty, "storefront", "api");
    tty.when("one instance", |shot| {
        component(shot, "api").is_some_and(|row| row.contains(" 1/1 "))
    });
    scale(&mut tty, "2", "");
    let shot = tty.sees("✖ the platform refuses this");
    let words = "allows one instance only";
    assert!(shot.has(words), "the platform's own");
    assert!(!shot.is_bold("y scale"));
    tty.insists("y", " ✖ the platform refuses this");
    assert_eq!(sim.changing(), 0, "y sends nothing");
    tty.types("n");
    tty.sees("scale storefront/api: not done");
    scale(&mut tty, "2", "apps-s-1vcpu-1gb");
    let shot = tty.sees("cost a month");
    // One small instance becomes two of twelve dollars.
    let (now, then) = cost(shot.row("cost a month").unwrap()).unwrap();
    assert_eq!(then - now, 2 * 12 - 5);
    assert_eq!(sim.changing(), 0, "asking costs nothing");
    asks(&tty, "scale");
    tty.types("y");
    tty.sees("✓ scale storefront/api done");
    tty.when("two instances", |shot| {
        component(shot, "api").is_some_and(|row| row.contains(" 2/2 "))
    });
    assert_eq!(sim.count("UpdateApp"), 1);
    assert_eq!(sim.changing(), 1);
    tty.quit();
}

/// The variables of the service of an app, with a new value for one of them staged.
fn edited(sim: &Sim, app: &str, value: &str) -> Terminal {
    let mut tty = at(sim, app);
    go_to(&mut tty, app, "web");
    tty.types("5");
    tty.sees("LOG_LEVEL");
    tty.types("G");
    tty.when("the last one is selected", |shot| {
        shot.row("WORKERS").is_some_and(|row| row.contains('▸'))
    });
    tty.types("\r");
    tty.sees("Enter stage");
    tty.types(&format!("{value}\r"));
    tty.sees("1 staged ┓");
    tty
}

/// The variable of a component, in the document.
fn variable<'a>(spec: &'a mut Value, name: &str) -> &'a mut Value {
    let envs = spec["services"][0]["envs"].as_array_mut().unwrap();
    envs.iter_mut().find(|it| it["key"] == name).unwrap()
}

#[test]
fn several_variables_are_one_change_and_everything_else_stays_as_it_was() {
    let sim = team(20.0);
    let before = record(&sim, "loyalty")["spec"].clone();
    let mut tty = edited(&sim, "loyalty", "canary-7");
    tty.types("n");
    tty.sees("new variable");
    tty.types("ADDED\tcanary-8\r");
    tty.sees("2 staged ┓");
    tty.types("A");
    let shot = tty.sees("A go on");
    assert!(shot.has("~ WORKERS") && shot.has("+ ADDED"));
    tty.types("A");
    let shot = asks(&tty, "change variables");
    assert!(shot.has("a deployment begins at once, with all of it"));
    assert_eq!(sim.changing(), 0);
    tty.types("y");
    tty.sees("✓ change variables loyalty/web done");
    assert_eq!(sim.count("UpdateApp"), 1);
    assert_eq!(sim.changing(), 1);
    let mut after = record(&sim, "loyalty")["spec"].clone();
    assert_eq!(variable(&mut after, "WORKERS")["value"], "canary-7");
    assert_eq!(variable(&mut after, "ADDED")["value"], "canary-8");
    // Without what was asked for it is the same text: secrets, unknown fields, their order.
    *variable(&mut after, "WORKERS") = json!({ "key": "WORKERS", "value": "2" });
    let envs = after["services"][0]["envs"].as_array_mut().unwrap();
    envs.retain(|it| it["key"] != "ADDED");
    assert!(before.to_string().contains("EV[1:") && before["future_setting"]["level"] == 3);
    assert_eq!(after.to_string(), before.to_string());
    assert!(
        !String::from_utf8_lossy(&tty.raw()).contains("canary"),
        "never shown"
    );
    tty.types("q");
    tty.sees("Apps 1 of 24");
    tty.quit();
}

#[test]
fn what_another_user_changed_meanwhile_is_a_conflict() {
    let sim = team(20.0);
    let mut tty = edited(&sim, "loyalty", "mine");
    sim.set_variable("loyalty/web", "WORKERS", "theirs");
    tty.types("A");
    let shot = tty.sees("CONFLICT, decide");
    for title in ["WAS", "IS", "SHALL BE"] {
        assert!(shot.has(title), "{title}");
    }
    tty.types("A");
    tty.sees("one conflict is open: m keeps mine, t keeps theirs");
    assert_eq!(sim.changing(), 0);
    tty.types("t");
    tty.sees("conflict: theirs");
    tty.types("A");
    tty.sees("nothing is left to change in loyalty/web");
    assert_eq!(sim.changing(), 0, "theirs stays");
    assert_eq!(sim.variable("loyalty/web", "WORKERS"), json!("theirs"));
    tty.types("q");
    tty.sees("Apps 1 of 24");
    tty.quit();
}
