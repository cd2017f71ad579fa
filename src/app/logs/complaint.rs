//! What is wrong with a regular expression, in one short line that says what to do.

use regex::Error;

use crate::model::Text;

/// What the expressions' own reader says, and how it is told.
const WORDS: [(&str, &str); 14] = [
    ("unclosed group", r#""(" is not closed; \( finds the sign"#),
    ("unopened group", r#"")" closes nothing; \) finds the sign"#),
    (
        "unclosed character class",
        r#""[" is not closed; \[ finds the sign"#,
    ),
    (
        "unclosed counted repetition",
        r#""{" is not closed; \{ finds the sign"#,
    ),
    (
        "repetition operator missing",
        r"nothing stands before the repetition; put \ before it to find the sign",
    ),
    (
        "repetition quantifier expects",
        r"{ } wants numbers; \{ finds the sign",
    ),
    (
        "invalid repetition count range",
        "the smaller number comes first in { }",
    ),
    (
        "invalid character class range",
        "the smaller sign comes first in [a-z]",
    ),
    (
        "incomplete escape sequence",
        r"something must follow \; \\ finds the sign",
    ),
    (
        "unrecognized escape sequence",
        r"unknown after \; \\ finds the sign itself",
    ),
    ("look-around", "looking ahead and behind is not offered"),
    ("backreferences", "references back are not offered"),
    (
        "Unicode property not found",
        r"no such property after \p; try \p{L} for letters",
    ),
    (
        "exceeds the maximum number of nested",
        "too many levels of ( ): make it simpler",
    ),
];

/// Why an expression cannot be used.
pub(super) fn complaint(error: &Error) -> Text {
    match error {
        Error::Syntax(said) => {
            let last = said.lines().last().unwrap_or_default();
            let last = last.strip_prefix("error: ").unwrap_or(last);
            let known = WORDS.iter().find(|(theirs, _)| last.contains(theirs));
            Text::clean(known.map_or(last, |(_, own)| own))
        }
        Error::CompiledTooBig(_) => Text::clean("this repeats too much: use smaller numbers"),
        // The list may grow with the library.
        other => Text::clean(&other.to_string()),
    }
}
