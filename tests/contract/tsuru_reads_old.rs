//! tsuru: servers that are too old for a route, lists without anything in them, and keys in any case.

use flightdeck::model::{
    AppId, DeploymentId, DeploymentScope, EnvId, Failure, PageRequest, Payload, Query,
};
use flightdeck::platforms::read;
use serde_json::{Map, Value};
use wiremock::matchers::method;
use wiremock::{Mock, ResponseTemplate};

use crate::harness::Bench;
use crate::tsuru_harness::{fixture, start, too_old};
use crate::tsuru_reads::first;

async fn ask(tsuru: &Bench, query: &Query) -> Result<Payload, Failure> {
    read(tsuru.platform.as_ref(), query, first()).await
}

/// Every question there is, with the path that it cannot do without.
fn questions() -> Vec<(Query, &'static str)> {
    let web = || EnvId::new("shop/web");
    let shop = || AppId::new("shop");
    let mut all = vec![
        (Query::Account, "/1.0/users/info"),
        (Query::Organisations, "/1.0/teams"),
        (Query::Apps, "/1.0/apps"),
        (Query::AllEnvironments, "/1.0/apps"),
        (Query::Environments(shop()), "/1.0/apps/shop"),
        (Query::Environment(web()), "/1.0/apps/shop"),
        (
            Query::Deployments(DeploymentScope::App(shop())),
            "/1.0/deploys",
        ),
        (
            Query::Deployment(DeploymentId::new("d1")),
            "/1.0/deploys/d1",
        ),
        (Query::Variables(web()), "/1.0/apps/shop/env"),
        (Query::Domains(web()), "/1.0/apps/shop"),
        (Query::Services(web()), "/1.0/services/instances"),
        (Query::ServiceKinds(None), "/1.0/services"),
        (Query::Jobs(web()), "/1.13/jobs"),
        (Query::Activity(Some(shop())), "/1.1/events"),
        (Query::Activity(None), "/1.1/events"),
        (Query::Maintenance(None), "/1.3/events/blocks"),
        (Query::Metrics(web()), "/1.0/apps/shop"),
        (Query::Units(web()), "/1.0/apps/shop"),
        (Query::Sizes, "/1.0/plans"),
        (Query::Regions, "/1.0/pools"),
    ];
    let others = [
        ("pools", "/1.0/pools"),
        ("platforms", "/1.0/platforms"),
        ("routers", "/1.3/routers"),
        ("volumes", "/1.4/volumes"),
        ("clusters", "/1.3/provisioner/clusters"),
        ("users", "/1.0/users"),
        ("tokens", "/1.6/tokens"),
        ("roles", "/1.0/permissions"),
        ("webhooks", "/1.6/events/webhooks"),
        ("kinds", "/1.1/events/kinds"),
    ];
    all.extend(others.map(|(name, at)| (Query::Others(name), at)));
    all
}

#[tokio::test]
async fn a_server_that_is_too_old_is_asked_once_and_says_so() {
    for (query, needs) in questions() {
        let tsuru = start().await;
        tsuru.answer("GET", needs, too_old()).await;
        // What else is needed is there.
        tsuru.get("/1.0/apps/shop", "apps/shop").await;
        for _ in 0..3 {
            let failure = ask(&tsuru, &query).await.unwrap_err();
            let Failure::Unsupported { reason, .. } = &failure else {
                panic!("{query:?}: {failure:?}")
            };
            assert!(reason.as_str().contains("too old"), "{query:?}: {reason}");
        }
        let sent = tsuru.sent().await;
        let asked = sent.iter().map(|line| line.split(['?', ' ']).nth(1));
        let asked = asked.filter(|path| *path == Some(needs)).count();
        assert_eq!(asked, 1, "{query:?}: {sent:?}");
    }
}

/// Nothing, in each of its forms.
fn nothing() -> [ResponseTemplate; 3] {
    [
        ResponseTemplate::new(204),
        ResponseTemplate::new(200).set_body_string("null\n"),
        ResponseTemplate::new(200).set_body_string("[]\n"),
    ]
}

/// How many entries an answer has.
#[expect(
    clippy::wildcard_enum_match_arm,
    reason = "what is no list is no answer to what is asked here"
)]
pub(crate) fn count(answer: &Payload) -> usize {
    match answer {
        Payload::Domains(page) => page.items.len(),
        Payload::Units(page) => page.items.len(),
        Payload::Metrics(all) => all.len(),
        Payload::Apps(page) => page.items.len(),
        Payload::Environments(page) => page.items.len(),
        Payload::Organisations(page) => page.items.len(),
        Payload::Deployments(page) => page.items.len(),
        Payload::Variables(page) => page.items.len(),
        Payload::Services(page) => page.items.len(),
        Payload::ServiceKinds(page) => page.items.len(),
        Payload::Jobs(page) => page.items.len(),
        Payload::Activity(page) => page.items.len(),
        Payload::Maintenance(page) => page.items.len(),
        Payload::Sizes(page) => page.items.len(),
        Payload::Regions(page) => page.items.len(),
        Payload::Others(page) => page.items.len(),
        other => panic!("no list: {other:?}"),
    }
}

