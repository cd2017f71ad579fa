//! The second platform in the real program: apps of components that share one document.

mod changes;
mod data;
mod releases;

use serde_json::Value;

use crate::apps::{asks, at, right};
use crate::kit::{Shot, Sim, Terminal};

/// A team in which nothing happens by itself. A build takes forty seconds of its time.
fn team(speed: f64) -> Sim {
    Sim::still_on("digitalocean", speed)
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
        shot.has("┏ Components")
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

/// What the platform has of an app.
fn record(sim: &Sim, app: &str) -> Value {
    let apps: Value = serde_json::from_str(&sim.read("/v2/apps?per_page=200")).unwrap();
    let apps = apps["apps"].as_array().unwrap();
    let found = apps.iter().find(|it| it["spec"]["name"] == app);
    found.unwrap().clone()
}
