//! Reading projects. Source: PandaStack contract, section 7.1.

use std::collections::HashSet;

use super::map::Project;
use crate::model::{Failure, Safety, Text};
use crate::platforms::pandastack::api::Api;
use crate::platforms::pandastack::decode::{Payload, Records};
use crate::platforms::pandastack::paths::Op;

/// How many are asked for at once.
const PAGE_SIZE: u64 = 100;

/// More pages are not read, whatever the server says of further ones.
const MOST_PAGES: u64 = 100;

/// All projects.
///
/// # Errors
/// As any read.
pub(in crate::platforms::pandastack) async fn list(api: &Api) -> Result<Vec<Project>, Failure> {
    let (mut projects, mut names): (Vec<Project>, HashSet<Text>) = (Vec::new(), HashSet::new());
    let mut came = 0;
    for number in 1..=MOST_PAGES {
        let page = page(api, number).await?;
        came += (page.items.len() + page.skipped) as u64;
        let known = projects.len();
        let found = page.items.iter().filter_map(Project::of);
        projects.extend(found.filter(|project| names.insert(project.name.clone())));
        // A server that knows no pages sends the same one for ever.
        if projects.len() == known || !has_more(&page, number, came) {
            break;
        }
    }
    for project in &projects {
        note(api, project);
    }
    Ok(projects)
}

/// One project.
///
/// # Errors
/// As any read; `NotFound`.
pub(super) async fn project(api: &Api, name: &str) -> Result<Project, Failure> {
    let reply = api.read(Op::GetProject, &[name]).await?;
    let project = Project::of(&Payload::of(&reply)?.record());
    let project = project.ok_or_else(|| Failure::Decode {
        endpoint: Text::clean(Op::GetProject.row().operation),
        path: Text::clean("name"),
        expected: Text::clean("a project"),
        found: Text::clean("no name"),
    })?;
    note(api, &project);
    Ok(project)
}

async fn page(api: &Api, number: u64) -> Result<Records, Failure> {
    let (number, size) = (number.to_string(), PAGE_SIZE.to_string());
    let call = api.call(Op::ListProjects, &[], Safety::Read).await?;
    let call = call.query([("page", number.as_str()), ("pageSize", size.as_str())]);
    let reply = api.send(call).await?;
    Ok(Payload::of(&reply)?.records())
}

/// Whether there is a page after this one: by the number of all, or else because it is full.
fn has_more(page: &Records, number: u64, came: u64) -> bool {
    page.total
        .map_or(came >= number * PAGE_SIZE, |total| came < total)
}

/// What is seen of a project is good to know for who follows its log.
fn note(api: &Api, project: &Project) {
    if let Some(uuid) = &project.deployment {
        let name = project.name.as_str();
        api.projects.saw_newest(name, Some(uuid.as_str()));
    }
}
