//! Rules that hold in every shipped keymap, and what a user's own may not do.

use super::*;
use crate::app::keys::Key;

fn press(name: &str) -> KeyPress {
    KeyPress::from_name(name).unwrap_or_else(|| panic!("{name} is no key"))
}

fn presets() -> impl Iterator<Item = (&'static str, Keymap)> {
    let words = Preset::WORDS.iter();
    words.map(|(word, preset)| (*word, Keymap::preset(*preset)))
}

fn binding(action: Action, keys: &[&str]) -> Binding {
    let keys = keys.iter().map(|name| press(name)).collect();
    Binding { action, keys }
}

/// The default keymap with these bindings, and what was refused of them: which, and why.
fn rebound(wanted: &[(Action, &[&str])]) -> (Keymap, Vec<(usize, String)>) {
    let wanted: Vec<_> = wanted.iter().map(|(a, keys)| binding(*a, keys)).collect();
    let mut keymap = Keymap::default();
    let refused = keymap.rebind(&wanted).into_iter();
    let refused = refused.map(|it| (it.index, it.refusal.to_string()));
    let refused = refused.collect();
    (keymap, refused)
}

/// This binding alone is refused for a reason that has `why` in it, and nothing changes.
#[track_caller]
fn refuses(action: Action, keys: &[&str], why: &str) {
    let (keymap, refused) = rebound(&[(action, keys)]);
    let [(0, reason)] = refused.as_slice() else {
        panic!("{keys:?} for {action:?}: {refused:?}");
    };
    assert!(reason.contains(why), "{reason}");
    assert_eq!(
        keymap.keys_of(action),
        Keymap::default().keys_of(action),
        "{keys:?}"
    );
}

fn meanings(keymap: &Keymap, pane: Pane) -> Vec<Action> {
    let of = |action| keymap.keys_of(action).iter();
    let reached =
        |action: &Action| of(*action).any(|press| keymap.resolve(pane, *press) == Some(*action));
    let actions = ACTIONS.iter().map(|row| row.action);
    actions.filter(reached).collect()
}

// ── Shipped ─────────────────────────────────────────────────────────────────────────────────────

#[test]
fn every_name_in_a_preset_is_a_key_and_stands_once() {
    for (at, row) in DIFFERENCES.iter().enumerate() {
        let name = row.action.row().name;
        assert!(!row.keys.is_empty(), "{name} in {:?}", row.preset);
        for key in row.keys {
            assert!(KeyPress::from_name(key).is_some(), "{key} for {name}");
        }
        let again = |other: &Difference| other.preset == row.preset && other.action == row.action;
        assert!(!DIFFERENCES[..at].iter().any(again), "{name} stands twice");
        assert_ne!(row.keys, row.action.row().keys, "{name} is no difference");
        assert_ne!(row.preset, Preset::Default);
    }
}

#[test]
fn a_key_means_one_thing_in_each_scope_of_every_preset() {
    for (word, keymap) in presets() {
        let mut seen = HashMap::new();
        for (scope, press, action) in keymap.bound() {
            let before = seen.insert((scope, press), action);
            assert_eq!(before, None, "{press} in {word}");
        }
        assert_eq!(seen, keymap.meanings, "{word}");
    }
}

#[test]
fn every_preset_passes_the_rules_for_a_users_own() {
    for (word, mut keymap) in presets() {
        let own = |row: &crate::app::action::Row| Binding {
            action: row.action,
            keys: keymap.keys_of(row.action).to_vec(),
        };
        let all: Vec<_> = ACTIONS.iter().map(own).collect();
        assert_eq!(keymap.rebind(&all), [], "{word}");
    }
}

#[test]
fn what_the_default_keys_reach_in_a_pane_every_preset_reaches_there() {
    let default = Keymap::default();
    for pane in Pane::ALL {
        let reached = meanings(&default, pane);
        assert!(reached.contains(&Action::Deploy));
        for (word, keymap) in presets() {
            let there = meanings(&keymap, pane);
            for action in &reached {
                assert!(there.contains(action), "{action:?} in {pane:?} of {word}");
            }
        }
    }
}

#[test]
fn changes_begin_with_a_capital_or_u_in_every_preset() {
    for (word, keymap) in presets() {
        let changing = |(_, _, action): &(Scope, KeyPress, Action)| action.row().mutates;
        let mut count = 0;
        for (scope, press, _) in keymap.bound().filter(changing) {
            count += 1;
            let is_fit = matches!(press.key, Key::Char(c) if c == 'u' || c.is_ascii_uppercase());
            assert!(is_fit && !press.ctrl && !press.alt, "{press} in {word}");
            assert_eq!(
                rules::careless(&keymap, scope, press),
                None,
                "{press} in {word}"
            );
            assert_ne!(scope, Scope::Logs, "{press} in {word}");
        }
        assert!(count >= 2, "{word} has keys that change something");
    }
}

