//! The shapes of answers. The contract leaves much open, and says so; each of the possibilities can
//! be had here, by the seed or by a fault that names it. Source: Pangea contract, sections 3 to 7
//! and 12.

use super::errors::{self, Refusal};
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

/// How `status` is written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Casing {
    #[default]
    Usual,
    Lower,
    Upper,
    Underscored,
    Hyphenated,
    Spaced,
}

/// What is in `summary`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Summary {
    #[default]
    Text,
    Empty,
    Null,
    Absent,
}

/// The result where there is nothing to say: of a deletion, of an error without fields.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Nothing {
    /// An empty object, and null of an error.
    #[default]
    Usual,
    Null,
    Absent,
    /// The project that was deleted.
    Project,
}

/// What becomes of fields that need not be there.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Optional {
    #[default]
    There,
    Null,
    Absent,
}

/// What `count` counts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Count {
    #[default]
    Total,
    Page,
    /// Nothing that anybody could guess.
    Zero,
}

/// Which projects are on a page.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Pages {
    #[default]
    Exact,
    /// It begins with the last one of the page before.
    Overlapping,
    /// There are fewer than were asked for.
    Short,
    /// The offset is ignored.
    SameAgain,
}

/// What is in `results`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Results {
    #[default]
    There,
    Null,
    Missing,
    /// Regions that nobody has heard of yet.
    NewRegion,
}

/// How a request ends that is answered with 202.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Waiting {
    Soon,
    Never,
    /// It is never done, and forgotten after a minute.
    Forgotten,
    /// It is done at once, and turns out to have failed.
    Failure,
}

/// How `ttl_mins` and `retry_counter` are written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Terms {
    #[default]
    Numbers,
    Text,
    /// The result is null.
    Null,
}

/// What `location` says.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Location {
    #[default]
    Own,
    Absent,
    Foreign,
}

/// What tells that a request is not done yet.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Sign {
    #[default]
    CodeAndStatus,
    /// The HTTP code is 200.
    Status,
    /// The status is that of a success.
    Code,
}

/// The HTTP code.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Code {
    #[default]
    Usual,
    /// 200 for errors too.
    AlwaysOk,
    /// 201 for what succeeds.
    Created,
}

/// How field errors are told.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Errors {
    #[default]
    Usual,
    /// With pointers into the schema.
    Verbose,
    /// The list is empty.
    Empty,
}

/// What is around a result.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Frame {
    #[default]
    Envelope,
    /// With fields that nobody knows.
    Ornate,
    /// Its times are none.
    NoTimes,
    /// It has no status.
    NoStatus,
    /// A page for people.
    Html,
    /// A list.
    List,
}

/// What the header `x-request-id` says.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Header {
    #[default]
    Same,
    Absent,
    /// Another identifier than the envelope's.
    Other,
}

/// What the exchange of a client's credentials is like.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Login {
    #[default]
    Usual,
    NoExpiry,
    /// Nothing but the token.
    Bare,
    /// The seconds are text.
    TextExpiry,
    /// HTTP Basic is refused.
    FormOnly,
    /// Form fields are refused.
    BasicOnly,
    /// It is a service client's: its tokens do not work here.
    ServiceClient,
}

