//! What of a stream was handed over before, so that nothing comes twice after a cut.
//!
//! There is no token to go on with: a stream that is opened again begins with what was there. A
//! frame is recognised by its position in that: the first ones must be what was handed over, from
//! some place on and in that order, before any is left out. Never by its text alone, for
//! applications repeat themselves.

use std::collections::VecDeque;
use std::collections::hash_map::RandomState;
use std::hash::BuildHasher as _;

/// So many frames are remembered; the oldest are forgotten.
const MOST: usize = 100_000;

/// So many frames in a row that have no time are no coincidence.
const ENOUGH: usize = 8;

/// What is compared of a frame.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) struct Stamp<'a> {
    /// When it was written, as the server wrote that; empty where it does not say.
    pub(super) at: &'a str,
    /// All of it.
    pub(super) text: &'a str,
}

/// How far a stream was handed over, and what became of the newest connection to it.
#[derive(Debug)]
pub(super) struct Replay<T> {
    hasher: RandomState,
    /// What was handed over, in the order of the stream.
    given: VecDeque<u64>,
    /// How many of them were there when the connection began.
    known: usize,
    state: State<T>,
}

#[derive(Debug)]
enum State<T> {
    /// What comes is new.
    New,
    /// It is not clear yet where it begins: what came, and the places where that may be.
    Aligns {
        held: Vec<(u64, T)>,
        places: Vec<usize>,
    },
    /// What was handed over comes again.
    Repeats {
        /// The place of the next.
        place: usize,
        /// How many in a row were not found there.
        misses: usize,
    },
}

impl<T> Default for Replay<T> {
    fn default() -> Self {
        Self {
            hasher: RandomState::new(),
            given: VecDeque::new(),
            known: 0,
            state: State::New,
        }
    }
}

impl<T> Replay<T> {
    /// A connection begins.
    pub(super) fn begin(&mut self) {
        self.known = self.given.len();
        self.state = if self.given.is_empty() {
            State::New
        } else {
            State::Aligns {
                held: Vec::new(),
                places: Vec::new(),
            }
        };
    }

    /// What of a frame that comes, and of those that were held, is new.
    pub(super) fn take(&mut self, stamp: Stamp<'_>, frame: T) -> Vec<T> {
        let hash = self.hasher.hash_one(stamp);
        match std::mem::replace(&mut self.state, State::New) {
            State::New => vec![self.give(hash, frame)],
            State::Repeats { place, misses } => self.repeat(place, misses, hash, frame),
            State::Aligns { held, places } => {
                let is_sure = !stamp.at.is_empty();
                self.align(held, places, (hash, frame), is_sure)
            }
        }
    }

    /// Nothing more comes, for a while at least: what is held cannot be what was handed over, which
    /// comes at once and to its end.
    pub(super) fn settle(&mut self) -> Vec<T> {
        if !self.holds() {
            return Vec::new();
        }
        match std::mem::replace(&mut self.state, State::New) {
            State::Aligns { held, .. } => self.give_all(held),
            State::New | State::Repeats { .. } => Vec::new(),
        }
    }

    /// Whether it is not clear what of that which came is new.
    pub(super) fn holds(&self) -> bool {
        matches!(&self.state, State::Aligns { held, .. } if !held.is_empty())
    }

    fn align(
        &mut self,
        mut held: Vec<(u64, T)>,
        mut places: Vec<usize>,
        frame: (u64, T),
        is_sure: bool,
    ) -> Vec<T> {
        let hash = frame.0;
        if held.is_empty() {
            places = (0..self.known).collect();
        }
        let came = held.len();
        places.retain(|place| self.given.get(place + came) == Some(&hash));
        held.push(frame);
        let Some(first) = places.first() else {
            return self.give_all(held);
        };
        let place = first + held.len();
        // The one that reaches back furthest decides: all of it is more likely than its end.
        if place < self.known {
            self.state = if is_sure || held.len() >= ENOUGH {
                State::Repeats { place, misses: 0 }
            } else {
                State::Aligns { held, places }
            };
        }
        Vec::new()
    }

    /// What the server has left out of the repetition is gone; what it has put in is new.
    fn repeat(&mut self, place: usize, misses: usize, hash: u64, frame: T) -> Vec<T> {
        let mut rest = self.given.range(place..self.known);
        if let Some(further) = rest.position(|it| *it == hash) {
            let place = place + further + 1;
            if place < self.known {
                self.state = State::Repeats { place, misses: 0 };
            }
            return Vec::new();
        }
        if misses + 1 < ENOUGH && self.given.len() < MOST {
            self.given.insert(place, hash);
            self.known += 1;
            self.state = State::Repeats {
                place: place + 1,
                misses: misses + 1,
            };
            return vec![frame];
        }
        vec![self.give(hash, frame)]
    }

