//! Logs that end, followed stage by stage: as a stream while a stage is written, from archives
//! afterwards.
//!
//! Source: DigitalOcean contract, sections 6.1 to 6.4.

use std::collections::VecDeque;
use std::sync::Arc;
use std::time::Duration;

use super::lines::{Parsed, Piece, Splitter, Stamp};
use super::seen::Seen;
use super::stream::{Came, Passage, Stream};
use super::subject::{Stage, Standing, Subject};
use crate::model::{Failure, LogLine, Secret, Text};
use crate::platforms::digitalocean::api::Api;
use crate::platforms::http::storage::{Object, Wish};
use crate::platforms::{Answer, Tail, TailStep};

/// Between looks at what is not there yet.
const AGAIN: Duration = Duration::from_secs(3);

/// An archive comes a little after the stream whose lines it has: so many looks are worth it where
/// that was cut.
const LOOKS_FOR_REST: u8 = 3;

/// Follows a log to its end.
pub(super) struct Finite {
    api: Arc<Api>,
    subject: Subject,
    /// Which stage is read.
    stage: usize,
    reading: Reading,
    splitter: Splitter,
    /// The stamp of the line before.
    current: Option<Stamp>,
    seen: Seen,
    progress: Progress,
    passage: Passage,
}

/// What is read now.
enum Reading {
    Nothing,
    Live(Stream),
    /// The links that are left, and what is being fetched of the first.
    Archives(VecDeque<Secret>, Option<Object>),
}

/// How far the reading of a stage has come.
#[expect(clippy::struct_excessive_bools, reason = "each is a fact of its own")]
#[derive(Debug, Default)]
struct Progress {
    /// A line of it was handed over.
    has_begun: bool,
    /// The platform has said that all was sent.
    has_ended: bool,
    /// It was over before it was opened.
    was_over: bool,
    /// The next look is not due at once.
    is_resting: bool,
    /// It was cut, and not read to its end since.
    is_cut: bool,
    /// A link was refused, and another one asked for.
    is_renewed: bool,
    looks: u8,
}

impl Finite {
    pub(super) fn new(api: Arc<Api>, subject: Subject) -> Self {
        Self {
            api,
            subject,
            stage: 0,
            reading: Reading::Nothing,
            splitter: Splitter::default(),
            current: None,
            seen: Seen::default(),
            progress: Progress::default(),
            passage: Passage::default(),
        }
    }

    async fn step(&mut self) -> Result<TailStep, Failure> {
        while let Some(stage) = self.subject.stages().get(self.stage) {
            let read = match &mut self.reading {
                Reading::Nothing => self.open(stage).await,
                Reading::Live(_) => self.read_stream(stage).await,
                Reading::Archives(..) => self.read_archives(stage).await,
            };
            match read {
                Ok(Some(step)) => return Ok(step),
                Ok(None) => {}
                Err(failure) => {
                    self.cut();
                    return Err(failure);
                }
            }
        }
        Ok(TailStep::Ended)
    }

    /// Looks how the stage is doing and opens what there is to read.
    async fn open(&mut self, stage: &Stage) -> Result<Option<TailStep>, Failure> {
        let standing = self.subject.standing(&self.api, stage).await?;
        if self.progress.has_ended && standing == Standing::Over {
            self.advance();
            return Ok(None);
        }
        // The phase moves on a little after the stream has ended. Should it have ended too early,
        // it is read again.
        if standing == Standing::Later || std::mem::take(&mut self.progress.is_resting) {
            return Ok(Some(TailStep::Quiet(AGAIN)));
        }
        let links = self.subject.links(&self.api, stage).await?;
        self.reading = match links.live {
            Some(live) => {
                let sockets = &self.api.sockets;
                match self.passage.open(sockets, &live).await? {
                    Some(stream) => Reading::Live(stream),
                    None => return Ok(None),
                }
            }
            None if links.archives.is_empty() => return Ok(self.missing(standing)),
            None => Reading::Archives(links.archives.into(), None),
        };
        self.splitter.clear();
        self.current = None;
        self.seen.begin();
        self.progress.was_over = standing == Standing::Over;
        Ok(match &self.reading {
            Reading::Live(stream) => self.passage.remark(stream),
            Reading::Nothing | Reading::Archives(..) => None,
        })
    }

