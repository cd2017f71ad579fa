//! The fifth platform in the real program: projects in which nothing runs.

mod life;
mod nothing;

use crate::apps::{asks, right};
use crate::kit::{Launch, Shot, Sim, Terminal};

/// An account in which nothing happens by itself.
fn account(speed: f64) -> Sim {
    Sim::still_on("pangea", speed)
}

/// A dashboard that lists the projects.
fn all(launch: Launch) -> Terminal {
    let tty = launch.start();
    tty.when("the projects with their regions", |shot| {
        shot.has("Apps 24") && shot.has("Regions 1")
    });
    tty
}

/// A dashboard that lists one project only.
fn at(sim: &Sim, project: &str) -> Terminal {
    let mut tty = all(Launch::on(sim));
    select(&mut tty, project);
    tty
}

/// Lists one project only.
fn select(tty: &mut Terminal, project: &str) {
    tty.types("/");
    tty.types(&format!("\u{15}app:{project}\r"));
    tty.when("the project", |shot| {
        shot.selected_app().as_deref() == Some(project) && shot.has(&format!("Logs  {project}/"))
    });
}

/// The row of a project.
fn project_row<'a>(shot: &'a Shot, project: &str) -> &'a str {
    let name = format!(" {project} ");
    let mut rows = shot.rows.iter().filter(|row| row.contains(" pangea "));
    rows.find(|row| row.contains(&name))
        .map_or("", String::as_str)
}
