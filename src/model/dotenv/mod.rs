//! Variables as a dotenv file: `NAME=value`, one after the other.
//!
//! There is no standard. What is read is what the common tools agree on: comments, `export`, single
//! quotes in which everything is itself, double quotes with escapes and line breaks. Nothing is
//! expanded: a `$` is a `$`. What is written is read by all of them, shells included. No problem
//! repeats a part of the file: it may be a part of a secret.

mod read;
#[cfg(test)]
mod tests;

use std::fmt;

pub use read::parse;

use super::Secret;

/// Where a file is not what it should be, and why.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DotenvProblem {
    /// The line, from 1.
    pub line: usize,
    /// The column in characters, from 1.
    pub column: usize,
    /// What is wrong there.
    pub problem: &'static str,
}

impl fmt::Display for DotenvProblem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}: {}", self.line, self.column, self.problem)
    }
}

/// Whether a name can stand in such a file: a letter or `_`, then letters, digits, `_`, `.`, `-`.
#[must_use]
pub fn is_name(name: &str) -> bool {
    name.starts_with(begins_name) && name.chars().all(continues_name)
}

fn begins_name(c: char) -> bool {
    c.is_ascii_alphabetic() || c == '_'
}

fn continues_name(c: char) -> bool {
    c.is_ascii_alphanumeric() || matches!(c, '_' | '.' | '-')
}

/// Writes variables so that [`parse`] reads the same. A name that cannot stand in such a file
/// ([`is_name`]) is left out.
#[must_use]
pub fn write(variables: &[(String, Secret)]) -> Secret {
    let mut text = String::new();
    for (name, value) in variables.iter().filter(|(name, _)| is_name(name)) {
        text.push_str(name);
        text.push('=');
        push_value(&mut text, value.expose());
        text.push('\n');
    }
    Secret::new(text)
}

/// In the plainest form that keeps it.
fn push_value(text: &mut String, value: &str) {
    let is_plain = |c: char| c.is_ascii_alphanumeric() || "_./:@%+,=-".contains(c);
    // Backslashes are kept out of single quotes: some tools take them for escapes there, too.
    let needs_escapes = |c: char| matches!(c, '\'' | '\\' | '\r');
    if value.chars().all(is_plain) {
        text.push_str(value);
    } else if !value.contains(needs_escapes) {
        text.push('\'');
        text.push_str(value);
        text.push('\'');
    } else {
        text.push('"');
        for c in value.chars() {
            match c {
                '"' | '\\' | '$' | '`' => text.extend(['\\', c]),
                // Line ends of a file may be converted on its way.
                '\r' => text.push_str("\\r"),
                c => text.push(c),
            }
        }
        text.push('"');
    }
}
