//! What is shown and found depends on what is in the ring and on what is asked, never on the way there.

use proptest::prelude::*;

use crate::app::logs::find::Finder;
use crate::app::logs::query::{LineFilter, Pattern};
use crate::app::logs::ring::{FIRST, LineNo, Ring};
use crate::app::logs::sieve::{Budget, Sieve};
use crate::model::{LineKind, LogLine, Text};

const FILTERS: [&str; 7] = ["", "a", "level:error", "-b", "-level:warn", "a b", "zzz"];
const SEARCHES: [&str; 4] = ["", "a", "c|", "mark"];

#[derive(Clone, Debug)]
enum Step {
    Push(Vec<u8>),
    Older(Vec<u8>),
    Advance(usize),
    Filter(usize),
    Context(usize),
    Search(usize),
    From(u64),
    Clear,
    Restart,
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        6 => proptest::collection::vec(any::<u8>(), 0..12).prop_map(Step::Push),
        2 => proptest::collection::vec(any::<u8>(), 0..12).prop_map(Step::Older),
        6 => prop::sample::select(vec![1usize, 60, 300, 2_000]).prop_map(Step::Advance),
        2 => (0..FILTERS.len()).prop_map(Step::Filter),
        2 => prop::sample::select(vec![0usize, 1, 3, 10]).prop_map(Step::Context),
        2 => (0..SEARCHES.len()).prop_map(Step::Search),
        2 => (0u64..60).prop_map(Step::From),
        1 => Just(Step::Clear),
        1 => Just(Step::Restart),
    ]
}

fn line(what: u8) -> LogLine {
    let words = ["a", "b", "c", "a b", "ERROR a", "WARN b", "  at c", "mark"];
    let text = words[usize::from(what) % words.len()];
    if text == "mark" {
        return LogLine::mark(None, text);
    }
    let source = if what < 128 { "web" } else { "worker" };
    LogLine::output(None, Text::clean(source), text)
}

struct Looks {
    sieve: Sieve,
    finder: Finder,
}

impl Looks {
    fn advance(&mut self, ring: &Ring, budget: &mut Budget) {
        self.sieve.advance(ring, budget);
        self.finder.advance(ring, &self.sieve, budget);
    }

    fn finish(&mut self, ring: &Ring) {
        while self.sieve.is_behind(ring) || self.finder.is_behind(ring, &self.sieve) {
            self.advance(ring, &mut Budget::of(100));
        }
        self.advance(ring, &mut Budget::of(100));
    }

    /// The lines that are shown and whether each is context, and what is told of the search.
    fn told(&self, ring: &Ring) -> (Vec<(LineNo, bool)>, (usize, usize, bool)) {
        let lines = (0..self.sieve.len(ring)).filter_map(|rank| self.sieve.nth(ring, rank));
        let lines = lines.map(|no| (no, self.sieve.is_context(no)));
        (lines.collect(), self.finder.position())
    }
}

/// The same, by looking at every line and all around it.
fn plainly(
    ring: &Ring,
    filter: Option<&LineFilter>,
    context: usize,
    pattern: Option<&Pattern>,
) -> (Vec<(LineNo, bool)>, (usize, usize, bool)) {
    let near = context as u64;
    let lines: Vec<_> = ring.window(0, usize::MAX).collect();
    let fits = |at: &crate::app::logs::ring::Line<'_>| {
        at.kind == LineKind::Output && filter.is_none_or(|filter| filter.fits(at, None))
    };
    let mut shown = Vec::new();
    let mut hits = 0;
    for own in &lines {
        let is_own = fits(own) || own.kind == LineKind::Mark;
        let is_near = lines
            .iter()
            .any(|other| fits(other) && other.no.abs_diff(own.no) <= near);
        if is_own || is_near {
            shown.push((own.no, !is_own));
            hits += usize::from(pattern.is_some_and(|pattern| pattern.is_found(own.text)));
        }
    }
    (shown, (0, hits, false))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]
    #[test]
    fn the_way_to_what_is_shown_leaves_no_trace(
        steps in proptest::collection::vec(step(), 0..60),
        limit in 1usize..40,
    ) {
        let mut ring = Ring::with_limits(limit, usize::MAX);
        let mut looks = Looks { sieve: Sieve::default(), finder: Finder::default() };
        let (mut filter, mut context, mut pattern) = (None, 0, None);
        for step in steps {
            match step {
                Step::Push(lines) => lines.into_iter().for_each(|what| ring.push(&line(what))),
                Step::Older(lines) => {
                    let lines: Vec<_> = lines.into_iter().map(line).collect();
                    ring.prepend(&lines);
                }
                Step::Advance(bytes) => looks.advance(&ring, &mut Budget::of(bytes)),
                Step::Filter(at) => {
                    filter = LineFilter::parse(FILTERS[at]).unwrap();
                    looks.sieve.set(filter.clone(), context);
                }
                Step::Context(lines) => {
                    context = lines;
                    looks.sieve.set(filter.clone(), context);
                }
                Step::Search(at) => {
                    let typed = SEARCHES[at];
                    pattern = (!typed.is_empty()).then(|| Pattern::parse(typed).unwrap());
                    looks.finder.set(pattern.clone());
                }
                Step::From(no) => {
                    looks.sieve.begin_at(FIRST + no);
                    looks.finder.begin_at(FIRST + no);
                }
                Step::Clear => ring.clear(),
                Step::Restart => {
                    looks.sieve.restart();
                    looks.finder.restart();
                }
            }
            // What is shown is there, in order, whatever was looked at.
            let (lines, _) = looks.told(&ring);
            prop_assert!(lines.windows(2).all(|two| two[0].0 < two[1].0));
            prop_assert!(lines.iter().all(|(no, _)| ring.get(*no).is_some()));
        }
        looks.finish(&ring);
        prop_assert!(!looks.sieve.is_behind(&ring));
        let plain = plainly(&ring, filter.as_ref(), context, pattern.as_ref());
        prop_assert_eq!(looks.told(&ring), plain);
    }
}

