//! Projects: dialect `v1`. Source: PandaStack contract, section 7.1.

use super::api::Api;
use crate::model::{Deployment, DeploymentId, Failure, Page, PageRequest, Variable};

/// The deployments of a project, newest first.
pub(super) async fn deployments(
    _api: &Api,
    _name: &str,
    _page: PageRequest,
) -> Result<Page<Deployment>, Failure> {
    Err(Failure::Cancelled)
}

/// One of them.
pub(super) async fn deployment(_api: &Api, _id: &DeploymentId) -> Result<Deployment, Failure> {
    Err(Failure::Cancelled)
}

/// The variables of a project.
pub(super) async fn variables(_api: &Api, _name: &str) -> Result<Page<Variable>, Failure> {
    Err(Failure::Cancelled)
}
