//! The order of merged lines: by time within the window, whatever the slices they are merged in.

use proptest::prelude::*;

use super::*;
use crate::model::{ContextId, Text};

/// A line: whose, when it arrived and when it was written, in milliseconds.
#[derive(Clone, Debug, PartialEq)]
struct Sent {
    source: usize,
    arrived: i64,
    written: i64,
    text: String,
}

fn at(millis: i64) -> Timestamp {
    Timestamp::from_millisecond(1_700_000_000_000 + millis).unwrap()
}

fn output(written: Option<i64>, text: &str) -> LogLine {
    LogLine::output(written.map(at), Text::default(), text)
}

fn envs(count: usize) -> Vec<Scoped<EnvId>> {
    let env = |n: usize| Scoped::new(ContextId(0), EnvId::new(n.to_string()));
    (0..count).map(env).collect()
}

/// Rings, and what is merged of them.
struct Bench {
    rings: Vec<Ring>,
    merged: Merged,
    opened_at: Option<Timestamp>,
}

impl Bench {
    fn new(count: usize) -> Self {
        Self::of((0..count).map(|_| Ring::default()).collect(), 0)
    }

    fn of(rings: Vec<Ring>, now: i64) -> Self {
        let merged = Merged::new(envs(rings.len()), &sources(&rings, None), at(now));
        Self {
            rings,
            merged,
            opened_at: None,
        }
    }

    fn push(&mut self, source: usize, line: &LogLine) {
        self.rings[source].push(line);
    }

    fn advance(&mut self, now: i64, bytes: usize) -> Change {
        let logs = sources(&self.rings, self.opened_at);
        let mut budget = Budget::of(bytes);
        self.merged.advance(&logs, at(now), &mut budget)
    }

    /// Goes on until there is nothing to do.
    fn settle(&mut self, now: i64) {
        for _ in 0..100_000 {
            self.advance(now, 10_000);
            if !self.merged.is_behind() {
                return;
            }
        }
        panic!("it never catches up");
    }

    /// Everything that is merged, with the place of its source.
    fn shown(&self) -> Vec<(usize, String)> {
        let lines = self.merged.ring.window(0, usize::MAX);
        let origin = |line: &crate::app::logs::ring::Line<'_>| usize::from(line.origin.unwrap());
        lines
            .map(|line| (origin(&line), line.text.to_owned()))
            .collect()
    }

    fn texts(&self) -> Vec<String> {
        self.shown().into_iter().map(|(_, text)| text).collect()
    }
}

fn sources(rings: &[Ring], opened_at: Option<Timestamp>) -> Vec<Source<'_>> {
    let source = |ring| Source {
        ring: Some(ring),
        is_live: true,
        opened_at,
    };
    rings.iter().map(source).collect()
}

/// Lines of some sources, in the order in which they arrive, each at most so late.
fn sent(count: usize, latest: i64) -> impl Strategy<Value = Vec<Sent>> {
    let line = (0..count, 0..400_i64, 0..=latest);
    prop::collection::vec(line, 0..80).prop_map(move |steps| {
        let (mut now, mut newest) = (0, vec![i64::MIN; count]);
        let lines = steps.into_iter().enumerate();
        let lines = lines.map(|(place, (source, pause, late))| {
            now += pause;
            // Time within a source never goes back.
            let written = (now - late).max(newest[source]);
            newest[source] = written;
            Sent {
                source,
                arrived: now,
                written,
                text: format!("line {place}"),
            }
        });
        lines.collect()
    })
}

