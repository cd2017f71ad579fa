//! One app of many, with what is beside it: the same on every platform whose apps have parts.

use crate::kit::{Launch, Shot, Sim, Terminal};

/// A dashboard that lists one app only, with what was deployed of it and its log read.
pub(crate) fn at(sim: &Sim, app: &str) -> Terminal {
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
pub(crate) fn right(row: &str) -> &str {
    row.rsplit(['┃', '│']).nth(1).unwrap_or_default()
}

/// Waits until a question can be answered, and tells what it says.
pub(crate) fn asks(tty: &Terminal, verb: &str) -> Shot {
    tty.when(&format!("the question to {verb}"), |shot| {
        let is_line = shot.row("? y/N").is_some_and(|row| row.contains(verb));
        is_line || shot.is_bold(&format!("y {verb}"))
    })
}
