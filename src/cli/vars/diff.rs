//! What a dotenv file would change, in names.

use crate::cli::exit::CliError;
use crate::cli::operate::named;
use crate::model::{OperationKind, Secret, Text, Variable, dotenv};

/// What becomes of a variable.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Fate {
    /// It is created.
    New,
    /// It gets another value.
    Changed,
    /// It is set, and nobody can tell whether that changes it.
    SetAnew,
    /// It has this value already.
    Same,
    /// It is not in the file and is removed.
    Removed,
    /// It is not in the file and stays.
    Missing,
    /// It is not in the file, and no file that was exported could have it: its value is hidden, or
    /// it has none, or its name does not fit.
    Unwritable,
    /// It is set by the platform itself.
    BuiltIn,
}

impl Fate {
    /// Its sign and words.
    pub(super) fn words(self) -> (char, &'static str) {
        match self {
            Self::New => ('+', "new"),
            Self::Changed => ('~', "changed"),
            Self::SetAnew => ('~', "set anew: the platform hides what it was"),
            Self::Same => ('=', "same"),
            Self::Removed => ('-', "missing: removed"),
            Self::Missing => (' ', "missing: kept"),
            Self::Unwritable => (' ', "missing in any file: kept"),
            Self::BuiltIn => (' ', "set by the platform: left alone"),
        }
    }
}

/// One line of the difference.
#[derive(Debug)]
pub(super) struct Entry {
    pub(super) name: String,
    pub(super) fate: Fate,
    /// What is sent; absent if nothing is.
    pub(super) change: Option<OperationKind>,
}

/// How a difference is carried out.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Wishes {
    /// What is not in the file goes.
    pub(super) delete_missing: bool,
    /// New variables are hidden.
    pub(super) sensitive: bool,
}

/// The difference: the file's variables in its order, then what is missing in it.
pub(super) fn diff(
    file: Vec<(String, Secret)>,
    existing: &[Variable],
    wishes: Wishes,
) -> Result<Vec<Entry>, CliError> {
    let in_file: Vec<String> = file.iter().map(|(name, _)| name.clone()).collect();
    let mut entries = Vec::new();
    for (name, value) in file {
        entries.push(of_file(name, value, existing, wishes)?);
    }
    let missing = existing
        .iter()
        .filter(|it| !it.is_read_only && !in_file.iter().any(|name| name == it.name.as_str()));
    entries.extend(missing.map(|it| of_platform(it, wishes)));
    Ok(entries)
}

fn of_file(
    name: String,
    value: Secret,
    existing: &[Variable],
    wishes: Wishes,
) -> Result<Entry, CliError> {
    let found = named(existing, &name)?;
    let is_built_in = found.is_none() && existing.iter().any(|it| it.name.as_str() == name);
    let fate = match found {
        None if is_built_in => Fate::BuiltIn,
        None => Fate::New,
        Some(Variable { value: None, .. }) => Fate::SetAnew,
        Some(Variable {
            value: Some(old), ..
        }) if *old == value => Fate::Same,
        Some(_) => Fate::Changed,
    };
    let is_sent = matches!(fate, Fate::New | Fate::Changed | Fate::SetAnew);
    let change = is_sent.then(|| OperationKind::SetVariable {
        id: found.and_then(|it| it.id.clone()),
        name: name.clone(),
        value,
        is_sensitive: found.map_or(wishes.sensitive, |it| it.is_sensitive),
    });
    Ok(Entry { name, fate, change })
}

fn of_platform(variable: &Variable, wishes: Wishes) -> Entry {
    let is_writable = !variable.is_sensitive
        && variable.value.is_some()
        && dotenv::is_name(variable.name.as_str());
    let fate = match (is_writable, wishes.delete_missing) {
        (false, _) => Fate::Unwritable,
        (true, true) => Fate::Removed,
        (true, false) => Fate::Missing,
    };
    let name = variable.name.to_string();
    let change = (fate == Fate::Removed).then(|| OperationKind::UnsetVariable {
        id: variable.id.clone(),
        name: name.clone(),
    });
    Entry { name, fate, change }
}

/// The lines of a difference. Values are in none.
pub(super) fn lines(entries: &[Entry]) -> Vec<String> {
    let widest = entries.iter().map(|it| it.name.chars().count()).max();
    let width = widest.unwrap_or(0);
    let line = |it: &Entry| {
        let (sign, words) = it.fate.words();
        let name = Text::clean(&it.name);
        format!("{sign} {name:<width$}  {words}")
    };
    entries.iter().map(line).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::VariableId;

    fn variable(name: &str, value: Option<&str>, is_read_only: bool) -> Variable {
        Variable {
            id: Some(VariableId::new(name)),
            name: Text::clean(name),
            value: value.map(Secret::new),
            is_sensitive: value.is_none(),
            is_read_only,
            scope: None,
            changed_at: None,
            details: Vec::new(),
        }
    }

    fn check(wishes: Wishes, expected: &[&str], sent: &[&str]) {
        let existing = [
            variable("SAME", Some("1"), false),
            variable("OTHER", Some("1"), false),
            variable("SECRET", None, false),
            variable("DOMAIN", Some("1"), true),
            variable("GONE", Some("1"), false),
            variable("GONE_SECRET", None, false),
            variable("A B", Some("1"), false),
        ];
        let file = ["SAME", "OTHER", "SECRET", "DOMAIN", "NEW"];
        let file = file.map(|name| {
            let value = if name == "SAME" { "1" } else { "canary" };
            (name.to_owned(), Secret::new(value))
        });
        let entries = diff(file.into(), &existing, wishes).unwrap();
        assert_eq!(lines(&entries), expected);
        let names = entries.iter().filter(|it| it.change.is_some());
        let names: Vec<_> = names.map(|it| it.name.as_str()).collect();
        assert_eq!(names, sent);
    }

    #[test]
    fn only_what_differs_is_sent_and_what_is_hidden_stays() {
        let head = [
            "= SAME         same",
            "~ OTHER        changed",
            "~ SECRET       set anew: the platform hides what it was",
            "  DOMAIN       set by the platform: left alone",
            "+ NEW          new",
        ];
        let kept = [
            "  GONE         missing: kept",
            "  GONE_SECRET  missing in any file: kept",
            "  A B          missing in any file: kept",
        ];
        check(
            Wishes::default(),
            &[head.as_slice(), &kept].concat(),
            &["OTHER", "SECRET", "NEW"],
        );
        let removed = ["- GONE         missing: removed", kept[1], kept[2]];
        let wishes = Wishes {
            delete_missing: true,
            sensitive: false,
        };
        check(
            wishes,
            &[head.as_slice(), &removed].concat(),
            &["OTHER", "SECRET", "NEW", "GONE"],
        );
    }

    #[test]
    fn what_is_hidden_stays_hidden_and_new_ones_are_on_request() {
        let existing = [variable("SECRET", None, false)];
        let file = ["SECRET", "NEW"].map(|name| (name.to_owned(), Secret::new("x")));
        let wishes = Wishes {
            sensitive: true,
            delete_missing: false,
        };
        for entry in diff(file.into(), &existing, wishes).unwrap() {
            let Some(OperationKind::SetVariable {
                id, is_sensitive, ..
            }) = entry.change
            else {
                panic!("{entry:?}");
            };
            assert!(is_sensitive);
            assert_eq!(id.is_some(), entry.name == "SECRET");
        }
    }
}
