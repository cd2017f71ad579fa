//! Apps and components: two questions, one list.

mod data;
mod history;

use std::collections::HashMap;
use std::sync::Arc;

use super::api::Api;
use super::decode::turned;
use super::memory::{Apps, KnownProject, Newest, Projects, Pulses};
use super::paging::Place;
use super::paths::Op;
use super::platform::DigitalOcean;
use super::{ids, map, wire};
use crate::model::{App, AppId, EnvId, Environment, Failure, Page, PageRequest, Text};
use crate::platforms::rounds::Asked;

/// Apps at once: each carries up to four deployments.
const APPS_AT_ONCE: u32 = 50;

/// So many apps of a page are asked how their newest deployment ended; the others wait for the next
/// round.
const ASKED_A_ROUND: usize = 4;

impl DigitalOcean {
    pub(super) async fn read_apps(&self, page: &PageRequest) -> Result<Page<App>, Failure> {
        let (found, projects) = self.around_apps(page).await?;
        let list = self.kept(&found);
        Ok(self.page_of(
            &found,
            list.map(|app| self.with_around(app, &projects, |around| map::app(app, around)))
                .collect(),
        ))
    }

    pub(super) async fn read_all_components(
        &self,
        page: &PageRequest,
    ) -> Result<Page<Environment>, Failure> {
        let (found, projects) = self.around_apps(page).await?;
        let list = self.kept(&found);
        let components = list
            .flat_map(|app| self.with_around(app, &projects, |it| map::components(app, it)))
            .collect();
        Ok(Page {
            // It counts apps.
            total: None,
            ..self.page_of(&found, components)
        })
    }

    /// Whether a page of apps was just read, or is being read.
    pub(super) fn has_apps(&self, page: &PageRequest) -> bool {
        let memory = &self.api.memory;
        let slot = memory.apps(Place::of(page, APPS_AT_ONCE));
        memory.rounds.is_at_hand(&slot)
    }

    /// The components of one app, with how they do.
    pub(super) async fn read_components(&self, of: &AppId) -> Result<Page<Environment>, Failure> {
        let id = ids::of_app(of)?;
        // The app first: where it is not told, nothing more is asked for.
        let app = self.api.app(id).await?;
        let (pulses, projects) = tokio::join!(self.api.pulses(id), self.api.projects());
        if let Some(pulses) = pulses {
            self.api.memory.remember_pulses(id, pulses);
        }
        self.api.explain(std::slice::from_ref(&app)).await;
        let components = self.with_around(&app, &projects, |it| map::components(&app, it));
        Ok(Page::whole(components))
    }

    pub(super) async fn read_component(&self, id: &EnvId) -> Result<Environment, Failure> {
        let (app, _) = ids::of_environment(id)?;
        let all = self.read_components(&AppId::new(app)).await?;
        let found = all.items.into_iter().find(|component| component.id == *id);
        found.ok_or_else(|| ids::missing(id.as_str(), "component"))
    }

    async fn around_apps(&self, page: &PageRequest) -> Result<(Apps, Projects), Failure> {
        let place = Place::of(page, APPS_AT_ONCE);
        let (found, projects) = tokio::join!(self.api.apps_page(place), self.api.projects());
        Ok((found?, projects))
    }

    /// The apps of the project that is kept to, or all.
    fn kept<'a>(&self, found: &'a Apps) -> impl Iterator<Item = &'a wire::App> {
        let only = self.api.organisation.clone();
        found.items.iter().filter(move |app| {
            let is_in = |id: &crate::model::OrgId| app.project_id.as_deref() == Some(id.as_str());
            only.as_ref().is_none_or(is_in)
        })
    }

    fn page_of<T>(&self, found: &Apps, items: Vec<T>) -> Page<T> {
        Page {
            items,
            next: found.next.clone(),
            total: found.total.filter(|_| self.api.organisation.is_none()),
        }
    }

    fn with_around<T>(
        &self,
        app: &wire::App,
        projects: &Projects,
        make: impl FnOnce(&map::Around<'_>) -> T,
    ) -> T {
        let memory = &self.api.memory;
        let newest = map::unexplained(app).and_then(|at| memory.newest(&app.id, at));
        let pulses = memory.pulses(&app.id).unwrap_or_default();
        make(&map::Around {
            projects,
            pulses: &pulses,
            newest: newest.as_ref(),
            has_panel: self.api.has_panel(),
        })
    }
}

