//! Environments: those of the selected app, and the deployments of the selected one.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};

use super::apps::{class, release};
use crate::app::age::{Long, Short, since};
use crate::app::loadable::Loadable;
use crate::app::panes::environments::{heading, table_rows};
use crate::app::rows::{Overlay, commits, phase_word, progress_words, status_word};
use crate::app::screen::Pane;
use crate::model::{
    App, Capability, Deployment, Environment, Phase, Query, QueryKey, Scoped, Status,
};
use crate::ui::View;
use crate::ui::sentence::{sentence, wrapped};
use crate::ui::table::{self, Cell, Column, Selection};
use crate::ui::text::{draw_line, fit, width};

const COLUMNS: [Column; 8] = [
    Column::fixed("STATUS", 0),
    Column::text("NAME", 6, 0),
    Column::fixed("CLASS", 3),
    Column::text("RELEASE", 7, 2).yielding(),
    Column::fixed("UNITS", 5),
    Column::fixed("CPU", 8),
    Column::fixed("MEM", 9),
    Column::text("REASON", 8, 4).growing(),
];

/// Draws the pane.
pub(crate) fn draw(view: View<'_>, tabs: bool, area: Rect, buffer: &mut Buffer) {
    let state = view.state;
    let pane = &state.panes.environments;
    let app = state
        .panes
        .apps
        .selected()
        .map_or("", |row| row.name.as_str());
    let title = format!("{} {}", heading(state), pane.rows.len());
    let load = load(view);
    let mut right = super::condition(view, load);
    let selected = state.selected_app();
    let selected = selected.and_then(|app| state.inventory.app(app));
    if right.is_empty() {
        right.push(super::part(app.to_owned(), view.theme.plain()));
    }
    if selected.is_some_and(App::is_pinned) {
        right.push(super::part("PINNED", view.theme.warning()));
    }
    let inside = super::tabbed(view, Pane::Environments, &title, right, tabs, area, buffer);
    let envs: Vec<_> = pane
        .rows
        .iter()
        .filter_map(|id| {
            state
                .inventory
                .fleet(state.selected_app()?.context)?
                .environments
                .get(id)
        })
        .collect();
    if envs.is_empty() {
        sentence(view, &empty(view), inside, buffer);
        return;
    }
    let visible = table_rows(usize::from(inside.height.saturating_sub(1)), envs.len());
    let offset = pane.cursor.offset.min(envs.len() - 1);
    // Where nothing is released, names and reasons need the room.
    let is_released = envs.iter().any(|env| env.release.is_some());
    let rows: Vec<_> = envs
        .iter()
        .skip(offset)
        .take(visible)
        .map(|env| cells(view, env, is_released))
        .collect();
    let focused = state.screen.focus == Pane::Environments;
    let selection = Selection {
        row: pane.cursor.row.checked_sub(offset),
        focused,
    };
    let used = table::draw(view, &COLUMNS, &rows, selection, inside, buffer);
    let below = Rect {
        y: inside.y + used,
        height: inside.height.saturating_sub(used),
        ..inside
    };
    history(view, below, buffer);
}

fn load(view: View<'_>) -> Option<&crate::app::loadable::Load> {
    let app = view.state.selected_app()?;
    let context = view.state.contexts.get(app.context)?;
    let query = if context.lacks(Capability::ListAllEnvironments) {
        Query::Environments(app.id.clone())
    } else {
        Query::AllEnvironments
    };
    view.state.inventory.load(&QueryKey {
        context: context.id,
        query,
    })
}

fn empty(view: View<'_>) -> String {
    let Some(context) = view.state.selected_context() else {
        return "Select an app.".into();
    };
    if let Some(reason) = context.supports(Capability::ListEnvironments).refusal() {
        return format!("{reason}.");
    }
    if let Some(failure) = &context.bad_credential {
        return super::explained(failure);
    }
    let load = load(view);
    if let Some(failure) = load.and_then(|load| load.failure()) {
        return super::explained(failure);
    }
    match load.and_then(|load| load.fetched_at) {
        Some(_) => format!("No {} yet.", context.profile.vocabulary.environment.1),
        None => "Reading…".into(),
    }
}

