//! What doctl writes, what people write, and anything at all.

use proptest::prelude::*;

use super::*;

#[track_caller]
fn read(text: &str) -> Settings {
    match Settings::read(text) {
        Ok(settings) => settings,
        Err(Unreadable(line)) => panic!("line {line} of {text:?}"),
    }
}

/// The value of `key` in `text`.
#[track_caller]
fn check(text: &str, key: &str, expected: Result<Option<&str>, usize>) {
    let settings = read(text);
    let found = settings.scalar(key).map_err(|Unreadable(line)| line);
    assert_eq!(found, expected, "{text:?}");
}

/// As doctl writes it, most of its flag defaults left out.
/// Source: DigitalOcean contract, section 7.
const DOCTL: &str = "\
1-click:
    list:
        format: \"\"
        no-header: false
access-token: t0
api-url: \"\"
apps:
    create:
        spec: \"\"
        wait: false
auth-contexts:
    my-team: t1
    removed: \"\"
    nobody: null
compute:
    droplet:
        create:
            ssh-keys: []
            tag-names:
            - a
context: my-team
http-retry-max: 5
output: text
";

#[test]
fn the_form_of_doctl_is_read() {
    let settings = read(DOCTL);
    assert_eq!(settings.scalar("access-token"), Ok(Some("t0")));
    assert_eq!(settings.scalar("context"), Ok(Some("my-team")));
    assert_eq!(settings.scalar("api-url"), Ok(None));
    assert_eq!(settings.scalar("http-retry-max"), Ok(Some("5")));
    assert_eq!(settings.scalar("missing"), Ok(None));
    // A key below is not one at the top.
    assert_eq!(settings.scalar("my-team"), Ok(None));
    let expected = vec![("my-team", "t1"), ("removed", ""), ("nobody", "")];
    assert_eq!(settings.entries("auth-contexts"), Ok(expected));
    assert_eq!(settings.entries("missing"), Ok(Vec::new()));
    // What is deeper is passed over.
    assert_eq!(settings.entries("apps"), Ok(vec![("create", "")]));
}

#[test]
fn values_are_read_in_every_way_they_are_written() {
    for (value, expected) in [
        ("plain", "plain"),
        ("plain # comment", "plain"),
        ("a#b", "a#b"),
        ("  blanks around  ", "blanks around"),
        ("\"double\"", "double"),
        ("\"a # b\" # comment", "a # b"),
        ("\"q\\\" b\\\\ t\\t x\\x41 u\\u00e9\"", "q\" b\\ t\t xA ué"),
        ("'single'", "single"),
        ("'it''s'", "it's"),
        ("'a\\n'", "a\\n"),
        ("https://h:1/v2", "https://h:1/v2"),
        ("-1", "-1"),
    ] {
        check(&format!("k: {value}\n"), "k", Ok(Some(expected)));
        check(&format!("k: {value}\r\n"), "k", Ok(Some(expected)));
        let settings = read(&format!("m:\n  K: {value}"));
        assert_eq!(settings.entries("m"), Ok(vec![("k", expected)]), "{value}");
    }
    for empty in [
        "", "~", "null", "Null", "NULL", "\"\"", "''", "{}", "[]", "# x",
    ] {
        check(&format!("k: {empty}"), "k", Ok(None));
    }
}

#[test]
fn keys_are_read_in_every_way_they_are_written() {
    for key in ["Key", "\"key\"", "'KEY'", "key "] {
        check(&format!("{key}: v"), "key", Ok(Some("v")));
    }
    check("a:b: v", "a:b", Ok(Some("v")));
    check("\u{feff}---\n# comment\nk: v", "k", Ok(Some("v")));
    check("k: v\n...\nk: w\n", "k", Ok(Some("v")));
    check("k: v\nk: w\n", "k", Ok(Some("w")));
    check("list:\n- a\n- b: c\nk: v\n", "k", Ok(Some("v")));
}

#[test]
fn a_value_that_is_not_one_text_is_told_by_its_line() {
    for value in [
        "{a: b}", "[a]", "|", ">-", "&a b", "*a", "!!str a", "\"open", "'a' b",
    ] {
        check(&format!("x: y\nk: {value}\n  more: v\n"), "k", Err(2));
        // Whoever does not want it is not disturbed, and its lines are nobody's settings.
        check(
            &format!("x: y\nk: {value}\n  more: v\n"),
            "x",
            Ok(Some("y")),
        );
        assert_eq!(
            read(&format!("m: {value}")).entries("m"),
            Err(Unreadable(1))
        );
        let settings = read(&format!("m:\n  k: {value}"));
        assert_eq!(settings.entries("m"), Err(Unreadable(2)), "{value}");
    }
}

#[test]
fn what_is_no_setting_is_told_by_its_line() {
    let line = |text: &str| Settings::read(text).err();
    assert_eq!(line("a: b\n\nnonsense\n"), Some(Unreadable(3)));
    assert_eq!(line("access-token:t0"), Some(Unreadable(1)));
    assert_eq!(line("{\"access-token\": \"t0\"}"), Some(Unreadable(1)));
    assert_eq!(line("\"a"), Some(Unreadable(1)));
    assert_eq!(line(""), None);
    assert_eq!(line("{}\n"), None);
}

/// A text in double quotation marks.
fn double(text: &str) -> String {
    let escaped = text.replace('\\', "\\\\").replace('"', "\\\"");
    format!("\"{escaped}\"")
}

/// A text in single quotation marks.
fn single(text: &str) -> String {
    format!("'{}'", text.replace('\'', "''"))
}

proptest! {
    #[test]
    fn any_text_is_read_without_harm(text in any::<String>()) {
        if let Ok(settings) = Settings::read(&text) {
            let _scalar = settings.scalar("access-token");
            let _entries = settings.entries("auth-contexts");
        }
    }

    #[test]
    fn any_text_of_the_signs_of_yaml_is_read_without_harm(
        text in "([ \t\n:#'\"\\\\{}\\[\\]|>&*!?%-]|x41|u00e9|k|m: |\n {1,3}){0,40}",
    ) {
        if let Ok(settings) = Settings::read(&text) {
            let _scalar = settings.scalar("k");
            let _entries = settings.entries("m");
        }
    }

    #[test]
    fn what_is_written_is_read(
        top in "[^\\p{C}\u{2028}\u{2029}]{1,20}",
        key in "[^\\p{C}\u{2028}\u{2029}]{1,20}",
        value in "[^\\p{C}\u{2028}\u{2029}]{1,20}",
        indent in 1_usize..8,
    ) {
        for quote in [double, single] {
            let blanks = " ".repeat(indent);
            let text = format!(
                "k: {}\nm:\n{blanks}{}: {} # c\n", quote(&top), quote(&key), quote(&value),
            );
            let settings = read(&text);
            prop_assert_eq!(settings.scalar("k"), Ok(Some(top.as_str())));
            let lower = key.to_lowercase();
            prop_assert_eq!(
                settings.entries("m"), Ok(vec![(lower.as_str(), value.as_str())])
            );
        }
    }
}
