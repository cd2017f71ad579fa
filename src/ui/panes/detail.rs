//! Detail: everything known of the selected environment, its app and its newest deployment.

use std::iter::repeat;

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};

use crate::app::age::{Long, Short, since};
use crate::app::panes::detail::{MOST_WRAPPED, shown_backup, to_do};
use crate::app::rows::{Overlay, badge, commits, status_word};
use crate::app::screen::Pane;
use crate::model::{App, Backup, BackupPart, Deployment, Detail, DetailValue, Environment, Text};
use crate::ui::View;
use crate::ui::chrome::bar;
use crate::ui::sentence::{sentence, wrapped};
use crate::ui::text::{draw_line, size, width};

/// How wide the labels are.
const LABEL: usize = 14;

/// Draws the pane.
pub(crate) fn draw(view: View<'_>, tabs: bool, area: Rect, buffer: &mut Buffer) {
    let state = view.state;
    let title = state
        .selected_environment()
        .map_or("Detail".to_owned(), |env| {
            let app = state
                .panes
                .apps
                .selected()
                .map_or("", |row| row.name.as_str());
            format!("Detail  {app}/{}", env.name)
        });
    let title = match shown_backup(state) {
        Some(_) => "Detail  backup".to_owned(),
        None => title,
    };
    let inside = super::tabbed(view, Pane::Detail, &title, Vec::new(), tabs, area, buffer);
    let lines = lines(view, usize::from(inside.width.saturating_sub(1)));
    if lines.is_empty() {
        sentence(view, "Select an app.", inside, buffer);
        return;
    }
    let most = lines.len().saturating_sub(usize::from(inside.height));
    let offset = state.panes.detail.offset.min(most);
    for (y, line) in (inside.y..inside.bottom()).zip(lines.iter().skip(offset)) {
        let room = inside.width.saturating_sub(1);
        draw_line(line, (inside.x + 1, y), room, view.glyphs.ellipsis, buffer);
    }
}

fn lines(view: View<'_>, columns: usize) -> Vec<Line<'_>> {
    let state = view.state;
    let mut lines = Vec::new();
    if let Some(backup) = shown_backup(state) {
        about_backup(view, backup, columns, &mut lines);
        return lines;
    }
    if let (Some(env), Some(id)) = (state.selected_environment(), state.selected_env()) {
        environment(view, env, columns, &mut lines);
        let records = to_do(state).into_iter();
        lines.extend(records.flat_map(|text| told(view, "to do", text, columns)));
        let newest = state
            .inventory
            .deployments_of(&id)
            .and_then(|known| known.value.as_ref()?.first());
        if let Some(deployment) = newest {
            lines.push(Line::default());
            newest_deployment(view, deployment, columns, &mut lines);
        }
        details(view, &env.details, columns, &mut lines);
    }
    if let Some(app) = state.selected_app().and_then(|id| state.inventory.app(id)) {
        about_app(view, app, columns, &mut lines);
    }
    lines
}

fn fact<'a>(view: View<'a>, label: &str, value: impl Into<String>) -> Line<'a> {
    Line::from(vec![
        Span::styled(format!("{label:LABEL$} "), view.theme.dim()),
        Span::raw(value.into()),
    ])
}

/// The same over several lines: what one opens the pane for is not cut.
fn told<'a>(view: View<'a>, label: &str, text: &Text, columns: usize) -> Vec<Line<'a>> {
    let room = columns.saturating_sub(LABEL + 1);
    let rows = wrapped(view, text.as_str(), room).into_iter();
    let labels = [label].into_iter().chain(repeat(""));
    let lines = labels.zip(rows.take(MOST_WRAPPED));
    lines.map(|(label, row)| fact(view, label, row)).collect()
}

