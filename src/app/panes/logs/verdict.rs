//! How a deployment went, as a line of its log.

use crate::app::age::Long;
use crate::app::state::State;
use crate::model::{Deployment, EnvId, Phase, Scoped};

/// When a deployment's log has been read to its end, the log says how it went, as soon as the list
/// of deployments does.
pub(super) fn tell_verdict(state: &mut State, env: &Scoped<EnvId>) {
    let due = state
        .logs
        .channel(env)
        .and_then(|channel| channel.verdict_due.clone());
    let Some(deployment) = due.and_then(|id| state.inventory.deployment(env, &id)) else {
        return;
    };
    // While the environment still names it as running, its log may be opened again.
    let environment = state.inventory.environment(env);
    let is_running = environment.is_some_and(|e| e.running.as_ref() == Some(&deployment.id));
    if !deployment.phase.is_final() || is_running {
        return;
    }
    let (at, verdict) = (deployment.ended_at, verdict(deployment));
    let channel = state.logs.channel_mut(env);
    channel.verdict_due = None;
    channel.mark(at, verdict);
}

/// `deployment 3f2c1ab failed after 4m 02s: migrate exited with 1`.
#[must_use]
pub fn verdict(deployment: &Deployment) -> String {
    let word = match &deployment.phase {
        Phase::Succeeded | Phase::Replaced => "succeeded",
        Phase::Failed => "failed",
        Phase::Cancelled => "was cancelled",
        Phase::Ended => "ended, the platform does not say how",
        Phase::Queued
        | Phase::Building
        | Phase::Deploying
        | Phase::Running(_)
        | Phase::ActionRequired(_)
        | Phase::Other(_) => "runs",
    };
    let after = deployment
        .duration
        .map(|took| format!(" after {}", Long(took)));
    let why = deployment
        .reason
        .as_ref()
        .map(|reason| format!(": {reason}"));
    let parts = [after, why].into_iter().flatten().collect::<String>();
    format!("deployment {} {word}{parts}", deployment.label)
}