fn cells<'a>(view: View<'a>, env: &'a Environment, is_released: bool) -> Vec<Cell<'a>> {
    let (theme, glyphs) = (view.theme, view.glyphs);
    let context = view.state.selected_context();
    let overlay = context
        .map(|context| view.state.overlay_of(context))
        .unwrap_or_default();
    let word = fit(status_word(&env.status, overlay), 8, glyphs.ellipsis);
    let id = context.map(|context| Scoped::new(context.id, env.id.clone()));
    let marks = &view.state.marks;
    let is_any = marks.environments().next().is_some();
    let is_marked = id.is_some_and(|id| marks.has_environment(&id));
    let mark = super::apps::mark(view, is_any, is_marked);
    let status = format!("{mark}{} {word}", glyphs.status(&env.status, overlay));
    let percent = |value: Option<f32>| value.map_or(String::new(), |value| format!("{value:.0} %"));
    let progress = env
        .progress
        .as_ref()
        .map(progress_words)
        .filter(|words| !words.is_empty());
    let pending = env
        .pending
        .commits
        .filter(|n| *n > 0)
        .map(|n| format!("{} to deploy", commits(n)));
    let changes = env
        .pending
        .changes
        .then(|| "configuration to deploy".to_owned());
    let reason = progress
        .or_else(|| env.reason.as_ref().map(ToString::to_string))
        .or(pending)
        .or(changes)
        .unwrap_or_default();
    vec![
        Cell::new(status, theme.status(&env.status, overlay)),
        Cell::new(fit(env.name.as_str(), 24, glyphs.ellipsis), theme.plain()),
        class(
            view,
            context.and_then(|context| view.state.class_of(context.id, env)),
        ),
        if is_released {
            release(view, env.release.as_ref())
        } else {
            Cell::new("", theme.plain())
        },
        Cell::new(
            env.units
                .map_or(String::new(), |u| format!("{}/{}", u.ready, u.wanted)),
            theme.plain(),
        ),
        Cell::new(percent(env.cpu_percent), theme.plain()),
        Cell::new(percent(env.memory_percent), theme.plain()),
        Cell::new(reason, theme.plain()),
    ]
}

/// Deployments of the selected environment, newest first, as far as there is room.
fn history(view: View<'_>, area: Rect, buffer: &mut Buffer) {
    let (Some(env), Some(id)) = (view.state.selected_environment(), view.state.selected_env())
    else {
        return;
    };
    if area.height < 2 {
        return;
    }
    let deployments = view.state.inventory.deployments_of(&id);
    let mut lines = vec![Line::default()];
    if let Some(failure) = deployments.and_then(|known| known.load.failure()) {
        let text = format!(" deployments: {}", failure.headline());
        lines.push(Line::from(Span::styled(text, view.theme.bad())));
    }
    let footer = facts(view, env);
    let columns = usize::from(area.width).saturating_sub(2);
    let note = note(view, columns);
    let room = usize::from(area.height).saturating_sub(lines.len() + footer.len() + 1);
    let room = room.saturating_sub(note.len());
    lines.extend(list(view, deployments, room.max(1), columns));
    lines.extend(note);
    lines.push(Line::default());
    lines.extend(footer);
    for (y, line) in (area.y..area.bottom()).zip(lines) {
        draw_line(&line, (area.x, y), area.width, view.glyphs.ellipsis, buffer);
    }
}

fn list<'a>(
    view: View<'a>,
    known: Option<&'a Loadable<Vec<Deployment>>>,
    room: usize,
    columns: usize,
) -> Vec<Line<'a>> {
    if let Some(reason) = refusal(view) {
        return said(view, &format!("{reason}."), columns);
    }
    let Some(list) = known.and_then(|known| known.value.as_ref()) else {
        return vec![Line::from(Span::styled(
            " reading the deployments",
            view.theme.dim(),
        ))];
    };
    if list.is_empty() {
        return vec![Line::from(Span::styled(
            " No deployments yet. D deploys.",
            view.theme.dim(),
        ))];
    }
    let last_good = list
        .iter()
        .position(|d| d.phase.status() == Status::Live && !d.is_current);
    let first_fails = list.first().is_some_and(|d| d.phase == Phase::Failed);
    let good = last_good
        .filter(|_| first_fails)
        .or_else(|| list.iter().position(|d| d.is_current));
    let shown = || list.iter().take(room);
    let longest = |text: fn(&Deployment) -> usize, most: usize| {
        shown().map(text).max().unwrap_or(0).min(most)
    };
    let widths = Widths {
        label: longest(|d| width(d.label.as_str()), 12),
        by: longest(|d| d.by.as_ref().map_or(0, |by| width(by.as_str()) + 2), 10),
        took: longest(|d| d.duration.map_or(0, |_| TOOK), TOOK),
    };
    shown()
        .enumerate()
        .map(|(i, deployment)| deployment_line(view, deployment, widths, good == Some(i)))
        .collect()
}

