//! Copying, and opening in a browser.

use super::input::is_close;
use crate::app::command;
use crate::app::copy::{CopyState, address};
use crate::app::keys::{Key, KeyPress};
use crate::app::message::{Effect, Outcome};
use crate::app::notices::Tone;
use crate::app::screen::{Overlay, Pane};
use crate::app::state::State;
use crate::model::catalogue::recipe_of;
use crate::model::{DeployMode, Operation, OperationKind, Target};

/// Terminals drop what is longer; the shortest limit in use is 74,994 bytes of base64.
pub(in crate::app) const MOST_COPIED: usize = 50_000;
/// So much of what was copied is told.
const TOLD: usize = 60;

/// Opens the menu of what can be copied.
pub(super) fn open(state: &mut State) {
    let copy = CopyState::new(state);
    if copy.rows.is_empty() {
        let text = "select an app first: there is nothing to copy";
        state.notices.say(state.now, Tone::Info, text);
    } else {
        state.has_chosen = true;
        state.screen.overlay = Some(Overlay::Copy(copy));
    }
}

/// A key while the menu is open.
pub(super) fn key(state: &mut State, mut copy: CopyState, press: KeyPress, outcome: &mut Outcome) {
    if is_close(press) || press == KeyPress::plain(Key::Char('q')) {
        return;
    }
    let last = copy.rows.len().saturating_sub(1);
    let is_plain = !press.ctrl && !press.alt;
    let chosen = match (press.key, is_plain) {
        (Key::Enter, _) => copy.rows.get(copy.selected),
        (Key::Char(c), true) => copy.rows.iter().find(|row| row.letter == c),
        _ => None,
    };
    if let Some(row) = chosen {
        return put(state, outcome, row.label, row.text.as_str());
    }
    match (press.key, is_plain) {
        (Key::Down | Key::Char('j'), true) => copy.selected = (copy.selected + 1).min(last),
        (Key::Up | Key::Char('k'), true) => copy.selected = copy.selected.saturating_sub(1),
        _ => {}
    }
    state.screen.overlay = Some(Overlay::Copy(copy));
}

/// Copies a text and says so. What a terminal would not take whole is not copied in part.
pub(super) fn put(state: &mut State, outcome: &mut Outcome, what: &str, text: &str) {
    let (now, length) = (state.now, text.len());
    if length > MOST_COPIED {
        let text = format!("{what}: {length} bytes are more than a terminal takes; not copied");
        state.notices.say(now, Tone::Bad, text);
        return;
    }
    let mut shown: String = text.chars().take(TOLD).collect();
    if shown.len() < length {
        shown.push('…');
    }
    let told = format!("copied the {what}, if the terminal allows it: {shown}");
    state.notices.say(now, Tone::Good, told);
    outcome.effects.push(Effect::CopyText(text.to_owned()));
}

/// Copies the command that does what was last done to the selection, or else what is offered
/// first: to follow its log, in Logs, and to deploy it.
pub(super) fn command(state: &mut State, outcome: &mut Outcome) {
    let is_log = state.screen.focus == Pane::Logs;
    let operation = || last_operation(state).or_else(|| offered(state));
    let operation = if is_log { None } else { operation() };
    let command = match &operation {
        Some(operation) => command::of_operation(state, operation),
        None if is_log => command::of_log(state),
        None => None,
    };
    match (command, operation) {
        (Some(command), _) => put(state, outcome, "command", &command),
        (None, Some(operation)) if recipe_of(&operation.kind).is_none() => {
            let verb = operation.kind.verb();
            let text = format!("no command does `{verb}`: flightdeck vars import takes a file");
            state.notices.say(state.now, Tone::Info, text);
        }
        (None, _) => state.notices.say(
            state.now,
            Tone::Info,
            "nothing was done here yet: there is no command to copy",
        ),
    }
}

/// The newest operation on the selected environment, or on its app as a whole.
fn last_operation(state: &State) -> Option<Operation> {
    let app = state.selected_app()?;
    let env = state.selected_env().map(|env| env.id);
    let is_here = |target: &Target| {
        target.context == app.context
            && target.app.as_ref() == Some(&app.id)
            && (target.environment.is_none() || target.environment == env)
    };
    let running = state.operations.running().rev();
    let newest = running
        .chain(state.operations.finished())
        .filter(|entry| is_here(&entry.operation.target))
        .max_by_key(|entry| entry.ticket)?;
    Some(newest.operation.clone())
}

/// A deployment of the selected environment.
fn offered(state: &State) -> Option<Operation> {
    let aim = crate::app::aim::Aim::of(state)?;
    let kind = OperationKind::Deploy {
        mode: DeployMode::Auto,
    };
    let context = state.contexts.get(aim.context)?;
    if aim.environment.is_none() || context.lacks(kind.capability()) {
        return None;
    }
    let target = Target {
        context: aim.context,
        app: aim.app,
        environment: aim.environment,
        title: aim.title,
        class: aim.class,
    };
    Some(Operation { target, kind })
}

/// Opens the selection's address in a browser. Over SSH the browser is elsewhere: then the address
/// is copied instead.
pub(super) fn browse(state: &mut State, outcome: &mut Outcome) {
    let (now, address) = (state.now, address(state));
    let Some(address) = address else {
        let text = "the platform tells no address of this; y copies what it tells";
        state.notices.say(now, Tone::Info, text);
        return;
    };
    let url = address.as_str();
    if !is_web(url) {
        let text = format!("{url} is no web address; it is not opened");
        state.notices.say(now, Tone::Bad, text);
    } else if state.is_remote {
        put(
            state,
            outcome,
            "address (over SSH there is no browser)",
            url,
        );
    } else {
        state.notices.say(now, Tone::Info, format!("opening {url}"));
        outcome.effects.push(Effect::OpenUrl(url.to_owned()));
    }
}

/// A platform's word is handed to another program here: nothing but the web is.
fn is_web(url: &str) -> bool {
    let rest = url
        .strip_prefix("https://")
        .or_else(|| url.strip_prefix("http://"));
    let is_plain = |c: char| c.is_ascii_graphic() && !"\"'`<>\\^{|}".contains(c);
    rest.is_some_and(|rest| {
        rest.starts_with(|c: char| c.is_ascii_alphanumeric()) && url.chars().all(is_plain)
    })
}

/// No browser could be opened.
pub(super) fn failed(state: &mut State, why: &str, outcome: &mut Outcome) {
    let text = format!("no browser: {why}; y u copies the address");
    state.notices.say(state.now, Tone::Bad, text);
    outcome.redraw = true;
}

#[cfg(test)]
mod tests {
    use super::is_web;

    #[test]
    fn only_the_web_is_opened() {
        for url in ["https://shop.example", "http://10.0.0.1:8000/a?b=c#d"] {
            assert!(is_web(url), "{url}");
        }
        for url in [
            "",
            "https://",
            "file:///etc/passwd",
            "javascript:alert(1)",
            "https://-x",
            "https://a b",
            "https://a\"&calc",
            "--help",
        ] {
            assert!(!is_web(url), "{url}");
        }
    }
}
