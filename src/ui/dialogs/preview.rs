//! What the platforms say that it would do, in a question.

use ratatui::style::Style;
use ratatui::text::{Line, Span};

use crate::app::confirm::Confirm;
use crate::app::forecast::Forecast;
use crate::model::Text;
use crate::ui::View;
use crate::ui::sentence::wrapped;
use crate::ui::text::width;

/// More warnings than these are counted: the question must stay on the screen.
const MOST_WARNINGS: usize = 4;

/// Nothing where no platform was asked. What speaks against it comes last, next to the answer.
pub(super) fn lines<'a>(view: View<'a>, confirm: &'a Confirm, columns: usize) -> Vec<Line<'a>> {
    let Some(forecast) = &confirm.forecast else {
        return Vec::new();
    };
    let mut lines = vec![Line::default()];
    let facts: Vec<_> = forecast.facts().collect();
    let label = facts.iter().map(|(label, _)| width(label.as_str())).max();
    let label = label.unwrap_or(0);
    lines.extend(facts.iter().map(|(name, value)| {
        Line::from(vec![
            Span::styled(format!("{:label$}  ", name.as_str()), view.theme.dim()),
            Span::raw(value.to_string()),
        ])
    }));
    lines.extend(warnings(view, forecast, columns));
    for why in forecast.unread() {
        let text = format!("it could not be asked what it would do: {why}");
        lines.extend(said(view, &text, columns, view.theme.warning()));
    }
    if forecast.is_waiting() {
        let text = format!("asking what it would do{}", view.glyphs.ellipsis);
        lines.push(Line::from(Span::styled(text, view.theme.changing())));
    }
    if let Some(why) = forecast.refusal() {
        let text = format!("{} the platform refuses this: {why}", view.glyphs.failed);
        lines.extend(said(view, &text, columns, view.theme.bad()));
    }
    if lines.len() == 1 {
        let text = "nothing speaks against it, says the platform";
        lines.push(Line::from(Span::styled(text, view.theme.dim())));
    }
    lines
}

fn warnings<'a>(view: View<'a>, forecast: &Forecast, columns: usize) -> Vec<Line<'a>> {
    let all: Vec<Text> = forecast.warnings().collect();
    let told = all.iter().take(MOST_WARNINGS);
    let mut lines: Vec<_> = told
        .flat_map(|warning| {
            let text = format!("{} {warning}", view.glyphs.degraded);
            said(view, &text, columns, view.theme.warning())
        })
        .collect();
    if let more @ 1.. = all.len().saturating_sub(MOST_WARNINGS) {
        let text = format!("{} {more} more warnings", view.glyphs.degraded);
        lines.push(Line::from(Span::styled(text, view.theme.warning())));
    }
    lines
}

fn said<'a>(view: View<'a>, text: &str, columns: usize, style: Style) -> Vec<Line<'a>> {
    let lines = wrapped(view, text, columns).into_iter();
    lines
        .map(|line| Line::from(Span::styled(line, style)))
        .collect()
}