    fn give_all(&mut self, held: Vec<(u64, T)>) -> Vec<T> {
        let given = held.into_iter();
        given.map(|(hash, frame)| self.give(hash, frame)).collect()
    }

    /// Hands over what is new. From here on all is.
    fn give(&mut self, hash: u64, frame: T) -> T {
        self.given.push_back(hash);
        if self.given.len() > MOST {
            self.given.pop_front();
        }
        frame
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// What is new of what comes: `12:00 text`, or a text without a time.
    fn new(replay: &mut Replay<String>, came: &[impl AsRef<str>]) -> Vec<String> {
        replay.begin();
        let mut new = Vec::new();
        for frame in came {
            let frame = frame.as_ref();
            let (at, _) = frame.split_once(' ').unwrap_or(("", frame));
            new.extend(replay.take(Stamp { at, text: frame }, frame.to_owned()));
        }
        new
    }

    fn check(given: &[&str], came: &[&str], expected: &[&str]) {
        let mut replay = Replay::default();
        assert_eq!(new(&mut replay, given), given);
        let mut again = new(&mut replay, came);
        again.extend(replay.settle());
        assert_eq!(again, expected, "{given:?}, then {came:?}");
        // Once more there is nothing new, whatever it was.
        assert_eq!(new(&mut replay, &[given, expected].concat()), [""; 0]);
    }

    #[test]
    fn what_comes_again_from_its_beginning_is_left_out() {
        check(&["a", "b", "a"], &["a", "b", "a", "a"], &["a"]);
        check(&["a", "a", "a"], &["a", "a", "a", "a", "b"], &["a", "b"]);
        check(
            &["1 a", "1 a", "2 b"],
            &["1 a", "1 a", "2 b", "2 b"],
            &["2 b"],
        );
    }

    #[test]
    fn the_end_alone_may_come_again_or_nothing() {
        check(&["1 a", "2 b", "3 c"], &["2 b", "3 c", "4 d"], &["4 d"]);
        check(&["a", "b", "c"], &["b", "c", "d"], &["d"]);
        check(&["1 a", "2 b"], &["3 a", "4 b"], &["3 a", "4 b"]);
        check(&["a", "b"], &["c"], &["c"]);
        // An equal text in the middle is no repetition: that would go on.
        check(&["a", "b", "c"], &["b", "d"], &["b", "d"]);
        check(&["a", "b", "c"], &["b"], &["b"]);
    }

    #[test]
    fn a_repetition_may_have_gaps_and_late_lines() {
        let given = ["1 a", "2 b", "3 c", "4 d"];
        let mut replay = Replay::default();
        assert_eq!(new(&mut replay, &given), given);
        let came = ["1 a", "1 late", "3 c", "4 d", "5 e"];
        assert_eq!(new(&mut replay, &came), ["1 late", "5 e"]);
        assert_eq!(new(&mut replay, &came), [""; 0]);
    }

    #[test]
    fn what_is_held_is_handed_over_when_no_more_comes() {
        let mut replay = Replay::default();
        new(&mut replay, &["a", "b", "c"]);
        assert_eq!(new(&mut replay, &["a", "b"]), [""; 0]);
        assert!(replay.holds());
        // Cut again before that was clear.
        assert_eq!(new(&mut replay, &["a", "b", "c", "d"]), ["d"]);
        assert!(!replay.holds());
        assert_eq!(replay.settle(), [""; 0]);
    }

    proptest! {
        #[test]
        fn each_frame_is_new_once_however_often_the_stream_is_cut(
            log in prop::collection::vec("[ab]|1 [ab]", 0..40),
            cuts in prop::collection::vec(0..40_usize, 0..6),
        ) {
            let mut replay = Replay::default();
            let mut given = Vec::new();
            for cut in cuts.into_iter().chain([log.len()]) {
                given.extend(new(&mut replay, &log[..cut.min(log.len())]));
            }
            prop_assert_eq!(given, log);
        }

        #[test]
        fn frames_that_differ_may_come_again_from_anywhere(
            cuts in prop::collection::vec((0..40_usize, 0..40_usize), 0..8),
        ) {
            let log: Vec<String> = (0..40).map(|it| format!("{it} x")).collect();
            let mut replay = Replay::default();
            let (mut given, mut end) = (Vec::new(), 0);
            for (from, to) in cuts.into_iter().chain([(0, 40)]) {
                // A connection begins with what was there, or with a part of it.
                given.extend(new(&mut replay, &log[from.min(end)..to.max(end)]));
                end = to.max(end);
            }
            prop_assert_eq!(given, log);
        }
    }
}
