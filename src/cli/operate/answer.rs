//! What was said on the command line, on its way to the answers of the catalogue.

use std::fs::File;
use std::io::{self, IsTerminal as _, Read};
use std::path::{Path, PathBuf};

use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Span, SpanRelativeTo, Timestamp};

use crate::cli::exit::CliError;
use crate::config::Environment;
use crate::model::catalogue::{Pick, Value};
use crate::model::{Secret, Text};
use crate::shell;

/// More is no variable and no file of variables, but a slip of the hand.
const LONGEST: u64 = 1 << 20;

/// What was said of a field.
#[derive(Debug)]
pub(super) enum Answer {
    /// A value, as it is.
    Value(Value),
    /// Where a secret is.
    Secret(Source),
    /// What is to be found in a list.
    Pick(Pick, String),
    /// The same, several of them.
    Some(Pick, Vec<String>),
}

/// Where a secret is. Never an argument: every user of a machine sees those.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Source {
    /// A variable of this process.
    Variable(String),
    /// A file.
    File(PathBuf),
    /// Standard input.
    Stdin,
}

impl Source {
    /// Reads it.
    pub(super) fn read(&self, environment: &Environment) -> Result<Secret, CliError> {
        match self {
            Self::Variable(name) => {
                let value = environment.variable(name).map(Secret::new);
                let name = Text::clean(name);
                value.ok_or_else(|| {
                    CliError::Usage(format!("environment variable {name} is not set, or empty"))
                })
            }
            Self::File(path) => file(path).map(|it| without_line_end(&it)),
            Self::Stdin => stdin().map(|it| without_line_end(&it)),
        }
    }
}

/// What an editor or `echo` adds is no part of a value.
fn without_line_end(secret: &Secret) -> Secret {
    let value = secret.expose();
    let value = value.strip_suffix('\n').unwrap_or(value);
    Secret::new(value.strip_suffix('\r').unwrap_or(value))
}

/// All of a file.
pub(in crate::cli) fn file(path: &Path) -> Result<Secret, CliError> {
    let name = Text::clean(&path.display().to_string());
    let wrong = |error| CliError::Usage(format!("{name}: {error}"));
    all(File::open(path).map_err(wrong)?, name.as_str())
}

/// All of standard input.
pub(in crate::cli) fn stdin() -> Result<Secret, CliError> {
    if io::stdin().is_terminal() {
        // What is typed would be on the screen.
        let advice = "standard input is the terminal: pipe something into it, or name a file";
        return Err(CliError::Usage(advice.into()));
    }
    all(io::stdin().lock(), "standard input")
}

fn all(from: impl Read, name: &str) -> Result<Secret, CliError> {
    let mut text = String::new();
    let read = from.take(LONGEST + 1).read_to_string(&mut text);
    let text = Secret::new(text);
    match read {
        Err(error) if error.kind() == io::ErrorKind::InvalidData => {
            Err(CliError::Usage(format!("{name} is not UTF-8 text")))
        }
        Err(error) => Err(CliError::Usage(format!("{name}: {error}"))),
        Ok(length) if length as u64 > LONGEST => {
            Err(CliError::Usage(format!("{name} is longer than 1 MiB")))
        }
        Ok(_) => Ok(text),
    }
}

/// A moment: itself, a day (which begins at midnight UTC), or a time from now.
pub(super) fn moment(text: &str) -> Result<Timestamp, String> {
    moment_after(text, shell::now()).ok_or_else(|| {
        "a time is such as 2026-12-31, 2026-12-31T12:00:00Z, or 30d for 30 days from now".into()
    })
}

fn moment_after(text: &str, now: Timestamp) -> Option<Timestamp> {
    if let Ok(at) = text.parse() {
        return Some(at);
    }
    // A time without a zone would be read as its day.
    let is_day = text.len() == "2026-12-31".len();
    if let Some(day) = text.parse::<Date>().ok().filter(|_| is_day) {
        return day
            .to_zoned(TimeZone::UTC)
            .ok()
            .map(|start| start.timestamp());
    }
    let span: Span = text.parse().ok()?;
    let length = span.to_duration(SpanRelativeTo::days_are_24_hours()).ok()?;
    let length = Some(length).filter(|length| *length > SignedDuration::ZERO)?;
    now.checked_add(length).ok()
}

/// `key=value`.
pub(super) fn pair(text: &str) -> Result<(String, String), String> {
    match text.split_once('=') {
        Some((key, value)) if !key.is_empty() => Ok((key.into(), value.into())),
        Some(_) | None => Err("a pair is KEY=VALUE".into()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expected: Option<&str>) {
        let now = "2026-01-31T10:00:00Z".parse().unwrap();
        let at = moment_after(text, now).map(|at| at.to_string());
        assert_eq!(at.as_deref(), expected, "{text}");
    }

    #[test]
    fn a_time_is_a_moment_a_day_or_a_length() {
        check("2026-12-31T12:00:00Z", Some("2026-12-31T12:00:00Z"));
        check("2026-12-31T12:00:00+02:00", Some("2026-12-31T10:00:00Z"));
        check("2026-12-31", Some("2026-12-31T00:00:00Z"));
        check("30d", Some("2026-03-02T10:00:00Z"));
        check("2w", Some("2026-02-14T10:00:00Z"));
        check("90m", Some("2026-01-31T11:30:00Z"));
        for wrong in [
            "",
            "tomorrow",
            "-3d",
            "0s",
            "1mo",
            "2026-13-01",
            "2026-12-31T12:00",
            "12:00",
        ] {
            check(wrong, None);
        }
    }

    #[test]
    fn a_pair_has_a_key() {
        assert_eq!(pair("a=b=c"), Ok(("a".into(), "b=c".into())));
        assert_eq!(pair("a="), Ok(("a".into(), String::new())));
        assert!(pair("=b").is_err());
        assert!(pair("a").is_err());
    }

    #[test]
    fn one_line_end_is_no_part_of_a_value() {
        let check = |text: &str, expected: &str| {
            assert_eq!(without_line_end(&Secret::new(text)).expose(), expected);
        };
        check("a", "a");
        check("a\n", "a");
        check("a\r\n", "a");
        check("a\n\n", "a\n");
    }
}
