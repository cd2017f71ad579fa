//! The keys, searchable.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};

use super::{bar, boxed, centred};
use crate::app::action::{ACTIONS, Action};
use crate::app::help::{HelpRow, HelpState, keys_of};
use crate::ui::View;
use crate::ui::text::{fit, width};

pub(super) fn draw(view: View<'_>, help: &HelpState, buffer: &mut Buffer) {
    let screen = buffer.area;
    let area = centred(
        screen,
        screen.width.min(88),
        screen.height.saturating_sub(2).max(screen.height.min(6)),
    );
    let title = Line::from(Span::styled(
        format!(" Keys in {} ", view.state.screen.focus.title()),
        view.theme.title(true),
    ));
    let inside = boxed(view, title, area, buffer);
    if inside.height < 2 {
        return;
    }
    let search = Line::from(vec![
        Span::styled("search: ", view.theme.dim()),
        Span::raw(help.search.value().to_owned()),
        Span::styled(" ", view.theme.production()),
        Span::styled("   Enter runs, Esc closes", view.theme.dim()),
    ]);
    buffer.set_line(
        inside.x + 1,
        inside.y,
        &search,
        inside.width.saturating_sub(1),
    );
    let keys = keys_width(view, usize::from(inside.width));
    let rows = help.rows.iter().enumerate().skip(help.offset);
    for (y, (i, row)) in (inside.y + 2..inside.bottom()).zip(rows) {
        let line = help_line(view, *row, (keys, usize::from(inside.width)));
        buffer.set_line(inside.x, y, &line, inside.width);
        if i == help.selected {
            bar(view, y, inside, buffer);
        }
    }
    if help.rows.is_empty() {
        let at = Rect {
            y: inside.y + 2,
            height: inside.height.saturating_sub(2),
            ..inside
        };
        crate::ui::sentence::sentence(
            view,
            "No key does that. Backspace widens the search.",
            at,
            buffer,
        );
    }
}

/// The width of the column of keys: that of the longest, within bounds, whatever is searched for.
fn keys_width(view: View<'_>, columns: usize) -> usize {
    let keymap = &view.state.screen.keymap;
    let widths = ACTIONS
        .iter()
        .map(|row| width(&keys_of(keymap, row.action)));
    // Shipped keys fit into the least; beyond the most there would be no room to say what they do.
    let most = (columns / 3).clamp(12, 21);
    (widths.max().unwrap_or(0) + 1).clamp(12, most)
}

fn heading<'a>(view: View<'_>, text: &'a str) -> Line<'a> {
    Line::from(Span::styled(text, view.theme.title(true)))
}

fn help_line(view: View<'_>, row: HelpRow, (room, columns): (usize, usize)) -> Line<'_> {
    let keymap = &view.state.screen.keymap;
    let context = view.state.selected_context();
    let refusal = |needs| context.and_then(|context| context.supports(needs).refusal());
    let (keys, about, refusal) = match row {
        HelpRow::Action(action) => {
            let row = action.row();
            (
                keys_of(keymap, action),
                row.about,
                row.needs.and_then(refusal),
            )
        }
        HelpRow::Operation(recipe) => {
            let keys = format!("{} {}", keys_of(keymap, Action::Menu), recipe.letter);
            (keys, recipe.about, refusal(recipe.capability))
        }
        HelpRow::Lacking => return heading(view, "  Not on this platform"),
        HelpRow::Own => return heading(view, "  This platform only"),
    };
    let names = if keys.is_empty() { "(no key)" } else { &keys };
    let names = fit(names, room - 1, view.glyphs.ellipsis);
    let gap = " ".repeat(room.saturating_sub(width(&names)));
    let keys = format!("  {names}{gap}");
    let room = columns.saturating_sub(width(&keys) + 1);
    let Some(reason) = refusal else {
        let about = fit(about, room, view.glyphs.ellipsis);
        return Line::from(vec![
            Span::styled(keys, view.theme.accent()),
            Span::styled(about, view.theme.plain()),
        ]);
    };
    let text = format!("{about}: {reason}");
    Line::from(vec![
        Span::styled(keys, view.theme.dim()),
        Span::styled(fit(&text, room, view.glyphs.ellipsis), view.theme.dim()),
    ])
}
