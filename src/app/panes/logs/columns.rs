//! What stands before the text of a line, and how much room is left for that.
//!
//! It depends on the line, the lens and the pane, never on what else is in sight: where a wrapped
//! line breaks must not change while it is scrolled.

use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use unicode_width::UnicodeWidthStr;

use super::origins::{OriginName, origins};
use crate::app::age::Short;
use crate::app::logs::lens::TimeMode;
use crate::app::logs::ring::{Line, Ring};
use crate::app::screen::Pane;
use crate::app::state::State;
use crate::model::LineKind;

/// The column of marks at the left: the current line, the groups of a filter.
pub const GUTTER: usize = 1;
/// The letter of the level and a blank.
const LEVEL: usize = 2;
/// The widest name of a process that is shown whole.
const LONGEST_SOURCE: usize = 12;
/// The widest names of an account and of an app.
const LONGEST_NAME: usize = 16;
/// The room of a relative time.
const AGE: usize = 4;
/// From so many columns on the account is named, too.
const WIDE: usize = 100;
/// From so many columns on each merged line names its process.
const MEDIUM: usize = 60;
/// A narrower pane has no seconds beside a date.
const NARROW: usize = 50;
/// A narrower one has text only.
const SLIM: usize = 24;

/// What stands before each line.
#[derive(Clone, Debug)]
pub struct Columns {
    /// How wide the pane is, without its frame.
    pub pane: usize,
    /// How wide the name of the account is; nothing where it is not shown. So with the next two.
    pub context: usize,
    /// That of the app.
    pub app: usize,
    /// That of the process.
    pub source: usize,
    /// The names of merged sources.
    pub origins: Vec<OriginName>,
    time: TimeMode,
    zone: TimeZone,
    now: Timestamp,
    today: Date,
}

impl Columns {
    /// For the lines of a ring, in the pane as it is.
    #[must_use]
    pub fn of(state: &State, ring: &Ring) -> Self {
        let area = state.layout().pane(Pane::Logs);
        let pane = area.map_or(0, |area| usize::from(area.inside().width));
        let origins = origins(state);
        let widest = |name: fn(&OriginName) -> &str| {
            let widths = origins.iter().map(|it| name(it).width());
            widths.max().unwrap_or(0).min(LONGEST_NAME).min(pane / 5)
        };
        let (context, app) = (widest(|it| &it.context), widest(|it| &it.app));
        let source = ring.widest_source().min(LONGEST_SOURCE).min(pane / 5);
        let is_merged = !origins.is_empty();
        let zone = match state.panes.logs.lens.time {
            TimeMode::Utc => TimeZone::UTC,
            TimeMode::Off | TimeMode::Local | TimeMode::Relative => state.zone.clone(),
        };
        Self {
            pane,
            context: if pane >= WIDE { context } else { 0 },
            app: if pane >= SLIM { app } else { 0 },
            source: if pane < SLIM || (is_merged && pane < MEDIUM) {
                0
            } else {
                source
            },
            origins,
            time: if pane < SLIM {
                TimeMode::Off
            } else {
                state.panes.logs.lens.time
            },
            now: state.now,
            today: zone.to_datetime(state.now).date(),
            zone,
        }
    }

    /// How many columns the text of a line has.
    #[must_use]
    pub fn text(&self, line: &Line<'_>) -> usize {
        let before = GUTTER + self.before(line);
        self.pane.saturating_sub(before).max(1)
    }

    /// How many columns stand before it, beside those of the gutter.
    #[must_use]
    pub fn before(&self, line: &Line<'_>) -> usize {
        if line.kind == LineKind::Mark {
            return 0;
        }
        let names = [self.context, self.app, self.source];
        let names: usize = names
            .iter()
            .map(|width| width + usize::from(*width > 0))
            .sum();
        let time = self.time(line).map_or(0, |time| time.len() + 1);
        let level = if self.pane < SLIM { 0 } else { LEVEL };
        time + level + names
    }

    /// Whether there is room for more than the text.
    #[must_use]
    pub fn has_level(&self) -> bool {
        self.pane >= SLIM
    }

    /// The time of a line, in ASCII; with its date if that is not today's.
    #[must_use]
    pub fn time(&self, line: &Line<'_>) -> Option<String> {
        let at = line.at?;
        let end = match self.time {
            TimeMode::Off => return None,
            TimeMode::Relative => return Some(format!("{:>AGE$}", self.age(at))),
            TimeMode::Local => "",
            TimeMode::Utc => "Z",
        };
        let time = self.zone.to_datetime(at);
        let clock = format!("{:02}:{:02}", time.hour(), time.minute());
        let seconds = format!(":{:02}", time.second());
        if time.date() == self.today {
            return Some(clock + &seconds + end);
        }
        let date = if time.year() == self.today.year() {
            time.strftime("%b %d").to_string()
        } else {
            time.date().to_string()
        };
        let seconds = if self.pane < NARROW { "" } else { &seconds };
        Some(format!("{date} {clock}{seconds}{end}"))
    }

    /// `12s`; of what the platform dates a little ahead of us: `now`.
    fn age(&self, at: Timestamp) -> String {
        let age = self.now.duration_since(at);
        if age < SignedDuration::from_secs(1) {
            return "now".into();
        }
        Short(age.unsigned_abs()).to_string()
    }
}
