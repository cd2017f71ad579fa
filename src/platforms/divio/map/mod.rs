//! From the platform's records to the model: every judgement about meaning is here, and nothing
//! here sends or waits.

mod app;
mod backup;
mod deployment;
mod details;
mod environment;
mod metrics;
mod resource;

pub(super) use app::{Panel, account, app, organisation};
pub(super) use backup::{backup, backup_part, download_part, lines, plan, restore};
pub(super) use deployment::{deployment, mark_current};
pub(super) use environment::{Around, environment};
pub(super) use metrics::metric;
pub(super) use resource::{
    JOB_TIMEOUT_UNIT, activity, domain, invoice, invoice_item, is_provisioned, job, maintenance,
    region, repository, service, service_kind, variable, webhook,
};

#[cfg(test)]
mod tests;
