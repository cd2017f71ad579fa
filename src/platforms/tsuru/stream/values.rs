//! From bytes to JSON values, wherever the bytes were cut.
//!
//! Values are separated by white space, or follow each other directly; blank lines between them keep
//! the connection alive and mean nothing. They may stand inside of a value, too: JSON has no line
//! break in a string, so that one found there is none of its text. Source: tsuru contract, section 3.

/// The longest value that is kept. Fragments and records are lines, or screens of them.
pub(super) const MAX_VALUE: usize = 4 * 1024 * 1024;

/// Room for a value is made at once if it is not longer.
const LIKELY: usize = 4 * 1024;

/// So much is kept of what is no value.
const MAX_STRAY: usize = 4 * 1024;

/// What was found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Found {
    /// An object, or an array where those are not opened.
    Value(Vec<u8>),
    /// The end of an opened array.
    EndOfList,
    /// A value too long to be kept: its length.
    TooLong(usize),
    /// A line that begins no object and no array.
    Stray(Vec<u8>),
    /// The bytes ended in the middle of a value.
    Cut,
}

/// What the values are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Shape {
    /// Objects.
    Objects,
    /// Arrays, whose items are values of their own.
    Lists,
}

/// Finds values in what comes.
#[derive(Debug)]
pub(super) struct Values {
    shape: Shape,
    is_in_list: bool,
    at: At,
    kept: Vec<u8>,
    /// Of the value, kept or not.
    length: usize,
}

/// Where the next byte is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum At {
    /// Between values.
    Between,
    /// In a value that is so many brackets deep.
    Inside(usize),
    /// In a string in such a value; after a backslash, or not.
    Quoted(usize, bool),
    /// In something else.
    Astray,
}

impl Values {
    pub(super) fn new(shape: Shape) -> Self {
        Self {
            shape,
            is_in_list: false,
            at: At::Between,
            kept: Vec::new(),
            length: 0,
        }
    }

    /// Takes bytes, and gives what is whole now.
    pub(super) fn push(&mut self, bytes: &[u8]) -> Vec<Found> {
        let (mut found, mut rest) = (Vec::new(), bytes);
        while let Some((byte, after)) = rest.split_first() {
            let (plain, other) = rest.split_at(self.plain(rest));
            if plain.is_empty() {
                self.byte(*byte, &mut found);
                rest = after;
            } else {
                self.keep(plain, MAX_VALUE);
                rest = other;
            }
        }
        found
    }

    /// How many bytes follow that are a part of the value and nothing else: most of them are, and are
    /// taken at once.
    fn plain(&self, bytes: &[u8]) -> usize {
        let end = match self.at {
            At::Inside(_) => {
                let is_special = |byte: &u8| matches!(byte, b'"' | b'{' | b'[' | b'}' | b']');
                bytes.iter().position(is_special)
            }
            At::Quoted(_, false) => {
                let is_special = |byte: &u8| matches!(byte, b'"' | b'\\' | b'\n' | b'\r');
                bytes.iter().position(is_special)
            }
            At::Quoted(_, true) | At::Between | At::Astray => Some(0),
        };
        end.unwrap_or(bytes.len())
    }

    /// What is left when nothing more will come.
    pub(super) fn finish(&mut self) -> Option<Found> {
        match std::mem::replace(&mut self.at, At::Between) {
            At::Inside(_) | At::Quoted(..) => Some(Found::Cut),
            At::Astray if !self.is_in_list => self.stray(),
            At::Astray | At::Between => std::mem::take(&mut self.is_in_list).then_some(Found::Cut),
        }
    }

    fn byte(&mut self, byte: u8, found: &mut Vec<Found>) {
        match self.at {
            At::Between => self.between(byte, found),
            At::Inside(depth) => self.inside(byte, depth, found),
            At::Quoted(depth, is_escaped) => {
                if matches!(byte, b'\n' | b'\r') {
                    return;
                }
                self.keep(&[byte], MAX_VALUE);
                self.at = match byte {
                    b'"' if !is_escaped => At::Inside(depth),
                    b'\\' if !is_escaped => At::Quoted(depth, true),
                    _ => At::Quoted(depth, false),
                };
            }
            At::Astray => {
                let is_end = byte == b'\n' || (self.is_in_list && matches!(byte, b',' | b']'));
                if !is_end {
                    return self.keep(&[byte], MAX_STRAY);
                }
                self.at = At::Between;
                found.extend(self.stray());
                self.between(byte, found);
            }
        }
    }

    fn between(&mut self, byte: u8, found: &mut Vec<Found>) {
        match byte {
            b' ' | b'\t' | b'\r' | b'\n' => {}
            b',' if self.is_in_list => {}
            b']' if self.is_in_list => {
                self.is_in_list = false;
                found.push(Found::EndOfList);
            }
            b'[' if self.shape == Shape::Lists && !self.is_in_list => self.is_in_list = true,
            b'{' | b'[' => {
                self.at = At::Inside(1);
                self.keep(&[byte], MAX_VALUE);
            }
            _ => {
                self.at = At::Astray;
                self.keep(&[byte], MAX_STRAY);
            }
        }
    }

