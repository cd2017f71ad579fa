//! Text fields with a cursor.

use ratatui::buffer::Buffer;
use ratatui::text::Span;
use tui_input::Input;

use crate::app::panes::variables::Field;
use crate::model::Text;
use crate::ui::View;

/// Columns of a dialog beside a field: frame, margins, label, cursor.
const BESIDE: usize = 18;
/// No field needs to be wider.
const WIDEST: usize = 56;

/// How many characters a field shows on this screen.
pub(super) fn room(buffer: &Buffer) -> usize {
    usize::from(buffer.area.width)
        .saturating_sub(BESIDE)
        .clamp(1, WIDEST)
}

/// A field that shows what is typed.
pub(super) fn open<'a>(view: View<'a>, input: &Input, room: usize, focused: bool) -> Vec<Span<'a>> {
    let (from, cursor) = window(input.cursor(), room);
    let shown = input.value().chars().skip(from).take(room);
    spans(
        view,
        &shown.map(drawable).collect::<Vec<_>>(),
        cursor,
        focused,
    )
}

/// A field that shows a sign for each character, unless somebody wants to see them.
pub(super) fn secret<'a>(
    view: View<'a>,
    field: &Field,
    room: usize,
    focused: bool,
) -> Vec<Span<'a>> {
    let (from, cursor) = window(field.cursor(), room);
    let value = field.value();
    let shown = value.expose().chars().skip(from).take(room);
    let mask = view.glyphs.mask.chars().next().unwrap_or('*');
    let shown = shown.map(|c| if field.is_shown { drawable(c) } else { mask });
    spans(view, &shown.collect::<Vec<_>>(), cursor, focused)
}

/// The part in sight: where it begins, and where the cursor is in it.
fn window(cursor: usize, room: usize) -> (usize, usize) {
    let from = (cursor + 1).saturating_sub(room);
    (from, cursor - from)
}

/// A character as it may reach the terminal; what must not, is a dot.
fn drawable(c: char) -> char {
    let mut bytes = [0; 4];
    let is_clean = c == ' '
        || Text::clean(c.encode_utf8(&mut bytes))
            .as_str()
            .starts_with(c);
    if is_clean { c } else { '·' }
}

fn spans<'a>(view: View<'a>, shown: &[char], cursor: usize, focused: bool) -> Vec<Span<'a>> {
    let text = |chars: &[char]| chars.iter().collect::<String>();
    if !focused {
        return vec![Span::raw(text(shown))];
    }
    let at = cursor.min(shown.len());
    let (before, rest) = shown.split_at(at);
    let under = rest.first().copied().unwrap_or(' ').to_string();
    vec![
        Span::raw(text(before)),
        Span::styled(under, view.theme.production()),
        Span::raw(text(rest.get(1..).unwrap_or_default())),
    ]
}
