//! How operations go on and end, and what is read again for them.

use super::kit::*;
use crate::app::journal::Actor;
use crate::app::message::Effect;
use crate::app::screen::Overlay;
use crate::model::{
    Capability, Failure, OperationTicket, Progress, Query, Stage, Status, Text, Verdict,
};

fn deploying() -> (Desk, OperationTicket) {
    let mut desk = Desk::showing(vec![env("shop", "test", Status::Live)]);
    desk.report(&deployments_of("shop/test"), deployments(Vec::new()));
    desk.report(&backups_of("shop/test"), backups(Vec::new()));
    desk.press("D");
    desk.press("y");
    let ticket = desk.operated[0].0;
    (desk, ticket)
}

/// A dashboard that found an operation of an earlier run at its start.
fn adopting() -> (Desk, OperationTicket) {
    let (mut desk, ticket) = deploying();
    desk.event(ticket, done());
    let operation = desk.state.operations.get(ticket).unwrap().operation.clone();
    let hours_ago = desk.state.now - jiff::Span::new().hours(30);
    let ticket = desk.state.adopt(operation.clone(), hours_ago).unwrap();
    assert_eq!(
        desk.state.adopt(operation, hours_ago),
        None,
        "one of a kind"
    );
    (desk, ticket)
}

#[test]
fn what_an_earlier_run_left_open_is_told_and_goes_on_like_any_other() {
    let (mut desk, ticket) = adopting();
    let notice = desk.notice();
    assert!(notice.starts_with("deploy shop/test of "), "{notice}");
    assert!(notice.ends_with(" had no recorded end: looking what became of it"));
    let entry = desk.state.operations.get(ticket).unwrap();
    assert!(matches!(entry.stage, Stage::Unknown(_)));
    let found = Stage::Ended(Verdict::Done(Some(Text::clean("found by reading"))));
    desk.event(ticket, found);
    // Not "in 30 h": that is how long nobody looked.
    assert_eq!(desk.notice(), "deploy shop/test done, found by reading");

    let (mut desk, ticket) = adopting();
    desk.event(ticket, Stage::Refused(Failure::interrupted()));
    let expected = "deploy shop/test not done: flightdeck ended before the answer came; \
                    do it again if it is still wanted";
    assert_eq!(desk.notice(), expected);
}

#[test]
fn a_yes_tells_the_audit_how_it_was_said_and_what_was_shown() {
    let mut desk = Desk::showing(vec![env("shop", "test", Status::Live)]);
    desk.press("D");
    let outcome = desk.press("y");
    let [Effect::Operate(_, _, consent)] = &outcome.effects[..] else {
        panic!("{outcome:?}");
    };
    assert_eq!((consent.tier, consent.words.as_str()), (1, "y in the line"));
    let labels: Vec<_> = consent
        .before
        .iter()
        .map(|(label, _)| label.as_str())
        .collect();
    assert!(
        labels.contains(&"runs now") && labels.contains(&"target"),
        "{labels:?}"
    );
}

fn running() -> Stage {
    Stage::Running(Progress::default())
}

fn done() -> Stage {
    Stage::Ended(Verdict::Done(None))
}

#[test]
fn what_an_operation_changes_is_read_when_it_is_taken_and_when_it_ends() {
    let (mut desk, ticket) = deploying();
    let all = [
        key(0, Query::AllEnvironments),
        key(0, deployments_of("shop/test")),
        key(0, backups_of("shop/test")),
    ];
    assert_eq!(fetched(&desk.event(ticket, running())), all);
    for _ in 0..5 {
        assert!(
            fetched(&desk.event(ticket, running())).is_empty(),
            "not with every step"
        );
    }
    desk.lists(0, vec![env("shop", "test", Status::Building)]);
    // The others are still under way: their answers may be older than the end.
    assert_eq!(
        fetched(&desk.event(ticket, done())),
        [key(0, Query::AllEnvironments)]
    );
    let again = desk.report(&deployments_of("shop/test"), deployments(Vec::new()));
    assert_eq!(fetched(&again), [key(0, deployments_of("shop/test"))]);
    let settled = desk.report(&deployments_of("shop/test"), deployments(Vec::new()));
    assert!(fetched(&settled).is_empty());
}

