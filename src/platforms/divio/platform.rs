//! Divio as a [`Platform`]: which question goes to which operation.

use std::sync::Arc;

use super::api::{Api, Filter};
use super::map;
use super::paths::Op;
use super::support::support;
use super::{PROFILE, lost, operate, progress, tail, wire};
use crate::model::{
    Accepted, Account, Activity, App, AppId, Backup, BackupId, BackupPlan, Budget, Capability,
    Deployment, DeploymentId, DeploymentScope, Domain, Download, DownloadId, EnvId, Environment,
    Failure, Follow, Followed, Invoice, InvoiceId, InvoiceItem, Job, MaintenanceRun, Metric,
    Operation, OrgId, Organisation, Page, PageRequest, Profile, Region, Repository, RepositoryId,
    Restore, Revision, Service, ServiceKind, Support, TailRequest, Variable, Webhook, Witness,
};
use crate::platforms::{Answer, Found, Output, Platform, Tail};

/// Divio for one account.
pub(super) struct Divio {
    pub(super) api: Arc<Api>,
}

/// A list of one kind of record: filters, operation, and the function that reads a record.
macro_rules! list {
    ($self:ident, $op:ident, $filters:expr, $page:ident, $map:expr) => {
        Box::pin(async move {
            let filters: Vec<Filter<'_>> = $filters;
            $self.api.page(Op::$op, &filters, &$page, $map).await
        })
    };
}

