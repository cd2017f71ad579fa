//! From a key to the one request it may send, or to the reason why none is sent.

use super::kit::*;
use crate::app::confirm::Tier;
use crate::app::keys::KeyPress;
use crate::app::message::Message;
use crate::app::screen::Overlay;
use crate::model::{Capability, Class, Environment, OperationKind, Query, Status};

fn at(env_name: &str) -> Desk {
    Desk::showing(vec![env("shop", env_name, Status::Live)])
}

fn guarded(change: impl Fn(&mut crate::app::contexts::Context)) -> Desk {
    let mut own = context(0);
    change(&mut own);
    let mut desk = Desk::with(vec![own]);
    desk.lists(0, vec![env("shop", "test", Status::Live)]);
    desk.rest();
    desk
}

fn tier(desk: &Desk) -> Option<Tier> {
    match &desk.state.screen.overlay {
        Some(Overlay::Confirm(confirm)) => Some(confirm.tier),
        _ => None,
    }
}

fn unlock(desk: &mut Desk) {
    desk.press("!");
    desk.type_text("c0");
    desk.press("enter");
    assert!(desk.notice().contains("unlocked for 10 minutes"));
}

fn arm(desk: &mut Desk) {
    desk.pass(500);
}

#[test]
fn outside_production_y_sends_exactly_one_and_enter_is_no() {
    let mut desk = at("test");
    for no in ["enter", "esc", "n", "x", "D", "ctrl-c", "ctrl-y"] {
        desk.press("D");
        assert_eq!(tier(&desk), Some(Tier::One));
        desk.press(no);
        assert!(!desk.is_asking() && desk.operated.is_empty(), "{no}");
        assert!(desk.notice().contains("not done"), "{no}");
    }
    desk.press("D");
    desk.press("y");
    desk.press("y");
    desk.press("y");
    assert_eq!(desk.operated.len(), 1);
    let operation = &desk.operated[0].1;
    assert!(matches!(operation.kind, OperationKind::Deploy { .. }));
    assert_eq!(operation.target.title.as_str(), "shop/test");
    assert_eq!(operation.target.class, Some(Class::Staging));
}

#[test]
fn a_key_that_is_held_down_never_answers() {
    let mut desk = at("live");
    desk.press("D");
    for _ in 0..100 {
        desk.press("y");
        desk.move_clock(33);
    }
    assert!(desk.is_asking() && desk.operated.is_empty());
    desk.move_clock(250);
    desk.press("y");
    assert_eq!(desk.operated.len(), 1, "let go and pressed again");
}

#[test]
fn in_production_keys_count_after_half_a_second_and_enter_never_confirms() {
    let mut desk = at("live");
    desk.press("D");
    assert_eq!(tier(&desk), Some(Tier::Two));
    for _ in 0..4 {
        for key in ["y", "enter", "esc", "n"] {
            desk.press(key);
        }
        assert!(desk.is_asking(), "too early");
        desk.move_clock(100);
    }
    let wakeup = crate::app::next_wakeup(&desk.state).unwrap();
    assert_eq!(
        wakeup.duration_since(desk.state.now).as_millis(),
        150,
        "the bar goes after a pause of 250 ms since the last key"
    );
    arm(&mut desk);
    for key in ["x", "D", "Y", "ctrl-y", "space"] {
        desk.press(key);
        assert!(desk.is_asking(), "{key}");
    }
    desk.press("enter");
    assert!(!desk.is_asking() && desk.operated.is_empty());
    desk.press("D");
    arm(&mut desk);
    desk.press("y");
    desk.press("y");
    assert_eq!(desk.operated.len(), 1);
}

#[test]
fn a_held_key_neither_asks_nor_answers() {
    let held = |name: &str| Message::Key {
        press: KeyPress::from_name(name).unwrap(),
        repeat: true,
    };
    let mut desk = at("live");
    desk.send(held("D"));
    desk.send(held("B"));
    assert!(!desk.is_asking());
    desk.press("D");
    arm(&mut desk);
    desk.send(held("y"));
    desk.send(held("enter"));
    assert!(desk.is_asking() && desk.operated.is_empty());
}

