//! From fragments of text to lines.
//!
//! A fragment is no line: it holds several, or a part of one. What is left over waits for the next.

use jiff::Timestamp;

use crate::model::{LogLine, MAX_RAW_BYTES, Text};

/// A line that goes on for longer is split here: no buffer grows without end.
const MAX_LINE: usize = MAX_RAW_BYTES;

/// A line, as it was printed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::platforms::tsuru) struct Line {
    /// When its first fragment was printed; absent where nobody says.
    pub(in crate::platforms::tsuru) at: Option<Timestamp>,
    /// What it says.
    pub(in crate::platforms::tsuru) text: String,
}

impl Line {
    /// As it is shown.
    pub(in crate::platforms::tsuru) fn shown(&self) -> LogLine {
        LogLine::output(self.at, Text::default(), &self.text)
    }
}

/// Joins fragments and splits them at newlines.
#[derive(Debug, Default)]
pub(super) struct Lines {
    at: Option<Timestamp>,
    rest: Vec<u8>,
}

impl Lines {
    /// Takes a fragment, and gives the lines that are whole now.
    pub(super) fn push(&mut self, at: Option<Timestamp>, fragment: &[u8]) -> Vec<Line> {
        let mut lines = Vec::new();
        for byte in fragment {
            if self.rest.is_empty() {
                self.at = at;
            }
            if *byte == b'\n' {
                lines.push(self.line());
                continue;
            }
            // Between two characters, wherever the fragment was cut.
            if self.rest.len() >= MAX_LINE && byte & 0xc0 != 0x80 {
                lines.push(self.line());
                self.at = at;
            }
            self.rest.push(*byte);
        }
        lines
    }

    /// All lines of a text.
    pub(super) fn of(at: Option<Timestamp>, text: &str) -> impl Iterator<Item = Line> {
        let mut lines = Self::default();
        let whole = lines.push(at, text.as_bytes());
        whole.into_iter().chain(lines.finish())
    }

    /// What is left when nothing more will come.
    pub(super) fn finish(&mut self) -> Option<Line> {
        (!self.rest.is_empty()).then(|| self.line())
    }

    fn line(&mut self) -> Line {
        let bytes = std::mem::take(&mut self.rest);
        let text = String::from_utf8_lossy(&bytes);
        Line {
            at: self.at,
            text: text.trim_end_matches('\r').to_owned(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::cuts::same_however_cut;
    use super::*;

    fn read(pieces: &[&[u8]]) -> Vec<String> {
        let mut lines = Lines::default();
        let mut read = Vec::new();
        for piece in pieces {
            read.extend(lines.push(None, piece));
        }
        read.extend(lines.finish());
        read.into_iter().map(|line| line.text).collect()
    }

    #[test]
    fn lines_are_the_same_however_they_are_cut() {
        for (body, expected) in [
            ("", &[][..]),
            ("a", &["a"]),
            ("é€\u{1f680}\r\n\n b \n", &["é€\u{1f680}", "", " b "]),
            ("10%\r20%\nx", &["10%\r20%", "x"]),
        ] {
            assert_eq!(same_however_cut(body.as_bytes(), read), expected);
        }
    }

    #[test]
    fn a_line_without_end_is_split_between_two_characters() {
        let long = "é".repeat(MAX_LINE);
        let lines = read(&[b"x", long.as_bytes()]);
        assert_eq!(lines.concat(), format!("x{long}"));
        assert!(lines.iter().all(|line| line.len() <= MAX_LINE + 3));
        assert_eq!(lines.len(), 2);
    }
}
