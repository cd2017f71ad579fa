//! What is written down about operations, and when.

use super::double::{Noted, Said, broken, clock, lost, yes};
use super::*;
use crate::model::{
    Accepted, AppId, Capability, DeployMode, DeploymentId, Ended, Failure, Follow, IntentId,
    OperationKind, Safety, Stage, Target, Text, Verdict, Witness,
};
use crate::platforms::Found;

fn deploy() -> Operation {
    Operation {
        target: Target {
            context: ContextId(0),
            app: Some(AppId::new("docs")),
            environment: None,
            title: Text::clean("docs/live"),
            class: None,
        },
        kind: OperationKind::Deploy {
            mode: DeployMode::Auto,
        },
    }
}

fn deployment() -> Follow {
    Follow::Deployment(DeploymentId::new("d1"))
}

fn full() -> Failure {
    Failure::Local {
        problem: Text::clean("the disk is full"),
        advice: Text::clean("make room"),
    }
}

fn open(follow: Option<Follow>) -> OpenIntent {
    OpenIntent {
        id: IntentId("earlier-1".into()),
        operation: deploy(),
        witness: Witness(Some("then".into())),
        follow,
    }
}

impl Bench {
    /// What is written stands among the calls of the platform.
    fn in_order(self) -> Self {
        *self.noted.among.lock().unwrap() = Some(Arc::clone(&self.platforms[0]));
        self
    }

    async fn deploys(&mut self) -> OperationEvent {
        let ticket = OperationTicket(1);
        self.engine.operate(ticket, deploy(), yes()).unwrap();
        self.until_the_end().await.pop().unwrap()
    }

    async fn resolves(&mut self, open: OpenIntent) -> Vec<OperationEvent> {
        self.engine.resolve(OperationTicket(7), open).unwrap();
        self.until_the_end().await
    }

    fn finds(self, looks: impl IntoIterator<Item = Result<Found, Failure>>) -> Self {
        let looks = looks.into_iter().map(|found| (millis(10), found));
        self.platform().script().look_for = looks.collect();
        self
    }
}

#[tokio::test(start_paused = true)]
async fn the_intent_is_written_before_it_is_sent_and_the_end_before_it_is_told() {
    let mut bench = Bench::new().in_order();
    let accepted = Accepted {
        follow: Some(deployment()),
        ..Accepted::default()
    };
    bench.platform().script().operate = [(millis(10), Ok(accepted))].into();
    let last = bench.deploys().await;
    let calls = [
        "witness", "intent", "operate", "accepted", "follow", "ended",
    ];
    assert_eq!(bench.platform().calls(), calls);
    let ended = Ended {
        stage: last.stage,
        follow: Some(deployment()),
        lost: None,
        note: None,
    };
    let witness = Witness(Some("before".into()));
    let expected = [
        Said::Intent(deploy(), Safety::Once, yes(), witness),
        Said::Accepted(deployment()),
        Said::Ended(ended),
    ];
    assert_eq!(bench.noted.said(), expected);
}

#[tokio::test(start_paused = true)]
async fn the_intent_says_how_carefully_this_platform_is_asked() {
    let mut bench = Bench::new();
    bench.platform().script().safety = Some(Safety::Repeatable);
    bench.deploys().await;
    let expected = Said::Intent(deploy(), Safety::Repeatable, yes(), Witness(None));
    assert_eq!(bench.noted.said().first(), Some(&expected));
}

#[tokio::test(start_paused = true)]
async fn what_cannot_be_written_down_is_not_sent() {
    let mut bench = Bench::new();
    *bench.noted.refuses.lock().unwrap() = Some(full());
    assert_eq!(bench.deploys().await.stage, Stage::Refused(full()));
    assert_eq!(bench.platform().calls(), ["witness"]);
}

