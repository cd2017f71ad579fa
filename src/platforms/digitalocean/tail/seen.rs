//! How far a log that ends was handed over.
//!
//! After a cut all of it comes again, as a stream or as archives, one a component: in another order
//! perhaps, and without times. Equal lines are counted: of each, as many are new as come more than
//! were handed over.

use std::collections::HashMap;
use std::collections::hash_map::RandomState;
use std::hash::BuildHasher as _;

/// So many different lines are remembered. Behind them, lines are recognised by their position.
const MOST: usize = 200_000;

/// How far a log was handed over.
#[derive(Debug, Default)]
pub(super) struct Seen {
    hasher: RandomState,
    counts: HashMap<u64, Count>,
    given: usize,
    came: usize,
}

#[derive(Clone, Copy, Debug, Default)]
struct Count {
    given: u32,
    came: u32,
}

impl Seen {
    /// The log begins anew, from its first line.
    pub(super) fn begin(&mut self) {
        self.came = 0;
        for count in self.counts.values_mut() {
            count.came = 0;
        }
    }

    /// Whether a line is one that was not handed over.
    pub(super) fn is_new(&mut self, raw: &[u8]) -> bool {
        let line = self.hasher.hash_one(raw);
        let has_room = self.counts.len() < MOST;
        self.came += 1;
        let is_new = match self.counts.get_mut(&line) {
            Some(count) => count.is_new(),
            None if has_room => self.counts.entry(line).or_default().is_new(),
            None => self.came > self.given,
        };
        self.given = self.given.max(self.came);
        is_new
    }
}

impl Count {
    fn is_new(&mut self) -> bool {
        self.came += 1;
        let is_new = self.came > self.given;
        self.given = self.given.max(self.came);
        is_new
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn each_line_is_new_once_however_often_the_log_is_cut(
            log in prop::collection::vec("[ab]", 0..30),
            cuts in prop::collection::vec(0..30_usize, 0..6),
        ) {
            let mut seen = Seen::default();
            let mut given = Vec::new();
            for cut in cuts.into_iter().chain([log.len()]) {
                seen.begin();
                let came = log.iter().take(cut);
                given.extend(came.filter(|line| seen.is_new(line.as_bytes())).cloned());
            }
            prop_assert_eq!(given, log);
        }
    }

    #[test]
    fn archives_may_have_another_order_than_the_stream() {
        let mut seen = Seen::default();
        let mut new = |lines: &[&str]| {
            seen.begin();
            let new = lines.iter().filter(|line| seen.is_new(line.as_bytes()));
            new.map(ToString::to_string).collect::<Vec<_>>()
        };
        assert_eq!(new(&["web 1", "job 1", "ok"]), ["web 1", "job 1", "ok"]);
        let archives = ["job 1", "job 2", "ok", "ok", "web 1", "web 2"];
        assert_eq!(new(&archives), ["job 2", "ok", "web 2"]);
    }
}