impl Platform for Divio {
    fn profile(&self) -> &'static Profile {
        &PROFILE
    }

    fn support(&self, capability: Capability) -> Support {
        support(capability)
    }

    fn budget(&self) -> Option<Budget> {
        self.api.http.budget()
    }

    fn account(&self) -> Answer<'_, Account> {
        Box::pin(async move {
            let user: wire::User = self.api.get(Op::GetCurrentUser, "").await?;
            Ok(map::account(&user))
        })
    }

    fn organisations(&self, page: PageRequest) -> Answer<'_, Page<Organisation>> {
        list!(self, ListOrganisations, vec![], page, |record| Some(
            map::organisation(&record)
        ))
    }

    fn apps(&self, page: PageRequest) -> Answer<'_, Page<App>> {
        Box::pin(async move { self.read_apps(&page).await })
    }

    fn all_environments(&self, page: PageRequest) -> Answer<'_, Page<Environment>> {
        Box::pin(async move {
            let filters = self.of_app("application", None);
            self.read_environments(None, &filters, &page).await
        })
    }

    fn environments<'a>(
        &'a self,
        of: &'a AppId,
        page: PageRequest,
    ) -> Answer<'a, Page<Environment>> {
        Box::pin(async move {
            let filters = [("application", of.as_str())];
            self.read_environments(Some(of), &filters, &page).await
        })
    }

    fn environment<'a>(&'a self, id: &'a EnvId) -> Answer<'a, Environment> {
        Box::pin(self.read_environment(id))
    }

    fn deployments<'a>(
        &'a self,
        of: &'a DeploymentScope,
        page: PageRequest,
    ) -> Answer<'a, Page<Deployment>> {
        Box::pin(async move { self.read_deployments(of, &page).await })
    }

    fn deployment<'a>(&'a self, id: &'a DeploymentId) -> Answer<'a, Deployment> {
        Box::pin(async move {
            let record: wire::Deployment = self.api.get(Op::GetDeployment, id.as_str()).await?;
            Ok(map::deployment(&record, None))
        })
    }

    fn backups<'a>(&'a self, of: &'a EnvId, page: PageRequest) -> Answer<'a, Page<Backup>> {
        Box::pin(async move { self.read_backups(of, &page).await })
    }

    fn backup<'a>(&'a self, id: &'a BackupId) -> Answer<'a, Backup> {
        Box::pin(self.read_backup(id))
    }

    fn restores<'a>(&'a self, of: &'a EnvId, page: PageRequest) -> Answer<'a, Page<Restore>> {
        Box::pin(async move {
            let filters = [("environment", of.as_str())];
            let map = |record| Some(map::restore(&record));
            let mut found = self
                .api
                .page(Op::ListBackupRestores, &filters, &page, map)
                .await?;
            found
                .items
                .sort_by_key(|restore| std::cmp::Reverse(restore.started_at));
            Ok(found)
        })
    }

    fn download<'a>(&'a self, id: &'a DownloadId) -> Answer<'a, Download> {
        Box::pin(progress::download(&self.api, id))
    }

    fn backup_plans(&self, page: PageRequest) -> Answer<'_, Page<BackupPlan>> {
        Box::pin(async move { self.read_plans(&page).await })
    }

    fn variables<'a>(&'a self, of: &'a EnvId, page: PageRequest) -> Answer<'a, Page<Variable>> {
        let filters = vec![("environment", of.as_str())];
        list!(self, ListEnvironmentVariables, filters, page, map::variable)
    }

    fn domains<'a>(&'a self, of: &'a EnvId, page: PageRequest) -> Answer<'a, Page<Domain>> {
        let filters = vec![("environment", of.as_str())];
        list!(self, ListDomains, filters, page, |record| map::domain(
            &record
        ))
    }

    fn services<'a>(&'a self, of: &'a EnvId, page: PageRequest) -> Answer<'a, Page<Service>> {
        let filters = vec![("environment", of.as_str())];
        let known = self.api.memory.recall();
        list!(self, ListServiceInstances, filters, page, |record| Some(
            map::service(&record, &known)
        ))
    }

    fn service_kinds<'a>(
        &'a self,
        of: Option<&'a AppId>,
        page: PageRequest,
    ) -> Answer<'a, Page<ServiceKind>> {
        Box::pin(async move { self.read_service_kinds(of, &page).await })
    }

    fn jobs<'a>(&'a self, of: &'a EnvId, page: PageRequest) -> Answer<'a, Page<Job>> {
        let filters = vec![("environment", of.as_str())];
        list!(self, ListCronjobs, filters, page, |record| Some(map::job(
            &record
        )))
    }

    fn activity<'a>(
        &'a self,
        of: Option<&'a AppId>,
        page: PageRequest,
    ) -> Answer<'a, Page<Activity>> {
        Box::pin(async move {
            let filters = self.of_app("application", of);
            let map = |record| Some(map::activity(&record));
            let mut found = self
                .api
                .page(Op::ListApplicationActivities, &filters, &page, map)
                .await?;
            found.items.sort_by_key(|entry| std::cmp::Reverse(entry.at));
            Ok(found)
        })
    }

    fn maintenance<'a>(
        &'a self,
        of: Option<&'a AppId>,
        page: PageRequest,
    ) -> Answer<'a, Page<MaintenanceRun>> {
        // The query says "website" and means the application.
        let filters = of
            .map(|app| ("website", app.as_str()))
            .into_iter()
            .collect();
        list!(self, ListMaintenanceRuns, filters, page, |record| Some(
            map::maintenance(&record)
        ))
    }

    fn metrics<'a>(&'a self, of: &'a EnvId) -> Answer<'a, Vec<Metric>> {
        Box::pin(self.read_metrics(of))
    }

    fn regions(&self, page: PageRequest) -> Answer<'_, Page<Region>> {
        list!(self, ListRegions, vec![], page, |record| Some(map::region(
            &record
        )))
    }

    fn repositories(&self, page: PageRequest) -> Answer<'_, Page<Repository>> {
        list!(self, ListRepositories, vec![], page, |record| Some(
            map::repository(&record)
        ))
    }

    fn webhooks<'a>(
        &'a self,
        of: &'a RepositoryId,
        page: PageRequest,
    ) -> Answer<'a, Page<Webhook>> {
        let filters = vec![("repository", of.as_str())];
        list!(self, ListWebhooks, filters, page, |record| Some(
            map::webhook(&record)
        ))
    }

    fn invoices<'a>(
        &'a self,
        of: Option<&'a OrgId>,
        page: PageRequest,
    ) -> Answer<'a, Page<Invoice>> {
        let of = of.or(self.api.organisation.as_ref());
        let filters = of
            .map(|id| ("organisation", id.as_str()))
            .into_iter()
            .collect();
        list!(self, ListInvoices, filters, page, |record| Some(
            map::invoice(&record)
        ))
    }

    fn invoice_items<'a>(
        &'a self,
        of: &'a InvoiceId,
        page: PageRequest,
    ) -> Answer<'a, Page<InvoiceItem>> {
        let filters = vec![("invoice", of.as_str())];
        list!(self, ListInvoiceItems, filters, page, |record| Some(
            map::invoice_item(&record)
        ))
    }

    fn tail(&self, request: TailRequest) -> Result<Box<dyn Tail>, Failure> {
        tail::open(self.api.clone(), request)
    }

    fn witness<'a>(&'a self, operation: &'a Operation) -> Answer<'a, Witness> {
        Box::pin(lost::witness(&self.api, operation))
    }

    fn operate<'a>(
        &'a self,
        operation: &'a Operation,
        _seen: Option<&'a Revision>,
        _output: Output<'a>,
    ) -> Answer<'a, Accepted> {
        Box::pin(operate::operate(&self.api, operation))
    }

    fn look_for<'a>(&'a self, operation: &'a Operation, before: &'a Witness) -> Answer<'a, Found> {
        Box::pin(lost::look_for(&self.api, operation, before))
    }

    fn follow<'a>(&'a self, what: &'a Follow) -> Answer<'a, Followed> {
        Box::pin(progress::follow(&self.api, what))
    }
}
