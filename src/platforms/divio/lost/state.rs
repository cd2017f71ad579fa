//! Operations that change something: it looks as wished, or other than before.
//!
//! What may be repeated is compared with what was wished, and needs no witness. What may not be is
//! compared with how it looked before.

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use super::aim::{Aim, RunStep, ServiceStep, Wish, aim};
use crate::model::{
    DomainChange, DomainId, EnvId, Failure, JobId, JobSpec, MaintenanceId, Operation, Secret,
    ServiceId, VariableId, Witness,
};
use crate::platforms::Found;
use crate::platforms::divio::api::{Api, Filter};
use crate::platforms::divio::paths::Op;
use crate::platforms::divio::{map, wire};

/// How a service looks. Of the words for its state only two are known, so it is not asked what
/// they mean. A deployment carries out what is pending and changes them too.
#[derive(Deserialize, PartialEq, Serialize)]
struct Service {
    status: Option<String>,
    since: Option<String>,
    deployments: [Option<String>; 2],
}

/// How a maintenance run looks.
#[derive(Deserialize, PartialEq, Serialize)]
#[expect(
    clippy::struct_excessive_bools,
    clippy::struct_field_names,
    reason = "the platform's own words"
)]
struct Run {
    can_run: bool,
    can_skip: bool,
    can_cancel: bool,
    running: bool,
    completed: bool,
}

/// How what the operation changes looks before it is sent.
pub(super) async fn witness(api: &Api, operation: &Operation) -> Result<Witness, Failure> {
    let look = Look { api, operation };
    let seen = match aim(operation) {
        Aim::Service(id, _) => look.service(id).await?.map(|seen| written(&seen)),
        Aim::Run(id, _) => look.run(id).await?.map(|seen| written(&seen)),
        Aim::Wish(_) | Aim::Nothing => None,
    };
    Ok(Witness(seen.flatten()))
}

pub(super) async fn look_for(
    api: &Api,
    operation: &Operation,
    before: &Witness,
) -> Result<Found, Failure> {
    let look = Look { api, operation };
    match aim(operation) {
        Aim::Service(id, step) => {
            let Some(before) = read(before) else {
                return Ok(Found::CannotTell);
            };
            let now = look.service(id).await?;
            Ok(now.map_or(Found::CannotTell, |now| after_step(step, &before, &now)))
        }
        Aim::Run(id, step) => {
            let Some(before) = read(before) else {
                return Ok(Found::CannotTell);
            };
            let now = look.run(id).await?;
            Ok(now.map_or(Found::CannotTell, |now| after_run(step, &before, &now)))
        }
        Aim::Wish(wish) => look.wish(&wish).await,
        Aim::Nothing => Ok(Found::CannotTell),
    }
}

fn written(seen: &impl Serialize) -> Option<String> {
    serde_json::to_string(seen).ok()
}

fn read<'a, T: Deserialize<'a>>(before: &'a Witness) -> Option<T> {
    serde_json::from_str(before.0.as_deref()?).ok()
}

fn after_step(step: ServiceStep, before: &Service, now: &Service) -> Found {
    let is_changed = (&before.status, &before.since) != (&now.status, &now.since);
    let is_deployed = before.deployments != now.deployments;
    let has_data = !matches!(now.status.as_deref(), Some("NEW" | "PROVISIONING_FAILED"));
    match step {
        // It takes its time, and nobody says whether the state changes before or after.
        ServiceStep::Provision if !is_changed => Found::NotYet,
        ServiceStep::Attach if !is_changed => Found::DidNotHappen,
        ServiceStep::Provision if is_deployed || !has_data => Found::CannotTell,
        ServiceStep::Attach if is_deployed => Found::CannotTell,
        ServiceStep::Provision | ServiceStep::Attach => Found::HappenedAndEnded,
    }
}

fn after_run(step: RunStep, before: &Run, now: &Run) -> Found {
    if before == now {
        return Found::DidNotHappen;
    }
    // Its time may have come on its own.
    let happened = match step {
        RunStep::Begin => !now.can_run,
        RunStep::Skip => !now.can_skip && !now.running,
        RunStep::Cancel => !now.can_cancel && !now.running && !now.completed,
    };
    if happened {
        Found::HappenedAndEnded
    } else {
        Found::CannotTell
    }
}

