//! Alerts: what is watched for. Whether one fires is not told.
//!
//! Source: DigitalOcean contract, section 5.4.

use super::progress::first_failure;
use crate::model::{Alert, Status, Text};
use crate::platforms::details::{Details, text};
use crate::platforms::digitalocean::{ids, wire};

pub(in crate::platforms::digitalocean) fn alert(app: &str, wire: &wire::Alert) -> Alert {
    let rule = wire.spec.as_ref();
    let emails = wire.emails.iter().flatten();
    let emails = emails.filter_map(|address| Text::non_empty(address));
    let channels = wire.slack_webhooks.iter().flatten();
    let channels = channels.map(|hook| match text(&hook.channel) {
        Some(channel) => Text::clean(&format!("Slack {channel}")),
        None => Text::clean("Slack"),
    });
    let steps = wire.progress.as_ref().and_then(|it| it.steps.as_deref());
    Alert {
        id: ids::alert(app, &wire.id),
        component: text(&wire.component_name),
        rule: rule.map_or_else(|| Text::clean("an unknown rule"), words),
        is_enabled: rule.is_none_or(|rule| *rule.is_disabled != Some(true)),
        is_firing: None,
        status: match wire.phase.as_deref() {
            Some("ACTIVE") => Status::Live,
            Some("PENDING") => Status::Queued,
            Some("CONFIGURING") => Status::Deploying,
            Some("ERROR") => Status::Failed,
            Some("UNKNOWN") | None => Status::Unknown,
            Some(word) => Status::Other(Text::clean(word)),
        },
        told: emails.chain(channels).collect(),
        details: Details::default()
            .text("Problem", steps.and_then(first_failure))
            .done(),
    }
}

/// Rules by their name: what is measured and its unit; no unit for what simply happens.
const RULES: &[(&str, &str, Option<&str>)] = &[
    ("CPU_UTILIZATION", "CPU", Some(" %")),
    ("MEM_UTILIZATION", "memory", Some(" %")),
    ("RESTART_COUNT", "restarts", Some("")),
    ("REQUESTS_PER_SECOND", "requests", Some(" a second")),
    (
        "REQUEST_DURATION_P95_MS",
        "request time (95 %)",
        Some(" ms"),
    ),
    ("AUTOSCALE_FAILED", "autoscaling failed", None),
    ("AUTOSCALE_SUCCEEDED", "autoscaling succeeded", None),
    ("DEPLOYMENT_FAILED", "a deployment failed", None),
    ("DEPLOYMENT_LIVE", "a deployment went live", None),
    ("DEPLOYMENT_STARTED", "a deployment started", None),
    ("DEPLOYMENT_CANCELED", "a deployment was cancelled", None),
    ("DOMAIN_FAILED", "a domain failed", None),
    ("DOMAIN_LIVE", "a domain went live", None),
    ("FUNCTIONS_ACTIVATION_COUNT", "function calls", Some("")),
    (
        "FUNCTIONS_AVERAGE_DURATION_MS",
        "function time",
        Some(" ms"),
    ),
    (
        "FUNCTIONS_ERROR_RATE_PER_MINUTE",
        "function errors",
        Some(" a minute"),
    ),
    (
        "FUNCTIONS_AVERAGE_WAIT_TIME_MS",
        "function waiting time",
        Some(" ms"),
    ),
    ("FUNCTIONS_ERROR_COUNT", "function errors", Some("")),
    (
        "FUNCTIONS_GB_RATE_PER_SECOND",
        "function memory",
        Some(" GB/s"),
    ),
    ("JOB_INVOCATION_FAILED", "a run of a job failed", None),
];

const WINDOWS: &[(&str, &str)] = &[
    ("FIVE_MINUTES", "5 minutes"),
    ("TEN_MINUTES", "10 minutes"),
    ("THIRTY_MINUTES", "30 minutes"),
    ("ONE_HOUR", "1 hour"),
];

/// "CPU above 85 % for 5 minutes".
fn words(rule: &wire::AlertRule) -> Text {
    let name = rule.rule.as_deref().unwrap_or("an unknown rule");
    let spelled = |word: &str| word.to_lowercase().replace('_', " ");
    let known = RULES.iter().find(|(known, ..)| *known == name);
    let Some((_, title, unit)) = known else {
        return Text::clean(&spelled(name));
    };
    let Some(unit) = unit else {
        return Text::clean(title);
    };
    let side = match rule.operator.as_deref() {
        Some("GREATER_THAN") => "above".to_owned(),
        Some("LESS_THAN") => "below".to_owned(),
        Some(word) => spelled(word),
        None => "at".to_owned(),
    };
    let value = rule.value.unwrap_or(0.0);
    let window = rule
        .window
        .as_deref()
        .filter(|word| *word != "UNSPECIFIED_WINDOW");
    let window = window.map(|word| {
        let known = WINDOWS.iter().find(|(known, _)| *known == word);
        let span = known.map_or_else(|| spelled(word), |(_, span)| (*span).to_owned());
        format!(" for {span}")
    });
    Text::clean(&format!(
        "{title} {side} {value}{unit}{}",
        window.unwrap_or_default()
    ))
}
