//! DigitalOcean as a [`Platform`]: which question goes to which operation.

use std::sync::Arc;

use super::api::Api;
use super::support::support;
use super::{PROFILE, console, lost, operate, preview, progress, tail};
use crate::model::{
    Accepted, Budget, Capability, EnvId, Failure, Follow, Followed, Operation, Preview, Profile,
    Revision, Support, TailRequest, Witness,
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

    fn tail(&self, request: TailRequest) -> Result<Box<dyn Tail>, Failure> {
        tail::open(self.api.clone(), request)
    }

    fn console<'a>(&'a self, of: &'a EnvId, unit: Option<&'a str>) -> Answer<'a, Box<dyn Console>> {
        Box::pin(console::open(self.api.clone(), of, unit))
    }

    fn preview<'a>(&'a self, operation: &'a Operation) -> Answer<'a, Option<Preview>> {
        Box::pin(preview::preview(&self.api, operation))
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
