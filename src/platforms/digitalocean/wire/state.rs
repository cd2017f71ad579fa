//! What runs, and how it does.
//!
//! Source: DigitalOcean contract, section 5.4.

use jiff::Timestamp;
use serde_json::Value;

use super::{Step, entities, records};

records! {
    Health {
        components: Vec<ComponentHealth>,
    }
    ComponentHealth {
        name: String,
        cpu_usage_percent: f64,
        memory_usage_percent: f64,
        replicas_desired: u64,
        replicas_ready: u64,
        state: String,
    }
    Instance {
        component_name: String,
        component_type: String,
        instance_name: String,
        instance_alias: String,
    }
    AlertRule {
        rule: String,
        #[serde(rename = "disabled")]
        is_disabled: bool,
        operator: String,
        value: f64,
        window: String,
    }
    /// Only the channel: the address is a secret.
    SlackWebhook {
        channel: String,
    }
    AlertProgress {
        steps: Vec<Step>,
    }
    Measurements {
        result: Vec<Measured>,
    }
    Measured {
        metric: MetricLabels,
        values: Vec<Value>,
    }
    MetricLabels {
        app_component: String,
        app_component_instance: String,
    }
    Bandwidth {
        app_bandwidth_usage: Vec<BandwidthUsage>,
        date: Timestamp,
    }
    BandwidthUsage {
        app_id: String,
        bandwidth_bytes: u64,
    }
}

entities! {
    Alert {
        component_name: String,
        spec: AlertRule,
        emails: Vec<String>,
        slack_webhooks: Vec<SlackWebhook>,
        phase: String,
        progress: AlertProgress,
    }
}
