//! Backups: those of the selected app's environments.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};

use super::{Part, part};
use crate::app::age::{Short, since};
use crate::app::panes::backups::{backup, is_overdue};
use crate::app::rows::Overlay;
use crate::app::screen::Pane;
use crate::model::{Backup, BackupState, Capability, EnvId, Query, QueryKey, Scoped, Status};
use crate::ui::View;
use crate::ui::sentence::sentence;
use crate::ui::table::{self, Cell, Column, Selection};
use crate::ui::text::{draw_line, fit, size};

const COLUMNS: [Column; 6] = [
    Column::fixed("STATUS", 0),
    Column::fixed("TAKEN", 0),
    Column::number("SIZE", 2),
    Column::text("ENV", 4, 3),
    Column::text("SERVICES", 6, 4).growing(),
    Column::number("EXPIRES", 8),
];

/// Lines below the table: schedule and trend.
const FOOTER: u16 = 3;

/// Draws the pane.
pub(crate) fn draw(view: View<'_>, tabs: bool, area: Rect, buffer: &mut Buffer) {
    let state = view.state;
    let pane = &state.panes.backups;
    let title = format!("Backups {}", pane.rows.len());
    let inside = super::tabbed(view, Pane::Backups, &title, right(view), tabs, area, buffer);
    if pane.rows.is_empty() {
        sentence(view, &empty(view), inside, buffer);
        return;
    }
    let visible = usize::from(inside.height.saturating_sub(1));
    let offset = pane.cursor.offset.min(pane.rows.len() - 1);
    let rows: Vec<_> = pane
        .rows
        .iter()
        .skip(offset)
        .take(visible)
        .filter_map(|row| Some(cells(view, row, backup(state, row)?)))
        .collect();
    let focused = state.screen.focus == Pane::Backups;
    let selection = Selection {
        row: pane.cursor.row.checked_sub(offset),
        focused,
    };
    let used = table::draw(view, &COLUMNS, &rows, selection, inside, buffer);
    if inside.height >= used + FOOTER {
        footer(
            view,
            Rect {
                y: inside.y + used + 1,
                height: FOOTER - 1,
                ..inside
            },
            buffer,
        );
    }
}

