//! Apps.

use std::borrow::Cow;

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use super::{Part, part};
use crate::app::age::{Age, Short, since};
use crate::app::layout::SizeClass;
use crate::app::rows::{AppRow, Overlay, status_word};
use crate::app::screen::Pane;
use crate::model::{Capability, Class, Failure, Release, Status};
use crate::ui::View;
use crate::ui::sentence::sentence;
use crate::ui::table::{self, Cell, Column, Selection};
use crate::ui::text::{count, fit, width};

const COLUMNS: [Column; 9] = [
    Column::fixed("STATUS", 0),
    Column::text("APP", 8, 0),
    Column::fixed("CLASS", 5),
    Column::text("CONTEXT", 7, 4),
    Column::text("RELEASE", 7, 7).yielding(),
    Column::text("BY", 4, 8).yielding(),
    Column::fixed("UNITS", 9),
    Column::text("REASON", 10, 6).growing(),
    Column::number("AGE", 3),
];

/// The columns of the smallest screens: status, name, reason.
const SMALL: [usize; 3] = [0, 1, 7];

/// So much of a hash tells it from others.
const HASH: usize = 7;

/// Names are cut here at the latest: one long name must not push everything else out.
const LONGEST_NAME: usize = 28;

/// Draws the pane.
pub(crate) fn draw(view: View<'_>, area: Rect, buffer: &mut Buffer) {
    let pane = &view.state.panes.apps;
    let focused = view.state.screen.focus == Pane::Apps;
    let title = if pane.filter.is_empty() && pane.hidden.is_empty() {
        format!("Apps {}", count(pane.rows.len()))
    } else {
        format!(
            "Apps {} of {}",
            count(pane.shown.len()),
            count(pane.rows.len())
        )
    };
    let inside = super::frame(view, &title, order(view), focused, area, buffer);
    if pane.shown.is_empty() {
        sentence(view, &empty(view), inside, buffer);
        return;
    }
    let visible = usize::from(inside.height.saturating_sub(1));
    let offset = pane.cursor.offset.min(pane.shown.len().saturating_sub(1));
    let last = (offset + visible).min(pane.shown.len());
    // Where nothing is released anywhere, names and reasons need the room.
    let is_released = pane.rows.iter().any(|row| row.release.is_some());
    let rows: Vec<_> = (offset..last)
        .filter_map(|i| pane.row(i))
        .map(|row| cells(view, row, is_released))
        .collect();
    let selection = Selection {
        row: pane.cursor.row.checked_sub(offset),
        focused,
    };
    // On the smallest screens only what and how, and why where there is room.
    let is_single = SizeClass::of(view.state.screen.size) == SizeClass::Single;
    if is_single && inside.width < 58 {
        let few = rows.into_iter().map(|row| {
            let wanted = row.into_iter().enumerate();
            let wanted = wanted.filter(|(i, _)| SMALL.contains(i));
            wanted.map(|(_, cell)| cell).collect()
        });
        let rows: Vec<Vec<_>> = few.collect();
        let columns = SMALL.map(|i| COLUMNS[i]);
        table::draw(view, &columns, &rows, selection, inside, buffer);
    } else {
        table::draw(view, &COLUMNS, &rows, selection, inside, buffer);
    }
}

