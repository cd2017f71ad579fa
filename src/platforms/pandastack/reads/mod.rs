//! Questions about managed apps, and the lists in which both kinds of apps stand.

mod account;
mod fleet;
mod history;
mod round;

pub(super) use self::account::{account, organisations};
pub(super) use self::fleet::{all_environments, apps, domains, environment, has_apps};
pub(super) use self::history::{deployment, deployments};
pub(super) use self::round::Round;
