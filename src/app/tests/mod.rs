//! Messages in, state and effects compared. No runtime, no sleeping: time is a field.

#![expect(
    clippy::wildcard_enum_match_arm,
    reason = "a test looks for one of many and says so"
)]

mod acting;
mod command;
mod creation;
mod documents;
mod keys;
pub(in crate::app) mod kit;
mod logs;
mod menus;
mod mouse;
mod operations;
mod parts;
mod previews;
mod random;
mod reads;
mod rhythm;
mod selection;
mod special;
mod together;
mod transfers;
mod variables;
mod views;
mod watch;
