//! How an app does. Its health and how its newest deployment ended are two things: a failed
//! deployment does not take the app down.
//!
//! Source: DigitalOcean contract, section 8.

use jiff::Timestamp;

use super::deployment::phase;
use crate::model::{Phase, Status, Text};
use crate::platforms::digitalocean::memory::{Newest, Pulse};
use crate::platforms::digitalocean::wire;

/// The deployment under way. One that has ended is none, wherever it is named.
pub(super) fn running(app: &wire::App) -> Option<&wire::Deployment> {
    [&app.in_progress_deployment, &app.pending_deployment]
        .into_iter()
        .filter_map(|slot| slot.as_ref())
        .find(|deployment| !phase(deployment).is_final())
}

/// When the newest deployment began, if it is over and does not serve: how it ended is not in the
/// record of the app.
pub(in crate::platforms::digitalocean) fn unexplained(app: &wire::App) -> Option<Timestamp> {
    let newest = (*app.last_deployment_created_at)?;
    let active = app.active_deployment.as_ref();
    let serves = active.is_some_and(|active| active.created_at.is_none_or(|at| at >= newest));
    (running(app).is_none() && !serves).then_some(newest)
}

/// Status and reason.
pub(super) type State = (Status, Option<Text>);

/// The state that all components share; the first that fits.
pub(super) fn state(app: &wire::App, newest: Option<&Newest>) -> State {
    let is_pinned = app.pinned_deployment.is_some();
    let pinned = || Some(Text::clean("rolled back, pinned"));
    if let Some(running) = running(app) {
        let reason = if is_pinned { pinned() } else { None };
        return (phase(running).status(), reason);
    }
    if is_pinned {
        return (Status::Degraded, pinned());
    }
    let maintenance = app.spec.as_ref().and_then(|spec| spec.maintenance.as_ref());
    if maintenance.is_some_and(|it| *it.archive == Some(true)) {
        return (Status::Stopped, Some(Text::clean("archived")));
    }
    let ended = unexplained(app).map(|at| ended(newest.filter(|newest| newest.created_at == at)));
    let state = match (app.active_deployment.is_some(), ended) {
        (true, None) => (Status::Live, None),
        (true, Some((status, how))) => (status, Some(format!("live, last deploy {how}"))),
        (false, None) => (Status::Stopped, Some("never deployed".to_owned())),
        (false, Some((Status::Live, how))) => (Status::Stopped, Some(format!("deploy {how}"))),
        (false, Some((_, how))) => (Status::Failed, Some(how.to_owned())),
    };
    let shows_page = maintenance.is_some_and(|it| *it.enabled == Some(true));
    let reason = state.1.map(|reason| Text::clean(&reason));
    let page = shows_page.then(|| Text::clean("maintenance: visitors see the offline page"));
    (state.0, reason.or(page))
}

/// What the end of the newest deployment means for an app that serves an older one.
fn ended(newest: Option<&Newest>) -> (Status, &'static str) {
    match newest.map(|newest| &newest.phase) {
        Some(Phase::Failed) => (Status::Failed, "failed"),
        Some(Phase::Cancelled) => (Status::Live, "cancelled"),
        Some(Phase::Replaced | Phase::Succeeded) => (Status::Live, "replaced"),
        Some(
            Phase::Queued
            | Phase::Building
            | Phase::Deploying
            | Phase::Running(_)
            | Phase::ActionRequired(_)
            | Phase::Ended
            | Phase::Other(_),
        )
        | None => (Status::Degraded, "did not go live"),
    }
}

/// What instances say, where nothing worse is known: more may be ready than wanted during a
/// roll-out.
pub(super) fn with_pulse<'a>(state: State, pulses: impl IntoIterator<Item = &'a Pulse>) -> State {
    if state.0 != Status::Live {
        return state;
    }
    let weak = pulses.into_iter().find(|pulse| pulse.is_weak());
    match weak {
        Some(pulse) => (Status::Degraded, Some(pulse.word())),
        None => state,
    }
}

impl Pulse {
    fn is_weak(&self) -> bool {
        self.is_unhealthy || self.units.is_some_and(|units| units.ready < units.wanted)
    }

    fn word(&self) -> Text {
        match self.units {
            Some(units) if units.ready < units.wanted => {
                Text::clean(&format!("{} of {} ready", units.ready, units.wanted))
            }
            _ => Text::clean("unhealthy"),
        }
    }
}
