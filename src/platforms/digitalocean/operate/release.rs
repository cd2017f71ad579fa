//! Deploying, rolling back, restarting, cancelling.
//!
//! Source: DigitalOcean contract, sections 5.2 to 5.5.

use serde_json::{Value, json};

use super::fresh::deployment;
use super::{Attempt, SAFETY};
use crate::model::{Accepted, ActivityId, DeploymentId, Failure, Follow, JobId, Text};
use crate::platforms::digitalocean::api::call;
use crate::platforms::digitalocean::paths::Op;
use crate::platforms::digitalocean::{ids, progress, spec};

impl Attempt<'_> {
    pub(super) async fn deploy(&self, force: bool) -> Result<Accepted, Failure> {
        let app = self.deployable().await?.id;
        let body = json!({"force_build": force});
        let reply = self
            .post(Op::CreateDeployment, &[&app], Some(&body))
            .await?;
        deployment(&app, &reply).map(Accepted::following)
    }

    pub(super) async fn roll_back(
        &self,
        to: &DeploymentId,
        pin: bool,
    ) -> Result<Accepted, Failure> {
        let (app, to) = ids::of_deployment(to)?;
        let body = rollback(to, pin);
        let reply = self.post(Op::CreateRollback, &[app], Some(&body)).await?;
        let note = "the app stays there, and nothing else is deployed, until it is kept or undone";
        Ok(Accepted {
            note: pin.then(|| Text::clean(note)),
            ..Accepted::following(deployment(app, &reply)?)
        })
    }

    pub(super) async fn commit_rollback(&self) -> Result<Accepted, Failure> {
        let app = self.pinned().await?;
        self.post(Op::CommitRollback, &[&app], None).await?;
        Ok(Accepted::noted("the app can be deployed again"))
    }

    pub(super) async fn revert_rollback(&self) -> Result<Accepted, Failure> {
        let app = self.pinned().await?;
        let reply = self.post(Op::RevertRollback, &[&app], None).await?;
        deployment(&app, &reply).map(Accepted::following)
    }

    /// It ends when it can: it is looked at until then.
    pub(super) async fn cancel_deployment(&self, id: &DeploymentId) -> Result<Accepted, Failure> {
        let (app, deployment) = ids::of_deployment(id)?;
        self.post(Op::CancelDeployment, &[app, deployment], None)
            .await?;
        Ok(Accepted::following(Follow::Task(progress::cancelling(id))))
    }

    /// One component, or without any the whole app.
    pub(super) async fn restart(&self, process: Option<&str>) -> Result<Accepted, Failure> {
        let environment = self.operation.target.environment.as_ref();
        let component = match (process, environment) {
            (Some(name), _) => Some(name),
            (None, Some(id)) => Some(ids::of_environment(id)?.1),
            (None, None) => None,
        };
        let fresh = self.deployable().await?;
        if let Some(name) = component {
            spec::check_component(fresh.spec(), name)?;
        }
        let body = component.map_or_else(|| json!({}), |name| json!({"components": [name]}));
        let reply = self.post(Op::RestartApp, &[&fresh.id], Some(&body)).await?;
        deployment(&fresh.id, &reply).map(Accepted::following)
    }

    pub(super) async fn cancel_event(&self, id: &ActivityId) -> Result<Accepted, Failure> {
        let (app, event) = ids::of_event(id)?;
        self.post(Op::CancelEvent, &[app, event], None).await?;
        Ok(Accepted::default())
    }

    /// The run may carry its app's identifier, as those in lists do.
    pub(super) async fn cancel_run(&self, job: &JobId, run: &str) -> Result<Accepted, Failure> {
        let (app, job) = ids::of_job(job)?;
        let run = run_of(app, run);
        if run.is_empty() {
            return Err(Failure::invalid("run", "name the run to cancel"));
        }
        let call = call(Op::CancelJobInvocation, &[app, run], SAFETY)?;
        self.send(call.query([("job_name", job)])).await?;
        Ok(Accepted::default())
    }

    /// The app, if a roll-back waits to be kept or undone.
    async fn pinned(&self) -> Result<String, Failure> {
        let fresh = self.fresh().await?;
        if fresh.is_pinned() {
            return Ok(fresh.id);
        }
        let text = "no roll-back is pinned: there is nothing to keep or undo";
        Err(Failure::Conflict(Text::clean(text)))
    }
}

/// A run's own identifier.
pub(in super::super) fn run_of<'a>(app: &str, run: &'a str) -> &'a str {
    let inner = run.strip_prefix(app).and_then(|run| run.strip_prefix('/'));
    inner.unwrap_or(run)
}

/// What is sent to ask for a roll-back, or whether there can be one.
pub(in super::super) fn rollback(to: &str, pin: bool) -> Value {
    json!({"deployment_id": to, "skip_pin": !pin})
}
