//! How lines are written.

use std::io::{self, Write};

use jiff::Timestamp;
use jiff::tz::TimeZone;

use super::super::args::{LogFormat, Stamp};
use super::super::output::{LineItem, SCHEMA};
use super::super::{table, words};
use super::paint;
use super::place::Origin;
use super::sift::{Shown, Sink};
use super::weave::Strand;
use crate::model::{DeploymentId, LineKind, LogLine};
use crate::shell;

/// How lines are to look.
#[derive(Clone, Debug)]
pub(super) struct Style {
    pub(super) format: LogFormat,
    pub(super) time: Stamp,
    pub(super) zone: TimeZone,
    pub(super) is_coloured: bool,
    /// Whether it is said whose line it is.
    pub(super) is_named: bool,
    /// Whether it is shown where lines are left out.
    pub(super) is_parted: bool,
}

/// A log that speaks.
#[derive(Clone, Debug)]
struct Voice {
    origin: Origin,
    deployment: Option<String>,
    /// Its name, painted where there are colours.
    label: String,
}

/// Writes lines.
pub(super) struct Printer<W> {
    out: W,
    style: Style,
    /// By strand.
    voices: Vec<Voice>,
    is_begun: bool,
}

impl<W: Write> Printer<W> {
    pub(super) fn new(out: W, style: Style) -> Self {
        Self {
            out,
            style,
            voices: Vec::new(),
            is_begun: false,
        }
    }

    /// Who speaks in the next strand.
    pub(super) fn add(&mut self, origin: &Origin, deployment: Option<&DeploymentId>) {
        let name = &origin.label;
        let label = if self.style.is_coloured {
            format!("{}{name}{}", paint::of_name(name), paint::RESET)
        } else {
            name.clone()
        };
        self.voices.push(Voice {
            origin: origin.clone(),
            deployment: deployment.map(|id| id.to_text().to_string()),
            label,
        });
    }

    /// The name of a log.
    pub(super) fn name(&self, strand: Strand) -> String {
        let voice = self.voices.get(strand);
        voice.map_or_else(String::new, |voice| voice.origin.whole())
    }

    /// Whoever follows sees every line when it comes.
    pub(super) fn flush(&mut self) -> io::Result<()> {
        self.out.flush()
    }

    fn text(&mut self, shown: &Shown) -> io::Result<()> {
        if shown.is_apart && self.style.is_parted && self.is_begun {
            writeln!(self.out, "--")?;
        }
        let line = &shown.item.line;
        if line.kind == LineKind::Mark {
            return self.mark(shown.item.strand, line);
        }
        self.time(line.at)?;
        self.label(shown.item.strand)?;
        if !line.source.is_empty() {
            write!(self.out, "{} ", line.source)?;
        }
        if self.style.is_coloured && !line.spans.is_empty() {
            return writeln!(self.out, "{}", paint::text(&line.text, &line.spans));
        }
        writeln!(self.out, "{}", line.text)
    }

    fn mark(&mut self, strand: Strand, line: &LogLine) -> io::Result<()> {
        let (on, off) = if self.style.is_coloured {
            (paint::FAINT, paint::RESET)
        } else {
            ("", "")
        };
        self.label(strand)?;
        writeln!(self.out, "{on}── {} ──{off}", line.text)
    }

    fn label(&mut self, strand: Strand) -> io::Result<()> {
        match self.voices.get(strand) {
            Some(voice) if self.style.is_named => write!(self.out, "{} ", voice.label),
            Some(_) | None => Ok(()),
        }
    }

    fn time(&mut self, at: Option<Timestamp>) -> io::Result<()> {
        let Some(at) = at else { return Ok(()) };
        match self.style.time {
            Stamp::Off => Ok(()),
            Stamp::Utc => write!(self.out, "{} ", at.strftime("%Y-%m-%dT%H:%M:%SZ")),
            Stamp::Relative => write!(self.out, "{:>4} ", table::age(at, shell::now())),
            Stamp::Local => {
                let here = at.to_zoned(self.style.zone.clone());
                write!(self.out, "{} ", here.strftime("%Y-%m-%dT%H:%M:%S%:z"))
            }
        }
    }

