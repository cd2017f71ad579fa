//! Which lists of backups are read next while all of them are in sight: a few at a time, slowly,
//! so that the limit is left to whatever else is looked at.

use std::time::Duration;

use jiff::Timestamp;

use super::contexts::Context;
use super::loadable::Load;
use super::screen::Pane;
use super::state::State;
use crate::model::{Capability, EnvId, Query, QueryKey, Scoped};

/// A list is read again after this long, unless something in it changes.
const EVERY: Duration = Duration::from_mins(10);
/// So many of a context are read at once.
const AT_ONCE: usize = 2;
/// So many that change are watched at once.
const WATCHED: usize = 8;

/// Lists of backups that may be read now, each with its interval, and when the next may.
#[derive(Debug, Default)]
pub(super) struct SlowReads {
    /// What to read, and how often.
    pub(super) wanted: Vec<(QueryKey, Duration)>,
    /// When there may be more.
    pub(super) next_at: Option<Timestamp>,
}

/// What is to be read for the view of all backups; nothing while that is out of sight.
pub(super) fn slow_reads(state: &State) -> SlowReads {
    let mut reads = SlowReads::default();
    if state.screen.focus == Pane::BackupFleet {
        let contexts = state.contexts.iter();
        contexts
            .filter(|context| {
                context.bad_credential.is_none() && !context.lacks(Capability::ListBackups)
            })
            .for_each(|context| of_context(state, context, &mut reads));
    }
    reads
}

fn of_context(state: &State, context: &Context, reads: &mut SlowReads) {
    let Some(fleet) = state.inventory.fleet(context.id) else {
        return;
    };
    let mut under_way = 0;
    let mut last_tried = None;
    let mut watched = 0;
    let mut first_due: Option<(Timestamp, &EnvId)> = None;
    for env in fleet.environments.keys() {
        let load = state.inventory.load(&key(context, env));
        under_way += usize::from(load.is_some_and(Load::is_loading));
        last_tried = last_tried.max(load.and_then(Load::tried_at));
        if watched < WATCHED && is_working(state, context, env) {
            watched += 1;
            let every = context.profile.poll.backup_running;
            reads.wanted.push((key(context, env), every));
            continue;
        }
        let due = load.map_or(Some(Timestamp::MIN), |load| load.due_at(EVERY));
        let due = due.map(|at| (at, env));
        // The first of equals: in the platform's order.
        if let Some(due) = due.filter(|due| first_due.is_none_or(|first| due.0 < first.0)) {
            first_due = Some(due);
        }
    }
    let Some((due, env)) = first_due.filter(|_| under_way < AT_ONCE) else {
        return;
    };
    let rested = last_tried.and_then(|at| at.saturating_add(pause(context)).ok());
    let at = rested.map_or(due, |rested| rested.max(due));
    if at <= state.now {
        reads.wanted.push((key(context, env), EVERY));
    } else {
        reads.next_at = Some(reads.next_at.map_or(at, |known| known.min(at)));
    }
}

/// Half of what the platform allows is left to everything else.
fn pause(context: &Context) -> Duration {
    Duration::from_mins(2) / context.profile.rate.per_minute.max(1)
}

fn key(context: &Context, env: &EnvId) -> QueryKey {
    QueryKey {
        context: context.id,
        query: Query::Backups(env.clone()),
    }
}

fn is_working(state: &State, context: &Context, env: &EnvId) -> bool {
    let id = Scoped::new(context.id, env.clone());
    let known = state.inventory.backup_summaries.get(&id);
    known.is_some_and(super::inventory::BackupSummary::is_working)
}
