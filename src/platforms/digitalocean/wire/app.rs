//! Account, projects, apps and catalogues.
//!
//! Source: DigitalOcean contract, sections 5.1 and 5.2.

use jiff::Timestamp;

use super::spec::DomainSpec;
use super::{AppSpec, Deployment, Step, entities, records};

records! {
    Account {
        uuid: String,
        email: String,
        email_verified: bool,
        name: String,
        status: String,
        status_message: String,
        team: Team,
    }
    Team {
        uuid: String,
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
        spec: AppSpec,
        project_id: String,
        default_ingress: String,
        live_url: String,
        created_at: Timestamp,
        /// As it is written: it tells one version of the spec from another.
        updated_at: String,
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
