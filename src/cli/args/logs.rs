//! What can be said to `flightdeck logs`.

use std::time::Duration;

use clap::{Args, ValueEnum};
use jiff::civil::{DateTime, Time};
use jiff::tz::TimeZone;
use jiff::{Span, SpanRelativeTo, Timestamp, ToSpan as _};

use super::super::target::Target;
use super::duration;
use crate::app::logs::query::Pattern;
use crate::model::Level;

#[derive(Args, Debug)]
pub(crate) struct Logs {
    #[arg(
        required = true,
        value_name = "TARGET",
        help = "Of what: [CONTEXT:]APP[/ENVIRONMENT]; APP/* is all its environments; several logs are merged by time"
    )]
    pub(crate) targets: Vec<Target>,
    #[command(flatten)]
    pub(crate) which: Which,
    #[command(flatten)]
    pub(crate) following: Following,
    #[command(flatten)]
    pub(crate) choice: Choice,
    #[command(flatten)]
    pub(crate) look: Look,
}

/// Which log, where it is not that of what runs.
#[derive(Args, Debug)]
#[group(multiple = false)]
pub(crate) struct Which {
    /// The log of this deployment instead of what runs: its id, how that begins, `latest` or
    /// `running`
    #[arg(long, value_name = "ID")]
    pub(crate) deployment: Option<String>,
    /// What was written before the last restart or crash
    #[arg(short, long)]
    pub(crate) previous: bool,
    /// The log of this run of a job: its id as `get runs` shows it, or how that begins; the name of
    /// the job, where the platform tells no runs apart
    #[arg(long, value_name = "RUN")]
    pub(crate) run: Option<String>,
    /// The log of this event: its id as `get activity -o wide` shows it, or how that begins
    #[arg(long, value_name = "EVENT")]
    pub(crate) event: Option<String>,
}

/// How long one looks.
#[derive(Args, Debug)]
#[command(next_help_heading = "Following")]
pub(crate) struct Following {
    /// Go on as lines are written; the log of a new deployment joins by itself
    #[arg(short, long)]
    pub(crate) follow: bool,
    /// Do not let logs of deployments join
    #[arg(long, conflicts_with_all = ["deployment", "until_done"])]
    pub(crate) runtime_only: bool,
    /// Follow a deployment to its end: the one of --deployment, else the one that runs, else the next
    /// that begins; exit code 0 if it succeeded
    #[arg(long, conflicts_with_all = ["previous", "run", "event"])]
    pub(crate) until_done: bool,
    /// With --until-done, wait no longer than this
    #[arg(long, value_name = "DURATION", value_parser = duration, requires = "until_done", default_value = "30m")]
    pub(crate) timeout: Duration,
}

/// Which lines.
#[derive(Args, Debug)]
#[command(next_help_heading = "Which lines")]
pub(crate) struct Choice {
    /// Only lines written since then: 15m ago, 14:00 o'clock here, or 2026-11-21T14:00Z
    #[arg(long, value_name = "TIME", value_parser = Moment::parse)]
    pub(crate) since: Option<Moment>,
    /// Of the lines that there are, only the last, of those that match
    #[arg(long, value_name = "N")]
    pub(crate) lines: Option<usize>,
    /// Only lines that match this regular expression; small letters fit capitals, too, unless it has
    /// a capital
    #[arg(long, value_name = "RE", value_parser = pattern)]
    pub(crate) grep: Option<Pattern>,
    /// Only lines of this level or a graver one; lines that name none are left out
    #[arg(long, value_enum, value_name = "LEVEL")]
    level: Option<LeastLevel>,
    /// So many lines before and after each that matches, too
    #[arg(short = 'C', long, value_name = "N", default_value_t = 0)]
    pub(crate) context_lines: usize,
}

impl Choice {
    /// The least level that is wanted.
    pub(crate) fn level(&self) -> Option<Level> {
        self.level.map(|level| match level {
            LeastLevel::Debug => Level::Debug,
            LeastLevel::Info => Level::Info,
            LeastLevel::Warn => Level::Warn,
            LeastLevel::Error => Level::Error,
        })
    }
}

/// How lines are written.
#[derive(Args, Clone, Copy, Debug)]
#[command(next_help_heading = "How they look")]
pub(crate) struct Look {
    /// How to write them
    #[arg(short, long, value_enum, default_value = "text")]
    pub(crate) output: LogFormat,
    /// What stands for the time in text
    #[arg(long, value_enum, default_value = "utc")]
    pub(crate) time: Stamp,
    /// Whether text has colours: those of the lines, and one for each log
    #[arg(
        long,
        alias = "color",
        value_enum,
        value_name = "WHEN",
        default_value = "auto"
    )]
    pub(crate) colour: Colouring,
}

