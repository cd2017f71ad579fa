//! What happens to applications: another user does it, or it happens by itself.

use axum::Router;
use serde::Deserialize;
use serde_json::Value;

use super::{Controlled, run::command};
use crate::sim::{
    host::{Change, Command},
    raw,
};

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
    /// More lines, of any bytes.
    #[serde(default)]
    raw: Vec<Base64>,
    rate: Option<u32>,
}

/// Bytes, given as base64.
#[derive(Deserialize)]
#[serde(try_from = "String")]
struct Base64(Vec<u8>);

impl TryFrom<String> for Base64 {
    type Error = &'static str;

    fn try_from(text: String) -> Result<Base64, &'static str> {
        raw::from_base64(&text)
            .map(Base64)
            .ok_or("this is not base64")
    }
}

fn log(it: LogRequest) -> Command {
    let raw = it.raw.iter().map(|Base64(bytes)| raw::text(bytes));
    Command::Log {
        environment: it.environment,
        lines: it.lines.into_iter().chain(raw).collect(),
        rate: it.rate,
        floods: Vec::new(),
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
