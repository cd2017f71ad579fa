//! How a command ended: exit codes, and the errors that lead to them.

use std::io;
use std::process::ExitCode;

use thiserror::Error;

use crate::config::ConfigError;
use crate::model::Failure;

/// The exit codes that scripts rely on. Ordered: of several outcomes the greatest is the exit code.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Exit {
    /// Done.
    #[default]
    Done = 0,
    /// The operation failed, or an answer was not understood.
    Failed = 1,
    /// The command line or the configuration is wrong.
    Usage = 2,
    /// A credential is missing, rejected, or may not do this.
    Auth = 3,
    /// The way to a platform broke, it broke itself, or it wants to be left alone.
    Unreachable = 4,
    /// It took longer than was asked for.
    TimedOut = 124,
    /// It was interrupted before what was waited for was known.
    Interrupted = 130,
}

impl Exit {
    /// The exit code of a failure.
    pub(crate) fn of(failure: &Failure) -> Self {
        match failure {
            Failure::Auth(_) => Self::Auth,
            Failure::RateLimited { .. } | Failure::Server { .. } | Failure::Network { .. } => {
                Self::Unreachable
            }
            Failure::ReadOnly => Self::Usage,
            Failure::NotFound { .. }
            | Failure::Conflict(_)
            | Failure::Validation(_)
            | Failure::Unsupported { .. }
            | Failure::Decode { .. }
            | Failure::Local { .. }
            | Failure::Cancelled => Self::Failed,
        }
    }
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        // The codes are those of the enum.
        Self::from(exit as u8)
    }
}

/// Why a command ended before its end. What is shown is written for the person at the terminal.
#[derive(Debug, Error)]
pub(crate) enum CliError {
    /// The command line does not say what to do, or says something impossible.
    #[error("{0}")]
    Usage(String),
    /// There is no configuration.
    #[error(transparent)]
    Config(#[from] ConfigError),
    /// A context did not give what the command cannot do without.
    #[error("{context}: {}", told(failure))]
    Failure {
        /// Its name.
        context: String,
        /// Why.
        failure: Failure,
    },
    /// Something on this machine went wrong.
    #[error("{what}: {error}")]
    Io {
        /// What was being done.
        what: String,
        /// What the system said.
        error: io::Error,
    },
    /// Whoever read the output has seen enough.
    #[error("the output was closed")]
    Closed,
    /// It took longer than was asked for.
    #[error("{0}")]
    TimedOut(String),
}

impl CliError {
    /// Its exit code.
    pub(crate) fn exit(&self) -> Exit {
        match self {
            Self::Usage(_) | Self::Config(_) => Exit::Usage,
            Self::Failure { failure, .. } => Exit::of(failure),
            Self::Io { .. } => Exit::Failed,
            Self::Closed => Exit::Done,
            Self::TimedOut(_) => Exit::TimedOut,
        }
    }
}

/// Writing to the output failed.
impl From<io::Error> for CliError {
    fn from(error: io::Error) -> Self {
        if error.kind() == io::ErrorKind::BrokenPipe {
            return Self::Closed;
        }
        let what = "cannot write the output".into();
        Self::Io { what, error }
    }
}

/// A failure in one line: what happened and what to do.
pub(crate) fn told(failure: &Failure) -> String {
    format!("{} ({})", failure.headline(), failure.advice())
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::model::{AuthProblem, Capability, NetworkProblem, Text};

    #[test]
    fn every_failure_has_the_exit_code_of_its_kind() {
        let text = || Text::clean("x");
        let cases = [
            (Failure::Auth(AuthProblem::Rejected), Exit::Auth),
            (Failure::Auth(AuthProblem::Forbidden(None)), Exit::Auth),
            (Failure::NotFound { subject: text() }, Exit::Failed),
            (
                Failure::RateLimited {
                    retry_after: Some(Duration::from_secs(1)),
                    limit: None,
                },
                Exit::Unreachable,
            ),
            (
                Failure::Server {
                    status: 502,
                    message: None,
                    request_id: None,
                },
                Exit::Unreachable,
            ),
            (
                Failure::Network {
                    problem: NetworkProblem::Connect,
                    sent: false,
                    detail: text(),
                },
                Exit::Unreachable,
            ),
            (
                Failure::Decode {
                    endpoint: text(),
                    path: text(),
                    expected: text(),
                    found: text(),
                },
                Exit::Failed,
            ),
            (Failure::ReadOnly, Exit::Usage),
            (
                Failure::Local {
                    problem: text(),
                    advice: text(),
                },
                Exit::Failed,
            ),
            (
                Failure::Unsupported {
                    capability: Capability::ListApps,
                    reason: text(),
                },
                Exit::Failed,
            ),
        ];
        for (failure, exit) in cases {
            assert_eq!(Exit::of(&failure), exit, "{failure:?}");
        }
    }

    #[test]
    fn a_closed_pipe_is_no_failure() {
        let closed = CliError::from(io::Error::from(io::ErrorKind::BrokenPipe));
        assert_eq!(closed.exit(), Exit::Done);
        let full = CliError::from(io::Error::from(io::ErrorKind::StorageFull));
        assert_eq!(full.exit(), Exit::Failed);
    }
}
