//! What happened.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};

use crate::app::journal::{Actor, Event};
use crate::app::rows::Overlay;
use crate::ui::View;
use crate::ui::text::{draw_line, spans_width, width};

/// What happened: a line, or a framed strip of several.
pub(crate) fn activity(view: View<'_>, area: Rect, buffer: &mut Buffer) {
    if area.is_empty() {
        return;
    }
    if area.height < 3 {
        let separator = format!("  {}  ", view.glyphs.dot);
        let parts = view.state.journal.iter().map(|event| happened(view, event));
        let mut line = Line::from(" ");
        let mut used = 1;
        for part in parts {
            let own = spans_width(&part) + if used > 1 { width(&separator) } else { 0 };
            if used + own > usize::from(area.width) {
                break;
            }
            if used > 1 {
                line.spans
                    .push(Span::styled(separator.clone(), view.theme.dim()));
            }
            line.spans.extend(part);
            used += own;
        }
        buffer.set_line(area.x, area.y, &line, area.width);
        return;
    }
    let inside = crate::ui::panes::frame(view, "Activity", Vec::new(), false, area, buffer);
    if view.state.journal.is_empty() {
        let text = "Nothing has changed since the start.";
        buffer.set_stringn(
            inside.x + 1,
            inside.y,
            text,
            usize::from(inside.width),
            view.theme.dim(),
        );
    }
    for (y, event) in (inside.y..inside.bottom()).zip(view.state.journal.iter()) {
        let line = Line::from(happened(view, event));
        let room = inside.width.saturating_sub(1);
        draw_line(&line, (inside.x + 1, y), room, view.glyphs.ellipsis, buffer);
    }
}

fn happened<'a>(view: View<'a>, event: &Event) -> Vec<Span<'a>> {
    let time = view.state.zone.to_datetime(event.at);
    let clock = format!(
        "{:02}:{:02}:{:02} ",
        time.hour(),
        time.minute(),
        time.second()
    );
    let glyph = view.glyphs.status(&event.status, Overlay::None);
    let you = if event.actor == Actor::You {
        "you "
    } else {
        ""
    };
    vec![
        Span::styled(clock, view.theme.dim()),
        Span::styled(
            format!("{glyph} "),
            view.theme.status(&event.status, Overlay::None),
        ),
        Span::raw(format!("{you}{}", event.text)),
    ]
}
