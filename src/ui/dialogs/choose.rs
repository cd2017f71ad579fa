//! Which contexts are shown, and how they are doing.

use ratatui::buffer::Buffer;
use ratatui::text::{Line, Span};

use super::{bar, keys_line, panel, scrolled, titled};
use crate::app::choose::ChooseState;
use crate::app::contexts::Context;
use crate::app::rows::Totals;
use crate::ui::View;
use crate::ui::chrome::condition;
use crate::ui::text::{count, fit, width};

/// The widest name that is not cut.
const LONGEST: usize = 24;

pub(super) fn draw(view: View<'_>, choose: ChooseState, buffer: &mut Buffer) {
    let contexts = view.state.contexts.iter();
    let names = contexts.map(|context| width(context.name.as_str()));
    let name = names.max().unwrap_or(0).min(LONGEST);
    let all = view.state.contexts.len();
    let title = titled(view, "Contexts", None);
    let (body, keys) = panel(view, title, (84, all), buffer);
    let hints = [
        ("Space", "lists or hides its apps"),
        ("Enter", "lists only these"),
        ("*", "lists all"),
        ("Esc", "closes"),
    ];
    let line = keys_line(view, &hints, keys.width);
    buffer.set_line(keys.x, keys.y, &line, keys.width);
    let first = scrolled(all, choose.selected, usize::from(body.height));
    let shown = view.state.contexts.iter().enumerate().skip(first);
    for (y, (at, context)) in (body.y..body.bottom()).zip(shown) {
        let line = row(view, context, name);
        buffer.set_line(body.x, y, &line, body.width);
        if at == choose.selected {
            bar(view, y, body, buffer);
        }
    }
}

fn row<'a>(view: View<'a>, context: &'a Context, name: usize) -> Line<'a> {
    let is_listed = !view.state.panes.apps.hidden.has(context.id);
    let mark = if is_listed { "[x]" } else { "[ ]" };
    let (glyph, style, words) = condition(view, context);
    let own = fit(context.name.as_str(), name, view.glyphs.ellipsis);
    let blanks = " ".repeat(name.saturating_sub(width(&own)));
    let totals = &view.state.panes.apps.totals_by_context;
    let apps = totals.get(usize::from(context.id.0));
    let apps = apps.map_or(0, Totals::sum);
    let noun = if apps == 1 { "app" } else { "apps" };
    let guard = if context.is_read_only {
        "  read-only"
    } else if context.is_locked(view.state.now) {
        "  locked"
    } else if context.is_protected {
        "  unlocked"
    } else {
        ""
    };
    Line::from(vec![
        Span::styled(format!("  {mark} "), view.theme.accent()),
        Span::raw(format!("{own}{blanks}  ")),
        Span::styled(glyph, style),
        Span::raw(format!("  {:>6} {noun:4}  ", count(apps))),
        Span::styled(
            format!("{}  {words}{guard}", context.profile.title),
            view.theme.dim(),
        ),
    ])
}
