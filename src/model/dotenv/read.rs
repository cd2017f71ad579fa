//! Reading a dotenv file.

use std::collections::BTreeSet;
use std::str::Chars;

use super::{DotenvProblem, begins_name, continues_name};
use crate::model::Secret;

/// Windows' editors begin files with it.
const BYTE_ORDER_MARK: char = '\u{feff}';

/// Reads names and values, in the order of the file. All of it or nothing: a file that is half
/// understood would be half a change.
///
/// # Errors
/// The first place that is not understood.
pub fn parse(text: &str) -> Result<Vec<(String, Secret)>, DotenvProblem> {
    let text = text.strip_prefix(BYTE_ORDER_MARK).unwrap_or(text);
    let mut reader = Reader {
        rest: text.chars(),
        line: 1,
        column: 1,
    };
    let mut names = BTreeSet::new();
    let mut variables = Vec::new();
    while reader.skip_to_entry() {
        let (at, name) = reader.name()?;
        if !names.insert(name.clone()) {
            return Err(at.problem("this name is set for the second time"));
        }
        variables.push((name, Secret::new(reader.value()?)));
    }
    Ok(variables)
}

/// A place in the file.
#[derive(Clone, Copy)]
struct At {
    line: usize,
    column: usize,
}

impl At {
    fn problem(self, problem: &'static str) -> DotenvProblem {
        let Self { line, column } = self;
        DotenvProblem {
            line,
            column,
            problem,
        }
    }
}

struct Reader<'a> {
    rest: Chars<'a>,
    line: usize,
    column: usize,
}

impl Reader<'_> {
    fn at(&self) -> At {
        At {
            line: self.line,
            column: self.column,
        }
    }

    /// The next character; both kinds of line ends are `\n`.
    fn peek(&self) -> Option<char> {
        let mut ahead = self.rest.clone();
        match ahead.next() {
            Some('\r') if ahead.next() == Some('\n') => Some('\n'),
            next => next,
        }
    }

    fn next(&mut self) -> Option<char> {
        let next = self.peek()?;
        if self.rest.next() == Some('\r') && next == '\n' {
            self.rest.next();
        }
        if next == '\n' {
            (self.line, self.column) = (self.line + 1, 1);
        } else {
            self.column += 1;
        }
        Some(next)
    }

    fn next_if(&mut self, fits: impl Fn(char) -> bool) -> Option<char> {
        self.peek().filter(|c| fits(*c))?;
        self.next()
    }

    fn skip_while(&mut self, fits: impl Fn(char) -> bool) {
        while self.next_if(&fits).is_some() {}
    }

    /// Skips empty lines and comments; false at the end of the file.
    fn skip_to_entry(&mut self) -> bool {
        loop {
            self.skip_while(char::is_whitespace);
            if self.next_if(|c| c == '#').is_none() {
                return self.peek().is_some();
            }
            self.skip_while(|c| c != '\n');
        }
    }

    /// A name with all up to its value.
    fn name(&mut self) -> Result<(At, String), DotenvProblem> {
        let mut at = self.at();
        let mut name = self.word()?;
        self.skip_while(is_blank);
        if name == "export" && self.peek() != Some('=') {
            at = self.at();
            name = self.word()?;
            self.skip_while(is_blank);
        }
        if self.next_if(|c| c == '=').is_none() {
            return Err(self.at().problem("= is expected after a name"));
        }
        self.skip_while(is_blank);
        Ok((at, name))
    }

    fn word(&mut self) -> Result<String, DotenvProblem> {
        let at = self.at();
        let mut word = String::new();
        word.extend(self.next_if(begins_name));
        if word.is_empty() {
            return Err(at.problem("a name begins with a letter or _"));
        }
        while let Some(c) = self.next_if(continues_name) {
            word.push(c);
        }
        Ok(word)
    }

    /// A value with the rest of its line.
    fn value(&mut self) -> Result<String, DotenvProblem> {
        let at = self.at();
        let Some(quote) = self.next_if(|c| matches!(c, '"' | '\'')) else {
            return Ok(self.plain());
        };
        let value = self.quoted(at, quote)?;
        self.skip_while(is_blank);
        match self.peek() {
            None | Some('\n' | '#') => {
                self.skip_while(|c| c != '\n');
                Ok(value)
            }
            Some(_) => Err(self.at().problem("nothing may follow the closing quote")),
        }
    }

    /// Up to the end of the line, or to a comment.
    fn plain(&mut self) -> String {
        let mut value = String::new();
        while let Some(c) = self.next_if(|c| c != '\n') {
            if c == '#' && (value.is_empty() || value.ends_with(is_blank)) {
                self.skip_while(|c| c != '\n');
                break;
            }
            value.push(c);
        }
        value.truncate(value.trim_end().len());
        value
    }

    fn quoted(&mut self, at: At, quote: char) -> Result<String, DotenvProblem> {
        let mut value = String::new();
        loop {
            match self.next() {
                None => return Err(at.problem("this quote is never closed")),
                Some(c) if c == quote => return Ok(value),
                Some('\\') if quote == '"' => self.escape(&mut value),
                Some(c) => value.push(c),
            }
        }
    }

    /// What follows a backslash; one that escapes nothing is itself.
    fn escape(&mut self, value: &mut String) {
        let meaning = match self.peek() {
            Some('n') => '\n',
            Some('r') => '\r',
            Some('t') => '\t',
            Some(c @ ('\\' | '"' | '$' | '`')) => c,
            Some(_) | None => return value.push('\\'),
        };
        self.next();
        value.push(meaning);
    }
}

/// Within a line.
fn is_blank(c: char) -> bool {
    c.is_whitespace() && c != '\n'
}
