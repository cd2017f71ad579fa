//! The variables of a project: one list, which is changed as a whole.
//!
//! So it is read first, and only what was asked for is changed in it: what others have changed stays
//! as they left it. Of what is changed here, what was last shown must still be there, or what is
//! wished already: else somebody else has changed it meanwhile. Values are in no failure.
//! Source: PandaStack contract, section 7.1.

use serde_json::{Value, json};

use super::memory::Prints;
use crate::model::{
    Accepted, Failure, Page, Safety, Secret, Text, Variable, VariableChange, VariableId,
    VariableWish,
};
use crate::platforms::http::{Call, unsent};
use crate::platforms::pandastack::api::Api;
use crate::platforms::pandastack::decode::{self, Payload};
use crate::platforms::pandastack::paths::Op;

/// What the user should know of every change.
const NOTE: &str = "takes effect with the next deployment";

/// One entry of the list, as it came.
struct Entry {
    name: String,
    /// Absent where the platform does not show it.
    value: Option<Secret>,
    raw: Value,
}

/// The list as it is.
pub(super) struct Env {
    entries: Vec<Entry>,
    /// Whether all of it was understood, so that it may be written back.
    is_whole: bool,
}

/// The variables of a project.
///
/// # Errors
/// As any read.
pub(in crate::platforms::pandastack) async fn variables(
    api: &Api,
    name: &str,
) -> Result<Page<Variable>, Failure> {
    let env = read(api, name).await?;
    api.projects.show(name, env.prints(api));
    Ok(Page::whole(env.entries.iter().map(Entry::shown).collect()))
}

/// Reads the list.
pub(super) async fn read(api: &Api, name: &str) -> Result<Env, Failure> {
    let reply = api.read(Op::GetProject, &[name]).await?;
    let record = Payload::of(&reply)?.record();
    // A record has no fields that are `null`; here that says that there are no variables.
    let written: Option<Value> = reply.json().ok();
    let is_null = written.is_some_and(|it| it.pointer("/data/env") == Some(&Value::Null));
    let none = is_null.then(|| json!([]));
    Ok(Env::of(record.value("env").or(none.as_ref())))
}

/// Changes variables.
pub(super) async fn change(
    api: &Api,
    project: &str,
    changes: &[VariableChange],
) -> Result<Accepted, Failure> {
    if changes.is_empty() {
        return Err(Failure::invalid("variables", "nothing is to be changed"));
    }
    api.http.allow(Safety::Repeatable)?;
    let mut env = read(api, project).await.map_err(unsent)?;
    let shown = api.projects.shown(project);
    let is_moved = |it: &&VariableChange| {
        let shown = shown.as_ref();
        shown.is_some_and(|shown| env.has_moved(api, shown, it))
    };
    let moved: Vec<_> = changes.iter().filter(is_moved).collect();
    if !moved.is_empty() {
        return Err(conflict(&moved));
    }
    if changes.iter().all(|change| env.has(change)) {
        return Ok(Accepted::noted("nothing was sent: it is so already"));
    }
    let mut secrets = env.values();
    for change in changes {
        env.apply(change);
    }
    secrets.extend(env.values());
    send(api, project, &env, secrets).await?;
    api.projects.show(project, env.prints(api));
    Ok(Accepted::noted(NOTE))
}

/// Writes the list back. `secrets` are the values that it has and had: none may be in a failure.
async fn send(api: &Api, project: &str, env: &Env, secrets: Vec<Secret>) -> Result<(), Failure> {
    env.check()?;
    let list: Vec<&Value> = env.entries.iter().map(|entry| &entry.raw).collect();
    let call = api
        .call(Op::UpdateProject, &[project], Safety::Repeatable)
        .await?;
    let call = Call {
        secrets,
        ..call.json(&json!({ "env": list }))
    };
    let reply = api.send(call).await?;
    Payload::of(&reply).map(|_| ())
}

impl Env {
    /// The list, where there is one. Where nothing is said it is not known.
    fn of(value: Option<&Value>) -> Self {
        let items = match value {
            Some(Value::Array(items)) => items.as_slice(),
            Some(_) | None => &[],
        };
        let entries: Vec<_> = items.iter().filter_map(Entry::of).collect();
        Self {
            is_whole: value.is_some_and(Value::is_array) && entries.len() == items.len(),
            entries,
        }
    }

