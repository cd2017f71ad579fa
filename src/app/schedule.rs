//! What is due, decided purely: from what is visible, what is in progress, ages and failures.
//! Whether it may go now is the engine's business.

use std::time::Duration;

use jiff::Timestamp;
use jiff::civil::DateTime;

use super::contexts::Context;
use super::panes;
use super::screen::{Overlay, Pane};
use super::slow_reads::slow_reads;
use super::state::State;
use super::watch;
use crate::model::{Capability, ContextId, Fetch, OperationKind, Priority, Query, QueryKey};

/// Reads for a selection wait until it has rested this long: moving through a list of apps asks
/// for nothing on the way.
pub(super) const REST: Duration = Duration::from_millis(200);
/// Contexts that are read at the same interval fire this far apart, within a quarter of it: with
/// many contexts the last must not be late by that alone.
const SPREAD: Duration = Duration::from_millis(300);
/// Names of schedules hardly ever change.
const PLANS: Duration = Duration::from_hours(1);
/// How many environments of an app have their backups read.
const MAX_BACKUP_LISTS: usize = 6;

struct Want {
    key: QueryKey,
    every: Duration,
    priority: Priority,
}

impl Want {
    /// Of what is in sight.
    fn visible(context: ContextId, query: Query, every: Duration) -> Self {
        Self {
            key: QueryKey { context, query },
            every,
            priority: Priority::Visible,
        }
    }
}

/// Reads that are due now; their tickets are issued and their loads are marked.
pub(super) fn due(state: &mut State) -> Vec<Fetch> {
    if state.is_paused {
        return Vec::new();
    }
    let now = state.now;
    let wanted = wanted(state);
    let mut fetches = Vec::new();
    for Want {
        key,
        every,
        priority,
    } in wanted
    {
        let Some(load) = state.inventory.load_mut(&key) else {
            continue;
        };
        if load.due_at(every).is_some_and(|at| at <= now) {
            load.begin(now);
            let ticket = state.tickets.issue(key.clone());
            fetches.push(Fetch {
                key,
                ticket,
                priority,
            });
        }
    }
    fetches
}

/// The earliest moment at which a read is due or the picture changes by itself; absent when
/// nothing ever will.
#[must_use]
pub fn next_wakeup(state: &State) -> Option<Timestamp> {
    // What a log is looked through for goes on at once, a slice at a time.
    let behind = panes::logs::is_behind(state).then_some(state.now);
    [behind, next_read(state), next_picture(state)]
        .into_iter()
        .flatten()
        .min()
}

fn next_read(state: &State) -> Option<Timestamp> {
    if state.is_paused {
        return None;
    }
    let rest = state
        .selected_at
        .saturating_add(REST)
        .ok()
        .filter(|at| *at > state.now);
    let reads = wanted(state).into_iter().filter_map(|want| {
        let load = state.inventory.load(&want.key);
        load.map_or(Some(state.now), |load| load.due_at(want.every))
    });
    reads.chain(rest).chain(slow_reads(state).next_at).min()
}

fn next_picture(state: &State) -> Option<Timestamp> {
    let second = next_second(state.now);
    let counts_seconds = panes::logs::counts_seconds(state)
        || state.operations.running().next().is_some()
        || watch::counts_seconds(state)
        || state.contexts.iter().any(|context| {
            context.retry_at.is_some_and(|at| at > state.now) || context.unlocked_until.is_some()
        });
    let ages = state.contexts.iter().filter_map(|context| {
        let every = context.interval().max(state.interval_of(context));
        state
            .age_of(context)
            .changes_at(state.fetched_at(context), every, state.now)
    });
    let armed = match &state.screen.overlay {
        Some(Overlay::Confirm(confirm)) => Some(confirm.armed_at).filter(|at| *at > state.now),
        Some(
            Overlay::Help(_)
            | Overlay::Menu(_)
            | Overlay::Palette(_)
            | Overlay::Form(_)
            | Overlay::Copy(_)
            | Overlay::Choose(_)
            | Overlay::Sources(_)
            | Overlay::Unlock(_)
            | Overlay::Variables(_)
            | Overlay::Quit,
        )
        | None => None,
    };
    ages.chain(second.filter(|_| counts_seconds))
        .chain(armed)
        .chain(state.notices.next_change(state.now))
        .chain(next_minute(state))
        .chain(state.watches.next_change(state.now))
        .chain(panes::filled_at(state))
        .chain(panes::logs::merges_at(state))
        .chain(panes::variables::changes_at(state))
        .min()
}

/// A full second of the clock, not a second from now: what happens meanwhile must not put it off.
fn next_second(now: Timestamp) -> Option<Timestamp> {
    Timestamp::from_second(
        now.as_nanosecond()
            .div_euclid(1_000_000_000)
            .try_into()
            .ok()?,
    )
    .ok()?
    .saturating_add(Duration::from_secs(1))
    .ok()
}

