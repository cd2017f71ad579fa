//! What became of an operation whose answer was lost: found out by comparing what existed before it
//! was sent with what exists now, never by clocks.
//!
//! The server goes on when its client is gone, and waits for the lock of an app first. So what is done
//! to an app is found among its events (`events`), and "it did not happen" is said only while nothing
//! holds the lock that it could be waiting for; the rest is found by how things are (`state`).
//!
//! Source: tsuru contract, sections 1, 5 (events) and 7.

mod aim;
mod events;
mod state;

use serde::{Deserialize, Serialize};

use self::aim::{Aim, aim};
pub(super) use self::events::holding;
pub(super) use self::state::blocks;
use super::api::Api;
use super::operate;
use crate::model::{Failure, Operation, Witness};
use crate::platforms::{Found, witness};

/// What was there before.
#[derive(Default, Deserialize, Serialize)]
#[serde(default)]
struct Before {
    /// The newest event of the kinds that the operation makes.
    #[serde(skip_serializing_if = "Option::is_none")]
    newest: Option<String>,
    /// Whether there was something of the name of what is made.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    existed: bool,
    /// The blocks there were.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    blocks: Vec<String>,
}

/// What exists before the operation is sent.
pub(super) async fn witness(api: &Api, operation: &Operation) -> Result<Witness, Failure> {
    let mut before = Before::default();
    match aim(&operation.kind) {
        Aim::Begun(kinds) | Aim::Gone(kinds) => {
            let app = operate::app(operation)?;
            let newest = events::newest(api, app, kinds, "1").await?;
            before.newest = newest.into_iter().next().map(|event| event.unique_id);
        }
        Aim::App(name) => before.existed = state::has_app(api, name).await?,
        Aim::Instance {
            service,
            name,
            is_made: true,
        } => before.existed = state::has_instance(api, service, name).await?,
        Aim::Blocked(_) => {
            let blocks = state::blocks(api).await?;
            before.blocks = blocks.into_iter().map(|block| block.id).collect();
        }
        // How it looks afterwards says enough.
        Aim::Instance { is_made: false, .. }
        | Aim::Cancelled(_)
        | Aim::Domain { .. }
        | Aim::Autoscale { .. }
        | Aim::Job(_)
        | Aim::Unblocked(_)
        | Aim::Quota(_)
        | Aim::Team { .. }
        | Aim::Routable { .. }
        | Aim::Issuer { .. }
        | Aim::Nothing => return Ok(Witness(None)),
    }
    Ok(witness::written(&before))
}

/// What has become of it.
pub(super) async fn look_for(
    api: &Api,
    operation: &Operation,
    before: &Witness,
) -> Result<Found, Failure> {
    let before: Option<Before> = witness::read(before);
    let before = before.as_ref();
    let app = || operate::app(operation);
    match aim(&operation.kind) {
        Aim::Begun(kinds) => events::look_for(api, app()?, kinds, before).await,
        Aim::Gone(kinds) => state::deleted(api, app()?, kinds, before).await,
        Aim::Cancelled(id) => events::cancelled(api, id).await,
        Aim::App(name) => state::made_app(api, name, before).await,
        Aim::Instance {
            service,
            name,
            is_made,
        } => state::instance(api, (service, name), is_made, before).await,
        Aim::Domain { name, is_there } => state::domain(api, app()?, name, is_there).await,
        Aim::Autoscale {
            process,
            limits,
            cpu,
        } => {
            let place = operate::place(operation, process)?;
            state::autoscale(api, &place, limits, cpu).await
        }
        Aim::Job(id) => state::job(api, id).await,
        Aim::Unblocked(id) => state::unblocked(api, id).await,
        Aim::Blocked(inputs) => state::blocked(api, app()?, inputs, before).await,
        Aim::Quota(limit) => state::quota(api, app()?, limit).await,
        Aim::Team { name, is_granted } => state::team(api, app()?, name, is_granted).await,
        Aim::Routable {
            version,
            is_reached,
        } => state::routable(api, app()?, version, is_reached).await,
        Aim::Issuer { domain, issuer } => state::issuer(api, domain, issuer).await,
        Aim::Nothing => Ok(Found::CannotTell),
    }
}
