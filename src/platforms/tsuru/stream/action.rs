//! Format A: what an action prints, and whether it failed.
//!
//! An error is the last object. Success has no mark: it is the end without one. So an end that comes
//! too early, or in words that are not understood, is not taken for success: it tells nothing.

use jiff::Timestamp;
use serde::Deserialize;
use serde_json::Value;

use super::lines::{Line, Lines};
use super::printed::Printed;
use super::values::{Found, Shape, Values};
use crate::platforms::tsuru::folded;

/// How a stream ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::platforms::tsuru) enum Verdict {
    /// The action did what was asked.
    Done,
    /// It failed; the platform's words, several lines perhaps.
    Failed(String),
    /// It does not say; why not.
    Unknown(&'static str),
}

/// A fragment, or an error.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Said {
    message: Option<String>,
    timestamp: Option<String>,
    error: Option<String>,
}

/// Reads an action's stream.
#[derive(Debug)]
pub(super) struct Action {
    values: Values,
    printed: Printed,
    error: Option<String>,
    unknown: Option<&'static str>,
}

impl Action {
    pub(super) fn new() -> Self {
        Self {
            values: Values::new(Shape::Objects),
            printed: Printed::default(),
            error: None,
            unknown: None,
        }
    }

    /// Takes bytes, and gives the lines that are whole now.
    pub(super) fn push(&mut self, bytes: &[u8]) -> Vec<Line> {
        let found = self.values.push(bytes);
        found.into_iter().flat_map(|it| self.take(it)).collect()
    }

    /// The last lines, and how it ended.
    pub(super) fn finish(mut self) -> (Vec<Line>, Verdict) {
        let last = self.values.finish();
        let mut lines: Vec<Line> = last.into_iter().flat_map(|it| self.take(it)).collect();
        lines.extend(self.printed.finish());
        let verdict = match (self.error, self.unknown) {
            (Some(error), _) => Verdict::Failed(error),
            (None, Some(why)) => Verdict::Unknown(why),
            (None, None) => Verdict::Done,
        };
        (lines, verdict)
    }

    fn take(&mut self, found: Found) -> Vec<Line> {
        match found {
            Found::Value(value) => match read(&value) {
                Some(message) => self.message(message),
                None => self.odd(&value),
            },
            Found::Stray(text) => self.odd(&text),
            Found::TooLong(length) => {
                // It may have held the error.
                self.unknown = Some("a part of the stream was too long to be read");
                self.remark(&format!("[{length} bytes in one piece: not shown]"))
            }
            Found::Cut => {
                self.unknown = Some("the stream ended in the middle");
                Vec::new()
            }
            Found::EndOfList => Vec::new(),
        }
    }

    fn message(&mut self, message: Said) -> Vec<Line> {
        let at = message.timestamp.as_deref().and_then(moment);
        let mut lines = match message.message {
            Some(text) => self.printed.push(at, &text),
            None => Vec::new(),
        };
        let Some(error) = message.error.filter(|error| !error.is_empty()) else {
            return lines;
        };
        lines.extend(self.printed.finish());
        lines.extend(Lines::of(at, &error));
        self.error.get_or_insert(error);
        lines
    }

    /// Shows what is no message. Something on the way may have written it in the place of the rest.
    fn odd(&mut self, text: &[u8]) -> Vec<Line> {
        self.unknown = Some("the stream has parts that are not understood");
        self.remark(&String::from_utf8_lossy(text))
    }

    fn remark(&mut self, text: &str) -> Vec<Line> {
        let before = self.printed.finish().into_iter();
        before.chain(Lines::of(None, text)).collect()
    }
}

fn read(value: &[u8]) -> Option<Said> {
    let value: Value = serde_json::from_slice(value).ok()?;
    value.is_object().then(|| folded::from_value(value).ok())?
}

