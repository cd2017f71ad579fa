//! Downloads in the line of operations, and in the question before quitting.

use std::time::Duration;

use flightdeck::app::Message;
use flightdeck::app::screen::Look;
use flightdeck::app::transfers;
use flightdeck::model::{
    BackupId, Class, ContextId, EnvId, PartProgress, Progress, Target, TransferEvent,
    TransferPhase, TransferTicket,
};

use crate::grid::{drawn, text};
use crate::stage::{Stage, start};
use crate::world::{full, text as word};

fn downloading(width: u16, phase: TransferPhase, part: PartProgress) -> Stage {
    let mut stage = full(width, 40);
    let target = Target {
        context: ContextId(0),
        app: None,
        environment: Some(EnvId::new("e")),
        title: word("shop/live"),
        class: Some(Class::Production),
    };
    let _effects = transfers::begin(
        &mut stage.state,
        target,
        BackupId::new("b"),
        flightdeck::model::Consent::default(),
    );
    stage.send(Message::Transfer(TransferEvent {
        ticket: TransferTicket(1),
        at: start(),
        phase,
        part,
        note: None,
    }))
}

fn part(number: usize, count: usize) -> PartProgress {
    PartProgress {
        number,
        count,
        name: word("MEDIA"),
        done: 512_000_000,
        total: Some(1_240_000_000),
        rate: Some(12_300_000),
    }
}

#[track_caller]
fn check(stage: &Stage, expected: &str) {
    let screen = text(&drawn(&stage.state));
    assert!(screen.contains(expected), "{expected}\n{screen}");
}

#[test]
fn a_download_stands_in_the_line_of_operations() {
    let none = PartProgress::default;
    let preparing = TransferPhase::Preparing(Progress::default());
    check(
        &downloading(120, preparing, none()),
        "↓ backup shop/live preparing",
    );
    let fetching = || TransferPhase::Fetching;
    check(
        &downloading(120, fetching(), part(1, 1)),
        "↓ backup shop/live 41 % 512 MB of 1.2 GB 12 MB/s",
    );
    check(
        &downloading(120, fetching(), part(2, 3)),
        "↓ backup shop/live 2/3 41 % 512 MB of 1.2 GB 12 MB/s",
    );
    let unknown = PartProgress {
        total: None,
        rate: None,
        ..part(1, 1)
    };
    check(
        &downloading(120, fetching(), unknown),
        "↓ backup shop/live 512 MB",
    );
    let waiting = TransferPhase::Waiting(word("connection lost, again in 4 s"));
    check(
        &downloading(80, waiting, part(1, 1)),
        "↓ backup shop/live 41 % connection lost, again in 4 s",
    );
    let checking = downloading(80, TransferPhase::Checking, part(1, 1));
    check(&checking, "↓ backup shop/live checking");
    let ascii = Look {
        is_ascii: true,
        ..Look::default()
    };
    check(&checking.look(ascii), "v backup shop/live checking");
}

#[test]
fn quitting_says_what_becomes_of_a_download() {
    let stage = downloading(120, TransferPhase::Fetching, part(1, 1)).keys("q");
    check(
        &stage,
        "download shop/live, which goes on when asked for again",
    );
}

#[test]
fn the_end_is_told() {
    let stage = downloading(120, TransferPhase::Done(Vec::new()), part(1, 1));
    check(&stage, "download shop/live done");
    let later = stage.after(Duration::from_secs(7));
    let screen = text(&drawn(&later.state));
    assert!(!screen.contains("↓ backup"), "{screen}");
}
