//! flightdeck: one terminal dashboard for everything a team runs on platform-as-a-service
//! providers.
//!
//! `ARCHITECTURE.md` says where things are and which way data flows. In short: `model` and `app`
//! are pure (plain data, one `update` function), `platforms`, `engine`, `store`, `config` and
//! `shell` touch the world, `ui` draws, `cli` is the second face of the same engine, and `sim`
//! serves the platforms' APIs on loopback for the demo and the tests.

pub mod app;
pub mod cli;
pub mod config;
pub mod engine;
pub mod model;
pub mod platforms;
pub mod shell;
pub mod sim;
pub mod store;
pub mod ui;
