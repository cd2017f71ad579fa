//! The answers of an operation, there and back: by the fields of its row in the catalogue.

use std::collections::BTreeMap;

use super::record::{ChosenLine, HIDDEN, InputLine};
use super::redact::{Redactor, names_a_secret};
use crate::model::catalogue::{
    Chosen, Field, FieldKind, Inputs, Recipe, Value, inputs_of, name_of, written_of,
};
use crate::model::{OperationKind, Secret, Text};

/// The name of an operation, and its inputs as they are written: no secret among them.
pub(super) fn written(
    kind: &OperationKind,
    redactor: &Redactor,
) -> (String, BTreeMap<String, InputLine>) {
    let name = name_of(kind);
    let inputs = inputs_of(kind);
    let lines = inputs
        .iter()
        .map(|(field, value)| (field.to_owned(), line(value, redactor)));
    (name.to_owned(), lines.collect())
}

fn line(value: &Value, redactor: &Redactor) -> InputLine {
    let chosen = |it: &Chosen| ChosenLine {
        id: it.id.clone(),
        title: it.title.to_string(),
    };
    match value {
        Value::Secret(_) => InputLine::Text(HIDDEN.into()),
        Value::Text(text) => InputLine::Text(redactor.clean(text)),
        Value::Count(count) => InputLine::Count(*count),
        Value::Flag(flag) => InputLine::Flag(*flag),
        Value::Time(at) => InputLine::Text(at.to_string()),
        Value::Pairs(pairs) => {
            let pairs = pairs.iter().map(|(key, value)| pair(key, value, redactor));
            InputLine::Pairs(pairs.collect())
        }
        Value::One(one) => InputLine::One(chosen(one)),
        Value::Many(many) => InputLine::Many(many.iter().map(chosen).collect()),
    }
}

/// A key may say that its value is a secret.
fn pair(key: &str, value: &str, redactor: &Redactor) -> (String, String) {
    let value = if names_a_secret(key) {
        HIDDEN.to_owned()
    } else {
        redactor.clean(value)
    };
    (redactor.clean(key), value)
}

/// The inputs of a line, in the order of the catalogue. What does not fit a field is left out.
pub(super) fn read(operation: &str, lines: &BTreeMap<String, InputLine>) -> Vec<(Text, Value)> {
    let fields = written_of(operation).map_or(&[][..], |(fields, _)| fields);
    let values = fields.iter().filter_map(|field| {
        let value = value(field, lines.get(field.name)?)?;
        Some((Text::clean(field.name), value))
    });
    values.collect()
}

fn value(field: &Field, line: &InputLine) -> Option<Value> {
    let chosen = |it: &ChosenLine| Chosen {
        id: it.id.clone(),
        title: Text::clean(&it.title),
    };
    Some(match (field.kind, line) {
        (FieldKind::Text | FieldKind::Choice(_), InputLine::Text(text)) => {
            Value::Text(text.clone())
        }
        (FieldKind::Secret, InputLine::Text(_)) => Value::Secret(Secret::new(HIDDEN)),
        (FieldKind::Count { .. }, InputLine::Count(count)) => Value::Count(*count),
        (FieldKind::Flag, InputLine::Flag(flag)) => Value::Flag(*flag),
        (FieldKind::Time, InputLine::Text(at)) => Value::Time(at.parse().ok()?),
        (FieldKind::Pairs, InputLine::Pairs(pairs)) => Value::Pairs(pairs.clone()),
        (FieldKind::Pick(_), InputLine::One(one)) => Value::One(chosen(one)),
        (FieldKind::Some(_), InputLine::Many(many)) => {
            Value::Many(many.iter().map(chosen).collect())
        }
        _ => return None,
    })
}

/// What was asked for, made anew; absent where what was written does not tell all of it. A secret in it is a mark: it is for looking, not for sending.
pub(super) fn rebuilt(operation: &str, inputs: &[(Text, Value)]) -> Option<OperationKind> {
    let recipe = Recipe::named(operation)?;
    let answers = inputs.iter().filter_map(|(name, value)| {
        let field = recipe.field(name.as_str())?;
        Some((field.name, value.clone()))
    });
    let inputs = answers.fold(Inputs::default(), |inputs, (field, value)| {
        inputs.with(field, value)
    });
    (recipe.build)(&inputs).ok()
}
