//! What only one platform has: operations, logging in, and apps of processes.

use super::kit::*;
use crate::app::contexts::Context;
use crate::app::form::FormState;
use crate::app::help::HelpRow;
use crate::app::menu::why_not;
use crate::app::message::Effect;
use crate::app::screen::{Overlay, Pane};
use crate::model::catalogue::{Recipe, Value};
use crate::model::{
    AuthProblem, Capability, ContextId, EnvId, Failure, OperationKind, OperationTicket, Query,
    Stage, Status, Text, Verdict,
};

fn processes() -> Vec<crate::model::Environment> {
    vec![
        process("shop", "web", 12, 2),
        process("shop", "web", 9, 1),
        process("shop", "worker", 12, 2),
    ]
}

fn form(desk: &Desk) -> &FormState {
    match &desk.state.screen.overlay {
        Some(Overlay::Form(form)) => form,
        other => panic!("no form is open: {other:?}"),
    }
}

fn menu_names(desk: &mut Desk) -> Vec<&'static str> {
    desk.press("a");
    let Some(Overlay::Menu(menu)) = &desk.state.screen.overlay else {
        panic!("no menu is open");
    };
    let names = menu.rows.iter().map(|recipe| recipe.name).collect();
    desk.press("esc");
    names
}

fn question(desk: &Desk) -> Vec<(String, String)> {
    let Some(Overlay::Confirm(confirm)) = &desk.state.screen.overlay else {
        panic!("nothing is asked: {}", desk.notice());
    };
    let facts = confirm.request.facts.iter();
    facts
        .map(|(label, value)| (label.to_string(), value.to_string()))
        .collect()
}

fn fact(desk: &Desk, label: &str) -> Option<String> {
    let mut facts = question(desk).into_iter();
    facts.find(|(own, _)| own == label).map(|(_, value)| value)
}

fn log_in(desk: &mut Desk) {
    desk.press("a");
    desk.press("2");
    desk.pass(600);
    desk.press("y");
}

/// A context of each kind, with an app in each: that of the platform with more is `c1`.
fn two() -> Desk {
    let more = Context::new(ContextId(1), Text::clean("c1"), &OWN, everything());
    let mut desk = Desk::with(vec![context(0), more]);
    desk.lists(0, vec![env("blog", "test", Status::Live)]);
    desk.lists(1, vec![env("shop", "test", Status::Live)]);
    desk.rest();
    desk
}

#[test]
fn the_menu_has_the_operations_of_the_selected_platform_and_no_others() {
    let mut desk = two();
    assert_eq!(desk.selected(), "blog");
    let common = menu_names(&mut desk);
    assert!(!common.contains(&"grant-team"));
    desk.press("j");
    let all = menu_names(&mut desk);
    assert_eq!(all[..common.len()], common[..]);
    assert_eq!(all[common.len()..], ["grant-team", "log-in"]);
    assert_eq!(why_not(&desk.state, &GRANT.recipe), None);
    desk.press("k");
    let reason = why_not(&desk.state, &GRANT.recipe).unwrap();
    assert_eq!(reason, "by-environment has no grant-team");
}

#[test]
fn it_is_asked_for_in_a_form_confirmed_and_sent_like_all_others() {
    let mut desk = own(processes());
    desk.press("a");
    desk.press("1");
    desk.type_text("ops");
    assert_eq!(form(&desk).fields.len(), 2);
    desk.press("tab");
    desk.type_text("hush");
    desk.press("enter");
    assert_eq!(fact(&desk, "team").as_deref(), Some("ops"));
    assert_eq!(fact(&desk, "secret").as_deref(), Some("(hidden)"));
    desk.pass(600);
    desk.press("y");
    let [(_, operation)] = &desk.operated[..] else {
        panic!("{:?}", desk.operated);
    };
    let OperationKind::Special { what, inputs } = &operation.kind else {
        panic!("{operation:?}");
    };
    assert_eq!(*what, &GRANT);
    assert_eq!(inputs.get("team"), Some(&Value::Text("ops".into())));
    assert_eq!(operation.target.environment, None);
}

#[test]
fn the_command_that_does_the_same_is_copied() {
    let mut desk = own(processes());
    desk.press("a");
    desk.press("1");
    desk.type_text("ops");
    desk.press("ctrl-enter");
    desk.pass(600);
    desk.press("y");
    let outcome = desk.press("Y");
    let copied = outcome.effects.into_iter().find_map(|effect| match effect {
        Effect::CopyText(text) => Some(text),
        _ => None,
    });
    let command = copied.unwrap_or_default();
    assert!(
        command.starts_with("flightdeck do grant-team c0:shop --team ops"),
        "{command}"
    );
}

