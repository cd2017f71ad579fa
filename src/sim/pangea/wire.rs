//! How results are written. Source: Pangea contract, sections 5 to 7.

use serde_json::{Map, Value, json};

use super::{
    call::{Done, Page},
    errors::{FieldError, Refusal},
    forms::{Count, Errors, Location, Nothing, Optional, Results, Terms},
    project::{Organisation, Project},
    tasks::Task,
    view::View,
};

/// The result of what was done; `None` is no result at all.
pub(super) fn done(done: &Done, view: &View) -> Option<Value> {
    match done {
        Done::Organisation(it) => Some(organisation(it, view)),
        Done::Project(it) => Some(project(it, view)),
        Done::Page(it) => Some(page(it, view)),
        Done::Deleted(it) => match view.shape.nothing {
            Nothing::Usual => Some(json!({})),
            Nothing::Null => Some(Value::Null),
            Nothing::Absent => None,
            Nothing::Project => Some(project(it, view)),
        },
    }
}

fn organisation(it: &Organisation, view: &View) -> Value {
    let mut fields = fields(json!({
        "id": it.id,
        "name": it.name,
        "owner": it.owner,
        "created_at": view.time(it.created),
        "csp": "aws",
    }));
    put_optional(&mut fields, "owner_email", it.owner_email.clone(), view);
    put_optional(&mut fields, "updated_at", view.time(it.updated), view);
    Value::Object(fields)
}

fn project(it: &Project, view: &View) -> Value {
    let is_new = view.shape.results == Results::NewRegion;
    let (geo, region) = if is_new {
        ("ap", "ap-southeast-2")
    } else {
        (it.geo.as_str(), it.region.as_str())
    };
    let mut fields = fields(json!({
        "id": it.id,
        "name": it.name,
        "org": it.organisation,
        "created_at": view.time(it.created),
        "geo": geo,
        "region": region,
    }));
    put_optional(&mut fields, "updated_at", view.time(it.updated), view);
    Value::Object(fields)
}

fn page(page: &Page, view: &View) -> Value {
    let all = page.projects.iter().map(|it| project(it, view));
    let count = match view.shape.count {
        Count::Total => page.total,
        Count::Page => page.projects.len(),
        Count::Zero => 0,
    };
    let mut fields = fields(json!({ "count": count, "offset": page.offset }));
    match view.shape.results {
        Results::There | Results::NewRegion => {
            fields.insert("results".to_owned(), all.collect());
        }
        Results::Null => {
            fields.insert("results".to_owned(), Value::Null);
        }
        Results::Missing => {}
    }
    Value::Object(fields)
}

/// The result of a request that is not done yet.
pub(super) fn waiting(task: &Task, view: &View) -> Value {
    let mut fields = match view.shape.terms {
        Terms::Null => return Value::Null,
        Terms::Numbers => fields(json!({ "ttl_mins": task.minutes, "retry_counter": task.polls })),
        Terms::Text => fields(json!({
            "ttl_mins": task.minutes.to_string(),
            "retry_counter": task.polls.to_string(),
        })),
    };
    let host = match view.shape.location {
        Location::Own => &view.origin,
        Location::Foreign => &view.elsewhere,
        Location::Absent => return Value::Object(fields),
    };
    let location = format!("{host}/request/{}", task.order.request);
    fields.insert("location".to_owned(), location.into());
    Value::Object(fields)
}

/// The result of a refusal; `None` is no result at all.
pub(super) fn refused(refusal: &Refusal, view: &View) -> Option<Value> {
    let Some(errors) = &refusal.errors else {
        return (view.shape.nothing != Nothing::Absent).then_some(Value::Null);
    };
    let all = errors.iter().map(|it| field_error(it, view.shape.errors));
    let all = if view.shape.errors == Errors::Empty {
        Vec::new()
    } else {
        all.collect()
    };
    Some(json!({ "errors": all }))
}

fn field_error(it: &FieldError, told: Errors) -> Value {
    let mut error = json!({ "code": it.code, "detail": it.detail, "source": it.source });
    if told == Errors::Verbose {
        error["path"] = it.path.clone().into();
    }
    error
}

fn put_optional(fields: &mut Map<String, Value>, name: &str, value: String, view: &View) {
    let value = match view.shape.optional {
        Optional::There => Value::String(value),
        Optional::Null => Value::Null,
        Optional::Absent => return,
    };
    fields.insert(name.to_owned(), value);
}

fn fields(object: Value) -> Map<String, Value> {
    match object {
        Value::Object(fields) => fields,
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) | Value::Array(_) => {
            Map::new()
        }
    }
}