impl Api {
    /// One app.
    pub(super) async fn app(&self, id: &str) -> Result<wire::App, Failure> {
        let app: wire::App = self.get(Op::GetApp, &[id]).await?;
        self.memory.remember_databases(&app);
        Ok(app)
    }

    /// Whether links to the platform's own control panel make sense.
    pub(super) fn has_panel(&self) -> bool {
        self.http.base().host_str() == Some("api.digitalocean.com")
    }

    /// A page of apps. Who asks for the same page at nearly the same time gets the same answer.
    async fn apps_page(&self, place: Place) -> Result<Apps, Failure> {
        let slot = self.memory.apps(place);
        let mut asked = slot.lock().await;
        if let Some(page) = self.memory.rounds.of_round(asked.as_ref()) {
            return page;
        }
        let now = self.memory.rounds.now();
        let page = self.ask_apps(place).await;
        if matches!(page, Ok(_) | Err(Failure::RateLimited { .. })) {
            *asked = Some(Asked::new(now, page.clone()));
        }
        page
    }

    async fn ask_apps(&self, place: Place) -> Result<Apps, Failure> {
        let filters = [("with_projects", "true")];
        let found = self.records(Op::ListApps, &[], &filters, place).await?;
        let page: Page<wire::App> = turned(Op::ListApps, found, place, Some)?;
        for app in &page.items {
            self.memory.remember_databases(app);
        }
        self.explain(&page.items).await;
        Ok(Arc::new(page))
    }

    /// Asks how the newest deployments ended that the apps themselves do not tell of. Once for each
    /// of them; without an answer it is not known, and nothing fails.
    async fn explain(&self, apps: &[wire::App]) {
        let unknown = apps.iter().filter_map(|app| {
            let at = map::unexplained(app)?;
            self.memory.newest(&app.id, at).is_none().then_some(app)
        });
        for app in unknown.take(ASKED_A_ROUND) {
            let place = Place {
                page: 1,
                per_page: 1,
            };
            let op = Op::ListDeployments;
            let found = self.records(op, &[&app.id], &[], place).await;
            match found.and_then(|found| turned(op, found, place, Some)) {
                Ok(Page { items, .. }) => self.remember_ends(&app.id, &items),
                Err(failure) => tracing::debug!(%failure, "how a deployment ended is not known"),
            }
        }
    }

    fn remember_ends(&self, app: &str, deployments: &[wire::Deployment]) {
        for wire in deployments {
            let phase = map::phase(wire);
            if let Some(created_at) = wire.created_at.filter(|_| phase.is_final()) {
                self.memory
                    .remember_newest(app, Newest { created_at, phase });
            }
        }
    }

    /// How the components of an app do; absent where that cannot be read.
    async fn pulses(&self, app: &str) -> Option<Pulses> {
        let read: Result<wire::Health, _> = self.get(Op::GetHealth, &[app]).await;
        match read {
            Ok(health) => {
                let components = health.components.iter().flatten();
                let pulses: HashMap<_, _> = components.filter_map(map::pulse).collect();
                Some(Arc::new(pulses))
            }
            Err(failure) => {
                tracing::debug!(%failure, "the health of an app is not known");
                None
            }
        }
    }

    /// Names and purposes of the projects; none where the token may not read them.
    async fn projects(&self) -> Projects {
        let _turn = self.memory.projects_turn.lock().await;
        if let Some(known) = self.memory.projects() {
            return known;
        }
        let read: Result<Vec<wire::Project>, _> = self.all(Op::ListProjects, &[], &[]).await;
        match read {
            Ok(projects) => self.memory.remember_projects(known(&projects)),
            Err(failure) => {
                tracing::debug!(%failure, "the projects are not known");
                self.memory.remember_projects(HashMap::new())
            }
        }
    }
}

fn known(projects: &[wire::Project]) -> HashMap<String, KnownProject> {
    let known = projects.iter().map(|project| {
        let name = project.name.as_deref().and_then(Text::non_empty);
        let known = KnownProject {
            name: name.unwrap_or_else(|| Text::clean(&project.id)),
            class: map::class(project),
        };
        (project.id.clone(), known)
    });
    known.collect()
}
