//! The shapes by their names, and those of which a seed chooses.

use super::{
    errors,
    forms::{
        Casing, Code, Count, Errors, Frame, Header, Location, Login, Nothing, Optional, Pages,
        Results, Sign, Summary, Terms, Waiting,
    },
    shape::Shape,
};

/// A name, and how it changes a shape.
type Word = (&'static str, fn(&mut Shape));

/// What a fault can ask for.
#[rustfmt::skip]
pub(super) const WORDS: &[Word] = &[
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

/// What the seed chooses from: nothing that a client could not work with.
pub(super) const FAMILIES: &[&[&str]] = &[
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
