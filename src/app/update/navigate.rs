//! Going from pane to pane and from place to place.

use super::input::clear_filter;
use super::{choose, variables};
use crate::app::action::Action;
use crate::app::notices::Tone;
use crate::app::panes;
use crate::app::screen::{Pane, Zoom};
use crate::app::state::State;
use crate::app::watch;

pub(super) fn open(state: &mut State) {
    let next = match state.screen.focus {
        Pane::Apps => Pane::Environments,
        Pane::Environments if releases(state) => return watch(state),
        Pane::Environments => Pane::Logs,
        Pane::Backups => Pane::Detail,
        Pane::BackupFleet => return panes::backup_fleet::open(state),
        Pane::Variables => return variables::open(state),
        Pane::Activity => return panes::activity::open(state),
        Pane::Operations => return panes::operations::open(state),
        Pane::Parts => return panes::parts::open(state),
        Pane::Logs => return panes::logs::unfold(state),
        Pane::Detail => return,
    };
    let of_backup = state.screen.focus == Pane::Backups;
    focus(state, next);
    show_in_detail(state, of_backup);
}

/// Other lines begin at their first.
pub(super) fn show_in_detail(state: &mut State, backup: bool) {
    let detail = &mut state.panes.detail;
    if detail.of_backup != backup {
        (detail.of_backup, detail.offset) = (backup, 0);
    }
}

/// The pane of the dashboard where one was last.
pub(super) fn dashboard(state: &State) -> Pane {
    let here = state.screen.focus;
    let before = state.screen.previous.filter(|pane| !pane.is_view());
    if here.is_view() {
        before.unwrap_or_default()
    } else {
        here
    }
}

/// All panes at their places, also after one was looked at alone.
pub(super) fn to_dashboard(state: &mut State) {
    focus(state, dashboard(state));
    zoom(state, Zoom::Normal);
}

pub(super) fn previous(state: &mut State) {
    match state.screen.previous {
        Some(pane) => focus(state, pane),
        None => state
            .notices
            .say(state.now, Tone::Info, "there is no place before this one"),
    }
}

/// The log on the whole screen.
pub(super) fn log_view(state: &mut State) {
    follow_to(state, Pane::Logs);
    zoom(state, Zoom::Full);
}

/// The log of the release that is watched, on the whole screen.
pub(super) fn watch(state: &mut State) {
    log_view(state);
    let Some(env) = state.selected_env() else {
        return;
    };
    let is_known = watch::begin_running(state, &env) || state.watches.of(&env).is_some();
    if !is_known {
        let text = "nothing is being released there; this is its log";
        state.notices.say(state.now, Tone::Info, text);
    }
}

/// Whether a deployment of the selected environment runs.
fn releases(state: &State) -> bool {
    let env = state.selected_environment();
    env.is_some_and(|env| env.running.is_some())
}

/// One layer at a time: filter, zoom, pane.
pub(super) fn back(state: &mut State) {
    if state.screen.focus == Pane::Apps && !state.panes.apps.filter.is_empty() {
        clear_filter(state);
    } else if !state.marks.is_empty() && !state.screen.focus.is_view() {
        state.marks.clear();
    } else if state.screen.focus == Pane::Variables && variables::peel(state) {
        // One layer at a time.
    } else if panes::peel(state) {
        // The same in the other views.
    } else if state.screen.focus == Pane::Apps && !state.panes.apps.hidden.is_empty() {
        choose::show_all(state);
    } else if state.screen.focus.is_view() {
        focus(state, dashboard(state));
    } else if state.screen.zoom != Zoom::Normal {
        zoom(state, Zoom::Normal);
    } else if state.screen.focus != Pane::Apps {
        focus(state, Pane::Apps);
    } else {
        let quit = state.screen.keymap.key(Action::Quit);
        let text = format!("this is the dashboard; {quit} quits");
        state.notices.say(state.now, Tone::Info, text);
    }
}

pub(super) fn focus(state: &mut State, pane: Pane) {
    // Who looks closer has chosen: the selection must not slip away under them.
    state.has_chosen |= pane != state.screen.focus;
    show_in_detail(state, false);
    state.screen.focus_on(pane);
    state.room_is_old = true;
}

pub(super) fn zoom(state: &mut State, zoom: Zoom) {
    state.screen.zoom = zoom;
    state.room_is_old = true;
}

/// Tab goes through the panes that have a place on this screen.
pub(super) fn cycle(state: &mut State, by: isize) {
    let here = state.screen.focus;
    if here == Pane::Parts {
        return panes::parts::turn(state, by);
    }
    let panes: Vec<_> = Pane::ALL
        .into_iter()
        .filter(|pane| *pane != Pane::Detail || has_detail(state))
        .collect();
    let at = panes.iter().position(|pane| *pane == here).unwrap_or(0);
    let len = isize::try_from(panes.len()).unwrap_or(1);
    let next = (isize::try_from(at).unwrap_or(0) + by).rem_euclid(len);
    if let Some(&pane) = usize::try_from(next).ok().and_then(|next| panes.get(next)) {
        focus(state, pane);
    }
}

/// On a medium screen Detail stands in for the environments and is reached by its own key.
pub(super) fn has_detail(state: &State) -> bool {
    state.screen.focus == Pane::Detail
        || state.layout().class != Some(crate::app::layout::SizeClass::Medium)
}

pub(super) fn turn(state: &mut State, by: isize) {
    if state.screen.focus == Pane::Parts {
        return panes::parts::turn(state, by);
    }
    let at = Pane::TABS
        .iter()
        .position(|pane| *pane == state.screen.tab.0)
        .unwrap_or(0);
    let next = (at.cast_signed() + by).rem_euclid(Pane::TABS.len().cast_signed());
    let pane = Pane::TABS[next.unsigned_abs()];
    if state.screen.focus == Pane::Apps && state.layout().tabs {
        // The tab turns under the list; the list keeps the focus.
        state.screen.tab = crate::app::screen::Tab(pane);
        state.room_is_old = true;
    } else {
        focus(state, pane);
    }
}

pub(super) fn problem(state: &mut State, forward: bool) {
    if !panes::apps::to_problem(state, forward) {
        state
            .notices
            .say(state.now, Tone::Good, "nothing is failed or degraded");
    }
}

/// A step wide enough to read on by.
pub(super) const SIDEWAYS: isize = 8;

pub(super) fn scroll_sideways(state: &mut State, direction: isize) {
    let left = &mut state.panes.logs.left;
    *left = left
        .saturating_add_signed(direction * SIDEWAYS)
        .min(crate::model::MAX_LINE_COLUMNS);
}

/// Goes to a pane, and there to what the row under the bar is about.
pub(super) fn follow_to(state: &mut State, pane: Pane) {
    panes::take_along(state);
    focus(state, pane);
}
