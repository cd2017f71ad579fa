//! What followed logs say.

use std::io::Write;

use tokio::time::Instant;

use super::super::history::REPLACED;
use super::super::place::deployment;
use super::super::weave::{Flow, Strand};
use super::Following;
use crate::cli::exit::{Exit, told};
use crate::cli::terminal::tell;
use crate::model::{Failure, LogBatch, LogLine, TailId, TailState};
use crate::shell;

impl<W: Write> Following<'_, W> {
    /// Takes in what a log says.
    pub(super) fn take(&mut self, batch: LogBatch) {
        let Some(&strand) = self.strands.get(&batch.tail) else {
            return;
        };
        self.heard = Instant::now();
        if batch.restarted {
            self.weave.forget(strand);
            if std::mem::take(&mut self.tails[strand].has_lines) && !self.is_past {
                self.mark(strand, REPLACED);
            }
        }
        if batch.skipped > 0 {
            let count = batch.skipped;
            self.mark(
                strand,
                &format!("{count} lines came too fast and were dropped"),
            );
        }
        let tail = &mut self.tails[strand];
        tail.has_lines |= !batch.lines.is_empty();
        tail.is_answered |= batch.state != TailState::Opening;
        self.weave.push(strand, batch.lines, Some(self.heard));
        match batch.state {
            TailState::Opening | TailState::Live => {}
            TailState::Waiting { failure, retry_in } => {
                let (name, why) = (self.printer.name(strand), told(&failure));
                let seconds = retry_in.as_secs().max(1);
                tell(format_args!("{name}: {why}; asking again in {seconds} s"));
            }
            TailState::Ended => self.ends(strand, &batch.tail),
            TailState::Failed(failure) => self.fails(strand, &failure),
        }
    }

    pub(super) fn mark(&mut self, strand: Strand, text: &str) {
        let line = LogLine::mark(Some(shell::now()), text);
        self.weave.push(strand, vec![line], Some(Instant::now()));
    }

    fn ends(&mut self, strand: Strand, tail: &TailId) {
        self.over(strand);
        let joined = self.tails[strand].site.zip(deployment(&tail.source));
        if let Some((site, id)) = joined {
            self.sites[site].is_due(strand, id.clone());
        } else if self.tails.len() > 1 && !self.plan.until_done {
            self.mark(strand, "this log has ended");
        }
    }

    /// It cannot be followed any more; the others go on. What only joined, or only goes with a
    /// verdict, decides nothing.
    fn fails(&mut self, strand: Strand, failure: &Failure) {
        tell(format_args!(
            "{}: {}",
            self.printer.name(strand),
            told(failure)
        ));
        if self.tails[strand].site.is_none() && !self.plan.until_done {
            self.exit = self.exit.max(Exit::of(failure));
        }
        self.over(strand);
    }

    fn over(&mut self, strand: Strand) {
        self.tails[strand].is_over = true;
        self.weave.set(strand, Flow::Over);
    }
}
