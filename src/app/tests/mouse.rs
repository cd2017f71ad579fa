//! What clicks and the wheel do, and what they never do.

use super::kit::*;
use crate::app::message::Message;
use crate::app::mouse::{MouseAt, MouseKind};
use crate::app::screen::Pane;
use crate::model::Status;

fn desk() -> Desk {
    let apps = ["a", "b", "c"];
    Desk::showing(apps.map(|app| env(app, "test", Status::Live)).to_vec())
}

fn click(desk: &mut Desk, pane: Pane, row: u16) {
    let area = desk.state.layout().pane(pane).unwrap();
    let (x, y) = (area.x + 5, area.inside().y + 1 + row);
    let kind = MouseKind::Click;
    desk.send(Message::Mouse(MouseAt { kind, x, y }));
}

#[test]
fn a_click_selects_what_is_under_it() {
    let mut desk = desk();
    desk.press("f2");
    click(&mut desk, Pane::Apps, 2);
    assert_eq!(desk.selected(), "c");
    click(&mut desk, Pane::Apps, 9);
    assert_eq!(desk.selected(), "c", "there is no such row");
    click(&mut desk, Pane::Logs, 0);
    assert_eq!(desk.state.screen.focus, Pane::Logs);
}

#[test]
fn the_mouse_answers_no_question_and_is_off_until_it_is_asked_for() {
    let mut desk = desk();
    click(&mut desk, Pane::Apps, 2);
    assert_eq!(desk.selected(), "a");
    desk.press("f2");
    desk.press("D");
    click(&mut desk, Pane::Apps, 2);
    assert!(desk.is_asking() && desk.operated.is_empty());
}
