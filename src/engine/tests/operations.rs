use super::double::{
    Noted, Step, broken, connect, decode, environment, forbidden, limited, lost, not_found,
    rejected, yes,
};
use super::*;
use crate::model::{
    Accepted, AppId, BackupId, Capability, DeployMode, DeploymentId, Failure, Fetch, Follow,
    Followed, OperationKind, Page, Priority, Progress, Query, Stage, Target, Text, Ticket, Verdict,
};
use crate::platforms::Found;

fn operation(kind: OperationKind) -> Operation {
    Operation {
        target: Target {
            context: ContextId(0),
            app: Some(AppId::new("docs")),
            environment: None,
            title: Text::clean("docs/live"),
            class: None,
        },
        kind,
    }
}

/// Sent at most once.
fn deploy() -> Operation {
    operation(OperationKind::Deploy {
        mode: DeployMode::Auto,
    })
}

/// The same when sent twice.
fn stop() -> Operation {
    operation(OperationKind::Stop { process: None })
}

fn deployment() -> Follow {
    Follow::Deployment(DeploymentId::new("d1"))
}

fn accepted(follow: Option<Follow>) -> Accepted {
    Accepted {
        follow,
        note: Some(Text::clean("soon")),
        next_steps: vec![Text::clean("wait")],
        ended: None,
    }
}

fn at_once<T>(result: Result<T, Failure>) -> Step<T> {
    (millis(10), result)
}

fn percent(percent: u8) -> Progress {
    Progress {
        percent: Some(percent),
        ..Progress::default()
    }
}

fn progress(done: u8) -> Step<Followed> {
    at_once(Ok(Followed {
        progress: percent(done),
        verdict: None,
        again_in: secs(3),
    }))
}

fn verdict(verdict: Verdict) -> Step<Followed> {
    at_once(Ok(Followed {
        progress: percent(100),
        verdict: Some(verdict),
        again_in: secs(3),
    }))
}

fn done(remark: &str) -> Stage {
    Stage::Ended(Verdict::Done(Text::non_empty(remark)))
}

impl Bench {
    fn sending(answers: impl IntoIterator<Item = Result<Accepted, Failure>>) -> Self {
        let bench = Self::new();
        let answers = answers.into_iter().map(at_once).collect();
        bench.platform().script().operate = answers;
        bench
    }

    fn found(self, looks: impl IntoIterator<Item = Result<Found, Failure>>) -> Self {
        let looks = looks.into_iter().map(at_once).collect();
        self.platform().script().look_for = looks;
        self
    }

    async fn stages(&mut self, operation: Operation) -> Vec<Stage> {
        self.engine
            .operate(OperationTicket(1), operation, yes())
            .unwrap();
        let said = self.until_the_end().await;
        assert_eq!(self.engine.operations_in_flight(), 0);
        said.into_iter().map(|event| event.stage).collect()
    }

    async fn last_stage(&mut self, operation: Operation) -> Stage {
        self.stages(operation).await.pop().unwrap()
    }
}

#[tokio::test(start_paused = true)]
async fn an_operation_is_sent_followed_and_seen_to_its_end() {
    let mut bench = Bench::sending([Ok(accepted(Some(deployment())))]);
    let failed = Verdict::Failed(Text::clean("migrate"));
    bench.platform().script().follow = [
        progress(10),
        progress(10),
        progress(60),
        verdict(failed.clone()),
    ]
    .into();
    bench
        .engine
        .operate(OperationTicket(1), deploy(), yes())
        .unwrap();
    let said = bench.until_the_end().await;
    let stages: Vec<_> = said.iter().map(|event| event.stage.clone()).collect();
    let expected = [
        Stage::Sending,
        Stage::Running(Progress::default()),
        Stage::Running(percent(10)),
        Stage::Running(percent(60)),
        Stage::Ended(failed),
    ];
    assert_eq!(stages, expected);
    for event in &said[1..] {
        assert_eq!(event.follow, Some(deployment()));
        assert_eq!(event.note, Some(Text::clean("soon")));
        assert_eq!(event.next_steps, [Text::clean("wait")]);
    }
    let calls = bench.platform().calls();
    assert_eq!(calls[..2], ["witness", "operate"]);
    assert!(bench.elapsed() >= secs(9));
}

#[tokio::test(start_paused = true)]
async fn an_answer_that_is_the_end_needs_no_following() {
    let mut bench = Bench::sending([Ok(accepted(None))]);
    assert_eq!(bench.stages(stop()).await, [Stage::Sending, done("")]);
    // What may be repeated needs no witness.
    assert_eq!(bench.platform().calls(), ["operate"]);
}

