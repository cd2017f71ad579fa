//! Lines as they are written, until all logs have ended, a deployment is over, or somebody
//! interrupts.

mod hear;
mod take;

use std::collections::HashMap;
use std::io::Write;
use std::pin::pin;
use std::time::Duration;

use futures_util::StreamExt as _;
use futures_util::stream::FuturesUnordered;
use tokio::time::{Instant, sleep_until};

use super::join::{Awaited, Site};
use super::lines::Printer;
use super::outcome;
use super::place::{Origin, Place, deployment};
use super::sift::Sift;
use super::weave::{Flow, Strand, Weave};
use crate::cli::args::Logs;
use crate::cli::exit::{CliError, Exit};
use crate::cli::fleet::Fleet;
use crate::cli::simulate::interrupted;
use crate::cli::table::length;
use crate::cli::terminal::tell;
use crate::model::{Capability, LogSource, TailId, TailRequest};

/// What logs begin with is complete when nothing came for so long.
const QUIET: Duration = Duration::from_millis(500);
/// It is not waited for longer than this.
const PAST: Duration = Duration::from_secs(10);
/// So long the log of a deployment may go on after its end.
const GRACE: Duration = Duration::from_secs(30);

/// What is asked for.
pub(super) struct Plan<'a> {
    request: Box<dyn Fn(LogSource) -> TailRequest + 'a>,
    /// Whether logs of deployments join.
    joins: bool,
    until_done: bool,
    limit: Duration,
}

impl<'a> Plan<'a> {
    pub(super) fn new(args: &Logs, request: impl Fn(LogSource) -> TailRequest + 'a) -> Self {
        let which = &args.which;
        let is_of_past = which.previous || which.run.is_some() || which.event.is_some();
        let is_runtime = !is_of_past && which.deployment.is_none();
        Self {
            request: Box::new(request),
            joins: is_runtime && !args.following.runtime_only && !args.following.until_done,
            until_done: args.following.until_done,
            limit: args.following.timeout,
        }
    }
}

/// A log that is followed.
#[derive(Clone, Copy, Debug, Default)]
struct Tail {
    /// The place of its deployments, where its deployment joined by itself.
    site: Option<usize>,
    is_answered: bool,
    is_over: bool,
    has_lines: bool,
}

struct Following<'a, W: Write> {
    fleet: &'a mut Fleet,
    plan: &'a Plan<'a>,
    weave: Weave,
    sift: Sift,
    printer: Printer<W>,
    strands: HashMap<TailId, Strand>,
    tails: Vec<Tail>,
    sites: Vec<Site>,
    awaited: FuturesUnordered<Awaited>,
    /// How many deployments have no verdict yet.
    open: usize,
    began: Instant,
    heard: Instant,
    /// Whether what the logs begin with is not complete.
    is_past: bool,
    /// When the last verdict came.
    ended: Option<Instant>,
    exit: Exit,
}

/// Shows lines as they come.
pub(super) async fn follow(
    fleet: &mut Fleet,
    places: Vec<Place>,
    plan: &Plan<'_>,
    sift: Sift,
    printer: Printer<impl Write>,
) -> Result<Exit, CliError> {
    // Before anything is sent: what is begun can be ended.
    let mut interrupt = pin!(interrupted()?);
    let mut following = Following::new(fleet, plan, sift, printer);
    for place in places {
        following.open(place)?;
    }
    while !following.is_done() {
        let due = following.due();
        tokio::select! {
            biased;
            () = &mut interrupt => {
                following.interrupted();
                break;
            }
            batch = following.fleet.next_batch() => match batch {
                Some(batch) => following.take(batch),
                None => break,
            },
            Some(news) = following.awaited.next(), if !following.awaited.is_empty() => {
                following.hear(news);
            }
            () = sleep_until(due) => if following.is_late() { break },
        }
        following.pour()?;
    }
    following.finish()
}

impl<'a, W: Write> Following<'a, W> {
    fn new(fleet: &'a mut Fleet, plan: &'a Plan<'a>, sift: Sift, printer: Printer<W>) -> Self {
        let now = Instant::now();
        Self {
            fleet,
            plan,
            weave: Weave::live(),
            sift,
            printer,
            strands: HashMap::new(),
            tails: Vec::new(),
            sites: Vec::new(),
            awaited: FuturesUnordered::new(),
            open: 0,
            began: now,
            heard: now,
            is_past: true,
            ended: None,
            exit: Exit::Done,
        }
    }

