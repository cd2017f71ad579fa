//! Changes to an app's spec, made in its text.
//!
//! A spec is replaced as a whole, so what is sent must be what was read, except for the change:
//! fields flightdeck does not know, numbers it cannot hold and encrypted values stay byte for byte
//! as they were. Nothing here asks the platform anything.
//!
//! Source: DigitalOcean contract, section 5.6.

mod clash;
mod component;
mod diff;
mod domains;
mod edit;
mod new;
pub(super) mod raw;
mod reached;
mod revision;
mod same;
mod scale;
mod secrets;
mod seen;
mod variables;
mod wish;

pub(super) use self::clash::{conflict, is_about};
pub(super) use self::component::check_component;
pub(super) use self::diff::differences;
pub(super) use self::edit::{Edit, apply};
pub(super) use self::new::new_app;
pub(super) use self::reached::{ends_scaling, is_reached, moves_cost};
pub(super) use self::revision::{revision, revision_of};
pub(super) use self::secrets::secrets;
pub(super) use self::seen::Specs;
pub(super) use self::wish::edits;

#[cfg(test)]
mod tests;
