//! The view of variables.

use flightdeck::app::Message;
use flightdeck::app::screen::{Colours, Look};
use flightdeck::model::{
    AuthProblem, Capability, ContextId, Failure, OperationEvent, OperationTicket, Query, QueryKey,
    Secret, Stage as OperationStage, Support, Text, Variable, Verdict,
};

use crate::grid::{drawn, text};
use crate::screens::{check, check_text, seconds};
use crate::stage::Stage;
use crate::world::{
    answers, contexts, full, some_variables, text as word, unreachable, variable, variables,
};

const SIZES: [(u16, u16); 4] = [(80, 24), (120, 40), (200, 60), (50, 16)];

fn view(width: u16, height: u16) -> Stage {
    full(width, height).keys("5")
}

/// One change of each kind, and one that was staged and taken back.
fn staged(width: u16, height: u16) -> Stage {
    let stage = at(view(width, height), "LEVEL")
        .keys("enter")
        .types("debug");
    let stage = at(stage.keys("enter"), "PAYMENT_TOKEN").keys("enter");
    let stage = at(stage.types("abc").keys("enter"), "HOSTILE").keys("x n");
    let stage = stage.types("ADDED").keys("tab").types("abc");
    stage.keys("tab space enter").after(seconds(7))
}

/// Moves to a row.
fn at(stage: Stage, name: &str) -> Stage {
    let rows = &stage.state.panes.variables.rows;
    let row = rows
        .iter()
        .position(|row| row.id.slot.name.as_str() == name);
    let row = row.unwrap_or_else(|| panic!("no row {name}"));
    (0..row).fold(stage.keys("g"), |stage, _| stage.keys("j"))
}

/// The same, where the variables of the first environment are answered like this.
fn answered(
    stage: Stage,
    answer: impl Fn() -> Option<Result<Vec<Variable>, Failure>> + 'static,
) -> Stage {
    stage.answering(move |key: &QueryKey| match key.query {
        Query::Variables(_) => answer().map(|list| list.map(variables)),
        _ => Some(answers(key)),
    })
}

#[test]
fn every_kind_of_variable() {
    for (width, height) in SIZES {
        check_text(&format!("variables_{width}x{height}"), &view(width, height));
    }
    check("variables_styles", &view(120, 40));
}

#[test]
fn what_is_staged() {
    for (width, height) in SIZES {
        let name = format!("variables_staged_{width}x{height}");
        check_text(&name, &staged(width, height));
    }
    check("variables_staged_styles", &staged(80, 24));
}

#[test]
fn looks() {
    let ascii = Look {
        is_ascii: true,
        ..Look::default()
    };
    let plain = Look {
        colours: Colours::None,
        ..Look::default()
    };
    for (look, name) in [(ascii, "ascii"), (plain, "no_colour")] {
        check(&format!("variables_{name}"), &staged(80, 24).look(look));
    }
}

#[test]
fn states_without_variables() {
    let before = |width, height| full(width, height);
    let shown = |answer: fn() -> Option<Result<Vec<Variable>, Failure>>| {
        answered(before(80, 24), answer).keys("5").after(seconds(1))
    };
    check_text("variables_empty", &shown(|| Some(Ok(Vec::new()))));
    check_text("variables_loading", &shown(|| None));
    let forbidden = shown(|| {
        let why = Text::clean("variables:read");
        Some(Err(Failure::Auth(AuthProblem::Forbidden(Some(why)))))
    });
    check_text("variables_forbidden", &forbidden);
    let mut all = contexts();
    all[1].support.insert(
        Capability::ListVariables,
        Support::No("its API keeps them to itself"),
    );
    let unsupported = Stage::new(all, 80, 24)
        .answering(|key| Some(answers(key)))
        .ready()
        .keys("5");
    check_text("variables_unsupported", &unsupported.after(seconds(7)));
}

#[test]
fn a_failed_refresh_and_old_values() {
    let failing = answered(view(80, 24), || Some(Err(unreachable())));
    check_text(
        "variables_failing",
        &failing.after(seconds(61)).after(seconds(7)),
    );
    let silent = answered(view(80, 24), || None).after(seconds(61));
    check_text("variables_stale", &silent.after(seconds(240)));
}

#[test]
fn a_read_only_context_says_so() {
    let mut all = contexts();
    all[1].is_read_only = true;
    let stage = Stage::new(all, 80, 24)
        .answering(|key| Some(answers(key)))
        .ready()
        .after(seconds(7))
        .keys("5 n");
    check_text("variables_read_only", &stage);
}

#[test]
fn where_all_is_read_only_the_header_says_so_and_no_key_promises_a_change() {
    let mut all = contexts();
    for context in &mut all {
        context.is_read_only = true;
    }
    let stage = Stage::new(all, 80, 24)
        .answering(|key| Some(answers(key)))
        .ready()
        .after(seconds(7));
    check_text("read_only_everywhere", &stage);
}

