//! Which log is followed, and what of it is shown.

use super::kit::*;
use crate::app::message::Effect;
use crate::model::{Deployment, Environment, LogSource, Phase, Query, Status, TailId, TailState};

fn source(tail: &TailId) -> String {
    match &tail.source {
        LogSource::Deployment { deployment, .. } => deployment.as_str().to_owned(),
        LogSource::Runtime { .. } => "runtime".to_owned(),
        LogSource::Previous { .. } => "previous".to_owned(),
        LogSource::JobRun { run, .. } => run.as_str().to_owned(),
        LogSource::Event { event, .. } => event.as_str().to_owned(),
    }
}

fn followed(desk: &Desk) -> Vec<String> {
    desk.tails.iter().map(source).collect()
}

fn building(id: &str) -> Environment {
    let mut env = env("shop", "test", Status::Building);
    env.running = Some(deployment(id, Phase::Building).id);
    env
}

fn live() -> Environment {
    env("shop", "test", Status::Live)
}

fn ended(id: &str, phase: Phase) -> Deployment {
    let mut ended = deployment(id, phase);
    ended.duration = Some(std::time::Duration::from_secs(62));
    ended
}

#[test]
fn a_running_deployment_comes_first_then_its_verdict_then_what_runs() {
    let mut desk = Desk::showing(vec![building("d1")]);
    assert_eq!(followed(&desk), ["d1"]);
    desk.lines(&["step 1"], TailState::Live);
    desk.lines(&["step 2"], TailState::Ended);
    assert_eq!(
        followed(&desk),
        ["runtime"],
        "its log ended before the list says so"
    );
    desk.lines(&["hello"], TailState::Live);
    desk.pass(100);
    assert_eq!(followed(&desk), ["runtime"], "and is not opened again");
    desk.report(
        &deployments_of("shop/test"),
        deployments(vec![ended("d1", Phase::Succeeded)]),
    );
    desk.pass(5_000);
    desk.report(&Query::AllEnvironments, environments(vec![live()]));
    assert_eq!(
        desk.log(),
        [
            "deployment: its log",
            "step 1",
            "step 2",
            "hello",
            "deployment d1 succeeded after 1m 02s"
        ]
    );
    desk.pass(60_000);
    assert_eq!(desk.log().len(), 5, "the verdict is told once");
}

#[test]
fn a_deployment_is_followed_to_its_end_after_the_list_says_that_it_is_over() {
    let mut desk = Desk::showing(vec![building("d1")]);
    desk.lines(&["a"], TailState::Live);
    desk.pass(5_000);
    desk.report(&Query::AllEnvironments, environments(vec![live()]));
    assert_eq!(followed(&desk), ["d1"]);
    desk.lines(&["b"], TailState::Ended);
    assert_eq!(followed(&desk), ["runtime"]);
}

#[test]
fn a_new_deployment_joins_by_itself() {
    let mut desk = Desk::showing(vec![live()]);
    assert_eq!(followed(&desk), ["runtime"]);
    desk.lines(&["hello"], TailState::Live);
    desk.poll(vec![building("d2")]);
    assert_eq!(followed(&desk), ["d2"]);
    assert_eq!(desk.log(), ["hello", "deployment: its log"]);
}

#[test]
fn the_log_of_a_failed_deployment_explains_the_state_first_and_once() {
    let failed = env("shop", "test", Status::Failed);
    let mut desk = Desk::showing(vec![failed, env("blog", "test", Status::Live)]);
    assert_eq!(followed(&desk), [""; 0], "the cause comes first");
    let list = || deployments(vec![ended("d1", Phase::Failed)]);
    desk.report(&deployments_of("shop/test"), list());
    assert_eq!(followed(&desk), ["d1"]);
    desk.lines(&["exit 1"], TailState::Ended);
    assert_eq!(followed(&desk), ["runtime"]);
    assert_eq!(
        desk.log(),
        [
            "deployment d1: its log",
            "exit 1",
            "deployment d1 failed after 1m 02s"
        ]
    );
    desk.press("j");
    desk.rest();
    desk.press("k");
    desk.rest();
    assert_eq!(followed(&desk), ["runtime"], "it was shown");
}

