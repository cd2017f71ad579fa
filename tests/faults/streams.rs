//! tsuru's actions print while they go on: a stream that ends too early tells nothing, and its event
//! tells the rest; an error at its end is a failure, although the answer began with 200.

use flightdeck::model::{Stage, Verdict};
use futures_util::{StreamExt as _, stream};
use serde_json::{Value, json};

use crate::cases::Case;
use crate::tsuru::GROUND;
use crate::world::{World, operation};

const AT_ONCE: usize = 6;

/// What the platform says at the end of what fails.
const CAUSE: &str = "no node is left";

/// Every operation whose answer is a stream.
fn streamed() -> impl Iterator<Item = &'static Case> {
    let is_streamed = |case: &&Case| case.is_followed && case.request != "EventCancel";
    GROUND.cases.iter().filter(is_streamed)
}

/// Faults for one request of a case; what it came to, if that is not `expected`.
async fn check(
    case: &'static Case,
    effects: &[Value],
    expected: fn(&Stage) -> bool,
) -> Option<String> {
    let (world, ready) = World::of(&GROUND, case).await;
    let sent = world.sent(case.request).await;
    for effect in effects {
        let mut fault = effect.clone();
        fault["operation"] = json!(case.request);
        fault["times"] = json!(1);
        world.fault(&fault).await;
    }
    let stages = world.run(operation(&ready)).await;
    let sent = world.sent(case.request).await - sent;
    let finals = stages.iter().filter(|it| it.is_final()).count();
    let is_right = sent == 1 && finals == 1 && stages.last().is_some_and(expected);
    (!is_right).then(|| {
        let Case {
            recipe, variant, ..
        } = case;
        format!("{recipe} {variant} {effects:?}: sent {sent}: {stages:?}")
    })
}

async fn check_all(effects: Vec<Vec<Value>>, expected: fn(&Case) -> fn(&Stage) -> bool) {
    let all = streamed().flat_map(|case| effects.iter().map(move |it| (case, it)));
    let tried = stream::iter(all).map(|(case, it)| check(case, it, expected(case)));
    let wrong: Vec<Option<String>> = tried.buffer_unordered(AT_ONCE).collect().await;
    assert!(wrong.len() >= 20 * effects.len());
    let wrong: Vec<String> = wrong.into_iter().flatten().collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

fn is_done(stage: &Stage) -> bool {
    matches!(stage, Stage::Ended(Verdict::Done(_)))
}

fn has_failed(stage: &Stage) -> bool {
    let Stage::Ended(Verdict::Failed(why) | Verdict::Partly(why)) = stage else {
        return false;
    };
    why.as_str().contains(CAUSE)
}

/// Only a part of it is known to be done.
fn is_unresolved(stage: &Stage) -> bool {
    matches!(stage, Stage::Unresolved(_))
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_fails_at_its_end_has_failed() {
    let fails = json!({"fail_deployment": CAUSE});
    // Cut into pieces of three bytes as well.
    let whole = vec![fails.clone()];
    let split = vec![fails, json!({"split": 3})];
    check_all(vec![whole, split], |_| has_failed).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_fails_out_of_sight_has_failed() {
    let fails = json!({"fail_deployment": CAUSE});
    let cut = vec![fails.clone(), json!({"cut": "after_headers"})];
    let later = vec![fails, json!({"cut_at": 60})];
    check_all(vec![cut, later], |case| {
        if ["remove-service", "delete-app"].contains(&case.recipe) {
            // It is gone, whatever is said of it.
            is_done
        } else if case.presence_shows {
            has_failed
        } else {
            is_unresolved
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_stream_that_is_cut_is_followed_by_its_event() {
    // Wherever it is cut, it is found or was whole.
    let cuts = [1, 40, 97, 160, 333].map(|byte| vec![json!({"cut_at": byte})]);
    check_all(cuts.into(), |case| {
        if case.presence_shows {
            is_done
        } else {
            |stage| is_done(stage) || is_unresolved(stage)
        }
    })
    .await;
}

/// A deploy says `OK` when it is over; without that, what went before it is no success, and while the
/// event goes on no failure either.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_deploy_that_ends_too_early_is_followed() {
    let deploys = GROUND.cases.iter().filter(|it| it.request == "AppDeploy");
    let mut tried = 0;
    for case in deploys {
        for frames in [1, 3, 8] {
            let close = json!({"close": 1000, "close_after": frames});
            let fails = json!({"fail_deployment": CAUSE});
            let done = check(case, std::slice::from_ref(&close), is_done).await;
            let failed = check(case, &[fails, close], has_failed).await;
            assert_eq!((done, failed), (None, None));
            tried += 1;
        }
    }
    assert_eq!(tried, 6);
}