/// How log lines are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum LogFormat {
    /// Time, log (where there are several), source and text
    Text,
    /// One JSON object a line
    Json,
}

/// What stands for the time of a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Stamp {
    /// Where you are
    Local,
    /// In UTC
    Utc,
    /// How long ago it was
    Relative,
    /// Nothing
    Off,
}

/// When text has colours.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Colouring {
    /// On a terminal, unless NO_COLOR is set
    Auto,
    /// Always
    Always,
    /// Never
    Never,
}

/// The least level of a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum LeastLevel {
    /// All that name a level
    Debug,
    /// Ordinary news
    Info,
    /// Something to look at
    #[value(alias = "warning")]
    Warn,
    /// Something broke
    Error,
}

/// A moment in the past, as it was written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Moment {
    /// So long ago.
    Ago(Duration),
    /// The last time that clocks here showed this.
    Clock(Time),
    /// A date and a time of day here.
    Here(DateTime),
    /// Exactly then.
    At(Timestamp),
}

impl Moment {
    fn parse(text: &str) -> Result<Self, String> {
        let text = text.trim();
        let clock = || Time::strptime("%H:%M:%S", text).or_else(|_| Time::strptime("%H:%M", text));
        // First: jiff reads a length of time in this form, too.
        if let Ok(time) = clock() {
            Ok(Self::Clock(time))
        } else if let Some(length) = length(text) {
            Ok(Self::Ago(length))
        } else if let Ok(at) = text.parse::<Timestamp>() {
            Ok(Self::At(at))
        } else if let Ok(there) = text.parse::<DateTime>() {
            Ok(Self::Here(there))
        } else {
            Err("a time is such as 15m, 2h, 14:00, 2026-11-21 or 2026-11-21T14:00Z".into())
        }
    }

    /// When that was.
    pub(crate) fn before(self, now: Timestamp, zone: &TimeZone) -> Option<Timestamp> {
        let here = |at: DateTime| Some(zone.to_zoned(at).ok()?.timestamp());
        match self {
            Self::Ago(length) => now.checked_sub(length).ok(),
            Self::At(at) => Some(at),
            Self::Here(at) => here(at),
            Self::Clock(time) => {
                let today = now.to_zoned(zone.clone()).date();
                let at = here(today.to_datetime(time))?;
                if at <= now {
                    return Some(at);
                }
                here(today.checked_sub(1.day()).ok()?.to_datetime(time))
            }
        }
    }
}

/// `15m`, `2h`, `1d`, `1w`, and several of them.
fn length(text: &str) -> Option<Duration> {
    let span: Span = text.parse().ok()?;
    let length = span.to_duration(SpanRelativeTo::days_are_24_hours());
    Duration::try_from(length.ok()?).ok()
}

fn pattern(text: &str) -> Result<Pattern, String> {
    Pattern::parse(text).map_err(|wrong| wrong.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: &str = "2026-11-21T10:00:00Z";

    fn check(text: &str, expected: Option<&str>) {
        let zone = TimeZone::fixed(jiff::tz::offset(1));
        let moment = Moment::parse(text).ok();
        let at = moment.and_then(|moment| moment.before(NOW.parse().unwrap(), &zone));
        assert_eq!(at.map(|at| at.to_string()).as_deref(), expected, "{text}");
    }

    #[test]
    fn a_moment_is_a_length_a_time_of_day_or_a_date() {
        check("15m", Some("2026-11-21T09:45:00Z"));
        check("1h 30m", Some("2026-11-21T08:30:00Z"));
        check("1d", Some("2026-11-20T10:00:00Z"));
        check("2026-11-20 14:00", Some("2026-11-20T13:00:00Z"));
        check("10:30", Some("2026-11-21T09:30:00Z"));
        // It is eleven here: this was yesterday.
        check("14:00", Some("2026-11-20T13:00:00Z"));
        check("14:00:05", Some("2026-11-20T13:00:05Z"));
        check("2026-11-20T14:00Z", Some("2026-11-20T14:00:00Z"));
        check("2026-11-20T14:00:01+02:00", Some("2026-11-20T12:00:01Z"));
        check("2026-11-20T14:00", Some("2026-11-20T13:00:00Z"));
        check("2026-11-20", Some("2026-11-19T23:00:00Z"));
        for wrong in ["", "soon", "25:00", "14", "-5m", "2026-13-01"] {
            check(wrong, None);
        }
    }
}
