//! Apps and all their processes: two questions, one list, and what goes on with them.

use std::collections::HashMap;
use std::future::Future;
use std::sync::Arc;
use std::time::Duration;

use crate::model::{App, Environment, Failure, Page};
use crate::platforms::rounds::{Asked, Slot};
use crate::platforms::tsuru::api::{Api, of_app};
use crate::platforms::tsuru::map::{self, Around};
use crate::platforms::tsuru::memory::{Brief, DEPLOYS_HOLD, Fleet, Kept, PLANS_HOLD};
use crate::platforms::tsuru::paths::Op;
use crate::platforms::tsuru::wire;

/// Events carry their logs.
const EVENTS: &str = "20";

/// As many as the platform gives at once.
const DEPLOYS: &str = "100";

/// What only adds to an answer does not hold it up for longer.
const PATIENCE: Duration = Duration::from_secs(5);

pub(in crate::platforms::tsuru) async fn apps(api: &Api) -> Result<Page<App>, Failure> {
    let fleet = Box::pin(api.fleet()).await?;
    let apps = fleet.apps.iter();
    let apps = apps.filter_map(|app| api.around(app, &fleet, |around| map::app(app, around)));
    Ok(Page::whole(apps.collect()))
}

pub(in crate::platforms::tsuru) async fn all_processes(
    api: &Api,
) -> Result<Page<Environment>, Failure> {
    let fleet = Box::pin(api.fleet()).await?;
    let apps = fleet.apps.iter();
    let all = apps.flat_map(|app| api.around(app, &fleet, |it| map::processes(app, it)));
    Ok(Page::whole(all.collect()))
}

/// Whether the apps were just read, or are being read.
pub(in crate::platforms::tsuru) fn has_apps(api: &Api) -> bool {
    api.memory.rounds.is_at_hand(&api.memory.fleet)
}

impl Api {
    /// The apps. Who asks at nearly the same time gets the same answer.
    async fn fleet(&self) -> Result<Arc<Fleet>, Failure> {
        let mut asked = self.memory.fleet.lock().await;
        if let Some(fleet) = self.memory.rounds.of_round(asked.as_ref()) {
            return Ok(fleet);
        }
        let now = self.memory.rounds.now();
        let (apps, running, deploys) =
            tokio::join!(self.app_list(), self.running(None), self.newest_deploys());
        let apps = apps?;
        let briefs = apps.iter().map(|app| (app.name.clone(), brief(app)));
        self.memory
            .remember_briefs(briefs.collect::<HashMap<_, _>>());
        let fleet = Arc::new(Fleet {
            apps,
            running,
            deploys,
        });
        *asked = Some(Asked::new(now, fleet.clone()));
        Ok(fleet)
    }

    /// The apps of the team that is kept to, or all.
    async fn app_list(&self) -> Result<Vec<wire::App>, Failure> {
        let team = self.organisation.as_ref().map(crate::model::OrgId::as_str);
        let mut query = vec![("extended", "true")];
        query.extend(team.map(|team| ("teamOwner", team)));
        let mut apps: Vec<wire::App> = self.list(Op::AppList, &[], &query).await?;
        apps.retain(|app| team.is_none_or(|team| app.team_owner.as_deref() == Some(team)));
        Ok(apps)
    }

    /// What goes on with an app, or with all; nothing where that cannot be read.
    pub(super) async fn running(&self, app: Option<&str>) -> Vec<wire::Event> {
        let read = self.under_way(app);
        soon("what goes on", read).await.unwrap_or_default()
    }

    /// Events under way, of an app or of all.
    pub(in crate::platforms::tsuru) async fn under_way(
        &self,
        app: Option<&str>,
    ) -> Result<Vec<wire::Event>, Failure> {
        let mut query = vec![("running", "true"), ("limit", EVENTS)];
        query.extend(app.into_iter().flat_map(of_app));
        self.list(Op::EventList, &[], &query).await
    }

    /// The newest deploys of all apps; none where they cannot be read.
    pub(super) async fn newest_deploys(&self) -> Kept<wire::Deploy> {
        let query = [("limit", DEPLOYS)];
        let read = self.list(Op::DeployList, &[], &query);
        let read = soon("who released what", read);
        self.kept(&self.memory.deploys, DEPLOYS_HOLD, read).await
    }

    /// The plans; none where they cannot be read.
    pub(super) async fn known_plans(&self) -> Kept<wire::Plan> {
        let read = soon("the plans", self.list(Op::PlanList, &[], &[]));
        self.kept(&self.memory.plans, PLANS_HOLD, read).await
    }

    /// Records that are asked for once in a while; none where they cannot be read.
    async fn kept<W>(
        &self,
        slot: &Slot<Kept<W>>,
        holds: Duration,
        read: impl Future<Output = Option<Vec<W>>>,
    ) -> Kept<W> {
        let mut asked = slot.lock().await;
        if let Some(records) = self.memory.rounds.fresh(asked.as_ref(), holds) {
            return records;
        }
        let now = self.memory.rounds.now();
        let records: Kept<W> = Arc::new(read.await.unwrap_or_default());
        *asked = Some(Asked::new(now, records.clone()));
        records
    }

    /// Makes something of an app of a list, with what is known around it.
    fn around<T>(&self, app: &wire::App, fleet: &Fleet, make: impl FnOnce(&Around<'_>) -> T) -> T {
        let full = self.memory.full(&app.name);
        let measured = self.memory.measured(&app.name);
        let measured = measured.as_ref().and_then(|it| it.units_metrics.as_deref());
        let own_deploys = self.memory.deploys_of(&app.name);
        make(&Around {
            running: &fleet.running,
            deploys: &fleet.deploys,
            own_deploys: &own_deploys,
            full: full.as_deref(),
            measured: measured.unwrap_or_default(),
            plans: &[],
            now: self.http.now(),
        })
    }
}

/// What others are told of an app.
pub(super) fn brief(app: &wire::App) -> Brief {
    let word = |field: &Option<String>| field.clone().filter(|word| !word.is_empty());
    Brief {
        team: word(&app.team_owner),
        pool: word(&app.pool),
        versions: map::versions(app),
    }
}

/// What only adds to an answer: without it, less is known and nothing fails.
pub(super) async fn soon<T>(
    what: &str,
    read: impl Future<Output = Result<T, Failure>>,
) -> Option<T> {
    match tokio::time::timeout(PATIENCE, read).await {
        Ok(Ok(answer)) => Some(answer),
        Ok(Err(failure)) => {
            tracing::debug!(%failure, what, "not known");
            None
        }
        Err(_) => {
            tracing::debug!(what, "not known in time");
            None
        }
    }
}
