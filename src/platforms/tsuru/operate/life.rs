//! Creating and deleting apps.
//!
//! Source: tsuru contract, section 5 (apps).

use serde::Deserialize;

use super::{Attempt, app};
use crate::model::{Accepted, Failure, FieldProblem, Safety, Text};
use crate::platforms::tsuru::api::{call, record, with_form};
use crate::platforms::tsuru::paths::Op;

/// What an app is made from: how it is said here, and what the server calls it.
const INPUTS: [(&str, &str); 8] = [
    ("platform", "platform"),
    ("plan", "plan"),
    ("team", "teamOwner"),
    ("teamOwner", "teamOwner"),
    ("pool", "pool"),
    ("description", "description"),
    ("router", "router"),
    ("tag", "tag"),
];

#[derive(Deserialize)]
struct Made {
    #[serde(default)]
    ip: Option<String>,
}

impl Attempt<'_> {
    pub(super) async fn create_app(
        &mut self,
        name: &str,
        inputs: &[(String, String)],
    ) -> Result<Accepted, Failure> {
        let mut fields = vec![("name", name)];
        fields.extend(translated(inputs)?);
        let kept_to = self.api.organisation.as_ref();
        let names_team = fields.iter().any(|(key, _)| *key == "teamOwner");
        if let Some(team) = kept_to.filter(|_| !names_team) {
            fields.push(("teamOwner", team.as_str()));
        }
        let call = with_form(call(Op::AppCreate, &[], Safety::Once)?, &fields);
        let reply = self.send(Op::AppCreate, call).await?;
        // It is there whatever its answer says: where it will answer is no condition.
        let made: Option<Made> = record(Op::AppCreate, &reply).ok();
        let address = made.and_then(|made| made.ip).unwrap_or_default();
        Ok(if address.is_empty() {
            Accepted::noted("nothing runs until it is deployed")
        } else {
            Accepted::noted(&format!(
                "it will answer at {address}; nothing runs until it is deployed"
            ))
        })
    }

    /// The name is the app's identifier.
    pub(super) async fn delete_app(&mut self, typed_name: &str) -> Result<Accepted, Failure> {
        let app = app(self.operation)?;
        if typed_name != app {
            let problem = format!("it is called {app}: type that");
            return Err(Failure::invalid("app", &problem));
        }
        let call = call(Op::AppDelete, &[app], Safety::Once)?;
        self.act(Op::AppDelete, call, "app.delete").await
    }
}

/// In the server's words. What it would ignore is refused by name.
fn translated(inputs: &[(String, String)]) -> Result<Vec<(&str, &str)>, Failure> {
    let (mut known, mut problems) = (Vec::new(), Vec::new());
    for (key, value) in inputs {
        let mut names = INPUTS.iter();
        match names.find(|(name, _)| name.eq_ignore_ascii_case(key)) {
            Some((_, name)) => known.push((*name, value.as_str())),
            None => problems.push(unknown(key)),
        }
    }
    if problems.is_empty() {
        Ok(known)
    } else {
        Err(Failure::Validation(problems))
    }
}

fn unknown(key: &str) -> FieldProblem {
    let names = INPUTS.map(|(name, _)| name).join(", ");
    FieldProblem {
        field: Some(Text::clean(key)),
        problem: Text::clean(&format!("an app is made from {names}")),
    }
}
