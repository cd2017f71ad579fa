//! Domains, service instances, jobs and event blocks.
//!
//! Source: tsuru contract, section 5.

use serde_json::json;

use super::{Attempt, app};
use crate::model::{
    Accepted, DomainId, Failure, JobId, MaintenanceId, Safety, ServiceId, ServiceKindId, Text,
};
use crate::platforms::http::unsent;
use crate::platforms::tsuru::api::{call, with_form};
use crate::platforms::tsuru::ids;
use crate::platforms::tsuru::paths::Op;

impl Attempt<'_> {
    pub(super) async fn add_domain(&mut self, name: &str) -> Result<Accepted, Failure> {
        let call = call(Op::AppCnameAdd, &[app(self.operation)?], Safety::Once)?;
        let call = with_form(call, &[("cname", name)]);
        self.send(Op::AppCnameAdd, call).await?;
        Ok(Accepted {
            next_steps: vec![Text::clean(&format!(
                "point {name} at an address of the app: a CNAME record"
            ))],
            ..Accepted::default()
        })
    }

    pub(super) async fn remove_domain(&mut self, id: &DomainId) -> Result<Accepted, Failure> {
        let (app, name) = ids::of_domain(id)?;
        let call = call(Op::AppCnameDelete, &[app], Safety::Once)?;
        let call = call.query([("cname", name)]);
        self.sent(Op::AppCnameDelete, call).await
    }

    /// The app restarts with the variables of the instance.
    pub(super) async fn attach(&mut self, id: &ServiceId) -> Result<Accepted, Failure> {
        let (service, instance) = ids::of_service(id)?;
        let ids = [service, instance, app(self.operation)?];
        let call = call(Op::ServiceInstanceBind, &ids, Safety::Once)?;
        let call = with_form(call, &[("noRestart", "false")]);
        self.act(Op::ServiceInstanceBind, call, "app.update.bind")
            .await
    }

    pub(super) async fn detach(&mut self, id: &ServiceId) -> Result<Accepted, Failure> {
        let (service, instance) = ids::of_service(id)?;
        let ids = [service, instance, app(self.operation)?];
        let call = call(Op::ServiceInstanceUnbind, &ids, Safety::Once)?;
        self.act(Op::ServiceInstanceUnbind, call, "app.update.unbind")
            .await
    }

    /// It belongs to the team that owns the app, which still has to be bound to it.
    pub(super) async fn create_service(
        &mut self,
        kind: &ServiceKindId,
        name: &str,
    ) -> Result<Accepted, Failure> {
        let (service, plan) = ids::of_kind(kind);
        let app = app(self.operation)?;
        let record = self.api.app(app).await.map_err(unsent)?;
        let mut body = json!({"name": name});
        let team = record.team_owner.as_deref().unwrap_or_default();
        for (key, value) in [("plan_name", plan), ("team_owner", team)] {
            if !value.is_empty() {
                body[key] = json!(value);
            }
        }
        let call = call(Op::InstanceCreate, &[service], Safety::Once)?.json(&body);
        self.send(Op::InstanceCreate, call).await?;
        Ok(Accepted::noted("attach it, and the app gets its variables"))
    }

    /// Apps that use it keep it: the server refuses then, and names them.
    pub(super) async fn remove_service(&mut self, id: &ServiceId) -> Result<Accepted, Failure> {
        let (service, instance) = ids::of_service(id)?;
        let call = call(Op::InstanceDelete, &[service, instance], Safety::Once)?;
        self.act(Op::InstanceDelete, call, "service-instance.delete")
            .await
    }

    pub(super) async fn remove_job(&mut self, id: &JobId) -> Result<Accepted, Failure> {
        let call = call(Op::DeleteJob, &[id.as_str()], Safety::Once)?;
        self.sent(Op::DeleteJob, call).await
    }

    pub(super) async fn remove_block(&mut self, id: &MaintenanceId) -> Result<Accepted, Failure> {
        let call = call(Op::EventBlockRemove, &[id.as_str()], Safety::Once)?;
        self.sent(Op::EventBlockRemove, call).await
    }
}
