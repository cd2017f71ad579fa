//! A sentence in a pane that has nothing else to show.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use super::View;
use super::text::fit;
use crate::app::wrap;

/// A sentence in lines of at most so many columns.
pub(crate) fn wrapped(view: View<'_>, text: &str, columns: usize) -> Vec<String> {
    let lines = wrap::wrapped(text, columns).into_iter();
    lines
        .map(|line| fit(line, columns, view.glyphs.ellipsis))
        .collect()
}

/// A sentence, dim, at the top of an empty pane.
pub(crate) fn sentence(view: View<'_>, text: &str, area: Rect, buffer: &mut Buffer) {
    if area.is_empty() {
        return;
    }
    let room = usize::from(area.width).saturating_sub(2);
    let lines = wrapped(view, text, room);
    for (y, line) in (area.y..area.bottom()).zip(lines) {
        buffer.set_stringn(area.x + 1, y, line, room, view.theme.dim());
    }
}
