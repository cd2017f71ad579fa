//! What is typed on the pane's last row.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};

use crate::app::panes::logs::Entry;
use crate::ui::View;
use crate::ui::dialogs::input;
use crate::ui::text::{fit, width};

/// So much room stays for what is typed, whatever is wrong with it.
const TYPED: usize = 12;

/// Draws what is typed, if anything is; gives what is left for the lines.
pub(super) fn draw(view: View<'_>, area: Rect, buffer: &mut Buffer) -> Rect {
    let Some(entry) = &view.state.panes.logs.entry else {
        return area;
    };
    if area.is_empty() {
        return area;
    }
    let lines = Rect {
        height: area.height - 1,
        ..area
    };
    let row = Rect {
        x: area.x + 1,
        y: lines.bottom(),
        width: area.width - 1,
        height: 1,
    };
    draw_row(view, entry, row, buffer);
    lines
}

fn draw_row(view: View<'_>, entry: &Entry, row: Rect, buffer: &mut Buffer) {
    let prompt = format!("{} ", entry.prompt());
    let room = usize::from(row.width);
    let typed = width(&prompt) + TYPED;
    let problem = entry
        .problem
        .as_ref()
        .map_or("", |problem| problem.as_str());
    let problem = fit(
        problem,
        room.saturating_sub(typed + 2),
        view.glyphs.ellipsis,
    );
    let columns = width(&problem) + if problem.is_empty() { 0 } else { 2 };
    let typed = room.saturating_sub(width(&prompt) + columns);
    let mut spans = vec![Span::styled(prompt, view.theme.accent())];
    spans.extend(input::spans(view, &entry.input, typed, None));
    if entry.input.value().is_empty() {
        let hint = fit(entry.hint(), typed.saturating_sub(2), view.glyphs.ellipsis);
        spans.push(Span::styled(format!(" {hint}"), view.theme.dim()));
    }
    buffer.set_line(row.x, row.y, &Line::from(spans), row.width);
    let right = row.right()
        - u16::try_from(width(&problem))
            .unwrap_or(row.width)
            .min(row.width);
    buffer.set_stringn(right, row.y, &problem, room, view.theme.bad());
}
