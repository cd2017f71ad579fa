//! The dashboard's body: terminal guard, input, clock, the loop, effects → engine.
//!
//! This is the only place where time passes. The loop never waits for a task and never for the
//! terminal: frames are written by a thread of their own, and no frame is begun while the last one
//! has not been taken.

mod audit;
mod backend;
mod browser;
mod clipboard;
mod clock;
mod console;
mod editor;
mod frames;
mod input;
mod notes;
mod notify;
mod past;
mod run;
mod save;
mod setup;
mod terminal;
mod turn;

pub use audit::{Earlier, Ledger, audit_context, watched};
pub use clock::now;
pub use console::console;
pub use notes::noting;
pub use past::past_operations;
pub use run::{Display, Shell};
pub use setup::{Setup, open};
