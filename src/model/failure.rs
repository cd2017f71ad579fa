//! Why a request did not give what was asked for.

use std::fmt::Write as _;
use std::time::Duration;

use thiserror::Error;

use super::{Capability, Text};

/// What is wrong with a credential.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum AuthProblem {
    /// None was found; where it was looked for.
    Missing(Text),
    /// The platform does not accept it.
    Rejected,
    /// It belongs to a session that another program began, and that is over.
    Expired {
        /// Why it could not be kept up, where there is more to say than that it is over.
        reason: Option<Text>,
        /// What begins another one.
        advice: Text,
    },
    /// It is of a kind that this platform does not take; it was not sent.
    Unfit {
        /// What it is, in words that follow "this is": "a service token".
        what: Text,
        /// Where the right kind is to be had.
        advice: Text,
    },
    /// Who gives it, or takes it, says no, and why.
    Refused {
        /// What happened, in a whole sentence.
        reason: Text,
        /// What to do about it.
        advice: Text,
    },
    /// It is accepted and may not do this; what is needed, where the platform says so.
    Forbidden(Option<Text>),
}

/// Where the way to a platform broke.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum NetworkProblem {
    /// The name was not found.
    Dns,
    /// Nothing answered.
    Connect,
    /// No trusted TLS connection.
    Tls,
    /// No answer in time.
    Timeout,
    /// The connection ended in the middle.
    Reset,
}

/// One complaint about one input.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct FieldProblem {
    /// The input; absent when the complaint is about all of it.
    pub field: Option<Text>,
    /// The complaint.
    pub problem: Text,
}

/// Why a request did not give what was asked for. Cloneable and comparable: it is part of the
/// state. HTTP and serde errors are translated into it where they occur.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Error)]
#[error("{}", self.headline())]
pub enum Failure {
    /// The credential is missing, rejected, or may not do this.
    Auth(AuthProblem),
    /// There is no such thing, or it is not visible to this credential.
    NotFound {
        /// What was asked for.
        subject: Text,
    },
    /// Too many requests.
    RateLimited {
        /// When to ask again, where the platform says so.
        retry_after: Option<Duration>,
        /// Which limit, where the platform says so.
        limit: Option<Text>,
    },
    /// It does not go together with what is happening already.
    Conflict(Text),
    /// The platform does not accept the input.
    Validation(Vec<FieldProblem>),
    /// The platform does not offer it.
    Unsupported {
        /// What.
        capability: Capability,
        /// Why not.
        reason: Text,
    },
    /// The context is read-only: nothing was sent.
    ReadOnly,
    /// The platform broke.
    Server {
        /// HTTP status.
        status: u16,
        /// What it said, cut.
        message: Option<Text>,
        /// The id under which its support finds the request.
        request_id: Option<Text>,
    },
    /// The way to the platform broke.
    Network {
        /// Where.
        problem: NetworkProblem,
        /// Whether anything may have reached the platform.
        sent: bool,
        /// The chain of causes, cut and without secrets.
        detail: Text,
    },
    /// The answer is not what the contract says.
    Decode {
        /// The operation that was asked.
        endpoint: Text,
        /// Where in the answer (`results[3].uuid`).
        path: Text,
        /// What was expected.
        expected: Text,
        /// What was found, cut and redacted.
        found: Text,
    },
    /// Something on this machine is in the way.
    Local {
        /// What.
        problem: Text,
        /// What to do about it.
        advice: Text,
    },
    /// Somebody changed their mind.
    Cancelled,
}

impl Failure {
    /// Nobody waited for the answer: the run of flightdeck that asked is gone.
    #[must_use]
    pub fn interrupted() -> Self {
        Self::Local {
            problem: Text::clean("flightdeck ended before the answer came"),
            advice: Text::clean("do it again if it is still wanted"),
        }
    }

    /// Whether asking again gives the same for certain, until somebody does something about it.
    #[must_use]
    pub fn is_lasting(&self) -> bool {
        match self {
            Self::Auth(_)
            | Self::NotFound { .. }
            | Self::Unsupported { .. }
            | Self::Validation(_)
            | Self::ReadOnly
            | Self::Local { .. }
            | Self::Cancelled => true,
            Self::RateLimited { .. }
            | Self::Conflict(_)
            | Self::Server { .. }
            | Self::Network { .. }
            | Self::Decode { .. } => false,
        }
    }

    /// An input that does not do: its name, and what is wrong with it.
    #[must_use]
    pub fn invalid(field: &str, problem: &str) -> Self {
        Self::Validation(vec![FieldProblem {
            field: Some(Text::clean(field)),
            problem: Text::clean(problem),
        }])
    }

    /// Something that is not offered, and why.
    #[must_use]
    pub fn unsupported(capability: Capability, reason: &str) -> Self {
        Self::Unsupported {
            capability,
            reason: Text::clean(reason),
        }
    }

