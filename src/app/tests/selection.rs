//! The order of the list, the filter, and where the selection goes.

use super::kit::*;
use crate::app::screen::Pane;
use crate::model::{Environment, Status};

fn fleet(list: &[(&str, Status)]) -> Vec<Environment> {
    let named = list.iter();
    named
        .map(|(app, status)| env(app, "live", status.clone()))
        .collect()
}

fn live(names: &str) -> Vec<Environment> {
    let names = names.chars().map(|c| c.to_string());
    names.map(|name| env(&name, "live", Status::Live)).collect()
}

/// The list of apps is read more rarely than their environments; here both change.
fn relist(desk: &mut Desk, list: Vec<Environment>) {
    desk.press("r");
    desk.lists(0, list);
}

#[test]
fn what_needs_me_stands_on_top() {
    use Status as S;
    let desk = Desk::showing(fleet(&[
        ("stopped", S::Stopped),
        ("asleep", S::Asleep),
        ("live", S::Live),
        ("unknown", S::Unknown),
        ("queued", S::Queued),
        ("building", S::Building),
        ("degraded", S::Degraded),
        ("failed", S::Failed),
    ]));
    assert_eq!(
        desk.listed(),
        [
            "failed", "degraded", "building", "queued", "unknown", "live", "asleep", "stopped"
        ]
    );
}

#[test]
fn within_a_group_the_newest_change_is_first() {
    let mut list = live("abc");
    list[1].changed_at = jiff::Timestamp::from_second(START).ok();
    list[2].changed_at = jiff::Timestamp::from_second(START + 5).ok();
    assert_eq!(Desk::showing(list).listed(), ["c", "b", "a"]);
}

#[test]
fn the_selection_follows_its_app_and_then_goes_to_the_neighbour() {
    let mut desk = Desk::showing(live("abcd"));
    desk.press("j");
    assert_eq!(desk.selected(), "b");
    desk.poll(fleet(&[
        ("a", Status::Live),
        ("b", Status::Live),
        ("c", Status::Live),
        ("d", Status::Failed),
    ]));
    assert_eq!(
        (desk.selected(), desk.state.panes.apps.cursor.row),
        ("b", 2)
    );
    relist(&mut desk, live("acd"));
    assert_eq!(desk.selected(), "c", "the row it stood on");
    relist(&mut desk, live("a"));
    assert_eq!(desk.selected(), "a");
    relist(&mut desk, Vec::new());
    assert_eq!(desk.selected(), "");
}

#[test]
fn the_selection_stays_on_the_top_row_until_somebody_chose() {
    let failing = |name: &str| {
        let mut list = live("abc");
        list.iter_mut()
            .filter(|env| env.app.as_str() == name)
            .for_each(|env| {
                env.status = Status::Failed;
            });
        list
    };
    for choose in ["j", "l", "D"] {
        let mut desk = Desk::showing(live("abc"));
        desk.poll(failing("c"));
        assert_eq!(desk.selected(), "c");
        desk.press(choose);
        desk.press("esc");
        let chosen = desk.selected().to_owned();
        desk.poll(failing("b"));
        assert_eq!(desk.selected(), chosen, "after {choose}");
    }
}

#[test]
fn the_selected_environment_is_followed_too() {
    let mut desk = Desk::showing(vec![
        env("shop", "live", Status::Live),
        env("shop", "next", Status::Live),
    ]);
    desk.press("d");
    desk.press("j");
    let chosen = desk.state.selected_env().unwrap();
    assert_eq!(chosen.id.as_str(), "shop/next");
    desk.poll(vec![
        env("shop", "live", Status::Live),
        env("shop", "next", Status::Failed),
    ]);
    assert_eq!(desk.state.selected_env(), Some(chosen));
    desk.poll(vec![env("shop", "live", Status::Live)]);
    assert_eq!(desk.state.selected_env().unwrap().id.as_str(), "shop/live");
}

#[test]
fn a_filter_is_typed_kept_by_enter_and_cleared_by_esc() {
    let mut desk = Desk::showing(fleet(&[("shop", Status::Live), ("blog", Status::Failed)]));
    desk.press("/");
    desk.type_text("sho");
    assert_eq!((desk.listed(), desk.selected()), (vec!["shop"], "shop"));
    desk.press("enter");
    assert!(!desk.state.panes.apps.is_filtering);
    desk.poll(fleet(&[("shop", Status::Failed), ("blog", Status::Live)]));
    assert_eq!(desk.listed(), ["shop"], "kept through a refresh");
    desk.press("esc");
    assert_eq!(desk.listed(), ["shop", "blog"]);
    assert_eq!(desk.selected(), "shop");
    desk.press("/");
    desk.type_text("nothing");
    assert_eq!((desk.listed().len(), desk.selected()), (0, ""));
    desk.press("esc");
    assert_eq!(desk.listed().len(), 2);
    assert_eq!(desk.state.panes.apps.filter_text.value(), "");
}

