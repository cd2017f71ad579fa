//! Detail: everything known of the selected environment and its newest deployment.

use super::Motion;
use crate::app::screen::Pane;
use crate::app::state::State;
use crate::app::wrap::wrapped;
use crate::model::{
    Backup, Capability, Detail, DetailValue, Domain, Payload, Query, QueryKey, Status, Target, Text,
};

/// What the pane holds.
#[derive(Clone, Copy, Debug, Default)]
pub struct DetailPane {
    /// The first line in sight. The view stops at the end.
    pub offset: usize,
    /// Whether it was opened from a backup, which is shown instead of the environment.
    pub of_backup: bool,
}

/// The backup that is shown in full; absent while the environment is.
#[must_use]
pub fn shown_backup(state: &State) -> Option<&Backup> {
    let is_wanted = state.screen.focus == Pane::Detail && state.panes.detail.of_backup;
    super::backups::selected(state).filter(|_| is_wanted)
}

/// At most so many lines are of the model's own fields; platforms add details of theirs.
const OWN_LINES: usize = 24;

/// At most so many lines has a text: why a deployment failed, what to do, a detail.
pub const MOST_WRAPPED: usize = 6;

/// So many columns of the pane a label takes, with the gaps beside it.
const BESIDE: usize = 16;

/// The domains of an environment, as far as they were read.
#[must_use]
pub fn domains_of<'a>(state: &'a State, target: &Target) -> &'a [Domain] {
    let key = target.environment.clone().map(|env| QueryKey {
        context: target.context,
        query: Query::Domains(env),
    });
    let list = key.and_then(|key| state.inventory.lists.get(&key));
    match list.and_then(|list| list.value.as_ref()) {
        Some(Payload::Domains(page)) => &page.items,
        Some(_) | None => &[],
    }
}

/// What has to be set up before domains of the selected environment work: DNS records.
#[must_use]
pub fn to_do(state: &State) -> Vec<&Text> {
    let Some(env) = state.selected_env() else {
        return Vec::new();
    };
    let target = Target {
        context: env.context,
        app: None,
        environment: Some(env.id),
        title: Text::default(),
        class: None,
    };
    let domains = domains_of(state, &target).iter();
    let waiting = domains.filter(|domain| domain.status != Status::Live);
    waiting.flat_map(|domain| &domain.instructions).collect()
}

/// What is read beside the lists while an app waits for somebody to set up a domain: which records
/// to create. Elsewhere domains are read only where they are listed.
#[must_use]
pub fn awaited(state: &State) -> Option<Query> {
    let context = state.selected_context()?;
    let env = state.selected_environment()?;
    let query = Query::Domains(env.id.clone());
    let needed = [Capability::CompleteInstallation, Capability::ListDomains];
    let is_offered = !needed.into_iter().any(|it| context.lacks(it));
    let is_waiting = env.status == Status::Degraded && env.tells(&query);
    let is_shown = state.layout().shows(Pane::Detail);
    (is_offered && is_waiting && is_shown).then_some(query)
}

pub(super) fn motion(state: &mut State, motion: Motion) {
    // Not far past the end, or the way back would seem dead.
    let most = lines_at_most(state).saturating_sub(state.layout().rows(Pane::Detail));
    let offset = &mut state.panes.detail.offset;
    *offset = match motion {
        Motion::By(delta) => offset.saturating_add_signed(delta).min(most),
        Motion::Top => 0,
        Motion::Bottom => most,
    };
}

fn lines_at_most(state: &State) -> usize {
    let area = state.layout().pane(Pane::Detail);
    let columns = area.map_or(0, |area| usize::from(area.inside().width));
    let columns = columns.saturating_sub(BESIDE);
    let details = |all: &[Detail]| -> usize {
        let lines = all.iter().map(|detail| match &detail.value {
            DetailValue::Text(text) => told(text, columns),
            DetailValue::Count(_)
            | DetailValue::Bytes(_)
            | DetailValue::Duration(_)
            | DetailValue::Time(_)
            | DetailValue::Url(_)
            | DetailValue::Flag(_) => 1,
        });
        lines.sum()
    };
    if let Some(backup) = shown_backup(state) {
        let parts = backup.parts.iter();
        let of_parts = parts.map(|part| 1 + part.errors.len()).sum::<usize>();
        return OWN_LINES + details(&backup.details) + of_parts;
    }
    let env = state.selected_environment().map_or(0, |env| {
        let reason = env.reason.as_ref().map_or(0, |_| MOST_WRAPPED);
        reason + details(&env.details)
    });
    let to_do = to_do(state).into_iter().map(|text| told(text, columns));
    let app = state.selected_app().and_then(|id| state.inventory.app(id));
    let newest = state
        .selected_env()
        .and_then(|id| state.inventory.deployments_of(&id)?.value.as_ref()?.first());
    OWN_LINES
        + env
        + to_do.sum::<usize>()
        + app.map_or(0, |app| details(&app.details))
        + newest.map_or(0, |deployment| {
            let told = [&deployment.reason, &deployment.hint];
            details(&deployment.details) + MOST_WRAPPED * told.into_iter().flatten().count()
        })
}

/// How many lines a text takes.
fn told(text: &Text, columns: usize) -> usize {
    wrapped(text.as_str(), columns).len().clamp(1, MOST_WRAPPED)
}