    /// One line that says what happened.
    #[must_use]
    pub fn headline(&self) -> String {
        match self {
            Self::Auth(AuthProblem::Missing(place)) => format!("no token: {place}"),
            Self::Auth(AuthProblem::Rejected) => "token rejected".into(),
            Self::Auth(AuthProblem::Expired { reason: None, .. }) => "session expired".into(),
            Self::Auth(AuthProblem::Expired {
                reason: Some(reason),
                ..
            }) => format!("session expired: {reason}"),
            Self::Auth(AuthProblem::Unfit { what, .. }) => {
                format!("wrong kind of token: this is {what}")
            }
            Self::Auth(AuthProblem::Forbidden(None)) => "not allowed".into(),
            Self::Auth(AuthProblem::Forbidden(Some(need))) => format!("not allowed: {need}"),
            Self::NotFound { subject } => format!("{subject} does not exist or is not visible"),
            Self::RateLimited {
                retry_after: Some(wait),
                ..
            } => {
                format!("rate limited, again in {} s", wait.as_secs().max(1))
            }
            Self::RateLimited {
                retry_after: None, ..
            } => "rate limited".into(),
            Self::Conflict(text) => text.to_string(),
            Self::Validation(problems) => validation(problems),
            Self::Auth(AuthProblem::Refused { reason, .. }) | Self::Unsupported { reason, .. } => {
                reason.to_string()
            }
            Self::ReadOnly => "read-only: nothing was sent".into(),
            Self::Server {
                status,
                message: Some(message),
                ..
            } => {
                // Something follows it: advice, another sentence.
                let message = message.as_str().trim_end_matches('.');
                format!("server error {status}: {message}")
            }
            Self::Server {
                status,
                message: None,
                ..
            } => format!("server error {status}"),
            Self::Network { problem, .. } => network(*problem).into(),
            Self::Decode {
                endpoint,
                path,
                expected,
                found,
            } => {
                format!(
                    "flightdeck does not understand {endpoint} at {path}: \
                     expected {expected}, found {found}"
                )
            }
            Self::Local { problem, .. } => problem.to_string(),
            Self::Cancelled => "cancelled".into(),
        }
    }

    /// One line that says what to do about it.
    #[must_use]
    pub fn advice(&self) -> String {
        match self {
            Self::Auth(AuthProblem::Missing(_)) => {
                "set `token` of the context in the configuration".into()
            }
            Self::Auth(AuthProblem::Rejected) => {
                "make a new token and put it where the context's `token` reads it".into()
            }
            Self::Auth(AuthProblem::Forbidden(_)) => "use a token whose user may do this".into(),
            Self::NotFound { .. } => "check the name; it may have been removed".into(),
            Self::RateLimited { .. } => "wait; the dashboard asks again by itself".into(),
            Self::Conflict(_) => "look at what runs and what changed, then try again".into(),
            Self::Validation(_) => "change the input".into(),
            Self::Unsupported { .. } => "use the platform's own console".into(),
            Self::ReadOnly => {
                "start without --read-only, or remove `read_only` of the context".into()
            }
            Self::Server {
                request_id: Some(id),
                ..
            } => {
                format!("try again; the platform's support finds it as {id}")
            }
            Self::Server {
                request_id: None, ..
            } => "try again; see the platform's status".into(),
            Self::Network {
                problem: NetworkProblem::Tls,
                ..
            } => "install ca-certificates, or set SSL_CERT_FILE".into(),
            Self::Network { detail, .. } => {
                format!("check `base_url`, network and proxy ({detail})")
            }
            Self::Decode { .. } => "report this line to flightdeck's developers".into(),
            Self::Auth(
                AuthProblem::Expired { advice, .. }
                | AuthProblem::Unfit { advice, .. }
                | AuthProblem::Refused { advice, .. },
            )
            | Self::Local { advice, .. } => advice.to_string(),
            Self::Cancelled => "nothing to do".into(),
        }
    }

    /// A few words for a table or a strip ("token rejected", "502", "no answer").
    #[must_use]
    pub fn short(&self) -> String {
        match self {
            Self::Auth(AuthProblem::Missing(_)) => "no token".into(),
            Self::Auth(AuthProblem::Forbidden(_)) => "not allowed".into(),
            Self::NotFound { .. } => "not found".into(),
            Self::RateLimited { .. } => "429".into(),
            Self::Conflict(_) => "conflict".into(),
            Self::Validation(_) => "invalid input".into(),
            Self::Unsupported { .. } => "not offered".into(),
            Self::ReadOnly => "read-only".into(),
            Self::Server { status, .. } => status.to_string(),
            Self::Network { problem, .. } => network(*problem).into(),
            Self::Decode { .. } => "answer not understood".into(),
            Self::Local { .. } => "trouble on this machine".into(),
            Self::Auth(AuthProblem::Expired { .. }) => "session expired".into(),
            Self::Auth(AuthProblem::Unfit { .. }) => "wrong kind of token".into(),
            Self::Auth(AuthProblem::Refused { .. }) => "token rejected".into(),
            Self::Auth(AuthProblem::Rejected) | Self::Cancelled => self.headline(),
        }
    }

