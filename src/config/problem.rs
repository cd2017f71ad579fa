//! What is wrong with a configuration, and where.

use std::fmt;
use std::ops::Range;

use crate::model::Text;

/// How much a problem matters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Severity {
    /// Something is not as it was meant: the setting, or its context, is left out.
    Error,
    /// Everything is taken as written, and something outside the file is missing.
    Warning,
}

/// A place in a file, both counted from 1; columns are characters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Position {
    /// Line.
    pub line: usize,
    /// Column.
    pub column: usize,
}

/// What is wrong, where, and what is allowed there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// The file as the user named it, or what was read instead of one.
    pub file: Text,
    /// Where in it; absent when all of it is meant.
    pub position: Option<Position>,
    /// The key, with its tables (`contexts.a.token`); empty when all of the file is meant.
    pub key: Text,
    /// What is wrong and what is allowed. Never carries a token.
    pub message: Text,
    /// How much it matters.
    pub severity: Severity,
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.file)?;
        if let Some(Position { line, column }) = self.position {
            write!(f, ":{line}:{column}")?;
        }
        match self.severity {
            Severity::Error => write!(f, ": {}", self.message),
            Severity::Warning => write!(f, ": warning: {}", self.message),
        }
    }
}

/// Collects the problems of one file.
pub(super) struct Report<'a> {
    file: Text,
    text: &'a str,
    problems: Vec<Problem>,
}

impl<'a> Report<'a> {
    pub(super) fn new(file: &str, text: &'a str) -> Self {
        Self {
            file: Text::clean(file),
            text,
            problems: Vec::new(),
        }
    }

    /// Notes an error and proves that it was noted.
    pub(super) fn error(&mut self, key: &str, at: &Range<usize>, message: &str) -> Noted {
        self.push(key, at, message, Severity::Error);
        Noted
    }

    pub(super) fn warning(&mut self, key: &str, at: &Range<usize>, message: &str) {
        self.push(key, at, message, Severity::Warning);
    }

    /// What was noted, in the order of the file.
    pub(super) fn into_problems(mut self) -> Vec<Problem> {
        self.problems.sort_by_key(|problem| problem.position);
        self.problems
    }

    fn push(&mut self, key: &str, at: &Range<usize>, message: &str, severity: Severity) {
        self.problems.push(Problem {
            file: self.file.clone(),
            position: Some(position(self.text, at.start)),
            key: Text::clean(key),
            message: Text::clean(message),
            severity,
        });
    }
}

/// Proof that a problem was noted, so that nothing is left out in silence.
#[derive(Clone, Copy, Debug)]
pub(super) struct Noted;

/// Where the byte `offset` of `text` is.
pub(super) fn position(text: &str, offset: usize) -> Position {
    let before = text.get(..offset).unwrap_or(text);
    let line_start = before.rfind('\n').map_or(0, |newline| newline + 1);
    Position {
        line: before.matches('\n').count() + 1,
        column: before.get(line_start..).unwrap_or("").chars().count() + 1,
    }
}
