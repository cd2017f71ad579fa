//! Takes secrets out of words before they are written down.
//!
//! Platforms repeat what they were sent ("`hunter2` is not a valid value"), so the values of an
//! operation's own secrets are looked for in everything that is said of it, in the forms in which
//! they come back. What looks like somebody else's secret goes, too. Rather too much is taken than
//! too little; ids of things are never put through here.

use std::sync::LazyLock;

use regex::{Captures, Regex};

use super::record::HIDDEN;
use crate::model::{Secret, Text};

/// A shorter value is looked for as a whole word only: taking every `1` out would leave nothing.
const SHORT: usize = 4;

/// A cut value is recognised by so many bytes of its beginning.
const BEGINNING: usize = 4;

/// The most words in which a secret is announced.
const NAMES: &str = "token|secret|passw(?:or)?d|passphrase|pwd|api[_-]?key|access[_-]?key|\
                     private[_-]?key|credentials?|authorization|dsn|database_url";

/// Takes secrets out of words.
#[derive(Clone, Debug, Default)]
pub struct Redactor {
    /// What must not be seen, in every form in which it may come back; the longest first.
    forms: Vec<Secret>,
}

impl Redactor {
    /// Knows these values, and what secrets look like.
    pub fn hiding<'a>(values: impl IntoIterator<Item = &'a Secret>) -> Self {
        let mut forms: Vec<String> = values
            .into_iter()
            .flat_map(|value| forms(value.expose()))
            .filter(|form| !form.is_empty())
            .collect();
        forms.sort_by_key(|form| std::cmp::Reverse(form.len()));
        forms.dedup();
        Self {
            forms: forms.into_iter().map(Secret::new).collect(),
        }
    }

    /// `text` without secrets.
    #[must_use]
    pub fn clean(&self, text: &str) -> String {
        let mut text = text.to_owned();
        for form in &self.forms {
            text = without(&text, form.expose());
        }
        patterns(&text)
    }
}

/// Whether something of this name is a secret.
pub(super) fn names_a_secret(name: &str) -> bool {
    static SECRET: LazyLock<Option<Regex>> =
        LazyLock::new(|| Regex::new(&format!("(?i){NAMES}")).ok());
    SECRET.as_ref().is_none_or(|secret| secret.is_match(name))
}

/// A value, and what becomes of it on the way through a platform and back.
fn forms(value: &str) -> Vec<String> {
    let quoted = serde_json::to_string(value).unwrap_or_default();
    let inner = quoted.trim_matches('"').to_owned();
    let markup = value
        .replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('"', "&quot;")
        .replace('\'', "&#x27;");
    let in_address: String = url::form_urlencoded::byte_serialize(value.as_bytes()).collect();
    let in_path = in_address.replace('+', "%20");
    let lines = value.lines().map(str::trim);
    let lines = lines.filter(|line| line.len() >= SHORT).map(str::to_owned);
    let cleaned = Text::clean(value).to_string();
    let mut all = vec![
        value.to_owned(),
        value.trim().to_owned(),
        cleaned,
        inner,
        markup,
        in_address,
        in_path,
    ];
    all.extend(lines);
    all
}

fn without(text: &str, form: &str) -> String {
    let whole = if form.len() < SHORT {
        without_word(text, form)
    } else {
        text.replace(form, HIDDEN)
    };
    without_beginning(whole, form)
}

fn without_word(text: &str, word: &str) -> String {
    let mut kept = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once(word) {
        let joins = |c: Option<char>| c.is_some_and(char::is_alphanumeric);
        let is_part = joins(before.chars().next_back().or(kept.chars().next_back()))
            || joins(after.chars().next());
        kept.push_str(before);
        kept.push_str(if is_part { word } else { HIDDEN });
        rest = after;
    }
    kept.push_str(rest);
    kept
}

/// A long text is cut, and with it a value at its end.
fn without_beginning(text: String, form: &str) -> String {
    let end = text.trim_end_matches(['…', '.', ' ', '"', '\'', '`']);
    let cuts = form.char_indices().map(|(at, _)| at).rev();
    let found = cuts
        .take_while(|at| *at >= BEGINNING)
        .find_map(|at| end.strip_suffix(form.get(..at)?));
    match found {
        Some(before) => format!("{before}{HIDDEN}"),
        None => text,
    }
}

/// A way in which secrets are written: the parts named `keep` stay, what is named `hide` goes.
struct Pattern {
    form: Regex,
    /// Whether what would be hidden must look random: its announcement is an ordinary word.
    must_look_random: bool,
}