#[test]
fn arrows_move_while_a_filter_is_typed_and_letters_do_nothing_else() {
    let mut desk = Desk::showing(live("abc"));
    desk.press("/");
    desk.press("down");
    assert_eq!(desk.selected(), "b");
    desk.type_text("qDBp");
    assert!(!desk.is_asking() && !desk.state.is_paused);
    assert_eq!(desk.state.panes.apps.filter_text.value(), "qDBp");
    desk.press("ctrl-u");
    assert_eq!(desk.listed().len(), 3);
}

#[test]
fn a_paste_goes_into_the_filter_only_while_it_is_typed() {
    let mut desk = Desk::showing(live("abc"));
    desk.send(crate::app::Message::Paste("y\nD".into()));
    assert!(!desk.is_asking());
    desk.press("/");
    desk.send(crate::app::Message::Paste("b\u{1b}[31m".into()));
    assert_eq!(desk.listed(), ["b"]);
}

#[test]
fn braces_go_from_problem_to_problem_and_around() {
    let mut desk = Desk::showing(fleet(&[
        ("a", Status::Failed),
        ("b", Status::Degraded),
        ("c", Status::Live),
        ("d", Status::Live),
    ]));
    let walk = |desk: &mut Desk, key: &str| {
        desk.press(key);
        desk.selected().to_owned()
    };
    assert_eq!(walk(&mut desk, "}"), "b");
    assert_eq!(walk(&mut desk, "}"), "a");
    assert_eq!(walk(&mut desk, "{"), "b");
    assert_eq!(walk(&mut desk, "{"), "a");
    desk.press("G");
    assert_eq!(walk(&mut desk, "{"), "b");
    let mut well = Desk::showing(live("ab"));
    well.press("}");
    assert!(well.notice().contains("nothing is failed"));
}

#[test]
fn moving_fast_asks_for_nothing_and_opens_no_log_until_it_rests() {
    let names: Vec<_> = (0..50).map(|n| format!("app{n:02}")).collect();
    let list = names
        .iter()
        .map(|name| env(name, "live", Status::Live))
        .collect();
    let mut desk = Desk::showing(list);
    desk.asked.clear();
    for _ in 0..30 {
        let effects = desk.press("j").effects;
        let opens = effects
            .iter()
            .any(|effect| matches!(effect, crate::app::Effect::OpenTail(..)));
        assert!(
            fetched(&crate::app::Outcome {
                effects,
                redraw: true
            })
            .is_empty()
                && !opens
        );
        desk.pass(50);
        assert!(desk.tails.is_empty() && desk.asked.is_empty());
    }
    let due = crate::app::next_wakeup(&desk.state).unwrap();
    assert_eq!(due.duration_since(desk.state.now).as_millis(), 150);
    desk.pass(150);
    assert_eq!(desk.tails.len(), 1);
    assert!(desk.waits_for(0, &deployments_of("app30/live")));
    assert!(
        desk.asked
            .iter()
            .all(|fetch| format!("{:?}", fetch.key).contains("app30"))
    );
}

#[test]
fn page_keys_move_by_what_is_in_sight() {
    let names: Vec<_> = (0..100).map(|n| format!("app{n:02}")).collect();
    let list = names
        .iter()
        .map(|name| env(name, "live", Status::Live))
        .collect();
    let mut desk = Desk::showing(list);
    let rows = desk.state.layout().rows(Pane::Apps);
    desk.press("ctrl-f");
    assert_eq!(desk.state.panes.apps.cursor.row, rows);
    desk.press("ctrl-u");
    assert_eq!(desk.state.panes.apps.cursor.row, rows - rows / 2);
    desk.press("G");
    assert_eq!(desk.selected(), "app99");
    assert_eq!(desk.state.panes.apps.cursor.offset, 100 - rows);
    desk.resize(120, 60);
    assert!(
        desk.state.panes.apps.cursor.offset < 100 - rows,
        "the room is used"
    );
    desk.press("g");
    assert_eq!(
        (desk.selected(), desk.state.panes.apps.cursor.offset),
        ("app00", 0)
    );
}
