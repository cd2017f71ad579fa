//! Variables: all that are set go in one request, all that are removed in another.
//!
//! A mix is two changes. What is set goes first and restarts nothing, what is removed restarts the app:
//! so the app starts once, with all of it. If the second is refused, the first has happened.
//!
//! Source: tsuru contract, section 5 (environment variables).

use serde_json::{Value, json};

use super::{Attempt, app};
use crate::model::{
    Accepted, Failure, FieldProblem, Safety, Secret, Text, VariableChange, VariableWish, Verdict,
};
use crate::platforms::http::Call;
use crate::platforms::tsuru::api::call;
use crate::platforms::tsuru::paths::Op;
use crate::platforms::tsuru::wire::{ENV_SET, ENV_UNSET};

/// What the server sets itself.
const PROTECTED: [&str; 3] = ["TSURU_APPNAME", "TSURU_APPDIR", "TSURU_SERVICES"];

impl Attempt<'_> {
    pub(super) async fn change_variables(&mut self) -> Result<Accepted, Failure> {
        let changes = VariableChange::all_of(&self.operation.kind);
        check(&changes)?;
        let app = app(self.operation)?;
        let (unset, set): (Vec<_>, Vec<_>) = changes.iter().partition(|it| it.takes_away());
        match (set.is_empty(), unset.is_empty()) {
            (true, true) => Err(Failure::invalid("variables", "nothing is to be changed")),
            (true, false) => self.unset(app, &unset).await,
            (false, true) => self.set(app, &set, true).await,
            (false, false) => self.mix(app, &set, &unset).await,
        }
    }

    async fn set(
        &mut self,
        app: &str,
        changes: &[&VariableChange],
        restart: bool,
    ) -> Result<Accepted, Failure> {
        let call = setting(app, changes, restart)?;
        self.act(Op::EnvSet, call, ENV_SET).await
    }

    async fn unset(&mut self, app: &str, changes: &[&VariableChange]) -> Result<Accepted, Failure> {
        let names = changes.iter().map(|change| ("env", change.name.as_str()));
        let call = call(Op::EnvUnset, &[app], Safety::Once)?.query(names);
        self.act(Op::EnvUnset, call, ENV_UNSET).await
    }

    async fn mix(
        &mut self,
        app: &str,
        set: &[&VariableChange],
        unset: &[&VariableChange],
    ) -> Result<Accepted, Failure> {
        let first = self.set(app, set, false).await?;
        if first.ended.is_some() {
            return Ok(first);
        }
        match self.unset(app, unset).await {
            Ok(Accepted {
                ended: Some(Verdict::Failed(why)),
                ..
            }) => Ok(half(set, unset, why.as_str())),
            // What was lost on the way may have happened: it is looked for.
            Err(failure) if !is_refusal(&failure) => Err(failure),
            Err(failure) => Ok(half(set, unset, &failure.headline())),
            Ok(accepted) => Ok(accepted),
        }
    }
}

fn setting(app: &str, changes: &[&VariableChange], restart: bool) -> Result<Call, Failure> {
    let mut secrets: Vec<Secret> = Vec::new();
    let mut envs: Vec<Value> = Vec::new();
    for change in changes {
        if let VariableWish::Set {
            value,
            is_sensitive,
        } = &change.wish
        {
            envs.push(json!({
                "name": change.name,
                "value": value.expose(),
                "private": is_sensitive,
            }));
            secrets.push(value.clone());
        }
    }
    let body = json!({"envs": envs, "norestart": !restart, "private": false});
    let mut call = call(Op::EnvSet, &[app], Safety::Once)?.json(&body);
    call.secrets = secrets;
    Ok(call)
}

/// Refuses what the server would, before half of it is done.
fn check(changes: &[VariableChange]) -> Result<(), Failure> {
    let problems = changes.iter().filter_map(|change| {
        Some(FieldProblem {
            field: Some(Text::clean(&change.name)),
            problem: Text::clean(problem(&change.name)?),
        })
    });
    let problems: Vec<_> = problems.collect();
    if problems.is_empty() {
        Ok(())
    } else {
        Err(Failure::Validation(problems))
    }
}

fn problem(name: &str) -> Option<&'static str> {
    let is_letter = |c: char| c.is_ascii_alphabetic() || c == '_';
    let is_fine =
        name.starts_with(is_letter) && name.chars().all(|c| is_letter(c) || c.is_ascii_digit());
    if PROTECTED.contains(&name) {
        Some("is tsuru's own")
    } else if is_fine {
        None
    } else {
        Some("is no name: letters, digits and _, and no digit first")
    }
}

/// Whether the server certainly did nothing.
fn is_refusal(failure: &Failure) -> bool {
    match failure {
        Failure::Server { status, .. } => *status < 500,
        Failure::Decode { .. } => false,
        Failure::Network { sent, .. } => !sent,
        Failure::Auth(_)
        | Failure::NotFound { .. }
        | Failure::RateLimited { .. }
        | Failure::Conflict(_)
        | Failure::Validation(_)
        | Failure::Unsupported { .. }
        | Failure::ReadOnly
        | Failure::Local { .. }
        | Failure::Cancelled => true,
    }
}

fn half(set: &[&VariableChange], unset: &[&VariableChange], why: &str) -> Accepted {
    let text = format!(
        "{} set, and used from the next restart on; {} not removed: {why}",
        names(set),
        names(unset)
    );
    Accepted {
        ended: Some(Verdict::Partly(text.into())),
        ..Accepted::default()
    }
}

fn names(changes: &[&VariableChange]) -> String {
    let names: Vec<_> = changes.iter().map(|it| it.name.as_str()).collect();
    names.join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_checked_before_anything_is_sent() {
        for good in ["A", "_a1", "TSURU_APP"] {
            assert_eq!(problem(good), None, "{good}");
        }
        for bad in ["", "1A", "A-B", "É", "A B"] {
            assert!(
                problem(bad).is_some_and(|it| it.starts_with("is no name")),
                "{bad}"
            );
        }
        for own in PROTECTED {
            assert_eq!(problem(own), Some("is tsuru's own"));
        }
    }
}