#[test]
fn where_the_list_of_apps_tells_their_state_that_is_read_again() {
    let mut own = context(0);
    own.support = without(&[Capability::ListAllEnvironments]);
    let mut desk = Desk::with(vec![own]);
    desk.report(&Query::Apps, apps(vec![app("shop")]));
    desk.rest();
    let of_app = Query::Environments(app("shop").id);
    desk.report(
        &of_app,
        environments(vec![env("shop", "test", Status::Live)]),
    );
    desk.press("D");
    desk.press("y");
    let keys = fetched(&desk.event(OperationTicket(1), running()));
    assert!(keys.contains(&key(0, Query::Apps)) && keys.contains(&key(0, of_app)));
}

#[test]
fn every_end_is_told_and_noted() {
    let failed = Failure::Conflict(Text::clean("busy"));
    let ends = [
        (done(), "deploy shop/test LIVE in 42s", Status::Live),
        (
            Stage::Ended(Verdict::Partly(Text::clean("db"))),
            "not all done: db",
            Status::Degraded,
        ),
        (
            Stage::Ended(Verdict::Failed(Text::clean("no"))),
            "FAILED after 42s: no",
            Status::Failed,
        ),
        (Stage::Refused(failed), "not done: busy", Status::Failed),
        (
            Stage::Unresolved(Text::clean("look")),
            "outcome unknown; look",
            Status::Unknown,
        ),
    ];
    for (stage, words, status) in ends {
        let (mut desk, ticket) = deploying();
        desk.event(ticket, running());
        desk.move_clock(42_000);
        assert!(desk.event(ticket, stage).redraw);
        assert!(desk.notice().contains(words), "{}", desk.notice());
        let event = desk.state.journal.iter().next().unwrap();
        assert_eq!((event.actor, &event.status), (Actor::You, &status));
        assert!(desk.state.operations.running().next().is_none());
        assert_eq!(desk.state.operations.finished().count(), 1);
    }
}

#[test]
fn an_operation_ends_once_and_a_strange_one_is_ignored() {
    let (mut desk, ticket) = deploying();
    desk.event(ticket, done());
    let noted = desk.state.journal.iter().count();
    for stage in [done(), running(), Stage::Sending] {
        assert!(!desk.event(ticket, stage).redraw);
    }
    assert!(!desk.event(OperationTicket(99), done()).redraw);
    assert_eq!(desk.state.journal.iter().count(), noted);
}

#[test]
fn an_unknown_outcome_is_still_under_way() {
    let (mut desk, ticket) = deploying();
    desk.event(ticket, Stage::Unknown(unreachable()));
    assert_eq!(desk.state.operations.running().count(), 1);
    desk.press("D");
    assert!(!desk.is_asking(), "it is not sent again");
}

#[test]
fn leaving_asks_while_an_operation_runs() {
    for leave in ["q", "ctrl-c"] {
        let (mut desk, ticket) = deploying();
        assert!(desk.press(leave).effects.is_empty());
        assert!(matches!(desk.state.screen.overlay, Some(Overlay::Quit)));
        assert!(desk.press("enter").effects.is_empty(), "Enter stays");
        desk.press(leave);
        assert_eq!(desk.press("y").effects, [Effect::Quit]);
        desk.event(ticket, done());
        assert!(desk.press(leave).effects.contains(&Effect::Quit));
    }
}

#[test]
fn an_operation_goes_on_when_its_app_and_its_context_are_gone() {
    let (mut desk, ticket) = deploying();
    desk.press("r");
    desk.lists(0, Vec::new());
    desk.pass(15_000);
    desk.fail(0, &Query::AllEnvironments, rejected());
    desk.event(ticket, running());
    desk.event(ticket, done());
    assert!(desk.notice().contains("shop/test done"));
}

#[test]
fn at_most_two_hundred_are_kept_and_none_that_runs_is_forgotten() {
    let (mut desk, first) = deploying();
    for _ in 0..300 {
        desk.press("B");
        desk.press("y");
        let (ticket, _) = desk.operated.last().unwrap().clone();
        desk.event(ticket, done());
    }
    let kept = desk.state.operations.finished().count();
    assert_eq!(kept + 1, 200);
    assert_eq!(
        desk.state.operations.running().next().unwrap().ticket,
        first
    );
}
