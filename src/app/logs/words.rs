//! The words of a filter: how what was typed is taken apart.

use crate::model::{Level, Text};

/// What a word is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Key {
    /// The text of a line.
    Text,
    /// Its level.
    Level,
    /// Who wrote it.
    Source,
}

/// What stands before a word for what it is about.
const KEYS: [(&str, Key); 2] = [("level:", Key::Level), ("source:", Key::Source)];

/// The levels by their words; those that help lists come first.
const LEVELS: [(&str, Level); 9] = [
    ("debug", Level::Debug),
    ("info", Level::Info),
    ("warn", Level::Warn),
    ("error", Level::Error),
    ("trace", Level::Debug),
    ("notice", Level::Info),
    ("warning", Level::Warn),
    ("err", Level::Error),
    ("fatal", Level::Error),
];

/// One word.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Word {
    /// Whether lines that it fits are left out.
    pub(super) is_excluded: bool,
    /// What it is about.
    pub(super) key: Key,
    /// What was typed, without quotes.
    pub(super) text: String,
}

/// Takes apart what was typed.
pub(super) fn words(typed: &str) -> Result<Vec<Word>, Text> {
    let mut rest = typed.trim_start();
    let mut words = Vec::new();
    while !rest.is_empty() {
        let (word, after) = next(rest)?;
        words.push(word);
        rest = after.trim_start();
    }
    Ok(words)
}

fn next(rest: &str) -> Result<(Word, &str), Text> {
    let (is_excluded, rest) = match rest.strip_prefix('-') {
        Some(after) => (true, after),
        None => (false, rest),
    };
    let keyed = KEYS.into_iter().find_map(|(name, key)| {
        let head = rest.get(..name.len())?;
        let is_it = head.eq_ignore_ascii_case(name);
        is_it.then(|| (key, rest.get(name.len()..).unwrap_or_default()))
    });
    let (key, rest) = keyed.unwrap_or((Key::Text, rest));
    let (text, after) = match rest.strip_prefix('"') {
        Some(inner) => quoted(inner)?,
        None => plain(rest),
    };
    if text.is_empty() && key == Key::Text {
        let sign = if is_excluded { "-" } else { "\"\"" };
        return Err(Text::clean(&format!("{sign} is not a word: add one")));
    }
    let word = Word {
        is_excluded,
        key,
        text,
    };
    Ok((word, after))
}

fn plain(rest: &str) -> (String, &str) {
    let end = rest.find(char::is_whitespace).unwrap_or(rest.len());
    let (word, after) = rest.split_at(end);
    (word.to_owned(), after)
}

/// Up to the next quote; `\"` is the sign itself.
fn quoted(inner: &str) -> Result<(String, &str), Text> {
    let mut text = String::new();
    let mut signs = inner.char_indices();
    while let Some((at, sign)) = signs.next() {
        match sign {
            '"' => return Ok((text, inner.get(at + 1..).unwrap_or_default())),
            '\\' => match signs.next() {
                Some((_, '"')) => text.push('"'),
                Some((_, other)) => text.extend(['\\', other]),
                None => text.push('\\'),
            },
            other => text.push(other),
        }
    }
    Err(Text::clean(&format!(
        "\"{inner} is not closed: end it with \""
    )))
}

/// The level of a word after `level:`.
pub(super) fn level(word: &str) -> Result<Level, Text> {
    let known = LEVELS
        .into_iter()
        .find(|(name, _)| word.eq_ignore_ascii_case(name));
    if let Some((_, level)) = known {
        return Ok(level);
    }
    let names: Vec<_> = LEVELS.iter().take(4).map(|(name, _)| *name).collect();
    let said = if word.is_empty() {
        "level: wants one of".to_owned()
    } else {
        format!("no level {word}: use")
    };
    Err(Text::clean(&format!("{said} {}", names.join(", "))))
}
