//! Carrying out operations: one attempt each.

use serde_json::{Value, json};

use super::api::{Api, Filter};
use super::paths::Op;
use super::support::support;
use super::{map, wire};
use crate::model::{
    Accepted, BackupId, DeployMode, DeploymentId, DomainChange, DownloadId, Failure, FieldProblem,
    Follow, JobSpec, Operation, OperationKind, RestoreId, Safety, Secret, ServiceId, Text,
};
use crate::platforms::http::Reply;

const WITH_NEXT_DEPLOYMENT: &str = "takes effect with the next deployment";

pub(super) async fn operate(api: &Api, operation: &Operation) -> Result<Accepted, Failure> {
    let capability = operation.kind.capability();
    if let Some(reason) = support(capability).refusal() {
        return Err(unsupported(operation, reason));
    }
    let attempt = Attempt {
        api,
        operation,
        safety: operation.kind.safety(),
    };
    // Before anything is read: a read-only context sends nothing at all for a write.
    api.http.allow(attempt.safety)?;
    attempt.carry_out().await
}

struct Attempt<'a> {
    api: &'a Api,
    operation: &'a Operation,
    safety: Safety,
}

impl Attempt<'_> {
    async fn carry_out(&self) -> Result<Accepted, Failure> {
        match &self.operation.kind {
            OperationKind::Deploy { mode } => self.deploy(*mode).await,
            OperationKind::RollBack { to, .. } => self.roll_back(to).await,
            OperationKind::Stop { .. } => {
                let note = "deploy to start it again";
                self.post(Op::StopEnvironment, self.environment()?, None, note)
                    .await
            }
            OperationKind::CopyEnvironment { slug } => {
                let body = json!({"new_slug": slug});
                let note = "deploy the copy to start it";
                self.post(Op::CopyEnvironment, self.environment()?, Some(body), note)
                    .await
            }
            OperationKind::UpdateEnvironment { branch } => {
                let body = Some(json!({"branch": branch}));
                let id = self.environment()?;
                self.post(Op::PartialUpdateEnvironment, id, body, WITH_NEXT_DEPLOYMENT)
                    .await
            }
            OperationKind::UpdateApp { name } => {
                let body = Some(json!({"name": name}));
                self.post(Op::PartialUpdateApplication, self.app()?, body, "")
                    .await
            }
            OperationKind::DeleteApp { typed_name } => {
                let body = Some(json!({"verify_name": typed_name}));
                self.post(Op::ArchiveApplication, self.app()?, body, "")
                    .await
            }
            OperationKind::SetVariable { .. } | OperationKind::UnsetVariable { .. } => {
                self.variable().await
            }
            OperationKind::AddDomain { .. }
            | OperationKind::UpdateDomain { .. }
            | OperationKind::RemoveDomain { .. } => self.domain().await,
            OperationKind::CreateService { .. }
            | OperationKind::ProvisionService { .. }
            | OperationKind::AttachService { .. }
            | OperationKind::DetachService { .. }
            | OperationKind::RemoveService { .. } => self.service().await,
            OperationKind::CreateJob(_)
            | OperationKind::UpdateJob { .. }
            | OperationKind::RemoveJob { .. } => self.job().await,
            OperationKind::RunMaintenance { id } => {
                self.post(Op::RunMaintenanceRun, id.as_str(), None, "")
                    .await
            }
            OperationKind::SkipMaintenance { id } => {
                self.post(Op::SkipMaintenanceRun, id.as_str(), None, "")
                    .await
            }
            OperationKind::CancelMaintenance { id } => {
                self.post(Op::CancelMaintenanceRun, id.as_str(), None, "")
                    .await
            }
            OperationKind::CreateBackup { .. }
            | OperationKind::RestoreBackup { .. }
            | OperationKind::PrepareDownload { .. } => self.backup().await,
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
            | OperationKind::RunCommand { .. }
            | OperationKind::VerifyDomain { .. }
            | OperationKind::CompleteInstallation { .. }
            | OperationKind::CancelJobRun { .. }
            | OperationKind::CreateApp { .. }
            | OperationKind::RenameOrganisation { .. } => {
                Err(unsupported(self.operation, "Divio does not offer it"))
            }
        }
    }

    /// Refused while a deployment runs: the platform would queue another behind it.
    async fn deploy(&self, mode: DeployMode) -> Result<Accepted, Failure> {
        let build_mode = match mode {
            DeployMode::Auto => "AUTO",
            DeployMode::Adopt => "ADOPT",
            DeployMode::Force => "FORCE",
        };
        let environment = self.idle_environment().await?;
        self.start(json!({"environment": environment, "build_mode": build_mode}))
            .await
    }

    /// A roll-back is a deployment that adopts the image of an earlier one.
    async fn roll_back(&self, to: &DeploymentId) -> Result<Accepted, Failure> {
        let environment = self.idle_environment().await?;
        let target: wire::Deployment = self
            .api
            .get(Op::GetDeployment, to.as_str())
            .await
            .map_err(nothing_sent)?;
        if *target.is_usable != Some(true) {
            return Err(Failure::Conflict(Text::clean(
                "the image of that deployment can no longer be used",
            )));
        }
        self.start(json!({
            "environment": environment,
            "build_mode": "ADOPT",
            "adopt_deployment": to.as_str(),
        }))
        .await
    }

    async fn idle_environment(&self) -> Result<&str, Failure> {
        let id = self.environment()?;
        let record: wire::Environment = self
            .api
            .get(Op::GetEnvironment, id)
            .await
            .map_err(nothing_sent)?;
        let running = record.currently_running_deployment.as_ref();
        if running.is_some_and(|deployment| deployment.ended_at.is_none()) {
            return Err(Failure::Conflict(Text::clean(
                "a deployment is already running",
            )));
        }
        Ok(id)
    }

    async fn start(&self, body: Value) -> Result<Accepted, Failure> {
        let reply = self
            .api
            .write(Op::CreateDeployment, "", Some(body), self.safety)
            .await?;
        Ok(followed(&reply, |id| {
            Follow::Deployment(DeploymentId::new(id))
        }))
    }

    async fn variable(&self) -> Result<Accepted, Failure> {
        let note = WITH_NEXT_DEPLOYMENT;
        match &self.operation.kind {
            OperationKind::SetVariable {
                id: Some(id),
                value,
                ..
            } => {
                // Whether it is sensitive can be said only when it is created.
                let body = Some(json!({"value": value.expose()}));
                self.post(
                    Op::PartialUpdateEnvironmentVariable,
                    id.as_str(),
                    body,
                    note,
                )
                .await
            }
            OperationKind::SetVariable {
                id: None,
                name,
                value,
                is_sensitive,
            } => {
                let body = self.new_variable(name, value, *is_sensitive)?;
                self.post(Op::CreateEnvironmentVariable, "", Some(body), note)
                    .await
            }
            OperationKind::UnsetVariable { id: Some(id), .. } => {
                self.post(Op::DestroyEnvironmentVariable, id.as_str(), None, note)
                    .await
            }
            OperationKind::UnsetVariable { id: None, name } => {
                let id = self.variable_named(name).await?;
                self.post(Op::DestroyEnvironmentVariable, &id, None, note)
                    .await
            }
            _ => Err(unsupported(self.operation, "not a variable")),
        }
    }

    fn new_variable(
        &self,
        name: &str,
        value: &Secret,
        is_sensitive: bool,
    ) -> Result<Value, Failure> {
        Ok(json!({
            "name": name,
            "environment": self.environment()?,
            "value": value.expose(),
            "is_sensitive": is_sensitive,
        }))
    }

    /// The custom variable of that name; a built-in one of the same name is not meant.
    async fn variable_named(&self, name: &str) -> Result<String, Failure> {
        let filters = [("environment", self.environment()?), ("name", name)];
        let found: Vec<wire::EnvironmentVariable> = self
            .api
            .all(Op::ListEnvironmentVariables, &filters)
            .await
            .map_err(nothing_sent)?;
        let custom = |variable: &wire::EnvironmentVariable| {
            variable.name.as_deref() == Some(name) && *variable.is_read_only != Some(true)
        };
        let found = found.into_iter().find(custom);
        found
            .map(|variable| variable.uuid)
            .ok_or_else(|| Failure::NotFound {
                subject: Text::clean(&format!("variable {name}")),
            })
    }

    async fn domain(&self) -> Result<Accepted, Failure> {
        match &self.operation.kind {
            OperationKind::AddDomain { name } => self.add_domain(name).await,
            OperationKind::UpdateDomain {
                id,
                change: DomainChange::MakePrimary,
            } => {
                self.post(Op::MakePrimaryDomain, id.as_str(), None, "")
                    .await
            }
            OperationKind::UpdateDomain {
                id,
                change: DomainChange::Redirect(redirect),
            } => {
                // Not the toggle: it could not be repeated.
                let body = Some(json!({"is_redirect_to_primary": redirect}));
                self.post(Op::PartialUpdateDomain, id.as_str(), body, "")
                    .await
            }
            OperationKind::RemoveDomain { id, .. } => {
                self.post(Op::DestroyDomain, id.as_str(), None, "").await
            }
            _ => Err(unsupported(self.operation, "not a domain")),
        }
    }

    /// The answer may say what to set up at the name's registrar.
    async fn add_domain(&self, name: &str) -> Result<Accepted, Failure> {
        let body = json!({"name": name, "environment": self.environment()?});
        let reply = self
            .api
            .write(Op::CreateDomain, "", Some(body), self.safety)
            .await?;
        let added = reply
            .json::<wire::Domain>()
            .ok()
            .and_then(|record| map::domain(&record));
        let next_steps = added.map(|domain| domain.instructions).unwrap_or_default();
        let note = next_steps
            .is_empty()
            .then(|| Text::clean("its details say what to set up"));
        Ok(Accepted {
            follow: None,
            note,
            next_steps,
        })
    }

    async fn service(&self) -> Result<Accepted, Failure> {
        let note = WITH_NEXT_DEPLOYMENT;
        match &self.operation.kind {
            OperationKind::CreateService { kind, name } => {
                let body = json!({
                    "environment": self.environment()?,
                    "prefix": name,
                    "service": kind.as_str(),
                });
                let note = "provision it, then deploy";
                self.post(Op::CreateServiceInstance, "", Some(body), note)
                    .await
            }
            OperationKind::ProvisionService { id } => {
                self.post(Op::ProvisionServiceInstance, id.as_str(), None, "")
                    .await
            }
            OperationKind::AttachService { id } => {
                self.post(Op::AttachServiceInstance, id.as_str(), None, note)
                    .await
            }
            OperationKind::DetachService { id } => {
                self.post(Op::DetachServiceInstance, id.as_str(), None, note)
                    .await
            }
            OperationKind::RemoveService { id } => {
                self.post(Op::DestroyServiceInstance, id.as_str(), None, "")
                    .await
            }
            _ => Err(unsupported(self.operation, "not a service")),
        }
    }

    async fn job(&self) -> Result<Accepted, Failure> {
        let note = WITH_NEXT_DEPLOYMENT;
        match &self.operation.kind {
            OperationKind::CreateJob(spec) => {
                let mut body = job(spec);
                body["environment"] = json!(self.environment()?);
                self.post(Op::CreateCronjob, "", Some(body), note).await
            }
            OperationKind::UpdateJob { id, spec } => {
                self.post(Op::PartialUpdateCronjob, id.as_str(), Some(job(spec)), note)
                    .await
            }
            OperationKind::RemoveJob { id } => {
                self.post(Op::DestroyCronjob, id.as_str(), None, note).await
            }
            _ => Err(unsupported(self.operation, "not a job")),
        }
    }

    async fn backup(&self) -> Result<Accepted, Failure> {
        match &self.operation.kind {
            OperationKind::CreateBackup {
                services,
                notes,
                keep_until,
            } => {
                let services = self.to_back_up(services).await?;
                let mut body = json!({"environment": self.environment()?, "services": services});
                body_text(&mut body, "notes", notes.as_deref());
                let until = keep_until.map(|until| until.to_string());
                body_text(&mut body, "scheduled_for_deletion_at", until.as_deref());
                let reply = self
                    .api
                    .write(Op::CreateBackup, "", Some(body), self.safety)
                    .await?;
                Ok(followed(&reply, |id| Follow::Backup(BackupId::new(id))))
            }
            OperationKind::RestoreBackup { backup, notes } => {
                let parts = self.parts(backup).await?.into_iter();
                let parts: Vec<Value> = parts
                    .map(|part| json!({"service_instance_backup": part}))
                    .collect();
                let mut body =
                    json!({"backup": backup.as_str(), "service_instance_restores": parts});
                body_text(&mut body, "notes", notes.as_deref());
                let reply = self
                    .api
                    .write(Op::CreateBackupRestore, "", Some(body), self.safety)
                    .await?;
                Ok(followed(&reply, |id| Follow::Restore(RestoreId::new(id))))
            }
            OperationKind::PrepareDownload { backup } => {
                let body = json!({
                    "backup": backup.as_str(),
                    // MANUAL would make the platform send an e-mail.
                    "trigger": "PULL",
                    "service_instance_backups": self.parts(backup).await?,
                });
                let reply = self
                    .api
                    .write(Op::CreateBackupDownload, "", Some(body), self.safety)
                    .await?;
                Ok(followed(&reply, |id| Follow::Download(DownloadId::new(id))))
            }
            _ => Err(unsupported(self.operation, "not a backup")),
        }
    }

    /// The services asked for, or all of the environment that have data and can be backed up.
    async fn to_back_up(&self, asked: &[ServiceId]) -> Result<Vec<String>, Failure> {
        if !asked.is_empty() {
            return Ok(asked.iter().map(|id| id.as_str().to_owned()).collect());
        }
        let filters = [("environment", self.environment()?)];
        let services: Vec<wire::ServiceInstance> = self
            .api
            .all(Op::ListServiceInstances, &filters)
            .await
            .map_err(nothing_sent)?;
        let kinds: Vec<wire::Service> = self
            .api
            .all(Op::ListServices, &self.of_app())
            .await
            .map_err(nothing_sent)?;
        let found: Vec<String> = services
            .into_iter()
            .filter(|service| map::is_provisioned(service) && can_back_up(service, &kinds))
            .map(|service| service.uuid)
            .collect();
        if found.is_empty() {
            return Err(invalid(
                "services",
                "nothing in this environment can be backed up",
            ));
        }
        Ok(found)
    }

    fn of_app(&self) -> Vec<Filter<'_>> {
        let app = self.operation.target.app.as_ref();
        app.map(|app| ("website", app.as_str()))
            .into_iter()
            .collect()
    }

    async fn parts(&self, backup: &BackupId) -> Result<Vec<String>, Failure> {
        let record: wire::Backup = self
            .api
            .get(Op::GetBackup, backup.as_str())
            .await
            .map_err(nothing_sent)?;
        let parts = record.service_instance_backups.0.unwrap_or_default();
        if parts.is_empty() {
            return Err(invalid("backup", "it has no parts"));
        }
        Ok(parts)
    }

    /// Most operations: one request whose answer says no more than that it was taken.
    async fn post(
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

    fn environment(&self) -> Result<&str, Failure> {
        let id = self.operation.target.environment.as_ref();
        id.map(crate::model::EnvId::as_str)
            .ok_or_else(|| invalid("environment", "choose one"))
    }

    fn app(&self) -> Result<&str, Failure> {
        let id = self.operation.target.app.as_ref();
        id.map(crate::model::AppId::as_str)
            .ok_or_else(|| invalid("application", "choose one"))
    }
}

