//! The stream of one deployment's log, over all connections to it.

use std::time::Duration;

use bytes::Bytes;
use jiff::Timestamp;
use reqwest::StatusCode;
use reqwest::header::CONTENT_TYPE;
use tokio::time::{Instant, timeout};

use super::replay::Replay;
use super::said::Said;
use super::sse::{Frame, Frames};
use crate::model::{Failure, LogLine, NetworkProblem, Safety};
use crate::platforms::http::{Incoming, Reply};
use crate::platforms::pandastack::api::Api;
use crate::platforms::pandastack::decode::Payload;
use crate::platforms::pandastack::paths::Op;

/// What is no stream of events is read as far as this.
const MOST_OF_OTHER: usize = 64 * 1024;

/// A stream that has brought nothing for so long, not even a comment, is taken for lost. Counted over
/// all looks at it: each of them is short.
const LOST: Duration = Duration::from_secs(75);

/// What comes of reading on.
#[derive(Debug, PartialEq)]
pub(super) enum Came {
    /// New lines.
    Lines(Vec<LogLine>),
    /// Nothing for this long.
    Silence,
    /// The server has ended it, and did not say why.
    EndOfFile,
    /// The server has said that nothing more comes.
    End,
}

/// The log of a deployment.
pub(super) struct Stream {
    uuid: String,
    since: Option<Timestamp>,
    incoming: Option<Incoming>,
    /// When something came last.
    heard: Instant,
    frames: Frames,
    replay: Replay<Vec<LogLine>>,
    /// What is to be told after the lines that came.
    next: Option<Came>,
}

impl Stream {
    /// Nothing is opened yet. Lines from before `since` are left out.
    pub(super) fn new(uuid: &str, since: Option<Timestamp>) -> Self {
        Self {
            uuid: uuid.to_owned(),
            since,
            incoming: None,
            heard: Instant::now(),
            frames: Frames::default(),
            replay: Replay::default(),
            next: None,
        }
    }

    /// Which deployment it is of.
    pub(super) fn uuid(&self) -> &str {
        &self.uuid
    }

    /// Reads on; opens it where it is not open. Cancel-safe.
    ///
    /// # Errors
    /// As any stream. Half a frame comes again, whole.
    pub(super) async fn next(&mut self, api: &Api, patience: Duration) -> Result<Came, Failure> {
        loop {
            if let Some(came) = self.next.take() {
                return Ok(came);
            }
            let Some(incoming) = &mut self.incoming else {
                self.open(api).await?;
                continue;
            };
            let lines = match timeout(patience, incoming.next()).await {
                Err(_) if self.heard.elapsed() >= LOST => {
                    self.incoming = None;
                    continue;
                }
                Err(_) => {
                    self.next = Some(Came::Silence);
                    self.settled()
                }
                Ok(Ok(Some(bytes))) => {
                    self.heard = Instant::now();
                    let frames = self.frames.push(&bytes);
                    self.take(frames)
                }
                Ok(Ok(None)) => self.ended(),
                Ok(Err(failure)) => {
                    self.incoming = None;
                    if is_silence(&failure) {
                        continue;
                    }
                    return Err(failure);
                }
            };
            if !lines.is_empty() {
                return Ok(Came::Lines(lines));
            }
        }
    }

    async fn open(&mut self, api: &Api) -> Result<(), Failure> {
        let mut call = api
            .call(Op::StreamDeploymentLogs, &[&self.uuid], Safety::Read)
            .await?;
        call.accept = "text/event-stream";
        let mut incoming = api.http.stream(call).await?;
        if is_json(&incoming) {
            return Err(other(&mut incoming).await);
        }
        self.incoming = Some(incoming);
        self.heard = Instant::now();
        self.frames = Frames::default();
        self.replay.begin();
        Ok(())
    }

    /// The server has ended it in order.
    fn ended(&mut self) -> Vec<LogLine> {
        self.incoming = None;
        let last = self.frames.finish();
        let mut lines = self.take(last);
        if self.next.is_none() {
            self.next = Some(Came::EndOfFile);
            lines.extend(self.settled());
        }
        lines
    }

    /// The new lines of frames, up to the one that ends all.
    fn take(&mut self, frames: impl IntoIterator<Item = Frame>) -> Vec<LogLine> {
        let mut lines = Vec::new();
        for frame in frames {
            let mut said = Said::of(frame);
            let told = std::mem::take(&mut said.lines);
            let new = self.replay.take(said.stamp(), told);
            lines.extend(new.into_iter().flatten());
            if said.is_end {
                self.incoming = None;
                self.next = Some(Came::End);
                lines.extend(self.replay.settle().into_iter().flatten());
                break;
            }
        }
        self.wanted(lines)
    }

    fn settled(&mut self) -> Vec<LogLine> {
        let held = self.replay.settle().into_iter().flatten().collect();
        self.wanted(held)
    }

    fn wanted(&self, mut lines: Vec<LogLine>) -> Vec<LogLine> {
        let is_old = |at: Timestamp| self.since.is_some_and(|since| at < since);
        lines.retain(|line| !line.at.is_some_and(is_old));
        lines
    }
}

/// Nothing came for too long: that is asked for again, which brings nothing twice.
fn is_silence(failure: &Failure) -> bool {
    let problem = NetworkProblem::Timeout;
    matches!(failure, Failure::Network { problem: it, .. } if *it == problem)
}

fn is_json(incoming: &Incoming) -> bool {
    let kind = incoming.headers().get(CONTENT_TYPE);
    let kind = kind.and_then(|kind| kind.to_str().ok()).unwrap_or_default();
    kind.contains("json")
}

/// What a server means that answers well and sends no stream.
async fn other(incoming: &mut Incoming) -> Failure {
    let mut body = Vec::new();
    while body.len() < MOST_OF_OTHER {
        match incoming.next().await {
            Ok(Some(bytes)) => body.extend_from_slice(&bytes),
            Ok(None) => break,
            Err(failure) => return failure,
        }
    }
    let operation = Op::StreamDeploymentLogs.row().operation;
    let reply = Reply {
        operation,
        status: StatusCode::OK,
        headers: incoming.headers().clone(),
        body: Bytes::from(body),
    };
    let misread = || Failure::Decode {
        endpoint: operation.into(),
        path: "the top".into(),
        expected: "a stream of events".into(),
        found: "something else".into(),
    };
    Payload::of(&reply).map_or_else(|refused| refused, |_| misread())
}
