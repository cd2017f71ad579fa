//! Services, their instances, and volumes.
//!
//! Source: tsuru contract, section 5 (services, volumes and platform lists).

use super::app::Named;
use super::{entities, records};

entities! {
    /// A service with its instances, as far as they concern the question.
    ServiceEntry by service {
        /// Names only: how older servers say it.
        instances: Vec<String>,
        /// The plan of each of `instances`.
        plans: Vec<String>,
        service_instances: Vec<Instance>,
    }
    /// An instance of a service. Its parameters are left out: they may be secret.
    Instance by name {
        plan_name: String,
        apps: Vec<String>,
        jobs: Vec<String>,
        teams: Vec<String>,
        team_owner: String,
        description: String,
        tags: Vec<String>,
        pool: String,
    }
    ServicePlan by name {
        description: String,
    }
    /// A volume. Of its options only the size is shown.
    Volume by name {
        pool: String,
        plan: VolumePlan,
        team_owner: String,
        status: String,
        binds: Vec<VolumeBind>,
        opts: Named<String>,
    }
}

records! {
    VolumePlan {
        name: String,
    }
    VolumeBind {
        id: VolumeBindId,
        #[serde(rename = "readonly")]
        is_read_only: bool,
    }
    VolumeBindId {
        app: String,
        mount_point: String,
        volume: String,
    }
    /// An instance that an app is bound to.
    ServiceBind {
        service: String,
        instance: String,
        plan: String,
    }
}
