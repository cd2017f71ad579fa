//! The store of a log: cleaning, levels, keeping, looking through. 100,000 lines, beside a bare arena
//! (one `String` and the ends of its lines), which is the least a follower can do.
#![expect(
    clippy::expect_used,
    clippy::print_stderr,
    reason = "a bench that cannot be set up ends; one tells of memory and not of time"
)]

use divan::{Bencher, black_box};
use flightdeck::app::logs::find::Finder;
use flightdeck::app::logs::query::{LineFilter, Pattern};
use flightdeck::app::logs::ring::{FIRST, Ring};
use flightdeck::app::logs::sieve::{Budget, Sieve};
use flightdeck::model::{LogLine, Text, clean_line};
use jiff::Timestamp;

const LINES: usize = 100_000;
const ROWS: usize = 60;

const PLAIN: &str =
    "2026-03-02 14:02:11.123  INFO 1 --- [main] c.example.Cart : GET /cart/4711 200 in 21 ms";
const COLOURED: &str = "\u{1b}[2m14:02:11\u{1b}[0m \u{1b}[32mINFO\u{1b}[0m \u{1b}[1mcart\u{1b}[0m GET /cart/4711 \u{1b}[32m200\u{1b}[0m in 21 ms";
const JSON: &str = r#"{"level":30,"time":1772460131123,"pid":42,"hostname":"web-1","req":{"method":"GET","url":"/cart/4711"},"responseTime":21,"msg":"request completed"}"#;
const FOREIGN: &str =
    "2026-03-02 14:02:11 INFO Zahlung über 4’711 € für „Müller & Söhne“ bestätigt ✅";

fn main() {
    divan::main();
}

/// A log in one piece.
#[derive(Default)]
struct Bare {
    text: String,
    ends: Vec<u32>,
}

impl Bare {
    fn push(&mut self, line: &str) {
        self.text.push_str(line);
        self.ends
            .push(u32::try_from(self.text.len()).unwrap_or(u32::MAX));
    }

    fn get(&self, index: usize) -> Option<&str> {
        let begin = index.checked_sub(1).map_or(0, |before| self.ends[before]);
        self.text
            .get(begin as usize..*self.ends.get(index)? as usize)
    }
}

fn raw() -> Vec<String> {
    let line = |n: usize| match n {
        n if n + 1 == LINES => "14:02:11 ERROR the needle in the haystack".to_owned(),
        n => format!(
            "10.0.0.{} - GET /api/v1/things?page={n} 200 512 0.021",
            n % 256
        ),
    };
    (0..LINES).map(line).collect()
}

fn lines() -> Vec<LogLine> {
    let line = |(n, raw): (usize, String)| {
        let at = 1_700_000_000_000 + i64::try_from(n).unwrap_or(0);
        LogLine::output(
            Timestamp::from_millisecond(at).ok(),
            Text::clean("web.1"),
            &raw,
        )
    };
    raw().into_iter().enumerate().map(line).collect()
}

fn full() -> Ring {
    let mut ring = Ring::default();
    for line in &lines() {
        ring.push(line);
    }
    ring
}

fn full_bare() -> Bare {
    let mut bare = Bare::default();
    for line in &raw() {
        bare.push(line);
    }
    bare
}

#[divan::bench(args = [PLAIN, COLOURED, JSON, FOREIGN])]
fn clean(raw: &str) -> usize {
    clean_line(black_box(raw.as_bytes())).0.len()
}

/// Cleaned, and its level recognised.
#[divan::bench(args = [PLAIN, COLOURED, JSON, FOREIGN, "GET /cart/4711 200 in 21 ms, nothing to see"])]
fn line_with_level(raw: &str) -> LogLine {
    LogLine::output(None, Text::default(), black_box(raw))
}

#[divan::bench]
fn push_100_000(bencher: Bencher<'_, '_>) {
    let lines = lines();
    bencher.bench_local(|| {
        let mut ring = Ring::default();
        for line in &lines {
            ring.push(line);
        }
        ring
    });
}

