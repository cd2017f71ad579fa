//! From the platform's records to the model: every judgement about meaning is here, and nothing
//! here sends or waits.

mod account;
mod alert;
mod app;
mod component;
mod database;
mod deployment;
mod domain;
mod event;
mod job;
mod metrics;
mod progress;
mod source;
mod state;

pub(super) use account::{account, class, organisation, region, size};
pub(super) use alert::alert;
pub(super) use app::app;
pub(super) use component::{Around, components, pulse, unit, variables};
pub(super) use database::{backups, can_back_up, find_database, service};
pub(super) use deployment::{deployment, is_autoscaled, phase};
pub(super) use domain::domains;
pub(super) use event::event;
pub(super) use job::{job, job_run, jobs};
pub(super) use metrics::{bandwidth, measured, no_bandwidth};
pub(super) use state::unexplained;