#[test]
fn what_changes_something_has_the_same_keys_in_every_preset() {
    let default = Keymap::default();
    for (word, keymap) in presets() {
        for row in ACTIONS.iter().filter(|row| row.mutates) {
            let (own, usual) = (keymap.keys_of(row.action), default.keys_of(row.action));
            assert_eq!(own, usual, "{} in {word}", row.name);
        }
    }
}

#[test]
fn keys_that_terminals_and_shells_use_stay_unbound() {
    for (word, keymap) in presets() {
        for name in ["ctrl-h", "ctrl-j", "ctrl-k", "ctrl-a", "ctrl-s", "ctrl-q"] {
            for pane in Pane::ALL {
                assert_eq!(keymap.resolve(pane, press(name)), None, "{name} in {word}");
            }
        }
    }
}

#[test]
fn motions_keep_their_meaning() {
    for (word, keymap) in presets() {
        for (name, action) in [
            ("j", Action::Down),
            ("k", Action::Up),
            ("g", Action::Top),
            ("G", Action::Bottom),
            ("ctrl-d", Action::HalfDown),
            ("ctrl-u", Action::HalfUp),
            ("ctrl-f", Action::PageDown),
            ("ctrl-b", Action::PageUp),
        ] {
            for pane in Pane::ALL {
                assert_eq!(
                    keymap.resolve(pane, press(name)),
                    Some(action),
                    "{name} in {pane:?} of {word}"
                );
            }
        }
    }
}

#[test]
fn keys_of_vim_and_less_mean_the_same_in_every_preset() {
    let default = Keymap::default();
    for (word, keymap) in presets() {
        for c in "hjklgGnN/:vy".chars() {
            let press = KeyPress::plain(Key::Char(c));
            for pane in Pane::ALL {
                let (own, usual) = (keymap.resolve(pane, press), default.resolve(pane, press));
                assert_eq!(own, usual, "{c} in {pane:?} of {word}");
            }
        }
    }
}

#[test]
fn presets_have_what_fingers_know() {
    let check = |preset, pane, name, action| {
        let keymap = Keymap::preset(preset);
        assert_eq!(keymap.resolve(pane, press(name)), Some(action), "{name}");
    };
    check(Preset::Vim, Pane::Apps, "ctrl-w", Action::NextPane);
    check(Preset::Vim, Pane::Apps, "ctrl-]", Action::Open);
    check(Preset::K9s, Pane::Apps, "d", Action::Detail);
    check(Preset::K9s, Pane::Logs, "P", Action::Environments);
    check(Preset::Lazygit, Pane::Apps, "right", Action::NextPane);
    check(Preset::Lazygit, Pane::Logs, "right", Action::Right);
    check(Preset::Default, Pane::Apps, "d", Action::Environments);
}

// ── A user's own ────────────────────────────────────────────────────────────────────────────────

#[test]
fn an_action_gets_other_keys_and_loses_its_own() {
    let (keymap, refused) = rebound(&[(Action::Pause, &["z", "f5", "z"])]);
    assert_eq!(refused, []);
    assert_eq!(keymap.resolve(Pane::Logs, press("z")), Some(Action::Pause));
    assert_eq!(keymap.resolve(Pane::Apps, press("p")), None);
    assert_eq!(keymap.keys_of(Action::Pause), [press("z"), press("f5")]);
    assert_eq!(keymap.key(Action::Pause), "z");
}

#[test]
fn an_action_without_keys_is_named_by_its_name() {
    let (keymap, refused) = rebound(&[(Action::Deploy, &[])]);
    assert_eq!(refused, []);
    assert_eq!(keymap.resolve(Pane::Apps, press("D")), None);
    assert_eq!(keymap.key(Action::Deploy), "deployment.deploy");
}

#[test]
fn keys_change_places() {
    let (keymap, refused) = rebound(&[(Action::Deploy, &["B"]), (Action::CreateBackup, &["D"])]);
    assert_eq!(refused, []);
    assert_eq!(keymap.resolve(Pane::Apps, press("B")), Some(Action::Deploy));
    assert_eq!(
        keymap.resolve(Pane::Apps, press("D")),
        Some(Action::CreateBackup)
    );
}

#[test]
fn a_key_that_is_taken_in_the_scope_is_refused() {
    refuses(
        Action::Deploy,
        &["R"],
        "\"R\" is the key of \"poll.refresh-all\" (Everywhere); give that one another, or []",
    );
    // A pane may have a meaning of its own for a key that means something everywhere.
    let (keymap, refused) = rebound(&[(Action::Follow, &["r"])]);
    assert_eq!(refused, []);
    assert_eq!(keymap.resolve(Pane::Logs, press("r")), Some(Action::Follow));
    assert_eq!(
        keymap.resolve(Pane::Apps, press("r")),
        Some(Action::Refresh)
    );
}