/// A time; zero is none.
pub(super) fn moment(text: &str) -> Option<Timestamp> {
    let at: Timestamp = text.parse().ok()?;
    (!text.starts_with("0001-")).then_some(at)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::cuts::same_however_cut;
    use super::*;

    fn read(pieces: &[&[u8]]) -> (Vec<String>, Verdict) {
        let mut action = Action::new();
        let mut lines = Vec::new();
        for piece in pieces {
            lines.extend(action.push(piece));
        }
        let (last, verdict) = action.finish();
        lines.extend(last);
        let told = |line: Line| match line.at {
            Some(at) => format!("{at} {}", line.text),
            None => line.text,
        };
        (lines.into_iter().map(told).collect(), verdict)
    }

    fn check(body: &str, expected: &[&str], verdict: &Verdict) {
        let (lines, found) = same_however_cut(body.as_bytes(), read);
        assert_eq!(
            (lines.as_slice(), &found),
            (strings(expected).as_slice(), verdict),
            "{body}"
        );
    }

    fn strings(texts: &[&str]) -> Vec<String> {
        texts.iter().map(ToString::to_string).collect()
    }

    fn failed(text: &str) -> Verdict {
        Verdict::Failed(text.into())
    }

    #[test]
    fn an_end_without_error_is_success() {
        check("", &[], &Verdict::Done);
        check("\n\n", &[], &Verdict::Done);
        check(
            "{\"Message\":\"my\\nmsg\\n\"}\n\n\n{\"Message\":\"other\"}\n{\"message\":\" msg\\n\"}\n\
             {\"MESSAGE\":\"more\"}\n{\"Message\":\"\\nmsgs\",\"Timestamp\":\"2026-11-21T12:00:00Z\"}",
            &[
                "my",
                "msg",
                "other msg",
                "more",
                "2026-11-21T12:00:00Z msgs",
            ],
            &Verdict::Done,
        );
    }

    #[test]
    fn the_time_of_a_line_is_that_of_its_beginning() {
        check(
            "{\"Message\":\"a\",\"Timestamp\":\"2026-11-21T12:00:00.5Z\"}\n\
             {\"Message\":\"b\\nc\",\"Timestamp\":\"2026-11-21T13:00:01+01:00\"}",
            &["2026-11-21T12:00:00.5Z ab", "2026-11-21T12:00:01Z c"],
            &Verdict::Done,
        );
    }

    #[test]
    fn a_late_error_is_failure() {
        check(
            "{\"Message\":\"out\"}\n{\"Message\":\"\",\"Timestamp\":\"0001-01-01T00:00:00Z\",\
             \"Error\":\"\\n---- ERROR ----\\nno é\"}\n\n",
            &["out", "", "---- ERROR ----", "no é"],
            &failed("\n---- ERROR ----\nno é"),
        );
        check(
            "{\"error\":\"first\"}{\"error\":\"x\"}",
            &["first", "x"],
            &failed("first"),
        );
        check("{\"Message\":\"a\",\"Error\":\"\"}", &["a"], &Verdict::Done);
        // A cut after it changes nothing.
        check("{\"Error\":\"no\"}\n{\"Mess", &["no"], &failed("no"));
    }

    #[test]
    fn what_is_cut_or_not_understood_is_no_success() {
        let cut = Verdict::Unknown("the stream ended in the middle");
        check("{\"Message\":\"a\"}\n{\"Message\":\"b", &["a"], &cut);
        let odd = Verdict::Unknown("the stream has parts that are not understood");
        check(
            "{\"Message\":\"a\"}\n<html>504</html>\n",
            &["a", "<html>504</html>"],
            &odd,
        );
        check("{\"Message\":3}", &["{\"Message\":3}"], &odd);
        check("[{\"Message\":\"a\"}]", &["[{\"Message\":\"a\"}]"], &odd);
    }

    #[test]
    fn a_long_stream_is_the_same_however_it_is_cut() {
        let lines = (0..60).map(|number| format!("{number}: é€\u{1f680} \"quoted\" \\ {{}}\n"));
        let text = lines.collect::<String>();
        let mut body = String::new();
        for (at, fragment) in text.chars().collect::<Vec<_>>().chunks(17).enumerate() {
            let fragment: String = fragment.iter().collect();
            body.push_str(&serde_json::json!({ "Message": fragment }).to_string());
            body.push_str(["\n", "", "\n\n\n", " \r\n"][at % 4]);
        }
        let expected: Vec<&str> = text.lines().collect();
        check(&body, &expected, &Verdict::Done);
    }

    proptest! {
        #[test]
        fn any_bytes_are_read_the_same_however_they_are_cut(
            body in prop::collection::vec(
                prop::sample::select(b"{}[]\",:\\n\n aM\xc3\xa9\xff".to_vec()), 0..40),
        ) {
            same_however_cut(&body, read);
        }

        #[test]
        fn fragments_are_joined_wherever_they_were_cut(
            text in "[aé€\u{1F680}\n ]{0,60}", sizes in prop::collection::vec(1..7_usize, 1..9),
        ) {
            let (mut body, mut rest) = (String::new(), text.as_str());
            for size in sizes.iter().cycle() {
                if rest.is_empty() { break; }
                let (now, later) = rest.split_at(rest.ceil_char_boundary((*size).min(rest.len())));
                body.push_str(&serde_json::json!({ "Message": now }).to_string());
                rest = later;
            }
            let mut whole: Vec<_> = text.split('\n').map(str::to_owned).collect();
            whole.pop_if(|last| last.is_empty());
            prop_assert_eq!(read(&[body.as_bytes()]), (whole, Verdict::Done));
        }
    }

    #[test]
    fn a_huge_message_is_told_and_no_success() {
        let body = format!(
            "{{\"Message\":\"{}\"}}\n",
            "x".repeat(super::super::values::MAX_VALUE)
        );
        let (lines, verdict) = read(&[body.as_bytes()]);
        assert_eq!(lines, ["[4194318 bytes in one piece: not shown]"]);
        assert!(matches!(verdict, Verdict::Unknown(_)));
    }
}
