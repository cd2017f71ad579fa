//! What stands over the panes: questions, menus, forms and help.

mod confirm;
mod help;
mod quit;
mod unlock;
mod variables;

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::text::Line;
use ratatui::widgets::{Block, Clear, Widget};

use super::View;
use super::text::{draw_line, line_width};
use crate::app::confirm::Tier;
use crate::app::screen::Overlay;

pub(crate) use variables::summary as variables_summary;

/// Draws the overlay, if there is one.
pub(crate) fn draw(view: View<'_>, buffer: &mut Buffer) {
    match &view.state.screen.overlay {
        Some(Overlay::Help(help)) => help::draw(view, help, buffer),
        Some(Overlay::Confirm(confirm)) if confirm.tier != Tier::One => {
            confirm::draw(view, confirm, buffer);
        }
        Some(Overlay::Confirm(_)) | None => {}
        Some(Overlay::Unlock(unlock)) => unlock::draw(view, unlock, buffer),
        Some(Overlay::Variables(open)) => variables::draw(view, open, buffer),
        Some(Overlay::Quit) => quit::draw(view, buffer),
    }
}

/// As many lines as there is room for: blank ones go first, the last one, which says what the keys
/// do, never.
fn shortened<'a>(lines: &[Line<'a>], room: usize) -> Vec<Line<'a>> {
    let mut lines = lines.to_vec();
    if lines.len() > room {
        lines.retain(|line| line_width(line) > 0);
    }
    while lines.len() > room.max(1) {
        lines.remove(lines.len() - 2);
    }
    lines
}

/// A centred box as wide as its longest line; gives the area inside its frame.
fn dialog(view: View<'_>, title: Line<'_>, lines: &[Line<'_>], buffer: &mut Buffer) {
    let lines = shortened(lines, usize::from(buffer.area.height.saturating_sub(2)));
    let longest = lines
        .iter()
        .map(line_width)
        .chain([line_width(&title) + 2])
        .max()
        .unwrap_or(0);
    let screen = buffer.area;
    let columns = u16::try_from(longest + 4)
        .unwrap_or(u16::MAX)
        .min(screen.width);
    let rows = u16::try_from(lines.len() + 2)
        .unwrap_or(u16::MAX)
        .min(screen.height);
    let area = centred(screen, columns, rows);
    let inside = boxed(view, title, area, buffer);
    for (y, line) in (inside.y..inside.bottom()).zip(&lines) {
        let room = inside.width.saturating_sub(2);
        draw_line(line, (inside.x + 1, y), room, view.glyphs.ellipsis, buffer);
    }
}

fn boxed(view: View<'_>, title: Line<'_>, area: Rect, buffer: &mut Buffer) -> Rect {
    Clear.render(area, buffer);
    let block = Block::bordered()
        .border_set(view.glyphs.frame_focused)
        .border_style(view.theme.frame(true))
        .title(title);
    let inside = block.inner(area);
    block.render(area, buffer);
    inside
}

fn centred(screen: Rect, columns: u16, rows: u16) -> Rect {
    Rect {
        x: screen.x + (screen.width - columns) / 2,
        y: screen.y + (screen.height - rows) / 2,
        width: columns,
        height: rows,
    }
}
