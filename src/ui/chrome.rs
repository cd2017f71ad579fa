//! What stands around the panes: header, context strip, operations, activity, keys.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};

use super::View;
use super::text::{fit, join_fitting, line_width, width};
use crate::app::action::{self, Action};
use crate::app::age::{Age, Elapsed, Short, since};
use crate::app::confirm::Tier;
use crate::app::contexts::Context;
use crate::app::help::keys_of;
use crate::app::journal::Actor;
use crate::app::layout::{Layout, SizeClass};
use crate::app::notices::Tone;
use crate::app::operations::Entry;
use crate::app::rows::{Overlay, Totals};
use crate::app::screen;
use crate::model::{Progress, Stage, Verdict};

/// From this width on, totals have words and keys have room.
const ROOMY: u16 = 100;

/// Line 1: totals by status, what is locked, the clock.
pub(crate) fn header(view: View<'_>, area: Rect, buffer: &mut Buffer) {
    let right = header_right(view, area.width);
    let room = usize::from(area.width).saturating_sub(line_width(&right) + 2);
    let mut parts = vec![vec![Span::styled(" flightdeck", view.theme.title(true))]];
    parts.extend(totals(view, area.width >= ROOMY));
    let gap = if area.width >= ROOMY { 3 } else { 2 };
    let left = join_fitting(parts, gap, room);
    buffer.set_line(area.x, area.y, &left, area.width);
    let x = area
        .right()
        .saturating_sub(u16::try_from(line_width(&right) + 1).unwrap_or(0));
    buffer.set_line(x, area.y, &right, area.width);
}

/// The only line of a screen that has no room for panes.
pub(crate) fn summary(view: View<'_>, area: Rect, buffer: &mut Buffer) {
    let line = join_fitting(totals(view, false), 1, usize::from(area.width));
    buffer.set_line(area.x, area.y, &line, area.width);
}

