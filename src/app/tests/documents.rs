//! A platform that replaces whole documents: pinned roll-backs, variables in one step, restores
//! beside what is there; and what a credential may not do.

use super::kit::*;
use crate::app::confirm::Confirm;
use crate::app::menu::why_not;
use crate::app::screen::Overlay;
use crate::model::catalogue::Recipe;
use crate::model::{
    App, AuthProblem, Badge, Capability, Deployment, Failure, OperationKind, Phase, Query, Stage,
    Status, VariableChange, VariableWish, Verdict,
};

fn pinned(name: &str) -> App {
    App {
        badges: vec![Badge::Pinned],
        ..app(name)
    }
}

/// One app with one environment, of a platform of that kind.
fn desk(app: App) -> Desk {
    let mut desk = whole(vec![env("shop", "web", Status::Live)]);
    desk.press("r");
    desk.report(&Query::Apps, apps(vec![app]));
    desk
}

fn why(desk: &Desk, name: &str) -> Option<String> {
    why_not(&desk.state, Recipe::named(name).unwrap())
}

fn asking(desk: &Desk) -> &Confirm {
    match &desk.state.screen.overlay {
        Some(Overlay::Confirm(confirm)) => confirm,
        other => panic!("{other:?}: {}", desk.notice()),
    }
}

fn done() -> Stage {
    Stage::Ended(Verdict::Done(None))
}

fn history(list: Vec<Deployment>) -> (Query, crate::model::Payload) {
    let scope = crate::model::DeploymentScope::App(crate::model::AppId::new("shop"));
    (Query::Deployments(scope), deployments(list))
}

#[test]
fn a_pinned_app_refuses_what_would_deploy_and_says_how_to_go_on() {
    let mut desk = desk(pinned("shop"));
    let expected = "shop is pinned to an earlier deployment: keep it (a K) or undo it (a U) first";
    for name in [
        "deploy",
        "restart",
        "scale",
        "rollback",
        "set-var",
        "add-domain",
    ] {
        assert_eq!(why(&desk, name).as_deref(), Some(expected), "{name}");
    }
    for name in ["keep-rollback", "undo-rollback", "backup"] {
        assert_eq!(why(&desk, name), None, "{name}");
    }
    desk.press("D");
    assert!(!desk.is_asking() && desk.notice().contains(expected));
    let row = desk.state.panes.apps.selected().unwrap();
    assert!(row.is_pinned && row.reason.as_str() == "PINNED to an earlier deployment");
}

#[test]
fn what_is_not_pinned_is_neither_kept_nor_undone() {
    let desk = desk(app("shop"));
    for name in ["keep-rollback", "undo-rollback"] {
        let why = why(&desk, name).unwrap();
        assert_eq!(why, "shop is not pinned to an earlier deployment");
    }
    assert_eq!(why(&desk, "deploy"), None);
}

#[test]
fn a_platform_that_does_not_deploy_every_change_takes_it_while_pinned() {
    let mut desk = Desk::showing(vec![env("shop", "web", Status::Live)]);
    desk.press("r");
    desk.report(&Query::Apps, apps(vec![pinned("shop")]));
    assert_eq!(why(&desk, "set-var"), None);
    assert!(why(&desk, "deploy").is_some());
}

#[test]
fn an_app_that_becomes_pinned_takes_the_question_away() {
    let mut desk = desk(app("shop"));
    desk.press("D");
    assert!(desk.is_asking());
    desk.state.now += jiff::SignedDuration::from_secs(301);
    desk.send(crate::app::Message::Clock);
    desk.report(&Query::Apps, apps(vec![pinned("shop")]));
    assert!(!desk.is_asking(), "{}", desk.notice());
    assert!(desk.notice().contains("is pinned"), "{}", desk.notice());
}

