//! The deployments of a project. Source: PandaStack contract, section 7.1.

use std::time::Duration;

use jiff::Timestamp;

use super::map::UUID;
use super::memory::Newest;
use crate::model::{Deployment, DeploymentId, Failure, Page, PageRequest, Phase, Text};
use crate::platforms::pandastack::api::Api;
use crate::platforms::pandastack::decode::{self, Of, Record};
use crate::platforms::pandastack::ids::{self, Which};
use crate::platforms::pandastack::map::short;
use crate::platforms::pandastack::paths::Op;
use crate::platforms::pandastack::words::State;

/// When a deployment ended, under whatever name.
const ENDED: &[&str] = &["completedat", "finishedat", "endedat"];

/// What is known of the deployments of a project, newest first.
pub(in crate::platforms::pandastack) struct History {
    pub(in crate::platforms::pandastack) items: Vec<Deployment>,
    /// How many there are in all: more than are here where the platform lists a part of them.
    total: u64,
}

impl History {
    /// The UUID of the newest.
    pub(super) fn newest(&self) -> Option<String> {
        self.items.first().and_then(uuid)
    }
}

/// The deployments of a project, newest first.
///
/// # Errors
/// As any read.
pub(in crate::platforms::pandastack) async fn deployments(
    api: &Api,
    name: &str,
    page: PageRequest,
) -> Result<Page<Deployment>, Failure> {
    let History { mut items, total } = history(api, name).await?;
    if let Some(limit) = page.limit {
        items.truncate(limit as usize);
    }
    Ok(Page {
        items,
        next: None,
        total: Some(total),
    })
}

/// One of them.
///
/// # Errors
/// As any read; `NotFound`.
pub(in crate::platforms::pandastack) async fn deployment(
    api: &Api,
    id: &DeploymentId,
) -> Result<Deployment, Failure> {
    let (app, uuid) = ids::of_deployment(id)?;
    let missing = || Failure::NotFound {
        subject: Text::clean(&format!("deployment {uuid}")),
    };
    let Which::Project(name) = ids::of_app(&app) else {
        return Err(missing());
    };
    let mut all = history(api, name).await?.items.into_iter();
    all.find(|it| it.id == *id).ok_or_else(missing)
}

/// The newest deployment of a project, as it was seen within this time, or as the platform says.
///
/// # Errors
/// As any read.
pub(in crate::platforms::pandastack) async fn newest(
    api: &Api,
    name: &str,
    within: Duration,
) -> Result<Option<String>, Failure> {
    if let Some(Newest(known)) = api.projects.newest(name, within) {
        return Ok(known);
    }
    Ok(history(api, name).await?.newest())
}

/// Whether nothing more will happen in a deployment; so it is with one that nobody knows.
///
/// # Errors
/// As any read.
pub(in crate::platforms::pandastack) async fn is_over(
    api: &Api,
    name: &str,
    uuid: &str,
) -> Result<bool, Failure> {
    let id = ids::deployment(&ids::project(name), uuid);
    let all = history(api, name).await?.items;
    let found = all.iter().find(|it| it.id == id);
    Ok(found.is_none_or(|it| it.phase.is_final()))
}

/// All of them.
///
/// # Errors
/// As any read.
pub(in crate::platforms::pandastack) async fn history(
    api: &Api,
    name: &str,
) -> Result<History, Failure> {
    let records = api.ask(Op::ListDeployments, &[name]).await?.records();
    let listed = records.items.iter();
    let mut items: Vec<_> = listed.filter_map(|it| map(name, it)).collect();
    replaced(&mut items);
    let listed = items.len() as u64;
    let total = records.total.map_or(listed, |total| total.max(listed));
    let history = History { items, total };
    api.projects.saw_newest(name, history.newest().as_deref());
    Ok(history)
}

/// The first that came after another one: what is newer than that came later still.
pub(in crate::platforms::pandastack) fn first_after<'a>(
    all: &'a [Deployment],
    before: Option<&str>,
) -> Option<&'a Deployment> {
    let is_new = |it: &&Deployment| uuid(it).as_deref() != before;
    all.iter().take_while(is_new).last()
}

fn uuid(deployment: &Deployment) -> Option<String> {
    let (_, uuid) = ids::of_deployment(&deployment.id).ok()?;
    Some(uuid.to_owned())
}

fn map(project: &str, record: &Record) -> Option<Deployment> {
    let uuid = record.text(UUID)?;
    let app = ids::project(project);
    let state = State::told(record, Of::Deployment);
    let phase = state
        .as_ref()
        .map_or_else(|| Phase::Other("state not told".into()), State::phase);
    let started_at = record.created_at();
    let ended_at = ended_at(record).filter(|_| phase.is_final());
    let took = started_at.zip(ended_at);
    let took = took.and_then(|(from, to)| Duration::try_from(to.duration_since(from)).ok());
    Some(Deployment {
        environment: Some(ids::environment(&app)),
        by: record.text(&["createdby", "triggeredby", "author"]),
        cause: record.text(&["trigger", "source"]),
        commit: record.text(&["commit", "commithash", "commitsha"]),
        message: record.text(&["commitmessage"]),
        started_at,
        ended_at,
        duration: took,
        reason: record.error(),
        app: Some(app.clone()),
        ..Deployment::new(
            ids::deployment(&app, uuid.as_str()),
            short(uuid.as_str()),
            phase,
        )
    })
}

fn ended_at(record: &Record) -> Option<Timestamp> {
    let ended = ENDED.iter();
    let mut ended = ended.filter_map(|name| decode::moment(record.value(name)?));
    ended.next().or_else(|| record.updated_at())
}

/// The newest one that went well is what runs; those before it were replaced.
fn replaced(all: &mut [Deployment]) {
    let mut good = all.iter_mut().filter(|it| it.phase == Phase::Succeeded);
    if let Some(current) = good.next() {
        current.is_current = true;
    }
    good.for_each(|it| it.phase = Phase::Replaced);
}
