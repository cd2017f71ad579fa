//! What runs, as it runs: the stream of the active deployment, and of the one after it.
//!
//! A stream that is cut is an error each time, so that the cut can be seen; the next call asks for
//! another link and goes on where the last one ended. A stream that ends in order is followed by
//! that of the deployment that is active then. Source: DigitalOcean contract, sections 6.1 to 6.4.

use std::sync::Arc;
use std::time::Duration;

use serde::Deserialize;
use tokio::time::Instant;

use super::lines::{Piece, Splitter};
use super::links::{Ask, links};
use super::place::{Place, Taken};
use super::stream::{Came, Passage, Stream};
use crate::model::{Failure, LogLine};
use crate::platforms::digitalocean::api::Api;
use crate::platforms::digitalocean::paths::Op;
use crate::platforms::{Answer, Tail, TailStep};

/// Between looks at an app of which nothing runs.
const NOTHING_RUNS: Duration = Duration::from_secs(15);

/// Before the next stream is asked for, when one has ended in order.
const AFTER_END: Duration = Duration::from_secs(3);

/// A stream that is silent for so long may be one of instances that are gone: the app is looked at.
const LOOK: Duration = Duration::from_secs(20);

/// How far it is read.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Until {
    /// On and on.
    Stopped,
    /// To the end of what exists.
    Read,
    /// No further: that was read.
    Over,
}

impl Until {
    /// A stream has ended in order, or there is none.
    fn end(&mut self) {
        if *self == Self::Read {
            *self = Self::Over;
        }
    }
}

/// Follows what runs.
pub(super) struct Runtime {
    api: Arc<Api>,
    app: String,
    component: Option<String>,
    until: Until,
    /// The deployment that is followed.
    deployment: Option<String>,
    place: Place,
    stream: Option<Stream>,
    splitter: Splitter,
    /// What came again did not reach back.
    is_short: bool,
    passage: Passage,
    /// The platform ended the stream, and no line has come since.
    has_ended: bool,
    look_at: Instant,
}

#[derive(Deserialize)]
struct App {
    active_deployment: Option<Active>,
}

#[derive(Deserialize)]
struct Active {
    id: String,
}

impl Runtime {
    pub(super) fn new(
        api: Arc<Api>,
        app: String,
        component: Option<String>,
        place: Place,
        follow: bool,
    ) -> Self {
        Self {
            api,
            app,
            component,
            until: if follow { Until::Stopped } else { Until::Read },
            deployment: None,
            place,
            stream: None,
            splitter: Splitter::default(),
            is_short: false,
            passage: Passage::default(),
            has_ended: false,
            look_at: Instant::now(),
        }
    }

    async fn step(&mut self) -> Result<TailStep, Failure> {
        loop {
            if self.until == Until::Over {
                return Ok(TailStep::Ended);
            }
            let step = match self.stream {
                None => self.open().await?,
                Some(_) => self.read().await?,
            };
            if let Some(step) = step {
                return Ok(step);
            }
        }
    }

    /// Opens the stream of what is active now.
    async fn open(&mut self) -> Result<Option<TailStep>, Failure> {
        let Some(active) = active(&self.api, &self.app).await? else {
            return Ok(Some(self.nothing_runs()));
        };
        if let Some(divider) = self.moves_to(&active) {
            return Ok(Some(divider));
        }
        let reach = self.place.reach(self.is_short);
        let ids = [Some(&self.app), Some(&active), self.component.as_ref()];
        let ids: Vec<&str> = ids.into_iter().flatten().map(String::as_str).collect();
        let ask = Ask {
            op: match self.component {
                Some(_) => Op::GetDeploymentComponentLogs,
                None => Op::GetDeploymentLogs,
            },
            ids: &ids,
            kind: "RUN",
            follows: self.until == Until::Stopped,
            reach,
        };
        let Some(live) = links(&self.api, ask).await?.live else {
            return Ok(Some(self.nothing_runs()));
        };
        let Some(stream) = self.passage.open(&self.api.sockets, &live).await? else {
            return Ok(None);
        };
        let remark = self.passage.remark(&stream);
        self.stream = Some(stream);
        self.is_short = false;
        self.look_at = Instant::now() + LOOK;
        self.splitter.clear();
        self.place.begin(reach);
        Ok(remark)
    }

