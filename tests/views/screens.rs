//! The snapshots.

use std::time::Duration;

use flightdeck::app::screen::{Colours, Look};
use flightdeck::model::{
    ContextId, Failure, OperationKind, Page, Payload, Progress, Query, Stage as OperationStage,
    TailState, Verdict,
};

use crate::grid::{drawn, styled, text};
use crate::stage::Stage;
use crate::world::{
    answers, bare_context, contexts, full, lists, log, logged, rejected, text as word, unreachable,
};

/// Text and styles.
pub(crate) fn check(name: &str, stage: &Stage) {
    compare(name, &styled(&drawn(&stage.state)));
}

/// Text alone: where things stand.
pub(crate) fn check_text(name: &str, stage: &Stage) {
    compare(name, &text(&drawn(&stage.state)));
}

fn compare(name: &str, screen: &str) {
    let mut settings = insta::Settings::clone_current();
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.bind(|| insta::assert_snapshot!(name, screen));
}

pub(crate) fn seconds(count: u64) -> Duration {
    Duration::from_secs(count)
}

#[test]
fn full_data() {
    for (width, height) in [(80, 24), (120, 40), (200, 60)] {
        check(&format!("full_{width}x{height}"), &full(width, height));
    }
}

#[test]
fn nothing_configured() {
    check(
        "empty_no_contexts",
        &Stage::new(Vec::new(), 120, 40).ready(),
    );
}

#[test]
fn nothing_there() {
    let nothing = |key: &flightdeck::model::QueryKey| {
        Some(Ok(match key.query {
            Query::Apps => Payload::Apps(Page::whole(Vec::new())),
            _ => Payload::Environments(Page::whole(Vec::new())),
        }))
    };
    let stage = Stage::new(contexts(), 120, 40).answering(nothing).ready();
    check("empty_no_apps", &stage);
}

#[test]
fn nothing_answered_yet() {
    check("loading", &Stage::new(contexts(), 120, 40).ready());
}

#[test]
fn a_context_that_fails() {
    let failing = |key: &flightdeck::model::QueryKey| match key.context {
        ContextId(1) => Some(Err(unreachable())),
        ContextId(3) => Some(Err(Failure::RateLimited {
            retry_after: Some(seconds(31)),
            limit: None,
        })),
        _ => Some(answers(key)),
    };
    let stage = full(120, 40)
        .answering(failing)
        .after(seconds(16))
        .after(seconds(46));
    let waiting = TailState::Waiting {
        failure: unreachable(),
        retry_in: seconds(8),
    };
    check(
        "stale_and_failing",
        &stage.after(seconds(1)).lines(&[], 7, &waiting),
    );
}

#[test]
fn a_token_that_is_not_accepted() {
    let one = || contexts().into_iter().take(1).collect();
    let stage = Stage::new(one(), 120, 40)
        .answering(|_| Some(Err(rejected())))
        .ready();
    check("unauthorised_from_the_start", &stage.after(seconds(7)));
}

#[test]
fn a_platform_that_offers_next_to_nothing() {
    let stage = Stage::new(vec![bare_context()], 120, 40)
        .answering(|key| Some(Ok(lists(key))))
        .ready();
    check("unsupported", &stage.clone().keys("D"));
    check_text("unsupported_help", &stage.keys("? d e p l o y"));
}

#[test]
fn every_pane_has_the_focus_in_turn() {
    for (key, name) in [
        ("d", "environments"),
        ("l", "logs"),
        ("b", "backups"),
        ("i", "detail"),
    ] {
        check(&format!("focus_{name}"), &full(120, 40).keys(key));
    }
}

#[test]
fn panes_grow() {
    for (keys, name) in [
        ("+", "apps_half"),
        ("l +", "logs_half"),
        ("b +", "backups_half"),
        ("+ +", "apps_full"),
        ("d + +", "environments_full"),
        ("l + +", "logs_full"),
        ("i + +", "detail_full"),
    ] {
        check_text(&format!("zoom_{name}"), &full(120, 40).keys(keys));
    }
}

#[test]
fn tabs_of_a_narrow_screen() {
    for (key, name) in [("d", "environments"), ("b", "backups"), ("i", "detail")] {
        check_text(&format!("tab_{name}"), &full(80, 24).keys(key));
    }
}

#[test]
fn help() {
    check("help", &full(120, 40).keys("?"));
    check("help_searched", &full(80, 24).keys("? l o g down"));
}

