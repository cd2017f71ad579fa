//! What the screen looks like: snapshots at three sizes and at the edges between the layouts, and
//! what holds at every size.
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::wildcard_enum_match_arm,
    reason = "a test fails by panicking; a stand-in answers what it knows"
)]

mod always;
mod bare;
mod grid;
mod logs;
mod menus;
mod own;
mod parts;
mod previews;
mod screens;
mod stage;
mod transfers;
mod variables;
mod watch;
mod world;
