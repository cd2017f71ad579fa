//! The language of the filter, and what is said where it is not kept.

use crate::app::logs::query::{LineFilter, Pattern};
use crate::app::logs::ring::{FIRST, Ring};
use crate::model::{LogLine, Text};

/// Lines by who wrote them.
const LINES: [(&str, &str); 8] = [
    ("web.1", "INFO GET /cart 200"),
    ("web.2", "WARN slow: two words"),
    ("worker", "ERROR no database"),
    ("worker", "  at db.connect (db.js:1)"),
    ("web.1", "plain cart"),
    ("worker", "Caused by: time out"),
    ("web.1", "DEBUG Cart"),
    ("web.1", "a-b"),
];

fn ring() -> Ring {
    let mut ring = Ring::default();
    for (source, text) in LINES {
        ring.push(&LogLine::output(None, Text::clean(source), text));
    }
    ring
}

/// Which of the lines a filter shows.
fn check(typed: &str, expected: &[usize]) {
    let filter = LineFilter::parse(typed).unwrap().unwrap();
    let ring = ring();
    let lines = ring.window(0, usize::MAX).enumerate();
    let shown: Vec<_> = lines
        .filter(|(_, line)| filter.fits(line, None))
        .map(|(at, _)| at)
        .collect();
    assert_eq!(shown, expected, "{typed}");
}

#[test]
fn words_must_all_fit_and_those_with_a_minus_must_not() {
    check("cart", &[0, 4, 6]);
    check("Cart", &[6]);
    check("cart -debug", &[0, 4]);
    check("c.rt get", &[0]);
    check("\"two words\"", &[1]);
    check("-\"two words\" -a -e", &[]);
    check("words two", &[1]);
    check("a-b", &[7]);
    check("\\S+:\\d", &[3]);
}

#[test]
fn a_level_is_that_or_worse_and_a_trace_belongs_to_its_error() {
    check("level:warn", &[1, 2, 3, 5]);
    check("LEVEL:Error", &[2, 3, 5]);
    check("level:info", &[0, 1, 2, 3, 5]);
    check("-level:info", &[4, 6, 7]);
    check("level:error -caused", &[2, 3]);
}

#[test]
fn a_source_is_a_part_of_a_name() {
    check("source:WEB", &[0, 1, 4, 6, 7]);
    check("source:web.1 cart", &[0, 4, 6]);
    check("-source:web", &[2, 3, 5]);
    check("source:\"web.2\"", &[1]);
    let ring = ring();
    let line = ring.get(FIRST + 2).unwrap();
    let of_app = LineFilter::parse("source:shop").unwrap().unwrap();
    assert!(of_app.asks_source());
    assert!(of_app.fits(&line, Some("divio-prod Shop/live")));
    assert!(!of_app.fits(&line, Some("divio-prod blog/live")));
    assert!(!of_app.fits(&line, None));
}

#[test]
fn nothing_typed_is_no_filter() {
    for typed in ["", "   "] {
        assert_eq!(LineFilter::parse(typed), Ok(None));
    }
}

/// What is said of a filter that cannot be read.
fn complains(typed: &str, expected: &str) {
    let why = LineFilter::parse(typed).unwrap_err();
    assert_eq!(why.as_str(), expected, "{typed}");
}

#[test]
fn what_is_wrong_is_said_in_a_few_words() {
    complains("(", r#""(" is not closed; \( finds the sign"#);
    complains(
        "cart f(x",
        r#"in f(x: "(" is not closed; \( finds the sign"#,
    );
    complains(")", r#"")" closes nothing; \) finds the sign"#);
    complains("[a", r#""[" is not closed; \[ finds the sign"#);
    complains("a{2", r#""{" is not closed; \{ finds the sign"#);
    complains("[z-a]", "the smaller sign comes first in [a-z]");
    complains(
        "*",
        r"nothing stands before the repetition; put \ before it to find the sign",
    );
    complains("a\\", r"something must follow \; \\ finds the sign");
    complains("\\y", r"unknown after \; \\ finds the sign itself");
    complains("(?=a)", "looking ahead and behind is not offered");
    complains("(a)\\1", "references back are not offered");
    complains(
        "\\p{Klingon}",
        r"no such property after \p; try \p{L} for letters",
    );
    complains(
        "(\\w{100}){100}",
        "this repeats too much: use smaller numbers",
    );
    complains("\"two words", "\"two words is not closed: end it with \"");
    complains("cart -", "- is not a word: add one");
    complains("\"\"", "\"\" is not a word: add one");
    complains("level:loud", "no level loud: use debug, info, warn, error");
    complains("level:", "level: wants one of debug, info, warn, error");
    complains("source:", "source: wants a part of a name");
}

#[test]
fn a_complaint_is_one_line_whatever_is_typed() {
    for typed in [
        "(?z)",
        "(?<n",
        "a**",
        "\\u{}",
        "[[:no:]]",
        "(?",
        "\\xZ",
        "a{9999999}",
    ] {
        let complaint =
            LineFilter::parse(typed).map_or_else(|why| why.to_string(), |_| String::new());
        assert!(
            !complaint.contains('\n') && complaint.len() < 90,
            "{complaint}"
        );
    }
}

#[test]
fn a_search_has_small_letters_fit_capitals_and_finds_what_one_can_see() {
    let found = |pattern: &str, text: &str| Pattern::parse(pattern).unwrap().is_found(text);
    assert!(found("error", "ERROR") && !found("Error", "ERROR"));
    assert!(found("\\Serror", "xERROR"), "a class is no capital");
    assert!(found("\\p{Lu}rror", "ERROR"));
    assert!(!found("x|", "abc") && found("x|", "axc"));
    assert!(found("^$", "") && !found("^$", "a"));
}
