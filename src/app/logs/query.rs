//! What is looked for in a log: the pattern of a search, and the language of its filter.

use std::ops::Range;

use regex::Regex;

use super::ring::Line;
use crate::model::Text;

/// The pattern of a search. Small letters fit capitals, too; a pattern with a capital is exact.
#[derive(Clone, Debug)]
pub struct Pattern {
    regex: Regex,
}

impl PartialEq for Pattern {
    fn eq(&self, other: &Self) -> bool {
        self.regex.as_str() == other.regex.as_str()
    }
}

impl Pattern {
    /// Reads a pattern.
    ///
    /// # Errors
    /// What is wrong with it, in a few words.
    pub fn parse(typed: &str) -> Result<Self, Text> {
        let regex = Regex::new(typed).map_err(|error| Text::clean(&error.to_string()))?;
        Ok(Self { regex })
    }

    /// What was typed.
    #[must_use]
    pub fn text(&self) -> &str {
        self.regex.as_str()
    }

    /// Whether it occurs in a text.
    #[must_use]
    pub fn fits(&self, text: &str) -> bool {
        self.regex.is_match(text)
    }

    /// Where it occurs in a text, in bytes, without empty ones.
    pub fn places<'a>(&'a self, text: &'a str) -> impl Iterator<Item = Range<usize>> + 'a {
        let found = self.regex.find_iter(text).map(|found| found.range());
        found.filter(|range| !range.is_empty())
    }
}

/// A filter of lines: what was typed after `&`.
#[derive(Clone, Debug, PartialEq)]
pub struct LineFilter {
    pattern: Pattern,
}

impl LineFilter {
    /// Reads a filter; absent where nothing was typed.
    ///
    /// # Errors
    /// What is wrong with it, in a few words.
    pub fn parse(typed: &str) -> Result<Option<Self>, Text> {
        if typed.trim().is_empty() {
            return Ok(None);
        }
        let pattern = Pattern::parse(typed.trim())?;
        Ok(Some(Self { pattern }))
    }

    /// What was typed.
    #[must_use]
    pub fn text(&self) -> &str {
        self.pattern.text()
    }

    /// Whether a line of output is shown.
    #[must_use]
    pub fn fits(&self, line: &Line<'_>) -> bool {
        self.pattern.fits(line.text)
    }
}
