//! Variables of the selected environment. Values are masked, all alike: not even their length shows.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;
use ratatui::text::Span;

use super::{Part, View, part};
use crate::app::action::Action;
use crate::app::age::{Short, since};
use crate::app::help::keys_of;
use crate::app::loadable::Load;
use crate::app::panes::variables::{self, Likeness, Row, Value};
use crate::app::screen::Pane;
use crate::model::{Capability, EnvId, Failure, Scoped, Text};
use crate::ui::sentence::sentence;
use crate::ui::table::{self, Cell, Column, Selection};

const COLUMNS: [Column; 6] = [
    Column::fixed("", 0),
    Column::text("NAME", 8, 0),
    Column::fixed("COMPARED", 1),
    Column::text("VALUE", 8, 0).growing(),
    Column::text("KIND", 4, 2),
    Column::number("CHANGED", 3),
];

/// Draws the view.
pub(crate) fn draw(view: View<'_>, area: Rect, buffer: &mut Buffer) {
    let state = view.state;
    let focused = state.screen.focus == Pane::Variables;
    let inside = super::frame(view, &title(view), right(view), focused, area, buffer);
    let pane = &state.panes.variables;
    if pane.rows.is_empty() {
        sentence(view, &empty(view), inside, buffer);
        return;
    }
    let visible = usize::from(inside.height.saturating_sub(1));
    let offset = pane.cursor.offset.min(pane.rows.len() - 1);
    let rows = pane.rows.iter().skip(offset).take(visible);
    let rows: Vec<_> = rows.map(|row| cells(view, row)).collect();
    let selection = Selection {
        row: pane.cursor.row.checked_sub(offset),
        focused,
    };
    table::draw(view, &COLUMNS, &rows, selection, inside, buffer);
}

/// `Variables 41 · shop-api/live`.
fn title(view: View<'_>) -> String {
    let state = view.state;
    let Some(env) = state.selected_env() else {
        return "Variables".into();
    };
    let known = state.inventory.vault.of(&env);
    let known = known.and_then(|known| known.value.as_ref());
    let pane = &state.panes.variables;
    let count = known.map_or_else(String::new, |list| match pane.filter.value() {
        "" => format!(" {}", list.len()),
        _ => format!(" {} of {}", pane.rows.len(), list.len()),
    });
    let (dot, name) = (view.glyphs.dot, variables::title(state, &env));
    let compared = pane.comparison.as_ref();
    let compared = compared.map_or_else(String::new, |other| format!(" = {}", other.title));
    format!("Variables{count} {dot} {name}{compared}")
}

/// `3 staged`, `failed: 502`, what differs, the age.
fn right(view: View<'_>) -> Vec<Part<'_>> {
    let state = view.state;
    let Some(env) = state.selected_env() else {
        return Vec::new();
    };
    let pane = &state.panes.variables;
    let staged = pane.staging(&env).map(|staging| {
        let text = format!("{} staged", staging.len());
        part(text, view.theme.warning())
    });
    let mut parts: Vec<_> = staged.into_iter().collect();
    parts.extend(undeployed(view, &env));
    parts.extend(super::condition(view, load(view, &env)));
    if let Some(other) = &pane.comparison {
        let there = load(view, &other.with);
        parts.extend(super::condition(view, there));
        parts.extend(likenesses(view));
    }
    parts.extend(age(view).filter(|_| parts.is_empty()));
    let context = state.contexts.get(env.context);
    let is_read_only = context.is_some_and(|context| context.is_read_only);
    parts.extend(is_read_only.then(|| part("read-only", view.theme.dim())));
    parts
}

fn age(view: View<'_>) -> Option<Part<'_>> {
    let age = variables::age(view.state)?;
    Some(if age.is_stale() {
        part(format!("stale {age}"), view.theme.unknown())
    } else {
        part(age.to_string(), view.theme.dim())
    })
}

fn load<'a>(view: View<'a>, env: &Scoped<EnvId>) -> Option<&'a Load> {
    view.state.inventory.load(&variables::key_of(env))
}

/// `2 different`, `1 only here`: how many rows of each kind.
fn likenesses(view: View<'_>) -> impl Iterator<Item = Part<'_>> {
    let rows = &view.state.panes.variables.rows;
    let count = |kind| rows.iter().filter(|row| row.likeness == Some(kind)).count();
    let told = Likeness::ALL.map(|kind| (kind, count(kind)));
    let told = told.into_iter().filter(|(_, count)| *count > 0);
    told.map(move |(kind, n)| part(format!("{n} {}", kind.words()), view.theme.dim()))
}

/// That a deployment is needed, and the key that begins one.
fn undeployed<'a>(view: View<'a>, env: &Scoped<EnvId>) -> Option<Part<'a>> {
    let is_needed = view.state.panes.variables.undeployed.contains_key(env);
    is_needed.then(|| {
        vec![
            Span::styled("redeploy needed: ", view.theme.warning()),
            Span::styled(
                keys_of(&view.state.screen.keymap, Action::Deploy),
                view.theme.accent(),
            ),
        ]
    })
}