#[tokio::test]
async fn nothing_in_a_list_is_no_failure_in_any_form() {
    let is_list = |query: &Query| {
        !matches!(
            query,
            Query::Account
                | Query::Environments(_)
                | Query::Environment(_)
                | Query::Deployment(_)
                | Query::Domains(_)
                | Query::Metrics(_)
                | Query::Units(_)
        )
    };
    for (query, at) in questions().into_iter().filter(|(query, _)| is_list(query)) {
        for answer in nothing() {
            let tsuru = start().await;
            tsuru.answer("GET", at, answer).await;
            tsuru.get("/1.0/apps/shop", "apps/split").await;
            let answer = ask(&tsuru, &query).await;
            let answer = answer.unwrap_or_else(|failure| panic!("{query:?}: {failure:?}"));
            assert_eq!(count(&answer), 0, "{query:?}");
        }
    }
}

/// What the server answers to each question, and what that takes.
const ANSWERS: &[(&str, &str)] = &[
    ("/1.0/users/info", "account/me"),
    ("/1.0/info", "account/info"),
    ("/1.0/teams", "account/teams"),
    ("/1.0/apps", "apps/list"),
    ("/1.0/apps/shop", "apps/shop"),
    ("/1.0/apps/shop/env", "env/shop"),
    ("/1.24/apps/shop/certificate", "certificates/new"),
    ("/1.0/deploys", "deploys/shop"),
    ("/1.0/deploys/d1", "deploys/one"),
    ("/1.1/events", "events/list"),
    ("/1.3/events/blocks", "events/blocks"),
    ("/1.1/events/kinds", "events/kinds"),
    ("/1.0/services", "services/list"),
    ("/1.0/services/redis/plans", "services/plans"),
    ("/1.0/services/instances", "services/instances"),
    ("/1.13/jobs", "jobs/list"),
    ("/1.0/plans", "lists/plans"),
    ("/1.0/pools", "lists/pools"),
    ("/1.0/platforms", "lists/platforms"),
    ("/1.3/routers", "lists/routers"),
    ("/1.4/volumes", "lists/volumes"),
    ("/1.3/provisioner/clusters", "lists/clusters"),
    ("/1.0/users", "lists/users"),
    ("/1.6/tokens", "lists/tokens"),
    ("/1.0/permissions", "lists/permissions"),
    ("/1.6/events/webhooks", "lists/webhooks"),
];

/// Keys of these objects are data.
const DATA: &[&str] = &[
    "allowed",
    "labels",
    "info",
    "conditions",
    "opts",
    "cnames",
    "routers",
];

/// Another case for every key, and underscores elsewhere, by the bits of `seed`.
pub(crate) fn recased(value: Value, seed: &mut u64) -> Value {
    match value {
        Value::Array(items) => items.into_iter().map(|it| recased(it, seed)).collect(),
        Value::Object(fields) => {
            let mut made = Map::new();
            for (key, value) in fields {
                let is_data = DATA.contains(&key.to_lowercase().as_str()) && value.is_object();
                let value = if is_data {
                    kept(value, seed)
                } else {
                    recased(value, seed)
                };
                made.insert(other_case(&key, seed), value);
            }
            Value::Object(made)
        }
        scalar @ (Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_)) => scalar,
    }
}

/// The keys stay, what is below them does not.
fn kept(value: Value, seed: &mut u64) -> Value {
    let Value::Object(fields) = value else {
        return value;
    };
    let fields = fields.into_iter();
    let mut below = Map::new();
    for (key, value) in fields {
        below.insert(key, recased(value, seed));
    }
    Value::Object(below)
}

fn other_case(key: &str, seed: &mut u64) -> String {
    let mut written = String::new();
    for letter in key.chars().filter(|c| *c != '_') {
        match next(seed) % 4 {
            0 => written.push(letter.to_ascii_uppercase()),
            1 => written.push(letter.to_ascii_lowercase()),
            2 => written.push(letter),
            _ => written.extend(['_', letter.to_ascii_uppercase()]),
        }
    }
    written
}

/// A step of xorshift.
fn next(seed: &mut u64) -> u64 {
    *seed ^= *seed << 13;
    *seed ^= *seed >> 7;
    *seed ^= *seed << 17;
    *seed >> 32
}

async fn server(make: &mut impl FnMut(&str) -> Value) -> Bench {
    let tsuru = start().await;
    for (at, name) in ANSWERS {
        tsuru.json("GET", at, make(name)).await;
    }
    let rest = Mock::given(method("GET")).respond_with(ResponseTemplate::new(404));
    rest.with_priority(9).mount(&tsuru.server).await;
    tsuru
}

async fn all_answers(tsuru: &Bench) -> Vec<String> {
    let mut answers = Vec::new();
    for (query, _) in questions() {
        let answer = read(tsuru.platform.as_ref(), &query, PageRequest::first()).await;
        answers.push(format!("{query:?} {:?}", answer.unwrap()));
    }
    answers
}

#[tokio::test]
async fn every_answer_is_the_same_with_its_keys_in_any_case() {
    let plain = all_answers(&server(&mut fixture).await).await;
    for start in [1_u64, 0x9e37_79b9_7f4a_7c15, 0x00c0_ffee] {
        let mut seed = start;
        let mut odd = |name: &str| recased(fixture(name), &mut seed);
        let odd = all_answers(&server(&mut odd).await).await;
        for (plain, odd) in plain.iter().zip(&odd) {
            // The readings of metrics carry the time of the server.
            if !plain.starts_with("Metrics") {
                assert_eq!(plain, odd, "{start}");
            }
        }
    }
}
