//! Time: moments that come, and a clock that is set back.

use jiff::SignedDuration;

use crate::app::age::set_back;
use crate::app::message::Outcome;
use crate::app::screen::{Overlay, Pane};
use crate::app::state::State;

/// A moment that `next_wakeup` named: something on screen may count seconds.
pub(super) fn clock(state: &mut State, outcome: &mut Outcome) {
    let now = state.now;
    for context in state.contexts.iter_mut() {
        if context.unlocked_until.is_some_and(|until| until <= now) {
            context.unlocked_until = None;
        }
        if context.retry_at.is_some_and(|at| at <= now) {
            context.retry_at = None;
        }
    }
    // Time alone makes a backup overdue.
    state.room_is_old |= state.screen.focus == Pane::BackupFleet;
    outcome.redraw = true;
}

/// When the clock was set back, everything that was noted by it goes back with it. Otherwise
/// nothing would be read, and what is unlocked would stay so, until it has caught up.
pub(super) fn follow(state: &mut State, outcome: &mut Outcome) {
    let by = state.seen_at.duration_since(state.now);
    state.seen_at = state.now;
    if by <= SignedDuration::ZERO {
        return;
    }
    outcome.redraw = true;
    state.inventory.shift(by);
    state.notices.shift(by);
    state.logs.shift(by);
    state.watches.shift(by);
    for context in state.contexts.iter_mut() {
        let own = [&mut context.unlocked_until, &mut context.retry_at];
        own.into_iter().flatten().for_each(|at| set_back(at, by));
    }
    if let Some(Overlay::Confirm(confirm)) = &mut state.screen.overlay {
        set_back(&mut confirm.armed_at, by);
    }
    if let Some(Overlay::Form(form)) = &mut state.screen.overlay {
        set_back(&mut form.quiet_until, by);
    }
    let pane = &mut state.panes.variables;
    let own = pane.revealed.as_mut().map(|shown| &mut shown.until);
    let own = own.into_iter().chain(&mut pane.drops_all_until);
    own.for_each(|at| set_back(at, by));
    set_back(&mut state.selected_at, by);
    set_back(&mut state.rows_at, by);
}
