//! Operations: what flightdeck was asked to do in this run; one of them in full.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::text::{Line as Drawn, Span};

use super::activity::{class_cell, clock};
use super::{Part, View, part};
use crate::app::age::{Elapsed, Long, since};
use crate::app::batch::{Batch, Step, StepState};
use crate::app::operations::Entry;
use crate::app::panes::operations::{Line, Row, line_count, lines, list_rows, selected};
use crate::app::rows::Overlay;
use crate::app::timeline::stage_words;
use crate::model::Stage;
use crate::ui::chrome::bar;
use crate::ui::sentence::sentence;
use crate::ui::table::{self, Cell, Column, Selection};
use crate::ui::text::{count, draw_line};

const COLUMNS: [Column; 8] = [
    Column::fixed("STAGE", 0),
    Column::fixed("VERB", 0),
    Column::text("TARGET", 8, 0),
    Column::fixed("CLASS", 5),
    Column::text("CONTEXT", 6, 4),
    Column::fixed("STARTED", 3),
    Column::number("TOOK", 2),
    Column::text("PROGRESS", 8, 1).growing(),
];

/// Draws the view.
pub(crate) fn draw(view: View<'_>, area: Rect, buffer: &mut Buffer) {
    let pane = &view.state.panes.operations;
    let title = format!("Operations {}", count(pane.rows.len()));
    let inside = super::frame(view, &title, right(view), true, area, buffer);
    if pane.rows.is_empty() {
        sentence(view, &empty(view), inside, buffer);
        return;
    }
    let in_pane = usize::from(inside.height.saturating_sub(1));
    let visible = list_rows(in_pane, pane.rows.len(), pane.is_open);
    let upper = u16::try_from(visible + 1).unwrap_or(u16::MAX);
    let list = Rect {
        height: inside.height.min(upper),
        ..inside
    };
    let offset = pane.cursor.offset.min(pane.rows.len() - 1);
    let entries = pane.rows.iter().skip(offset).take(visible);
    let rows: Vec<_> = entries
        .filter_map(|row| match row {
            Row::Operation(ticket) => Some(cells(view, view.state.operations.get(*ticket)?)),
            Row::Step(batch, step) => {
                let (batch, step) = view.state.batches.step(*batch, *step)?;
                Some(step_cells(view, batch, step))
            }
        })
        .collect();
    let selection = Selection {
        row: pane.cursor.row.checked_sub(offset),
        focused: !pane.is_open,
    };
    table::draw(view, &COLUMNS, &rows, selection, list, buffer);
    if let Some(entry) = selected(view.state).filter(|_| pane.is_open) {
        let rest = Rect {
            y: list.bottom(),
            height: inside.height - list.height,
            ..inside
        };
        in_full(view, entry, rest, buffer);
    }
}

fn right(view: View<'_>) -> Vec<Part<'_>> {
    let running = view.state.operations.running().count();
    let running =
        (running > 0).then(|| part(format!("{running} under way"), view.theme.changing()));
    let batch = view
        .state
        .batches
        .current()
        .map(|batch| summary(view, batch));
    [batch, running].into_iter().flatten().collect()
}

/// How far a batch is: `deploy 7 targets: 3 of 7 done, stopped`.
fn summary<'a>(view: View<'a>, batch: &Batch) -> Part<'a> {
    let (done, all) = batch.progress();
    let (end, style) = match (batch.is_over(), done == all) {
        (true, false) => (", stopped", view.theme.bad()),
        (true, true) => ("", view.theme.good()),
        (false, _) => ("", view.theme.changing()),
    };
    part(format!("{}: {done} of {all} done{end}", batch.title), style)
}

/// A step of a batch that was not sent.
fn step_cells<'a>(view: View<'a>, batch: &Batch, step: &'a Step) -> Vec<Cell<'a>> {
    let (theme, glyphs) = (view.theme, view.glyphs);
    let target = &step.operation.target;
    let context = view.state.contexts.get(target.context);
    let why = match (&step.state, batch.is_stopped) {
        (StepState::Barred(why), _) => format!("not begun: {why}"),
        (_, true) => "not begun: the batch was stopped".to_owned(),
        (_, false) => "begins when those before it end well".to_owned(),
    };
    vec![
        Cell::new(format!("{} WAIT", glyphs.stopped), theme.dim()),
        Cell::new(step.operation.kind.verb(), theme.plain()),
        Cell::new(target.title.as_str(), theme.plain()),
        class_cell(view, target.class),
        Cell::new(
            context.map_or("", |context| context.name.as_str()),
            theme.plain(),
        ),
        Cell::new(glyphs.none, theme.dim()),
        Cell::new("", theme.dim()),
        Cell::new(why, theme.plain()),
    ]
}

