//! The views, in the real program.

use crate::kit::{Launch, Shot, Sim};

/// A deployment takes so long that it is seen.
fn slow() -> Sim {
    Sim::still_on("divio", 5.0)
}

fn ready(shot: &Shot) -> bool {
    shot.has("Apps 24") && shot.has("FOLLOW") && shot.has("DONE")
}

/// The first row below the titles of a view.
fn top_row<'a>(shot: &'a Shot, title: &str) -> Option<&'a str> {
    let at = shot.rows.iter().position(|row| row.contains(title))?;
    shot.rows.get(at + 1).map(String::as_str)
}

#[test]
fn a_deployment_is_seen_in_operations_and_in_activity() {
    let sim = slow();
    let mut tty = Launch::on(&sim).start();
    tty.when("all panes", ready);
    tty.types("d");
    tty.when("the environments", |shot| shot.has("┏ Environments"));
    tty.types("jk");
    tty.when("the test environment", |shot| {
        shot.has("Logs  checkout/test") && shot.has("FOLLOW")
    });
    tty.types("D");
    tty.sees("deploy checkout/test (stag) in divio? y/N");
    tty.types("y");
    tty.types("T");
    tty.sees("┏ Operations 1");
    tty.when("it runs", |shot| {
        top_row(shot, "VERB").is_some_and(|row| row.contains("deploy  checkout/test"))
    });
    tty.types("\r");
    tty.sees("follows      deployment ");
    tty.when("its end", |shot| {
        top_row(shot, "VERB").is_some_and(|row| row.contains("● DONE"))
    });
    tty.types("6");
    tty.when("one event for both", |shot| {
        let rows = shot.rows.iter();
        let events: Vec<_> = rows
            .filter(|row| row.starts_with('┃'))
            .filter(|row| row.contains("checkout/test") && row.contains(" you "))
            .collect();
        events.len() == 1 && events[0].contains("deploy in") && events[0].contains("; deployment ")
    });
    tty.when("the platform's own trail", |shot| shot.has("○ NOTE"));
    tty.types("/ctx:nowhere");
    tty.sees("Nothing that happened fits the filter.");
    tty.types("\x1b");
    tty.when("Esc shows everything again", |shot| shot.has("○ NOTE"));
    tty.types("q");
    tty.when("the dashboard", |shot| shot.has("Apps 24"));
    tty.quit();
}

#[test]
fn the_overdue_backup_comes_first_and_leads_to_its_app() {
    let sim = Sim::still();
    let mut tty = Launch::on(&sim).start();
    tty.when("all panes", ready);
    tty.types("4");
    let is_first = |shot: &Shot| {
        top_row(shot, "LAST GOOD").is_some_and(|row| row.contains("▲ OVERDUE  docs/live"))
    };
    tty.when("the overdue one on top", is_first);
    // Slowly, so that it takes longer than one is patient with.
    tty.when("half of them read", |shot| {
        let words = shot
            .row(" read ")
            .unwrap_or_default()
            .split(' ')
            .collect::<Vec<_>>();
        let read = words.windows(4).find(|it| it[1] == "of" && it[3] == "read");
        read.is_some_and(|it| it[0].parse::<u32>().is_ok_and(|count| count >= 25))
    });
    tty.when("all of them read", |shot| {
        is_first(shot) && shot.has("1 overdue") && !shot.has(" read ")
    });
    tty.types("\r");
    tty.when("its backups", |shot| {
        shot.has("┏ Backups") && shot.selected_app().as_deref() == Some("docs")
    });
    tty.sees("Logs  docs/live");
    assert_eq!(sim.changing(), 0);
    tty.quit();
}