#[tokio::test(start_paused = true)]
async fn what_is_sent_at_most_once_is_sent_once_whatever_comes() {
    let lost_answers = [lost(), broken(500), broken(502), broken(503), broken(504)];
    let all = lost_answers.into_iter().chain([decode()]);
    for failure in all {
        let mut bench = Bench::sending([Err(failure.clone())]);
        let stages = bench.stages(deploy()).await;
        assert_eq!(stages[..2], [Stage::Sending, Stage::Unknown(failure)]);
        assert!(matches!(stages[2], Stage::Unresolved(_)), "{stages:?}");
        assert_eq!(bench.platform().count("operate"), 1);
        assert_eq!(bench.platform().count("look_for before"), 1);
    }
}

#[tokio::test(start_paused = true)]
async fn a_lost_answer_is_found_out_about() {
    let begin = |found: &[Result<Found, Failure>]| {
        Bench::sending([Err(lost())]).found(found.iter().cloned())
    };
    let happened = Ok(Found::Happened(deployment()));

    let mut bench = begin(std::slice::from_ref(&happened));
    let stages = bench.stages(deploy()).await;
    let expected = [
        Stage::Sending,
        Stage::Unknown(lost()),
        Stage::Running(Progress::default()),
        done(""),
    ];
    assert_eq!(stages, expected);

    let mut bench = begin(&[Ok(Found::HappenedAndEnded)]);
    assert_eq!(bench.last_stage(deploy()).await, done("found by reading"));

    let mut bench = begin(&[Ok(Found::DidNotHappen), Ok(Found::DidNotHappen)]);
    assert_eq!(bench.last_stage(deploy()).await, Stage::Refused(lost()));

    let mut bench = begin(&[Ok(Found::CannotTell)]);
    let Stage::Unresolved(text) = bench.last_stage(deploy()).await else {
        panic!("nobody knows");
    };
    assert_eq!(
        text.as_str(),
        "no answer in time, and reading did not tell what happened: \
         look at docs/live before doing `deploy` again"
    );

    // What takes its time is looked for to the end, and never taken for what did not happen.
    let mut bench = begin(&[
        Ok(Found::NotYet),
        Ok(Found::NotYet),
        Ok(Found::NotYet),
        happened.clone(),
    ]);
    assert_eq!(bench.last_stage(deploy()).await, done(""));
    let mut bench = begin(&vec![Ok(Found::NotYet); 4]);
    let last = bench.last_stage(deploy()).await;
    assert!(matches!(last, Stage::Unresolved(_)), "{last:?}");

    // The platform said yes, if in words that nobody understands.
    let mut bench = Bench::sending([Err(decode())]).found(vec![Ok(Found::DidNotHappen); 4]);
    let last = bench.last_stage(deploy()).await;
    assert!(matches!(last, Stage::Unresolved(_)), "{last:?}");

    // What is not listed yet may be listed a moment later.
    let mut bench = begin(&[Ok(Found::DidNotHappen), happened.clone()]);
    assert_eq!(bench.last_stage(deploy()).await, done(""));

    let mut bench = begin(&[Err(broken(502)), Err(connect()), happened]);
    assert_eq!(bench.last_stage(deploy()).await, done(""));

    let mut bench = begin(&[
        Err(broken(502)),
        Ok(Found::DidNotHappen),
        Err(broken(502)),
        Err(broken(502)),
    ]);
    let last = bench.last_stage(deploy()).await;
    assert!(matches!(last, Stage::Unresolved(_)));
    assert_eq!(bench.platform().count("operate"), 1);
}

#[tokio::test(start_paused = true)]
async fn what_was_not_sent_is_sent_again() {
    let mut bench = Bench::sending([Err(connect()), Err(connect()), Ok(accepted(None))]);
    assert_eq!(bench.last_stage(deploy()).await, done(""));
    assert_eq!(bench.platform().count("operate"), 3);

    let mut bench = Bench::sending([Err(connect()), Err(connect()), Err(connect())]);
    assert_eq!(bench.last_stage(deploy()).await, Stage::Refused(connect()));
    assert_eq!(bench.platform().count("operate"), 3);
}

