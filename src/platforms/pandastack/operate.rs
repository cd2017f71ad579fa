//! Operations: one attempt each. Source: PandaStack contract, sections 3 and 5.

use super::api::Api;
use crate::model::{Accepted, Capability, Failure, Operation, OperationKind, Revision, Safety};

/// What happens when an operation is sent twice: a second deployment installs a second app, so that
/// nothing that is posted is repeated; what is deleted is.
pub(super) fn safety(operation: &Operation) -> Safety {
    match &operation.kind {
        OperationKind::DeleteApp { .. } | OperationKind::VerifyDomain { .. } => Safety::Repeatable,
        _ => Safety::Once,
    }
}

pub(super) async fn operate(
    _api: &Api,
    operation: &Operation,
    _seen: Option<&Revision>,
) -> Result<Accepted, Failure> {
    let _ = Capability::Deploy;
    Err(Failure::unsupported(
        operation.kind.capability(),
        "not built",
    ))
}
