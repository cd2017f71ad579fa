//! No secret is anywhere it was not asked for: not on the screen, in the output of commands, in
//! JSON, in files, in the most talkative log, nor in what a failure says. For each platform.
#![cfg(unix)]
#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::disallowed_methods,
    reason = "a test fails by panicking; deadlines need a clock"
)]

mod digitalocean;
mod divio;
#[expect(
    dead_code,
    reason = "of the terminal's tools, only some are needed here"
)]
#[path = "../terminal/kit.rs"]
mod kit;
#[path = "../support/nobody.rs"]
mod nobody;
mod pandastack;
mod pangea;
mod parrot;
mod session;
mod tsuru;
