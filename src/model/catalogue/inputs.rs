//! The answers to the fields of an operation.

use jiff::Timestamp;

use super::InputProblem;
use crate::model::{Secret, Text};

/// Something that was chosen from a list: the platform's id, and what people call it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Chosen {
    /// The platform's id.
    pub id: String,
    /// What people call it.
    pub title: Text,
}

/// One answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Value {
    /// A text, a word of a choice.
    Text(String),
    /// A text that is not shown.
    Secret(Secret),
    /// A number.
    Count(u32),
    /// Yes or no.
    Flag(bool),
    /// A moment.
    Time(Timestamp),
    /// Keys and values, in order.
    Pairs(Vec<(String, String)>),
    /// One of what exists.
    One(Chosen),
    /// Some of what exists.
    Many(Vec<Chosen>),
}

impl Value {
    /// The answer for people, cleaned. A secret is `***`; what was chosen is what people call it.
    #[must_use]
    pub fn words(&self) -> Text {
        match self {
            Self::Text(text) => Text::clean(text),
            Self::Secret(_) => Text::clean("***"),
            Self::Count(count) => Text::clean(&count.to_string()),
            Self::Flag(flag) => Text::clean(if *flag { "yes" } else { "no" }),
            Self::Time(at) => Text::clean(&at.to_string()),
            Self::Pairs(pairs) => {
                let pairs = pairs.iter().map(|(key, value)| format!("{key}={value}"));
                Text::clean(&pairs.collect::<Vec<_>>().join(" "))
            }
            Self::One(chosen) => chosen.title.clone(),
            Self::Many(chosen) => {
                let titles: Vec<_> = chosen.iter().map(|it| it.title.as_str()).collect();
                Text::clean(&titles.join(", "))
            }
        }
    }
}

/// Answers by field; a field without an answer is absent.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Inputs(Vec<(&'static str, Value)>);

impl Inputs {
    /// Sets an answer, in place of an earlier one.
    pub fn set(&mut self, field: &'static str, value: Value) {
        match self.0.iter_mut().find(|(name, _)| *name == field) {
            Some((_, old)) => *old = value,
            None => self.0.push((field, value)),
        }
    }

    /// The same, to write in one go.
    #[must_use]
    pub fn with(mut self, field: &'static str, value: Value) -> Self {
        self.set(field, value);
        self
    }

    /// With the answer, if there is one.
    #[must_use]
    pub fn with_some(self, field: &'static str, value: Option<Value>) -> Self {
        match value {
            Some(value) => self.with(field, value),
            None => self,
        }
    }

    /// Takes an answer away.
    pub fn clear(&mut self, field: &str) {
        self.0.retain(|(name, _)| *name != field);
    }

    /// An answer.
    #[must_use]
    pub fn get(&self, field: &str) -> Option<&Value> {
        self.0
            .iter()
            .find(|(name, _)| *name == field)
            .map(|(_, value)| value)
    }

    /// All answers, in the order in which they were given.
    pub fn iter(&self) -> impl Iterator<Item = (&'static str, &Value)> {
        self.0.iter().map(|(name, value)| (*name, value))
    }

    /// Whether nothing was answered.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// A text, if there is one that is not empty.
    #[must_use]
    pub fn maybe_text(&self, field: &str) -> Option<String> {
        match self.get(field)? {
            Value::Text(text) if !text.is_empty() => Some(text.clone()),
            Value::Text(_)
            | Value::Secret(_)
            | Value::Count(_)
            | Value::Flag(_)
            | Value::Time(_)
            | Value::Pairs(_)
            | Value::One(_)
            | Value::Many(_) => None,
        }
    }

    /// A text.
    ///
    /// # Errors
    /// That the field is missing.
    pub fn text(&self, field: &'static str) -> Result<String, InputProblem> {
        self.maybe_text(field).ok_or_else(|| missing(field))
    }

    /// A secret.
    ///
    /// # Errors
    /// That the field is missing.
    pub fn secret(&self, field: &'static str) -> Result<Secret, InputProblem> {
        match self.get(field) {
            Some(Value::Secret(secret)) => Ok(secret.clone()),
            _ => Err(missing(field)),
        }
    }

    /// A number, if there is one.
    #[must_use]
    pub fn maybe_count(&self, field: &str) -> Option<u32> {
        match self.get(field) {
            Some(Value::Count(count)) => Some(*count),
            _ => None,
        }
    }

    pub(super) fn count(&self, field: &'static str) -> Result<u32, InputProblem> {
        self.maybe_count(field).ok_or_else(|| missing(field))
    }

    /// Whether it was answered with yes.
    #[must_use]
    pub fn flag(&self, field: &str) -> bool {
        self.get(field) == Some(&Value::Flag(true))
    }

    pub(super) fn time(&self, field: &str) -> Option<Timestamp> {
        match self.get(field) {
            Some(Value::Time(at)) => Some(*at),
            _ => None,
        }
    }

    pub(super) fn pairs(&self, field: &str) -> Vec<(String, String)> {
        match self.get(field) {
            Some(Value::Pairs(pairs)) => pairs.clone(),
            _ => Vec::new(),
        }
    }

    /// What was chosen, if anything was.
    #[must_use]
    pub fn maybe_one(&self, field: &str) -> Option<&Chosen> {
        match self.get(field) {
            Some(Value::One(chosen)) => Some(chosen),
            _ => None,
        }
    }

    /// What was chosen.
    ///
    /// # Errors
    /// That the field is missing.
    pub fn one(&self, field: &'static str) -> Result<&Chosen, InputProblem> {
        self.maybe_one(field).ok_or_else(|| missing(field))
    }

    pub(super) fn many(&self, field: &str) -> &[Chosen] {
        match self.get(field) {
            Some(Value::Many(chosen)) => chosen,
            _ => &[],
        }
    }
}

fn missing(field: &'static str) -> InputProblem {
    InputProblem {
        field,
        problem: "is missing".into(),
    }
}
