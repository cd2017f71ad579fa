//! Which logs are shown as one.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};

use super::{bar, input, keys_line, panel, scrolled, titled};
use crate::app::panes::logs::{MOST_SOURCES, SourceRow, SourcesState, source_name, why_no_log};
use crate::ui::View;
use crate::ui::sentence::sentence;
use crate::ui::text::{count, fit, width};

/// Columns of the box.
const COLUMNS: u16 = 92;
/// The widest name that is not cut.
const LONGEST: usize = 44;

/// Draws the list.
pub(super) fn draw(view: View<'_>, open: &SourcesState, buffer: &mut Buffer) {
    // The box keeps its size while the matches become fewer.
    let rows = usize::from(buffer.area.height).saturating_sub(10);
    let title = titled(view, "Logs shown as one", None);
    let (body, keys) = panel(view, title, (COLUMNS, rows.clamp(4, 24)), buffer);
    let marked = !view.state.marks.is_empty();
    let hints = [
        ("Space", "adds or takes away"),
        ("*", "only the selection again"),
        ("Tab", "adds what is marked"),
        ("Esc", "closes"),
    ];
    // What is rarely to be had stands last.
    let mut hints = hints.to_vec();
    if !marked {
        hints.swap(2, 3);
    }
    let line = keys_line(view, &hints, keys.width);
    buffer.set_line(keys.x, keys.y, &line, keys.width);
    if body.is_empty() {
        return;
    }
    buffer.set_line(body.x, body.y, &head(view, open, body.width), body.width);
    let list = Rect {
        y: body.y + 1,
        height: body.height - 1,
        ..body
    };
    if open.rows.is_empty() {
        let text = "Nothing is called so. Backspace widens the search.";
        return sentence(view, text, list, buffer);
    }
    draw_rows(view, open, list, buffer);
}

fn draw_rows(view: View<'_>, open: &SourcesState, list: Rect, buffer: &mut Buffer) {
    let first = scrolled(open.rows.len(), open.selected, usize::from(list.height));
    let shown = open.rows.iter().enumerate().skip(first);
    let shown: Vec<_> = shown.take(usize::from(list.height)).collect();
    let names = shown.iter().map(|(_, row)| width(&name(view, row)));
    let name = names.max().unwrap_or(0).min(LONGEST);
    for (y, (at, source)) in (list.y..list.bottom()).zip(shown) {
        let line = row(view, source, name, usize::from(list.width));
        buffer.set_line(list.x, y, &line, list.width);
        if at == open.selected {
            bar(view, y, list, buffer);
        }
    }
}

/// What is typed at the left; how many are chosen, and how many rows there are besides, at the right.
fn head<'a>(view: View<'a>, open: &SourcesState, columns: u16) -> Line<'a> {
    let chosen = view.state.panes.logs.sources.chosen.len();
    let more = (open.more > 0).then(|| format!("{} more, type to find them   ", count(open.more)));
    let said = match chosen {
        0 => "the selection".to_owned(),
        MOST_SOURCES => format!("{chosen} chosen, which is all there can be"),
        _ => format!("{chosen} of {MOST_SOURCES} chosen"),
    };
    let right = format!("{}{said}", more.unwrap_or_default());
    let room = usize::from(columns).saturating_sub(width(&right) + 4);
    let mut line = Line::from(Span::styled("/ ", view.theme.accent()));
    line.spans
        .extend(input::spans(view, &open.search, room, None));
    let used = crate::ui::text::line_width(&line);
    let blank = usize::from(columns).saturating_sub(used + width(&right));
    line.push_span(Span::raw(" ".repeat(blank)));
    line.push_span(Span::styled(right, view.theme.dim()));
    line
}

fn name(view: View<'_>, row: &SourceRow) -> String {
    let known = row.env().and_then(|env| source_name(view.state, &env));
    known.unwrap_or_else(|| {
        let context = view.state.contexts.get(row.app.context);
        let context = context.map_or("", |context| context.name.as_str());
        let app = view.state.inventory.app(&row.app);
        format!("{context} {}", app.map_or("", |app| app.name.as_str()))
    })
}

/// `[x] do-prod shop-api/live   DigitalOcean   ● LIVE`, or why there is no log.
fn row<'a>(view: View<'a>, row: &SourceRow, names: usize, columns: usize) -> Line<'a> {
    let env = row.env();
    let chosen = &view.state.panes.logs.sources.chosen;
    let is_chosen = env.as_ref().is_some_and(|env| chosen.contains(env));
    let is_selected = env.is_some() && env == view.state.selected_env();
    let refusal = why_no_log(view.state, row);
    let own = name(view, row);
    let style = match (&refusal, is_chosen) {
        (Some(_), _) => view.theme.dim(),
        (None, true) => view.theme.source(&own),
        (None, false) => view.theme.plain(),
    };
    let mark = match (&refusal, is_chosen) {
        (Some(_), false) => "   ",
        (_, true) => "[x]",
        (None, false) => "[ ]",
    };
    let shown = fit(&own, names, view.glyphs.ellipsis);
    let blank = " ".repeat(names.saturating_sub(width(&shown)) + 2);
    let context = view.state.contexts.get(row.app.context);
    let platform = context.map_or("", |context| context.profile.title);
    let beside = match refusal {
        Some(reason) => format!("{platform}: {reason}"),
        None if is_selected => format!("{platform}, selected"),
        None => platform.to_owned(),
    };
    let room = columns.saturating_sub(8 + names);
    Line::from(vec![
        Span::styled(format!("  {mark} "), view.theme.accent()),
        Span::styled(shown, style),
        Span::raw(blank),
        Span::styled(fit(&beside, room, view.glyphs.ellipsis), view.theme.dim()),
    ])
}
