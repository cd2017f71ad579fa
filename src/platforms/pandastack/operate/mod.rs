//! Operations: one attempt each. Source: PandaStack contract, sections 3 and 5.
//!
//! `install` has what installs and configures, `domain` what verifies, `removal` what deletes, `body`
//! what goes into a request, `host` what a bare host name is.

mod body;
mod domain;
mod host;
mod install;
mod removal;

use super::api::Api;
use super::ids::{self, Which};
use super::projects;
use super::support::{LACKED_BY_MANAGED_APPS, support};
use crate::model::{
    Accepted, AppId, Capability, Failure, Operation, OperationKind, Revision, Safety, Text,
};

pub(super) use self::body::settings;
pub(super) use self::domain::verify;

/// Why not, where no other reason was given before.
const NEITHER: &str = "PandaStack's API has this neither for managed apps nor for projects";

/// What happens when an operation is sent twice: a second deployment installs a second app, so that
/// nothing that is posted is repeated. What is deleted is, and so is a question about a domain; a
/// change to variables sends all of them as they are to be.
pub(super) fn safety(operation: &Operation) -> Safety {
    if is_repeatable(&operation.kind) {
        Safety::Repeatable
    } else {
        Safety::Once
    }
}

fn is_repeatable(kind: &OperationKind) -> bool {
    matches!(
        kind,
        OperationKind::DeleteApp { .. }
            | OperationKind::VerifyDomain { .. }
            | OperationKind::SetVariable { .. }
            | OperationKind::UnsetVariable { .. }
            | OperationKind::ChangeVariables(_)
    )
}

pub(super) async fn operate(
    api: &Api,
    operation: &Operation,
    _seen: Option<&Revision>,
) -> Result<Accepted, Failure> {
    offered(operation.kind.capability())?;
    api.http.allow(safety(operation))?;
    let result = carry_out(api, operation).await;
    // Also after a failure: it may have happened all the same.
    api.forget();
    result
}

/// Refuses what neither managed apps nor projects have; nothing is sent then.
fn offered(capability: Capability) -> Result<(), Failure> {
    let reason = support(capability).refusal();
    reason.map_or(Ok(()), |reason| {
        Err(Failure::unsupported(capability, reason))
    })
}

async fn carry_out(api: &Api, operation: &Operation) -> Result<Accepted, Failure> {
    if let OperationKind::CreateApp { name, inputs } = &operation.kind {
        return Box::pin(install::create(api, name, inputs)).await;
    }
    let app = app(operation)?;
    match ids::of_app(app) {
        Which::Project(name) => Box::pin(projects::operate(api, name, operation)).await,
        Which::Managed(id) => {
            let managed = Managed { api, app, id };
            Box::pin(managed.carry_out(operation)).await
        }
    }
}

/// The app that something is done to.
pub(super) fn app(operation: &Operation) -> Result<&AppId, Failure> {
    let app = operation.target.app.as_ref();
    app.ok_or_else(|| Failure::NotFound {
        subject: Text::clean("an app to do this to"),
    })
}

/// A managed app that something is done to.
struct Managed<'a> {
    api: &'a Api,
    app: &'a AppId,
    /// Its id, as the platform has it.
    id: &'a str,
}

impl Managed<'_> {
    async fn carry_out(&self, operation: &Operation) -> Result<Accepted, Failure> {
        let kind = &operation.kind;
        if let OperationKind::RetryDeployment { .. } = kind {
            return self.retry().await;
        }
        if let OperationKind::VerifyDomain { name, .. } = kind {
            return self.verify(name).await;
        }
        if let OperationKind::CompleteInstallation { domain } = kind {
            return self.complete(domain).await;
        }
        if let OperationKind::DeleteApp { typed_name } = kind {
            let title = operation.target.title.as_str();
            return self.delete(typed_name, title).await;
        }
        if let OperationKind::Special { what, inputs } = kind {
            return self.carry_out_own(what, inputs).await;
        }
        let capability = kind.capability();
        let lacked = LACKED_BY_MANAGED_APPS.iter();
        let reason = lacked.into_iter().find(|(it, _)| *it == capability);
        let reason = reason.map_or(NEITHER, |(_, reason)| *reason);
        Err(Failure::unsupported(capability, reason))
    }
}
