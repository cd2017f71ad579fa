//! Operations: what flightdeck was asked to do in this run, newest first; one of them in full.

use super::Motion;
use crate::app::age::{Long, since};
use crate::app::batch::StepState;
use crate::app::cursor::Cursor;
use crate::app::operations::Entry;
use crate::app::screen::Pane;
use crate::app::state::State;
use crate::app::wrap::wrapped;
use crate::model::catalogue::{self, Value};
use crate::model::{Class, Follow, OperationTicket, Stage, Text, Verdict};

/// What a row is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Row {
    /// An operation that was sent.
    Operation(OperationTicket),
    /// A step of a batch that was not: batch and step.
    Step(u64, usize),
}

/// What the view holds.
#[derive(Clone, Debug, Default)]
pub struct OperationsPane {
    /// What of the current batch has not begun, in its order; then the operations, newest first.
    pub rows: Vec<Row>,
    /// The selection.
    pub cursor: Cursor<Row>,
    /// Whether the selected one is shown in full below the list; then keys scroll that.
    pub is_open: bool,
    /// The first line of it in sight. The end is followed while it is past the last.
    pub offset: usize,
    /// Until the user moves it, the selection stays on the newest.
    has_chosen: bool,
}

/// How many rows the list gets of those in the pane; a rule and the lines of the selected one take
/// the rest while it is open.
#[must_use]
pub fn list_rows(rows_in_pane: usize, operations: usize, is_open: bool) -> usize {
    if is_open {
        operations.clamp(1, (rows_in_pane / 3).max(1))
    } else {
        rows_in_pane
    }
}

/// A line of an operation shown in full.
#[derive(Clone, Debug, PartialEq)]
pub enum Line<'a> {
    /// A label and what belongs to it.
    Fact(&'static str, String),
    /// Something to do next, and whether this is where it begins.
    Step(String, bool),
    /// A heading.
    Heading(String),
    /// A line of output.
    Output(&'a Text),
}

/// How many lines an operation has in full.
#[must_use]
pub fn line_count(state: &State, entry: &Entry) -> usize {
    head(state, entry).len() + entry.output.len()
}

/// So many lines of an operation, from `offset` on.
#[must_use]
pub fn lines<'a>(state: &State, entry: &'a Entry, offset: usize, count: usize) -> Vec<Line<'a>> {
    let head = head(state, entry);
    let before = head.len();
    let output = offset.saturating_sub(before)..entry.output.len();
    let output = output.filter_map(|at| entry.output.line(at).map(Line::Output));
    head.into_iter()
        .skip(offset)
        .chain(output)
        .take(count)
        .collect()
}

/// Everything but the output.
fn head<'a>(state: &State, entry: &'a Entry) -> Vec<Line<'a>> {
    let mut lines: Vec<_> = facts(state, entry)
        .into_iter()
        .flat_map(|(label, text)| folded(state, label, &text))
        .collect();
    if !entry.next_steps.is_empty() {
        lines.push(Line::Heading("To do next".into()));
        let steps = entry.next_steps.iter();
        lines.extend(steps.flat_map(|step| step_lines(state, step)));
    }
    if !entry.output.is_empty() {
        let dropped = match entry.output.dropped() {
            0 => String::new(),
            n => format!(", {n} earlier ones dropped"),
        };
        let count = entry.output.len();
        lines.push(Line::Heading(format!("Output, {count} lines{dropped}")));
    }
    lines
}

/// So many columns the frame, the label and the gaps around it take.
const BESIDE: usize = 20;
/// So many the frame and the mark of a step take.
const BESIDE_STEP: usize = 8;

/// A fact in as many lines as it takes: why something failed must be read to its end.
fn folded<'a>(state: &State, label: &'static str, text: &str) -> Vec<Line<'a>> {
    let mut rows = wrapped(text, room(state, BESIDE)).into_iter();
    // What has a label has a line, if an empty one.
    let first = (label, rows.next().unwrap_or_default());
    let all = [first].into_iter().chain(rows.map(|row| ("", row)));
    all.map(|(label, row)| Line::Fact(label, row.to_owned()))
        .collect()
}

/// What is to be done next is done by what it says to the end: a DNS record, a command.
fn step_lines<'a>(state: &State, step: &Text) -> Vec<Line<'a>> {
    let rows = wrapped(step.as_str(), room(state, BESIDE_STEP)).into_iter();
    let rows = rows.enumerate();
    rows.map(|(at, row)| Line::Step(row.to_owned(), at == 0))
        .collect()
}

fn room(state: &State, beside: usize) -> usize {
    let width = usize::from(state.screen.size.width);
    width.saturating_sub(beside).max(BESIDE)
}

/// What is known of an operation, as label and text. Secrets are not in it.
#[must_use]
pub fn facts(state: &State, entry: &Entry) -> Vec<(&'static str, String)> {
    let target = &entry.operation.target;
    let context = state.contexts.get(target.context);
    let time = |at| {
        let time = state.zone.to_datetime(at);
        format!("{} {}", time.date(), time.time().strftime("%H:%M:%S"))
    };
    let took = entry
        .ended_at
        .map(|end| Long(since(entry.started_at, end)).to_string());
    let optional = [
        ("context", context.map(|context| context.name.to_string())),
        (
            "target",
            Some(target.title.to_string()).filter(|it| !it.is_empty()),
        ),
        ("class", target.class.map(Class::word).map(str::to_owned)),
        ("asked at", Some(time(entry.started_at))),
        ("ended at", entry.ended_at.map(time)),
        ("took", took),
        ("why", why(&entry.stage)),
        ("what to do", remedy(&entry.stage)),
        ("follows", entry.follow.as_ref().and_then(followed)),
        ("note", entry.note.as_ref().map(Text::to_string)),
    ];
    let known = optional.into_iter();
    let mut facts: Vec<_> = known
        .filter_map(|(label, text)| Some((label, text?)))
        .collect();
    facts.extend(inputs(entry));
    facts
}

