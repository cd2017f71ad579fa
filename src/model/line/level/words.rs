//! The level among the first words of a line: `ERROR`, `[error]`, `warning:`, `2026-03-02 14:02 info`.
//!
//! "error" is an ordinary word in a path, a name or a sentence. It is a level in capitals, in brackets,
//! behind a time, or at the beginning with a colon.

use super::{Level, letter, named};

/// So many words are looked at, and so many plain ones before the level: it is no part of a sentence.
const WORDS: usize = 10;
const PLAIN: usize = 3;

/// What makes of a level its absence.
const NONE: &[&str] = &["no", "not", "without", "zero", "0"];

/// Words between a time and a level.
const OF_TIME: &[&str] = &["UTC", "GMT", "CET", "AM", "PM", "-", "#"];

/// A word, and what stands around it.
#[derive(Clone, Copy)]
struct Word<'a> {
    before: char,
    text: &'a str,
    after: char,
}

pub(super) fn level(text: &str) -> Option<Level> {
    let mut seen = Seen::default();
    for word in words(text).take(WORDS) {
        let level = seen.level(word);
        if level.is_some() {
            return level;
        }
        seen.note(word);
        if seen.plain > PLAIN {
            return None;
        }
    }
    None
}

/// What came before a word.
#[derive(Default)]
struct Seen<'a> {
    count: usize,
    plain: usize,
    last: &'a str,
    /// Whether there was a time, and since then nothing but parts of it.
    is_time: bool,
    /// Whether there was anything else.
    is_other: bool,
    /// A letter in brackets that a time may follow.
    letter: Option<Level>,
}

impl<'a> Seen<'a> {
    fn level(&self, word: Word<'_>) -> Option<Level> {
        let is_negated = NONE.iter().any(|none| self.last.eq_ignore_ascii_case(none));
        if is_negated && word.before == ' ' {
            return None;
        }
        if self.letter.is_some() && begins_with_digit(word.text) {
            return self.letter;
        }
        let name = word
            .text
            .trim_matches(|c| matches!(c, '=' | '*' | '-' | '.' | '!' | '\'' | '"'));
        capitals(name)
            .or_else(|| bracketed(word))
            .or_else(|| self.exposed(word))
    }

    /// A level in letters of any size, where the place says that it is one.
    fn exposed(&self, word: Word<'_>) -> Option<Level> {
        let (name, has_colon) = match word.text.strip_suffix(':') {
            Some(name) => (name, true),
            None => (word.text, false),
        };
        let follows_time = self.is_time && !self.is_other;
        let is_first = self.count == 0 && (has_colon || word.after == '[');
        if follows_time || is_first || self.last == "PHP" {
            let level = named(name);
            if level.is_some() {
                return level;
            }
        }
        let is_type = name.ends_with("Error") || name.ends_with("Exception");
        let is_raised = has_colon && is_type && (self.count == 0 || follows_time);
        is_raised.then_some(Level::Error)
    }

    fn note(&mut self, word: Word<'a>) {
        let is_open = word.before == '[' && word.after == ' ';
        self.letter = letter(word.text).filter(|_| is_open);
        if is_time(word.text) {
            self.is_time = true;
        } else if !is_part_of_time(word.text) {
            self.is_other = true;
        }
        let is_plain = word.before == ' ' && word.text.bytes().all(|it| it.is_ascii_lowercase());
        self.plain += usize::from(is_plain);
        self.count += 1;
        self.last = word.text;
    }
}

/// `ERROR`, `ERROR:root:`, `ERROR/MainProcess`, `app.ERROR:`.
fn capitals(word: &str) -> Option<Level> {
    let name = match word
        .strip_suffix(':')
        .and_then(|word| word.rsplit_once('.'))
    {
        Some((_, name)) => name,
        None => word.split([':', '/', ',']).next()?,
    };
    if name == "LOG" && word.ends_with(':') {
        return Some(Level::Info);
    }
    let is_capital = name.bytes().all(|byte| byte.is_ascii_uppercase());
    is_capital.then(|| named(name)).flatten()
}

/// `[error]`, `[core:error]`, `<warn>`, `|info|`.
fn bracketed(word: Word<'_>) -> Option<Level> {
    let is_between = matches!(
        (word.before, word.after),
        ('[', ']') | ('<', '>') | ('(', ')') | ('|', '|')
    );
    let name = word.text.rsplit(':').next()?;
    is_between.then(|| named(name)).flatten()
}

/// Whether it is a date or a time of day.
fn is_time(word: &str) -> bool {
    let is_part = |byte: u8| {
        byte.is_ascii_digit()
            || matches!(byte, b':' | b'-' | b'/' | b'.' | b',' | b'+' | b'T' | b'Z')
    };
    begins_with_digit(word)
        && word.bytes().all(is_part)
        && word.bytes().any(|byte| matches!(byte, b':' | b'-' | b'/'))
}

fn is_part_of_time(word: &str) -> bool {
    word.bytes().all(|byte| byte.is_ascii_digit()) || OF_TIME.contains(&word)
}

fn begins_with_digit(word: &str) -> bool {
    word.bytes().next().is_some_and(|it| it.is_ascii_digit())
}

/// Words between blanks, brackets and bars.
fn words(text: &str) -> impl Iterator<Item = Word<'_>> {
    let mut rest = Some(text);
    let mut before = ' ';
    std::iter::from_fn(move || {
        loop {
            let text = rest?;
            let end = text.bytes().position(is_border).unwrap_or(text.len());
            let (word, tail) = text.split_at(end);
            let after = tail.chars().next();
            // All borders are of one byte.
            rest = tail.get(1..);
            let found = Word {
                before,
                text: word,
                after: after.unwrap_or(' '),
            };
            before = after.unwrap_or(' ');
            if !word.is_empty() {
                return Some(found);
            }
        }
    })
}

fn is_border(byte: u8) -> bool {
    matches!(
        byte,
        b' ' | b'[' | b']' | b'(' | b')' | b'<' | b'>' | b'{' | b'}' | b'|'
    )
}
