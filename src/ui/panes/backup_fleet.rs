//! All backups: one row for each environment, the overdue ones first.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use super::activity::class_cell;
use super::backups::services;
use super::{Part, View, part};
use crate::app::age::{Short, since};
use crate::app::inventory::BackupSummary;
use crate::app::panes::backup_fleet::{Condition, FleetRow, Place};
use crate::app::rows::Overlay;
use crate::model::Status;
use crate::ui::sentence::sentence;
use crate::ui::table::{self, Cell, Column, Selection};
use crate::ui::text::{count, size};

const COLUMNS: [Column; 10] = [
    Column::fixed("STATE", 0),
    // Whose it is counts for more than when the next one is planned.
    Column::text("APP", 14, 0),
    Column::fixed("CLASS", 4),
    Column::text("CONTEXT", 6, 3),
    Column::number("LAST GOOD", 0),
    Column::number("NEXT", 5),
    Column::number("SIZE", 2),
    Column::fixed("TREND", 7),
    Column::number("COUNT", 6),
    Column::text("NEWEST", 8, 1).growing(),
];

/// So many columns a trend has.
const TREND: usize = 12;
/// So many sizes stand for a trend where there are no glyphs for it.
const TREND_IN_NUMBERS: usize = 3;

/// Draws the view.
pub(crate) fn draw(view: View<'_>, area: Rect, buffer: &mut Buffer) {
    let pane = &view.state.panes.backup_fleet;
    let title = if pane.field.filter.is_empty() {
        format!("All backups {}", count(pane.environments))
    } else {
        format!(
            "All backups {} of {}",
            count(pane.rows.len()),
            count(pane.environments)
        )
    };
    let inside = super::frame(view, &title, right(view), true, area, buffer);
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
        focused: true,
    };
    table::draw(view, &COLUMNS, &rows, selection, inside, buffer);
}

/// `3 overdue`, `214 of 417 read`.
fn right(view: View<'_>) -> Vec<Part<'_>> {
    let pane = &view.state.panes.backup_fleet;
    let mut parts = Vec::new();
    if !pane.field.filter.is_empty() {
        let text = format!("/{}", pane.field.text.value());
        parts.push(part(text, view.theme.accent()));
    }
    if pane.overdue > 0 {
        let text = format!("{} overdue", count(pane.overdue));
        parts.push(part(text, view.theme.warning()));
    }
    if pane.read < pane.environments {
        let (read, all) = (count(pane.read), count(pane.environments));
        let paused = if view.state.is_paused { ", paused" } else { "" };
        let text = format!("{read} of {all} read{paused}");
        parts.push(part(text, view.theme.dim()));
    }
    parts
}

fn empty(view: View<'_>) -> String {
    let state = view.state;
    if state.contexts.is_empty() {
        return "No context is configured.".into();
    }
    if !state.panes.backup_fleet.field.filter.is_empty() {
        return "No environment fits the filter. Esc clears it.".into();
    }
    if state
        .contexts
        .iter()
        .any(|context| state.fetched_at(context).is_none())
    {
        return "Reading…".into();
    }
    "There is no environment yet, and so nothing to back up.".into()
}

fn cells<'a>(view: View<'a>, row: &'a FleetRow) -> Vec<Cell<'a>> {
    let (theme, glyphs, now) = (view.theme, view.glyphs, view.state.now);
    let context = view.state.contexts.get(row.context());
    let context = context.map_or("", |context| context.name.as_str());
    let summary = match &row.place {
        Place::Environment(env) => view.state.inventory.backup_summaries.get(env),
        Place::Context(_) => None,
    };
    let is_env = matches!(row.place, Place::Environment(_));
    let none = if is_env { glyphs.none } else { "" };
    let good = row.last_good.map(|at| Short(since(at, now)).to_string());
    let good_style = if row.condition.is_overdue() {
        theme.warning()
    } else {
        theme.plain()
    };
    let next = row.next.map(|at| {
        if at > now {
            format!("in {}", Short(since(now, at)))
        } else {
            format!("{} late", Short(since(at, now)))
        }
    });
    let bytes = summary.and_then(|summary| summary.size_bytes);
    let newest = match &row.reason {
        Some(reason) => reason.to_string(),
        None => summary.map(newest).unwrap_or_default(),
    };
    vec![
        state_cell(view, row.condition),
        Cell::new(row.name.as_str(), theme.plain()),
        class_cell(view, row.class),
        Cell::new(context, theme.plain()),
        Cell::new(good.unwrap_or_else(|| none.to_owned()), good_style),
        Cell::new(next.unwrap_or_default(), theme.dim()),
        Cell::new(bytes.map_or_else(|| none.to_owned(), size), theme.plain()),
        Cell::new(
            summary.map(|it| trend(view, it)).unwrap_or_default(),
            theme.dim(),
        ),
        Cell::new(
            summary.map(|it| count(it.count)).unwrap_or_default(),
            theme.dim(),
        ),
        Cell::new(newest, theme.plain()),
    ]
}

fn state_cell(view: View<'_>, condition: Condition) -> Cell<'_> {
    let status = match condition {
        Condition::Overdue | Condition::NoneGood | Condition::Late | Condition::Partial => {
            Status::Degraded
        }
        Condition::Failed => Status::Failed,
        Condition::Working => Status::Deploying,
        Condition::Unread => Status::Unknown,
        Condition::Good => Status::Live,
        Condition::None | Condition::Absent => Status::Stopped,
    };
    let glyph = view.glyphs.status(&status, Overlay::None);
    let style = view.theme.status(&status, Overlay::None);
    Cell::new(format!("{glyph} {}", condition.word()), style)
}

/// What the newest is made of, and what went wrong in it.
fn newest(summary: &BackupSummary) -> String {
    let Some(backup) = &summary.newest else {
        return "none yet".into();
    };
    let error = backup
        .parts
        .iter()
        .find_map(|part| Some((part, part.errors.first()?)));
    match error {
        Some((part, error)) => format!("{}: {}: {error}", services(backup), part.service),
        None => services(backup),
    }
}

/// Sizes of the good ones, oldest first; the last few as numbers where there are no glyphs.
fn trend(view: View<'_>, summary: &BackupSummary) -> String {
    if !view.glyphs.spark.is_empty() {
        return view.glyphs.sparkline(&summary.sizes, TREND);
    }
    let from = summary.sizes.len().saturating_sub(TREND_IN_NUMBERS);
    let last: Vec<_> = summary.sizes[from..].iter().copied().map(size).collect();
    last.join(" ")
}
