//! Changes to the spec: it looks as wished, or as before.

use super::Before;
use super::begun::{Step, happened, new, ours};
use crate::model::{Failure, Operation};
use crate::platforms::Found;
use crate::platforms::digitalocean::api::Api;
use crate::platforms::digitalocean::operate::fresh::{self, Fresh};
use crate::platforms::digitalocean::spec::{Edit, is_reached};

/// A change that is there already is never sent, so one that is there now was made since. An
/// encrypted value cannot be compared: there the new deployment tells.
pub(super) async fn look_for(
    api: &Api,
    operation: &Operation,
    edits: &[Edit],
    before: Option<&Before>,
) -> Result<Found, Failure> {
    let app = fresh::app(operation)?;
    let now = Fresh::read(api, app).await?;
    let reached = is_reached(now.spec(), edits);
    let Some(before) = before else {
        return Ok(match reached {
            Some(true) => Found::HappenedAndEnded,
            Some(false) | None => Found::CannotTell,
        });
    };
    let new = new(api, app, before).await?;
    let is_still = new.is_empty() && before.updated_at == now.updated_at;
    let found = match (reached, ours(&new, &Step::EDIT).as_slice()) {
        (Some(true) | None, [only]) => happened(app, only),
        (Some(true), _) => Found::HappenedAndEnded,
        (Some(false) | None, []) if is_still => Found::DidNotHappen,
        // Somebody else changed it meanwhile, or ours is on its way.
        (Some(false), _) | (None, []) => Found::NotYet,
        (None, _) => Found::CannotTell,
    };
    if matches!(found, Found::Happened(_) | Found::HappenedAndEnded) {
        // What comes next goes on from there: it is no change of somebody else's.
        let specs = &mut api.memory.lock().specs;
        specs.found(app, now.spec(), edits);
    }
    Ok(found)
}
