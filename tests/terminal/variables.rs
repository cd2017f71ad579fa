//! Variables: what is changed is sent once, after a look, and is in no file.

use std::fs::{self, Permissions};
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};

use flightdeck::sim::SimOptions;
use rustix::process::Signal;
use serde_json::json;

use crate::kit::{Launch, Shot, Sim, Terminal, until};
use crate::operations::at_test;

const ENV: &str = "checkout/test";

/// The view of the variables of the test environment, with the selection on a row.
fn at(sim: &Sim, launch: Launch, name: &str) -> Terminal {
    let mut tty = at_test(sim, launch);
    tty.types("5");
    tty.sees("LOG_LEVEL");
    go_to(&mut tty, name);
    tty
}

fn go_to(tty: &mut Terminal, name: &str) {
    let is_there = |shot: &Shot| shot.row(name).is_some_and(|row| row.contains('▸'));
    tty.types("g");
    let shot = tty.when("the first row", |shot| {
        let titles = shot.rows.iter().position(|row| row.contains("NAME"));
        titles.is_some_and(|at| shot.rows[at + 1].contains('▸'))
    });
    let row = |text: &str| shot.rows.iter().position(|row| row.contains(text)).unwrap();
    tty.types(&"j".repeat(row(name) - row("NAME") - 1));
    tty.when(&format!("{name} is selected"), is_there);
}

/// From what is staged to what the platform has taken.
fn apply(tty: &mut Terminal) {
    tty.types("A");
    tty.sees("A go on");
    tty.types("A");
    tty.sees("set variable checkout/test (stag) in divio: ");
    tty.types("y");
    tty.sees("✓ set variable checkout/test");
}

fn leave(mut tty: Terminal) {
    tty.types("q");
    tty.sees("Apps 24");
    tty.quit();
}

#[test]
fn a_value_is_staged_reviewed_and_sent_once() {
    let sim = Sim::still();
    let mut tty = at(&sim, Launch::on(&sim), "DEBUG");
    tty.types("\r");
    tty.sees("Enter stage");
    tty.types("canary-new");
    tty.sees("••••••••••");
    tty.types("\r");
    tty.sees("1 staged ┓");
    tty.types("A");
    tty.sees("go on to the question");
    assert_eq!(sim.changing(), 0, "nothing is sent before a yes");
    tty.types("\u{1b}");
    tty.sees_no("go on to the question");
    apply(&mut tty);
    assert_eq!(sim.count("PartialUpdateEnvironmentVariable"), 1);
    assert_eq!(sim.changing(), 1);
    assert_eq!(sim.variable(ENV, "DEBUG"), json!("canary-new"));
    let shot = tty.sees("redeploy needed: D ┓");
    assert!(!shot.has("1 staged ┓"));
    assert!(
        !String::from_utf8_lossy(&tty.raw()).contains("canary"),
        "never shown"
    );
    leave(tty);
}

#[test]
fn a_shown_value_goes_away_by_itself() {
    let sim = Sim::still();
    let mut tty = at(&sim, Launch::on(&sim), "LOG_LEVEL");
    let is_shown = |shot: &Shot| {
        shot.row("LOG_LEVEL")
            .is_some_and(|row| row.contains(" info "))
    };
    assert!(!is_shown(&tty.shot()));
    tty.types(".");
    tty.when("the value", is_shown);
    tty.when("the mask, fifteen seconds later", |shot| !is_shown(shot));
    leave(tty);
}

