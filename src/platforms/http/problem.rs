//! From what can go wrong on the way to a [`Failure`].

use std::error::Error;
use std::time::Duration;

use reqwest::header::HeaderMap;

use super::{Call, plain_text, rate, remark};
use crate::model::{Failure, NetworkProblem, Text};

/// An answer with an error status, for the adapter to judge.
pub struct Refusal<'a> {
    /// What was asked.
    pub call: &'a Call,
    /// The status; 2xx only where a platform says no with these.
    pub status: u16,
    /// Headers.
    pub headers: &'a HeaderMap,
    /// The whole body.
    pub body: &'a [u8],
}

impl Refusal<'_> {
    /// The body, where it is JSON.
    #[must_use]
    pub fn json(&self) -> Option<serde_json::Value> {
        serde_json::from_slice(self.body).ok()
    }

    /// A body that is not JSON: at most 300 characters, without tags.
    #[must_use]
    pub fn excerpt(&self) -> Option<Text> {
        let text = plain_text(&String::from_utf8_lossy(self.body));
        Some(remark(&text)).filter(|text| !text.is_empty())
    }

    /// When to ask again.
    #[must_use]
    pub fn retry_after(&self) -> Option<Duration> {
        rate::retry_after(self.headers)
    }

    /// The id under which the platform's support finds the request.
    #[must_use]
    pub fn request_id(&self) -> Option<Text> {
        ["x-request-id", "x-correlation-id", "request-id"]
            .iter()
            .find_map(|name| self.headers.get(*name)?.to_str().ok())
            .and_then(Text::non_empty)
            .map(|text| remark(text.as_str()))
    }

    /// The platform broke, or said something no rule covers.
    #[must_use]
    pub fn server(&self, message: Option<Text>) -> Failure {
        Failure::Server {
            status: self.status,
            message,
            request_id: self.request_id(),
        }
    }
}

/// Translates an error of the client.
pub(super) fn network(error: reqwest::Error) -> Failure {
    let (problem, sent) = classify(&error);
    let detail = chain(&error.without_url());
    tracing::debug!(%detail, sent, "no answer");
    Failure::Network {
        problem,
        sent,
        detail: remark(&detail),
    }
}

/// Nothing came for too long.
pub(super) fn silent(limit: Duration) -> Failure {
    Failure::Network {
        problem: NetworkProblem::Timeout,
        sent: true,
        detail: remark(&format!("silent for {} s", limit.as_secs())),
    }
}

/// A redirect that is not followed.
pub(super) fn redirect(status: u16, message: &str) -> Failure {
    Failure::Server {
        status,
        message: Some(remark(message)),
        request_id: None,
    }
}

/// A failure while reading what an operation needs: the operation itself was not sent, whatever the
/// same failure would say of a write.
#[must_use]
pub fn unsent(mut failure: Failure) -> Failure {
    if matches!(failure, Failure::Server { .. } | Failure::Decode { .. }) {
        return Failure::Local {
            problem: Text::clean(&format!("nothing was sent: {}", failure.headline())),
            advice: Text::clean(&failure.advice()),
        };
    }
    if let Failure::Network { sent, .. } = &mut failure {
        *sent = false;
    }
    failure
}

/// The error and its causes; what a cause only repeats is left out.
pub(super) fn chain(error: &(dyn Error + 'static)) -> String {
    let mut text = error.to_string();
    for cause in causes(error).skip(1) {
        let cause = cause.to_string();
        if !text.contains(&cause) {
            text.push_str(": ");
            text.push_str(&cause);
        }
    }
    text
}

/// Before there is a connection nothing can have been sent; after that, anything may have been.
fn classify(error: &reqwest::Error) -> (NetworkProblem, bool) {
    if error.is_builder() {
        return (NetworkProblem::Connect, false);
    }
    if error.is_connect() {
        let problem = match () {
            () if error.is_timeout() => NetworkProblem::Timeout,
            () if error.is_dns() => NetworkProblem::Dns,
            () if causes(error).any(is_tls) => NetworkProblem::Tls,
            () => NetworkProblem::Connect,
        };
        return (problem, false);
    }
    if error.is_timeout() {
        return (NetworkProblem::Timeout, true);
    }
    (NetworkProblem::Reset, true)
}

fn is_tls(error: &(dyn Error + 'static)) -> bool {
    // An `io::Error` does not name what it wraps as its source, only the source of that; and
    // connectors wrap more than once.
    let wrapped = error
        .downcast_ref::<std::io::Error>()
        .and_then(std::io::Error::get_ref);
    error.is::<rustls::Error>() || wrapped.is_some_and(|inner| is_tls(inner))
}

fn causes<'a>(
    error: &'a (dyn Error + 'static),
) -> impl Iterator<Item = &'a (dyn Error + 'static)> + 'a {
    std::iter::successors(Some(error), |&error| error.source())
}
