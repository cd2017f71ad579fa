//! One `key: value` on one line.

use std::iter::Peekable;
use std::str::Chars;

/// A value.
pub(super) enum Scalar {
    /// Nothing on the line: null, or a map or a list on those that follow.
    Missing,
    /// A text; null in words is an empty one.
    Text(String),
    /// Something else: a map or a list in brackets, a text over several lines, an anchor.
    Other,
}

impl Scalar {
    /// The text; absent where it is something else.
    pub(super) fn text(&self) -> Option<&str> {
        match self {
            Self::Missing => Some(""),
            Self::Text(text) => Some(text),
            Self::Other => None,
        }
    }

    fn read(text: &str) -> Self {
        let text = text.trim();
        let mut chars = text.chars();
        match chars.next() {
            None | Some('#') => Self::Missing,
            Some(quote @ ('"' | '\'')) => {
                let value = quoted(quote, &mut chars).filter(|_| is_over(chars.as_str()));
                value.map_or(Self::Other, Self::Text)
            }
            Some('{' | '[') if is_empty_bracket(text) => Self::Text(String::new()),
            Some(
                '{' | '}' | '[' | ']' | '|' | '>' | '&' | '*' | '!' | '%' | '@' | '`' | ',' | '?',
            ) => Self::Other,
            Some(_) => Self::Text(plain(text)),
        }
    }
}

/// The key, in lower case, and the value of a line; absent where it is not a setting.
pub(super) fn pair(content: &str) -> Option<(String, Scalar)> {
    let mut chars = content.chars();
    let (key, rest) = match chars.next()? {
        quote @ ('"' | '\'') => {
            let key = quoted(quote, &mut chars)?;
            (key, chars.as_str().trim_start().strip_prefix(':')?)
        }
        '{' | '[' | '?' | '-' | '|' | '>' | '&' | '*' | '!' => return None,
        _ => {
            let (key, rest) = content.split_at(colon(content)?);
            (key.trim().to_owned(), rest.strip_prefix(':')?)
        }
    };
    let is_apart = rest.is_empty() || rest.starts_with([' ', '\t']);
    is_apart.then(|| (key.to_lowercase(), Scalar::read(rest)))
}

/// Where the first colon is that ends a key: one that a blank or the end follows.
fn colon(content: &str) -> Option<usize> {
    let mut colons = content.match_indices(':').map(|(at, _)| at);
    colons.find(|at| {
        let rest = content.get(at + 1..).unwrap_or("");
        rest.is_empty() || rest.starts_with([' ', '\t'])
    })
}

/// The text up to the closing quotation mark; absent if there is none on the line.
fn quoted(quote: char, chars: &mut Chars<'_>) -> Option<String> {
    let mut text = String::new();
    loop {
        match chars.next()? {
            '\\' if quote == '"' => text.push(escaped(chars)?),
            c if c != quote => text.push(c),
            // Two single ones stand for one.
            _ if quote == '\'' && chars.as_str().starts_with('\'') => {
                chars.next();
                text.push('\'');
            }
            _ => return Some(text),
        }
    }
}

/// What a backslash and what follows stand for.
fn escaped(chars: &mut Chars<'_>) -> Option<char> {
    const KNOWN: [(char, char); 9] = [
        ('"', '"'),
        ('\\', '\\'),
        ('/', '/'),
        ('0', '\0'),
        ('n', '\n'),
        ('t', '\t'),
        ('r', '\r'),
        ('e', '\u{1b}'),
        (' ', ' '),
    ];
    let digits = match chars.next()? {
        'x' => 2,
        'u' => 4,
        'U' => 8,
        c => return KNOWN.iter().find(|(name, _)| *name == c).map(|(_, c)| *c),
    };
    let mut code = 0_u32;
    for _ in 0..digits {
        code = code.checked_mul(16)? + chars.next()?.to_digit(16)?;
    }
    char::from_u32(code)
}

/// Whether nothing but a comment follows a value.
fn is_over(rest: &str) -> bool {
    let after = rest.trim_start();
    after.is_empty() || (after.starts_with('#') && after.len() < rest.len())
}

/// Whether it is `{}` or `[]`.
fn is_empty_bracket(text: &str) -> bool {
    ["{}", "[]"]
        .iter()
        .any(|empty| text.strip_prefix(empty).is_some_and(is_over))
}

/// A text without quotation marks, without its comment; null in words is empty.
fn plain(text: &str) -> String {
    let mut end = text.len();
    let mut before: Peekable<_> = text.char_indices().peekable();
    while let Some((at, c)) = before.next() {
        if c.is_whitespace() && before.peek().is_some_and(|(_, next)| *next == '#') {
            end = at;
            break;
        }
    }
    let value = text.get(..end).unwrap_or(text).trim_end();
    match value {
        "~" | "null" | "Null" | "NULL" => String::new(),
        _ => value.to_owned(),
    }
}