#[test]
fn what_somebody_else_changed_is_not_overwritten_unasked() {
    let sim = Sim::still();
    let mut tty = at(&sim, Launch::on(&sim), "DEBUG");
    for (choice, end) in [("t", "theirs"), ("m", "mine")] {
        go_to(&mut tty, "DEBUG");
        tty.types("\r");
        tty.sees("Enter stage");
        tty.types("mine\r");
        tty.sees("1 staged ┓");
        sim.set_variable(ENV, "DEBUG", &format!("theirs, before {choice}"));
        tty.types("A");
        tty.sees("CONFLICT, decide");
        tty.types("A");
        tty.sees("one conflict is open: m keeps mine, t keeps theirs");
        tty.types(choice);
        tty.sees(&format!("conflict: {end}"));
        tty.types("A");
        if choice == "t" {
            tty.sees("nothing is left to change in checkout/test");
            assert_eq!(sim.changing(), 0);
            assert_eq!(sim.variable(ENV, "DEBUG"), json!("theirs, before t"));
        }
    }
    tty.sees("set variable checkout/test (stag) in divio: ");
    tty.types("y");
    tty.sees("✓ set variable checkout/test");
    assert_eq!(sim.variable(ENV, "DEBUG"), json!("mine"));
    assert_eq!(sim.changing(), 1);
    leave(tty);
}

/// A folder for what tests of the editor need, and a script in it that is the editor.
struct Desk(tempfile::TempDir);

impl Desk {
    fn new(script: &str) -> Self {
        let desk = Self(tempfile::tempdir().unwrap());
        fs::create_dir(desk.runtime()).unwrap();
        let text = format!("#!/bin/sh\nseen={}\n{script}\n", desk.seen().display());
        fs::write(desk.editor(), text).unwrap();
        fs::set_permissions(desk.editor(), Permissions::from_mode(0o700)).unwrap();
        desk
    }

    fn editor(&self) -> PathBuf {
        self.0.path().join("editor")
    }

    fn seen(&self) -> PathBuf {
        self.0.path().join("seen")
    }

    fn runtime(&self) -> PathBuf {
        self.0.path().join("runtime")
    }

    fn launch(&self, sim: &Sim) -> Launch {
        Launch::on(sim)
            .variable("VISUAL", self.editor().to_str().unwrap())
            .variable("EDITOR", "false")
            .variable("XDG_RUNTIME_DIR", self.runtime().to_str().unwrap())
    }
}

/// Every file below a folder.
fn files(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path());
    entries
        .flat_map(|path| {
            if path.is_dir() {
                files(&path)
            } else {
                vec![path]
            }
        })
        .collect()
}

fn holds_canary(file: &Path) -> bool {
    let bytes = fs::read(file).unwrap();
    String::from_utf8_lossy(&bytes).contains("canary")
}

#[test]
fn the_editor_gets_a_private_file_that_is_gone_afterwards() {
    let sim = Sim::still();
    sim.set_variable(ENV, "LOG_LEVEL", "canary-before");
    let desk = Desk::new(
        r#"for path in "$1" "$(dirname "$1")"; do ls -ld "$path" | cut -c1-10 >> "$seen"; done
grep -c canary-before "$1" >> "$seen"
cp "$1" "$1.swp"
sed 's/^LOG_LEVEL=.*/LOG_LEVEL=canary-after/' "$1.swp" > "$1"
test -t 0 && test -t 1 && echo a terminal >> "$seen""#,
    );
    let launch = desk.launch(&sim).variable("FLIGHTDECK_LOG", "trace");
    let mut tty = at(&sim, launch, "LOG_LEVEL");
    tty.types("E");
    tty.sees("1 staged change; A reviews and applies");
    let seen = fs::read_to_string(desk.seen()).unwrap();
    assert_eq!(seen, "-rw-------\ndrwx------\n1\na terminal\n");
    assert_eq!(files(&desk.runtime()), Vec::<PathBuf>::new());
    assert_eq!(sim.changing(), 0);
    apply(&mut tty);
    assert_eq!(sim.variable(ENV, "LOG_LEVEL"), json!("canary-after"));
    assert_eq!(sim.changing(), 1);
    assert!(!String::from_utf8_lossy(&tty.raw()).contains("canary"));
    tty.types("q");
    tty.sees("Apps 24");
    let home = tty.home().to_owned();
    tty.types("q");
    assert_eq!(tty.end().0, 0);
    let written = files(&home);
    let is_log = |file: &PathBuf| file.ends_with("flightdeck.log");
    assert!(written.iter().any(is_log), "{written:?}");
    let leaks: Vec<_> = written
        .into_iter()
        .filter(|file| holds_canary(file))
        .collect();
    assert_eq!(leaks, Vec::<PathBuf>::new());
}