/// What the catalogue says of its kind; a kind that is not in it goes by its type.
fn can_back_up(service: &wire::ServiceInstance, kinds: &[wire::Service]) -> bool {
    let kind = service.service.as_deref();
    let known = kinds.iter().find(|known| kind == Some(known.uuid.as_str()));
    known
        .and_then(|known| *known.is_backupable)
        .unwrap_or_else(|| matches!(service.kind.as_deref(), Some("DATABASE" | "STORAGE")))
}

fn job(spec: &JobSpec) -> Value {
    let unit = map::JOB_TIMEOUT_UNIT.as_secs();
    json!({
        "command": spec.command,
        "frequency": spec.frequency,
        "time": spec.time.as_deref().unwrap_or_default(),
        "custom_timeout": spec.timeout_minutes.map(|minutes| u64::from(minutes) * 60 / unit),
    })
}

fn body_text(body: &mut Value, key: &str, value: Option<&str>) {
    if let Some(value) = value.filter(|value| !value.is_empty()) {
        body[key] = json!(value);
    }
}

/// What to follow. An answer that names nothing is still an answer: it happened.
fn followed(reply: &Reply, follow: impl Fn(&str) -> Follow) -> Accepted {
    let written: wire::Written = reply.json().unwrap_or_default();
    match written.uuid.as_deref() {
        Some(id) => Accepted {
            follow: Some(follow(id)),
            ..Accepted::default()
        },
        None => Accepted {
            note: Some(Text::clean(
                "accepted, and the answer did not say under which name",
            )),
            ..Accepted::default()
        },
    }
}

/// A failure while reading what an operation needs: the operation itself was not sent.
fn nothing_sent(failure: Failure) -> Failure {
    match failure {
        Failure::Network {
            problem, detail, ..
        } => Failure::Network {
            problem,
            sent: false,
            detail,
        },
        other => other,
    }
}

fn invalid(field: &str, problem: &str) -> Failure {
    Failure::Validation(vec![FieldProblem {
        field: Some(Text::clean(field)),
        problem: Text::clean(problem),
    }])
}

fn unsupported(operation: &Operation, reason: &str) -> Failure {
    Failure::Unsupported {
        capability: operation.kind.capability(),
        reason: Text::clean(reason),
    }
}
