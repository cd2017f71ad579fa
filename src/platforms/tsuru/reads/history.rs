//! Deploys, events and event blocks.

use std::sync::Arc;

use super::fleet::{brief, soon};
use crate::model::{
    Activity, AppId, Deployment, DeploymentId, DeploymentScope, Failure, MaintenanceRun, Page,
    PageRequest,
};
use crate::platforms::tsuru::api::{Api, of_app};
use crate::platforms::tsuru::ids;
use crate::platforms::tsuru::map::{self, Place, Verdict};
use crate::platforms::tsuru::memory::Brief;
use crate::platforms::tsuru::paging::Slice;
use crate::platforms::tsuru::paths::Op;
use crate::platforms::tsuru::wire;

/// Entries at once: events carry their whole logs.
const AT_ONCE: u32 = 20;

/// So many deploys of a page are asked how they ended; the others wait for the next round.
const ASKED_A_ROUND: usize = 4;

pub(in crate::platforms::tsuru) async fn deploys(
    api: &Api,
    of: &DeploymentScope,
    page: PageRequest,
) -> Result<Page<Deployment>, Failure> {
    let app = match of {
        DeploymentScope::App(app) => app.as_str(),
        DeploymentScope::Environment(process) => ids::of_environment(process)?.app,
    };
    let slice = Slice::of(&page, AT_ONCE);
    let (found, versions) = tokio::join!(api.deploys(app, slice), api.versions(app));
    let found = found?;
    let verdicts = api.verdicts(&found).await;
    // Of a later page nothing is current: what is stands in the first.
    let current = if slice.skip == 0 {
        map::current(&found, &versions)
    } else {
        Vec::new()
    };
    let deploys = found.iter().zip(verdicts);
    let deploys = deploys.map(|(wire, verdict)| map::deploy(wire, verdict, Some(&current)));
    let page = slice.page(deploys.collect(), found.len());
    if slice.skip == 0 {
        api.memory.remember_deploys(app, Arc::new(found));
    }
    Ok(page)
}

/// A deploy with what its event says; the log is told elsewhere.
pub(in crate::platforms::tsuru) async fn deploy(
    api: &Api,
    id: &DeploymentId,
) -> Result<Deployment, Failure> {
    let ids = [id.as_str()];
    let read = api.get::<wire::Deploy>(Op::DeployInfo, &ids, &[]);
    let (wire, verdict) = tokio::join!(read, api.verdict(id.as_str()));
    Ok(map::deploy(&wire?, verdict, None))
}

pub(in crate::platforms::tsuru) async fn events(
    api: &Api,
    of: Option<&AppId>,
    page: PageRequest,
) -> Result<Page<Activity>, Failure> {
    let slice = Slice::of(&page, AT_ONCE);
    let (skip, limit) = (slice.skip.to_string(), slice.limit.to_string());
    let mut query = vec![("limit", limit.as_str())];
    if slice.skip > 0 {
        query.push(("skip", &skip));
    }
    if let Some(app) = of {
        query.extend(of_app(app.as_str()));
    }
    let found: Vec<wire::Event> = api.list(Op::EventList, &[], &query).await?;
    let kept = found.iter().map(map::event);
    let kept = kept.filter(|entry| of.is_some() || api.is_kept(entry));
    Ok(slice.page(kept.collect(), found.len()))
}

pub(in crate::platforms::tsuru) async fn blocks(
    api: &Api,
    of: Option<&AppId>,
) -> Result<Page<MaintenanceRun>, Failure> {
    let known = of.and_then(|app| api.memory.brief(app.as_str()));
    let pool = known.and_then(|brief| brief.pool);
    let mut found = api
        .whole(Op::EventBlocks, &[], &[], |wire: wire::Block| {
            let place = of.map(|app| Place {
                app: app.as_str(),
                pool: pool.as_deref(),
            });
            let is_meant = place.is_none_or(|place| map::block_concerns(&wire, &place));
            is_meant.then(|| map::block(&wire, of))
        })
        .await?;
    found.items.sort_by_key(|block| !block.can_cancel);
    Ok(found)
}

impl Api {
    /// Deploys of an app, newest first.
    pub(in crate::platforms::tsuru) async fn deploys(
        &self,
        app: &str,
        slice: Slice,
    ) -> Result<Vec<wire::Deploy>, Failure> {
        let (skip, limit) = (slice.skip.to_string(), slice.limit.to_string());
        let mut query = vec![("app", app), ("limit", limit.as_str())];
        if slice.skip > 0 {
            query.push(("skip", &skip));
        }
        let mut found: Vec<wire::Deploy> = self.list(Op::DeployList, &[], &query).await?;
        // An older server may answer for all apps.
        found.retain(|deploy| deploy.app.as_deref().is_none_or(|of| of == app));
        Ok(found)
    }

    /// One event.
    pub(in crate::platforms::tsuru) async fn event(
        &self,
        id: &str,
    ) -> Result<wire::Event, Failure> {
        self.get(Op::EventInfo, &[id], &[]).await
    }

    /// Which versions of an app get requests; none where that cannot be read.
    async fn versions(&self, app: &str) -> Vec<i64> {
        if let Some(Brief { versions, .. }) = self.memory.brief(app) {
            return versions;
        }
        let app = soon("what gets requests", self.app(app)).await;
        app.map(|app| brief(&app).versions).unwrap_or_default()
    }

    /// What the events of deploys say, where that matters: of those that run, and once of those that
    /// did not end well, to tell what failed from what was cancelled.
    async fn verdicts(&self, deploys: &[wire::Deploy]) -> Vec<Option<Verdict>> {
        let mut left = ASKED_A_ROUND;
        let mut verdicts = Vec::with_capacity(deploys.len());
        for deploy in deploys {
            let known = self.memory.end(&deploy.id);
            let must_ask = known.is_none() && !map::has_succeeded(deploy) && left > 0;
            let asked = if must_ask {
                left -= 1;
                self.verdict(&deploy.id).await
            } else {
                None
            };
            verdicts.push(known.or(asked));
        }
        verdicts
    }

    /// What the event of a deploy says; absent where it cannot be read. An end stays what it is.
    async fn verdict(&self, id: &str) -> Option<Verdict> {
        if let Some(end) = self.memory.end(id) {
            return Some(end);
        }
        let event = soon("how a deploy does", self.event(id)).await?;
        let verdict = map::verdict(&event);
        if verdict.is_final() {
            self.memory.remember_end(id, verdict);
        }
        Some(verdict)
    }

    /// Whether an event is of the team that is kept to, as far as that is known.
    fn is_kept(&self, entry: &Activity) -> bool {
        let app = entry.app.as_ref().filter(|_| self.organisation.is_some());
        app.is_none_or(|app| self.memory.brief(app.as_str()).is_some())
    }
}