#[tokio::test(start_paused = true)]
async fn an_engine_without_a_recorder_sends_nothing() {
    let platform = double::Scripted::several(1).remove(0);
    let (sender, mut events) = mpsc::channel(QUEUE);
    let mut engine = Engine::new(vec![platform.clone()], sender, clock);
    engine.operate(OperationTicket(1), deploy(), yes()).unwrap();
    loop {
        let Some(EngineEvent::Operation(event)) = events.recv().await else {
            panic!("it ends");
        };
        if event.stage.is_final() {
            assert!(matches!(event.stage, Stage::Refused(Failure::Local { .. })));
            break;
        }
    }
    assert_eq!(platform.count("operate"), 0);
}

#[tokio::test(start_paused = true)]
async fn an_end_that_cannot_be_written_is_told_with_it() {
    let mut bench = Bench::new();
    bench.platform().script().operate = [(secs(5), Ok(Accepted::default()))].into();
    let ticket = OperationTicket(1);
    bench.engine.operate(ticket, deploy(), yes()).unwrap();
    while bench.platform().count("operate") == 0 {
        tokio::task::yield_now().await;
    }
    *bench.noted.refuses.lock().unwrap() = Some(full());
    let last = bench.until_the_end().await.pop().unwrap();
    assert_eq!(last.stage, Stage::Ended(Verdict::Done(None)));
    let note = last.note.unwrap();
    assert_eq!(
        note.as_str(),
        "its end is not in the audit: the disk is full"
    );
}

#[tokio::test(start_paused = true)]
async fn what_is_not_begun_has_no_intent() {
    let mut bench = Bench::new();
    bench.platform().script().refuses = Some((Capability::Deploy, "it does not"));
    bench.deploys().await;
    assert_eq!(bench.noted.said(), []);
}

#[tokio::test(start_paused = true)]
async fn a_lost_answer_is_in_the_end() {
    let mut bench = Bench::new().finds([Ok(Found::CannotTell)]);
    bench.platform().script().operate = [(millis(10), Err(broken(502)))].into();
    let last = bench.deploys().await;
    let said = bench.noted.said();
    let Some(Said::Ended(ended)) = said.last() else {
        panic!("{said:?}");
    };
    assert_eq!(ended.lost, Some(broken(502)));
    assert_eq!(ended.stage, last.stage);
}

// ── What an earlier run left open ───────────────────────────────────────────────────────────────

#[tokio::test(start_paused = true)]
async fn what_happened_is_followed_to_its_end() {
    let mut bench = Bench::new()
        .in_order()
        .finds([Ok(Found::Happened(deployment()))]);
    let said = bench.resolves(open(None)).await;
    let interrupted = Failure::interrupted();
    assert_eq!(said[0].stage, Stage::Unknown(interrupted));
    assert!(said.iter().all(|event| event.ticket == OperationTicket(7)));
    let last = said.last().unwrap();
    assert_eq!(last.stage, Stage::Ended(Verdict::Done(None)));
    assert_eq!(last.follow, Some(deployment()));
    let calls = ["look_for then", "accepted", "follow", "resolved"];
    assert_eq!(bench.platform().calls(), calls);
    let Some(Said::Resolved(id, ended)) = bench.noted.said().pop() else {
        panic!("it is written");
    };
    assert_eq!(id, IntentId("earlier-1".into()));
    assert_eq!(ended.stage, last.stage);
}

#[tokio::test(start_paused = true)]
async fn what_was_taken_is_followed_without_looking() {
    let mut bench = Bench::new();
    let said = bench.resolves(open(Some(deployment()))).await;
    assert_eq!(
        said.last().unwrap().stage,
        Stage::Ended(Verdict::Done(None))
    );
    assert_eq!(bench.platform().calls(), ["follow"]);
}

#[tokio::test(start_paused = true)]
async fn that_it_did_not_happen_is_believed_when_it_is_seen_twice() {
    let mut bench = Bench::new().finds([Ok(Found::DidNotHappen), Ok(Found::DidNotHappen)]);
    let said = bench.resolves(open(None)).await;
    let refused = Stage::Refused(Failure::interrupted());
    assert_eq!(said.last().unwrap().stage, refused);
    assert_eq!(bench.platform().calls(), ["look_for then"; 2]);
    assert_eq!(bench.noted.last_stage(), Some(refused));
    assert_eq!(bench.engine.operations_in_flight(), 0);

    let late = [Ok(Found::DidNotHappen), Ok(Found::HappenedAndEnded)];
    let mut bench = Bench::new().finds(late);
    let last = bench.resolves(open(None)).await.pop().unwrap();
    assert!(matches!(last.stage, Stage::Ended(Verdict::Done(Some(_)))));
}

