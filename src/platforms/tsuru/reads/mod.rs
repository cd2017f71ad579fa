//! Questions and what is asked for them.

mod account;
mod data;
mod fleet;
mod history;
mod process;
mod service;

pub(super) use account::{account, others, plans, pools, teams};
pub(super) use data::{domains, jobs, variables};
pub(super) use fleet::{all_processes, apps, has_apps};
pub(super) use history::{blocks, deploy, deploys, events};
pub(super) use process::{metrics, process, processes, units};
pub(super) use service::{service_kinds, services};