    fn nothing_runs(&mut self) -> TailStep {
        self.until.end();
        TailStep::Quiet(NOTHING_RUNS)
    }

    /// Turns to the deployment that is active, and says so if it is another one than before.
    fn moves_to(&mut self, active: &str) -> Option<TailStep> {
        if self.deployment.as_deref() == Some(active) {
            return None;
        }
        let before = self.deployment.replace(active.to_owned());
        before?;
        self.stream = None;
        self.has_ended = false;
        self.is_short = false;
        // All of it is new.
        self.place = self.place.anew();
        let short = active.split('-').next().unwrap_or(active);
        let text = format!("deployment {short} runs now");
        Some(TailStep::Lines(vec![LogLine::mark(None, text)]))
    }

    async fn read(&mut self) -> Result<Option<TailStep>, Failure> {
        let Some(stream) = &mut self.stream else {
            return Ok(None);
        };
        match stream.next(Some(self.look_at)).await {
            Ok(Came::Piece(piece)) => {
                self.look_at = Instant::now() + LOOK;
                Ok(self.take(piece))
            }
            Ok(Came::Nothing) => Ok(Some(self.look().await)),
            Ok(Came::End) => Ok(Some(self.ended())),
            Ok(Came::Pause) => {
                // Expected, and no news each time. Half a line comes again, whole.
                self.stream = None;
                Ok(Some(TailStep::Quiet(AFTER_END)))
            }
            Err(failure) => {
                self.stream = None;
                Err(failure)
            }
        }
    }

    fn take(&mut self, piece: Piece) -> Option<TailStep> {
        let lines = match piece {
            Piece::Log(piece) => {
                let raw = self.splitter.push(&piece);
                self.lines(&raw)
            }
            Piece::Raw(raw) => {
                let mut parts = raw.split(|byte| *byte == b'\n');
                let new = parts.by_ref().filter(|part| !part.is_empty());
                new.filter_map(|part| self.place.take_remark(part))
                    .collect()
            }
        };
        self.hand_over(lines)
    }

    fn lines(&mut self, raw: &[Vec<u8>]) -> Vec<LogLine> {
        let mut new = Vec::new();
        for raw in raw {
            match self.place.take(raw) {
                Taken::New(line) => new.push(line),
                Taken::AfterLoss(line) => {
                    new.push(LogLine::mark(None, "some lines may be missing here"));
                    new.push(line);
                }
                Taken::Old => {}
                Taken::TooShort => {
                    (self.stream, self.is_short) = (None, true);
                    break;
                }
            }
        }
        new
    }

    /// New lines, below the remark that the platform had ended the stream before.
    fn hand_over(&mut self, lines: Vec<LogLine>) -> Option<TailStep> {
        if lines.is_empty() {
            return None;
        }
        let end = std::mem::take(&mut self.has_ended);
        let end = end.then(|| LogLine::mark(None, "the platform ended the stream; going on"));
        Some(TailStep::Lines(end.into_iter().chain(lines).collect()))
    }

    fn ended(&mut self) -> TailStep {
        self.stream = None;
        let last: Vec<_> = self.splitter.finish().into_iter().collect();
        let last = self.lines(&last);
        let step = self.hand_over(last);
        self.has_ended = true;
        self.until.end();
        step.unwrap_or(TailStep::Quiet(AFTER_END))
    }

    /// Looks whether what is silent is still what is active. That this fails is no news: the
    /// stream stands.
    async fn look(&mut self) -> TailStep {
        if Instant::now() < self.look_at {
            return TailStep::Lines(Vec::new());
        }
        self.look_at = Instant::now() + LOOK;
        let divider = match active(&self.api, &self.app).await {
            Ok(Some(active)) => self.moves_to(&active),
            Ok(None) => None,
            Err(failure) => {
                tracing::debug!(%failure, "the app could not be looked at");
                None
            }
        };
        divider.unwrap_or(TailStep::Lines(Vec::new()))
    }
}

/// The deployment that serves now.
async fn active(api: &Api, app: &str) -> Result<Option<String>, Failure> {
    let app: App = api.get(Op::GetApp, &[app]).await?;
    let active = app.active_deployment.map(|active| active.id);
    Ok(active.filter(|id| !id.is_empty()))
}

impl Tail for Runtime {
    fn next(&mut self) -> Answer<'_, TailStep> {
        Box::pin(self.step())
    }
}
