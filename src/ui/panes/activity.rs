//! Activity: what happened, everywhere, newest first.

use jiff::Timestamp;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use super::{Part, View, part};
use crate::app::age::{Short, since};
use crate::app::loadable::Load;
use crate::app::panes::activity::loads;
use crate::app::rows::Overlay;
use crate::app::timeline::{Event, MOST, Who};
use crate::model::{Capability, Class};
use crate::ui::sentence::sentence;
use crate::ui::table::{self, Cell, Column, Selection};
use crate::ui::text::{count, fit};

const COLUMNS: [Column; 7] = [
    Column::fixed("TIME", 0),
    Column::fixed("STATE", 0),
    Column::text("APP", 8, 0),
    Column::fixed("CLASS", 9),
    Column::text("CONTEXT", 6, 4),
    Column::text("WHO", 6, 3),
    Column::text("WHAT", 10, 2).growing(),
];

/// Draws the view.
pub(crate) fn draw(view: View<'_>, area: Rect, buffer: &mut Buffer) {
    let pane = &view.state.panes.activity;
    let shown = pane.rows.len();
    let title = if pane.field.filter.is_empty() {
        format!("Activity {}", count(shown))
    } else {
        format!("Activity {} of {}", count(shown), count(pane.total))
    };
    let inside = super::frame(view, &title, right(view), true, area, buffer);
    if pane.rows.is_empty() {
        sentence(view, &empty(view), inside, buffer);
        return;
    }
    let visible = usize::from(inside.height.saturating_sub(1));
    let offset = pane.cursor.offset.min(shown - 1);
    let rows = pane.rows.iter().skip(offset).take(visible);
    let rows: Vec<_> = rows.map(|event| cells(view, event)).collect();
    let selection = Selection {
        row: pane.cursor.row.checked_sub(offset),
        focused: true,
    };
    table::draw(view, &COLUMNS, &rows, selection, inside, buffer);
}

/// What is wrong with what is shown; else how far back it reaches.
fn right(view: View<'_>) -> Vec<Part<'_>> {
    let state = view.state;
    let mut parts = Vec::new();
    let failing = loads(state).flatten().filter_map(Load::failure).count();
    if failing > 0 {
        let first = loads(state).flatten().find_map(Load::failure);
        let short = first.map_or_else(String::new, crate::model::Failure::short);
        parts.push(part(
            format!("{failing} not read: {short}"),
            view.theme.bad(),
        ));
    }
    if is_loading(view) {
        let text = format!("loading{}", view.glyphs.ellipsis);
        parts.push(part(text, view.theme.dim()));
    }
    let pane = &state.panes.activity;
    if pane.total >= MOST {
        let text = format!("the newest {}", count(MOST));
        parts.push(part(text, view.theme.dim()));
    }
    if !pane.field.filter.is_empty() {
        let text = format!("/{}", pane.field.text.value());
        parts.insert(0, part(text, view.theme.accent()));
    }
    if let Some(oldest) = pane.rows.last().filter(|_| parts.is_empty()) {
        let text = format!("back to {}", clock(view, oldest.at, false));
        parts.push(part(text, view.theme.dim()));
    }
    parts
}

fn empty(view: View<'_>) -> String {
    let state = view.state;
    if !state.panes.activity.field.filter.is_empty() {
        return "Nothing that happened fits the filter. Esc clears it.".into();
    }
    if state.contexts.is_empty() {
        return "No context is configured.".into();
    }
    let begun = clock(view, state.begun_at, true);
    let ago = Short(since(state.begun_at, state.now));
    let mut parts = vec![format!("Nothing has happened since {begun} ({ago} ago).")];
    if is_loading(view) {
        parts.push("The platforms' own activity is being read.".into());
    } else if let Some(failure) = loads(state).flatten().find_map(Load::failure) {
        let (what, advice) = (failure.headline(), failure.advice());
        parts.push(format!(
            "The platforms' own activity is not known: {what}; {advice}."
        ));
    }
    parts.extend(without_activity(view));
    parts.join(" ")
}

fn is_loading(view: View<'_>) -> bool {
    let first = |load: &Load| load.fetched_at.is_none() && load.failure().is_none();
    loads(view.state).any(|load| load.is_none_or(first))
}

/// Whose platforms offer none: the first with its reason, of the others how many.
fn without_activity(view: View<'_>) -> Option<String> {
    let mut without = view.state.contexts.iter().filter_map(|context| {
        let reason = context.supports(Capability::ListActivity).refusal()?;
        Some(format!("{}: {reason}.", context.name))
    });
    let first = without.next()?;
    Some(match without.count() {
        0 => first,
        others => format!("{first} {others} more offer none either."),
    })
}

/// `14:02:05`, with the day before it when that is another.
pub(crate) fn clock(view: View<'_>, at: Timestamp, is_short: bool) -> String {
    let zone = &view.state.zone;
    let (time, today) = (zone.to_datetime(at), zone.to_datetime(view.state.now));
    let of_day = if is_short { "%H:%M" } else { "%H:%M:%S" };
    if time.date() == today.date() {
        time.strftime(of_day).to_string()
    } else if time.year() == today.year() {
        time.strftime("%b %d %H:%M").to_string()
    } else {
        time.strftime("%Y-%m-%d").to_string()
    }
}

fn cells<'a>(view: View<'a>, event: &'a Event) -> Vec<Cell<'a>> {
    let (theme, glyphs) = (view.theme, view.glyphs);
    let style = theme.status(&event.status, Overlay::None);
    let glyph = glyphs.status(&event.status, Overlay::None);
    let word = fit(event.word.as_str(), 8, glyphs.ellipsis);
    let who = match &event.who {
        Who::You => theme.accent(),
        Who::Observed | Who::Platform(_) => theme.dim(),
        Who::Named(_) => theme.plain(),
    };
    vec![
        Cell::new(clock(view, event.at, false), theme.dim()),
        Cell::new(format!("{glyph} {word}"), style),
        Cell::new(event.place.as_str(), theme.plain()),
        class_cell(view, event.class),
        Cell::new(event.context.as_str(), theme.plain()),
        Cell::new(event.who.word(), who),
        Cell::new(event.what.as_str(), theme.plain()),
    ]
}

/// A class, production in reverse video.
pub(crate) fn class_cell(view: View<'_>, class: Option<Class>) -> Cell<'_> {
    let style = match class {
        Some(Class::Production) => view.theme.production(),
        Some(Class::Staging | Class::Development) | None => view.theme.dim(),
    };
    Cell::new(class.map_or("", Class::word), style)
}
