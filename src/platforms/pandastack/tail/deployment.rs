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

/// Follows the log of a deployment to its end.
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is a fact of its own about the way the lines come"
)]
pub(super) struct OfDeployment {
    api: Arc<Api>,
    project: String,
    stream: Stream,
    follows: bool,
    begun: Option<Instant>,
    again: Duration,
    /// It was said that the stream stands.
    is_standing: bool,
    is_over: bool,
    /// Whether it has ended is to be found out.
    is_in_doubt: bool,
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
            is_over: false,
            is_in_doubt: false,
        }
    }

    /// Which deployment it is of.
    pub(super) fn uuid(&self) -> &str {
        self.stream.uuid()
    }

    /// Reads on. Cancel-safe.
    pub(super) async fn step(&mut self) -> Result<TailStep, Failure> {
        while !self.is_over {
            if self.is_in_doubt {
                return self.resolve().await;
            }
            let begun = *self.begun.get_or_insert_with(Instant::now);
            match self.stream.next(&self.api, STANDS).await {
                Ok(Came::Lines(lines)) => {
                    self.again = AGAIN;
                    self.is_standing = true;
                    return Ok(TailStep::Lines(lines));
                }
                Ok(Came::Silence) if !self.follows => self.is_over = true,
                // Once it is news that there is nothing; afterwards whoever waits has a turn.
                Ok(Came::Silence) => {
                    self.is_standing = true;
                    return Ok(TailStep::Lines(Vec::new()));
                }
                Ok(Came::EndOfFile) if self.follows => self.is_in_doubt = true,
                Ok(Came::EndOfFile | Came::End) => self.is_over = true,
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
        self.is_in_doubt = false;
        // Who cannot be asked is believed.
        if is_over.unwrap_or(true) {
            self.is_over = true;
            return Ok(TailStep::Ended);
        }
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
