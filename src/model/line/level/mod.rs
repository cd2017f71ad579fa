//! How serious a line says it is: in a prefix (syslog, klog), as a field (logfmt, JSON), or in one of
//! its first words. Only a bounded part of a line is looked at, once.

mod json;
#[cfg(test)]
mod tests;
mod words;

use super::Level;

/// So much of a line of fields is looked at, and so much of a line of words.
const FIELDS: usize = 1024;
const WORDS: usize = 256;

/// Words that name a level, in small letters.
const NAMES: &[(&str, Level)] = &[
    ("trace", Level::Debug),
    ("debug", Level::Debug),
    ("verbose", Level::Debug),
    ("fine", Level::Debug),
    ("finer", Level::Debug),
    ("finest", Level::Debug),
    ("dbg", Level::Debug),
    ("dbug", Level::Debug),
    ("trce", Level::Debug),
    ("trc", Level::Debug),
    ("vrb", Level::Debug),
    ("info", Level::Info),
    ("information", Level::Info),
    ("informational", Level::Info),
    ("notice", Level::Info),
    ("inf", Level::Info),
    ("warn", Level::Warn),
    ("warning", Level::Warn),
    ("wrn", Level::Warn),
    ("error", Level::Error),
    ("err", Level::Error),
    ("eror", Level::Error),
    ("fail", Level::Error),
    ("fatal", Level::Error),
    ("ftl", Level::Error),
    ("severe", Level::Error),
    ("critical", Level::Error),
    ("crit", Level::Error),
    ("panic", Level::Error),
    ("dpanic", Level::Error),
    ("alert", Level::Error),
    ("emerg", Level::Error),
    ("emergency", Level::Error),
];

/// Names of fields that hold a level in logfmt. The last is that of routers.
const KEYS: &[&str] = &[
    "level",
    "lvl",
    "severity",
    "loglevel",
    "log_level",
    "log.level",
    "at",
];

/// What lines begin with that tell of something broken without naming a level.
const BROKEN: &[&str] = &[
    "Traceback (most recent call last)",
    "Exception in thread ",
    "Unhandled exception",
    "Uncaught ",
    "fatal error: ",
    "thread '",
];

/// The level of a cleaned line.
pub(super) fn level_of(text: &str) -> Option<Level> {
    let text = text.trim_start();
    if text.starts_with('{') {
        return json::level(text);
    }
    prefix(text)
        .or_else(|| logfmt(head(text, FIELDS)))
        .or_else(|| words::level(head(text, WORDS)))
        .or_else(|| within(text))
}

/// JSON behind something else: a time, a name.
fn within(text: &str) -> Option<Level> {
    let head = head(text, WORDS);
    // Hardly any line has one: looking for a single byte is quick.
    let first = head.find('{')?;
    let begin = first + head.get(first..)?.find("{\"")?;
    json::level(text.get(begin..)?)
}

fn head(text: &str, bytes: usize) -> &str {
    text.get(..text.floor_char_boundary(bytes)).unwrap_or(text)
}

/// `<3>`, `E0302 14:02:11`, `W240302 14:02:11`, and what is broken by its first words.
fn prefix(text: &str) -> Option<Level> {
    let first = *text.as_bytes().first()?;
    match first {
        b'<' => syslog(text),
        b'I' | b'W' | b'E' | b'F' if text.as_bytes().get(1)?.is_ascii_digit() => klog(text),
        _ => None,
    }
    .or_else(|| broken(text))
}

/// Facility times eight, and severity.
fn syslog(text: &str) -> Option<Level> {
    let (number, _) = head(text, 8).strip_prefix('<')?.split_once('>')?;
    let is_number = number.len() <= 3 && number.bytes().all(|byte| byte.is_ascii_digit());
    let priority: u8 = is_number.then(|| number.parse().ok()).flatten()?;
    (priority < 192).then_some(match priority % 8 {
        0..=3 => Level::Error,
        4 => Level::Warn,
        5 | 6 => Level::Info,
        _ => Level::Debug,
    })
}

/// A letter, the date in four or six digits, and a time.
fn klog(text: &str) -> Option<Level> {
    let (date, rest) = head(text, 32).split_once(' ')?;
    let digits = date.get(1..)?;
    let is_date = matches!(digits.len(), 4 | 6) && digits.bytes().all(|it| it.is_ascii_digit());
    let is_time = rest.as_bytes().get(2) == Some(&b':');
    (is_date && is_time)
        .then(|| letter(date.get(..1)?))
        .flatten()
}

fn broken(text: &str) -> Option<Level> {
    if !matches!(text.as_bytes().first()?, b'T' | b'E' | b'U' | b'f' | b't') {
        return None;
    }
    let begins = BROKEN.iter().find(|begin| text.starts_with(**begin))?;
    let is_thread = begins.starts_with("thread");
    let is_broken = !is_thread || head(text, WORDS).contains("' panicked at ");
    is_broken.then_some(Level::Error)
}

/// `level=warn`, between other fields. What stands in quotation marks is no field, nor is what follows
/// a `?` or a `&`.
fn logfmt(text: &str) -> Option<Level> {
    let bytes = text.as_bytes();
    let (mut key, mut before, mut is_quoted) = (0, b' ', false);
    for (at, byte) in bytes.iter().copied().enumerate() {
        match byte {
            b'"' if is_quoted => is_quoted = before == b'\\',
            b'"' => is_quoted = before == b'=',
            _ if is_quoted => {}
            b' ' | b',' | b'{' | b'[' | b'(' | b'|' => key = at + 1,
            b'=' => {
                let name = text.get(key..at).unwrap_or_default();
                let level = KEYS.contains(&name).then(|| value(text.get(at + 1..)?));
                if let Some(level) = level.flatten() {
                    return Some(level);
                }
            }
            _ => {}
        }
        before = byte;
    }
    None
}

/// The level that a value begins with, in quotation marks or not.
fn value(text: &str) -> Option<Level> {
    let text = text.strip_prefix('"').unwrap_or(text);
    let is_part = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-');
    let end = text.bytes().position(|byte| !is_part(byte));
    named(text.get(..end.unwrap_or(text.len()))?)
}

/// The level that a word is the name of, in letters of any size.
fn named(word: &str) -> Option<Level> {
    if !(3..=13).contains(&word.len()) {
        return None;
    }
    let known = NAMES
        .iter()
        .find(|(name, _)| word.eq_ignore_ascii_case(name));
    known.map(|(_, level)| *level)
}

/// The level that a letter stands for.
fn letter(letter: &str) -> Option<Level> {
    match letter {
        "D" => Some(Level::Debug),
        "I" => Some(Level::Info),
        "W" => Some(Level::Warn),
        "E" | "F" => Some(Level::Error),
        _ => None,
    }
}
