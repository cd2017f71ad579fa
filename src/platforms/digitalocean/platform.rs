//! DigitalOcean as a [`Platform`]: which question goes to which operation.

use std::sync::Arc;

use super::api::Api;
use super::paths::Op;
use super::support::support;
use super::{PROFILE, console, ids, lost, map, operate, preview, progress, tail, wire};
use crate::model::{
    Accepted, Account, Activity, Alert, App, AppId, Backup, BackupId, Budget, Capability,
    Deployment, DeploymentId, DeploymentScope, Domain, EnvId, Environment, Failure, Follow,
    Followed, InstanceSize, Job, JobRun, Metric, Operation, Organisation, Page, PageRequest,
    Preview, Profile, Query, Region, Revision, Safety, Service, Support, TailRequest, Unit,
    Variable, Witness,
};
use crate::platforms::{Answer, Console, Found, Output, Platform, Tail};

/// DigitalOcean for one account.
pub(super) struct DigitalOcean {
    pub(super) api: Arc<Api>,
}

impl Platform for DigitalOcean {
    fn profile(&self) -> &'static Profile {
        &PROFILE
    }

    fn support(&self, capability: Capability) -> Support {
        support(capability)
    }

    fn budget(&self) -> Option<Budget> {
        self.api.http.budget()
    }

    fn is_at_hand(&self, query: &Query, page: &PageRequest) -> bool {
        matches!(query, Query::Apps | Query::AllEnvironments) && self.has_apps(page)
    }

    fn account(&self) -> Answer<'_, Account> {
        Box::pin(async move {
            let account: wire::Account = self.api.get(Op::GetAccount, &[]).await?;
            Ok(map::account(&account))
        })
    }

    fn organisations(&self, page: PageRequest) -> Answer<'_, Page<Organisation>> {
        Box::pin(async move {
            let map = |wire: wire::Project| Some(map::organisation(&wire));
            self.api.page(Op::ListProjects, &[], &[], &page, map).await
        })
    }

    fn apps(&self, page: PageRequest) -> Answer<'_, Page<App>> {
        Box::pin(async move { self.read_apps(&page).await })
    }

    fn all_environments(&self, page: PageRequest) -> Answer<'_, Page<Environment>> {
        Box::pin(async move { self.read_all_components(&page).await })
    }

    fn environments<'a>(
        &'a self,
        of: &'a AppId,
        _page: PageRequest,
    ) -> Answer<'a, Page<Environment>> {
        Box::pin(self.read_components(of))
    }

    fn environment<'a>(&'a self, id: &'a EnvId) -> Answer<'a, Environment> {
        Box::pin(self.read_component(id))
    }

    fn deployments<'a>(
        &'a self,
        of: &'a DeploymentScope,
        page: PageRequest,
    ) -> Answer<'a, Page<Deployment>> {
        Box::pin(async move { self.read_deployments(of, &page).await })
    }

    fn deployment<'a>(&'a self, id: &'a DeploymentId) -> Answer<'a, Deployment> {
        Box::pin(self.read_deployment(id))
    }

    fn backups<'a>(&'a self, of: &'a EnvId, _page: PageRequest) -> Answer<'a, Page<Backup>> {
        Box::pin(self.read_backups(of))
    }

    fn backup<'a>(&'a self, id: &'a BackupId) -> Answer<'a, Backup> {
        Box::pin(self.read_backup(id))
    }

    fn variables<'a>(&'a self, of: &'a EnvId, _page: PageRequest) -> Answer<'a, Page<Variable>> {
        Box::pin(self.read_variables(of))
    }

    fn domains<'a>(&'a self, of: &'a EnvId, _page: PageRequest) -> Answer<'a, Page<Domain>> {
        Box::pin(async move {
            let (app, _) = ids::of_environment(of)?;
            let app = self.api.app(app).await?;
            Ok(Page::whole(map::domains(&app, of)))
        })
    }

    fn services<'a>(&'a self, of: &'a EnvId, _page: PageRequest) -> Answer<'a, Page<Service>> {
        Box::pin(self.read_services(of))
    }

    fn jobs<'a>(&'a self, of: &'a EnvId, _page: PageRequest) -> Answer<'a, Page<Job>> {
        Box::pin(self.read_jobs(of))
    }

    fn activity<'a>(
        &'a self,
        of: Option<&'a AppId>,
        page: PageRequest,
    ) -> Answer<'a, Page<Activity>> {
        Box::pin(async move { self.read_activity(of, &page).await })
    }

    fn metrics<'a>(&'a self, of: &'a EnvId) -> Answer<'a, Vec<Metric>> {
        Box::pin(self.read_metrics(of))
    }

    fn units<'a>(&'a self, of: &'a EnvId, _page: PageRequest) -> Answer<'a, Page<Unit>> {
        Box::pin(self.read_units(of))
    }

    fn alerts<'a>(&'a self, of: &'a AppId, _page: PageRequest) -> Answer<'a, Page<Alert>> {
        Box::pin(async move {
            let app = ids::of_app(of)?;
            let map = |wire: wire::Alert| Some(map::alert(app, &wire));
            self.api.whole(Op::ListAlerts, &[app], map).await
        })
    }

    fn job_runs<'a>(&'a self, of: &'a EnvId, page: PageRequest) -> Answer<'a, Page<JobRun>> {
        Box::pin(async move { self.read_job_runs(of, &page).await })
    }

    fn sizes(&self, _page: PageRequest) -> Answer<'_, Page<InstanceSize>> {
        Box::pin(async move {
            let map = |wire: wire::InstanceSize| map::size(&wire);
            let mut found = self.api.whole(Op::ListInstanceSizes, &[], map).await?;
            // Stable: of equals, in the platform's order.
            found.items.sort_by_key(|size| size.memory_bytes);
            Ok(found)
        })
    }

    fn regions(&self, _page: PageRequest) -> Answer<'_, Page<Region>> {
        Box::pin(async move {
            let map = |wire: wire::Region| map::region(&wire);
            self.api.whole(Op::ListRegions, &[], map).await
        })
    }

    fn tail(&self, request: TailRequest) -> Result<Box<dyn Tail>, Failure> {
        tail::open(self.api.clone(), request)
    }

    fn console<'a>(
        &'a self,
        of: &'a EnvId,
        unit: Option<&'a str>,
        size: (u16, u16),
    ) -> Answer<'a, Box<dyn Console>> {
        Box::pin(console::open(self.api.clone(), of, unit, size))
    }

    fn preview<'a>(&'a self, operation: &'a Operation) -> Answer<'a, Option<Preview>> {
        Box::pin(preview::preview(&self.api, operation))
    }

    fn safety(&self, _operation: &Operation) -> Safety {
        operate::SAFETY
    }

    fn witness<'a>(&'a self, operation: &'a Operation) -> Answer<'a, Witness> {
        Box::pin(lost::witness(&self.api, operation))
    }

    fn operate<'a>(
        &'a self,
        operation: &'a Operation,
        seen: Option<&'a Revision>,
        _output: Output<'a>,
    ) -> Answer<'a, Accepted> {
        Box::pin(operate::operate(&self.api, operation, seen))
    }

    fn look_for<'a>(&'a self, operation: &'a Operation, before: &'a Witness) -> Answer<'a, Found> {
        Box::pin(lost::look_for(&self.api, operation, before))
    }

    fn follow<'a>(&'a self, what: &'a Follow) -> Answer<'a, Followed> {
        Box::pin(progress::follow(&self.api, what))
    }
}
