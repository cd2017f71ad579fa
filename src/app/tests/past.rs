//! Older lines: asked for by a time or by scrolling past the start, and put where they belong.

use jiff::Timestamp;

use super::kit::*;
use crate::app::contexts::Context;
use crate::app::message::{Effect, Message, Outcome};
use crate::app::panes::logs::{self, shown, top};
use crate::model::{
    ContextId, Failure, LogBatch, LogHistory, LogLine, LogSource, PastLines, Profile, Status,
    TailId, TailRequest, TailState, Text, Ticket,
};

static NEWEST: Profile = Profile {
    runtime_history: LogHistory::Newest(50),
    ..BY_ENVIRONMENT
};
static WITHOUT: Profile = Profile {
    runtime_history: LogHistory::None("it keeps no lines"),
    ..BY_ENVIRONMENT
};

const NEWEST_ONLY: &str =
    "by-environment is asked for the newest 50 lines: older ones are not shown";

fn at(second: i64) -> Timestamp {
    Timestamp::from_second(START + second).unwrap()
}

fn line(second: i64) -> LogLine {
    LogLine::output(Some(at(second)), Text::default(), &format!("line {second}"))
}

fn lines(seconds: std::ops::Range<i64>) -> Vec<LogLine> {
    seconds.map(line).collect()
}

/// What was asked for, and not answered.
type Asked = (Ticket, TailId, TailRequest);

fn asked(outcome: &Outcome) -> Option<Asked> {
    outcome.effects.iter().find_map(|effect| match effect {
        Effect::ReadLog(ticket, tail, request) => Some((*ticket, tail.clone(), request.clone())),
        _ => None,
    })
}

fn stops(outcome: &Outcome) -> usize {
    let effects = outcome.effects.iter();
    effects
        .filter(|it| matches!(it, Effect::StopReading(_)))
        .count()
}

/// The log of an environment on the whole screen, which has lines of these seconds.
fn desk_of(profile: &'static Profile, seconds: std::ops::Range<i64>) -> Desk {
    let own = Context::new(ContextId(0), Text::clean("c0"), profile, everything());
    let mut desk = Desk::with(vec![own]);
    desk.lists(
        0,
        vec![
            env("shop", "test", Status::Live),
            env("blog", "test", Status::Live),
        ],
    );
    desk.rest();
    desk.press("l");
    feed(&mut desk, lines(seconds));
    desk
}

fn desk() -> Desk {
    desk_of(&BY_ENVIRONMENT, -200..0)
}

fn feed(desk: &mut Desk, lines: Vec<LogLine>) -> Outcome {
    let tail = desk.tails.last().expect("a tail is open").clone();
    desk.send(Message::Logs(LogBatch {
        tail,
        lines,
        skipped: 0,
        restarted: false,
        state: TailState::Live,
    }))
}

fn answer(desk: &mut Desk, asked: &Asked, result: Result<Vec<LogLine>, Failure>) -> Outcome {
    let (ticket, tail, _) = asked.clone();
    desk.send(Message::PastLines(PastLines {
        ticket,
        tail,
        result,
    }))
}

/// The first line in sight.
fn first_in_sight(desk: &Desk) -> String {
    let ring = shown(&desk.state).unwrap();
    let place = top(&desk.state, ring, logs::rows(&desk.state));
    ring.get(place.line).unwrap().text.to_owned()
}

/// Scrolls past the start.
fn past_start(desk: &mut Desk) -> Option<Asked> {
    let first = asked(&desk.press("g"));
    let second = asked(&desk.press("k"));
    first.or(second)
}

fn since(desk: &mut Desk, typed: &str) -> Option<Asked> {
    let mut outcome = Outcome::default();
    logs::since(&mut desk.state, typed, &mut outcome);
    asked(&outcome)
}

