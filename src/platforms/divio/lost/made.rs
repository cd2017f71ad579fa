//! Operations that make something: it is new in a list.

use std::collections::BTreeSet;

use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

use crate::model::{
    BackupId, DeploymentId, DownloadId, EnvId, Failure, Follow, Operation, OperationKind,
    PageRequest, RestoreId, Witness,
};
use crate::platforms::Found;
use crate::platforms::divio::api::{Api, Filter};
use crate::platforms::divio::paths::Op;
use crate::platforms::divio::wire::FromField;

/// Identifiers hold no blanks.
const SEPARATOR: &str = " ";

/// Where the traces of an operation are, and what one leads to.
pub(super) struct Trace<'a> {
    op: Op,
    filters: Vec<Filter<'a>>,
    /// What the fields of ours hold. Somebody else's may be new as well.
    fields: Vec<(&'static str, &'a str)>,
    /// Whether the list is newest first, so that its first page is enough.
    newest_first: bool,
    follow: Option<fn(&str) -> Follow>,
}

impl<'a> Trace<'a> {
    fn new(op: Op, filter: Filter<'a>) -> Self {
        Self {
            op,
            filters: vec![filter],
            fields: Vec::new(),
            newest_first: op == Op::ListDeployments,
            follow: None,
        }
    }

    fn filter(mut self, name: &'static str, value: &'a str) -> Self {
        self.filters.push((name, value));
        self
    }

    fn field(mut self, name: &'static str, value: &'a str) -> Self {
        self.fields.push((name, value));
        self
    }

    fn leads_to(mut self, follow: fn(&str) -> Follow) -> Self {
        self.follow = Some(follow);
        self
    }

    /// A field that is not told, or not as text, speaks against nothing.
    fn may_be_ours(&self, record: &Record) -> bool {
        self.fields.iter().all(|(name, ours)| {
            let theirs = record.fields.get(*name).cloned();
            let theirs = theirs.and_then(String::from_field);
            theirs.is_none_or(|theirs| theirs.trim() == ours.trim())
        })
    }

    async fn read<W: DeserializeOwned>(&self, api: &Api) -> Result<Vec<W>, Failure> {
        if !self.newest_first {
            return api.all(self.op, &self.filters).await;
        }
        let first = PageRequest::first();
        let page = api.page(self.op, &self.filters, &first, Some).await?;
        Ok(page.items)
    }
}

#[derive(Deserialize)]
struct Id {
    uuid: String,
}

#[derive(Deserialize)]
struct Record {
    uuid: String,
    #[serde(flatten)]
    fields: Map<String, Value>,
}

pub(super) async fn witness(api: &Api, trace: &Trace<'_>) -> Result<Witness, Failure> {
    let records: Vec<Id> = trace.read(api).await?;
    let ids: Vec<String> = records.into_iter().map(|record| record.uuid).collect();
    Ok(Witness(Some(ids.join(SEPARATOR))))
}

pub(super) async fn look_for(
    api: &Api,
    trace: &Trace<'_>,
    before: &Witness,
) -> Result<Found, Failure> {
    let Witness(Some(before)) = before else {
        return Ok(Found::CannotTell);
    };
    let before: BTreeSet<&str> = before.split(SEPARATOR).collect();
    let mut new: Vec<Record> = trace.read(api).await?;
    new.retain(|record| !before.contains(record.uuid.as_str()));
    if new.is_empty() {
        return Ok(Found::DidNotHappen);
    }
    let ours: Vec<&Record> = new
        .iter()
        .filter(|record| trace.may_be_ours(record))
        .collect();
    Ok(match (ours.as_slice(), trace.follow) {
        ([only], Some(follow)) => Found::Happened(follow(&only.uuid)),
        ([_], None) => Found::HappenedAndEnded,
        // What is new is somebody else's, or the platform wrote ours in another way.
        ([], _) => Found::NotYet,
        (_, _) => Found::CannotTell,
    })
}

