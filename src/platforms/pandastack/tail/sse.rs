//! Server-sent events: from bytes to frames, wherever the bytes were cut.
//!
//! Lines end with LF, CRLF or CR; a blank one ends a frame; those that begin with a colon are
//! comments. A frame without data is none, unless it has a name. Source: PandaStack contract,
//! section 7.1.

/// What is longer in a frame is dropped and counted: no buffer grows without end.
/// The longest line that is kept fits in, with as many marks of escape as it has characters.
const MOST: usize = 4 * 1024 * 1024;

/// What some servers begin a text with.
const BYTE_ORDER_MARK: &[u8] = b"\xef\xbb\xbf";

/// One event.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Frame {
    /// Its name, where it has one.
    pub(super) event: String,
    /// Its lines of data, joined.
    pub(super) data: String,
    /// How many bytes did not fit.
    pub(super) dropped: usize,
}

/// Takes bytes, and gives frames.
#[derive(Debug, Default)]
pub(super) struct Frames {
    line: Vec<u8>,
    /// The line before ended with a CR: an LF now belongs to it.
    follows_return: bool,
    /// A line has ended.
    has_begun: bool,
    event: Vec<u8>,
    data: Vec<u8>,
    has_data: bool,
    dropped: usize,
}

impl Frames {
    /// The frames that are whole now.
    pub(super) fn push(&mut self, bytes: &[u8]) -> Vec<Frame> {
        let mut frames = Vec::new();
        for byte in bytes {
            let follows_return = std::mem::take(&mut self.follows_return);
            match byte {
                b'\n' if follows_return => {}
                b'\n' | b'\r' => {
                    self.follows_return = *byte == b'\r';
                    frames.extend(self.end_line());
                }
                // A line is counted with what the frame holds already.
                _ if self.line.len() + self.data.len() < MOST => self.line.push(*byte),
                _ => self.dropped += 1,
            }
        }
        frames
    }

    /// What is left when the server has ended the stream in order.
    pub(super) fn finish(&mut self) -> Option<Frame> {
        if !self.line.is_empty() {
            self.end_line();
        }
        self.end_frame()
    }

    fn end_line(&mut self) -> Option<Frame> {
        let line = std::mem::take(&mut self.line);
        let is_first = !std::mem::replace(&mut self.has_begun, true);
        let line = line.as_slice();
        let line = match line.strip_prefix(BYTE_ORDER_MARK) {
            Some(rest) if is_first => rest,
            Some(_) | None => line,
        };
        if line.is_empty() {
            return self.end_frame();
        }
        let (field, value) = field(line);
        match field {
            b"event" => self.event = value.to_vec(),
            b"data" => {
                if std::mem::replace(&mut self.has_data, true) {
                    self.data.push(b'\n');
                }
                self.data.extend_from_slice(value);
            }
            // Comments, which have no name, and what means nothing here: `id`, `retry`.
            _ => {}
        }
        None
    }

    fn end_frame(&mut self) -> Option<Frame> {
        let (event, data) = (
            std::mem::take(&mut self.event),
            std::mem::take(&mut self.data),
        );
        let is_frame = std::mem::take(&mut self.has_data) || !event.is_empty();
        let dropped = std::mem::take(&mut self.dropped);
        is_frame.then(|| Frame {
            event: String::from_utf8_lossy(&event).into_owned(),
            data: String::from_utf8_lossy(&data).into_owned(),
            dropped,
        })
    }
}

/// The name of a field, and its value less the blank in front.
fn field(line: &[u8]) -> (&[u8], &[u8]) {
    let Some(colon) = line.iter().position(|byte| *byte == b':') else {
        return (line, b"");
    };
    let (name, value) = line.split_at(colon);
    let value = value.strip_prefix(b":").unwrap_or(value);
    (name, value.strip_prefix(b" ").unwrap_or(value))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn read(pieces: &[&[u8]]) -> Vec<String> {
        let mut frames = Frames::default();
        let mut read: Vec<Frame> = Vec::new();
        for piece in pieces {
            read.extend(frames.push(piece));
        }
        read.extend(frames.finish());
        let told = read.into_iter();
        told.map(|it| format!("{}|{}", it.event, it.data.replace('\n', "/")))
            .collect()
    }

    /// What is read of a body, which is the same however that is cut in three.
    fn however_cut(body: &[u8]) -> Vec<String> {
        let whole = read(&[body]);
        for first in 0..=body.len() {
            let (a, rest) = body.split_at(first);
            for second in 0..=rest.len() {
                let (b, c) = rest.split_at(second);
                assert_eq!(read(&[a, b, c]), whole, "cut at {first} and {second} more");
            }
        }
        let bytes: Vec<&[u8]> = body.chunks(1).collect();
        assert_eq!(read(&bytes), whole, "byte by byte");
        whole
    }

    fn check(body: &str, expected: &[&str]) {
        assert_eq!(however_cut(body.as_bytes()), expected, "{body:?}");
    }

    #[test]
    fn frames_end_with_a_blank_line_of_any_kind() {
        check("data: a\n\ndata: b\n\n", &["|a", "|b"]);
        check("data: a\r\n\r\ndata: b\r\n\r\n", &["|a", "|b"]);
        check("data: a\r\rdata: b\r\r", &["|a", "|b"]);
        check("data: a\n\r\ndata: b\r\n\ndata: c\n\r", &["|a", "|b", "|c"]);
    }

    #[test]
    fn data_may_have_several_lines_and_characters_several_bytes() {
        check(
            "event: log\ndata: é€\ndata:\u{1f680}\n\n",
            &["log|é€/\u{1f680}"],
        );
        check("data:  two\ndata\ndata:\n\n", &["| two//"]);
    }

    #[test]
    fn comments_and_other_fields_mean_nothing() {
        check(": alive\n\n\n: x\nid: 7\nretry: 1\n\n", &[]);
        check(":\ndata: {\"a\":\"b:c\"}\n: x\n\n", &["|{\"a\":\"b:c\"}"]);
        check("\u{feff}data: a\n\n\u{feff}data: b\n\n", &["|a"]);
        check("event: done\n\n", &["done|"]);
    }

    #[test]
    fn what_ends_in_order_ends_its_last_frame() {
        check("data: a\n\ndata: b\n", &["|a", "|b"]);
        check("data: a\n\ndata: b", &["|a", "|b"]);
        check("event: done", &["done|"]);
    }

    #[test]
    fn what_is_too_long_is_counted() {
        let mut frames = Frames::default();
        assert_eq!(frames.push(&vec![b'x'; MOST]), []);
        assert_eq!(frames.push(b"yz\n\n"), []);
        let long = [b"data: ".to_vec(), vec![b'x'; MOST], b"\n\n".to_vec()].concat();
        let read = frames.push(&long);
        assert_eq!(read[0].dropped, 6);
        assert_eq!(read[0].data.len(), MOST - 6);
        assert_eq!(frames.push(b"data: a\n\n")[0].dropped, 0);
    }

    proptest! {
        #[test]
        fn any_bytes_are_read_the_same_however_they_are_cut(
            body in prop::collection::vec(
                prop::sample::select(b"data: event\n\r\n\r\n\n:\xc3\xa9\xff".to_vec()), 0..40),
        ) {
            however_cut(&body);
        }
    }
}