fn environment<'a>(
    view: View<'a>,
    env: &'a Environment,
    columns: usize,
    lines: &mut Vec<Line<'a>>,
) {
    let overlay = view
        .state
        .selected_context()
        .map(|c| view.state.overlay_of(c))
        .unwrap_or_default();
    let glyph = view.glyphs.status(&env.status, overlay);
    let word = format!("{glyph} {}  ", status_word(&env.status, overlay));
    let style = view.theme.status(&env.status, overlay);
    let by = width(&word);
    let reason = env.reason.as_ref().map_or("", Text::as_str);
    let rows = wrapped(view, reason, columns.saturating_sub(by));
    let mut rows = rows.into_iter().take(MOST_WRAPPED);
    lines.push(Line::from(vec![
        Span::styled(word, style),
        Span::raw(rows.next().unwrap_or_default()),
    ]));
    lines.extend(rows.map(|row| Line::from(format!("{}{row}", " ".repeat(by)))));
    if let Some(release) = &env.release {
        let age = release
            .at
            .map(|at| format!("  {} ago", Short(since(at, view.state.now))));
        let by = release.by.as_ref().map(|by| format!(" by {by}"));
        let text = [Some(release.label.to_string()), by, age]
            .into_iter()
            .flatten();
        lines.push(fact(view, "release", text.collect::<String>()));
    }
    let optional = [
        ("url", env.url.as_ref().map(ToString::to_string)),
        ("branch", env.branch.as_ref().map(ToString::to_string)),
        ("to deploy", env.pending.commits.map(commits)),
        (
            "configuration",
            env.pending
                .changes
                .then(|| "waits for a deployment".to_owned()),
        ),
        (
            "backups",
            env.backup_schedule.as_ref().map(ToString::to_string),
        ),
    ];
    for (label, value) in optional {
        lines.extend(value.map(|value| fact(view, label, value)));
    }
}

fn newest_deployment<'a>(
    view: View<'a>,
    d: &'a Deployment,
    columns: usize,
    lines: &mut Vec<Line<'a>>,
) {
    let status = d.phase.status();
    lines.push(Line::from(vec![
        Span::styled("deployment     ", view.theme.dim()),
        Span::styled(
            format!("{} {}", view.glyphs.status(&status, Overlay::None), d.label),
            view.theme.status(&status, Overlay::None),
        ),
    ]));
    // First what one comes for: a small pane has few lines.
    for (label, text) in [("why", &d.reason), ("hint", &d.hint)] {
        lines.extend(
            text.iter()
                .flat_map(|text| told(view, label, text, columns)),
        );
    }
    let optional = [
        ("commit", d.commit.as_ref().map(ToString::to_string)),
        ("message", d.message.as_ref().map(ToString::to_string)),
        ("by", d.by.as_ref().map(ToString::to_string)),
        ("cause", d.cause.as_ref().map(ToString::to_string)),
        ("took", d.duration.map(|took| Long(took).to_string())),
        (
            "progress",
            Some(bar(view, &d.progress)).filter(|text| !d.phase.is_final() && !text.is_empty()),
        ),
    ];
    for (label, value) in optional {
        lines.extend(value.map(|value| fact(view, label, value)));
    }
    details(view, &d.details, columns, lines);
}

/// A backup with its parts, and what went wrong in each.
fn about_backup<'a>(view: View<'a>, backup: &'a Backup, columns: usize, lines: &mut Vec<Line<'a>>) {
    let (status, word) = super::backups::state_words(&backup.state);
    let glyph = view.glyphs.status(&status, Overlay::None);
    lines.push(Line::from(Span::styled(
        format!("{glyph} {word}"),
        view.theme.status(&status, Overlay::None),
    )));
    let time = |at| words(view, &DetailValue::Time(at));
    let percent = backup.percent.filter(|_| !backup.state.is_final());
    let optional = [
        (
            "progress",
            percent.map(|percent| view.glyphs.bar(percent, 7) + &format!(" {percent} %")),
        ),
        ("taken", backup.taken_at.map(time)),
        ("size", backup.size_bytes.map(size)),
        (
            "started by",
            backup.trigger.as_ref().map(ToString::to_string),
        ),
        ("notes", backup.notes.as_ref().map(ToString::to_string)),
        ("expires", backup.expires_at.map(time)),
        ("id", Some(backup.id.to_text().to_string())),
    ];
    for (label, value) in optional {
        lines.extend(value.map(|value| fact(view, label, value)));
    }
    details(view, &backup.details, columns, lines);
    lines.push(Line::default());
    if backup.parts.is_empty() {
        let count = backup.part_ids.len();
        lines.push(fact(view, "parts", format!("{count}, not read yet")));
    }
    for part in &backup.parts {
        about_part(view, part, backup.state.is_final(), lines);
    }
}