    /// There is nothing to read: not yet, or not at all, or no longer.
    fn missing(&mut self, standing: Standing) -> Option<TailStep> {
        let may_come = self.progress.is_cut && self.progress.looks < LOOKS_FOR_REST;
        if standing != Standing::Over || may_come {
            self.progress.looks += 1;
            return Some(TailStep::Quiet(AGAIN));
        }
        let is_cut = self.progress.is_cut;
        self.advance();
        is_cut.then(|| {
            let text = "the rest of this log is no longer to be had";
            TailStep::Lines(vec![LogLine::mark(None, text)])
        })
    }

    async fn read_stream(&mut self, stage: &Stage) -> Result<Option<TailStep>, Failure> {
        let Reading::Live(stream) = &mut self.reading else {
            return Ok(None);
        };
        Ok(match stream.next(None).await? {
            Came::Piece(Piece::Log(piece)) => self.take(stage, &piece),
            Came::Piece(Piece::Raw(raw)) => self.lines(stage, &[raw]),
            Came::Nothing => Some(TailStep::Lines(Vec::new())),
            Came::End => {
                self.reading = Reading::Nothing;
                self.progress.has_ended = true;
                self.progress.is_resting = true;
                self.progress.is_cut = false;
                self.last_line(stage)
            }
            // What began after the log was written brings all of it.
            Came::Pause => {
                self.reading = Reading::Nothing;
                self.progress.is_resting = true;
                self.progress.has_ended = self.progress.was_over;
                self.progress.is_cut = !self.progress.was_over;
                self.progress.looks = 0;
                // Half a line comes again, whole.
                if self.progress.was_over {
                    self.last_line(stage)
                } else {
                    None
                }
            }
        })
    }

    async fn read_archives(&mut self, stage: &Stage) -> Result<Option<TailStep>, Failure> {
        let Reading::Archives(links, object) = &mut self.reading else {
            return Ok(None);
        };
        if let Some(open) = object {
            let Some(piece) = open.next().await? else {
                (*object, self.current) = (None, None);
                links.pop_front();
                return Ok(self.last_line(stage));
            };
            return Ok(self.take(stage, &piece));
        }
        let Some(link) = links.front() else {
            self.advance();
            return Ok(None);
        };
        let found = self.api.archives.get(link, Wish::default()).await?;
        match found.head.status {
            200..=299 => *object = Some(found),
            // Links are good for minutes.
            403 if !self.progress.is_renewed => {
                self.progress.is_renewed = true;
                self.reading = Reading::Nothing;
            }
            status => return Err(refused(status)),
        }
        Ok(None)
    }

    fn take(&mut self, stage: &Stage, piece: &[u8]) -> Option<TailStep> {
        let lines = self.splitter.push(piece);
        self.lines(stage, &lines)
    }

    fn last_line(&mut self, stage: &Stage) -> Option<TailStep> {
        let line = self.splitter.finish()?;
        self.lines(stage, &[line])
    }

    /// Those of the lines that were not handed over, below the title of the stage.
    fn lines(&mut self, stage: &Stage, raw: &[Vec<u8>]) -> Option<TailStep> {
        let mut new = Vec::new();
        for raw in raw {
            let parsed = Parsed::of(raw);
            if parsed.stamp.is_some() {
                self.current.clone_from(&parsed.stamp);
            }
            if self.seen.is_new(raw) {
                new.push(parsed.line(self.current.as_ref()));
            }
        }
        if new.is_empty() {
            return None;
        }
        let title = stage.title.filter(|_| !self.progress.has_begun);
        self.progress.has_begun = true;
        let title = title.map(|title| LogLine::mark(None, title));
        Some(TailStep::Lines(title.into_iter().chain(new).collect()))
    }

    fn advance(&mut self) {
        self.stage += 1;
        self.reading = Reading::Nothing;
        self.seen = Seen::default();
        self.progress = Progress::default();
    }

    /// What was handed over stays so; what was under way comes again.
    fn cut(&mut self) {
        if matches!(self.reading, Reading::Nothing) {
            return;
        }
        self.reading = Reading::Nothing;
        self.progress.is_cut = true;
        self.progress.looks = 0;
    }
}

impl Tail for Finite {
    fn next(&mut self) -> Answer<'_, TailStep> {
        Box::pin(self.step())
    }
}

fn refused(status: u16) -> Failure {
    Failure::Server {
        status,
        message: Some(Text::clean("the archive of the log was not handed out")),
        request_id: None,
    }
}