fn keys(view: View<'_>) -> impl Iterator<Item = QueryKey> + '_ {
    let context = view.state.selected_app().map(|app| app.context);
    let envs = view.state.panes.environments.rows.iter();
    envs.filter_map(move |env| {
        Some(QueryKey {
            context: context?,
            query: Query::Backups(env.clone()),
        })
    })
}

/// `last good 11h ago`, unless something is wrong with what is known.
fn right(view: View<'_>) -> Vec<Part<'_>> {
    let problem = keys(view)
        .map(|key| super::condition(view, view.state.inventory.load(&key)))
        .find(|parts| !parts.is_empty());
    if let Some(problem) = problem {
        return problem;
    }
    let pane = &view.state.panes.backups;
    let is_late = view
        .state
        .selected_environment()
        .is_some_and(|env| is_overdue(view.state, env));
    let (text, style) = match pane.last_good {
        Some(at) if is_late => {
            let age = Short(since(at, view.state.now));
            (
                format!("OVERDUE, last good {age} ago"),
                view.theme.warning(),
            )
        }
        Some(at) => (
            format!("last good {} ago", Short(since(at, view.state.now))),
            view.theme.dim(),
        ),
        None if pane.rows.is_empty() => (String::new(), view.theme.dim()),
        None => ("no good backup".to_owned(), view.theme.warning()),
    };
    vec![part(text, style)]
}

fn empty(view: View<'_>) -> String {
    let Some(context) = view.state.selected_context() else {
        return "Select an app.".into();
    };
    if let Some(reason) = context.supports(Capability::ListBackups).refusal() {
        return format!("{reason}.");
    }
    if let Some(failure) = &context.bad_credential {
        return super::explained(failure);
    }
    let loads: Vec<_> = keys(view)
        .map(|key| view.state.inventory.load(&key))
        .collect();
    if let Some(failure) = loads.iter().flatten().find_map(|load| load.failure()) {
        return super::explained(failure);
    }
    if view.state.panes.environments.rows.is_empty() {
        return "No backups: there is no environment yet.".into();
    }
    if loads
        .iter()
        .any(|load| load.is_none_or(|load| load.fetched_at.is_none()))
    {
        return "Reading…".into();
    }
    if context.lacks(Capability::CreateBackup) {
        "No backups yet.".into()
    } else {
        "No backups yet. B takes one.".into()
    }
}

fn cells<'a>(view: View<'a>, row: &(Scoped<EnvId>, usize), backup: &'a Backup) -> Vec<Cell<'a>> {
    let (theme, glyphs) = (view.theme, view.glyphs);
    let (status, word) = state_words(&backup.state);
    let word = fit(word, 8, glyphs.ellipsis);
    let env = view
        .state
        .inventory
        .environment(&row.0)
        .map_or("", |env| env.name.as_str());
    let when = |at| Short(since(at, view.state.now)).to_string();
    let expires = backup
        .expires_at
        .map(|at| Short(since(view.state.now, at)).to_string());
    vec![
        Cell::new(
            format!("{} {word}", glyphs.status(&status, Overlay::None)),
            theme.status(&status, Overlay::None),
        ),
        Cell::new(
            backup.taken_at.map_or_else(|| glyphs.none.to_owned(), when),
            theme.plain(),
        ),
        Cell::new(
            backup
                .size_bytes
                .map_or_else(|| glyphs.none.to_owned(), size),
            theme.plain(),
        ),
        Cell::new(env, theme.plain()),
        Cell::new(services(backup), theme.plain()),
        Cell::new(
            expires.map(|left| format!("in {left}")).unwrap_or_default(),
            theme.dim(),
        ),
    ]
}

/// How a state looks, and its word.
pub(super) fn state_words(state: &BackupState) -> (Status, &str) {
    match state {
        BackupState::Done => (Status::Live, "DONE"),
        BackupState::Partial => (Status::Degraded, "PART"),
        BackupState::Failed => (Status::Failed, "FAIL"),
        BackupState::Waiting => (Status::Queued, "WAIT"),
        BackupState::Working => (Status::Deploying, "WORK"),
        BackupState::Other(word) => (Status::Other(word.clone()), word.as_str()),
    }
}

/// `pg media!`: a mark at what went wrong.
pub(super) fn services(backup: &Backup) -> String {
    if let Some(percent) = backup.percent.filter(|_| !backup.state.is_final()) {
        return format!("{percent} %");
    }
    if backup.parts.is_empty() {
        let notes = backup.notes.as_ref().map(ToString::to_string);
        return notes.unwrap_or_else(|| match backup.part_ids.len() {
            0 => String::new(),
            1 => "1 part".to_owned(),
            n => format!("{n} parts"),
        });
    }
    let named = backup.parts.iter().map(|part| {
        let mark = if part.errors.is_empty() { "" } else { "!" };
        format!("{}{mark}", part.service)
    });
    named.collect::<Vec<_>>().join(" ")
}

fn footer(view: View<'_>, area: Rect, buffer: &mut Buffer) {
    let label = |text: &'static str| Span::styled(format!(" {text:10}"), view.theme.dim());
    let mut lines = Vec::new();
    if let Some(env) = view.state.selected_environment() {
        let next = env.next_backup_at.map(|at| {
            if at > view.state.now {
                format!("next in {}", Short(since(view.state.now, at)))
            } else {
                format!("was due {} ago", Short(since(at, view.state.now)))
            }
        });
        let schedule = env.backup_schedule.as_ref().map(ToString::to_string);
        let text = [schedule, next]
            .into_iter()
            .flatten()
            .collect::<Vec<_>>()
            .join(", ");
        if !text.is_empty() {
            lines.push(Line::from(vec![
                label("schedule"),
                Span::raw(format!("{} {text}", env.name)),
            ]));
        }
    }
    let width = usize::from(area.width).saturating_sub(14).min(30);
    let trend = view
        .glyphs
        .sparkline(&view.state.panes.backups.sizes, width);
    if !trend.is_empty() {
        lines.push(Line::from(vec![
            label("size"),
            Span::styled(trend, view.theme.plain()),
        ]));
    }
    for (y, line) in (area.y..area.bottom()).zip(lines) {
        draw_line(&line, (area.x, y), area.width, view.glyphs.ellipsis, buffer);
    }
}
