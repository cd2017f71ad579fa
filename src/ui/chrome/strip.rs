//! Line 2: how the contexts are doing.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;
use ratatui::text::{Line, Span};

use super::ROOMY;
use crate::app::age::{Age, until};
use crate::app::contexts::Context;
use crate::app::rows::Overlay;
use crate::ui::View;
use crate::ui::text::{join_fitting, spans_width, width};

/// Line 2: the contexts, folded to the worst when there is no room.
pub(crate) fn strip(view: View<'_>, area: Rect, buffer: &mut Buffer) {
    let contexts: Vec<_> = view.state.contexts.iter().collect();
    if contexts.is_empty() {
        let text = " No context is configured: see `flightdeck config path`, or try --demo.";
        buffer.set_stringn(
            area.x,
            area.y,
            text,
            usize::from(area.width),
            view.theme.plain(),
        );
        return;
    }
    let room = usize::from(area.width).saturating_sub(1);
    let gap = if area.width >= ROOMY { 3 } else { 2 };
    let whole: Vec<_> = contexts
        .iter()
        .map(|context| health(view, context, true))
        .collect();
    let needed: usize = whole
        .iter()
        .map(|part| spans_width(part) + gap)
        .sum::<usize>()
        - gap;
    let line = if needed <= room {
        join_fitting(whole, gap, room)
    } else {
        folded(view, &contexts, gap, room)
    };
    buffer.set_line(area.x + 1, area.y, &line, area.width.saturating_sub(1));
}

fn folded<'a>(view: View<'a>, contexts: &[&'a Context], gap: usize, room: usize) -> Line<'a> {
    let mut order: Vec<_> = contexts.to_vec();
    order.sort_by_key(|context| !is_troubled(view, context));
    let mut parts = Vec::new();
    let mut used = 0;
    for (i, context) in order.iter().enumerate() {
        let part = health(view, context, false);
        let rest = order.len() - i - 1;
        let reserve = if rest == 0 {
            0
        } else {
            gap + width(&format!("+{rest} more"))
        };
        let own = spans_width(&part) + if i == 0 { 0 } else { gap };
        if used + own + reserve > room {
            parts.push(vec![Span::styled(
                format!("+{} more", order.len() - i),
                view.theme.dim(),
            )]);
            break;
        }
        used += own;
        parts.push(part);
    }
    join_fitting(parts, gap, room)
}

fn is_troubled(view: View<'_>, context: &Context) -> bool {
    context.failing.is_some() || view.state.overlay_of(context) != Overlay::None
}

/// `divio ● <15s`, `do-prod ● <15s 412/5000`, `tsuru ▲ 429 retry 31s`, `pangea ✖ AUTH`.
fn health<'a>(view: View<'a>, context: &'a Context, in_full: bool) -> Vec<Span<'a>> {
    let (glyph, style, mut words) = condition(view, context);
    if context.bad_credential.is_some() && !in_full {
        words = "AUTH".into();
    }
    let mut spans = vec![
        Span::raw(context.name.to_string()),
        Span::styled(format!(" {glyph} "), style),
        Span::styled(words, view.theme.dim()),
    ];
    if let Some(budget) = context.budget.filter(|_| in_full) {
        spans.push(Span::styled(
            format!(" {}/{}", budget.remaining, budget.limit),
            view.theme.dim(),
        ));
    }
    spans
}

/// Glyph, style and words for how a context is doing.
pub(crate) fn condition<'a>(view: View<'a>, context: &Context) -> (&'a str, Style, String) {
    let (theme, glyphs) = (view.theme, view.glyphs);
    let age = view.state.age_of(context);
    if let Some(failure) = &context.bad_credential {
        return (
            glyphs.failed,
            theme.bad(),
            format!("AUTH {}", failure.short()),
        );
    }
    if let Some(failure) = &context.failing {
        let retry = context
            .retry_at
            .filter(|at| *at > view.state.now)
            .map(|at| format!(" retry {}", until(view.state.now, at)));
        let style = if age.is_stale() {
            theme.bad()
        } else {
            theme.warning()
        };
        let old = if age.is_stale() {
            format!(" {age} old")
        } else {
            String::new()
        };
        let short = failure.short();
        return (
            glyphs.degraded,
            style,
            format!("{short}{old}{}", retry.unwrap_or_default()),
        );
    }
    match age {
        Age::Never => (
            glyphs.changing,
            theme.changing(),
            format!("loading{}", glyphs.ellipsis),
        ),
        Age::Within(_) | Age::Late(_) => (glyphs.live, theme.good(), age.to_string()),
        Age::Stale(_) => (glyphs.unknown, theme.unknown(), format!("{age} old")),
    }
}
