//! Activity: what happened, everywhere, newest first.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use super::View;
use crate::app::screen::Pane;

pub(crate) fn draw(view: View<'_>, area: Rect, buffer: &mut Buffer) {
    let focused = view.state.screen.focus == Pane::Activity;
    super::frame(
        view,
        Pane::Activity.title(),
        Vec::new(),
        focused,
        area,
        buffer,
    );
}
