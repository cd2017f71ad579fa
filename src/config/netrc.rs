//! Reads netrc files: the passwords that command-line tools share.

use crate::model::Secret;

/// The password of `machine`, if the file has one.
///
/// Words may be separated by any blanks, as the file of the Divio CLI does (one word pair a line,
/// indented by a tab). A `default` entry is not used: it is nobody's in particular.
pub(super) fn password(text: &str, machine: &str) -> Option<Secret> {
    let mut words = words(text);
    let mut is_wanted = false;
    while let Some(word) = words.next() {
        match word {
            "machine" => is_wanted = words.next()?.eq_ignore_ascii_case(machine),
            "default" => is_wanted = false,
            "login" | "account" => {
                words.next();
            }
            "password" => {
                let password = words.next()?;
                if is_wanted {
                    return Some(Secret::new(password));
                }
            }
            _ => {}
        }
    }
    None
}

/// The words that count: without comments and macros.
fn words(text: &str) -> impl Iterator<Item = &str> {
    let mut in_macro = false;
    text.lines()
        .filter(move |line| {
            // A macro ends with an empty line.
            in_macro =
                (in_macro || line.trim_start().starts_with("macdef")) && !line.trim().is_empty();
            !in_macro && !line.trim_start().starts_with('#')
        })
        .flat_map(str::split_whitespace)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, machine: &str, expected: Option<&str>) {
        let found = password(text, machine);
        assert_eq!(found.as_ref().map(Secret::expose), expected, "{text:?}");
    }

    #[test]
    fn the_form_of_the_divio_cli_is_read() {
        let text = "machine other.example\n\tlogin a@b.c\n\tpassword no\n\
                    machine control.divio.com\n\tlogin a@b.c\n\tpassword t0\n";
        check(text, "control.divio.com", Some("t0"));
        check(text, "api.divio.com", None);
    }

    #[test]
    fn other_forms_are_read() {
        check("machine h login l password p", "h", Some("p"));
        check(
            "# machine h password x\nmachine H password p # why",
            "h",
            Some("p"),
        );
        check(
            "macdef m\nmachine h password x\n\nmachine h password p",
            "h",
            Some("p"),
        );
        check("machine h login password password p", "h", Some("p"));
        check("default password d", "h", None);
        check("machine h password", "h", None);
        check("", "h", None);
    }
}
