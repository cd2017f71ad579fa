//! From the platform's records to the model: every judgement about meaning is here, and nothing
//! here sends or waits.

mod account;
mod app;
mod block;
mod busy;
mod deploy;
mod domain;
mod event;
mod group;
mod job;
mod metrics;
mod other;
mod place;
mod plan;
mod process;
mod quantity;
mod scaling;
mod service;
mod state;
mod unit;
mod variable;
mod verdict;
mod words;

pub(super) use account::{account, team};
pub(super) use app::{Around, app};
pub(super) use block::{Place, block, concerns as block_concerns};
pub(super) use busy::{holds, is_deploy};
pub(super) use deploy::{current, deploy, has_succeeded, version as version_of_deploy};
pub(super) use domain::{Certified, certified, certified_before, domains};
pub(super) use event::event;
pub(super) use group::{version, versions};
pub(super) use job::{belongs, job};
pub(super) use metrics::{Sample, metrics, sample};
pub(super) use other::{
    cluster, event_kind, permission, platform, pool as pool_entry, router, token, user,
    volume as volume_entry, webhook,
};
pub(super) use place::pool;
pub(super) use plan::size;
pub(super) use process::processes;
pub(super) use service::{kinds, services};
pub(super) use unit::{is_of, is_of_version, units};
pub(super) use variable::variable;
pub(super) use verdict::{Verdict, verdict};
pub(super) use words::{is_cancelling, kind};
