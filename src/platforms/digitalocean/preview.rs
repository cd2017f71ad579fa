//! Asking what an operation would do: what it costs, what speaks against it. Nothing is changed.
//!
//! Source: DigitalOcean contract, sections 5.2 (propose), 5.5 (validate) and 5.7.

use bytes::Bytes;
use serde::Deserialize;
use serde_json::value::RawValue;

use super::api::{Api, call};
use super::ids;
use super::operate::fresh::{self, Fresh};
use super::operate::{restored, rollback};
use super::paths::Op;
use super::spec::{self, Edit};
use crate::model::{
    BackupId, DeploymentId, Failure, Operation, OperationKind, Preview, Safety, Text,
};

/// What the platform makes of a spec.
#[derive(Deserialize)]
struct Proposal {
    /// A number of US dollars, kept as it is written: no floating point touches money.
    #[serde(rename = "app_cost")]
    cost: Option<Box<RawValue>>,
    #[serde(rename = "app_name_available")]
    is_free: Option<bool>,
    #[serde(rename = "app_name_suggestion")]
    suggestion: Option<String>,
}

/// Whether there can be a roll-back. What is false may be left out.
#[derive(Deserialize)]
struct Validity {
    #[serde(default)]
    valid: bool,
    error: Option<Condition>,
    warnings: Option<Vec<Condition>>,
}

#[derive(Deserialize)]
struct Condition {
    message: Option<String>,
    code: Option<String>,
    components: Option<Vec<String>>,
}

pub(super) async fn preview(api: &Api, operation: &Operation) -> Result<Option<Preview>, Failure> {
    if let Some(edits) = spec::edits(operation) {
        return refusable(edited(api, operation, edits).await).map(Some);
    }
    let preview = if let OperationKind::RollBack { to, pin } = &operation.kind {
        rolled_back(api, to, *pin).await
    } else if let OperationKind::CreateApp { name, inputs } = &operation.kind {
        created(api, name, inputs).await
    } else if let OperationKind::RestoreBackup { backup, into, .. } = &operation.kind {
        copied(api, backup, into.as_deref()).await
    } else {
        return Ok(None);
    };
    refusable(preview).map(Some)
}

/// What the platform, or flightdeck, would not accept is an answer, too.
fn refusable(preview: Result<Preview, Failure>) -> Result<Preview, Failure> {
    match preview {
        Err(failure @ (Failure::Validation(_) | Failure::Conflict(_))) => Ok(Preview {
            refusal: Some(Text::clean(&failure.headline())),
            ..Preview::default()
        }),
        preview => preview,
    }
}

async fn edited(
    api: &Api,
    operation: &Operation,
    edits: Result<Vec<Edit>, Failure>,
) -> Result<Preview, Failure> {
    let edits = edits?;
    let fresh = Fresh::read(api, fresh::app(operation)?).await?;
    if fresh.is_pinned() {
        return Err(Failure::Conflict(fresh::pinned()));
    }
    let changed = spec::apply(fresh.spec(), &edits)?;
    if changed == fresh.spec() {
        return Ok(warned(["it is so already: nothing will be sent"]));
    }
    let (new, now) = if spec::moves_cost(&edits) {
        let new = propose(api, &changed, &edits, Some(&fresh.id));
        let now = propose(api, fresh.spec(), &edits, Some(&fresh.id));
        let (new, now) = futures_util::join!(new, now);
        // What it costs today is a comfort: without it the rest is still worth saying.
        (new?, now.ok())
    } else {
        (propose(api, &changed, &edits, Some(&fresh.id)).await?, None)
    };
    let mut preview = warned(["a deployment will start"]);
    if spec::moves_cost(&edits) {
        preview.facts.extend(cost(&new, now.as_ref()));
    }
    if fresh.is_busy() {
        preview
            .warnings
            .push("another deployment is under way".into());
    }
    if spec::ends_scaling(fresh.spec(), &edits) {
        preview.warnings.push("automatic scaling ends".into());
    }
    if edits.iter().any(|it| matches!(it, Edit::Name { .. })) {
        preview.refusal = name_taken(&new);
    }
    Ok(preview)
}