#[test]
fn the_dialog_tells_where_what_and_which_class() {
    let mut production = env("shop", "live", Status::Live);
    production.branch = Some(crate::model::Text::clean("main"));
    production.pending.commits = Some(3);
    let mut desk = Desk::showing(vec![production]);
    desk.press("D");
    let Some(Overlay::Confirm(confirm)) = &desk.state.screen.overlay else {
        panic!("it asks");
    };
    let facts: Vec<_> = confirm
        .request
        .facts
        .iter()
        .map(|(l, v)| (l.as_str(), v.as_str()))
        .collect();
    assert_eq!(
        facts,
        [
            ("context", "c0"),
            ("target", "shop/live"),
            ("class", "PROD"),
            ("runs now", "nothing"),
            ("then", "newest of main: 3 commits"),
        ]
    );
}

#[test]
fn the_dialog_says_when_what_it_shows_is_old() {
    let mut desk = at("live");
    desk.pass(15_000);
    desk.fail(0, &Query::AllEnvironments, unreachable());
    desk.move_clock(4_000 * 1_000);
    desk.press("D");
    let Some(Overlay::Confirm(confirm)) = &desk.state.screen.overlay else {
        panic!("it asks");
    };
    let facts = &confirm.request.facts;
    let old = facts.iter().find(|(label, _)| label.as_str() == "as of");
    assert_eq!(old.map(|(_, age)| age.as_str()), Some("1h ago"));
}

#[test]
fn a_protected_context_is_locked_until_it_is_unlocked_for_ten_minutes() {
    let mut desk = guarded(|context| context.is_protected = true);
    desk.press("D");
    assert!(!desk.is_asking() && desk.notice().contains("! unlocks it"));
    unlock(&mut desk);
    desk.press("D");
    assert_eq!(tier(&desk), Some(Tier::Two), "raised by one");
    desk.press("esc");
    desk.pass(500);
    desk.press("esc");
    desk.pass(10 * 60_000 - 501);
    desk.lists(0, vec![env("shop", "test", Status::Live)]);
    desk.press("D");
    assert!(desk.is_asking());
    arm(&mut desk);
    assert!(!desk.is_asking(), "the lock fell while it asked");
    desk.press("y");
    assert!(desk.operated.is_empty());
    desk.press("esc");
    desk.press("D");
    assert!(desk.notice().contains("! unlocks it"));
    assert_eq!(desk.first_context().unlocked_until, None);
    unlock(&mut desk);
    desk.press("!");
    desk.press("D");
    assert!(!desk.is_asking(), "locked by hand");
}

#[test]
fn protected_production_wants_the_name_typed() {
    let mut own = context(0);
    own.is_protected = true;
    let mut desk = Desk::with(vec![own]);
    desk.lists(0, vec![env("shop", "live", Status::Live)]);
    desk.rest();
    unlock(&mut desk);
    desk.press("D");
    assert_eq!(tier(&desk), Some(Tier::Three));
    arm(&mut desk);
    desk.send(Message::Paste("shop".into()));
    desk.press("enter");
    assert!(
        desk.operated.is_empty() && !desk.is_asking(),
        "a paste is not typing"
    );
    desk.press("D");
    arm(&mut desk);
    desk.press("y");
    desk.press("backspace");
    desk.type_text("shop");
    desk.press("enter");
    assert_eq!(desk.operated.len(), 1);
}

#[test]
fn a_read_only_context_refuses() {
    let mut desk = guarded(|context| context.is_read_only = true);
    for key in ["!", "D", "B"] {
        desk.press(key);
        assert!(
            !desk.is_asking() && desk.notice().contains("read-only"),
            "{key}"
        );
    }
}

#[test]
fn what_the_platform_does_not_offer_is_refused_with_the_reason() {
    let mut desk = guarded(|context| context.support = without(&[Capability::CreateBackup]));
    let outcome = desk.press("B");
    assert!(!desk.is_asking() && outcome.effects.is_empty());
    assert_eq!(desk.notice(), "backup: it has none");
}