/// The clock in the header shows minutes.
fn next_minute(state: &State) -> Option<Timestamp> {
    let shown: DateTime = state.zone.to_datetime(state.now);
    let past = Duration::from_secs(u64::try_from(shown.second()).ok()?)
        + Duration::from_nanos(u64::try_from(shown.subsec_nanosecond()).ok()?);
    state
        .now
        .saturating_add(Duration::from_mins(1).checked_sub(past)?)
        .ok()
}

fn wanted(state: &State) -> Vec<Want> {
    let mut wants = Vec::new();
    for context in state
        .contexts
        .iter()
        .filter(|context| context.bad_credential.is_none())
    {
        lists(state, context, &mut wants);
    }
    let has_rested = state
        .selected_at
        .saturating_add(REST)
        .is_ok_and(|rested| rested <= state.now);
    if has_rested {
        selection(state, &mut wants);
        variables(state, &mut wants);
    }
    watched(state, &mut wants);
    followed(state, &mut wants);
    view(state, has_rested, &mut wants);
    form(state, &mut wants);
    wants
}

/// What tells of a release that is watched is read as if it were in sight.
fn watched(state: &State, wants: &mut Vec<Want>) {
    for watch in state.watches.iter().filter(|watch| watch.is_running()) {
        let context = state.contexts.get(watch.env.context);
        let Some(context) = context.filter(|it| it.bad_credential.is_none()) else {
            continue;
        };
        let hints = &context.profile.poll;
        let mut want = |query: Query, every| {
            if !context.lacks(query.capability()) {
                wants.push(Want::visible(context.id, query, every));
            }
        };
        let scope = context.profile.deployments_of(&watch.app, &watch.env.id);
        want(Query::Deployments(scope), hints.running);
        if context.lacks(Capability::ListAllEnvironments) {
            want(Query::Environments(watch.app.clone()), hints.changing);
        }
    }
}

/// What only a view shows.
fn view(state: &State, has_rested: bool, wants: &mut Vec<Want>) {
    if state.screen.focus == Pane::Activity {
        let trails = panes::activity::trails(state).into_iter();
        let trails = trails.filter(|(_, of_selection)| has_rested || !of_selection);
        wants.extend(trails.filter_map(|(key, of_selection)| {
            let hints = &state.contexts.get(key.context)?.profile.poll;
            let every = if of_selection {
                hints.history
            } else {
                hints.slow
            };
            Some(Want {
                key,
                every,
                priority: Priority::Visible,
            })
        }));
    }
    if state.screen.focus == Pane::Parts && has_rested {
        parts(state, wants);
    }
    let slowly = slow_reads(state).wanted.into_iter();
    wants.extend(slowly.map(|(key, every)| Want {
        key,
        every,
        priority: Priority::Background,
    }));
}

/// What the view of domains and services shows of the selected app.
fn parts(state: &State, wants: &mut Vec<Want>) {
    let context = state
        .selected_context()
        .filter(|context| context.bad_credential.is_none());
    let Some(context) = context else { return };
    let sections = panes::parts::Section::ALL.into_iter();
    let keys = sections.flat_map(|section| panes::parts::keys(state, section));
    wants.extend(keys.map(|key| Want {
        key,
        every: context.profile.poll.slow,
        priority: Priority::Visible,
    }));
}

fn lists(state: &State, context: &Context, wants: &mut Vec<Want>) {
    let mut want = |query, every: Duration| {
        let every = every + spread(context.id, every);
        wants.push(Want::visible(context.id, query, every));
    };
    if context.lacks(Capability::ListAllEnvironments) {
        want(Query::Apps, state.interval_of(context));
    } else {
        let apps = state.spaced(context, context.profile.poll.apps);
        want(Query::Apps, apps);
        want(Query::AllEnvironments, state.interval_of(context));
    }
    if !context.lacks(Capability::ListBackupPlans) {
        want(Query::BackupPlans, PLANS);
    }
}

fn spread(context: ContextId, every: Duration) -> Duration {
    let most = (every / 4).as_nanos().max(1);
    let own = (SPREAD * u32::from(context.0)).as_nanos() % most;
    Duration::from_nanos(u64::try_from(own).unwrap_or(0))
}

/// What decides which log of an environment is followed, beside the selection: whether something is
/// deployed there, and how it ended.
fn followed(state: &State, wants: &mut Vec<Want>) {
    let selected = state.selected_env();
    let others = panes::logs::followed(state);
    for env in others.iter().filter(|env| selected.as_ref() != Some(env)) {
        let reads = panes::logs::reads(state, env).into_iter();
        wants.extend(reads.map(|(query, every)| Want::visible(env.context, query, every)));
    }
}

