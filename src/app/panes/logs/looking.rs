//! Going to what was looked for, and to errors.

use super::going::go_to;
use super::sight::Sight;
use super::{Entry, Place, rows, shown};
use crate::app::action::Action;
use crate::app::logs::find::{Landing, Wish};
use crate::app::logs::ring::{LineNo, Ring};
use crate::app::logs::sieve::Sieve;
use crate::app::notices::Tone;
use crate::app::state::State;
use crate::model::Level;

/// How many lines of context the key leads through.
const CONTEXTS: [usize; 5] = [0, 1, 3, 5, 10];

/// Where somebody looks.
#[derive(Clone, Copy, Debug)]
pub(super) struct Spot {
    top: Place,
    left: usize,
    follows: bool,
    current: Option<LineNo>,
    /// The first line in sight.
    first: LineNo,
}

/// Where one is.
pub(super) fn spot(state: &State) -> Option<Spot> {
    let (first, _) = in_sight(state)?;
    let pane = &state.panes.logs;
    Some(Spot {
        top: pane.top,
        left: pane.left,
        follows: pane.follows,
        current: pane.finder.current,
        first,
    })
}

/// The first line that was in sight when one began to type, or is now.
pub(super) fn origin(state: &State) -> Option<LineNo> {
    let spot = state.panes.logs.entry.as_ref().and_then(Entry::spot);
    match spot {
        Some(spot) => Some(spot.first),
        None => in_sight(state).map(|(first, _)| first),
    }
}

/// Back to where one was when one began to type.
pub(super) fn go_back(state: &mut State) {
    let pane = &mut state.panes.logs;
    let spot = pane.entry.as_ref().and_then(Entry::spot);
    if let Some(spot) = spot {
        (pane.top, pane.left, pane.follows) = (spot.top, spot.left, spot.follows);
        pane.finder.current = spot.current;
    }
}

/// The first and the last line in sight.
fn in_sight(state: &State) -> Option<(LineNo, LineNo)> {
    let rows = rows(state).max(1);
    let sight = Sight::of(state)?;
    let lines = sight.lines(sight.top(rows), rows);
    let ((first, ..), (last, ..)) = (lines.first()?, lines.last()?);
    Some((first.no, last.no))
}

/// Where looking through lines begins: what is in sight is right first.
pub(super) fn begin(state: &State) -> Option<LineNo> {
    let ring = shown(state)?;
    let pane = &state.panes.logs;
    if let Some(Wish::Near(no) | Wish::Next(no) | Wish::Previous(no)) = pane.finder.wish {
        return Some(no);
    }
    let height = rows(state) as u64;
    Some(if pane.follows {
        ring.end().saturating_sub(height)
    } else {
        pane.top.line
    })
}

/// From where one goes on: the line one has gone to if it is in sight, else the edge of what is.
fn stand(state: &State, forward: bool) -> LineNo {
    let (first, last) = in_sight(state).unwrap_or_default();
    let pane = &state.panes.logs;
    let current = pane.finder.current;
    match current.filter(|no| (first..=last).contains(no)) {
        Some(no) if forward => no + 1,
        Some(no) => no,
        // Who follows looks at the newest line.
        None if !forward && pane.follows => last + 1,
        None => first,
    }
}

/// Goes to the next line in which the search occurs, or the one before.
pub(super) fn to_hit(state: &mut State, forward: bool) {
    if state.panes.logs.finder.pattern().is_none() {
        let key = state.screen.keymap.key(Action::SearchLog);
        let text = format!("nothing is searched for; {key} searches");
        return state.notices.say(state.now, Tone::Info, text);
    }
    let from = stand(state, forward);
    state.panes.logs.finder.wish = Some(if forward {
        Wish::Next(from)
    } else {
        Wish::Previous(from)
    });
    land(state);
}

/// Goes to the hit one wants to go to, if it is known. Says whether it is.
pub(super) fn land(state: &mut State) -> bool {
    let pane = &state.panes.logs;
    let (Some(wish), Some(ring)) = (pane.finder.wish, shown(state)) else {
        return false;
    };
    let landing = pane.finder.landing(ring, &pane.sieve, wish);
    if landing == Landing::Later {
        return false;
    }
    state.panes.logs.finder.wish = None;
    match landing {
        Landing::Later => {}
        Landing::Nowhere if state.panes.logs.entry.is_some() => go_back(state),
        Landing::Nowhere => tell_if_nowhere(state),
        Landing::On(no) => go_to(state, no),
        Landing::Around(no) => {
            let end = if matches!(wish, Wish::Previous(_)) {
                "end"
            } else {
                "top"
            };
            let text = format!("search went on at the {end}");
            state.notices.say(state.now, Tone::Info, text);
            go_to(state, no);
        }
    }
    true
}

/// Says that the search occurs nowhere, if that is known.
pub(super) fn tell_if_nowhere(state: &mut State) {
    let finder = &state.panes.logs.finder;
    if let (Some(pattern), (_, 0, false)) = (finder.pattern(), finder.position()) {
        let text = format!("no line here has {}", pattern.text());
        state.notices.say(state.now, Tone::Info, text);
    }
}

/// Goes to the next error, or the one before.
pub(super) fn to_error(state: &mut State, forward: bool) {
    let from = stand(state, forward);
    let pane = &state.panes.logs;
    let found = shown(state).and_then(|ring| error(ring, &pane.sieve, from, forward));
    if let Some(no) = found {
        return go_to(state, no);
    }
    let (way, other) = if forward {
        ("below", Action::PreviousError)
    } else {
        ("above", Action::NextError)
    };
    let key = state.screen.keymap.key(other);
    let text = format!("no error {way}; {key} looks the other way");
    state.notices.say(state.now, Tone::Info, text);
}

/// The first shown line that tells an error from `from` on, or the last before it.
fn error(ring: &Ring, sieve: &Sieve, from: LineNo, forward: bool) -> Option<LineNo> {
    let rank = sieve.rank(ring, from);
    let line = |rank| sieve.nth(ring, rank);
    let tells = |no: &LineNo| {
        let line = ring.get(*no);
        line.is_some_and(|line| line.level == Some(Level::Error))
    };
    if forward {
        (rank..sieve.len(ring)).filter_map(line).find(tells)
    } else {
        (0..rank).rev().filter_map(line).find(tells)
    }
}

/// More lines around each that the filter shows, then none again.
pub(super) fn turn_context(state: &mut State) {
    let pane = &mut state.panes.logs;
    let more = CONTEXTS
        .into_iter()
        .find(|lines| *lines > pane.lens.context);
    let context = more.unwrap_or(0);
    pane.lens.context = context;
    let filter = pane.sieve.filter().cloned();
    let has_filter = filter.is_some();
    pane.sieve.set(filter, context);
    let lines = match context {
        0 => "no lines".to_owned(),
        1 => "1 line".to_owned(),
        more => format!("{more} lines"),
    };
    let key = state.screen.keymap.key(Action::FilterLog);
    let text = if has_filter {
        format!("{lines} around each that fits")
    } else {
        format!("{lines} around each that a filter shows; {key} sets one")
    };
    state.notices.say(state.now, Tone::Info, text);
}
