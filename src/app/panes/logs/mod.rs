//! Logs: the live log of the selection, or of several sources as one. A running deployment's log if
//! there is one, then, when that has ended, the runtime log.
//!
//! What is followed is decided in `follow`; how it is looked at (`Lens`, filter, search) stays when
//! another log is selected.

mod columns;
mod entry;
mod fold;
mod follow;
mod going;
mod history;
mod looking;
mod motion;
mod origins;
mod past;
mod reads;
mod select;
mod sight;
mod source_list;
mod sources;
mod verdict;
mod wish;

use jiff::Timestamp;

use super::Motion;
use crate::app::action::Action;
use crate::app::logs::Channel;
use crate::app::logs::find::Finder;
use crate::app::logs::lens::{JsonMode, Lens, TimeMode};
use crate::app::logs::merge::{Change, Merged, same_place};
use crate::app::logs::ring::{LineNo, Ring};
use crate::app::logs::sieve::{Budget, Sieve};
use crate::app::message::Outcome;
use crate::app::notices::Tone;
use crate::app::screen::Pane;
use crate::app::state::State;
use crate::model::{Capability, EnvId, Scoped};

pub use self::columns::{Columns, GUTTER};
pub use self::entry::{Entry, Purpose};
pub use self::fold::Unfolded;
pub use self::follow::followed;
pub use self::history::History;
pub use self::motion::{Place, top};
pub use self::origins::{OriginName, origin_of, origins, platforms};
pub use self::past::Past;
pub use self::reads::reads;
pub use self::select::{Selection, current};
pub use self::sight::Sight;
pub use self::source_list::{SourceRow, SourcesState};
pub use self::sources::{MOST as MOST_SOURCES, Sources, shown_env, shows, source_name, why_no_log};
pub use self::verdict::verdict;
pub use self::wish::{Wanted, wanted};

pub(in crate::app) use self::entry::{key as key_in_entry, paste as paste_in_entry};
pub(in crate::app) use self::fold::toggle as unfold;
pub(super) use self::follow::retarget;
pub(super) use self::past::motion;
#[cfg(test)]
pub(in crate::app) use self::past::since;
pub(in crate::app) use self::past::took as took_past;
pub(in crate::app) use self::select::saved;
pub(in crate::app) use self::sources::key as key_in_sources;

/// What the pane holds.
#[derive(Clone, Debug)]
pub struct LogsPane {
    /// Whether the newest line is kept in sight.
    pub follows: bool,
    /// The first row in sight, while it does not follow.
    pub top: Place,
    /// How many columns are scrolled past on the left.
    pub left: usize,
    /// Whether what was written before the last restart is shown instead of what runs.
    pub shows_previous: bool,
    /// How lines are looked at.
    pub lens: Lens,
    /// Which lines are shown.
    pub sieve: Sieve,
    /// What is looked for.
    pub finder: Finder,
    /// What is being typed on the last row.
    pub entry: Option<Entry>,
    /// What was typed there before.
    pub history: History,
    /// Which lines are chosen, to be copied or saved.
    pub selection: Option<Selection>,
    /// Long lines that are shown whole.
    pub unfolded: Unfolded,
    /// What is shown instead of the selection's log.
    pub sources: Sources,
    /// Older lines that were asked for.
    pub past: Past,
    /// Whose lines are shown.
    of: Vec<Scoped<EnvId>>,
}

impl Default for LogsPane {
    fn default() -> Self {
        Self {
            follows: true,
            top: Place::default(),
            left: 0,
            shows_previous: false,
            lens: Lens::default(),
            sieve: Sieve::default(),
            finder: Finder::default(),
            entry: None,
            history: History::default(),
            selection: None,
            unfolded: Unfolded::default(),
            sources: Sources::default(),
            past: Past::default(),
            of: Vec::new(),
        }
    }
}

impl LogsPane {
    /// Another log is shown: what belonged to the lines of the one before goes, how one looks stays.
    fn turn_to(&mut self, of: Vec<Scoped<EnvId>>) {
        let before = std::mem::take(self);
        *self = Self {
            lens: before.lens,
            sieve: before.sieve,
            finder: before.finder,
            sources: before.sources,
            entry: before.entry,
            history: before.history,
            // What is under way is stopped when this is seen.
            past: before.past.left(),
            of,
            ..Self::default()
        };
        if let Some(entry) = &mut self.entry {
            entry.forget_spot();
        }
        self.sieve.restart();
        self.finder.restart();
    }
}