#[test]
fn where_apps_are_deployed_whole_their_deployments_are_found_too() {
    let mut own = context(0);
    own.profile = &BY_APP;
    let mut desk = Desk::with(vec![own]);
    desk.lists(0, vec![env("shop", "web", Status::Failed)]);
    desk.rest();
    let of_app = Query::Deployments(crate::model::DeploymentScope::App(app("shop").id));
    desk.report(&of_app, deployments(vec![ended("d1", Phase::Failed)]));
    assert_eq!(followed(&desk), ["d1"]);
}

#[test]
fn a_deployment_log_opened_again_shows_nothing_twice() {
    let mut desk = Desk::showing(vec![building("d1"), env("z", "test", Status::Live)]);
    desk.lines(&["a", "same", "same"], TailState::Live);
    desk.press("j");
    desk.rest();
    assert_eq!(followed(&desk), ["runtime"]);
    desk.press("k");
    desk.rest();
    assert_eq!(followed(&desk), ["d1"]);
    desk.lines(&["a", "same"], TailState::Live);
    desk.lines(&["same", "same", "b"], TailState::Live);
    let lines: Vec<_> = desk
        .log()
        .into_iter()
        .filter(|l| !l.starts_with("deployment"))
        .collect();
    assert_eq!(lines, ["a", "same", "same", "same", "b"]);
}

#[test]
fn a_hidden_log_is_not_followed() {
    let mut desk = Desk::showing(vec![live()]);
    assert_eq!(desk.tails.len(), 1);
    desk.press("+");
    desk.press("+");
    assert!(desk.tails.is_empty());
    desk.press("esc");
    assert_eq!(desk.tails.len(), 1);
    desk.resize(80, 24);
    desk.press("]");
    assert!(desk.tails.is_empty(), "another tab is in front");
}

#[test]
fn pausing_stops_reads_and_tails_and_resuming_starts_them() {
    let mut desk = Desk::showing(vec![live()]);
    desk.press("p");
    assert!(desk.state.is_paused && desk.tails.is_empty());
    for _ in 0..100 {
        assert!(desk.pass(60_000).effects.is_empty());
    }
    assert_eq!(
        desk.state.panes.apps.totals.unknown, 1,
        "what is old is said to be"
    );
    desk.press("R");
    assert!(desk.notice().contains("paused"));
    let outcome = desk.press("p");
    assert!(!fetched(&outcome).is_empty());
    assert_eq!(desk.tails.len(), 1);
}

#[test]
fn lines_for_another_selection_are_kept_and_not_drawn() {
    let mut desk = Desk::showing(vec![live(), env("z", "test", Status::Live)]);
    let tail = desk.tails[0].clone();
    assert!(desk.lines(&["a"], TailState::Live).redraw);
    desk.press("j");
    desk.tails = vec![tail];
    let late = desk.lines(&["late"], TailState::Live);
    assert!(!late.redraw && late.effects.is_empty());
}

#[test]
fn scrolling_up_stops_following_and_the_end_resumes() {
    let mut desk = Desk::showing(vec![live()]);
    desk.press("l");
    let many: Vec<_> = (0..500).map(|n| n.to_string()).collect();
    let many: Vec<_> = many.iter().map(String::as_str).collect();
    desk.lines(&many, TailState::Live);
    desk.press("k");
    assert!(!desk.state.panes.logs.follows);
    let top = desk.state.panes.logs.top;
    desk.lines(&["more"; 50], TailState::Live);
    assert_eq!(
        desk.state.panes.logs.top, top,
        "the view stays on its lines"
    );
    desk.press("G");
    assert!(desk.state.panes.logs.follows);
    desk.press("ctrl-u");
    desk.press("ctrl-d");
    assert!(desk.state.panes.logs.follows, "scrolled back to the end");
    desk.press("f");
    assert!(!desk.state.panes.logs.follows);
}

