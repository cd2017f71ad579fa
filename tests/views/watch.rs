//! The snapshots of a release that is watched: it runs, it failed, it made things worse.

use std::cell::RefCell;
use std::rc::Rc;
use std::time::Duration;

use flightdeck::app::contexts::{Context, SupportTable};
use flightdeck::app::screen::{Colours, Look};
use flightdeck::model::{
    App, AppId, Capability, ContextId, Deployment, DeploymentId, EnvId, Environment, LogLine,
    LogSource, Page, Payload, Phase, Progress, Query, QueryKey, Release, Status, Step, StepState,
    Support, TailState, Text,
};
use flightdeck::platforms::divio;

use crate::screens::{check, check_text, seconds};
use crate::stage::{Stage, ago, start};
use crate::world::text as word;

/// What the platform lists, newest first.
type List = Rc<RefCell<Vec<Deployment>>>;

fn deployment(label: &str, phase: Phase, began: u64) -> Deployment {
    let mut it = Deployment::new(DeploymentId::new(label), word(label), phase);
    it.started_at = Some(ago(began));
    it
}

fn good() -> Deployment {
    let mut good = deployment("v211", Phase::Succeeded, 86_400);
    good.is_current = true;
    good
}

fn step(label: &str, state: StepState, began: Option<u64>, ended: Option<u64>) -> Step {
    Step {
        label: word(label),
        state,
        started_at: began.map(ago),
        ended_at: ended.map(ago),
        ..Step::default()
    }
}

/// The new release, deploying.
fn running() -> Deployment {
    let mut it = deployment("v213", Phase::Deploying, 162);
    it.by = Some(word("ana"));
    it.commit = Some(word("3f2c1ab"));
    it.message = Some(word("add index to orders"));
    it.progress = Progress {
        percent: None,
        steps: Some((3, 5)),
        label: Some(word("migrate")),
        tree: vec![
            step("build", StepState::Done, Some(162), Some(44)),
            step("deploy", StepState::Running, Some(41), None),
        ],
    };
    it
}

fn failed() -> Deployment {
    let mut it = running();
    it.phase = Phase::Failed;
    it.duration = Some(seconds(158));
    it.ended_at = Some(ago(4));
    let mut migrate = step("migrate", StepState::Failed, Some(20), Some(4));
    migrate.reason = Some(word("lock timeout"));
    it.progress.tree[1].state = StepState::Failed;
    it.progress.tree[1].ended_at = Some(ago(4));
    it.progress.tree[1].steps = vec![migrate];
    it
}

fn live() -> Deployment {
    let mut it = running();
    it.phase = Phase::Succeeded;
    it.is_current = true;
    it.duration = Some(seconds(134));
    it.ended_at = Some(ago(0));
    it.progress = Progress::default();
    it
}

fn environment(list: &[Deployment]) -> Environment {
    let mut env = Environment::new(EnvId::new("shop/prod"), AppId::new("shop"), word("prod"));
    let newest = &list[0];
    env.running = (!newest.phase.is_final()).then(|| newest.id.clone());
    env.status = Status::Live;
    env.has_runtime_log = true;
    let current = list.iter().find(|it| it.is_current).unwrap();
    env.release = Some(Release {
        label: current.label.clone(),
        deployment: Some(current.id.clone()),
        at: None,
        by: None,
    });
    env
}

fn answer(list: &[Deployment], key: &QueryKey) -> Payload {
    match &key.query {
        Query::Apps => Payload::Apps(Page::whole(vec![App::new(
            AppId::new("shop"),
            word("shop"),
        )])),
        Query::AllEnvironments => Payload::Environments(Page::whole(vec![environment(list)])),
        Query::Deployments(_) => Payload::Deployments(Page::whole(list.to_vec())),
        Query::Backups(_) => Payload::Backups(Page::whole(Vec::new())),
        Query::Domains(_) => Payload::Domains(Page::whole(Vec::new())),
        other => panic!("nobody should ask for {other:?}"),
    }
}

/// What runs wrote one error in the ten minutes before; the release says what it does.
fn log(source: &LogSource) -> Vec<LogLine> {
    let line = |seconds, raw: &str| LogLine::output(Some(ago(seconds)), Text::default(), raw);
    match source {
        LogSource::Deployment { .. } => vec![
            line(160, "npm ci"),
            line(44, "pushed image"),
            line(40, "migrate: 1 of 2"),
        ],
        _ => (0..12)
            .map(|n| {
                let raw = if n == 6 {
                    "ERROR a slow query"
                } else {
                    "INFO GET / 200"
                };
                line(760 - n * 50, raw)
            })
            .collect(),
    }
}

/// The release is watched on the whole screen.
fn watching(width: u16, height: u16) -> (Stage, List) {
    let support: SupportTable = Capability::ALL
        .iter()
        .map(|what| (*what, Support::Yes))
        .collect();
    let context = Context::new(ContextId(0), word("divio"), &divio::PROFILE, support);
    let list: List = Rc::new(RefCell::new(vec![running(), good()]));
    let listed = Rc::clone(&list);
    let stage = Stage::new(vec![context], width, height)
        .answering(move |key| Some(Ok(answer(&listed.borrow(), key))))
        .logging(log)
        .ready()
        .keys("L")
        .after(Duration::from_millis(300));
    (stage, list)
}

fn ends(stage: Stage, list: &List, how: Deployment) -> Stage {
    *list.borrow_mut() = vec![how, good()];
    if list.borrow()[0].is_current {
        list.borrow_mut()[1].is_current = false;
    }
    let stage = stage.after(seconds(6)).after(seconds(6));
    stage.lines(&[], 0, &TailState::Ended).after(seconds(1))
}

fn plain() -> Look {
    Look {
        is_ascii: true,
        colours: Colours::None,
        is_light: false,
    }
}

#[test]
fn a_release_that_runs() {
    let (stage, _) = watching(120, 40);
    check("watch-running-120x40", &stage);
    check_text("watch-running-80x24", &stage.clone().resized(80, 24));
    check_text("watch-running-beside-120x40", &stage.keys("esc d"));
}

#[test]
fn a_release_that_failed() {
    let (stage, list) = watching(120, 40);
    let stage = ends(stage, &list, failed());
    check("watch-failed-120x40", &stage);
    check_text("watch-failed-80x24", &stage.clone().resized(80, 24));
    check_text(
        "watch-failed-ascii-40x16",
        &stage.look(plain()).resized(48, 16),
    );
}

#[test]
fn a_release_that_made_things_worse() {
    let (stage, list) = watching(120, 40);
    let stage = ends(stage, &list, live());
    let errors: Vec<_> = (0..60)
        .map(|n| {
            let at = start().checked_add(seconds(n / 2)).unwrap();
            LogLine::output(Some(at), Text::default(), "ERROR no such column: total")
        })
        .collect();
    let stage = stage.lines(&errors, 0, &TailState::Live).after(seconds(45));
    check("watch-regressed-120x40", &stage);
    check_text("watch-regressed-80x24", &stage.clone().resized(80, 24));
    check_text(
        "watch-regressed-ascii-80x24",
        &stage.look(plain()).resized(80, 24),
    );
}
