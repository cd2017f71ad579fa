//! What earlier runs did, from the audit into the words of the timeline.

use std::collections::HashSet;
use std::io;
use std::path::Path;

use jiff::Timestamp;

use crate::app::past::{PastEnd, PastOperation};
use crate::app::timeline::MOST;
use crate::model::{IntentId, Text};
use crate::store::audit::{self, Entry, Outcome};

/// The operations of the audit in `dir` that were asked for or ended at `since` or later, newest
/// first, as many as anybody reads.
///
/// # Errors
/// If the audit cannot be read. Without a folder there were no operations.
pub fn past_operations(dir: &Path, since: Timestamp) -> io::Result<Vec<PastOperation>> {
    let entries = audit::read(dir, Some(since))?;
    let newest = entries.into_iter().rev().take(MOST);
    Ok(newest.map(|entry| past(&entry)).collect())
}

/// Without those that this run has taken up or asked for itself: those it follows.
pub(super) fn without(
    list: Vec<PastOperation>,
    taken_up: &HashSet<IntentId>,
    begun_at: Timestamp,
) -> Vec<PastOperation> {
    let taken_up: HashSet<_> = taken_up.iter().map(number).collect();
    let is_past = |it: &PastOperation| it.started_at < begun_at && !taken_up.contains(&it.id);
    list.into_iter().filter(is_past).collect()
}

fn number(id: &IntentId) -> Text {
    Text::clean(&id.0)
}

fn past(entry: &Entry) -> PastOperation {
    PastOperation {
        id: number(&entry.id),
        context: entry.context.name.clone(),
        app: entry.target.app.clone(),
        title: entry.target.title.clone(),
        class: entry.target.class,
        verb: entry.operation.clone(),
        by: entry.by.user.clone(),
        confirmed: entry.confirmed.clone(),
        started_at: entry.at,
        ended_at: entry.end.as_ref().map(|end| end.at),
        end: end(entry),
        words: entry
            .end
            .as_ref()
            .map(|end| end.words.clone())
            .unwrap_or_default(),
        follow: entry.follow.clone(),
    }
}

fn end(entry: &Entry) -> PastEnd {
    match entry.end.as_ref().map(|end| end.outcome) {
        Some(Outcome::Done) => PastEnd::Done,
        Some(Outcome::Partly) => PastEnd::Partly,
        Some(Outcome::Failed) => PastEnd::Failed,
        Some(Outcome::Refused) => PastEnd::Refused,
        Some(Outcome::Accepted) => PastEnd::Accepted,
        None if entry.is_running => PastEnd::Running,
        Some(Outcome::Unresolved | Outcome::Other) | None => PastEnd::Unknown,
    }
}