    fn json(&mut self, shown: &Shown) -> io::Result<()> {
        let line = &shown.item.line;
        let Some(voice) = self.voices.get(shown.item.strand) else {
            return Ok(());
        };
        let item = LineItem {
            schema: SCHEMA,
            at: line.at,
            context: &voice.origin.context,
            app: &voice.origin.app,
            environment: voice.origin.environment.as_deref(),
            deployment: voice.deployment.as_deref(),
            source: line.source.as_str(),
            level: line.level.map(words::level),
            kind: match line.kind {
                LineKind::Output => "output",
                LineKind::Mark => "mark",
            },
            is_context: shown.is_context,
            text: &line.text,
        };
        serde_json::to_writer(&mut self.out, &item)?;
        writeln!(self.out)
    }
}

impl<W: Write> Sink for Printer<W> {
    fn show(&mut self, shown: &Shown) -> io::Result<()> {
        match self.style.format {
            LogFormat::Text => self.text(shown)?,
            LogFormat::Json => self.json(shown)?,
        }
        self.is_begun = true;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::super::weave::Item;
    use super::*;
    use crate::model::Text;

    fn style(format: LogFormat) -> Style {
        Style {
            format,
            time: Stamp::Utc,
            zone: TimeZone::UTC,
            is_coloured: false,
            is_named: false,
            is_parted: false,
        }
    }

    fn check(style: Style, expected: &[&str]) {
        let origin = Origin {
            context: "c".into(),
            app: "shop".into(),
            environment: None,
            label: "shop".into(),
        };
        let mut printer = Printer::new(Vec::new(), style);
        printer.add(&origin, Some(&DeploymentId::new("d1")));
        let at = Timestamp::from_second(5).ok();
        let raw = "\u{1b}[31mERROR\u{1b}[0m GET";
        let lines = [
            LogLine::output(at, Text::clean("web"), raw),
            LogLine::mark(at, "gap 2 s"),
        ];
        for line in lines {
            let shown = Shown {
                item: Item { strand: 0, line },
                is_context: false,
                is_apart: true,
            };
            printer.show(&shown).unwrap();
        }
        let text = String::from_utf8(printer.out).unwrap();
        assert_eq!(text.lines().collect::<Vec<_>>(), expected);
    }

    #[test]
    fn text_has_time_source_and_what_was_said() {
        let plain = style(LogFormat::Text);
        check(
            plain.clone(),
            &["1970-01-01T00:00:05Z web ERROR GET", "── gap 2 s ──"],
        );
        let several = Style {
            time: Stamp::Local,
            zone: TimeZone::fixed(jiff::tz::offset(2)),
            is_named: true,
            is_parted: true,
            ..plain
        };
        let local = "1970-01-01T02:00:05+02:00 shop web ERROR GET";
        check(several, &[local, "--", "shop ── gap 2 s ──"]);
    }

    #[test]
    fn colours_are_those_of_the_line_and_of_its_log() {
        let coloured = Style {
            time: Stamp::Off,
            is_coloured: true,
            ..style(LogFormat::Text)
        };
        check(
            coloured,
            &[
                "web \u{1b}[0;38;5;1mERROR\u{1b}[0m GET",
                "\u{1b}[2m── gap 2 s ──\u{1b}[0m",
            ],
        );
    }

    #[test]
    fn json_is_an_object_a_line() {
        let line = |level, kind, source, text| {
            format!(
                "{{\"schema\":\"flightdeck/1\",\"at\":\"1970-01-01T00:00:05Z\",\"context\":\"c\",\
                 \"app\":\"shop\",\"environment\":null,\"deployment\":\"d1\",\"source\":\"{source}\",\
                 \"level\":{level},\"kind\":\"{kind}\",\"is_context\":false,\"text\":\"{text}\"}}"
            )
        };
        let output = line("\"error\"", "output", "web", "ERROR GET");
        let mark = line("null", "mark", "", "gap 2 s");
        check(style(LogFormat::Json), &[&output, &mark]);
    }
}
