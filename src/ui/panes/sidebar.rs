//! The contexts at the side of a wide screen, with budget and age.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};

use crate::app::contexts::Context;
use crate::ui::View;
use crate::ui::chrome::condition;
use crate::ui::text::{count, fit, width};

/// Draws the sidebar.
pub(crate) fn draw(view: View<'_>, area: Rect, buffer: &mut Buffer) {
    if area.is_empty() {
        return;
    }
    let title = format!("Contexts {}", view.state.contexts.len());
    let inside = super::frame(view, &title, Vec::new(), false, area, buffer);
    let mut y = inside.y;
    for context in view.state.contexts.iter() {
        for line in lines(view, context, usize::from(inside.width)) {
            if y >= inside.bottom() {
                return;
            }
            buffer.set_line(inside.x, y, &line, inside.width);
            y += 1;
        }
        y += 1;
    }
}

fn lines<'a>(view: View<'a>, context: &'a Context, columns: usize) -> Vec<Line<'a>> {
    let (glyph, style, words) = condition(view, context);
    let counted = &view.state.panes.apps.totals_by_context;
    let totals = counted
        .get(usize::from(context.id.0))
        .copied()
        .unwrap_or_default();
    let all = totals.sum();
    let name = fit(
        context.name.as_str(),
        columns.saturating_sub(3),
        view.glyphs.ellipsis,
    );
    let pad = columns.saturating_sub(width(&name) + width(glyph) + 2 + width(&words));
    let mut first = vec![Span::styled(format!("{glyph} "), style), Span::raw(name)];
    let fits = pad > 0;
    if fits {
        first.push(Span::raw(" ".repeat(pad)));
        first.push(Span::styled(words.clone(), view.theme.dim()));
    }
    let mut counts = vec![Span::styled(
        format!("  {} {}", count(all), if all == 1 { "app" } else { "apps" }),
        view.theme.dim(),
    )];
    let shown = [
        (view.glyphs.failed, totals.failed, view.theme.bad()),
        (view.glyphs.degraded, totals.degraded, view.theme.warning()),
        (view.glyphs.changing, totals.changing, view.theme.changing()),
    ];
    counts.extend(
        shown
            .into_iter()
            .filter(|(_, count, _)| *count > 0)
            .map(|(glyph, count, style)| Span::styled(format!("  {glyph} {count}"), style)),
    );
    let mut lines = vec![Line::from(first), Line::from(counts)];
    if !fits {
        let text = fit(&words, columns.saturating_sub(2), view.glyphs.ellipsis);
        lines.push(Line::from(Span::styled(
            format!("  {text}"),
            view.theme.dim(),
        )));
    }
    if let Some(budget) = context.budget {
        let text = format!("  {} of {} left", budget.remaining, budget.limit);
        lines.push(Line::from(Span::styled(text, view.theme.dim())));
    }
    if context.is_read_only || context.is_protected {
        let word = if context.is_read_only {
            "read-only"
        } else {
            "protected"
        };
        lines.push(Line::from(Span::styled(
            format!("  {word}"),
            view.theme.dim(),
        )));
    }
    lines
}
