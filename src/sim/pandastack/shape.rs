//! What answers look like: the contract does not publish it, so every form that it expects is one
//! that can be served. Source: PandaStack contract, sections 5 and 6.

use super::shapes::{self, Axis};
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

/// What is around a payload.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Envelope {
    /// The keys that lead to the payload, the outermost first.
    pub(super) keys: &'static [&'static str],
    pub(super) beside: Beside,
}

/// What stands beside the payload.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Beside {
    Nothing,
    Success,
    StatusWord(&'static str),
    StatusNumber,
}

/// Whether an answer says anything at all.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum BodyForm {
    Whole,
    /// `{}`, as the reference shows it.
    EmptyObject,
    /// No content.
    Nothing,
    Null,
    /// `{"data": null}`.
    DataNull,
    /// A word or a sentence, without any JSON.
    Word,
}

/// How a list is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum ListForm {
    Array,
    Key(&'static str),
    /// From identifier to record, which has none of its own.
    Map,
    /// As before, with identifiers in the records too.
    FullMap,
    /// The only record there is, without a list. The others are left out.
    One,
    /// The first few, and how many there are.
    FirstPage,
    /// `{}` if there is nothing in it.
    EmptyObject,
}

/// How names of keys are joined.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Case {
    Snake,
    Camel,
    Pascal,
    Kebab,
}

/// How identifiers are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Ids {
    Number,
    Text,
    /// Numbers beyond what a float can tell apart.
    Big,
    BigText,
}

/// How times are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Times {
    Rfc3339,
    /// `YYYY-MM-DD HH:MM:SS`.
    Blank,
    Seconds,
    Millis,
    /// No time that anybody could read.
    Strange,
}

/// What a state is written as.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum StatusForm {
    Text,
    /// An object with the word under this key.
    Object(&'static str),
    /// In records, only in the latest element of their deployments, under this key.
    Latest(&'static str),
}

/// How the state of an installation is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum InstallForm {
    Word,
    /// These are all true in the end.
    Booleans(&'static [&'static str]),
    /// A word with booleans beside it.
    Both,
}

/// What yes and no are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Truth {
    Bool,
    Text,
    Number,
    NumberText,
}

/// Where the UUID of the deployment is in a record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum UuidPlace {
    Flat,
    /// In an object `deployment`, under this key.
    Object(&'static str),
    /// In the first element of a list of this name.
    List(&'static str),
    Nowhere,
}

/// Where what was made or changed is in an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum AnswerPlace {
    Flat,
    /// In an object of this name; deployments in one of their own.
    Inside(&'static str),
    /// Nowhere: all that is said is that it was accepted.
    Quiet,
    /// As `Quiet`, in the one word `success`.
    Success,
}

/// How a domain is judged.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum VerdictForm {
    /// A yes or no under this name, with records in a list of that name.
    Flag(&'static str, &'static str),
    /// `success` in the payload, with records in a list of this name.
    Success(&'static str),
    /// `success` at the top, whatever the envelope.
    TopSuccess,
    /// A word for the state, and what is expected as a single record.
    Word,
    /// Not verified is this HTTP status.
    Refused(u16),
}

/// How an error is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum ErrorForm {
    /// `error.message` and `error.code`.
    Nested,
    /// `error` as text.
    Text,
    Message,
    /// `message` as a list.
    Messages,
    /// `errors`, with these names for what is wrong and where.
    Errors(&'static str, &'static str),
    /// `errors` as texts.
    ErrorTexts,
    /// A text under this name.
    Under(&'static str),
    Html,
    Plain,
    Nothing,
    /// HTTP 200 with `success: false`.
    Ok,
}

/// What is odd besides.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Quirks {
    /// One element of a list is no record, and another one has none of the names.
    pub(super) odd: bool,
    /// A new deployment is not found for a while.
    pub(super) late: bool,
    /// The list without its slash leads to the list.
    pub(super) redirects: bool,
}

/// How a log is streamed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct StreamForm {
    pub(super) line_end: &'static str,
    pub(super) text: TextForm,
    pub(super) end: End,
    /// The size of the pieces in which it is sent.
    pub(super) split: Option<u16>,
}

/// How a line of a log is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum TextForm {
    /// JSON, with the text under the first name and its kind under the second.
    Json(&'static str, &'static str),
    Plain,
}

/// How a log ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum End {
    Status,
    Done,
    Both,
    /// The stream just ends.
    Eof,
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