    /// Begins to follow what was asked for.
    fn open(&mut self, place: Place) -> Result<(), CliError> {
        let (_, platform) = self.fleet.platform(place.context)?;
        let site = Site::new(&place, platform);
        let is_awaited = place.source.is_none();
        if let Some(source) = place.source {
            let tail = TailId {
                context: place.id,
                source,
            };
            let id = deployment(&tail.source).cloned();
            let strand = self.begin(tail, &place.origin, Flow::Past);
            if let Some(id) = id.filter(|_| self.plan.until_done) {
                self.open += 1;
                self.awaited.push(outcome::see(&site, strand, id));
            }
        } else {
            let name = place.origin.whole();
            tell(format_args!("{name}: no deployment runs; waiting for one"));
            self.open += 1;
        }
        let offers = |what| self.fleet.offers(place.context, what);
        let is_offered = offers(Capability::ListDeployments) && offers(Capability::DeploymentLog);
        if is_awaited || (self.plan.joins && is_offered) {
            self.watch(site);
        }
        Ok(())
    }

    /// Looks for deployments from now on.
    fn watch(&mut self, site: Site) {
        if self.sites.iter_mut().any(|known| known.takes(&site)) {
            return;
        }
        self.awaited
            .push(site.look(self.sites.len(), Duration::ZERO));
        self.sites.push(site);
    }

    /// Follows one more log.
    fn begin(&mut self, tail: TailId, origin: &Origin, flow: Flow) -> Strand {
        let strand = self.weave.add(flow);
        self.printer.add(origin, deployment(&tail.source));
        self.tails.push(Tail::default());
        self.strands.insert(tail.clone(), strand);
        let request = (self.plan.request)(tail.source.clone());
        self.fleet.follow(tail, request);
        strand
    }

    /// Writes what may be written now.
    fn pour(&mut self) -> Result<(), CliError> {
        let now = Instant::now();
        if self.is_past && self.is_complete(now) {
            self.is_past = false;
            (0..self.tails.len()).for_each(|strand| self.weave.settle(strand));
            while let Some(item) = self.weave.rest() {
                self.sift.take(item, &mut self.printer)?;
            }
            self.sift.release(&mut self.printer)?;
        }
        while let Some(item) = self.weave.next(Some(now)) {
            self.sift.take(item, &mut self.printer)?;
        }
        Ok(self.printer.flush()?)
    }

    /// Whether all have told what they begin with.
    fn is_complete(&self, now: Instant) -> bool {
        let is_answered = |tail: &Tail| tail.is_answered || tail.is_over;
        let is_quiet = now >= self.heard + QUIET && self.tails.iter().all(is_answered);
        let are_over = self.tails.iter().all(|tail| tail.is_over);
        let are_known = self.sites.iter().all(Site::is_known);
        (are_known && (are_over || is_quiet)) || now >= self.began + PAST
    }

    /// When to look at the clock.
    fn due(&self) -> Instant {
        let limit = self.began + self.plan.limit;
        let limit = Some(limit).filter(|_| self.open > 0);
        let past = [self.heard + QUIET, self.began + PAST];
        let past = past
            .into_iter()
            .filter(|at| self.is_past && *at > Instant::now());
        let grace = self.ended.map(|at| at + GRACE);
        let due = past.chain(limit).chain(grace).chain(self.weave.due()).min();
        // With nothing due, an hour is as good as any time.
        due.unwrap_or_else(|| Instant::now() + Duration::from_hours(1))
    }

    fn is_done(&self) -> bool {
        let are_over = self.tails.iter().all(|tail| tail.is_over);
        are_over && (!self.plan.until_done || self.open == 0)
    }

    /// Whether it is not waited for any longer; says so.
    fn is_late(&mut self) -> bool {
        let now = Instant::now();
        if self.ended.is_some_and(|at| now >= at + GRACE) {
            tell("the log has not ended: more may come");
            return true;
        }
        let is_late = self.open > 0 && now >= self.began + self.plan.limit;
        if is_late {
            let limit = length(self.plan.limit);
            tell(format_args!(
                "not over after {limit}; it goes on at the platform"
            ));
            self.exit = Exit::TimedOut;
        }
        is_late
    }

    /// To interrupt is how one stops to follow; but a verdict that was waited for is not known then.
    fn interrupted(&mut self) {
        if self.open > 0 {
            self.exit = Exit::Interrupted;
        }
    }

    /// Writes what waits.
    fn finish(mut self) -> Result<Exit, CliError> {
        while let Some(item) = self.weave.rest() {
            self.sift.take(item, &mut self.printer)?;
        }
        self.sift.release(&mut self.printer)?;
        self.printer.flush()?;
        Ok(self.exit)
    }
}