#[tokio::test(start_paused = true)]
async fn a_rate_limit_is_waited_for_in_sight_and_once() {
    let limit = || Err(limited(Some(secs(30))));
    let mut bench = Bench::sending([limit(), Ok(accepted(None))]);
    bench
        .engine
        .operate(OperationTicket(1), deploy(), yes())
        .unwrap();
    let said = bench.until_the_end().await;
    assert_eq!(said[1].stage, Stage::Sending);
    let note = said[1].note.as_ref().unwrap().as_str();
    assert!(note.starts_with("429; next attempt at 14:00:3"), "{note}");
    assert_eq!(said.last().unwrap().stage, done(""));
    assert!(bench.elapsed() >= secs(30));

    let mut bench = Bench::sending([limit(), limit(), Ok(accepted(None))]);
    let last = bench.last_stage(deploy()).await;
    assert_eq!(last, Stage::Refused(limited(Some(secs(30)))));
    assert_eq!(bench.platform().count("operate"), 2);
}

#[tokio::test(start_paused = true)]
async fn a_long_rate_limit_refuses_and_pauses() {
    let failure = limited(Some(secs(3_000)));
    let mut bench = Bench::sending([Err(failure.clone())]);
    assert_eq!(bench.last_stage(deploy()).await, Stage::Refused(failure));
    assert!(bench.engine.paused_until(ContextId(0)).is_some());
    let last = bench.last_stage(deploy()).await;
    assert!(matches!(last, Stage::Refused(Failure::RateLimited { .. })));
    assert_eq!(bench.platform().count("operate"), 1);
}

#[tokio::test(start_paused = true)]
async fn what_is_repeatable_is_sent_again_and_then_looked_for() {
    let mut bench = Bench::sending([Err(lost()), Err(broken(502)), Ok(accepted(None))]);
    assert_eq!(bench.last_stage(stop()).await, done(""));
    assert_eq!(bench.platform().count("operate"), 3);

    let mut bench = Bench::sending([Err(lost()), Err(lost()), Err(lost())])
        .found([Ok(Found::HappenedAndEnded)]);
    assert_eq!(bench.last_stage(stop()).await, done("found by reading"));
    assert_eq!(bench.platform().count("operate"), 3);
}

#[tokio::test(start_paused = true)]
async fn a_refusal_after_a_lost_answer_does_not_prove_that_nothing_happened() {
    let mut bench =
        Bench::sending([Err(lost()), Err(not_found())]).found([Ok(Found::HappenedAndEnded)]);
    let stages = bench.stages(stop()).await;
    assert!(stages.contains(&Stage::Unknown(not_found())));
    assert_eq!(stages.last(), Some(&done("found by reading")));
}

#[tokio::test(start_paused = true)]
async fn an_answer_that_says_no_is_believed() {
    let conflict = Failure::Conflict(Text::clean("running"));
    for failure in [
        rejected(),
        forbidden(),
        conflict,
        Failure::ReadOnly,
        broken(404),
    ] {
        let mut bench = Bench::sending([Err(failure.clone())]);
        assert_eq!(bench.last_stage(deploy()).await, Stage::Refused(failure));
        assert_eq!(bench.platform().calls(), ["witness", "operate"]);
    }
}

#[tokio::test(start_paused = true)]
async fn nothing_is_sent_where_nothing_can_be_read() {
    let mut bench = Bench::new();
    bench.platform().script().witness = vec![at_once(Err(broken(502))); 3].into();
    let last = bench.last_stage(deploy()).await;
    assert_eq!(last, Stage::Refused(broken(502)));
    assert_eq!(bench.platform().count("operate"), 0);
}

#[tokio::test(start_paused = true)]
async fn a_credential_that_may_deploy_and_not_list_deploys() {
    let mut bench = Bench::new();
    bench.platform().script().witness = [at_once(Err(forbidden()))].into();
    assert_eq!(bench.last_stage(deploy()).await, done(""));
}

#[tokio::test(start_paused = true)]
async fn what_the_platform_does_not_offer_costs_no_request() {
    let mut bench = Bench::new();
    bench.platform().script().refuses = Some((Capability::Deploy, "it does not"));
    let last = bench.last_stage(deploy()).await;
    assert!(matches!(last, Stage::Refused(Failure::Unsupported { .. })));
    assert!(bench.platform().calls().is_empty());
}

