//! The snapshots of Logs: what is looked for, what is left out, JSON, wrapped and long lines, what is
//! chosen, what is typed, and why there is nothing.

use flightdeck::app::screen::{Colours, Look};
use flightdeck::model::{Failure, LogLine, TailState};

use crate::grid::{drawn, text as on_screen};
use crate::screens::{check, check_text, seconds};
use crate::stage::{Stage, ago};
use crate::world::{full, text, unreachable};

const SIZES: [(u16, u16); 4] = [(80, 24), (120, 40), (200, 60), (40, 12)];

fn line(seconds: u64, source: &str, raw: &str) -> LogLine {
    LogLine::output(Some(ago(seconds)), text(source), raw)
}

/// A shop that sells, complains and fails.
fn lines() -> Vec<LogLine> {
    let paid = r#"{"ts":"2026-03-02T14:01:58Z","level":"info","msg":"order paid","order":8812,"user":{"id":7,"name":"Ana B"},"total":41.2}"#;
    let slow = r#"{"level":"warn","message":"query slow","order":90,"took_ms":1900,"sql":"select *\nfrom orders"}"#;
    let long = format!("payload={}", "0123456789abcdef".repeat(1_400));
    vec![
        line(90_000, "web.1", "INFO the shop was opened yesterday"),
        line(90, "web.1", "INFO GET /health 200 3ms"),
        line(80, "web.2", "INFO GET /orders/8812 200 41ms"),
        line(
            70,
            "worker",
            "INFO took order 8812 from the queue, and then told at length what it is going to do with it, whom it asks for the price, whom for the address, and where the parcel goes: 注文を受け付けました、発送します",
        ),
        line(60, "worker", paid),
        line(50, "worker", slow),
        line(
            40,
            "worker",
            r#"web {"level":"error","event":"card refused","order":8813,"user":{"id":12}}"#,
        ),
        line(
            30,
            "web.1",
            "ERROR \u{1b}[1;31morder 8813\u{1b}[0m could not be paid",
        ),
        line(29, "web.1", "    at pay (/app/pay.js:12)"),
        line(28, "web.1", "    at next (/app/order.js:40)"),
        LogLine::mark(Some(ago(20)), "gap 12 s, resumed 14:02:04"),
        line(10, "web.2", &long),
        line(5, "web.2", "DEBUG order cache is warm"),
        line(2, "web.1", "INFO GET /health 200 2ms"),
    ]
}

/// The log in the pane that has the focus, on the whole screen.
fn log(width: u16, height: u16) -> Stage {
    let stage = full(width, height).keys("3").after(seconds(1)).ready();
    // What was there before is scrolled away.
    let blank = || line(200, "web.1", "INFO GET /health 200 2ms");
    let blanks: Vec<_> = (0..height).map(|_| blank()).collect();
    let stage = stage.lines(&blanks, 0, &TailState::Live);
    stage.lines(&lines(), 0, &TailState::Live).after(seconds(1))
}

fn at_every_size(name: &str, keys: &str) {
    for (width, height) in SIZES {
        let stage = log(width, height).keys(keys).after(seconds(1));
        check_text(&format!("logs_{name}_{width}x{height}"), &stage);
    }
}

#[test]
fn a_search() {
    at_every_size("search", "/ o r d e r enter N");
    let stage = log(80, 24).keys("/ o r d e r enter N").after(seconds(1));
    check("logs_search_styles", &stage);
    let look = Look {
        colours: Colours::None,
        ..Look::default()
    };
    check("logs_search_no_colour", &stage.clone().look(look));
    let look = Look {
        is_ascii: true,
        ..Look::default()
    };
    check_text("logs_search_ascii", &stage.clone().keys("l").look(look));
    check_text(
        "logs_search_nothing",
        &log(80, 24).keys("/ x y z z y enter").after(seconds(1)),
    );
}

#[test]
fn a_filter_with_the_lines_around() {
    at_every_size("filter", "& p a i d enter C");
    check(
        "logs_filter_styles",
        &log(80, 24).keys("& p a i d enter C").after(seconds(1)),
    );
    check_text(
        "logs_filter_nothing",
        &log(80, 24).keys("& x y z z y enter").after(seconds(1)),
    );
}

#[test]
fn fields_of_json() {
    at_every_size("json", "");
    at_every_size("json_chosen", "F o r d e r , u s e r . i d enter");
    check(
        "logs_json_styles",
        &log(120, 24).keys("F o r d e r , u s e r . i d enter"),
    );
    check_text("logs_json_raw", &log(120, 24).keys("x"));
}

#[test]
fn wrapped_lines() {
    at_every_size("wrapped", "w");
    at_every_size("sideways", "l l");
}

#[test]
fn chosen_lines() {
    at_every_size("selection", "v k k k k");
    let stage = log(80, 24).keys("v k k k k");
    check("logs_selection_styles", &stage);
    let look = Look {
        colours: Colours::None,
        ..Look::default()
    };
    check("logs_selection_no_colour", &stage.look(look));
}

#[test]
fn a_long_line_unfolded() {
    at_every_size("unfolded", "enter");
}

#[test]
fn something_is_typed() {
    at_every_size("entry_problem", "/ [ o r d");
    check("logs_entry_styles", &log(80, 24).keys("/ [ o r d"));
    check_text("logs_entry_empty", &log(80, 24).keys("&"));
    check_text("logs_entry_save", &log(80, 24).keys("W"));
}

#[test]
fn times() {
    for (keys, name) in [("t", "utc"), ("t t", "relative"), ("t t t", "off")] {
        check_text(
            &format!("logs_time_{name}"),
            &log(80, 24).keys(keys).after(seconds(7)),
        );
    }
}

#[test]
fn what_is_below_is_told() {
    let stage = log(120, 24).keys("g");
    let screen = on_screen(&drawn(&stage.state));
    assert!(screen.contains("f follows · "), "{screen}");
    check_text("logs_at_the_top", &stage);
}

#[test]
fn why_there_is_nothing() {
    let waiting = TailState::Waiting {
        failure: unreachable(),
        retry_in: seconds(8),
    };
    let forbidden = TailState::Failed(Failure::Auth(flightdeck::model::AuthProblem::Rejected));
    for (state, name) in [
        (TailState::Live, "live"),
        (waiting, "waiting"),
        (forbidden, "forbidden"),
    ] {
        let stage = full(80, 24).logging(|_| Vec::new()).keys("d j").ready();
        let stage = stage.keys("3").after(seconds(1)).ready();
        check_text(&format!("logs_empty_{name}"), &stage.lines(&[], 0, &state));
    }
    let paused = full(80, 24).keys("p j").ready();
    check_text("logs_empty_paused", &paused.keys("3").after(seconds(1)));
}
