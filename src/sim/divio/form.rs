//! Checks the body of a write as the platform does: every complaint, by field.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use super::{
    errors::Refusal,
    key::{Key, Kind},
    world::World,
};

/// Reads a body field by field and collects all complaints.
pub(super) struct Form<'a> {
    body: &'a Map<String, Value>,
    world: &'a World,
    partial: bool,
    errors: BTreeMap<String, Vec<String>>,
}

impl<'a> Form<'a> {
    /// Starts to check a body. Nothing is required of a partial one.
    pub(super) fn new(body: &'a Map<String, Value>, world: &'a World, partial: bool) -> Form<'a> {
        Form {
            body,
            world,
            partial,
            errors: BTreeMap::new(),
        }
    }

    /// Adds a complaint.
    pub(super) fn complain(&mut self, name: &str, message: impl Into<String>) {
        self.errors
            .entry(name.to_owned())
            .or_default()
            .push(message.into());
    }

    fn given(&mut self, name: &str, required: bool) -> Option<Value> {
        match self.body.get(name) {
            Some(Value::Null) => {
                self.complain(name, "This field may not be null.");
                None
            }
            Some(value) => Some(value.clone()),
            None => {
                if required && !self.partial {
                    self.complain(name, "This field is required.");
                }
                None
            }
        }
    }

    fn string(&mut self, name: &str, required: bool, most: usize) -> Option<String> {
        let text = match self.given(name, required)? {
            Value::String(text) => text,
            Value::Number(number) => number.to_string(),
            Value::Null | Value::Bool(_) | Value::Array(_) | Value::Object(_) => {
                self.complain(name, "Not a valid string.");
                return None;
            }
        };
        if text.chars().count() > most {
            let message = format!("Ensure this field has no more than {most} characters.");
            self.complain(name, message);
            return None;
        }
        Some(text)
    }

    /// A text that must be there and not be empty.
    pub(super) fn text(&mut self, name: &str, most: usize) -> Option<String> {
        let text = self.string(name, true, most)?;
        if text.trim().is_empty() {
            self.complain(name, "This field may not be blank.");
            return None;
        }
        Some(text)
    }

    /// A text that may be absent or empty.
    pub(super) fn free_text(&mut self, name: &str, most: usize) -> Option<String> {
        self.string(name, false, most)
    }

    /// A text that may also be null: absent if it was not given.
    pub(super) fn nullable_text(&mut self, name: &str, most: usize) -> Option<Value> {
        if self.body.get(name) == Some(&Value::Null) {
            return Some(Value::Null);
        }
        self.string(name, false, most).map(Value::String)
    }

    /// A yes or no that may be absent.
    pub(super) fn flag(&mut self, name: &str) -> Option<bool> {
        match self.given(name, false)? {
            Value::Bool(flag) => Some(flag),
            Value::String(text) if text == "true" => Some(true),
            Value::String(text) if text == "false" => Some(false),
            Value::Null
            | Value::Number(_)
            | Value::String(_)
            | Value::Array(_)
            | Value::Object(_) => {
                self.complain(name, "Must be a valid boolean.");
                None
            }
        }
    }

    /// A whole number in a range that may be absent; `null` is allowed if asked for.
    pub(super) fn number(
        &mut self,
        name: &str,
        low: i64,
        high: i64,
        nullable: bool,
    ) -> Option<Value> {
        if nullable && self.body.get(name) == Some(&Value::Null) {
            return Some(Value::Null);
        }
        let value = self.given(name, false)?;
        let Some(number) = value.as_i64().or_else(|| value.as_str()?.parse().ok()) else {
            self.complain(name, "A valid integer is required.");
            return None;
        };
        if number < low {
            let message = format!("Ensure this value is greater than or equal to {low}.");
            self.complain(name, message);
            return None;
        }
        if number > high {
            let message = format!("Ensure this value is less than or equal to {high}.");
            self.complain(name, message);
            return None;
        }
        Some(number.into())
    }

    /// One of several words.
    pub(super) fn choice(
        &mut self,
        name: &str,
        required: bool,
        choices: &[&str],
    ) -> Option<String> {
        let word = self.string(name, required, 255)?;
        if !choices.contains(&word.as_str()) {
            self.complain(name, format!("\"{word}\" is not a valid choice."));
            return None;
        }
        Some(word)
    }

    /// The identifier of an object that must exist.
    pub(super) fn reference(&mut self, name: &str, kind: Kind) -> Option<Key> {
        let value = self.given(name, true)?;
        self.resolve(name, &value, kind)
    }

    /// The identifier of an object, or nothing.
    pub(super) fn optional_reference(&mut self, name: &str, kind: Kind) -> Option<Key> {
        let value = self
            .body
            .get(name)
            .filter(|value| !value.is_null())?
            .clone();
        self.resolve(name, &value, kind)
    }

    /// A list of identifiers that must not be empty.
    pub(super) fn references(&mut self, name: &str, kind: Kind) -> Option<Vec<Key>> {
        let items = self.list(name)?;
        items
            .iter()
            .map(|item| self.resolve(name, item, kind))
            .collect()
    }

    /// A list that must be there and not be empty.
    pub(super) fn list(&mut self, name: &str) -> Option<Vec<Value>> {
        match self.given(name, true)? {
            Value::Array(items) if items.is_empty() => {
                self.complain(name, "This list may not be empty.");
                None
            }
            Value::Array(items) => Some(items),
            // A form-encoded body carries a single item as text.
            text @ Value::String(_) => Some(vec![text]),
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::Object(_) => {
                self.complain(name, "Expected a list of items.");
                None
            }
        }
    }

    /// What an identifier in the body names; complains if it names nothing.
    pub(super) fn resolve(&mut self, name: &str, value: &Value, kind: Kind) -> Option<Key> {
        let text = value.as_str().unwrap_or_default();
        let found = self.world.find(text, kind).ok();
        if found.is_none() {
            self.complain(
                name,
                format!("Invalid pk \"{text}\" - object does not exist."),
            );
        }
        found
    }

    /// Ends the check.
    pub(super) fn finish(self) -> Result<(), Refusal> {
        if self.errors.is_empty() {
            Ok(())
        } else {
            Err(Refusal::Fields(self.errors))
        }
    }
}

/// A value that the form has found to be there; the platform's own fault if it is not.
pub(super) fn present<T>(value: Option<T>) -> Result<T, Refusal> {
    value.ok_or_else(|| Refusal::whole("Incomplete data."))
}