#[tokio::test(start_paused = true)]
async fn following_survives_an_outage_and_says_so() {
    let mut bench = Bench::sending([Ok(accepted(Some(deployment())))]);
    let mut steps = vec![progress(10)];
    steps.extend(vec![at_once(Err(broken(502))); 30]);
    steps.extend([progress(10), verdict(Verdict::Done(None))]);
    bench.platform().script().follow = steps.into();
    bench
        .engine
        .operate(OperationTicket(1), deploy(), yes())
        .unwrap();
    let said = bench.until_the_end().await;
    let notes: Vec<_> = said.iter().filter_map(|event| event.note.clone()).collect();
    let words: Vec<_> = notes.iter().map(Text::as_str).collect();
    let trouble = "its progress cannot be read (502)";
    assert_eq!(words, ["soon", "soon", trouble, "soon", "soon"]);
    assert_eq!(said.last().unwrap().stage, done(""));
}

#[tokio::test(start_paused = true)]
async fn following_gives_up_after_half_an_hour_of_nothing() {
    let mut bench = Bench::sending([Ok(accepted(Some(deployment())))]);
    bench.platform().script().follow = vec![at_once(Err(broken(502))); 1_000].into();
    let last = bench.last_stage(deploy()).await;
    assert!(matches!(last, Stage::Unresolved(_)), "{last:?}");
    assert!(bench.elapsed() >= secs(1_800) && bench.elapsed() < secs(1_900));
}

#[tokio::test(start_paused = true)]
async fn output_is_told_as_it_comes_and_holds_no_place() {
    let mut bench = Bench::new();
    let lines = ["one", "two", "three"].map(Text::clean);
    let steps = lines.iter().cloned().map(|line| (millis(10), line));
    bench.platform().script().output = steps.collect();
    bench.platform().script().operate = [(secs(60), Ok(Accepted::default()))].into();
    let run = operation(OperationKind::RunCommand {
        place: crate::model::RunPlace::One,
        command: "ls".into(),
    });
    bench
        .engine
        .operate(OperationTicket(1), run, yes())
        .unwrap();
    assert!(bench.said().await.output.is_empty());
    assert_eq!(bench.said().await.output, lines[..1]);
    assert_eq!(bench.said().await.output, lines[1..]);
    assert!(bench.elapsed() < millis(200));

    // All four places are free.
    for n in 0..4 {
        let app = n.to_string();
        let page = Page::whole(vec![environment("e")]);
        bench.platform().answers(&app, [(secs(1), Ok(page))]);
        bench.engine.fetch(Fetch {
            key: QueryKey {
                context: ContextId(0),
                query: Query::Environments(AppId::new(&app)),
            },
            ticket: Ticket(n),
            priority: Priority::Visible,
        });
    }
    for _ in 0..4 {
        assert!(bench.report().await.result.is_ok());
    }
    assert!(bench.elapsed() < secs(2));
    assert_eq!(bench.said().await.stage, done(""));
}

#[tokio::test(start_paused = true)]
async fn a_stream_that_ends_in_an_error_has_failed_after_all_it_printed() {
    let mut bench = Bench::new();
    let lines = ["restarting web", "1 of 2 units ready"].map(Text::clean);
    let steps = lines.iter().cloned().map(|line| (secs(1), line));
    bench.platform().script().output = steps.collect();
    let failed = Verdict::Failed(Text::clean("units of web are not ready"));
    let ended = Accepted {
        ended: Some(failed.clone()),
        ..Accepted::default()
    };
    bench.platform().script().operate = [at_once(Ok(ended))].into();
    let restart = operation(OperationKind::Restart { process: None });
    let ticket = OperationTicket(1);
    bench.engine.operate(ticket, restart, yes()).unwrap();
    assert_eq!(bench.said().await.stage, Stage::Sending);
    for line in &lines {
        let said = bench.said().await;
        let Stage::Running(progress) = &said.stage else {
            panic!("{said:?}");
        };
        assert_eq!(progress.label.as_ref(), Some(line));
        assert_eq!(said.output, std::slice::from_ref(line));
    }
    assert_eq!(bench.said().await.stage, Stage::Ended(failed));
    assert_eq!(
        bench
            .platform()
            .calls()
            .iter()
            .filter(|it| *it == "operate")
            .count(),
        1
    );
}

#[tokio::test(start_paused = true)]
async fn a_flood_of_output_is_bounded_and_counted() {
    let mut bench = Bench::new();
    let line = |n: usize| (Duration::ZERO, Text::clean(&n.to_string()));
    bench.platform().script().output = (0..5_000).map(line).collect();
    bench
        .engine
        .operate(OperationTicket(1), deploy(), yes())
        .unwrap();
    let said = bench.until_the_end().await;
    let output: Vec<_> = said.into_iter().flat_map(|event| event.output).collect();
    assert_eq!(output.len(), 1_025);
    let mark = "[3976 lines of output came too fast and were dropped]";
    assert_eq!(output.last().unwrap().as_str(), mark);
}

