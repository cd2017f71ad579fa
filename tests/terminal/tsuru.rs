//! The third platform in the real program: processes instead of environments, actions that are
//! streams, one lock per app.

mod deploys;
mod locks;
mod server;
mod units;

use flightdeck::sim::SimOptions;
use serde_json::Value;

use crate::kit::{Launch, Shot, Sim, Terminal};

/// A server on which nothing happens by itself. A build takes 26 seconds of its time.
fn server(speed: f64) -> Sim {
    Sim::of(SimOptions {
        story: false,
        speed,
        platforms: vec!["tsuru"],
        ..SimOptions::default()
    })
}

/// A dashboard that lists one app only, with its deploys and its log read.
fn at(sim: &Sim, app: &str) -> Terminal {
    let mut tty = Launch::on(sim).start();
    tty.when("the apps and a log", |shot| {
        shot.has("Apps 24") && shot.has("FOLLOW")
    });
    tty.types(&format!("/app:{app}\r"));
    tty.when("the app with its deploys", |shot| {
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

/// The row of the selected app.
fn app_row<'a>(shot: &'a Shot, app: &str) -> &'a str {
    let name = format!(" {app} ");
    let mut rows = shot.rows.iter().filter(|row| row.contains(" tsuru "));
    rows.find(|row| row.contains(&name))
        .map_or("", String::as_str)
}

/// The row of a process in the table of them.
fn process<'a>(shot: &'a Shot, name: &str) -> &'a str {
    let from = shot.rows.iter().position(|row| right(row).contains("NAME"));
    let rows = shot.rows.iter().skip(from.unwrap_or(usize::MAX));
    let mut rows = rows.map(|row| right(row));
    let name = format!(" {name} ");
    rows.find(|row| row.contains(&name)).unwrap_or_default()
}

/// Goes to the processes of the selected app.
fn to_processes(tty: &mut Terminal) {
    tty.types("d");
    tty.sees("┏ Environments");
}

/// Waits until a question can be answered, and tells what it says.
fn asks(tty: &Terminal, verb: &str) -> Shot {
    tty.when(&format!("the question to {verb}"), |shot| {
        let is_line = shot.row("? y/N").is_some_and(|row| row.contains(verb));
        is_line || shot.is_bold(&format!("y {verb}"))
    })
}

/// The newest event of a kind on an app, as the server has it.
fn newest_event(sim: &Sim, app: &str, kind: &str) -> Value {
    let path = format!("/1.1/events?target.type=app&target.value={app}&kindname={kind}&limit=1");
    let events: Value = serde_json::from_str(&sim.read(&path)).unwrap();
    events[0].clone()
}
