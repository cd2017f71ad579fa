//! The log of one environment: what its deployments and its processes say, in one ring, in the order
//! in which it was followed.

use std::time::Duration;

use jiff::Timestamp;

use super::errors::Errors;
use super::head::Head;
use super::ring::Ring;
use crate::app::age::{Long, since};
use crate::model::{DeploymentId, LineKind, LogBatch, LogLine, LogSource, TailId, TailState};

/// Of how many deployments a channel remembers that their log was shown.
const REMEMBERED: usize = 50;

/// The log of one environment.
#[derive(Clone, Debug)]
pub struct Channel {
    /// Its lines.
    pub ring: Ring,
    /// What is followed now.
    pub tail: Option<TailId>,
    /// What was followed last.
    last: Option<TailId>,
    /// How that is doing.
    pub state: TailState,
    /// The errors that what runs wrote.
    pub errors: Errors,
    /// Lines that were lost on the way because they came faster than they could be taken.
    pub skipped: u64,
    /// Deployments whose log has been shown, so that none is shown twice.
    pub deployments_shown: Vec<DeploymentId>,
    /// Those of them whose log was read to its end, or cannot be read.
    pub(super) deployments_ended: Vec<DeploymentId>,
    /// How far the log of the deployment followed last was shown.
    deployment: Option<Place>,
    /// What of it is still to be skipped after its tail was opened again: it begins anew.
    repeated: u64,
    /// The deployment whose log has ended and whose verdict is still to be told.
    pub verdict_due: Option<DeploymentId>,
    /// How far the runtime log has been shown: the newest time, and how many lines bear it.
    runtime: Option<(Timestamp, usize)>,
    /// How the runtime log begins here.
    pub head: Head,
    /// How many lines of that time are still to be skipped after the tail was opened again.
    overlap: Option<(Timestamp, usize)>,
    /// What the runtime log is headed by, and whether the next line may be that again.
    heading: Option<String>,
    is_at_head: bool,
    pub(super) opened_at: Option<Timestamp>,
    pub(super) closed_at: Option<Timestamp>,
    /// Whether what it is the log of is not listed any more.
    is_gone: bool,
    /// Whether the tail is to be closed and opened again.
    pub(in crate::app) is_retried: bool,
}

impl Default for Channel {
    fn default() -> Self {
        Self {
            ring: Ring::default(),
            tail: None,
            last: None,
            state: TailState::Opening,
            errors: Errors::default(),
            skipped: 0,
            deployments_shown: Vec::new(),
            deployments_ended: Vec::new(),
            deployment: None,
            repeated: 0,
            verdict_due: None,
            runtime: None,
            head: Head::default(),
            overlap: None,
            heading: None,
            is_at_head: false,
            opened_at: None,
            closed_at: None,
            is_gone: false,
            is_retried: false,
        }
    }
}

impl Channel {
    /// The moment from which the runtime log is still missing; absent if none of it was shown.
    #[must_use]
    pub fn runtime_since(&self) -> Option<Timestamp> {
        self.runtime.map(|(at, _)| at)
    }

    /// The tail is opened.
    pub fn open(&mut self, tail: TailId, now: Timestamp) {
        if let LogSource::Deployment { deployment, .. } = &tail.source {
            self.open_deployment(deployment);
        } else {
            self.overlap = self.runtime;
            self.errors.open(now);
            self.is_at_head = true;
            self.tell_pause(now);
        }
        self.tail = Some(tail);
        self.opened_at = Some(now);
        self.is_gone = false;
        self.state = TailState::Opening;
    }

    /// Whether lines may come at any moment.
    #[must_use]
    pub fn is_live(&self) -> bool {
        self.tail.is_some() && matches!(self.state, TailState::Opening | TailState::Live)
    }

    /// The tail is closed.
    pub fn close(&mut self, now: Timestamp) -> Option<TailId> {
        self.closed_at = Some(now);
        self.is_retried = false;
        self.last.clone_from(&self.tail);
        self.tail.take()
    }

    /// Whether `tail` goes on where this was left: nothing else was followed in between.
    #[must_use]
    pub fn goes_on(&self, tail: &TailId) -> bool {
        self.last.as_ref() == Some(tail) && !self.ring.is_empty()
    }

    fn open_deployment(&mut self, deployment: &DeploymentId) {
        remember(&mut self.deployments_shown, deployment);
        self.verdict_due.take_if(|due| due == deployment);
        let again = self
            .deployment
            .take()
            .filter(|place| place.of == *deployment);
        let place = again.unwrap_or_else(|| Place::new(deployment.clone()));
        self.repeated = place.lines;
        self.deployment = Some(place);
    }

