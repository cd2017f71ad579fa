//! The rows above the lines of a log that tell of the release that is watched there.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;
use ratatui::text::{Line, Span};

use crate::app::age::{Elapsed, Long};
use crate::app::logs::errors::Rate;
use crate::app::rows::{Overlay, progress_words};
use crate::app::watch::{Stretch, Watch, remedy, rows, shown};
use crate::model::{Progress, Status, StepState, Text};
use crate::ui::View;
use crate::ui::text::draw_line;

/// Cells of the bar.
const BAR: usize = 10;
/// The same where there is one row only.
const SHORT_BAR: usize = 5;

/// Draws what is told of the release that is watched at the top of `inside`; gives what is left for
/// the lines.
pub(crate) fn above(view: View<'_>, inside: Rect, buffer: &mut Buffer) -> Rect {
    let height = u16::try_from(rows(view.state)).unwrap_or(0);
    let height = height.min(inside.height);
    let Some(watch) = shown(view.state).filter(|_| height > 0) else {
        return inside;
    };
    let lines = match height {
        1 => vec![alone(view, watch)],
        2..5 => vec![
            headline(view, watch, BAR),
            phases(view, watch),
            joined(view, [errors(view, watch), advice(view, watch)]),
        ],
        _ => vec![
            headline(view, watch, BAR),
            release(view, watch),
            phases(view, watch),
            Line::from(errors(view, watch)),
            Line::from(advice(view, watch)),
        ],
    };
    let room = inside.width.saturating_sub(1);
    for (y, line) in (inside.y..inside.y + height).zip(&lines) {
        draw_line(line, (inside.x + 1, y), room, view.glyphs.ellipsis, buffer);
    }
    Rect {
        y: inside.y + height,
        height: inside.height - height,
        ..inside
    }
}

/// All in one row: `◐ v213 building ▰▰▱▱▱ 2/5 npm ci 01:12`.
fn alone<'a>(view: View<'a>, watch: &'a Watch) -> Line<'a> {
    let mut line = headline(view, watch, SHORT_BAR);
    let more = if watch.is_running() {
        Vec::new()
    } else {
        joined(view, [advice(view, watch), counted(view, watch)]).spans
    };
    if !more.is_empty() {
        line.spans.push(Span::raw("  "));
        line.spans.extend(more);
    }
    line
}

/// What it is and how far, or what came of it.
fn headline<'a>(view: View<'a>, watch: &'a Watch, bar: usize) -> Line<'a> {
    let (theme, glyphs) = (view.theme, view.glyphs);
    let status = watch
        .verdict()
        .map_or(Status::Deploying, crate::app::watch::Verdict::status);
    let style = theme.status(&status, Overlay::None);
    let glyph = glyphs.status(&status, Overlay::None);
    let name = watch.release.label.as_ref().map_or("release", Text::as_str);
    let mut spans = vec![
        Span::styled(format!("{glyph} "), style),
        Span::styled(format!("{name} "), theme.title(true)),
    ];
    if let Some(end) = &watch.end {
        let words = end.verdict.words(end.took).replace('→', glyphs.arrow);
        spans.push(Span::styled(words, style));
        return Line::from(spans);
    }
    let word = watch
        .release
        .word
        .as_ref()
        .map_or("asked for", Text::as_str);
    spans.push(Span::styled(format!("{word} "), style));
    spans.extend(progress(view, &watch.progress, bar));
    let elapsed = Elapsed(watch.took(view.state.now));
    spans.push(Span::styled(elapsed.to_string(), theme.dim()));
    Line::from(spans)
}

/// `▰▰▱▱▱ 2/5 npm ci `; nothing where the platform does not say how far it is.
fn progress<'a>(view: View<'a>, progress: &Progress, bar: usize) -> Vec<Span<'a>> {
    let words = progress_words(progress);
    if words.is_empty() {
        return Vec::new();
    }
    let of_steps = progress.steps.filter(|(_, all)| *all > 0);
    let of_steps = of_steps.map(|(done, all)| u64::from(done) * 100 / u64::from(all));
    let of_steps = of_steps.and_then(|percent| u8::try_from(percent.min(100)).ok());
    let percent = progress.percent.or(of_steps);
    let drawn = percent.map(|percent| view.glyphs.bar(percent, bar));
    let bar = drawn.map(|bar| Span::styled(format!("{bar} "), view.theme.changing()));
    bar.into_iter()
        .chain([Span::raw(format!("{words} "))])
        .collect()
}