    /// Whether a change has been made.
    pub(super) fn has(&self, change: &VariableChange) -> bool {
        let mut same = self.entries.iter().filter(|it| it.name == change.name);
        match &change.wish {
            VariableWish::Unset => same.next().is_none(),
            VariableWish::Set { value, .. } => {
                let is_it = |it: &Entry| it.value.as_ref() == Some(value);
                same.next().is_some_and(is_it) && same.all(is_it)
            }
        }
    }

    /// Whether somebody else has changed what is to be changed, since it was shown.
    fn has_moved(&self, api: &Api, shown: &Prints, change: &VariableChange) -> bool {
        let now = self.prints(api);
        now.get(&change.name) != shown.get(&change.name) && !self.has(change)
    }

    fn values(&self) -> Vec<Secret> {
        let values = self.entries.iter();
        values.filter_map(|it| it.value.clone()).collect()
    }

    fn prints(&self, api: &Api) -> Prints {
        let entries = self.entries.iter();
        let hide = Secret::new("");
        let prints = entries.map(|it| {
            let value = it.value.as_ref().unwrap_or(&hide);
            (it.name.clone(), api.projects.print(value))
        });
        prints.collect()
    }

    fn apply(&mut self, change: &VariableChange) {
        match &change.wish {
            VariableWish::Unset => self.entries.retain(|it| it.name != change.name),
            VariableWish::Set { value, .. } => {
                let mut is_there = false;
                for entry in &mut self.entries {
                    if entry.name == change.name {
                        entry.set(value);
                        is_there = true;
                    }
                }
                if !is_there {
                    self.entries.push(Entry::new(&change.name, value));
                }
            }
        }
    }

    /// Whether nothing is lost when it is written back.
    fn check(&self) -> Result<(), Failure> {
        let hidden = self.entries.iter().find(|it| it.value.is_none());
        let problem = match hidden {
            Some(entry) => format!("nothing was sent: the value of {} is not shown", entry.name),
            None if !self.is_whole => "nothing was sent: the variables are not all known".into(),
            None => return Ok(()),
        };
        Err(Failure::Local {
            problem: Text::clean(&problem),
            advice: "a change replaces all of them: use PandaStack's dashboard".into(),
        })
    }
}

impl Entry {
    fn of(raw: &Value) -> Option<Self> {
        let fields = raw.as_object()?;
        let name = decode::find(fields, &["name", "key"]);
        let value = match decode::find(fields, &["value"]) {
            Some(Value::String(text)) => Some(text.clone()),
            Some(value @ (Value::Number(_) | Value::Bool(_))) => Some(value.to_string()),
            Some(Value::Null | Value::Array(_) | Value::Object(_)) | None => None,
        };
        Some(Self {
            name: name?.as_str().filter(|name| !name.is_empty())?.to_owned(),
            value: value.map(Secret::new),
            raw: raw.clone(),
        })
    }

    fn new(name: &str, value: &Secret) -> Self {
        Self {
            name: name.to_owned(),
            value: Some(value.clone()),
            raw: json!({"name": name, "value": value.expose()}),
        }
    }

    /// What else the platform keeps with it stays.
    fn set(&mut self, value: &Secret) {
        let Self { raw, .. } = self;
        if let Some(fields) = raw.as_object_mut() {
            let key = fields.keys().find(|key| key.eq_ignore_ascii_case("value"));
            let key = key.cloned().unwrap_or_else(|| "value".into());
            fields.insert(key, value.expose().into());
        }
        self.value = Some(value.clone());
    }

    fn shown(&self) -> Variable {
        Variable {
            id: Some(VariableId::new(&self.name)),
            name: Text::clean(&self.name),
            value: self.value.clone(),
            is_sensitive: true,
            is_read_only: false,
            scope: None,
            changed_at: None,
            details: Vec::new(),
        }
    }
}

fn conflict(moved: &[&VariableChange]) -> Failure {
    let names: Vec<_> = moved.iter().map(|it| it.name.as_str()).collect();
    Failure::Conflict(Text::clean(&format!(
        "{}: somebody else has changed this meanwhile; nothing was sent",
        names.join(", ")
    )))
}