    fn inside(&mut self, byte: u8, depth: usize, found: &mut Vec<Found>) {
        self.keep(&[byte], MAX_VALUE);
        self.at = match byte {
            b'"' => At::Quoted(depth, false),
            b'{' | b'[' => At::Inside(depth + 1),
            b'}' | b']' if depth == 1 => {
                found.push(self.value());
                At::Between
            }
            b'}' | b']' => At::Inside(depth - 1),
            _ => At::Inside(depth),
        };
    }

    fn keep(&mut self, bytes: &[u8], limit: usize) {
        self.length += bytes.len();
        let room = limit.saturating_sub(self.kept.len());
        self.kept
            .extend_from_slice(bytes.get(..room).unwrap_or(bytes));
    }

    fn value(&mut self) -> Found {
        // The next one is as long as this, as a rule.
        let next = Vec::with_capacity(self.kept.len().min(LIKELY));
        let (value, length) = (std::mem::replace(&mut self.kept, next), self.length);
        self.length = 0;
        if length > value.len() {
            return Found::TooLong(length);
        }
        Found::Value(value)
    }

    /// What went astray; `null` is an empty list.
    fn stray(&mut self) -> Option<Found> {
        self.length = 0;
        let text = std::mem::take(&mut self.kept);
        let text = text.trim_ascii_end();
        (text != b"null").then(|| Found::Stray(text.to_vec()))
    }
}

#[cfg(test)]
mod tests {
    use super::super::cuts::same_however_cut;
    use super::*;

    fn found(shape: Shape, pieces: &[&[u8]]) -> Vec<String> {
        let mut values = Values::new(shape);
        let mut found = Vec::new();
        for piece in pieces {
            found.extend(values.push(piece));
        }
        found.extend(values.finish());
        found.iter().map(told).collect()
    }

    fn told(found: &Found) -> String {
        match found {
            Found::Value(value) => String::from_utf8_lossy(value).into_owned(),
            Found::EndOfList => "]".into(),
            Found::TooLong(length) => format!("({length})"),
            Found::Stray(text) => format!("?{}", String::from_utf8_lossy(text)),
            Found::Cut => "cut".into(),
        }
    }

    fn check(shape: Shape, body: &str, expected: &[&str]) {
        let read = |pieces: &[&[u8]]| found(shape, pieces);
        assert_eq!(same_however_cut(body.as_bytes(), read), expected, "{body}");
    }

    #[test]
    fn objects_may_stand_anyhow() {
        let check = |body, expected: &[&str]| check(Shape::Objects, body, expected);
        check("", &[]);
        check("\n \r\n\n", &[]);
        check(r#"{"a":1}{"b":[{}]}"#, &[r#"{"a":1}"#, r#"{"b":[{}]}"#]);
        check(
            "\n{\n \"a\": \"}\\\"{\"\n}\n\n[1]\n",
            &["{\n \"a\": \"}\\\"{\"\n}", "[1]"],
        );
        check(r#"{"a":"\\"}{"#, &[r#"{"a":"\\"}"#, "cut"]);
        check("{\"a\":\"b", &["cut"]);
    }

    #[test]
    fn a_line_break_is_no_part_of_a_string() {
        check(Shape::Objects, "{\"a\":\"b\n\nc\"}", &[r#"{"a":"bc"}"#]);
        check(Shape::Objects, "{\"a\":\"\\\nn\"}", &[r#"{"a":"\n"}"#]);
        let halves = b"{\"a\":\"\xc3\n\xa9\"}".as_slice();
        assert_eq!(found(Shape::Objects, &[halves]), ["{\"a\":\"é\"}"]);
    }

    #[test]
    fn lists_are_opened() {
        let check = |body, expected: &[&str]| check(Shape::Lists, body, expected);
        check("[]\n\n\n[{\"a\":[1,{}]}]", &["]", "{\"a\":[1,{}]}", "]"]);
        check("[ {} , {} ]null\n[]", &["{}", "{}", "]", "]"]);
        check("[{}", &["{}", "cut"]);
        check("[{},", &["{}", "cut"]);
        check("[[1],{}]", &["[1]", "{}", "]"]);
        check("[3,null,{}]", &["?3", "{}", "]"]);
    }

    #[test]
    fn what_is_no_value_is_told_by_the_line() {
        check(
            Shape::Objects,
            "unparseable {data}\n{}<html> ",
            &["?unparseable {data}", "{}", "?<html>"],
        );
        check(Shape::Lists, "[]oh no", &["]", "?oh no"]);
    }

    #[test]
    fn no_value_fills_the_memory() {
        let mut values = Values::new(Shape::Objects);
        assert_eq!(values.push(b"{\"a\":\""), []);
        let many = vec![b'x'; 64 * 1024];
        for _ in 0..1024 {
            assert_eq!(values.push(&many), []);
        }
        assert!(values.kept.capacity() <= 2 * MAX_VALUE);
        let length = many.len() * 1024 + 8;
        assert_eq!(
            values.push(b"\"}{}"),
            [Found::TooLong(length), Found::Value(b"{}".to_vec())]
        );
        let astray = values.push(&vec![b'y'; 10 * MAX_STRAY]);
        assert_eq!(astray, []);
        assert_eq!(values.finish(), Some(Found::Stray(vec![b'y'; MAX_STRAY])));
    }
}