    /// Whether the log of a deployment was read to its end, or cannot be read.
    #[must_use]
    pub fn has_ended(&self, deployment: &DeploymentId) -> bool {
        self.deployments_ended.contains(deployment)
    }

    /// Lines came.
    pub fn take(&mut self, batch: LogBatch, now: Timestamp) {
        let is_runtime = matches!(batch.tail.source, LogSource::Runtime { .. });
        if batch.state == TailState::Opening {
            self.reopened();
        }
        if batch.restarted && !is_runtime {
            self.mark(Some(now), "the platform replaced this log; it begins anew");
            self.repeated = 0;
            if let Some(place) = &mut self.deployment {
                *place = Place::new(place.of.clone());
            }
        }
        if batch.skipped > 0 {
            self.repeated = self.repeated.saturating_sub(batch.skipped);
            if let Some(place) = self.deployment.as_mut().filter(|_| !is_runtime) {
                place.lines += batch.skipped;
            }
            self.skipped += batch.skipped;
            self.tell_dropped(batch.skipped, &batch.lines, now);
        }
        for line in batch.lines {
            let is_new = if is_runtime {
                self.is_new(&line)
            } else {
                self.is_new_of_deployment(&line)
            };
            if is_new && is_runtime {
                self.errors.hear(&line);
            }
            if is_new {
                self.ring.push(&line);
                if is_runtime {
                    self.head.note(&line, self.ring.end().saturating_sub(1));
                }
            }
        }
        if let LogSource::Deployment { deployment, .. } = &batch.tail.source
            && matches!(batch.state, TailState::Ended | TailState::Failed(_))
        {
            remember(&mut self.deployments_ended, deployment);
        }
        if is_runtime && batch.state != self.state {
            self.tell_end(&batch.state, now);
        }
        self.state = batch.state;
    }

    /// Before the lines that follow what was dropped: it bears the time of the first of them.
    fn tell_dropped(&mut self, count: u64, next: &[LogLine], now: Timestamp) {
        let at = next.iter().find_map(|line| line.at).unwrap_or(now);
        let lines = if count == 1 { "line" } else { "lines" };
        let text = format!("{count} {lines} came too fast and were dropped");
        self.mark(Some(at.min(now)), text);
    }

    /// An empty log says in sentences how it is doing.
    fn tell_end(&mut self, state: &TailState, now: Timestamp) {
        let text = match state {
            TailState::Ended => "the log ended".to_owned(),
            TailState::Failed(failure) => {
                format!("not followed any more: {}", failure.headline())
            }
            TailState::Opening | TailState::Live | TailState::Waiting { .. } => return,
        };
        if !self.ring.is_empty() {
            self.mark(Some(now), text);
        }
    }

    /// Says once that what it is the log of is not listed any more. Its lines stay.
    pub(in crate::app) fn tell_gone(&mut self, now: Timestamp) {
        if !self.ring.is_empty() && !std::mem::replace(&mut self.is_gone, true) {
            self.mark(Some(now), "not listed any more; what it wrote stays here");
        }
    }

    /// Forgets its lines, and says so. Gives how many bytes that frees.
    pub(super) fn empty(&mut self) -> usize {
        let (lines, bytes) = (self.ring.len(), self.ring.bytes());
        if lines > 1 {
            self.clear();
            let text = format!("{lines} lines were dropped to make room for other logs");
            self.mark(None, text);
        }
        bytes.saturating_sub(self.ring.bytes())
    }

    /// The first word of a tail. What came since it was opened was on its way from the one before,
    /// which has the same name.
    fn reopened(&mut self) {
        self.overlap = self.runtime;
        self.repeated = self.deployment.as_ref().map_or(0, |place| place.lines);
    }

    /// A deployment's log begins anew when it is opened again: so many lines are there already. A
    /// line that is later than all of them is new whatever its position.
    fn is_new_of_deployment(&mut self, line: &LogLine) -> bool {
        let Some(place) = &mut self.deployment else {
            return true;
        };
        if line.at.is_some() && line.at > place.newest {
            self.repeated = 0;
        }
        if self.repeated > 0 {
            self.repeated -= 1;
            return false;
        }
        place.lines += 1;
        place.newest = place.newest.max(line.at);
        true
    }

