//! An app: what it is made of, and what is deployed of it.

use std::collections::BTreeMap;

use serde_json::Value;

use super::{
    plan::Profile,
    unit::{Condition, Unit},
};
use crate::sim::clock::Moment;

/// An app.
#[derive(Clone, Debug)]
pub(super) struct App {
    pub(super) ordinal: usize,
    pub(super) seed: u64,
    pub(super) name: String,
    pub(super) profile: Profile,
    pub(super) created: Moment,
    pub(super) description: String,
    /// Empty for apps that were only ever deployed from images.
    pub(super) platform: String,
    pub(super) team: String,
    pub(super) teams: Vec<String>,
    pub(super) pool: String,
    pub(super) plan: String,
    /// What of its plan is overridden, if somebody did that.
    pub(super) plan_override: Option<Value>,
    pub(super) owner: String,
    pub(super) tags: Vec<String>,
    /// `labels` and `annotations`.
    pub(super) metadata: Value,
    pub(super) cnames: Vec<String>,
    /// Certificates and issuers, by cname.
    pub(super) certificates: BTreeMap<String, String>,
    pub(super) issuers: BTreeMap<String, String>,
    pub(super) variables: Vec<Variable>,
    /// -1 is unlimited.
    pub(super) quota: i64,
    pub(super) autoscale: Vec<Value>,
    /// What was built, oldest first.
    pub(super) versions: Vec<Version>,
    /// What is deployed: processes by version.
    pub(super) slots: Vec<Slot>,
    pub(super) units: Vec<Unit>,
    /// What is wrong with whatever runs of a version of a process.
    pub(super) flaws: Vec<Flaw>,
    /// Its `app.deploy` events, oldest first, as places in the world's list.
    pub(super) deploys: Vec<usize>,
    /// Names of routers.
    pub(super) routers: Vec<String>,
    /// Why a part of what is known of it cannot be read.
    pub(super) trouble: Option<String>,
    /// How many units were ever made: numbers their names.
    pub(super) made: u64,
    pub(super) gone: bool,
}

/// A variable of an app.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Variable {
    pub(super) name: String,
    pub(super) value: String,
    pub(super) is_public: bool,
    /// Empty where users manage it.
    pub(super) managed_by: String,
}

/// An image that was built or given.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Version {
    pub(super) number: u32,
    pub(super) image: String,
    pub(super) processes: Vec<String>,
    pub(super) built: Moment,
    /// Why nobody may go back to it.
    pub(super) forbidden: Option<String>,
    /// Whether routers send it traffic.
    pub(super) is_routable: bool,
}

/// A process of a version that is deployed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Slot {
    pub(super) process: String,
    pub(super) version: u32,
    /// How many units there are to be when it runs.
    pub(super) wanted: u32,
    pub(super) is_stopped: bool,
}

/// What is wrong with a process of a version: one of its units has this, however often it is
/// started again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Flaw {
    pub(super) process: String,
    pub(super) version: u32,
    pub(super) condition: Condition,
}

impl App {
    /// The versions that are deployed, oldest first.
    pub(super) fn deployed(&self) -> Vec<u32> {
        let mut numbers: Vec<u32> = self.slots.iter().map(|slot| slot.version).collect();
        numbers.sort_unstable();
        numbers.dedup();
        numbers
    }

    /// The version with this number.
    pub(super) fn version(&self, number: u32) -> Option<&Version> {
        self.versions.iter().find(|it| it.number == number)
    }

    /// The processes that are deployed, in their order.
    pub(super) fn processes(&self) -> Vec<&str> {
        let mut names: Vec<&str> = Vec::new();
        for slot in &self.slots {
            if !names.contains(&slot.process.as_str()) {
                names.push(&slot.process);
            }
        }
        names
    }

    /// How many units there are to be.
    pub(super) fn in_use(&self) -> u32 {
        let running = self.slots.iter().filter(|slot| !slot.is_stopped);
        running.map(|slot| slot.wanted).sum()
    }

    /// Whether the routers send traffic to a version.
    pub(super) fn is_routable(&self, number: u32) -> bool {
        self.version(number).is_none_or(|it| it.is_routable)
    }

    /// What is deployed of a process of a version.
    pub(super) fn slot(&mut self, process: &str, version: u32) -> Option<&mut Slot> {
        let fits = |slot: &&mut Slot| slot.process == process && slot.version == version;
        self.slots.iter_mut().find(fits)
    }

    /// The units that are there.
    pub(super) fn units(&self, now: Moment) -> impl Iterator<Item = &Unit> {
        self.units.iter().filter(move |unit| unit.is_there(now))
    }

    /// The number of the next version.
    pub(super) fn next_version(&self) -> u32 {
        self.versions.iter().map(|it| it.number).max().unwrap_or(0) + 1
    }
}
