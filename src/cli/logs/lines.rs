//! Which lines are shown, and how.

use std::io::{self, Write};

use jiff::Timestamp;
use regex::Regex;

use super::super::args::LogFormat;
use super::super::output::{LineItem, SCHEMA};
use super::super::words;
use crate::model::{LineKind, LogLine};
use crate::shell;

/// Which lines are wanted.
#[derive(Clone, Debug, Default)]
pub(super) struct Selection {
    /// Only lines written since then; those without a time cannot be judged and stay.
    pub(super) since: Option<Timestamp>,
    /// Only lines that match. Marks always stay: a gap matters whatever is looked for.
    pub(super) pattern: Option<Regex>,
    /// Of those that are there at first, only the last.
    pub(super) last: Option<usize>,
}

impl Selection {
    fn wants(&self, line: &LogLine) -> bool {
        let is_new = match (self.since, line.at) {
            (Some(since), Some(at)) => at >= since,
            (None, _) | (_, None) => true,
        };
        let pattern = self.pattern.as_ref();
        let fits = || pattern.is_none_or(|pattern| pattern.is_match(&line.text));
        is_new && (line.kind == LineKind::Mark || fits())
    }
}

/// Whose log it is, in names.
pub(super) struct Origin {
    pub(super) context: String,
    pub(super) app: String,
    pub(super) environment: Option<String>,
}

/// Writes lines.
pub(super) struct Printer<W> {
    out: W,
    format: LogFormat,
    selection: Selection,
    origin: Origin,
}

impl<W: Write> Printer<W> {
    pub(super) fn new(out: W, format: LogFormat, selection: Selection, origin: Origin) -> Self {
        Self {
            out,
            format,
            selection,
            origin,
        }
    }

    /// The lines that are there at first.
    pub(super) fn first(&mut self, mut lines: Vec<LogLine>) -> io::Result<()> {
        lines.retain(|line| self.selection.wants(line));
        let excess = self
            .selection
            .last
            .map_or(0, |last| lines.len().saturating_sub(last));
        lines.drain(..excess);
        self.write(&lines)
    }

    /// Lines that came later.
    pub(super) fn more(&mut self, mut lines: Vec<LogLine>) -> io::Result<()> {
        lines.retain(|line| self.selection.wants(line));
        self.write(&lines)
    }

    /// A remark of flightdeck's own.
    pub(super) fn mark(&mut self, text: &str) -> io::Result<()> {
        self.write(&[LogLine::mark(Some(shell::now()), text)])
    }

    fn write(&mut self, lines: &[LogLine]) -> io::Result<()> {
        for line in lines {
            match self.format {
                LogFormat::Text => self.text(line)?,
                LogFormat::Json => self.json(line)?,
            }
        }
        // Whoever follows sees every line when it comes.
        self.out.flush()
    }

    fn text(&mut self, line: &LogLine) -> io::Result<()> {
        if line.kind == LineKind::Mark {
            return writeln!(self.out, "── {} ──", line.text);
        }
        if let Some(at) = line.at {
            write!(self.out, "{} ", at.strftime("%Y-%m-%dT%H:%M:%SZ"))?;
        }
        if !line.source.is_empty() {
            write!(self.out, "{} ", line.source)?;
        }
        writeln!(self.out, "{}", line.text)
    }

    fn json(&mut self, line: &LogLine) -> io::Result<()> {
        let item = LineItem {
            schema: SCHEMA,
            at: line.at,
            context: &self.origin.context,
            app: &self.origin.app,
            environment: self.origin.environment.as_deref(),
            source: line.source.as_str(),
            level: line.level.map(words::level),
            kind: match line.kind {
                LineKind::Output => "output",
                LineKind::Mark => "mark",
            },
            text: &line.text,
        };
        serde_json::to_writer(&mut self.out, &item)?;
        writeln!(self.out)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Text;

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(second).unwrap()
    }

    fn lines() -> Vec<LogLine> {
        let line = |second, text| LogLine::output(Some(at(second)), Text::clean("web"), text);
        vec![
            line(1, "GET /a"),
            line(2, "POST /b"),
            LogLine::mark(Some(at(3)), "gap 2 s"),
            line(4, "GET /c"),
            line(5, "ERROR GET"),
        ]
    }

    fn check(selection: Selection, format: LogFormat, expected: &[&str]) {
        let origin = Origin {
            context: "c".into(),
            app: "shop".into(),
            environment: None,
        };
        let mut printer = Printer::new(Vec::new(), format, selection, origin);
        printer.first(lines()).unwrap();
        let text = String::from_utf8(printer.out).unwrap();
        assert_eq!(text.lines().collect::<Vec<_>>(), expected);
    }

    #[test]
    fn the_last_lines_that_match_are_shown_and_marks_stay() {
        let selection = Selection {
            pattern: Some(Regex::new("GET").unwrap()),
            last: Some(3),
            since: None,
        };
        let expected = [
            "── gap 2 s ──",
            "1970-01-01T00:00:04Z web GET /c",
            "1970-01-01T00:00:05Z web ERROR GET",
        ];
        check(selection, LogFormat::Text, &expected);
    }

    #[test]
    fn older_lines_are_left_out() {
        let selection = Selection {
            since: Some(at(5)),
            ..Selection::default()
        };
        let expected = [
            "{\"schema\":\"flightdeck/1\",\"at\":\"1970-01-01T00:00:05Z\",\"context\":\"c\",\
             \"app\":\"shop\",\"environment\":null,\"source\":\"web\",\"level\":\"error\",\
             \"kind\":\"output\",\"text\":\"ERROR GET\"}",
        ];
        check(selection, LogFormat::Json, &expected);
    }
}
