//! Which lines are shown: those that are wanted, with lines around them, and of what exists the last.

use std::collections::VecDeque;
use std::io;

use jiff::Timestamp;

use super::weave::Item;
use crate::app::logs::query::Pattern;
use crate::model::{Level, LineKind, LogLine};

/// Which lines are wanted.
#[derive(Clone, Debug, Default)]
pub(super) struct Wanted {
    /// Only lines written since then; those without a time cannot be judged and stay.
    pub(super) since: Option<Timestamp>,
    /// Only lines that match. Marks always stay: a gap matters whatever is looked for.
    pub(super) pattern: Option<Pattern>,
    /// Only lines of this level or a graver one.
    pub(super) level: Option<Level>,
    /// So many lines around each.
    pub(super) context: usize,
    /// Of those that are there at first, only the last.
    pub(super) last: Option<usize>,
}

impl Wanted {
    /// Whether lines are left out for what they say.
    pub(super) fn filters(&self) -> bool {
        self.pattern.is_some() || self.level.is_some()
    }

    fn is_new(&self, line: &LogLine) -> bool {
        match (self.since, line.at) {
            (Some(since), Some(at)) => at >= since,
            (None, _) | (_, None) => true,
        }
    }

    fn fits(&self, line: &LogLine) -> bool {
        if line.kind == LineKind::Mark {
            return true;
        }
        let pattern = self.pattern.as_ref();
        self.level.is_none_or(|least| line.level >= Some(least))
            && pattern.is_none_or(|pattern| pattern.fits(&line.text))
    }
}

/// A line that is shown.
#[derive(Clone, Debug)]
pub(super) struct Shown {
    pub(super) item: Item,
    /// It is there for its neighbour's sake only.
    pub(super) is_context: bool,
    /// Lines before it are left out.
    pub(super) is_apart: bool,
}

/// Where shown lines go.
pub(super) trait Sink {
    /// One more line.
    fn show(&mut self, shown: &Shown) -> io::Result<()>;
}

/// Lets lines through.
#[derive(Debug)]
pub(super) struct Sift {
    wanted: Wanted,
    /// Lines that may be shown before the next one that fits.
    before: VecDeque<Item>,
    /// How many are still shown after the last one that fitted.
    after: usize,
    is_apart: bool,
    /// The last lines of what exists, until that is complete.
    held: Option<Last>,
}

impl Sift {
    pub(super) fn new(wanted: Wanted) -> Self {
        let held = wanted.last.map(Last::new);
        Self {
            wanted,
            before: VecDeque::new(),
            after: 0,
            is_apart: false,
            held,
        }
    }

    /// Judges a line.
    pub(super) fn take(&mut self, item: Item, sink: &mut impl Sink) -> io::Result<()> {
        if !self.wanted.is_new(&item.line) {
            return Ok(());
        }
        if self.wanted.fits(&item.line) {
            while let Some(neighbour) = self.before.pop_front() {
                self.let_through(neighbour, true, sink)?;
            }
            self.after = self.wanted.context;
            return self.let_through(item, false, sink);
        }
        if self.after > 0 {
            self.after -= 1;
            return self.let_through(item, true, sink);
        }
        self.before.push_back(item);
        if self.before.len() > self.wanted.context {
            self.before.pop_front();
            self.is_apart = true;
        }
        Ok(())
    }

    /// What exists is complete: the last of it is shown, and from now on every line.
    pub(super) fn release(&mut self, sink: &mut impl Sink) -> io::Result<()> {
        let Some(held) = self.held.take() else {
            return Ok(());
        };
        let lines = held.lines(self.wanted.context);
        lines.iter().try_for_each(|shown| sink.show(shown))
    }

    fn let_through(
        &mut self,
        item: Item,
        is_context: bool,
        sink: &mut impl Sink,
    ) -> io::Result<()> {
        let shown = Shown {
            item,
            is_context,
            is_apart: std::mem::take(&mut self.is_apart),
        };
        match &mut self.held {
            Some(held) => held.push(shown),
            None => sink.show(&shown)?,
        }
        Ok(())
    }
}

/// The last lines that fit, with those around them.
#[derive(Debug)]
struct Last {
    most: usize,
    fitting: usize,
    lines: VecDeque<Shown>,
}

