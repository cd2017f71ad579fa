//! The `[keys]` table: a shipped keymap, and keys of one's own.

#[cfg(test)]
mod tests;

use std::ops::Range;

use toml::Spanned;
use toml::de::DeValue;

use crate::app::action::{ACTIONS, Action};
use crate::app::keymap::{Binding, Keymap, Preset};
use crate::app::keys::{KeyPress, NAMES};
use crate::config::nearest::nearest;
use crate::config::problem::{Noted, Report};
use crate::config::section::{Found, Section, wrong_type};

/// The key of the table that is not an action.
pub(in crate::config) const KEYS: &[&str] = &["preset"];

/// What a value may be.
const EXPECTED: &str = "a key such as \"D\" or a list of keys";

/// An action's keys as they are written.
struct Written {
    action: Action,
    /// The dotted name for the report.
    key: String,
    at: Range<usize>,
    presses: Vec<Found<KeyPress>>,
}

pub(in crate::config) fn read(file: &Section<'_>, report: &mut Report<'_>) -> Keymap {
    let Ok(Some(section)) = file.section("keys", "a table ([keys])", report) else {
        return Keymap::default();
    };
    let preset = preset(&section, report).unwrap_or_default();
    let mut keymap = Keymap::preset(preset);
    let mut written = Vec::new();
    read_actions(&section, "", &mut written, report);
    rebind(&mut keymap, &written, report);
    keymap
}

fn preset(section: &Section<'_>, report: &mut Report<'_>) -> Result<Preset, Noted> {
    let words = || Preset::WORDS.iter().map(|(word, _)| *word);
    let allowed = words().collect::<Vec<_>>().join(", ");
    let Some(found) = section.string("preset", &format!("one of: {allowed}"), report)? else {
        return Ok(Preset::default());
    };
    let known = Preset::WORDS.iter().find(|(word, _)| *word == found.value);
    known.map(|(_, preset)| *preset).ok_or_else(|| {
        let hint = hint(found.value, words());
        let message = format!(
            "unknown preset \"{}\";{hint} allowed: {allowed}",
            found.value
        );
        report.error(&section.key("preset"), &found.at, &message)
    })
}

/// Reads every action of a table. Without quotation marks, `deployment.deploy` is a table in a
/// table: that is what was meant, too.
fn read_actions(
    section: &Section<'_>,
    prefix: &str,
    written: &mut Vec<Written>,
    report: &mut Report<'_>,
) {
    for (key, at, value) in section.entries() {
        let name = format!("{prefix}{key}");
        if KEYS.contains(&name.as_str()) {
            continue;
        }
        if let Some(table) = value.get_ref().as_table() {
            let inner = Section::new(table, section.key(key), at);
            read_actions(&inner, &format!("{name}."), written, report);
            continue;
        }
        let path = section.key(key);
        let read = action(&name, &path, &at, report)
            .and_then(|action| Ok((action, presses(&path, value, report)?)));
        if let Ok((action, presses)) = read {
            written.push(Written {
                action,
                key: path,
                at,
                presses,
            });
        }
    }
}

fn action(
    name: &str,
    path: &str,
    at: &Range<usize>,
    report: &mut Report<'_>,
) -> Result<Action, Noted> {
    let names = || ACTIONS.iter().map(|row| row.name);
    if let Some(row) = ACTIONS.iter().find(|row| row.name == name) {
        return Ok(row.action);
    }
    let hint = hint(name, names().chain(KEYS.iter().copied()));
    // The neighbours are what one looks for; all are too many to find one among them.
    let group = name.split_once('.').map(|(group, _)| format!("{group}."));
    let is_near = |name: &&str| {
        group
            .as_deref()
            .is_some_and(|group| name.starts_with(group))
    };
    let mut allowed: Vec<_> = names().filter(is_near).collect();
    if allowed.is_empty() {
        allowed = KEYS.iter().copied().chain(names()).collect();
    }
    let allowed = allowed.join(", ");
    let message = format!("unknown action \"{name}\" in [keys];{hint} allowed: {allowed}");
    Err(report.error(path, at, &message))
}

/// One key or a list of them; with one that is wrong, none is taken.
fn presses(
    path: &str,
    value: &Spanned<DeValue<'_>>,
    report: &mut Report<'_>,
) -> Result<Vec<Found<KeyPress>>, Noted> {
    match value.get_ref().as_array() {
        Some(list) => {
            let read = list.iter().map(|value| press(path, value, report));
            // All of them first, so that every problem is told.
            let read: Vec<_> = read.collect();
            read.into_iter().collect()
        }
        None => Ok(vec![press(path, value, report)?]),
    }
}

fn press(
    path: &str,
    value: &Spanned<DeValue<'_>>,
    report: &mut Report<'_>,
) -> Result<Found<KeyPress>, Noted> {
    let Some(name) = value.get_ref().as_str() else {
        return Err(wrong_type(path, EXPECTED, value, report));
    };
    let at = value.span();
    match KeyPress::from_name(name) {
        Some(value) => Ok(Found { value, at }),
        None => Err(report.error(path, &at, &unknown_key(name))),
    }
}

fn unknown_key(name: &str) -> String {
    let names = || NAMES.iter().map(|(name, _)| *name);
    let hint = match name.strip_prefix("shift-") {
        Some(key) if key.chars().count() == 1 => {
            format!(" with Shift it is \"{}\";", key.to_uppercase())
        }
        Some(_) | None => hint(name, names()),
    };
    let allowed = names().collect::<Vec<_>>().join(", ");
    format!(
        "unknown key \"{name}\";{hint} allowed: a character, {allowed}, f1 to f12, each also with \
         ctrl- or alt- before it"
    )
}

fn hint<'a>(typed: &str, known: impl IntoIterator<Item = &'a str>) -> String {
    let near = nearest(typed, known);
    near.map_or(String::new(), |near| format!(" did you mean \"{near}\"?"))
}

/// Gives the actions their keys, and notes what may not be where it is written.
fn rebind(keymap: &mut Keymap, written: &[Written], report: &mut Report<'_>) {
    let bindings = written.iter().map(|one| Binding {
        action: one.action,
        keys: one.presses.iter().map(|press| press.value).collect(),
    });
    let bindings: Vec<_> = bindings.collect();
    for refused in keymap.rebind(&bindings) {
        let Some(one) = written.get(refused.index) else {
            continue;
        };
        let is_meant = |press: &&Found<KeyPress>| Some(press.value) == refused.refusal.press();
        let at = one.presses.iter().find(is_meant).map(|press| &press.at);
        let kept = keymap.keys_of(one.action);
        let kept: Vec<_> = kept
            .iter()
            .map(|key| format!("\"{}\"", key.name()))
            .collect();
        let kept = kept.join(", ");
        let name = one.action.row().name;
        let message = format!("{}; \"{name}\" stays [{kept}]", refused.refusal);
        report.error(&one.key, at.unwrap_or(&one.at), &message);
    }
}
