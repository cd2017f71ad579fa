//! Choosing lines, copying them, and saving them to a file.
//!
//! What is copied or saved is what was written: whole lines with their time and source, without
//! colours, whatever the lens makes of them on screen.

use std::fmt::Write as _;

use tui_input::Input;

use super::motion::reveal;
use super::origins::{OriginName, origin_of, origins};
use super::sight::Sight;
use super::{Motion, Purpose, entry, rows};
use crate::app::logs::ring::{Line, LineNo};
use crate::app::message::{Effect, Outcome, SaveLog};
use crate::app::notices::Tone;
use crate::app::state::State;
use crate::app::update::MOST_COPIED;
use crate::model::{LineKind, Text};

/// Lines that are chosen: from where the choice began to the line one is on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Selection {
    /// Where it began.
    pub anchor: LineNo,
    /// The line one is on.
    pub head: LineNo,
}

impl Selection {
    /// Whether a line is chosen.
    #[must_use]
    pub fn holds(self, no: LineNo) -> bool {
        let (first, last) = self.ends();
        (first..=last).contains(&no)
    }

    fn ends(self) -> (LineNo, LineNo) {
        (self.anchor.min(self.head), self.anchor.max(self.head))
    }
}

/// The line one is on: where the choice ends, or the hit one has gone to.
#[must_use]
pub fn current(state: &State) -> Option<LineNo> {
    let pane = &state.panes.logs;
    let chosen = pane.selection.map(|selection| selection.head);
    chosen.or(pane.finder.current)
}

/// Begins to choose lines, or stops.
pub(super) fn toggle(state: &mut State) {
    if state.panes.logs.selection.take().is_some() {
        return;
    }
    let rows = rows(state);
    let Some(sight) = Sight::of(state) else {
        return;
    };
    let top = sight.top(rows);
    let lines = sight.lines(top, rows);
    let on = current(state).filter(|no| lines.iter().any(|(line, ..)| line.no == *no));
    let lowest = lines.last().map(|(line, ..)| line.no);
    let Some(on) = on.or(lowest) else {
        let text = "there is no line to choose yet";
        return state.notices.say(state.now, Tone::Info, text);
    };
    let pane = &mut state.panes.logs;
    // What one chooses must not move away.
    (pane.top, pane.follows) = (top, false);
    pane.selection = Some(Selection {
        anchor: on,
        head: on,
    });
}

/// Moves the end of the choice, by lines that are shown.
pub(super) fn extend(state: &mut State, motion: Motion) {
    let (Some(selection), Some(sight)) = (state.panes.logs.selection, Sight::of(state)) else {
        return;
    };
    let head = match motion {
        Motion::By(delta) => stepped(&sight, selection.head, delta),
        Motion::Top => sight.after(0),
        Motion::Bottom => sight.before(sight.ring.end()),
    };
    let Some(head) = head else { return };
    state.panes.logs.selection = Some(Selection { head, ..selection });
    reveal(state, head);
}

/// So many lines further, or the last there is.
fn stepped(sight: &Sight<'_>, from: LineNo, delta: isize) -> Option<LineNo> {
    let next = |no: LineNo| {
        if delta < 0 {
            sight.before(no.checked_sub(1)?)
        } else {
            sight.after(no + 1)
        }
    };
    let here = sight.after(from).or_else(|| sight.before(from));
    let steps = std::iter::successors(here, |no| next(*no));
    steps.take(delta.unsigned_abs() + 1).last()
}

/// Copies the lines that are chosen.
pub(super) fn copy(state: &mut State, outcome: &mut Outcome) {
    let Some((text, count)) = written(state, MOST_COPIED) else {
        return;
    };
    let lines = plural(count);
    if text.len() > MOST_COPIED {
        let save = state.screen.keymap.key(crate::app::action::Action::SaveLog);
        let text =
            format!("that is more than a terminal takes; not copied: {save} saves it to a file");
        return state.notices.say(state.now, Tone::Bad, text);
    }
    state.panes.logs.selection = None;
    let told = format!("copied {lines}, if the terminal allows it");
    state.notices.say(state.now, Tone::Good, told);
    outcome.effects.push(Effect::CopyText(text));
}

