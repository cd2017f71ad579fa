//! The shapes by their names: a table, of which a seed takes one row for each aspect. What loses
//! something that a client would need is only served on demand.

use super::{
    forms::{
        AnswerPlace, Beside, BodyForm, Case, End, Envelope, ErrorForm, Ids, InstallForm, ListForm,
        StatusForm, TextForm, Times, Truth, UuidPlace, VerdictForm,
    },
    shape::Shape,
};

/// What a row is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Axis {
    Envelope,
    List,
    Total,
    Body,
    Names,
    Case,
    Ids,
    Times,
    Words,
    Status,
    Install,
    Truth,
    Uuid,
    Answer,
    Verdict,
    Error,
    Odd,
    Late,
    Slash,
    LineEnd,
    Text,
    End,
    Split,
}

impl Axis {
    /// All of them, in the order in which they are applied.
    pub(super) const ALL: &[Axis] = &[
        Axis::Envelope,
        Axis::List,
        Axis::Total,
        Axis::Body,
        Axis::Names,
        Axis::Case,
        Axis::Ids,
        Axis::Times,
        Axis::Words,
        Axis::Status,
        Axis::Install,
        Axis::Truth,
        Axis::Uuid,
        Axis::Answer,
        Axis::Verdict,
        Axis::Error,
        Axis::Odd,
        Axis::Late,
        Axis::Slash,
        Axis::LineEnd,
        Axis::Text,
        Axis::End,
        Axis::Split,
    ];
}

/// One shape with a name.
pub(super) struct Row {
    pub(super) name: &'static str,
    axis: Axis,
    /// Whether a seed may choose it.
    chance: bool,
    pub(super) apply: fn(&mut Shape),
}

const fn row(axis: Axis, name: &'static str, apply: fn(&mut Shape)) -> Row {
    Row {
        name,
        axis,
        chance: true,
        apply,
    }
}

const fn only_named(axis: Axis, name: &'static str, apply: fn(&mut Shape)) -> Row {
    Row {
        name,
        axis,
        chance: false,
        apply,
    }
}

const fn wrapped(keys: &'static [&'static str], beside: Beside) -> Envelope {
    Envelope { keys, beside }
}

