//! Taking backups, restoring them and preparing downloads.
//!
//! Source: Divio contract, sections 5.6 and 7.

use jiff::Timestamp;
use serde_json::{Value, json};

use super::{Attempt, nothing_sent, set_text};
use crate::model::{Accepted, BackupId, DownloadId, Failure, Follow, RestoreId, ServiceId};
use crate::platforms::divio::paths::Op;
use crate::platforms::divio::{map, wire};

impl Attempt<'_> {
    /// Without services: all that have data.
    pub(super) async fn back_up(
        &self,
        services: &[ServiceId],
        notes: Option<&str>,
        keep_until: Option<Timestamp>,
    ) -> Result<Accepted, Failure> {
        let services = match services {
            [] => self.services_with_data().await?,
            asked => asked.iter().map(|id| id.as_str().to_owned()).collect(),
        };
        let mut body = json!({"environment": self.environment()?, "services": services});
        set_text(&mut body, "notes", notes);
        let until = keep_until.map(|until| until.to_string());
        set_text(&mut body, "scheduled_for_deletion_at", until.as_deref());
        let follow = |id: &str| Follow::Backup(BackupId::new(id));
        self.begin(Op::CreateBackup, body, follow).await
    }

    /// Restores every part.
    pub(super) async fn restore(
        &self,
        backup: &BackupId,
        notes: Option<&str>,
    ) -> Result<Accepted, Failure> {
        let parts = self.parts(backup).await?.into_iter();
        let parts: Vec<Value> = parts
            .map(|part| json!({"service_instance_backup": part}))
            .collect();
        let mut body = json!({"backup": backup.as_str(), "service_instance_restores": parts});
        set_text(&mut body, "notes", notes);
        let follow = |id: &str| Follow::Restore(RestoreId::new(id));
        self.begin(Op::CreateBackupRestore, body, follow).await
    }

    pub(super) async fn prepare_download(&self, backup: &BackupId) -> Result<Accepted, Failure> {
        let body = json!({
            "backup": backup.as_str(),
            // MANUAL would make the platform send an e-mail.
            "trigger": "PULL",
            "service_instance_backups": self.parts(backup).await?,
        });
        let follow = |id: &str| Follow::Download(DownloadId::new(id));
        self.begin(Op::CreateBackupDownload, body, follow).await
    }

    async fn parts(&self, backup: &BackupId) -> Result<Vec<String>, Failure> {
        let record = self
            .api
            .get::<wire::Backup>(Op::GetBackup, backup.as_str())
            .await;
        let parts = record.map_err(nothing_sent)?.service_instance_backups.0;
        parts
            .filter(|parts| !parts.is_empty())
            .ok_or_else(|| Failure::invalid("backup", "it has no parts"))
    }

    async fn services_with_data(&self) -> Result<Vec<String>, Failure> {
        let filters = [("environment", self.environment()?)];
        let services = self.api.all(Op::ListServiceInstances, &filters).await;
        let services: Vec<wire::ServiceInstance> = services.map_err(nothing_sent)?;
        let app = self.operation.target.app.as_ref();
        let filters: Vec<_> = app.iter().map(|app| ("website", app.as_str())).collect();
        let kinds = self.api.all(Op::ListServices, &filters).await;
        let kinds: Vec<wire::Service> = kinds.map_err(nothing_sent)?;
        let found: Vec<String> = services
            .into_iter()
            .filter(|service| map::is_provisioned(service) && can_back_up(service, &kinds))
            .map(|service| service.uuid)
            .collect();
        if found.is_empty() {
            return Err(Failure::invalid(
                "services",
                "nothing in this environment can be backed up",
            ));
        }
        Ok(found)
    }
}

/// What the catalogue says of its kind; a kind that is not in it goes by its type.
fn can_back_up(service: &wire::ServiceInstance, kinds: &[wire::Service]) -> bool {
    let kind = service.service.as_deref();
    let known = kinds.iter().find(|known| kind == Some(known.uuid.as_str()));
    known
        .and_then(|known| *known.is_backupable)
        .unwrap_or_else(|| matches!(service.kind.as_deref(), Some("DATABASE" | "STORAGE")))
}
