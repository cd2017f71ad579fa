//! Deploy watches: what they learn, how long they last, and how their verdict is told.

use std::time::Duration;

use jiff::Timestamp;

use super::kit::*;
use crate::app::message::{Effect, Message, Outcome};
use crate::app::notify::{Desktop, NotifyRules};
use crate::app::panes;
use crate::app::screen::{Pane, Zoom};
use crate::app::watch::{Verdict, Watch, rows, shown};
use crate::model::{
    Deployment, DeploymentId, Environment, Follow, LogBatch, LogLine, LogSource, OperationEvent,
    OperationTicket, Phase, Progress, Release, Scoped, Stage, Status, Step, StepState, TailState,
    Text, Verdict as OperationEnd,
};

/// Two apps; the first has a good release.
fn world() -> Vec<Environment> {
    vec![released("shop", "d1"), env("zebra", "test", Status::Live)]
}

fn released(app: &str, deployment: &str) -> Environment {
    let mut env = env(app, "test", Status::Live);
    env.release = Some(Release {
        label: Text::clean(deployment),
        deployment: Some(DeploymentId::new(deployment)),
        at: None,
        by: None,
    });
    env
}

fn good(id: &str) -> Deployment {
    let mut good = deployment(id, Phase::Succeeded);
    good.is_current = id == "d1";
    good
}

fn newest(id: &str, phase: Phase) -> Vec<Deployment> {
    vec![deployment(id, phase), good("d1"), good("d0")]
}

/// A deployment was confirmed here and taken by the platform, which calls it `d2`.
fn deploying() -> (Desk, OperationTicket) {
    let mut desk = Desk::showing(world());
    assert_eq!(desk.selected(), "shop");
    desk.report(
        &deployments_of("shop/test"),
        deployments(vec![good("d1"), good("d0")]),
    );
    desk.press("D");
    desk.press("y");
    let ticket = desk.operated[0].0;
    desk.move_clock(2_000);
    desk.send(Message::Operation(OperationEvent {
        ticket,
        at: desk.state.now,
        stage: Stage::Running(Progress::default()),
        follow: Some(Follow::Deployment(DeploymentId::new("d2"))),
        note: None,
        next_steps: Vec::new(),
        output: Vec::new(),
    }));
    desk.report(
        &deployments_of("shop/test"),
        deployments(newest("d2", Phase::Building)),
    );
    (desk, ticket)
}

fn only(desk: &Desk) -> &Watch {
    let mut all = desk.state.watches.iter();
    let watch = all.next().expect("something is watched");
    assert!(all.next().is_none());
    watch
}

fn notified(outcome: &Outcome) -> Vec<(String, String)> {
    let told = outcome.effects.iter().filter_map(|effect| match effect {
        Effect::Notify(told) => Some((told.title.to_string(), told.body.to_string())),
        _ => None,
    });
    told.collect()
}

fn list(desk: &mut Desk, list: Vec<Deployment>) -> Outcome {
    desk.pass(3_000);
    desk.report(&deployments_of("shop/test"), deployments(list))
}

fn done() -> Stage {
    Stage::Ended(OperationEnd::Done(None))
}

fn notices_with(desk: &Desk, word: &str) -> usize {
    let all = desk.state.notices.iter();
    all.filter(|notice| notice.text.as_str().contains(word))
        .count()
}