#[test]
fn a_roll_back_is_pinned_unless_it_is_switched_off() {
    let past = |id: &str, reach| Deployment {
        can_roll_back_to: reach,
        ..deployment(id, Phase::Replaced)
    };
    let now = Deployment {
        is_current: true,
        ..deployment("d3", Phase::Succeeded)
    };
    let (query, list) = history(vec![now, past("d2", Some(false)), past("d1", Some(true))]);
    let mut desk = desk(app("shop"));
    desk.press("tab");
    desk.rest();
    desk.report(&query, list);
    desk.press("Z");
    let kind = &asking(&desk).request.first().kind;
    let OperationKind::RollBack { to, pin } = kind else {
        panic!("{kind:?}");
    };
    assert_eq!((to.as_str(), *pin), ("d1", true), "d2 is out of reach");
    desk.pass(500);
    desk.tell(0, Ok(None));
    desk.press("y");
    desk.event(desk.operated[0].0, done());
    let notice = desk.notice();
    let ending = "; it is pinned there: keep it (a K) or undo it (a U)";
    assert!(notice.ends_with(ending), "{notice}");
}

#[test]
fn the_form_of_a_roll_back_begins_pinned_and_takes_a_no() {
    let mut desk = desk(app("shop"));
    desk.press("a");
    desk.press("r");
    let (query, list) = history(vec![deployment("d1", Phase::Replaced)]);
    desk.report(&query, list);
    desk.press("enter");
    desk.press("space");
    desk.press("enter");
    let kind = &asking(&desk).request.first().kind;
    assert!(
        matches!(kind, OperationKind::RollBack { pin: false, .. }),
        "{kind:?}"
    );
}

#[test]
fn an_untouched_form_is_no_draft() {
    let mut desk = desk(app("shop"));
    desk.press("a");
    desk.press("r");
    desk.press("esc");
    assert_eq!(desk.notice(), "rollback: not done");
    assert!(desk.state.drafts.is_empty());
}

#[test]
fn cancelling_needs_something_that_runs() {
    let mut desk = desk(app("shop"));
    desk.press("tab");
    desk.rest();
    let (query, list) = history(vec![deployment("d1", Phase::Succeeded)]);
    assert_eq!(why(&desk, "cancel"), None, "nothing is known yet");
    desk.report(&query, list);
    let reason = why(&desk, "cancel");
    assert_eq!(reason.as_deref(), Some("no deployment of shop is running"));
    desk.pass(30_000);
    let (query, list) = history(vec![deployment("d2", Phase::Building)]);
    desk.report(&query, list);
    assert_eq!(why(&desk, "cancel"), None);
}

#[test]
fn what_is_forbidden_is_not_offered_until_it_is_read_anew() {
    let mut desk = desk(app("shop"));
    desk.press("a");
    desk.press("e");
    desk.press("y");
    let forbidden = Failure::Auth(AuthProblem::Forbidden(None));
    desk.event(desk.operated[0].0, Stage::Refused(forbidden));
    let reason = why(&desk, "restart").unwrap();
    assert!(reason.ends_with("; r tries it again"), "{reason}");
    assert_eq!(why(&desk, "stop"), None, "nothing was said of that");
    desk.press("r");
    assert_eq!(why(&desk, "restart"), None);
}

#[test]
fn a_restore_beside_overwrites_nothing_and_has_a_name() {
    use crate::model::BackupState;
    let mut desk = desk(app("shop"));
    desk.press("b");
    desk.rest();
    let list = backups(vec![backup("b1", START, BackupState::Done)]);
    desk.report(&backups_of("shop/web"), list);
    desk.press("a");
    desk.press("B");
    let facts = &asking(&desk).request.facts;
    let then = facts.iter().find(|(label, _)| label.as_str() == "then");
    let words = then.unwrap().1.as_str();
    assert!(words.contains("nothing is overwritten"), "{words}");
    assert_eq!(asking(&desk).offer, None, "there is nothing to save first");
    for (is_beside, mut desk) in [
        (true, desk.clone()),
        (false, Desk::showing(vec![env("shop", "web", Status::Live)])),
    ] {
        desk.press("esc");
        desk.pass(500);
        desk.press("esc");
        desk.press("a");
        for _ in 0..Recipe::named("restore").map_or(0, position) {
            desk.press("down");
        }
        desk.press("tab");
        let Some(Overlay::Form(form)) = &desk.state.screen.overlay else {
            panic!("{}", desk.notice());
        };
        let asks = form.fields.iter().any(|it| it.field.name == "into");
        assert_eq!(asks, is_beside);
    }
}

