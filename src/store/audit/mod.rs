//! The audit: every operation is written down before it is sent, and again when it ends.
//!
//! # Files
//!
//! `audit/audit.jsonl` below the state folder grows; past 16 MiB it is put away as
//! `audit-<day of its first line>-<number of its first line>.jsonl` and a new one is begun. Nothing
//! is ever rewritten. `audit.lock` is held for the moment of a write, so any number of processes
//! may write; `runs/<run>.lock` is held by each run that has written an intent, for as long as it
//! lives. Only the user can read any of it.
//!
//! # Lines
//!
//! A line is a JSON object: `v` (the version of the format, 1), `seq` (counts lines from 1, across
//! files), `prev` (the hash of the line before, across files; zeros for the first), `at`, `run` (a
//! random id of the process' run), `pid`, `user`, `host`, `kind` with what belongs to it, and as
//! the last key `hash`. That is the SHA-256, in hexadecimal digits, of all bytes of the line before
//! `,"hash":"`. What of the keys is not known is absent.
//!
//! | `kind` | when | keys |
//! |---|---|---|
//! | `intent` | before anything is sent, and on the disk by then | `id`, `operation` and `inputs` (as in `model::catalogue`), `context`, `platform`, `base`, `app`, `environment`, `title`, `class`, `safety`, `tier`, `confirmed`, `before`, `witness` |
//! | `accepted` | the platform took it | `intent`, `follow` (`what`, `id`) |
//! | `end` | it is over for the run that asked | `intent`, `outcome`, `words`, `request_id`, `follow`, `after` |
//! | `resolved` | a later run found out | as `end` |
//! | `broken` | what stood after the line before cannot be read | `bytes`, `digest`, `torn` |
//!
//! `outcome` is `done`, `partly`, `failed`, `refused` (it did not happen), `accepted` (nobody
//! waited for the end) or `unresolved` (nobody knows). Versions and kinds that are not known are
//! read over.
//!
//! # What holds
//!
//! - An intent is on the disk before the request leaves; if it cannot be written, nothing is sent.
//! - An intent without an end whose run is gone is *open*: a later run finds out by reading.
//! - A line that was cut short by a crash stays, a `broken` line accounts for it, and the chain goes
//!   on. Any other change breaks it, and [`verify()`] says where.
//! - No secret is written: those of the operation itself are replaced by `***`, also in what the
//!   platform says about them, and so is what looks like one ([`Redactor`]).

mod chain;
mod entry;
mod folder;
mod inputs;
mod lines;
mod open;
mod read;
mod record;
mod redact;
mod runs;
#[cfg(test)]
mod tests;
mod verify;
mod write;

pub(super) use chain::digest;
pub use entry::{AuditContext, AuditTarget, Author, End, Entry, Outcome, follow_words};
pub use open::{Unfinished, unfinished};
pub use read::read;
pub use redact::{Hidden, Redactor};
pub use verify::{Check, Flaw, verify};
pub use write::{Asked, Audit, AuditError, Who};
