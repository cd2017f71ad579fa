//! The second platform in the real program: apps of components that share one document.

mod changes;
mod data;
mod releases;

use flightdeck::sim::SimOptions;
use serde_json::Value;

use crate::kit::{Launch, Shot, Sim, Terminal};

/// A team in which nothing happens by itself. A build takes forty seconds of its time.
fn team(speed: f64) -> Sim {
    Sim::of(SimOptions {
        story: false,
        speed,
        platforms: vec!["digitalocean"],
        ..SimOptions::default()
    })
}

/// A dashboard that lists one app only, with the deployments of its first component read.
fn at(sim: &Sim, app: &str) -> Terminal {
    let mut tty = Launch::on(sim).start();
    tty.when("the apps and a log", |shot| {
        shot.has("Apps 24") && shot.has("FOLLOW")
    });
    tty.types(&format!("/app:{app}\r"));
    tty.when("the app with its deployments", |shot| {
        shot.selected_app().as_deref() == Some(app)
            && shot.has(&format!("Logs  {app}/"))
            && shot.rows.iter().any(|row| right(row).contains("● live  "))
    });
    tty
}

/// The part of a row that is in the pane at the right edge.
fn right(row: &str) -> &str {
    row.rsplit(['┃', '│']).nth(1).unwrap_or_default()
}

/// The row of a component in the table of them.
fn component<'a>(shot: &'a Shot, name: &str) -> Option<&'a str> {
    let mut rows = shot.rows.iter().map(|row| right(row));
    rows.find(|row| row.contains(&format!(" {name} ")))
}

/// Goes to a component of the selected app.
fn go_to(tty: &mut Terminal, app: &str, name: &str) {
    tty.types("dg");
    let shot = tty.when("the first component", |shot| {
        let titles = shot.rows.iter().position(|row| right(row).contains("NAME"));
        shot.has("┏ Environments")
            && titles.is_some_and(|at| right(&shot.rows[at + 1]).contains('▸'))
            && component(shot, name).is_some()
    });
    let place = |text: &str| {
        let row = format!(" {text} ");
        let mut rows = shot.rows.iter().map(|it| right(it));
        rows.position(|it| it.contains(&row)).unwrap()
    };
    tty.types(&"j".repeat(place(name) - place("NAME") - 1));
    tty.sees(&format!("Logs  {app}/{name}"));
}

/// Waits until a question can be answered.
fn asks(tty: &Terminal, verb: &str) -> Shot {
    tty.when(&format!("the question to {verb}"), |shot| {
        let is_line = shot.row("? y/N").is_some_and(|row| row.contains(verb));
        is_line || shot.is_bold(&format!("y {verb}"))
    })
}

/// What the platform has of an app.
fn record(sim: &Sim, app: &str) -> Value {
    let apps: Value = serde_json::from_str(&sim.read("/v2/apps?per_page=200")).unwrap();
    let apps = apps["apps"].as_array().unwrap();
    let found = apps.iter().find(|it| it["spec"]["name"] == app);
    found.unwrap().clone()
}
