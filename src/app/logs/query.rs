//! What is looked for in a log: the pattern of a search, and the language of its filter.
//!
//! A filter is words that must all fit: expressions, `"two words"` in quotes, `level:warn` (that or
//! worse), `source:web`; `-` before any leaves out what it fits.

use std::ops::Range;

use regex::{Regex, RegexBuilder};

use super::complaint::complaint;
use super::ring::Line;
use super::words::{Key, Word, level, words};
use crate::app::filter::contains;
use crate::model::{Level, Text};

/// An expression may become this large: it is read anew with every letter that is typed, and a larger
/// one would be felt.
const MAX_COMPILED_BYTES: usize = 2 * 1024 * 1024;

/// The pattern of a search. Small letters fit capitals, too; a pattern with a capital is exact.
#[derive(Clone, Debug)]
pub struct Pattern {
    typed: String,
    regex: Regex,
    /// Whether it also fits where there is nothing, as `a*` does.
    fits_nothing: bool,
}

impl PartialEq for Pattern {
    fn eq(&self, other: &Self) -> bool {
        self.typed == other.typed
    }
}

impl Pattern {
    /// Reads a pattern.
    ///
    /// # Errors
    /// What is wrong with it, in a few words.
    pub fn parse(typed: &str) -> Result<Self, Text> {
        let regex = RegexBuilder::new(typed)
            .case_insensitive(!has_capital(typed))
            .size_limit(MAX_COMPILED_BYTES)
            .build()
            .map_err(|error| complaint(&error))?;
        Ok(Self {
            typed: typed.to_owned(),
            fits_nothing: regex.is_match(""),
            regex,
        })
    }

    /// What was typed.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.typed
    }

    /// Whether it occurs in a text.
    #[must_use]
    pub fn fits(&self, text: &str) -> bool {
        self.regex.is_match(text)
    }

    /// Whether there is something of it to see in a text: `a|` while one goes on typing is not found
    /// in every line.
    #[must_use]
    pub fn is_found(&self, text: &str) -> bool {
        if self.fits_nothing && !text.is_empty() {
            self.places(text).next().is_some()
        } else {
            self.fits(text)
        }
    }

    /// Where it occurs in a text, in bytes, without empty ones.
    pub fn places<'a>(&'a self, text: &'a str) -> impl Iterator<Item = Range<usize>> + 'a {
        let found = self.regex.find_iter(text).map(|found| found.range());
        found.filter(|range| !range.is_empty())
    }
}

/// Whether a pattern has a capital that stands for itself: not that of `\S` or `\p{Lu}`.
fn has_capital(pattern: &str) -> bool {
    let mut signs = pattern.chars().peekable();
    while let Some(sign) = signs.next() {
        if sign != '\\' {
            if sign.is_uppercase() {
                return true;
            }
            continue;
        }
        let class = signs.next();
        if signs.peek() == Some(&'{') {
            signs.by_ref().find(|sign| *sign == '}');
        } else if matches!(class, Some('p' | 'P')) {
            signs.next();
        }
    }
    false
}

/// A filter of lines: what was typed after `&`.
#[derive(Clone, Debug)]
pub struct LineFilter {
    typed: String,
    terms: Vec<Term>,
}

impl PartialEq for LineFilter {
    fn eq(&self, other: &Self) -> bool {
        self.typed == other.typed
    }
}

#[derive(Clone, Debug)]
struct Term {
    is_excluded: bool,
    test: Test,
}

#[derive(Clone, Debug)]
enum Test {
    Text(Pattern),
    /// This level or a worse one.
    Level(Level),
    /// In small letters.
    Source(String),
}

impl LineFilter {
    /// Reads a filter; absent where nothing was typed.
    ///
    /// # Errors
    /// What is wrong with it, in a few words.
    pub fn parse(typed: &str) -> Result<Option<Self>, Text> {
        let words = words(typed)?;
        let is_one = words.len() == 1;
        let terms: Result<Vec<_>, _> = words.iter().map(|word| term(word, is_one)).collect();
        let terms = terms?;
        let typed = typed.trim().to_owned();
        Ok((!terms.is_empty()).then_some(Self { typed, terms }))
    }

    /// What was typed.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.typed
    }

    /// Whether it asks who wrote a line.
    #[must_use]
    pub fn asks_source(&self) -> bool {
        let mut tests = self.terms.iter().map(|term| &term.test);
        tests.any(|test| matches!(test, Test::Source(_)))
    }

    /// Whether a line of output is shown. `origin` is the name of the log that it came from, where
    /// several are merged.
    #[must_use]
    pub fn fits(&self, line: &Line<'_>, origin: Option<&str>) -> bool {
        let mut terms = self.terms.iter();
        terms.all(|term| term.test.fits(line, origin) != term.is_excluded)
    }
}

impl Test {
    fn fits(&self, line: &Line<'_>, origin: Option<&str>) -> bool {
        match self {
            Self::Text(pattern) => pattern.fits(line.text),
            Self::Level(level) => line.severity >= Some(*level),
            Self::Source(name) => {
                contains(line.source.as_str(), name)
                    || origin.is_some_and(|origin| contains(origin, name))
            }
        }
    }
}

fn term(word: &Word, is_one: bool) -> Result<Term, Text> {
    let test = match word.key {
        Key::Level => Test::Level(level(&word.text)?),
        Key::Source if word.text.is_empty() => {
            return Err(Text::clean("source: wants a part of a name"));
        }
        Key::Source => Test::Source(word.text.to_lowercase()),
        Key::Text => Test::Text(Pattern::parse(&word.text).map_err(|why| {
            // Among several words one wants to know which.
            let which = if is_one {
                String::new()
            } else {
                format!("in {}: ", word.text)
            };
            Text::clean(&format!("{which}{why}"))
        })?),
    };
    Ok(Term {
        is_excluded: word.is_excluded,
        test,
    })
}
