//! An answer before it becomes an HTTP response, and the shape that it takes then. Source:
//! PandaStack contract, sections 6.1 and 6.2.

use axum::{
    body::Body,
    http::{HeaderValue, StatusCode, header},
    response::Response,
};
use serde_json::{Value, json};

use super::{
    errors::Refusal,
    forms::{Beside, BodyForm, Envelope, ListForm},
    shape::Shape,
    wire::Object,
};

/// What a handler returns.
pub(super) type Outcome = Result<Reply, Refusal>;

/// What is answered.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Reply {
    /// In the shape of the moment.
    Shaped(StatusCode, Payload),
    /// As it is: dialect `v1` is published.
    Json(StatusCode, Value),
    /// In another place.
    Redirect(String),
    /// The log of a deployment.
    Log(String),
}

/// What there is to say in dialect `api-v1`.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Payload {
    /// Records, with their identifiers and how many there are.
    List(Vec<(String, Object)>, Object),
    /// One object, and the one word for it.
    One(Object, String),
    /// One object with something that stands at the very top.
    Topped(Object, Object),
}

/// How many records are on a page, if a shape has pages.
const PAGE: usize = 10;

impl Reply {
    /// The answer to a request of dialect `v1`. Source: PandaStack contract, section 7.1.
    pub(super) fn data(data: &Value) -> Reply {
        Reply::Json(StatusCode::OK, json!({ "success": true, "data": data }))
    }

    /// One object.
    pub(super) fn one(object: Object, word: &str) -> Reply {
        Reply::Shaped(StatusCode::OK, Payload::One(object, word.to_owned()))
    }

    /// The HTTP response; of a log, its head.
    pub(super) fn into_response(self, shape: &Shape) -> Response {
        match self {
            Reply::Shaped(status, payload) => dress(shape, status, payload),
            Reply::Json(status, value) => write(status, &value),
            Reply::Redirect(place) => {
                let mut response = Response::new(Body::empty());
                *response.status_mut() = StatusCode::PERMANENT_REDIRECT;
                if let Ok(place) = HeaderValue::from_str(&place) {
                    response.headers_mut().insert(header::LOCATION, place);
                }
                response
            }
            Reply::Log(_) => Response::default(),
        }
    }
}

/// A JSON answer.
pub(super) fn write(status: StatusCode, value: &Value) -> Response {
    text(status, "application/json; charset=utf-8", value.to_string())
}

/// An answer in text.
pub(super) fn text(status: StatusCode, kind: &'static str, text: String) -> Response {
    let mut response = Response::new(Body::from(text));
    *response.status_mut() = status;
    let kind = HeaderValue::from_static(kind);
    response.headers_mut().insert(header::CONTENT_TYPE, kind);
    response
}

fn dress(shape: &Shape, status: StatusCode, payload: Payload) -> Response {
    match shape.body {
        BodyForm::Whole => write(status, &whole(shape, payload)),
        BodyForm::EmptyObject => write(status, &json!({})),
        BodyForm::Null => write(status, &Value::Null),
        BodyForm::DataNull => write(status, &json!({ "success": true, "data": null })),
        BodyForm::Nothing => {
            let mut response = Response::new(Body::empty());
            *response.status_mut() = StatusCode::NO_CONTENT;
            response
        }
        BodyForm::Word => match payload {
            Payload::One(_, word) => text(status, "text/plain; charset=utf-8", word),
            list @ (Payload::List(..) | Payload::Topped(..)) => write(status, &whole(shape, list)),
        },
    }
}

fn whole(shape: &Shape, payload: Payload) -> Value {
    let envelope = &shape.envelope;
    match payload {
        Payload::One(object, _) => wrap(envelope, Value::Object(object), Object::new()),
        Payload::Topped(object, beside) => wrap(envelope, Value::Object(object), beside),
        Payload::List(records, odd) => list(shape, records, odd),
    }
}

