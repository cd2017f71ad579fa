//! Backups of the whole fleet, the overdue ones first.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use super::View;
use crate::app::screen::Pane;

pub(crate) fn draw(view: View<'_>, area: Rect, buffer: &mut Buffer) {
    let focused = view.state.screen.focus == Pane::BackupFleet;
    super::frame(
        view,
        Pane::BackupFleet.title(),
        Vec::new(),
        focused,
        area,
        buffer,
    );
}
