//! From the platform's records to the model: every judgement about meaning is here, and nothing
//! here sends or waits.

mod app;
mod backup;
mod catalogue;
mod deployment;
mod environment;
mod metrics;
mod resource;

pub(super) use app::{Panel, account, app, organisation};
pub(super) use backup::{backup, backup_part, download_part, lines, plan, restore};
pub(super) use catalogue::{invoice, invoice_item, region, repository, service_kind, webhook};
pub(super) use deployment::{deployment, mark_current};
pub(super) use environment::{Around, environment};
pub(super) use metrics::metric;
pub(super) use resource::{
    JOB_TIMEOUT_UNIT, activity, domain, is_provisioned, job, maintenance, service, variable,
};

#[cfg(test)]
mod tests;
