//! What is told of a download while it runs: one line that is rewritten on a terminal, a line every
//! few seconds elsewhere.

use std::io::{self, IsTerminal as _, Write as _};
use std::time::Duration;

use crossterm::terminal;
use jiff::Timestamp;

use super::super::table::size;
use super::super::terminal::tell;
use crate::app::age::since;
use crate::model::{PartProgress, TransferEvent, TransferPhase};

/// Between two lines that differ in numbers only.
const PAUSE: Duration = Duration::from_secs(5);

/// Tells progress on standard error.
pub(super) struct Reporter {
    title: String,
    rewrites: bool,
    /// The columns of the line that is rewritten; 0 if none stands there.
    standing: usize,
    /// What was told last, and when.
    last: (&'static str, usize, Option<Timestamp>),
}

impl Reporter {
    pub(super) fn new(title: String) -> Self {
        Self {
            title,
            rewrites: io::stderr().is_terminal(),
            standing: 0,
            last: ("", 0, None),
        }
    }

    pub(super) fn tell(&mut self, event: &TransferEvent) {
        if let Some(note) = &event.note {
            self.end();
            tell(format_args!("{}: {note}", self.title));
        }
        let Some((word, line)) = words(event) else {
            return;
        };
        if self.rewrites {
            self.rewrite(&line);
        } else if self.is_news(word, event) {
            tell(format_args!("{}: {line}", self.title));
        }
    }

    /// Leaves the line that is rewritten.
    pub(super) fn end(&mut self) {
        if std::mem::take(&mut self.standing) > 0 {
            let _unheard = writeln!(io::stderr());
        }
    }

    fn rewrite(&mut self, line: &str) {
        // A line that wraps could not be rewritten.
        let room = terminal::size().map_or(80, |(columns, _)| usize::from(columns));
        let line = format!("{}: {line}", self.title);
        let line: String = line.chars().take(room.saturating_sub(1)).collect();
        let columns = line.chars().count();
        let blank = " ".repeat(self.standing.saturating_sub(columns));
        self.standing = columns;
        let mut error = io::stderr();
        let _unheard = write!(error, "\r{line}{blank}");
        let _unheard = error.flush();
    }

    /// Another phase, another file, or some time.
    fn is_news(&mut self, word: &'static str, event: &TransferEvent) -> bool {
        let (phase, number, at) = self.last;
        let is_same = phase == word && number == event.part.number;
        let is_soon = at.is_some_and(|at| since(at, event.at) < PAUSE);
        if is_same && is_soon {
            return false;
        }
        self.last = (word, event.part.number, Some(event.at));
        true
    }
}

/// What it is at, in a word and in a line; absent at the end, which is told as a result.
fn words(event: &TransferEvent) -> Option<(&'static str, String)> {
    let part = &event.part;
    Some(match &event.phase {
        TransferPhase::Preparing(progress) => {
            let steps = progress.steps.map(|(done, all)| format!(" {done}/{all}"));
            let line = format!("the platform prepares it{}", steps.unwrap_or_default());
            ("preparing", line)
        }
        TransferPhase::Fetching => ("fetching", fetching(part)),
        TransferPhase::Waiting(why) => {
            let which = which(part);
            ("waiting", format!("{which}{why}"))
        }
        TransferPhase::Checking => ("checking", format!("{}checking", which(part))),
        TransferPhase::Done(_) | TransferPhase::Failed(_) | TransferPhase::Cancelled => {
            return None;
        }
    })
}

fn fetching(part: &PartProgress) -> String {
    let percent = part.percent().map(|percent| format!("{percent} % "));
    let amount = match part.total {
        Some(total) => format!("{} of {}", size(part.done), size(total)),
        None => size(part.done),
    };
    let rate = part.rate.map(|rate| format!(", {}/s", size(rate)));
    let (percent, rate) = (percent.unwrap_or_default(), rate.unwrap_or_default());
    format!("{}{percent}{amount}{rate}", which(part))
}

fn which(part: &PartProgress) -> String {
    let PartProgress {
        number,
        count,
        name,
        ..
    } = part;
    match count {
        0 => String::new(),
        1 => format!("{name} "),
        _ => format!("{name} ({number} of {count}) "),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Text, TransferTicket};

    fn event(second: i64, number: usize, done: u64) -> TransferEvent {
        TransferEvent {
            ticket: TransferTicket(0),
            at: Timestamp::from_second(second).unwrap(),
            phase: TransferPhase::Fetching,
            part: PartProgress {
                number,
                count: 2,
                name: Text::clean("MEDIA"),
                done,
                total: Some(1_200_000_000),
                rate: Some(12_000_000),
            },
            note: None,
        }
    }

    #[test]
    fn a_line_says_which_file_how_far_and_how_fast() {
        let (_, line) = words(&event(0, 2, 512_000_000)).unwrap();
        assert_eq!(line, "MEDIA (2 of 2) 42 % 512 MB of 1.2 GB, 12 MB/s");
    }

    #[test]
    fn numbers_alone_are_news_only_now_and_then() {
        let mut reporter = Reporter::new(String::new());
        let mut is_news = |second, number| reporter.is_news("fetching", &event(second, number, 0));
        assert!(is_news(0, 1));
        assert!(!is_news(4, 1));
        assert!(is_news(4, 2), "another file");
        assert!(!is_news(8, 2));
        assert!(is_news(9, 2));
    }
}
