//! Downloads of backups: from the simulator, and from storages that misbehave in ways of their own.
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test fails by panicking; so do its helpers"
)]

mod commands;
mod dashboard;
mod depot;
mod fetching;
#[path = "../support/nobody.rs"]
mod nobody;
mod secrets;
mod simulated;
mod storage;
#[expect(dead_code, reason = "it is made for all commands")]
#[path = "../support/mod.rs"]
mod support;
mod trouble;
