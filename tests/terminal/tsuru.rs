//! The third platform in the real program: processes instead of environments, actions that are
//! streams, one lock per app.

mod deploys;
mod locks;
mod server;
mod units;

use serde_json::Value;

use crate::apps::{asks, at, right};
use crate::kit::{Shot, Sim, Terminal};

/// A server on which nothing happens by itself. A build takes 26 seconds of its time.
fn server(speed: f64) -> Sim {
    Sim::still_on("tsuru", speed)
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
    tty.sees("┏ Processes");
}

/// The newest event of a kind on an app, as the server has it.
fn newest_event(sim: &Sim, app: &str, kind: &str) -> Value {
    let path = format!("/1.1/events?target.type=app&target.value={app}&kindname={kind}&limit=1");
    let events: Value = serde_json::from_str(&sim.read(&path)).unwrap();
    events[0].clone()
}
