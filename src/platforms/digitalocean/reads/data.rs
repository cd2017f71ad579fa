//! Databases, backups and metrics.

use jiff::{SignedDuration, Timestamp};

use crate::model::{
    AuthProblem, Backup, BackupId, Capability, EnvId, Failure, Metric, Page, Series, Service, Text,
    Unit, Variable,
};
use crate::platforms::digitalocean::api::Api;
use crate::platforms::digitalocean::paths::Op;
use crate::platforms::digitalocean::platform::DigitalOcean;
use crate::platforms::digitalocean::{ids, map, wire};

/// Metrics are read over this long.
const SPAN: SignedDuration = SignedDuration::from_hours(1);

/// What is measured: key, title, unit.
const MEASURED: [(Op, &str, &str, &str); 3] = [
    (Op::GetCpuMetrics, "cpu_percentage", "CPU", "%"),
    (Op::GetMemoryMetrics, "memory_percentage", "Memory", "%"),
    (Op::GetRestartMetrics, "restart_count", "Restarts", ""),
];

impl DigitalOcean {
    pub(in crate::platforms::digitalocean) async fn read_services(
        &self,
        of: &EnvId,
    ) -> Result<Page<Service>, Failure> {
        let (app, _) = ids::of_environment(of)?;
        let record = self.api.app(app).await?;
        let databases = record
            .spec
            .as_ref()
            .and_then(|spec| spec.databases.as_deref());
        let databases = databases.unwrap_or_default();
        let clusters = if databases.is_empty() {
            Vec::new()
        } else {
            self.api.readable_clusters().await?
        };
        let services = databases.iter().filter_map(|database| {
            let cluster = behind(database, &clusters);
            map::service(app, database, cluster)
        });
        Ok(Page::whole(services.collect()))
    }

    /// The backups of the cluster behind a database component.
    pub(in crate::platforms::digitalocean) async fn read_backups(
        &self,
        of: &EnvId,
    ) -> Result<Page<Backup>, Failure> {
        let (app, component) = ids::of_environment(of)?;
        if let Some(databases) = self.api.memory.databases(app)
            && !databases.iter().any(|name| name == component)
        {
            return Err(keeps_no_data(component, &databases));
        }
        let record = self.api.app(app).await?;
        let Some(database) = map::find_database(&record, component) else {
            let databases = self.api.memory.databases(app).unwrap_or_default();
            return Err(keeps_no_data(component, &databases));
        };
        let engine = database.engine.as_deref();
        if *database.production != Some(true) {
            return Err(no_backups(&format!(
                "{component} is a development database: DigitalOcean takes no backups of it"
            )));
        }
        if map::can_back_up(engine) == Some(false) {
            return Err(never_backed_up(component, engine));
        }
        let clusters: Vec<wire::Cluster> = self.api.all(Op::ListDatabases, &[], &[]).await?;
        let name = database.cluster_name.as_deref().unwrap_or(component);
        let cluster = behind(database, &clusters).ok_or_else(|| ids::missing(name, "cluster"))?;
        match self.api.backups(&cluster.id).await {
            Ok(backups) => Ok(Page::whole(map::backups(&cluster.id, Some(of), &backups))),
            // What is answered for an engine without backups is not documented.
            Err(Failure::NotFound { .. } | Failure::Validation(_)) => {
                Err(never_backed_up(component, engine))
            }
            Err(failure) => Err(failure),
        }
    }

    /// A backup has no address of its own: it is found in its list.
    pub(in crate::platforms::digitalocean) async fn read_backup(
        &self,
        id: &BackupId,
    ) -> Result<Backup, Failure> {
        let (cluster, _) = ids::of_backup(id)?;
        let backups = self.api.backups(cluster).await?;
        let mut backups = map::backups(cluster, None, &backups).into_iter();
        let found = backups.find(|backup| backup.id == *id);
        found.ok_or_else(|| ids::missing(id.as_str(), "backup"))
    }

    pub(in crate::platforms::digitalocean) async fn read_variables(
        &self,
        of: &EnvId,
    ) -> Result<Page<Variable>, Failure> {
        let (app, component) = ids::of_environment(of)?;
        let record = self.api.app(app).await?;
        let variables = map::variables(record, component);
        variables
            .map(Page::whole)
            .ok_or_else(|| ids::missing(of.as_str(), "component"))
    }