/// Lines of what runs, each with the second before or after `at` in which it was written.
fn hear(desk: &mut Desk, lines: impl IntoIterator<Item = (Timestamp, &'static str)>) -> Outcome {
    let runtime = |tail: &&crate::model::TailId| matches!(tail.source, LogSource::Runtime { .. });
    let tail = desk.tails.iter().find(runtime).expect("what runs").clone();
    let lines = lines
        .into_iter()
        .map(|(at, text)| LogLine::output(Some(at), Text::default(), text));
    desk.send(Message::Logs(LogBatch {
        tail,
        lines: lines.collect(),
        skipped: 0,
        restarted: false,
        state: TailState::Live,
    }))
}

fn seconds_after(at: Timestamp, seconds: i64) -> Timestamp {
    at.saturating_add(jiff::SignedDuration::from_secs(seconds))
        .unwrap()
}

#[test]
fn a_release_asked_for_here_is_watched_to_its_verdict_which_is_told_once() {
    let (mut desk, ticket) = deploying();
    let watch = only(&desk);
    assert_eq!(watch.deployment, Some(DeploymentId::new("d2")));
    assert_eq!(watch.release.last_good, Some(Text::clean("d1")));
    list(&mut desk, newest("d2", Phase::Deploying));
    desk.move_clock(37_000);
    let outcome = desk.event(ticket, done());
    assert_eq!(desk.notice(), "deploy shop/test LIVE in 42s");
    let expected = ("shop/test d2".to_owned(), "LIVE in 42s".to_owned());
    assert_eq!(notified(&outcome), [expected]);
    let words: Vec<_> = (only(&desk).phases.list().iter())
        .map(|it| {
            (
                it.label.to_string(),
                it.took(desk.state.now).unwrap().as_secs(),
            )
        })
        .collect();
    let expected = [("queued", 2), ("build", 3), ("deploy", 37)];
    assert_eq!(words, expected.map(|(word, took)| (word.to_owned(), took)));
    let later = list(&mut desk, newest("d2", Phase::Succeeded));
    assert_eq!(notified(&later), []);
    assert_eq!(notices_with(&desk, "LIVE"), 1);
    assert_eq!(notices_with(&desk, "done in"), 0);
}

#[test]
fn the_list_may_tell_the_verdict_before_the_operation_does() {
    let (mut desk, ticket) = deploying();
    let outcome = list(&mut desk, newest("d2", Phase::Succeeded));
    assert_eq!(notified(&outcome).len(), 1);
    assert_eq!(desk.notice(), "deploy shop/test LIVE in 5s");
    let journal = desk.state.journal.iter().count();
    let outcome = desk.event(ticket, done());
    assert_eq!(notified(&outcome), []);
    assert_eq!(desk.notice(), "deploy shop/test LIVE in 5s", "told once");
    assert_eq!(desk.state.journal.iter().count(), journal + 1, "but noted");
}

#[test]
fn a_failure_names_step_cause_and_the_key_that_rolls_back() {
    let (mut desk, _) = deploying();
    let step = |label: &str, state, reason: &str| Step {
        label: Text::clean(label),
        state,
        reason: Text::non_empty(reason),
        ..Step::default()
    };
    let mut failed = newest("d2", Phase::Failed);
    failed[0].progress.tree = vec![
        step("build", StepState::Done, ""),
        step("migrate", StepState::Failed, "lock timeout"),
    ];
    let outcome = list(&mut desk, failed);
    let verdict = "FAILED at migrate: lock timeout";
    assert_eq!(notified(&outcome)[0].1, verdict);
    assert_eq!(
        desk.notice(),
        format!("deploy shop/test {verdict}; d1 still runs; Z rolls back to d0")
    );
    desk.press("l");
    let advice = crate::app::watch::remedy(&desk.state, only(&desk)).unwrap();
    assert_eq!(advice, "d1 still runs; Esc, then Z rolls back to d0");
}

#[test]
fn what_is_watched_is_read_and_followed_while_something_else_is_in_sight() {
    let (mut desk, _) = deploying();
    let is_followed = |desk: &Desk| {
        let of_it = |source: &LogSource| match source {
            LogSource::Deployment { deployment, .. } => deployment.as_str() == "d2",
            _ => false,
        };
        desk.tails.iter().any(|tail| of_it(&tail.source))
    };
    assert!(is_followed(&desk), "before the list says that it runs");
    desk.press("j");
    desk.rest();
    assert_eq!(desk.selected(), "zebra");
    desk.press("4");
    desk.pass(3_000);
    assert!(is_followed(&desk));
    let outcome = desk.report(
        &deployments_of("shop/test"),
        deployments(newest("d2", Phase::Failed)),
    );
    assert!(desk.notice().contains("FAILED"), "{}", desk.notice());
    assert!(desk.notice().ends_with("there Z rolls back to d0"));
    assert_eq!(notified(&outcome).len(), 1);
}

#[test]
fn more_errors_than_before_are_a_regression_and_the_tail_is_released_in_the_end() {
    let (mut desk, ticket) = deploying();
    let begun_at = only(&desk).begun_at;
    desk.pass(60_000);
    desk.event(ticket, done());
    let live_at = desk.state.now;
    list(&mut desk, newest("d2", Phase::Succeeded));
    desk.lines(&["built"], TailState::Ended);
    let before = (1..=600).map(|second| {
        let text = if second == 300 {
            "ERROR old"
        } else {
            "INFO fine"
        };
        (seconds_after(begun_at, -second), text)
    });
    hear(&mut desk, before);
    assert_eq!(only(&desk).verdict(), Some(&Verdict::Live));
    let errors = (1..=40).map(|second| (seconds_after(live_at, second), "ERROR new"));
    hear(&mut desk, errors);
    let outcome = desk.pass(38_000);
    let told = notified(&outcome);
    assert_eq!(told.len(), 1, "{:?}", only(&desk));
    assert!(
        told[0].1.starts_with("REGRESSED: errors 0.1 → "),
        "{told:?}"
    );
    assert!(
        desk.notice().contains("Z rolls back to"),
        "{}",
        desk.notice()
    );
    let is_open = |desk: &Desk| desk.state.watches.wanted().next().is_some();
    assert!(is_open(&desk));
    assert_eq!(notified(&desk.pass(60_000)), [], "told once");
    desk.pass(60_000);
    assert!(!is_open(&desk));
    desk.press("4");
    desk.rest();
    assert!(desk.tails.is_empty(), "{:?}", desk.tails);
}

#[test]
fn the_log_of_what_runs_is_asked_for_from_before_the_release() {
    let (mut desk, ticket) = deploying();
    desk.event(ticket, done());
    let env = only(&desk).env.clone();
    let begun_at = only(&desk).begun_at;
    assert_eq!(
        desk.state.watches.baseline(&env),
        Some(seconds_after(begun_at, -600))
    );
    let outcome = desk.lines(&["built"], TailState::Ended);
    let request = outcome.effects.iter().find_map(|effect| match effect {
        Effect::OpenTail(_, request) => Some(request.clone()),
        _ => None,
    });
    assert_eq!(request.unwrap().since, Some(seconds_after(begun_at, -600)));
}

#[test]
fn unknown_rates_are_no_numbers() {
    let (mut desk, ticket) = deploying();
    desk.event(ticket, done());
    desk.pass(60_000);
    let watch = only(&desk);
    assert_eq!((watch.before, watch.after), (None, None));
    assert_eq!(watch.verdict(), Some(&Verdict::Live));
}

#[test]
fn what_somebody_else_releases_is_watched_when_one_asks_and_not_else() {
    let running = || {
        let mut env = released("shop", "d1");
        (env.status, env.running) = (Status::Building, Some(DeploymentId::new("d2")));
        vec![env]
    };
    for (keys, is_watched) in [(&["L"][..], true), (&["d", "enter"], true), (&["l"], false)] {
        let mut desk = Desk::showing(running());
        for key in keys {
            desk.press(key);
        }
        assert_eq!(desk.state.screen.focus, Pane::Logs);
        assert_eq!(desk.state.screen.zoom == Zoom::Full, is_watched);
        desk.report(
            &deployments_of("shop/test"),
            deployments(newest("d2", Phase::Building)),
        );
        let outcome = list(&mut desk, newest("d2", Phase::Cancelled));
        assert_eq!(
            notified(&outcome).len(),
            usize::from(is_watched),
            "{keys:?}"
        );
        let text = desk.notice();
        assert_eq!(
            text.contains("shop/test d2 CANCELLED"),
            is_watched,
            "{text}"
        );
    }
}

#[test]
fn where_nothing_is_released_the_key_says_so() {
    let mut desk = Desk::showing(world());
    desk.press("L");
    assert_eq!(desk.state.screen.focus, Pane::Logs);
    assert_eq!(
        desk.notice(),
        "nothing is being released there; this is its log"
    );
    assert!(desk.state.watches.iter().next().is_none());
}

#[test]
fn a_deployment_that_is_gone_is_unknown() {
    let mut env = released("shop", "d1");
    env.running = Some(DeploymentId::new("d2"));
    let mut desk = Desk::showing(vec![env]);
    desk.press("L");
    desk.report(
        &deployments_of("shop/test"),
        deployments(newest("d2", Phase::Building)),
    );
    desk.poll(vec![released("shop", "d1")]);
    let without = || deployments(vec![good("d1")]);
    desk.report(&deployments_of("shop/test"), without());
    assert!(only(&desk).is_running(), "once may be a list that is late");
    desk.pass(3_000);
    desk.report(&deployments_of("shop/test"), without());
    assert_eq!(only(&desk).verdict(), Some(&Verdict::Gone));
    assert!(desk.notice().contains("unknown: the deployment is gone"));
}

#[test]
fn what_was_never_done_is_not_watched() {
    let (mut desk, ticket) = deploying();
    desk.event(ticket, Stage::Refused(unreachable()));
    assert!(desk.state.watches.iter().next().is_none());
    assert!(desk.notice().contains("not done"), "{}", desk.notice());
}

#[test]
fn what_is_not_wished_for_is_not_sent_but_said() {
    let (mut desk, ticket) = deploying();
    desk.state.notify = NotifyRules {
        bell: false,
        desktop: Desktop::Off,
        good: true,
    };
    let outcome = desk.event(ticket, done());
    assert_eq!(notified(&outcome), []);
    assert!(desk.notice().contains("LIVE"));
}

#[test]
fn the_lines_give_way_to_the_rows_of_the_release() {
    let (mut desk, ticket) = deploying();
    assert_eq!(rows(&desk.state), 1, "in a small pane");
    let small = desk.state.layout().rows(Pane::Logs);
    assert_eq!(panes::logs::rows(&desk.state), small - 1);
    desk.press("L");
    assert_eq!(rows(&desk.state), 5);
    desk.event(ticket, done());
    assert_eq!(rows(&desk.state), 5, "nothing jumps at the end");
    desk.press("esc");
    desk.pass(60_000);
    desk.pass(60_000);
    assert_eq!(rows(&desk.state), 0, "what went well is old news");
}

#[test]
fn nothing_counts_seconds_when_it_is_over() {
    let mut env = released("shop", "d1");
    env.running = Some(DeploymentId::new("d2"));
    let mut desk = Desk::showing(vec![env]);
    desk.press("L");
    desk.report(
        &deployments_of("shop/test"),
        deployments(newest("d2", Phase::Building)),
    );
    let wait = |desk: &Desk| {
        let next = crate::app::next_wakeup(&desk.state).unwrap();
        Duration::try_from(next.duration_since(desk.state.now)).unwrap()
    };
    assert!(wait(&desk) <= Duration::from_secs(1));
    desk.poll(vec![released("shop", "d1")]);
    desk.report(
        &deployments_of("shop/test"),
        deployments(newest("d2", Phase::Failed)),
    );
    desk.pass(60_000);
    desk.pass(60_000);
    assert!(desk.state.watches.next_change(desk.state.now).is_none());
    assert!(shown(&desk.state).is_some(), "what went wrong stays");
}

#[test]
fn eight_are_kept_and_those_that_are_over_go_first() {
    let apps: Vec<_> = (0..12).map(|n| format!("app{n:02}")).collect();
    let running = |app: &String| {
        let mut env = env(app, "test", Status::Building);
        env.running = Some(DeploymentId::new("d2"));
        env
    };
    let mut desk = Desk::showing(apps.iter().map(running).collect());
    for _ in &apps {
        desk.press("L");
        // From the whole screen, then to the list.
        desk.press("esc");
        desk.press("esc");
        desk.press("j");
        desk.rest();
    }
    assert_eq!(desk.state.watches.iter().count(), 8);
    let newest = desk.state.watches.iter().next().unwrap();
    assert_eq!(newest.app.as_str(), "app11");
    let gone = Scoped::new(newest.env.context, crate::model::EnvId::new("app00/test"));
    assert!(desk.state.watches.of(&gone).is_none());
}
