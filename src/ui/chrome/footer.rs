//! The lines below the panes: questions, notices, operations, keys.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;
use ratatui::text::{Line, Span};
use ratatui::widgets::{Clear, Widget as _};

use crate::app::action::{self, Action};
use crate::app::age::{Elapsed, since};
use crate::app::confirm::{Check, Confirm, Tier};
use crate::app::layout::Layout;
use crate::app::notices::Tone;
use crate::app::operations::Entry;
use crate::app::request::ALL_OF;
use crate::app::screen;
use crate::app::transfers;
use crate::model::{Progress, Stage, Text, TransferPhase, Verdict};
use crate::ui::View;
use crate::ui::sentence::wrapped;
use crate::ui::text::{draw_line, fit, join_fitting, line_width, size, width};

/// So much of why something failed is said beside what else ended.
const WHY: usize = 40;

/// Where the text of a notice begins.
const NOTICE_INDENT: usize = 3;
/// A notice takes so many rows at most.
const MOST_NOTICE_ROWS: usize = 3;

/// Columns between two hints.
const HINT_GAP: usize = 2;

/// The lines below the panes.
pub(crate) fn footer(view: View<'_>, layout: &Layout, buffer: &mut Buffer) {
    let (operations, hints) = (
        crate::ui::rect(layout.operations),
        crate::ui::rect(layout.hints),
    );
    let is_squeezed = operations.is_empty();
    let columns = operations.width.max(hints.width);
    let line = question(view, columns).or_else(|| notice(view));
    if is_squeezed {
        let line = line
            .or_else(|| typing(view))
            .unwrap_or_else(|| keys(view, hints.width));
        draw_line(
            &line,
            (hints.x, hints.y),
            hints.width,
            view.glyphs.ellipsis,
            buffer,
        );
        return;
    }
    if question(view, columns).is_none() && long_notice(view, operations, buffer) {
        let lower = typing(view).unwrap_or_else(|| keys(view, hints.width));
        buffer.set_line(hints.x, hints.y, &lower, hints.width);
        return;
    }
    let upper = line.unwrap_or_else(|| running_and_past(view, operations.width));
    let at = (operations.x, operations.y);
    draw_line(&upper, at, operations.width, view.glyphs.ellipsis, buffer);
    let lower = typing(view).unwrap_or_else(|| keys(view, hints.width));
    buffer.set_line(hints.x, hints.y, &lower, hints.width);
}

