//! What is typed on the last row of the pane: a search, a filter, a time, fields, a file's name.
//!
//! A search and a filter are in force while they are typed; Esc puts back what was before, and where
//! one was. What cannot be read yet leaves the last that could in force.

use tui_input::{Input, InputRequest};

use super::looking::{self, Spot};
use super::{LogsPane, past, select};
use crate::app::keys::{Key, KeyPress};
use crate::app::logs::find::Wish;
use crate::app::logs::query::{LineFilter, Pattern};
use crate::app::message::Outcome;
use crate::app::screen::Pane;
use crate::app::state::State;
use crate::app::update::{edit, is_close};
use crate::model::Text;

/// What is typed, and what for.
#[derive(Clone, Debug)]
pub struct Entry {
    /// What for.
    pub purpose: Purpose,
    /// The text.
    pub input: Input,
    /// What is wrong with it; absent while it is well.
    pub problem: Option<Text>,
    before: Before,
    /// How many texts back one has gone, and what was typed before that.
    recalled: usize,
    own: String,
}

/// What was in force before.
#[derive(Clone, Debug)]
struct Before {
    pattern: Option<Pattern>,
    filter: Option<LineFilter>,
    /// Where one was; absent when another log is shown since.
    spot: Option<Spot>,
}

/// What something is typed for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Purpose {
    /// A search, shown while it is typed.
    Search,
    /// A filter, shown while it is typed.
    Filter,
    /// From when lines are wanted.
    Since,
    /// Which fields of JSON lines are shown.
    Fields,
    /// The name of the file into which lines are saved.
    Save,
}

impl Entry {
    /// What stands before the text.
    #[must_use]
    pub fn prompt(&self) -> &'static str {
        match self.purpose {
            Purpose::Search => "search",
            Purpose::Filter => "filter",
            Purpose::Since => "since",
            Purpose::Fields => "fields",
            Purpose::Save => "save to",
        }
    }

    /// What may be typed, while nothing is.
    #[must_use]
    pub fn hint(&self) -> &'static str {
        match self.purpose {
            Purpose::Search => "a regular expression",
            Purpose::Filter => "words, \"two words\", -without, level:warn, source:web",
            Purpose::Since => "15m, 2h, 14:30, yesterday",
            Purpose::Fields => "names, with blanks between; none for all",
            Purpose::Save => "the name of a file",
        }
    }

    /// Another log is shown: there is no way back to a line.
    pub(super) fn forget_spot(&mut self) {
        self.before.spot = None;
    }

    /// Where one was when one began to type.
    pub(super) fn spot(&self) -> Option<Spot> {
        self.before.spot
    }
}

/// Begins to type.
pub(super) fn begin(state: &mut State, purpose: Purpose) {
    let spot = looking::spot(state);
    let pane = &mut state.panes.logs;
    let input = Input::new(in_force(pane, purpose));
    let before = Before {
        pattern: pane.finder.pattern().cloned(),
        filter: pane.sieve.filter().cloned(),
        spot,
    };
    pane.entry = Some(Entry {
        purpose,
        own: String::new(),
        input,
        problem: None,
        before,
        recalled: 0,
    });
}

fn in_force(pane: &LogsPane, purpose: Purpose) -> String {
    match purpose {
        Purpose::Search => pane.finder.pattern().map_or("", Pattern::text).to_owned(),
        Purpose::Filter => pane.sieve.filter_text().unwrap_or_default().to_owned(),
        Purpose::Fields => {
            let names: Vec<_> = pane.lens.fields.iter().map(Text::as_str).collect();
            names.join(" ")
        }
        Purpose::Since | Purpose::Save => String::new(),
    }
}

/// A key while something is typed. Says whether it was one for that.
pub(in crate::app) fn key(state: &mut State, press: KeyPress, outcome: &mut Outcome) -> bool {
    if is_close(press) {
        cancel(state);
    } else if press.key == Key::Enter {
        accept(state, outcome);
    } else if press.key == Key::Up {
        recall(state, 1);
    } else if press.key == Key::Down {
        recall(state, -1);
    } else if let Some(request) = edit(press) {
        change(state, [request]);
    } else {
        return false;
    }
    true
}

/// A text was pasted while something is typed.
pub(in crate::app) fn paste(state: &mut State, text: &Text) {
    change(state, text.as_str().chars().map(InputRequest::InsertChar));
}