#[rustfmt::skip]
const ROWS: &[Row] = &[
    row(Axis::Envelope, "enveloped", |it| it.envelope = wrapped(&["data"], Beside::Success)),
    row(Axis::Envelope, "enveloped_status", |it| it.envelope = wrapped(&["data"], Beside::StatusWord("success"))),
    row(Axis::Envelope, "enveloped_ok", |it| it.envelope = wrapped(&["data"], Beside::StatusWord("ok"))),
    row(Axis::Envelope, "enveloped_number", |it| it.envelope = wrapped(&["data"], Beside::StatusNumber)),
    row(Axis::Envelope, "result", |it| it.envelope = wrapped(&["result"], Beside::Success)),
    row(Axis::Envelope, "response", |it| it.envelope = wrapped(&["response"], Beside::Nothing)),
    row(Axis::Envelope, "payload", |it| it.envelope = wrapped(&["payload"], Beside::StatusWord("success"))),
    row(Axis::Envelope, "nested", |it| it.envelope = wrapped(&["response", "data"], Beside::Success)),
    row(Axis::Envelope, "nested_three", |it| it.envelope = wrapped(&["payload", "result", "data"], Beside::StatusNumber)),
    row(Axis::Envelope, "bare", |it| it.envelope = wrapped(&[], Beside::Nothing)),
    row(Axis::List, "array", |it| it.list = ListForm::Array),
    row(Axis::List, "bare_array", |it| { it.envelope = wrapped(&[], Beside::Nothing); it.list = ListForm::Array; }),
    row(Axis::List, "items", |it| it.list = ListForm::Key("items")),
    row(Axis::List, "apps", |it| it.list = ListForm::Key("apps")),
    row(Axis::List, "managed_apps", |it| it.list = ListForm::Key("managed_apps")),
    row(Axis::List, "managedApps", |it| it.list = ListForm::Key("managedApps")),
    row(Axis::List, "applications", |it| it.list = ListForm::Key("applications")),
    row(Axis::List, "deployments", |it| it.list = ListForm::Key("deployments")),
    row(Axis::List, "rows", |it| it.list = ListForm::Key("rows")),
    row(Axis::List, "results", |it| it.list = ListForm::Key("results")),
    row(Axis::List, "records", |it| it.list = ListForm::Key("records")),
    row(Axis::List, "docs", |it| it.list = ListForm::Key("docs")),
    row(Axis::List, "list_key", |it| it.list = ListForm::Key("list")),
    row(Axis::List, "data_key", |it| it.list = ListForm::Key("data")),
    row(Axis::List, "map", |it| it.list = ListForm::Map),
    row(Axis::List, "full_map", |it| it.list = ListForm::FullMap),
    row(Axis::List, "empty_list_object", |it| it.list = ListForm::EmptyObject),
    only_named(Axis::List, "one_record", |it| it.list = ListForm::One),
    only_named(Axis::List, "first_page", |it| { it.list = ListForm::FirstPage; it.total = Some("total"); }),
    row(Axis::Total, "no_total", |it| it.total = None),
    row(Axis::Total, "total", |it| it.total = Some("total")),
    row(Axis::Total, "count", |it| it.total = Some("count")),
    row(Axis::Total, "total_count_camel", |it| it.total = Some("totalCount")),
    row(Axis::Total, "total_count", |it| it.total = Some("total_count")),
    row(Axis::Total, "pagination_total", |it| it.total = Some("pagination.total")),
    row(Axis::Total, "meta_total", |it| it.total = Some("meta.total")),
    row(Axis::Body, "whole", |it| it.body = BodyForm::Whole),
    only_named(Axis::Body, "empty_object", |it| it.body = BodyForm::EmptyObject),
    only_named(Axis::Body, "no_content", |it| it.body = BodyForm::Nothing),
    only_named(Axis::Body, "null", |it| it.body = BodyForm::Null),
    only_named(Axis::Body, "data_null", |it| it.body = BodyForm::DataNull),
    only_named(Axis::Body, "word", |it| it.body = BodyForm::Word),
    row(Axis::Names, "names_1", |it| it.names = 0),
    row(Axis::Names, "names_2", |it| it.names = 1),
    row(Axis::Names, "names_3", |it| it.names = 2),
    row(Axis::Names, "names_4", |it| it.names = 3),
    row(Axis::Names, "names_5", |it| it.names = 4),
    row(Axis::Names, "names_6", |it| it.names = 5),
    row(Axis::Names, "names_7", |it| it.names = 6),
    row(Axis::Case, "snake_case", |it| it.case = Case::Snake),
    row(Axis::Case, "camel_case", |it| it.case = Case::Camel),
    row(Axis::Case, "pascal_case", |it| it.case = Case::Pascal),
    row(Axis::Case, "kebab_case", |it| it.case = Case::Kebab),
    row(Axis::Ids, "number_ids", |it| it.ids = Ids::Number),
    row(Axis::Ids, "text_ids", |it| it.ids = Ids::Text),
    row(Axis::Ids, "big_ids", |it| it.ids = Ids::Big),
    row(Axis::Ids, "big_text_ids", |it| it.ids = Ids::BigText),
    row(Axis::Times, "rfc3339", |it| it.times = Times::Rfc3339),
    row(Axis::Times, "blank_times", |it| it.times = Times::Blank),
    row(Axis::Times, "second_times", |it| it.times = Times::Seconds),
    row(Axis::Times, "millisecond_times", |it| it.times = Times::Millis),
    only_named(Axis::Times, "strange_times", |it| it.times = Times::Strange),
    row(Axis::Words, "words_1", |it| it.words = 0),
    row(Axis::Words, "words_2", |it| it.words = 1),
    row(Axis::Words, "words_3", |it| it.words = 2),
    row(Axis::Words, "words_4", |it| it.words = 3),
    row(Axis::Words, "words_5", |it| it.words = 4),
    row(Axis::Status, "status_text", |it| it.status = StatusForm::Text),
    row(Axis::Status, "status_object", |it| it.status = StatusForm::Object("status")),
    row(Axis::Status, "status_object_state", |it| it.status = StatusForm::Object("state")),
    row(Axis::Status, "status_object_name", |it| it.status = StatusForm::Object("name")),
    row(Axis::Status, "status_latest", |it| it.status = StatusForm::Latest("deployments")),
    row(Axis::Status, "status_latest_pascal", |it| it.status = StatusForm::Latest("Deployments")),
    row(Axis::Install, "install_word", |it| it.install = InstallForm::Word),
    row(Axis::Install, "install_booleans", |it| it.install = InstallForm::Booleans(&["installed", "ready"])),
    row(Axis::Install, "install_booleans_long", |it| it.install = InstallForm::Booleans(&["completed", "is_ready", "domain_verified"])),
    row(Axis::Install, "install_both", |it| it.install = InstallForm::Both),
    row(Axis::Truth, "true_bool", |it| it.truth = Truth::Bool),
    row(Axis::Truth, "true_text", |it| it.truth = Truth::Text),
    row(Axis::Truth, "true_number", |it| it.truth = Truth::Number),
    row(Axis::Truth, "true_number_text", |it| it.truth = Truth::NumberText),
    row(Axis::Uuid, "uuid_flat", |it| it.uuid = UuidPlace::Flat),
    row(Axis::Uuid, "uuid_object", |it| it.uuid = UuidPlace::Object("uuid")),
    row(Axis::Uuid, "uuid_object_long", |it| it.uuid = UuidPlace::Object("deployment_uuid")),
    row(Axis::Uuid, "uuid_list", |it| it.uuid = UuidPlace::List("deployments")),
    row(Axis::Uuid, "uuid_list_pascal", |it| it.uuid = UuidPlace::List("Deployments")),
    only_named(Axis::Uuid, "no_uuid", |it| it.uuid = UuidPlace::Nowhere),
    row(Axis::Answer, "answer_flat", |it| it.answer = AnswerPlace::Flat),
    row(Axis::Answer, "answer_app", |it| it.answer = AnswerPlace::Inside("app")),
    row(Axis::Answer, "answer_managed_app", |it| it.answer = AnswerPlace::Inside("managed_app")),
    only_named(Axis::Answer, "answer_quiet", |it| it.answer = AnswerPlace::Quiet),
    only_named(Axis::Answer, "answer_success", |it| it.answer = AnswerPlace::Success),
    row(Axis::Verdict, "verdict_verified", |it| it.verdict = VerdictForm::Flag("verified", "records")),
    row(Axis::Verdict, "verdict_is_verified", |it| it.verdict = VerdictForm::Flag("is_verified", "dns_records")),
    row(Axis::Verdict, "verdict_domain_verified", |it| it.verdict = VerdictForm::Flag("domain_verified", "required_records")),
    row(Axis::Verdict, "verdict_valid", |it| it.verdict = VerdictForm::Flag("valid", "expected")),
    row(Axis::Verdict, "verdict_success", |it| it.verdict = VerdictForm::Success("dns_records")),
    row(Axis::Verdict, "verdict_top_success", |it| it.verdict = VerdictForm::TopSuccess),
    row(Axis::Verdict, "verdict_word", |it| it.verdict = VerdictForm::Word),
    row(Axis::Verdict, "verdict_400", |it| it.verdict = VerdictForm::Refused(400)),
    row(Axis::Verdict, "verdict_404", |it| it.verdict = VerdictForm::Refused(404)),
    row(Axis::Error, "error_nested", |it| it.error = ErrorForm::Nested),
    row(Axis::Error, "error_text", |it| it.error = ErrorForm::Text),
    row(Axis::Error, "error_message", |it| it.error = ErrorForm::Message),
    row(Axis::Error, "error_messages", |it| it.error = ErrorForm::Messages),
    row(Axis::Error, "error_list_msg", |it| it.error = ErrorForm::Errors("msg", "param")),
    row(Axis::Error, "error_list_message", |it| it.error = ErrorForm::Errors("message", "path")),
    row(Axis::Error, "error_list_detail", |it| it.error = ErrorForm::Errors("detail", "field")),
    row(Axis::Error, "error_list_texts", |it| it.error = ErrorForm::ErrorTexts),
    row(Axis::Error, "error_detail", |it| it.error = ErrorForm::Under("detail")),
    row(Axis::Error, "error_description", |it| it.error = ErrorForm::Under("error_description")),
    row(Axis::Error, "error_title", |it| it.error = ErrorForm::Under("title")),
    row(Axis::Error, "error_html", |it| it.error = ErrorForm::Html),
    row(Axis::Error, "error_plain", |it| it.error = ErrorForm::Plain),
    row(Axis::Error, "error_nothing", |it| it.error = ErrorForm::Nothing),
    only_named(Axis::Error, "error_ok", |it| it.error = ErrorForm::Ok),
    row(Axis::Odd, "even", |it| it.quirks.odd = false),
    row(Axis::Odd, "odd_record", |it| it.quirks.odd = true),
    row(Axis::Late, "prompt", |it| it.quirks.late = false),
    row(Axis::Late, "late_status", |it| it.quirks.late = true),
    row(Axis::Slash, "slash_404", |it| it.quirks.redirects = false),
    row(Axis::Slash, "slash_redirect", |it| it.quirks.redirects = true),
    row(Axis::LineEnd, "sse_lf", |it| it.stream.line_end = "\n"),
    row(Axis::LineEnd, "sse_crlf", |it| it.stream.line_end = "\r\n"),
    row(Axis::Text, "sse_message", |it| it.stream.text = TextForm::Json("message", "level")),
    row(Axis::Text, "sse_log", |it| it.stream.text = TextForm::Json("log", "stream")),
    row(Axis::Text, "sse_text", |it| it.stream.text = TextForm::Json("text", "level")),
    row(Axis::Text, "sse_plain", |it| it.stream.text = TextForm::Plain),
    row(Axis::End, "sse_end_both", |it| it.stream.end = End::Both),
    row(Axis::End, "sse_end_status", |it| it.stream.end = End::Status),
    row(Axis::End, "sse_end_done", |it| it.stream.end = End::Done),
    row(Axis::End, "sse_end_eof", |it| it.stream.end = End::Eof),
    row(Axis::Split, "sse_whole", |it| it.stream.split = None),
    row(Axis::Split, "sse_split", |it| it.stream.split = Some(7)),
];

/// The names of all shapes.
pub(super) const NAMES: &[&str] = &names();

const fn names() -> [&'static str; ROWS.len()] {
    let mut names = [""; ROWS.len()];
    let mut place = 0;
    while place < ROWS.len() {
        names[place] = ROWS[place].name;
        place += 1;
    }
    names
}

/// The row of a name.
pub(super) fn find(name: &str) -> Option<&'static Row> {
    ROWS.iter().find(|row| row.name == name)
}

/// The rows of an aspect that a seed may choose.
pub(super) fn by_chance(axis: Axis) -> impl Iterator<Item = &'static Row> {
    ROWS.iter()
        .filter(move |row| row.chance && row.axis == axis)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_unique_and_can_be_joined() {
        for (place, name) in NAMES.iter().enumerate() {
            assert_eq!(NAMES.iter().position(|other| other == name), Some(place));
            assert!(!name.contains('+'), "{name}");
        }
    }

    #[test]
    fn every_aspect_leaves_a_seed_something_to_choose() {
        assert!(Axis::ALL.iter().all(|axis| by_chance(*axis).count() > 0));
    }
}
