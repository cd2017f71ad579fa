//! Carrying out operations: one attempt each, and at most one request that changes anything.
//!
//! Source: DigitalOcean contract, section 5.

mod edit;
pub(super) mod fresh;
mod life;
mod release;

use serde_json::Value;

use self::fresh::Fresh;
use super::api::{Api, call};
use super::paths::Op;
use super::spec;
use super::support::support;
use crate::model::{Accepted, DeployMode, Failure, Operation, OperationKind, Revision, Safety};
use crate::platforms::http::{Call, Reply, unsent};

pub(super) use self::life::restored;
pub(super) use self::release::{rollback, run_of};

/// Every change starts a deployment, or replaces the whole spec: nothing is sent twice, whatever
/// the kind of operation would allow elsewhere.
///
/// Source: `DigitalOcean` contract, section 2 (retry policy).
pub(super) const SAFETY: Safety = Safety::Once;

pub(super) async fn operate(
    api: &Api,
    operation: &Operation,
    seen: Option<&Revision>,
) -> Result<Accepted, Failure> {
    let capability = operation.kind.capability();
    if let Some(reason) = support(capability).refusal() {
        return Err(Failure::unsupported(capability, reason));
    }
    // Before anything is read: for a write, a read-only context sends nothing at all.
    api.http.allow(SAFETY)?;
    let attempt = Attempt { api, operation };
    match spec::edits(operation) {
        Some(edits) => attempt.change_spec(&edits?, seen).await,
        None => attempt.carry_out().await,
    }
}

struct Attempt<'a> {
    api: &'a Api,
    operation: &'a Operation,
}

impl Attempt<'_> {
    /// Everything that is no change to the spec.
    async fn carry_out(&self) -> Result<Accepted, Failure> {
        match &self.operation.kind {
            OperationKind::Deploy { mode } => self.deploy(*mode == DeployMode::Force).await,
            OperationKind::RollBack { to, pin } => self.roll_back(to, *pin).await,
            OperationKind::CommitRollback => self.commit_rollback().await,
            OperationKind::RevertRollback => self.revert_rollback().await,
            OperationKind::CancelDeployment { deployment, reason } => {
                no_reason(reason.as_deref())?;
                self.cancel_deployment(deployment).await
            }
            OperationKind::Restart { process } => self.restart(process.as_deref()).await,
            OperationKind::CancelEvent { event, reason } => {
                no_reason(reason.as_deref())?;
                self.cancel_event(event).await
            }
            OperationKind::CancelJobRun { id, run } => self.cancel_run(id, run).await,
            OperationKind::RestoreBackup {
                backup,
                notes,
                into,
            } => {
                self.restore(backup, notes.as_deref(), into.as_deref())
                    .await
            }
            OperationKind::CreateApp { name, inputs } => self.create_app(name, inputs).await,
            OperationKind::DeleteApp { typed_name } => self.delete_app(typed_name).await,
            OperationKind::DeployImage { .. }
            | OperationKind::RetryDeployment { .. }
            | OperationKind::Stop { .. }
            | OperationKind::Start { .. }
            | OperationKind::Scale { .. }
            | OperationKind::Autoscale { .. }
            | OperationKind::KillUnit { .. }
            | OperationKind::RunCommand { .. }
            | OperationKind::Console { .. }
            | OperationKind::CreateBackup { .. }
            | OperationKind::PrepareDownload { .. }
            | OperationKind::SetVariable { .. }
            | OperationKind::UnsetVariable { .. }
            | OperationKind::ChangeVariables(_)
            | OperationKind::AddDomain { .. }
            | OperationKind::UpdateDomain { .. }
            | OperationKind::RemoveDomain { .. }
            | OperationKind::VerifyDomain { .. }
            | OperationKind::CompleteInstallation { .. }
            | OperationKind::CreateService { .. }
            | OperationKind::ProvisionService { .. }
            | OperationKind::AttachService { .. }
            | OperationKind::DetachService { .. }
            | OperationKind::RemoveService { .. }
            | OperationKind::CreateJob(_)
            | OperationKind::UpdateJob { .. }
            | OperationKind::RemoveJob { .. }
            | OperationKind::RunMaintenance { .. }
            | OperationKind::SkipMaintenance { .. }
            | OperationKind::CancelMaintenance { .. }
            | OperationKind::UpdateApp { .. }
            | OperationKind::CopyEnvironment { .. }
            | OperationKind::UpdateEnvironment { .. }
            | OperationKind::RenameOrganisation { .. }
            | OperationKind::Special { .. } => Err(Failure::unsupported(
                self.operation.kind.capability(),
                "DigitalOcean does not offer it",
            )),
        }
    }

    /// The one request that changes something.
    async fn send(&self, call: Call) -> Result<Reply, Failure> {
        let reply = self.api.http.send(call).await;
        // Also after a failure: it may have happened all the same.
        self.api.memory.forget();
        reply
    }

    async fn post(&self, op: Op, ids: &[&str], body: Option<&Value>) -> Result<Reply, Failure> {
        let call = call(op, ids, SAFETY)?;
        self.send(match body {
            Some(body) => call.json(body),
            None => call,
        })
        .await
    }

    fn app(&self) -> Result<&str, Failure> {
        fresh::app(self.operation)
    }

    /// The app as it is now.
    async fn fresh(&self) -> Result<Fresh, Failure> {
        Fresh::read(self.api, self.app()?).await.map_err(unsent)
    }

    /// The app, unless nothing may be deployed.
    async fn deployable(&self) -> Result<Fresh, Failure> {
        let fresh = self.fresh().await?;
        if fresh.is_pinned() {
            return Err(Failure::Conflict(fresh::pinned()));
        }
        Ok(fresh)
    }
}

fn no_reason(reason: Option<&str>) -> Result<(), Failure> {
    match reason {
        None | Some("") => Ok(()),
        Some(_) => Err(Failure::invalid(
            "reason",
            "DigitalOcean keeps none: leave it out",
        )),
    }
}