fn totals(view: View<'_>, words: bool) -> Vec<Vec<Span<'_>>> {
    let Totals {
        failed,
        degraded,
        changing,
        unknown,
        live,
        asleep,
        stopped,
    } = view.state.panes.apps.totals;
    let (theme, glyphs) = (view.theme, view.glyphs);
    let all = [
        (glyphs.failed, failed, "failing", theme.bad()),
        (glyphs.degraded, degraded, "degraded", theme.warning()),
        (glyphs.changing, changing, "changing", theme.changing()),
        (glyphs.unknown, unknown, "stale", theme.unknown()),
        (glyphs.live, live, "live", theme.good()),
        (glyphs.asleep, asleep, "asleep", theme.dim()),
        (glyphs.stopped, stopped, "stopped", theme.dim()),
    ];
    all.into_iter()
        .map(|(glyph, count, word, style)| {
            // What is not there is not worth a colour.
            let style = if count == 0 { theme.dim() } else { style };
            let word = if words && count > 0 {
                format!(" {word}")
            } else {
                String::new()
            };
            vec![Span::styled(format!("{glyph} {count}{word}"), style)]
        })
        .collect()
}

fn header_right(view: View<'_>, columns: u16) -> Line<'_> {
    let state = view.state;
    let mut parts = Vec::new();
    if state.is_demo {
        parts.push(vec![Span::styled(" DEMO ", view.theme.production())]);
    }
    if state.is_paused {
        parts.push(vec![Span::styled(" PAUSED ", view.theme.production())]);
    }
    parts.extend(lock(view).map(|span| vec![span]));
    if columns >= 160 {
        parts.push(vec![Span::styled(
            format!("{} contexts", state.contexts.len()),
            view.theme.dim(),
        )]);
    }
    let clock = state.zone.to_datetime(state.now);
    parts.push(vec![Span::raw(format!(
        "{:02}:{:02}",
        clock.hour(),
        clock.minute()
    ))]);
    join_fitting(parts, 2, usize::from(columns) / 2)
}

fn lock(view: View<'_>) -> Option<Span<'_>> {
    let protected: Vec<_> = view
        .state
        .contexts
        .iter()
        .filter(|c| c.is_protected)
        .collect();
    let unlocked = protected.iter().filter_map(|c| c.unlocked_until).max();
    match unlocked.filter(|until| *until > view.state.now) {
        Some(until) => {
            let left = Elapsed(since(view.state.now, until));
            Some(Span::styled(
                format!("UNLOCKED {left}"),
                view.theme.warning(),
            ))
        }
        None if protected.is_empty() => None,
        None => Some(Span::styled("PROD locked", view.theme.plain())),
    }
}

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

fn spans_width(spans: &[Span<'_>]) -> usize {
    spans.iter().map(|span| width(&span.content)).sum()
}

/// `divio ● <15s`, `do-prod ● <15s 412/5000`, `tsuru ▲ 429 retry 31s`, `pangea ✖ AUTH`.
fn health<'a>(view: View<'a>, context: &'a Context, in_full: bool) -> Vec<Span<'a>> {
    let (glyph, style, words) = condition(view, context);
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
pub(crate) fn condition<'a>(
    view: View<'a>,
    context: &Context,
) -> (&'a str, ratatui::style::Style, String) {
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
            .map(|at| format!(" retry {}", Short(since(view.state.now, at))));
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
    let inside = super::panes::frame(view, "Activity", Vec::new(), false, area, buffer);
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
        buffer.set_line(inside.x + 1, y, &line, inside.width.saturating_sub(1));
    }
}

fn happened<'a>(view: View<'a>, event: &crate::app::journal::Event) -> Vec<Span<'a>> {
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

/// The lines below the panes.
pub(crate) fn footer(view: View<'_>, layout: &Layout, buffer: &mut Buffer) {
    let (operations, hints) = (super::rect(layout.operations), super::rect(layout.hints));
    let is_squeezed = operations.is_empty();
    let line = question(view).or_else(|| notice(view));
    if is_squeezed {
        let line = line
            .or_else(|| typing(view))
            .unwrap_or_else(|| keys(view, hints.width));
        buffer.set_line(hints.x, hints.y, &line, hints.width);
        return;
    }
    let upper = line.unwrap_or_else(|| running_and_past(view, operations.width));
    buffer.set_line(operations.x, operations.y, &upper, operations.width);
    let lower = typing(view).unwrap_or_else(|| keys(view, hints.width));
    buffer.set_line(hints.x, hints.y, &lower, hints.width);
}

/// A tier-one question stands in the line: Enter is no.
fn question(view: View<'_>) -> Option<Line<'_>> {
    let Some(screen::Overlay::Confirm(confirm)) = &view.state.screen.overlay else {
        return None;
    };
    if confirm.tier != Tier::One {
        return None;
    }
    let target = &confirm.operation.target;
    let class = target
        .class
        .map(|class| format!(" ({})", class.word()))
        .unwrap_or_default();
    let context = view
        .state
        .contexts
        .get(target.context)
        .map(|c| c.name.as_str())
        .unwrap_or_default();
    Some(Line::from(vec![
        Span::styled(
            format!(
                " {} {}{class} in {context}? ",
                confirm.operation.kind.verb(),
                target.title
            ),
            view.theme.title(true),
        ),
        Span::styled("y", view.theme.accent()),
        Span::raw("/"),
        Span::styled("N", view.theme.accent()),
    ]))
}

fn notice(view: View<'_>) -> Option<Line<'_>> {
    let notice = view.state.notices.shown(view.state.now)?;
    let (glyph, style) = match notice.tone {
        Tone::Info => (view.glyphs.selected, view.theme.plain()),
        Tone::Good => (view.glyphs.done, view.theme.good()),
        Tone::Bad => (view.glyphs.failed, view.theme.bad()),
    };
    Some(Line::from(vec![
        Span::styled(format!(" {glyph} "), style),
        Span::styled(notice.text.to_string(), view.theme.plain()),
    ]))
}

fn typing(view: View<'_>) -> Option<Line<'_>> {
    let apps = &view.state.panes.apps;
    if !apps.is_filtering {
        return None;
    }
    Some(Line::from(vec![
        Span::styled(" /", view.theme.accent()),
        Span::raw(apps.filter_text.value().to_owned()),
        Span::styled(" ", view.theme.production()),
        Span::styled(
            "   Enter keeps, Esc clears; ctx: app: env: state: class: -word",
            view.theme.dim(),
        ),
    ]))
}

/// Running operations first, then the last ones that ended.
fn running_and_past(view: View<'_>, columns: u16) -> Line<'_> {
    let operations = &view.state.operations;
    let running = operations.running().map(|entry| running(view, entry));
    let finished = operations
        .finished()
        .take(4)
        .map(|entry| finished(view, entry));
    let mut line = join_fitting(
        running.chain(finished),
        4,
        usize::from(columns).saturating_sub(2),
    );
    line.spans.insert(0, Span::raw(" "));
    line
}

fn running<'a>(view: View<'a>, entry: &Entry) -> Vec<Span<'a>> {
    let elapsed = Elapsed(since(entry.started_at, view.state.now));
    let (words, progress) = match &entry.stage {
        Stage::Sending => ("sending", None),
        Stage::Unknown(_) => ("answer lost, looking", None),
        Stage::Running(progress) => ("", Some(progress)),
        Stage::Ended(_) | Stage::Refused(_) | Stage::Unresolved(_) => ("", None),
    };
    let bar = progress
        .map(|progress| bar(view, progress))
        .unwrap_or_default();
    vec![
        Span::styled(format!("{} ", view.glyphs.changing), view.theme.changing()),
        Span::raw(format!("{} {elapsed} {words}", name(view, entry))),
        Span::styled(bar, view.theme.changing()),
    ]
}

/// `▰▰▰▱▱ 3/5 npm ci`.
pub(crate) fn bar(view: View<'_>, progress: &Progress) -> String {
    let percent = progress.percent.or_else(|| {
        let (done, all) = progress.steps.filter(|(_, all)| *all > 0)?;
        u8::try_from(u64::from(done) * 100 / u64::from(all)).ok()
    });
    let bar = percent
        .map(|percent| view.glyphs.bar(percent, 7) + " ")
        .unwrap_or_default();
    format!("{bar}{}", crate::app::rows::progress_words(progress))
}

fn finished<'a>(view: View<'a>, entry: &Entry) -> Vec<Span<'a>> {
    let (glyph, style, remark) = match &entry.stage {
        Stage::Ended(Verdict::Done(remark)) => {
            let remark = remark
                .as_ref()
                .map(|remark| format!(" {remark}"))
                .unwrap_or_default();
            (view.glyphs.done, view.theme.good(), remark)
        }
        Stage::Ended(Verdict::Partly(_)) => (
            view.glyphs.degraded,
            view.theme.warning(),
            " parts missing".into(),
        ),
        Stage::Unresolved(_) => (
            view.glyphs.unknown,
            view.theme.unknown(),
            " outcome unknown".into(),
        ),
        Stage::Ended(Verdict::Failed(_)) | Stage::Refused(_) => {
            (view.glyphs.failed, view.theme.bad(), " FAILED".into())
        }
        Stage::Sending | Stage::Running(_) | Stage::Unknown(_) => {
            (view.glyphs.changing, view.theme.changing(), String::new())
        }
    };
    let clock = entry.ended_at.map(|at| {
        let time = view.state.zone.to_datetime(at);
        format!(" {:02}:{:02}", time.hour(), time.minute())
    });
    vec![
        Span::styled(format!("{glyph} "), style),
        Span::raw(name(view, entry)),
        Span::styled(clock.unwrap_or_default(), view.theme.dim()),
        Span::raw(remark),
    ]
}

fn name(view: View<'_>, entry: &Entry) -> String {
    let target = &entry.operation.target;
    let context = view
        .state
        .contexts
        .get(target.context)
        .map(|c| c.name.as_str())
        .unwrap_or_default();
    let class = target
        .class
        .map(|class| format!("{}, ", class.word()))
        .unwrap_or_default();
    format!(
        "{} {} ({class}{context})",
        entry.operation.kind.verb(),
        target.title
    )
}

/// The most useful keys of the focused pane; as many as there is room for, help always.
fn keys(view: View<'_>, columns: u16) -> Line<'_> {
    let state = view.state;
    let help = hint(view, Action::Help);
    let room = usize::from(columns).saturating_sub(spans_width(&help) + 3);
    let context = state.selected_context();
    let most = if SizeClass::of(state.screen.size) >= SizeClass::Wide {
        16
    } else {
        6
    };
    let offered = action::hints(state.screen.focus)
        .iter()
        .copied()
        .filter(|action| {
            let needs = action.row().needs;
            needs
                .zip(context)
                .is_none_or(|(needs, context)| !context.lacks(needs))
        });
    let mut line = join_fitting(offered.take(most).map(|action| hint(view, action)), 2, room);
    line.spans.insert(0, Span::raw(" "));
    line.spans.push(Span::raw("  "));
    line.spans.extend(help);
    line
}

fn hint(view: View<'_>, action: Action) -> Vec<Span<'_>> {
    let keys = keys_of(action);
    let first = keys.split(' ').next().unwrap_or_default().to_owned();
    vec![
        Span::styled(first, view.theme.accent()),
        Span::raw(format!(" {}", action.row().hint)),
    ]
}

/// A sentence, dim, at the top of an empty pane.
pub(crate) fn sentence(view: View<'_>, text: &str, area: Rect, buffer: &mut Buffer) {
    if area.is_empty() {
        return;
    }
    let room = usize::from(area.width).saturating_sub(2);
    let mut y = area.y;
    let mut rest = text;
    while !rest.is_empty() && y < area.bottom() {
        let cut = wrap_at(rest, room);
        let (line, after) = rest.split_at(cut);
        let line = fit(line.trim(), room, view.glyphs.ellipsis);
        buffer.set_stringn(area.x + 1, y, line, room, view.theme.dim());
        rest = after.trim_start();
        y += 1;
    }
}

/// Where to break `text` so that the first part fits into `room`: at the last blank, if there is
/// one.
fn wrap_at(text: &str, room: usize) -> usize {
    if width(text) <= room {
        return text.len();
    }
    let mut used = 0;
    let mut blank = None;
    for (at, c) in text.char_indices() {
        used += unicode_width::UnicodeWidthChar::width(c).unwrap_or(0);
        if c == ' ' {
            blank = Some(at);
        }
        if used > room {
            // At least one character goes, or there would be no end.
            return blank.unwrap_or(at).max(c.len_utf8());
        }
    }
    text.len()
}
