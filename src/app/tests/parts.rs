//! The view of domains and services, and what is done from it and from Activity.

use super::kit::*;
use crate::app::panes::parts::{Condition, Section, condition, missing};
use crate::app::screen::{Overlay, Pane};
use crate::model::{
    Activity, ActivityId, AppId, Capability, EnvId, Failure, JobId, JobRun, JobRunId,
    MaintenanceId, MaintenanceRun, MaintenanceState, OperationKind, Other, Page, Payload, Phase,
    Query, Status, Text, Unit,
};

fn of() -> EnvId {
    EnvId::new("shop/test")
}

fn unit(name: &str) -> Unit {
    Unit {
        id: Text::clean(name),
        name: Text::clean(name),
        environment: None,
        status: Status::Live,
        state: None,
        started_at: None,
        details: Vec::new(),
    }
}

fn run(id: &str, phase: Phase) -> JobRun {
    JobRun {
        id: JobRunId::new(id),
        job: JobId::new("nightly"),
        name: Text::clean("nightly"),
        phase,
        environment: None,
        cause: None,
        created_at: None,
        started_at: None,
        ended_at: None,
        details: Vec::new(),
    }
}

fn looking() -> Desk {
    let mut desk = Desk::showing(vec![env("shop", "test", Status::Live)]);
    desk.press("8");
    desk
}

fn with_units() -> Desk {
    let mut desk = looking();
    let units = vec![unit("web-0"), unit("web-1")];
    desk.report(&Query::Units(of()), Payload::Units(Page::whole(units)));
    for _ in 0..3 {
        desk.press("tab");
    }
    assert_eq!(desk.state.panes.parts.section, Section::Units);
    desk
}

#[test]
fn the_lists_are_read_while_the_view_is_in_sight_and_no_longer() {
    let lists = [
        Query::Domains(of()),
        Query::Services(of()),
        Query::Jobs(of()),
        Query::JobRuns(of()),
        Query::Units(of()),
        Query::Alerts(AppId::new("shop")),
    ];
    let desk = Desk::showing(vec![env("shop", "test", Status::Live)]);
    assert!(lists.iter().all(|query| !desk.waits_for(0, query)));
    let mut desk = looking();
    for query in &lists {
        assert!(desk.waits_for(0, query), "{query:?}");
    }
    let empty = Payload::Units(Page::whole(Vec::new()));
    desk.report(&Query::Units(of()), empty.clone());
    desk.pass(61_000);
    assert!(desk.waits_for(0, &Query::Units(of())));
    desk.report(&Query::Units(of()), empty);
    desk.press("esc");
    desk.pass(61_000);
    assert!(!desk.waits_for(0, &Query::Units(of())));
}

#[test]
fn what_one_environment_tells_of_all_is_asked_of_that_one_only() {
    let mut silent = env("shop", "live", Status::Live);
    silent.tells_lists = false;
    let live = silent.id.clone();
    let mut desk = Desk::showing(vec![env("shop", "test", Status::Live), silent]);
    desk.press("8");
    assert!(desk.waits_for(0, &Query::Domains(of())));
    for query in [
        Query::Domains(live.clone()),
        Query::Services(live.clone()),
        Query::Jobs(live.clone()),
        Query::JobRuns(live.clone()),
    ] {
        assert!(!desk.waits_for(0, &query), "{query:?}");
    }
    // Instances are each one's own.
    assert!(desk.waits_for(0, &Query::Units(live)));
}

#[test]
fn an_operation_acts_on_the_row_under_the_bar() {
    let mut desk = with_units();
    desk.press("j");
    desk.press("a");
    desk.press("l");
    desk.pass(600);
    desk.press("y");
    let [(_, operation)] = &desk.operated[..] else {
        panic!("{:?}", desk.operated);
    };
    let unit = "web-1".to_owned();
    assert_eq!(
        operation.kind,
        OperationKind::KillUnit { unit, force: false }
    );
    assert_eq!(operation.target.environment, Some(of()));
}

#[test]
fn a_session_is_opened_in_the_instance_under_the_bar() {
    let mut desk = with_units();
    desk.press("I");
    assert!(desk.is_asking());
    desk.press("y");
    let unit = Some("web-0".to_owned());
    assert_eq!(desk.operated[0].1.kind, OperationKind::Console { unit });
}

