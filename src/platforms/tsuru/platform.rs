//! tsuru as a [`Platform`]: which question goes where.

use std::sync::Arc;

use super::api::Api;
use super::support::support;
use super::{PROFILE, console, lost, operate, preview, progress, reads, tail};
use crate::model::{
    Accepted, Account, Activity, App, AppId, Capability, Deployment, DeploymentId, DeploymentScope,
    Domain, EnvId, Environment, Failure, Follow, Followed, InstanceSize, Job, MaintenanceRun,
    Metric, Operation, Organisation, Other, Page, PageRequest, Preview, Profile, Query, Region,
    Revision, Safety, Service, ServiceKind, Support, TailRequest, Unit, Variable, Witness,
};
use crate::platforms::{Answer, Console, Found, Output, Platform, Tail};

/// A tsuru server for one account.
pub(super) struct Tsuru {
    pub(super) api: Arc<Api>,
}

impl Platform for Tsuru {
    fn profile(&self) -> &'static Profile {
        &PROFILE
    }

    fn support(&self, capability: Capability) -> Support {
        support(capability)
    }

    fn is_at_hand(&self, query: &Query, _page: &PageRequest) -> bool {
        matches!(query, Query::Apps | Query::AllEnvironments) && reads::has_apps(&self.api)
    }

    fn account(&self) -> Answer<'_, Account> {
        Box::pin(reads::account(&self.api))
    }

    fn organisations(&self, _page: PageRequest) -> Answer<'_, Page<Organisation>> {
        Box::pin(reads::teams(&self.api))
    }

    fn apps(&self, _page: PageRequest) -> Answer<'_, Page<App>> {
        Box::pin(reads::apps(&self.api))
    }

    fn all_environments(&self, _page: PageRequest) -> Answer<'_, Page<Environment>> {
        Box::pin(reads::all_processes(&self.api))
    }

    fn environments<'a>(
        &'a self,
        of: &'a AppId,
        _page: PageRequest,
    ) -> Answer<'a, Page<Environment>> {
        Box::pin(reads::processes(&self.api, of))
    }

    fn environment<'a>(&'a self, id: &'a EnvId) -> Answer<'a, Environment> {
        Box::pin(reads::process(&self.api, id))
    }

    fn deployments<'a>(
        &'a self,
        of: &'a DeploymentScope,
        page: PageRequest,
    ) -> Answer<'a, Page<Deployment>> {
        Box::pin(reads::deploys(&self.api, of, page))
    }

    fn deployment<'a>(&'a self, id: &'a DeploymentId) -> Answer<'a, Deployment> {
        Box::pin(reads::deploy(&self.api, id))
    }

    fn variables<'a>(&'a self, of: &'a EnvId, _page: PageRequest) -> Answer<'a, Page<Variable>> {
        Box::pin(reads::variables(&self.api, of))
    }

    fn domains<'a>(&'a self, of: &'a EnvId, _page: PageRequest) -> Answer<'a, Page<Domain>> {
        Box::pin(reads::domains(&self.api, of))
    }

    fn services<'a>(&'a self, of: &'a EnvId, _page: PageRequest) -> Answer<'a, Page<Service>> {
        Box::pin(reads::services(&self.api, of))
    }

    fn service_kinds<'a>(
        &'a self,
        _of: Option<&'a AppId>,
        _page: PageRequest,
    ) -> Answer<'a, Page<ServiceKind>> {
        Box::pin(reads::service_kinds(&self.api))
    }

    fn jobs<'a>(&'a self, of: &'a EnvId, _page: PageRequest) -> Answer<'a, Page<Job>> {
        Box::pin(reads::jobs(&self.api, of))
    }

    fn activity<'a>(
        &'a self,
        of: Option<&'a AppId>,
        page: PageRequest,
    ) -> Answer<'a, Page<Activity>> {
        Box::pin(reads::events(&self.api, of, page))
    }

    fn maintenance<'a>(
        &'a self,
        of: Option<&'a AppId>,
        _page: PageRequest,
    ) -> Answer<'a, Page<MaintenanceRun>> {
        Box::pin(reads::blocks(&self.api, of))
    }

    fn metrics<'a>(&'a self, of: &'a EnvId) -> Answer<'a, Vec<Metric>> {
        Box::pin(reads::metrics(&self.api, of))
    }

    fn units<'a>(&'a self, of: &'a EnvId, _page: PageRequest) -> Answer<'a, Page<Unit>> {
        Box::pin(reads::units(&self.api, of))
    }

    fn sizes(&self, _page: PageRequest) -> Answer<'_, Page<InstanceSize>> {
        Box::pin(reads::plans(&self.api))
    }

    fn regions(&self, _page: PageRequest) -> Answer<'_, Page<Region>> {
        Box::pin(reads::pools(&self.api))
    }

    fn others(&self, kind: &'static str, _page: PageRequest) -> Answer<'_, Page<Other>> {
        Box::pin(reads::others(&self.api, kind))
    }

    fn tail(&self, request: TailRequest) -> Result<Box<dyn Tail>, Failure> {
        tail::open(self.api.clone(), &request)
    }

    fn console<'a>(&'a self, of: &'a EnvId, unit: Option<&'a str>) -> Answer<'a, Box<dyn Console>> {
        Box::pin(console::open(self.api.clone(), of, unit))
    }

    fn preview<'a>(&'a self, operation: &'a Operation) -> Answer<'a, Option<Preview>> {
        Box::pin(preview::preview(&self.api, operation))
    }

    fn safety(&self, operation: &Operation) -> Safety {
        operate::safety(operation)
    }

    fn witness<'a>(&'a self, operation: &'a Operation) -> Answer<'a, Witness> {
        Box::pin(lost::witness(&self.api, operation))
    }

    fn operate<'a>(
        &'a self,
        operation: &'a Operation,
        _seen: Option<&'a Revision>,
        output: Output<'a>,
    ) -> Answer<'a, Accepted> {
        Box::pin(operate::operate(&self.api, operation, output))
    }

    fn look_for<'a>(&'a self, operation: &'a Operation, before: &'a Witness) -> Answer<'a, Found> {
        Box::pin(lost::look_for(&self.api, operation, before))
    }

    fn follow<'a>(&'a self, what: &'a Follow) -> Answer<'a, Followed> {
        Box::pin(progress::follow(&self.api, what))
    }
}
