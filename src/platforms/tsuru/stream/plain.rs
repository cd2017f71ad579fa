//! Format C: what a deploy prints, as plain text.
//!
//! It has done what was asked if the whole body ends with a line `OK`, and only then; `OK` in the
//! middle means nothing. Otherwise its last lines say what went wrong.

use std::collections::VecDeque;

use super::action::Verdict;
use super::lines::{Line, Lines};
use crate::platforms::tsuru::failure::is_error_heading;

/// The last bytes of a body that tells of success.
const SUCCESS: [u8; 4] = *b"\nOK\n";

/// What the server writes where there was nothing else for half a minute.
const KEEP_ALIVE: &str = "please wait...";

/// So many lines, and so many bytes of them, may say what went wrong.
const TAIL: usize = 60;
const TAIL_BYTES: usize = 16 * 1024;

/// So many do, where no heading says that it is an error.
const LAST: usize = 5;

/// Reads a deploy's text.
#[derive(Debug, Default)]
pub(super) struct Plain {
    lines: Lines,
    last: [u8; 4],
    /// A line that says success if nothing follows.
    held: Option<Line>,
    tail: VecDeque<String>,
}

impl Plain {
    /// Takes bytes, and gives the lines that are whole now.
    pub(super) fn push(&mut self, bytes: &[u8]) -> Vec<Line> {
        if bytes.is_empty() {
            return Vec::new();
        }
        let mut lines: Vec<Line> = self.held.take().into_iter().collect();
        for byte in bytes.iter().rev().take(4).rev() {
            self.last.rotate_left(1);
            self.last[3] = *byte;
        }
        lines.extend(self.lines.push(None, bytes));
        lines.retain(|line| line.text != KEEP_ALIVE);
        if self.last == SUCCESS {
            self.held = lines.pop();
        }
        self.note(&lines);
        lines
    }

    /// The last lines, and how it ended.
    pub(super) fn finish(mut self) -> (Vec<Line>, Verdict) {
        if self.last == SUCCESS {
            return (Vec::new(), Verdict::Done);
        }
        let lines: Vec<Line> = self.lines.finish().into_iter().collect();
        self.note(&lines);
        (lines, Verdict::Failed(self.reason()))
    }

    /// The error, from its heading on; without one, the last lines.
    fn reason(self) -> String {
        let tail: Vec<String> = self.tail.into();
        let from = tail.iter().rposition(|line| is_error_heading(line));
        let from = from.unwrap_or(tail.len().saturating_sub(LAST));
        tail.get(from..).unwrap_or_default().join("\n")
    }

    fn note(&mut self, lines: &[Line]) {
        let shortened = |text: &str| {
            text.get(..text.floor_char_boundary(TAIL_BYTES))
                .map(str::to_owned)
        };
        self.tail
            .extend(lines.iter().filter_map(|line| shortened(&line.text)));
        let mut bytes: usize = self.tail.iter().map(String::len).sum();
        while self.tail.len() > TAIL || (bytes > TAIL_BYTES && self.tail.len() > 1) {
            let gone = self.tail.pop_front();
            bytes -= gone.map_or(0, |line| line.len());
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::cuts::same_however_cut;
    use super::*;

    fn read(pieces: &[&[u8]]) -> (Vec<String>, Verdict) {
        let mut plain = Plain::default();
        let mut lines = Vec::new();
        for piece in pieces {
            lines.extend(plain.push(piece));
        }
        let (last, verdict) = plain.finish();
        lines.extend(last);
        (lines.into_iter().map(|line| line.text).collect(), verdict)
    }

    fn check(body: &str, expected: &[&str], failure: Option<&str>) {
        let (lines, verdict) = same_however_cut(body.as_bytes(), read);
        assert_eq!(lines, expected, "{body}");
        let failure = failure.map(|text| Verdict::Failed(text.into()));
        assert_eq!(verdict, failure.unwrap_or(Verdict::Done), "{body}");
    }

    #[test]
    fn only_ok_at_the_very_end_is_success() {
        check(
            "Builder deploy called\nOK\n",
            &["Builder deploy called"],
            None,
        );
        check("\nOK\n", &[""], None);
        check("a\nOK\nOK\n", &["a", "OK"], None);
        for body in [
            "a\nOK\nb",
            "a\nOK",
            "OK\n",
            "a\nOK\n\n",
            "a\n OK\n",
            "a\nNOT OK\n",
            "",
        ] {
            let lines: Vec<&str> = body.lines().collect();
            check(body, &lines, Some(&lines.join("\n")));
        }
    }

    #[test]
    fn keep_alives_are_not_shown() {
        check(
            "é€\u{1f680}\nplease wait...\nplease wait...\ndone\nOK\n",
            &["é€\u{1f680}", "done"],
            None,
        );
        check("a\nOK\nplease wait...\n", &["a", "OK"], Some("a\nOK"));
    }

    #[test]
    fn the_tail_of_a_failure_is_bounded() {
        let lines: Vec<String> = (0..1000).map(|number| format!("line {number}\n")).collect();
        let body = lines.concat();
        let (lines, verdict) = same_however_cut(&body.as_bytes()[..900], read);
        assert!(lines.len() > TAIL);
        let Verdict::Failed(tail) = verdict else {
            panic!("{verdict:?}")
        };
        assert_eq!(tail.lines().count(), LAST);
        assert_eq!(tail.lines().last(), lines.last().map(String::as_str));
        let error =
            "a\n---- ERROR during deploy: ----\nno\n\n---- Last 9 log messages: ----\n1\n2\n3\n4";
        let (_, verdict) = same_however_cut(error.as_bytes(), read);
        assert_eq!(verdict, Verdict::Failed(error.split_at(2).1.into()));
        let (_, verdict) = read(&["x".repeat(1 << 20).as_bytes()]);
        let Verdict::Failed(tail) = verdict else {
            panic!("{verdict:?}")
        };
        assert!(tail.len() <= 2 * 64 * 1024);
    }

    proptest! {
        #[test]
        fn any_text_is_read_the_same_however_it_is_cut(body in "[OK\na]{0,12}(\nOK\n)?") {
            let (_, verdict) = same_however_cut(body.as_bytes(), read);
            prop_assert_eq!(verdict == Verdict::Done, body.ends_with("\nOK\n"));
        }
    }
}