    /// The id under which the platform's support finds the request, where it told one.
    #[must_use]
    pub fn request_id(&self) -> Option<&Text> {
        match self {
            Self::Server { request_id, .. } => request_id.as_ref(),
            Self::Auth(_)
            | Self::NotFound { .. }
            | Self::RateLimited { .. }
            | Self::Conflict(_)
            | Self::Validation(_)
            | Self::Unsupported { .. }
            | Self::ReadOnly
            | Self::Network { .. }
            | Self::Decode { .. }
            | Self::Local { .. }
            | Self::Cancelled => None,
        }
    }

    /// Whether the whole context is affected until somebody mends its credential.
    #[must_use]
    pub fn is_bad_credential(&self) -> bool {
        matches!(
            self,
            Self::Auth(
                AuthProblem::Missing(_)
                    | AuthProblem::Rejected
                    | AuthProblem::Expired { .. }
                    | AuthProblem::Unfit { .. }
                    | AuthProblem::Refused { .. }
            )
        )
    }
}

fn network(problem: NetworkProblem) -> &'static str {
    match problem {
        NetworkProblem::Dns => "host not found",
        NetworkProblem::Connect => "nothing answers",
        NetworkProblem::Tls => "no trusted TLS connection",
        NetworkProblem::Timeout => "no answer in time",
        NetworkProblem::Reset => "connection lost",
    }
}

fn validation(problems: &[FieldProblem]) -> String {
    let mut line = String::new();
    for FieldProblem { field, problem } in problems {
        let separator = if line.is_empty() { "" } else { "; " };
        let _ = match field {
            Some(field) => write!(line, "{separator}{field}: {problem}"),
            None => write!(line, "{separator}{problem}"),
        };
    }
    if line.is_empty() {
        "the platform does not accept this".into()
    } else {
        line
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn every() -> Vec<Failure> {
        vec![
            Failure::Auth(AuthProblem::Missing(Text::clean(
                "DIVIO_API_TOKEN is not set",
            ))),
            Failure::Auth(AuthProblem::Rejected),
            Failure::Auth(AuthProblem::Expired {
                reason: None,
                advice: Text::clean("run `tool login`"),
            }),
            Failure::Auth(AuthProblem::Expired {
                reason: Some(Text::clean("login.example.org refuses to renew it")),
                advice: Text::clean("run `tool login`"),
            }),
            Failure::Auth(AuthProblem::Unfit {
                what: Text::clean("a service token"),
                advice: Text::clean("create a management client"),
            }),
            Failure::Auth(AuthProblem::Refused {
                reason: Text::clean("login.example.org gives no token"),
                advice: Text::clean("create a management client"),
            }),
            Failure::Auth(AuthProblem::Forbidden(None)),
            Failure::Auth(AuthProblem::Forbidden(Some(Text::clean(
                "the token lacks app:read",
            )))),
            Failure::NotFound {
                subject: Text::clean("app docs"),
            },
            Failure::RateLimited {
                retry_after: Some(Duration::from_secs(31)),
                limit: None,
            },
            Failure::RateLimited {
                retry_after: None,
                limit: None,
            },
            Failure::Conflict(Text::clean("a deployment is already running")),
            Failure::Validation(vec![FieldProblem {
                field: Some(Text::clean("slug")),
                problem: Text::clean("is taken"),
            }]),
            Failure::Validation(Vec::new()),
            Failure::Unsupported {
                capability: Capability::CancelDeployment,
                reason: Text::clean("Divio's API has no cancel"),
            },
            Failure::ReadOnly,
            Failure::Server {
                status: 502,
                message: None,
                request_id: None,
            },
            Failure::Server {
                status: 500,
                message: Some(Text::clean("oops")),
                request_id: Some(Text::clean("r-1")),
            },
            Failure::Network {
                problem: NetworkProblem::Connect,
                sent: false,
                detail: Text::clean("refused"),
            },
            Failure::Decode {
                endpoint: Text::clean("ListApplications"),
                path: Text::clean("results[0].uuid"),
                expected: Text::clean("a string"),
                found: Text::clean("null"),
            },
            Failure::Local {
                problem: Text::clean("the audit cannot be written"),
                advice: Text::clean("make room"),
            },
            Failure::Cancelled,
        ]
    }

    #[test]
    fn every_failure_says_what_happened_and_what_to_do() {
        for failure in every() {
            for line in [failure.headline(), failure.advice(), failure.short()] {
                assert!(!line.trim().is_empty(), "{failure:?}");
                assert!(!line.contains('\n'), "{failure:?}");
            }
            assert!(failure.short().chars().count() <= 25, "{failure:?}");
        }
    }

    #[test]
    fn complaints_name_their_field() {
        assert_eq!(every()[12].headline(), "slug: is taken");
        assert_eq!(every()[9].headline(), "rate limited, again in 31 s");
    }
}