#[tokio::test(start_paused = true)]
async fn a_panic_leaves_the_outcome_open() {
    let mut bench = Bench::new();
    bench.platform().script().panics = true;
    let last = bench.last_stage(deploy()).await;
    assert!(matches!(last, Stage::Unresolved(_)), "{last:?}");
    bench.platform().script().panics = false;
    assert_eq!(bench.last_stage(deploy()).await, done(""));
}

#[tokio::test(start_paused = true)]
async fn the_end_does_not_wait_for_an_operation() {
    let mut bench = Bench::new();
    bench.platform().script().operate = [(secs(50), Ok(Accepted::default()))].into();
    bench
        .engine
        .operate(OperationTicket(1), deploy(), yes())
        .unwrap();
    assert_eq!(bench.said().await.stage, Stage::Sending);
    let begun = Instant::now();
    bench.engine.shutdown().await;
    assert!(begun.elapsed() <= millis(500));
    assert!(bench.events.recv().await.is_none());
}

#[tokio::test(start_paused = true)]
async fn the_same_on_the_same_target_is_refused_while_it_is_in_flight() {
    let mut bench = Bench::new();
    bench.platform().script().operate = [(secs(5), Ok(Accepted::default()))].into();
    let engine = &mut bench.engine;
    assert_eq!(engine.operate(OperationTicket(1), deploy(), yes()), Ok(()));
    let refused = engine.operate(OperationTicket(2), deploy(), yes());
    assert_eq!(refused, Err(deploy()));
    assert_eq!(engine.operate(OperationTicket(3), stop(), yes()), Ok(()));
    assert_eq!(engine.operations_in_flight(), 2);
    bench.until_the_end().await;
    bench.until_the_end().await;
    let engine = &mut bench.engine;
    assert_eq!(engine.operations_in_flight(), 0);
    assert_eq!(engine.operate(OperationTicket(4), deploy(), yes()), Ok(()));
}

#[tokio::test(start_paused = true)]
async fn leaving_a_context_does_not_cancel_its_operations() {
    let mut bench = Bench::new();
    bench.platform().script().operate = [(secs(5), Ok(Accepted::default()))].into();
    bench
        .engine
        .operate(OperationTicket(1), deploy(), yes())
        .unwrap();
    assert_eq!(bench.said().await.stage, Stage::Sending);
    bench.engine.leave(ContextId(0));
    assert_eq!(bench.engine.operations_in_flight(), 1);
    assert_eq!(bench.said().await.stage, done(""));
}

#[tokio::test(start_paused = true)]
async fn headless_runs_to_the_end_or_to_the_acceptance() {
    let follow = Follow::Backup(BackupId::new("b"));
    for (wait, expected) in [
        (true, done("")),
        (false, Stage::Running(Progress::default())),
    ] {
        let platform = Scripted::several(1).remove(0);
        platform.script().operate = [at_once(Ok(accepted(Some(follow.clone()))))].into();
        let mut said = Vec::new();
        let mut progress = |event: &OperationEvent| said.push(event.clone());
        let noted = Arc::new(Noted::default());
        let recorder = Arc::clone(&noted) as Arc<dyn Recorder>;
        let last = run_operation(
            platform,
            deploy(),
            crate::engine::Terms::new(yes(), recorder),
            clock,
            wait,
            &mut progress,
        )
        .await;
        assert_eq!(noted.last_stage(), Some(expected.clone()));
        assert_eq!(last, expected);
        assert_eq!(said[0].stage, Stage::Sending);
        let event = said.last().unwrap();
        assert_eq!(
            (&event.stage, &event.follow),
            (&last, &Some(follow.clone()))
        );
    }
}

#[tokio::test(start_paused = true)]
async fn the_revision_that_was_seen_goes_along_with_every_attempt() {
    let mut bench = Bench::new();
    bench
        .platform()
        .script()
        .operate
        .extend([at_once(Err(broken(503))), at_once(Ok(Accepted::default()))]);
    let seen = Some(crate::model::Revision(Text::clean("7")));
    let consent = crate::model::Consent {
        seen: seen.clone(),
        ..yes()
    };
    bench
        .engine
        .operate(OperationTicket(1), stop(), consent)
        .unwrap();
    bench.until_the_end().await;
    assert_eq!(bench.platform().script().seen, [seen.clone(), seen]);
}