/// Why there is no row.
fn empty(view: View<'_>) -> String {
    let state = view.state;
    let Some(context) = state.selected_context() else {
        return "Select an app.".into();
    };
    if let Some(reason) = context.supports(Capability::ListVariables).refusal() {
        let title = context.profile.title;
        // Some reasons are a sentence of their own.
        if reason.starts_with(title) {
            return format!("{reason}.");
        }
        return format!("{title} has no variables: {reason}.");
    }
    if let Some(failure) = &context.bad_credential {
        return told(failure);
    }
    let Some(env) = state.selected_env() else {
        return "No variables: there is no environment yet.".into();
    };
    let load = load(view, &env);
    if let Some(failure) = load.and_then(|load| load.failure()) {
        return told(failure);
    }
    if load.is_none_or(|load| load.fetched_at.is_none()) {
        return format!("Reading{}", view.glyphs.ellipsis);
    }
    if !state.panes.variables.filter.value().is_empty() {
        "No variable fits. Esc clears the filter.".into()
    } else if context.is_read_only || context.lacks(Capability::SetVariable) {
        "No variables yet.".into()
    } else {
        "No variables yet. n adds one.".into()
    }
}

fn told(failure: &Failure) -> String {
    super::explained(failure)
}

fn cells<'a>(view: View<'a>, row: &'a Row) -> Vec<Cell<'a>> {
    let theme = view.theme;
    let edit = variables::edit(view.state, row);
    let mark = edit.map(|edit| edit.mark().to_string());
    let (value, style) = value(view, row);
    let name = if row.id.is_read_only {
        theme.dim()
    } else {
        theme.plain()
    };
    vec![
        Cell::new(mark.unwrap_or_default(), theme.warning()),
        Cell::new(row.id.slot.name.as_str(), name),
        likeness(view, row.likeness),
        Cell::new(value, style),
        Cell::new(kind(view, row), theme.dim()),
        Cell::new(changed(view, row), theme.dim()),
    ]
}

fn likeness(view: View<'_>, likeness: Option<Likeness>) -> Cell<'static> {
    let style = match likeness {
        Some(Likeness::Different) => view.theme.warning(),
        Some(Likeness::OnlyHere | Likeness::OnlyThere) => view.theme.changing(),
        Some(Likeness::Unknown) => view.theme.unknown(),
        Some(Likeness::Same) | None => view.theme.dim(),
    };
    Cell::new(likeness.map_or("", Likeness::words), style)
}

fn value(view: View<'_>, row: &Row) -> (String, Style) {
    let theme = view.theme;
    match variables::value(view.state, row) {
        Value::Is(value)
            if view
                .state
                .panes
                .variables
                .is_revealed(&row.id, view.state.now) =>
        {
            // Whatever is in it, only text reaches the terminal.
            (Text::clean(value.expose()).to_string(), theme.accent())
        }
        Value::Is(_) => (view.glyphs.mask.to_owned(), theme.dim()),
        Value::Hidden => ("hidden".to_owned(), theme.dim()),
        Value::Unset => ("unset".to_owned(), theme.warning()),
        Value::Absent => (view.glyphs.none.to_owned(), theme.dim()),
    }
}

/// `sensitive`, `set by platform`, the part of the app.
fn kind(view: View<'_>, row: &Row) -> String {
    let known = variables::variable(view.state, row);
    let wished = variables::edit(view.state, row);
    let is_sensitive = known.map_or_else(
        || wished.is_some_and(|edit| edit.is_sensitive),
        |variable| variable.is_sensitive,
    );
    let words = [
        is_sensitive.then_some("sensitive"),
        row.id.is_read_only.then_some("set by platform"),
        row.id.slot.scope.as_ref().map(Text::as_str),
    ];
    let words: Vec<_> = words.into_iter().flatten().collect();
    words.join(", ")
}

fn changed(view: View<'_>, row: &Row) -> String {
    let known = variables::variable(view.state, row);
    let at = known.and_then(|variable| variable.changed_at);
    at.map(|at| Short(since(at, view.state.now)).to_string())
        .unwrap_or_default()
}
