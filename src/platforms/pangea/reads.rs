//! Questions: the organisation and its projects.

use super::api::Api;
use crate::model::{Account, App, EnvId, Environment, Failure, Organisation, Page, PageRequest};

pub(super) async fn account(_api: &Api) -> Result<Account, Failure> {
    Err(Failure::Cancelled)
}

pub(super) async fn organisations(_api: &Api) -> Result<Page<Organisation>, Failure> {
    Err(Failure::Cancelled)
}

pub(super) async fn projects(_api: &Api, _page: &PageRequest) -> Result<Page<App>, Failure> {
    Err(Failure::Cancelled)
}

/// The region of every project.
pub(super) async fn regions(_api: &Api, _page: &PageRequest) -> Result<Page<Environment>, Failure> {
    Err(Failure::Cancelled)
}

/// Whether the projects were just read, or are being read.
pub(super) fn has_projects(_api: &Api, _page: &PageRequest) -> bool {
    false
}

/// The region of a project.
pub(super) async fn region(_api: &Api, _id: &EnvId) -> Result<Environment, Failure> {
    Err(Failure::Cancelled)
}
