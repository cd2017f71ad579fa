//! The view of domains and services, and what is done from it and from Activity.

use super::kit::*;
use crate::app::panes::parts::Section;
use crate::app::screen::{Overlay, Pane};
use crate::model::{
    Activity, ActivityId, AppId, EnvId, Failure, JobId, JobRun, JobRunId, OperationKind, Page,
    Payload, Phase, Query, Status, Text, Unit,
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