/// Who released what.
fn release<'a>(view: View<'a>, watch: &'a Watch) -> Line<'a> {
    let release = &watch.release;
    let by = release.by.as_ref().map(|by| format!("by {by}"));
    let good = release.last_good.as_ref();
    let good = good.map(|label| format!("last good {label}"));
    let text = |text: &Option<Text>| text.as_ref().map(ToString::to_string);
    let parts = [
        by,
        text(&release.cause),
        text(&release.commit),
        text(&release.message),
        good,
    ];
    let parts: Vec<_> = parts.into_iter().flatten().collect();
    let text = if parts.is_empty() {
        watch.title.to_string()
    } else {
        parts.join(&format!(" {} ", view.glyphs.dot))
    };
    Line::from(Span::styled(text, view.theme.dim()))
}

/// `queued 3s ✓  build 1m 58s ✓  deploy 41s ◐`.
fn phases<'a>(view: View<'a>, watch: &'a Watch) -> Line<'a> {
    let list = watch.phases.list();
    let spans = list.into_iter().enumerate().flat_map(|(at, stretch)| {
        let gap = if at > 0 { "  " } else { "" };
        let (glyph, style) = mark(view, stretch.state);
        [
            Span::raw(format!("{gap}{} ", stretch.label)),
            Span::styled(took(view, stretch), view.theme.dim()),
            Span::styled(format!(" {glyph}"), style),
        ]
    });
    spans.collect()
}

fn took(view: View<'_>, stretch: &Stretch) -> String {
    let took = stretch.took(view.state.now);
    took.map_or_else(
        || view.glyphs.none.to_owned(),
        |took| Long(took).to_string(),
    )
}

fn mark(view: View<'_>, state: StepState) -> (&'static str, Style) {
    let (theme, glyphs) = (view.theme, view.glyphs);
    match state {
        StepState::Done => (glyphs.done, theme.good()),
        StepState::Running => (glyphs.changing, theme.changing()),
        StepState::Failed => (glyphs.failed, theme.bad()),
        StepState::Pending => (glyphs.stopped, theme.dim()),
    }
}

/// Errors before and after; a stroke where that is not known.
fn errors<'a>(view: View<'a>, watch: &Watch) -> Vec<Span<'a>> {
    let rate = |rate: Option<Rate>| {
        rate.map_or_else(|| view.glyphs.none.to_owned(), |rate| rate.to_string())
    };
    let is_worse = watch
        .before
        .zip(watch.after)
        .is_some_and(|(before, after)| after.is_worse_than(before));
    let style = if is_worse {
        view.theme.bad()
    } else {
        view.theme.plain()
    };
    let (before, after) = (rate(watch.before), rate(watch.after));
    let numbers = format!("{before} {} {after} /min", view.glyphs.arrow);
    vec![
        Span::styled("errors ", view.theme.dim()),
        Span::styled(numbers, style),
    ]
}

/// The same once something is known of the time after.
fn counted<'a>(view: View<'a>, watch: &Watch) -> Vec<Span<'a>> {
    if watch.after.is_some() {
        errors(view, watch)
    } else {
        Vec::new()
    }
}

/// What one can do, or what goes on.
fn advice<'a>(view: View<'a>, watch: &Watch) -> Vec<Span<'a>> {
    if let Some(remedy) = remedy(view.state, watch) {
        return vec![Span::styled(remedy, view.theme.accent())];
    }
    let text = if watch.is_running() {
        "its end is told wherever you look"
    } else if watch.is_settling()
        && watch
            .verdict()
            .is_some_and(crate::app::watch::Verdict::is_good)
    {
        "its errors are counted for 2 minutes"
    } else {
        return Vec::new();
    };
    vec![Span::styled(text, view.theme.dim())]
}

fn joined<'a, const N: usize>(view: View<'a>, parts: [Vec<Span<'a>>; N]) -> Line<'a> {
    let mut line = Line::default();
    for part in parts.into_iter().filter(|part| !part.is_empty()) {
        if !line.spans.is_empty() {
            let dot = format!("  {}  ", view.glyphs.dot);
            line.spans.push(Span::styled(dot, view.theme.dim()));
        }
        line.spans.extend(part);
    }
    line
}
