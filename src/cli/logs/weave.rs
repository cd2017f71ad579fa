//! Several logs as one, ordered by time.
//!
//! What exists is merged exactly: a line goes when no other log can have an older one. What comes
//! live waits for the others a moment only. The order within a log is kept: a line without a time,
//! or with an older one than the line before it, stays behind that. Held lines are bounded.

use std::collections::VecDeque;
use std::time::Duration;

use jiff::Timestamp;
use tokio::time::Instant;

use crate::model::{LineKind, LogLine};

/// So long a live line waits for an older one of another log.
const WINDOW: Duration = Duration::from_secs(1);
/// So long what logs begin with waits for the logs that have not answered yet.
const PAST: Duration = Duration::from_secs(10);
/// At most this many lines wait; then the oldest go.
const MOST_HELD: usize = 50_000;

/// The place of a log among those that are merged.
pub(super) type Strand = usize;

/// A line of one of them.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Item {
    pub(super) strand: Strand,
    pub(super) line: LogLine,
}

/// How a log is doing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Flow {
    /// What it begins with is not all here.
    Past,
    /// Lines come as they are written.
    Live,
    /// No more come.
    Over,
}

/// The logs.
#[derive(Debug, Default)]
pub(super) struct Weave {
    queues: Vec<Queue>,
    held: usize,
    /// Whether lines go after a while although an older one may come.
    is_live: bool,
}

#[derive(Debug)]
struct Queue {
    lines: VecDeque<Held>,
    newest: Timestamp,
    flow: Flow,
}

#[derive(Debug)]
struct Held {
    at: Timestamp,
    came: Option<Instant>,
    line: LogLine,
}

impl Weave {
    /// For lines that exist.
    pub(super) fn exact() -> Self {
        Self::default()
    }

    /// For lines that come as they are written.
    pub(super) fn live() -> Self {
        Self {
            is_live: true,
            ..Self::default()
        }
    }

    /// One more log.
    pub(super) fn add(&mut self, flow: Flow) -> Strand {
        self.queues.push(Queue {
            lines: VecDeque::new(),
            newest: Timestamp::MIN,
            flow,
        });
        self.queues.len() - 1
    }

    /// Lines came; `now` is absent where they wait however long it takes.
    pub(super) fn push(&mut self, strand: Strand, lines: Vec<LogLine>, now: Option<Instant>) {
        let Some(queue) = self.queues.get_mut(strand) else {
            return;
        };
        self.held += lines.len();
        queue.lines.reserve(lines.len());
        for line in lines {
            // When flightdeck remarked something says nothing about the lines around it.
            let at = line.at.filter(|_| line.kind == LineKind::Output);
            queue.newest = queue.newest.max(at.unwrap_or(queue.newest));
            queue.lines.push_back(Held {
                at: queue.newest,
                came: now,
                line,
            });
        }
    }

    /// What waits of a log is void.
    pub(super) fn forget(&mut self, strand: Strand) -> usize {
        let Some(queue) = self.queues.get_mut(strand) else {
            return 0;
        };
        let count = queue.lines.len();
        queue.lines.clear();
        self.held -= count;
        count
    }

    /// What a log begins with is complete, or not waited for any longer.
    pub(super) fn settle(&mut self, strand: Strand) {
        if let Some(queue) = self.queues.get_mut(strand)
            && queue.flow == Flow::Past
        {
            queue.flow = Flow::Live;
        }
    }

    pub(super) fn set(&mut self, strand: Strand, flow: Flow) {
        if let Some(queue) = self.queues.get_mut(strand) {
            queue.flow = flow;
        }
    }

    /// The logs without which it cannot go on.
    pub(super) fn hungry(&self) -> Vec<Strand> {
        let all = self.queues.iter().enumerate();
        let hungry = all.filter(|(_, queue)| queue.is_awaited());
        hungry.map(|(strand, _)| strand).collect()
    }

    /// The next line, if it may go at this moment.
    pub(super) fn next(&mut self, now: Option<Instant>) -> Option<Item> {
        let strand = self.oldest()?;
        let may_go = self.held > MOST_HELD
            || self.is_certain(strand)
            || (self.is_live && self.due().is_some_and(|due| Some(due) <= now));
        may_go.then(|| self.take(strand)).flatten()
    }

    /// The next line, whatever may come.
    pub(super) fn rest(&mut self) -> Option<Item> {
        self.take(self.oldest()?)
    }

    fn take(&mut self, strand: Strand) -> Option<Item> {
        let held = self.queues.get_mut(strand)?.lines.pop_front()?;
        self.held -= 1;
        let line = held.line;
        Some(Item { strand, line })
    }

    /// When a line goes that waits now. Any that is due takes the older ones along: the line of a
    /// clock that is ahead would wait for ever.
    pub(super) fn due(&self) -> Option<Instant> {
        let is_past = self.queues.iter().any(|it| it.flow == Flow::Past);
        let wait = if is_past { PAST } else { WINDOW };
        let heads = self.queues.iter().filter_map(|it| it.lines.front()?.came);
        Some(heads.min()? + wait)
    }

