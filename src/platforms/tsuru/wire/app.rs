//! Apps, their units, plans and variables.
//!
//! Source: tsuru contract, section 5.

use std::collections::BTreeMap;

use jiff::Timestamp;

use super::{Router, ServiceBind, VolumeBind, entities, records};
use crate::model::Secret;

entities! {
    /// An app: of the list, which says less, or in full.
    App by name {
        pool: String,
        team_owner: String,
        teams: Vec<String>,
        owner: String,
        platform: String,
        description: String,
        plan: Plan,
        cname: Vec<String>,
        /// A host name, in spite of its name.
        ip: String,
        routers: Vec<Router>,
        tags: Vec<String>,
        units: Vec<Unit>,
        /// What could not be found out. In a list, without it the units mean nothing.
        error: String,
        /// Successful deploys ever; only in full.
        deploys: i64,
        provisioner: String,
        cluster: String,
        #[serde(rename = "dashboardURL")]
        dashboard_url: String,
        quota: Quota,
        processes: Vec<Process>,
        autoscale: Vec<AutoScale>,
        units_metrics: Vec<UnitMetrics>,
        internal_addresses: Vec<InternalAddress>,
        service_instance_binds: Vec<ServiceBind>,
        volume_binds: Vec<VolumeBind>,
    }
    /// A unit; without an identifier it is none.
    Unit by id {
        name: String,
        process_name: String,
        ip: String,
        internal_ip: String,
        status: String,
        status_reason: String,
        address: Address,
        version: i64,
        routable: bool,
        restarts: i64,
        created_at: Timestamp,
        ready: bool,
    }
    /// Measured now.
    UnitMetrics by id {
        cpu: String,
        memory: String,
    }
    Process by name {
        /// The name of its own plan, where it has one.
        plan: String,
    }
    AutoScale by process {
        min_units: i64,
        max_units: i64,
        #[serde(rename = "averageCPU")]
        average_cpu: String,
        schedules: Vec<Schedule>,
        prometheus: Vec<Prometheus>,
    }
    EnvVar by name {
        value: Secret,
        public: bool,
        managed_by: String,
    }
    Plan by name {
        memory: u64,
        #[serde(rename = "cpumilli")]
        cpu_milli: u64,
        cpu_burst: CpuBurst,
        runtime_class_name: String,
        #[serde(rename = "default")]
        is_default: bool,
        #[serde(rename = "override")]
        changed: PlanOverride,
    }
}

records! {
    /// What a plan is changed to for one app.
    PlanOverride {
        memory: u64,
        #[serde(rename = "cpumilli")]
        cpu_milli: u64,
    }
    CpuBurst {
        #[serde(rename = "default")]
        usual: f64,
        max_allowed: f64,
    }
    Address {
        host: String,
    }
    Quota {
        /// Negative for none.
        limit: i64,
        #[serde(rename = "inuse")]
        in_use: i64,
    }
    Schedule {
        name: String,
        min_replicas: i64,
        start: String,
        end: String,
        timezone: String,
    }
    Prometheus {
        name: String,
        threshold: f64,
    }
    InternalAddress {
        domain: String,
        protocol: String,
        port: u64,
        version: String,
        process: String,
    }
}

/// Names and their values, as they are.
pub(in crate::platforms::tsuru) type Named<T> = BTreeMap<String, T>;
