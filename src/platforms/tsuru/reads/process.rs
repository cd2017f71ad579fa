//! One app in full: its processes, units and what they use.

use std::sync::Arc;

use super::fleet::brief;
use crate::model::{AppId, EnvId, Environment, Failure, Metric, Page, Text, Unit};
use crate::platforms::tsuru::api::Api;
use crate::platforms::tsuru::ids;
use crate::platforms::tsuru::map::{self, Around};
use crate::platforms::tsuru::memory::Kept;
use crate::platforms::tsuru::paths::Op;
use crate::platforms::tsuru::wire;

pub(in crate::platforms::tsuru) async fn processes(
    api: &Api,
    of: &AppId,
) -> Result<Page<Environment>, Failure> {
    let name = of.as_str();
    let (app, running, deploys) =
        tokio::join!(api.app(name), api.running(Some(name)), api.newest_deploys());
    let app = app?;
    let plans = api.plans_for(&app).await;
    let own_deploys = api.memory.deploys_of(name);
    Ok(Page::whole(map::processes(
        &app,
        &Around {
            running: &running,
            deploys: &deploys,
            own_deploys: &own_deploys,
            full: Some(&app),
            plans: &plans,
            now: api.http.now(),
            ..Around::default()
        },
    )))
}

pub(in crate::platforms::tsuru) async fn process(
    api: &Api,
    id: &EnvId,
) -> Result<Environment, Failure> {
    let place = ids::of_environment(id)?;
    let all = Box::pin(processes(api, &AppId::new(place.app))).await?;
    let found = all.items.into_iter().find(|process| process.id == *id);
    found.ok_or_else(|| Failure::NotFound {
        subject: Text::clean(&format!("process {}", id.as_str())),
    })
}

pub(in crate::platforms::tsuru) async fn units(
    api: &Api,
    of: &EnvId,
) -> Result<Page<Unit>, Failure> {
    let place = ids::of_environment(of)?;
    let app = api.app(place.app).await?;
    let units = map::units(&app, &around(&app, &[]), &place);
    Ok(Page::whole(units))
}

/// What units used, as far as it was seen: the platform tells what they use now.
pub(in crate::platforms::tsuru) async fn metrics(
    api: &Api,
    of: &EnvId,
) -> Result<Vec<Metric>, Failure> {
    let place = ids::of_environment(of)?;
    let app = api.app(place.app).await?;
    let plans = api.plans_for(&app).await;
    let samples = api.memory.samples(place.app);
    Ok(map::metrics(&app, &around(&app, &plans), &place, &samples))
}

fn around<'a>(app: &'a wire::App, plans: &'a [wire::Plan]) -> Around<'a> {
    Around {
        full: Some(app),
        plans,
        ..Around::default()
    }
}

impl Api {
    /// One app in full, which is remembered.
    pub(in crate::platforms::tsuru) async fn app(
        &self,
        name: &str,
    ) -> Result<Arc<wire::App>, Failure> {
        let app: wire::App = self.get(Op::AppGet, &[name], &[]).await?;
        let app = Arc::new(app);
        self.memory.remember_brief(&app.name, brief(&app));
        let sample = map::sample(&app);
        self.memory
            .remember_full(app.clone(), sample, self.http.now());
        Ok(app)
    }

    /// The plans, where a process has one of its own.
    async fn plans_for(&self, app: &wire::App) -> Kept<wire::Plan> {
        let mut processes = app.processes.iter().flatten();
        let of_app = app.plan.as_ref().map(|plan| plan.name.as_str());
        let has_own = |plan: &str| !plan.is_empty() && Some(plan) != of_app;
        if processes.any(|it| it.plan.as_deref().is_some_and(has_own)) {
            return self.known_plans().await;
        }
        Kept::default()
    }
}
