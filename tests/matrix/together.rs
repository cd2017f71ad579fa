//! Several targets, confirmed by one answer.

use flightdeck::app::State;
use flightdeck::model::{Stage, Verdict};
use serde_json::json;

use crate::desk::{Desk, OPEN, PROTECTED, READ_ONLY};
use crate::world::{Counts, World, counts, since};

const DEPLOY: &str = "CreateDeployment";

/// Six apps, marked in an open context, with the question of deploying them.
struct Fleet {
    world: World,
    desk: Desk,
    before: Counts,
}

impl Fleet {
    async fn new() -> Self {
        let world = World::of(6).await;
        let before = world.changes().await;
        let mut desk = Desk::new(&world).await;
        desk.list(OPEN, "");
        desk.press("*");
        assert_eq!(desk.state.marks.apps().count(), 6);
        Self {
            world,
            desk,
            before,
        }
    }

    async fn sent(&self) -> Counts {
        since(&self.before, self.world.changes().await)
    }

    async fn ask(&mut self) {
        self.desk.press("D");
        let notice = self.desk.notice();
        let confirm = self.desk.confirm().unwrap_or_else(|| panic!("{notice}"));
        assert_eq!(confirm.tier.number(), 4);
        assert_eq!(confirm.request.operations.len(), 6);
        let must_type = confirm.must_type.as_ref().map(ToString::to_string);
        assert_eq!(must_type.as_deref(), Some("deploy 6"));
        self.desk.ready().await;
    }

    async fn close(self) -> Counts {
        self.desk.close().await;
        since(&self.before, self.world.changes().await)
    }
}

/// What was begun second was begun when the first had ended well.
fn first_went_alone(state: &State) {
    let mut entries = state.operations.newest_first();
    let first = entries.by_ref().last().unwrap();
    let is_done = matches!(first.stage, Stage::Ended(Verdict::Done(_)));
    let alone = state.operations.newest_first().count() == 1;
    assert!(alone || is_done, "{:?}", first.stage);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn six_are_sent_once_each_when_their_number_is_typed() {
    let mut fleet = Fleet::new().await;
    for wrong in ["", "y", "6", "deploy", "deploy 5", "deploy 66", "Deploy 6"] {
        fleet.ask().await;
        fleet.desk.agree(Some(wrong));
        assert!(fleet.desk.confirm().is_none(), "{wrong}");
        assert_eq!(fleet.desk.begun, 0, "{wrong}");
    }
    fleet.ask().await;
    fleet.desk.press("esc");
    assert_eq!(fleet.sent().await, Counts::new());

    fleet.ask().await;
    fleet.desk.agree(Some("deploy 6"));
    assert_eq!(fleet.desk.begun, 1, "the canary");
    let is_over = |state: &State| {
        first_went_alone(state);
        state.batches.running().next().is_none()
    };
    fleet.desk.until("six deployments", is_over).await;
    assert_eq!(Box::pin(fleet.close()).await, counts(&[(DEPLOY, 6)]));
}

/// The canary goes well. Of the four that follow together one is refused: the sixth is never sent,
/// and only what was refused is tried again.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_failure_stops_what_has_not_begun_and_is_all_that_is_tried_again() {
    let mut fleet = Fleet::new().await;
    let refusal = json!({"operation": DEPLOY, "after": 1, "times": 1, "status": 400});
    fleet.world.fault(&refusal).await;
    fleet.ask().await;
    fleet.desk.agree(Some("deploy 6"));
    fleet.desk.until_idle().await;
    assert_eq!(fleet.sent().await, counts(&[(DEPLOY, 5)]));
    let batch = fleet.desk.state.batches.iter().next().unwrap();
    assert_eq!(batch.progress(), (4, 6));
    let failed: Vec<_> = batch.failed().map(|it| it.target.title.clone()).collect();
    let [failed] = &failed[..] else {
        panic!("{failed:?}");
    };
    let failed = failed.clone();

    fleet.desk.press("T");
    fleet.desk.press("F");
    let confirm = fleet.desk.confirm().unwrap();
    assert_eq!(confirm.tier.number(), 2, "it is in PROD");
    assert_eq!(confirm.request.operations.len(), 1);
    assert_eq!(confirm.request.first().target.title, failed);
    fleet.desk.ready().await;
    fleet.desk.agree(None);
    fleet.desk.until_idle().await;
    fleet.desk.press("F");
    assert!(fleet.desk.confirm().is_none());
    assert_eq!(Box::pin(fleet.close()).await, counts(&[(DEPLOY, 6)]));
}

/// The question about what is marked, or what the program says.
fn asked(desk: &mut Desk) -> Result<(u8, String), String> {
    desk.press("D");
    let Some(confirm) = desk.confirm() else {
        return Err(desk.notice());
    };
    let must_type = confirm.must_type.as_ref().map(ToString::to_string);
    Ok((confirm.tier.number(), must_type.unwrap_or_default()))
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_contexts_are_a_fleet_and_each_must_allow_it() {
    let world = World::new().await;
    let before = world.changes().await;
    let mut desk = Desk::new(&world).await;
    for (other, why) in [(READ_ONLY, "is read-only"), (PROTECTED, "is protected")] {
        desk.filter("app:docs");
        for context in [OPEN, other] {
            desk.go_to(context);
            desk.press("space");
        }
        assert_eq!(desk.state.marks.apps().count(), 2);
        let said = asked(&mut desk).unwrap_err();
        assert!(said.contains(why), "{said}");
        if other == READ_ONLY {
            desk.go_to(other);
            desk.press("space");
            desk.go_to(OPEN);
            desk.press("space");
        }
    }
    desk.go_to(PROTECTED);
    desk.unlock(PROTECTED);
    for wrong in ["docs", "deploy docs", "2"] {
        assert_eq!(asked(&mut desk), Ok((4, "deploy 2".into())));
        desk.ready().await;
        desk.agree(Some(wrong));
    }
    assert_eq!(desk.begun, 0);
    assert_eq!(asked(&mut desk), Ok((4, "deploy 2".into())));
    desk.ready().await;
    desk.agree(Some("deploy 2"));
    desk.until_idle().await;
    desk.close().await;
    assert_eq!(
        since(&before, world.changes().await),
        counts(&[(DEPLOY, 2)])
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_takes_away_from_two_takes_their_number() {
    let world = World::new().await;
    let before = world.changes().await;
    let mut desk = Desk::new(&world).await;
    desk.select(OPEN, "docs", "test");
    desk.press("g");
    desk.press("space");
    desk.press("space");
    assert_eq!(desk.state.marks.environments().count(), 2);
    for answer in ["docs", "stop docs", "stop 3", "stop 2"] {
        assert_eq!(desk.begun, 0, "{answer}");
        desk.ask("stop", None).await.unwrap();
        let confirm = desk.confirm().unwrap();
        assert_eq!(confirm.tier.number(), 4);
        assert_eq!(confirm.request.operations.len(), 2);
        desk.ready().await;
        desk.agree(Some(answer));
    }
    desk.until_idle().await;
    desk.close().await;
    let sent = since(&before, world.changes().await);
    assert_eq!(sent, counts(&[("StopEnvironment", 2)]));
}
