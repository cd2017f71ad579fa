//! How downloads begin, go on and end.

use std::path::PathBuf;

use super::kit::*;
use crate::app::journal::Actor;
use crate::app::message::{Effect, Message, Outcome};
use crate::app::screen::Overlay;
use crate::app::transfers;
use crate::model::{
    BackupId, Class, ContextId, Destination, DiskProblem, DiskTrouble, EnvId, PartProgress, Saved,
    Status, Target, Text, TransferEvent, TransferFailure, TransferPhase, TransferProblem,
    TransferTicket,
};

fn target() -> Target {
    Target {
        context: ContextId(0),
        app: None,
        environment: Some(EnvId::new("shop/live")),
        title: Text::clean("shop/live"),
        class: Some(Class::Production),
    }
}

fn begin(desk: &mut Desk, backup: &str) -> Vec<Effect> {
    let consent = crate::model::Consent::default();
    transfers::begin(&mut desk.state, target(), BackupId::new(backup), consent)
}

/// One that has just begun.
fn downloading() -> (Desk, TransferTicket) {
    let mut desk = Desk::showing(vec![env("shop", "live", Status::Live)]);
    let effects = begin(&mut desk, "b1");
    let [Effect::Download(ticket, request)] = effects.as_slice() else {
        panic!("{effects:?}")
    };
    assert_eq!(request.to, Destination::Folder(PathBuf::from(".")));
    assert!(!request.overwrite);
    (desk, *ticket)
}

fn said(ticket: TransferTicket, at: &Desk, phase: TransferPhase) -> Message {
    Message::Transfer(TransferEvent {
        ticket,
        at: at.state.now,
        phase,
        part: PartProgress {
            done: 5,
            ..PartProgress::default()
        },
        note: None,
    })
}

fn tell(desk: &mut Desk, ticket: TransferTicket, phase: TransferPhase) -> Outcome {
    let message = said(ticket, desk, phase);
    desk.send(message)
}

fn done() -> TransferPhase {
    TransferPhase::Done(vec![Saved {
        path: "/home/ana/shop.dump".into(),
        bytes: 7,
        sha256: String::new(),
    }])
}

fn failed() -> TransferPhase {
    TransferPhase::Failed(Box::new(TransferFailure {
        problem: TransferProblem::Disk(DiskProblem {
            path: "/home/ana/shop.dump.part".into(),
            trouble: DiskTrouble::Full,
        }),
        saved: Vec::new(),
        kept: vec!["/home/ana/shop.dump.part".into()],
    }))
}

#[test]
fn the_same_backup_is_not_downloaded_twice_at_once() {
    let (mut desk, ticket) = downloading();
    assert!(begin(&mut desk, "b1").is_empty());
    assert!(desk.notice().contains("already under way"));
    assert_eq!(begin(&mut desk, "b2").len(), 1, "another one may go beside");
    tell(&mut desk, ticket, done());
    assert_eq!(begin(&mut desk, "b1").len(), 1);
}

#[test]
fn progress_is_kept_and_drawn() {
    let (mut desk, ticket) = downloading();
    assert!(tell(&mut desk, ticket, TransferPhase::Fetching).redraw);
    let entry = desk.state.transfers.running().next().unwrap();
    assert_eq!(
        (entry.part.done, &entry.phase),
        (5, &TransferPhase::Fetching)
    );
    let unknown = TransferTicket(99);
    assert!(!tell(&mut desk, unknown, TransferPhase::Fetching).redraw);
}

#[test]
fn the_end_is_told_once_and_noted() {
    let (mut desk, ticket) = downloading();
    desk.pass(62_000);
    tell(&mut desk, ticket, done());
    assert_eq!(
        desk.notice(),
        "download shop/live done in 1m 02s: /home/ana/shop.dump"
    );
    let event = desk.state.journal.iter().next().unwrap();
    assert_eq!((event.actor, &event.status), (Actor::You, &Status::Live));
    assert!(!tell(&mut desk, ticket, failed()).redraw, "it is over");
    assert!(!desk.state.transfers.is_running());
}

#[test]
fn a_failure_says_what_to_do_and_what_is_kept() {
    let (mut desk, ticket) = downloading();
    tell(&mut desk, ticket, failed());
    let notice = desk.notice();
    for part in [
        "no room left",
        "make room",
        "so far: /home/ana/shop.dump.part",
    ] {
        assert!(notice.contains(part), "{notice}");
    }
    let event = desk.state.journal.iter().next().unwrap();
    assert_eq!(event.status, Status::Failed);
}

#[test]
fn what_is_to_be_known_is_said_while_it_goes_on() {
    let (mut desk, ticket) = downloading();
    let Message::Transfer(mut event) = said(ticket, &desk, TransferPhase::Fetching) else {
        unreachable!()
    };
    event.note = Some(Text::clean("the file changed at the storage"));
    desk.send(Message::Transfer(event));
    assert!(desk.notice().contains("the file changed"));
}

#[test]
fn what_is_cancelled_is_over_at_once() {
    let (mut desk, ticket) = downloading();
    tell(&mut desk, ticket, TransferPhase::Fetching);
    let effects = transfers::cancel(&mut desk.state, ticket);
    assert_eq!(effects, [Effect::CancelDownload(ticket)]);
    assert!(!desk.state.transfers.is_running());
    assert!(desk.notice().contains("what has come stays"));
    let entry = desk.state.transfers.finished().next().unwrap();
    assert_eq!(entry.part.done, 5);
    assert!(!tell(&mut desk, ticket, TransferPhase::Fetching).redraw);
    assert!(transfers::cancel(&mut desk.state, ticket).is_empty());
}

#[test]
fn leaving_asks_while_a_download_runs() {
    for leave in ["q", "ctrl-c"] {
        let (mut desk, ticket) = downloading();
        assert!(desk.press(leave).effects.is_empty());
        assert!(matches!(desk.state.screen.overlay, Some(Overlay::Quit)));
        desk.press("enter");
        tell(&mut desk, ticket, done());
        assert!(desk.press(leave).effects.contains(&Effect::Quit));
    }
}

#[test]
fn fifty_are_kept_and_none_that_runs_is_forgotten() {
    let (mut desk, first) = downloading();
    for number in 0..80 {
        let effects = begin(&mut desk, &format!("n{number}"));
        let [Effect::Download(ticket, _)] = effects.as_slice() else {
            panic!("{effects:?}")
        };
        tell(&mut desk, *ticket, done());
    }
    assert_eq!(desk.state.transfers.finished().count(), 49);
    let running: Vec<_> = desk.state.transfers.running().map(|it| it.ticket).collect();
    assert_eq!(running, [first]);
}
