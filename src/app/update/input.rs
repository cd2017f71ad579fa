//! Keys: text field, then dialog, then the table of actions.

use tui_input::InputRequest;

use super::{operation, variables};
use crate::app::action::Action;
use crate::app::filter::Filter;
use crate::app::help::HelpState;
use crate::app::keys::{Key, KeyPress};
use crate::app::loadable::Load;
use crate::app::message::{Effect, Outcome};
use crate::app::notices::Tone;
use crate::app::panes::{self, Motion};
use crate::app::screen::{Overlay, Pane, Zoom};
use crate::app::state::State;
use crate::model::{ContextId, Text};

/// Rows of the help overlay that are in sight are what the screen leaves after its frame, title
/// and search line.
const HELP_FRAME_ROWS: u16 = 8;

pub(super) fn key(state: &mut State, press: KeyPress, repeat: bool, outcome: &mut Outcome) {
    outcome.redraw = true;
    match state.screen.overlay.take() {
        Some(Overlay::Help(help)) => in_help(state, help, press, outcome),
        Some(Overlay::Confirm(confirm)) => {
            operation::in_confirm(state, confirm, press, repeat, outcome);
        }
        Some(Overlay::Unlock(unlock)) => super::marks::in_unlock(state, unlock, press),
        Some(Overlay::Variables(dialog)) => variables::key(state, *dialog, press, outcome),
        Some(Overlay::Quit) => in_quit(press, outcome),
        None if state.panes.apps.is_filtering => in_filter(state, press),
        None if state.panes.variables.is_filtering => variables::in_filter(state, press),
        None => in_pane(state, press, repeat, outcome),
    }
}

fn in_pane(state: &mut State, press: KeyPress, repeat: bool, outcome: &mut Outcome) {
    if let Some(action) = state.screen.keymap.resolve(state.screen.focus, press) {
        act(state, action, repeat, outcome);
    } else {
        let text = format!("{press} does nothing here; ? lists the keys");
        state.notices.say(state.now, Tone::Info, text);
    }
}

pub(super) fn paste(state: &mut State, text: &str, outcome: &mut Outcome) {
    let raw = text;
    let text = Text::clean(text);
    let insert = |input: &mut tui_input::Input| {
        text.as_str().chars().for_each(|c| {
            input.handle(InputRequest::InsertChar(c));
        });
    };
    if state.panes.apps.is_filtering {
        insert(&mut state.panes.apps.filter_text);
        filter_typed(state);
    } else if let Some(Overlay::Help(help)) = &mut state.screen.overlay {
        insert(&mut help.search);
        help.search_in(state.screen.focus);
    } else {
        variables::paste(state, raw);
    }
    // A typed confirmation is not filled by a paste: it is there to make one look.
    outcome.redraw = true;
}

/// What a key does in a text field; absent for keys that end or leave it.
pub(super) fn edit(press: KeyPress) -> Option<InputRequest> {
    use InputRequest as R;
    let request = match (press.key, press.ctrl, press.alt) {
        (Key::Char('a'), true, _) | (Key::Home, ..) => R::GoToStart,
        (Key::Char('e'), true, _) | (Key::End, ..) => R::GoToEnd,
        (Key::Char('u'), true, _) => R::DeleteLine,
        (Key::Char('w'), true, _) | (Key::Backspace, _, true) => R::DeletePrevWord,
        (Key::Char('k'), true, _) => R::DeleteTillEnd,
        (Key::Char(c), false, false) => R::InsertChar(c),
        (Key::Backspace, ..) => R::DeletePrevChar,
        (Key::Delete, ..) => R::DeleteNextChar,
        (Key::Left, ..) => R::GoToPrevChar,
        (Key::Right, ..) => R::GoToNextChar,
        _ => return None,
    };
    Some(request)
}

fn in_filter(state: &mut State, press: KeyPress) {
    match press {
        KeyPress {
            key: Key::Enter, ..
        } => state.panes.apps.is_filtering = false,
        KeyPress { key: Key::Esc, .. }
        | KeyPress {
            key: Key::Char('c'),
            ctrl: true,
            ..
        } => {
            state.panes.apps.is_filtering = false;
            clear_filter(state);
        }
        KeyPress { key: Key::Up, .. } => panes::motion(state, Motion::By(-1)),
        KeyPress { key: Key::Down, .. } => panes::motion(state, Motion::By(1)),
        other => {
            if let Some(request) = edit(other) {
                state.panes.apps.filter_text.handle(request);
                filter_typed(state);
            }
        }
    }
}

fn filter_typed(state: &mut State) {
    state.panes.apps.filter = Filter::parse(state.panes.apps.filter_text.value());
    panes::apps::filter(state);
}

fn clear_filter(state: &mut State) {
    state.panes.apps.filter_text.reset();
    filter_typed(state);
}

