//! Detail: everything known of the selected environment and its newest deployment.

use super::Motion;
use crate::app::state::State;

/// What the pane holds.
#[derive(Clone, Copy, Debug, Default)]
pub struct DetailPane {
    /// The first line in sight. The view stops at the end.
    pub offset: usize,
}

/// Details are never longer than this many lines; scrolling stops there.
const MOST_LINES: usize = 500;

pub(super) fn motion(state: &mut State, motion: Motion) {
    let offset = &mut state.panes.detail.offset;
    *offset = match motion {
        Motion::By(delta) => offset.saturating_add_signed(delta).min(MOST_LINES),
        Motion::Top => 0,
        Motion::Bottom => MOST_LINES,
    };
}
