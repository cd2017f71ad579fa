//! What happens to applications: another user does it, or it happens by itself.

use axum::Router;
use serde::Deserialize;
use serde_json::Value;

use super::{Controlled, run::command};
use crate::sim::host::{Change, Command};

/// The routes of these.
pub(super) fn routes() -> Router<Controlled> {
    Router::new()
        .route("/_sim/deploy", command(deploy))
        .route("/_sim/vanish", command(vanish))
        .route("/_sim/variable", command(variable))
        .route("/_sim/log", command(log))
        .route("/_sim/spec", command(spec))
        .route("/_sim/autoscale", command(autoscale))
        .route("/_sim/crash", command(crash))
        // `null` lets all requests through.
        .route("/_sim/limits", command(Command::Limits))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct DeployRequest {
    environment: String,
    #[serde(default)]
    outcome: Outcome,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Outcome {
    #[default]
    Success,
    Fail,
}

fn deploy(it: DeployRequest) -> Command {
    Command::Deploy {
        environment: it.environment,
        succeeds: matches!(it.outcome, Outcome::Success),
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct VanishRequest {
    application: String,
}

fn vanish(VanishRequest { application }: VanishRequest) -> Command {
    Command::Vanish { application }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct VariableRequest {
    environment: String,
    name: String,
    value: Option<String>,
    #[serde(default)]
    remove: bool,
}

fn variable(it: VariableRequest) -> Command {
    Command::Variable {
        environment: it.environment,
        name: it.name,
        change: if it.remove {
            Some(Change::Remove)
        } else {
            it.value.map(Change::Set)
        },
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct LogRequest {
    environment: String,
    #[serde(default)]
    lines: Vec<String>,
    rate: Option<u32>,
}

fn log(it: LogRequest) -> Command {
    Command::Log {
        environment: it.environment,
        lines: it.lines,
        rate: it.rate,
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct SpecRequest {
    application: String,
    spec: Value,
}

fn spec(SpecRequest { application, spec }: SpecRequest) -> Command {
    Command::Spec { application, spec }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct AutoscaleRequest {
    environment: String,
    to: u32,
}

fn autoscale(AutoscaleRequest { environment, to }: AutoscaleRequest) -> Command {
    Command::Autoscale { environment, to }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct CrashRequest {
    environment: String,
}

fn crash(CrashRequest { environment }: CrashRequest) -> Command {
    Command::Crash { environment }
}
