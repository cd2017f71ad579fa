//! What can be said to `flightdeck logs`.

use std::time::Duration;

use super::super::target::Target;
use super::duration;
use crate::app::logs::query::Pattern;
use crate::app::moment::Moment;
use crate::model::Level;
use clap::{Args, ValueEnum};

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
    #[arg(long, value_name = "TIME", value_parser = moment)]
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

fn moment(text: &str) -> Result<Moment, String> {
    Moment::parse(text)
        .ok_or_else(|| "a time is such as 15m, 2h, 14:00, 2026-11-21 or 2026-11-21T14:00Z".into())
}

fn pattern(text: &str) -> Result<Pattern, String> {
    Pattern::parse(text).map_err(|wrong| wrong.to_string())
}