fn in_help(state: &mut State, mut help: HelpState, press: KeyPress, outcome: &mut Outcome) {
    let rows = usize::from(state.screen.size.height.saturating_sub(HELP_FRAME_ROWS));
    let page = isize::try_from(rows.max(1)).unwrap_or(isize::MAX);
    match press {
        KeyPress {
            key: Key::Esc | Key::Function(1),
            ..
        }
        | KeyPress {
            key: Key::Char('c'),
            ctrl: true,
            ..
        } => return,
        KeyPress {
            key: Key::Char('?' | 'q'),
            ctrl: false,
            ..
        } if help.search.value().is_empty() => {
            return;
        }
        KeyPress {
            key: Key::Enter, ..
        } => {
            if let Some(&action) = help.rows.get(help.selected) {
                act(state, action, false, outcome);
            }
            return;
        }
        KeyPress { key: Key::Up, .. } => help.step(-1, rows),
        KeyPress { key: Key::Down, .. } => help.step(1, rows),
        KeyPress {
            key: Key::PageUp, ..
        } => help.step(-page, rows),
        KeyPress {
            key: Key::PageDown, ..
        } => help.step(page, rows),
        other => {
            if let Some(request) = edit(other) {
                help.search.handle(request);
                help.search_in(state.screen.focus);
            }
        }
    }
    state.screen.overlay = Some(Overlay::Help(help));
}

fn in_quit(press: KeyPress, outcome: &mut Outcome) {
    // Anything but y stays.
    if press == KeyPress::plain(Key::Char('y')) {
        outcome.effects.push(Effect::Quit);
    }
}

/// Carries out an action of the table.
fn act(state: &mut State, action: Action, repeat: bool, outcome: &mut Outcome) {
    let rows = state.layout().rows(state.screen.focus);
    if let Some(motion) = Motion::of(action, rows) {
        panes::motion(state, motion);
        return;
    }
    match action {
        Action::Down
        | Action::Up
        | Action::Top
        | Action::Bottom
        | Action::HalfDown
        | Action::HalfUp
        | Action::PageDown
        | Action::PageUp => {}
        Action::Open => open(state),
        Action::Back => back(state),
        Action::NextPane => cycle(state, 1),
        Action::PreviousPane => cycle(state, -1),
        Action::NextTab => turn(state, 1),
        Action::PreviousTab => turn(state, -1),
        Action::Grow => zoom(state, state.screen.zoom.grow()),
        Action::Shrink => zoom(state, state.screen.zoom.shrink()),
        Action::Logs => focus(state, Pane::Logs),
        Action::Environments => focus(state, Pane::Environments),
        Action::Backups => focus(state, Pane::Backups),
        Action::Detail => focus(state, Pane::Detail),
        Action::Dashboard => focus(state, dashboard(state)),
        Action::BackupFleet => focus(state, Pane::BackupFleet),
        Action::Variables => focus(state, Pane::Variables),
        Action::Activity => focus(state, Pane::Activity),
        Action::Operations => focus(state, Pane::Operations),
        Action::PreviousPlace => previous(state),
        Action::Filter => state.panes.apps.is_filtering = true,
        Action::NextProblem => problem(state, true),
        Action::PreviousProblem => problem(state, false),
        Action::Follow => panes::logs::toggle_follow(state),
        Action::Left => scroll_sideways(state, -1),
        Action::Right => scroll_sideways(state, 1),
        Action::LineStart => state.panes.logs.left = 0,
        // A key that is held down asks for nothing.
        action if repeat && action.row().mutates => {}
        Action::Deploy => operation::start_named(state, "deploy", outcome),
        Action::Cancel => operation::start_named(state, "cancel", outcome),
        Action::RollBack => operation::start_named(state, "rollback", outcome),
        Action::CreateBackup => operation::start_named(state, "backup", outcome),
        Action::Restore => operation::start_named(state, "restore", outcome),
        Action::Undo => operation::ask_undo(state, outcome),
        Action::RetryFailed => operation::retry_failed(state, outcome),
        Action::RunRest => operation::run_rest(state, outcome),
        Action::Mark => super::marks::toggle(state),
        Action::MarkRange => super::marks::range(state),
        Action::MarkAll => super::marks::all(state),
        Action::FilterVariables => state.panes.variables.is_filtering = true,
        Action::NewVariable => variables::new(state),
        Action::UnsetVariable => variables::unset(state),
        Action::Reveal => variables::reveal(state),
        Action::EditVariables => variables::edit_all(state, outcome),
        Action::CompareVariables => variables::compare(state),
        Action::ReviewVariables => variables::review(state),
        Action::DropStaged => variables::drop_staged(state),
        Action::Unlock => super::marks::unlock(state),
        Action::Refresh => refresh(state, state.selected_context().map(|context| context.id)),
        Action::RefreshAll => refresh(state, None),
        Action::Pause => pause(state),
        Action::Help => {
            state.screen.overlay = Some(Overlay::Help(HelpState::new(state.screen.focus)));
        }
        Action::Redraw => outcome.effects.push(Effect::Redraw),
        Action::Suspend => outcome.effects.push(Effect::Suspend),
        Action::Quit => quit(state, outcome),
        Action::Interrupt => interrupt(state, outcome),
    }
}