fn change(state: &mut State, requests: impl IntoIterator<Item = InputRequest>) {
    let Some(entry) = &mut state.panes.logs.entry else {
        return;
    };
    let before = entry.input.value().to_owned();
    for request in requests {
        entry.input.handle(request);
    }
    if entry.input.value() != before {
        entry.recalled = 0;
        apply(state);
    }
}

/// An earlier text, or a later one.
fn recall(state: &mut State, by: isize) {
    let pane = &mut state.panes.logs;
    let Some(entry) = &mut pane.entry else { return };
    if entry.recalled == 0 {
        entry.input.value().clone_into(&mut entry.own);
    }
    let steps = entry.recalled.saturating_add_signed(by);
    let text = match steps {
        0 => Some(entry.own.as_str()),
        _ => pane.history.back(entry.purpose, &entry.own, steps),
    };
    let Some(text) = text.map(str::to_owned) else {
        return;
    };
    entry.recalled = steps;
    entry.input = Input::new(text);
    apply(state);
}

/// What is typed comes into force, if it is of that kind and can be read.
fn apply(state: &mut State) {
    let Some(entry) = &state.panes.logs.entry else {
        return;
    };
    let (purpose, text) = (entry.purpose, entry.input.value().to_owned());
    let result = match purpose {
        Purpose::Search => search(state, &text),
        Purpose::Filter => filter(state, &text),
        Purpose::Since | Purpose::Fields | Purpose::Save => Ok(()),
    };
    if let Some(entry) = &mut state.panes.logs.entry {
        entry.problem = result.err();
    }
}

fn search(state: &mut State, text: &str) -> Result<(), Text> {
    let pattern = (!text.is_empty()).then(|| Pattern::parse(text));
    let pattern = pattern.transpose()?;
    let spot = looking::origin(state);
    let finder = &mut state.panes.logs.finder;
    if finder.pattern() == pattern.as_ref() {
        return Ok(());
    }
    let is_over = pattern.is_none();
    finder.set(pattern);
    if is_over {
        looking::go_back(state);
    } else {
        finder.wish = spot.map(Wish::Near);
    }
    Ok(())
}

fn filter(state: &mut State, text: &str) -> Result<(), Text> {
    let filter = LineFilter::parse(text)?;
    let pane = &mut state.panes.logs;
    pane.sieve.set(filter, pane.lens.context);
    Ok(())
}

fn accept(state: &mut State, outcome: &mut Outcome) {
    let pane = &mut state.panes.logs;
    // What cannot be read stays, with what is wrong.
    let Some(entry) = pane.entry.take_if(|entry| entry.problem.is_none()) else {
        return;
    };
    let text = entry.input.value();
    let is_empty = text.trim().is_empty();
    pane.history.remember(entry.purpose, text);
    match entry.purpose {
        Purpose::Search => looking::tell_if_nowhere(state),
        Purpose::Fields => pane.lens.fields = names(text),
        Purpose::Since if !is_empty => past::since(state, text.trim(), outcome),
        Purpose::Save if !is_empty => select::save_to(state, text.trim(), outcome),
        // The filter is in force.
        Purpose::Filter | Purpose::Since | Purpose::Save => {}
    }
}

/// Names apart by commas or blanks.
fn names(typed: &str) -> Vec<Text> {
    let words = typed.split(|sign: char| sign == ',' || sign.is_whitespace());
    words
        .filter(|word| !word.is_empty())
        .map(Text::clean)
        .collect()
}

fn cancel(state: &mut State) {
    let live = is_live(state);
    if live {
        looking::go_back(state);
    }
    let pane = &mut state.panes.logs;
    let Some(entry) = pane.entry.take() else {
        return;
    };
    if live {
        let current = pane.finder.current;
        pane.finder.set(entry.before.pattern);
        (pane.finder.current, pane.finder.wish) = (current, None);
        pane.sieve.set(entry.before.filter, pane.lens.context);
    }
}

fn is_live(state: &State) -> bool {
    let entry = state.panes.logs.entry.as_ref();
    entry.is_some_and(|entry| matches!(entry.purpose, Purpose::Search | Purpose::Filter))
}

/// Who leaves the pane types no more; what is in force stays.
pub(super) fn tend(state: &mut State) {
    if state.screen.focus == Pane::Logs {
        return;
    }
    let is_live = is_live(state);
    let pane = &mut state.panes.logs;
    if let Some(entry) = pane.entry.take()
        && is_live
        && entry.problem.is_none()
    {
        pane.history.remember(entry.purpose, entry.input.value());
    }
}
