use proptest::prelude::*;

use super::*;

fn read(text: &str) -> Result<Vec<(String, String)>, String> {
    let plain = |(name, value): (String, Secret)| (name, value.expose().to_owned());
    let read = parse(text).map_err(|problem| problem.to_string())?;
    Ok(read.into_iter().map(plain).collect())
}

fn check(text: &str, expected: &[(&str, &str)]) {
    let expected = expected.iter().map(|(name, value)| (*name, *value));
    let expected: Vec<_> = expected.map(|(n, v)| (n.into(), v.into())).collect();
    assert_eq!(read(text), Ok(expected), "{text:?}");
}

fn check_problem(text: &str, expected: &str) {
    assert_eq!(read(text), Err(expected.into()), "{text:?}");
}

#[test]
fn what_the_common_tools_agree_on_is_read() {
    check("", &[]);
    check("A=1", &[("A", "1")]);
    check(
        "# a comment\n\n  # another\nA=1\nB=2\n",
        &[("A", "1"), ("B", "2")],
    );
    check(
        "export A=1\n  B = two words  \n",
        &[("A", "1"), ("B", "two words")],
    );
    check("A=\nB=''\nC=\"\"\n", &[("A", ""), ("B", ""), ("C", "")]);
    check(
        "export=1\nexported=2",
        &[("export", "1"), ("exported", "2")],
    );
    check(
        "A=x=y==\nB=a#b\nC=a #b\nD=#b\n",
        &[("A", "x=y=="), ("B", "a#b"), ("C", "a"), ("D", "")],
    );
    check("A.b-c_1=é", &[("A.b-c_1", "é")]);
}

#[test]
fn quotes_keep_what_is_in_them() {
    check("A=' x # \\n $y '  # why", &[("A", " x # \\n $y ")]);
    check(
        r#"A="a\nb\tc\\d\"e\$f\qg""#,
        &[("A", "a\nb\tc\\d\"e$f\\qg")],
    );
    check(
        "A=\"one\ntwo # not a comment\n\"\nB=2",
        &[("A", "one\ntwo # not a comment\n"), ("B", "2")],
    );
    check("A='one\ntwo'", &[("A", "one\ntwo")]);
    check("A=it's", &[("A", "it's")]);
}

#[test]
fn line_ends_and_marks_of_other_systems_are_no_part_of_values() {
    check(
        "\u{feff}A=1\r\nB='x'\r\n\r\nC=\"a\r\nb\\r\"\r\n",
        &[("A", "1"), ("B", "x"), ("C", "a\nb\r")],
    );
}

#[test]
fn problems_have_a_place_and_repeat_nothing() {
    check_problem("A=1\nB", "2:2: = is expected after a name");
    check_problem("A B=1", "1:3: = is expected after a name");
    check_problem("export A", "1:9: = is expected after a name");
    check_problem("A=1\n  =canary", "2:3: a name begins with a letter or _");
    check_problem("1A=1", "1:1: a name begins with a letter or _");
    check_problem("A=1\nB='canary\nC=2", "2:3: this quote is never closed");
    check_problem("A=\"canary\\\"", "1:3: this quote is never closed");
    check_problem("A='é'x", "1:6: nothing may follow the closing quote");
    check_problem(
        "A=1\r\nB=2\r\nA=3",
        "3:1: this name is set for the second time",
    );
}

#[test]
fn what_is_written_is_as_plain_as_can_be() {
    let written = |value: &str| {
        let variables = [("A".to_owned(), Secret::new(value))];
        write(&variables).expose().to_owned()
    };
    assert_eq!(
        written("postgres://u:p@h:5432/d"),
        "A=postgres://u:p@h:5432/d\n"
    );
    assert_eq!(written(""), "A=\n");
    assert_eq!(written("two words"), "A='two words'\n");
    assert_eq!(written("a\nb $c"), "A='a\nb $c'\n");
    assert_eq!(written("it's $5\\"), "A=\"it's \\$5\\\\\"\n");
}

#[test]
fn a_name_that_does_not_fit_is_left_out() {
    let variables = ["A", "", "1", "A B", "A=B", "A\nB", "É"];
    let variables = variables.map(|name| (name.to_owned(), Secret::new("canary")));
    assert_eq!(write(&variables).expose(), "A=canary\n");
}

proptest! {
    #[test]
    fn what_is_written_is_read_again(values in prop::collection::vec(any::<String>(), 0..6)) {
        check_again(&values)?;
    }

    #[test]
    fn the_signs_of_the_notation_are_kept(values in prop::collection::vec("['\"\\\\$`#= \n\r\ta-c]{0,12}", 0..6)) {
        check_again(&values)?;
    }

    #[test]
    fn no_text_upsets_the_reader(text in "[A-c'\"\\\\#= \n\r\u{feff}]{0,40}") {
        // Whatever it says, it ends and says where.
        if let Err(problem) = parse(&text) {
            prop_assert!(problem.line >= 1 && problem.column >= 1);
        }
    }
}

fn check_again(values: &[String]) -> Result<(), TestCaseError> {
    let values = values.iter().enumerate();
    let named = values.map(|(n, value)| (format!("V_{n}"), Secret::new(value.clone())));
    let variables: Vec<_> = named.collect();
    let read = parse(write(&variables).expose());
    let read = read.map_err(|problem| TestCaseError::fail(problem.to_string()))?;
    prop_assert_eq!(read, variables);
    Ok(())
}
