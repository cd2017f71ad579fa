//! A table of the file, read leniently: what is wrong is noted, what is right is returned.

use std::ops::Range;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::nearest::nearest;
use super::problem::{Noted, Report};

/// A value and where it is written.
pub(super) struct Found<T> {
    pub(super) value: T,
    pub(super) at: Range<usize>,
}

/// What reading a setting gives: absent, noted as wrong, or found.
pub(super) type Setting<T> = Result<Option<Found<T>>, Noted>;

/// A table with its name.
pub(super) struct Section<'a> {
    table: &'a DeTable<'a>,
    /// `contexts.a`; empty for the file itself.
    pub(super) path: String,
    /// Where it begins.
    pub(super) at: Range<usize>,
}

impl<'a> Section<'a> {
    pub(super) fn new(table: &'a DeTable<'a>, path: String, at: Range<usize>) -> Self {
        Self { table, path, at }
    }

    /// The dotted name of a key in it.
    pub(super) fn key(&self, key: &str) -> String {
        if self.path.is_empty() {
            key.to_owned()
        } else {
            format!("{}.{key}", self.path)
        }
    }

    /// Its name for messages.
    fn title(&self) -> String {
        if self.path.is_empty() {
            "the file".into()
        } else {
            format!("[{}]", self.path)
        }
    }

    /// Its entries in the order of the file: the parser sorts them by name.
    pub(super) fn entries(&self) -> Vec<(&'a str, Range<usize>, &'a Spanned<DeValue<'a>>)> {
        let mut entries: Vec<_> = self
            .table
            .iter()
            .map(|(key, value)| (key.get_ref().as_ref(), key.span(), value))
            .collect();
        entries.sort_by_key(|(_, at, _)| at.start);
        entries
    }

    /// Notes every key that is not in `allowed`, and returns what they were probably meant to be.
    pub(super) fn check_keys(
        &self,
        allowed: &[&'static str],
        report: &mut Report<'_>,
    ) -> Vec<&'static str> {
        self.check_keys_but(allowed, |_| None, report)
    }

    /// The same, where somebody may know more of a key that is not allowed, in words that follow
    /// `unknown key "x" in [contexts.a]`.
    pub(super) fn check_keys_but(
        &self,
        allowed: &[&'static str],
        known: impl Fn(&str) -> Option<String>,
        report: &mut Report<'_>,
    ) -> Vec<&'static str> {
        let mut meant = Vec::new();
        for (key, at, _) in self.entries() {
            if allowed.contains(&key) {
                continue;
            }
            let near = nearest(key, allowed.iter().copied());
            let hint = match (known(key), near) {
                (Some(known), _) => format!("{known}; "),
                (None, Some(near)) => format!("; did you mean \"{near}\"? "),
                (None, None) => "; ".to_owned(),
            };
            let message = format!(
                "unknown key \"{key}\" in {}{hint}allowed: {}",
                self.title(),
                allowed.join(", ")
            );
            report.error(&self.key(key), &at, &message);
            meant.extend(allowed.iter().copied().find(|key| Some(*key) == near));
        }
        meant
    }

    pub(super) fn value(&self, key: &str) -> Option<&'a Spanned<DeValue<'a>>> {
        self.table.get(key)
    }

    pub(super) fn string(
        &self,
        key: &str,
        expected: &str,
        report: &mut Report<'_>,
    ) -> Setting<&'a str> {
        self.typed(key, expected, DeValue::as_str, report)
    }

    pub(super) fn flag(&self, key: &str, report: &mut Report<'_>) -> Setting<bool> {
        self.typed(key, "true or false", DeValue::as_bool, report)
    }

    /// The table under `key`.
    pub(super) fn section(
        &self,
        key: &str,
        expected: &str,
        report: &mut Report<'_>,
    ) -> Result<Option<Section<'a>>, Noted> {
        let found = self.typed(key, expected, DeValue::as_table, report)?;
        Ok(found.map(|found| Section::new(found.value, self.key(key), found.at)))
    }

    fn typed<T>(
        &self,
        key: &str,
        expected: &str,
        take: impl Fn(&'a DeValue<'a>) -> Option<T>,
        report: &mut Report<'_>,
    ) -> Setting<T> {
        let Some(found) = self.table.get(key) else {
            return Ok(None);
        };
        let at = found.span();
        match take(found.get_ref()) {
            Some(value) => Ok(Some(Found { value, at })),
            None => Err(wrong_type(&self.key(key), expected, found, report)),
        }
    }
}

/// Notes that a value is of the wrong type. The value itself is not told: it may be a secret.
pub(super) fn wrong_type(
    key: &str,
    expected: &str,
    found: &Spanned<DeValue<'_>>,
    report: &mut Report<'_>,
) -> Noted {
    let name = key.rsplit('.').next().unwrap_or(key);
    let kind = found.get_ref().type_str();
    let article = if kind.starts_with(['i', 'a']) {
        "an"
    } else {
        "a"
    };
    let message = format!("`{name}` must be {expected}, found {article} {kind}");
    report.error(key, &found.span(), &message)
}
