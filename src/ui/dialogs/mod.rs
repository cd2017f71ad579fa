//! What stands over the panes: questions, menus, forms and help.

mod choose;
mod confirm;
mod copy;
mod form;
mod help;
pub(super) mod input;
mod menu;
mod palette;
mod preview;
mod quit;
mod sources;
mod unlock;
mod variables;

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};
use ratatui::widgets::{Block, Clear, Widget};

use super::View;
use super::text::{draw_line, fit, join_fitting, line_width};
use crate::app::confirm::Tier;
use crate::app::screen::Overlay;
use crate::model::{Class, Text};

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
        Some(Overlay::Menu(menu)) => menu::draw(view, menu, buffer),
        Some(Overlay::Palette(palette)) => palette::draw(view, palette, buffer),
        Some(Overlay::Form(form)) => form::draw(view, form, buffer),
        Some(Overlay::Copy(copy)) => copy::draw(view, copy, buffer),
        Some(Overlay::Choose(choose)) => choose::draw(view, *choose, buffer),
        Some(Overlay::Sources(open)) => sources::draw(view, open, buffer),
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

/// A box of at most so many columns and rows inside, that leaves the lines below in sight where
/// notices appear; gives the area inside its frame and margin, and its last row for its keys.
fn panel(
    view: View<'_>,
    title: Line<'_>,
    (columns, rows): (u16, usize),
    buffer: &mut Buffer,
) -> (Rect, Rect) {
    let screen = buffer.area;
    let below = if screen.height >= 10 { 2 } else { 1 };
    let room = Rect {
        height: screen.height.saturating_sub(below),
        ..screen
    };
    let rows = u16::try_from(rows).unwrap_or(u16::MAX).saturating_add(4);
    let area = centred(room, columns.min(room.width), rows.min(room.height));
    let inside = boxed(view, title, area, buffer);
    let inside = Rect {
        x: inside.x + 1,
        width: inside.width.saturating_sub(2),
        ..inside
    };
    let keys = Rect {
        y: inside.bottom().saturating_sub(1),
        height: inside.height.min(1),
        ..inside
    };
    let gap = if inside.height > 6 { 2 } else { 1 };
    let body = Rect {
        height: inside.height.saturating_sub(gap),
        ..inside
    };
    (body, keys)
}

/// ` Actions · shop/live  PROD `, as much of it as there is room for.
fn titled<'a>(view: View<'a>, what: &str, subject: Option<(Text, Option<Class>)>) -> Line<'a> {
    let (subject, class) = subject.unwrap_or_default();
    let dot = view.glyphs.dot;
    let text = if subject.is_empty() {
        format!(" {what} ")
    } else {
        let subject = fit(subject.as_str(), 48, view.glyphs.ellipsis);
        format!(" {what} {dot} {subject} ")
    };
    let mut line = Line::from(Span::styled(text, view.theme.title(true)));
    if let Some(class) = class {
        let style = if class == Class::Production {
            view.theme.production()
        } else {
            view.theme.dim()
        };
        line.push_span(Span::styled(format!(" {} ", class.word()), style));
        line.push_span(Span::raw(" "));
    }
    line
}

/// The first of `count` rows in sight, so that `selected` is in the middle where that can be.
fn scrolled(count: usize, selected: usize, room: usize) -> usize {
    let middle = selected.saturating_sub(room / 2);
    middle.min(count.saturating_sub(room))
}

/// Draws the bar of the selected row of a list over what stands in that row.
fn bar(view: View<'_>, y: u16, list: Rect, buffer: &mut Buffer) {
    let row = Rect {
        y,
        height: 1,
        ..list
    };
    buffer.set_stringn(row.x, y, view.glyphs.selected, 1, view.theme.accent());
    view.theme.select(true, row, buffer);
}

/// Keys and what they do, as many as there is room for.
fn keys_line<'a>(view: View<'a>, keys: &[(&'a str, &'a str)], columns: u16) -> Line<'a> {
    let parts = keys.iter().map(|(key, word)| {
        let key = Span::styled(*key, view.theme.accent());
        vec![key, Span::raw(format!(" {word}"))]
    });
    join_fitting(parts, 3, usize::from(columns))
}

fn centred(screen: Rect, columns: u16, rows: u16) -> Rect {
    Rect {
        x: screen.x + (screen.width - columns) / 2,
        y: screen.y + (screen.height - rows) / 2,
        width: columns,
        height: rows,
    }
}
