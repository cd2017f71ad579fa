//! Every operation, in every class and kind of context, with every answer: the simulator counts
//! exactly the requests that were confirmed, and no other. The pure core is driven by keys, and its
//! effects go through the real engine and the real adapter over HTTP; only the terminal is missing.
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test fails by panicking"
)]

mod asking;
mod cases;
mod desk;
#[path = "../support/nobody.rs"]
mod nobody;
mod offered;
mod own;
mod prepare;
mod rules;
mod single;
mod tenants;
mod together;
mod undo;
mod walk;
mod world;