#[test]
fn questions() {
    let staging = |stage: Stage| stage.keys("d j").ready();
    check("question_tier_1", &staging(full(80, 24)).keys("D"));
    let production = full(120, 40).keys("D");
    check("question_tier_2_not_yet", &production);
    check("question_tier_2", &production.clone().after(seconds(1)));
    let protected = full(120, 40)
        .keys("j")
        .ready()
        .keys("! D")
        .after(seconds(1));
    check("question_tier_3", &protected.clone().types("bill"));
    let one_line = |stage: &Stage| text(&drawn(&stage.clone().resized(30, 6).state));
    assert_eq!(
        one_line(&production).trim(),
        "y/N PROD deploy shop-api/prod?"
    );
    let typed = one_line(&protected.clone().types("bill"));
    assert_eq!(typed.trim(), "deploy: type billing: bill");
    check_text("question_tier_3_small", &protected.resized(45, 12));
}

#[test]
fn the_filter_is_typed() {
    let stage = full(80, 24).keys("/").types("ctx:do");
    check("filter_typing", &stage);
    check_text("filter_kept", &stage.keys("enter"));
    check_text(
        "filter_fits_nothing",
        &full(80, 24).keys("/").types("nowhere"),
    );
}

fn running() -> OperationStage {
    OperationStage::Running(Progress {
        steps: Some((3, 5)),
        label: Some(word("npm ci")),
        ..Progress::default()
    })
}

/// A deployment runs; two things have ended before.
fn busy(width: u16, height: u16) -> Stage {
    let done = Verdict::Done(Some(word("1.2 GB")));
    let failed = Verdict::Failed(word("migrate exited with 1"));
    full(width, height)
        .keys("d j")
        .ready()
        .keys("B y")
        .after(seconds(30))
        .operation(0, OperationStage::Ended(done))
        .keys("D y")
        .after(seconds(60))
        .operation(
            1,
            OperationStage::Ended(Verdict::Failed(word("no space left"))),
        )
        .keys("B y")
        .after(seconds(7))
        .operation(2, OperationStage::Ended(failed))
        .keys("D y")
        .operation(3, running())
        .after(seconds(41))
}

#[test]
fn operations() {
    check("operations", &busy(120, 40));
    check_text("operations_narrow", &busy(80, 24));
    check("quit_while_running", &busy(80, 24).keys("q"));
    let told = busy(120, 40).operation(3, OperationStage::Ended(Verdict::Done(None)));
    check_text("operations_notice", &told);
}

#[test]
fn looks() {
    let with = |look: Look, width, height| {
        let stage = Stage::new(contexts(), width, height)
            .answering(|key| Some(answers(key)))
            .logging(logged);
        stage
            .budget(1, 412, 5000)
            .look(look)
            .ready()
            .after(seconds(7))
    };
    let usual = Look::default();
    let ascii = Look {
        is_ascii: true,
        ..usual
    };
    check("look_ascii", &with(ascii, 120, 40));
    let plain = Look {
        colours: Colours::None,
        ..usual
    };
    check("look_no_colour", &with(plain, 120, 40));
    let sixteen = Look {
        colours: Colours::Sixteen,
        ..usual
    };
    check("look_sixteen", &with(sixteen, 80, 24));
    let light = Look {
        is_light: true,
        ..usual
    };
    check("look_light", &with(light, 80, 24));
}

#[test]
fn paused_in_the_demo() {
    let mut stage = full(80, 24);
    stage.state.is_demo = true;
    check_text("paused_demo", &stage.keys("p").after(seconds(120)));
}

#[test]
fn a_log_that_is_scrolled() {
    let many: Vec<_> = log().into_iter().cycle().take(12_400).collect();
    let stage = full(120, 40).lines(&many, 0, &TailState::Live);
    check_text("log_scrolled", &stage.keys("l ctrl-u l"));
}

/// The last size of one layout and the first of the next.
#[test]
fn edges_between_layouts() {
    for (width, height) in [
        (39, 24),
        (40, 24),
        (59, 24),
        (60, 24),
        (99, 30),
        (100, 30),
        (159, 50),
        (160, 50),
        (120, 15),
        (120, 16),
        (80, 7),
        (80, 8),
        (200, 49),
        (200, 50),
    ] {
        check_text(&format!("edge_{width}x{height}"), &full(width, height));
    }
}

#[test]
fn an_operation_is_named_by_what_it_does() {
    // The verbs in the snapshots are those of the model.
    let kind = OperationKind::CreateBackup {
        services: Vec::new(),
        notes: None,
        keep_until: None,
    };
    assert!(text(&drawn(&busy(120, 40).state)).contains(kind.verb()));
}
