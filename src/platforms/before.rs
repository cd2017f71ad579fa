//! A log up to a moment, where the platform does not cut it itself.

use jiff::Timestamp;

use super::{Answer, Tail, TailStep};
use crate::model::{Failure, LogLine};

/// The same tail without the lines from `until` on. A line that has no time stays.
pub(crate) fn before(tail: Box<dyn Tail>, until: Option<Timestamp>) -> Box<dyn Tail> {
    match until {
        Some(until) => Box::new(Before { tail, until }),
        None => tail,
    }
}

struct Before {
    tail: Box<dyn Tail>,
    until: Timestamp,
}

impl Before {
    async fn step(&mut self) -> Result<TailStep, Failure> {
        let until = self.until;
        let cut = |mut lines: Vec<LogLine>| {
            lines.retain(|line| line.at.is_none_or(|at| at < until));
            lines
        };
        // Cancel-safe: nothing is awaited after it.
        Ok(match self.tail.next().await? {
            TailStep::Lines(lines) => TailStep::Lines(cut(lines)),
            TailStep::Replaced(lines) => TailStep::Replaced(cut(lines)),
            step @ (TailStep::Quiet(_) | TailStep::Ended) => step,
        })
    }
}

impl Tail for Before {
    fn next(&mut self) -> Answer<'_, TailStep> {
        Box::pin(self.step())
    }
}
