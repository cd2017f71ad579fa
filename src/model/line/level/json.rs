//! The level in a line of JSON, found without reading it as such: what is cut off or wrong further on
//! must not hide it.

use super::{Level, head, letter, named};

/// So much of an object is looked at: some write the message before the level.
const OBJECT: usize = 4096;

/// Names of fields that hold a level.
const KEYS: &[&str] = &[
    "level",
    "severity",
    "lvl",
    "levelname",
    "log.level",
    "loglevel",
    "log_level",
    "logLevel",
    "severity_text",
    "severityText",
    "@level",
    "@l",
];

/// A field that holds one letter.
const LETTER_KEY: &str = "s";

/// Numbers of widespread loggers.
const NUMBERS: &[(&str, Level)] = &[
    ("10", Level::Debug),
    ("20", Level::Debug),
    ("30", Level::Info),
    ("40", Level::Warn),
    ("50", Level::Error),
    ("60", Level::Error),
];

/// The level of an object: of its own field, else of one within, else of an object that is written in
/// one of its strings.
pub(super) fn level(text: &str) -> Option<Level> {
    look(head(text, OBJECT), true)
}

fn look(text: &str, opens_strings: bool) -> Option<Level> {
    let bytes = text.as_bytes();
    let (mut at, mut depth, mut deeper) = (0, 0_usize, None);
    while let Some(byte) = bytes.get(at) {
        match byte {
            b'{' | b'[' => depth += 1,
            b'}' | b']' if depth <= 1 => break,
            b'}' | b']' => depth -= 1,
            b'"' => {
                let (string, after) = string(text, at + 1);
                at = after;
                if let Some(value) = value_after(text, after) {
                    let level = field(string, value, depth);
                    if level.is_some() && depth == 1 {
                        return level;
                    }
                    deeper = deeper.or(level);
                } else if opens_strings && deeper.is_none() && string.contains("\\\"") {
                    deeper = written(string);
                }
                continue;
            }
            _ => {}
        }
        at += 1;
    }
    deeper
}

/// A string that begins at `begin`, and where it is over: at the end, where it is cut off.
fn string(text: &str, begin: usize) -> (&str, usize) {
    let mut is_escaped = false;
    let end = text.bytes().skip(begin).position(|byte| {
        let is_end = byte == b'"' && !is_escaped;
        is_escaped = byte == b'\\' && !is_escaped;
        is_end
    });
    let end = end.map_or(text.len(), |length| begin + length);
    (text.get(begin..end).unwrap_or_default(), end + 1)
}

/// What follows a colon, if there is one.
fn value_after(text: &str, at: usize) -> Option<&str> {
    let rest = text.get(at..)?.trim_start();
    rest.strip_prefix(':').map(str::trim_start)
}

fn field(key: &str, value: &str, depth: usize) -> Option<Level> {
    if KEYS.contains(&key) {
        return match value.strip_prefix('"') {
            Some(word) => named(word.split('"').next()?),
            // A number deeper down is the level of something else.
            None if depth == 1 => number(value),
            None => None,
        };
    }
    let is_letter = key == LETTER_KEY && depth == 1;
    let value = value.strip_prefix('"').filter(|_| is_letter)?;
    letter(value.split('"').next()?)
}

fn number(value: &str) -> Option<Level> {
    let end = value.bytes().position(|byte| !byte.is_ascii_digit());
    let digits = value.get(..end.unwrap_or(value.len()))?;
    let known = NUMBERS.iter().find(|(number, _)| *number == digits);
    known.map(|(_, level)| *level)
}

/// An object that is written in a string, with its quotation marks escaped.
fn written(string: &str) -> Option<Level> {
    let plain = string.replace('\\', "");
    let begin = plain.find('{')?;
    look(plain.get(begin..)?, false)
}
