//! What may be sent again: in the end it is as wished, and what is sent again is the same.

use std::sync::Arc;

use flightdeck::engine::run_operation;
use flightdeck::model::Secret;
use flightdeck::platforms::Connection;
use flightdeck::platforms::http::Patience;
use futures_util::{StreamExt as _, stream};
use serde_json::json;
use wiremock::matchers::any;
use wiremock::{Mock, MockServer, ResponseTemplate};

use crate::cases::{Case, Ground, cases};
use crate::once::is_true;
use crate::ways::{WAYS, Way};
use crate::world::{World, clock, operation, terms};

const AT_ONCE: usize = 6;

/// One request is hit, or all of them.
async fn try_out(
    ground: &'static Ground,
    case: &Case,
    way: &Way,
    times: Option<u64>,
) -> Option<String> {
    let (world, ready) = World::of(ground, case).await;
    let is_endless = times.is_none() && case.asks_again;
    if world.is_once(&operation(&ready)) || is_endless {
        return None;
    }
    let before = ready.seen(&world).await;
    world.fault(&way.script(case.request, times)).await;
    let stages = world.run(operation(&ready)).await;
    let after = ready.seen(&world).await;
    // Throttled without end it is never carried out.
    let happens = times.is_some() || (way.acts && !way.again);
    let is_so = if happens {
        ready.happened_once(&before, &after)
    } else {
        before == after
    };
    let is_right = is_so && is_true(case, happens, &stages);
    (!is_right).then(|| {
        format!(
            "{} {} ({}), {} {times:?}: {before} → {after}: {stages:?}",
            ground.name, case.recipe, case.request, way.name
        )
    })
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn in_the_end_it_is_as_wished() {
    let all = cases().flat_map(|(ground, case)| {
        WAYS.iter()
            .flat_map(move |way| [Some(1), None].map(|times| (ground, case, way, times)))
    });
    let tried = stream::iter(all);
    let tried = tried.map(|(ground, case, way, times)| try_out(ground, case, way, times));
    let wrong: Vec<Option<String>> = tried.buffer_unordered(AT_ONCE).collect().await;
    let mut wrong: Vec<String> = wrong.into_iter().flatten().collect();
    wrong.sort();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[tokio::test]
async fn what_is_sent_again_is_the_same() {
    for (ground, case) in cases() {
        let (world, ready) = World::of(ground, case).await;
        // What is read before it is sent is tried in the tests of the adapter.
        let is_read_first = case.recipe == "unset-var" || ground.name == "pandastack";
        if world.is_once(&operation(&ready)) || is_read_first {
            continue;
        }
        let server = MockServer::start().await;
        let broken = Mock::given(any()).respond_with(ResponseTemplate::new(503));
        broken.up_to_n_times(2).mount(&server).await;
        let good = ResponseTemplate::new(200).set_body_json(json!({}));
        Mock::given(any()).respond_with(good).mount(&server).await;
        let connection = Connection {
            base_url: server.uri().parse().unwrap(),
            credential: Arc::new(|| Ok(Secret::new("token"))),
            read_only: false,
            organisation: None,
            settings: flightdeck::platforms::Settings::default(),
            notebook: std::sync::Arc::new(flightdeck::model::Scratch::default()),
            allow_plain_http: false,
        };
        let platform = (ground.connect)(connection, Patience::default());
        let operation = operation(&ready);
        run_operation(
            platform.unwrap(),
            operation,
            terms(),
            clock,
            true,
            &mut |_| {},
        )
        .await;
        let requests = server.received_requests().await.unwrap();
        let sent: Vec<_> = requests
            .iter()
            .map(|request| (&request.method, request.url.path(), &request.body))
            .collect();
        assert_eq!(sent.len(), 3, "{}", case.recipe);
        assert!(sent.iter().all(|one| *one == sent[0]), "{}", case.recipe);
    }
}
