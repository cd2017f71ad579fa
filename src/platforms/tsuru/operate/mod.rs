//! Carrying out operations: one attempt each, and one request that changes something (two where
//! variables are set and removed at once, and where the server does not know a version by its first
//! name).
//!
//! Source: tsuru contract, sections 3, 5 and 8.

mod autoscale;
mod kinds;
mod life;
mod own;
mod parts;
mod place;
mod release;
mod run;
mod scale;
mod variables;

use super::api::Api;
use super::failure::is_no_version;
use super::live::Subject;
use super::paths::Op;
use super::stream::{self, End};
use super::support::support;
use crate::model::{Accepted, DeployMode, Failure, Operation, OperationKind, Safety, Verdict};
use crate::platforms::Output;
use crate::platforms::http::{Call, Reply};

pub(super) use self::autoscale::{is_as_wished, is_of, no_trigger, process_of, words_of};
pub(super) use self::kinds::{Kinds, kinds};
pub(super) use self::own::{quota_of, text};
pub(super) use self::place::{app, place};
pub(super) use self::release::{among, deploys_of, no_pin, target_of};
pub(super) use self::scale::{autoscaled, count, no_size, scales_itself};

/// Nothing is sent twice: most changes restart the app, and the contract forbids repeating. A log-in
/// changes nothing.
///
/// Source: tsuru contract, section 7.
pub(super) fn safety(operation: &Operation) -> Safety {
    if let OperationKind::Special { what, .. } = &operation.kind
        && what.needs_no_credential
    {
        return what.safety;
    }
    Safety::Once
}

pub(super) async fn operate(
    api: &Api,
    operation: &Operation,
    output: Output<'_>,
) -> Result<Accepted, Failure> {
    let capability = operation.kind.capability();
    if let Some(reason) = support(capability).refusal() {
        return Err(Failure::unsupported(capability, reason));
    }
    // Before anything is read: for a write, a read-only context sends nothing at all.
    api.http.allow(safety(operation))?;
    let attempt = Attempt {
        api,
        operation,
        output,
    };
    attempt.carry_out().await
}

struct Attempt<'a> {
    api: &'a Api,
    operation: &'a Operation,
    output: Output<'a>,
}