/// Why it did not end as wished, in full.
fn why(stage: &Stage) -> Option<String> {
    match stage {
        Stage::Ended(Verdict::Failed(why) | Verdict::Partly(why)) | Stage::Unresolved(why) => {
            Some(why.to_string())
        }
        Stage::Refused(failure) => Some(failure.headline()),
        Stage::Ended(Verdict::Done(_)) | Stage::Sending | Stage::Running(_) | Stage::Unknown(_) => {
            None
        }
    }
}

/// What may help after a refusal.
fn remedy(stage: &Stage) -> Option<String> {
    match stage {
        Stage::Refused(failure) => Some(failure.advice()),
        Stage::Ended(_)
        | Stage::Sending
        | Stage::Running(_)
        | Stage::Unknown(_)
        | Stage::Unresolved(_) => None,
    }
}

/// What was answered to its fields.
fn inputs(entry: &Entry) -> Vec<(&'static str, String)> {
    let inputs = catalogue::inputs_of(&entry.operation.kind);
    let inputs = inputs.iter();
    inputs.map(|(field, value)| (field, said(value))).collect()
}

fn said(value: &Value) -> String {
    // Any of the values may be a secret.
    if let Value::Pairs(pairs) = value {
        let names: Vec<_> = pairs.iter().map(|(name, _)| name.as_str()).collect();
        return Text::clean(&names.join(", ")).to_string();
    }
    value.words().to_string()
}

/// `deployment 3f2c1ab`; a task in an adapter's own notation tells nobody anything.
fn followed(follow: &Follow) -> Option<String> {
    let words = match follow {
        Follow::Deployment(id) => format!("deployment {}", id.to_text()),
        Follow::Backup(id) => format!("backup {}", id.to_text()),
        Follow::Restore(id) => format!("restore {}", id.to_text()),
        Follow::Download(id) => format!("download {}", id.to_text()),
        Follow::Task(task) if task.as_str().starts_with('{') => return None,
        Follow::Task(task) => format!("task {task}"),
    };
    Some(words)
}

/// The selected operation.
#[must_use]
pub fn selected(state: &State) -> Option<&Entry> {
    match state.panes.operations.cursor.selected? {
        Row::Operation(ticket) => state.operations.get(ticket),
        Row::Step(..) => None,
    }
}

/// The steps of the current batch that were not sent.
fn steps(state: &State) -> impl Iterator<Item = Row> {
    let batch = state.batches.current().into_iter();
    batch.flat_map(|batch| {
        let steps = batch.steps.iter().enumerate();
        let unsent = steps
            .filter(|(_, step)| matches!(step.state, StepState::Waiting | StepState::Barred(_)));
        unsent.map(|(at, _)| Row::Step(batch.number, at))
    })
}

/// Builds the rows anew.
pub(super) fn derive(state: &mut State) {
    let operations = state.operations.newest_first();
    let operations = operations.map(|entry| Row::Operation(entry.ticket));
    let rows: Vec<_> = steps(state).chain(operations).collect();
    let in_pane = state.layout().rows(Pane::Operations);
    let pane = &mut state.panes.operations;
    pane.is_open &= rows
        .iter()
        .any(|row| matches!(row, Row::Operation(_)) && Some(*row) == pane.cursor.selected);
    let visible = list_rows(in_pane, rows.len(), pane.is_open);
    pane.rows = rows;
    let (len, id) = (pane.rows.len(), |row: usize| pane.rows.get(row).copied());
    if pane.has_chosen {
        pane.cursor.settle(len, visible, id);
    } else {
        pane.cursor.go(0, len, visible, id);
    }
}

pub(super) fn motion(state: &mut State, motion: Motion) {
    let in_pane = state.layout().rows(Pane::Operations);
    if state.panes.operations.is_open {
        return scroll(state, motion, in_pane);
    }
    let pane = &mut state.panes.operations;
    let (len, id) = (pane.rows.len(), |row: usize| pane.rows.get(row).copied());
    pane.has_chosen = true;
    motion.apply(&mut pane.cursor, len, in_pane, id);
}

/// How many lines of the selected operation are in sight.
#[must_use]
pub fn detail_rows(in_pane: usize, operations: usize) -> usize {
    // A rule stands between.
    in_pane.saturating_sub(list_rows(in_pane, operations, true) + 1)
}

fn scroll(state: &mut State, motion: Motion, in_pane: usize) {
    let lines = selected(state).map_or(0, |entry| line_count(state, entry));
    let pane = &mut state.panes.operations;
    let most = lines.saturating_sub(detail_rows(in_pane, pane.rows.len()));
    let here = pane.offset.min(most);
    pane.offset = match motion {
        Motion::By(delta) => here.saturating_add_signed(delta).min(most),
        Motion::Top => 0,
        // What is yet to be written is followed.
        Motion::Bottom => usize::MAX,
    };
}

/// What Enter does: shows the selected one in full, or no more.
pub(in crate::app) fn open(state: &mut State) {
    let has_more = selected(state).is_some();
    let pane = &mut state.panes.operations;
    pane.is_open = !pane.is_open && has_more;
    pane.offset = 0;
    pane.has_chosen = true;
    state.room_is_old = true;
}
