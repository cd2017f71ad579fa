//! Questions that take more than one list to answer, or more than one look at its records.

use std::cmp::Reverse;

use super::api::Filter;
use super::known::Known;
use super::map::{self, Around};
use super::paging::PAGE_SIZE;
use super::paths::Op;
use super::platform::Divio;
use super::wire;
use crate::model::{
    App, AppId, Backup, BackupId, BackupPlan, Deployment, DeploymentScope, EnvId, Environment,
    Failure, Metric, Page, PageRequest, PageToken, PlanKind, ServiceKind, Text,
};

/// So many backups of a list get their parts named: as many as are looked at.
const BACKUPS_WITH_PARTS: usize = 20;

impl Divio {
    pub(super) async fn read_environments(
        &self,
        app: Option<&AppId>,
        filters: &[Filter<'_>],
        page: &PageRequest,
    ) -> Result<Page<Environment>, Failure> {
        let known = self.api.memory.recall();
        let around = self.around(app, &known);
        let map = |record| map::environment(&record, &around);
        self.api
            .page(Op::ListEnvironments, filters, page, map)
            .await
    }

    pub(super) async fn read_environment(&self, id: &EnvId) -> Result<Environment, Failure> {
        let record: wire::Environment = self.api.get(Op::GetEnvironment, id.as_str()).await?;
        let known = self.api.memory.recall();
        map::environment(&record, &self.around(None, &known)).ok_or_else(|| Failure::NotFound {
            subject: Text::clean("the application of this environment"),
        })
    }

    fn around<'a>(&'a self, app: Option<&'a AppId>, known: &'a Known) -> Around<'a> {
        Around {
            panel: &self.api.panel,
            organisation: self.api.organisation.as_ref(),
            app,
            known,
        }
    }

    pub(super) async fn read_apps(&self, page: &PageRequest) -> Result<Page<App>, Failure> {
        let filters: Vec<Filter<'_>> = self.api.organisation().into_iter().collect();
        let map = |record| Some(map::app(&record, &self.api.panel));
        let found = self
            .api
            .page(Op::ListApplications, &filters, page, map)
            .await?;
        self.api.memory.add(|known| {
            for app in &found.items {
                let organisation = app.organisation.clone();
                known
                    .organisations
                    .extend(organisation.map(|id| (app.id.as_str().to_owned(), id)));
            }
        });
        Ok(found)
    }

    pub(super) async fn read_deployments(
        &self,
        scope: &DeploymentScope,
        page: &PageRequest,
    ) -> Result<Page<Deployment>, Failure> {
        let filter = match scope {
            DeploymentScope::App(id) => ("application", id.as_str()),
            DeploymentScope::Environment(id) => ("environment", id.as_str()),
        };
        let map = |record| Some(map::deployment(&record, Some(scope)));
        let mut found = self
            .api
            .page(Op::ListDeployments, &[filter], page, map)
            .await?;
        if page.token.is_none() {
            map::mark_current(&mut found.items);
        }
        Ok(found)
    }

    pub(super) async fn read_backups(
        &self,
        of: &EnvId,
        page: &PageRequest,
    ) -> Result<Page<Backup>, Failure> {
        let filters = [("environment", of.as_str())];
        let map = |record| Some(map::backup(&record));
        let mut found = self.api.page(Op::ListBackups, &filters, page, map).await?;
        found.items.sort_by_key(|backup| Reverse(backup.taken_at));
        self.add_parts(&mut found.items).await;
        Ok(found)
    }

    /// Puts the parts into the newest backups of a list. A part that has ended never changes, so it
    /// is read once; a list whose parts cannot be read is still a good list.
    async fn add_parts(&self, backups: &mut [Backup]) {
        let newest = || backups.iter().take(BACKUPS_WITH_PARTS);
        let known = self.api.memory.recall();
        let missing: Vec<_> = newest()
            .flat_map(|backup| &backup.part_ids)
            .filter(|id| !known.parts.contains_key(id.as_str()))
            .collect();
        let ids: Vec<_> = missing.iter().map(|id| id.as_str()).collect();
        let read: Vec<wire::BackupPart> =
            match self.api.by_ids(Op::ListServiceInstanceBackups, &ids).await {
                Ok(read) => read,
                Err(failure) => {
                    tracing::debug!(%failure, "the parts of the backups are not known");
                    return;
                }
            };
        let mut parts = known.parts.clone();
        for part in read.iter().map(map::backup_part) {
            if part.ended_at.is_some() {
                let part = part.clone();
                self.api.memory.add(|known| {
                    known.parts.insert(part.id.as_str().to_owned(), part);
                });
            }
            parts.insert(part.id.as_str().to_owned(), part);
        }
        for backup in backups.iter_mut().take(BACKUPS_WITH_PARTS) {
            let own = backup
                .part_ids
                .iter()
                .filter_map(|id| parts.get(id.as_str()));
            backup.parts = own.cloned().collect();
        }
    }

    pub(super) async fn read_backup(&self, id: &BackupId) -> Result<Backup, Failure> {
        let record: wire::Backup = self.api.get(Op::GetBackup, id.as_str()).await?;
        let ids = record
            .service_instance_backups
            .as_deref()
            .unwrap_or_default();
        let parts = self.api.by_ids(Op::ListServiceInstanceBackups, ids).await?;
        Ok(Backup {
            parts: parts.iter().map(map::backup_part).collect(),
            ..map::backup(&record)
        })
    }

    /// Retentions first, then schedules: two catalogues as one list.
    pub(super) async fn read_plans(&self, page: &PageRequest) -> Result<Page<BackupPlan>, Failure> {
        let schedules = Op::ListScheduledBackupConfigurations.row().path;
        let in_second = |PageToken(token): &PageToken| token.starts_with(schedules);
        let (op, kind) = if page.token.as_ref().is_some_and(in_second) {
            (Op::ListScheduledBackupConfigurations, PlanKind::Schedule)
        } else {
            (Op::ListBackupRetentionConfigurations, PlanKind::Retention)
        };
        let mut found = self
            .api
            .page(op, &[], page, |record| Some(map::plan(&record, kind)))
            .await?;
        self.api.memory.add(|known| {
            let plans = found.items.iter();
            known
                .plans
                .extend(plans.map(|plan| (plan.id.to_string(), plan.name.clone())));
        });
        // How many there are in both is not known.
        found.total = None;
        if kind == PlanKind::Retention && found.next.is_none() {
            let first = format!("{schedules}?page_size={PAGE_SIZE}");
            found.next = Some(PageToken(first.into()));
        }
        Ok(found)
    }

    pub(super) async fn read_service_kinds(
        &self,
        app: Option<&AppId>,
        page: &PageRequest,
    ) -> Result<Page<ServiceKind>, Failure> {
        let filters: Vec<Filter<'_>> = app
            .map(|app| ("website", app.as_str()))
            .into_iter()
            .collect();
        let map = |record| Some(map::service_kind(&record));
        let found = self.api.page(Op::ListServices, &filters, page, map).await?;
        self.api.memory.add(|known| {
            for kind in &found.items {
                let can_back_up = kind.can_back_up;
                known
                    .kinds
                    .extend(can_back_up.map(|can| (kind.id.as_str().to_owned(), can)));
            }
        });
        Ok(found)
    }

    pub(super) async fn read_metrics(&self, of: &EnvId) -> Result<Vec<Metric>, Failure> {
        let filters = [("environment", of.as_str())];
        let mut about: Vec<wire::MetricMetadata> = self
            .api
            .all(Op::ListEnvironmentMetricMetadata, &filters)
            .await?;
        about.retain(|metric| *metric.is_visible != Some(false) && metric.identifier.is_some());
        if about.is_empty() {
            return Ok(Vec::new());
        }
        let mut query: Vec<Filter<'_>> = vec![("time_window_preset", "1h")];
        query.extend(
            about
                .iter()
                .filter_map(|metric| Some(("metric", metric.identifier.as_deref()?))),
        );
        let answer: wire::Metrics = self
            .api
            .get_with(Op::GetEnvironmentMetrics, of.as_str(), &query)
            .await?;
        Ok(about
            .iter()
            .map(|about| map::metric(about, &answer))
            .collect())
    }

    /// Filters by application where one is given, else by the organisation that is kept to.
    pub(super) fn of_app<'a>(
        &'a self,
        key: &'static str,
        app: Option<&'a AppId>,
    ) -> Vec<Filter<'a>> {
        match app {
            Some(app) => vec![(key, app.as_str())],
            None => self.api.organisation().into_iter().collect(),
        }
    }
}
