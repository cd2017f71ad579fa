//! The forms that parts of an answer can have. Source: PandaStack contract, sections 5 and 6.

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
