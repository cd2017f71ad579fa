//! What the server answers, with its keys in any case and with underscores anywhere: the same to the
//! adapter. Official clients take it so, and servers of other ages rely on it. Source: tsuru contract,
//! section 1.

use std::collections::BTreeMap;

use flightdeck::model::{DeploymentId, PageRequest, Payload, Query};
use flightdeck::platforms::read;
use proptest::prelude::*;
use proptest::test_runner::TestRunner;
use regex::Regex;
use serde_json::Value;
use wiremock::matchers::method;
use wiremock::{Mock, ResponseTemplate};

use super::asked::{newest, questions};
use super::world::World;
use crate::harness::Bench;
use crate::tsuru_harness::start;
use crate::tsuru_reads_old::recased;

/// Each is a server that is asked everything.
const CASES: u32 = 12;

/// Where answers come from; `DEPLOY` stands for the newest deploy.
const PATHS: &[&str] = &[
    "/1.0/users/info",
    "/1.0/info",
    "/1.0/teams",
    "/1.0/apps",
    "/1.0/apps/atlas",
    "/1.0/apps/atlas/env",
    "/1.24/apps/atlas/certificate",
    "/1.0/deploys",
    "/1.0/deploys/DEPLOY",
    "/1.1/events",
    "/1.1/events/DEPLOY",
    "/1.3/events/blocks",
    "/1.1/events/kinds",
    "/1.0/services",
    "/1.0/services/postgres/plans",
    "/1.0/services/rabbitmq/plans",
    "/1.0/services/redis/plans",
    "/1.0/services/instances",
    "/1.13/jobs",
    "/1.0/plans",
    "/1.0/pools",
    "/1.0/platforms",
    "/1.3/routers",
    "/1.4/volumes",
    "/1.3/provisioner/clusters",
    "/1.0/users",
    "/1.6/tokens",
    "/1.0/permissions",
    "/1.6/events/webhooks",
];

/// What the simulated server answers, by path.
type Answers = BTreeMap<String, Value>;

async fn recorded(world: &World, deploy: &DeploymentId) -> Answers {
    let mut answers = Answers::new();
    for path in PATHS {
        let path = path.replace("DEPLOY", deploy.as_str());
        let answer = world.get(&path).await;
        assert!(!answer.is_null(), "{path}");
        answers.insert(path, answer);
    }
    answers
}

/// A server that answers what was recorded.
async fn replay(answers: &Answers) -> Bench {
    let tsuru = start().await;
    for (path, answer) in answers {
        tsuru.json("GET", path, answer.clone()).await;
    }
    let rest = Mock::given(method("GET")).respond_with(ResponseTemplate::new(404));
    rest.with_priority(9).mount(&tsuru.server).await;
    tsuru
}

/// What is understood of it.
async fn understood(tsuru: &Bench, questions: &[Query]) -> Vec<String> {
    let mut all = Vec::new();
    for query in questions {
        let answer = read(tsuru.platform.as_ref(), query, PageRequest::first()).await;
        let answer = answer.unwrap_or_else(|failure| panic!("{query:?}: {failure}"));
        all.push(format!("{query:?}: {}", written(&answer)));
    }
    all
}

fn written(answer: &Payload) -> String {
    let text = format!("{answer:?}");
    if !matches!(answer, Payload::Metrics(_)) {
        return text;
    }
    // Readings carry the time at which they were taken.
    let time = Regex::new(r"\d{4}-\d\d-\d\dT[0-9:.]+Z").unwrap();
    time.replace_all(&text, "then").into_owned()
}

#[test]
fn every_answer_is_the_same_whatever_the_case_of_its_keys() {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let (answers, questions, plain) = runtime.block_on(async {
        let world = World::new().await;
        let deploy = newest(&world).await;
        let answers = recorded(&world, &deploy).await;
        let questions = questions(&world).await.into_iter().map(|(query, _)| query);
        let questions: Vec<_> = questions.collect();
        let plain = understood(&replay(&answers).await, &questions).await;
        (answers, questions, plain)
    });
    let config = ProptestConfig {
        cases: CASES,
        // The seed says it all, and is printed.
        failure_persistence: None,
        ..ProptestConfig::default()
    };
    let seeds = 1..u64::MAX;
    let tried = TestRunner::new(config).run(&seeds, |start| {
        let mut seed = start;
        let odd = answers.iter();
        let odd = odd.map(|(path, it)| (path.clone(), recased(it.clone(), &mut seed)));
        let odd: Answers = odd.collect();
        prop_assert_ne!(&odd, &answers);
        let odd = runtime.block_on(async { understood(&replay(&odd).await, &questions).await });
        for (plain, odd) in plain.iter().zip(&odd) {
            prop_assert_eq!(plain, odd, "seed {}", start);
        }
        Ok(())
    });
    tried.unwrap_or_else(|error| panic!("{error}"));
}
