//! The log of one deployment of a project.

use std::sync::Arc;
use std::time::Duration;

use tokio::time::Instant;

use super::stream::{Came, Stream};
use crate::model::Failure;
use crate::platforms::pandastack::api::Api;
use crate::platforms::pandastack::projects;
use crate::platforms::{Answer, Tail, TailStep};

/// A stream that has brought nothing for so long is said to stand.
pub(super) const STANDS: Duration = Duration::from_secs(2);

/// Before a stream that ended in order, and too early, is opened again; doubled while that brings
/// nothing.
const AGAIN: Duration = Duration::from_secs(3);
const LONGEST: Duration = Duration::from_secs(30);

/// A deployment that was just accepted may not have a log yet.
const UNKNOWN: Duration = Duration::from_secs(30);

/// How far the log was read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum At {
    /// Lines come.
    Lines,
    /// The stream has ended, and nobody said whether the log has.
    Doubt,
    /// Nothing comes any more.
    End,
}

/// Follows the log of a deployment to its end.
pub(super) struct OfDeployment {
    api: Arc<Api>,
    project: String,
    stream: Stream,
    follows: bool,
    begun: Option<Instant>,
    again: Duration,
    /// It was said that the stream stands.
    is_standing: bool,
    at: At,
}

impl OfDeployment {
    pub(super) fn new(api: Arc<Api>, project: &str, stream: Stream, follows: bool) -> Self {
        Self {
            api,
            project: project.to_owned(),
            stream,
            follows,
            begun: None,
            again: AGAIN,
            is_standing: false,
            at: At::Lines,
        }
    }

    /// Which deployment it is of.
    pub(super) fn uuid(&self) -> &str {
        self.stream.uuid()
    }

    /// Reads on. Cancel-safe.
    pub(super) async fn step(&mut self) -> Result<TailStep, Failure> {
        while self.at != At::End {
            if self.at == At::Doubt {
                return self.resolve().await;
            }
            let begun = *self.begun.get_or_insert_with(Instant::now);
            match self.stream.next(&self.api, STANDS).await {
                Ok(Came::Lines(lines)) => {
                    self.again = AGAIN;
                    self.is_standing = true;
                    return Ok(TailStep::Lines(lines));
                }
                Ok(Came::Silence) if !self.follows => self.at = At::End,
                // Once it is news that there is nothing; afterwards whoever waits has a turn.
                Ok(Came::Silence) => {
                    self.is_standing = true;
                    return Ok(TailStep::Lines(Vec::new()));
                }
                Ok(Came::EndOfFile) if self.follows => self.at = At::Doubt,
                Ok(Came::EndOfFile | Came::End) => self.at = At::End,
                Err(Failure::NotFound { .. })
                    if self.follows && !self.is_standing && begun.elapsed() < UNKNOWN =>
                {
                    return Ok(TailStep::Quiet(AGAIN));
                }
                Err(failure) => return Err(failure),
            }
        }
        Ok(TailStep::Ended)
    }

    /// The end of the file is the end of the log, unless the deployment goes on.
    async fn resolve(&mut self) -> Result<TailStep, Failure> {
        let uuid = self.stream.uuid();
        let is_over = projects::is_over(&self.api, &self.project, uuid).await;
        // Who cannot be asked is believed.
        if is_over.unwrap_or(true) {
            self.at = At::End;
            return Ok(TailStep::Ended);
        }
        self.at = At::Lines;
        let again = self.again;
        self.again = (again * 2).min(LONGEST);
        Ok(TailStep::Quiet(again))
    }
}

impl Tail for OfDeployment {
    fn next(&mut self) -> Answer<'_, TailStep> {
        Box::pin(self.step())
    }
}
