//! Terminal sessions: the terminal is the session's while it lasts, and ours again afterwards.

use rustix::process::Signal;

use crate::kit::{Launch, Terminal, until};

/// On the built-in simulator, whose second platform has consoles.
fn session() -> Terminal {
    let launch = Launch::demo().size(100, 30);
    let launch = launch.with("console").with("digitalocean:ledger/web");
    let mut tty = launch.start();
    tty.sees("connected;");
    tty.sees("$ ");
    tty.types("ls\r");
    tty.sees("package.json");
    tty
}

/// How often the shell has asked for something to do.
fn prompts(tty: &Terminal) -> usize {
    let raw = tty.raw();
    raw.windows(2).filter(|bytes| bytes == b"$ ").count()
}

#[test]
fn a_session_has_the_terminal_until_its_shell_ends() {
    let mut tty = session();
    tty.types("size\r");
    tty.sees("100x30");
    tty.resize(90, 20);
    // The new size takes its own way, beside what is typed: it is asked for until it is there.
    let has_come = (0..50).any(|_| {
        let before = prompts(&tty);
        tty.types("size\r");
        until("an answer", || (prompts(&tty) > before).then_some(()));
        tty.shot().has("90x20")
    });
    assert!(has_come);
    tty.types("exit\r");
    let (code, shot) = tty.end();
    assert_eq!(code, 0);
    assert!(shot.has("console digitalocean:ledger/web: done"));
    assert!(tty.is_cooked());
}

#[test]
fn a_session_can_be_left_and_ended_from_outside() {
    let mut tty = session();
    tty.types("~.");
    let (code, shot) = tty.end();
    assert_eq!(code, 0);
    assert!(shot.has("left by ~."));
    assert!(tty.is_cooked());
    let mut tty = session();
    tty.signal(Signal::TERM);
    let (_, shot) = tty.end();
    assert!(shot.has("told to end"));
    assert!(tty.is_cooked());
}

#[test]
fn the_dashboard_lends_its_screen_and_takes_it_back() {
    let mut tty = Launch::demo().start();
    tty.when("all panes", |shot| shot.has("FOLLOW") && shot.has("ledger"));
    tty.types("/app:ledger ctx:digitalocean\r");
    tty.when("the app", |shot| {
        shot.selected_app().as_deref() == Some("ledger") && shot.has("Logs  ledger/web")
    });
    tty.types("I");
    tty.sees("console ledger/web");
    tty.types("y");
    tty.sees("connected;");
    tty.sees_no("Backups");
    tty.types("ls\r");
    tty.sees("package.json");
    tty.types("exit\r");
    let shot = tty.sees("console ledger/web done");
    assert!(shot.has("Backups") && !shot.has("package.json"));
    tty.types("T");
    tty.when("the session among the operations", |shot| {
        shot.has("Operations 1") && shot.has("DONE")
    });
    tty.types("q");
    tty.quit();
}