/// Asks for the file into which lines are saved.
pub(super) fn begin_save(state: &mut State) {
    if Sight::of(state).is_none_or(|sight| sight.after(0).is_none()) {
        let text = "there is no line to save yet";
        return state.notices.say(state.now, Tone::Info, text);
    }
    let name = file_name(state);
    entry::begin(state, Purpose::Save);
    if let Some(entry) = &mut state.panes.logs.entry {
        entry.input = Input::new(name);
    }
}

/// Saves the lines that are chosen, or all that are shown, in a file of that name.
pub(super) fn save_to(state: &mut State, path: &str, outcome: &mut Outcome) {
    let path = path.trim().to_owned();
    if path.is_empty() {
        let text = "not saved: a file needs a name";
        return state.notices.say(state.now, Tone::Bad, text);
    }
    let Some((text, _)) = written(state, usize::MAX) else {
        return;
    };
    state.panes.logs.selection = None;
    outcome
        .effects
        .push(Effect::SaveLog(SaveLog { path, text }));
}

/// Lines were saved: where, or why not.
pub(in crate::app) fn saved(state: &mut State, result: Result<Text, Text>) {
    let (tone, text) = match result {
        Ok(place) => (Tone::Good, format!("saved {place}")),
        Err(why) => (Tone::Bad, format!("not saved: {why}")),
    };
    state.notices.say(state.now, tone, text);
}

/// `APP-ENV-YYYYMMDD-HHMMSS.log`, of characters that no system minds.
fn file_name(state: &State) -> String {
    let names = origins(state);
    let app = state.panes.apps.selected().map(|row| row.name.to_string());
    let env = state.selected_environment().map(|env| env.name.to_string());
    let of = if names.is_empty() {
        [app, env].into_iter().flatten().collect()
    } else {
        names
            .into_iter()
            .map(|name| name.app)
            .take(3)
            .collect::<Vec<_>>()
    };
    let is_plain = |c: char| c.is_alphanumeric() || "._".contains(c);
    let plain = of.join("-").replace(|c| !is_plain(c), "-");
    let plain = plain.trim_matches(['-', '.']);
    let at = state.zone.to_datetime(state.now).strftime("%Y%m%d-%H%M%S");
    let name = if plain.is_empty() { "log" } else { plain };
    format!("{name}-{at}.log")
}

/// The lines that are chosen, or all that are shown, and how many: as many as fill `most` bytes,
/// and one more.
fn written(state: &State, most: usize) -> Option<(String, usize)> {
    let sight = Sight::of(state)?;
    let names = origins(state);
    let ends = state.panes.logs.selection.map(Selection::ends);
    let (first, last) = ends.unwrap_or((0, LineNo::MAX));
    let shown = std::iter::successors(sight.after(first), |no| sight.after(no + 1));
    let (mut text, mut count) = (String::new(), 0);
    for line in shown
        .take_while(|no| *no <= last)
        .filter_map(|no| sight.ring.get(no))
    {
        put(&line, &names, &mut text);
        count += 1;
        if text.len() > most {
            break;
        }
    }
    (count > 0).then_some((text, count))
}

/// `2026-03-02T14:02:05Z web.1 GET /cart 200`. A moment is the same for everybody who reads it.
fn put(line: &Line<'_>, names: &[OriginName], text: &mut String) {
    if let Some(at) = line.at {
        let _written = write!(text, "{at} ");
    }
    let app = origin_of(names, line).map_or("", |name| &name.app);
    let parts = [app, line.source.as_str()];
    let parts: Vec<_> = parts.into_iter().filter(|it| !it.is_empty()).collect();
    if !parts.is_empty() {
        let _written = write!(text, "{} ", parts.join("/"));
    }
    let _written = match line.kind {
        LineKind::Output => writeln!(text, "{}", line.text),
        LineKind::Mark => writeln!(text, "-- {} --", line.text),
    };
}

fn plural(count: usize) -> String {
    let word = if count == 1 { "line" } else { "lines" };
    format!("{count} {word}")
}
