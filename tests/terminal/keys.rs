//! Moving about.

use crate::kit::{Launch, Shot, Sim, Terminal};

fn started(sim: &Sim) -> Terminal {
    let tty = Launch::on(sim).start();
    tty.when("apps, a log and backups", |shot| {
        shot.has("Apps 24") && shot.has("FOLLOW") && shot.has("DONE")
    });
    tty
}

/// The pane with the heavy frame.
fn is_focused(shot: &Shot, pane: &str) -> bool {
    shot.has(&format!("┏ {pane}"))
}

#[test]
fn the_selection_moves() {
    let sim = Sim::still();
    let mut tty = started(&sim);
    let first = tty.shot().apps();
    assert_eq!(tty.shot().selected_app().as_ref(), first.first());
    for (keys, row) in [
        ("j", 1),
        ("jj", 3),
        ("k", 2),
        ("\u{1b}[B", 3),
        ("\u{1b}[A", 2),
    ] {
        tty.types(keys);
        tty.when(&format!("row {row} after {keys:?}"), |shot| {
            shot.selected_app().as_ref() == first.get(row)
        });
    }
    tty.types("G");
    tty.when("the last row", |shot| {
        shot.selected_app().as_ref() == shot.apps().last() && shot.apps() != first
    });
    tty.types("g");
    tty.when("the first row", |shot| {
        shot.selected_app().as_ref() == first.first() && shot.apps() == first
    });
    tty.types("}");
    tty.when("the next problem", |shot| {
        shot.selected_app().as_ref() == first.get(1)
    });
    tty.quit();
}

#[test]
fn the_other_panes_follow_the_selection() {
    let sim = Sim::still();
    let mut tty = started(&sim);
    tty.types("jjj");
    let name = tty.shot().apps()[3].clone();
    tty.when("environments, log and backups of another app", |shot| {
        shot.has(&format!("Logs  {name}/")) && shot.has("FOLLOW") && shot.has("last good")
    });
    tty.quit();
}

#[test]
fn the_focus_goes_through_the_panes() {
    let sim = Sim::still();
    let mut tty = started(&sim);
    assert!(is_focused(&tty.shot(), "Apps"));
    for pane in ["Environments", "Logs", "Backups", "Apps"] {
        tty.types("\t");
        tty.when(&format!("{pane} after Tab"), |shot| is_focused(shot, pane));
    }
    tty.types("\u{1b}[Z");
    tty.when("Backups after Shift-Tab", |shot| {
        is_focused(shot, "Backups")
    });
    for (key, pane) in [
        ("d", "Environments"),
        ("l", "Logs"),
        ("b", "Backups"),
        ("i", "Detail"),
    ] {
        tty.types(key);
        tty.when(&format!("{pane} after {key}"), |shot| {
            is_focused(shot, pane)
        });
    }
    tty.types("\u{1b}");
    tty.when("Apps after Esc", |shot| is_focused(shot, "Apps"));
    tty.types("\r");
    tty.when("Environments after Enter", |shot| {
        is_focused(shot, "Environments")
    });
    tty.types("\r");
    tty.when("Logs after Enter", |shot| is_focused(shot, "Logs"));
    tty.quit();
}

#[test]
fn a_pane_grows_and_shrinks() {
    let sim = Sim::still();
    let mut tty = started(&sim);
    let rows = tty.shot().apps().len();
    tty.types("+");
    tty.when("half: more rows beside the others", |shot| {
        shot.apps().len() > rows && shot.has("Logs ")
    });
    tty.types("+");
    tty.when("full: alone", |shot| {
        shot.apps().len() == 24 && !shot.has("Logs ")
    });
    tty.types("_");
    tty.when("half again", |shot| {
        shot.has("Logs ") && shot.apps().len() > rows
    });
    tty.types("_");
    tty.when("normal again", |shot| shot.apps().len() == rows);
    tty.quit();
}