impl LogsPane {
    /// The same lines have other numbers: the place is kept, and what is derived begins anew.
    fn renumber(&mut self, new: impl Fn(LineNo) -> Option<LineNo>) {
        if !self.follows {
            self.top.line = new(self.top.line).unwrap_or(self.top.line);
        }
        self.finder.current = self.finder.current.and_then(new);
        self.selection = None;
        self.unfolded = Unfolded::default();
        self.sieve.restart();
        self.finder.restart();
    }
}

/// The lines that are shown: of the selection's channel, or of several sources as one.
#[must_use]
pub fn shown(state: &State) -> Option<&Ring> {
    match state.logs.merged() {
        Some(merged) => Some(&merged.ring),
        None => selected_channel(state).map(|channel| &channel.ring),
    }
}

/// How many rows the lines have: those of the pane, without what is typed and the release that is
/// watched.
#[must_use]
pub fn rows(state: &State) -> usize {
    let pane = state.layout().rows(Pane::Logs);
    let taken = usize::from(state.panes.logs.entry.is_some()) + crate::app::watch::rows(state);
    pane.saturating_sub(taken)
}

/// Goes on with what is looked through, a slice at a time: several sources as one, the filter, the
/// search.
pub(super) fn advance(state: &mut State, outcome: &mut Outcome) {
    if fold::is_old(state) {
        fold::tend(state);
    }
    entry::tend(state);
    past::go_on(state, outcome);
    let mut budget = Budget::SLICE;
    merge(state, &mut budget, outcome);
    let (begin, names) = (looking::begin(state), asked_origins(state));
    let mut pane = std::mem::take(&mut state.panes.logs);
    let seen = |pane: &LogsPane| (pane.sieve.version(), pane.finder.position());
    let before = seen(&pane);
    if let Some(ring) = shown_by(state, &pane) {
        pane.sieve.name_origins(names);
        if let Some(no) = begin {
            pane.sieve.begin_at(no);
            pane.finder.begin_at(no);
        }
        pane.sieve.advance(ring, &mut budget);
        pane.finder.advance(ring, &pane.sieve, &mut budget);
    }
    let has_changed = before != seen(&pane);
    state.panes.logs = pane;
    let has_landed = looking::land(state);
    outcome.redraw |= (has_changed || has_landed) && state.layout().shows(Pane::Logs);
}

/// What the logs that are merged are called, where the filter asks.
fn asked_origins(state: &State) -> Vec<String> {
    let merged = state.logs.merged();
    let merged = merged.filter(|_| state.panes.logs.sieve.asks_source());
    let sources = merged.map_or(&[][..], |merged| &merged.sources);
    let names = sources.iter().map(|env| source_name(state, env));
    names.map(Option::unwrap_or_default).collect()
}

/// Goes on making one log of several.
fn merge(state: &mut State, budget: &mut Budget, outcome: &mut Outcome) {
    let before = match state.logs.merge(state.now, budget) {
        Change::Nothing => return,
        Change::More => {
            outcome.redraw |= state.layout().shows(Pane::Logs);
            return;
        }
        Change::Anew(before) => before,
    };
    outcome.redraw = true;
    let pane = &mut state.panes.logs;
    if let Some(merged) = state.logs.merged() {
        pane.renumber(|no| same_place(&before, no, &merged.ring));
    }
}

/// When lines of several logs have waited for each other long enough.
#[must_use]
pub fn merges_at(state: &State) -> Option<Timestamp> {
    state.logs.merged()?.due_at()
}

/// Whether there is more to look through: then the loop comes back at once.
#[must_use]
pub fn is_behind(state: &State) -> bool {
    let pane = &state.panes.logs;
    let is_merging = state.logs.merged().is_some_and(Merged::is_behind);
    is_merging
        || shown(state).is_some_and(|ring| {
            pane.sieve.is_behind(ring) || pane.finder.is_behind(ring, &pane.sieve)
        })
}

/// Whether lines in sight say how long ago they were written: that changes by itself.
#[must_use]
pub fn counts_seconds(state: &State) -> bool {
    let is_relative = state.panes.logs.lens.time == TimeMode::Relative;
    is_relative && state.layout().shows(Pane::Logs) && shown(state).is_some_and(|it| !it.is_empty())
}

/// As [`shown`], of a pane that was taken out.
fn shown_by<'a>(state: &'a State, pane: &LogsPane) -> Option<&'a Ring> {
    if let Some(merged) = state.logs.merged() {
        return Some(&merged.ring);
    }
    channel_shown(state, pane).map(|channel| &channel.ring)
}

