//! The domain of a managed app: what its record says, and what the last verification said.
//!
//! Source: PandaStack contract, sections 3.8 and 4.

use super::Managed;
use super::way::Awaited;
use crate::model::{Domain, DomainId, EnvId, Status, Text};
use crate::platforms::details::Details;
use crate::platforms::pandastack::verdicts::Said;
use crate::platforms::pandastack::words::State;

/// What an app is called whose domain is awaited and not chosen yet.
const NOT_CHOSEN: &str = "(no domain yet)";

/// The row of a managed app; absent where it has no domain and none is awaited.
pub(in crate::platforms::pandastack) fn domain(
    managed: &Managed,
    said: Option<&Said>,
) -> Option<Domain> {
    let is_awaited = managed.state == Some(State::ActionRequired);
    let name = managed.record.domain();
    if name.is_none() && !is_awaited && said.is_none() {
        return None;
    }
    let status = status(managed, said);
    Some(Domain {
        id: DomainId::new(managed.id.as_str()),
        name: name.unwrap_or_else(|| NOT_CHOSEN.into()),
        environment: Some(EnvId::new(managed.id.as_str())),
        message: (status != Status::Live)
            .then(|| message(is_awaited, said))
            .flatten(),
        is_primary: true,
        redirects: false,
        tls: None,
        instructions: instructions(managed, said),
        checked_at: said.and_then(|said| said.at),
        details: Details::default()
            .text("State of the app", managed.word.clone())
            .done(),
        status,
    })
}

/// Whether it works: by the last verification, else by what the record says.
fn status(managed: &Managed, said: Option<&Said>) -> Status {
    let is_verified = said.and_then(|said| said.is_verified);
    match is_verified.or_else(|| managed.record.is_verified()) {
        Some(true) => Status::Live,
        Some(false) => Status::Degraded,
        None => match managed.state {
            Some(State::ActionRequired) => Status::Queued,
            Some(State::Running) => Status::Present,
            Some(
                State::Pending
                | State::Building
                | State::Deploying
                | State::Failed
                | State::Stopped
                | State::Deleting
                | State::Deleted
                | State::Unknown(_),
            )
            | None => Status::Unknown,
        },
    }
}

fn message(is_awaited: bool, said: Option<&Said>) -> Option<Text> {
    let is_told = said.is_some_and(|said| said.is_verified.is_some());
    (is_awaited || is_told).then(|| Awaited::of(said).words())
}

/// The DNS records to create, as the platform has them: the last it told of.
fn instructions(managed: &Managed, said: Option<&Said>) -> Vec<Text> {
    let told = said.map(|said| said.records.clone());
    let told = told.filter(|records| !records.is_empty());
    told.unwrap_or_else(|| managed.record.dns_records())
}
