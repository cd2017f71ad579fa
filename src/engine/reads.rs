//! One task per query: walks its pages and reports each.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::mpsc;

use super::ask::{Asker, Patience, Silent};
use super::gate::{Lane, later};
use super::pace::Pace;
use super::pages::{append, list};
use super::{Clock, EngineEvent};
use crate::model::{Failure, Fetch, PageRequest, Payload, Query, QueryKey, Report, Text, Ticket};
use crate::platforms::{self, Platform};

/// Ten thousand entries in pages of ten. A list without end is a mistake of the platform, and must
/// not become ours.
const MOST_PAGES: usize = 1_000;

/// Walks all pages of one query with the rules of the engine: limits, retries, waits.
///
/// The answer is one page with all entries; its `next` is set where a history was cut.
///
/// # Errors
/// As the platform's; `Decode` for a list without end.
pub async fn read_all(
    platform: &dyn Platform,
    query: &Query,
    clock: Clock,
) -> Result<Payload, Failure> {
    let lane = Lane::alone(&platform.profile().rate);
    let asker = Asker::visible(platform, &lane, clock);
    let mut walk = Walk::new(query, platform.profile().history);
    let (mut whole, mut more) = walk.step(&asker, &mut Silent).await?;
    while more {
        let page;
        (page, more) = walk.step(&asker, &mut Silent).await?;
        append(&mut whole, page);
    }
    Ok(whole)
}

/// Carries out `fetch` and reports to `events`.
pub(super) async fn fetch(
    fetch: Fetch,
    platform: Arc<dyn Platform>,
    lane: Lane,
    events: mpsc::Sender<EngineEvent>,
    clock: Clock,
) {
    let Fetch {
        key,
        ticket,
        priority,
    } = fetch;
    let query = key.query.clone();
    let asker = Asker {
        platform: platform.as_ref(),
        lane: &lane,
        priority,
        clock,
        pace: Pace::default(),
    };
    let mut reporter = Reporter {
        key,
        ticket,
        platform: platform.as_ref(),
        events,
        clock,
    };
    let mut walk = Walk::new(&query, platform.profile().history);
    loop {
        let (result, more) = match walk.step(&asker, &mut reporter).await {
            Ok((payload, more)) => (Ok(payload), more),
            Err(failure) => (Err(failure), false),
        };
        reporter.report(result, more, None).await;
        if !more {
            return;
        }
    }
}

/// Where a read stands in its list.
struct Walk<'a> {
    query: &'a Query,
    request: PageRequest,
    pages: usize,
    entries: usize,
}

impl<'a> Walk<'a> {
    fn new(query: &'a Query, history: u32) -> Self {
        let limit = query.limit(history);
        Self {
            query,
            // The same on every page: a platform that counts in pages would skip entries if their
            // size changed on the way.
            request: PageRequest { token: None, limit },
            pages: 0,
            entries: 0,
        }
    }

    /// The next page, and whether there is another.
    async fn step(
        &mut self,
        asker: &Asker<'_>,
        patience: &mut impl Patience,
    ) -> Result<(Payload, bool), Failure> {
        let Asker { platform, .. } = *asker;
        let send = || platforms::read(platform, self.query, self.request.clone());
        // What costs no request does not queue for one.
        let is_refused = platform
            .support(self.query.capability())
            .refusal()
            .is_some();
        let mut payload = if is_refused {
            send().await?
        } else if platform.is_at_hand(self.query, &self.request)
            && let Ok(payload) = send().await
        {
            payload
        } else {
            asker.ask(patience, send).await?
        };
        let more = self.take(&mut payload)?;
        Ok((payload, more))
    }

    fn take(&mut self, payload: &mut Payload) -> Result<bool, Failure> {
        let Some(page) = list(payload) else {
            return Ok(false);
        };
        if let Some(limit) = self.request.limit.and_then(|n| usize::try_from(n).ok()) {
            page.truncate(limit - self.entries);
            if self.entries + page.count() == limit {
                return Ok(false);
            }
        }
        self.entries += page.count();
        self.pages += 1;
        let Some(next) = page.next() else {
            return Ok(false);
        };
        if self.request.token.as_ref() == Some(next) || self.pages == MOST_PAGES {
            return Err(endless(self.query));
        }
        self.request.token = Some(next.clone());
        Ok(true)
    }
}

fn endless(query: &Query) -> Failure {
    Failure::Decode {
        endpoint: Text::clean(query.capability().title()),
        path: Text::clean("next page"),
        expected: Text::clean("an end of the list"),
        found: Text::clean("pages without end"),
    }
}

/// Tells the loop about one query.
struct Reporter<'a> {
    key: QueryKey,
    ticket: Ticket,
    platform: &'a dyn Platform,
    events: mpsc::Sender<EngineEvent>,
    clock: Clock,
}

impl Reporter<'_> {
    /// Waits for room in the queue. A closed queue means that nobody listens any more.
    async fn report(
        &self,
        result: Result<Payload, Failure>,
        more: bool,
        retry_in: Option<Duration>,
    ) {
        let at = (self.clock)();
        let report = Report {
            key: self.key.clone(),
            ticket: self.ticket,
            at,
            result,
            more,
            budget: self.platform.budget(),
            retry_at: retry_in.map(|wait| later(at, wait)),
        };
        let _ = self.events.send(EngineEvent::Report(report)).await;
    }
}

impl Patience for Reporter<'_> {
    async fn wait(&mut self, failure: Failure, delay: Duration) {
        self.report(Err(failure), true, Some(delay)).await;
    }
}