async fn created(api: &Api, name: &str, inputs: &[(String, String)]) -> Result<Preview, Failure> {
    let new = spec::new_app(name, inputs)?;
    let proposal = propose(api, &new.spec, &[], None).await?;
    let mut preview = warned(["a deployment will start"]);
    preview.facts.extend(cost(&proposal, None));
    preview.refusal = name_taken(&proposal);
    Ok(preview)
}

async fn propose(
    api: &Api,
    spec: &str,
    edits: &[Edit],
    app: Option<&str>,
) -> Result<Proposal, Failure> {
    let mut call = call(Op::ProposeApp, &[], Safety::Read)?;
    let app = app.map(|id| format!(",\"app_id\":{}", spec::raw::quoted(id)));
    let body = format!("{{\"spec\":{spec}{}}}", app.unwrap_or_default());
    call.body = Some(("application/json", Bytes::from(body)));
    call.secrets = spec::secrets(spec, edits);
    api.http.send(call).await?.json()
}

fn cost(new: &Proposal, now: Option<&Proposal>) -> Option<(Text, Text)> {
    let new = amount(new)?;
    let label = Text::clean("cost a month");
    let text = match now.and_then(amount) {
        Some(now) if now == new => format!("{new} USD, as now"),
        Some(now) => format!("{now} → {new} USD"),
        None => format!("{new} USD"),
    };
    Some((label, Text::clean(&text)))
}

/// As the platform wrote it; some of its numbers stand in quotes, and nothing is left out.
fn amount(proposal: &Proposal) -> Option<String> {
    let raw = proposal.cost.as_deref().map_or("0", RawValue::get);
    let written = spec::raw::text(raw).unwrap_or_else(|| raw.to_owned());
    let is_amount = |c: char| c.is_ascii_digit() || c == '.';
    (!written.is_empty() && written.chars().all(is_amount)).then_some(written)
}

/// Only where there is a new name: an app that exists has its own. What is false may be left out,
/// so that a suggestion says it too.
fn name_taken(proposal: &Proposal) -> Option<Text> {
    let suggestion = proposal.suggestion.as_deref().unwrap_or_default();
    match (proposal.is_free, suggestion) {
        (Some(true), _) | (None, "") => None,
        (Some(false), "") => Some("the name is taken: choose another".into()),
        (Some(false) | None, free) => Some(format!("the name is taken: {free} is free").into()),
    }
}

async fn rolled_back(api: &Api, to: &DeploymentId, pin: bool) -> Result<Preview, Failure> {
    let (app, to) = ids::of_deployment(to)?;
    let body = rollback(to, pin);
    let answer: Validity = api
        .ask(Op::ValidateRollback, &[app], &body, Vec::new())
        .await?;
    let mut preview = warned([]);
    let warnings = answer.warnings.unwrap_or_default();
    preview.warnings.extend(warnings.iter().filter_map(said));
    if pin {
        let text = "the app stays pinned there: nothing is deployed until you keep or undo it";
        preview.warnings.push(text.into());
    }
    if !answer.valid {
        let why = answer.error.as_ref().and_then(said);
        let silent = || "DigitalOcean would refuse it and does not say why".into();
        preview.refusal = Some(why.unwrap_or_else(silent));
    }
    Ok(preview)
}

fn said(condition: &Condition) -> Option<Text> {
    let text = condition.message.as_deref().filter(|it| !it.is_empty());
    let text = text.or(condition.code.as_deref())?;
    match condition.components.as_deref() {
        None | Some([]) => Text::non_empty(text),
        Some(names) => Text::non_empty(&format!("{text} ({})", names.join(", "))),
    }
}

async fn copied(api: &Api, backup: &BackupId, into: Option<&str>) -> Result<Preview, Failure> {
    let restored = restored(api, backup, into).await?;
    let mut preview = warned([
        "it makes a new cluster, which costs money from its first hour",
        "the apps go on using the old one until they are changed",
    ]);
    preview.facts = vec![
        ("new cluster".into(), restored.name.into()),
        ("engine".into(), restored.engine.into()),
        ("size".into(), restored.size.into()),
    ];
    Ok(preview)
}

fn warned<const N: usize>(warnings: [&str; N]) -> Preview {
    Preview {
        warnings: warnings.into_iter().map(Text::from).collect(),
        ..Preview::default()
    }
}
