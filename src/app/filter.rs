//! The filter language of lists: words that must all fit.

use tui_input::{Input, InputRequest};

use crate::model::Class;

/// The filter of a view, and as it is typed.
#[derive(Clone, Debug, Default)]
pub struct FilterField {
    /// What is shown of the list.
    pub filter: Filter,
    /// As it was typed.
    pub text: Input,
    /// Whether it is being typed.
    pub is_typing: bool,
}

impl FilterField {
    /// Edits the text.
    pub fn edit(&mut self, requests: impl IntoIterator<Item = InputRequest>) {
        for request in requests {
            self.text.handle(request);
        }
        self.filter = Filter::parse(self.text.value());
    }

    /// Shows everything again.
    pub fn clear(&mut self) {
        *self = Self::default();
    }
}

/// A parsed filter.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Filter {
    terms: Vec<Term>,
}

#[derive(Clone, Debug, PartialEq)]
struct Term {
    field: Field,
    word: String,
    negated: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Field {
    Any,
    Context,
    App,
    Environment,
    State,
    Class,
}

/// The prefixes, as they are typed.
const PREFIXES: [(&str, Field); 5] = [
    ("ctx:", Field::Context),
    ("app:", Field::App),
    ("env:", Field::Environment),
    ("state:", Field::State),
    ("class:", Field::Class),
];

/// What a filter looks at. Text is compared without case.
#[derive(Clone, Copy, Debug)]
pub struct Subject<'a> {
    /// Name of the context.
    pub context: &'a str,
    /// Name of the app.
    pub app: &'a str,
    /// Names of the environments, separated by blanks.
    pub environments: &'a str,
    /// The status word shown.
    pub state: &'a str,
    /// The class.
    pub class: Option<Class>,
    /// The reason shown.
    pub reason: &'a str,
}

impl Filter {
    /// Reads what was typed. Every text is a filter; an empty one fits everything.
    #[must_use]
    pub fn parse(typed: &str) -> Self {
        let terms = typed.split_whitespace().filter_map(|word| {
            let (negated, word) = match word.strip_prefix('-') {
                Some(rest) => (true, rest),
                None => (false, word),
            };
            let word = word.to_lowercase();
            let (field, word) = PREFIXES
                .iter()
                .find_map(|(prefix, field)| Some((*field, word.strip_prefix(prefix)?.to_owned())))
                .unwrap_or((Field::Any, word));
            (!word.is_empty()).then_some(Term {
                field,
                word,
                negated,
            })
        });
        Self {
            terms: terms.collect(),
        }
    }

    /// Whether it fits everything.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.terms.is_empty()
    }

    /// Whether every word fits.
    #[must_use]
    pub fn fits(&self, subject: &Subject<'_>) -> bool {
        self.terms
            .iter()
            .all(|term| term.fits(subject) != term.negated)
    }
}

impl Term {
    fn fits(&self, subject: &Subject<'_>) -> bool {
        let class = subject.class.map_or("none", Class::word);
        match self.field {
            Field::Context => contains(subject.context, &self.word),
            Field::App => contains(subject.app, &self.word),
            Field::Environment => contains(subject.environments, &self.word),
            Field::State => contains(subject.state, &self.word),
            Field::Class => contains(class, &self.word),
            Field::Any => {
                let all = [
                    subject.context,
                    subject.app,
                    subject.environments,
                    subject.state,
                ];
                all.iter().any(|text| contains(text, &self.word))
                    || contains(class, &self.word)
                    || contains(subject.reason, &self.word)
                    // Fuzzy only by name and only to find: "-sap" must not hide "shop-api".
                    || (!self.negated && is_subsequence(&self.word, subject.app))
            }
        }
    }
}

pub(super) fn contains(text: &str, lower: &str) -> bool {
    if text.is_ascii() && lower.is_ascii() {
        let (text, lower) = (text.as_bytes(), lower.as_bytes());
        return text
            .windows(lower.len())
            .any(|part| part.eq_ignore_ascii_case(lower));
    }
    text.to_lowercase().contains(lower)
}

fn is_subsequence(lower: &str, text: &str) -> bool {
    let mut rest = text.chars().flat_map(char::to_lowercase);
    lower.chars().all(|c| rest.any(|t| t == c))
}

#[cfg(test)]
mod tests {
    use super::*;

    const SHOP: Subject<'static> = Subject {
        context: "do-prod",
        app: "shop-api",
        environments: "live test",
        state: "FAIL",
        class: Some(Class::Production),
        reason: "migrate: exit 1",
    };

    fn check(typed: &str, expected: bool) {
        assert_eq!(Filter::parse(typed).fits(&SHOP), expected, "{typed:?}");
    }

    #[test]
    fn words_and_prefixes_must_all_fit() {
        for typed in [
            "",
            "  ",
            "shop",
            "SHOP fail",
            "sapi",
            "ctx:prod",
            "class:prod",
            "state:fail",
            "env:live",
            "migrate",
            "-billing",
            "app:shop -state:live",
            "ctx:",
        ] {
            check(typed, true);
        }
        for typed in [
            "billing",
            "shop live-2",
            "ctx:shop",
            "-shop",
            "class:dev",
            "-class:PROD",
            "state:live",
        ] {
            check(typed, false);
        }
    }

    #[test]
    fn a_negated_word_is_not_fuzzy() {
        check("-sap", true);
    }
}
