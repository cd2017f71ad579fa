//! Projects: dialect `v1`. Source: PandaStack contract, section 7.1.

use super::api::Api;
use crate::model::{
    App, Deployment, DeploymentId, Environment, Failure, OrgId, Page, PageRequest, Variable,
};

pub(super) enum Project {}

impl Project {
    pub(super) fn app(&self, _organisation: Option<OrgId>) -> App {
        match *self {}
    }

    pub(super) fn environment(&self) -> Environment {
        match *self {}
    }
}

pub(super) async fn list(_api: &Api) -> Result<Vec<Project>, Failure> {
    Ok(Vec::new())
}

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

pub(super) async fn operate(
    _api: &Api,
    _name: &str,
    _operation: &crate::model::Operation,
) -> Result<crate::model::Accepted, Failure> {
    Err(Failure::Cancelled)
}

pub(super) async fn witness(
    _api: &Api,
    _name: &str,
    _operation: &crate::model::Operation,
) -> Result<crate::model::Witness, Failure> {
    Err(Failure::Cancelled)
}

pub(super) async fn look_for(
    _api: &Api,
    _name: &str,
    _operation: &crate::model::Operation,
    _before: &crate::model::Witness,
) -> Result<crate::platforms::Found, Failure> {
    Err(Failure::Cancelled)
}

pub(super) async fn follow(
    _api: &Api,
    _name: &str,
    _what: &crate::model::Follow,
) -> Result<crate::model::Followed, Failure> {
    Err(Failure::Cancelled)
}

pub(super) fn of_task(_task: &str) -> Option<&str> {
    None
}