impl Last {
    fn new(most: usize) -> Self {
        Self {
            most,
            fitting: 0,
            lines: VecDeque::new(),
        }
    }

    fn push(&mut self, shown: Shown) {
        self.fitting += usize::from(!shown.is_context);
        self.lines.push_back(shown);
        while self.fitting > self.most
            && let Some(gone) = self.lines.pop_front()
        {
            self.fitting -= usize::from(!gone.is_context);
        }
    }

    /// Without what stands before the first for the sake of a line that is gone.
    fn lines(mut self, context: usize) -> VecDeque<Shown> {
        if self.most == 0 {
            return VecDeque::new();
        }
        let first = self.lines.iter().position(|it| !it.is_context);
        let first = first.unwrap_or(self.lines.len());
        let apart = self
            .lines
            .iter()
            .take(first + 1)
            .rposition(|it| it.is_apart);
        let from = apart.unwrap_or(0).max(first.saturating_sub(context));
        self.lines.drain(..from);
        self.lines
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Text;

    struct Texts(Vec<String>);

    impl Sink for Texts {
        fn show(&mut self, shown: &Shown) -> io::Result<()> {
            let apart = if shown.is_apart { "~" } else { "" };
            let sign = if shown.is_context { "-" } else { "" };
            self.0
                .push(format!("{apart}{sign}{}", shown.item.line.text));
            Ok(())
        }
    }

    fn check(wanted: Wanted, expected: &str) {
        let mut sift = Sift::new(wanted);
        let mut texts = Texts(Vec::new());
        let all = [
            "a", "b", "WARN c", "d", "e", "f", "g", "ERROR h", "i", "warn j", "k",
        ];
        for (second, text) in (0..).zip(all) {
            let at = Timestamp::from_second(second).ok();
            let line = LogLine::output(at, Text::default(), text);
            sift.take(Item { strand: 0, line }, &mut texts).unwrap();
        }
        sift.release(&mut texts).unwrap();
        assert_eq!(texts.0.join(" "), expected);
    }

    fn like(pattern: &str) -> Wanted {
        Wanted {
            pattern: Pattern::parse(pattern).ok(),
            ..Wanted::default()
        }
    }

    #[test]
    fn lines_that_fit_are_shown_with_those_around_them() {
        check(like("c|h"), "~WARN c ~ERROR h");
        let context = 1;
        check(
            Wanted {
                context,
                ..like("c|h")
            },
            "~-b WARN c -d ~-g ERROR h -i",
        );
        let context = 2;
        check(
            Wanted {
                context,
                ..like("c|h")
            },
            "-a -b WARN c -d -e -f -g ERROR h -i -warn j",
        );
    }

    #[test]
    fn the_last_that_fit_keep_what_is_around_them() {
        let last = Some(1);
        check(
            Wanted {
                last,
                ..like("[chj]$")
            },
            "~warn j",
        );
        let (context, last) = (1, Some(2));
        check(
            Wanted {
                context,
                last,
                ..like("c|h|j")
            },
            "~-g ERROR h -i warn j -k",
        );
        let (context, last) = (2, Some(1));
        check(
            Wanted {
                context,
                last,
                ..like("c|h")
            },
            "-f -g ERROR h -i -warn j",
        );
        check(
            Wanted {
                last: Some(0),
                ..like("c|h")
            },
            "",
        );
        check(
            Wanted {
                last: Some(2),
                ..Wanted::default()
            },
            "warn j k",
        );
    }

    #[test]
    fn levels_and_times_are_judged() {
        let level = Some(Level::Warn);
        check(
            Wanted {
                level,
                ..Wanted::default()
            },
            "~WARN c ~ERROR h",
        );
        let since = Timestamp::from_second(9).ok();
        check(
            Wanted {
                since,
                ..Wanted::default()
            },
            "warn j k",
        );
        let (since, context) = (Timestamp::from_second(7).ok(), 3);
        check(
            Wanted {
                since,
                context,
                ..like("h")
            },
            "ERROR h -i -warn j -k",
        );
    }

    #[test]
    fn marks_stay() {
        let mut sift = Sift::new(like("nothing"));
        let mut texts = Texts(Vec::new());
        let line = LogLine::mark(None, "gap 2 s");
        sift.take(Item { strand: 0, line }, &mut texts).unwrap();
        assert_eq!(texts.0, ["gap 2 s"]);
    }
}
