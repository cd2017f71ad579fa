//! Pangea: answers that come later. The token that goes along is for one server only.

use std::time::Duration;

use flightdeck::model::{
    Accepted, Failure, Follow, Followed, OperationKind, PageRequest, Text, Verdict,
};
use serde_json::{Value, json};
use wiremock::ResponseTemplate;

use crate::harness::{Bench, TOKEN};
use crate::pangea_harness::{
    CREATE, DELETE, Frozen, GET, GET_ORG, LIST, OTHER, PROJECT, REQUEST, Stranger, UPDATE,
    UPDATE_ORG, create, delete, envelope, later, listing, note, organisation, project, rename,
    rename_organisation, start, success, told,
};

fn asked() -> String {
    format!("/request/{REQUEST}")
}

/// The regions of all projects, whose answer may come later.
async fn apps(pangea: &Bench) -> Result<usize, Failure> {
    let page = pangea.platform.apps(PageRequest::first()).await?;
    Ok(page.items.len())
}

#[tokio::test]
async fn a_read_waits_for_its_answer() {
    let time = Frozen::start();
    for first in [
        later(&Value::Null),
        later(&json!({"ttl_mins": 5, "retry_counter": 1, "location": 7})),
        envelope(200, "accepted", "", &json!({"ttl_mins": "5"})),
        envelope(202, "Success", "", &Value::Null),
    ] {
        let pangea = start().await;
        pangea.answer("POST", LIST, first).await;
        pangea.once("GET", &asked(), later(&Value::Null)).await;
        let projects = [project(PROJECT, "checkout")];
        pangea.answer("GET", &asked(), listing(&projects)).await;
        assert_eq!(time.until(apps(&pangea)).await, Ok(1));
        let ask = format!("GET {}", asked());
        let expected = [format!("POST {LIST}"), ask.clone(), ask];
        assert_eq!(pangea.sent().await, expected);
        let requests = pangea.server.received_requests().await.unwrap();
        let header = &requests[2].headers["authorization"];
        assert_eq!(header.to_str().unwrap(), format!("Bearer {TOKEN}"));
    }
}

#[tokio::test]
async fn a_read_does_not_wait_for_ever() {
    let time = Frozen::start();
    let pangea = start().await;
    pangea.answer("POST", LIST, later(&Value::Null)).await;
    pangea.answer("GET", &asked(), later(&Value::Null)).await;
    let failure = time.until(apps(&pangea)).await.unwrap_err();
    assert!(
        failure.headline().contains("did not come within 30 s"),
        "{failure}"
    );
    assert_eq!(failure.request_id().unwrap().as_str(), REQUEST);
    assert_eq!(pangea.sent().await.len(), 5);
}

#[tokio::test]
async fn an_error_that_comes_later_is_that_error() {
    let time = Frozen::start();
    let pangea = start().await;
    pangea.answer("POST", GET_ORG, later(&Value::Null)).await;
    let answer = envelope(200, "NoCredit", "pay", &Value::Null);
    pangea.answer("GET", &asked(), answer).await;
    let failure = time.until(pangea.platform.account()).await.unwrap_err();
    assert_eq!(failure.headline(), "server error 200: NoCredit: pay");
}

#[tokio::test]
async fn an_answer_that_names_no_request_cannot_be_asked_for() {
    let pangea = start().await;
    let nameless = || ResponseTemplate::new(202).set_body_json(json!({"status": "Accepted"}));
    pangea.answer("POST", LIST, nameless()).await;
    let failure = apps(&pangea).await.unwrap_err();
    assert!(matches!(failure, Failure::Decode { .. }), "{failure:?}");
    pangea.answer("POST", UPDATE, nameless()).await;
    let accepted = pangea.operate(rename("till")).await.unwrap();
    let Some(Verdict::Partly(text)) = accepted.ended else {
        panic!("{accepted:?}")
    };
    assert!(
        text.as_str().ends_with("refresh the list to find out"),
        "{text}"
    );
}

