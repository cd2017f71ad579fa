//! Variables of the selected environment.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use super::View;
use crate::app::screen::Pane;

pub(crate) fn draw(view: View<'_>, area: Rect, buffer: &mut Buffer) {
    let focused = view.state.screen.focus == Pane::Variables;
    super::frame(
        view,
        Pane::Variables.title(),
        Vec::new(),
        focused,
        area,
        buffer,
    );
}
