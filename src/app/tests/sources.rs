//! Several logs as one: choosing them, following them, and going back.

use super::kit::*;
use crate::app::logs::ring::Line;
use crate::app::message::{Effect, Message};
use crate::app::panes::logs::{self, MOST_SOURCES};
use crate::app::screen::Overlay;
use crate::model::{
    Capability, EnvId, Environment, LogBatch, LogLine, LogSource, Phase, Query, Scoped, Status,
    TailId, TailState, Text,
};

fn live(app: &str) -> Environment {
    env(app, "live", Status::Live)
}

/// Two contexts with an app each, and a third app in the first.
fn desk() -> Desk {
    let mut desk = Desk::new(2);
    desk.lists(0, vec![live("blog"), live("shop")]);
    desk.lists(1, vec![live("pay")]);
    desk.rest();
    desk.press("l");
    desk
}

/// Adds the source that fits best.
fn add(desk: &mut Desk, typed: &str) {
    desk.press("M");
    desk.type_text(typed);
    desk.press("enter");
    desk.press("esc");
}

fn list(desk: &Desk) -> &logs::SourcesState {
    match &desk.state.screen.overlay {
        Some(Overlay::Sources(open)) => open,
        other => panic!("{other:?}"),
    }
}

fn chosen(desk: &Desk) -> Vec<&str> {
    let chosen = desk.state.panes.logs.sources.chosen.iter();
    chosen.map(|env| env.id.as_str()).collect()
}

fn followed(desk: &Desk) -> Vec<String> {
    let env = |tail: &TailId| match &tail.source {
        LogSource::Runtime { app, .. } => app.as_str().to_owned(),
        LogSource::Deployment { deployment, .. } => deployment.as_str().to_owned(),
        other => panic!("{other:?}"),
    };
    desk.tails.iter().map(env).collect()
}

/// Lines of an app, written so many milliseconds after the start.
fn wrote(desk: &mut Desk, app: &str, lines: &[(i64, &str)], state: TailState) {
    let is_its = |tail: &&TailId| match &tail.source {
        LogSource::Runtime { app: of, .. } | LogSource::Deployment { app: of, .. } => {
            of.as_str() == app
        }
        _ => false,
    };
    let tail = desk.tails.iter().find(is_its).expect("it is followed");
    let at = |millis: i64| jiff::Timestamp::from_millisecond(START * 1_000 + millis).ok();
    let line = |(millis, text): &(i64, &str)| LogLine::output(at(*millis), Text::default(), text);
    let batch = LogBatch {
        tail: tail.clone(),
        lines: lines.iter().map(line).collect(),
        skipped: 0,
        restarted: false,
        state,
    };
    desk.send(Message::Logs(batch));
}

fn words(line: &Line<'_>) -> String {
    match line.origin {
        Some(origin) => format!("{origin} {}", line.text),
        None => line.text.to_owned(),
    }
}

fn shown(desk: &Desk) -> Vec<String> {
    let ring = logs::shown(&desk.state).expect("a log is shown");
    ring.window(0, usize::MAX)
        .map(|line| words(&line))
        .collect()
}

fn of(app: &str, context: u16) -> Scoped<EnvId> {
    Scoped::new(crate::model::ContextId(context), live(app).id)
}

#[test]
fn what_is_chosen_joins_the_selection_and_is_followed_beside_it() {
    let mut desk = desk();
    assert_eq!(followed(&desk), ["blog"]);
    add(&mut desk, "shop");
    assert_eq!(chosen(&desk), ["blog/live", "shop/live"]);
    add(&mut desk, "c1");
    assert_eq!(chosen(&desk), ["blog/live", "shop/live", "pay/live"]);
    assert_eq!(followed(&desk), ["blog", "shop", "pay"]);
    assert!(
        desk.notice().contains("M, then * goes back"),
        "{}",
        desk.notice()
    );
    let name = logs::source_name(&desk.state, &of("pay", 1));
    assert_eq!(name.as_deref(), Some("c1 pay/live"));
}

#[test]
fn their_lines_are_one_log_by_time() {
    let mut desk = desk();
    add(&mut desk, "shop");
    wrote(
        &mut desk,
        "blog",
        &[(250, "b"), (300, "d")],
        TailState::Live,
    );
    wrote(
        &mut desk,
        "shop",
        &[(240, "a"), (260, "c")],
        TailState::Live,
    );
    let due = crate::app::next_wakeup(&desk.state).unwrap();
    let waited = due.duration_since(desk.state.now).as_millis();
    assert!((1..=1_500).contains(&waited), "{waited}");
    desk.pass(1_500);
    assert_eq!(shown(&desk), ["1 a", "0 b", "1 c", "0 d"]);
    assert!(!logs::is_behind(&desk.state));
}