#[tokio::test]
async fn a_place_on_another_server_is_not_visited() {
    let time = Frozen::start();
    let stranger = Stranger::start().await;
    let foreign = stranger.0.uri();
    for location in [
        format!("{foreign}/request/{REQUEST}"),
        foreign.replace("http://", "//"),
        foreign.replace("http://", "http://127.0.0.1@"),
        foreign.replace("127.0.0.1", "localhost"),
    ] {
        let pangea = start().await;
        let elsewhere = json!({"location": location, "ttl_mins": 1});
        pangea.answer("POST", LIST, later(&elsewhere)).await;
        pangea.once("GET", &asked(), later(&elsewhere)).await;
        pangea.answer("GET", &asked(), listing(&[])).await;
        assert_eq!(time.until(apps(&pangea)).await, Ok(0), "{location}");
        pangea.answer("POST", UPDATE, later(&elsewhere)).await;
        let accepted = pangea.operate(rename("till")).await.unwrap();
        let follow = accepted.follow.unwrap();
        for _ in 0..2 {
            pangea.platform.follow(&follow).await.unwrap();
        }
        stranger.heard_nothing().await;
    }
}

#[tokio::test]
async fn a_place_on_the_own_server_is_asked() {
    let time = Frozen::start();
    let pangea = start().await;
    let place = format!("{}/elsewhere/x?part=1", pangea.server.uri());
    let answer = later(&json!({"location": place}));
    pangea.answer("POST", LIST, answer).await;
    pangea.answer("GET", "/elsewhere/x", listing(&[])).await;
    assert_eq!(time.until(apps(&pangea)).await, Ok(0));
    assert_eq!(pangea.sent().await[1], "GET /elsewhere/x?part=1");
}

#[tokio::test]
async fn a_redirect_to_another_server_is_not_followed() {
    let time = Frozen::start();
    let stranger = Stranger::start().await;
    for code in [301, 302, 307, 308] {
        let away = || {
            ResponseTemplate::new(code).insert_header("location", format!("{}/x", stranger.0.uri()))
        };
        let pangea = start().await;
        pangea.answer("POST", LIST, away()).await;
        apps(&pangea).await.unwrap_err();
        let pangea = start().await;
        pangea.answer("POST", LIST, later(&Value::Null)).await;
        pangea.answer("GET", &asked(), away()).await;
        time.until(apps(&pangea)).await.unwrap_err();
        pangea.answer("POST", UPDATE, away()).await;
        pangea.operate(rename("till")).await.unwrap_err();
        stranger.heard_nothing().await;
    }
}

/// A platform on which what changes something takes its time.
async fn taking_time(result: &Value) -> Bench {
    let pangea = start().await;
    let one = success(&project(PROJECT, "checkout"));
    pangea.answer("POST", GET, one).await;
    for path in [CREATE, UPDATE, DELETE, UPDATE_ORG] {
        pangea.answer("POST", path, later(result)).await;
    }
    pangea
}

async fn taken(pangea: &Bench, kind: OperationKind) -> Follow {
    let accepted = pangea.operate(kind).await.unwrap();
    let Accepted {
        follow: Some(follow),
        ended: None,
        ..
    } = accepted
    else {
        panic!("{accepted:?}")
    };
    follow
}

/// Follows to the end: the verdict, and the waits on the way in seconds.
async fn followed(time: &Frozen, pangea: &Bench, follow: &Follow) -> (Verdict, Vec<u64>) {
    let mut waits = Vec::new();
    loop {
        let look = pangea.platform.follow(follow).await.unwrap();
        if let Some(verdict) = look.verdict {
            return (verdict, waits);
        }
        waits.push(look.again_in.as_secs());
        time.pass(look.again_in).await;
    }
}

