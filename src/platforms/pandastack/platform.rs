//! PandaStack as a [`Platform`]: which question goes where.

use std::sync::Arc;

use super::api::Api;
use super::ids::{self, Which};
use super::support::support;
use super::{PROFILE, lost, operate, progress, projects, reads, tail};
use crate::model::{
    Accepted, Account, App, AppId, Capability, Deployment, DeploymentId, DeploymentScope, Domain,
    EnvId, Environment, Failure, Follow, Followed, Operation, Organisation, Page, PageRequest,
    Profile, Query, Revision, Safety, Support, TailRequest, Variable, Witness,
};
use crate::platforms::{Answer, Found, Output, Platform, Tail};

/// PandaStack for one account.
pub(super) struct PandaStack {
    pub(super) api: Arc<Api>,
}

impl Platform for PandaStack {
    fn profile(&self) -> &'static Profile {
        &PROFILE
    }

    fn support(&self, capability: Capability) -> Support {
        support(capability)
    }

    fn is_at_hand(&self, query: &Query, _page: &PageRequest) -> bool {
        let is_list = matches!(
            query,
            Query::Apps | Query::AllEnvironments | Query::Environments(_) | Query::Environment(_)
        );
        is_list && reads::has_apps(&self.api)
    }

    fn account(&self) -> Answer<'_, Account> {
        Box::pin(reads::account(&self.api))
    }

    fn organisations(&self, _page: PageRequest) -> Answer<'_, Page<Organisation>> {
        Box::pin(reads::organisations(&self.api))
    }

    fn apps(&self, _page: PageRequest) -> Answer<'_, Page<App>> {
        Box::pin(reads::apps(&self.api))
    }

    fn all_environments(&self, _page: PageRequest) -> Answer<'_, Page<Environment>> {
        Box::pin(reads::all_environments(&self.api))
    }

    fn environments<'a>(
        &'a self,
        of: &'a AppId,
        _page: PageRequest,
    ) -> Answer<'a, Page<Environment>> {
        Box::pin(async move {
            let environment = reads::environment(&self.api, &ids::environment(of)).await?;
            Ok(Page::whole(vec![environment]))
        })
    }

    fn environment<'a>(&'a self, id: &'a EnvId) -> Answer<'a, Environment> {
        Box::pin(reads::environment(&self.api, id))
    }

    fn deployments<'a>(
        &'a self,
        of: &'a DeploymentScope,
        page: PageRequest,
    ) -> Answer<'a, Page<Deployment>> {
        Box::pin(async move {
            let app = match of {
                DeploymentScope::App(app) => app.clone(),
                DeploymentScope::Environment(environment) => ids::app_of(environment),
            };
            match ids::of_app(&app) {
                Which::Managed(_) => reads::deployments(&self.api, &app).await,
                Which::Project(name) => projects::deployments(&self.api, name, page).await,
            }
        })
    }

    fn deployment<'a>(&'a self, id: &'a DeploymentId) -> Answer<'a, Deployment> {
        Box::pin(async move {
            let (app, _) = ids::of_deployment(id)?;
            match ids::of_app(&app) {
                Which::Managed(_) => reads::deployment(&self.api, id).await,
                Which::Project(_) => projects::deployment(&self.api, id).await,
            }
        })
    }

    fn variables<'a>(&'a self, of: &'a EnvId, _page: PageRequest) -> Answer<'a, Page<Variable>> {
        Box::pin(async move {
            match ids::of_environment(of) {
                Which::Managed(_) => Err(Failure::unsupported(
                    Capability::ListVariables,
                    "PandaStack's API has no variables of managed apps",
                )),
                Which::Project(name) => projects::variables(&self.api, name).await,
            }
        })
    }

    fn domains<'a>(&'a self, of: &'a EnvId, _page: PageRequest) -> Answer<'a, Page<Domain>> {
        Box::pin(reads::domains(&self.api, of))
    }

    fn tail(&self, request: TailRequest) -> Result<Box<dyn Tail>, Failure> {
        tail::open(self.api.clone(), &request)
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