#[test]
fn a_context_whose_token_is_rejected_refuses() {
    let mut desk = at("test");
    desk.press("D");
    desk.pass(15_000);
    desk.fail(0, &Query::AllEnvironments, rejected());
    desk.press("y");
    assert!(desk.operated.is_empty());
    desk.press("D");
    assert!(!desk.is_asking() && desk.notice().contains("not accepted"));
}

#[test]
fn the_same_operation_on_the_same_target_is_refused_while_it_runs() {
    let mut desk = at("test");
    desk.press("D");
    desk.press("y");
    desk.press("D");
    assert!(!desk.is_asking() && desk.notice().contains("already under way"));
    desk.press("B");
    desk.press("y");
    assert_eq!(
        desk.operated.len(),
        2,
        "another operation is another matter"
    );
}

#[test]
fn nothing_is_deployed_while_a_deployment_runs() {
    let mut busy = env("shop", "test", Status::Building);
    busy.running = Some(deployment("d1", crate::model::Phase::Building).id);
    let mut desk = Desk::showing(vec![busy.clone()]);
    desk.press("D");
    assert!(!desk.is_asking() && desk.notice().contains("already running"));
    let mut desk = at("test");
    desk.press("D");
    desk.poll(vec![busy]);
    desk.press("y");
    assert!(desk.operated.is_empty(), "one began while it asked");
}

#[test]
fn what_changed_or_went_while_it_asked_is_not_done() {
    let changed: [(&str, Vec<Environment>); 3] = [
        ("gone", Vec::new()),
        ("gone", vec![env("shop", "other", Status::Live)]),
        ("changed", {
            let mut now_production = env("shop", "test", Status::Live);
            now_production.class = Some(Class::Production);
            vec![now_production]
        }),
    ];
    for (word, list) in changed {
        let mut desk = at("test");
        desk.press("D");
        desk.poll(list);
        assert!(!desk.is_asking(), "the question takes itself away");
        assert!(desk.notice().contains(word), "{}", desk.notice());
        desk.press("y");
        assert!(desk.operated.is_empty());
    }
}

#[test]
fn where_apps_are_deployed_whole_a_deployment_is_of_the_app() {
    let mut own = context(0);
    own.profile = &BY_APP;
    let mut desk = Desk::with(vec![own]);
    desk.lists(
        0,
        vec![
            env("shop", "web", Status::Live),
            env("shop", "prod-worker", Status::Live),
        ],
    );
    desk.rest();
    desk.press("D");
    assert_eq!(
        tier(&desk),
        Some(Tier::Two),
        "one of its parts is production"
    );
    arm(&mut desk);
    desk.press("y");
    let target = &desk.operated[0].1.target;
    assert_eq!(
        (target.title.as_str(), &target.environment),
        ("shop", &None)
    );
    desk.press("d");
    desk.press("j");
    desk.press("D");
    assert!(
        desk.notice().contains("already under way"),
        "also from another part"
    );
}

#[test]
fn the_class_of_an_app_counts_for_its_environments() {
    let mut production = app("shop");
    production.class = Some(Class::Production);
    let mut desk = Desk::new(1);
    desk.report(&Query::Apps, apps(vec![production, app("prod-blog")]));
    desk.report(
        &Query::AllEnvironments,
        environments(vec![
            env("shop", "web", Status::Failed),
            env("prod-blog", "web", Status::Live),
        ]),
    );
    for _ in 0..2 {
        desk.press("D");
        assert_eq!(tier(&desk), Some(Tier::Two), "{}", desk.selected());
        arm(&mut desk);
        desk.press("esc");
        desk.press("j");
    }
}

#[test]
fn an_app_without_environments_gives_a_hint() {
    let mut desk = Desk::new(1);
    desk.press("D");
    assert_eq!(desk.notice(), "deploy: select an app first");
    desk.report(&Query::Apps, apps(vec![app("shop")]));
    desk.press("D");
    assert_eq!(desk.notice(), "deploy: this app has no environment yet");
}
