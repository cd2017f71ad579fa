//! JSON of `audit`, schema `flightdeck/1`: the same promise as in `output`.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::Serialize;

use super::super::output::SCHEMA;
use crate::model::{Class, Safety, Text};
use crate::store::audit::{Check, Entry, follow_words};

/// What `audit -o json` writes.
#[derive(Debug, Serialize)]
pub(super) struct AuditDocument<'a> {
    schema: &'static str,
    kind: &'static str,
    generated_at: Timestamp,
    /// Operations, oldest first.
    items: &'a [AuditItem],
    /// No context was asked.
    contexts: [(); 0],
    chain: ChainItem,
}

impl<'a> AuditDocument<'a> {
    pub(super) fn new(items: &'a [AuditItem], check: &Check, now: Timestamp) -> Self {
        Self {
            schema: SCHEMA,
            kind: "audit",
            generated_at: now,
            items,
            contexts: [],
            chain: chain(check),
        }
    }
}

/// Whether the record can be trusted.
#[derive(Debug, Serialize)]
struct ChainItem {
    /// Whether no line was changed, taken out, put in or moved.
    ok: bool,
    /// How many lines hold.
    lines: u64,
    /// The number of the first line; more than 1 where older files are gone.
    first: u64,
    /// The number of the last line that holds.
    last: Option<u64>,
    /// Its hash: noted elsewhere, it shows whether lines were taken away at the end.
    last_hash: Option<String>,
    /// How many lines were cut short by a crash and marked.
    torn: u64,
    /// The first place at which it does not hold; `null` if it does.
    flaw: Option<FlawItem>,
}

#[derive(Debug, Serialize)]
struct FlawItem {
    file: String,
    line: usize,
    what: &'static str,
}

/// One operation.
#[derive(Debug, Serialize)]
pub(super) struct AuditItem {
    /// Its number, unique among all runs.
    id: String,
    /// When it was asked for: just before it was sent.
    at: Timestamp,
    /// The account on this machine.
    user: String,
    /// The machine.
    host: String,
    /// The process.
    pid: u32,
    /// The run of flightdeck.
    run: String,
    context: String,
    platform: String,
    /// Scheme, host and port of the API.
    base: String,
    /// The name of the operation, as in `flightdeck do`.
    operation: String,
    /// Its inputs; secrets are `***`.
    inputs: BTreeMap<String, String>,
    /// `app/environment`, in names.
    target: String,
    /// The platform's id of the app.
    app_id: Option<String>,
    /// The platform's id of the environment.
    environment_id: Option<String>,
    /// `PROD`, `stag` or `dev`.
    class: Option<&'static str>,
    /// `read`, `repeatable` or `once`: what happens when it is sent twice.
    safety: &'static str,
    /// The tier of confirmation.
    tier: u8,
    /// How it was confirmed.
    confirmed: String,
    /// What was known before.
    before: Vec<FactItem>,
    /// `done`, `partly`, `failed`, `refused`, `accepted`, `unresolved`, `running`, or `open` where
    /// nobody wrote down the end; `other` for a word of a newer flightdeck.
    outcome: &'static str,
    /// The outcome in words.
    words: Option<String>,
    /// When the end was written down.
    ended_at: Option<Timestamp>,
    /// The id under which the platform's support finds the request.
    request_id: Option<String>,
    /// What it led to on the platform.
    follow: Option<FollowItem>,
    /// What was known after.
    after: Vec<FactItem>,
    /// The run that found out by reading, if the one that asked did not live to.
    resolved_by: Option<String>,
}

#[derive(Debug, Serialize)]
struct FactItem {
    label: String,
    value: String,
}

#[derive(Debug, Serialize)]
struct FollowItem {
    kind: &'static str,
    id: String,
}

pub(super) fn item(entry: &Entry) -> AuditItem {
    let end = entry.end.as_ref();
    let inputs = entry.inputs.iter();
    let inputs = inputs.map(|(name, value)| (name.to_string(), Entry::input(value).to_string()));
    let follow = entry.follow.as_ref().map(|follow| {
        let (kind, id) = follow_words(follow);
        FollowItem { kind, id }
    });
    let words = end.map(|end| &end.words).filter(|words| !words.is_empty());
    AuditItem {
        id: entry.id.0.clone(),
        at: entry.at,
        user: entry.by.user.to_string(),
        host: entry.by.host.to_string(),
        pid: entry.by.pid,
        run: entry.by.run.to_string(),
        context: entry.context.name.to_string(),
        platform: entry.context.platform.to_string(),
        base: entry.context.base.to_string(),
        operation: entry.operation.to_string(),
        inputs: inputs.collect(),
        target: entry.target.title.to_string(),
        app_id: entry.target.app.as_ref().map(|id| id.to_text().to_string()),
        environment_id: entry
            .target
            .environment
            .as_ref()
            .map(|id| id.to_text().to_string()),
        class: entry.target.class.map(Class::word),
        safety: match entry.safety {
            Safety::Read => "read",
            Safety::Repeatable => "repeatable",
            Safety::Once => "once",
        },
        tier: entry.tier,
        confirmed: entry.confirmed.to_string(),
        before: facts(&entry.before),
        outcome: entry.outcome(),
        words: words.map(Text::to_string),
        ended_at: end.map(|end| end.at),
        request_id: end.and_then(|end| end.request_id.as_ref().map(Text::to_string)),
        follow,
        after: end.map_or_else(Vec::new, |end| facts(&end.after)),
        resolved_by: end.and_then(|end| Some(end.resolved_by.as_ref()?.run.to_string())),
    }
}

fn facts(facts: &[(Text, Text)]) -> Vec<FactItem> {
    let fact = |(label, value): &(Text, Text)| FactItem {
        label: label.to_string(),
        value: value.to_string(),
    };
    facts.iter().map(fact).collect()
}

fn chain(check: &Check) -> ChainItem {
    let last = check.last.clone();
    ChainItem {
        ok: check.flaw.is_none(),
        lines: check.lines,
        first: check.first,
        last: last.as_ref().map(|(seq, _)| *seq),
        last_hash: last.map(|(_, hash)| hash),
        torn: check.torn,
        flaw: check.flaw.as_ref().map(|flaw| FlawItem {
            file: flaw.file.display().to_string(),
            line: flaw.line,
            what: flaw.what,
        }),
    }
}
