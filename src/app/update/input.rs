//! Keys: text field, then dialog, then the table of actions.

use std::time::Duration;

use tui_input::InputRequest;

use super::{choose, copy, form, menu, operation, palette, variables};
use crate::app::action::{Action, Scope};
use crate::app::filter::Filter;
use crate::app::help::{HelpRow, HelpState};
use crate::app::incident;
use crate::app::keys::{Key, KeyPress};
use crate::app::loadable::Load;
use crate::app::menu::why_not;
use crate::app::message::{Effect, Outcome};
use crate::app::notices::Tone;
use crate::app::panes::{self, Motion};
use crate::app::screen::{Overlay, Pane, Zoom};
use crate::app::state::State;
use crate::app::transfers;
use crate::model::catalogue::Recipe;
use crate::model::{ContextId, Text};

/// Rows of the help overlay that are in sight are what the screen leaves after its frame, title
/// and search line.
const HELP_FRAME_ROWS: u16 = 8;

pub(super) fn key(state: &mut State, press: KeyPress, repeat: bool, outcome: &mut Outcome) {
    outcome.redraw = true;
    state.notices.go_on();
    match state.screen.overlay.take() {
        Some(Overlay::Help(help)) => in_help(state, help, press, outcome),
        Some(Overlay::Confirm(confirm)) => {
            operation::in_confirm(state, confirm, press, repeat, outcome);
        }
        Some(Overlay::Unlock(unlock)) => super::marks::in_unlock(state, unlock, press),
        Some(Overlay::Menu(open)) => menu::key(state, open, press, repeat, outcome),
        Some(Overlay::Palette(open)) => palette::key(state, open, press, outcome),
        Some(Overlay::Form(open)) => form::key(state, open, press, repeat, outcome),
        Some(Overlay::Copy(open)) => copy::key(state, open, press, outcome),
        Some(Overlay::Choose(open)) => choose::key(state, open, press),
        Some(Overlay::Variables(dialog)) => variables::key(state, *dialog, press, outcome),
        Some(Overlay::Quit) => in_quit(press, outcome),
        None if state.panes.apps.is_filtering => in_filter(state, press),
        None if state.panes.variables.is_filtering => variables::in_filter(state, press),
        None if panes::field(state).is_some_and(|field| field.is_typing) => in_field(state, press),
        None => in_pane(state, press, repeat, outcome),
    }
}

fn in_pane(state: &mut State, press: KeyPress, repeat: bool, outcome: &mut Outcome) {
    if let Some(action) = state.screen.keymap.resolve(state.screen.focus, press) {
        act(state, action, repeat, outcome);
    } else {
        let help = state.screen.keymap.key(Action::Help);
        let text = format!("{press} does nothing here; {help} lists the keys");
        state.notices.say(state.now, Tone::Info, text);
    }
}

pub(super) fn paste(state: &mut State, raw: &str, outcome: &mut Outcome) {
    let text = Text::clean(raw);
    let insert = |input: &mut tui_input::Input| {
        text.as_str().chars().for_each(|c| {
            input.handle(InputRequest::InsertChar(c));
        });
    };
    match state.screen.overlay.take() {
        Some(Overlay::Help(mut help)) => {
            insert(&mut help.search);
            help.search_in(state);
            state.screen.overlay = Some(Overlay::Help(help));
        }
        Some(Overlay::Palette(mut open)) => {
            insert(&mut open.input);
            open.search_again(state);
            state.screen.overlay = Some(Overlay::Palette(open));
        }
        Some(Overlay::Menu(mut open)) => {
            open.is_searching = true;
            insert(&mut open.search);
            open.search_again();
            state.screen.overlay = Some(Overlay::Menu(open));
        }
        Some(Overlay::Form(mut open)) => {
            form::paste(state, &mut open, raw);
            state.screen.overlay = Some(Overlay::Form(open));
        }
        // A typed confirmation is not filled by a paste: it is there to make one look.
        other @ Some(
            Overlay::Confirm(_)
            | Overlay::Unlock(_)
            | Overlay::Copy(_)
            | Overlay::Choose(_)
            | Overlay::Quit,
        ) => state.screen.overlay = other,
        None if state.panes.apps.is_filtering => {
            insert(&mut state.panes.apps.filter_text);
            filter_typed(state);
        }
        other @ Some(Overlay::Variables(_)) => {
            state.screen.overlay = other;
            variables::paste(state, raw);
        }
        None => {
            if let Some(field) = panes::field_mut(state).filter(|field| field.is_typing) {
                field.edit(text.as_str().chars().map(InputRequest::InsertChar));
                state.room_is_old = true;
            } else {
                variables::paste(state, raw);
            }
        }
    }
    outcome.redraw = true;
}

