//! What headers say about limits. The platform's own `Date` is the clock, so that a wrong clock
//! here changes nothing.

use std::time::Duration;

use jiff::{SignedDuration, Timestamp, fmt::rfc2822::DateTimeParser};
use reqwest::header::{DATE, HeaderMap, RETRY_AFTER};

use crate::model::Budget;

/// A reset at or above this is a moment (seconds since 1970), below it a wait: 2001, or 31 years.
const EPOCH: i64 = 1_000_000_000;

/// When to ask again, from `Retry-After`: seconds, or an HTTP date measured against `Date`.
#[must_use]
pub fn retry_after(headers: &HeaderMap) -> Option<Duration> {
    let value = headers.get(RETRY_AFTER)?.to_str().ok()?.trim();
    if let Ok(seconds) = value.parse::<f64>() {
        return Duration::try_from_secs_f64(seconds).ok();
    }
    let wait = http_date(value)?.duration_since(date(headers)?);
    Some(Duration::try_from(wait).unwrap_or_default())
}

/// What is left of the limit, from `ratelimit-*` and its `x-` forms.
#[must_use]
pub fn budget(headers: &HeaderMap) -> Option<Budget> {
    let number = |name: &str| -> Option<i64> {
        ["ratelimit-", "x-ratelimit-", "x-rate-limit-"]
            .iter()
            .find_map(|prefix| headers.get(format!("{prefix}{name}"))?.to_str().ok())
            // "100, 100;w=60" names the limit first.
            .and_then(|value| value.split([',', ';']).next()?.trim().parse().ok())
    };
    let reset = number("reset").and_then(|reset| match reset {
        EPOCH.. => Timestamp::from_second(reset).ok(),
        wait => date(headers)?
            .checked_add(SignedDuration::from_secs(wait))
            .ok(),
    });
    Some(Budget {
        remaining: u32::try_from(number("remaining")?).ok()?,
        limit: u32::try_from(number("limit")?).ok()?,
        resets_at: reset,
    })
}

/// What time it is, by the platform's clock.
#[must_use]
pub fn date(headers: &HeaderMap) -> Option<Timestamp> {
    http_date(headers.get(DATE)?.to_str().ok()?)
}

fn http_date(value: &str) -> Option<Timestamp> {
    DateTimeParser::new().parse_timestamp(value).ok()
}

#[cfg(test)]
mod tests {
    use reqwest::header::{HeaderName, HeaderValue};

    use super::*;

    const NOW: &str = "Sat, 02 Mar 2024 10:00:00 GMT";

    fn headers(pairs: &[(&str, &str)]) -> HeaderMap {
        pairs
            .iter()
            .map(|(name, value)| {
                (
                    HeaderName::try_from(*name).unwrap(),
                    HeaderValue::try_from(*value).unwrap(),
                )
            })
            .collect()
    }

    fn check_wait(value: &str, seconds: Option<u64>) {
        let wait = retry_after(&headers(&[("retry-after", value), ("date", NOW)]));
        assert_eq!(wait, seconds.map(Duration::from_secs), "{value:?}");
    }

    #[test]
    fn a_wait_is_seconds_or_a_date() {
        check_wait("31", Some(31));
        check_wait(" 0 ", Some(0));
        check_wait("Sat, 02 Mar 2024 10:00:31 GMT", Some(31));
        check_wait("Sat, 02 Mar 2024 09:00:00 GMT", Some(0));
        check_wait("soon", None);
        check_wait("-1", None);
        check_wait("inf", None);
        assert_eq!(
            retry_after(&headers(&[(
                "retry-after",
                "Sat, 02 Mar 2024 10:00:31 GMT"
            )])),
            None
        );
    }

    #[test]
    fn a_budget_needs_what_is_left_and_of_how_many() {
        let whole = headers(&[
            ("RateLimit-Limit", "5000"),
            ("RateLimit-Remaining", "412"),
            ("RateLimit-Reset", "1709373600"),
        ]);
        let read = budget(&whole).unwrap();
        assert_eq!((read.remaining, read.limit), (412, 5000));
        assert_eq!(
            read.resets_at,
            Some("2024-03-02T10:00:00Z".parse().unwrap())
        );
        assert_eq!(budget(&headers(&[("ratelimit-limit", "5000")])), None);
    }

    #[test]
    fn a_small_reset_is_a_wait() {
        let read = budget(&headers(&[
            ("x-ratelimit-limit", "100, 100;w=60"),
            ("x-ratelimit-remaining", "1"),
            ("x-ratelimit-reset", "60"),
            ("date", NOW),
        ]));
        let at = read.and_then(|budget| budget.resets_at);
        assert_eq!(at, Some("2024-03-02T10:01:00Z".parse().unwrap()));
    }
}
