//! Logs: the live log of the selection, or of several sources as one.
//!
//! Only the rows in sight are looked at; what stands where was decided by [`Sight`].

mod empty;
mod entry;
mod head;
mod paint;
mod row;

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use self::row::{Painter, Row};
use crate::app::logs::lens::Lens;
use crate::app::logs::ring::Line as LogRow;
use crate::app::panes::logs::Sight;
use crate::app::screen::Pane;
use crate::ui::View;
use crate::ui::sentence::sentence;

/// Draws the pane.
pub(crate) fn draw(view: View<'_>, tabs: bool, area: Rect, buffer: &mut Buffer) {
    let sight = Sight::of(view.state);
    let title = head::title(view, area.width);
    let right = head::right(view, sight.as_ref(), tabs);
    let inside = super::tabbed(view, Pane::Logs, &title, right, tabs, area, buffer);
    // A release that is watched has rows of its own above the lines.
    let inside = super::watch::above(view, inside, buffer);
    let lines = entry::draw(view, inside, buffer);
    match sight.filter(|sight| sight.after(0).is_some()) {
        Some(sight) => draw_lines(view, &sight, lines, buffer),
        None => sentence(view, &empty::said(view), lines, buffer),
    }
}

fn draw_lines(view: View<'_>, sight: &Sight<'_>, area: Rect, buffer: &mut Buffer) {
    let height = usize::from(area.height);
    let lines = sight.lines(sight.top(height), height);
    let widths = widths(view, sight, &lines);
    let painter = Painter::new(view, sight, widths);
    let mut y = area.y;
    for (line, from, count) in lines {
        let bottom = y.saturating_add(u16::try_from(count).unwrap_or(u16::MAX));
        let place = Rect {
            y,
            height: bottom.min(area.bottom()) - y,
            ..area
        };
        painter.draw(&Row { line, from }, place, buffer);
        y = place.bottom();
    }
}

/// How wide the columns of the chosen fields are: as wide as those in sight. Where lines are
/// wrapped there are none: then where a line breaks would hang on its neighbours.
fn widths(view: View<'_>, sight: &Sight<'_>, lines: &[(LogRow<'_>, usize, usize)]) -> Vec<usize> {
    let lens: &Lens = &view.state.panes.logs.lens;
    if lens.wraps || lens.fields.is_empty() {
        return Vec::new();
    }
    // A long message must not push the fields out of sight.
    let most = sight.columns.pane / 2;
    let mut widest = vec![0; lens.fields.len() + 1];
    for (line, ..) in lines {
        for (widest, own) in widest.iter_mut().zip(sight.content(line).widths()) {
            *widest = (*widest).max(own.min(most));
        }
    }
    widest
}
