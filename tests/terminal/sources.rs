//! Logs of several platforms as one, in the real program.

use flightdeck::sim::SimOptions;

use crate::kit::{Launch, Shot, Sim};

/// Three platforms on which nothing happens by itself.
fn three() -> Sim {
    Sim::of(SimOptions {
        story: false,
        speed: 20.0,
        platforms: vec!["divio", "digitalocean", "tsuru"],
        ..SimOptions::default()
    })
}

fn chosen(shot: &Shot) -> usize {
    shot.rows.iter().filter(|row| row.contains("[x] ")).count()
}

#[test]
fn logs_of_three_platforms_are_one_and_the_way_back_is_named() {
    let sim = three();
    let mut tty = Launch::on(&sim).start();
    tty.when("apps of all three", |shot| {
        shot.has("FOLLOW")
            && ["divio", "digitalocean", "tsuru"]
                .iter()
                .all(|it| shot.has(it))
    });
    tty.types("/checkout ctx:divio\r");
    tty.when("a log", |shot| {
        shot.has("Logs  checkout") && shot.has(" lines")
    });
    tty.types("lM");
    tty.sees("Logs shown as one");
    tty.types("digitalocean\r");
    tty.sees("2 of 16 chosen");
    tty.types("\u{15}tsuru\r");
    tty.sees("3 of 16 chosen");
    tty.types("\u{15}");
    let shot = tty.when("the chosen ones first", |shot| chosen(shot) == 3);
    for platform in ["Divio", "DigitalOcean", "tsuru"] {
        let mut rows = shot.rows.iter().filter(|row| row.contains("[x] "));
        assert!(rows.any(|row| row.contains(platform)), "{platform}");
    }
    tty.types("\u{1b}");
    tty.sees("3 logs as one; M, then * goes back to the selection");
    sim.log("checkout/test", &["written while three are one"]);
    let shot = tty.sees("written while three are one");
    let line = shot.row("written while three are one").unwrap();
    assert!(line.contains("checkout"), "whose it is: {line}");
    let title = shot.row("Logs  checkout + ");
    assert!(title.is_some_and(|row| row.contains("3 sources on 3 platforms")));
    tty.types("M");
    tty.sees("3 of 16 chosen");
    tty.types("*");
    tty.when("none is chosen", |shot| {
        shot.has("Logs shown as one") && chosen(shot) == 0
    });
    tty.types("\u{1b}");
    tty.sees_no("Logs shown as one");
    tty.when("the selection's log again", |shot| {
        shot.has("Logs  checkout/test") && shot.has("FOLLOW")
    });
    tty.quit();
}