type Word = (&'static str, fn(&mut Shape));

/// What a fault can ask for.
#[rustfmt::skip]
const WORDS: &[Word] = &[
    ("clean", |it| *it = Shape::default()),
    ("lowercase_status", |it| it.casing = Casing::Lower),
    ("uppercase_status", |it| it.casing = Casing::Upper),
    ("underscored_status", |it| it.casing = Casing::Underscored),
    ("hyphenated_status", |it| it.casing = Casing::Hyphenated),
    ("spaced_status", |it| it.casing = Casing::Spaced),
    ("empty_summary", |it| it.summary = Summary::Empty),
    ("null_summary", |it| it.summary = Summary::Null),
    ("no_summary", |it| it.summary = Summary::Absent),
    ("null_result", |it| it.nothing = Nothing::Null),
    ("no_result", |it| it.nothing = Nothing::Absent),
    ("project_result", |it| it.nothing = Nothing::Project),
    ("null_optional", |it| it.optional = Optional::Null),
    ("no_optional", |it| it.optional = Optional::Absent),
    ("page_count", |it| it.count = Count::Page),
    ("zero_count", |it| it.count = Count::Zero),
    ("overlapping_pages", |it| it.pages = Pages::Overlapping),
    ("short_pages", |it| it.pages = Pages::Short),
    ("same_page", |it| it.pages = Pages::SameAgain),
    ("null_results", |it| it.results = Results::Null),
    ("no_results", |it| it.results = Results::Missing),
    ("new_region", |it| it.results = Results::NewRegion),
    ("accepted", |it| it.waiting = Some(Waiting::Soon)),
    ("accepted_text", |it| { accepted(it); it.terms = Terms::Text; }),
    ("accepted_null_result", |it| { accepted(it); it.terms = Terms::Null; }),
    ("accepted_no_location", |it| { accepted(it); it.location = Location::Absent; }),
    ("accepted_foreign_location", |it| { accepted(it); it.location = Location::Foreign; }),
    ("accepted_by_status", |it| { accepted(it); it.sign = Sign::Status; }),
    ("accepted_by_code", |it| { accepted(it); it.sign = Sign::Code; }),
    ("accepted_forever", |it| it.waiting = Some(Waiting::Never)),
    ("accepted_forgotten", |it| it.waiting = Some(Waiting::Forgotten)),
    ("accepted_fails", |it| it.waiting = Some(Waiting::Failure)),
    ("error_with_200", |it| it.code = Code::AlwaysOk),
    ("success_with_201", |it| it.code = Code::Created),
    ("verbose_errors", |it| it.errors = Errors::Verbose),
    ("empty_errors", |it| it.errors = Errors::Empty),
    ("unknown_fields", |it| it.frame = Frame::Ornate),
    ("garbage_times", |it| it.frame = Frame::NoTimes),
    ("no_status", |it| it.frame = Frame::NoStatus),
    ("html", |it| it.frame = Frame::Html),
    ("list", |it| it.frame = Frame::List),
    ("no_request_id_header", |it| it.header = Header::Absent),
    ("other_request_id_header", |it| it.header = Header::Other),
    ("unauthorized", |it| it.refusal = Some(errors::UNAUTHORIZED)),
    ("forbidden", |it| it.refusal = Some(errors::FORBIDDEN)),
    ("forbidden_scope", |it| it.refusal = Some(errors::FORBIDDEN_SCOPE)),
    ("forbidden_with_200", |it| { it.refusal = Some(errors::FORBIDDEN); it.code = Code::AlwaysOk; }),
    ("not_found", |it| it.refusal = Some(errors::NOT_FOUND)),
    ("too_many_requests", |it| it.refusal = Some(errors::TOO_MANY_FOR_NOW)),
    ("too_many_requests_no_retry_after", |it| it.refusal = Some(errors::TOO_MANY)),
    ("no_credit", |it| it.refusal = Some(errors::NO_CREDIT)),
    ("service_not_enabled", |it| it.refusal = Some(errors::NOT_ENABLED)),
    ("service_not_available", |it| it.refusal = Some(errors::NOT_AVAILABLE)),
    ("provider_error", |it| it.refusal = Some(errors::PROVIDER_ERROR)),
    ("missing_config_id", |it| it.refusal = Some(errors::MISSING_CONFIG)),
    ("missing_config_id_scope", |it| it.refusal = Some(errors::MISSING_CONFIG_SCOPE)),
    ("failed", |it| it.refusal = Some(errors::FAILED)),
    ("internal_error", |it| it.refusal = Some(errors::INTERNAL)),
    ("unknown_status", |it| it.refusal = Some(errors::UNHEARD_OF)),
    ("unavailable", |it| it.refusal = Some(errors::UNAVAILABLE)),
    ("no_expires_in", |it| it.login = Login::NoExpiry),
    ("bare_token", |it| it.login = Login::Bare),
    ("text_expires_in", |it| it.login = Login::TextExpiry),
    ("form_login", |it| it.login = Login::FormOnly),
    ("basic_login", |it| it.login = Login::BasicOnly),
    ("service_client", |it| it.login = Login::ServiceClient),
];

/// The names of all shapes.
pub(super) const NAMES: [&str; WORDS.len()] = {
    let mut names = [""; WORDS.len()];
    let mut place = 0;
    while place < WORDS.len() {
        names[place] = WORDS[place].0;
        place += 1;
    }
    names
};

fn accepted(shape: &mut Shape) {
    shape.waiting = Some(Waiting::Soon);
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

    /// This shape, changed by what a fault asks for.
    pub(super) fn with(&self, name: Option<&str>) -> Shape {
        let mut shape = self.clone();
        if let Some(name) = name {
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

/// What the seed chooses from: nothing that a client could not work with.
const FAMILIES: &[&[&str]] = &[
    &[
        "",
        "lowercase_status",
        "uppercase_status",
        "underscored_status",
    ],
    &["", "empty_summary", "null_summary", "no_summary"],
    &["", "null_result", "no_result", "project_result"],
    &["", "null_optional", "no_optional"],
    &["", "page_count"],
    &["", "overlapping_pages"],
    &["", "accepted_text", "accepted_null_result"],
    &["", "accepted_no_location", "accepted_foreign_location"],
    &["", "unknown_fields", "garbage_times"],
    &["", "no_request_id_header", "other_request_id_header"],
    &["", "no_expires_in", "bare_token", "form_login"],
];

#[cfg(test)]
mod tests {
    use super::*;

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