/// A state that can be seen.
fn reached(is_so: bool) -> Found {
    if is_so {
        Found::HappenedAndEnded
    } else {
        Found::DidNotHappen
    }
}

struct Look<'a> {
    api: &'a Api,
    operation: &'a Operation,
}

impl Look<'_> {
    fn environment(&self) -> Option<&str> {
        self.operation
            .target
            .environment
            .as_ref()
            .map(EnvId::as_str)
    }

    /// A record of the environment.
    async fn of_environment<W: DeserializeOwned>(
        &self,
        op: Op,
        more: Option<Filter<'_>>,
        is_meant: impl Fn(&W) -> bool,
    ) -> Result<Option<W>, Failure> {
        let Some(id) = self.environment() else {
            return Ok(None);
        };
        let filters: Vec<Filter<'_>> = [("environment", id)].into_iter().chain(more).collect();
        let records: Vec<W> = self.api.all(op, &filters).await?;
        Ok(records.into_iter().find(is_meant))
    }

    /// Whether a record of the environment is not there any more.
    async fn gone<W: DeserializeOwned>(
        &self,
        op: Op,
        more: Option<Filter<'_>>,
        is_meant: impl Fn(&W) -> bool,
    ) -> Result<Found, Failure> {
        if self.environment().is_none() {
            return Ok(Found::CannotTell);
        }
        let record = self.of_environment(op, more, is_meant).await?;
        Ok(reached(record.is_none()))
    }

    async fn service(&self, id: &ServiceId) -> Result<Option<Service>, Failure> {
        let is_meant = |record: &wire::ServiceInstance| record.uuid == id.as_str();
        let found = self.of_environment(Op::ListServiceInstances, None, is_meant);
        let (Some(record), Some(environment)) = (found.await?, self.environment()) else {
            return Ok(None);
        };
        let environment: wire::Environment = self.api.get(Op::GetEnvironment, environment).await?;
        let deployments = [
            environment.currently_running_deployment.0,
            environment.last_finished_deployment.0,
        ];
        Ok(Some(Service {
            status: record.service_status.0,
            since: record.last_status_update.map(|since| since.to_string()),
            deployments: deployments.map(|deployment| Some(deployment?.uuid)),
        }))
    }

    async fn run(&self, id: &MaintenanceId) -> Result<Option<Run>, Failure> {
        let Some(app) = &self.operation.target.app else {
            return Ok(None);
        };
        let filters = [("website", app.as_str())];
        let runs: Vec<wire::MaintenanceRun> =
            self.api.all(Op::ListMaintenanceRuns, &filters).await?;
        let run = runs.into_iter().find(|run| run.uuid == id.as_str());
        Ok(run.map(|run| Run {
            can_run: *run.can_run == Some(true),
            can_skip: *run.can_skip == Some(true),
            can_cancel: *run.can_cancel == Some(true),
            running: *run.running == Some(true),
            completed: *run.completed == Some(true),
        }))
    }

    async fn wish(&self, wish: &Wish<'_>) -> Result<Found, Failure> {
        match wish {
            Wish::Variable(id, name, value) => self.variable(id, name, value).await,
            Wish::NoVariable(id, name) => {
                let is_meant = |record: &wire::EnvironmentVariable| match id {
                    Some(id) => record.uuid == id.as_str(),
                    None => *record.is_read_only != Some(true),
                };
                let filter = Some(("name", *name));
                self.gone(Op::ListEnvironmentVariables, filter, is_meant)
                    .await
            }
            Wish::Domain(id, change) => self.domain(id, *change).await,
            Wish::NoDomain(id) => {
                let is_meant = |record: &wire::Domain| record.uuid == id.as_str();
                self.gone(Op::ListDomains, None, is_meant).await
            }
            Wish::NoService(id) => {
                let is_meant = |record: &wire::ServiceInstance| record.uuid == id.as_str();
                let found = self.gone(Op::ListServiceInstances, None, is_meant).await?;
                // Removing its data may take a while.
                let is_there = found == Found::DidNotHappen;
                Ok(if is_there { Found::NotYet } else { found })
            }
            Wish::Job(id, spec) => self.job(id, spec).await,
            Wish::NoJob(id) => {
                let is_meant = |record: &wire::Cronjob| record.uuid == id.as_str();
                self.gone(Op::ListCronjobs, None, is_meant).await
            }
            Wish::AppName(_) | Wish::NoApp => self.app(wish).await,
            Wish::Branch(branch) => {
                let Some(id) = self.environment() else {
                    return Ok(Found::CannotTell);
                };
                let record: wire::Environment = self.api.get(Op::GetEnvironment, id).await?;
                let now = record.branch.0;
                Ok(now.map_or(Found::CannotTell, |now| {
                    reached(now.trim() == branch.trim())
                }))
            }
        }
    }

    /// The value of a sensitive variable is not told.
    async fn variable(
        &self,
        id: &VariableId,
        name: &str,
        wished: &Secret,
    ) -> Result<Found, Failure> {
        let is_meant = |record: &wire::EnvironmentVariable| record.uuid == id.as_str();
        let (op, filter) = (Op::ListEnvironmentVariables, Some(("name", name)));
        let found = self.of_environment(op, filter, is_meant).await?;
        let Some(record) = found.filter(|record| *record.is_sensitive == Some(false)) else {
            return Ok(Found::CannotTell);
        };
        let now = record.value.as_ref().map_or("", Secret::expose);
        Ok(reached(now.trim() == wished.expose().trim()))
    }

    async fn domain(&self, id: &DomainId, change: DomainChange) -> Result<Found, Failure> {
        let is_meant = |record: &wire::Domain| record.uuid == id.as_str();
        let found = self.of_environment(Op::ListDomains, None, is_meant).await?;
        let is_so = found.and_then(|record| match change {
            DomainChange::MakePrimary => *record.is_primary,
            DomainChange::Redirect(wished) => Some((*record.is_redirect_to_primary)? == wished),
        });
        Ok(is_so.map_or(Found::CannotTell, reached))
    }

    /// Times may be written in another way than they were sent, commands are not.
    async fn job(&self, id: &JobId, spec: &JobSpec) -> Result<Found, Failure> {
        let is_meant = |record: &wire::Cronjob| record.uuid == id.as_str();
        let found = self
            .of_environment(Op::ListCronjobs, None, is_meant)
            .await?;
        let Some(record) = found else {
            return Ok(Found::CannotTell);
        };
        let is = |now: &Option<String>, wished: &str| now.as_deref().unwrap_or_default() == wished;
        let unit = map::JOB_TIMEOUT_UNIT.as_secs();
        let timeout = spec
            .timeout_minutes
            .map(|least| u64::from(least) * 60 / unit);
        if !is(&record.command, &spec.command) || !is(&record.frequency, &spec.frequency) {
            return Ok(Found::DidNotHappen);
        }
        let is_so = is(&record.time, spec.time.as_deref().unwrap_or_default())
            && *record.custom_timeout == timeout;
        Ok(if is_so {
            Found::HappenedAndEnded
        } else {
            Found::NotYet
        })
    }

    /// An archived application is gone; one that is still there may be about to go.
    async fn app(&self, wish: &Wish<'_>) -> Result<Found, Failure> {
        let Some(id) = &self.operation.target.app else {
            return Ok(Found::CannotTell);
        };
        let record = self.api.get(Op::GetApplication, id.as_str()).await;
        let record: Result<wire::Application, Failure> = record;
        if let Wish::AppName(name) = wish {
            let now = record?.name.0;
            return Ok(now.map_or(Found::CannotTell, |now| reached(now.trim() == name.trim())));
        }
        match record {
            Err(Failure::NotFound { .. }) => Ok(Found::HappenedAndEnded),
            Err(failure) => Err(failure),
            Ok(_) => Ok(Found::NotYet),
        }
    }
}