#[tokio::test(start_paused = true)]
async fn what_reading_cannot_tell_is_written_as_such() {
    let mut bench = Bench::new().finds([Ok(Found::CannotTell)]);
    let last = bench.resolves(open(None)).await.pop().unwrap();
    let expected = "flightdeck ended before the answer came, and reading did not tell what \
                    happened: look at docs/live before doing `deploy` again";
    assert_eq!(last.stage, Stage::Unresolved(Text::clean(expected)));
    assert_eq!(bench.noted.last_stage(), Some(last.stage));
    assert_eq!(bench.platform().count("operate"), 0);
}

#[tokio::test(start_paused = true)]
async fn where_nothing_can_be_read_it_stays_open() {
    let mut bench = Bench::new().finds(vec![Err(lost()); 4]);
    let last = bench.resolves(open(None)).await.pop().unwrap();
    assert!(matches!(last.stage, Stage::Unresolved(_)));
    let note = last.note.unwrap();
    assert_eq!(note.as_str(), "the next start looks again");
    assert_eq!(bench.noted.said(), []);
}

#[tokio::test(start_paused = true)]
async fn headless_tells_what_it_found() {
    for (wait, stages) in [(true, 3), (false, 2)] {
        let platform = double::Scripted::several(1).remove(0);
        platform.script().look_for = [(millis(10), Ok(Found::Happened(deployment())))].into();
        let noted = Arc::new(Noted::default());
        let recorder = Arc::clone(&noted) as Arc<dyn Recorder>;
        let mut count = 0;
        let mut progress = |_: &OperationEvent| count += 1;
        let last =
            resolve_operation(platform, open(None), recorder, clock, wait, &mut progress).await;
        assert_eq!(matches!(last, Stage::Ended(_)), wait);
        assert_eq!(noted.last_stage(), Some(last));
        assert_eq!(count, stages);
    }
}

fn session() -> Operation {
    let mut operation = deploy();
    operation.target.environment = Some(crate::model::EnvId::new("live"));
    operation.kind = OperationKind::Console { unit: None };
    operation
}

#[tokio::test(start_paused = true)]
async fn a_session_is_written_down_before_it_opens_and_when_it_ends() {
    let bench = Bench::new().in_order();
    let opening = bench.engine.opening(&session()).unwrap();
    let open = opening.open(&session(), &yes(), (80, 24)).await.unwrap();
    let stage = open.close(Verdict::Done(None)).await;
    assert_eq!(stage, Stage::Ended(Verdict::Done(None)));
    assert_eq!(bench.platform().calls(), ["intent", "console", "ended"]);
    let expected = Said::Intent(session(), Safety::Once, yes(), Witness(None));
    assert_eq!(bench.noted.said()[0], expected);
}

#[tokio::test(start_paused = true)]
async fn a_session_that_cannot_be_written_down_is_not_opened() {
    let bench = Bench::new();
    *bench.noted.refuses.lock().unwrap() = Some(full());
    let opening = bench.engine.opening(&session()).unwrap();
    let refused = opening
        .open(&session(), &yes(), (80, 24))
        .await
        .unwrap_err();
    assert_eq!(refused, Stage::Refused(full()));
    assert!(bench.platform().calls().is_empty());
}

#[tokio::test(start_paused = true)]
async fn a_session_that_is_not_offered_is_refused_with_the_reason() {
    let bench = Bench::new();
    bench.platform().script().refuses = Some((Capability::Console, "it has none"));
    let opening = bench.engine.opening(&session()).unwrap();
    let refused = opening
        .open(&session(), &yes(), (80, 24))
        .await
        .unwrap_err();
    assert_eq!(
        refused,
        Stage::Refused(Failure::Unsupported {
            capability: Capability::Console,
            reason: Text::clean("it has none"),
        })
    );
    assert!(bench.noted.said().is_empty());
}