fn about_part<'a>(view: View<'a>, part: &'a BackupPart, is_over: bool, lines: &mut Vec<Line<'a>>) {
    let (glyph, style) = match (part.errors.is_empty(), part.ended_at) {
        (false, _) => (view.glyphs.failed, view.theme.bad()),
        (true, Some(_)) => (view.glyphs.done, view.theme.good()),
        // The backup is over, and nobody says how this went.
        (true, None) if is_over => (view.glyphs.none, view.theme.dim()),
        (true, None) => (view.glyphs.changing, view.theme.changing()),
    };
    let kind = part.kind.as_ref().filter(|kind| **kind != part.service);
    let kind = kind.map(|kind| format!("  {kind}"));
    let bytes = part.size_bytes.map(|bytes| format!("  {}", size(bytes)));
    lines.push(Line::from(vec![
        Span::styled(format!("{glyph} "), style),
        Span::raw(format!(
            "{}{}{}",
            part.service,
            kind.unwrap_or_default(),
            bytes.unwrap_or_default()
        )),
    ]));
    lines.extend(part.errors.iter().map(|error| {
        Line::from(vec![
            Span::raw("    "),
            Span::styled(error.as_str(), view.theme.bad()),
        ])
    }));
}

fn about_app<'a>(view: View<'a>, app: &'a App, columns: usize, lines: &mut Vec<Line<'a>>) {
    lines.push(Line::default());
    lines.push(fact(view, "app", app.shown_name().to_string()));
    if !app.badges.is_empty() {
        let badges: Vec<_> = app.badges.iter().map(|b| badge(b).to_string()).collect();
        let mut line = fact(view, "badges", badges.join(", "));
        if app.is_pinned() {
            line = line.style(view.theme.warning());
        }
        lines.push(line);
    }
    if let Some(reason) = &app.reason {
        lines.extend(told(view, "reason", reason, columns));
    }
    details(view, &app.details, columns, lines);
}

fn details<'a>(view: View<'a>, details: &'a [Detail], columns: usize, lines: &mut Vec<Line<'a>>) {
    for Detail { label, value } in details {
        match value {
            DetailValue::Text(text) if !text.is_empty() => {
                lines.extend(told(view, label, text, columns));
            }
            DetailValue::Text(_)
            | DetailValue::Count(_)
            | DetailValue::Bytes(_)
            | DetailValue::Duration(_)
            | DetailValue::Time(_)
            | DetailValue::Url(_)
            | DetailValue::Flag(_) => lines.push(fact(view, label, words(view, value))),
        }
    }
}

pub(super) fn words(view: View<'_>, value: &DetailValue) -> String {
    match value {
        DetailValue::Text(text) | DetailValue::Url(text) => text.to_string(),
        DetailValue::Count(count) => count.to_string(),
        DetailValue::Bytes(bytes) => size(*bytes),
        DetailValue::Duration(length) => Long(*length).to_string(),
        DetailValue::Time(at) => {
            let time = view.state.zone.to_datetime(*at);
            format!("{} {:02}:{:02}", time.date(), time.hour(), time.minute())
        }
        DetailValue::Flag(true) => "yes".into(),
        DetailValue::Flag(false) => "no".into(),
    }
}