/// A tier-one question stands in the line: Enter is no.
fn question(view: View<'_>, columns: u16) -> Option<Line<'_>> {
    let Some(screen::Overlay::Confirm(confirm)) = &view.state.screen.overlay else {
        return None;
    };
    if confirm.tier != Tier::One {
        return None;
    }
    let target = &confirm.request.first().target;
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
    let detail = confirm.request.detail();
    let detail = detail.map_or_else(String::new, |it| format!(": {}", Text::clean(&it)));
    // What is about a context as a whole is called like it.
    let title = target.app.as_ref().map(|_| format!(" {}", target.title));
    let what = format!(
        " {}{}{class} in {context}{detail}",
        confirm.request.verb(),
        title.unwrap_or_default()
    );
    // The way to answer must be in sight.
    let room = usize::from(columns).saturating_sub(width(&what) + width("? y/N "));
    let all = fit(&all_of(confirm), room, view.glyphs.ellipsis);
    Some(Line::from(vec![
        Span::styled(format!("{what}{all}? "), view.theme.title(true)),
        Span::styled(reading(view, &confirm.check), view.theme.changing()),
        Span::styled("y", view.theme.accent()),
        Span::raw("/"),
        Span::styled("N", view.theme.accent()),
    ]))
}

/// Which parts a whole app means: `, all of web 2/2, worker 1/1`.
fn all_of(confirm: &Confirm) -> String {
    let mut facts = confirm.request.facts.iter();
    let all = facts.find(|(label, _)| label.as_str() == ALL_OF);
    all.map_or_else(String::new, |(label, parts)| format!(", {label} {parts}"))
}

fn reading(view: View<'_>, check: &Check) -> String {
    match check {
        Check::Fresh => String::new(),
        Check::Reading(_) => format!("reading it again{} ", view.glyphs.ellipsis),
        Check::Failed(_) => "it could not be read again ".into(),
    }
}

/// A notice that does not fit into its line, in several. For as long as it is shown it covers the end
/// of what is above: why something was refused, and what to do, must be read to its end.
fn long_notice(view: View<'_>, area: Rect, buffer: &mut Buffer) -> bool {
    let Some(notice) = view.state.notices.shown(view.state.now) else {
        return false;
    };
    let columns = usize::from(area.width).saturating_sub(NOTICE_INDENT + 1);
    let rows = wrapped(view, notice.text.as_str(), columns);
    let count = rows.len().min(MOST_NOTICE_ROWS);
    let above = u16::try_from(count.saturating_sub(1)).unwrap_or(0);
    if above == 0 || area.y <= above {
        return false;
    }
    let area = Rect {
        y: area.y - above,
        height: above + 1,
        ..area
    };
    Clear.render(area, buffer);
    let (glyph, style) = tone(view, notice.tone);
    let glyph = Line::from(Span::styled(format!(" {glyph} "), style));
    buffer.set_line(area.x, area.y, &glyph, area.width);
    let x = area.x + u16::try_from(NOTICE_INDENT).unwrap_or(0);
    for (y, (at, row)) in (area.y..).zip(rows.iter().enumerate().take(count)) {
        let is_cut = at + 1 == count && count < rows.len();
        let row = if is_cut {
            fit(
                &format!("{row}{}", view.glyphs.ellipsis),
                columns,
                view.glyphs.ellipsis,
            )
        } else {
            row.clone()
        };
        buffer.set_stringn(x, y, row, columns, view.theme.plain());
    }
    true
}

fn tone(view: View<'_>, tone: Tone) -> (&'static str, Style) {
    match tone {
        Tone::Info => (view.glyphs.selected, view.theme.plain()),
        Tone::Good => (view.glyphs.done, view.theme.good()),
        Tone::Bad => (view.glyphs.failed, view.theme.bad()),
    }
}

pub(super) fn notice(view: View<'_>) -> Option<Line<'_>> {
    let notice = view.state.notices.shown(view.state.now)?;
    let (glyph, style) = tone(view, notice.tone);
    Some(Line::from(vec![
        Span::styled(format!(" {glyph} "), style),
        Span::styled(notice.text.to_string(), view.theme.plain()),
    ]))
}

fn typing(view: View<'_>) -> Option<Line<'_>> {
    const WORDS: &str = "   Enter keeps, Esc clears; ctx: app: env: state: class: -word";
    let (apps, variables) = (&view.state.panes.apps, &view.state.panes.variables);
    let field = crate::app::panes::field(view.state).filter(|field| field.is_typing);
    let (text, help) = match field {
        Some(field) => (&field.text, WORDS),
        None if apps.is_filtering => (&apps.filter_text, WORDS),
        None if variables.is_filtering => (&variables.filter, "   Enter keeps, Esc clears"),
        None => return None,
    };
    Some(Line::from(vec![
        Span::styled(" /", view.theme.accent()),
        Span::raw(text.value().to_owned()),
        Span::styled(" ", view.theme.production()),
        Span::styled(help, view.theme.dim()),
    ]))
}

/// Running operations first, then the last ones that ended.
fn running_and_past(view: View<'_>, columns: u16) -> Line<'_> {
    let operations = &view.state.operations;
    let room = usize::from(columns).saturating_sub(2);
    let running = operations.running().map(|entry| running(view, entry, room));
    let transfers = view.state.transfers.running();
    let transfers = transfers.map(|entry| transfer(view, entry));
    let finished = operations
        .finished()
        .take(4)
        .map(|entry| finished(view, entry, room));
    let mut line = join_fitting(running.chain(transfers).chain(finished), 4, room);
    line.spans.insert(0, Span::raw(" "));
    line
}

/// What it says last is cut to the room there is: its beginning tells more than nothing.
fn running<'a>(view: View<'a>, entry: &Entry, room: usize) -> Vec<Span<'a>> {
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
    let what = format!("{} {elapsed} {words}", name(view, entry));
    let left = room.saturating_sub(width(&what) + width(view.glyphs.changing) + 1);
    let bar = fit(&bar, left, view.glyphs.ellipsis);
    vec![
        Span::styled(format!("{} ", view.glyphs.changing), view.theme.changing()),
        Span::raw(what),
        Span::styled(bar, view.theme.changing()),
    ]
}

/// `↓ backup shop/live 2/3 41 % 512 MB of 1.2 GB 12 MB/s`.
fn transfer<'a>(view: View<'a>, entry: &transfers::Entry) -> Vec<Span<'a>> {
    let part = &entry.part;
    let which = (part.count > 1).then(|| format!("{}/{}", part.number, part.count));
    let percent = part.percent().map(|percent| format!("{percent} %"));
    let amount = (part.number > 0).then(|| match part.total {
        Some(total) => format!("{} of {}", size(part.done), size(total)),
        None => size(part.done),
    });
    let rate = part.rate.map(|rate| format!("{}/s", size(rate)));
    let words = match &entry.phase {
        TransferPhase::Preparing(progress) => {
            vec![Some("preparing".into()), Some(bar(view, progress))]
        }
        TransferPhase::Fetching => vec![which, percent, amount, rate],
        TransferPhase::Waiting(why) => vec![which, percent, Some(why.to_string())],
        TransferPhase::Checking => vec![which, Some("checking".into())],
        TransferPhase::Done(_) | TransferPhase::Failed(_) | TransferPhase::Cancelled => Vec::new(),
    };
    let words: Vec<_> = words.into_iter().flatten().collect();
    vec![
        Span::styled(format!("{} ", view.glyphs.down), view.theme.changing()),
        Span::raw(format!("backup {} ", entry.target.title)),
        Span::styled(words.join(" "), view.theme.changing()),
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

fn finished<'a>(view: View<'a>, entry: &Entry, room: usize) -> Vec<Span<'a>> {
    let (glyph, style, remark) = match &entry.stage {
        Stage::Ended(Verdict::Done(remark)) => {
            let remark = remark
                .as_ref()
                .map(|remark| format!(" {remark}"))
                .unwrap_or_default();
            (view.glyphs.done, view.theme.good(), remark)
        }
        Stage::Ended(Verdict::Partly(why)) => {
            let why = fit(why.as_str(), WHY, view.glyphs.ellipsis);
            let remark = format!(" not all done: {why}");
            (view.glyphs.degraded, view.theme.warning(), remark)
        }
        Stage::Unresolved(_) => (
            view.glyphs.unknown,
            view.theme.unknown(),
            " outcome unknown".into(),
        ),
        Stage::Ended(Verdict::Failed(why)) => {
            let why = fit(why.as_str(), WHY, view.glyphs.ellipsis);
            (
                view.glyphs.failed,
                view.theme.bad(),
                format!(" FAILED {why}"),
            )
        }
        Stage::Refused(_) => (view.glyphs.failed, view.theme.bad(), " FAILED".into()),
        Stage::Sending | Stage::Running(_) | Stage::Unknown(_) => {
            (view.glyphs.changing, view.theme.changing(), String::new())
        }
    };
    let clock = entry.ended_at.map(|at| {
        let time = view.state.zone.to_datetime(at);
        format!(" {:02}:{:02}", time.hour(), time.minute())
    });
    let (name, clock) = (name(view, entry), clock.unwrap_or_default());
    let left = room.saturating_sub(width(&name) + width(&clock) + width(glyph) + 1);
    let remark = fit(&remark, left, view.glyphs.ellipsis);
    vec![
        Span::styled(format!("{glyph} "), style),
        Span::raw(name),
        Span::styled(clock, view.theme.dim()),
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

/// The most useful keys of the focused pane; as many as there is room for, and always those that
/// lead to all others.
fn keys(view: View<'_>, columns: u16) -> Line<'_> {
    let state = view.state;
    let columns = usize::from(columns).saturating_sub(1);
    let last = [Action::Palette, Action::Help];
    let last = last.into_iter().filter_map(|action| hint(view, action));
    let help = join_fitting(last, HINT_GAP, columns);
    let room = columns.saturating_sub(line_width(&help) + HINT_GAP);
    let context = state.selected_context();
    let app = state.selected_app();
    let app = app.and_then(|id| state.inventory.app(id));
    let offered = action::hints(state.screen.focus)
        .iter()
        .copied()
        .filter(|action| {
            let row = action.row();
            row.needs.zip(context).is_none_or(|(needs, context)| {
                let is_lacked = app.is_some_and(|app| app.refusal(needs).is_some());
                !(context.lacks(needs) || is_lacked || row.mutates && context.is_read_only)
            })
        });
    let hints = offered.filter_map(|action| hint(view, action));
    let mut line = join_fitting(hints, HINT_GAP, room);
    line.spans.insert(0, Span::raw(" "));
    line.spans.push(Span::raw(" ".repeat(HINT_GAP)));
    line.spans.extend(help.spans);
    line
}

/// A key and what it does; nothing where no key does it.
fn hint(view: View<'_>, action: Action) -> Option<Vec<Span<'_>>> {
    let first = view.state.screen.keymap.keys_of(action).first()?;
    Some(vec![
        Span::styled(first.to_string(), view.theme.accent()),
        Span::raw(format!(" {}", action.hint_in(view.state.screen.focus))),
    ])
}