#[test]
fn only_what_fits_the_row_is_in_its_menu() {
    let mut desk = with_units();
    desk.press("a");
    let Some(Overlay::Menu(menu)) = &desk.state.screen.overlay else {
        panic!("no menu");
    };
    let names: Vec<_> = menu.rows.iter().map(|recipe| recipe.name).collect();
    assert_eq!(names, ["restart", "scale", "kill-unit", "console"]);
    desk.press("R");
    assert!(
        desk.notice().contains("R is no action"),
        "{}",
        desk.notice()
    );
}

#[test]
fn a_run_is_cancelled_with_its_job_and_one_that_is_over_is_not() {
    let mut desk = looking();
    let running = Phase::Running(Text::clean("running"));
    let runs = vec![run("r2", running), run("r1", Phase::Failed)];
    desk.report(&Query::JobRuns(of()), Payload::JobRuns(Page::whole(runs)));
    desk.press("tab");
    desk.press("tab");
    desk.press("a");
    desk.press("X");
    desk.press("y");
    let kind = OperationKind::CancelJobRun {
        id: JobId::new("nightly"),
        run: "r2".into(),
    };
    assert_eq!(desk.operated[0].1.kind, kind);
}

#[test]
fn what_failed_keeps_what_was_known() {
    let mut desk = with_units();
    desk.pass(61_000);
    desk.fail(0, &Query::Units(of()), unreachable());
    assert_eq!(
        desk.state.panes.parts.rows[Section::Units as usize].len(),
        2
    );
    let of_units = crate::app::panes::parts::condition(&desk.state, Section::Units);
    let failed = crate::app::panes::parts::Condition::Failed(&unreachable());
    assert_eq!(of_units, failed);
    assert!(matches!(unreachable(), Failure::Network { .. }));
}

fn event(id: &str, can_cancel: bool) -> Activity {
    Activity {
        id: ActivityId::new(id),
        at: Some(desk_start()),
        app: Some(AppId::new("shop")),
        by: None,
        kind: Text::clean("upgrade"),
        text: Text::clean(&format!("upgrade {id}")),
        failed: None,
        can_cancel,
        follow: None,
        details: Vec::new(),
    }
}

fn desk_start() -> jiff::Timestamp {
    jiff::Timestamp::from_second(START).unwrap()
}

#[test]
fn what_the_platform_began_is_cancelled_from_activity_where_that_can_be() {
    for (can_cancel, expected) in [(true, 1), (false, 0)] {
        let mut desk = Desk::showing(vec![env("shop", "test", Status::Live)]);
        desk.press("6");
        let trail = Payload::Activity(Page::whole(vec![event("e1", can_cancel)]));
        desk.report(&Query::Activity(None), trail);
        assert_eq!(desk.state.screen.focus, Pane::Activity);
        desk.press("X");
        desk.press("y");
        assert_eq!(desk.operated.len(), expected, "{}", desk.notice());
        let asked = desk.operated.first().map(|(_, it)| it.kind.clone());
        let cancel = OperationKind::CancelEvent {
            event: ActivityId::new("e1"),
            reason: None,
        };
        assert_eq!(asked, can_cancel.then_some(cancel));
    }
}

fn block(id: &str, can_cancel: bool) -> MaintenanceRun {
    MaintenanceRun {
        id: MaintenanceId::new(id),
        app: None,
        title: Text::clean(id),
        state: MaintenanceState::Running,
        planned_for: None,
        can_run: false,
        can_skip: false,
        can_cancel,
        details: Vec::new(),
    }
}

fn other(name: &str) -> Other {
    Other {
        name: Text::clean(name),
        about: None,
        details: Vec::new(),
    }
}

fn others(names: &[&str]) -> Payload {
    Payload::Others(Page::whole(names.iter().map(|name| other(name)).collect()))
}

fn shown(desk: &Desk, section: Section) -> Vec<&str> {
    let rows = desk.state.panes.parts.rows[section as usize].iter();
    rows.map(|row| row.name.as_str()).collect()
}

fn looking_at_own() -> Desk {
    let mut desk = own(vec![process("shop", "web", 1, 2)]);
    desk.press("8");
    desk
}

