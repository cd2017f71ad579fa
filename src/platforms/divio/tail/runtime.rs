//! Runtime logs: pages by a cursor that the platform hands out.
//!
//! Source: Divio contract, section 6.1.

use std::collections::{HashMap, VecDeque};
use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;

use crate::model::{EnvId, Failure, LogLine, Text};
use crate::platforms::divio::api::{Api, Filter};
use crate::platforms::divio::paging::{Here, split};
use crate::platforms::divio::paths::Op;
use crate::platforms::divio::wire::{self, FromField, LogPage, LogRecord};
use crate::platforms::{Answer, Tail, TailStep};

/// The most the platform gives at once.
pub(super) const MAX_LINES: u32 = 1000;

/// Between looks, by how many found nothing before.
const IDLE: [Duration; 4] = [
    Duration::from_secs(2),
    Duration::from_secs(3),
    Duration::from_secs(4),
    Duration::from_secs(5),
];

/// Between looks at an environment that was never deployed: it has no log.
const NO_LOG: Duration = Duration::from_secs(10);

/// Where to read on.
#[derive(Clone, Debug, PartialEq)]
enum Place {
    /// Whether there is a log is not known yet.
    Unknown,
    /// At the newest lines.
    Newest,
    /// At a link of the platform's.
    Link(String),
    /// At the time of the last line, where no link was given.
    Since(String),
}

/// Reads on by links, and by times where there are none.
pub(super) struct Cursor {
    api: Arc<Api>,
    environment: EnvId,
    lines: u32,
    since: Option<Timestamp>,
    place: Place,
    /// The time of the newest line, as the platform wrote it.
    newest: Option<String>,
    seen: Seen,
    /// The link leads to lines that were handed over already.
    is_stuck: bool,
    idle: usize,
}

impl Cursor {
    pub(super) fn new(
        api: Arc<Api>,
        environment: EnvId,
        lines: u32,
        since: Option<Timestamp>,
    ) -> Self {
        Self {
            api,
            environment,
            lines: lines.clamp(1, MAX_LINES),
            since,
            place: Place::Unknown,
            newest: None,
            seen: Seen::default(),
            is_stuck: false,
            idle: 0,
        }
    }

    async fn step(&mut self) -> Result<TailStep, Failure> {
        if self.place == Place::Unknown {
            if !has_log(&self.api, &self.environment).await? {
                return Ok(TailStep::Quiet(NO_LOG));
            }
            self.place = Place::Newest;
        }
        let page = match self.read().await {
            // A link is good for as long as the platform thinks; times always are.
            Err(Failure::Validation(_)) if matches!(self.place, Place::Link(_)) => {
                self.place = self.without_link();
                self.read().await?
            }
            page => page?,
        };
        Ok(self.take(page))
    }

