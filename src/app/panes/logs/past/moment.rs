//! What is typed to say from when lines are wanted.

use jiff::Timestamp;
use jiff::tz::TimeZone;

use crate::app::moment::Moment;
use crate::model::Text;

/// What is understood.
const UNDERSTOOD: &str = "type 15m, 2h, 1d, 14:00, 2026-11-21 14:00 or all";

/// From when.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum From {
    /// From the oldest line that there is.
    All,
    /// From a moment on.
    Moment(Timestamp),
}

impl From {
    /// The moment, where it is one.
    pub(super) fn moment(self) -> Option<Timestamp> {
        match self {
            Self::All => None,
            Self::Moment(at) => Some(at),
        }
    }
}

/// Reads what is typed; times are those of the zone unless they say another.
pub(super) fn parse(typed: &str, now: Timestamp, zone: &TimeZone) -> Result<From, Text> {
    let typed = typed.trim();
    if typed.eq_ignore_ascii_case("all") {
        return Ok(From::All);
    }
    match Moment::parse(typed).and_then(|moment| moment.before(now, zone)) {
        Some(at) if at > now => Err(Text::clean(&format!(
            "\"{typed}\" has not come yet: {UNDERSTOOD}"
        ))),
        Some(at) => Ok(From::Moment(at)),
        None => Err(Text::clean(&format!(
            "\"{typed}\" is no time: {UNDERSTOOD}"
        ))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What is typed at 13:30 in Berlin on 21 November 2026 (12:30 UTC).
    fn check(typed: &str, expected: &str) {
        let now = "2026-11-21T12:30:00Z".parse().unwrap();
        let zone = TimeZone::get("Europe/Berlin").unwrap();
        let found = match parse(typed, now, &zone) {
            Ok(From::All) => "all".to_owned(),
            Ok(From::Moment(at)) => at.to_string(),
            Err(problem) => problem.to_string(),
        };
        assert_eq!(found, expected, "{typed}");
    }

    #[test]
    fn lengths_count_back_from_now() {
        check("15m", "2026-11-21T12:15:00Z");
        check(" 2h ", "2026-11-21T10:30:00Z");
        check("1d", "2026-11-20T12:30:00Z");
        check("1h30m", "2026-11-21T11:00:00Z");
        check("90s", "2026-11-21T12:28:30Z");
    }

    #[test]
    fn times_are_those_of_the_user() {
        check("13:00", "2026-11-21T12:00:00Z");
        check("14:00", "2026-11-20T13:00:00Z");
        check("13:00:30", "2026-11-21T12:00:30Z");
        check("2026-11-20 14:00", "2026-11-20T13:00:00Z");
        check("2026-11-20T14:00", "2026-11-20T13:00:00Z");
        check("2026-11-20", "2026-11-19T23:00:00Z");
        check("2026-11-20T14:00Z", "2026-11-20T14:00:00Z");
        check("2026-11-20 14:00+02:00", "2026-11-20T12:00:00Z");
        check("ALL", "all");
    }

    #[test]
    fn what_is_no_time_is_told_what_is_one() {
        let no = |typed: &str| format!("\"{typed}\" is no time: {UNDERSTOOD}");
        for typed in [
            "",
            "15",
            "m",
            "15x",
            "25:00",
            "yesterday",
            "99999999999999w",
            "é",
        ] {
            check(typed, &no(typed));
        }
        let later = format!("\"2026-11-22 14:00\" has not come yet: {UNDERSTOOD}");
        check("2026-11-22 14:00", &later);
    }
}