#[test]
fn a_rejected_token_closes_the_tail_and_refresh_opens_it_again() {
    let mut desk = Desk::showing(vec![live()]);
    desk.pass(15_000);
    desk.fail(0, &Query::AllEnvironments, rejected());
    assert!(desk.tails.is_empty());
    desk.press("r");
    assert_eq!(desk.tails.len(), 1);
}

#[test]
fn a_log_that_failed_is_tried_again_by_refresh_only() {
    let mut desk = Desk::showing(vec![live()]);
    desk.lines(&[], TailState::Failed(unreachable()));
    for _ in 0..5 {
        let opens = desk.pass(1_000).effects;
        assert!(!opens.iter().any(|e| matches!(e, Effect::OpenTail(..))));
    }
    let effects = desk.press("r").effects;
    let is_tail = |e: &&Effect| matches!(e, Effect::CloseTail(_) | Effect::OpenTail(..));
    let tails: Vec<_> = effects.iter().filter(is_tail).collect();
    assert!(
        matches!(tails[..], [Effect::CloseTail(_), Effect::OpenTail(..)]),
        "{tails:?}"
    );
}

fn shown(desk: &Desk) -> Vec<String> {
    let channel = crate::app::panes::logs::selected_channel(&desk.state);
    let lines = channel.map(|channel| channel.ring.window(0, usize::MAX));
    let texts = lines.into_iter().flatten().map(|line| line.text.to_owned());
    texts.collect()
}

#[test]
fn what_was_written_before_a_restart_is_shown_beside_what_runs() {
    let mut desk = Desk::showing(vec![live(), env("blog", "test", Status::Live)]);
    desk.lines(&["hello"], TailState::Live);
    desk.press("l");
    desk.press("O");
    assert_eq!(followed(&desk), ["previous"]);
    desk.lines(&["out of memory"], TailState::Ended);
    assert_eq!(shown(&desk), ["out of memory"]);
    assert_eq!(desk.log(), ["hello"], "the two are not mixed");
    desk.press("O");
    assert_eq!(followed(&desk), ["runtime"]);
    assert_eq!(shown(&desk), ["hello"]);
    desk.press("O");
    assert_eq!(
        shown(&desk),
        [""; 0],
        "it is read anew: there may be another"
    );
    desk.press("esc");
    desk.press("j");
    desk.rest();
    assert_eq!(
        followed(&desk),
        ["runtime"],
        "it belongs to one environment"
    );
}

#[test]
fn the_log_of_before_is_not_followed_while_nobody_sees_it() {
    let mut desk = Desk::showing(vec![live()]);
    desk.press("l");
    desk.press("O");
    desk.lines(&["a"], TailState::Live);
    desk.press("6");
    assert_eq!(followed(&desk), [""; 0]);
    desk.press("-");
    assert_eq!(followed(&desk), ["previous"]);
    assert_eq!(shown(&desk), [""; 0], "nothing is shown twice");
    desk.lines(&["a", "b"], TailState::Ended);
    desk.press("6");
    desk.press("-");
    assert_eq!(shown(&desk), ["a", "b"], "what is whole stays");
}

#[test]
fn where_no_log_of_before_is_kept_the_key_says_why() {
    let mut own = context(0);
    own.support = without(&[crate::model::Capability::PreviousLog]);
    let mut desk = Desk::with(vec![own]);
    desk.lists(0, vec![live()]);
    desk.rest();
    desk.press("l");
    desk.press("O");
    assert_eq!(followed(&desk), ["runtime"]);
    assert!(desk.notice().contains("it has none"), "{}", desk.notice());
}
