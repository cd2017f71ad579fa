//! Lines that are JSON, as message and fields.
//!
//! The reader is tolerant and keeps no tree: it walks over an object once and gives its values in
//! the order in which they stand, those of nested objects as `a.b`. What stands in a string is
//! decoded and then cleaned like any foreign text: an escape must not bring to the terminal what
//! was kept from it as a character.

use std::borrow::Cow;

use crate::model::{SgrSpan, clean_line};

/// Objects that lie deeper are shown as they came.
const DEEPEST: usize = 6;
/// A line with more values is no record of a logger.
const MOST_FIELDS: usize = 256;
/// An object may begin this far into a line: behind the name of a process or a time.
const LONGEST_PREFIX: usize = 120;
/// What loggers call what happened, the most telling first.
const MESSAGES: [&str; 6] = ["msg", "message", "event", "log", "text", "body"];
/// What they call how serious it is.
const LEVELS: [&str; 7] = [
    "level",
    "severity",
    "lvl",
    "loglevel",
    "log_level",
    "log.level",
    "levelname",
];
/// What they call when it was.
const TIMES: [&str; 8] = [
    "time",
    "timestamp",
    "ts",
    "@timestamp",
    "datetime",
    "date",
    "asctime",
    "t",
];

/// A value and where it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Field<'a> {
    /// `a.b` for the value `b` of the object `a`.
    pub key: Cow<'a, str>,
    /// What it says, without quotes.
    pub value: Cow<'a, str>,
    /// The colours of that, by ascending start.
    pub spans: Vec<SgrSpan>,
}

/// A line that is an object, or ends in one.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Record<'a> {
    /// What stands before the object.
    pub prefix: &'a str,
    /// Its values, in order.
    pub fields: Vec<Field<'a>>,
}

impl<'a> Record<'a> {
    /// Reads a line; absent where it is none, which is told at a glance for most.
    #[must_use]
    pub fn read(line: &'a str) -> Option<Self> {
        let text = line.trim_end();
        if !text.ends_with('}') {
            return None;
        }
        let head = text.floor_char_boundary(LONGEST_PREFIX);
        let starts = text.get(..head)?.match_indices('{').take(3);
        starts.map(|(at, _)| at).find_map(|at| {
            let (prefix, object) = text.split_at(at);
            let fields = Scanner::new(object).whole()?;
            Some(Self {
                prefix: prefix.trim(),
                fields,
            })
        })
    }

    /// Takes out what happened.
    pub fn take_message(&mut self) -> Option<Field<'a>> {
        let at = MESSAGES.iter().find_map(|name| self.position(name))?;
        Some(self.fields.remove(at))
    }

    /// Forgets how serious it is: that is shown already.
    pub fn drop_level(&mut self) {
        self.drop_any(&LEVELS);
    }

    /// Forgets when it was: that is shown already.
    pub fn drop_time(&mut self) {
        self.drop_any(&TIMES);
    }

    /// The value of a key.
    #[must_use]
    pub fn get(&self, key: &str) -> Option<&Field<'a>> {
        self.fields.get(self.position(key)?)
    }

    fn drop_any(&mut self, names: &[&str]) {
        let is_one = |field: &Field<'_>| names.iter().any(|name| is_named(field, name));
        self.fields.retain(|field| !is_one(field));
    }

    fn position(&self, key: &str) -> Option<usize> {
        self.fields.iter().position(|field| is_named(field, key))
    }
}

fn is_named(field: &Field<'_>, name: &str) -> bool {
    field.key.eq_ignore_ascii_case(name)
}

/// A place in a text.
struct Scanner<'a> {
    text: &'a str,
    at: usize,
    found: Vec<Field<'a>>,
}

impl<'a> Scanner<'a> {
    fn new(text: &'a str) -> Self {
        Self {
            text,
            at: 0,
            found: Vec::new(),
        }
    }

