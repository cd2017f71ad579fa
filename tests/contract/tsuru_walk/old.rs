//! Servers from before a route: each says so once, and the rest goes on.

use std::sync::Arc;
use std::time::Duration;

use flightdeck::model::{DeploymentId, Failure, OperationKind, PageRequest, Query};
use flightdeck::platforms::tsuru::paths::{Row, TABLE};
use flightdeck::platforms::{Platform, read};
use tokio::time::{advance, pause, resume};

use super::asked::{first_step, logs, questions};
use super::done::steps;
use super::world::{Counts, World, operation, since};

fn row(operation: &str) -> &'static Row {
    let found = TABLE.iter().find(|row| row.operation == operation);
    found.unwrap_or_else(|| panic!("no {operation}"))
}

/// The minor version that a row needs.
fn minor(row: &Row) -> u32 {
    let version = row.path.strip_prefix("/1.").unwrap();
    version.split('/').next().unwrap().parse().unwrap()
}

/// Every version that brought something.
fn versions() -> Vec<u32> {
    let mut all: Vec<u32> = TABLE.iter().map(minor).filter(|it| *it > 0).collect();
    all.sort_unstable();
    all.dedup();
    all
}

/// It says which version it needs, and nothing that is true of other things.
fn check_reason(shown: &str, failure: &Failure, needs: &[u32]) {
    let Failure::Unsupported { reason, .. } = failure else {
        panic!("{shown}: {failure:?}")
    };
    let reason = reason.as_str();
    assert!(
        reason.starts_with("this tsuru server is too old "),
        "{shown}: {reason}"
    );
    assert!(!reason.contains("only one platform"), "{shown}: {reason}");
    let named = |minor: &u32| reason.ends_with(&format!(": it needs API 1.{minor}"));
    assert!(needs.iter().any(named), "{shown}: {reason}");
}

/// None of what is newer than the server was asked for twice.
fn check_once(sent: &Counts, age: u32) {
    for (name, count) in sent {
        if minor(row(name)) > age {
            assert_eq!(*count, 1, "{name}, of a server of 1.{age}: {sent:?}");
        }
    }
}

async fn three_times(query: &Query, platform: &Arc<dyn Platform>) -> Vec<Failure> {
    let mut failures = Vec::new();
    for _ in 0..3 {
        let answer = read(platform.as_ref(), query, PageRequest::first()).await;
        failures.extend(answer.err());
    }
    failures
}

#[tokio::test]
async fn questions_of_a_later_version_say_so_and_the_others_are_answered() {
    let world = World::new().await;
    let all = questions(&world).await;
    for age in versions().into_iter().map(|it| it - 1) {
        world.age(Some(age)).await;
        for (query, needs) in &all {
            let (shown, before) = (format!("{query:?} at 1.{age}"), world.counts().await);
            // Nothing is remembered of the question before.
            let failures = three_times(query, &world.connect()).await;
            let needs = minor(row(needs));
            assert_eq!(
                failures.len(),
                if needs > age { 3 } else { 0 },
                "{shown}: {failures:?}"
            );
            for failure in &failures {
                check_reason(&shown, failure, &[needs]);
            }
            check_once(&since(&before, world.counts().await), age);
        }
    }
}

#[tokio::test]
async fn operations_of_a_later_version_say_so_and_are_sent_once() {
    let world = World::new().await;
    let steps = steps(&world).await;
    for age in versions().into_iter().map(|it| it - 1) {
        world.age(Some(age)).await;
        for step in steps.iter().filter(|it| minor(row(it.request)) > age) {
            let shown = format!("{} {:?} at 1.{age}", step.place, step.kind);
            let before = world.counts().await;
            let platform = world.connect();
            let operation = operation(step.place, step.kind.clone());
            for _ in 0..3 {
                let answer = platform.operate(&operation, None, &mut |_| {}).await;
                let failure = answer.expect_err(&shown);
                check_reason(&shown, &failure, &[minor(row(step.request))]);
            }
            check_once(&since(&before, world.counts().await), age);
        }
    }
}

#[tokio::test]
async fn logs_of_a_later_version_say_so() {
    let world = World::new().await;
    let all = logs(&world).await;
    for age in versions().into_iter().map(|it| it - 1) {
        world.age(Some(age)).await;
        for (source, needs) in &all {
            let (shown, before) = (format!("{source:?} at 1.{age}"), world.counts().await);
            let platform = world.connect();
            for _ in 0..3 {
                let step = first_step(platform.as_ref(), source.clone()).await;
                match (step, minor(row(needs))) {
                    (Ok(_), needs) => assert!(needs <= age, "{shown}"),
                    (Err(failure), needs) => check_reason(&shown, &failure, &[needs]),
                }
            }
            check_once(&since(&before, world.counts().await), age);
        }
    }
}

/// Nobody tells that a server was made new.
#[tokio::test]
async fn what_was_missing_is_asked_for_again_after_half_an_hour() {
    let world = World::new().await;
    let ask = || world.platform.others("volumes", PageRequest::first());
    world.age(Some(3)).await;
    let failure = ask().await.unwrap_err();
    assert_eq!(
        failure.headline(),
        "this tsuru server is too old to list volumes: it needs API 1.4"
    );
    world.age(None).await;
    assert!(ask().await.is_err());
    assert_eq!(world.counts().await["VolumeList"], 1);
    pause();
    advance(Duration::from_mins(30)).await;
    resume();
    assert!(!ask().await.unwrap().items.is_empty());
    assert_eq!(world.counts().await["VolumeList"], 2);
}

/// What is said of an operation that only tsuru has names no capability: three stand for many.
#[tokio::test]
async fn what_only_tsuru_has_is_told_in_words_that_fit() {
    let world = World::new().await;
    world.age(Some(0)).await;
    let cancel = OperationKind::CancelDeployment {
        deployment: DeploymentId::new("6740f0b1c2a9d3f4e5a6b7c8"),
        reason: None,
    };
    let operation = operation("atlas/web", cancel);
    let answer = world.platform.operate(&operation, None, &mut |_| {}).await;
    let failure = answer.unwrap_err();
    assert_eq!(
        failure.headline(),
        "this tsuru server is too old for this: it needs API 1.1"
    );
}
