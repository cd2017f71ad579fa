//! The log of a project: that of its newest deployment, and of each newer one when it appears.

use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;
use tokio::time::Instant;

use super::deployment::OfDeployment;
use super::stream::Stream;
use crate::model::{Failure, LogLine, TailRequest};
use crate::platforms::pandastack::api::Api;
use crate::platforms::pandastack::map::short;
use crate::platforms::pandastack::projects;
use crate::platforms::{Answer, Tail, TailStep};

/// What was seen of a project within this time needs no question: lists of projects bring it.
const FRESH: Duration = Duration::from_secs(30);

/// How often what was seen is looked at.
const LOOK: Duration = Duration::from_secs(3);

/// Follows the log of a project.
pub(super) struct OfNewest {
    api: Arc<Api>,
    project: String,
    since: Option<Timestamp>,
    follows: bool,
    current: Option<OfDeployment>,
    /// The deployment whose log is over.
    done: Option<String>,
    looked: Option<Instant>,
    has_begun: bool,
    is_over: bool,
}

impl OfNewest {
    pub(super) fn new(api: Arc<Api>, project: &str, request: &TailRequest) -> Self {
        Self {
            api,
            project: project.to_owned(),
            since: request.since,
            follows: request.follow,
            current: None,
            done: None,
            looked: None,
            has_begun: false,
            is_over: false,
        }
    }

    /// Reads on. Cancel-safe.
    async fn step(&mut self) -> Result<TailStep, Failure> {
        while !self.is_over {
            if self.current.is_some() {
                if let Some(step) = self.read().await? {
                    return Ok(step);
                }
            } else {
                return self.look().await;
            }
        }
        Ok(TailStep::Ended)
    }

    /// Reads the log of the newest deployment, while it is that.
    async fn read(&mut self) -> Result<Option<TailStep>, Failure> {
        let Some(current) = &mut self.current else {
            return Ok(None);
        };
        let step = current.step().await?;
        let is_idle = match &step {
            TailStep::Ended => {
                self.end();
                return Ok(None);
            }
            TailStep::Quiet(_) => true,
            TailStep::Lines(lines) => lines.is_empty(),
            TailStep::Replaced(_) => false,
        };
        if is_idle && self.is_superseded().await {
            self.end();
            return Ok(None);
        }
        Ok(Some(step))
    }

    fn end(&mut self) {
        let current = self.current.take();
        self.done = current.map(|it| it.uuid().to_owned());
        self.is_over = !self.follows;
    }

    /// Whether there is a newer deployment; who cannot be asked knows of none.
    async fn is_superseded(&mut self) -> bool {
        let is_due = self.looked.is_none_or(|at| at.elapsed() >= LOOK);
        if !is_due {
            return false;
        }
        self.looked = Some(Instant::now());
        let newest = projects::newest(&self.api, &self.project, FRESH).await;
        let current = self.current.as_ref().map(OfDeployment::uuid);
        matches!(newest, Ok(Some(newest)) if Some(newest.as_str()) != current)
    }

    /// Looks for a deployment whose log was not shown.
    async fn look(&mut self) -> Result<TailStep, Failure> {
        let within = if self.has_begun { FRESH } else { LOOK };
        let newest = projects::newest(&self.api, &self.project, within).await?;
        let is_first = !std::mem::replace(&mut self.has_begun, true);
        match newest.filter(|it| self.done.as_ref() != Some(it)) {
            Some(uuid) => Ok(self.begin(&uuid)),
            None if !self.follows => {
                self.is_over = true;
                Ok(nothing())
            }
            None if is_first => Ok(nothing()),
            None => Ok(TailStep::Quiet(LOOK)),
        }
    }

    fn begin(&mut self, uuid: &str) -> TailStep {
        let stream = Stream::new(uuid, self.since);
        let current = OfDeployment::new(self.api.clone(), &self.project, stream, self.follows);
        self.current = Some(current);
        self.looked = Some(Instant::now());
        let title = format!("log of deployment {}", short(uuid));
        TailStep::Lines(vec![LogLine::mark(None, title)])
    }
}

fn nothing() -> TailStep {
    TailStep::Lines(vec![LogLine::mark(None, "nothing was deployed yet")])
}

impl Tail for OfNewest {
    fn next(&mut self) -> Answer<'_, TailStep> {
        Box::pin(self.step())
    }
}