/// Plays what arrives, with slices of these sizes in turn.
fn play(count: usize, lines: &[Sent], slices: &[usize]) -> Bench {
    let mut bench = Bench::new(count);
    let mut slices = slices.iter().copied().cycle();
    let mut now = 0;
    for instant in lines.chunk_by(|a, b| a.arrived == b.arrived) {
        now = instant[0].arrived;
        for line in instant {
            bench.push(line.source, &output(Some(line.written), &line.text));
        }
        bench.advance(now, slices.next().unwrap());
    }
    bench.settle(now + 10_000);
    bench
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(128))]

    #[test]
    fn within_the_window_lines_are_in_the_order_of_their_times(
        lines in sent(3, 1_400),
        slices in prop::collection::vec(1..2_000_usize, 1..5),
    ) {
        let bench = play(3, &lines, &slices);
        let mut expected = lines.clone();
        expected.sort_by_key(|line| (line.written, line.source));
        let expected: Vec<_> = expected.into_iter().map(|it| (it.source, it.text)).collect();
        prop_assert_eq!(bench.shown(), expected);
    }

    #[test]
    fn nothing_is_lost_and_nothing_comes_twice_however_late_it_is(
        lines in sent(4, 60_000),
        slices in prop::collection::vec(1..2_000_usize, 1..5),
    ) {
        let bench = play(4, &lines, &slices);
        for source in 0..4 {
            let sent = lines.iter().filter(|line| line.source == source);
            let sent: Vec<_> = sent.map(|line| line.text.clone()).collect();
            let shown = bench.shown().into_iter();
            let shown = shown.filter(|(of, text)| *of == source && text.starts_with("line "));
            let shown: Vec<_> = shown.map(|(_, text)| text).collect();
            prop_assert_eq!(shown, sent, "source {}", source);
        }
    }

    #[test]
    fn the_slices_make_no_difference(
        lines in sent(3, 20_000),
        slices in prop::collection::vec(1..2_000_usize, 1..5),
    ) {
        let at_once = play(3, &lines, &[usize::MAX]);
        prop_assert_eq!(play(3, &lines, &slices).shown(), at_once.shown());
    }

    #[test]
    fn what_a_source_drops_is_counted_and_what_is_merged_is_the_tail(
        lines in sent(2, 1_000),
        kept in 1..20_usize,
        slices in prop::collection::vec(1..300_usize, 1..5),
    ) {
        let mut bench = Bench::of((0..2).map(|_| Ring::with_limits(kept, usize::MAX)).collect(), 0);
        for (line, slice) in lines.iter().zip(slices.iter().cycle()) {
            bench.push(line.source, &output(Some(line.written), &line.text));
            bench.advance(line.arrived, *slice);
        }
        bench.settle(1_000_000);
        let missed = |text: &str| text.split_once(" dropped").and_then(|(words, _)| {
            words.split(' ').next().unwrap().parse::<usize>().ok()
        });
        let (mut taken, mut lost) = (0, 0);
        for text in bench.texts() {
            match missed(&text) {
                Some(count) => lost += count,
                None => taken += 1,
            }
        }
        prop_assert_eq!(taken + lost, lines.len());
    }

    #[test]
    fn all_that_was_there_before_is_merged_by_time(lines in sent(3, 0), kept in 1..50_usize) {
        let mut rings: Vec<_> = (0..3).map(|_| Ring::default()).collect();
        for line in &lines {
            rings[line.source].push(&output(Some(line.written), &line.text));
        }
        let mut bench = Bench::of(rings, 100_000);
        bench.merged.ring = Ring::with_limits(kept, usize::MAX);
        bench.settle(100_000);
        let mut expected = lines.clone();
        expected.sort_by_key(|line| (line.written, line.source));
        let gone = expected.len().saturating_sub(kept);
        let expected: Vec<_> = expected[gone..].iter().map(|line| line.text.clone()).collect();
        prop_assert_eq!(bench.texts(), expected);
        prop_assert_eq!(bench.merged.ring.dropped(), gone as u64);
    }
}

#[test]
fn a_quiet_source_is_waited_for_a_moment_and_no_longer() {
    let mut bench = Bench::new(2);
    bench.push(0, &output(Some(0), "a"));
    bench.advance(0, usize::MAX);
    assert_eq!(bench.texts(), [""; 0]);
    assert_eq!(bench.merged.due_at(), Some(at(1_500)));
    bench.advance(1_499, usize::MAX);
    assert_eq!(bench.texts(), [""; 0]);
    bench.advance(1_500, usize::MAX);
    assert_eq!(bench.texts(), ["a"]);
    assert_eq!(bench.merged.due_at(), None, "nothing is waited for");
}

#[test]
fn a_line_of_the_other_source_ends_the_wait() {
    let mut bench = Bench::new(2);
    bench.push(0, &output(Some(10), "a"));
    bench.advance(20, usize::MAX);
    bench.push(1, &output(Some(5), "b"));
    bench.advance(30, usize::MAX);
    assert_eq!(bench.texts(), ["b"]);
    bench.push(1, &output(Some(40), "c"));
    bench.advance(40, usize::MAX);
    assert_eq!(bench.texts(), ["b", "a"]);
}

#[test]
fn late_lines_are_shown_where_they_come_and_said_to_be_late_once_a_minute() {
    let mut bench = Bench::new(2);
    bench.push(0, &output(Some(100_000), "now"));
    bench.settle(102_000);
    bench.settle(104_000);
    for n in 0..3 {
        bench.push(1, &output(Some(60_000 + n), "late"));
        bench.settle(105_000 + n * 4_000);
        bench.settle(107_000 + n * 4_000);
    }
    assert_eq!(
        bench.texts(),
        ["now", "lines come 45s late", "late", "late", "late"]
    );
    let written = bench.merged.ring.last().unwrap().at;
    assert_eq!(written, Some(at(60_002)), "it keeps its own time");
    bench.push(1, &output(Some(60_003), "later"));
    bench.settle(170_000);
    bench.settle(172_000);
    let again = bench.texts().into_iter().nth(5);
    assert_eq!(again.as_deref(), Some("lines come 1m 49s late"));
}

