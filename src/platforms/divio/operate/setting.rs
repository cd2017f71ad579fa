//! Variables, domains, services and jobs.
//!
//! Source: Divio contract, sections 5.5 and 5.7.

use serde_json::{Value, json};

use super::{Attempt, WITH_NEXT_DEPLOYMENT, nothing_sent};
use crate::model::{Accepted, Failure, JobSpec, Secret, ServiceKindId, Text, VariableId};
use crate::platforms::divio::paths::Op;
use crate::platforms::divio::{map, wire};

impl Attempt<'_> {
    /// Whether it is sensitive can be said only when it is created.
    pub(super) async fn change_variable(
        &self,
        id: &VariableId,
        value: &Secret,
    ) -> Result<Accepted, Failure> {
        let (op, body) = (
            Op::PartialUpdateEnvironmentVariable,
            json!({"value": value.expose()}),
        );
        self.send(op, id.as_str(), Some(body), WITH_NEXT_DEPLOYMENT)
            .await
    }

    pub(super) async fn create_variable(
        &self,
        name: &str,
        value: &Secret,
        is_sensitive: bool,
    ) -> Result<Accepted, Failure> {
        let body = json!({
            "name": name,
            "environment": self.environment()?,
            "value": value.expose(),
            "is_sensitive": is_sensitive,
        });
        self.send(
            Op::CreateEnvironmentVariable,
            "",
            Some(body),
            WITH_NEXT_DEPLOYMENT,
        )
        .await
    }

    pub(super) async fn remove_variable(
        &self,
        id: Option<&VariableId>,
        name: &str,
    ) -> Result<Accepted, Failure> {
        let id = match id {
            Some(id) => id.as_str().to_owned(),
            None => self.variable_named(name).await?,
        };
        self.send(
            Op::DestroyEnvironmentVariable,
            &id,
            None,
            WITH_NEXT_DEPLOYMENT,
        )
        .await
    }

    /// The custom variable of that name; a built-in one of the same name is not meant.
    async fn variable_named(&self, name: &str) -> Result<String, Failure> {
        let filters = [("environment", self.environment()?), ("name", name)];
        let found = self.api.all(Op::ListEnvironmentVariables, &filters).await;
        let found: Vec<wire::EnvironmentVariable> = found.map_err(nothing_sent)?;
        let custom = |variable: &wire::EnvironmentVariable| {
            variable.name.as_deref() == Some(name) && *variable.is_read_only != Some(true)
        };
        let found = found.into_iter().find(custom);
        found
            .map(|variable| variable.uuid)
            .ok_or_else(|| Failure::NotFound {
                subject: Text::clean(&format!("variable {name}")),
            })
    }

    /// The answer may say what to set up at the name's registrar.
    pub(super) async fn add_domain(&self, name: &str) -> Result<Accepted, Failure> {
        let body = json!({"name": name, "environment": self.environment()?});
        let reply = self
            .api
            .write(Op::CreateDomain, "", Some(body), self.safety)
            .await?;
        let added = reply.json::<wire::Domain>().ok();
        let added = added.and_then(|record| map::domain(&record));
        let next_steps = added.map(|domain| domain.instructions).unwrap_or_default();
        let note = next_steps
            .is_empty()
            .then(|| Text::clean("its details say what to set up"));
        Ok(Accepted {
            note,
            next_steps,
            ..Accepted::default()
        })
    }

    pub(super) async fn create_service(
        &self,
        kind: &ServiceKindId,
        name: &str,
    ) -> Result<Accepted, Failure> {
        let body = json!({
            "environment": self.environment()?,
            "prefix": name,
            "service": kind.as_str(),
        });
        self.send(
            Op::CreateServiceInstance,
            "",
            Some(body),
            "provision it, then deploy",
        )
        .await
    }

    pub(super) async fn create_job(&self, spec: &JobSpec) -> Result<Accepted, Failure> {
        let mut body = job(spec);
        body["environment"] = json!(self.environment()?);
        self.send(Op::CreateCronjob, "", Some(body), WITH_NEXT_DEPLOYMENT)
            .await
    }
}

/// `time` is `02:30` for DAILY, `:42` for HOURLY and empty for EVERY10MIN.
pub(super) fn job(spec: &JobSpec) -> Value {
    let unit = map::JOB_TIMEOUT_UNIT.as_secs();
    json!({
        "command": spec.command,
        "frequency": spec.frequency,
        "time": spec.time.as_deref().unwrap_or_default(),
        "custom_timeout": spec.timeout_minutes.map(|minutes| u64::from(minutes) * 60 / unit),
    })
}