#[test]
fn scrolling_past_the_start_asks_once_and_the_view_stays_on_its_line() {
    let mut desk = desk();
    assert_eq!(
        asked(&desk.press("g")),
        None,
        "the start is not past the start"
    );
    let question = asked(&desk.press("k")).unwrap();
    let (_, tail, request) = &question;
    assert!(matches!(tail.source, LogSource::Runtime { .. }));
    assert!(!request.follow && request.lines >= 1_000);
    assert_eq!(request.since, None);
    assert!(
        request.until > Some(at(-200)),
        "lines of the first moment may be missing"
    );
    assert_eq!(
        desk.state.panes.logs.past.word(),
        Some("reading older lines…")
    );
    for key in ["k", "ctrl-u", "g"] {
        assert_eq!(asked(&desk.press(key)), None, "{key}: once at a time");
    }
    answer(&mut desk, &question, Ok(lines(-1_232..-190)));
    assert_eq!(desk.state.panes.logs.past.word(), None);
    assert_eq!(first_in_sight(&desk), "line -200");
    desk.press("k");
    assert_eq!(first_in_sight(&desk), "line -201");
    desk.press("g");
    assert_eq!(first_in_sight(&desk), "line -1232");
    assert_eq!(
        desk.log().len(),
        1_232,
        "nothing is lost, nothing is there twice"
    );
    let (_, _, request) = asked(&desk.press("k")).unwrap();
    assert!(request.until < Some(at(-1_190)));
}

#[test]
fn what_is_equal_and_of_one_moment_is_counted() {
    let mut desk = desk_of(&BY_ENVIRONMENT, 0..0);
    let same = || LogLine::output(Some(at(-5)), Text::default(), "same");
    feed(&mut desk, vec![same(), same(), line(-4)]);
    let question = past_start(&mut desk).unwrap();
    answer(
        &mut desk,
        &question,
        Ok(vec![line(-6), same(), same(), same(), line(-4)]),
    );
    let shown = desk.log();
    let own = shown.iter().filter(|it| !it.contains("keeps nothing"));
    assert_eq!(
        own.collect::<Vec<_>>(),
        ["line -6", "same", "same", "same", "line -4"]
    );
}

#[test]
fn where_nothing_is_older_that_is_said_and_not_asked_again_until_a_refresh() {
    let mut desk = desk();
    let question = past_start(&mut desk).unwrap();
    answer(&mut desk, &question, Ok(lines(-210..-190)));
    assert_eq!(
        desk.log()[..2],
        ["by-environment keeps nothing older", "line -210"]
    );
    assert_eq!(past_start(&mut desk), None);
    desk.press("r");
    let question = past_start(&mut desk).unwrap();
    answer(&mut desk, &question, Ok(lines(-210..-190)));
    let marks = desk
        .log()
        .iter()
        .filter(|it| it.contains("keeps nothing"))
        .count();
    assert_eq!(marks, 1, "and said once");
}

#[test]
fn a_platform_that_gives_the_newest_is_asked_once_for_as_many_as_it_gives() {
    let mut desk = desk_of(&NEWEST, -20..0);
    let question = past_start(&mut desk).unwrap();
    assert_eq!(question.2.lines, 50);
    answer(&mut desk, &question, Ok(lines(-50..0)));
    assert_eq!(desk.log()[..2], [NEWEST_ONLY, "line -50"]);
    assert_eq!(desk.log().len(), 51);
    assert_eq!(past_start(&mut desk), None);

    let mut desk = desk_of(&NEWEST, -20..0);
    let question = past_start(&mut desk).unwrap();
    answer(&mut desk, &question, Ok(lines(-30..0)));
    assert_eq!(desk.log()[..2], ["the log begins here", "line -30"]);
}

#[test]
fn where_the_platform_keeps_none_its_reason_is_said_and_nothing_is_sent() {
    let mut desk = desk_of(&WITHOUT, -20..0);
    assert_eq!(past_start(&mut desk), None);
    assert!(
        desk.notice().contains("it keeps no lines"),
        "{}",
        desk.notice()
    );
    assert_eq!(since(&mut desk, "1d"), None);
    assert!(
        desk.notice().contains("it keeps no lines"),
        "{}",
        desk.notice()
    );
    // What is there is gone to.
    assert_eq!(since(&mut desk, "all"), None);
    assert_eq!(first_in_sight(&desk), "line -20");
}

#[test]
fn what_is_there_is_gone_to_without_a_question() {
    let mut desk = desk_of(&BY_ENVIRONMENT, -600..0);
    assert_eq!(since(&mut desk, "5m"), None);
    // The clock is a moment after the full second.
    assert_eq!(first_in_sight(&desk), "line -299");
    assert!(!desk.state.panes.logs.follows);
}

