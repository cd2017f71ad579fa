//! Operations: what flightdeck was asked to do, newest first.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use super::View;
use crate::app::screen::Pane;

pub(crate) fn draw(view: View<'_>, area: Rect, buffer: &mut Buffer) {
    let focused = view.state.screen.focus == Pane::Operations;
    super::frame(
        view,
        Pane::Operations.title(),
        Vec::new(),
        focused,
        area,
        buffer,
    );
}
