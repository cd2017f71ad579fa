//! The copy menu.

use ratatui::buffer::Buffer;
use ratatui::text::{Line, Span};

use super::{bar, keys_line, panel, scrolled, titled};
use crate::app::copy::CopyState;
use crate::ui::View;
use crate::ui::text::{fit, width};

pub(super) fn draw(view: View<'_>, copy: &CopyState, buffer: &mut Buffer) {
    let label = copy.rows.iter().map(|row| width(row.label)).max();
    let label = label.unwrap_or(0);
    let text = copy.rows.iter().map(|row| width(row.text.as_str())).max();
    let wanted = (text.unwrap_or(0) + label + 12).clamp(44, 100);
    let wanted = u16::try_from(wanted).unwrap_or(u16::MAX);
    let title = titled(view, "Copy", None);
    let (body, keys) = panel(view, title, (wanted, copy.rows.len()), buffer);
    let hints = [("letter", "or Enter copies"), ("Esc", "closes")];
    let line = keys_line(view, &hints, keys.width);
    buffer.set_line(keys.x, keys.y, &line, keys.width);
    let first = scrolled(copy.rows.len(), copy.selected, usize::from(body.height));
    let shown = copy.rows.iter().enumerate().skip(first);
    for (y, (at, row)) in (body.y..body.bottom()).zip(shown) {
        let room = usize::from(body.width).saturating_sub(label + 7);
        let line = Line::from(vec![
            Span::raw("  "),
            Span::styled(row.letter.to_string(), view.theme.accent()),
            Span::styled(format!(" {:label$}  ", row.label), view.theme.dim()),
            Span::raw(fit(row.text.as_str(), room, view.glyphs.ellipsis)),
        ]);
        buffer.set_line(body.x, y, &line, body.width);
        if at == copy.selected {
            bar(view, y, body, buffer);
        }
    }
}