#[test]
fn two_of_them_go_side_by_side_and_the_same_does_not() {
    let mut desk = own(processes());
    for _ in 0..2 {
        log_in(&mut desk);
    }
    assert_eq!(desk.operated.len(), 1);
    assert!(
        desk.notice().contains("already under way"),
        "{}",
        desk.notice()
    );
    desk.press("esc");
    desk.press("a");
    desk.press("1");
    desk.type_text("ops");
    desk.press("ctrl-enter");
    desk.pass(600);
    desk.press("y");
    assert_eq!(desk.operated.len(), 2);
}

#[test]
fn marks_on_platforms_that_lack_it_refuse_it_for_all() {
    let mut desk = two();
    for key in ["space", "j", "space", "j"] {
        desk.press(key);
    }
    let reason = why_not(&desk.state, &GRANT.recipe).unwrap();
    assert_eq!(reason, "by-environment has no grant-team");
}

#[test]
fn one_logs_in_where_the_token_is_not_accepted_and_is_asked_anew() {
    let mut desk = own(processes());
    desk.pass(15_000);
    desk.fail(0, &Query::AllEnvironments, rejected());
    let refused = why_not(&desk.state, Recipe::named("restart").unwrap());
    assert!(refused.is_some_and(|reason| reason.contains("is not accepted")));
    assert_eq!(why_not(&desk.state, &LOG_IN.recipe), None);
    // However old what is known is: nothing can be read first.
    desk.pass(120_000);
    log_in(&mut desk);
    let (ticket, _) = desk.operated[0];
    desk.event(
        ticket,
        Stage::Ended(Verdict::Failed(Text::clean("wrong password"))),
    );
    assert!(desk.first_context().bad_credential.is_some());
    log_in(&mut desk);
    let (ticket, _) = desk.operated[1];
    desk.event(ticket, Stage::Ended(Verdict::Done(None)));
    assert!(desk.first_context().bad_credential.is_none());
    assert!(desk.waits_for(0, &Query::AllEnvironments));
}

#[test]
fn one_logs_in_where_nothing_may_be_changed_because_that_changes_nothing() {
    for change in [
        |own: &mut Context| own.is_read_only = true,
        |own: &mut Context| own.is_protected = true,
    ] {
        let mut context = Context::new(ContextId(0), Text::clean("c0"), &OWN, everything());
        change(&mut context);
        let mut desk = Desk::with(vec![context]);
        desk.lists(0, processes());
        desk.rest();
        assert_eq!(why_not(&desk.state, &LOG_IN.recipe), None);
        assert!(why_not(&desk.state, &GRANT.recipe).is_some());
    }
}

#[test]
fn one_logs_in_where_nothing_was_ever_read() {
    let more = Context::new(ContextId(1), Text::clean("c1"), &OWN, everything());
    let mut desk = Desk::with(vec![context(0), more]);
    desk.fail(
        1,
        &Query::Apps,
        Failure::Auth(AuthProblem::Missing(Text::clean("no file"))),
    );
    for key in ["c", "j", "enter", "a", "2"] {
        desk.press(key);
    }
    desk.pass(600);
    desk.press("y");
    assert_eq!(desk.operated.len(), 1, "{}", desk.notice());
    assert_eq!(desk.operated[0].1.target.context, ContextId(1));
}

#[test]
fn the_help_and_the_palette_have_them_too() {
    let mut desk = own(processes());
    desk.press("?");
    let Some(Overlay::Help(help)) = &desk.state.screen.overlay else {
        panic!("no help is open");
    };
    let heading = help
        .rows
        .iter()
        .position(|row| *row == HelpRow::Own)
        .unwrap();
    assert_eq!(help.rows[heading + 1], HelpRow::Operation(&GRANT.recipe));
    desk.type_text("Gives");
    desk.press("enter");
    assert_eq!(form(&desk).recipe.name, "grant-team");
    desk.press("esc");
    desk.press(":");
    desk.type_text("grant-team");
    desk.press("enter");
    assert_eq!(form(&desk).recipe.name, "grant-team");
    let mut desk = two();
    desk.press(":");
    desk.type_text("grant-team");
    let Some(Overlay::Palette(palette)) = &desk.state.screen.overlay else {
        panic!("no palette is open");
    };
    assert!(palette.rows.is_empty(), "{:?}", palette.rows);
}

