//! Deployments, events and runs of jobs.

use std::cmp::Reverse;

use crate::model::{
    Activity, AppId, Capability, Deployment, DeploymentId, DeploymentScope, EnvId, Failure, Job,
    JobRun, Page, PageRequest,
};
use crate::platforms::digitalocean::api::{Api, Filter};
use crate::platforms::digitalocean::decode::{Records, turned};
use crate::platforms::digitalocean::paging::Place;
use crate::platforms::digitalocean::paths::Op;
use crate::platforms::digitalocean::platform::DigitalOcean;
use crate::platforms::digitalocean::{ids, map, wire};

/// Each deployment carries the whole spec and its progress: larger pages have timed out.
const DEPLOYMENTS_AT_ONCE: u32 = 10;

/// The answer of the platform's edge to a page that took too long.
const TOOK_TOO_LONG: u16 = 524;

/// Every kind of deployment but what autoscaling began.
const SHOWN: [Filter<'_>; 6] = [
    ("deployment_types", "MANUAL"),
    ("deployment_types", "DEPLOY_ON_PUSH"),
    ("deployment_types", "MAINTENANCE"),
    ("deployment_types", "MANUAL_ROLLBACK"),
    ("deployment_types", "AUTO_ROLLBACK"),
    ("deployment_types", "UPDATE_DATABASE_TRUSTED_SOURCES"),
];

impl DigitalOcean {
    pub(in crate::platforms::digitalocean) async fn read_deployments(
        &self,
        scope: &DeploymentScope,
        page: &PageRequest,
    ) -> Result<Page<Deployment>, Failure> {
        let app = match scope {
            DeploymentScope::App(app) => ids::of_app(app)?,
            DeploymentScope::Environment(env) => ids::of_environment(env)?.0,
        };
        let wanted = Place::of(page, DEPLOYMENTS_AT_ONCE);
        let (place, found) = self.api.deployments(app, wanted).await?;
        let mut found: Page<wire::Deployment> = turned(Op::ListDeployments, found, place, Some)?;
        self.api.remember_ends(app, &found.items);
        found.items.retain(|wire| !map::is_autoscaled(wire));
        found.items.sort_by_key(|wire| Reverse(*wire.created_at));
        Ok(found.map(|wire| map::deployment(app, &wire)))
    }

    pub(in crate::platforms::digitalocean) async fn read_deployment(
        &self,
        id: &DeploymentId,
    ) -> Result<Deployment, Failure> {
        let (app, id) = ids::of_deployment(id)?;
        let wire: wire::Deployment = self.api.get(Op::GetDeployment, &[app, id]).await?;
        Ok(map::deployment(app, &wire))
    }

    pub(in crate::platforms::digitalocean) async fn read_activity(
        &self,
        of: Option<&AppId>,
        page: &PageRequest,
    ) -> Result<Page<Activity>, Failure> {
        let Some(app) = of else {
            return Err(Failure::unsupported(
                Capability::ListActivity,
                "App Platform keeps events for each app: choose one",
            ));
        };
        let app = ids::of_app(app)?;
        let map = |wire: wire::Event| Some(map::event(app, &wire));
        let place = Place::of(page, DEPLOYMENTS_AT_ONCE * 2);
        let found = self.api.records(Op::ListEvents, &[app], &[], place).await?;
        let mut found = turned(Op::ListEvents, found, place, map)?;
        found.items.sort_by_key(|entry| Reverse(entry.at));
        Ok(found)
    }

    /// Jobs with when they last ran, where that can be read.
    pub(in crate::platforms::digitalocean) async fn read_jobs(
        &self,
        of: &EnvId,
    ) -> Result<Page<Job>, Failure> {
        let (app, component) = ids::of_environment(of)?;
        let record = self.api.app(app).await?;
        let jobs = map::jobs(&record, component);
        let runs = if jobs.is_empty() {
            Vec::new()
        } else {
            self.api.known_runs(app).await
        };
        let jobs = jobs.into_iter().filter_map(|job| map::job(app, job, &runs));
        Ok(Page::whole(jobs.collect()))
    }

    /// Runs of the job that a component is, or of all jobs of its app.
    pub(in crate::platforms::digitalocean) async fn read_job_runs(
        &self,
        of: &EnvId,
        page: &PageRequest,
    ) -> Result<Page<JobRun>, Failure> {
        let (app, component) = ids::of_environment(of)?;
        let record = self.api.app(app).await?;
        let jobs = map::jobs(&record, component);
        let own = [("job_names", component)];
        let is_job = matches!(jobs.as_slice(), [job] if job.name.as_deref() == Some(component));
        let filters = if is_job { &own[..] } else { &[] };
        self.api.job_runs(app, filters, page).await
    }
}

impl Api {
    /// A page of deployments, and where it turned out to be. A page that took too long is asked for
    /// once more, half as long.
    async fn deployments(&self, app: &str, wanted: Place) -> Result<(Place, Records), Failure> {
        let ids = [app];
        let read = |place| self.records(Op::ListDeployments, &ids, &SHOWN, place);
        match read(wanted).await {
            Err(Failure::Server {
                status: TOOK_TOO_LONG,
                message,
                request_id,
            }) => match wanted.halved() {
                Some(half) => Ok((half, read(half).await?)),
                None => Err(Failure::Server {
                    status: TOOK_TOO_LONG,
                    message,
                    request_id,
                }),
            },
            read => Ok((wanted, read?)),
        }
    }

    /// The newest runs; none where they cannot be read.
    async fn known_runs(&self, app: &str) -> Vec<JobRun> {
        match self.job_runs(app, &[], &PageRequest::first()).await {
            Ok(page) => page.items,
            Err(failure) => {
                tracing::debug!(%failure, "when jobs last ran is not known");
                Vec::new()
            }
        }
    }

    async fn job_runs(
        &self,
        app: &str,
        filters: &[Filter<'_>],
        page: &PageRequest,
    ) -> Result<Page<JobRun>, Failure> {
        let map = |wire: wire::JobInvocation| map::job_run(app, &wire);
        let op = Op::ListJobInvocations;
        let mut found = self.page(op, &[app], filters, page, map).await?;
        found
            .items
            .sort_by_key(|run| Reverse(run.created_at.or(run.started_at)));
        Ok(found)
    }
}
