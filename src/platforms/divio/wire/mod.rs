//! The platform's records in its own names. Of every record only `uuid` is required; unknown keys
//! are ignored. Nothing of this leaves the adapter, and nothing of it has a `Debug`: some of it is
//! secret.
//!
//! Source: Divio contract, appendix B.

mod logs;

pub(super) use crate::platforms::loose::{FromField, Lines, Loose};
pub(super) use logs::{DeploymentLogs, LogPage, LogRecord};

use jiff::{Timestamp, civil::Date};
use serde::{Deserialize, Deserializer};
use serde_json::Value;

use crate::model::Secret;

/// One page of a list. The records are decoded one by one.
#[derive(Deserialize)]
pub(super) struct Envelope {
    #[serde(default)]
    pub count: Loose<u64>,
    #[serde(default)]
    pub next: Loose<String>,
    /// Required, and may be null.
    #[serde(deserialize_with = "nullable")]
    pub results: Vec<Value>,
}

fn nullable<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<Value>, D::Error> {
    Ok(Option::deserialize(deserializer)?.unwrap_or_default())
}

macro_rules! records {
    ($($name:ident { $($(#[$attribute:meta])* $field:ident: $kind:ty,)* })*) => {$(
        #[derive(Deserialize)]
        pub(super) struct $name {
            pub uuid: String,
            $($(#[$attribute])* #[serde(default)] pub $field: Loose<$kind>,)*
        }

        impl FromField for $name {
            fn from_field(value: Value) -> Option<Self> {
                serde_json::from_value(value).ok()
            }
        }
    )*};
}

records! {
    User {
        first_name: String,
        last_name: String,
        email: String,
        created_at: Timestamp,
        timezone: String,
    }
    Organisation {
        name: String,
        created_at: Timestamp,
    }
    Application {
        slug: String,
        name: String,
        organisation: String,
        region: String,
        repository: String,
        is_suspended: bool,
        suspended_reason: String,
        is_undergoing_maintenance: bool,
        maintenance_reason: String,
        copy_type: String,
        copied_from: String,
        release_commands: Vec<ReleaseCommand>,
        updates_available: bool,
        created_at: Timestamp,
        tags: Vec<Tag>,
        on_free_trial: bool,
        free_trial_days_left: i64,
        support_level: String,
        mirrors_count: i64,
        upcoming_maintenances_count: i64,
        port: i64,
        requires_migration: bool,
        is_locked: bool,
    }
    Environment {
        application: String,
        slug: String,
        branch: String,
        is_production_grade: bool,
        has_pending_commits: bool,
        alternative_dockerfile: String,
        deployed_url: String,
        last_finished_deployment: DeploymentRef,
        currently_running_deployment: DeploymentRef,
        currently_released_deployment: DeploymentRef,
        divio_domain: String,
        ssh_endpoint: SshEndpoint,
        ondemand_backup_retention_config: String,
        scheduled_backup_config: String,
        next_scheduled_backup_occurence: Timestamp,
        pending_commit_count: i64,
        has_pending_changes: bool,
        pending_changes: Vec<Value>,
        running_tasks: Vec<Value>,
    }
    DeploymentRef {
        started_at: Timestamp,
        ended_at: Timestamp,
        success: bool,
        status: String,
        git_commit: String,
        percent: i64,
    }
    Deployment {
        environment: String,
        region: String,
        org_membership: String,
        started_at: Timestamp,
        ended_at: Timestamp,
        duration: f64,
        status: String,
        is_usable: bool,
        success: bool,
        git_commit: String,
        alternative_dockerfile: String,
        copy_from: String,
        environment_variables: Names,
        percent: i64,
    }
    EnvironmentVariable {
        name: String,
        value: Secret,
        is_sensitive: bool,
        is_read_only: bool,
        is_pattern_replacement_active: bool,
        date_modified: Timestamp,
    }
    Domain {
        name: String,
        environment: String,
        last_check_status: bool,
        last_check_timestamp: Timestamp,
        last_check_details: Lines,
        is_tls_enabled: bool,
        is_redirect_to_primary: bool,
        is_primary: bool,
        is_editable: bool,
        is_managed_by_divio: bool,
        is_wildcard: bool,
        setup_instructions_html: String,
        state: String,
        state_message: String,
    }
    Backup {
        environment: String,
        org_membership: String,
        tags: Vec<String>,
        created: Timestamp,
        notes: String,
        state: String,
        size: u64,
        service_instance_backups: Vec<String>,
        scheduled_for_deletion_at: Timestamp,
        success: String,
        trigger: String,
    }
    BackupPart {
        service_instance: String,
        service_type: String,
        service_prefix: String,
        size: u64,
        errors: Lines,
        ended_at: Timestamp,
    }
    BackupRestore {
        environment: String,
        backup: String,
        started_at: Timestamp,
        finished: bool,
        success: String,
        notes: String,
        service_instance_backup_restores: Vec<String>,
    }
    BackupConfiguration {
        name: String,
        identifier: String,
        short_description: String,
    }
    ServiceInstance {
        environment: String,
        region: String,
        service: String,
        service_status: String,
        last_status_update: Timestamp,
        prefix: String,
        #[serde(rename = "type")]
        kind: String,
    }
    Service {
        name: String,
        #[serde(rename = "type")]
        kind: String,
        description: String,
        is_backupable: bool,
    }
    Cronjob {
        command: String,
        frequency: String,
        time: String,
        environment: String,
        custom_timeout: u64,
    }
    ApplicationActivity {
        application: String,
        created_at: Timestamp,
        impersonated: bool,
        description: String,
        #[serde(rename = "type")]
        kind: String,
        user_name: String,
        user_email: String,
    }
    MaintenanceRun {
        runbook: Value,
        application: String,
        can_run: bool,
        can_skip: bool,
        can_cancel: bool,
        estimated_execution_time: String,
        running: bool,
        completed: bool,
        window: Value,
        scheduled_window: Value,
        execution_window: Value,
    }
    MetricMetadata {
        identifier: String,
        is_visible: bool,
        title: String,
        unit: String,
    }
    Region {
        name: String,
        short_name: String,
        is_public: bool,
        is_default: bool,
    }
    Repository {
        organisation: String,
        authentication_type: String,
        is_read_only: bool,
        last_pull_success: bool,
        last_pulled_at: Timestamp,
        last_push_success: bool,
        last_pushed_at: Timestamp,
        state: String,
        state_message: String,
        dsn: String,
    }
    Webhook {
        repository: String,
        provider_class: String,
        last_dispatch_at: Timestamp,
        last_dispatch_success: bool,
        last_dispatch_message: String,
    }
    Invoice {
        number: String,
        created: Timestamp,
        period: String,
        billing_currency: String,
        charge_total: String,
        status: String,
        charge_date: Date,
        organisation: String,
        receipt: String,
    }
}

/// The part of a restore that belongs to one service.
#[derive(Deserialize)]
pub(super) struct RestorePart {
    #[serde(default)]
    pub errors: Loose<Lines>,
}

/// The part of a prepared download that belongs to one service.
#[derive(Deserialize)]
pub(super) struct DownloadPart {
    #[serde(default)]
    pub service_instance_backup: Loose<String>,
    #[serde(default)]
    pub download_url: Loose<Secret>,
    #[serde(default)]
    pub ended_at: Loose<Timestamp>,
    #[serde(default)]
    pub errors: Loose<Lines>,
}

/// A line of an invoice: nothing refers to it, so that not even its identifier matters.
#[derive(Deserialize)]
pub(super) struct InvoiceItem {
    #[serde(default)]
    pub item_name: Loose<String>,
    #[serde(default)]
    pub title: Loose<String>,
    #[serde(default)]
    pub start: Loose<Timestamp>,
    #[serde(default)]
    pub end: Loose<Timestamp>,
    #[serde(default)]
    pub total: Loose<String>,
}

/// A command run at each release.
#[derive(Deserialize)]
pub(super) struct ReleaseCommand {
    #[serde(default)]
    pub label: Loose<String>,
    #[serde(default)]
    pub command: Loose<String>,
}

/// A tag.
#[derive(Deserialize)]
pub(super) struct Tag {
    #[serde(default)]
    pub name: Loose<String>,
    #[serde(default)]
    pub value: Loose<String>,
}

/// Where to log in.
#[derive(Deserialize)]
pub(super) struct SshEndpoint {
    pub user: String,
    pub host: String,
    #[serde(default)]
    pub port: Loose<u64>,
}

/// What metrics answer; the shape of a series is not documented.
#[derive(Deserialize)]
pub(super) struct Metrics {
    #[serde(default, rename = "metrics")]
    pub series: Loose<Value>,
    #[serde(default)]
    pub from_ts: Loose<Timestamp>,
    #[serde(default)]
    pub interval: Loose<f64>,
}

/// The answer to a write: a written subset, of which only the new identifier matters.
#[derive(Deserialize)]
pub(super) struct Written {
    pub uuid: String,
}

macro_rules! parts {
    ($($name:ident)*) => {$(
        impl FromField for $name {
            fn from_field(value: Value) -> Option<Self> {
                serde_json::from_value(value).ok()
            }
        }
    )*};
}

parts! { ReleaseCommand Tag SshEndpoint }

/// Names of variables: one view has a list of them, another an object with their values, which are
/// dropped here.
pub(super) struct Names(pub Vec<String>);

impl FromField for Names {
    fn from_field(value: Value) -> Option<Self> {
        if let Value::Object(fields) = value {
            return Some(Self(fields.into_iter().map(|(name, _)| name).collect()));
        }
        Vec::from_field(value).map(Self)
    }
}
