//! Lines in great number, each with a number of its own: what a test lets an environment write.
//!
//! A flood is a function of time: which lines exist at a moment is arithmetic, so that it keeps its
//! rate exactly however late somebody looks, and nothing runs while nobody does. All but number and
//! time of a line is made once: fifty thousand a second leave the machine to who reads them.

use std::{
    fmt::Write as _,
    ops::Range,
    sync::atomic::{AtomicU64, Ordering},
};

use serde::Deserialize;

use super::{
    clock::{Moment, SECOND},
    dice::Dice,
    record::Place,
    words,
};

/// What the lines of a flood look like.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Style {
    /// Words.
    #[default]
    Plain,
    /// Words with colours.
    Coloured,
    /// A JSON object.
    Json,
}

/// What a flood is to be like.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Plan {
    /// When its first line is written.
    pub(crate) begins: Moment,
    /// Lines a second.
    pub(crate) rate: u32,
    /// So many at the most.
    pub(crate) most: u64,
    /// The number of the first line.
    pub(crate) first: u64,
    pub(crate) style: Style,
    /// Bytes of a line, as far as that is possible.
    pub(crate) length: usize,
    pub(crate) seed: u64,
}

/// Lines at a steady rate.
#[derive(Debug)]
pub(crate) struct Flood {
    begins: Moment,
    rate: u32,
    first: u64,
    most: AtomicU64,
    /// What stands before and after number and time.
    around: (String, String),
    /// The same within a JSON string.
    escaped: (String, String),
}

/// Two of the same plan write the same; that one of them was stopped is no difference of that.
impl PartialEq for Flood {
    fn eq(&self, other: &Flood) -> bool {
        let plan = |it: &Flood| (it.begins, it.rate, it.first);
        plan(self) == plan(other) && self.around == other.around
    }
}

/// Bytes of `seq=000123 t=1700000000123456`.
const NUMBERS: usize = 29;

impl Flood {
    /// A flood of this plan; a rate of nothing is one line a second.
    pub(crate) fn new(plan: &Plan) -> Flood {
        let around = around(plan);
        let escaped = (escaped(&around.0), escaped(&around.1));
        Flood {
            begins: plan.begins,
            rate: plan.rate.max(1),
            first: plan.first,
            most: AtomicU64::new(plan.most),
            around,
            escaped,
        }
    }

    /// When its first line is written.
    pub(crate) fn begins(&self) -> Moment {
        self.begins
    }

    /// How many lines it has written by now.
    pub(crate) fn produced(&self, now: Moment) -> u64 {
        self.up_to(Moment(now.0 + 1))
    }

    /// Whether it writes no more.
    pub(crate) fn is_over(&self, now: Moment) -> bool {
        self.produced(now) == self.most.load(Ordering::Relaxed)
    }

    /// It writes no more.
    pub(crate) fn stop(&self, now: Moment) {
        self.most.store(self.produced(now), Ordering::Relaxed);
    }

    /// The lines that are written from a moment on and before another.
    pub(crate) fn between(&self, from: Moment, to: Moment) -> Range<u64> {
        let to = self.up_to(to);
        self.up_to(from).min(to)..to
    }

    /// A moment up to which, from another on, about so many lines are written at the most; `to` if it
    /// has no more by then.
    pub(crate) fn reach(&self, from: Moment, to: Moment, most: u64) -> Moment {
        let lines = self.between(from, to);
        if lines.end - lines.start <= most {
            return to;
        }
        // Lines of one moment are never parted.
        self.at(lines.start + most).max(Moment(from.0 + 1))
    }

    /// Where a line stands.
    pub(crate) fn place(&self, line: u64) -> Place {
        /// Beyond all numbers that lines of the same moment can have.
        const NUMBERED: u64 = 1 << 40;
        Place {
            at: self.at(line),
            source: 0,
            number: NUMBERED + self.first + line,
        }
    }

    /// When a line is written.
    pub(crate) fn at(&self, line: u64) -> Moment {
        let offset = i128::from(line) * i128::from(SECOND) / i128::from(self.rate);
        let offset = i64::try_from(offset).unwrap_or(i64::MAX);
        Moment(self.begins.0.saturating_add(offset))
    }

    /// Writes the text of a line.
    pub(crate) fn write(&self, line: u64, out: &mut String) {
        self.write_within(&self.around, line, out);
    }

    /// The same, as it is within a JSON string.
    pub(crate) fn write_escaped(&self, line: u64, out: &mut String) {
        self.write_within(&self.escaped, line, out);
    }

    fn write_within(&self, (before, after): &(String, String), line: u64, out: &mut String) {
        out.push_str(before);
        // Writing to a string does not fail.
        let _written = write!(out, "seq={:06} t={}", self.first + line, self.at(line).0);
        out.push_str(after);
    }

    /// How many lines are written before a moment.
    fn up_to(&self, to: Moment) -> u64 {
        let passed = i128::from(to.0.saturating_sub(self.begins.0).max(0));
        // A line whose offset is rounded down to a moment is written at it.
        let lines = (passed * i128::from(self.rate)).div_euclid(i128::from(SECOND))
            + i128::from(passed * i128::from(self.rate) % i128::from(SECOND) != 0);
        let lines = u64::try_from(lines).unwrap_or(u64::MAX);
        lines.min(self.most.load(Ordering::Relaxed))
    }
}

