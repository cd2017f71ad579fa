//! Logs: the live log of the selection.

use std::time::Duration;

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;
use ratatui::text::{Line, Span};

use super::{Part, part};
use crate::app::action::Action;
use crate::app::age::Short;
use crate::app::logs::Channel;
use crate::app::logs::ring::Line as LogRow;
use crate::app::panes::logs::{Wanted, selected_channel, top, wanted};
use crate::app::screen::Pane;
use crate::model::{Level, LineKind, LogDelivery, LogSource, TailState};
use crate::ui::View;
use crate::ui::sentence::sentence;
use crate::ui::text::{count, fit, skip_columns, width};

/// The widest name of a source that is shown whole.
const LONGEST_SOURCE: usize = 12;

/// Draws the pane.
pub(crate) fn draw(view: View<'_>, tabs: bool, area: Rect, buffer: &mut Buffer) {
    let channel = selected_channel(view.state);
    let title = title(view, channel);
    let right = channel
        .map(|channel| right(view, channel, tabs))
        .unwrap_or_default();
    let inside = super::tabbed(view, Pane::Logs, &title, right, tabs, area, buffer);
    let inside = super::watch::above(view, inside, buffer);
    match channel.filter(|channel| !channel.ring.is_empty()) {
        Some(channel) => lines(view, channel, inside, buffer),
        None => sentence(view, &empty(view, channel), inside, buffer),
    }
}

fn target(view: View<'_>) -> String {
    let app = view
        .state
        .panes
        .apps
        .selected()
        .map(|row| row.name.to_string());
    let env = view
        .state
        .selected_environment()
        .map(|env| env.name.to_string());
    [app, env]
        .into_iter()
        .flatten()
        .collect::<Vec<_>>()
        .join("/")
}

fn title(view: View<'_>, channel: Option<&Channel>) -> String {
    let source = channel
        .and_then(|channel| channel.tail.as_ref())
        .map(|tail| match &tail.source {
            LogSource::Deployment { .. } => "deployment",
            LogSource::Runtime { .. } => "runtime",
            LogSource::Previous { .. } => "before the last restart",
            LogSource::JobRun { .. } => "job run",
            LogSource::Event { .. } => "event",
        });
    let parts = [
        Some(target(view)).filter(|t| !t.is_empty()),
        source.map(str::to_owned),
    ];
    let what = parts
        .into_iter()
        .flatten()
        .collect::<Vec<_>>()
        .join(&format!(" {} ", view.glyphs.dot));
    format!("Logs  {what}").trim_end().to_owned()
}

/// What is wrong, `FOLLOW`, what is lost, `12 408 lines`: the most important first.
fn right<'a>(view: View<'a>, channel: &Channel, tabs: bool) -> Vec<Part<'a>> {
    let theme = view.theme;
    let mut parts = Vec::new();
    if tabs {
        parts.push(part(target(view), theme.plain()));
    }
    match &channel.state {
        TailState::Opening if channel.tail.is_some() => parts.push(part("opening", theme.dim())),
        TailState::Waiting { failure, retry_in } => {
            let text = format!(
                "{}, retry in {}",
                failure.short(),
                Short((*retry_in).max(Duration::from_secs(1)))
            );
            parts.push(part(text, theme.bad()));
        }
        TailState::Failed(failure) => parts.push(part(failure.short(), theme.bad())),
        TailState::Ended if channel.tail.is_some() => parts.push(part("ended", theme.dim())),
        TailState::Opening | TailState::Live | TailState::Ended => {}
    }
    parts.push(if view.state.is_paused {
        part("PAUSED", theme.warning())
    } else if view.state.panes.logs.follows {
        part("FOLLOW", theme.good())
    } else {
        part("f follows", theme.dim())
    });
    let lost = channel.ring.dropped() + channel.skipped;
    if lost > 0 {
        let lost = count(usize::try_from(lost).unwrap_or(usize::MAX));
        parts.push(part(format!("{lost} dropped"), theme.warning()));
    }
    let lines = channel.ring.len();
    let word = if lines == 1 { "line" } else { "lines" };
    parts.push(part(format!("{} {word}", count(lines)), theme.dim()));
    parts.extend(delay(view, channel).map(|delay| part(delay, theme.dim())));
    parts
}

/// How late lines may be, where they are asked for rather than sent.
fn delay(view: View<'_>, channel: &Channel) -> Option<String> {
    let tail = channel.tail.as_ref()?;
    let profile = view.state.contexts.get(tail.context)?.profile;
    match profile.delivery(&tail.source) {
        LogDelivery::Polled(every) => Some(format!("every {}", Short(every))),
        LogDelivery::Stream | LogDelivery::None => None,
    }
}