#[test]
fn a_text_with_a_mistake_is_not_lost() {
    let sim = Sim::still();
    let desk = Desk::new(
        r#"if test -e "$seen"; then sed -i 's/^ADDED 1$/ADDED=1/' "$1"; else
echo 'ADDED 1' >> "$1"; grep -n ADDED "$1" | cut -d: -f1 > "$seen"; fi"#,
    );
    let mut tty = at(&sim, desk.launch(&sim), "DEBUG");
    tty.types("E");
    tty.sees("The text is not understood");
    let line = fs::read_to_string(desk.seen()).unwrap();
    tty.sees(&format!("line {}, column 7: = is expected", line.trim()));
    tty.types("e");
    tty.sees("1 staged change; A reviews and applies");
    tty.types("q");
    tty.sees("1 staged change of checkout/test kept");
    tty.types("q");
    tty.sees("Quit and lose staged changes?");
    tty.types("y");
    assert_eq!(tty.end().0, 0);
    assert_eq!(sim.changing(), 0);
    assert_eq!(files(&desk.runtime()), Vec::<PathBuf>::new());
}

#[test]
fn an_editor_that_fails_changes_nothing() {
    let sim = Sim::still();
    let desk = Desk::new(r#"echo 'ADDED=1' >> "$1"; exit 3"#);
    let mut tty = at(&sim, desk.launch(&sim), "DEBUG");
    tty.types("E");
    let shot = tty.sees("the editor ended with exit status: 3; nothing is staged");
    assert!(shot.is_alternate && shot.hides_cursor && shot.pastes_bracketed);
    assert_eq!(files(&desk.runtime()), Vec::<PathBuf>::new());
    leave(tty);
}

#[test]
fn an_interrupt_is_meant_for_the_editor() {
    let sim = Sim::still();
    let desk = Desk::new(
        r#"mkfifo "$seen.go"; echo open > "$seen"
read line < "$seen.go"; echo "$line" >> "$1""#,
    );
    let mut tty = at(&sim, desk.launch(&sim), "DEBUG");
    tty.types("E");
    until("the editor is open", || desk.seen().exists().then_some(()));
    tty.signal(Signal::INT);
    fs::write(desk.seen().with_extension("go"), "ADDED=1\n").unwrap();
    tty.sees("1 staged change; A reviews and applies");
    tty.types("UU");
    tty.sees("1 staged change of checkout/test dropped");
    leave(tty);
}

#[test]
fn a_signal_while_the_editor_is_open_leaves_nothing() {
    let sim = Sim::of(SimOptions {
        story: false,
        platforms: vec!["divio"],
        ..SimOptions::default()
    });
    let desk = Desk::new(r#"echo open > "$seen"; exec tail -f /dev/null"#);
    // Of a process that was ended without a chance to clear up.
    let left = desk.runtime().join("flightdeck/edit-2147483646-x");
    fs::create_dir_all(&left).unwrap();
    fs::write(left.join("variables.env"), "A=canary").unwrap();
    let mut tty = at(&sim, desk.launch(&sim), "DEBUG");
    assert!(!left.exists(), "cleared up at the start");
    tty.types("E");
    until("the editor is open", || desk.seen().exists().then_some(()));
    assert_eq!(files(&desk.runtime()).len(), 1);
    tty.signal(Signal::TERM);
    let (code, shot) = tty.end();
    assert_eq!(code, 0);
    assert!(tty.is_cooked() && !shot.is_alternate && !shot.hides_cursor);
    assert_eq!(files(&desk.runtime()), Vec::<PathBuf>::new());
}