fn position(recipe: &'static Recipe) -> usize {
    let all = crate::model::catalogue::RECIPES.iter();
    all.clone().position(|it| it == recipe).unwrap()
}

/// `A` is unset, `B` set anew, and `C` is new.
fn stage(desk: &mut Desk) {
    desk.press("5");
    desk.rest();
    let list = vec![variable("A", Some("1")), variable("B", Some("2"))];
    desk.report(&variables_of("shop/web"), variables(list));
    desk.press("x");
    desk.press("j");
    desk.press("enter");
    desk.type_text("3");
    desk.press("enter");
    desk.press("n");
    desk.type_text("C");
    desk.press("tab");
    desk.type_text("4");
    desk.press("enter");
}

fn review(desk: &mut Desk, list: Vec<crate::model::Variable>) {
    desk.press("A");
    desk.report(&variables_of("shop/web"), variables(list));
    desk.press("A");
}

#[test]
fn staged_changes_are_one_operation_and_settled_when_it_ends() {
    let mut desk = desk(app("shop"));
    stage(&mut desk);
    let list = vec![variable("A", Some("1")), variable("B", Some("2"))];
    review(&mut desk, list);
    let request = asking(&desk).request.clone();
    let kind = &request.first().kind;
    let OperationKind::ChangeVariables(changes) = kind else {
        panic!("{kind:?}: {}", desk.notice());
    };
    assert_eq!((request.operations.len(), changes.len()), (1, 3));
    let names: Vec<_> = changes.iter().map(|it| it.name.as_str()).collect();
    assert_eq!(names, ["A", "B", "C"]);
    let said: Vec<_> = request.facts.iter().map(|it| it.1.to_string()).collect();
    assert!(
        said.iter().any(|it| it.contains("deployment begins")),
        "{said:?}"
    );
    assert_eq!(request.title(), "change variables shop/web");
    desk.tell(0, Ok(None));
    desk.pass(500);
    desk.press("y");
    let (ticket, _) = desk.operated[0];
    desk.send(crate::app::Message::Operation(
        crate::model::OperationEvent {
            ticket,
            at: desk.state.now,
            stage: done(),
            follow: None,
            note: Some("a deployment has begun".into()),
            next_steps: Vec::new(),
            output: Vec::new(),
        },
    ));
    let pane = &desk.state.panes.variables;
    assert!(pane.staged.is_empty(), "{:?}", pane.staged);
    assert!(pane.undeployed.is_empty(), "it deploys itself");

    let command = desk.press("Y");
    assert!(command.effects.is_empty());
    let notice = desk.notice();
    assert!(
        notice.starts_with("no command does `change variables`"),
        "{notice}"
    );

    desk.press("u");
    let kind = asking(&desk).request.first().kind.clone();
    let OperationKind::ChangeVariables(back) = kind else {
        panic!("{kind:?}");
    };
    let wishes: Vec<_> = back.iter().map(words).collect();
    assert_eq!(wishes, ["A=1", "B=2", "C is unset"]);
}

fn words(change: &VariableChange) -> String {
    match &change.wish {
        VariableWish::Set { value, .. } => format!("{}={}", change.name, value.expose()),
        VariableWish::Unset => format!("{} is unset", change.name),
    }
}

#[test]
fn what_was_hidden_cannot_be_put_back() {
    let mut desk = desk(app("shop"));
    stage(&mut desk);
    let list = vec![variable("A", Some("1")), variable("B", None)];
    review(&mut desk, list);
    // It was changed by somebody: mine counts.
    desk.press("m");
    desk.press("A");
    desk.tell(0, Ok(None));
    desk.pass(500);
    desk.press("y");
    assert_eq!(desk.operated.len(), 1, "{}", desk.notice());
    let entry = desk.state.operations.get(desk.operated[0].0).unwrap();
    assert_eq!(entry.undo, None);
}

#[test]
fn one_change_keeps_its_own_operation() {
    let one = OperationKind::UnsetVariable {
        id: None,
        name: "A".into(),
    };
    assert_eq!(one.capability(), Capability::UnsetVariable);
    let kinds = VariableChange::together(vec![one.clone()]);
    assert_eq!(kinds, [one]);
}