#[test]
fn the_filter_narrows_and_esc_clears_it() {
    let sim = Sim::still();
    let mut tty = started(&sim);
    tty.types("/shop");
    let shot = tty.when("one app", |shot| shot.has("Apps 1 of 24"));
    assert_eq!(shot.apps(), ["shop-api"]);
    assert!(shot.has("/shop"));
    tty.types("\r");
    tty.when("the filter stays", |shot| {
        shot.has("Apps 1 of 24") && shot.has("? help")
    });
    tty.types("\u{1b}");
    tty.when("all apps", |shot| {
        shot.has("Apps 24") && shot.apps().len() > 10
    });
    tty.types("/state:fail");
    tty.when("two failing apps", |shot| shot.has("Apps 2 of 24"));
    tty.types(" -auth");
    tty.when("one of them", |shot| shot.has("Apps 1 of 24"));
    tty.types("\u{1b}");
    tty.when("all apps again", |shot| shot.has("Apps 24"));
    tty.types("/no-such-app-anywhere");
    tty.sees("Esc clears it");
    tty.types("\u{1b}");
    tty.sees("Apps 24");
    tty.quit();
}

#[test]
fn help_is_searched() {
    let sim = Sim::still();
    let mut tty = started(&sim);
    tty.types("?");
    let shot = tty.sees("Keys in Apps");
    assert!(shot.has("Move down one row"));
    tty.types("backup");
    tty.when("only what has to do with backups", |shot| {
        shot.has("Take a backup") && !shot.has("Move down one row")
    });
    tty.types("\u{1b}");
    tty.sees_no("Keys in Apps");
    tty.quit();
}

#[test]
fn an_unknown_key_gives_a_hint() {
    let sim = Sim::still();
    let mut tty = started(&sim);
    tty.types("&");
    tty.sees("& does nothing here; ? lists the keys");
    tty.quit();
}

#[test]
fn pause_stops_polling_and_says_so() {
    let sim = Sim::still();
    let mut tty = Launch::on(&sim).setting("poll = \"2s\"").start();
    tty.sees("Apps 24");
    sim.until_asked("ListEnvironments", 1);
    tty.types("p");
    tty.sees(" PAUSED ");
    tty.types("p");
    tty.sees_no(" PAUSED ");
    sim.until_asked("ListEnvironments", 2);
    tty.quit();
}

#[test]
fn keys_of_ones_own_act_and_help_shows_them() {
    let sim = Sim::still();
    let own = "[keys]\npreset = \"vim\"\n\"poll.pause\" = \"f5\"\n\"list.filter\" = [\"F\", \"/\"]\n\
               \"pane.logs\" = []\n";
    let mut tty = Launch::on(&sim).setting(own).start();
    let shot = tty.when("hints with the keys that are bound", |shot| {
        shot.has("Apps 24") && shot.has("F filter")
    });
    assert!(!shot.has("l logs"), "what has no key is no hint");
    tty.types("l");
    tty.sees("l does nothing here; ? lists the keys");
    // F5, as a terminal sends it.
    tty.types("\u{1b}[15~");
    tty.when("paused, with the key that resumes", |shot| {
        shot.has(" PAUSED ") && shot.has("F5 resumes it")
    });
    tty.types("\u{1b}[15~");
    tty.sees_no(" PAUSED ");
    // Ctrl-w, which the preset has for the next pane.
    tty.types("\u{17}");
    tty.when("Environments after Ctrl-w", |shot| {
        is_focused(shot, "Environments")
    });
    tty.types("?poll.pause");
    tty.when("help with the key that is bound", |shot| {
        let row = shot.row("Pause or resume polling");
        row.is_some_and(|row| row.contains("F5"))
    });
    tty.types("\u{1b}");
    tty.sees_no("Keys in Environments");
    tty.quit();
}

#[test]
fn keys_that_may_not_be_bound_are_told_and_change_nothing() {
    let sim = Sim::still();
    let own = "[keys]\n\"deployment.deploy\" = \"ctrl-d\"\n\"poll.pause\" = \"z\"\n";
    let mut tty = Launch::on(&sim).setting(own).start();
    tty.when("where and why", |shot| {
        shot.has("flightdeck.toml:") && shot.has("\"ctrl-d\" may not change anything")
    });
    tty.when("apps", |shot| shot.has("Apps 24") && shot.has("DONE"));
    let first = tty.shot().apps();
    tty.types("\u{4}");
    tty.when("half a page further, and no question", |shot| {
        shot.selected_app().as_ref() != first.first() && !shot.has("y/N")
    });
    tty.types("z");
    tty.sees(" PAUSED ");
    tty.types("z");
    tty.sees_no(" PAUSED ");
    assert_eq!(sim.changing(), 0);
    tty.quit();
}
