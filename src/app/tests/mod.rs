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
mod log_entry;
mod log_find;
mod log_query;
mod log_rows;
mod log_sieve;
mod log_toggles;
mod logs;
mod menus;
mod mouse;
mod operations;
mod parts;
mod past;
mod previews;
mod random;
mod reads;
mod rhythm;
mod selection;
mod sources;
mod special;
mod together;
mod transfers;
mod variables;
mod views;
mod watch;