    /// Puts older lines of the runtime log before all others, below a remark where there is one. Of
    /// too many the newest are taken. Says how many lines were put there.
    pub(in crate::app) fn prepend(
        &mut self,
        mut lines: Vec<LogLine>,
        remark: Option<&str>,
    ) -> usize {
        let start = self.ring.start();
        let is_said = |remark: &str| self.ring.get(start).is_some_and(|it| it.text == remark);
        let remark = remark.filter(|remark| !is_said(remark));
        lines.splice(0..0, remark.map(|remark| LogLine::mark(None, remark)));
        let put = self.ring.prepend(&lines);
        self.head.grow(&lines, self.ring.start());
        put
    }

    /// Whether the first lines of the runtime log have given way to newer ones.
    #[must_use]
    pub fn has_lost_its_head(&self) -> bool {
        self.ring.start() > self.head.first()
    }

    /// Forgets every line.
    pub(super) fn clear(&mut self) {
        self.ring.clear();
        self.head = Head::default();
    }

    /// Adds a remark of flightdeck's own.
    pub fn mark(&mut self, at: Option<Timestamp>, text: impl AsRef<str>) {
        self.ring.push(&LogLine::mark(at, text));
    }

    /// Overlap after a tail was opened again is removed by time and position, never by text:
    /// applications repeat themselves.
    fn is_new(&mut self, line: &LogLine) -> bool {
        let Some(at) = line.at else {
            return self.is_new_heading(line);
        };
        self.is_at_head = false;
        if let Some((until, left)) = &mut self.overlap {
            if at < *until {
                return false;
            }
            if at == *until && *left > 0 {
                *left -= 1;
                return false;
            }
            self.overlap = None;
        }
        self.runtime = Some(match self.runtime {
            Some((newest, count)) if newest == at => (newest, count + 1),
            Some((newest, count)) if newest > at => (newest, count),
            Some(_) | None => (at, 1),
        });
        true
    }

    /// A remark with which a log begins is shown once, however often the log is opened.
    fn is_new_heading(&mut self, line: &LogLine) -> bool {
        let is_heading = std::mem::take(&mut self.is_at_head) && line.kind == LineKind::Mark;
        if !is_heading {
            return true;
        }
        let is_known = self.heading.as_deref() == Some(&line.text) && !self.ring.is_empty();
        self.heading = Some(line.text.clone());
        !is_known
    }

    fn tell_pause(&mut self, now: Timestamp) {
        let Some(closed_at) = self.closed_at else {
            return;
        };
        let pause = since(closed_at, now);
        if pause > Duration::from_secs(5) && !self.ring.is_empty() {
            self.mark(Some(now), format!("not followed for {}", Long(pause)));
        }
    }
}

/// How far a deployment's log was shown.
#[derive(Clone, Debug)]
struct Place {
    of: DeploymentId,
    lines: u64,
    newest: Option<Timestamp>,
}

impl Place {
    fn new(of: DeploymentId) -> Self {
        Self {
            of,
            lines: 0,
            newest: None,
        }
    }
}

