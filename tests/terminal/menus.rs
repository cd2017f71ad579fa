//! Menus, the palette, forms and the clipboard.

use crate::kit::{Launch, Sim, Terminal, until};

/// On the test environment of the first app.
fn at_test(launch: Launch) -> Terminal {
    let mut tty = launch.start();
    tty.when("all panes", |shot| shot.has("FOLLOW") && shot.has("DONE"));
    // Chosen: from now on the selection stays on it.
    tty.types("jk");
    tty.when("the test environment", |shot| {
        shot.has("Logs  checkout/test") && shot.has("FOLLOW")
    });
    tty
}

#[test]
fn the_menu_says_why_something_is_not_offered_and_stays() {
    let sim = Sim::still();
    let mut tty = at_test(Launch::on(&sim));
    tty.types("a");
    tty.sees("Actions · checkout/test");
    tty.types("x");
    let shot = tty.sees("cancel: Divio's API has no cancel");
    assert!(shot.has("Actions · checkout/test"), "it stays");
    tty.types("d");
    tty.sees("deploy checkout/test (stag) in divio? y/N");
    tty.types("n");
    tty.sees("deploy checkout/test: not done");
    assert_eq!(sim.changing(), 0);
    tty.quit();
}

#[test]
fn a_form_shows_what_the_platform_does_not_accept_beside_its_field() {
    let sim = Sim::still();
    let mut tty = at_test(Launch::on(&sim));
    tty.types("am");
    tty.sees("add-domain · checkout/test");
    tty.types("\r");
    tty.sees("✖ is missing");
    tty.types("not a domain\r");
    tty.sees("add domain checkout/test (stag) in divio: not a domain? y/N");
    assert_eq!(sim.changing(), 0, "a form sends nothing");
    tty.types("y");
    let shot = tty.when("the form again, with the platform's words", |shot| {
        shot.has("add-domain · checkout/test") && shot.has("✖ Enter a valid domain name.")
    });
    assert!(shot.has("not a domain"), "what was typed is there");
    assert_eq!(sim.count("CreateDomain"), 1);
    // It opened by itself, so it takes keys after a moment only.
    until("the form takes keys", || {
        tty.types("\u{15}");
        (!tty.shot().has("not a domain")).then_some(())
    });
    tty.types("shop.example.com\r");
    tty.sees("add domain checkout/test (stag) in divio: ");
    tty.types("y");
    tty.sees("✓ add domain checkout/test");
    assert_eq!(sim.count("CreateDomain"), 2);
    tty.quit();
}

#[test]
fn a_list_is_read_from_the_platform_and_chosen_from() {
    let sim = Sim::still();
    let mut tty = at_test(Launch::on(&sim));
    tty.types("ag");
    tty.sees("PostgreSQL");
    tty.types("queue");
    tty.when("what fits", |shot| {
        shot.has("Message queue") && !shot.has("PostgreSQL")
    });
    tty.types("\rJOBS\r");
    tty.sees("create service checkout/test (stag) in divio: JOBS? y/N");
    tty.types("n");
    tty.sees("create service checkout/test: not done");
    assert_eq!(sim.changing(), 0);
    tty.quit();
}

#[test]
fn the_palette_runs_an_action_by_its_name() {
    let sim = Sim::still();
    let mut tty = at_test(Launch::on(&sim));
    tty.types(":");
    tty.sees("Commands");
    tty.types("pause\r");
    tty.sees("polling is paused; p resumes it");
    tty.types("\u{10}");
    tty.sees("Commands");
    tty.types("set var\r");
    tty.sees("set-var · checkout/test");
    tty.types("\u{1b}");
    tty.sees_no("set-var · checkout/test");
    tty.quit();
}

#[test]
fn the_clipboard_is_the_terminals() {
    let sim = Sim::still();
    let mut tty = at_test(Launch::on(&sim).variable("SSH_TTY", "/dev/pts/0"));
    tty.types("yn");
    tty.sees("copied the name, if the terminal allows it: checkout/test");
    let holds = |tty: &Terminal, sequence: &str| {
        let raw = tty.raw();
        let wanted = sequence.as_bytes();
        raw.windows(wanted.len()).any(|part| part == wanted)
    };
    // OSC 52 with the base64 of "checkout/test".
    assert!(holds(&tty, "\u{1b}]52;c;Y2hlY2tvdXQvdGVzdA==\u{1b}\\"));
    tty.types("o");
    tty.sees("copied the address (over SSH there is no browser)");
    tty.types("Y");
    tty.sees("flightdeck do deploy divio:checkout/test --mode auto");
    tty.quit();
}
