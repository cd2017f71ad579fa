//! A line that is typed into, with its cursor.

use ratatui::text::Span;
use tui_input::Input;

use crate::ui::View;
use crate::ui::text::{fit, skip_columns, width};

/// The line in `columns` columns, scrolled so that the cursor is in sight. `mask` stands for every
/// character of what must not be seen.
pub(in crate::ui) fn spans<'a>(
    view: View<'a>,
    input: &Input,
    columns: usize,
    mask: Option<&str>,
) -> Vec<Span<'a>> {
    let shown = |text: &str| match mask {
        Some(mask) => mask.repeat(text.chars().count()),
        None => text.to_owned(),
    };
    let at = input.value().char_indices().nth(input.cursor());
    let at = at.map_or(input.value().len(), |(at, _)| at);
    let (before, after) = input.value().split_at(at);
    let (before, after) = (shown(before), shown(after));
    // One column is the cursor's own.
    let room = columns.saturating_sub(1);
    let past = width(&before).saturating_sub(room);
    let (_, before) = skip_columns(&before, past);
    let rest = room.saturating_sub(width(before));
    let mut after = after.chars();
    let under = after.next().map_or_else(|| " ".to_owned(), String::from);
    let after = fit(after.as_str(), rest, view.glyphs.ellipsis);
    vec![
        Span::raw(before.to_owned()),
        Span::styled(under, view.theme.production()),
        Span::raw(after),
    ]
}

/// The line as it stands while nobody types into it.
pub(super) fn plain<'a>(
    view: View<'a>,
    input: &Input,
    columns: usize,
    mask: Option<&str>,
) -> Span<'a> {
    let text = match mask {
        Some(mask) => mask.repeat(input.value().chars().count()),
        None => input.value().to_owned(),
    };
    if text.is_empty() {
        return Span::styled(view.glyphs.none, view.theme.dim());
    }
    Span::raw(fit(&text, columns, view.glyphs.ellipsis))
}
