//! What the actions of the table do.

use std::time::Duration;

use super::navigate::{
    back, cycle, focus, follow_to, open, previous, problem, scroll_sideways, to_dashboard, turn,
    zoom,
};
use super::{choose, copy, leaving, menu, operation, palette, polling, variables};
use crate::app::action::{Action, Scope};
use crate::app::help::HelpState;
use crate::app::incident;
use crate::app::message::{Effect, Outcome};
use crate::app::notices::Tone;
use crate::app::panes::{self, Motion};
use crate::app::screen::{Overlay, Pane};
use crate::app::state::State;
use crate::app::transfers;

/// Carries out an action of the table.
#[expect(clippy::too_many_lines, reason = "a table: what each action leads to")]
pub(super) fn act(state: &mut State, action: Action, repeat: bool, outcome: &mut Outcome) {
    let rows = panes::page(state);
    if let Some(motion) = Motion::of(action, rows) {
        panes::motion(state, motion);
        return;
    }
    // A key that is held down asks for nothing.
    if repeat && action.row().mutates {
        return;
    }
    if is_out_of_place(state, action) {
        return stay_looking(state);
    }
    if let Some(name) = action.starts() {
        return operation::start_named(state, name, outcome);
    }
    match action {
        // Done above.
        Action::Down
        | Action::Up
        | Action::Top
        | Action::Bottom
        | Action::HalfDown
        | Action::HalfUp
        | Action::PageDown
        | Action::PageUp
        | Action::Deploy
        | Action::Cancel
        | Action::RollBack
        | Action::Console
        | Action::CreateBackup
        | Action::Download
        | Action::Restore => {}
        Action::Open => open(state),
        Action::Back => back(state),
        Action::NextPane => cycle(state, 1),
        Action::PreviousPane => cycle(state, -1),
        Action::NextTab => turn(state, 1),
        Action::PreviousTab => turn(state, -1),
        Action::Grow => zoom(state, state.screen.zoom.grow()),
        Action::Shrink => zoom(state, state.screen.zoom.shrink()),
        Action::Logs => follow_to(state, Pane::Logs),
        Action::LogView => super::navigate::log_view(state),
        Action::Watch => super::navigate::watch(state),
        Action::Environments => follow_to(state, Pane::Environments),
        Action::Backups => follow_to(state, Pane::Backups),
        Action::Detail => follow_to(state, Pane::Detail),
        Action::Dashboard => to_dashboard(state),
        Action::BackupFleet => focus(state, Pane::BackupFleet),
        Action::Variables => follow_to(state, Pane::Variables),
        Action::Parts => follow_to(state, Pane::Parts),
        Action::Activity => focus(state, Pane::Activity),
        Action::Operations => focus(state, Pane::Operations),
        Action::PreviousPlace => previous(state),
        Action::Filter => state.panes.apps.is_filtering = true,
        Action::FilterActivity | Action::FilterBackups | Action::FilterParts => {
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
        Action::Left => scroll_sideways(state, -1),
        Action::Right => scroll_sideways(state, 1),
        Action::CopyLines if state.panes.logs.selection.is_none() => copy::open(state),
        Action::Follow
        | Action::PreviousLog
        | Action::LineStart
        | Action::SearchLog
        | Action::NextHit
        | Action::PreviousHit
        | Action::FilterLog
        | Action::LogContext
        | Action::NextError
        | Action::PreviousError
        | Action::Wrap
        | Action::LogTime
        | Action::LogFields
        | Action::ChooseFields
        | Action::Since
        | Action::Sources
        | Action::SelectLines
        | Action::CopyLines
        | Action::SaveLog => panes::logs::act(state, action, outcome),
        Action::CancelEvent => cancel_event(state, outcome),
        Action::CancelDownload => cancel_download(state, outcome),
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
        Action::Refresh => {
            polling::refresh(state, state.selected_context().map(|context| context.id));
        }
        Action::RefreshAll => polling::refresh(state, None),
        Action::Pause => polling::pause(state),
        Action::Help => {
            state.screen.overlay = Some(Overlay::Help(HelpState::new(state)));
        }
        Action::Mouse => mouse(state, outcome),
        Action::Redraw => outcome.effects.push(Effect::Redraw),
        Action::Suspend => outcome.effects.push(Effect::Suspend),
        Action::Quit => leaving::quit(state, outcome),
        Action::Interrupt => leaving::interrupt(state, outcome),
    }
}

/// Whether the pane is for looking only: in Logs lines fly by and letters search, and a row of
/// Activity or Operations is not what an operation would act on.
pub(super) fn is_out_of_place(state: &State, action: Action) -> bool {
    match state.screen.focus {
        Pane::Logs => asks_for_change(action),
        Pane::Activity => action.row().mutates && action != Action::CancelEvent,
        Pane::Operations => action.row().mutates,
        Pane::Apps
        | Pane::Environments
        | Pane::Backups
        | Pane::Detail
        | Pane::BackupFleet
        | Pane::Parts
        | Pane::Variables => false,
    }
}

pub(super) fn stay_looking(state: &mut State) {
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
pub(super) fn asks_for_change(action: Action) -> bool {
    action.row().mutates || action == Action::Undo
}

/// The report covers this much of the past: longer than most look before they write one.
pub(super) const REPORTED: Duration = Duration::from_hours(2);

pub(super) fn copy_incident(state: &mut State, outcome: &mut Outcome) {
    let from = state.now.saturating_sub(REPORTED);
    let report = incident::report(state, from.unwrap_or(state.now), incident::CLIPBOARD);
    let size = report.len().div_ceil(1_000);
    let text = format!("report of the last 2 hours copied: Markdown, {size} kB, without secrets");
    state.notices.say(state.now, Tone::Good, text);
    outcome.effects.push(Effect::CopyText(report));
}

/// Asks whether what the row of Activity is about is to be cancelled.
fn cancel_event(state: &mut State, outcome: &mut Outcome) {
    if panes::activity::cancellable(state).is_none() {
        let text = "this is over, or cannot be cancelled";
        return state.notices.say(state.now, Tone::Info, text);
    }
    panes::take_along(state);
    operation::start_named(state, "cancel-event", outcome);
}

/// Stops the download that was begun last.
pub(super) fn cancel_download(state: &mut State, outcome: &mut Outcome) {
    let newest = state.transfers.running().last().map(|entry| entry.ticket);
    match newest {
        Some(ticket) => outcome.effects.extend(transfers::cancel(state, ticket)),
        None => state
            .notices
            .say(state.now, Tone::Info, "no download is under way"),
    }
}

pub(super) fn mouse(state: &mut State, outcome: &mut Outcome) {
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
