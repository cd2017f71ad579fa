//! Creating and deleting apps, and restoring backups into new clusters.
//!
//! Source: DigitalOcean contract, sections 5.2 and 5.7.

use bytes::Bytes;
use jiff::Timestamp;
use serde::Deserialize;
use serde_json::{Value, json};

use super::fresh::Fresh;
use super::{Attempt, SAFETY};
use crate::model::{Accepted, BackupId, Failure, Follow, Text};
use crate::platforms::digitalocean::api::{Api, call};
use crate::platforms::digitalocean::decode::record;
use crate::platforms::digitalocean::paths::Op;
use crate::platforms::digitalocean::{ids, progress, spec};
use crate::platforms::http::unsent;

/// A database cluster, as far as a copy of it must be told. The rest of the record holds passwords
/// and is not decoded.
#[derive(Deserialize)]
struct Cluster {
    name: String,
    engine: String,
    version: Option<String>,
    size: String,
    region: String,
    num_nodes: u32,
    project_id: Option<String>,
}

#[derive(Deserialize)]
struct Made {
    id: String,
}

/// What a backup is restored into.
pub(in super::super) struct Restored {
    /// The name of the new cluster.
    pub(in super::super) name: String,
    /// Engine with its version.
    pub(in super::super) engine: String,
    /// Size of a node, their number and where they are.
    pub(in super::super) size: String,
    body: Value,
}

/// What a backup would be restored into: like the cluster it was taken of.
pub(in super::super) async fn restored(
    api: &Api,
    backup: &BackupId,
    into: Option<&str>,
) -> Result<Restored, Failure> {
    let (id, created_at) = ids::of_backup(backup)?;
    let cluster: Cluster = api.get(Op::GetDatabase, &[id]).await?;
    let name = into.filter(|name| !name.is_empty());
    let name = name.map_or_else(|| copy_name(&cluster.name, created_at), str::to_owned);
    let mut body = json!({
        "name": name,
        "engine": cluster.engine,
        "size": cluster.size,
        "region": cluster.region,
        "num_nodes": cluster.num_nodes,
        "backup_restore": {"database_name": cluster.name, "backup_created_at": created_at},
    });
    for (key, value) in [
        ("version", &cluster.version),
        ("project_id", &cluster.project_id),
    ] {
        if let Some(value) = value.as_deref().filter(|value| !value.is_empty()) {
            body[key] = json!(value);
        }
    }
    let version = cluster.version.unwrap_or_default();
    Ok(Restored {
        engine: format!("{} {version}", cluster.engine).trim().to_owned(),
        size: format!(
            "{} × {}, {}",
            cluster.num_nodes, cluster.size, cluster.region
        ),
        name,
        body,
    })
}

/// The name of a copy, with the time of the backup where that can be read.
pub(in super::super) fn copy_name(cluster: &str, created_at: &str) -> String {
    match created_at.parse::<Timestamp>() {
        Ok(at) => format!("{cluster}-restored-{}", at.strftime("%Y%m%d-%H%M")),
        Err(_) => format!("{cluster}-restored"),
    }
}

impl Attempt<'_> {
    pub(super) async fn restore(
        &self,
        backup: &BackupId,
        notes: Option<&str>,
        into: Option<&str>,
    ) -> Result<Accepted, Failure> {
        if notes.is_some_and(|notes| !notes.is_empty()) {
            return Err(Failure::invalid(
                "notes",
                "DigitalOcean keeps none: leave it out",
            ));
        }
        let restored = restored(self.api, backup, into).await;
        let restored = restored.map_err(unsent)?;
        let reply = self
            .post(Op::CreateDatabase, &[], Some(&restored.body))
            .await?;
        let Made { id } = record(Op::CreateDatabase, &reply)?;
        let note = format!(
            "a new cluster, {}: apps go on using the old one until they are changed",
            restored.name
        );
        Ok(Accepted {
            note: Some(Text::clean(&note)),
            ..Accepted::following(Follow::Task(progress::creating(&id)))
        })
    }

    pub(super) async fn create_app(
        &self,
        name: &str,
        inputs: &[(String, String)],
    ) -> Result<Accepted, Failure> {
        let new = spec::new_app(name, inputs)?;
        let mut call = call(Op::CreateApp, &[], SAFETY)?;
        let project = new.project.or_else(|| {
            let kept_to = self.api.organisation.as_ref();
            kept_to.map(|id| id.as_str().to_owned())
        });
        let project = project.map(|id| format!(",\"project_id\":{}", json!(id)));
        let body = format!("{{\"spec\":{}{}}}", new.spec, project.unwrap_or_default());
        call.body = Some(("application/json", Bytes::from(body)));
        let made = Fresh::of(&self.send(call).await?)?;
        made.remember(self.api);
        Ok(match made.begun(None) {
            Some(deployment) => Accepted::following(Follow::Deployment(deployment)),
            None => Accepted::noted("nothing had to be deployed"),
        })
    }

    /// The name is compared with the app's own as it is now, not with what a dialog showed.
    pub(super) async fn delete_app(&self, typed_name: &str) -> Result<Accepted, Failure> {
        let fresh = self.fresh().await?;
        if fresh.name().as_deref() != Some(typed_name) {
            let name = fresh.name().unwrap_or_default();
            return Err(Failure::invalid(
                "app",
                &format!("the app is called {name}: type that"),
            ));
        }
        self.post(Op::DeleteApp, &[&fresh.id], None).await?;
        Ok(Accepted::noted(
            "its managed databases stay, and cost what they cost",
        ))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_copy_is_named_after_the_backup() {
        let name = copy_name("shop-db", "2024-05-29T03:04:05.678Z");
        assert_eq!(name, "shop-db-restored-20240529-0304");
        assert_eq!(copy_name("shop-db", "yesterday"), "shop-db-restored");
    }
}