/// Whether a key closes what is open, whatever it is.
pub(super) fn is_close(press: KeyPress) -> bool {
    press.key == Key::Esc || (press.ctrl && press.key == Key::Char('c'))
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

/// A key while the filter of a view is typed.
fn in_field(state: &mut State, press: KeyPress) {
    let is_over = press.key == Key::Esc || (press.ctrl && press.key == Key::Char('c'));
    let moves = [(Key::Up, -1), (Key::Down, 1)];
    if let Some((_, by)) = moves.into_iter().find(|(key, _)| *key == press.key) {
        return panes::motion(state, Motion::By(by));
    }
    let Some(field) = panes::field_mut(state) else {
        return;
    };
    if is_over {
        field.clear();
    } else if press.key == Key::Enter {
        field.is_typing = false;
    } else {
        field.edit(edit(press));
    }
    state.room_is_old = true;
}

fn filter_typed(state: &mut State) {
    state.panes.apps.filter = Filter::parse(state.panes.apps.filter_text.value());
    panes::apps::filter(state);
}

pub(super) fn clear_filter(state: &mut State) {
    state.panes.apps.filter_text.reset();
    filter_typed(state);
}

fn in_help(state: &mut State, mut help: HelpState, press: KeyPress, outcome: &mut Outcome) {
    let rows = usize::from(state.screen.size.height.saturating_sub(HELP_FRAME_ROWS));
    let page = isize::try_from(rows.max(1)).unwrap_or(isize::MAX);
    match press {
        press if closes_help(state, &help, press) => return,
        KeyPress {
            key: Key::Enter, ..
        } => match help.rows.get(help.selected) {
            Some(HelpRow::Action(action)) => return act(state, *action, false, outcome),
            Some(HelpRow::Operation(recipe)) => not_offered(state, recipe),
            Some(HelpRow::Lacking) | None => return,
        },
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
                help.search_in(state);
            }
        }
    }
    state.screen.overlay = Some(Overlay::Help(help));
}

/// Esc and Ctrl-c always; the keys for help and for quitting unless they are part of what is typed.
fn closes_help(state: &State, help: &HelpState, press: KeyPress) -> bool {
    if press.key == Key::Esc || (press.key == Key::Char('c') && press.ctrl) {
        return true;
    }
    let is_typed = edit(press).is_some() && !help.search.value().is_empty();
    let action = state.screen.keymap.resolve(state.screen.focus, press);
    !is_typed
        && matches!(
            action,
            Some(Action::Help | Action::Quit | Action::Interrupt)
        )
}

fn not_offered(state: &mut State, recipe: &'static Recipe) {
    if let Some(reason) = why_not(state, recipe) {
        let text = format!("{}: {reason}", recipe.name);
        state.notices.say(state.now, Tone::Bad, text);
    }
}

fn in_quit(press: KeyPress, outcome: &mut Outcome) {
    // Anything but y stays.
    if press == KeyPress::plain(Key::Char('y')) {
        outcome.effects.push(Effect::Quit);
    }
}

/// Carries out an action of the table.
pub(super) fn act(state: &mut State, action: Action, repeat: bool, outcome: &mut Outcome) {
    let rows = panes::page(state);
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
        Action::Logs => follow_to(state, Pane::Logs),
        Action::Environments => follow_to(state, Pane::Environments),
        Action::Backups => follow_to(state, Pane::Backups),
        Action::Detail => follow_to(state, Pane::Detail),
        Action::Dashboard => focus(state, dashboard(state)),
        Action::BackupFleet => focus(state, Pane::BackupFleet),
        Action::Variables => follow_to(state, Pane::Variables),
        Action::Activity => focus(state, Pane::Activity),
        Action::Operations => focus(state, Pane::Operations),
        Action::PreviousPlace => previous(state),
        Action::Filter => state.panes.apps.is_filtering = true,
        Action::FilterActivity | Action::FilterBackups => {
            if let Some(field) = panes::field_mut(state) {
                field.is_typing = true;
            }
        }
        Action::Menu => menu::open(state),
        Action::Palette => palette::open(state),
        Action::Contexts => choose::open(state),
        Action::Copy => copy::open(state),
        Action::CopyCommand => copy::command(state, outcome),
        Action::Browse => copy::browse(state, outcome),
        Action::NextProblem => problem(state, true),
        Action::PreviousProblem => problem(state, false),
        Action::Follow => panes::logs::toggle_follow(state),
        Action::Left => scroll_sideways(state, -1),
        Action::Right => scroll_sideways(state, 1),
        Action::LineStart => state.panes.logs.left = 0,
        // A key that is held down asks for nothing.
        action if repeat && action.row().mutates => {}
        action if is_out_of_place(state, action) => stay_looking(state),
        Action::Deploy => operation::start_named(state, "deploy", outcome),
        Action::Cancel => operation::start_named(state, "cancel", outcome),
        Action::RollBack => operation::start_named(state, "rollback", outcome),
        Action::CreateBackup => operation::start_named(state, "backup", outcome),
        Action::Download => operation::start_named(state, "prepare-download", outcome),
        Action::CancelDownload => cancel_download(state, outcome),
        Action::Restore => operation::start_named(state, "restore", outcome),
        Action::Undo => operation::ask_undo(state, outcome),
        Action::RetryFailed => operation::retry_failed(state, outcome),
        Action::RunRest => operation::run_rest(state, outcome),
        Action::Mark => super::marks::toggle(state),
        Action::MarkRange => super::marks::range(state),
        Action::MarkAll => super::marks::all(state),
        Action::CopyIncident => copy_incident(state, outcome),
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
            let help = HelpState::new(state);
            state.screen.overlay = Some(Overlay::Help(help));
        }
        Action::Mouse => mouse(state, outcome),
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
    let of_backup = state.screen.focus == Pane::Backups;
    focus(state, next);
    show_in_detail(state, of_backup);
}