    /// The values of the object, if there is nothing else.
    fn whole(mut self) -> Option<Vec<Field<'a>>> {
        self.object("", 0)?;
        self.blanks();
        let is_whole = self.at == self.text.len() && !self.found.is_empty();
        is_whole.then_some(self.found)
    }

    fn object(&mut self, path: &str, depth: usize) -> Option<()> {
        self.take(b'{')?;
        if self.take(b'}').is_some() {
            return Some(());
        }
        loop {
            let key = joined(path, self.string()?);
            self.take(b':')?;
            self.value(key, depth)?;
            if self.take(b',').is_none() {
                return self.take(b'}');
            }
        }
    }

    fn value(&mut self, key: Cow<'a, str>, depth: usize) -> Option<()> {
        self.blanks();
        let (value, spans) = match self.peek()? {
            b'"' => cleaned(self.string()?),
            b'{' if depth < DEEPEST && !self.is_empty_object() => {
                return self.object(&key, depth + 1);
            }
            b'{' | b'[' => (Cow::Borrowed(self.nested()?), Vec::new()),
            _ => (Cow::Borrowed(self.word()?), Vec::new()),
        };
        self.found.push(Field { key, value, spans });
        (self.found.len() <= MOST_FIELDS).then_some(())
    }

    /// What stands between quotes, as it stands there.
    fn string(&mut self) -> Option<&'a str> {
        self.take(b'"')?;
        let start = self.at;
        let bytes = self.text.as_bytes();
        loop {
            match bytes.get(self.at)? {
                b'"' => break,
                b'\\' => self.at += 2,
                _ => self.at += 1,
            }
        }
        let inside = self.text.get(start..self.at);
        self.at += 1;
        inside
    }

    /// An array or an object, as it stands there.
    fn nested(&mut self) -> Option<&'a str> {
        let (start, mut depth) = (self.at, 0_usize);
        loop {
            match self.peek()? {
                b'"' => {
                    self.string()?;
                    continue;
                }
                b'{' | b'[' => depth += 1,
                b'}' | b']' => depth -= 1,
                _ => {}
            }
            self.at += 1;
            if depth == 0 {
                return self.text.get(start..self.at);
            }
        }
    }

    /// A number, `true`, `null`.
    fn word(&mut self) -> Option<&'a str> {
        let rest = self.text.get(self.at..)?;
        let is_end = |c: char| c.is_whitespace() || ",:\"{}[]".contains(c);
        let length = rest.find(is_end).filter(|length| *length > 0)?;
        self.at += length;
        rest.get(..length)
    }

    fn is_empty_object(&self) -> bool {
        let rest = self.text.get(self.at + 1..).unwrap_or_default();
        rest.trim_start().starts_with('}')
    }

    fn take(&mut self, byte: u8) -> Option<()> {
        self.blanks();
        (self.peek()? == byte).then(|| self.at += 1)
    }

    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    fn blanks(&mut self) {
        while self.peek().is_some_and(|byte| byte.is_ascii_whitespace()) {
            self.at += 1;
        }
    }
}

fn joined<'a>(path: &str, key: &'a str) -> Cow<'a, str> {
    let (key, _) = cleaned(key);
    if path.is_empty() {
        key
    } else {
        Cow::Owned(format!("{path}.{key}"))
    }
}

/// What a string says, safe to draw. One without escapes is part of a line that is clean already.
fn cleaned(raw: &str) -> (Cow<'_, str>, Vec<SgrSpan>) {
    if !raw.contains('\\') {
        return (Cow::Borrowed(raw), Vec::new());
    }
    let (text, spans) = clean_line(decoded(raw).as_bytes());
    (Cow::Owned(text), spans)
}

/// Resolves escapes. Whatever breaks a line is a blank here.
fn decoded(raw: &str) -> String {
    let mut out = String::with_capacity(raw.len());
    let mut rest = raw;
    while let Some(at) = rest.find('\\') {
        out.push_str(rest.get(..at).unwrap_or_default());
        let escape = rest.get(at + 1..).unwrap_or_default();
        let (c, length) = escaped(escape);
        out.push(c);
        rest = escape.get(length..).unwrap_or_default();
    }
    out.push_str(rest);
    out
}

/// What stands behind a backslash, and how many bytes that takes.
fn escaped(text: &str) -> (char, usize) {
    match text.chars().next() {
        Some('n' | 'r' | 't' | 'b' | 'f') => (' ', 1),
        Some('u') => unicode(text),
        Some(other) => (other, other.len_utf8()),
        None => (char::REPLACEMENT_CHARACTER, 0),
    }
}

/// `u00e9`, or a pair of surrogates.
fn unicode(text: &str) -> (char, usize) {
    let Some(first) = digits(text.get(1..5)) else {
        return (char::REPLACEMENT_CHARACTER, 1);
    };
    let breaks = |c: char| {
        if matches!(c, '\n' | '\r' | '\t') {
            ' '
        } else {
            c
        }
    };
    if let Some(c) = char::from_u32(first) {
        return (breaks(c), 5);
    }
    let second = text.get(5..7).filter(|it| *it == "\\u");
    let second = second.and_then(|_| digits(text.get(7..11)));
    let pair = second.filter(|low| first < 0xDC00 && (0xDC00..0xE000).contains(low));
    let c =
        pair.and_then(|low| char::from_u32(0x1_0000 + ((first - 0xD800) << 10) + (low - 0xDC00)));
    match c {
        Some(c) => (c, 11),
        None => (char::REPLACEMENT_CHARACTER, 5),
    }
}

