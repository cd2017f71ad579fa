//! Operations: one attempt each, and nothing is repeated. What comes later is followed.
//!
//! Source: Pangea contract, sections 5 to 7.

use serde_json::{Map, Value, json};

use super::api::{Api, Heard, call};
use super::envelope::{Answer, Meaning};
use super::memory::Subject;
use super::paths::Op;
use super::support::support;
use super::{GEOS, ids, map, progress, wire};
use crate::model::{
    Accepted, AppId, Failure, FieldProblem, Operation, OperationKind, OrgId, Safety, Text,
};
use crate::platforms::http::unsent;

/// What a project is made from, beside its name.
const INPUTS: [&str; 2] = ["geo", "region"];

pub(super) async fn operate(api: &Api, operation: &Operation) -> Result<Accepted, Failure> {
    let capability = operation.kind.capability();
    if let Some(reason) = support(capability).refusal() {
        return Err(Failure::unsupported(capability, reason));
    }
    // Before anything is read: for a write, a read-only context sends nothing at all.
    api.http.allow(Safety::Once)?;
    if let OperationKind::CreateApp { name, inputs } = &operation.kind {
        return create(api, name, inputs).await;
    }
    if let OperationKind::UpdateApp { name } = &operation.kind {
        return rename(api, project(operation)?, name).await;
    }
    if let OperationKind::DeleteApp { typed_name } = &operation.kind {
        return delete(api, project(operation)?, typed_name).await;
    }
    if let OperationKind::RenameOrganisation { id, name } = &operation.kind {
        return rename_organisation(api, id, name).await;
    }
    Err(Failure::unsupported(capability, "Pangea does not offer it"))
}

/// The project that something is done to.
pub(super) fn project(operation: &Operation) -> Result<&str, Failure> {
    let app = operation.target.app.as_ref();
    let nothing = || Failure::invalid("project", "say which");
    app.map(AppId::as_str).ok_or_else(nothing)
}

async fn create(api: &Api, name: &str, inputs: &[(String, String)]) -> Result<Accepted, Failure> {
    let name = filled("name", name)?;
    let (organisation, remark) = api.organisation()?;
    let mut body = wishes(inputs)?;
    body.insert("org_id".to_owned(), Value::from(organisation));
    body.insert("name".to_owned(), Value::from(name));
    let subject = Subject::Created {
        name: name.to_owned(),
        others: api.known_of_name(name),
    };
    let change = Change {
        op: Op::CreateProject,
        about: name,
        subject: Some(subject),
        remark,
    };
    change.send(api, &Value::Object(body)).await
}

async fn rename(api: &Api, id: &str, name: &str) -> Result<Accepted, Failure> {
    let name = filled("name", name)?;
    let change = Change {
        op: Op::UpdateProject,
        about: id,
        subject: Some(Subject::Renamed(id.to_owned())),
        remark: ids::check(ids::PROJECT, id)?,
    };
    change.send(api, &json!({"id": id, "name": name})).await
}

/// The name is compared with the project's own as it is now, not with what a dialog showed.
async fn delete(api: &Api, id: &str, typed_name: &str) -> Result<Accepted, Failure> {
    let remark = ids::check(ids::PROJECT, id)?;
    let found = match Box::pin(api.project(id)).await {
        Err(Failure::NotFound { .. }) => return Ok(gone()),
        found => found.map_err(unsent)?,
    };
    let name = map::shown_name(&found);
    if typed_name.trim() != name.as_str() {
        let problem = format!("the project is called {name}: type that");
        return Err(Failure::invalid("app", &problem));
    }
    let change = Change {
        op: Op::DeleteProject,
        about: id,
        subject: Some(Subject::Deleted(id.to_owned())),
        remark,
    };
    change.send(api, &json!({"id": id})).await
}

async fn rename_organisation(api: &Api, id: &OrgId, name: &str) -> Result<Accepted, Failure> {
    let name = filled("name", name)?;
    let change = Change {
        op: Op::UpdateOrg,
        about: id.as_str(),
        subject: None,
        remark: ids::check(ids::ORGANISATION, id.as_str())?,
    };
    change
        .send(api, &json!({"id": id.as_str(), "name": name}))
        .await
}

/// A change that is about to be sent.
struct Change<'a> {
    op: Op,
    /// The id of what it is about, or its name where it has none yet.
    about: &'a str,
    /// What is being done to which project, should it take its time.
    subject: Option<Subject>,
    remark: Option<Text>,
}

impl Change<'_> {
    async fn send(self, api: &Api, body: &Value) -> Result<Accepted, Failure> {
        let call = call(self.op, self.about, body, Safety::Once);
        let heard = Box::pin(api.exchange(call)).await;
        // Also after a failure: it may have happened all the same.
        api.memory.rounds.forget();
        let mut accepted = match heard? {
            Heard::Done(answer) => done(self.op, answer),
            Heard::Later(later) => progress::begin(api, self.op, self.about, later, self.subject),
            Heard::Refused(no) if is_gone(self.op, no.meaning) => gone(),
            Heard::Refused(no) => return Err(no.failure),
        };
        accepted.note = joined(accepted.note, self.remark);
        Ok(accepted)
    }
}

/// What there is to say of a change that is done. It is, whatever its result looks like.
pub(super) fn done(op: Op, answer: Answer) -> Accepted {
    match answer.decode::<wire::Project>(op.row().operation) {
        Ok(made) if op == Op::CreateProject => Accepted::noted(&format!("its id is {}", made.id)),
        Ok(_) | Err(_) => Accepted::default(),
    }
}

fn is_gone(op: Op, meaning: Option<Meaning>) -> bool {
    op == Op::DeleteProject && meaning == Some(Meaning::NotFound)
}

fn gone() -> Accepted {
    Accepted::noted("it was gone already")
}

fn joined(note: Option<Text>, remark: Option<Text>) -> Option<Text> {
    match (note, remark) {
        (Some(note), Some(remark)) => Some(Text::clean(&format!("{note}; {remark}"))),
        (note, remark) => note.or(remark),
    }
}

/// A text with something in it.
fn filled<'a>(field: &str, text: &'a str) -> Result<&'a str, Failure> {
    let text = text.trim();
    if text.is_empty() {
        return Err(Failure::invalid(field, "is empty"));
    }
    Ok(text)
}

/// What a project is made from, in the platform's words. What it would not know is refused by name.
fn wishes(inputs: &[(String, String)]) -> Result<Map<String, Value>, Failure> {
    let (mut fields, mut problems) = (Map::new(), Vec::new());
    for (key, value) in inputs {
        let known = INPUTS.iter().find(|name| name.eq_ignore_ascii_case(key));
        match (known, value.trim()) {
            (Some(_), "") => {}
            (Some(name), value) => {
                fields.insert((*name).to_owned(), Value::from(value));
            }
            (None, _) => problems.push(problem(
                key,
                "a project is made from a name, `geo` and `region`",
            )),
        }
    }
    let geos = GEOS.map(|(geo, _)| geo);
    match fields.get("geo").and_then(Value::as_str) {
        Some(geo) if geos.contains(&geo) => {}
        Some(_) => problems.push(problem("geo", "is us or eu")),
        None => problems.push(problem("geo", "say which: us or eu")),
    }
    if problems.is_empty() {
        Ok(fields)
    } else {
        Err(Failure::Validation(problems))
    }
}

fn problem(field: &str, problem: &str) -> FieldProblem {
    FieldProblem {
        field: Text::non_empty(field),
        problem: Text::clean(problem),
    }
}
