//! Whether to quit although operations run.

use ratatui::buffer::Buffer;
use ratatui::text::{Line, Span};

use super::dialog;
use crate::ui::View;

pub(super) fn draw(view: View<'_>, buffer: &mut Buffer) {
    let mut lines = vec![Line::default()];
    lines.extend(view.state.operations.running().map(|entry| {
        Line::from(format!(
            "{} {} {}",
            view.glyphs.changing,
            entry.operation.kind.verb(),
            entry.operation.target.title
        ))
    }));
    lines.extend(view.state.batches.running().map(|batch| {
        let (done, all) = batch.progress();
        Line::from(format!(
            "{} {}: {done} of {all} done",
            view.glyphs.changing, batch.title
        ))
    }));
    lines.extend(view.state.transfers.running().map(|entry| {
        let (glyph, title) = (view.glyphs.down, &entry.target.title);
        Line::from(format!(
            "{glyph} download {title}, which goes on when asked for again"
        ))
    }));
    if lines.len() == 1 {
        lines.push(Line::from("All of them have ended meanwhile."));
    }
    let stops = view
        .state
        .batches
        .running()
        .any(|batch| batch.not_begun().next().is_some());
    lines.push(Line::default());
    lines.extend(stops.then(|| Line::from("What has not begun will not begin.")));
    lines.extend([
        Line::from("What the platform has taken goes on there; flightdeck will not see its end."),
        Line::default(),
        Line::from(vec![
            Span::styled("any key", view.theme.accent()),
            Span::raw(" stay    "),
            Span::styled("y", view.theme.accent()),
            Span::raw(" quit"),
        ]),
    ]);
    let title = Span::styled(" Quit while operations run? ", view.theme.title(true));
    dialog(view, Line::from(title), &lines, buffer);
}
