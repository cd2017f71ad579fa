//! A hundred cuts.

use std::collections::VecDeque;
use std::num::NonZeroU32;

use flightdeck::engine::{Engine, EngineEvent, Pace};
use flightdeck::model::{ContextId, LineKind, LogLine, TailId, TailState};
use flightdeck::platforms::TailStep;
use jiff::Timestamp;
use tokio::sync::mpsc;

use super::server::{Course, End, LINK, Server, World, live};
use super::{Traces, running};
use crate::harness::TOKEN;

/// Numbered lines of two components, several of each moment, with traces and repetitions between.
fn log(count: usize) -> VecDeque<String> {
    let line = |number: usize| {
        // At first each has its own: of one moment alone, all would have to be asked for again.
        let (minute, second, nanos) = (number / 3000, number / 50 % 60, number.min(100));
        let at = format!("2026-05-29T20:{minute:02}:{second:02}.{nanos:09}Z");
        match number % 11 {
            3 => format!("  at step {number} (/app/index.js:{number}:1)"),
            5 | 6 => format!("web {at} again"),
            8 => format!("worker {at} number {number} é€\u{1F680}"),
            _ => format!("web {at} number {number}"),
        }
    };
    (0..count).map(line).collect()
}

/// What a line of the log says, without its prefix.
fn message(line: &str) -> &str {
    match line.splitn(3, ' ').collect::<Vec<_>>()[..] {
        [_, time, message] if time.starts_with("2026-") => message,
        _ => line,
    }
}

fn courses(cuts: usize, random: &mut fastrand::Rng) -> VecDeque<Course> {
    const ENDS: [End; 4] = [
        End::Drop,
        End::Close(1001),
        End::Close(1006),
        End::Close(1011),
    ];
    let cut = |_| Course {
        missed: random.usize(..30),
        written: random.usize(1..20),
        frame: random.usize(1..400),
        half: random.usize(..20),
        end: ENDS[random.usize(..ENDS.len())],
        ..Course::new(0, End::Drop)
    };
    let mut courses: VecDeque<_> = (0..cuts).map(cut).collect();
    courses.push_back(Course::new(usize::MAX, End::Hang));
    courses
}

async fn world(cuts: usize, seed: u64) -> Server {
    let mut random = fastrand::Rng::with_seed(seed);
    Server::start(World {
        active: Some("d1"),
        future: log(cuts * 60),
        courses: courses(cuts, &mut random),
        answers: vec![("RUN", [live()].into())],
        ..World::default()
    })
    .await
}

fn is_gap(line: &LogLine) -> bool {
    line.kind == LineKind::Mark && line.text.starts_with("gap ")
}

#[tokio::test]
async fn a_hundred_cuts_lose_no_line_and_show_none_twice() {
    let traces = Traces::begin();
    let server = world(100, 7).await;
    let platform = server.platform();
    let mut tail = platform.tail(running(None)).unwrap();
    let (mut lines, mut failures): (Vec<LogLine>, Vec<String>) = Default::default();
    let total = 100 * 60;
    while lines.len() < total {
        match tail.next().await {
            Ok(TailStep::Lines(new)) => lines.extend(new),
            Ok(other) => panic!("{other:?}"),
            Err(failure) => failures.push(format!("{failure:?}")),
        }
    }
    let world = server.world();
    let written: Vec<_> = world.log.iter().map(|line| message(line)).collect();
    let shown: Vec<_> = lines.iter().map(|line| line.text.as_str()).collect();
    assert_eq!(shown, written);
    assert_eq!(failures.len(), 100);
    assert_eq!(world.leaks, [""; 0]);
    for text in [traces.text(), failures.concat(), format!("{lines:?}")] {
        assert!(!text.contains(LINK) && !text.contains(TOKEN));
    }
    assert!(traces.text().contains("a stream was lost"));
    // Not everything was asked for again each time.
    let whole = world
        .asked
        .iter()
        .filter(|asked| asked.contains("tail_lines=-1&"));
    assert_eq!(whole.count(), 0);
}

#[tokio::test]
async fn each_cut_is_a_line_of_its_own_on_the_screen() {
    // As many as a burst of requests may be.
    const CUTS: usize = 40;
    let server = world(CUTS, 11).await;
    let (sender, mut events) = mpsc::channel(256);
    let pace = Pace::times(NonZeroU32::new(1_000).unwrap());
    let clock = || Timestamp::UNIX_EPOCH;
    let mut engine = Engine::new(vec![server.platform()], sender, clock).at_pace(pace);
    let request = running(None);
    let id = TailId {
        context: ContextId(0),
        source: request.source.clone(),
    };
    engine.open_tail(id, request);
    let (mut lines, mut gaps) = (Vec::new(), 0);
    while lines.len() < CUTS * 60 {
        let Some(EngineEvent::Logs(batch)) = events.recv().await else {
            panic!("no lines");
        };
        assert_eq!(batch.skipped, 0);
        assert!(!matches!(
            batch.state,
            TailState::Failed(_) | TailState::Ended
        ));
        for line in batch.lines {
            if is_gap(&line) {
                gaps += 1;
            } else {
                lines.push(line.text);
            }
        }
    }
    let written: Vec<_> = server
        .world()
        .log
        .iter()
        .map(|line| message(line).to_owned())
        .collect();
    assert_eq!(lines, written);
    assert_eq!(gaps, CUTS);
    engine.shutdown().await;
}
