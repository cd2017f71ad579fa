//! The view of domains and services.

use flightdeck::app::screen::{Colours, Look};
use flightdeck::model::{
    Alert, AlertId, Capability, Detail, DetailValue, Domain, DomainId, Failure, Job, JobId, JobRun,
    JobRunId, MaintenanceId, MaintenanceRun, MaintenanceState, Page, Payload, Phase, Query,
    QueryKey, Service, ServiceId, Status, Support, Unit,
};

use crate::screens::{check, check_text, seconds};
use crate::stage::{Stage, ago};
use crate::world::{answers, full, text as word, unreachable};

const SIZES: [(u16, u16); 4] = [(80, 24), (120, 40), (200, 60), (50, 16)];

fn domain(name: &str, status: Status, message: Option<&str>) -> Domain {
    Domain {
        id: DomainId::new(name),
        name: word(name),
        environment: None,
        status,
        message: message.map(word),
        is_primary: name.starts_with("www"),
        redirects: false,
        tls: Some(true),
        checked_at: Some(ago(60)),
        instructions: vec![word("CNAME www.example.com shop.example.net")],
        details: vec![Detail::new("zone", DetailValue::Text(word("example.com")))],
    }
}

fn service(name: &str, state: &str) -> Service {
    Service {
        id: ServiceId::new(name),
        name: word(name),
        kind: word("postgresql"),
        kind_id: None,
        environment: None,
        status: Status::Live,
        state: Some(word(state)),
        can_back_up: Some(true),
        details: Vec::new(),
    }
}

fn job(command: &str) -> Job {
    Job {
        id: JobId::new(command),
        command: word(command),
        schedule: word("daily at 03:00"),
        environment: None,
        last_run_at: Some(ago(39_600)),
        last_exit: Some(1),
        timeout: None,
        details: Vec::new(),
    }
}

fn run(id: &str, phase: Phase, at: u64) -> JobRun {
    JobRun {
        id: JobRunId::new(id),
        job: JobId::new("clear-sessions"),
        name: word("clear-sessions"),
        phase,
        environment: None,
        cause: Some(word("schedule")),
        created_at: Some(ago(at)),
        started_at: Some(ago(at)),
        ended_at: None,
        details: Vec::new(),
    }
}

fn unit(name: &str, status: Status) -> Unit {
    Unit {
        id: word(name),
        name: word(name),
        environment: None,
        status,
        state: None,
        started_at: Some(ago(7_200)),
        details: Vec::new(),
    }
}

fn alert(rule: &str, is_firing: Option<bool>) -> Alert {
    Alert {
        id: AlertId::new(rule),
        component: Some(word("web")),
        rule: word(rule),
        is_enabled: true,
        is_firing,
        status: Status::Live,
        told: vec![word("ops@example.com")],
        details: Vec::new(),
    }
}

fn planned() -> MaintenanceRun {
    MaintenanceRun {
        id: MaintenanceId::new("m1"),
        app: None,
        title: word("Database upgrade"),
        state: MaintenanceState::Upcoming,
        planned_for: Some("2026-03-08T02:00:00Z".parse().unwrap()),
        can_run: true,
        can_skip: true,
        can_cancel: false,
        details: Vec::new(),
    }
}

fn filled(key: &QueryKey) -> Option<Result<Payload, Failure>> {
    Some(Ok(match &key.query {
        Query::Domains(_) => Payload::Domains(Page::whole(vec![
            domain("www.example.com", Status::Live, None),
            domain("shop.example.com", Status::Failed, Some("no DNS record")),
        ])),
        Query::Services(_) => Payload::Services(Page::whole(vec![service("DEFAULT", "ready")])),
        Query::Jobs(_) => Payload::Jobs(Page::whole(vec![job("clear-sessions")])),
        Query::JobRuns(_) => Payload::JobRuns(Page::whole(vec![
            run("run-2", Phase::Running(word("running")), 30),
            run("run-1", Phase::Failed, 39_600),
        ])),
        Query::Units(_) => Payload::Units(Page::whole(vec![
            unit("web-0", Status::Live),
            unit("web-1", Status::Degraded),
        ])),
        Query::Alerts(_) => Payload::Alerts(Page::whole(vec![
            alert("CPU above 80 % for 10 minutes", Some(true)),
            alert("a deployment failed", None),
        ])),
        Query::Maintenance(_) => Payload::Maintenance(Page::whole(vec![planned()])),
        _ => return Some(answers(key)),
    }))
}

fn view(width: u16, height: u16) -> Stage {
    full(width, height)
        .answering(filled)
        .keys("8")
        .after(seconds(1))
}

#[test]
fn every_section() {
    for (width, height) in SIZES {
        check_text(&format!("parts_{width}x{height}"), &view(width, height));
    }
    check("parts_styles", &view(120, 40));
    let plain = Look {
        colours: Colours::None,
        ..Look::default()
    };
    check("parts_no_colour", &view(120, 40).look(plain));
    let ascii = Look {
        is_ascii: true,
        ..Look::default()
    };
    check_text("parts_ascii", &view(80, 24).look(ascii));
}

#[test]
fn another_section_has_the_focus_and_the_room() {
    check_text("parts_jobs_50x16", &view(50, 16).keys("tab tab"));
    check_text("parts_jobs_80x24", &view(80, 24).keys("tab tab j"));
    // Past the end of one section comes the next.
    check_text("parts_moved_on", &view(80, 24).keys("j j"));
}

#[test]
fn a_row_in_full() {
    for (width, height) in SIZES {
        let stage = view(width, height).keys("j enter");
        check_text(&format!("parts_open_{width}x{height}"), &stage);
    }
}

#[test]
fn what_fits_the_filter() {
    let stage = view(80, 24).keys("/").types("web").keys("enter");
    check_text("parts_filtered", &stage);
}

#[test]
fn a_row_has_operations_of_its_own() {
    check_text("parts_menu_domain", &view(80, 24).keys("a"));
    check_text("parts_menu_unit", &view(120, 40).keys("tab tab tab a"));
}

#[test]
fn without_rows_it_is_said_why() {
    let refused = |stage: Stage| {
        let mut stage = stage;
        for context in stage.state.contexts.iter_mut() {
            for capability in [Capability::ListUnits, Capability::ListJobRuns] {
                let reason = "the platform does not show single instances";
                context.support.insert(capability, Support::No(reason));
            }
        }
        stage
    };
    let mixed = |key: &QueryKey| match &key.query {
        Query::Domains(_) => Some(Err(unreachable())),
        Query::Services(_) => None,
        Query::Alerts(_) => Some(Ok(Payload::Alerts(Page::whole(Vec::new())))),
        _ => filled(key),
    };
    for (width, height) in [(80, 24), (50, 16)] {
        let stage = refused(full(width, height)).answering(mixed);
        let stage = stage.keys("8").after(seconds(1));
        check_text(&format!("parts_without_{width}x{height}"), &stage);
    }
    let paused = full(80, 24).keys("p").answering(filled).keys("8");
    check_text("parts_paused", &paused.after(seconds(1)));
    let failing = view(80, 24).answering(|key| match &key.query {
        Query::Domains(_) => Some(Err(unreachable())),
        _ => filled(key),
    });
    check_text("parts_failed_later", &failing.after(seconds(70)));
}