#[tokio::test]
async fn every_operation_is_followed_to_its_end() {
    let time = Frozen::start();
    for kind in [
        create("shop", &[("geo", "us")]),
        rename("till"),
        delete("checkout"),
        rename_organisation("Example plc"),
    ] {
        let pangea = taking_time(&json!({"ttl_mins": "10"})).await;
        let follow = taken(&pangea, kind.clone()).await;
        for _ in 0..2 {
            pangea.once("GET", &asked(), later(&Value::Null)).await;
        }
        let is_created = matches!(kind, OperationKind::CreateApp { .. });
        let made = project(OTHER, "shop");
        let result = if is_created { made } else { Value::Null };
        pangea.answer("GET", &asked(), success(&result)).await;
        let (verdict, waits) = followed(&time, &pangea, &follow).await;
        let Verdict::Done(remark) = &verdict else {
            panic!("{verdict:?}")
        };
        let named = format!("its id is {OTHER}");
        let expected = if is_created { named } else { String::new() };
        assert_eq!(note(remark.as_ref()), expected);
        assert_eq!(waits, [1, 4, 9]);
        // The change itself was sent once.
        let sent = pangea.sent().await;
        let posts = sent
            .iter()
            .filter(|it| it.starts_with("POST") && !it.ends_with(GET));
        assert_eq!(posts.count(), 1, "{sent:?}");
    }
}

#[tokio::test]
async fn what_takes_longer_than_it_said_is_unknown() {
    let time = Frozen::start();
    let pangea = taking_time(&json!({"ttl_mins": 2})).await;
    let follow = taken(&pangea, rename("till")).await;
    pangea.answer("GET", &asked(), later(&Value::Null)).await;
    let (verdict, waits) = followed(&time, &pangea, &follow).await;
    let expected =
        format!("request {REQUEST} takes longer than it said: refresh the list to find out");
    assert_eq!(verdict, Verdict::Partly(Text::clean(&expected)));
    assert_eq!(waits, [1, 4, 9, 16, 15, 15, 15, 15, 15, 15]);
}

#[tokio::test]
async fn an_error_on_the_way_is_of_the_operation_or_of_the_asking() {
    let time = Frozen::start();
    for (answer, expected) in [
        (
            envelope(200, "Failed", "no room", &Value::Null),
            Verdict::Failed(Text::clean("server error 200: Failed: no room")),
        ),
        (
            envelope(403, "Forbidden", "", &Value::Null),
            unknown("may not be asked about any more"),
        ),
        (
            envelope(401, "Unauthorized", "", &Value::Null),
            unknown("may not be asked about any more"),
        ),
        (
            envelope(404, "NotFound", "", &Value::Null),
            unknown("is not known any more"),
        ),
    ] {
        let pangea = taking_time(&Value::Null).await;
        let follow = taken(&pangea, rename("till")).await;
        pangea.answer("GET", &asked(), answer).await;
        let (verdict, _) = followed(&time, &pangea, &follow).await;
        assert_eq!(verdict, expected);
    }
    for passing in [
        ResponseTemplate::new(503),
        ResponseTemplate::new(502),
        envelope(429, "TooManyRequests", "", &Value::Null),
    ] {
        let pangea = taking_time(&Value::Null).await;
        let follow = taken(&pangea, rename("till")).await;
        pangea.platform.follow(&follow).await.unwrap();
        pangea.once("GET", &asked(), passing).await;
        pangea.answer("GET", &asked(), success(&Value::Null)).await;
        pangea.platform.follow(&follow).await.unwrap_err();
        let look = pangea.platform.follow(&follow).await.unwrap();
        assert_eq!(look.verdict, Some(Verdict::Done(None)));
    }
}

fn unknown(why: &str) -> Verdict {
    let text = format!("request {REQUEST} {why}: refresh the list to find out");
    Verdict::Partly(Text::clean(&text))
}