/// Other lines begin at their first.
fn show_in_detail(state: &mut State, backup: bool) {
    let detail = &mut state.panes.detail;
    if detail.of_backup != backup {
        (detail.of_backup, detail.offset) = (backup, 0);
    }
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
        paused(state)
    } else {
        format!("reading {what} again")
    };
    state.notices.say(state.now, Tone::Info, text);
}

fn paused(state: &State) -> String {
    let key = state.screen.keymap.key(Action::Pause);
    format!("polling is paused; {key} resumes it")
}

/// The report covers this much of the past: longer than most look before they write one.
const REPORTED: Duration = Duration::from_hours(2);

fn copy_incident(state: &mut State, outcome: &mut Outcome) {
    let from = state.now.saturating_sub(REPORTED);
    let report = incident::report(state, from.unwrap_or(state.now), incident::CLIPBOARD);
    let size = report.len().div_ceil(1_000);
    let text = format!("report of the last 2 hours copied: Markdown, {size} kB, without secrets");
    state.notices.say(state.now, Tone::Good, text);
    outcome.effects.push(Effect::CopyText(report));
}

fn pause(state: &mut State) {
    state.is_paused = !state.is_paused;
    let text = if state.is_paused {
        paused(state)
    } else {
        "polling resumed".to_owned()
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

/// Stops the download that was begun last.
fn cancel_download(state: &mut State, outcome: &mut Outcome) {
    let newest = state.transfers.running().last().map(|entry| entry.ticket);
    match newest {
        Some(ticket) => outcome.effects.extend(transfers::cancel(state, ticket)),
        None => state
            .notices
            .say(state.now, Tone::Info, "no download is under way"),
    }
}

fn mouse(state: &mut State, outcome: &mut Outcome) {
    let is_on = !state.screen.has_mouse;
    state.screen.has_mouse = is_on;
    outcome.effects.push(Effect::Mouse(is_on));
    let text = if is_on {
        "the mouse selects and scrolls here; hold Shift for the terminal's own selection"
    } else {
        "the mouse is the terminal's again"
    };
    state.notices.say(state.now, Tone::Info, text);
}

/// Goes to a pane, and there to what the row under the bar is about.
fn follow_to(state: &mut State, pane: Pane) {
    panes::take_along(state);
    focus(state, pane);
}

/// Whether the pane is for looking only: in Logs lines fly by and letters search, and a row of
/// Activity is not what an operation would act on.
fn is_out_of_place(state: &State, action: Action) -> bool {
    match state.screen.focus {
        Pane::Logs => asks_for_change(action),
        Pane::Activity => action.row().mutates,
        Pane::Apps
        | Pane::Environments
        | Pane::Backups
        | Pane::Detail
        | Pane::BackupFleet
        | Pane::Variables
        | Pane::Operations => false,
    }
}

fn stay_looking(state: &mut State) {
    let keymap = &state.screen.keymap;
    let title = Scope::from(state.screen.focus).title();
    let way = if state.screen.focus == Pane::Activity {
        format!("{} goes to the app", keymap.key(Action::Open))
    } else {
        format!("{} goes back", keymap.key(Action::Back))
    };
    let text = format!("nothing is changed from {title}; {way}");
    state.notices.say(state.now, Tone::Info, text);
}

/// Whether an action ends in a question before a change.
fn asks_for_change(action: Action) -> bool {
    action.row().mutates || action == Action::Undo
}

/// Whether something would go on unseen, or not go on at all, were the program to end now.
fn is_busy(state: &State) -> bool {
    state.operations.running().next().is_some()
        || operation::has_waiting(state)
        || state.transfers.is_running()
        || state.panes.variables.staged_count() > 0
}