#[divan::bench]
fn push_100_000_bare(bencher: Bencher<'_, '_>) {
    let lines = lines();
    bencher.bench_local(|| {
        let mut bare = Bare::default();
        for line in &lines {
            bare.push(&line.text);
        }
        bare
    });
}

/// From what came to what is kept: all that 50,000 lines a second cost beside their way here.
#[divan::bench]
fn clean_and_push_100_000(bencher: Bencher<'_, '_>) {
    let raw = raw();
    let source = Text::clean("web.1");
    bencher.bench_local(|| {
        let mut ring = Ring::default();
        for raw in &raw {
            ring.push(&LogLine::output(None, source.clone(), raw));
        }
        ring
    });
}

#[divan::bench]
fn push_into_a_full_ring_100_000(bencher: Bencher<'_, '_>) {
    let lines = lines();
    let mut ring = full();
    bencher.bench_local(|| {
        for line in &lines {
            ring.push(line);
        }
    });
}

#[divan::bench]
fn prepend_1_000(bencher: Bencher<'_, '_>) {
    let lines = lines();
    let (older, newer) = lines.split_at(1_000);
    let mut ring = Ring::default();
    for line in newer {
        ring.push(line);
    }
    bencher
        .with_inputs(|| ring.clone())
        .bench_local_values(|mut ring| {
            assert_eq!(ring.prepend(older), 1_000);
            ring
        });
}

#[divan::bench]
fn window_in_the_middle(bencher: Bencher<'_, '_>) {
    let ring = full();
    bencher.bench_local(|| {
        let shown = ring.window(black_box(FIRST + 50_000), ROWS);
        shown.map(|line| line.text.len()).sum::<usize>()
    });
}

#[divan::bench]
fn window_in_the_middle_bare(bencher: Bencher<'_, '_>) {
    let bare = full_bare();
    bencher.bench_local(|| {
        let shown = black_box(50_000)..50_000 + ROWS;
        shown
            .filter_map(|at| bare.get(at))
            .map(str::len)
            .sum::<usize>()
    });
}

#[divan::bench]
fn filter_100_000(bencher: Bencher<'_, '_>) {
    let ring = full();
    let filter = LineFilter::parse("needle").expect("a filter");
    bencher.bench_local(|| {
        let mut sieve = Sieve::default();
        sieve.set(filter.clone(), 0);
        while sieve.is_behind(&ring) {
            sieve.advance(&ring, &mut Budget::of(1 << 20));
        }
        sieve.len(&ring)
    });
}

#[divan::bench]
fn search_100_000(bencher: Bencher<'_, '_>) {
    let (ring, sieve) = (full(), Sieve::default());
    let pattern = Pattern::parse("needle").expect("a pattern");
    bencher.bench_local(|| {
        let mut finder = Finder::default();
        finder.set(Some(pattern.clone()));
        while finder.is_behind(&ring, &sieve) {
            finder.advance(&ring, &sieve, &mut Budget::of(1 << 20));
        }
        finder.count()
    });
}

#[divan::bench]
fn search_100_000_bare(bencher: Bencher<'_, '_>) {
    let bare = full_bare();
    let needle = regex::Regex::new("needle").expect("a pattern");
    bencher.bench_local(|| {
        let all = (0..LINES).filter_map(|at| bare.get(at));
        all.filter(|line| needle.is_match(line)).count()
    });
}

/// Not a time: what a line takes, printed once.
#[divan::bench(sample_count = 1, sample_size = 1)]
fn memory(bencher: Bencher<'_, '_>) {
    let (ring, bare) = (full(), full_bare());
    let per_line = |bytes: usize| bytes * 10 / LINES;
    let (all, text) = (per_line(ring.footprint()), per_line(bare.text.len()));
    eprintln!("tenths of a byte a line: {all} for {text} of text");
    bencher.bench_local(|| ring.footprint());
}