impl Attempt<'_> {
    async fn carry_out(mut self) -> Result<Accepted, Failure> {
        let operation = self.operation;
        match &operation.kind {
            OperationKind::Deploy {
                mode: DeployMode::Auto,
            } => self.rebuild(&[]).await,
            OperationKind::Deploy {
                mode: DeployMode::Adopt | DeployMode::Force,
            } => Err(Failure::invalid(
                "mode",
                "tsuru always builds anew: leave it out",
            )),
            OperationKind::DeployImage { image } => self.deploy_image(image, &[]).await,
            OperationKind::RollBack { to, pin } => self.roll_back(to, *pin, &[]).await,
            OperationKind::CancelDeployment { deployment, reason } => {
                self.cancel(deployment.as_str(), reason.as_deref()).await
            }
            OperationKind::CancelEvent { event, reason } => {
                self.cancel(event.as_str(), reason.as_deref()).await
            }
            OperationKind::Restart { process } => {
                self.turn(Op::AppRestart, process.as_deref()).await
            }
            OperationKind::Stop { process } => self.turn(Op::AppStop, process.as_deref()).await,
            OperationKind::Start { process } => self.turn(Op::AppStart, process.as_deref()).await,
            OperationKind::Scale {
                process,
                units,
                size,
            } => {
                self.scale(process.as_deref(), *units, size.as_deref())
                    .await
            }
            OperationKind::Autoscale {
                process,
                limits,
                cpu,
            } => self.autoscale(process.as_deref(), *limits, *cpu).await,
            OperationKind::KillUnit { unit, force } => self.kill(unit, *force).await,
            OperationKind::RunCommand { command, place } => self.run(command, *place).await,
            OperationKind::SetVariable { .. }
            | OperationKind::UnsetVariable { .. }
            | OperationKind::ChangeVariables(_) => self.change_variables().await,
            OperationKind::AddDomain { name } => self.add_domain(name).await,
            OperationKind::RemoveDomain { id, .. } => self.remove_domain(id).await,
            OperationKind::AttachService { id } => self.attach(id).await,
            OperationKind::DetachService { id } => self.detach(id).await,
            OperationKind::CreateService { kind, name } => self.create_service(kind, name).await,
            OperationKind::RemoveService { id } => self.remove_service(id).await,
            OperationKind::RemoveJob { id } => self.remove_job(id).await,
            OperationKind::CancelMaintenance { id } => self.remove_block(id).await,
            OperationKind::CreateApp { name, inputs } => self.create_app(name, inputs).await,
            OperationKind::DeleteApp { typed_name } => self.delete_app(typed_name).await,
            OperationKind::Special { what, inputs } => self.carry_out_own(what, inputs).await,
            OperationKind::RetryDeployment { .. }
            | OperationKind::CommitRollback
            | OperationKind::RevertRollback
            | OperationKind::Console { .. }
            | OperationKind::CreateBackup { .. }
            | OperationKind::RestoreBackup { .. }
            | OperationKind::PrepareDownload { .. }
            | OperationKind::UpdateDomain { .. }
            | OperationKind::VerifyDomain { .. }
            | OperationKind::CompleteInstallation { .. }
            | OperationKind::ProvisionService { .. }
            | OperationKind::CreateJob(_)
            | OperationKind::UpdateJob { .. }
            | OperationKind::CancelJobRun { .. }
            | OperationKind::RunMaintenance { .. }
            | OperationKind::SkipMaintenance { .. }
            | OperationKind::UpdateApp { .. }
            | OperationKind::CopyEnvironment { .. }
            | OperationKind::UpdateEnvironment { .. }
            | OperationKind::RenameOrganisation { .. } => Err(Failure::unsupported(
                operation.kind.capability(),
                "tsuru does not offer it",
            )),
        }
    }

    /// A change that is answered at once.
    async fn send(&mut self, op: Op, call: Call) -> Result<Reply, Failure> {
        let reply = self.api.send(op, call).await;
        // Also after a failure: it may have happened all the same.
        self.api.memory.rounds.forget();
        reply
    }

    /// The same where nothing is left to say.
    async fn sent(&mut self, op: Op, call: Call) -> Result<Accepted, Failure> {
        self.send(op, call).await.map(|_| Accepted::default())
    }

    /// A change that prints while it goes on. `kind` is that of its event.
    async fn act(&mut self, op: Op, call: Call, kind: &'static str) -> Result<Accepted, Failure> {
        self.stream(op, call, kind).await.map(ended)
    }

    /// The same with its event.
    async fn stream(&mut self, op: Op, call: Call, kind: &'static str) -> Result<End, Failure> {
        let app = app(self.operation).ok().map(str::to_owned);
        let what = Subject { app, kind };
        let end = stream::action(self.api, op, call, what, &mut *self.output).await;
        self.api.memory.rounds.forget();
        end
    }

    /// Changes a version by each of its names, until the server knows one. Without a `kind` of event
    /// it is answered at once.
    async fn by_name(
        &mut self,
        op: Op,
        kind: Option<&'static str>,
        version: Option<&str>,
        call: impl Fn(&str) -> Result<Call, Failure>,
    ) -> Result<Accepted, Failure> {
        let mut result = Ok(Accepted::default());
        for name in names_of(version) {
            let call = call(&name)?;
            result = match kind {
                Some(kind) => self.act(op, call, kind).await,
                None => self.sent(op, call).await,
            };
            if !is_unknown_version(&result) {
                break;
            }
        }
        result
    }
}

/// What comes of a stream that was read to its end.
fn ended(end: End) -> Accepted {
    match end {
        End::Done => Accepted::default(),
        End::Failed { text, .. } => Accepted {
            ended: Some(Verdict::Failed(text)),
            ..Accepted::default()
        },
    }
}

/// The names of a version, in the order in which they are tried: the server compares with the end of
/// an image's name, so that `1` may be taken for `v11`, while an image may be tagged otherwise. None
/// is empty.
///
/// Source: tsuru contract, section 5 (deploys).
fn names_of(version: Option<&str>) -> Vec<String> {
    let Some(version) = version.filter(|it| !it.is_empty()) else {
        return vec![String::new()];
    };
    let number = version.strip_prefix('v').unwrap_or(version);
    vec![format!("v{number}"), number.to_owned()]
}

/// Whether nothing was done because the server knows the version by another name.
fn is_unknown_version(result: &Result<Accepted, Failure>) -> bool {
    match result {
        Err(failure) => is_no_version(&failure.headline()),
        Ok(Accepted {
            ended: Some(Verdict::Failed(text)),
            ..
        }) => is_no_version(text.as_str()),
        Ok(_) => false,
    }
}
