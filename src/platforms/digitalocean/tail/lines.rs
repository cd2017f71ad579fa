//! From pieces of text to lines, and from lines to what they say.
//!
//! A piece is no line: it is split at newlines, and what is left over waits for the next piece, be
//! it half a line or half a character. Source: DigitalOcean contract, sections 6.2 and 6.3.

use jiff::Timestamp;
use serde::Deserialize;

use crate::model::{LogLine, MAX_RAW_BYTES, Text};
use crate::platforms::http::websocket::Frame;

/// A line that goes on for longer is split here: no buffer grows without end.
const MAX_LINE: usize = MAX_RAW_BYTES;

/// A piece of a stream.
#[derive(Debug, PartialEq, Eq)]
pub(in crate::platforms::digitalocean) enum Piece {
    /// A part of the log.
    Log(Vec<u8>),
    /// Something that is not what the contract describes; to be shown as it is.
    Raw(Vec<u8>),
}

/// `{"data": "…"}`. Other keys mean nothing.
#[derive(Deserialize)]
struct Data {
    data: Option<String>,
}

impl Piece {
    /// What a frame brings.
    pub(in crate::platforms::digitalocean) fn of(frame: Frame) -> Self {
        let bytes = match frame {
            Frame::Text(text) => text.into_bytes(),
            Frame::Binary(bytes) => bytes.to_vec(),
        };
        match serde_json::from_slice(&bytes) {
            Ok(Data { data: Some(data) }) => Self::Log(data.into_bytes()),
            Ok(Data { data: None }) | Err(_) => Self::Raw(bytes),
        }
    }
}

/// Splits pieces at newlines, wherever they were cut.
#[derive(Debug, Default)]
pub(super) struct Splitter {
    rest: Vec<u8>,
}

impl Splitter {
    /// Takes a piece, and gives the lines that are whole now.
    pub(super) fn push(&mut self, piece: &[u8]) -> Vec<Vec<u8>> {
        let mut lines = Vec::new();
        for part in piece.split_inclusive(|byte| *byte == b'\n') {
            self.append(part, &mut lines);
        }
        lines
    }

    fn append(&mut self, mut part: &[u8], lines: &mut Vec<Vec<u8>>) {
        while self.rest.len() + part.len() > MAX_LINE {
            let (now, later) = part.split_at(MAX_LINE - self.rest.len());
            self.rest.extend_from_slice(now);
            lines.push(std::mem::take(&mut self.rest));
            part = later;
        }
        self.rest.extend_from_slice(part);
        if self.rest.last() == Some(&b'\n') {
            self.rest.pop();
            lines.push(std::mem::take(&mut self.rest));
        }
    }

    /// What is left when nothing more will come.
    pub(super) fn finish(&mut self) -> Option<Vec<u8>> {
        let rest = std::mem::take(&mut self.rest);
        (!rest.is_empty()).then_some(rest)
    }

    /// Forgets what is left: it will come again, whole.
    pub(super) fn clear(&mut self) {
        self.rest.clear();
    }
}

/// A line, taken apart.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Parsed {
    /// Who wrote it and when; absent for lines without a prefix.
    pub(super) stamp: Option<Stamp>,
    /// What it says.
    pub(super) message: String,
}

/// The prefix of a line.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct Stamp {
    /// The component.
    pub(super) component: Text,
    /// When.
    pub(super) at: Timestamp,
}

impl Parsed {
    /// Takes a line apart: `<component> <time> <message>`, or a message alone.
    pub(super) fn of(raw: &[u8]) -> Self {
        let text = String::from_utf8_lossy(raw);
        let text = text.trim_end_matches(['\r', '\n']);
        match prefix(text) {
            Some((stamp, message)) => Self {
                stamp: Some(stamp),
                message: message.to_owned(),
            },
            None => Self {
                stamp: None,
                message: text.to_owned(),
            },
        }
    }

    /// The line to be shown. One without a prefix belongs to the one before.
    pub(super) fn line(&self, before: Option<&Stamp>) -> LogLine {
        let stamp = self.stamp.as_ref().or(before);
        let component = stamp.map(|stamp| stamp.component.clone());
        LogLine::output(
            stamp.map(|stamp| stamp.at),
            component.unwrap_or_default(),
            &self.message,
        )
    }
}

