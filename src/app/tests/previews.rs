//! What the platform says that it would do, and the version that was seen.

use super::kit::*;
use crate::app::confirm::{Confirm, Tier};
use crate::app::screen::Overlay;
use crate::model::{
    AuthProblem, Environment, Failure, OperationKind, Preview, Query, Revision, Status, Text,
};

fn at(revision: &str) -> Environment {
    let mut env = env("shop", "web", Status::Live);
    env.revision = Some(Revision(Text::clean(revision)));
    env
}

/// Scales what is selected, by the form.
fn scale(desk: &mut Desk) {
    desk.press("a");
    desk.press("c");
    desk.type_text("3");
    desk.press("ctrl-enter");
    desk.pass(500);
}

fn asking(desk: &Desk) -> &Confirm {
    match &desk.state.screen.overlay {
        Some(Overlay::Confirm(confirm)) => confirm,
        other => panic!("{other:?}: {}", desk.notice()),
    }
}

fn preview(warnings: &[&str], refusal: Option<&str>) -> Preview {
    Preview {
        facts: vec![(Text::clean("cost"), Text::clean("12 → 24 USD"))],
        warnings: warnings.iter().copied().map(Text::clean).collect(),
        refusal: refusal.map(Text::clean),
    }
}

#[test]
fn a_yes_waits_for_the_preview_and_the_audit_has_what_was_shown() {
    let mut desk = whole(vec![at("1")]);
    scale(&mut desk);
    assert_eq!(asking(&desk).tier, Tier::Two, "a line has no room for it");
    let asked = &desk.previewed[0].1;
    assert!(matches!(asked[..], [(0, _)]));
    assert!(matches!(
        asked[0].1.kind,
        OperationKind::Scale { units: 3, .. }
    ));

    desk.press("y");
    assert!(desk.notice().contains("being asked"), "{}", desk.notice());
    assert!(desk.is_asking() && desk.operated.is_empty());

    assert!(
        desk.tell(0, Ok(Some(preview(&["it restarts"], None))))
            .redraw
    );
    desk.press("y");
    assert_eq!(desk.operated.len(), 1);
    let before = &desk.consents[0].before;
    let has = |label: &str, value: &str| {
        let is_it = |it: &&(Text, Text)| it.0.as_str() == label && it.1.as_str() == value;
        before.iter().any(|it| is_it(&it))
    };
    assert!(
        has("cost", "12 → 24 USD") && has("warning", "it restarts"),
        "{before:?}"
    );
}

#[test]
fn what_the_platform_would_refuse_is_not_sent() {
    let mut desk = whole(vec![at("1")]);
    scale(&mut desk);
    desk.tell(
        0,
        Ok(Some(preview(&[], Some("that size needs a paid plan")))),
    );
    desk.press("y");
    let notice = "the platform refuses this: that size needs a paid plan";
    assert_eq!(desk.notice(), notice);
    assert!(desk.is_asking() && desk.operated.is_empty());
    desk.press("n");
    assert!(!desk.is_asking());
}

#[test]
fn a_platform_that_does_not_tell_is_no_obstacle() {
    let forbidden = Failure::Auth(AuthProblem::Forbidden(None));
    for result in [Err(forbidden), Ok(None)] {
        let mut desk = whole(vec![at("1")]);
        scale(&mut desk);
        let is_failure = result.is_err();
        desk.tell(0, result);
        let forecast = asking(&desk).forecast.as_ref().unwrap();
        assert_eq!(forecast.unread().count(), usize::from(is_failure));
        desk.press("y");
        assert_eq!(desk.operated.len(), 1);
    }
}

#[test]
fn the_answer_to_an_older_question_is_ignored() {
    let mut desk = whole(vec![at("1")]);
    scale(&mut desk);
    let (older, _) = desk.previewed[0].clone();
    desk.press("n");
    scale(&mut desk);
    let late = crate::model::PreviewReport {
        ticket: older,
        step: 0,
        result: Ok(Some(preview(&[], Some("too late")))),
    };
    let outcome = desk.send(crate::app::Message::Preview(late));
    assert!(!outcome.redraw && asking(&desk).forecast.as_ref().unwrap().is_waiting());
}

#[test]
fn what_cannot_be_asked_about_is_asked_as_ever() {
    let mut desk = whole(vec![at("1")]);
    desk.press("a");
    desk.press("e");
    assert_eq!(asking(&desk).tier, Tier::One);
    assert!(desk.previewed.is_empty() && asking(&desk).forecast.is_none());
}

#[test]
fn many_are_not_asked_about_one_by_one() {
    let names = ["a", "b", "c", "d", "e", "f"];
    let envs = names.map(|name| env(name, "web", Status::Live));
    for (count, asks) in [(5, true), (6, false)] {
        let mut desk = whole(envs[..count].to_vec());
        desk.press("*");
        scale(&mut desk);
        assert_eq!(!desk.previewed.is_empty(), asks, "{count}");
        let facts = &asking(&desk).request.facts;
        let remark = facts.iter().find(|(label, _)| label.as_str() == "preview");
        assert_eq!(remark.is_none(), asks, "{facts:?}");
    }
}

#[test]
fn the_revision_that_was_seen_goes_along() {
    let mut desk = whole(vec![at("1")]);
    scale(&mut desk);
    desk.tell(0, Ok(None));
    desk.press("y");
    let seen = desk.consents[0].seen.clone();
    assert_eq!(seen, Some(Revision(Text::clean("1"))));
}

#[test]
fn a_configuration_that_changed_meanwhile_takes_the_question_away() {
    let mut desk = whole(vec![at("1")]);
    desk.pass(15_000);
    scale(&mut desk);
    desk.report(&Query::AllEnvironments, environments(vec![at("2")]));
    assert!(!desk.is_asking());
    let notice = desk.notice();
    assert!(
        notice.contains("its configuration changed; look again"),
        "{notice}"
    );
    assert!(desk.operated.is_empty());
}

#[test]
fn only_the_first_step_on_an_app_is_held_to_what_was_seen() {
    let mut desk = whole(vec![at("1"), {
        let mut worker = env("shop", "worker", Status::Live);
        worker.revision = Some(Revision(Text::clean("1")));
        worker
    }]);
    desk.press("tab");
    for _ in 0..2 {
        desk.press("space");
    }
    scale(&mut desk);
    desk.tell(0, Ok(None));
    desk.tell(1, Ok(None));
    desk.press("y");
    let ended = crate::model::Stage::Ended(crate::model::Verdict::Done(None));
    desk.event(desk.operated[0].0, ended);
    assert_eq!(desk.operated.len(), 2, "{}", desk.notice());
    let seen: Vec<_> = desk.consents.iter().map(|it| it.seen.is_some()).collect();
    assert_eq!(seen, [true, false], "the first moved it");
}
