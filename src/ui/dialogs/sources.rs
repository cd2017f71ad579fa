//! Which logs are shown as one.

use ratatui::buffer::Buffer;

use crate::app::panes::logs::SourcesState;
use crate::ui::View;

/// Draws the list.
pub(super) fn draw(_view: View<'_>, _open: &SourcesState, _buffer: &mut Buffer) {}
