//! The fourth platform in the real program: apps of a catalogue, which may wait for their domain, and
//! projects with live logs.

mod domain;
mod install;
mod projects;
mod refusals;

use crate::apps::{asks, right};
use crate::kit::{Launch, Shot, Sim, Terminal};

/// An organisation in which nothing happens by itself. An installation takes about half a minute of
/// its time.
fn organisation(speed: f64) -> Sim {
    Sim::still_on("pandastack", speed)
}

/// A dashboard that lists one app, or few.
fn at(sim: &Sim, app: &str) -> Terminal {
    at_with(Launch::on(sim), app)
}

/// The same, started in another way.
fn at_with(launch: Launch, app: &str) -> Terminal {
    let mut tty = launch.start();
    tty.when("apps and projects, and a log", |shot| {
        shot.has("Apps 29") && shot.has("FOLLOW")
    });
    tty.types(&format!("/app:{app}\r"));
    tty.when("the app with its deployments", |shot| {
        shot.selected_app().as_deref() == Some(app)
            && shot.has(&format!("Logs  {app}/"))
            && !shot.has("reading the deployments")
    });
    tty
}

/// The row of an app.
fn app_row<'a>(shot: &'a Shot, app: &str) -> &'a str {
    let name = format!(" {app} ");
    let mut rows = shot.rows.iter().filter(|row| row.contains(" pandastack "));
    rows.find(|row| row.contains(&name))
        .map_or("", String::as_str)
}
