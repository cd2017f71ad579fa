//! Whether to quit although operations run.

use ratatui::buffer::Buffer;
use ratatui::text::{Line, Span};

use super::dialog;
use crate::app::panes::variables::{self, changes};
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
    let staged: Vec<_> = staged(view).collect();
    if lines.len() == 1 && staged.is_empty() {
        lines.push(Line::from("All of them have ended meanwhile."));
    }
    let is_acting = lines.len() > 1;
    if is_acting || staged.is_empty() {
        lines.extend([
            Line::default(),
            Line::from(
                "What the platform has taken goes on there; flightdeck will not see its end.",
            ),
        ]);
        let stops = view
            .state
            .batches
            .running()
            .any(|batch| batch.not_begun().next().is_some());
        lines.extend(stops.then(|| Line::from("What has not begun will not begin.")));
    }
    if is_acting && !staged.is_empty() {
        lines.push(Line::default());
    }
    lines.extend(staged);
    lines.extend([
        Line::default(),
        Line::from(vec![
            Span::styled("any key", view.theme.accent()),
            Span::raw(" stay    "),
            Span::styled("y", view.theme.accent()),
            Span::raw(" quit"),
        ]),
    ]);
    let title =
        if crate::ui::chrome::is_acting(view) || view.state.panes.variables.staged_count() == 0 {
            " Quit while operations run? "
        } else {
            " Quit and lose staged changes? "
        };
    let title = Span::styled(title, view.theme.title(true));
    dialog(view, Line::from(title), &lines, buffer);
}

/// What was typed and not applied is nowhere but here.
fn staged(view: View<'_>) -> impl Iterator<Item = Line<'_>> {
    let state = view.state;
    let staged = state.panes.variables.staged.iter();
    staged.map(move |(env, staging)| {
        let (count, title) = (changes(staging.len()), variables::title(state, env));
        Line::from(format!("{count} of variables of {title} will be lost"))
    })
}
