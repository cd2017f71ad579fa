//! Nothing is done twice, and each outcome is found and told, whatever happens to the connection:
//! the real adapter and the real engine over HTTP, against the simulator.
#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test fails by panicking"
)]

mod cases;
mod cuts;
mod digitalocean;
mod divio;
#[path = "../support/nobody.rs"]
mod nobody;
mod once;
mod pandastack;
mod pangea;
mod repeatable;
mod streams;
mod tsuru;
mod ways;
mod world;