/// Adds an id to a short list of the newest.
fn remember(list: &mut Vec<DeploymentId>, id: &DeploymentId) {
    list.retain(|known| known != id);
    if list.len() == REMEMBERED {
        list.remove(0);
    }
    list.push(id.clone());
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{AppId, ContextId, EnvId, Text};

    fn tail() -> TailId {
        let source = LogSource::Runtime {
            app: AppId::new("a"),
            environment: Some(EnvId::new("e")),
        };
        TailId {
            context: ContextId(0),
            source,
        }
    }

    fn batch(lines: &[(i64, &str)]) -> LogBatch {
        let line = |&(second, text): &(i64, &str)| {
            LogLine::output(Timestamp::from_second(second).ok(), Text::default(), text)
        };
        LogBatch {
            tail: tail(),
            lines: lines.iter().map(line).collect(),
            skipped: 0,
            restarted: false,
            state: TailState::Live,
        }
    }

    #[test]
    fn a_log_opened_again_shows_nothing_twice_and_loses_nothing() {
        let mut channel = Channel::default();
        let now = Timestamp::from_second(100).unwrap();
        channel.open(tail(), now);
        channel.take(batch(&[(1, "a"), (2, "same"), (2, "same")]), now);
        channel.close(now);
        channel.open(tail(), now);
        let again = batch(&[(1, "a"), (2, "same"), (2, "same"), (2, "same"), (3, "b")]);
        channel.take(again, now);
        let shown: Vec<_> = channel
            .ring
            .window(0, 99)
            .map(|line| line.text.to_owned())
            .collect();
        assert_eq!(shown, ["a", "same", "same", "same", "b"]);
    }

    #[test]
    fn lines_on_their_way_from_the_tail_before_are_not_shown_twice() {
        let mut channel = Channel::default();
        let now = Timestamp::from_second(100).unwrap();
        let opening = || LogBatch {
            state: TailState::Opening,
            ..batch(&[])
        };
        channel.open(tail(), now);
        channel.take(opening(), now);
        channel.take(batch(&[(1, "a"), (2, "b")]), now);
        channel.close(now);
        channel.open(tail(), now);
        // Sent before it was closed.
        channel.take(batch(&[(3, "c"), (4, "d")]), now);
        channel.take(opening(), now);
        channel.take(
            batch(&[(2, "b"), (3, "c"), (4, "d"), (4, "d"), (5, "e")]),
            now,
        );
        let shown = channel.ring.window(0, 99).map(|line| line.text.to_owned());
        assert_eq!(shown.collect::<Vec<_>>(), ["a", "b", "c", "d", "d", "e"]);
    }

    #[test]
    fn a_log_opened_again_is_headed_once() {
        let heading = || LogLine::mark(None, "statuses, as they were seen");
        let headed = |lines: &[(i64, &str)]| {
            let mut batch = batch(lines);
            batch.lines.insert(0, heading());
            batch
        };
        let mut channel = Channel::default();
        let now = Timestamp::from_second(100).unwrap();
        assert!(!channel.goes_on(&tail()));
        channel.open(tail(), now);
        channel.take(headed(&[(1, "a")]), now);
        channel.close(now);
        assert!(channel.goes_on(&tail()));
        channel.open(tail(), now);
        channel.take(headed(&[(1, "a"), (2, "b")]), now);
        // Further down it is a remark like any other.
        let mut later = batch(&[]);
        later.lines.push(heading());
        channel.take(later, now);
        let shown: Vec<_> = channel
            .ring
            .window(0, 99)
            .map(|line| line.text.len())
            .collect();
        let heading = heading().text.len();
        assert_eq!(shown, [heading, 1, 1, heading]);
    }

    #[test]
    fn a_pause_in_following_is_a_visible_line() {
        let mut channel = Channel::default();
        let at = |second| Timestamp::from_second(second).unwrap();
        channel.open(tail(), at(0));
        channel.take(batch(&[(1, "a")]), at(1));
        channel.close(at(10));
        channel.open(tail(), at(82));
        assert_eq!(channel.ring.last().unwrap().text, "not followed for 1m 12s");
    }

    #[test]
    fn dropped_lines_are_told() {
        let mut channel = Channel::default();
        channel.open(tail(), Timestamp::UNIX_EPOCH);
        let dropped = LogBatch {
            skipped: 7,
            ..batch(&[(1, "a")])
        };
        channel.take(dropped, Timestamp::from_second(9).unwrap());
        assert_eq!(channel.skipped, 7);
        assert!(
            channel
                .ring
                .window(0, 1)
                .next()
                .unwrap()
                .text
                .contains("7 lines")
        );
    }

    #[test]
    fn the_end_of_a_log_is_a_line_of_its_own_unless_there_is_no_other() {
        let now = Timestamp::from_second(9).unwrap();
        let ended = |lines: &[(i64, &str)]| LogBatch {
            state: TailState::Ended,
            ..batch(lines)
        };
        let mut channel = Channel::default();
        channel.open(tail(), now);
        channel.take(ended(&[]), now);
        assert!(channel.ring.is_empty());
        channel.open(tail(), now);
        channel.take(ended(&[(1, "a")]), now);
        channel.take(ended(&[]), now);
        let last = channel.ring.last().unwrap();
        assert_eq!((last.text, last.at), ("the log ended", Some(now)));
        assert_eq!(channel.ring.len(), 2, "it is said once");
    }

    #[test]
    fn what_is_not_listed_any_more_says_so_once_and_keeps_its_lines() {
        let now = Timestamp::from_second(9).unwrap();
        let mut channel = Channel::default();
        channel.tell_gone(now);
        assert!(channel.ring.is_empty());
        channel.open(tail(), now);
        channel.take(batch(&[(1, "a")]), now);
        channel.tell_gone(now);
        channel.tell_gone(now);
        assert_eq!(channel.ring.len(), 2);
        assert_eq!(channel.ring.last().unwrap().kind, LineKind::Mark);
    }
}
