//! The shapes of answers. The contract leaves much open, and says so; each of the possibilities can
//! be had here, by the seed or by a fault that names it. Source: Pangea contract, sections 3 to 7
//! and 12.

use super::{
    errors::Refusal,
    forms::{
        Casing, Code, Count, Errors, Frame, Header, Location, Login, Nothing, Optional, Pages,
        Results, Sign, Summary, Terms, Waiting,
    },
    shapes::{FAMILIES, WORDS},
};
use crate::sim::dice::Dice;

/// How an answer is written where the contract leaves that open. The default is what the vendor's
/// schemas say.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Shape {
    pub(super) casing: Casing,
    pub(super) summary: Summary,
    pub(super) nothing: Nothing,
    pub(super) optional: Optional,
    pub(super) count: Count,
    pub(super) pages: Pages,
    pub(super) results: Results,
    pub(super) waiting: Option<Waiting>,
    pub(super) terms: Terms,
    pub(super) location: Location,
    pub(super) sign: Sign,
    pub(super) code: Code,
    pub(super) errors: Errors,
    pub(super) frame: Frame,
    pub(super) header: Header,
    pub(super) login: Login,
    /// Everything is refused with this.
    pub(super) refusal: Option<Refusal>,
}

impl Shape {
    /// The shape of the answers of a seed. The first seed's is the usual one, and so is that of a
    /// demo: what is unusual there would be a riddle.
    pub(super) fn of_seed(seed: u64, story: bool) -> Shape {
        if story || seed == 1 {
            return Shape::default();
        }
        let mut dice = Dice::new(seed, &[0x9a, 0x5a]);
        let mut shape = Shape::default();
        for family in FAMILIES {
            shape.take(dice.pick(family));
        }
        // What is chosen is how 202 is written, not that it comes.
        shape.waiting = None;
        shape
    }

    /// This shape, changed by what a fault asks for: one name, or several joined by `+`.
    pub(super) fn with(&self, names: Option<&str>) -> Shape {
        let mut shape = self.clone();
        for name in names.unwrap_or_default().split('+') {
            shape.take(name);
        }
        shape
    }

    fn take(&mut self, name: &str) {
        let word = WORDS.iter().find(|(word, _)| *word == name);
        if let Some((_, change)) = word {
            change(self);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{super::shapes::NAMES, *};

    #[test]
    fn every_name_is_there_once_and_changes_something() {
        for (place, name) in NAMES.iter().enumerate() {
            assert_eq!(NAMES.iter().position(|other| other == name), Some(place));
            let is_usual = Shape::default().with(Some(name)) == Shape::default();
            assert_eq!(is_usual, *name == "clean", "{name}");
        }
    }

    #[test]
    fn what_the_seed_chooses_from_exists() {
        let all = FAMILIES.iter().copied().flatten();
        for name in all.filter(|name| !name.is_empty()) {
            assert!(NAMES.contains(name), "{name}");
        }
    }

    #[test]
    fn seeds_differ_and_the_demo_is_clean() {
        assert_eq!(Shape::of_seed(1, false), Shape::default());
        assert_eq!(Shape::of_seed(5, true), Shape::default());
        assert_eq!(Shape::of_seed(5, false), Shape::of_seed(5, false));
        let shapes: Vec<Shape> = (2..12).map(|seed| Shape::of_seed(seed, false)).collect();
        assert!(shapes.iter().any(|shape| *shape != shapes[0]));
        assert!(shapes.iter().all(|shape| shape.waiting.is_none()));
    }
}