#[tokio::test]
async fn a_deletion_that_is_not_known_any_more_is_found_out_about() {
    let time = Frozen::start();
    let gone = || envelope(404, "NotFound", "", &Value::Null);
    let pangea = start().await;
    let one = success(&project(PROJECT, "checkout"));
    pangea.once("POST", GET, one).await;
    pangea.answer("POST", GET, gone()).await;
    pangea.answer("POST", DELETE, later(&Value::Null)).await;
    let follow = taken(&pangea, delete("checkout")).await;
    pangea.answer("GET", &asked(), gone()).await;
    let (verdict, _) = followed(&time, &pangea, &follow).await;
    assert_eq!(verdict, Verdict::Done(None));
}

/// Why projects are as they are, by name.
async fn reasons(pangea: &Bench) -> Vec<String> {
    let page = pangea.platform.apps(PageRequest::first()).await.unwrap();
    let lines = page.items.iter().map(|app| {
        let reason = app.reason.as_ref().map_or("", Text::as_str);
        format!("{} {} {reason}", app.id.as_str(), app.name)
    });
    lines.collect()
}

#[tokio::test]
async fn what_is_under_way_shows_at_its_project() {
    let time = Frozen::start();
    let pangea = taking_time(&json!({"ttl_mins": 10})).await;
    let old = project(PROJECT, "checkout");
    pangea
        .once("POST", LIST, listing(std::slice::from_ref(&old)))
        .await;
    pangea
        .answer("POST", LIST, listing(&[old, project(OTHER, "checkout")]))
        .await;
    assert_eq!(reasons(&pangea).await, [format!("{PROJECT} checkout ")]);
    let follow = taken(&pangea, create("checkout", &[("geo", "us")])).await;
    let during = [
        format!("{PROJECT} checkout "),
        format!("{OTHER} checkout being created"),
    ];
    assert_eq!(reasons(&pangea).await, during);
    pangea.answer("GET", &asked(), success(&Value::Null)).await;
    followed(&time, &pangea, &follow).await;
    let after = [format!("{PROJECT} checkout "), format!("{OTHER} checkout ")];
    assert_eq!(reasons(&pangea).await, after);
    taken(&pangea, delete("checkout")).await;
    let first = reasons(&pangea).await.remove(0);
    assert_eq!(first, format!("{PROJECT} checkout being deleted"));
    let region = pangea
        .platform
        .environments(&crate::pangea_harness::app(), PageRequest::first())
        .await;
    let reason = region.unwrap().items.remove(0).reason;
    assert_eq!(note(reason.as_ref()), "being deleted");
}

#[tokio::test]
async fn what_is_followed_outlives_the_program_and_is_no_secret() {
    let time = Frozen::start();
    let pangea = taking_time(&Value::Null).await;
    let follow = taken(&pangea, rename("till")).await;
    let Follow::Task(written) = &follow else {
        panic!("{follow:?}")
    };
    assert!(!written.as_str().contains("canary"), "{written}");
    // Another run of the program, which knows of nothing.
    let another = start().await;
    another.answer("GET", &asked(), success(&Value::Null)).await;
    let (verdict, _) = followed(&time, &another, &follow).await;
    assert_eq!(verdict, Verdict::Done(None));
    let odd = Follow::Task(Text::clean("deployment 7"));
    let failure = another.platform.follow(&odd).await.unwrap_err();
    assert!(
        matches!(failure, Failure::Unsupported { .. }),
        "{}",
        told(&failure)
    );
}

#[tokio::test]
async fn a_first_look_waits_and_says_what_it_waits_for() {
    let pangea = taking_time(&Value::Null).await;
    pangea
        .answer("POST", GET_ORG, success(&organisation()))
        .await;
    let follow = taken(&pangea, rename("till")).await;
    let Followed {
        progress,
        verdict,
        again_in,
    } = pangea.platform.follow(&follow).await.unwrap();
    assert_eq!((verdict, again_in), (None, Duration::from_secs(1)));
    let label = progress.label.unwrap();
    assert!(label.as_str().contains(REQUEST), "{label}");
    assert_eq!(pangea.sent().await, [format!("POST {UPDATE}")]);
}
