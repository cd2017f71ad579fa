//! Operations that begin a deployment: it is new among the newest.
//!
//! Source: DigitalOcean contract, section 5.3 (cause details).

use super::Before;
use crate::model::{Failure, Follow, Operation};
use crate::platforms::Found;
use crate::platforms::digitalocean::api::Api;
use crate::platforms::digitalocean::ids;
use crate::platforms::digitalocean::operate::fresh::{self, Begun, Fresh};

/// By what ours is told from somebody else's.
pub(super) struct Step<'a> {
    /// The platform's word for what a user did.
    pub(super) action: &'static str,
    /// The deployment it repeats.
    pub(super) cloned_from: Option<&'a str>,
}

impl Step<'_> {
    pub(super) const EDIT: Self = Self::of("UPDATE_SPEC");
    pub(super) const REVERT: Self = Self::of("REVERT_APP_ROLLBACK");

    pub(super) const fn of(action: &'static str) -> Self {
        Self {
            action,
            cloned_from: None,
        }
    }

    /// What is not told speaks against nothing.
    fn may_be_ours(&self, begun: &Begun) -> bool {
        let is_from = |theirs: &String| self.cloned_from.is_none_or(|ours| ours == theirs);
        begun.cause().is_none_or(|cause| cause == self.action)
            && begun.cloned_from.as_ref().is_none_or(is_from)
    }
}

pub(super) async fn look_for(
    api: &Api,
    operation: &Operation,
    step: &Step<'_>,
    before: Option<&Before>,
) -> Result<Found, Failure> {
    let Some(before) = before else {
        return Ok(Found::CannotTell);
    };
    let app = fresh::app(operation)?;
    let new = new(api, app, before).await?;
    if new.is_empty() {
        return Ok(Found::DidNotHappen);
    }
    Ok(match ours(&new, step).as_slice() {
        [only] => happened(app, only),
        // What is new is somebody else's.
        [] => Found::NotYet,
        _ => Found::CannotTell,
    })
}

pub(super) fn happened(app: &str, begun: &Begun) -> Found {
    Found::Happened(Follow::Deployment(ids::deployment(app, &begun.id)))
}

/// The deployments that were not there before.
pub(super) async fn new(api: &Api, app: &str, before: &Before) -> Result<Vec<Begun>, Failure> {
    let mut new = fresh::newest(api, app).await?;
    // What is older than what was there is no news: the list may have been shorter before.
    let known = new
        .iter()
        .position(|it| before.deployments.contains(&it.id));
    new.truncate(known.unwrap_or(new.len()));
    Ok(new)
}

/// Those that could be ours.
pub(super) fn ours<'a>(new: &'a [Begun], step: &Step<'_>) -> Vec<&'a Begun> {
    new.iter().filter(|it| step.may_be_ours(it)).collect()
}

/// Kept means that nothing is pinned any more; undone means that too, and a deployment begins.
pub(super) async fn kept(
    api: &Api,
    operation: &Operation,
    before: Option<&Before>,
) -> Result<Found, Failure> {
    let Some(before) = before else {
        return Ok(Found::CannotTell);
    };
    let app = fresh::app(operation)?;
    if Fresh::read(api, app).await?.is_pinned() {
        return Ok(Found::DidNotHappen);
    }
    let new = new(api, app, before).await?;
    Ok(if ours(&new, &Step::REVERT).is_empty() {
        Found::HappenedAndEnded
    } else {
        Found::CannotTell
    })
}