fn list(shape: &Shape, mut records: Vec<(String, Object)>, odd: Object) -> Value {
    let envelope = &shape.envelope;
    let count = records.len();
    let total = shape.total.map(|name| totalled(name, count));
    let mut beside = total.unwrap_or_default();
    match shape.list {
        ListForm::EmptyObject if records.is_empty() => return json!({}),
        ListForm::One => records.truncate(1),
        ListForm::FirstPage => records.truncate(PAGE),
        ListForm::Array
        | ListForm::Key(_)
        | ListForm::Map
        | ListForm::FullMap
        | ListForm::EmptyObject => {}
    }
    match shape.list {
        ListForm::Array | ListForm::FirstPage | ListForm::EmptyObject => {
            wrap(envelope, array(shape, records, odd), beside)
        }
        ListForm::Key(key) => {
            beside.insert(key.to_owned(), array(shape, records, odd));
            wrap(envelope, Value::Object(beside), Object::new())
        }
        ListForm::Map | ListForm::FullMap => {
            let records = records.into_iter();
            let map: Object = records
                .map(|(id, record)| (id, Value::Object(record)))
                .collect();
            wrap(envelope, Value::Object(map), Object::new())
        }
        ListForm::One => {
            let first = records.into_iter().next();
            let first = first.map(|(_, record)| record).unwrap_or_default();
            wrap(envelope, Value::Object(first), Object::new())
        }
    }
}

/// The records, with something odd among them if the shape says so.
fn array(shape: &Shape, records: Vec<(String, Object)>, odd: Object) -> Value {
    let mut items: Vec<Value> = records
        .into_iter()
        .map(|(_, record)| Value::Object(record))
        .collect();
    if shape.quirks.odd {
        let place = items.len() / 2;
        items.insert(place, json!("not a record"));
        items.push(Value::Object(odd));
    }
    Value::Array(items)
}

/// How many there are, under a name that may lead one level deeper.
fn totalled(name: &str, count: usize) -> Object {
    let (name, value) = match name.split_once('.') {
        Some((outer, inner)) => (outer, json!({ inner: count })),
        None => (name, json!(count)),
    };
    Object::from_iter([(name.to_owned(), value)])
}

/// Puts the envelope around a payload, with something beside it; without an envelope that is in
/// the payload, if it is an object.
fn wrap(envelope: &Envelope, mut payload: Value, beside: Object) -> Value {
    let Some((outer, inner)) = envelope.keys.split_first() else {
        if let Value::Object(object) = &mut payload {
            object.extend(beside);
        }
        return payload;
    };
    let payload = inner
        .iter()
        .rev()
        .fold(payload, |it, key| json!({ *key: it }));
    let mut object = Object::from_iter([((*outer).to_owned(), payload)]);
    match envelope.beside {
        Beside::Nothing => {}
        Beside::Success => {
            object.insert("success".into(), json!(true));
        }
        Beside::StatusWord(word) => {
            object.insert("status".into(), json!(word));
        }
        Beside::StatusNumber => {
            object.insert("status".into(), json!(200));
        }
    }
    object.extend(beside);
    Value::Object(object)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(names: &str, expected: &Value) {
        let shape = Shape::named(names);
        let record = |id: u64| {
            let record = Object::from_iter([("id".to_owned(), json!(id))]);
            (id.to_string(), record)
        };
        let found = list(&shape, vec![record(1), record(2)], Object::new());
        assert_eq!(found, *expected, "{names}");
    }

    #[test]
    fn lists_take_every_form() {
        let two = json!([{ "id": 1 }, { "id": 2 }]);
        check("enveloped", &json!({ "success": true, "data": two }));
        check("bare_array", &two);
        check("bare+apps", &json!({ "apps": two }));
        check(
            "result+rows+count",
            &json!({ "success": true, "result": { "rows": two, "count": 2 } }),
        );
        check(
            "nested_three+pagination_total",
            &json!({ "payload": { "result": { "data": two } }, "status": 200,
                "pagination": { "total": 2 } }),
        );
        check(
            "bare+full_map",
            &json!({ "1": { "id": 1 }, "2": { "id": 2 } }),
        );
        check("bare+one_record", &json!({ "id": 1 }));
        check(
            "bare_array+odd_record",
            &json!([{ "id": 1 }, "not a record", { "id": 2 }, {}]),
        );
    }

    #[test]
    fn empty_list_can_be_an_empty_object() {
        let empty = |names| list(&Shape::named(names), Vec::new(), Object::new());
        assert_eq!(empty("empty_list_object"), json!({}));
        assert_eq!(empty("bare+map"), json!({}));
        assert_eq!(empty("bare_array"), json!([]));
    }
}
