//! How much an environment matters, by its name: the rules of the configuration.

use regex::Regex;

use super::problem::{Noted, Report};
use super::section::{Section, wrong_type};
use crate::model::Class;

/// Names that match belong to the class; the first match wins.
#[derive(Clone, Debug)]
pub struct ClassRule {
    /// The class.
    pub class: Class,
    /// What a name must match somewhere.
    pub pattern: Regex,
}

/// The keys of a rule.
pub(super) const KEYS: &[&str] = &["class", "pattern"];

/// What is used where the configuration has no rules. A word counts only where no other letter
/// touches it: `web-live` is production, `delivery` is not.
const SHIPPED: [(Class, &str); 3] = [
    (Class::Production, "live|prod|production"),
    (Class::Staging, "stag|staging|test|qa"),
    (Class::Development, "dev|preview|review|feature"),
];

/// The words of a class that the configuration accepts.
pub(super) const CLASS_WORDS: &str = "\"PROD\", \"stag\" or \"dev\"";

pub(super) fn shipped() -> Vec<ClassRule> {
    SHIPPED
        .iter()
        .filter_map(|(class, words)| {
            let pattern = format!("(?i)(?:^|[^a-z])(?:{words})(?:$|[^a-z])");
            // All three are constants, compiled by a test.
            let pattern = Regex::new(&pattern).ok()?;
            Some(ClassRule {
                class: *class,
                pattern,
            })
        })
        .collect()
}

/// The rules of the file. Rules that are wrong are noted; then the shipped ones apply after the
/// others, so that a slip does not take the protection off production.
pub(super) fn read(file: &Section<'_>, report: &mut Report<'_>) -> Vec<ClassRule> {
    let Some(found) = file.value("classes") else {
        return shipped();
    };
    let Some(entries) = found.get_ref().as_array() else {
        wrong_type("classes", "a list ([[classes]])", found, report);
        return shipped();
    };
    let mut rules = Vec::new();
    let mut is_complete = true;
    for entry in entries {
        let Some(table) = entry.get_ref().as_table() else {
            wrong_type("classes", "a list of tables ([[classes]])", entry, report);
            is_complete = false;
            continue;
        };
        let section = Section::new(table, "classes".into(), entry.span());
        match rule(&section, report) {
            Ok(rule) => rules.push(rule),
            Err(Noted) => is_complete = false,
        }
    }
    if !is_complete {
        rules.extend(shipped());
    }
    rules
}

fn rule(section: &Section<'_>, report: &mut Report<'_>) -> Result<ClassRule, Noted> {
    section.check_keys(KEYS, report);
    let class = class(section, report)?;
    let expected = "a regular expression";
    let pattern = section.string("pattern", expected, report)?;
    let (Some(class), Some(pattern)) = (class, pattern) else {
        let message = "a rule needs `class` and `pattern`";
        return Err(report.error(&section.path, &section.at, message));
    };
    let compiled = Regex::new(&format!("(?i){}", pattern.value)).map_err(|error| {
        let error = error.to_string();
        // The first lines draw the place in the pattern, the last one says what is wrong.
        let last = error.lines().last().unwrap_or("");
        let reason = last.trim_start_matches("error: ");
        let message = format!("`pattern` is not a regular expression: {reason}");
        report.error(&section.key("pattern"), &pattern.at, &message)
    })?;
    Ok(ClassRule {
        class,
        pattern: compiled,
    })
}

/// The `class` of a section.
pub(super) fn class(
    section: &Section<'_>,
    report: &mut Report<'_>,
) -> Result<Option<Class>, Noted> {
    let Some(word) = section.string("class", CLASS_WORDS, report)? else {
        return Ok(None);
    };
    let class = Class::from_word(word.value).ok_or_else(|| {
        let message = format!("unknown class \"{}\"; allowed: {CLASS_WORDS}", word.value);
        report.error(&section.key("class"), &word.at, &message)
    })?;
    Ok(Some(class))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(name: &str, expected: Option<Class>) {
        let rules = shipped();
        let found = rules.iter().find(|rule| rule.pattern.is_match(name));
        assert_eq!(found.map(|rule| rule.class), expected, "{name}");
    }

    #[test]
    fn shipped_rules_know_common_names() {
        assert_eq!(shipped().len(), SHIPPED.len());
        for name in ["live", "Production", "web-prod", "prod2", "eu_live_1"] {
            check(name, Some(Class::Production));
        }
        for name in ["test", "staging", "qa-3"] {
            check(name, Some(Class::Staging));
        }
        for name in ["dev", "feature/login", "review-12"] {
            check(name, Some(Class::Development));
        }
        for name in ["delivery", "web", "latest", "device", "product"] {
            check(name, None);
        }
    }
}
