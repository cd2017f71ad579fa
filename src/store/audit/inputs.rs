//! The answers of an operation, there and back: by the fields of its row in the catalogue.

use std::collections::BTreeMap;

use super::record::{ChosenLine, HIDDEN, InputLine};
use super::redact::{Redactor, names_a_secret};
use crate::model::catalogue::{
    Chosen, Field, FieldKind, Inputs, Recipe, Value, inputs_of, name_of, written_of,
};
use crate::model::{OperationKind, Secret, Special, Text};

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

/// The inputs of a line, in the order of the catalogue. What does not fit a field is left out. Of an
/// operation that is not everybody's (only one platform has it, or a newer flightdeck) all are read
/// as they stand there.
pub(super) fn read(operation: &str, lines: &BTreeMap<String, InputLine>) -> Vec<(Text, Value)> {
    let Some((fields, _)) = written_of(operation) else {
        let all = lines.iter();
        return all
            .map(|(name, line)| (Text::clean(name), as_written(line)))
            .collect();
    };
    let values = fields.iter().filter_map(|field| {
        let value = value(field, lines.get(field.name)?)?;
        Some((Text::clean(field.name), value))
    });
    values.collect()
}

fn chosen(it: &ChosenLine) -> Chosen {
    Chosen {
        id: it.id.clone(),
        title: Text::clean(&it.title),
    }
}

fn as_written(line: &InputLine) -> Value {
    match line {
        InputLine::Text(text) if text == HIDDEN => Value::Secret(Secret::new(HIDDEN)),
        InputLine::Text(text) => Value::Text(text.clone()),
        InputLine::Count(count) => Value::Count(*count),
        InputLine::Flag(flag) => Value::Flag(*flag),
        InputLine::Pairs(pairs) => Value::Pairs(pairs.clone()),
        InputLine::One(one) => Value::One(chosen(one)),
        InputLine::Many(many) => Value::Many(many.iter().map(chosen).collect()),
    }
}

fn value(field: &Field, line: &InputLine) -> Option<Value> {
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

/// What was asked for, made anew; absent where what was written does not tell all of it. `specials`
/// are the operations that only its platform has. A secret in it is a mark: it is for looking, not for sending.
pub(super) fn rebuilt(
    operation: &str,
    inputs: &[(Text, Value)],
    specials: &[&'static Special],
) -> Option<OperationKind> {
    let recipe = Recipe::named_for(operation, specials)?;
    let answers = inputs.iter().filter_map(|(name, value)| {
        let field = recipe.field(name.as_str())?;
        Some((field.name, typed(field, value)))
    });
    let inputs = answers.fold(Inputs::default(), |inputs, (field, value)| {
        inputs.with(field, value)
    });
    (recipe.build)(&inputs).ok()
}

/// A moment and a secret look like text until one knows the field.
fn typed(field: &Field, value: &Value) -> Value {
    let Value::Text(text) = value else {
        return value.clone();
    };
    if field.kind == FieldKind::Secret {
        return Value::Secret(Secret::new(HIDDEN));
    }
    let at = text.parse().ok().filter(|_| field.kind == FieldKind::Time);
    at.map_or_else(|| value.clone(), Value::Time)
}