fn order(view: View<'_>) -> Vec<Part<'_>> {
    let pane = &view.state.panes.apps;
    let mut parts = Vec::new();
    if pane.unlisted > 0 {
        let listed = pane.rows.len();
        let all = usize::try_from(pane.unlisted).map_or(usize::MAX, |it| it.saturating_add(listed));
        let text = format!("{} of {} listed", count(listed), count(all));
        parts.push(part(text, view.theme.warning()));
    }
    let marked = view.state.marks.apps().count();
    if marked > 0 {
        let text = format!("{} marked", count(marked));
        parts.push(part(text, view.theme.accent()));
    }
    if !pane.filter.is_empty() {
        let typed = fit(pane.filter_text.value(), 24, view.glyphs.ellipsis);
        parts.push(part(format!("/{typed}"), view.theme.accent()));
    }
    if !pane.hidden.is_empty() {
        let all = view.state.contexts.len();
        let text = format!("{} of {all} contexts", all - pane.hidden.len());
        parts.push(part(text, view.theme.accent()));
    }
    let arrow = if view.state.screen.look.is_ascii {
        "v"
    } else {
        "↓"
    };
    parts.push(part(format!("needs me {arrow}"), view.theme.dim()));
    parts
}

fn cells<'a>(view: View<'a>, row: &'a AppRow, is_released: bool) -> Vec<Cell<'a>> {
    let (theme, glyphs) = (view.theme, view.glyphs);
    let context = view.state.contexts.get(row.app.context);
    let glyph = glyphs.status(&row.status, row.overlay);
    let word = status_word(&row.status, row.overlay);
    let marks = &view.state.marks;
    let mark = mark(view, marks.apps().next().is_some(), marks.has_app(&row.app));
    let status = format!("{mark}{glyph} {}", fit(word, 8, glyphs.ellipsis));
    let age = context.map_or(Age::Never, |context| view.state.age_of(context));
    vec![
        Cell::new(status, theme.status(&row.status, row.overlay)),
        Cell::new(
            fit(row.name.as_str(), LONGEST_NAME, glyphs.ellipsis),
            theme.plain(),
        ),
        class(view, row.class),
        Cell::new(
            context.map_or("", |context| context.name.as_str()),
            theme.plain(),
        ),
        if is_released {
            release(view, row.release.as_ref())
        } else {
            Cell::new("", theme.plain())
        },
        Cell::new(
            row.release
                .as_ref()
                .and_then(|r| r.by.as_ref())
                .map_or("", |by| by.as_str()),
            theme.dim(),
        ),
        Cell::new(
            row.units
                .map_or(String::new(), |u| format!("{}/{}", u.ready, u.wanted)),
            theme.plain(),
        ),
        Cell::new(
            reason(view, row),
            if row.is_pinned {
                theme.warning()
            } else {
                theme.plain()
            },
        ),
        Cell::new(
            if age == Age::Never {
                glyphs.none.to_owned()
            } else {
                age.to_string()
            },
            theme.dim(),
        ),
    ]
}

/// What stands before the status: nothing, unless something in the list is marked.
pub(crate) fn mark(view: View<'_>, is_any: bool, is_marked: bool) -> String {
    if !is_any {
        return String::new();
    }
    let glyph = view.glyphs.done;
    let blank = " ".repeat(width(glyph));
    format!("{} ", if is_marked { glyph } else { &blank })
}

/// The class, PROD in reverse video.
pub(crate) fn class(view: View<'_>, class: Option<Class>) -> Cell<'_> {
    match class {
        Some(Class::Production) => Cell::new("PROD", view.theme.production()),
        Some(other) => Cell::new(other.word(), view.theme.plain()),
        None => Cell::new(view.glyphs.none, view.theme.dim()),
    }
}

/// `3f2c1ab 4m`, or the name alone where there is no room.
pub(crate) fn release<'a>(view: View<'a>, release: Option<&Release>) -> Cell<'a> {
    let Some(release) = release else {
        return Cell::new(view.glyphs.none, view.theme.dim());
    };
    let label = fit(release.label.as_str(), 10, view.glyphs.ellipsis);
    // The beginning of a hash or a UUID tells as much as a little more of it.
    let is_hash = label.bytes().all(|byte| byte.is_ascii_hexdigit());
    let bytes = if is_hash {
        label.len().min(HASH)
    } else {
        label.len()
    };
    let text = match release.at {
        Some(at) => format!("{label} {}", Short(since(at, view.state.now))),
        None => label,
    };
    Cell::new(text, view.theme.plain()).standing(bytes)
}

/// Why; for what is stale or unauthorised, what it was and why nothing newer is known.
fn reason<'a>(view: View<'a>, row: &'a AppRow) -> Cow<'a, str> {
    if row.overlay == Overlay::None {
        return row.reason.as_str().into();
    }
    let context = view.state.contexts.get(row.app.context);
    let failure = context.and_then(|c| c.bad_credential.as_ref().or(c.failing.as_ref()));
    let why = failure.map(Failure::short);
    let was = status_word(&row.status, Overlay::None).to_lowercase();
    match why {
        Some(why) if row.status == Status::Unknown => why.into(),
        Some(why) => format!("was {was}; {why}").into(),
        None => format!("was {was}").into(),
    }
}

/// Why there is nothing to see, and the key that helps.
fn empty(view: View<'_>) -> String {
    let state = view.state;
    let pane = &state.panes.apps;
    if state.contexts.is_empty() {
        return "No context is configured. Put one into the file that `flightdeck config path` \
                names, or start with --demo."
            .into();
    }
    if !pane.rows.is_empty() && pane.filter.is_empty() {
        return "No app in the contexts that are listed. Esc lists all, c chooses.".into();
    }
    if !pane.rows.is_empty() {
        return "No app fits the filter. Esc clears it.".into();
    }
    if let Some(context) = state
        .contexts
        .iter()
        .find(|context| context.bad_credential.is_some())
    {
        let failure = context.bad_credential.as_ref();
        let advice = failure
            .map(|f| format!("{}; {}", f.headline(), context.advice(f)))
            .unwrap_or_default();
        return format!("{}: {advice}. r tries again.", context.name);
    }
    if let Some((context, failure)) = state
        .contexts
        .iter()
        .find_map(|context| Some((context, context.failing.as_ref()?)))
    {
        return format!(
            "{}: {}; {}.",
            context.name,
            failure.headline(),
            failure.advice()
        );
    }
    let is_read = state.contexts.iter().all(|context| {
        let fleet = state.inventory.fleet(context.id);
        context.lacks(Capability::ListApps)
            || fleet.is_some_and(|f| f.apps.load.fetched_at.is_some())
    });
    if is_read {
        "No apps yet in any context.".into()
    } else {
        "Reading the apps…".into()
    }
}
