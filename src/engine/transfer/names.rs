//! Names of files, made from foreign text so that they cannot lead anywhere.

use jiff::Timestamp;

use crate::model::BackupPart;

/// The longest piece of a name, in bytes: three of them, a time and endings are below the 255 that
/// file systems allow.
const MAX_BYTES: usize = 64;

/// One name for each part: `shop-live-20260301T140000Z-database.dump`. Never two the same.
pub(super) fn names(title: &str, taken_at: Option<Timestamp>, parts: &[BackupPart]) -> Vec<String> {
    let taken = taken_at.map(|at| at.strftime("-%Y%m%dT%H%M%SZ").to_string());
    let stem = format!("{}{}", piece(title), taken.unwrap_or_default());
    let mut names: Vec<String> = Vec::new();
    for part in parts {
        let own = format!("{stem}-{}", piece(part.service.as_str()));
        let ending = ending(part);
        let mut name = format!("{own}.{ending}");
        let mut number = 2;
        // Case does not tell two files apart everywhere.
        while names.iter().any(|other| other.eq_ignore_ascii_case(&name)) {
            name = format!("{own}-{number}.{ending}");
            number += 1;
        }
        names.push(name);
    }
    names
}

/// Files are kept in archives, databases in dumps; `.gz` is added to what is compressed.
fn ending(part: &BackupPart) -> &'static str {
    let kind = part.kind.as_ref().map_or("", |kind| kind.as_str());
    if kind.eq_ignore_ascii_case("storage") {
        "tar"
    } else {
        "dump"
    }
}

/// What is left of foreign text: letters, digits, `.`, `_`, and single dashes. It begins and ends
/// with a letter, a digit or `_`, so it is neither hidden nor an option nor a way upwards.
fn piece(foreign: &str) -> String {
    let mut piece = String::new();
    for c in foreign.chars() {
        let c = if c.is_alphanumeric() || matches!(c, '.' | '_') {
            c
        } else {
            '-'
        };
        let doubles = matches!(c, '-' | '.') && piece.ends_with(['-', '.']);
        if !doubles && piece.len() + c.len_utf8() <= MAX_BYTES {
            piece.push(c);
        }
    }
    let trimmed = piece.trim_matches(['-', '.']);
    if trimmed.is_empty() {
        "unnamed".into()
    } else {
        trimmed.into()
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::model::{BackupPartId, Text};

    fn part(service: &str, kind: &str) -> BackupPart {
        BackupPart {
            id: BackupPartId::new("p"),
            service: Text::clean(service),
            kind: Text::non_empty(kind),
            of: None,
            size_bytes: None,
            errors: Vec::new(),
            ended_at: None,
        }
    }

    #[test]
    fn a_name_says_what_of_when() {
        let at = "2026-03-01T14:00:00Z".parse().ok();
        let parts = [part("DEFAULT", "DATABASE"), part("MEDIA", "STORAGE")];
        assert_eq!(
            names("shop/live", at, &parts),
            [
                "shop-live-20260301T140000Z-DEFAULT.dump",
                "shop-live-20260301T140000Z-MEDIA.tar"
            ]
        );
    }

    #[test]
    fn two_services_of_one_name_have_two_files() {
        let parts = [part("db", ""), part("DB", ""), part("db", "")];
        assert_eq!(
            names("a", None, &parts),
            ["a-db.dump", "a-DB-2.dump", "a-db-3.dump"]
        );
    }

    #[test]
    fn foreign_text_leads_nowhere() {
        for (foreign, expected) in [
            ("../../etc/passwd", "etc-passwd"),
            (".ssh", "ssh"),
            ("-rf", "rf"),
            ("a\\b:c*d", "a-b-c-d"),
            ("..", "unnamed"),
            ("", "unnamed"),
            ("Café 2", "Café-2"),
        ] {
            assert_eq!(piece(foreign), expected, "{foreign:?}");
        }
    }

    proptest! {
        #[test]
        fn every_name_is_a_single_plain_component(title in any::<String>(), service in any::<String>()) {
            for name in names(&title, None, &[part(&service, "STORAGE"), part(&service, "")]) {
                prop_assert!(name.len() < 200, "{}", name.len());
                prop_assert!(!name.starts_with(['.', '-']));
                prop_assert!(!name.contains(['/', '\\', ':', '\0']));
                prop_assert!(!name.chars().any(char::is_control));
            }
        }
    }
}