#[test]
fn a_time_before_the_first_line_is_asked_for_and_gone_to() {
    let mut desk = desk();
    let question = since(&mut desk, "10m").unwrap();
    let ten_minutes = jiff::SignedDuration::from_mins(10);
    assert_eq!(
        question.2.since,
        desk.state.now.checked_sub(ten_minutes).ok()
    );
    assert!(question.2.until > Some(at(-200)));
    answer(&mut desk, &question, Ok(lines(-599..-190)));
    assert_eq!(first_in_sight(&desk), "line -599");
    assert_eq!(desk.log().len(), 599);
    assert!(past_start(&mut desk).is_some(), "there may be older lines");

    let question = since(&mut desk, "all").unwrap();
    assert_eq!((question.2.since, question.2.lines), (None, 100_000));
    answer(&mut desk, &question, Ok(lines(-900..-560)));
    assert_eq!(first_in_sight(&desk), "by-environment keeps nothing older");
    assert_eq!(since(&mut desk, "all"), None, "all is there");
}

#[test]
fn what_is_no_time_says_what_is() {
    let mut desk = desk();
    assert_eq!(since(&mut desk, "soon"), None);
    assert!(
        desk.notice().contains("2026-11-21 14:00"),
        "{}",
        desk.notice()
    );
}

#[test]
fn who_leaves_the_log_wants_no_answer() {
    let mut desk = desk();
    let question = past_start(&mut desk).unwrap();
    desk.press("esc");
    desk.press("esc");
    let outcome = desk.press("j");
    assert_eq!(stops(&outcome), 1);
    let before = desk.state.logs.open();
    answer(&mut desk, &question, Ok(lines(-300..-190)));
    assert_eq!(desk.state.logs.open(), before);
    desk.press("k");
    desk.rest();
    assert_eq!(
        desk.log().len(),
        200,
        "an answer for another log is dropped"
    );
}

#[test]
fn an_answer_to_an_older_question_is_dropped() {
    let mut desk = desk();
    let first = past_start(&mut desk).unwrap();
    let mut outcome = Outcome::default();
    logs::since(&mut desk.state, "10m", &mut outcome);
    assert_eq!(stops(&outcome), 1);
    let second = asked(&outcome).unwrap();
    answer(&mut desk, &first, Ok(lines(-300..-190)));
    assert_eq!(desk.log().len(), 200);
    answer(&mut desk, &second, Ok(lines(-600..-190)));
    assert_eq!(desk.log().len(), 600);
}

#[test]
fn what_failed_says_so_and_can_be_tried_again() {
    let mut desk = desk();
    let question = past_start(&mut desk).unwrap();
    answer(&mut desk, &question, Err(unreachable()));
    let notice = desk.notice();
    assert!(notice.starts_with("no older lines: "), "{notice}");
    assert!(notice.contains(&unreachable().advice()), "{notice}");
    assert!(asked(&desk.press("k")).is_some());
}

#[test]
fn a_deployment_s_log_has_nothing_older() {
    let mut building = env("shop", "test", Status::Building);
    building.running = Some(deployment("d1", crate::model::Phase::Building).id);
    let mut desk = Desk::showing(vec![building]);
    desk.press("l");
    feed(&mut desk, lines(-9..0));
    assert_eq!(past_start(&mut desk), None);
    let said: Vec<_> = desk
        .state
        .notices
        .iter()
        .map(|it| it.text.to_string())
        .collect();
    assert!(said.iter().any(|it| it.contains("is whole")), "{said:?}");
}

#[test]
fn a_full_log_has_no_room_for_older_lines() {
    let mut desk = desk_of(&BY_ENVIRONMENT, 0..0);
    feed(&mut desk, lines(-99_990..0));
    let question = past_start(&mut desk).unwrap();
    answer(&mut desk, &question, Ok(lines(-100_090..-99_980)));
    assert_eq!(desk.log().len(), 100_000);
    assert!(desk.notice().contains("no room"), "{}", desk.notice());
    assert_eq!(past_start(&mut desk), None);
}
