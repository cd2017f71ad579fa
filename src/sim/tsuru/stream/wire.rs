//! How moments and JSON are written in streams: as Go writes them.
//! Source: tsuru contract, sections 1 and 3.

use serde::Serialize;

use super::super::wire::{ZERO, without_zeros};
use crate::sim::clock::Moment;

/// A time with up to nine digits of a second.
pub(super) fn stamp(at: Moment) -> String {
    if at.0 <= 0 {
        return ZERO.to_owned();
    }
    without_zeros(&at.iso_nanoseconds())
}

/// A value in one line with its newline. What could be mistaken for HTML is escaped.
pub(super) fn line(value: &impl Serialize) -> String {
    const ESCAPED: [(char, &str); 5] = [
        ('<', "\\u003c"),
        ('>', "\\u003e"),
        ('&', "\\u0026"),
        ('\u{2028}', "\\u2028"),
        ('\u{2029}', "\\u2029"),
    ];
    let text = serde_json::to_string(value).unwrap_or_default();
    let mut written = String::with_capacity(text.len() + 1);
    for c in text.chars() {
        match ESCAPED.iter().find(|(plain, _)| *plain == c) {
            Some((_, escaped)) => written.push_str(escaped),
            None => written.push(c),
        }
    }
    written.push('\n');
    written
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn times_have_up_to_nine_digits_and_none_is_the_first_year() {
        let text = stamp(Moment(1_700_000_000_123_456));
        assert!(text.starts_with("2023-11-14T22:13:20.123456"), "{text}");
        assert!(text.ends_with('Z') && !text.ends_with("0Z"), "{text}");
        assert_eq!(stamp(Moment(0)), "0001-01-01T00:00:00Z");
        assert_eq!(
            Moment::parse(&text),
            Some(Moment(1_700_000_000_123_456)),
            "what is beyond microseconds is cut off"
        );
    }

    #[test]
    fn lines_are_escaped_as_go_does_it() {
        assert_eq!(
            line(&json!("a <b> & c")),
            "\"a \\u003cb\\u003e \\u0026 c\"\n"
        );
    }
}