fn digits(text: Option<&str>) -> Option<u32> {
    let text = text.filter(|text| text.bytes().all(|byte| byte.is_ascii_hexdigit()))?;
    u32::from_str_radix(text, 16).ok()
}

#[cfg(test)]
mod tests {
    use std::fmt::Write as _;

    use proptest::prelude::*;

    use super::*;

    fn check(line: &str, expected: &[(&str, &str)]) {
        let record = Record::read(line);
        let fields = record.iter().flat_map(|record| &record.fields);
        let found: Vec<_> = fields.map(|it| (&*it.key, &*it.value)).collect();
        assert_eq!(found, expected, "{line}");
    }

    #[test]
    fn values_are_found_wherever_they_stand() {
        check(r#"{"a":1,"b":"two"}"#, &[("a", "1"), ("b", "two")]);
        check(
            r#" { "a" : { "b" : true , "c":{} } , "d":[1,{"e":"}"}] } "#,
            &[("a.b", "true"), ("a.c", "{}"), ("d", r#"[1,{"e":"}"}]"#)],
        );
        check(
            r#"{"a":"say \"hi\" \u00e9 \ud83d\ude00 \\ \/"}"#,
            &[("a", "say \"hi\" é 😀 \\ /")],
        );
        check(
            r#"{"a":"x\ny\tz\u000ae","b":null}"#,
            &[("a", "x y z e"), ("b", "null")],
        );
        check(
            r#"{"a":"\ud83d","b":"\u12"}"#,
            &[("a", "\u{fffd}"), ("b", "\u{fffd}12")],
        );
    }

    #[test]
    fn what_is_no_object_is_left_alone() {
        for line in [
            "",
            "{}",
            "{",
            "}",
            "plain",
            "[1,2]",
            r#"{"a":}"#,
            r#"{"a" 1}"#,
            r#"{"a":1} and more"#,
            r#"{"a":"open}"#,
            r#"{"a":"\"}"#,
            "fn main() { run() }",
        ] {
            check(line, &[]);
        }
    }

    #[test]
    fn what_stands_before_an_object_is_kept() {
        let record = Record::read(r#"web.1 {x} {"msg":"paid"}"#).unwrap();
        assert_eq!(record.prefix, "web.1 {x}");
        assert_eq!(record.get("MSG").unwrap().value, "paid");
    }

    #[test]
    fn message_level_and_time_are_known_by_their_names() {
        let line = r#"{"ts":1,"level":"info","event":"e","msg":"m","log":{"level":"info"}}"#;
        let mut record = Record::read(line).unwrap();
        assert_eq!(record.take_message().unwrap().value, "m");
        record.drop_level();
        record.drop_time();
        let left: Vec<_> = record.fields.iter().map(|field| &*field.key).collect();
        assert_eq!(left, ["event"]);
    }

    #[test]
    fn an_escaped_colour_is_a_colour_and_a_deep_object_is_no_danger() {
        let record = Record::read(r#"{"msg":"\u001b[31mred\u001b[0m\u0007"}"#).unwrap();
        assert_eq!(
            (&*record.fields[0].value, record.fields[0].spans.len()),
            ("red", 1)
        );
        let deep = format!("{}1{}", "{\"a\":".repeat(5_000), "}".repeat(5_000));
        assert_eq!(Record::read(&deep).unwrap().fields.len(), 1);
    }

    fn is_safe(text: &str) -> bool {
        !text.chars().any(|c| {
            c.is_control() || matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{200e}' | '\u{200f}')
        })
    }

    proptest! {
        /// However a character is written, it does not reach the terminal if it must not.
        #[test]
        fn no_escape_brings_a_control_character(
            units in proptest::collection::vec(any::<u16>(), 0..40),
            low in proptest::collection::vec(0_u16..0xa0, 0..20),
        ) {
            let mut text = String::new();
            for unit in units.iter().chain(&low) {
                write!(text, "\\u{unit:04x}").unwrap();
            }
            let (line, _) = clean_line(format!("{{\"{text}\":1,\"v\":\"{text}\"}}").as_bytes());
            let record = Record::read(&line).unwrap();
            for field in &record.fields {
                prop_assert!(is_safe(&field.key) && is_safe(&field.value), "{:?}", field);
            }
        }

        #[test]
        fn any_clean_line_is_read_or_left(raw in "\\PC{0,60}", inside in "[\\PC\"\\\\{}:,]{0,60}") {
            for raw in [raw, format!("{{{inside}}}"), format!("{{\"a\":\"{inside}\"}}")] {
                let (line, _) = clean_line(raw.as_bytes());
                if let Some(record) = Record::read(&line) {
                    for field in &record.fields {
                        prop_assert!(is_safe(&field.key) && is_safe(&field.value));
                    }
                }
            }
        }
    }
}
