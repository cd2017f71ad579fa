//! The platform's three kinds of streams. Source: tsuru contract, section 3.

use super::api::Api;
use super::failure::unbuilt;
use super::live::Subject;
use super::paths::Op;
use crate::model::{Failure, Text};
use crate::platforms::Output;
use crate::platforms::http::Call;

/// How an action ended whose answer was read to its end.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum End {
    /// It did what was asked.
    Done {
        /// The event that it is, where the server said so.
        event: Option<String>,
    },
    /// It failed.
    Failed {
        /// The platform's reason.
        text: Text,
        /// The event that it is, where the server said so.
        event: Option<String>,
    },
}

/// Carries out an action that prints while it runs (format A), and comes back at its end. Lines go
/// to `output`, and to whoever follows the event. One attempt, whatever happens.
///
/// # Errors
/// As any call; `Network { sent: true }` where the connection was lost on the way, or where the
/// stream does not tell how it ended: then the event is to be looked for.
pub(super) async fn action(
    _api: &Api,
    _op: Op,
    _call: Call,
    _what: Subject,
    _output: Output<'_>,
) -> Result<End, Failure> {
    Err(unbuilt())
}

/// The same for a deploy, which answers in plain text (format C).
///
/// # Errors
/// As [`action`].
pub(super) async fn text_deploy(
    _api: &Api,
    _op: Op,
    _call: Call,
    _what: Subject,
    _output: Output<'_>,
) -> Result<End, Failure> {
    Err(unbuilt())
}
