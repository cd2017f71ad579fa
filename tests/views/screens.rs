//! The snapshots.

use std::time::Duration;

use flightdeck::app::action::Action;
use flightdeck::app::keymap::{Binding, Keymap, Preset};
use flightdeck::app::keys::KeyPress;
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
fn help_with_keys_of_ones_own() {
    let press = |name: &&str| KeyPress::from_name(name).unwrap();
    let own = |action, names: &[&str]| Binding {
        action,
        keys: names.iter().map(press).collect(),
    };
    let mut stage = full(80, 24);
    stage.state.screen.keymap = Keymap::preset(Preset::Lazygit);
    let refused = stage.state.screen.keymap.rebind(&[
        own(Action::Refresh, &["f5", "insert", "alt-enter", "ctrl-]"]),
        own(Action::Pause, &[]),
        own(Action::Deploy, &["K", "D"]),
    ]);
    assert_eq!(refused, []);
    check_text("help_own_keys", &stage.keys("? p o l l"));
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
        .keys("!")
        .types("tsuru")
        .keys("enter D")
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
    check(
        "unlock",
        &full(120, 40).keys("j").ready().keys("!").types("tsu"),
    );
    let marked = full(120, 40).keys("space space space");
    check("marked", &marked);
    let unlocked = full(120, 40).keys("j").ready().keys("!").types("tsuru");
    let listed = unlocked.keys("enter /").types("class:prod");
    let many = listed.keys("enter * D");
    check("question_tier_4", &many.clone().after(seconds(1)));
    check_text("question_tier_4_small", &many.resized(60, 16));
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

/// The views at the sizes of the four arrangements.
const SIZES: [(u16, u16); 4] = [(80, 24), (120, 40), (200, 60), (50, 16)];

/// Long enough for every list of backups to be read.
fn all_read(mut stage: Stage) -> Stage {
    for _ in 0..60 {
        stage = stage.after(Duration::from_millis(500));
    }
    stage
}

/// Two operations: one that failed with its output, one under way.
fn with_operations(stage: Stage) -> Stage {
    let progress = Progress {
        percent: Some(41),
        label: Some(word("docker build")),
        ..Progress::default()
    };
    let failed = Verdict::Failed(word("migrate exited with 1"));
    let stage = stage
        .keys("d j B y")
        .after(seconds(1))
        .operation(0, OperationStage::Running(Progress::default()))
        .told(
            0,
            &["Create a CNAME www → shop.example"],
            &["npm ci", "\u{1b}[31mred"],
        )
        .after(seconds(61))
        .operation(0, OperationStage::Ended(failed));
    stage
        .keys("D")
        .after(seconds(1))
        .keys("y")
        .after(seconds(12))
        .operation(1, OperationStage::Running(progress))
        .after(seconds(7))
}

#[test]
fn activity() {
    for (width, height) in SIZES {
        let stage = with_operations(full(width, height))
            .keys("6")
            .after(seconds(1));
        check_text(&format!("activity_{width}x{height}"), &stage);
    }
    let stage = full(120, 40).keys("6").after(seconds(1));
    check(
        "activity_no_colour",
        &stage.clone().look(Look {
            colours: Colours::None,
            ..Look::default()
        }),
    );
    check_text("activity_filtered", &stage.clone().keys("/ c t x : t s u"));
    let failing = stage.answering(|key| match key.query {
        Query::Activity(_) => Some(Err(unreachable())),
        _ => Some(answers(key)),
    });
    check_text("activity_failing", &failing.after(seconds(70)));
}

#[test]
fn activity_without_any() {
    let quiet = |key: &flightdeck::model::QueryKey| match key.query {
        Query::Activity(_) => Payload::Activity(Page::whole(Vec::new())),
        Query::Deployments(_) => Payload::Deployments(Page::whole(Vec::new())),
        _ => lists(key),
    };
    let calm = |width, height| Stage::new(contexts(), width, height);
    for (width, height) in SIZES {
        let stage = calm(width, height)
            .answering(move |key| Some(Ok(quiet(key))))
            .ready();
        check_text(
            &format!("activity_empty_{width}x{height}"),
            &stage.keys("6").after(seconds(1)),
        );
    }
    let stage = calm(80, 24).answering(move |key| match key.query {
        Query::Activity(_) => None,
        _ => Some(Ok(quiet(key))),
    });
    check_text(
        "activity_loading",
        &stage.ready().keys("6").after(seconds(1)),
    );
    for (width, height) in SIZES {
        let stage = Stage::new(vec![bare_context()], width, height)
            .answering(|key| Some(Ok(lists(key))))
            .ready();
        let stage = stage.keys("6").after(seconds(1));
        check_text(&format!("activity_unsupported_{width}x{height}"), &stage);
    }
}

#[test]
fn the_view_of_operations() {
    for (width, height) in SIZES {
        let empty = full(width, height).keys("T").after(seconds(1));
        check_text(&format!("operations_view_empty_{width}x{height}"), &empty);
        let stage = with_operations(full(width, height))
            .keys("T")
            .after(seconds(1));
        check_text(&format!("operations_view_{width}x{height}"), &stage);
        let stage = stage.keys("j enter").after(seconds(1));
        check_text(&format!("operations_view_open_{width}x{height}"), &stage);
    }
    let stage = with_operations(full(120, 40)).keys("T").after(seconds(1));
    check("operations_view_styles", &stage.keys("j enter"));
}

#[test]
fn a_backup_in_full() {
    // The third from the top has parts that failed.
    for (width, height) in [(80, 24), (120, 40)] {
        let stage = full(width, height).keys("b j j j enter").after(seconds(1));
        check_text(&format!("backup_detail_{width}x{height}"), &stage);
    }
}

#[test]
fn all_backups() {
    for (width, height) in SIZES {
        let stage = all_read(full(width, height).keys("4"));
        check_text(&format!("all_backups_{width}x{height}"), &stage);
        let bare = Stage::new(vec![bare_context()], width, height)
            .answering(|key| Some(Ok(lists(key))))
            .ready();
        let bare = bare.keys("4").after(seconds(1));
        check_text(&format!("all_backups_unsupported_{width}x{height}"), &bare);
    }
    let stage = full(120, 40).keys("4").after(seconds(1));
    check_text("all_backups_reading", &stage);
    let stage = all_read(stage);
    check(
        "all_backups_ascii",
        &stage.clone().look(Look {
            is_ascii: true,
            ..Look::default()
        }),
    );
    check(
        "all_backups_no_colour",
        &stage.look(Look {
            colours: Colours::None,
            ..Look::default()
        }),
    );
    let nothing = Stage::new(Vec::new(), 80, 24).ready();
    check_text("all_backups_empty", &nothing.keys("4").after(seconds(1)));
}