#[test]
fn they_stay_while_the_selection_moves_and_go_with_a_star() {
    let mut desk = desk();
    add(&mut desk, "shop");
    wrote(&mut desk, "blog", &[(100, "a")], TailState::Live);
    desk.pass(1_500);
    desk.press("esc");
    desk.press("j");
    desk.rest();
    assert_eq!(followed(&desk), ["blog", "shop"]);
    assert_eq!(shown(&desk), ["0 a"]);
    desk.press("l");
    desk.press("M");
    desk.press("*");
    desk.press("esc");
    assert_eq!(chosen(&desk), [""; 0]);
    assert_eq!(
        desk.tails.len(),
        1,
        "only the selection's: {:?}",
        followed(&desk)
    );
    assert!(desk.state.logs.merged().is_none());
}

#[test]
fn one_chosen_source_is_that_log_pinned() {
    let mut desk = desk();
    desk.press("M");
    desk.press("space");
    desk.press("esc");
    assert_eq!(chosen(&desk), ["blog/live"]);
    assert!(desk.state.logs.merged().is_none());
    desk.press("esc");
    desk.press("j");
    desk.rest();
    assert_eq!(followed(&desk), ["blog"]);
    wrote(&mut desk, "blog", &[(0, "a")], TailState::Live);
    assert_eq!(shown(&desk), ["a"]);
}

#[test]
fn a_hidden_log_of_several_is_not_followed_and_comes_back() {
    let mut desk = desk();
    add(&mut desk, "shop");
    let closed = desk.press("6").effects;
    let closed = closed
        .iter()
        .filter(|it| matches!(it, Effect::CloseTail(_)));
    assert_eq!((closed.count(), desk.tails.len()), (2, 0));
    desk.press("-");
    assert_eq!(followed(&desk), ["blog", "shop"]);
}

#[test]
fn what_has_no_log_says_why_and_is_not_chosen() {
    let mut own = context(1);
    own.support = without(&[Capability::RuntimeLog]);
    let mut desk = Desk::with(vec![context(0), own]);
    desk.lists(0, vec![live("shop")]);
    desk.lists(1, vec![live("pay")]);
    desk.rest();
    desk.press("l");
    add(&mut desk, "pay");
    assert_eq!(chosen(&desk), [""; 0]);
    assert!(desk.notice().contains("it has none"), "{}", desk.notice());
}

#[test]
fn sixteen_are_all_there_can_be() {
    let names: Vec<_> = (0..20).map(|n| format!("app{n:02}")).collect();
    let mut desk = Desk::showing(names.iter().map(|name| live(name)).collect());
    desk.press("l");
    desk.press("M");
    for _ in 0..20 {
        desk.press("space");
        desk.press("down");
    }
    assert_eq!(chosen(&desk).len(), MOST_SOURCES);
    assert!(
        desk.notice().contains("16 logs at most"),
        "{}",
        desk.notice()
    );
    assert_eq!(desk.tails.len(), MOST_SOURCES);
}

#[test]
fn the_list_begins_with_the_selection_and_finds_by_app_environment_and_context() {
    let mut desk = desk();
    desk.press("M");
    let first = list(&desk).rows[0].env();
    assert_eq!(first, desk.state.selected_env());
    assert_eq!(list(&desk).rows.len(), 3);
    for (typed, found) in [("shop/live", "shop/live"), ("c1", "pay/live")] {
        desk.type_text(typed);
        let best = list(&desk).rows[0].env().unwrap();
        assert_eq!(best.id.as_str(), found);
        desk.press("ctrl-u");
    }
    desk.type_text("zzzz");
    assert!(list(&desk).rows.is_empty());
}

#[test]
fn what_is_marked_is_added_by_one_key() {
    let mut desk = desk();
    desk.press("esc");
    desk.press("g");
    for _ in 0..2 {
        desk.press("space");
        desk.press("j");
    }
    desk.press("l");
    desk.press("M");
    desk.press("tab");
    assert_eq!(chosen(&desk).len(), 2);
    assert_eq!(desk.tails.len(), 2);
}

