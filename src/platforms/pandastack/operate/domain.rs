//! Verifying a domain. Source: PandaStack contract, section 3.8.
//!
//! It is a GET that probably makes the server look at DNS and may move an installation forward, so
//! that it is treated as a change: a read-only context does not send it.

use serde_json::Value;
use tokio::time::Instant;

use super::super::api::Api;
use super::super::decode::{Of, Payload};
use super::super::paths::Op;
use super::super::progress::Task;
use super::super::verdicts::Said;
use super::super::words::State;
use super::Managed;
use crate::model::{Accepted, AppId, Failure, FieldProblem, Safety, Text};

/// More records than these are not told one by one.
const RECORDS: usize = 5;

/// Asks once, and remembers what was said. That a domain is not verified is no failure.
pub(in super::super) async fn verify(api: &Api, app: &AppId, id: &str) -> Result<Said, Failure> {
    let call = api
        .call(Op::VerifyDomain, &[id], Safety::Repeatable)
        .await?;
    let said = match api.answer(call).await {
        Ok(payload) => said(api, app, &payload),
        Err(Failure::Validation(problems)) => refused(api, &problems),
        Err(failure) => return Err(failure),
    };
    api.verdicts.heard(app, said.clone());
    Ok(said)
}

fn said(api: &Api, app: &AppId, payload: &Payload) -> Said {
    let record = payload.record();
    let records = record.dns_records();
    // Where the success of the call told that it is not, it also tells that it is.
    let tells_so = || api.verdicts.of(app).is_some_and(|last| last.is_by_success);
    let by_success = || (payload.success() == Some(true) && tells_so()).then_some(true);
    let is_verified = is_verified(payload, !records.is_empty()).or_else(by_success);
    let reason = || payload.reason().cloned().or_else(|| record.error());
    Said {
        is_verified,
        is_by_success: tells_so() || payload.success() == Some(false),
        reason: reason().filter(|_| is_verified != Some(true)),
        records,
        at: api.http.now(),
        asked: Instant::now(),
    }
}

/// The verdict: a refusal before flags, flags before a word. Success is what a call may have had and
/// the domain has not: it counts where nothing else tells, and no record is to be created.
fn is_verified(payload: &Payload, has_records: bool) -> Option<bool> {
    if payload.success() == Some(false) {
        return Some(false);
    }
    let record = payload.record();
    let word = record.status(Of::Installation);
    let is_success = |word: &Text| word.as_str().eq_ignore_ascii_case("success");
    let is_good = |word: &Text| State::of(word.as_str()) == State::Running;
    let telling = word.as_ref().filter(|word| !is_success(word));
    let success = || {
        let flag = record.value("success").and_then(Value::as_bool);
        flag.or_else(|| word.as_ref().map(is_success))
    };
    record
        .is_verified()
        .or_else(|| telling.map(is_good))
        .or(has_records.then_some(false))
        .or_else(success)
}

/// What an answer of 400 or 404 says of a domain.
fn refused(api: &Api, problems: &[FieldProblem]) -> Said {
    let reasons: Vec<_> = problems.iter().map(|it| it.problem.as_str()).collect();
    Said {
        is_verified: Some(false),
        is_by_success: false,
        reason: Text::non_empty(&reasons.join("; ")),
        records: Vec::new(),
        at: api.http.now(),
        asked: Instant::now(),
    }
}

impl Managed<'_> {
    pub(super) async fn verify(&self, name: &str) -> Result<Accepted, Failure> {
        let said = verify(self.api, self.app, self.id).await?;
        if said.is_verified == Some(true) {
            let next = format!("complete the installation with {name}, if the app still waits");
            return Ok(Accepted {
                note: Some("the domain is verified".into()),
                next_steps: vec![Text::clean(&next)],
                ..Accepted::default()
            });
        }
        Ok(Accepted {
            note: Some(verdict(&said)),
            next_steps: next_steps(&said),
            ..Accepted::following(Task::verification(self.app).follow())
        })
    }
}

fn verdict(said: &Said) -> Text {
    match &said.reason {
        Some(reason) => Text::clean(&format!("not verified: {reason}")),
        None => "not verified yet".into(),
    }
}

fn next_steps(said: &Said) -> Vec<Text> {
    let create = |record: &Text| Text::clean(&format!("create the DNS record {record}"));
    let mut steps: Vec<_> = said.records.iter().take(RECORDS).map(create).collect();
    if let more @ 1.. = said.records.len().saturating_sub(RECORDS) {
        steps.push(Text::clean(&format!(
            "and {more} more, shown under Domains"
        )));
    }
    steps.push(
        "while this is followed, it is asked again every 30 s for 30 minutes; then complete the \
         installation"
            .into(),
    );
    steps
}
