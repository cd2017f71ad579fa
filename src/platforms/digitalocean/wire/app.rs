//! Account, projects, apps and catalogues.
//!
//! Source: DigitalOcean contract, sections 5.1 and 5.2.

use std::ops::Deref;

use jiff::Timestamp;
use serde_json::Value;

use super::spec::DomainSpec;
use super::{AppSpec, Deployment, Step, entities, records};
use crate::platforms::digitalocean::spec::revision_of;
use crate::platforms::loose::FromField;

records! {
    Account {
        uuid: String,
        email: String,
        name: String,
        status: String,
        status_message: String,
        team: Team,
    }
    Team {
        name: String,
    }
    Region {
        slug: String,
        label: String,
        continent: String,
        data_centers: Vec<String>,
        #[serde(rename = "default")]
        is_default: bool,
        #[serde(rename = "disabled")]
        is_disabled: bool,
        reason: String,
    }
    InstanceSize {
        slug: String,
        name: String,
        cpu_type: String,
        cpus: String,
        memory_bytes: u64,
        usd_per_month: String,
        tier_slug: String,
        scalable: bool,
        single_instance_only: bool,
        deprecation_intent: bool,
        bandwidth_allowance_gib: String,
    }
    Domain {
        phase: String,
        spec: DomainSpec,
        progress: DomainProgress,
        validations: Vec<Validation>,
        rotate_validation_records: bool,
        certificate_expires_at: Timestamp,
    }
    DomainProgress {
        steps: Vec<Step>,
    }
    Validation {
        txt_name: String,
        txt_value: String,
    }
    DedicatedIp {
        ip: String,
        status: String,
    }
    Vpc {
        id: String,
        egress_ips: Vec<EgressIp>,
    }
    EgressIp {
        ip: String,
    }
}

/// A spec, and which version of it.
pub(in crate::platforms::digitalocean) struct Versioned {
    pub(in crate::platforms::digitalocean) read: AppSpec,
    pub(in crate::platforms::digitalocean) revision: String,
}

impl Deref for Versioned {
    type Target = AppSpec;

    fn deref(&self) -> &AppSpec {
        &self.read
    }
}

impl FromField for Versioned {
    fn from_field(value: Value) -> Option<Self> {
        let revision = revision_of(&value);
        let read = AppSpec::from_field(value)?;
        Some(Self { read, revision })
    }
}

entities! {
    Project {
        name: String,
        description: String,
        purpose: String,
        environment: String,
        is_default: bool,
        created_at: Timestamp,
    }
    App {
        spec: Versioned,
        project_id: String,
        default_ingress: String,
        live_url: String,
        created_at: Timestamp,
        last_deployment_created_at: Timestamp,
        last_deployment_active_at: Timestamp,
        active_deployment: Deployment,
        in_progress_deployment: Deployment,
        pending_deployment: Deployment,
        pinned_deployment: Deployment,
        region: Region,
        tier_slug: String,
        domains: Vec<Domain>,
        dedicated_ips: Vec<DedicatedIp>,
        vpc: Vpc,
    }
}
