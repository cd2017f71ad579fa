//! Questions about managed apps, and the lists in which both kinds of apps stand.

use super::api::Api;
use crate::model::{
    Account, App, AppId, Deployment, DeploymentId, Domain, EnvId, Environment, Failure,
    Organisation, Page,
};

pub(super) async fn account(_api: &Api) -> Result<Account, Failure> {
    Err(Failure::Cancelled)
}

pub(super) async fn organisations(_api: &Api) -> Result<Page<Organisation>, Failure> {
    Err(Failure::Cancelled)
}

/// Managed apps and projects.
pub(super) async fn apps(_api: &Api) -> Result<Page<App>, Failure> {
    Err(Failure::Cancelled)
}

/// The environments of all apps.
pub(super) async fn all_environments(_api: &Api) -> Result<Page<Environment>, Failure> {
    Err(Failure::Cancelled)
}

/// Whether the lists were just read, or are being read.
pub(super) fn has_apps(_api: &Api) -> bool {
    false
}

/// The environment of an app of either kind.
pub(super) async fn environment(_api: &Api, _id: &EnvId) -> Result<Environment, Failure> {
    Err(Failure::Cancelled)
}

/// Those of a managed app that are known, newest first.
pub(super) async fn deployments(_api: &Api, _app: &AppId) -> Result<Page<Deployment>, Failure> {
    Err(Failure::Cancelled)
}

/// One of a managed app.
pub(super) async fn deployment(_api: &Api, _id: &DeploymentId) -> Result<Deployment, Failure> {
    Err(Failure::Cancelled)
}

/// The domain of a managed app, with the records that are to be created.
pub(super) async fn domains(_api: &Api, _of: &EnvId) -> Result<Page<Domain>, Failure> {
    Err(Failure::Cancelled)
}
