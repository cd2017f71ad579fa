//! The forms that parts of an answer can have. Source: Pangea contract, sections 3 to 7 and 12.

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
