//! From what answers say to the model: every judgement about what it means.
//!
//! Source: PandaStack contract, sections 4, 6.3 and 9.

mod account;
mod deployment;
mod domain;
mod managed;
mod way;

pub(super) use self::account::{account, organisation};
pub(super) use self::deployment::{begun, history, sightings, told};
pub(super) use self::domain::domain;
pub(super) use self::managed::{Managed, app, environment};
pub(super) use self::way::STEPS;

/// The name of the only environment of a managed app.
const ENVIRONMENT: &str = "production";

/// So many characters of a UUID tell deployments apart.
const SHORT: usize = 8;

/// The first characters of a UUID.
pub(super) fn short(uuid: &str) -> crate::model::Text {
    crate::model::Text::clean(&uuid.chars().take(SHORT).collect::<String>())
}