/// Why there is no list of deployments.
fn refusal(view: View<'_>) -> Option<&'static str> {
    let context = view.state.selected_context()?;
    context.supports(Capability::ListDeployments).refusal()
}

/// What is to be known of a list that is not whole.
fn note(view: View<'_>, columns: usize) -> Vec<Line<'_>> {
    let context = view.state.selected_context();
    let note = context.and_then(|context| context.profile.deployments_note);
    let note = note.filter(|_| refusal(view).is_none());
    note.map_or_else(Vec::new, |note| said(view, &format!("({note})"), columns))
}

fn said<'a>(view: View<'a>, text: &str, columns: usize) -> Vec<Line<'a>> {
    let rows = wrapped(view, text, columns).into_iter();
    rows.map(|row| Line::from(Span::styled(format!(" {row}"), view.theme.dim())))
        .collect()
}

/// Columns of the list of deployments.
#[derive(Clone, Copy)]
struct Widths {
    label: usize,
    by: usize,
    took: usize,
}

/// Columns that say how long a deployment took: none, if it is known of none.
const TOOK: usize = 7;

fn deployment_line<'a>(
    view: View<'a>,
    d: &'a Deployment,
    widths: Widths,
    is_last_good: bool,
) -> Line<'a> {
    let status = d.phase.status();
    let word = phase_word(d);
    // What was replaced is history: its glyph is that of things that do not run.
    let shown = if word == "replaced" {
        Status::Stopped
    } else {
        status
    };
    let when = d
        .started_at
        .or(d.ended_at)
        .map(|at| Short(since(at, view.state.now)).to_string());
    let took = d
        .duration
        .map(|took| Long(took).to_string())
        .unwrap_or_default();
    let by = d.by.as_ref().map(ToString::to_string).unwrap_or_default();
    let progress = if d.phase.is_final() {
        String::new()
    } else {
        progress_words(&d.progress)
    };
    let why = d
        .reason
        .as_ref()
        .or(d.message.as_ref())
        .map(ToString::to_string)
        .unwrap_or_default();
    let Widths {
        label,
        by: by_width,
        took: took_width,
    } = widths;
    let gap = if took_width > 0 { "  " } else { "" };
    let label_text = fit(d.label.as_str(), label, view.glyphs.ellipsis);
    let by = fit(&by, by_width.saturating_sub(2), view.glyphs.ellipsis);
    let when = when.unwrap_or_default();
    let mut spans = vec![
        Span::raw(format!(" {label_text:label$} ")),
        Span::styled(
            format!("{} {word:9}", view.glyphs.status(&shown, Overlay::None)),
            view.theme.status(&shown, Overlay::None),
        ),
        Span::styled(
            format!("{when:>4}  {by:by_width$}{took:>took_width$}{gap}"),
            view.theme.dim(),
        ),
    ];
    if is_last_good {
        spans.push(Span::styled(
            format!("{} good  ", view.glyphs.current),
            view.theme.good(),
        ));
    }
    spans.push(Span::raw(
        [progress, why]
            .into_iter()
            .filter(|t| !t.is_empty())
            .collect::<Vec<_>>()
            .join("  "),
    ));
    Line::from(spans)
}

/// Address, branch, what waits.
fn facts<'a>(view: View<'a>, env: &'a Environment) -> Vec<Line<'a>> {
    let fact = |label: &'static str, value: String| {
        Line::from(vec![
            Span::styled(format!(" {label:8}"), view.theme.dim()),
            Span::raw(value),
        ])
    };
    let mut lines = Vec::new();
    if let Some(url) = &env.url {
        lines.push(fact("url", url.to_string()));
    }
    if let Some(branch) = &env.branch {
        let commits = env
            .pending
            .commits
            .filter(|n| *n > 0)
            .map(|n| format!(", {} to deploy", commits(n)));
        lines.push(fact(
            "branch",
            format!("{branch}{}", commits.unwrap_or_default()),
        ));
    }
    lines
}
