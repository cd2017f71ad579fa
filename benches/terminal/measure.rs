//! The measurements: each with a program of its own, started for it.

use std::thread;
use std::time::{Duration, Instant};

use super::served::{Filed, LOG, Served, Source, pager, wall};
use super::stage::{PATIENCE, Stage, has, ms, numbered, rows};
use super::table::{Limit, Table, share};

const NONE: Limit = Limit::None;

/// How long and how much.
#[derive(Clone, Copy)]
pub(crate) struct Extent {
    /// Seconds of fifty thousand lines each.
    pub(crate) flood: u64,
    /// Seconds of two thousand lines each.
    pub(crate) steady: u64,
}

/// The number before a word in the title of the dashboard's log, `… 1 250 lines`.
fn number(row: &str, word: &str) -> Option<u64> {
    let (before, _) = row.split_once(&format!(" {word}"))?;
    let digits: Vec<char> = before
        .chars()
        .rev()
        .take_while(|c| c.is_ascii_digit() || *c == ' ')
        .filter(char::is_ascii_digit)
        .collect();
    digits.into_iter().rev().collect::<String>().parse().ok()
}

/// All lines that ever came, as the title counts them: kept and dropped.
fn counted(screen: &vt100::Screen) -> u64 {
    let title = rows(screen).into_iter().find(|row| row.contains("Logs  "));
    let Some(title) = title else {
        return 0;
    };
    let of = |word| number(&title, word).unwrap_or(0);
    of("lines") + of("dropped")
}

/// Waits for the line with a number.
fn arrived(stage: &Stage, line: u64) -> Option<Instant> {
    stage.within(PATIENCE, |screen| {
        numbered(screen)
            .last()
            .is_some_and(|(last, _)| *last >= line)
    })
}

/// What a flood did to a program.
struct Flooded {
    answers: Vec<f64>,
    missed: usize,
    cpu: f64,
    bytes: f64,
    memory: (f64, f64),
}

/// Presses keys while lines come.
fn flooded(source: &mut dyn Source, stage: &mut Stage, seconds: u64) -> Flooded {
    let lines = seconds * 50_000;
    let before = source.written();
    source.write(50_000, lines);
    arrived(stage, before + 1);
    let (cpu, bytes) = (stage.cpu(), stage.bytes());
    let (mut answers, mut missed, mut half) = (Vec::new(), 0, None);
    while source.written() < before + lines {
        for (key, shown) in [("?", true), ("\u{1b}", false)] {
            match stage.answer(key, |screen| has(screen, "Keys in Logs") == shown) {
                Some(time) => answers.push(time),
                None => missed += 1,
            }
            thread::sleep(Duration::from_millis(60));
        }
        if half.is_none() && source.written() > before + lines / 2 {
            half = Some(stage.memory());
        }
    }
    arrived(stage, before + lines - 1);
    Flooded {
        answers,
        missed,
        cpu: stage.cpu() - cpu,
        #[expect(clippy::cast_precision_loss, reason = "a few megabytes")]
        bytes: (stage.bytes() - bytes) as f64,
        memory: (half.unwrap_or_else(|| stage.memory()), stage.memory()),
    }
}

/// Fifty thousand lines a second: rows 12, 13 and the second half of 14.
#[expect(clippy::cast_precision_loss, reason = "counts that fit into a table")]
pub(crate) fn flood(table: &mut Table, extent: Extent) {
    let mut served = Served::new();
    let mut stage = served.open();
    let before = stage.look(counted);
    let own = flooded(&mut served, &mut stage, extent.flood);
    let all = before + served.written();
    let end = stage.within(PATIENCE, |screen| counted(screen) >= all);
    // A gap is a line of its own: what is counted beyond what was written are gaps.
    let gaps = end.map_or(f64::NAN, |_| (stage.look(counted) - all) as f64);
    drop(stage);
    let mut filed = Filed::new();
    let mut stage = filed.open();
    let bare = flooded(&mut filed, &mut stage, extent.flood);
    let p95 = |of: &Flooded| share(&of.answers, 0.95);
    let zero = (Limit::Most(0.0), Limit::Most(0.0));
    table.add(
        (12, "keys without an answer at 50,000 lines/s", "of all"),
        own.missed as f64,
        zero,
    );
    let limits = (Limit::Most(16.7), Limit::Most(3.0));
    table.compare(
        (12, "a key, p95, at 50,000 lines/s", "ms"),
        (p95(&own), p95(&bare)),
        limits,
    );
    table.add((12, "gaps inside the buffer", "number"), gaps, zero);
    let limits = (Limit::Times(5.0), Limit::Times(3.0));
    let seconds = extent.flood as f64;
    let cpu = |of: &Flooded| of.cpu / seconds;
    table.compare(
        (13, "CPU at 50,000 lines/s", "ms/s"),
        (cpu(&own), cpu(&bare)),
        limits,
    );
    let output = |of: &Flooded| of.bytes / seconds / 1_000.0;
    let limits = (Limit::Most(150.0), NONE);
    table.compare(
        (13, "output at 50,000 lines/s", "kB/s"),
        (output(&own), output(&bare)),
        limits,
    );
    let growth = 100.0 * (own.memory.1 / own.memory.0 - 1.0);
    let limits = (Limit::Most(5.0), Limit::Most(1.0));
    table.add((14, "memory grows at the cap", "%"), growth, limits);
    let mib = own.memory.1 / (1024.0 * 1024.0);
    table.add((14, "memory with a full log", "MiB"), mib, (NONE, NONE));
}