/// The lines that are shown, counted from the first that was ever pushed.
fn shown(sieve: &Sieve, ring: &Ring) -> Vec<u64> {
    let lines = (0..sieve.len(ring)).filter_map(|rank| sieve.nth(ring, rank));
    lines.map(|no| no - FIRST).collect()
}

#[test]
fn lines_around_are_shown_once_and_go_with_the_line_they_are_there_for() {
    let mut ring = Ring::with_limits(8, usize::MAX);
    for text in ["x", "x", "hit", "x", "x", "hit", "x", "x"] {
        ring.push(&LogLine::output(None, Text::default(), text));
    }
    let mut sieve = Sieve::default();
    sieve.set(LineFilter::parse("hit").unwrap(), 1);
    sieve.advance(&ring, &mut Budget::of(usize::MAX));
    assert_eq!(shown(&sieve, &ring), [1, 2, 3, 4, 5, 6]);
    assert_eq!(
        (
            sieve.fitting(&ring),
            sieve.is_context(FIRST + 3),
            sieve.is_context(FIRST + 2)
        ),
        (2, true, false)
    );
    for _ in 0..3 {
        ring.push(&LogLine::output(None, Text::default(), "x"));
    }
    sieve.advance(&ring, &mut Budget::of(usize::MAX));
    assert_eq!(shown(&sieve, &ring), [4, 5, 6]);
    let after = |no| sieve.at_or_after(&ring, FIRST + no).map(|no| no - FIRST);
    let before = |no| sieve.at_or_before(&ring, FIRST + no).map(|no| no - FIRST);
    assert_eq!(
        (after(0), after(7), before(99), before(3)),
        (Some(4), None, Some(6), None)
    );
    let away = |no, by| sieve.away(&ring, FIRST + no, by).map(|no| no - FIRST);
    assert_eq!((away(5, -9), away(5, 1)), (Some(4), Some(6)));
}

#[test]
fn marks_are_shown_whatever_the_filter() {
    let mut ring = Ring::default();
    ring.push(&LogLine::mark(None, "not followed for 12s"));
    ring.push(&LogLine::output(None, Text::default(), "a"));
    let mut sieve = Sieve::default();
    sieve.set(LineFilter::parse("level:error -a -followed").unwrap(), 0);
    sieve.advance(&ring, &mut Budget::of(usize::MAX));
    assert_eq!((shown(&sieve, &ring), sieve.fitting(&ring)), (vec![0], 0));
}

#[test]
fn what_is_in_sight_is_looked_at_first() {
    let mut ring = Ring::default();
    for n in 0..1_000 {
        ring.push(&LogLine::output(None, Text::default(), &format!("hit {n}")));
    }
    let mut sieve = Sieve::default();
    sieve.set(LineFilter::parse("hit").unwrap(), 0);
    sieve.begin_at(FIRST + 990);
    sieve.advance(&ring, &mut Budget::of(15 * 55));
    assert_eq!(shown(&sieve, &ring), (985..1_000).collect::<Vec<_>>());
    assert!(sieve.is_behind(&ring));
}
