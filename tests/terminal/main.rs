//! The dashboard as its users have it: the real binary in a terminal, against the simulator.
#![cfg(unix)]
#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::disallowed_methods,
    reason = "a test fails by panicking; deadlines need a clock"
)]

mod apps;
mod audit;
mod console;
mod digitalocean;
mod endings;
mod flood;
mod hostile;
mod keys;
mod kit;
mod logs;
mod looks;
mod menus;
mod operations;
mod pandastack;
mod pangea;
mod sources;
mod start;
mod trouble;
mod tsuru;
mod variables;
mod views;
mod watch;
