//! The snapshots of a platform of processes that has operations and lists of its own.

use flightdeck::app::contexts::Context;
use flightdeck::model::catalogue::{Field, Group, On, Recipe};
use flightdeck::model::{
    App, AppId, Badge, Capability, ContextId, Detail, DetailValue, EnvId, Environment, Failure,
    MaintenanceId, MaintenanceRun, MaintenanceState, OperationKind, Other, OtherKind, Page,
    Payload, Profile, Query, QueryKey, Release, Safety, Special, Stage as OperationStage, Stakes,
    Status, Support, Units, Verdict, Vocabulary,
};
use flightdeck::platforms::divio;

use crate::screens::{check, check_text, seconds};
use crate::stage::{Stage, ago};
use crate::world::text as word;

const NO_BACKUPS: &str = "tsuru offers no backups: it stores no data of apps";

static TSURU: Profile = Profile {
    name: "tsuru",
    title: "tsuru",
    vocabulary: Vocabulary {
        app: ("app", "apps"),
        environment: ("process", "processes"),
        deployment: ("deploy", "deploys"),
        backup: ("backup", "backups"),
        organisation: ("team", "teams"),
    },
    specials: &[&GRANT, &SWAP],
    others: &[
        OtherKind {
            name: "pools",
            about: "where apps run",
        },
        OtherKind {
            name: "users",
            about: "who may do what",
        },
        OtherKind {
            name: "volumes",
            about: "storage that apps mount",
        },
    ],
    deploys_environments: false,
    ..divio::PROFILE
};

static GRANT: Special = Special {
    recipe: Recipe {
        name: "grant-team",
        capability: Capability::Special,
        group: Group::Own,
        letter: '1',
        on: On::App,
        about: "Gives a team access to the app",
        fields: &[Field::text("team", "Which team")],
        build: |inputs| {
            Ok(OperationKind::Special {
                what: &GRANT,
                inputs: inputs.clone(),
            })
        },
    },
    verb: "grant team",
    stakes: Stakes::Reversible,
    safety: Safety::Once,
    needs_no_credential: false,
};

static SWAP: Special = Special {
    recipe: Recipe {
        name: "rebuild-routes",
        capability: Capability::Special,
        group: Group::Own,
        letter: '2',
        on: On::App,
        about: "Builds what leads requests to the app anew",
        fields: &[],
        build: |inputs| {
            Ok(OperationKind::Special {
                what: &SWAP,
                inputs: inputs.clone(),
            })
        },
    },
    verb: "rebuild routes",
    stakes: Stakes::Traffic,
    safety: Safety::Once,
    needs_no_credential: false,
};

fn context() -> Context {
    let offered = Capability::ALL.iter().map(|it| (*it, Support::Yes));
    let mut support: std::collections::HashMap<_, _> = offered.collect();
    for what in [Capability::ListBackups, Capability::CreateBackup] {
        support.insert(what, Support::No(NO_BACKUPS));
    }
    Context::new(ContextId(0), word("tsuru"), &TSURU, support)
}

fn process(app: &str, name: &str, version: u32, (ready, wanted): (u32, u32)) -> Environment {
    let label = format!("v{version}");
    let id = EnvId::new(format!("{app}/{name}/{label}"));
    let mut env = Environment::new(id, AppId::new(app), word(name));
    env.is_synthetic = true;
    env.status = Status::Live;
    env.units = Some(Units { ready, wanted });
    env.release = Some(Release {
        label: word(&label),
        deployment: None,
        at: Some(ago(600)),
        by: Some(word("ana")),
    });
    env
}

fn processes() -> Vec<Environment> {
    let mut old = process("shop", "web", 9, (2, 2));
    old.reason = Some(word("no requests reach this version"));
    let mut worker = process("shop", "worker", 12, (1, 2));
    worker.status = Status::Degraded;
    worker.reason = Some(word("1 of 2 units is up: CrashLoopBackOff"));
    vec![
        worker,
        old,
        process("shop", "web", 12, (2, 2)),
        process("blog", "web", 3, (1, 1)),
    ]
}

fn apps() -> Vec<App> {
    let mut blog = App::new(AppId::new("blog"), word("blog"));
    blog.status = Status::Deploying;
    blog.badges = vec![Badge::Locked];
    blog.reason = Some(word("busy: app.deploy by ana@example.com"));
    vec![App::new(AppId::new("shop"), word("shop")), blog]
}

fn block(title: &str, state: MaintenanceState) -> MaintenanceRun {
    MaintenanceRun {
        id: MaintenanceId::new(title),
        app: None,
        title: word(title),
        can_run: false,
        can_skip: false,
        can_cancel: state == MaintenanceState::Running,
        state,
        planned_for: None,
        details: vec![Detail::new(
            "by",
            DetailValue::Text(word("ops@example.com")),
        )],
    }
}

fn other(name: &str, about: &str) -> Other {
    Other {
        name: word(name),
        about: Some(word(about)),
        details: vec![Detail::new("teams", DetailValue::Text(word("ops, web")))],
    }
}

