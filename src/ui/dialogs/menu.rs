//! The action menu.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};

use super::{bar, input, keys_line, panel, scrolled, titled};
use crate::app::menu::{MenuLine, MenuState, subject, why_not};
use crate::model::catalogue::Recipe;
use crate::ui::View;
use crate::ui::sentence::sentence;
use crate::ui::text::fit;

/// The widest a column gets: letter, name and reason read well up to here.
const COLUMN: u16 = 82;
/// Columns of the letter and of the name.
const NAME: usize = 21;

pub(super) fn draw(view: View<'_>, menu: &MenuState, buffer: &mut Buffer) {
    let columns = menu.columns(view.state.screen.size.width);
    let rows = columns.iter().map(Vec::len).max().unwrap_or(0).max(2);
    let count = u16::try_from(columns.len()).unwrap_or(1);
    let wanted = COLUMN.saturating_mul(count).saturating_add(4);
    let title = titled(view, "Actions", subject(view.state, menu));
    let (body, keys) = panel(view, title, (wanted, rows), buffer);
    let gap = Rect {
        y: body.bottom(),
        height: keys.y.saturating_sub(body.bottom()),
        ..body
    };
    foot(view, menu, (gap, keys), buffer);
    if menu.rows.is_empty() {
        let text = "No action is called so. Backspace widens the search.";
        return sentence(view, text, body, buffer);
    }
    let selected = MenuLine::Row(menu.selected);
    let line = columns
        .iter()
        .find_map(|lines| lines.iter().position(|line| *line == selected));
    let first = scrolled(rows, line.unwrap_or(0), usize::from(body.height));
    let width = body.width / count.max(1);
    for (x, lines) in (body.x..).step_by(usize::from(width.max(1))).zip(&columns) {
        let area = Rect {
            x,
            width: width.saturating_sub(u16::from(count > 1)),
            ..body
        };
        column(
            view,
            menu,
            lines.get(first..).unwrap_or_default(),
            area,
            buffer,
        );
    }
}

fn foot(view: View<'_>, menu: &MenuState, (gap, area): (Rect, Rect), buffer: &mut Buffer) {
    let line = if menu.is_searching {
        let mut line = Line::from(Span::styled("/", view.theme.accent()));
        let room = usize::from(area.width).saturating_sub(1);
        line.spans
            .extend(input::spans(view, &menu.search, room, None));
        line
    } else {
        let keys = [
            ("letter", "or Enter begins"),
            ("Esc", "closes"),
            ("Tab", "with options"),
            ("/", "searches"),
        ];
        keys_line(view, &keys, area.width)
    };
    buffer.set_line(area.x, area.y, &line, area.width);
    // Between the list and the keys there is room for the whole sentence of the selected row.
    if let Some(recipe) = menu.rows.get(menu.selected).filter(|_| gap.height > 0) {
        let text = sentence_of(view, recipe);
        let text = fit(&text, usize::from(gap.width), view.glyphs.ellipsis);
        buffer.set_string(gap.x, gap.y, text, view.theme.plain());
    }
}

fn column(view: View<'_>, menu: &MenuState, lines: &[MenuLine], area: Rect, buffer: &mut Buffer) {
    for (y, line) in (area.y..area.bottom()).zip(lines) {
        match line {
            MenuLine::Heading(group) => {
                let style = view.theme.title(true);
                buffer.set_stringn(area.x, y, group.title(), usize::from(area.width), style);
            }
            MenuLine::Row(at) => {
                let Some(recipe) = menu.rows.get(*at) else {
                    continue;
                };
                let line = row(view, recipe, usize::from(area.width));
                buffer.set_line(area.x, y, &line, area.width);
                if *at == menu.selected {
                    bar(view, y, area, buffer);
                }
            }
        }
    }
}

/// What it does, or why it is not to be had: told by a dash, not by its colour alone.
fn sentence_of(view: View<'_>, recipe: &'static Recipe) -> String {
    match why_not(view.state, recipe) {
        Some(reason) => format!("{} {reason}", view.glyphs.none),
        None => recipe.about.to_owned(),
    }
}

fn row<'a>(view: View<'a>, recipe: &'static Recipe, columns: usize) -> Line<'a> {
    let refusal = why_not(view.state, recipe);
    let (letter, words) = if refusal.is_some() {
        (view.theme.dim(), view.theme.dim())
    } else {
        (view.theme.accent(), view.theme.plain())
    };
    let name = fit(recipe.name, NAME, view.glyphs.ellipsis);
    let room = columns.saturating_sub(NAME + 5);
    let about = fit(&sentence_of(view, recipe), room, view.glyphs.ellipsis);
    Line::from(vec![
        Span::raw("  "),
        Span::styled(recipe.letter.to_string(), letter),
        Span::styled(format!(" {name:NAME$} "), words),
        Span::styled(about, view.theme.dim()),
    ])
}
