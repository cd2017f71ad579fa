//! Keys of one's own, and every kind of mistake with its place.

use crate::app::action::{ACTIONS, Action};
use crate::app::keymap::{Keymap, Preset};
use crate::app::keys::KeyPress;
use crate::config::tests::{check, read};

fn press(name: &str) -> KeyPress {
    KeyPress::from_name(name).unwrap()
}

/// The only problem of this `[keys]` table is `expected`; what it concerns stays as shipped.
#[track_caller]
fn check_keys(lines: &str, expected: &str) {
    let text = format!("[keys]\n{lines}\n");
    check(&text, expected, 0);
    let (read, shipped) = (read(&text).keys, Keymap::default());
    assert!(read.bound().eq(shipped.bound()), "{lines}");
}

#[test]
fn keys_are_rebound_and_unbound() {
    for deploy in ["\"deployment.deploy\"", "deployment.deploy"] {
        let config = read(&format!(
            "[keys]\n{deploy} = [\"F5\", \"K\"]\n\"poll.pause\" = \"ctrl-x\"\nquit = []\n"
        ));
        assert_eq!(config.problems, []);
        let keys = |action| config.keys.keys_of(action);
        assert_eq!(keys(Action::Deploy), [press("f5"), press("K")]);
        assert_eq!(keys(Action::Pause), [press("ctrl-x")]);
        assert_eq!(keys(Action::Quit), []);
        assert_eq!(keys(Action::CreateBackup), [press("B")]);
    }
}

#[test]
fn a_preset_is_where_own_keys_begin() {
    for (word, preset) in Preset::WORDS {
        let config = read(&format!("[keys]\npreset = \"{word}\"\n"));
        assert_eq!(config.problems, []);
        assert!(config.keys.bound().eq(Keymap::preset(*preset).bound()));
    }
    let config = read("[keys]\n\"pane.detail\" = \"i\"\npreset = \"k9s\"\n");
    assert_eq!(config.problems, []);
    assert_eq!(config.keys.keys_of(Action::Detail), [press("i")]);
    assert_eq!(config.keys.keys_of(Action::Environments), [press("P")]);
    check_keys(
        "preset = \"k8s\"",
        "config.toml:2:10: unknown preset \"k8s\"; did you mean \"k9s\"? \
         allowed: default, vim, k9s, lazygit",
    );
    check_keys(
        "preset = [\"vim\"]",
        "config.toml:2:10: `preset` must be one of: default, vim, k9s, lazygit, found an array",
    );
}

#[test]
fn an_unknown_action_is_named_with_the_nearest_one() {
    let names: Vec<_> = ACTIONS.iter().map(|row| row.name).collect();
    let logs: Vec<_> = names
        .iter()
        .filter(|name| name.starts_with("logs."))
        .copied()
        .collect();
    for name in ["\"logs.folow\"", "logs.folow"] {
        let column = name
            .find("folow")
            .filter(|_| !name.starts_with('"'))
            .map_or(1, |at| at + 1);
        check_keys(
            &format!("{name} = \"F\""),
            &format!(
                "config.toml:2:{column}: unknown action \"logs.folow\" in [keys]; \
                 did you mean \"logs.follow\"? allowed: {}",
                logs.join(", ")
            ),
        );
    }
    check_keys(
        "zzzzzz = \"F\"",
        &format!(
            "config.toml:2:1: unknown action \"zzzzzz\" in [keys]; allowed: preset, {}",
            names.join(", ")
        ),
    );
}

#[test]
fn a_malformed_key_is_told_where_it_stands() {
    let allowed = "allowed: a character, enter, esc, tab, shift-tab, up, down, left, right, home, \
                   end, pageup, pagedown, backspace, delete, insert, space, f1 to f12, each also \
                   with ctrl- or alt- before it";
    for (written, column, problem) in [
        (
            "[\"F9\", \"entr\"]",
            25,
            "unknown key \"entr\"; did you mean \"enter\"?",
        ),
        (
            "\"shift-k\"",
            18,
            "unknown key \"shift-k\"; with Shift it is \"K\";",
        ),
        ("\"hyper-x\"", 18, "unknown key \"hyper-x\";"),
        ("\"\"", 18, "unknown key \"\";"),
    ] {
        check_keys(
            &format!("\"poll.refresh\" = {written}"),
            &format!("config.toml:2:{column}: {problem} {allowed}"),
        );
    }
    check_keys(
        "\"poll.refresh\" = 5",
        "config.toml:2:18: `refresh` must be a key such as \"D\" or a list of keys, found an \
         integer",
    );
    check(
        "keys = \"vim\"",
        "config.toml:1:8: `keys` must be a table ([keys]), found a string",
        0,
    );
}

#[test]
fn what_may_not_be_bound_is_told_and_stays_as_it_was() {
    check_keys(
        "\"poll.pause\" = [\"z\", \"r\"]",
        "config.toml:2:22: \"r\" is the key of \"poll.refresh\" (Everywhere); give that one \
         another, or []; \"poll.pause\" stays [\"p\"]",
    );
    check_keys(
        "\"deployment.deploy\" = \"ctrl-d\"",
        "config.toml:2:23: \"ctrl-d\" may not change anything: Ctrl chords never do; take a \
         capital; \"deployment.deploy\" stays [\"D\"]",
    );
    check_keys(
        "\"backup.create\" = [\"K\", \"b\"]",
        "config.toml:2:25: \"b\" may not change anything: small letters never do; take a \
         capital; \"backup.create\" stays [\"B\"]",
    );
    check_keys(
        "\"logs.follow\" = \"D\"",
        "config.toml:2:17: \"D\" begins \"deployment.deploy\", and no key of the log begins a \
         change; \"logs.follow\" stays [\"f\"]",
    );
    let config = read("[keys]\nquit = []\ncancel = []\n");
    let problems: Vec<_> = config.problems.iter().map(ToString::to_string).collect();
    assert_eq!(
        problems,
        [
            "config.toml:3:1: without \"quit\" and \"cancel\" there is no key to leave by; \
             \"cancel\" stays [\"ctrl-c\"]"
        ]
    );
}

#[test]
fn one_bad_binding_does_not_take_the_others_along() {
    let config = read("[keys]\nx = \"y\"\n\"poll.pause\" = \"z\"\nhelp = \"nokey\"\n");
    let lines: Vec<_> = config
        .problems
        .iter()
        .filter_map(|problem| problem.position.map(|position| position.line))
        .collect();
    assert_eq!(lines, [2, 4]);
    assert!(config.has_errors());
    assert_eq!(config.keys.keys_of(Action::Pause), [press("z")]);
}
