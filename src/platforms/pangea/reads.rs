//! Questions: the organisation and its projects.

use std::sync::Arc;

use serde_json::json;

use super::api::Api;
use super::paths::Op;
use super::wire;
use super::{ids, map};
use crate::model::{Account, App, EnvId, Environment, Failure, Organisation, Page, PageRequest};

pub(super) async fn account(api: &Api) -> Result<Account, Failure> {
    let (_, remark) = api.organisation()?;
    let record = api.organisation_record().await?;
    Ok(map::account(&record, remark))
}

pub(super) async fn organisations(api: &Api) -> Result<Page<Organisation>, Failure> {
    let record = api.organisation_record().await?;
    Ok(Page::whole(vec![map::organisation(&record)]))
}

pub(super) async fn projects(api: &Api, page: &PageRequest) -> Result<Page<App>, Failure> {
    let page = Box::pin(api.projects(page)).await?;
    let changes = api.memory.changes();
    Ok(mapped(page, |project| map::app(project, &changes)))
}

/// The region of every project.
pub(super) async fn regions(api: &Api, page: &PageRequest) -> Result<Page<Environment>, Failure> {
    let page = Box::pin(api.projects(page)).await?;
    let changes = api.memory.changes();
    Ok(mapped(page, |project| map::region(project, &changes)))
}

fn mapped<T>(page: Page<Arc<Vec<wire::Project>>>, map: impl Fn(&wire::Project) -> T) -> Page<T> {
    let projects = page.items.iter().flat_map(|projects| projects.iter());
    Page {
        items: projects.map(map).collect(),
        next: page.next,
        total: page.total,
    }
}

/// Whether the projects were just read, or are being read.
pub(super) fn has_projects(api: &Api, page: &PageRequest) -> bool {
    api.has_projects(page)
}

/// The region of a project.
pub(super) async fn region(api: &Api, id: &EnvId) -> Result<Environment, Failure> {
    let project = api.project(id.as_str()).await?;
    Ok(map::region(&project, &api.memory.changes()))
}

impl Api {
    /// The organisation. Who asks at nearly the same time gets the same answer.
    pub(super) async fn organisation_record(&self) -> Result<Arc<wire::Organisation>, Failure> {
        let (id, _) = self.organisation()?;
        Box::pin(self.memory.organisation(self.organisation_of(id))).await
    }

    /// An organisation as it is now.
    pub(super) async fn organisation_of(&self, id: &str) -> Result<wire::Organisation, Failure> {
        ids::check(ids::ORGANISATION, id)?;
        self.read(Op::GetOrg, id, &json!({"id": id})).await
    }

    /// One project.
    pub(super) async fn project(&self, id: &str) -> Result<wire::Project, Failure> {
        ids::check(ids::PROJECT, id)?;
        self.read(Op::GetProject, id, &json!({"id": id})).await
    }
}
