//! The command palette.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};

use super::{bar, input, keys_line, panel, scrolled, titled};
use crate::app::action::{Action, Scope};
use crate::app::help::keys_of;
use crate::app::palette::{Command, PaletteState};
use crate::ui::View;
use crate::ui::sentence::sentence;
use crate::ui::text::{fit, width};

/// Columns of the box.
const COLUMNS: u16 = 92;

pub(super) fn draw(view: View<'_>, palette: &PaletteState, buffer: &mut Buffer) {
    // The box keeps its size while the matches become fewer.
    let rows = usize::from(buffer.area.height)
        .saturating_sub(10)
        .clamp(4, 24);
    let title = titled(view, "Commands", None);
    let (body, keys) = panel(view, title, (COLUMNS, rows), buffer);
    let hints = [
        ("Enter", "runs"),
        ("Esc", "closes"),
        ("Tab", "with options"),
    ];
    let line = keys_line(view, &hints, keys.width);
    buffer.set_line(keys.x, keys.y, &line, keys.width);
    if body.is_empty() {
        return;
    }
    let mut typed = Line::from(Span::styled(": ", view.theme.accent()));
    let room = usize::from(body.width).saturating_sub(2);
    typed
        .spans
        .extend(input::spans(view, &palette.input, room, None));
    buffer.set_line(body.x, body.y, &typed, body.width);
    let list = Rect {
        y: body.y + 1,
        height: body.height - 1,
        ..body
    };
    if palette.rows.is_empty() {
        let text = "Nothing is called so. Backspace widens the search.";
        return sentence(view, text, list, buffer);
    }
    let count = palette.rows.len();
    let first = scrolled(count, palette.selected, usize::from(list.height));
    let shown = palette.rows.iter().enumerate().skip(first);
    for (y, (at, command)) in (list.y..list.bottom()).zip(shown) {
        let line = row(view, command, usize::from(list.width));
        buffer.set_line(list.x, y, &line, list.width);
        if at == palette.selected {
            bar(view, y, list, buffer);
        }
    }
}

/// What it does at the left, the key at the right.
fn row<'a>(view: View<'a>, command: &Command, columns: usize) -> Line<'a> {
    let refusal = command.why_not(view.state);
    let (name, about, keys) = words(view, command);
    let style = if refusal.is_some() {
        view.theme.dim()
    } else {
        view.theme.plain()
    };
    let about = refusal.unwrap_or(about);
    let room = columns.saturating_sub(width(&keys) + 4);
    let name = fit(&name, room, view.glyphs.ellipsis);
    let rest = room.saturating_sub(width(&name) + 2);
    let about = fit(&about, rest, view.glyphs.ellipsis);
    let used = width(&name) + 2 + width(&about);
    Line::from(vec![
        Span::raw("  "),
        Span::styled(name, style),
        Span::raw("  "),
        Span::styled(about, view.theme.dim()),
        Span::raw(" ".repeat(room.saturating_sub(used) + 1)),
        Span::styled(keys, view.theme.accent()),
    ])
}

fn words(view: View<'_>, command: &Command) -> (String, String, String) {
    let keymap = &view.state.screen.keymap;
    match command {
        Command::Action(action) => {
            let row = action.row();
            let name = if row.scope == Scope::Global {
                row.hint.to_owned()
            } else {
                format!("{}: {}", row.scope.title(), row.hint)
            };
            (name, row.about.to_owned(), keys_of(keymap, *action))
        }
        Command::Operation(recipe) => {
            let keys = format!("{} {}", keys_of(keymap, Action::Menu), recipe.letter);
            (recipe.name.to_owned(), recipe.about.to_owned(), keys)
        }
        Command::Context(id) => {
            let name = view.state.contexts.get(*id).map(|it| it.name.to_string());
            let about = "List the apps of this context only";
            (name.unwrap_or_default(), about.to_owned(), "context".into())
        }
        Command::App(app) => {
            let name = view.state.inventory.app(app).map(|it| it.name.to_string());
            let context = view.state.contexts.get(app.context);
            let about = context.map(|it| format!("in {}", it.name));
            (
                name.unwrap_or_default(),
                about.unwrap_or_default(),
                "app".into(),
            )
        }
    }
}
