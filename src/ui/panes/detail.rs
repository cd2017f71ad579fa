//! Detail: everything known of the selected environment, its app and its newest deployment.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};

use crate::app::age::{Long, Short, since};
use crate::app::rows::{Overlay, badge, commits, status_word};
use crate::app::screen::Pane;
use crate::model::{App, Deployment, Detail, DetailValue, Environment};
use crate::ui::View;
use crate::ui::chrome::bar;
use crate::ui::sentence::sentence;
use crate::ui::text::{draw_line, size};

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
    let inside = super::tabbed(view, Pane::Detail, &title, Vec::new(), tabs, area, buffer);
    let lines = lines(view);
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

fn lines(view: View<'_>) -> Vec<Line<'_>> {
    let state = view.state;
    let mut lines = Vec::new();
    if let (Some(env), Some(id)) = (state.selected_environment(), state.selected_env()) {
        environment(view, env, &mut lines);
        let newest = state
            .inventory
            .deployments_of(&id)
            .and_then(|known| known.value.as_ref()?.first());
        if let Some(deployment) = newest {
            lines.push(Line::default());
            newest_deployment(view, deployment, &mut lines);
        }
        details(view, &env.details, &mut lines);
    }
    if let Some(app) = state.selected_app().and_then(|id| state.inventory.app(id)) {
        about_app(view, app, &mut lines);
    }
    lines
}

fn fact<'a>(view: View<'a>, label: &str, value: impl Into<String>) -> Line<'a> {
    Line::from(vec![
        Span::styled(format!("{label:14} "), view.theme.dim()),
        Span::raw(value.into()),
    ])
}

fn environment<'a>(view: View<'a>, env: &'a Environment, lines: &mut Vec<Line<'a>>) {
    let overlay = view
        .state
        .selected_context()
        .map(|c| view.state.overlay_of(c))
        .unwrap_or_default();
    let glyph = view.glyphs.status(&env.status, overlay);
    let reason = env
        .reason
        .as_ref()
        .map(ToString::to_string)
        .unwrap_or_default();
    lines.push(Line::from(vec![
        Span::styled(
            format!("{glyph} {}", status_word(&env.status, overlay)),
            view.theme.status(&env.status, overlay),
        ),
        Span::raw(format!("  {reason}")),
    ]));
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

fn newest_deployment<'a>(view: View<'a>, d: &'a Deployment, lines: &mut Vec<Line<'a>>) {
    let status = d.phase.status();
    lines.push(Line::from(vec![
        Span::styled("deployment     ", view.theme.dim()),
        Span::styled(
            format!("{} {}", view.glyphs.status(&status, Overlay::None), d.label),
            view.theme.status(&status, Overlay::None),
        ),
    ]));
    let optional = [
        ("commit", d.commit.as_ref().map(ToString::to_string)),
        ("message", d.message.as_ref().map(ToString::to_string)),
        ("by", d.by.as_ref().map(ToString::to_string)),
        ("cause", d.cause.as_ref().map(ToString::to_string)),
        ("took", d.duration.map(|took| Long(took).to_string())),
        ("why", d.reason.as_ref().map(ToString::to_string)),
        ("hint", d.hint.as_ref().map(ToString::to_string)),
        (
            "progress",
            Some(bar(view, &d.progress)).filter(|text| !d.phase.is_final() && !text.is_empty()),
        ),
    ];
    for (label, value) in optional {
        lines.extend(value.map(|value| fact(view, label, value)));
    }
    details(view, &d.details, lines);
}

fn about_app<'a>(view: View<'a>, app: &'a App, lines: &mut Vec<Line<'a>>) {
    lines.push(Line::default());
    lines.push(fact(
        view,
        "app",
        app.title.as_ref().unwrap_or(&app.name).to_string(),
    ));
    if !app.badges.is_empty() {
        let badges: Vec<_> = app.badges.iter().map(|b| badge(b).to_string()).collect();
        lines.push(fact(view, "badges", badges.join(", ")));
    }
    details(view, &app.details, lines);
}

fn details<'a>(view: View<'a>, details: &'a [Detail], lines: &mut Vec<Line<'a>>) {
    lines.extend(
        details
            .iter()
            .map(|detail| fact(view, detail.label, words(view, &detail.value))),
    );
}

fn words(view: View<'_>, value: &DetailValue) -> String {
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