#[test]
fn a_new_deployment_joins_by_itself_and_its_verdict_is_told() {
    let mut desk = desk();
    add(&mut desk, "shop");
    wrote(&mut desk, "shop", &[(100, "hello")], TailState::Live);
    let mut building = live("shop");
    building.running = Some(deployment("d2", Phase::Building).id);
    building.status = Status::Building;
    desk.poll(vec![live("blog"), building]);
    assert_eq!(followed(&desk), ["blog", "d2"]);
    assert!(
        desk.waits_for(0, &deployments_of("shop/live")),
        "who began it"
    );
    desk.pass(2_000);
    assert!(shown(&desk).contains(&"1 c0 shop/live: deployment: its log".to_owned()));
    wrote(&mut desk, "shop", &[], TailState::Ended);
    desk.report(
        &deployments_of("shop/live"),
        deployments(vec![deployment("d2", Phase::Succeeded)]),
    );
    desk.pass(5_000);
    desk.report(
        &Query::AllEnvironments,
        environments(vec![live("blog"), live("shop")]),
    );
    desk.pass(2_000);
    let last = shown(&desk).pop().unwrap();
    assert_eq!(last, "1 c0 shop/live: deployment d2 succeeded");
}

#[test]
fn a_source_that_disappears_says_so_once_and_its_lines_stay() {
    let mut desk = desk();
    add(&mut desk, "shop");
    wrote(&mut desk, "shop", &[(100, "hello")], TailState::Live);
    for _ in 0..2 {
        desk.poll(vec![live("blog")]);
        desk.pass(2_000);
    }
    assert_eq!(
        shown(&desk),
        ["1 hello", "1 c0 shop/live: not listed any more; what it wrote stays here"]
    );
    assert_eq!(followed(&desk), ["blog"]);
}

#[test]
fn the_place_is_kept_when_a_source_joins() {
    let mut desk = desk();
    add(&mut desk, "shop");
    let many: Vec<_> = (0..500).map(|n| (n, "line")).collect();
    wrote(&mut desk, "blog", &many, TailState::Live);
    desk.pass(2_000);
    desk.press("g");
    desk.press("j");
    let top = desk.state.panes.logs.top.line;
    let at = |desk: &Desk, no| logs::shown(&desk.state).unwrap().get(no).unwrap().at;
    let before = at(&desk, top);
    add(&mut desk, "pay");
    desk.pass(10);
    assert_eq!(desk.state.logs.merged().unwrap().sources.len(), 3);
    let top = desk.state.panes.logs.top.line;
    assert_eq!(at(&desk, top), before);
    assert!(!desk.state.panes.logs.follows);
}

#[test]
fn ten_thousand_apps_are_listed_as_rows_that_can_be_counted() {
    let names: Vec<_> = (0..10_000).map(|n| format!("app{n:05}")).collect();
    let mut desk = Desk::showing(names.iter().map(|name| live(name)).collect());
    desk.press("l");
    desk.press("M");
    let open = list(&desk);
    assert_eq!(open.rows.len() + open.more, 10_000);
    assert!(open.rows.len() <= 1_000);
    desk.type_text("app09999");
    assert_eq!(
        list(&desk).rows[0].env().unwrap().id.as_str(),
        "app09999/live"
    );
}

#[test]
fn logs_nobody_looks_at_are_emptied_first_and_say_so() {
    let mut desk = Desk::showing(vec![live("blog"), live("shop")]);
    desk.state.logs.limit_to(10_000);
    desk.press("l");
    desk.press("esc");
    desk.press("j");
    desk.rest();
    let long = "x".repeat(900);
    wrote(
        &mut desk,
        "shop",
        &[(0, long.as_str()); 10],
        TailState::Live,
    );
    desk.press("k");
    desk.rest();
    wrote(
        &mut desk,
        "blog",
        &[(0, long.as_str()); 10],
        TailState::Live,
    );
    assert_eq!(shown(&desk).len(), 10, "what is shown is whole");
    let idle = desk.state.logs.channel(&of("shop", 0)).unwrap();
    let left: Vec<_> = idle
        .ring
        .window(0, 99)
        .map(|line| line.text.to_owned())
        .collect();
    assert_eq!(left, ["10 lines were dropped to make room for other logs"]);
    assert!(desk.state.logs.bytes() <= 10_000);
}

#[test]
fn what_is_in_use_gives_up_its_oldest_lines_when_it_is_too_much_by_itself() {
    let mut desk = desk();
    add(&mut desk, "shop");
    desk.state.logs.limit_to(20_000);
    let long = "x".repeat(900);
    for n in 0..20 {
        wrote(&mut desk, "blog", &[(n, long.as_str())], TailState::Live);
        wrote(&mut desk, "shop", &[(n, long.as_str())], TailState::Live);
        desk.pass(2_000);
    }
    let outputs = shown(&desk).iter().filter(|it| it.contains(&long)).count();
    assert_eq!(outputs, 40, "what is shown is whole");
    let channel = desk.state.logs.channel(&of("blog", 0)).unwrap();
    assert!(channel.ring.dropped() > 0);
}