fn too_old(capability: Capability) -> Failure {
    let reason = "this tsuru server is too old to list volumes: it needs API 1.4";
    Failure::unsupported(capability, reason)
}

fn answers(key: &QueryKey) -> Option<Result<Payload, Failure>> {
    Some(Ok(match &key.query {
        Query::Apps => Payload::Apps(Page::whole(apps())),
        Query::AllEnvironments => Payload::Environments(Page::whole(processes())),
        Query::Environments(app) => {
            let own = processes().into_iter().filter(|it| it.app == *app);
            Payload::Environments(Page::whole(own.collect()))
        }
        Query::Deployments(_) => Payload::Deployments(Page::whole(Vec::new())),
        Query::Domains(_) => Payload::Domains(Page::whole(Vec::new())),
        Query::Services(_) => Payload::Services(Page::whole(Vec::new())),
        Query::Jobs(_) => return Some(Err(too_old(Capability::ListJobs))),
        Query::JobRuns(_) => return Some(Err(too_old(Capability::ListJobRuns))),
        Query::Units(_) => Payload::Units(Page::whole(Vec::new())),
        Query::Alerts(_) => Payload::Alerts(Page::whole(Vec::new())),
        Query::Variables(_) => return Some(Err(too_old(Capability::ListVariables))),
        Query::Maintenance(_) => Payload::Maintenance(Page::whole(vec![
            block("app.deploy: release freeze", MaintenanceState::Running),
            block("app.update: migration", MaintenanceState::Completed),
        ])),
        Query::Others("pools") => Payload::Others(Page::whole(vec![
            other("eu-1", "default, kubernetes"),
            other("eu-2", "kubernetes"),
        ])),
        Query::Others("volumes") => return Some(Err(too_old(Capability::ListOthers))),
        Query::Others(_) => Payload::Others(Page::whole(vec![other("ana@example.com", "2 roles")])),
        _ => return None,
    }))
}

fn stage(width: u16, height: u16) -> Stage {
    Stage::new(vec![context()], width, height)
        .answering(answers)
        .ready()
        .after(seconds(7))
}

#[test]
fn the_menu_has_what_only_the_platform_has() {
    for (width, height) in [(80, 24), (120, 40)] {
        let menu = stage(width, height).keys("a end");
        check_text(&format!("own_menu_{width}x{height}"), &menu);
        let form = stage(width, height).keys("a 1").types("ops");
        check_text(&format!("own_form_{width}x{height}"), &form);
        let question = stage(width, height).keys("a 2");
        check_text(&format!("own_question_{width}x{height}"), &question);
    }
    let help = stage(80, 24).keys("?").types("routes");
    check_text("own_help", &help);
}

#[test]
fn lists_of_the_platform_and_blocks() {
    for (width, height) in [(80, 24), (120, 40)] {
        let parts = stage(width, height).keys("8").after(seconds(1));
        check_text(&format!("own_parts_{width}x{height}"), &parts);
        let blocks = parts.clone().keys("shift-tab shift-tab");
        check_text(&format!("own_blocks_{width}x{height}"), &blocks);
        let cancel = blocks.keys("a");
        check_text(&format!("own_block_menu_{width}x{height}"), &cancel);
        let entry = parts.keys("shift-tab enter");
        check_text(&format!("own_entry_{width}x{height}"), &entry);
    }
}

#[test]
fn versions_of_processes_and_who_is_busy() {
    for (width, height) in [(80, 24), (120, 40), (200, 60)] {
        let apps = stage(width, height);
        check_text(&format!("own_apps_{width}x{height}"), &apps);
        let processes = stage(width, height).keys("g tab");
        check_text(&format!("own_processes_{width}x{height}"), &processes);
    }
    check_text(
        "own_detail_busy",
        &stage(120, 40).keys("G i").after(seconds(1)),
    );
    // From the apps all processes are meant.
    check_text("own_restart_all", &stage(120, 40).keys("g a e"));
    check_text("own_restart_one", &stage(120, 40).keys("g tab j a e"));
}

#[test]
fn what_is_not_offered_says_so() {
    check("own_backups", &stage(80, 24).keys("b"));
    check(
        "own_old_server",
        &stage(80, 24).keys("g e").after(seconds(1)),
    );
}

#[test]
fn what_an_operation_prints_is_in_sight() {
    let output = [
        "---- Restarting process \"web\" ----",
        " ---> 1 of 2 new units ready",
    ];
    for (width, height) in [(80, 24), (120, 40)] {
        let running = stage(width, height)
            .keys("g a e")
            .after(seconds(1))
            .keys("y");
        let running = running.after(seconds(9)).printed(0, &output);
        check_text(&format!("own_prints_{width}x{height}"), &running);
        let why = "context deadline exceeded while waiting for units of web to be ready";
        let failed = running.operation(0, OperationStage::Ended(Verdict::Failed(word(why))));
        let failed = failed.after(seconds(30));
        check_text(&format!("own_failed_{width}x{height}"), &failed);
        let shown = failed.keys("T enter").after(seconds(1));
        check_text(&format!("own_output_{width}x{height}"), &shown);
    }
}