fn open(state: &mut State) {
    let next = match state.screen.focus {
        Pane::Apps => Pane::Environments,
        Pane::Environments => Pane::Logs,
        Pane::Backups => Pane::Detail,
        Pane::BackupFleet => return panes::backup_fleet::open(state),
        Pane::Variables => return variables::open(state),
        Pane::Activity => return panes::activity::open(state),
        Pane::Operations => return panes::operations::open(state),
        Pane::Logs | Pane::Detail => return,
    };
    focus(state, next);
}

/// The pane of the dashboard where one was last.
fn dashboard(state: &State) -> Pane {
    let here = state.screen.focus;
    let before = state.screen.previous.filter(|pane| !pane.is_view());
    if here.is_view() {
        before.unwrap_or_default()
    } else {
        here
    }
}

fn previous(state: &mut State) {
    match state.screen.previous {
        Some(pane) => focus(state, pane),
        None => state
            .notices
            .say(state.now, Tone::Info, "there is no place before this one"),
    }
}

/// One layer at a time: filter, zoom, pane.
fn back(state: &mut State) {
    if state.screen.focus == Pane::Apps && !state.panes.apps.filter.is_empty() {
        clear_filter(state);
    } else if !state.marks.is_empty() {
        state.marks.clear();
    } else if state.screen.focus == Pane::Variables && variables::peel(state) {
    } else if state.screen.focus.is_view() {
        focus(state, dashboard(state));
    } else if state.screen.zoom != Zoom::Normal {
        zoom(state, Zoom::Normal);
    } else if state.screen.focus != Pane::Apps {
        focus(state, Pane::Apps);
    } else {
        state
            .notices
            .say(state.now, Tone::Info, "this is the dashboard; q quits");
    }
}

fn focus(state: &mut State, pane: Pane) {
    // Who looks closer has chosen: the selection must not slip away under them.
    state.has_chosen |= pane != state.screen.focus;
    state.screen.focus_on(pane);
    state.room_is_old = true;
}

fn zoom(state: &mut State, zoom: Zoom) {
    state.screen.zoom = zoom;
    state.room_is_old = true;
}

/// Tab goes through the panes that have a place on this screen.
fn cycle(state: &mut State, by: isize) {
    let here = state.screen.focus;
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
fn has_detail(state: &State) -> bool {
    state.screen.focus == Pane::Detail
        || state.layout().class != Some(crate::app::layout::SizeClass::Medium)
}

fn turn(state: &mut State, by: isize) {
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

fn problem(state: &mut State, forward: bool) {
    if !panes::apps::to_problem(state, forward) {
        state
            .notices
            .say(state.now, Tone::Good, "nothing is failed or degraded");
    }
}

/// A step wide enough to read on by.
const SIDEWAYS: isize = 8;

fn scroll_sideways(state: &mut State, direction: isize) {
    let left = &mut state.panes.logs.left;
    *left = left
        .saturating_add_signed(direction * SIDEWAYS)
        .min(crate::model::MAX_LINE_COLUMNS);
}

/// Asks a context, or all, for everything visible anew; a rejected credential is tried again.
fn refresh(state: &mut State, only: Option<ContextId>) {
    let ids: Vec<_> = state.contexts.iter().map(|context| context.id).collect();
    for id in ids
        .into_iter()
        .filter(|id| only.is_none_or(|only| only == *id))
    {
        state.inventory.loads_of(id).for_each(Load::invalidate);
        if let Some(context) = state.contexts.get_mut(id) {
            context.bad_credential = None;
        }
        state.logs.forget_failures(id);
    }
    let name = only
        .and_then(|id| state.contexts.get(id))
        .map(|context| context.name.clone());
    let what = name.map_or_else(|| "every context".to_owned(), |name| name.to_string());
    let text = if state.is_paused {
        "polling is paused; p resumes it".to_owned()
    } else {
        format!("reading {what} again")
    };
    state.notices.say(state.now, Tone::Info, text);
}

fn pause(state: &mut State) {
    state.is_paused = !state.is_paused;
    let text = if state.is_paused {
        "polling is paused; p resumes it"
    } else {
        "polling resumed"
    };
    state.notices.say(state.now, Tone::Info, text);
}

fn quit(state: &mut State, outcome: &mut Outcome) {
    if state.screen.focus.is_view() {
        focus(state, dashboard(state));
    } else if state.screen.zoom == Zoom::Full {
        zoom(state, Zoom::Normal);
    } else if is_busy(state) {
        state.screen.overlay = Some(Overlay::Quit);
    } else {
        outcome.effects.push(Effect::Quit);
    }
}

fn interrupt(state: &mut State, outcome: &mut Outcome) {
    if is_busy(state) {
        state.screen.overlay = Some(Overlay::Quit);
    } else {
        outcome.effects.push(Effect::Quit);
    }
}

/// Whether something would go on unseen, or not go on at all, were the program to end now.
fn is_busy(state: &State) -> bool {
    state.operations.running().next().is_some()
        || operation::has_waiting(state)
        || state.panes.variables.staged_count() > 0
}
