//! Jobs. What their containers are given is left out: it may be secret.
//!
//! Source: tsuru contract, section 5.

use super::{Plan, entities, records};

entities! {
    Job by name {
        pool: String,
        description: String,
        owner: String,
        team_owner: String,
        teams: Vec<String>,
        plan: Plan,
        spec: JobSpec,
    }
}

records! {
    JobSpec {
        schedule: String,
        #[serde(rename = "manual")]
        is_manual: bool,
        active_deadline_seconds: i64,
        concurrency_policy: String,
        container: Container,
    }
    Container {
        image: String,
        command: Vec<String>,
    }
}