/// Memory for each further line, below the cap.
pub(crate) fn memory(table: &mut Table) {
    /// What a line is in bytes.
    const TEXT: f64 = 100.0;
    // The adapter remembers the last 20,000 of whatever comes, to tell after a cut what came twice.
    const FIRST: u64 = 25_000;
    const MORE: u64 = 70_000;
    let a_line = |source: &mut dyn Source| {
        let stage = source.open();
        source.write(15_000, FIRST);
        arrived(&stage, FIRST - 1);
        let first = stage.memory();
        source.write(15_000, MORE);
        arrived(&stage, FIRST + MORE - 1);
        #[expect(clippy::cast_precision_loss, reason = "a number in the thousands")]
        let lines = MORE as f64;
        (stage.memory() - first) / lines
    };
    let own = a_line(&mut Served::new());
    let bare = a_line(&mut Filed::new());
    let limits = (Limit::Most(TEXT * 1.1 + 16.0), Limit::Most(TEXT + 8.0));
    table.compare(
        (14, "memory for a line of 100 bytes", "bytes"),
        (own, bare),
        limits,
    );
}

/// A hundred thousand lines at once, then looking for something in them: rows 15 and 16. What runs is
/// opened with few lines, so that so many at once come to a log that is open already.
pub(crate) fn opened(table: &mut Table) {
    const LINES: u64 = 100_000;
    let mut served = Served::new();
    let mut stage = served.open();
    let own = burst(&mut served, &stage, LINES);
    let mut filed = Filed::new();
    let bare_stage = filed.open();
    let bare = burst(&mut filed, &bare_stage, LINES);
    drop(bare_stage);
    let limits = (Limit::Most(50.0), NONE);
    table.compare(
        (15, "100,000 lines: the first in sight", "ms"),
        (own.0, bare.0),
        limits,
    );
    let limits = (Limit::Times(3.0), Limit::Times(1.5));
    table.compare(
        (15, "100,000 lines: the last in sight", "ms"),
        (own.1, bare.1),
        limits,
    );
    let received = Served::new().received(LINES);
    table.add(
        (15, "the same, first received and not shown", "ms"),
        received.0,
        (NONE, NONE),
    );
    table.add(
        (15, "the same, last received and not shown", "ms"),
        received.1,
        (NONE, NONE),
    );
    served.say("the needle");
    stage.when("the needle", |screen| has(screen, "the needle"));
    let (hit, keys) = search(&mut stage);
    let limits = (Limit::Most(50.0), Limit::Most(10.0));
    table.add(
        (16, "search to a hit in the last of 100,000", "ms"),
        hit,
        limits,
    );
    let limits = (Limit::Most(16.7), Limit::Most(10.0));
    table.add(
        (16, "a key while a search goes on, p95", "ms"),
        keys,
        limits,
    );
    filed.settle();
    filed.say("the needle");
    if let Some(mut less) = pager(&filed.path()) {
        less.types("/the needle");
        thread::sleep(Duration::from_millis(200));
        let hit = less.answer("\r", |screen| is_lit(screen, "needle"));
        table.add(
            (16, "the same in less", "ms"),
            hit.unwrap_or(f64::NAN),
            (NONE, NONE),
        );
    }
}