fn empty(view: View<'_>, channel: Option<&Channel>) -> String {
    let state = view.state;
    if state.is_paused {
        return format!(
            "Paused. {} resumes.",
            state.screen.keymap.key(Action::Pause)
        );
    }
    if let Some(channel) = channel {
        match &channel.state {
            TailState::Failed(failure) | TailState::Waiting { failure, .. } => {
                return super::explained(failure);
            }
            TailState::Ended if state.panes.logs.shows_previous => {
                let key = state.screen.keymap.key(Action::PreviousLog);
                return format!("Nothing was written before the last restart. {key} goes back.");
            }
            TailState::Live | TailState::Ended => return "No lines yet.".into(),
            TailState::Opening => {}
        }
    }
    let (Some(id), Some(env)) = (state.selected_env(), state.selected_environment()) else {
        return "Select an app to see its log.".into();
    };
    match wanted(state, &id, env) {
        Wanted::Nothing(reason) => reason,
        Wanted::Deployment(_) | Wanted::Runtime | Wanted::Previous => "Opening the log…".into(),
    }
}

fn lines(view: View<'_>, channel: &Channel, area: Rect, buffer: &mut Buffer) {
    let rows = usize::from(area.height);
    let from = top(view.state, &channel.ring, rows);
    let shown: Vec<_> = channel.ring.window(from.line, rows).collect();
    let source = shown
        .iter()
        .map(|line| width(line.source.as_str()))
        .max()
        .unwrap_or(0);
    let source = source.min(LONGEST_SOURCE);
    for (y, line) in (area.y..area.bottom()).zip(&shown) {
        let drawn = match line.kind {
            LineKind::Mark => mark(view, line),
            LineKind::Output => output(view, line, source),
        };
        buffer.set_line(area.x + 1, y, &drawn, area.width.saturating_sub(1));
    }
}

fn mark<'a>(view: View<'a>, line: &LogRow<'a>) -> Line<'a> {
    let rule = view.glyphs.rule;
    Line::from(Span::styled(
        format!("{rule} {} {rule}", line.text),
        view.theme.dim(),
    ))
}

/// `14:02:05 I web.1  GET /cart 200`.
fn output<'a>(view: View<'a>, line: &LogRow<'a>, source: usize) -> Line<'a> {
    let mut spans = Vec::new();
    if let Some(at) = line.at {
        let time = view.state.zone.to_datetime(at);
        let clock = format!(
            "{:02}:{:02}:{:02} ",
            time.hour(),
            time.minute(),
            time.second()
        );
        spans.push(Span::styled(clock, view.theme.dim()));
    }
    let (letter, style) = match line.level {
        Some(level) => (letter(level), view.theme.level(level)),
        None => (" ", Style::new()),
    };
    spans.push(Span::styled(format!("{letter} "), style));
    if source > 0 {
        let name = fit(line.source.as_str(), source, view.glyphs.ellipsis);
        let pad = source - width(&name);
        spans.push(Span::styled(name, view.theme.source(line.source.as_str())));
        spans.push(Span::raw(" ".repeat(pad + 1)));
    }
    let own = match line.level {
        Some(level @ (Level::Error | Level::Warn)) => view.theme.level(level),
        Some(Level::Info | Level::Debug) | None => Style::new(),
    };
    text(view, line, own, &mut spans);
    Line::from(spans)
}

fn letter(level: Level) -> &'static str {
    match level {
        Level::Debug => "D",
        Level::Info => "I",
        Level::Warn => "W",
        Level::Error => "E",
    }
}

/// The text from the scrolled-to column on, in its own colours; without any it takes the colour of
/// its level.
fn text<'a>(view: View<'a>, line: &LogRow<'a>, own: Style, spans: &mut Vec<Span<'a>>) {
    let (start, visible) = skip_columns(line.text, view.state.panes.logs.left);
    let mut style = own;
    let mut from = start;
    for span in line.spans() {
        let at = (span.start as usize).clamp(start, line.text.len());
        if at > from {
            spans.push(Span::styled(
                line.text.get(from..at).unwrap_or_default(),
                style,
            ));
            from = at;
        }
        style = view.theme.sgr(span.style);
    }
    let end = start + visible.len();
    spans.push(Span::styled(
        line.text.get(from..end).unwrap_or_default(),
        style,
    ));
}
