//! Taking back: one request, asked for in a dialog whatever it is.

use flightdeck::app::State;
use futures_util::{StreamExt as _, stream};

use crate::desk::{Desk, OPEN, PROTECTED};
use crate::prepare::prepare;
use crate::rules::RULES;
use crate::world::{World, counts, since};

/// An operation, and the one that takes it back.
const PAIRS: [(&str, &str); 7] = [
    ("deploy", "rollback"),
    ("rollback", "rollback"),
    ("change-domain", "change-domain"),
    ("attach-service", "detach-service"),
    ("detach-service", "attach-service"),
    ("rename-app", "rename-app"),
    ("change-environment", "change-environment"),
];

fn rule(name: &str) -> &'static crate::rules::Rule {
    RULES.iter().find(|rule| rule.recipe == name).unwrap()
}

async fn try_out(done: &str, taken_back: &str, environment: &'static str, context: &str) {
    let (done, back) = (rule(done), rule(taken_back));
    let label = format!("{} {environment} {context}", done.recipe);
    let (is_production, is_protected) = (environment == "live", context == PROTECTED);
    let world = World::new().await;
    let place = prepare(&world, done, environment).await;
    let was = place.seen(&world).await;
    let mut desk = Desk::new(&world).await;
    desk.select(context, place.app, environment);
    if is_protected {
        desk.unlock(PROTECTED);
    }
    desk.ask(done.recipe, Some(done)).await.unwrap();
    desk.ready().await;
    let tier = done.tier(is_production, is_protected);
    desk.agree(done.must_type(tier, place.app).as_deref());
    desk.until_idle().await;
    // The list that tells what runs is read again at the end of an operation.
    let is_at_rest = |state: &State| {
        let env = state.selected_environment();
        env.is_some_and(|env| env.running.is_none())
    };
    desk.until("the end to be seen", is_at_rest).await;
    if place.look.is_some() {
        assert_ne!(place.seen(&world).await, was, "{label}");
    }

    let (before, begun) = (world.changes().await, desk.begun);
    let tier = back.tier(is_production, is_protected).max(2);
    let must_type = back.must_type(tier, place.app);
    for answer in [None, Some("enter"), Some("esc")] {
        desk.press("u");
        let notice = desk.notice();
        let confirm = desk.confirm();
        let confirm = confirm.unwrap_or_else(|| panic!("{label}: {notice}"));
        assert_eq!(confirm.tier.number(), tier, "{label}");
        if answer.is_none() {
            desk.agree(must_type.as_deref());
            assert!(desk.confirm().is_some(), "{label}: too early");
        }
        desk.ready().await;
        desk.press(answer.unwrap_or("esc"));
        assert_eq!(desk.begun, begun, "{label}");
    }
    desk.press("u");
    desk.ready().await;
    desk.agree(must_type.as_deref());
    desk.until_idle().await;
    desk.close().await;
    let sent = since(&before, world.changes().await);
    assert_eq!(sent, counts(&[(back.request, 1)]), "{label}");
    assert_eq!(place.seen(&world).await, was, "{label}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_can_be_taken_back_is_by_one_request_after_a_dialog() {
    let all = PAIRS.iter().flat_map(|pair| {
        let places = ["test", "live"].into_iter();
        places.flat_map(move |env| [OPEN, PROTECTED].map(|context| (pair, env, context)))
    });
    let tried =
        stream::iter(all).map(|((done, back), env, context)| try_out(done, back, env, context));
    let tried = tried.buffer_unordered(6).count().await;
    assert_eq!(tried, PAIRS.len() * 4);
}