static PATTERNS: LazyLock<Vec<Pattern>> = LazyLock::new(|| {
    let certain = [
        // A key in a file.
        "(?s)(?<hide>-----BEGIN [A-Z ]*PRIVATE KEY.*?(?:-----END [A-Z ]*-----|$))".to_owned(),
        // Who signs in, in an address.
        r"(?<keep>[A-Za-z][A-Za-z0-9+.-]*://)(?<hide>[^\s/@:]*:[^\s@]+|[^\s/@]+)@".to_owned(),
        // Values in an address.
        r#"(?<keep>[?&][^=\s&#?]{1,64}=)(?<hide>[^&\s#"'<>]+)"#.to_owned(),
        format!(r#"(?i)(?<keep>[\w.-]*(?:{NAMES})[\w.-]*["']?\s*=\s*["']?)(?<hide>[^\s"',;]+)"#),
        format!(r#"(?i)(?<keep>[\w.-]*(?:{NAMES})[\w.-]*["']\s*:\s*["'])(?<hide>[^"']+)"#),
        format!(r"(?i)(?<keep>--?[\w-]*(?:{NAMES})[\w-]*\s+)(?<hide>[^\s-]\S*)"),
        // Secrets that say what they are.
        r"(?<hide>\b(?:gh[pousr]_|github_pat_|glpat-|do[opr]_v1_|[sr]k_(?:live|test)_|sk-|xox[abeprs]-|npm_|pypi-|AKIA|ASIA|AIza|ya29\.|shpat_|SG\.|hv[sb]\.)[A-Za-z0-9_./+-]{8,})".to_owned(),
        r"(?<hide>\beyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]+\.?[A-Za-z0-9_-]*)".to_owned(),
    ];
    let likely = [
        r"(?i)(?<keep>\b(?:bearer|token|basic|apikey)\s+)(?<hide>[A-Za-z0-9._~+/=-]{8,})"
            .to_owned(),
        format!(r#"(?i)(?<keep>[\w.-]*(?:{NAMES})[\w.-]*\s*:\s*["']?)(?<hide>[^\s"',;]{{6,}})"#),
    ];
    let certain = certain.iter().map(|form| (form, false));
    let all = certain.chain(likely.iter().map(|form| (form, true)));
    all.filter_map(|(form, must_look_random)| {
        // A test sees that none is lost.
        let form = Regex::new(form).ok()?;
        Some(Pattern {
            form,
            must_look_random,
        })
    })
    .collect()
});

fn patterns(text: &str) -> String {
    let mut text = text.to_owned();
    for pattern in &*PATTERNS {
        let replaced = pattern.form.replace_all(&text, |found: &Captures<'_>| {
            let hidden = &found["hide"];
            if pattern.must_look_random && !looks_random(hidden) {
                return found[0].to_owned();
            }
            let keep = found.name("keep").map_or("", |keep| keep.as_str());
            let sign = if found[0].ends_with('@') { "@" } else { "" };
            format!("{keep}{HIDDEN}{sign}")
        });
        text = replaced.into_owned();
    }
    text
}

/// Ordinary words have no digits and an end.
fn looks_random(word: &str) -> bool {
    word.len() >= 20 || word.chars().any(|c| c.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[track_caller]
    fn check(text: &str, expected: &str) {
        assert_eq!(Redactor::default().clean(text), expected);
    }

    fn hiding(value: &str) -> Redactor {
        Redactor::hiding([&Secret::new(value)])
    }

    #[test]
    fn every_pattern_is_one() {
        assert_eq!(PATTERNS.len(), 10);
    }

    #[test]
    fn what_looks_like_a_secret_goes() {
        check("at https://me:pw@host/x", "at https://***@host/x");
        check("postgres://u:p/w@db:5432/n", "postgres://***@db:5432/n");
        check("GET /a?b=c&d=e#f", "GET /a?b=***&d=***#f");
        check("TOKEN=abc def", "TOKEN=*** def");
        check("{\"password\": \"a b\"}", "{\"password\": \"***\"}");
        check("mysql --password hunter -x", "mysql --password *** -x");
        check(
            "Authorization: Token abcdef123456",
            "Authorization: Token ***",
        );
        check("api-key: 9f8e7d6c", "api-key: ***");
        check("used ghp_0123456789abcdef here", "used *** here");
        check("eyJhbGciOiJI.eyJzdWIiOiIx.sig", "***");
        check("a -----BEGIN RSA PRIVATE KEY----- x", "a ***");
    }

    #[test]
    fn ordinary_words_and_ids_stay() {
        for text in [
            "token rejected",
            "no token: environment variable X is not set",
            "deployment nxldpjkvbzggzh6xzvkqv4j3je failed at migrate",
            "095be615-a8ad-4c33-8e9c-c7612fbf6c9f",
            "commit 0123456789abcdef0123456789abcdef01234567",
            "deploy shop/live done in 2m 14s",
            "https://shop.example.com/path",
        ] {
            check(text, text);
        }
    }

    #[test]
    fn a_value_is_found_in_every_form_in_which_it_comes_back() {
        let value = "a\"b<c>&d e\nsecond line";
        for said in [
            "no: a\"b<c>&d e\nsecond line.",
            r#"{"value": ["a\"b<c>&d e\nsecond line is wrong"]}"#,
            "a&quot;b&lt;c&gt;&amp;d e\nsecond line",
            "a%22b%3Cc%3E%26d+e%0Asecond+line",
            "a%22b%3Cc%3E%26d%20e%0Asecond%20line",
            "a\"b<c>&d e second line",
            "line 2: second line",
        ] {
            let cleaned = hiding(value).clean(said);
            assert!(cleaned.contains(HIDDEN), "{cleaned}");
            for part in ["b<c", "second", "3Cc"] {
                assert!(!cleaned.contains(part), "{part} in {cleaned}");
            }
        }
    }

    #[test]
    fn a_short_value_goes_where_it_is_a_word() {
        let one = hiding("1");
        assert_eq!(
            one.clean("1 is no name, 21 is; 1"),
            "*** is no name, 21 is; ***"
        );
        assert_eq!(hiding("").clean("nothing"), "nothing");
    }

    #[test]
    fn a_value_that_was_cut_is_found() {
        let cleaned = hiding("canary-of-the-value").clean("not valid: canary-of-th…");
        assert_eq!(cleaned, "not valid: ***");
    }

    proptest! {
        #[test]
        fn no_value_survives(
            value in "[A-Za-z0-9 /+=.<&\"\\\\-]{4,40}",
            before in ".{0,20}",
            after in ".{0,20}",
        ) {
            // A value that is blanks at its ends comes back without them.
            prop_assume!(value.trim().len() >= 4 && !HIDDEN.contains(value.trim()));
            let cleaned = hiding(&value).clean(&format!("{before}{value}{after}"));
            prop_assert!(!cleaned.contains(&value), "{cleaned}");
        }
    }
}