/// What stands around number and time.
fn around(plan: &Plan) -> (String, String) {
    let mut dice = Dice::new(plan.seed, &[0x0f_100d, plan.first]);
    let (before, joint, end) = match plan.style {
        Style::Plain => ("", " ", ""),
        Style::Coloured => ("\u{1b}[32mINFO\u{1b}[0m ", " \u{1b}[1m", "\u{1b}[22m"),
        Style::Json => ("{\"level\":\"info\",\"msg\":\"", "\",\"note\":\"", "\"}"),
    };
    let fixed = before.len() + NUMBERS + joint.len() + end.len();
    let wanted = plan.length.saturating_sub(fixed);
    let mut filled = String::new();
    while filled.len() < wanted {
        let separator = if filled.is_empty() { "" } else { " " };
        filled.push_str(separator);
        filled.push_str(dice.pick(words::PATHS));
    }
    filled.truncate(wanted);
    (before.to_owned(), format!("{joint}{filled}{end}"))
}

fn escaped(text: &str) -> String {
    let quoted = serde_json::to_string(text).unwrap_or_default();
    let inside = quoted
        .strip_prefix('"')
        .and_then(|text| text.strip_suffix('"'));
    inside.unwrap_or_default().to_owned()
}

/// Writes moments with nanoseconds, many of the same second one after another.
#[derive(Debug, Default)]
pub(crate) struct Stamps {
    second: Option<(i64, String)>,
}

impl Stamps {
    /// As [`Moment::iso_nanoseconds`], without its last letter.
    pub(crate) fn write(&mut self, at: Moment, out: &mut String) {
        let second = at.second();
        if self
            .second
            .as_ref()
            .is_none_or(|(known, _)| *known != second)
        {
            let text = at.whole_second();
            self.second = Some((second, text.trim_end_matches('Z').to_owned()));
        }
        if let Some((_, text)) = &self.second {
            out.push_str(text);
        }
        let micros = at.0.rem_euclid(SECOND);
        let _written = write!(out, ".{micros:06}{:03}", at.beyond_micros());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PLAN: Plan = Plan {
        begins: Moment(1_700_000_000_250_000),
        rate: 50_000,
        most: u64::MAX,
        first: 7,
        style: Style::Plain,
        length: 100,
        seed: 1,
    };

    fn text(flood: &Flood, line: u64) -> String {
        let mut text = String::new();
        flood.write(line, &mut text);
        text
    }

    #[test]
    fn rate_is_exact_and_no_line_is_read_twice_or_never() {
        for rate in [1, 3, 7, 2_000, 50_000, 999_999] {
            let flood = Flood::new(&Plan { rate, ..PLAN });
            let mut next = 0;
            let mut from = Moment(PLAN.begins.0 - 500);
            for step in 1..400 {
                let to = Moment(from.0 + step * 137);
                let lines = flood.between(from, to);
                assert_eq!(lines.start, next, "{rate}");
                let mut known = lines.clone();
                assert!(known.all(|line| (from..to).contains(&flood.at(line))));
                (next, from) = (lines.end, to);
            }
            let after = |seconds| flood.produced(PLAN.begins.plus(seconds));
            assert_eq!(after(10.0) - after(0.0), 10 * u64::from(rate));
        }
    }

    #[test]
    fn what_is_written_at_once_can_be_read_bit_by_bit() {
        for rate in [1_000, 50_000, 100_000_000] {
            let plan = Plan {
                rate,
                most: 100_000,
                ..PLAN
            };
            let (flood, end) = (Flood::new(&plan), PLAN.begins.plus(200.0));
            let (mut from, mut next) = (Moment(PLAN.begins.0 - 5), 0);
            while from < end {
                let to = flood.reach(from, end, 2_000);
                let lines = flood.between(from, to);
                assert!(to > from && lines.end - lines.start <= 2_000, "{lines:?}");
                assert_eq!(lines.start, next);
                (from, next) = (to, lines.end);
            }
            assert_eq!(next, 100_000);
        }
    }

    #[test]
    fn it_ends_where_it_is_to_and_when_it_is_stopped() {
        let flood = Flood::new(&Plan {
            most: 1_000,
            ..PLAN
        });
        let end = PLAN.begins.plus(9.0);
        assert_eq!((flood.produced(end), flood.is_over(end)), (1_000, true));
        let flood = Flood::new(&PLAN);
        let half = PLAN.begins.plus(0.5);
        assert!(!flood.is_over(half));
        flood.stop(half);
        assert_eq!((flood.produced(end), flood.is_over(half)), (25_001, true));
    }

    #[test]
    fn lines_have_number_time_and_length() {
        let flood = Flood::new(&PLAN);
        let line = text(&flood, 2);
        assert!(
            line.starts_with("seq=000009 t=1700000000250040 /"),
            "{line}"
        );
        assert_eq!(line.len(), 100);
        for style in [Style::Coloured, Style::Json] {
            let flood = Flood::new(&Plan {
                style,
                length: 300,
                ..PLAN
            });
            assert_eq!(text(&flood, 2).len(), 300);
            let mut quoted = "\"".to_owned();
            flood.write_escaped(2, &mut quoted);
            let read: String = serde_json::from_str(&(quoted + "\"")).unwrap();
            assert_eq!(read, text(&flood, 2));
            let is_json = serde_json::from_str::<serde_json::Value>(&read).is_ok();
            assert_eq!(is_json, style == Style::Json);
        }
    }

    #[test]
    fn times_are_written_as_elsewhere() {
        let mut stamps = Stamps::default();
        for at in [0, 999_999, 1_000_000, 1_000_040].map(|past| Moment(PLAN.begins.0 + past)) {
            let mut written = String::new();
            stamps.write(at, &mut written);
            assert_eq!(written + "Z", at.iso_nanoseconds());
        }
    }
}