fn empty(view: View<'_>) -> String {
    let earlier = match view.state.past.len() {
        0 => String::new(),
        1 => " One of an earlier run is in Activity (6).".to_owned(),
        n => format!(" {n} of earlier runs are in Activity (6)."),
    };
    let begun = clock(view, view.state.begun_at, true);
    format!(
        "Nothing was asked for since {begun}. On the dashboard D deploys, B takes a backup.{earlier}"
    )
}

fn cells<'a>(view: View<'a>, entry: &'a Entry) -> Vec<Cell<'a>> {
    let (theme, glyphs) = (view.theme, view.glyphs);
    let target = &entry.operation.target;
    let context = view.state.contexts.get(target.context);
    let (status, word, said) = stage_words(&entry.stage);
    let glyph = glyphs.status(&status, Overlay::None);
    let took = match entry.ended_at {
        Some(end) => Long(since(entry.started_at, end)).to_string(),
        None => Elapsed(since(entry.started_at, view.state.now)).to_string(),
    };
    let progress = match &entry.stage {
        Stage::Running(progress) => bar(view, progress),
        Stage::Sending
        | Stage::Ended(_)
        | Stage::Refused(_)
        | Stage::Unknown(_)
        | Stage::Unresolved(_) => said.unwrap_or_default(),
    };
    let note = entry.note.as_ref().map(ToString::to_string);
    let steps = match entry.next_steps.len() {
        0 => None,
        1 => Some("1 step to do next".to_owned()),
        n => Some(format!("{n} steps to do next")),
    };
    let outcome: Vec<_> = [Some(progress).filter(|it| !it.is_empty()), steps, note]
        .into_iter()
        .flatten()
        .collect();
    vec![
        Cell::new(
            format!("{glyph} {word}"),
            theme.status(&status, Overlay::None),
        ),
        Cell::new(entry.operation.kind.verb(), theme.plain()),
        Cell::new(target.title.as_str(), theme.plain()),
        class_cell(view, target.class),
        Cell::new(
            context.map_or("", |context| context.name.as_str()),
            theme.plain(),
        ),
        Cell::new(clock(view, entry.started_at, false), theme.dim()),
        Cell::new(took, theme.plain()),
        Cell::new(outcome.join("; "), theme.plain()),
    ]
}

/// A rule with the name of the operation, and its lines.
fn in_full(view: View<'_>, entry: &Entry, area: Rect, buffer: &mut Buffer) {
    if area.is_empty() {
        return;
    }
    let all = line_count(view.state, entry);
    let room = usize::from(area.height.saturating_sub(1));
    let offset = view
        .state
        .panes
        .operations
        .offset
        .min(all.saturating_sub(room));
    let below = all.saturating_sub(offset + room);
    let place = if below == 0 {
        String::new()
    } else {
        format!("  {} more lines", count(below))
    };
    let rule = Drawn::from(vec![
        Span::styled(format!(" {} ", view.glyphs.rule), view.theme.dim()),
        Span::styled(
            format!(
                "{} {}",
                entry.operation.kind.verb(),
                entry.operation.target.title
            ),
            view.theme.title(true),
        ),
        Span::styled(place, view.theme.dim()),
    ]);
    let ellipsis = view.glyphs.ellipsis;
    draw_line(&rule, (area.x, area.y), area.width, ellipsis, buffer);
    let shown = lines(view.state, entry, offset, room);
    for (y, line) in (area.y + 1..area.bottom()).zip(shown) {
        let line = drawn(view, line);
        draw_line(&line, (area.x, y), area.width, ellipsis, buffer);
    }
}

fn drawn<'a>(view: View<'a>, line: Line<'a>) -> Drawn<'a> {
    match line {
        Line::Fact(label, text) => Drawn::from(vec![
            Span::styled(format!("   {label:<12}"), view.theme.dim()),
            Span::raw(format!(" {text}")),
        ]),
        Line::Step(text, begins) => {
            let mark = if begins { view.glyphs.selected } else { " " };
            Drawn::from(vec![
                Span::styled(format!("   {mark} "), view.theme.accent()),
                Span::raw(text),
            ])
        }
        Line::Heading(text) => Drawn::from(Span::styled(format!("   {text}"), view.theme.column())),
        Line::Output(text) => Drawn::from(vec![Span::raw("   "), Span::raw(text.as_str())]),
    }
}