fn many() -> Vec<Variable> {
    let long = "x".repeat(60_000);
    let names = (0..500).map(|n| format!("VARIABLE_{n:03}"));
    names.map(|name| variable(&name, Some(&long), 2)).collect()
}

#[test]
fn very_many_and_very_long() {
    let stage = answered(full(120, 40), || Some(Ok(many()))).keys("5 G .");
    check_text("variables_huge", &stage);
    assert!(text(&drawn(&stage.state)).contains("Variables 500"));
}

#[test]
fn a_filter_is_typed() {
    check_text("variables_filtering", &view(80, 24).keys("/").types("de"));
    let nothing = view(80, 24).keys("/").types("nowhere").keys("enter");
    check_text("variables_filter_fits_nothing", &nothing);
}

#[test]
fn a_revealed_value_is_text_and_is_masked_again() {
    let stage = at(view(80, 24), "HOSTILE").keys(".");
    check_text("variables_revealed", &stage);
    let masked = text(&drawn(&stage.after(seconds(15)).state));
    assert!(!masked.contains("canary"), "{masked}");
}

#[test]
fn no_value_is_seen_that_nobody_asked_for() {
    for stage in [view, staged, review, compared] {
        let screen = text(&drawn(&stage(200, 60).state));
        for value in ["canary", "info", "debug", "abc"] {
            assert!(!screen.contains(value), "{value} in {screen}");
        }
    }
}

#[test]
fn dialogs() {
    for (width, height) in [(80, 24), (50, 16)] {
        let size = format!("{width}x{height}");
        let masked = at(view(width, height), "LEVEL").keys("enter").types("abc");
        check_text(&format!("variables_value_{size}"), &masked);
        let new = view(width, height).keys("n").types("1NEW").keys("enter");
        check_text(&format!("variables_new_{size}"), &new);
        let choose = view(width, height).keys("=").types("sh");
        check_text(&format!("variables_choose_{size}"), &choose);
    }
    let shown = at(view(80, 24), "HOSTILE").keys(". enter");
    check("variables_value_shown", &shown);
    let mend = view(80, 24).keys("E");
    let mend = mend.send(Message::Edited(Ok(Secret::new("DEBUG=true\nLEVEL 'x"))));
    check_text("variables_mend", &mend);
}

/// Somebody else changed DEBUG meanwhile, which was staged here.
fn review(width: u16, height: u16) -> Stage {
    let stage = at(staged(width, height), "DEBUG")
        .keys("enter")
        .types("abc");
    let stage = stage.keys("enter").after(seconds(7));
    let stage = answered(stage, || {
        let mut now = some_variables();
        now[0].value = Some(Secret::new("canary"));
        now.retain(|variable| variable.name.as_str() != "HOSTILE");
        Some(Ok(now))
    });
    stage.keys("A")
}

#[test]
fn a_review_with_a_conflict() {
    for (width, height) in SIZES {
        check_text(
            &format!("variables_review_{width}x{height}"),
            &review(width, height),
        );
    }
    check("variables_review_decided", &review(80, 24).keys("t"));
    let waiting = answered(staged(80, 24), || None).keys("A");
    check_text("variables_review_waits", &waiting);
    let failing = answered(staged(80, 24), || Some(Err(unreachable()))).keys("A");
    check_text("variables_review_fails", &failing);
}

#[test]
fn the_question_after_a_review_names_no_value() {
    let stage = review(120, 40).keys("t A").after(seconds(1));
    check_text("variables_question", &stage);
}

fn compared(width: u16, height: u16) -> Stage {
    view(width, height).keys("=").types("auth").keys("enter")
}

#[test]
fn a_comparison() {
    for (width, height) in SIZES {
        check_text(
            &format!("variables_compared_{width}x{height}"),
            &compared(width, height),
        );
    }
    check("variables_compared_styles", &compared(120, 40));
}

#[test]
fn a_redeployment_that_is_needed() {
    let stage = at(view(80, 24), "LEVEL")
        .keys("enter")
        .types("x")
        .keys("enter A A");
    let stage = stage.after(seconds(1)).keys("y");
    let event = OperationEvent {
        ticket: OperationTicket(1),
        at: stage.state.now,
        stage: OperationStage::Ended(Verdict::Done(None)),
        follow: None,
        note: Some(word("takes effect with the next deployment")),
        next_steps: Vec::new(),
        output: Vec::new(),
    };
    let stage = stage.send(Message::Operation(event)).after(seconds(7));
    check_text("variables_undeployed", &stage);
}

#[test]
fn quitting_tells_what_is_lost() {
    check_text("variables_quit", &staged(80, 24).keys("q q"));
    let line = text(&drawn(&staged(80, 24).keys("q q").resized(30, 6).state));
    assert_eq!(line.trim(), "y/N quit and lose staged chan…");
    assert_eq!(
        ContextId(1),
        full(80, 24).state.selected_app().unwrap().context
    );
}
