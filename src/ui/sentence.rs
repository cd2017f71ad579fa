//! A sentence in a pane that has nothing else to show.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use super::View;
use super::text::{fit, width};

/// A sentence in lines of at most so many columns.
pub(crate) fn wrapped(view: View<'_>, text: &str, columns: usize) -> Vec<String> {
    let mut lines = Vec::new();
    let mut rest = text;
    while !rest.is_empty() && columns > 0 {
        let (line, after) = rest.split_at(wrap_at(rest, columns));
        lines.push(fit(line.trim(), columns, view.glyphs.ellipsis));
        rest = after.trim_start();
    }
    lines
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

/// Where to break `text` so that the first part fits into `room`: at the last blank, if there is
/// one.
fn wrap_at(text: &str, room: usize) -> usize {
    if width(text) <= room {
        return text.len();
    }
    let mut used = 0;
    let mut blank = None;
    for (at, c) in text.char_indices() {
        used += unicode_width::UnicodeWidthChar::width(c).unwrap_or(0);
        if c == ' ' {
            blank = Some(at);
        }
        if used > room {
            // At least one character goes, or there would be no end.
            return blank.unwrap_or(at).max(c.len_utf8());
        }
    }
    text.len()
}