#[test]
fn sections_that_few_platforms_have_are_there_only_where_they_are_offered() {
    let own = looking_at_own();
    assert_eq!(own.state.panes.parts.sections, Section::ALL);
    let mut plain = context(0);
    plain.support = without(&[Capability::ListMaintenance]);
    let mut desk = Desk::with(vec![plain]);
    desk.lists(0, vec![env("shop", "test", Status::Live)]);
    desk.rest();
    desk.press("8");
    assert_eq!(desk.state.panes.parts.sections, Section::ALL[..5]);
    assert!(!desk.waits_for(0, &Query::Maintenance(Some(AppId::new("shop")))));
    // From the first section one goes round to the last that is there.
    desk.press("shift-tab");
    assert_eq!(desk.state.panes.parts.section, Section::Alerts);
}

#[test]
fn lists_of_the_platform_are_read_slowly_while_the_view_is_in_sight() {
    let mut desk = looking_at_own();
    let pools = Query::Others("pools");
    assert!(desk.waits_for(0, &pools) && desk.waits_for(0, &Query::Others("plans")));
    desk.report(&pools, others(&["eu-1", "eu-2"]));
    desk.report(&Query::Others("plans"), others(&["small"]));
    assert_eq!(shown(&desk, Section::Platform), ["eu-1", "eu-2", "small"]);
    desk.pass(30_000);
    assert!(!desk.waits_for(0, &pools));
    desk.pass(31_000);
    assert!(desk.waits_for(0, &pools));
    desk.report(&pools, others(&["eu-1"]));
    assert_eq!(shown(&desk, Section::Platform), ["eu-1", "small"]);
    desk.press("esc");
    desk.pass(61_000);
    assert!(!desk.waits_for(0, &pools));
}

#[test]
fn a_list_of_the_platform_that_cannot_be_read_says_so_beside_the_others() {
    let mut desk = looking_at_own();
    desk.report(&Query::Others("pools"), others(&["eu-1"]));
    let old = Failure::unsupported(Capability::ListOthers, "too old to list plans");
    desk.fail(0, &Query::Others("plans"), old.clone());
    let rows = &desk.state.panes.parts.rows[Section::Platform as usize];
    let told: Vec<_> = rows
        .iter()
        .map(|row| (row.place.as_str(), row.about.as_str()))
        .collect();
    assert_eq!(told, [("pools", ""), ("plans", "too old to list plans")]);
    let of = |desk: &Desk| format!("{:?}", condition(&desk.state, Section::Platform));
    assert_eq!(of(&desk), "Read");
    // All of them fail: then the section does.
    let mut desk = looking_at_own();
    desk.fail(0, &Query::Others("pools"), old.clone());
    desk.fail(0, &Query::Others("plans"), old);
    assert_eq!(of(&desk), "NotOffered(\"too old to list plans\")");
}

#[test]
fn what_a_server_is_too_old_for_is_a_reason_and_no_failure() {
    let mut desk = looking_at_own();
    let env = EnvId::new("shop/web/v1");
    let old = Failure::unsupported(Capability::ListJobs, "too old for jobs");
    desk.fail(0, &Query::Jobs(env.clone()), old);
    let runs = Payload::JobRuns(Page::whole(vec![run("r1", Phase::Failed)]));
    desk.report(&Query::JobRuns(env), runs);
    assert_eq!(condition(&desk.state, Section::Jobs), Condition::Read);
    assert_eq!(
        missing(&desk.state, Section::Jobs),
        Some("too old for jobs")
    );
    assert_eq!(shown(&desk, Section::Jobs), ["nightly"]);
}

#[test]
fn a_block_is_cancelled_by_its_row_where_that_can_be() {
    for (can_cancel, expected) in [(true, 1), (false, 0)] {
        let mut desk = looking_at_own();
        let query = Query::Maintenance(Some(AppId::new("shop")));
        let list = Payload::Maintenance(Page::whole(vec![block("b1", can_cancel)]));
        desk.report(&query, list);
        desk.press("shift-tab");
        desk.press("shift-tab");
        assert_eq!(desk.state.panes.parts.section, Section::Maintenance);
        desk.press("a");
        desk.press("enter");
        desk.pass(600);
        desk.press("y");
        let cancelled = desk.operated.iter().filter(|(_, operation)| {
            let id = MaintenanceId::new("b1");
            operation.kind == OperationKind::CancelMaintenance { id }
        });
        assert_eq!(cancelled.count(), expected, "{}", desk.notice());
    }
}
