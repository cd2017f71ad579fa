//! What a runtime log had up to a moment: pages by the cursor that leads back.
//!
//! Newest pages come first, and lines are handed over when all are there, oldest first. Each step is
//! one request. Source: Divio contract, section 6.1.

use std::collections::VecDeque;
use std::sync::Arc;

use jiff::Timestamp;

use super::runtime::{MAX_LINES, has_log, line, link};
use crate::model::{EnvId, Failure, LogLine};
use crate::platforms::divio::api::Api;
use crate::platforms::divio::paths::Op;
use crate::platforms::divio::wire::LogPage;
use crate::platforms::{Answer, Tail, TailStep};

/// Nobody reads further back than this: cursors without end are a mistake of the platform.
const MOST_PAGES: usize = 200;

/// Nobody says whether the platform's `to_ts` is part of what it gives. It is asked for a little more,
/// in microseconds, and what is too much is cut here.
const MARGIN: i64 = 1_000;

/// Which lines are wanted.
pub(super) struct Wanted {
    /// So many of the newest.
    pub(super) lines: usize,
    /// None before this.
    pub(super) since: Option<Timestamp>,
    /// None from this on.
    pub(super) until: Option<Timestamp>,
}

enum Place {
    /// Whether there is a log is not known yet.
    Unknown,
    /// At the newest of the lines.
    Newest,
    /// At a link of the platform's.
    Link(String),
    /// All that is wanted was read.
    Read,
    /// It was handed over.
    Over,
}

/// Reads back.
pub(super) struct Older {
    api: Arc<Api>,
    environment: EnvId,
    wanted: Wanted,
    place: Place,
    pages: usize,
    found: VecDeque<LogLine>,
}

impl Older {
    pub(super) fn new(api: Arc<Api>, environment: EnvId, wanted: Wanted) -> Self {
        Self {
            api,
            environment,
            wanted,
            place: Place::Unknown,
            pages: 0,
            found: VecDeque::new(),
        }
    }

    /// One request at most. Cancel-safe: nothing changes before it is answered.
    async fn step(&mut self) -> Result<TailStep, Failure> {
        match self.place {
            Place::Unknown => {
                let has_log = has_log(&self.api, &self.environment).await?;
                self.place = if has_log { Place::Newest } else { Place::Over };
            }
            Place::Newest | Place::Link(_) => {
                let page = self.read().await?;
                self.take(page);
            }
            Place::Read => {
                self.place = Place::Over;
                return Ok(TailStep::Lines(std::mem::take(&mut self.found).into()));
            }
            Place::Over => return Ok(TailStep::Ended),
        }
        Ok(TailStep::Lines(Vec::new()))
    }

    async fn read(&self) -> Result<LogPage, Failure> {
        let (op, id) = (Op::GetEnvironmentLogs, self.environment.as_str());
        if let Place::Link(link) = &self.place {
            return self.api.get_link(op, id, link).await;
        }
        let limit = self.wanted.lines.clamp(1, MAX_LINES as usize).to_string();
        let until = self.wanted.until.and_then(|until| {
            let after = Timestamp::from_microsecond(until.as_microsecond() + MARGIN);
            after.ok().map(|after| after.to_string())
        });
        let until = until.as_deref().map(|until| ("to_ts", until));
        let query: Vec<_> = [("limit", limit.as_str())]
            .into_iter()
            .chain(until)
            .collect();
        self.api.get_with(op, id, &query).await
    }

    fn take(&mut self, page: LogPage) {
        let records = page.results.0.unwrap_or_default();
        self.pages += 1;
        let Wanted {
            since,
            until,
            lines: most,
        } = self.wanted;
        let mut is_passed = false;
        for line in records.iter().rev().map(line) {
            let is_new = until.is_some_and(|until| line.at >= Some(until));
            let is_old = since.is_some_and(|since| line.at.is_some_and(|at| at < since));
            is_passed |= is_old;
            if !is_new && !is_old && self.found.len() < most {
                self.found.push_front(line);
            }
        }
        let next = link(&self.api, page.previous.as_deref());
        let is_same = matches!((&self.place, &next), (Place::Link(at), Some(next)) if at == next);
        let has_all = is_passed || self.found.len() >= most || self.pages >= MOST_PAGES;
        self.place = match next.filter(|_| !records.is_empty() && !is_same && !has_all) {
            Some(next) => Place::Link(next),
            None => Place::Read,
        };
    }
}

impl Tail for Older {
    fn next(&mut self) -> Answer<'_, TailStep> {
        Box::pin(self.step())
    }
}