/// From when lines were written at once to the first and to the last of them on the screen.
fn burst(source: &mut dyn Source, stage: &Stage, lines: u64) -> (f64, f64) {
    source.write(100_000_000, lines);
    let mut written = None;
    let first = stage.when("a line", |screen| {
        written = numbered(screen).first().map(|(_, at)| *at);
        written.is_some()
    });
    let (now, at) = (wall(), Instant::now());
    let last = arrived(stage, lines - 1);
    let ago = Duration::from_micros(now.saturating_sub(written.unwrap_or(now)));
    let begun = at.checked_sub(ago).unwrap_or(at);
    let since = |at: Instant| ms(at.saturating_duration_since(begun));
    (since(first), last.map_or(f64::NAN, since))
}

/// Whether a text is in sight and stands out.
fn is_lit(screen: &vt100::Screen, text: &str) -> bool {
    rows(screen).iter().zip(0..).any(|(row, y)| {
        let column = row.find(text).map(|at| row[..at].chars().count());
        let cell = column.and_then(|x| screen.cell(y, u16::try_from(x).ok()?));
        cell.is_some_and(|cell| {
            cell.inverse() || cell.underline() || cell.bgcolor() != vt100::Color::Default
        })
    })
}

/// From the key that begins a search at the top to its hit at the bottom; and keys pressed while one
/// goes on that finds nothing.
fn search(stage: &mut Stage) -> (f64, f64) {
    stage.types("g");
    stage.within(PATIENCE, |screen| !has(screen, "the needle"));
    stage.types("/the needle");
    if stage
        .within(Duration::from_secs(2), |screen| has(screen, "/the needle"))
        .is_none()
    {
        stage.types("\u{1b}");
        return (f64::NAN, f64::NAN);
    }
    let hit = stage.answer("\r", |screen| is_lit(screen, "the needle"));
    escape(stage);
    let mut keys = Vec::new();
    for round in 0..5 {
        stage.types(&format!("/t=[0-9]*[a-z]{{3}}{round}\r"));
        for (key, shown) in [("?", true), ("\u{1b}", false)] {
            let answer = stage.answer(key, |screen| has(screen, "Keys in Logs") == shown);
            keys.push(answer.unwrap_or(2_000.0));
        }
        escape(stage);
    }
    (hit.unwrap_or(f64::NAN), share(&keys, 0.95))
}

/// Escape, and nothing for a moment: with what follows at once it would be another key.
fn escape(stage: &mut Stage) {
    stage.types("\u{1b}");
    thread::sleep(Duration::from_millis(200));
}

/// How far the screen is behind what was written, line by line: row 17.
#[expect(clippy::cast_precision_loss, reason = "counts that fit into a table")]
pub(crate) fn lag(table: &mut Table, extent: Extent) {
    let mut served = Served::new();
    let stage = served.open();
    let before = stage.look(counted);
    let lines = extent.steady * 2_000;
    served.write(2_000, lines);
    let (mut lags, mut newest) = (Vec::new(), None);
    let patience = Duration::from_secs(extent.steady) + PATIENCE;
    stage.within(patience, |screen| {
        let now = wall();
        for (line, at) in numbered(screen) {
            if newest.is_none_or(|newest| line > newest) {
                lags.push(now.saturating_sub(at) as f64 / 1_000.0);
                newest = Some(line);
            }
        }
        newest == Some(lines - 1)
    });
    let all = before + lines;
    stage.within(Duration::from_secs(5), |screen| counted(screen) >= all);
    let counted = stage.look(counted) as f64 - all as f64;
    let most = (Limit::Most(500.0), Limit::Most(150.0));
    table.add(
        (17, "behind the server at 2,000 lines/s, p50", "ms"),
        share(&lags, 0.5),
        (NONE, NONE),
    );
    table.add(
        (17, "behind the server at 2,000 lines/s, p95", "ms"),
        share(&lags, 0.95),
        most,
    );
    table.add(
        (17, "behind the server at 2,000 lines/s, max", "ms"),
        share(&lags, 1.0),
        (most.0, NONE),
    );
    let zero = (Limit::Most(0.0), Limit::Most(0.0));
    table.add((17, "lines lost", "number"), (-counted).max(0.0), zero);
    table.add(
        (17, "lines twice, or gaps", "number"),
        counted.max(0.0),
        zero,
    );
    assert!(
        stage.look(|screen| has(screen, LOG)),
        "the log is still there"
    );
}
