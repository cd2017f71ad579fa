//! The core: one `State`, one `Message`, one `update` that changes the state, and the `Effect`s it
//! asks for. Pure and synchronous: no clock, no I/O, no async, no terminal.
//!
//! `state.now` is set by the loop before every message. Whatever is derived (sorted rows, which
//! log is followed, what is due) is derived here, so that `ui` only draws.

pub mod action;
pub mod age;
pub mod aim;
pub mod batch;
pub mod choose;
pub mod command;
pub mod confirm;
pub mod contexts;
pub mod copy;
pub mod cursor;
pub mod filter;
pub mod forecast;
pub mod form;
pub mod help;
pub mod incident;
pub mod inventory;
pub mod journal;
pub mod keymap;
pub mod keys;
pub mod layout;
pub mod loadable;
pub mod logs;
pub mod marks;
pub mod menu;
pub mod message;
pub mod moment;
pub mod mouse;
pub mod notices;
pub mod notify;
pub mod operations;
pub mod output;
pub mod palette;
pub mod panes;
pub mod past;
pub mod place;
mod redact;
pub mod request;
pub mod rows;
pub mod schedule;
pub mod screen;
mod slow_reads;
mod standing;
pub mod state;
pub mod tickets;
pub mod timeline;
pub mod transfers;
pub mod unlock;
mod update;
pub mod watch;
pub mod wrap;

pub use message::{Effect, Message, Outcome, Signal};
pub use schedule::next_wakeup;
pub use screen::Size;
pub use state::State;
pub use update::update;

#[cfg(test)]
mod tests;
