//! Foreign words for the eyes of others: without secrets, and unable to break Markdown.
//!
//! Nobody can know every secret by its looks; rather too much is taken out than too little.

use std::sync::LazyLock;

use regex::{Captures, Regex};

/// What stands for what was taken out.
const HIDDEN: &str = "***";

/// A word at least this long, of letters and digits, may be a key.
const LONG_WORD: usize = 24;

/// What secrets look like, in this order, and what stays of them.
const PATTERNS: &[(&str, &str)] = &[
    // A private key.
    (r"(?s)-----BEGIN.*?(?:-----END[^-]*-----|$)", HIDDEN),
    // Name and password in an address.
    (r"(?i)([a-z][a-z0-9+.-]*://)[^/\s@]*@", "$1***@"),
    // Values in an address.
    (r"([?&][^=\s&#]+=)[^&\s#]+", "$1***"),
    // Headers.
    (r"(?i)\b(bearer)\s+\S+", "$1 ***"),
    (
        r"(?i)\b(basic|token)\s+(?:\S*\d\S{5,}|\S{5,}\d\S*)",
        "$1 ***",
    ),
    // Names that promise a secret.
    (
        concat!(
            r"(?i)([\w.-]*(?:secret|passw(?:or)?d|passphrase|pwd|token|api[_-]?key|access[_-]?key|",
            r"private[_-]?key|credential|authorization|dsn|database_url|cookie|session)[\w.-]*",
            r#"["']?\s*[=:]\s*)(?:"[^"]*"|'[^']*'|[^\s,;]+)"#
        ),
        "$1***",
    ),
    // Variables with their values.
    (r#"\b([A-Z][A-Z0-9_]{2,}=)(?:"[^"]*"|'[^']*'|\S+)"#, "$1***"),
    // Keys that say whose they are.
    (
        r"\b(?:dop_v1|doo_v1|dor_v1|gh[pousr]|github_pat|glpat|sk|pk|xox[abprs]|AKIA|ya29|eyJ)[\w.-]{10,}",
        HIDDEN,
    ),
    // Of an address of mail the name is enough.
    (r"([\w.+-]+)@[\w-]+(?:\.[\w-]+)+", "$1@…"),
];

static SHAPES: LazyLock<Vec<(Regex, &str)>> = LazyLock::new(|| {
    let patterns = PATTERNS.iter();
    patterns
        .filter_map(|(pattern, stays)| Some((Regex::new(pattern).ok()?, *stays)))
        .collect()
});

static WORDS: LazyLock<Option<Regex>> = LazyLock::new(|| Regex::new(r"[A-Za-z0-9_+/]+=*").ok());

/// `text` without what looks like a secret.
pub(super) fn redacted(text: &str) -> String {
    let mut text = text.to_owned();
    for (shape, stays) in SHAPES.iter() {
        text = shape.replace_all(&text, *stays).into_owned();
    }
    let Some(words) = WORDS.as_ref() else {
        return text;
    };
    let hide = |found: &Captures<'_>| hidden_word(&found[0]).to_owned();
    words.replace_all(&text, hide).into_owned()
}

fn hidden_word(word: &str) -> &str {
    let has = |kind: fn(&char) -> bool| word.chars().any(|c| kind(&c));
    let is_key =
        word.len() >= LONG_WORD && has(char::is_ascii_digit) && has(char::is_ascii_alphabetic);
    if is_key { HIDDEN } else { word }
}

/// Foreign text as Markdown that shows it as it is: one line, no markup, no mention of anybody.
pub(super) fn plain(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 8);
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '@' => out.push_str("&#64;"),
            c if c.is_control() => out.push(' '),
            c if c.is_ascii_punctuation()
                && !matches!(
                    c,
                    ',' | '.' | ':' | ';' | '/' | '-' | '\'' | '"' | '%' | '=' | '?'
                ) =>
            {
                out.push('\\');
                out.push(c);
            }
            c => out.push(c),
        }
    }
    out
}

/// Foreign text for a report: redacted, then made plain.
pub(super) fn shown(text: &str) -> String {
    plain(&redacted(text))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn check(text: &str, expected: &str) {
        assert_eq!(redacted(text), expected, "{text:?}");
    }

    #[test]
    fn every_pattern_is_one() {
        assert_eq!(SHAPES.len(), PATTERNS.len());
        assert!(WORDS.is_some());
    }

    #[test]
    fn secrets_go_and_words_stay() {
        check(
            "get https://ana:hunter2@db.example/x?sig=abc&v=1#top failed",
            "get https://***@db.example/x?sig=***&v=***#top failed",
        );
        check("Authorization: Bearer abcdef", "Authorization: *** ***");
        check("DATABASE_URL=postgres://x", "DATABASE_URL=***");
        check(
            "set FEATURE_X=on and password: hunter2",
            "set FEATURE_X=*** and password: ***",
        );
        check(
            r#"{"api_key": "a b c", "n": 1}"#,
            r#"{"api_key": ***, "n": 1}"#,
        );
        check("sent by ana.b@example.org", "sent by ana.b@…");
        check("key dop_v1_0123456789abcdef is bad", "key *** is bad");
        check("id nxldpjkvbzggzh6xzvkqv4j3je", "id ***");
        for text in [
            "token rejected",
            "migrate exited with 1",
            "server error 502",
            "an-app-whose-name-is-longer-than-any-column",
            "deployment v212 in 4m 02s",
            "basic checks failed",
        ] {
            check(text, text);
        }
    }

    #[test]
    fn foreign_text_cannot_break_markdown() {
        assert_eq!(
            plain("`a|b` <img src=x> *b* _i_ [l](u) #1 @all\n# x"),
            "\\`a\\|b\\` &lt;img src=x&gt; \\*b\\* \\_i\\_ \\[l\\]\\(u\\) \\#1 &#64;all \\# x"
        );
    }

    proptest! {
        #[test]
        fn nothing_leaves_its_line_or_cell(text in any::<String>()) {
            let out = plain(&text);
            prop_assert!(!out.contains(['\n', '\r', '<', '>', '@']));
            let mut before = ' ';
            for c in out.chars() {
                prop_assert!(!matches!(c, '|' | '`' | '[') || before == '\\');
                before = if before == '\\' && c == '\\' { ' ' } else { c };
            }
        }
    }
}