/// Absent for what makes nothing.
pub(super) fn trace(operation: &Operation) -> Option<Trace<'_>> {
    let of_environment = |op| {
        let id = operation.target.environment.as_ref().map(EnvId::as_str)?;
        Some(Trace::new(op, ("environment", id)))
    };
    Some(match &operation.kind {
        OperationKind::Deploy { .. } | OperationKind::RollBack { .. } => {
            let follow = |id: &str| Follow::Deployment(DeploymentId::new(id));
            of_environment(Op::ListDeployments)?.leads_to(follow)
        }
        OperationKind::CreateBackup { notes, .. } => {
            let follow = |id: &str| Follow::Backup(BackupId::new(id));
            of_environment(Op::ListBackups)?
                .field("notes", notes.as_deref().unwrap_or_default())
                .leads_to(follow)
        }
        OperationKind::RestoreBackup { backup, .. } => {
            let follow = |id: &str| Follow::Restore(RestoreId::new(id));
            of_environment(Op::ListBackupRestores)?
                .field("backup", backup.as_str())
                .leads_to(follow)
        }
        // Whether this list can be filtered is not documented. Ours sends no e-mail.
        OperationKind::PrepareDownload { backup } => {
            let follow = |id: &str| Follow::Download(DownloadId::new(id));
            Trace::new(Op::ListBackupDownloads, ("backup", backup.as_str()))
                .field("backup", backup.as_str())
                .field("trigger", "PULL")
                .leads_to(follow)
        }
        OperationKind::SetVariable { id: None, name, .. } => {
            of_environment(Op::ListEnvironmentVariables)?.filter("name", name)
        }
        OperationKind::AddDomain { name } => of_environment(Op::ListDomains)?.filter("name", name),
        OperationKind::CreateService { name, .. } => {
            of_environment(Op::ListServiceInstances)?.field("prefix", name)
        }
        OperationKind::CreateJob(spec) => of_environment(Op::ListCronjobs)?
            .field("command", &spec.command)
            .field("frequency", &spec.frequency),
        OperationKind::CopyEnvironment { slug } => {
            let app = operation.target.app.as_ref()?;
            Trace::new(Op::ListEnvironments, ("application", app.as_str())).filter("slug", slug)
        }
        OperationKind::SetVariable { id: Some(_), .. }
        | OperationKind::DeployImage { .. }
        | OperationKind::RetryDeployment { .. }
        | OperationKind::CommitRollback
        | OperationKind::RevertRollback
        | OperationKind::CancelDeployment { .. }
        | OperationKind::Restart { .. }
        | OperationKind::Stop { .. }
        | OperationKind::Start { .. }
        | OperationKind::Scale { .. }
        | OperationKind::Autoscale { .. }
        | OperationKind::KillUnit { .. }
        | OperationKind::Console { .. }
        | OperationKind::RunCommand { .. }
        | OperationKind::UnsetVariable { .. }
        | OperationKind::UpdateDomain { .. }
        | OperationKind::RemoveDomain { .. }
        | OperationKind::VerifyDomain { .. }
        | OperationKind::CompleteInstallation { .. }
        | OperationKind::ProvisionService { .. }
        | OperationKind::AttachService { .. }
        | OperationKind::DetachService { .. }
        | OperationKind::RemoveService { .. }
        | OperationKind::UpdateJob { .. }
        | OperationKind::RemoveJob { .. }
        | OperationKind::CancelJobRun { .. }
        | OperationKind::CancelEvent { .. }
        | OperationKind::ChangeVariables(_)
        | OperationKind::RunMaintenance { .. }
        | OperationKind::SkipMaintenance { .. }
        | OperationKind::CancelMaintenance { .. }
        | OperationKind::CreateApp { .. }
        | OperationKind::UpdateApp { .. }
        | OperationKind::DeleteApp { .. }
        | OperationKind::UpdateEnvironment { .. }
        | OperationKind::RenameOrganisation { .. }
        | OperationKind::Special { .. } => return None,
    })
}
