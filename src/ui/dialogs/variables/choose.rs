//! The list of environments to compare with.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};

use super::field;
use crate::app::panes::variables::{Candidate, Choose};
use crate::ui::View;
use crate::ui::dialogs::{boxed, centred};
use crate::ui::sentence::sentence;
use crate::ui::text::draw_line;

/// The dialog: no wider than names need, and most of the height.
const COLUMNS: u16 = 64;
const ROWS: u16 = 20;

pub(super) fn draw(view: View<'_>, open: &Choose, buffer: &mut Buffer) {
    let screen = buffer.area;
    let area = centred(screen, screen.width.min(COLUMNS), screen.height.min(ROWS));
    let title = Span::styled(" Compare with ", view.theme.title(true));
    let inside = boxed(view, Line::from(title), area, buffer);
    let ellipsis = view.glyphs.ellipsis;
    let mut search = vec![Span::styled("search: ", view.theme.dim())];
    search.extend(field::open(view, &open.search, 24, true));
    search.push(Span::styled(
        "   Enter compares, Esc leaves",
        view.theme.dim(),
    ));
    let room = inside.width.saturating_sub(2);
    let at = (inside.x + 1, inside.y);
    draw_line(&Line::from(search), at, room, ellipsis, buffer);
    let list = Rect {
        y: inside.y + 2,
        height: inside.height.saturating_sub(2),
        ..inside
    };
    if open.shown.is_empty() {
        let text = "No environment fits. Backspace widens the search.";
        return sentence(view, text, list, buffer);
    }
    let rows = usize::from(list.height.max(1));
    let offset = (open.selected + 1).saturating_sub(rows);
    let shown = open.shown.iter().enumerate().skip(offset);
    for (y, (number, at)) in (list.y..list.bottom()).zip(shown) {
        let Some(candidate) = open.all.get(*at) else {
            continue;
        };
        row(
            view,
            candidate,
            number == open.selected,
            Rect {
                y,
                height: 1,
                ..list
            },
            buffer,
        );
    }
}

fn row(view: View<'_>, candidate: &Candidate, selected: bool, at: Rect, buffer: &mut Buffer) {
    let line = Line::from(vec![
        Span::raw(format!("   {:32} ", candidate.title)),
        Span::styled(candidate.context.as_str(), view.theme.dim()),
    ]);
    draw_line(&line, (at.x, at.y), at.width, view.glyphs.ellipsis, buffer);
    if selected {
        buffer.set_string(at.x + 1, at.y, view.glyphs.selected, view.theme.accent());
        view.theme.select(true, at, buffer);
    }
}