    async fn read(&self) -> Result<LogPage, Failure> {
        let (op, id) = (Op::GetEnvironmentLogs, self.environment.as_str());
        let lines = self.lines.to_string();
        let most = MAX_LINES.to_string();
        let since = self.since.map(|since| since.to_string());
        let query: Vec<Filter<'_>> = match &self.place {
            Place::Link(link) => return self.api.get_link(op, id, link).await,
            Place::Since(time) => vec![("limit", &most), ("from_ts", time)],
            Place::Unknown | Place::Newest => match &since {
                Some(since) => vec![("limit", &most), ("from_ts", since)],
                None => vec![("limit", &lines)],
            },
        };
        self.api.get_with(op, id, &query).await
    }

    /// Takes a page in one go, so that a call that is dropped before has changed nothing.
    fn take(&mut self, page: LogPage) -> TailStep {
        let next = self.next_place(&page);
        // A link that leads on gives nothing twice; equal lines are equal lines there.
        let may_repeat = self.is_stuck || !matches!(self.place, Place::Link(_));
        let records = page.results.0.unwrap_or_default();
        let is_full = records.len() >= MAX_LINES as usize;
        let new = self.seen.new_ones(&records, may_repeat);
        let gap = matches!(self.place, Place::Since(_)) && is_full && new.len() == records.len();
        let mut lines: Vec<LogLine> = new.into_iter().map(line).collect();
        if gap {
            lines.insert(0, LogLine::mark(None, "some lines may be missing here"));
        }
        self.remember(&records, next);
        if lines.is_empty() {
            let pause = IDLE[self.idle.min(IDLE.len() - 1)];
            self.idle += 1;
            return TailStep::Quiet(pause);
        }
        self.idle = 0;
        TailStep::Lines(lines)
    }

    fn remember(&mut self, records: &[LogRecord], next: Place) {
        let newest = records
            .iter()
            .filter_map(|record| record.timestamp.clone())
            .max_by_key(|time| moment(time));
        if let Some(newest) = newest
            && self.newest.as_deref().map(moment) <= Some(moment(&newest))
        {
            self.newest = Some(newest);
        }
        let next = match next {
            Place::Link(link) => Place::Link(link),
            Place::Unknown | Place::Newest | Place::Since(_) => self.without_link(),
        };
        self.is_stuck = next == self.place && (self.is_stuck || !records.is_empty());
        self.place = next;
    }

    /// The latest link, unchanged or not, below the configured host.
    fn next_place(&self, page: &LogPage) -> Place {
        link(&self.api, page.next.as_deref()).map_or(Place::Newest, Place::Link)
    }

    fn without_link(&self) -> Place {
        match &self.newest {
            Some(time) => Place::Since(time.clone()),
            None => Place::Newest,
        }
    }
}

/// An environment that was never deployed is not asked for its log.
pub(super) async fn has_log(api: &Api, environment: &EnvId) -> Result<bool, Failure> {
    let id = environment.as_str();
    let record: wire::Environment = api.get(Op::GetEnvironment, id).await?;
    Ok(record.last_finished_deployment.is_some())
}

/// A link to another page, below the configured host; none where it leads elsewhere.
pub(super) fn link(api: &Api, link: Option<&str>) -> Option<String> {
    let here = Here {
        operation: Op::GetEnvironmentLogs.row().operation,
        base: api.http.base(),
        path: "",
        query: "",
        got: 1,
        count: None,
    };
    let link = here.next(link).unwrap_or_else(|failure| {
        tracing::warn!(%failure, "a link of a log leads nowhere");
        None
    });
    link.filter(|link| split(link).is_some())
}

impl Tail for Cursor {
    fn next(&mut self) -> Answer<'_, TailStep> {
        Box::pin(self.step())
    }
}

/// The lines that were handed over last. Lines have no identifier and applications repeat
/// themselves, so equal ones are counted, not dropped.
#[derive(Default)]
struct Seen {
    recent: VecDeque<u64>,
}

impl Seen {
    /// Those of `records` that are not among the recent ones, one for one; all of them if nothing
    /// may come twice.
    fn new_ones<'a>(&mut self, records: &'a [LogRecord], may_repeat: bool) -> Vec<&'a LogRecord> {
        let mut known: HashMap<u64, usize> = HashMap::new();
        if may_repeat {
            for fingerprint in &self.recent {
                *known.entry(*fingerprint).or_default() += 1;
            }
        }
        let mut new = Vec::new();
        for record in records {
            match known.get_mut(&record.fingerprint()) {
                Some(count) if *count > 0 => *count -= 1,
                _ => new.push(record),
            }
        }
        self.recent
            .extend(new.iter().map(|record| record.fingerprint()));
        let surplus = self.recent.len().saturating_sub(2 * MAX_LINES as usize);
        self.recent.drain(..surplus);
        new
    }
}

pub(super) fn line(record: &LogRecord) -> LogLine {
    let at = record.timestamp.as_deref().and_then(moment);
    let source = record
        .service
        .as_deref()
        .and_then(Text::non_empty)
        .unwrap_or_default();
    let message = record.message.as_deref().unwrap_or_default();
    LogLine::output(at, source, message.trim_end_matches(['\r', '\n']))
}

fn moment(time: &str) -> Option<Timestamp> {
    Timestamp::from_field(time.into())
}
