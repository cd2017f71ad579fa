//! What must be sent at most once.

use std::sync::Arc;

use std::collections::BTreeSet;

use flightdeck::engine::{Engine, EngineEvent};
use flightdeck::model::catalogue::recipes_for;
use flightdeck::model::{Capability, Consent, OperationTicket, Stage, Verdict};
use futures_util::{StreamExt as _, stream};
use serde_json::json;
use tokio::sync::mpsc;

use crate::cases::{Case, GROUNDS, Ground, cases};
use crate::nobody::Nobody;
use crate::ways::{WAYS, Way};
use crate::world::{World, clock, operation, pace};
use crate::{digitalocean, divio, pandastack, pangea, tsuru};

/// So many simulators at once.
const AT_ONCE: usize = 6;

/// What may be said of an operation that did, or did not, happen.
pub(crate) fn is_true(case: &Case, happened: bool, stages: &[Stage]) -> bool {
    let was_followed = stages.iter().any(|it| matches!(it, Stage::Running(_)));
    match stages.last().expect("it ended") {
        Stage::Ended(Verdict::Done(_)) => {
            let was_lost = stages.iter().any(|it| matches!(it, Stage::Unknown(_)));
            let is_found = if was_followed {
                was_lost && case.is_found_running
            } else {
                case.may_be_over
            };
            happened && (is_found || was_followed == case.is_followed)
        }
        // Only what was turned away after a part of it was done, and after that alone.
        Stage::Ended(Verdict::Partly(_)) => case.is_second && !happened,
        Stage::Refused(_) => !happened && !case.is_second,
        Stage::Unresolved(_) => {
            let shows = if happened {
                case.presence_shows
            } else {
                case.absence_shows
            };
            !shows
        }
        Stage::Ended(Verdict::Failed(_))
        | Stage::Sending
        | Stage::Running(_)
        | Stage::Unknown(_) => false,
    }
}

/// One case in a world of its own. Says what is wrong, if anything.
async fn try_out(ground: &'static Ground, case: &Case, way: &Way) -> Option<String> {
    let (world, ready) = World::of(ground, case).await;
    if !world.is_once(&operation(&ready)) {
        return None;
    }
    let (sent, acted) = (
        world.sent(case.request).await,
        world.acted(case.request).await,
    );
    let before = ready.seen(&world).await;
    world.fault(&way.script(case.request, Some(1))).await;
    let stages = world.run(operation(&ready)).await;
    let after = ready.seen(&world).await;
    let sent = world.sent(case.request).await - sent;
    let acted = world.acted(case.request).await - acted;
    let happened = if acted == 1 {
        ready.happened_once(&before, &after)
    } else {
        before == after
    };
    let again = way.again && !case.is_second;
    let acts = way.acts && (again || !way.again);
    let is_right = happened
        && acted == u64::from(acts)
        && sent == 1 + u64::from(again)
        && is_true(case, acts, &stages);
    (!is_right).then(|| {
        format!(
            "{} {} {} ({}), {}: sent {sent}, acted {acted}, {before} → {after}: {stages:?}",
            ground.name, case.recipe, case.variant, case.request, way.name
        )
    })
}

async fn all_ways(ground: &'static Ground) {
    let all = ground.cases.iter();
    let all = all.flat_map(|case| WAYS.iter().map(move |way| (case, way)));
    let tried = stream::iter(all).map(|(case, way)| try_out(ground, case, way));
    let wrong: Vec<Option<String>> = tried.buffer_unordered(AT_ONCE).collect().await;
    assert_eq!(wrong.len(), ground.cases.len() * WAYS.len());
    let mut wrong: Vec<String> = wrong.into_iter().flatten().collect();
    wrong.sort();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_sent_once_to_divio_happens_once_and_is_told() {
    all_ways(&divio::GROUND).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_sent_once_to_digitalocean_happens_once_and_is_told() {
    all_ways(&digitalocean::GROUND).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_sent_once_to_tsuru_happens_once_and_is_told() {
    all_ways(&tsuru::GROUND).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_sent_once_to_pandastack_happens_once_and_is_told() {
    all_ways(&pandastack::GROUND).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_sent_once_to_pangea_happens_once_and_is_told() {
    all_ways(&pangea::GROUND).await;
}

#[tokio::test]
async fn every_operation_that_is_supported_is_tried() {
    for ground in GROUNDS {
        let world = World::new(ground, false).await;
        let profile = world.platform.profile();
        let log_in = profile.specials.iter().filter(|it| it.needs_no_credential);
        let log_in: Vec<&str> = log_in.map(|it| it.recipe.name).collect();
        let supported = recipes_for(profile.specials).filter(|recipe| {
            // A session is opened, not sent; a log-in changes nothing.
            let is_sent =
                recipe.capability != Capability::Console && !log_in.contains(&recipe.name);
            let support = world.platform.support(recipe.capability);
            is_sent && support.refusal().is_none()
        });
        let supported: BTreeSet<&str> = supported.map(|recipe| recipe.name).collect();
        let tried: BTreeSet<&str> = ground.cases.iter().map(|case| case.recipe).collect();
        assert_eq!(supported, tried, "{}", ground.name);
    }
}

/// The dashboard's way, with looks that fail as well.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_dashboard_finds_out_too() {
    let lost: Vec<&Way> = WAYS
        .iter()
        .filter(|way| ["cut in the headers", "500 before", "500 after"].contains(&way.name))
        .collect();
    assert_eq!(lost.len(), 3);
    let some = [
        "deploy",
        "create-job",
        "run-maintenance",
        "scale",
        "restore",
    ];
    for (ground, case) in cases().filter(|(_, case)| some.contains(&case.recipe)) {
        for way in &lost {
            let (world, ready) = World::of(ground, case).await;
            let acted = world.acted(case.request).await;
            world.fault(&way.script(case.request, Some(1))).await;
            for list in ["ListDeployments", "ListCronjobs", "ListMaintenanceRuns"] {
                // The witness is taken; the first look is not answered.
                let fault = json!({"operation": list, "after": 1, "times": 1, "cut": "during"});
                world.fault(&fault).await;
            }
            let (sender, mut events) = mpsc::channel(64);
            let platforms = vec![world.platform.clone()];
            let engine = Engine::new(platforms, sender, clock).at_pace(pace());
            let mut engine = engine.recording(Arc::new(Nobody));
            let operation = operation(&ready);
            engine
                .operate(OperationTicket(1), operation.clone(), Consent::default())
                .unwrap();
            let again = engine.operate(OperationTicket(2), operation, Consent::default());
            assert!(again.is_err());
            let mut stages = Vec::new();
            while !stages.last().is_some_and(Stage::is_final) {
                match events.recv().await.unwrap() {
                    EngineEvent::Operation(event) => stages.push(event.stage),
                    EngineEvent::Report(_)
                    | EngineEvent::Logs(_)
                    | EngineEvent::Preview(_)
                    | EngineEvent::PastLines(_)
                    | EngineEvent::Transfer(_) => {}
                }
            }
            let acted = world.acted(case.request).await - acted;
            assert_eq!(acted, u64::from(way.acts), "{} {}", case.recipe, way.name);
            assert!(
                is_true(case, way.acts, &stages),
                "{} {}: {stages:?}",
                case.recipe,
                way.name
            );
        }
    }
}