#[test]
fn a_clock_that_is_ahead_is_told_once_and_holds_nobody_back() {
    let mut bench = Bench::new(2);
    bench.push(1, &output(Some(38_000), "from the future"));
    bench.push(0, &output(Some(0), "a"));
    bench.advance(100, usize::MAX);
    bench.push(1, &output(Some(38_200), "again"));
    bench.push(0, &output(Some(200), "b"));
    bench.settle(300);
    bench.settle(2_000);
    assert_eq!(
        bench.texts(),
        [
            "a",
            "its clock is 37s ahead",
            "from the future",
            "b",
            "again"
        ]
    );
}

#[test]
fn a_line_without_a_time_stays_below_the_one_before_it() {
    let mut bench = Bench::new(2);
    bench.push(0, &output(Some(10), "error"));
    bench.push(0, &output(None, "  at main"));
    bench.push(0, &output(Some(30), "done"));
    bench.push(1, &output(Some(20), "other"));
    bench.settle(5_000);
    bench.settle(7_000);
    assert_eq!(bench.texts(), ["error", "  at main", "other", "done"]);
}

#[test]
fn a_remark_stands_before_the_lines_it_is_about() {
    let mut bench = Bench::new(2);
    bench.push(0, &LogLine::mark(None, "its log"));
    bench.push(0, &output(Some(10), "a"));
    bench.push(0, &LogLine::mark(Some(at(900)), "not followed"));
    bench.push(0, &output(Some(50), "b"));
    bench.push(1, &output(Some(20), "other"));
    bench.push(1, &output(Some(60), "more"));
    bench.settle(1_000);
    bench.settle(4_000);
    assert_eq!(
        bench.texts(),
        ["its log", "a", "other", "not followed", "b", "more"]
    );
}

#[test]
fn what_a_log_begins_with_is_put_where_it_belongs() {
    let mut bench = Bench::new(2);
    bench.push(0, &output(Some(100_000), "now"));
    bench.opened_at = Some(at(100_500));
    bench.settle(102_000);
    bench.settle(104_000);
    bench.push(1, &output(Some(50_000), "history"));
    bench.settle(105_000);
    bench.settle(106_600);
    assert_eq!(bench.texts(), ["now", "history"], "at once");
    assert_eq!(bench.merged.due_at(), Some(at(108_000)));
    assert!(matches!(
        bench.advance(108_000, usize::MAX),
        Change::Nothing
    ));
    assert!(matches!(
        bench.advance(108_000, usize::MAX),
        Change::Anew(_)
    ));
    assert_eq!(bench.texts(), ["history", "now"], "then by time");
    assert!(!bench.merged.is_behind());
}

#[test]
fn another_source_is_merged_in_while_what_is_there_stays_in_sight() {
    let mut bench = Bench::new(2);
    for n in 0..100_i64 {
        let source = usize::from(n % 2 == 1);
        bench.push(source, &output(Some(n), &format!("line {n}")));
    }
    bench.settle(10_000);
    bench.settle(12_000);
    let mut third = Ring::default();
    third.push(&output(Some(50), "third"));
    bench.rings.push(third);
    let logs = sources(&bench.rings, None);
    bench.merged.turn_to(envs(3), &logs, at(12_000));
    assert_eq!(bench.merged.wanted().len(), 3);
    bench.advance(12_000, 500);
    assert_eq!(
        (bench.merged.ring.len(), bench.merged.sources.len()),
        (100, 2)
    );
    let change = loop {
        match bench.advance(12_000, 500) {
            Change::Nothing | Change::More => {}
            Change::Anew(before) => break before,
        }
    };
    assert_eq!(
        (bench.merged.ring.len(), bench.merged.sources.len()),
        (101, 3)
    );
    let place = same_place(&change, change.start() + 60, &bench.merged.ring);
    assert_eq!(
        bench.merged.ring.get(place.unwrap()).unwrap().text,
        "line 60"
    );
}

#[test]
fn a_source_that_was_emptied_and_one_that_is_another_now_are_taken_up() {
    let mut bench = Bench::new(2);
    bench.push(0, &output(Some(0), "a"));
    bench.settle(3_000);
    bench.settle(5_000);
    bench.push(0, &output(Some(5_000), "b"));
    bench.rings[0].clear();
    bench.push(0, &output(Some(5_001), "c"));
    bench.settle(6_000);
    bench.settle(8_000);
    assert_eq!(
        bench.texts(),
        ["a", "1 line was dropped before merging", "c"]
    );
    bench.rings[0] = Ring::default();
    bench.push(0, &output(Some(9_000), "d"));
    bench.settle(9_000);
    bench.settle(11_000);
    assert_eq!(bench.texts().last().unwrap(), "d");
}

#[test]
fn a_clock_that_is_set_back_stops_nothing() {
    let mut bench = Bench::new(2);
    bench.push(0, &output(Some(90_000), "a"));
    bench.advance(90_000, usize::MAX);
    bench.advance(10_000, usize::MAX);
    bench.advance(11_500, usize::MAX);
    assert_eq!(bench.texts(), ["a"]);
}