fn prefix(text: &str) -> Option<(Stamp, &str)> {
    let (component, rest) = text.split_once(' ')?;
    let (time, message) = rest.split_once(' ').unwrap_or((rest, ""));
    let stamp = Stamp {
        component: Text::non_empty(component)?,
        at: moment(time)?,
    };
    Some((stamp, message))
}

/// A time in RFC 3339, and in no other of the forms that a time may have.
fn moment(time: &str) -> Option<Timestamp> {
    let looks_right = time.as_bytes().get(10) == Some(&b'T') && time.is_char_boundary(4);
    looks_right.then(|| time.parse().ok()).flatten()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn check(raw: &str, component: &str, time: &str, message: &str) {
        let parsed = Parsed::of(raw.as_bytes());
        let stamp = parsed
            .stamp
            .map(|stamp| (stamp.component.to_string(), stamp.at.to_string()));
        let expected = (!time.is_empty()).then(|| (component.to_owned(), time.to_owned()));
        assert_eq!(
            (stamp, parsed.message.as_str()),
            (expected, message),
            "{raw:?}"
        );
    }

    #[test]
    fn a_prefix_is_a_component_and_a_time() {
        let time = "2024-05-29T20:14:14.996999111Z";
        check(
            &format!("web {time} {{\"level\":30}}"),
            "web",
            time,
            "{\"level\":30}",
        );
        check(
            &format!("web {time}  two  spaces\r"),
            "web",
            time,
            " two  spaces",
        );
        check(&format!("web {time}"), "web", time, "");
        check(
            "db-1 2024-05-29T20:14:14Z up",
            "db-1",
            "2024-05-29T20:14:14Z",
            "up",
        );
    }

    #[test]
    fn anything_else_is_a_message() {
        for raw in [
            "",
            "  at main (/app/index.js:3:1)",
            "web 2024-05-29 up",
            "web 20240529T201414Z up",
            " 2024-05-29T20:14:14Z up",
            "Step 3/7 : RUN make",
            "web é-05-29T20:14:14Z up",
        ] {
            check(raw, "", "", raw);
        }
    }

    #[test]
    fn what_is_not_the_object_is_raw() {
        let piece = |text: &str| Piece::of(Frame::Text(text.to_owned()));
        let log = |text: &str| Piece::Log(text.as_bytes().to_vec());
        assert_eq!(piece(r#"{"data":"web up\n"}"#), log("web up\n"));
        assert_eq!(piece(r#"{"sequence":3,"data":"x"}"#), log("x"));
        for raw in [
            "{\"data\": <unavailable>",
            "plain",
            "{\"error\":\"gone\"}",
            "[1]",
        ] {
            assert_eq!(piece(raw), Piece::Raw(raw.as_bytes().to_vec()));
        }
        let binary = Frame::Binary(bytes::Bytes::from_static(b"\xff\xfe"));
        assert_eq!(Piece::of(binary), Piece::Raw(vec![0xff, 0xfe]));
    }

    #[test]
    fn a_line_without_end_is_split() {
        let mut splitter = Splitter::default();
        let lines = splitter.push(&vec![b'x'; 2 * MAX_LINE + 5]);
        assert_eq!(
            lines.iter().map(Vec::len).collect::<Vec<_>>(),
            [MAX_LINE, MAX_LINE]
        );
        assert_eq!(splitter.finish(), Some(vec![b'x'; 5]));
    }

    proptest! {
        #[test]
        fn lines_are_the_same_however_they_are_cut(
            text in "[aé€\u{1F680}\r\n ]{0,60}",
            cuts in prop::collection::vec(1..7_usize, 1..20),
        ) {
            let mut splitter = Splitter::default();
            let (mut lines, mut rest) = (Vec::new(), text.as_bytes());
            for size in cuts.iter().cycle() {
                let (now, later) = rest.split_at((*size).min(rest.len()));
                lines.extend(splitter.push(now));
                rest = later;
                if rest.is_empty() {
                    break;
                }
            }
            lines.extend(splitter.finish());
            let mut whole: Vec<_> = text.split('\n').map(|line| line.as_bytes().to_vec()).collect();
            whole.pop_if(|last| last.is_empty());
            prop_assert_eq!(lines, whole);
        }
    }
}
