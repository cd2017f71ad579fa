//! Carrying out operations: one attempt each.
//!
//! Source: Divio contract, sections 5 and 7, appendix C.

mod backup;
mod deployment;
mod setting;

use serde_json::{Value, json};

use super::api::Api;
use super::paths::Op;
use super::support::support;
use super::wire;
use crate::model::{
    Accepted, AppId, DomainChange, EnvId, Failure, Follow, Operation, OperationKind, Safety, Text,
};
use crate::platforms::http::Reply;

const WITH_NEXT_DEPLOYMENT: &str = "takes effect with the next deployment";

pub(super) async fn operate(api: &Api, operation: &Operation) -> Result<Accepted, Failure> {
    let capability = operation.kind.capability();
    if let Some(reason) = support(capability).refusal() {
        return Err(Failure::unsupported(capability, reason));
    }
    let attempt = Attempt {
        api,
        operation,
        safety: operation.kind.safety(),
    };
    // Before anything is read: for a write, a read-only context sends nothing at all.
    api.http.allow(attempt.safety)?;
    attempt.carry_out().await
}

struct Attempt<'a> {
    api: &'a Api,
    operation: &'a Operation,
    safety: Safety,
}

impl Attempt<'_> {
    #[expect(
        clippy::too_many_lines,
        reason = "an arm per operation, so that a new one must be answered"
    )]
    async fn carry_out(&self) -> Result<Accepted, Failure> {
        match &self.operation.kind {
            OperationKind::Deploy { mode } => self.deploy(*mode).await,
            OperationKind::RollBack { to, .. } => self.roll_back(to).await,
            OperationKind::Stop { process: Some(_) } => Err(Failure::invalid(
                "process",
                "Divio stops an environment as a whole: leave it out",
            )),
            OperationKind::Stop { process: None } => {
                let note = "deploy to start it again";
                self.send(Op::StopEnvironment, self.environment()?, None, note)
                    .await
            }
            OperationKind::CopyEnvironment { slug } => {
                let body = json!({"new_slug": slug});
                let note = "deploy the copy to start it";
                self.send(Op::CopyEnvironment, self.environment()?, Some(body), note)
                    .await
            }
            OperationKind::UpdateEnvironment { branch } => {
                let (id, body) = (self.environment()?, json!({"branch": branch}));
                self.send(
                    Op::PartialUpdateEnvironment,
                    id,
                    Some(body),
                    WITH_NEXT_DEPLOYMENT,
                )
                .await
            }
            OperationKind::UpdateApp { name } => {
                let body = json!({"name": name});
                self.send(Op::PartialUpdateApplication, self.app()?, Some(body), "")
                    .await
            }
            OperationKind::DeleteApp { typed_name } => {
                let body = json!({"verify_name": typed_name});
                self.send(Op::ArchiveApplication, self.app()?, Some(body), "")
                    .await
            }
            OperationKind::SetVariable {
                id: Some(id),
                value,
                ..
            } => self.change_variable(id, value).await,
            OperationKind::SetVariable {
                id: None,
                name,
                value,
                is_sensitive,
            } => self.create_variable(name, value, *is_sensitive).await,
            OperationKind::UnsetVariable { id, name } => {
                self.remove_variable(id.as_ref(), name).await
            }
            OperationKind::AddDomain { name } => self.add_domain(name).await,
            OperationKind::UpdateDomain {
                id,
                change: DomainChange::MakePrimary,
            } => {
                self.send(Op::MakePrimaryDomain, id.as_str(), None, "")
                    .await
            }
            OperationKind::UpdateDomain {
                id,
                change: DomainChange::Redirect(redirect),
            } => {
                // Not the toggle: it could not be repeated.
                let body = json!({"is_redirect_to_primary": redirect});
                self.send(Op::PartialUpdateDomain, id.as_str(), Some(body), "")
                    .await
            }
            OperationKind::RemoveDomain { id, .. } => {
                self.send(Op::DestroyDomain, id.as_str(), None, "").await
            }
            OperationKind::CreateService { kind, name } => self.create_service(kind, name).await,
            OperationKind::ProvisionService { id } => {
                self.send(Op::ProvisionServiceInstance, id.as_str(), None, "")
                    .await
            }
            OperationKind::AttachService { id } => {
                let note = WITH_NEXT_DEPLOYMENT;
                self.send(Op::AttachServiceInstance, id.as_str(), None, note)
                    .await
            }
            OperationKind::DetachService { id } => {
                let note = WITH_NEXT_DEPLOYMENT;
                self.send(Op::DetachServiceInstance, id.as_str(), None, note)
                    .await
            }
            OperationKind::RemoveService { id } => {
                self.send(Op::DestroyServiceInstance, id.as_str(), None, "")
                    .await
            }
            OperationKind::CreateJob(spec) => self.create_job(spec).await,
            OperationKind::UpdateJob { id, spec } => {
                let (id, body) = (id.as_str(), setting::job(spec));
                self.send(
                    Op::PartialUpdateCronjob,
                    id,
                    Some(body),
                    WITH_NEXT_DEPLOYMENT,
                )
                .await
            }
            OperationKind::RemoveJob { id } => {
                self.send(Op::DestroyCronjob, id.as_str(), None, WITH_NEXT_DEPLOYMENT)
                    .await
            }
            OperationKind::RunMaintenance { id } => {
                self.send(Op::RunMaintenanceRun, id.as_str(), None, "")
                    .await
            }
            OperationKind::SkipMaintenance { id } => {
                self.send(Op::SkipMaintenanceRun, id.as_str(), None, "")
                    .await
            }
            OperationKind::CancelMaintenance { id } => {
                self.send(Op::CancelMaintenanceRun, id.as_str(), None, "")
                    .await
            }
            OperationKind::CreateBackup {
                services,
                notes,
                keep_until,
            } => self.back_up(services, notes.as_deref(), *keep_until).await,
            OperationKind::RestoreBackup { into: Some(_), .. } => Err(Failure::invalid(
                "into",
                "Divio restores in place: leave it out",
            )),
            OperationKind::RestoreBackup {
                backup,
                notes,
                into: None,
            } => self.restore(backup, notes.as_deref()).await,
            OperationKind::PrepareDownload { backup } => self.prepare_download(backup).await,
            OperationKind::DeployImage { .. }
            | OperationKind::RetryDeployment { .. }
            | OperationKind::CommitRollback
            | OperationKind::RevertRollback
            | OperationKind::CancelDeployment { .. }
            | OperationKind::Restart { .. }
            | OperationKind::Start { .. }
            | OperationKind::Scale { .. }
            | OperationKind::Autoscale { .. }
            | OperationKind::KillUnit { .. }
            | OperationKind::Console { .. }
            | OperationKind::RunCommand { .. }
            | OperationKind::VerifyDomain { .. }
            | OperationKind::CompleteInstallation { .. }
            | OperationKind::CancelJobRun { .. }
            | OperationKind::CancelEvent { .. }
            | OperationKind::ChangeVariables(_)
            | OperationKind::CreateApp { .. }
            | OperationKind::RenameOrganisation { .. }
            | OperationKind::Special { .. } => Err(Failure::unsupported(
                self.operation.kind.capability(),
                "Divio does not offer it",
            )),
        }
    }

    /// One request whose answer says no more than that it was taken.
    async fn send(
        &self,
        op: Op,
        id: &str,
        body: Option<Value>,
        note: &str,
    ) -> Result<Accepted, Failure> {
        self.api.write(op, id, body, self.safety).await?;
        Ok(Accepted {
            note: Text::non_empty(note),
            ..Accepted::default()
        })
    }

    /// One request that begins something to follow.
    async fn begin(
        &self,
        op: Op,
        body: Value,
        follow: impl Fn(&str) -> Follow,
    ) -> Result<Accepted, Failure> {
        let reply = self.api.write(op, "", Some(body), self.safety).await?;
        followed(&reply, follow)
    }

    fn environment(&self) -> Result<&str, Failure> {
        let id = self.operation.target.environment.as_ref();
        id.map(EnvId::as_str)
            .ok_or_else(|| Failure::invalid("environment", "choose one"))
    }

    fn app(&self) -> Result<&str, Failure> {
        let id = self.operation.target.app.as_ref();
        id.map(AppId::as_str)
            .ok_or_else(|| Failure::invalid("application", "choose one"))
    }
}

/// What to follow. It was begun and has not ended: an answer that does not name it is no answer,
/// and what it began is looked for.
fn followed(reply: &Reply, follow: impl Fn(&str) -> Follow) -> Result<Accepted, Failure> {
    let wire::Written { uuid } = reply.json()?;
    Ok(Accepted {
        follow: Some(follow(&uuid)),
        ..Accepted::default()
    })
}

/// A failure while reading what an operation needs: the operation itself was not sent.
fn nothing_sent(mut failure: Failure) -> Failure {
    if let Failure::Network { sent, .. } = &mut failure {
        *sent = false;
    }
    failure
}

fn set_text(body: &mut Value, key: &str, value: Option<&str>) {
    if let Some(value) = value.filter(|value| !value.is_empty()) {
        body[key] = json!(value);
    }
}
