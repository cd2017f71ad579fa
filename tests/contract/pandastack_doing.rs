//! PandaStack behind a server of our own: what is done there, and how it ends.

use std::num::NonZeroU32;
use std::sync::Arc;

use flightdeck::engine::{Pace, Terms, run_operation};
use flightdeck::model::{
    Accepted, Consent, Failure, Follow, Followed, Operation, OperationEvent, OperationKind, Stage,
    Text, Verdict,
};
use flightdeck::platforms::{Connection, pandastack};
use jiff::Timestamp;
use serde_json::{Value, json};
use wiremock::ResponseTemplate;

use crate::harness::{Bench, done_to};
use crate::nobody::Nobody;
use crate::pandastack_harness::{LIST, ORGANISATION, bench};

pub(crate) const APP: &str = "4190";

pub(crate) const DEPLOY: &str = "/api/v1/managed-apps/deploy";
pub(crate) const RETRY: &str = "/api/v1/managed-apps/retry/4190";
pub(crate) const CONFIGURE: &str = "/api/v1/managed-apps/4190/configuration";
pub(crate) const DELETE: &str = "/api/v1/managed-apps/4190";
pub(crate) const VERIFY: &str = "/api/v1/managed-apps/verify-domain/4190";
pub(crate) const COMPLETE: &str = "/api/v1/managed-apps/complete-installation/4190";
pub(crate) const INSTALLATION: &str = "/api/v1/managed-apps/installation-status/4190";
pub(crate) const STATUS: &str = "/api/v1/managed-apps/status/u-1";

pub(crate) async fn start() -> Bench {
    start_with(|_| {}).await
}

pub(crate) async fn start_with(change: impl FnOnce(&mut Connection)) -> Bench {
    bench(operation, change).await
}

/// Done to the app; an app that is ordered is none yet.
pub(crate) fn operation(kind: OperationKind) -> Operation {
    let mut operation = done_to(APP, APP, "blog/production", kind);
    if matches!(operation.kind, OperationKind::CreateApp { .. }) {
        operation.target.app = None;
        operation.target.environment = None;
        operation.target.title = Text::default();
    }
    operation
}

/// The record of the app, with more.
pub(crate) fn record(more: &Value) -> Value {
    let mut record = json!({"id": 4190, "name": "blog", "slug": "ghost"});
    if let (Some(record), Some(more)) = (record.as_object_mut(), more.as_object()) {
        record.extend(more.clone());
    }
    record
}

/// Answers a list with these records from now on.
pub(crate) async fn list(panda: &Bench, records: &[Value]) {
    let list = json!({"success": true, "data": records});
    panda.json("GET", LIST, list).await;
}

pub(crate) fn json_answer(status: u16, body: &Value) -> ResponseTemplate {
    ResponseTemplate::new(status).set_body_json(body)
}

/// Everything that was sent to these paths, less the query that all have.
pub(crate) async fn sent(panda: &Bench) -> Vec<String> {
    let all = format!("?organization_id={ORGANISATION}");
    let sent = panda.sent().await;
    let lines = sent.iter().map(|line| {
        let short = line.strip_suffix(&all);
        short
            .unwrap_or_else(|| panic!("no organisation: {line}"))
            .to_owned()
    });
    lines.collect()
}

/// What was sent that changes something: a question about a domain is one of them.
pub(crate) async fn writes(panda: &Bench) -> Vec<String> {
    let mut sent = sent(panda).await;
    sent.retain(|line| !line.starts_with("GET") || line.contains("verify-domain"));
    sent
}

/// The JSON body of the only POST.
pub(crate) async fn posted(panda: &Bench) -> Value {
    let requests = panda.server.received_requests().await.unwrap();
    let posts: Vec<_> = requests.iter().filter(|it| it.method == "POST").collect();
    let [only] = posts.as_slice() else {
        panic!("{} were posted", posts.len())
    };
    assert_eq!(only.headers["content-type"], "application/json");
    serde_json::from_slice(&only.body).unwrap()
}

/// What is followed, as it is noted.
pub(crate) fn follow(accepted: &Accepted) -> String {
    match &accepted.follow {
        Some(Follow::Deployment(id)) => format!("deployment {}", id.as_str()),
        Some(Follow::Task(task)) => task.to_string(),
        Some(other) => format!("{other:?}"),
        None => "nothing".into(),
    }
}

pub(crate) async fn look(panda: &Bench, what: &Follow) -> Followed {
    panda.platform.follow(what).await.unwrap()
}

/// The verdict in words, or what goes on and in how many seconds it is looked again.
pub(crate) fn told(followed: &Followed) -> String {
    let Followed {
        progress,
        verdict,
        again_in,
    } = followed;
    match verdict {
        Some(Verdict::Done(remark)) => {
            format!("done: {}", remark.as_ref().map_or("-", Text::as_str))
        }
        Some(Verdict::Partly(text)) => format!("partly: {text}"),
        Some(Verdict::Failed(text)) => format!("failed: {text}"),
        None => {
            let label = progress.label.as_ref().map_or("-", Text::as_str);
            format!("{label} [{}]", again_in.as_secs_f32().round())
        }
    }
}

/// Carries an operation out to its end, as the dashboard does, in a hurry.
pub(crate) async fn carried_out(panda: &Bench, kind: OperationKind) -> Stage {
    let terms = Terms {
        pace: Pace::times(NonZeroU32::new(1_000).unwrap()),
        ..Terms::new(Consent::default(), Arc::new(Nobody))
    };
    let platform = Arc::clone(&panda.platform);
    let clock = || Timestamp::UNIX_EPOCH;
    let mut unheard = |_: &OperationEvent| {};
    let run = run_operation(platform, operation(kind), terms, clock, true, &mut unheard);
    Box::pin(run).await
}

pub(crate) fn create(slug: &str, inputs: &[(&str, &str)]) -> OperationKind {
    let inputs = inputs.iter();
    let inputs = inputs.map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
    OperationKind::CreateApp {
        name: slug.into(),
        inputs: inputs.collect(),
    }
}

pub(crate) const RETRYING: OperationKind = OperationKind::RetryDeployment { deployment: None };

pub(crate) fn complete(domain: &str) -> OperationKind {
    OperationKind::CompleteInstallation {
        domain: domain.into(),
    }
}

pub(crate) fn verify() -> OperationKind {
    OperationKind::VerifyDomain {
        id: flightdeck::model::DomainId::new(APP),
        name: "blog.example.com".into(),
    }
}

pub(crate) fn delete() -> OperationKind {
    OperationKind::DeleteApp {
        typed_name: "blog".into(),
    }
}

/// The operation that only this platform has.
pub(crate) fn configure(settings: &str) -> OperationKind {
    use flightdeck::model::catalogue::{Inputs, Value as Answer};
    let what = pandastack::PROFILE.special("configure").unwrap();
    let inputs = Inputs::default().with("settings", Answer::Text(settings.into()));
    (what.recipe.build)(&inputs).unwrap()
}

/// The only complaint, as `field: problem`.
pub(crate) fn complaint(failure: &Failure) -> String {
    let Failure::Validation(problems) = failure else {
        return format!("{failure:?}");
    };
    let lines = problems.iter().map(|it| {
        let field = it.field.as_ref().map_or("-", Text::as_str);
        format!("{field}: {}", it.problem)
    });
    lines.collect::<Vec<_>>().join(" | ")
}
