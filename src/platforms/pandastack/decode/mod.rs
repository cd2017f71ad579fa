//! Answers, taken apart tolerantly: none of their shapes is published. Nothing odd costs more than
//! itself, and nothing that was left out goes without a line in the log.
//!
//! `payload` finds what is inside an answer, `list` the records of a list, `record` the fields of a
//! record under whatever `names` they go, `scalar` what a field says, `rest` what nobody asked for.
//! What a word means is not known here; see `words`.
//!
//! Source: PandaStack contract, section 6.

mod dns;
mod list;
mod names;
mod payload;
mod record;
mod rest;
mod scalar;
#[cfg(test)]
mod tests;

pub(super) use self::list::Records;
pub(super) use self::names::Of;
pub(super) use self::payload::Payload;
pub(super) use self::record::Record;
pub(super) use self::rest::is_secret_name;
pub(super) use self::scalar::{find, fold, time as moment};