#[test]
fn from_the_apps_all_processes_are_meant_and_from_the_processes_one() {
    let mut desk = own(processes());
    assert_eq!(desk.state.screen.focus, Pane::Apps);
    desk.press("a");
    desk.press("e");
    let everything = "web/v12 2/2, web/v9 1/2, worker 2/2";
    assert_eq!(fact(&desk, "target").as_deref(), Some("shop"));
    assert_eq!(fact(&desk, "all of").as_deref(), Some(everything));
    desk.pass(600);
    desk.press("y");
    let (_, operation) = &desk.operated[0];
    assert_eq!(operation.target.environment, None);
    assert_eq!(operation.kind, OperationKind::Restart { process: None });
    desk.press("tab");
    assert_eq!(desk.state.screen.focus, Pane::Environments);
    desk.press("j");
    desk.press("a");
    desk.press("e");
    assert_eq!(fact(&desk, "target").as_deref(), Some("shop/web/v9"));
    desk.pass(600);
    desk.press("y");
    let (_, operation) = &desk.operated[1];
    assert_eq!(
        operation.target.environment,
        Some(EnvId::new("shop/web/v9"))
    );
}

#[test]
fn one_process_of_all_can_be_named_and_a_process_names_itself() {
    let mut desk = own(processes());
    desk.press("a");
    desk.press("tab");
    desk.press("esc");
    let names = |desk: &Desk| {
        let fields = form(desk).fields.iter();
        fields.map(|it| it.field.name).collect::<Vec<_>>()
    };
    let scale = Recipe::named("scale").unwrap().letter.to_string();
    desk.press("a");
    desk.press(&scale);
    assert!(names(&desk).contains(&"process"));
    desk.press("esc");
    desk.press("tab");
    desk.press("a");
    desk.press(&scale);
    assert!(!names(&desk).contains(&"process"));
}

#[test]
fn an_app_of_one_process_and_real_environments_are_acted_on_one_by_one() {
    let mut desk = own(vec![process("shop", "web", 3, 2)]);
    desk.press("a");
    desk.press("e");
    assert_eq!(fact(&desk, "target").as_deref(), Some("shop/web"));
    let mut desk = own(vec![
        env("shop", "test", Status::Live),
        env("shop", "other", Status::Live),
    ]);
    desk.press("a");
    desk.press("e");
    assert!(fact(&desk, "target").is_some_and(|it| it.starts_with("shop/")));
}

#[test]
fn versions_of_a_process_stand_together_newest_first() {
    let mut sick = process("shop", "web", 9, 0);
    sick.status = Status::Degraded;
    let desk = own(vec![
        process("shop", "api", 12, 2),
        sick,
        process("shop", "web", 12, 2),
    ]);
    let rows: Vec<_> = desk
        .state
        .panes
        .environments
        .rows
        .iter()
        .map(EnvId::as_str)
        .collect();
    assert_eq!(rows, ["shop/web/v12", "shop/web/v9", "shop/api/v12"]);
}

#[test]
fn what_a_server_is_too_old_for_is_not_asked_for_again_before_hours_or_a_refresh() {
    let mut desk = own(processes());
    desk.press("e");
    let query = Query::Variables(EnvId::new("shop/web/v12"));
    let old = || Failure::unsupported(Capability::ListVariables, "this server is too old");
    desk.fail(0, &query, old());
    assert!(desk.first_context().failing.is_none());
    for _ in 0..20 {
        desk.pass(420_000);
        assert!(!desk.waits_for(0, &query));
    }
    desk.press("r");
    desk.rest();
    assert!(desk.waits_for(0, &query));
    desk.fail(0, &query, old());
    desk.pass(4 * 3_600_000);
    assert!(desk.waits_for(0, &query));
}

#[test]
fn an_operation_that_a_server_is_too_old_for_says_so_until_a_refresh() {
    let mut desk = own(processes());
    desk.press("a");
    desk.press("e");
    desk.pass(600);
    desk.press("y");
    let old = Failure::unsupported(Capability::Restart, "this server is too old");
    desk.event(OperationTicket(1), Stage::Refused(old));
    let restart = Recipe::named("restart").unwrap();
    let reason = why_not(&desk.state, restart).unwrap();
    assert_eq!(reason, "this server is too old; r tries it again");
    assert_eq!(why_not(&desk.state, Recipe::named("stop").unwrap()), None);
    // One of those that only this platform has is refused without the others.
    log_in(&mut desk);
    let old = Failure::unsupported(Capability::Special, "too old for that");
    desk.event(OperationTicket(2), Stage::Refused(old));
    assert!(why_not(&desk.state, &LOG_IN.recipe).is_some());
    assert_eq!(why_not(&desk.state, &GRANT.recipe), None);
    desk.press("r");
    assert_eq!(why_not(&desk.state, restart), None);
}