    fn oldest(&self) -> Option<Strand> {
        let all = self.queues.iter().enumerate();
        let heads = all.filter_map(|(strand, queue)| Some((queue.lines.front()?.at, strand)));
        heads.min().map(|(_, strand)| strand)
    }

    /// Whether no other log can have an older line.
    fn is_certain(&self, strand: Strand) -> bool {
        let mut others = self.queues.iter().enumerate();
        others.all(|(at, queue)| at == strand || !queue.is_awaited())
    }
}

impl Queue {
    fn is_awaited(&self) -> bool {
        self.lines.is_empty() && self.flow != Flow::Over
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Text;

    fn line(second: Option<i64>, text: &str) -> LogLine {
        let at = second.map(|it| Timestamp::from_second(it).unwrap());
        LogLine::output(at, Text::default(), text)
    }

    fn lines(seconds: &[i64]) -> Vec<LogLine> {
        let text = |second: &i64| line(Some(*second), &second.to_string());
        seconds.iter().map(text).collect()
    }

    fn all(weave: &mut Weave, now: Option<Instant>) -> String {
        let next = std::iter::from_fn(|| weave.next(now));
        let texts: Vec<String> = next.map(|item| item.line.text).collect();
        texts.join(" ")
    }

    #[test]
    fn what_exists_is_merged_exactly() {
        let mut weave = Weave::exact();
        let (a, b) = (weave.add(Flow::Past), weave.add(Flow::Past));
        weave.push(a, lines(&[1, 4, 9]), None);
        assert_eq!(weave.hungry(), [b]);
        assert_eq!(all(&mut weave, None), "");
        weave.push(b, lines(&[2, 3, 5]), None);
        // What comes next of the second may be older than nine.
        assert_eq!(all(&mut weave, None), "1 2 3 4 5");
        weave.set(b, Flow::Over);
        assert_eq!(all(&mut weave, None), "9");
        weave.push(a, lines(&[10]), None);
        assert_eq!(all(&mut weave, None), "10");
    }

    #[test]
    fn the_order_within_a_log_is_kept() {
        let mut weave = Weave::exact();
        let (a, b) = (weave.add(Flow::Over), weave.add(Flow::Over));
        let trace = [
            line(Some(5), "fail"),
            line(None, "at"),
            line(Some(4), "old"),
        ];
        weave.push(a, trace.into(), None);
        weave.push(
            a,
            vec![LogLine::mark(Timestamp::from_second(99).ok(), "gap")],
            None,
        );
        weave.push(a, lines(&[7]), None);
        weave.push(b, lines(&[4, 6]), None);
        assert_eq!(all(&mut weave, None), "4 fail at old gap 6 7");
    }

    #[tokio::test(start_paused = true)]
    async fn a_live_line_waits_a_moment_for_the_others() {
        let mut weave = Weave::live();
        let (a, b) = (weave.add(Flow::Live), weave.add(Flow::Live));
        let began = Instant::now();
        weave.push(a, lines(&[5]), Some(began));
        assert_eq!(all(&mut weave, Some(began)), "");
        let later = began + WINDOW / 2;
        weave.push(b, lines(&[3]), Some(later));
        assert_eq!(all(&mut weave, Some(later)), "3");
        assert_eq!(weave.due(), Some(began + WINDOW));
        let due = weave.due();
        assert_eq!(all(&mut weave, due), "5");
        assert_eq!(weave.due(), None);
    }

    #[tokio::test(start_paused = true)]
    async fn a_clock_that_is_ahead_holds_nothing_back_for_ever() {
        let mut weave = Weave::live();
        let (ahead, b) = (weave.add(Flow::Live), weave.add(Flow::Live));
        let began = Instant::now();
        weave.push(ahead, lines(&[9_000]), Some(began));
        for second in 0..4 {
            let now = began + Duration::from_millis(400) * second;
            weave.push(b, lines(&[i64::from(second)]), Some(now));
            let shown = all(&mut weave, Some(now));
            assert_eq!(shown.contains("9000"), second == 3, "{second}: {shown}");
        }
    }

    #[tokio::test(start_paused = true)]
    async fn one_log_alone_waits_for_nobody_and_what_waits_is_bounded() {
        let mut weave = Weave::live();
        let a = weave.add(Flow::Live);
        let now = Instant::now();
        weave.push(a, lines(&[1, 2]), Some(now));
        assert_eq!(all(&mut weave, Some(now)), "1 2");
        weave.add(Flow::Past);
        let many: Vec<i64> = (0..=MOST_HELD)
            .map(|it| i64::try_from(it).unwrap())
            .collect();
        weave.push(a, lines(&many), Some(now));
        assert_eq!(all(&mut weave, Some(now)), "0");
        assert_eq!(weave.forget(a), MOST_HELD);
        assert_eq!(weave.due(), None);
    }
}
