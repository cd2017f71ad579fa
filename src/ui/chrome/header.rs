//! Line 1: totals by status, what is locked, the clock.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};

use super::ROOMY;
use super::footer::notice;
use crate::app::age::{Elapsed, since};
use crate::app::confirm::Confirm;
use crate::app::forecast::Forecast;
use crate::app::rows::Totals;
use crate::app::screen;
use crate::ui::View;
use crate::ui::text::{draw_line, join_fitting, line_width, spans_width};

/// Line 1: totals by status, what is locked, the clock.
pub(crate) fn header(view: View<'_>, area: Rect, buffer: &mut Buffer) {
    let right = header_right(view, area.width);
    let room = usize::from(area.width).saturating_sub(line_width(&right) + 2);
    let left = header_left(view, area.width, room);
    buffer.set_line(area.x, area.y, &left, area.width);
    let x = area
        .right()
        .saturating_sub(u16::try_from(line_width(&right) + 1).unwrap_or(0));
    buffer.set_line(x, area.y, &right, area.width);
}

/// Words go before a number is left out, and the program's name before that.
fn header_left(view: View<'_>, columns: u16, room: usize) -> Line<'_> {
    let name = || vec![Span::styled(" flightdeck", view.theme.title(true))];
    let ways = [(Words::All, 3), (Words::All, 2), (Words::Trouble, 2)];
    let roomy = ways.into_iter().filter(|_| columns >= ROOMY);
    for (words, gap) in roomy.chain([(Words::None, 2)]) {
        let parts: Vec<_> = [name()].into_iter().chain(totals(view, words)).collect();
        let needed: usize = parts.iter().map(|part| spans_width(part) + gap).sum();
        if needed - gap <= room {
            return join_fitting(parts, gap, room);
        }
    }
    let mut line = join_fitting(totals(view, Words::None), 2, room.saturating_sub(1));
    line.spans.insert(0, Span::raw(" "));
    line
}

/// The only line of a screen that has no room for panes.
pub(crate) fn summary(view: View<'_>, area: Rect, buffer: &mut Buffer) {
    let line = asked(view)
        .or_else(|| notice(view))
        .unwrap_or_else(|| join_fitting(totals(view, Words::None), 1, usize::from(area.width)));
    let ellipsis = view.glyphs.ellipsis;
    draw_line(&line, (area.x, area.y), area.width, ellipsis, buffer);
}

/// What the keys answer just now, where there is no room for a dialog: a question that nobody sees
/// must not be answered.
fn asked(view: View<'_>) -> Option<Line<'_>> {
    match view.state.screen.overlay.as_ref()? {
        screen::Overlay::Confirm(confirm) => Some(Line::from(question(confirm))),
        screen::Overlay::Unlock(unlock) => {
            let typed = unlock.typed.value();
            Some(Line::from(format!("unlock: type {}: {typed}", unlock.name)))
        }
        screen::Overlay::Variables(open) => {
            Some(Line::from(crate::ui::dialogs::variables_summary(open)))
        }
        screen::Overlay::Quit => Some(Line::from(if super::is_acting(view) {
            "y/N quit while operations run?"
        } else {
            "y/N quit and lose staged changes?"
        })),
        screen::Overlay::Help(_) => Some(Line::from("Esc closes help")),
        screen::Overlay::Menu(_) => Some(Line::from("Esc closes the actions")),
        screen::Overlay::Copy(_) => Some(Line::from("Esc closes the copy menu")),
        screen::Overlay::Sources(_) => Some(Line::from("Esc closes the sources")),
        screen::Overlay::Choose(_) => Some(Line::from("Esc closes the contexts")),
        screen::Overlay::Palette(open) => Some(Line::from(format!(":{}", open.input.value()))),
        screen::Overlay::Form(form) => Some(Line::from(format!("Esc leaves {}", form.recipe.name))),
    }
}

fn question(confirm: &Confirm) -> String {
    let forecast = confirm.forecast.as_ref();
    if let Some(why) = forecast.and_then(Forecast::refusal) {
        return format!("n {}: refused: {why}", confirm.request.verb());
    }
    let warned = match forecast.map_or(0, |it| it.warnings().count()) {
        0 => "",
        _ => "WARNINGS ",
    };
    if let Some(text) = &confirm.must_type {
        let (verb, typed) = (confirm.request.verb(), confirm.typed.value());
        return format!("{verb}: type {text}: {typed}");
    }
    let classes = confirm.request.operations.iter();
    let class = classes.filter_map(|it| it.target.class).max();
    let class = class.map(|class| format!("{} ", class.word()));
    let class = class.unwrap_or_default();
    format!("y/N {class}{warned}{}?", confirm.request.title())
}

/// Which totals say what they count.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Words {
    All,
    /// Only those that need somebody.
    Trouble,
    None,
}

fn totals(view: View<'_>, words: Words) -> Vec<Vec<Span<'_>>> {
    let Totals {
        failed,
        degraded,
        changing,
        unknown,
        live,
        asleep,
        stopped,
        present,
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
    let mut parts: Vec<_> = all
        .into_iter()
        .map(|(glyph, count, word, style)| {
            // What is not there is not worth a colour.
            let style = if count == 0 { theme.dim() } else { style };
            let is_quiet = ["live", "asleep", "stopped"].contains(&word);
            let says = words == Words::All || (words == Words::Trouble && !is_quiet);
            let word = if says && count > 0 {
                format!(" {word}")
            } else {
                String::new()
            };
            vec![Span::styled(format!("{glyph} {count}{word}"), style)]
        })
        .collect();
    if present > 0 {
        // The glyph is also that of what is stopped, so that the word always stands beside it.
        let text = format!("{} {present} here", glyphs.stopped);
        parts.push(vec![Span::styled(text, theme.dim())]);
    }
    parts
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
            match state.contexts.len() {
                1 => "1 context".to_owned(),
                many => format!("{many} contexts"),
            },
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

/// What stands between a key and a change, wherever one is.
fn lock(view: View<'_>) -> Option<Span<'_>> {
    let mut contexts = view.state.contexts.iter().peekable();
    if contexts.peek().is_some() && contexts.all(|context| context.is_read_only) {
        return Some(Span::styled("read-only", view.theme.plain()));
    }
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