/// What an action does.
type Act = fn(&mut State, &mut Outcome);

/// What the actions of the pane do.
const ACTS: [(Action, Act); 19] = [
    (Action::Follow, |state, _| toggle_follow(state)),
    (Action::PreviousLog, |state, _| toggle_previous(state)),
    (Action::LineStart, |state, _| state.panes.logs.left = 0),
    (Action::SearchLog, |state, _| {
        entry::begin(state, Purpose::Search);
    }),
    (Action::FilterLog, |state, _| {
        entry::begin(state, Purpose::Filter);
    }),
    (Action::Since, |state, _| {
        entry::begin(state, Purpose::Since);
    }),
    (Action::ChooseFields, |state, _| {
        entry::begin(state, Purpose::Fields);
    }),
    (Action::NextHit, |state, _| looking::to_hit(state, true)),
    (Action::PreviousHit, |state, _| {
        looking::to_hit(state, false);
    }),
    (Action::NextError, |state, _| looking::to_error(state, true)),
    (Action::PreviousError, |state, _| {
        looking::to_error(state, false);
    }),
    (Action::LogContext, |state, _| looking::turn_context(state)),
    (Action::Wrap, |state, _| turn_wrap(state)),
    (Action::LogTime, |state, _| turn_time(state)),
    (Action::LogFields, |state, _| turn_fields(state)),
    (Action::SelectLines, |state, _| select::toggle(state)),
    (Action::CopyLines, select::copy),
    (Action::SaveLog, |state, _| select::begin_save(state)),
    (Action::Sources, |state, _| sources::open(state)),
];

/// Carries out an action of the pane.
pub(in crate::app) fn act(state: &mut State, action: Action, outcome: &mut Outcome) {
    let own = ACTS.iter().find(|(own, _)| *own == action);
    if let Some((_, act)) = own {
        act(state, outcome);
    }
}

/// Closes what is open within the pane: the selection of lines, then the search, then the filter.
/// Says whether there was anything.
pub(super) fn peel(state: &mut State) -> bool {
    let pane = &mut state.panes.logs;
    if pane.selection.take().is_some() {
        return true;
    }
    if pane.finder.pattern().is_some() {
        pane.finder.set(None);
        return true;
    }
    if pane.sieve.filter().is_some() {
        pane.sieve.set(None, pane.lens.context);
        return true;
    }
    false
}

fn turn_wrap(state: &mut State) {
    let lens = &mut state.panes.logs.lens;
    lens.wraps = !lens.wraps;
}

fn turn_time(state: &mut State) {
    let lens = &mut state.panes.logs.lens;
    lens.time = lens.time.next();
    let text = format!("time: {}", lens.time.word());
    state.notices.say(state.now, Tone::Info, text);
}

fn turn_fields(state: &mut State) {
    let lens = &mut state.panes.logs.lens;
    lens.json = match lens.json {
        JsonMode::Fields => JsonMode::Raw,
        JsonMode::Raw => JsonMode::Fields,
    };
}

/// The channel that is shown: that of the selection, or of the one source that was chosen. Absent
/// where several are shown as one.
#[must_use]
pub fn selected_channel(state: &State) -> Option<&Channel> {
    channel_shown(state, &state.panes.logs)
}

fn channel_shown<'a>(state: &'a State, pane: &LogsPane) -> Option<&'a Channel> {
    let env = pane.sources.shown_env(state)?;
    if pane.shows_previous {
        state.logs.previous(&env)
    } else {
        state.logs.channel(&env)
    }
}

/// Shows what was written before the last restart, or again what runs.
fn toggle_previous(state: &mut State) {
    let Some(env) = sources::shown_env(state) else {
        return sources::refuse_previous(state);
    };
    let refusal = state
        .contexts
        .get(env.context)
        .and_then(|context| context.supports(Capability::PreviousLog).refusal());
    if let Some(reason) = refusal {
        return state.notices.say(state.now, Tone::Info, reason);
    }
    let pane = &mut state.panes.logs;
    let shows = !pane.shows_previous;
    let of = std::mem::take(&mut pane.of);
    pane.turn_to(of);
    pane.shows_previous = shows;
}

/// Starts or stops following.
fn toggle_follow(state: &mut State) {
    let top = shown(state).map_or_else(Place::default, |ring| top(state, ring, rows(state)));
    let pane = &mut state.panes.logs;
    pane.top = top;
    pane.follows = !pane.follows;
}
