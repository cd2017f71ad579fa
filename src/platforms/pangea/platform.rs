//! Pangea as a [`Platform`]: which question goes where.

use std::sync::Arc;

use super::api::Api;
use super::support::{NO_LOGS, support};
use super::{PROFILE, lost, operate, progress, reads};
use crate::model::{
    Accepted, Account, App, AppId, Capability, EnvId, Environment, Failure, Follow, Followed,
    Operation, Organisation, Page, PageRequest, Profile, Query, Revision, Safety, Support,
    TailRequest, Witness,
};
use crate::platforms::{Answer, Found, Output, Platform, Tail};

/// Pangea for one organisation.
pub(super) struct Pangea {
    pub(super) api: Arc<Api>,
}

impl Platform for Pangea {
    fn profile(&self) -> &'static Profile {
        &PROFILE
    }

    fn support(&self, capability: Capability) -> Support {
        support(capability)
    }

    fn is_at_hand(&self, query: &Query, page: &PageRequest) -> bool {
        matches!(query, Query::Apps | Query::AllEnvironments)
            && reads::has_projects(&self.api, page)
    }

    fn account(&self) -> Answer<'_, Account> {
        Box::pin(reads::account(&self.api))
    }

    fn organisations(&self, _page: PageRequest) -> Answer<'_, Page<Organisation>> {
        Box::pin(reads::organisations(&self.api))
    }

    fn apps(&self, page: PageRequest) -> Answer<'_, Page<App>> {
        Box::pin(async move { reads::projects(&self.api, &page).await })
    }

    fn all_environments(&self, page: PageRequest) -> Answer<'_, Page<Environment>> {
        Box::pin(async move { reads::regions(&self.api, &page).await })
    }

    fn environments<'a>(
        &'a self,
        of: &'a AppId,
        _page: PageRequest,
    ) -> Answer<'a, Page<Environment>> {
        Box::pin(async move {
            let region = reads::region(&self.api, &EnvId::new(of.as_str())).await?;
            Ok(Page::whole(vec![region]))
        })
    }

    fn environment<'a>(&'a self, id: &'a EnvId) -> Answer<'a, Environment> {
        Box::pin(reads::region(&self.api, id))
    }

    fn tail(&self, _request: TailRequest) -> Result<Box<dyn Tail>, Failure> {
        Err(Failure::unsupported(Capability::RuntimeLog, NO_LOGS))
    }

    // Not even what names a state to reach: an answer of this platform may come later.
    fn safety(&self, _operation: &Operation) -> Safety {
        Safety::Once
    }

    fn witness<'a>(&'a self, operation: &'a Operation) -> Answer<'a, Witness> {
        Box::pin(lost::witness(&self.api, operation))
    }

    fn operate<'a>(
        &'a self,
        operation: &'a Operation,
        _seen: Option<&'a Revision>,
        _output: Output<'a>,
    ) -> Answer<'a, Accepted> {
        Box::pin(operate::operate(&self.api, operation))
    }

    fn look_for<'a>(&'a self, operation: &'a Operation, before: &'a Witness) -> Answer<'a, Found> {
        Box::pin(lost::look_for(&self.api, operation, before))
    }

    fn follow<'a>(&'a self, what: &'a Follow) -> Answer<'a, Followed> {
        Box::pin(progress::follow(&self.api, what))
    }
}