    pub(in crate::platforms::digitalocean) async fn read_units(
        &self,
        of: &EnvId,
    ) -> Result<Page<Unit>, Failure> {
        let (app, component) = ids::of_environment(of)?;
        let map = |wire: wire::Instance| {
            let is_own = wire.component_name.as_deref() == Some(component);
            is_own.then(|| map::unit(app, &wire)).flatten()
        };
        let mut found = self.api.whole(Op::ListInstances, &[app], map).await?;
        found.items.sort_by(|one, other| one.name.cmp(&other.name));
        Ok(found)
    }

    /// What may not be read is missing with its reason; the rest is an answer.
    pub(in crate::platforms::digitalocean) async fn read_metrics(
        &self,
        of: &EnvId,
    ) -> Result<Vec<Metric>, Failure> {
        let (app, component) = ids::of_environment(of)?;
        // First, because it needs no time and tells what time it is there.
        let traffic: Result<wire::Bandwidth, _> = self.api.get(Op::GetBandwidth, &[app]).await;
        let traffic = match traffic {
            Ok(wire) => map::bandwidth(app, &wire),
            Err(failure) => Metric {
                problem: Some(why(failure)?),
                ..map::no_bandwidth()
            },
        };
        let now = self.api.http.now();
        let ask = |row: (Op, _, _, _)| self.measured(row.0, app, component, now);
        let [cpu, memory, restarts] = MEASURED;
        let (cpu, memory, restarts) = tokio::join!(ask(cpu), ask(memory), ask(restarts));
        let mut metrics = Vec::with_capacity(MEASURED.len() + 1);
        for ((_, key, title, unit), read) in MEASURED.into_iter().zip([cpu, memory, restarts]) {
            let (series, problem) = match read {
                Ok(series) => (series, None),
                Err(failure) => (Vec::new(), Some(why(failure)?)),
            };
            metrics.push(Metric {
                key: Text::clean(key),
                title: Text::clean(title),
                unit: Text::clean(unit),
                series,
                problem,
            });
        }
        metrics.push(traffic);
        Ok(metrics)
    }

    async fn measured(
        &self,
        op: Op,
        app: &str,
        component: &str,
        now: Option<Timestamp>,
    ) -> Result<Vec<Series>, Failure> {
        let from = now.and_then(|now| now.checked_sub(SPAN).ok());
        let Some((from, now)) = from.zip(now) else {
            return Err(Failure::unsupported(
                Capability::Metrics,
                "the platform does not tell what time it is",
            ));
        };
        let (start, end) = (from.as_second().to_string(), now.as_second().to_string());
        let query = [
            ("app_id", app),
            ("app_component", component),
            ("start", start.as_str()),
            ("end", end.as_str()),
        ];
        let answer: wire::Measurements = self.api.get_with(op, &[], &query).await?;
        Ok(map::measured(&answer))
    }
}

impl Api {
    async fn backups(&self, cluster: &str) -> Result<wire::Backups, Failure> {
        self.get(Op::ListDatabaseBackups, &[cluster]).await
    }

    /// The clusters; none where the token may not read them.
    async fn readable_clusters(&self) -> Result<Vec<wire::Cluster>, Failure> {
        match self.all(Op::ListDatabases, &[], &[]).await {
            Err(failure @ Failure::Auth(AuthProblem::Forbidden(_))) => {
                tracing::debug!(%failure, "the clusters of databases are not known");
                Ok(Vec::new())
            }
            read => read,
        }
    }
}

/// The cluster that a component names.
fn behind<'a>(
    database: &wire::Database,
    clusters: &'a [wire::Cluster],
) -> Option<&'a wire::Cluster> {
    let name = database.cluster_name.as_deref()?;
    clusters
        .iter()
        .find(|cluster| cluster.name.as_deref() == Some(name))
}

/// Why one part of an answer is missing.
///
/// # Errors
/// What is about more than that part.
fn why(failure: Failure) -> Result<Text, Failure> {
    let is_own = matches!(
        failure,
        Failure::Auth(AuthProblem::Forbidden(_)) | Failure::Unsupported { .. }
    );
    if is_own {
        return Ok(Text::clean(&failure.headline()));
    }
    Err(failure)
}

fn no_backups(reason: &str) -> Failure {
    Failure::unsupported(Capability::ListBackups, reason)
}

/// Where the backups of an app are.
fn keeps_no_data(component: &str, databases: &[String]) -> Failure {
    no_backups(&match databases {
        [] => format!("{component} keeps no data, and its app has no database to back up"),
        databases => format!(
            "{component} keeps no data: its app's backups are those of {}",
            databases.join(", ")
        ),
    })
}

fn never_backed_up(component: &str, engine: Option<&str>) -> Failure {
    let engine = engine.unwrap_or("this engine");
    no_backups(&format!(
        "DigitalOcean takes no backups of {engine}: {component} has none"
    ))
}