#[test]
fn of_two_that_want_one_key_the_later_is_refused() {
    let (keymap, refused) = rebound(&[(Action::Pause, &["z"]), (Action::Refresh, &["z"])]);
    assert_eq!(refused.len(), 1);
    assert_eq!(refused[0].0, 1);
    assert_eq!(keymap.key(Action::Pause), "z");
    assert_eq!(keymap.key(Action::Refresh), "r");
}

#[test]
fn who_took_a_key_gives_it_back_when_its_owner_keeps_it() {
    // `D` would be free if the first could have `R`.
    let (keymap, refused) = rebound(&[(Action::Deploy, &["R"]), (Action::CreateBackup, &["D"])]);
    let indices: Vec<_> = refused.iter().map(|(index, _)| *index).collect();
    assert_eq!(indices, [0, 1]);
    assert_eq!(keymap.meanings, Keymap::default().meanings);
}

#[test]
fn keys_that_may_be_pressed_by_accident_never_begin_a_change() {
    let motions = ["h", "j", "k", "l", "g", "G", "n", "N", "/", ":", "v", "y"];
    for name in motions {
        refuses(Action::Deploy, &["F5", name], "motions never do");
    }
    for (name, why) in [
        ("d", "small letters"),
        ("ü", "small letters"),
        ("文", "small letters"),
        ("7", "digits"),
        ("ctrl-x", "Ctrl chords"),
        ("alt-D", "Alt chords"),
        ("up", "keys that move"),
        ("pagedown", "keys that move"),
        ("enter", "without a look"),
        ("space", "without a look"),
        ("backspace", "without a look"),
    ] {
        refuses(Action::CreateBackup, &[name], why);
    }
    for name in ["u", "K", "Ü", "f5", "delete", "="] {
        let (keymap, refused) = rebound(&[(Action::Undo, &[]), (Action::Deploy, &[name])]);
        assert_eq!(refused, [], "{name}");
        assert_eq!(
            keymap.resolve(Pane::Apps, press(name)),
            Some(Action::Deploy)
        );
    }
}

#[test]
fn no_key_of_the_log_begins_a_change_elsewhere() {
    refuses(Action::Follow, &["D"], "\"D\" begins \"deployment.deploy\"");
    // Neither one that was made a key of the log, nor one that was and no longer is.
    let (_, refused) = rebound(&[(Action::Follow, &["P"]), (Action::Deploy, &["P"])]);
    assert_eq!(refused.len(), 1);
    for row in ACTIONS.iter().filter(|row| row.scope == Scope::Logs) {
        for name in row.keys {
            let (_, refused) = rebound(&[(row.action, &[]), (Action::Deploy, &[name])]);
            assert_eq!(refused.len(), 1, "{name}");
        }
    }
}

#[test]
fn a_way_out_stays() {
    let (keymap, refused) = rebound(&[(Action::Quit, &[]), (Action::Interrupt, &[])]);
    assert_eq!(
        refused,
        [(1, Refusal::NoWayOut.to_string())],
        "the later one stays"
    );
    assert_eq!(
        keymap.resolve(Pane::Apps, press("ctrl-c")),
        Some(Action::Interrupt)
    );
    assert_eq!(rebound(&[(Action::Quit, &[])]).1, []);
}

#[test]
fn whatever_is_wanted_the_keymap_stays_sound() {
    use proptest::prelude::*;
    let keys = "dDbBrRfF0lhqzZ!?"
        .chars()
        .map(|c| KeyPress::plain(Key::Char(c)));
    let keys = prop::sample::select(keys.collect::<Vec<_>>());
    let action = (0..ACTIONS.len()).prop_map(|at| ACTIONS[at].action);
    let binding = (action, prop::collection::vec(keys, 0..3))
        .prop_map(|(action, keys)| Binding { action, keys });
    let wanted = prop::collection::vec(binding, 0..12);
    let mut runner = proptest::test_runner::TestRunner::default();
    let checked = runner.run(&wanted, |wanted| {
        let mut keymap = Keymap::default();
        let refused = keymap.rebind(&wanted);
        prop_assert!(refused.len() <= wanted.len());
        prop_assert_eq!(keymap.bound().count(), keymap.meanings.len());
        for (scope, press, action) in keymap.bound() {
            prop_assert_eq!(keymap.meaning(scope, press), Some(action));
            let is_careless = rules::careless(&keymap, scope, press).is_some();
            prop_assert!(!(action.row().mutates && is_careless), "{}", press);
        }
        let exits = [Action::Quit, Action::Interrupt];
        prop_assert!(exits.iter().any(|exit| !keymap.keys_of(*exit).is_empty()));
        Ok(())
    });
    checked.unwrap();
}
