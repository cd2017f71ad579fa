//! The mouse, where somebody has switched it on.

use super::layout::Area;
use super::panes::{self, Motion};
use super::screen::Pane;
use super::state::State;

/// What the mouse did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MouseKind {
    /// The left button was pressed.
    Click,
    /// The wheel was turned up.
    WheelUp,
    /// The wheel was turned down.
    WheelDown,
}

/// What the mouse did, and at which cell.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MouseAt {
    /// What.
    pub kind: MouseKind,
    /// Column.
    pub x: u16,
    /// Row.
    pub y: u16,
}

/// Rows that one step of the wheel is.
const STEP: isize = 3;

/// A click focuses a pane and selects the row under it, the wheel moves in it. Neither answers a
/// question or changes anything elsewhere.
pub(super) fn mouse(state: &mut State, at: MouseAt) {
    if state.screen.overlay.is_some() || !state.screen.has_mouse {
        return;
    }
    let layout = state.layout();
    let hit = layout
        .panes
        .iter()
        .find(|(_, area)| area.contains(at.x, at.y));
    let Some(&(pane, area)) = hit else { return };
    if state.screen.focus != pane {
        state.has_chosen = true;
        state.screen.focus_on(pane);
        state.room_is_old = true;
    }
    match at.kind {
        MouseKind::Click => select(state, pane, area, at.y),
        MouseKind::WheelUp => panes::motion(state, Motion::By(-STEP)),
        MouseKind::WheelDown => panes::motion(state, Motion::By(STEP)),
    }
}

/// Selects the row at `y`, as a move from the one that is selected.
fn select(state: &mut State, pane: Pane, area: Area, y: u16) {
    let first = area.inside().y + panes::header_rows(pane);
    let (Some(row), Some((selected, offset))) = (y.checked_sub(first), panes::cursor(state, pane))
    else {
        return;
    };
    let wanted = offset + usize::from(row);
    if wanted < panes::len(state, pane) {
        let delta = wanted.cast_signed() - selected.cast_signed();
        panes::motion(state, Motion::By(delta));
    }
}
