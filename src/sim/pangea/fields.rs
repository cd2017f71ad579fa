//! Checks the body of a request field by field. Source: Pangea contract, sections 5 and 7.

use serde_json::{Map, Value};

use super::{errors::FieldError, id::Kind};

/// One field that a body can have.
pub(super) struct Field {
    name: &'static str,
    is_required: bool,
    form: Form,
}

/// What the value of a field has to be.
#[derive(Clone, Copy)]
pub(super) enum Form {
    /// An identifier.
    Id(Kind),
    /// A text that says something.
    Name,
    Text,
    /// One of these.
    One(&'static [&'static str]),
    /// A number that is not less.
    Count(i64),
    /// An object with these fields.
    Object(&'static [Field]),
}

/// Longest name. Nothing is published about that.
const LONGEST: usize = 128;

/// A field that has to be there.
pub(super) const fn required(name: &'static str, form: Form) -> Field {
    let is_required = true;
    Field {
        name,
        is_required,
        form,
    }
}

/// A field that can be left out.
pub(super) const fn optional(name: &'static str, form: Form) -> Field {
    let is_required = false;
    Field {
        name,
        is_required,
        form,
    }
}

/// Reads a body.
pub(super) fn read(body: &[u8]) -> Result<Map<String, Value>, Vec<FieldError>> {
    match serde_json::from_slice(body) {
        Ok(Value::Object(fields)) => Ok(fields),
        Ok(other) => {
            let detail = format!("{other} is not of type 'object'");
            Err(vec![wrong("BadFormat", detail, "", "type")])
        }
        Err(error) => {
            let detail = format!("the body is not JSON: {error}");
            Err(vec![wrong("BadFormat", detail, "", "type")])
        }
    }
}

/// What is wrong with a body: in the order of the fields, what nobody asked for at the end.
pub(super) fn check(fields: &[Field], body: &Map<String, Value>) -> Vec<FieldError> {
    within(fields, body, "")
}

fn within(fields: &[Field], body: &Map<String, Value>, at: &str) -> Vec<FieldError> {
    let mut errors = Vec::new();
    for Field {
        name,
        is_required,
        form,
    } in fields
    {
        let at = format!("{at}/{name}");
        match body.get(*name) {
            Some(value) => errors.extend(one(*form, value, &at)),
            None if *is_required => {
                let detail = format!("'{name}' is a required property");
                errors.push(wrong("FieldRequired", detail, &at, "required"));
            }
            None => {}
        }
    }
    let known = |name: &str| fields.iter().any(|field| field.name == name);
    for name in body.keys().filter(|name| !known(name)) {
        let detail = format!("'{name}' was unexpected");
        let at = format!("{at}/{}", pointer(name));
        errors.push(wrong(
            "UnexpectedProperty",
            detail,
            &at,
            "additionalProperties",
        ));
    }
    errors
}

/// What is wrong with one value.
fn one(form: Form, value: &Value, at: &str) -> Vec<FieldError> {
    let found = match form {
        Form::Object(fields) => {
            let Some(inner) = value.as_object() else {
                return vec![mistyped("BadFormat", value, "object", at)];
            };
            return within(fields, inner, at);
        }
        Form::Count(least) => number(least, value, at),
        Form::Id(_) | Form::Name | Form::Text | Form::One(_) => match value.as_str() {
            Some(text) => written(form, text, at),
            None => Some(mistyped("InvalidString", value, "string", at)),
        },
    };
    found.into_iter().collect()
}

fn number(least: i64, value: &Value, at: &str) -> Option<FieldError> {
    match value.as_i64() {
        None => Some(mistyped("InvalidInteger", value, "integer", at)),
        Some(number) if number < least => {
            let detail = format!("{number} is less than the minimum of {least}");
            Some(wrong("BelowMinimum", detail, at, "minimum"))
        }
        Some(_) => None,
    }
}

fn written(form: Form, text: &str, at: &str) -> Option<FieldError> {
    match form {
        Form::Id(kind) if !kind.fits(text) => {
            let detail = format!("'{text}' does not match '{}'", kind.pattern());
            Some(wrong("DoesNotMatchPattern", detail, at, "pattern"))
        }
        Form::Name if text.trim().is_empty() => {
            let detail = format!("'{text}' is too short");
            Some(wrong("BelowMinLength", detail, at, "minLength"))
        }
        Form::Name if text.chars().count() > LONGEST => {
            let detail = format!("'{text}' is longer than {LONGEST} characters");
            Some(wrong("AboveMaxLength", detail, at, "maxLength"))
        }
        Form::One(members) if !members.contains(&text) => {
            let members: Vec<String> = members.iter().map(|it| format!("'{it}'")).collect();
            let detail = format!("'{text}' is not one of [{}]", members.join(", "));
            Some(wrong("NotEnumMember", detail, at, "enum"))
        }
        Form::Id(_) | Form::Name | Form::Text | Form::One(_) | Form::Count(_) | Form::Object(_) => {
            None
        }
    }
}

fn mistyped(code: &'static str, value: &Value, kind: &str, at: &str) -> FieldError {
    wrong(code, format!("{value} is not of type '{kind}'"), at, "type")
}

/// An error of the field that a pointer leads to, by a rule of its schema.
pub(super) fn wrong(code: &'static str, detail: String, at: &str, rule: &str) -> FieldError {
    let path = at.replace('/', "/properties/");
    FieldError {
        code,
        detail,
        source: at.to_owned(),
        path: format!("{path}/{rule}"),
    }
}

/// A name as a part of a JSON pointer.
fn pointer(name: &str) -> String {
    name.replace('~', "~0").replace('/', "~1")
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    const FIELDS: &[Field] = &[
        required("id", Form::Id(Kind::Project)),
        required("name", Form::Name),
        optional("geo", Form::One(&["us", "eu"])),
        optional("filter", Form::Object(&[optional("search", Form::Text)])),
        optional("limit", Form::Count(1)),
    ];

    fn check(body: &Value, expected: &[&str]) {
        let errors = super::check(FIELDS, body.as_object().unwrap());
        let told: Vec<String> = errors
            .iter()
            .map(|it| format!("{} {}", it.source, it.code))
            .collect();
        assert_eq!(told, expected, "{body}");
    }

    #[test]
    fn every_field_that_is_wrong_is_told_with_its_place() {
        let id = super::super::id::id(1, Kind::Project, 0);
        check(&json!({"id": id, "name": "a", "limit": 1}), &[]);
        check(&json!({}), &["/id FieldRequired", "/name FieldRequired"]);
        let many = json!({"id": "ppi_x", "name": " ", "geo": "ap", "limit": 0, "filter": {"search": 1, "x": 1}, "a/b": 1});
        check(
            &many,
            &[
                "/id DoesNotMatchPattern",
                "/name BelowMinLength",
                "/geo NotEnumMember",
                "/filter/search InvalidString",
                "/filter/x UnexpectedProperty",
                "/limit BelowMinimum",
                "/a~1b UnexpectedProperty",
            ],
        );
        let mistyped = json!({"id": null, "name": "a".repeat(129), "filter": [], "limit": "1"});
        check(
            &mistyped,
            &[
                "/id InvalidString",
                "/name AboveMaxLength",
                "/filter BadFormat",
                "/limit InvalidInteger",
            ],
        );
    }

    #[test]
    fn only_an_object_is_a_body() {
        assert_eq!(read(b"[]").unwrap_err()[0].code, "BadFormat");
        assert_eq!(read(b"").unwrap_err()[0].source, "");
        assert!(read(b"{}").unwrap().is_empty());
    }
}