/// The lists that an open form chooses from.
fn form(state: &State, wants: &mut Vec<Want>) {
    let Some(Overlay::Form(form)) = &state.screen.overlay else {
        return;
    };
    for key in form.queries(state) {
        let context = state.contexts.get(key.context);
        let is_offered =
            |it: &&Context| it.bad_credential.is_none() && !it.lacks(key.query.capability());
        if let Some(context) = context.filter(is_offered) {
            wants.push(Want {
                every: context.profile.poll.slow,
                key,
                priority: Priority::Visible,
            });
        }
    }
}

/// The panes that show the selected app.
fn selection(state: &State, wants: &mut Vec<Want>) {
    let Some(app) = state.selected_app() else {
        return;
    };
    let Some(context) = state.contexts.get(app.context) else {
        return;
    };
    if context.bad_credential.is_some() {
        return;
    }
    let mut want = |query, every| wants.push(Want::visible(context.id, query, every));
    let layout = state.layout();
    let hints = &context.profile.poll;
    let env = state.selected_environment();
    let is_changing = env.is_some_and(|env| env.running.is_some() || env.status.is_changing());
    let lists_by_app = context.lacks(Capability::ListAllEnvironments);
    if lists_by_app && !context.lacks(Capability::ListEnvironments) {
        let every = if is_changing {
            hints.changing
        } else {
            hints.environments
        };
        want(Query::Environments(app.id.clone()), every);
    }
    if let Some(every) = hints.selected
        && !lists_by_app
        && !context.lacks(Capability::ListEnvironments)
    {
        want(Query::Environments(app.id.clone()), every);
    }
    let shows_deployments = [Pane::Environments, Pane::Logs, Pane::Detail, Pane::Activity];
    if shows_deployments.iter().any(|pane| layout.shows(*pane))
        && !context.lacks(Capability::ListDeployments)
        && let Some(env) = env
    {
        let scope = context.profile.deployments_of(&app.id, &env.id);
        want(
            Query::Deployments(scope),
            if is_changing {
                hints.running
            } else {
                hints.history
            },
        );
    }
    if let Some(query) = panes::detail::awaited(state) {
        want(query, hints.slow);
    }
    if layout.shows(Pane::Backups) && !context.lacks(Capability::ListBackups) {
        for env in &state.panes.environments.rows
            [..state.panes.environments.rows.len().min(MAX_BACKUP_LISTS)]
        {
            let is_working = is_backing_up(state, context, env);
            let of = crate::model::Scoped::new(context.id, env.clone());
            let known = state.inventory.backups.get(&of);
            // A list that was kept in short only is read at once, however recent it was.
            let is_gone = known.is_none_or(|known| known.value.is_none());
            want(
                Query::Backups(env.clone()),
                if is_gone {
                    Duration::ZERO
                } else if is_working {
                    hints.backup_running
                } else {
                    hints.slow
                },
            );
        }
        if let Some(id) = without_parts(state) {
            want(Query::Backup(id), hints.slow);
        }
    }
}

/// The selected backup, if its list names its parts by their ids only.
fn without_parts(state: &State) -> Option<crate::model::BackupId> {
    let backup = panes::backups::selected(state)?;
    let is_bare = backup.parts.is_empty() && !backup.part_ids.is_empty();
    is_bare.then(|| backup.id.clone())
}

/// Variables are read only while somebody looks at them.
fn variables(state: &State, wants: &mut Vec<Want>) {
    if !state.layout().shows(Pane::Variables) {
        return;
    }
    for env in state.inventory.vault.wanted() {
        let context = state.contexts.get(env.context).filter(|context| {
            context.bad_credential.is_none() && !context.lacks(Capability::ListVariables)
        });
        wants.extend(context.map(|context| {
            let query = Query::Variables(env.id.clone());
            Want::visible(env.context, query, context.profile.poll.slow)
        }));
    }
}

fn is_backing_up(state: &State, context: &Context, env: &crate::model::EnvId) -> bool {
    let key = crate::model::Scoped::new(context.id, env.clone());
    let listed = state
        .inventory
        .backups
        .get(&key)
        .and_then(|backups| backups.value.as_ref());
    // Only the newest few: an old one with a word flightdeck does not know must not be polled for.
    let is_working = listed.is_some_and(|list| list.iter().take(3).any(|b| !b.state.is_final()));
    is_working
        || state.operations.running().any(|entry| {
            let target = &entry.operation.target;
            target.context == context.id
                && target.environment.as_ref() == Some(env)
                && matches!(entry.operation.kind, OperationKind::CreateBackup { .. })
        })
}
