//! What answers look like: the contract does not publish it, so every form that it expects is one
//! that can be served. Source: PandaStack contract, sections 5 and 6.

use super::{
    forms::{
        AnswerPlace, Beside, BodyForm, Case, End, Envelope, ErrorForm, Ids, InstallForm, ListForm,
        Quirks, StatusForm, StreamForm, TextForm, Times, Truth, UuidPlace, VerdictForm,
    },
    shapes::{self, Axis},
};
use crate::sim::dice::Dice;

/// One way to answer, for both dialects.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Shape {
    pub(super) envelope: Envelope,
    pub(super) body: BodyForm,
    pub(super) list: ListForm,
    pub(super) total: Option<&'static str>,
    /// Which row of names the fields have.
    pub(super) names: usize,
    pub(super) case: Case,
    pub(super) ids: Ids,
    pub(super) times: Times,
    /// Which row of words the states have.
    pub(super) words: usize,
    pub(super) status: StatusForm,
    pub(super) install: InstallForm,
    pub(super) truth: Truth,
    pub(super) uuid: UuidPlace,
    pub(super) answer: AnswerPlace,
    pub(super) verdict: VerdictForm,
    pub(super) error: ErrorForm,
    pub(super) quirks: Quirks,
    pub(super) stream: StreamForm,
}

impl Shape {
    /// What is most likely: the data of the payload in an envelope, in snake case.
    pub(super) fn plausible() -> Shape {
        Shape {
            envelope: Envelope {
                keys: &["data"],
                beside: Beside::Success,
            },
            body: BodyForm::Whole,
            list: ListForm::Array,
            total: None,
            names: 0,
            case: Case::Snake,
            ids: Ids::Number,
            times: Times::Rfc3339,
            words: 0,
            status: StatusForm::Text,
            install: InstallForm::Word,
            truth: Truth::Bool,
            uuid: UuidPlace::Flat,
            answer: AnswerPlace::Flat,
            verdict: VerdictForm::Flag("verified", "records"),
            error: ErrorForm::Nested,
            quirks: Quirks::default(),
            stream: StreamForm {
                line_end: "\n",
                text: TextForm::Json("message", "level"),
                end: End::Both,
                split: None,
            },
        }
    }

    /// The shape of a seed's world: that of the first is the plausible one, that of any other
    /// is anything that says as much.
    pub(super) fn of(seed: u64) -> Shape {
        const PLAUSIBLE: u64 = 1;
        let mut shape = Shape::plausible();
        if seed == PLAUSIBLE {
            return shape;
        }
        for axis in Axis::ALL {
            let rows: Vec<&shapes::Row> = shapes::by_chance(*axis).collect();
            let mut dice = Dice::new(seed, &[0x5a, *axis as u64]);
            (dice.pick(&rows).apply)(&mut shape);
        }
        shape
    }

    /// The plausible shape with everything changed that is named, joined by `+`. Unknown names
    /// change nothing: the control port refuses them.
    pub(super) fn named(names: &str) -> Shape {
        let mut shape = Shape::plausible();
        let rows = names.split('+').filter_map(shapes::find);
        rows.for_each(|row| (row.apply)(&mut shape));
        shape
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn seed_decides_the_shape_and_the_first_is_plausible() {
        assert_eq!(Shape::of(1), Shape::plausible());
        assert_eq!(Shape::of(7), Shape::of(7));
        let different = (2..40).filter(|seed| Shape::of(*seed) != Shape::plausible());
        assert_eq!(different.count(), 38);
    }

    #[test]
    fn names_are_joined() {
        let shape = Shape::named("bare_array+big_ids");
        assert!(shape.envelope.keys.is_empty());
        assert_eq!(
            (shape.list, shape.ids, shape.case),
            (ListForm::Array, Ids::Big, Case::Snake)
        );
    }

    #[test]
    fn seeds_reach_every_row_that_is_left_to_chance() {
        for axis in Axis::ALL {
            for row in shapes::by_chance(*axis) {
                let mut reached = (2..400).map(Shape::of);
                assert!(
                    reached.any(|mut shape| {
                        let before = shape.clone();
                        (row.apply)(&mut shape);
                        shape == before
                    }),
                    "{}",
                    row.name
                );
            }
        }
    }
}
