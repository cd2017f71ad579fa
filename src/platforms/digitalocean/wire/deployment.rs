//! Deployments, events and runs of jobs.
//!
//! Source: DigitalOcean contract, sections 5.3 and 5.4.

use std::collections::BTreeMap;
use std::time::Duration;

use jiff::Timestamp;
use serde_json::Value;

use super::{AppSpec, Repository, entities, records};
use crate::platforms::loose::FromField;

entities! {
    Deployment {
        spec: Box<AppSpec>,
        phase: String,
        cause: String,
        cause_details: CauseDetails,
        created_at: Timestamp,
        phase_last_updated_at: Timestamp,
        progress: Progress,
        services: Vec<Built>,
        workers: Vec<Built>,
        jobs: Vec<Built>,
        static_sites: Vec<Built>,
        functions: Vec<Built>,
        cloned_from: String,
        previous_deployment_id: String,
        tier_slug: String,
        timing: Timing,
    }
    Event {
        #[serde(rename = "type")]
        kind: String,
        created_at: Timestamp,
        deployment_id: String,
        deployment: Box<Deployment>,
        autoscaling: Autoscaled,
    }
    JobInvocation {
        job_name: String,
        deployment_id: String,
        phase: String,
        trigger: Trigger,
        created_at: Timestamp,
        started_at: Timestamp,
        completed_at: Timestamp,
    }
}

records! {
    /// A component of a deployment: what it was built from.
    Built {
        name: String,
        source_commit_hash: String,
        source_image_digest: String,
    }
    CauseDetails {
        #[serde(rename = "type")]
        kind: String,
        internal: bool,
        git_push: GitPush,
        docr_push: RegistryPush,
        digitalocean_user_action: UserAction,
        autoscaler: Autoscaler,
    }
    GitPush {
        github: Repository,
        gitlab: Repository,
        bitbucket: Repository,
        username: String,
        commit_author: String,
        commit_sha: String,
        commit_message: String,
    }
    RegistryPush {
        registry: String,
        repository: String,
        tag: String,
        image_digest: String,
    }
    UserAction {
        user: User,
        name: String,
    }
    User {
        email: String,
        full_name: String,
    }
    Autoscaler {
        scaled_components: Scaled,
    }
    Autoscaled {
        phase: String,
        components: Scaled,
    }
    ScaledComponent {
        from: i64,
        to: i64,
        triggering_metric: String,
    }
    Progress {
        pending_steps: u64,
        running_steps: u64,
        success_steps: u64,
        error_steps: u64,
        total_steps: u64,
        steps: Vec<Step>,
    }
    Step {
        name: String,
        status: String,
        component_name: String,
        message_base: String,
        reason: Reason,
        started_at: Timestamp,
        ended_at: Timestamp,
        steps: Vec<Step>,
    }
    Reason {
        code: String,
        message: String,
    }
    Timing {
        pending: Duration,
        build_total: Duration,
        build_billable: Duration,
        database_provision: Duration,
        deploying: Duration,
    }
    Trigger {
        #[serde(rename = "type")]
        kind: String,
        scheduled: Scheduled,
        manual: Manual,
    }
    Scheduled {
        schedule: TriggerSchedule,
    }
    TriggerSchedule {
        cron: String,
        time_zone: String,
    }
    Manual {
        user: User,
    }
}

/// Components by name.
pub(in crate::platforms::digitalocean) struct Scaled(
    pub(in crate::platforms::digitalocean) BTreeMap<String, ScaledComponent>,
);

impl FromField for Scaled {
    fn from_field(value: Value) -> Option<Self> {
        let Value::Object(fields) = value else {
            return None;
        };
        let read = |(name, value)| Some((name, ScaledComponent::from_field(value)?));
        Some(Self(fields.into_iter().filter_map(read).collect()))
    }
}
