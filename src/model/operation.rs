//! Writes: what flightdeck can be asked to do, how safely, and how it goes on.

use std::time::Duration;

use jiff::Timestamp;

use super::catalogue::Inputs;
use super::special::Special;
use super::{
    ActivityId, AppId, BackupId, Capability, Class, ContextId, DeploymentId, DomainId, DownloadId,
    EnvId, Failure, JobId, MaintenanceId, OrgId, Progress, RestoreId, Secret, ServiceId,
    ServiceKindId, Text, Ticket, VariableId,
};

/// What happens when a request is sent twice. Stated here, never derived from an HTTP method.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Safety {
    /// Changes nothing.
    Read,
    /// Changes something, and twice gives the same as once.
    Repeatable,
    /// Must be sent at most once.
    Once,
}

/// How much there is to lose. Stated here, once; the rest (class, protection, number of targets) is
/// the circumstances' and decides the tier together with it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Stakes {
    /// It can be taken back, and users of the app notice little.
    Reversible,
    /// Users of the app notice.
    Traffic,
    /// Something stops or goes that comes back only with an effort.
    TakesAway,
    /// It cannot be taken back.
    Irreversible,
}

/// What an operation acts on, with the words that dialogs and the audit show.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Target {
    /// The context.
    pub context: ContextId,
    /// The app; absent for what concerns a whole context.
    pub app: Option<AppId>,
    /// The environment; absent for what concerns a whole app.
    pub environment: Option<EnvId>,
    /// `app/environment`, in names.
    pub title: Text,
    /// How much it matters; decides how it is confirmed.
    pub class: Option<Class>,
}

/// How a deployment gets its image.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum DeployMode {
    /// As the platform thinks best.
    #[default]
    Auto,
    /// Reuse what was built before.
    Adopt,
    /// Build anew.
    Force,
}

/// A change to a domain.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum DomainChange {
    /// Make it the main one.
    MakePrimary,
    /// Redirect to the main one, or not.
    Redirect(bool),
}

/// What a scheduled job does.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct JobSpec {
    /// The command.
    pub command: String,
    /// When it runs, in the platform's notation ("DAILY", a cron line).
    pub frequency: String,
    /// At which time, where the frequency needs one ("02:30").
    pub time: Option<String>,
    /// After how many minutes it is killed.
    pub timeout_minutes: Option<u32>,
}

/// What becomes of a variable.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum VariableWish {
    /// It has this value.
    Set {
        /// The value.
        value: Secret,
        /// Whether the platform is to hide it from now on.
        is_sensitive: bool,
    },
    /// It is gone.
    Unset,
}

/// One of several changes to the variables of an environment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VariableChange {
    /// The platform's id; absent for a variable that is new.
    pub id: Option<VariableId>,
    /// Its name.
    pub name: String,
    /// What becomes of it.
    pub wish: VariableWish,
}

impl VariableChange {
    /// The change that an operation makes; absent for what is about no single variable.
    #[must_use]
    pub fn of(kind: &OperationKind) -> Option<Self> {
        if let OperationKind::SetVariable {
            id,
            name,
            value,
            is_sensitive,
        } = kind
        {
            let wish = VariableWish::Set {
                value: value.clone(),
                is_sensitive: *is_sensitive,
            };
            let (id, name) = (id.clone(), name.clone());
            return Some(Self { id, name, wish });
        }
        if let OperationKind::UnsetVariable { id, name } = kind {
            let (id, name) = (id.clone(), name.clone());
            let wish = VariableWish::Unset;
            return Some(Self { id, name, wish });
        }
        None
    }

    /// All changes to variables that an operation makes.
    #[must_use]
    pub fn all_of(kind: &OperationKind) -> Vec<Self> {
        if let OperationKind::ChangeVariables(changes) = kind {
            return changes.clone();
        }
        Self::of(kind).into_iter().collect()
    }

    /// Several operations on variables as the one that does the same. One alone, and what is about
    /// something else, stay as they are.
    #[must_use]
    pub fn together(kinds: Vec<OperationKind>) -> Vec<OperationKind> {
        let changes: Option<Vec<_>> = kinds.iter().map(Self::of).collect();
        match changes {
            Some(changes) if changes.len() > 1 => vec![OperationKind::ChangeVariables(changes)],
            Some(_) | None => kinds,
        }
    }

    /// Whether something goes that was there.
    #[must_use]
    pub fn takes_away(&self) -> bool {
        self.wish == VariableWish::Unset
    }
}

/// Where a command runs.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum RunPlace {
    /// In one instance that is up.
    #[default]
    One,
    /// In every instance.
    Every,
    /// In an instance of its own, made for it.
    Alone,
}

/// What flightdeck can be asked to do, with its inputs.
#[derive(Clone, Debug, PartialEq)]
#[expect(
    missing_docs,
    reason = "the names of operations and inputs are the field's own"
)]
pub enum OperationKind {
    Deploy {
        mode: DeployMode,
    },
    DeployImage {
        image: String,
    },
    RetryDeployment {
        deployment: Option<DeploymentId>,
    },
    RollBack {
        to: DeploymentId,
        pin: bool,
    },
    CommitRollback,
    RevertRollback,
    CancelDeployment {
        deployment: DeploymentId,
        reason: Option<String>,
    },
    Restart {
        process: Option<String>,
    },
    Stop {
        process: Option<String>,
    },
    Start {
        process: Option<String>,
    },
    Scale {
        process: Option<String>,
        units: u32,
        size: Option<String>,
    },
    Autoscale {
        process: Option<String>,
        limits: Option<(u32, u32)>,
        /// The use of processors, in per cent, from which on there are more instances; absent for what
        /// is set already.
        cpu: Option<u32>,
    },
    KillUnit {
        unit: String,
        /// Whether the platform's own care for how many may be down at once is left aside.
        force: bool,
    },
    RunCommand {
        command: String,
        place: RunPlace,
    },
    /// A terminal session: not sent like the others, but asked about and written down like them.
    Console {
        unit: Option<String>,
    },
    CreateBackup {
        services: Vec<ServiceId>,
        notes: Option<String>,
        keep_until: Option<Timestamp>,
    },
    RestoreBackup {
        backup: BackupId,
        notes: Option<String>,
        /// The name of what is made, where a restore makes something new.
        into: Option<String>,
    },
    PrepareDownload {
        backup: BackupId,
    },
    SetVariable {
        id: Option<VariableId>,
        name: String,
        value: Secret,
        is_sensitive: bool,
    },
    UnsetVariable {
        id: Option<VariableId>,
        name: String,
    },
    /// All changes to the variables of an environment in one step.
    ChangeVariables(Vec<VariableChange>),
    AddDomain {
        name: String,
    },
    UpdateDomain {
        id: DomainId,
        change: DomainChange,
    },
    RemoveDomain {
        id: DomainId,
        name: String,
    },
    VerifyDomain {
        id: DomainId,
        name: String,
    },
    CompleteInstallation {
        domain: String,
    },
    CreateService {
        kind: ServiceKindId,
        name: String,
    },
    ProvisionService {
        id: ServiceId,
    },
    AttachService {
        id: ServiceId,
    },
    DetachService {
        id: ServiceId,
    },
    RemoveService {
        id: ServiceId,
    },
    CreateJob(JobSpec),
    UpdateJob {
        id: JobId,
        spec: JobSpec,
    },
    RemoveJob {
        id: JobId,
    },
    CancelJobRun {
        id: JobId,
        run: String,
    },
    CancelEvent {
        event: ActivityId,
        reason: Option<String>,
    },
    RunMaintenance {
        id: MaintenanceId,
    },
    SkipMaintenance {
        id: MaintenanceId,
    },
    CancelMaintenance {
        id: MaintenanceId,
    },
    CreateApp {
        name: String,
        inputs: Vec<(String, String)>,
    },
    UpdateApp {
        name: String,
    },
    DeleteApp {
        typed_name: String,
    },
    CopyEnvironment {
        slug: String,
    },
    UpdateEnvironment {
        branch: String,
    },
    RenameOrganisation {
        id: OrgId,
        name: String,
    },
    /// What only one platform has.
    Special {
        what: &'static Special,
        inputs: Inputs,
    },
}

impl OperationKind {
    /// What a platform must offer for it.
    #[must_use]
    pub fn capability(&self) -> Capability {
        match self {
            Self::Deploy {
                mode: DeployMode::Force,
            } => Capability::ForceDeploy,
            Self::Deploy {
                mode: DeployMode::Auto | DeployMode::Adopt,
            } => Capability::Deploy,
            Self::DeployImage { .. } => Capability::DeployImage,
            Self::RetryDeployment { .. } => Capability::RetryDeployment,
            Self::RollBack { .. } => Capability::RollBack,
            Self::CommitRollback => Capability::CommitRollback,
            Self::RevertRollback => Capability::RevertRollback,
            Self::CancelDeployment { .. } => Capability::CancelDeployment,
            Self::Restart { .. } => Capability::Restart,
            Self::Stop { .. } => Capability::Stop,
            Self::Start { .. } => Capability::Start,
            Self::Scale { .. } => Capability::Scale,
            Self::Autoscale { .. } => Capability::Autoscale,
            Self::KillUnit { .. } => Capability::KillUnit,
            Self::RunCommand { .. } => Capability::RunCommand,
            Self::Console { .. } => Capability::Console,
            Self::CreateBackup { .. } => Capability::CreateBackup,
            Self::RestoreBackup { .. } => Capability::RestoreBackup,
            Self::PrepareDownload { .. } => Capability::DownloadBackup,
            Self::SetVariable { .. } | Self::ChangeVariables(_) => Capability::SetVariable,
            Self::UnsetVariable { .. } => Capability::UnsetVariable,
            Self::AddDomain { .. } => Capability::AddDomain,
            Self::UpdateDomain { .. } => Capability::UpdateDomain,
            Self::RemoveDomain { .. } => Capability::RemoveDomain,
            Self::VerifyDomain { .. } => Capability::VerifyDomain,
            Self::CompleteInstallation { .. } => Capability::CompleteInstallation,
            Self::CreateService { .. } => Capability::CreateService,
            Self::ProvisionService { .. } => Capability::ProvisionService,
            Self::AttachService { .. } => Capability::AttachService,
            Self::DetachService { .. } => Capability::DetachService,
            Self::RemoveService { .. } => Capability::RemoveService,
            Self::CreateJob(_) => Capability::CreateJob,
            Self::UpdateJob { .. } => Capability::UpdateJob,
            Self::RemoveJob { .. } => Capability::RemoveJob,
            Self::CancelJobRun { .. } => Capability::CancelJobRun,
            Self::CancelEvent { .. } => Capability::CancelEvent,
            Self::RunMaintenance { .. } => Capability::RunMaintenance,
            Self::SkipMaintenance { .. } => Capability::SkipMaintenance,
            Self::CancelMaintenance { .. } => Capability::CancelMaintenance,
            Self::CreateApp { .. } => Capability::CreateApp,
            Self::UpdateApp { .. } => Capability::UpdateApp,
            Self::DeleteApp { .. } => Capability::DeleteApp,
            Self::CopyEnvironment { .. } => Capability::CopyEnvironment,
            Self::UpdateEnvironment { .. } => Capability::UpdateEnvironment,
            Self::RenameOrganisation { .. } => Capability::RenameOrganisation,
            Self::Special { .. } => Capability::Special,
        }
    }

    /// What happens when it is sent twice.
    #[must_use]
    pub fn safety(&self) -> Safety {
        match self {
            // These name a state to reach, not a step to take; a variable known by its id is a
            // change to what exists.
            Self::Stop { .. }
            | Self::Start { .. }
            | Self::Scale { .. }
            | Self::Autoscale { .. }
            | Self::SetVariable { id: Some(_), .. }
            | Self::UnsetVariable { .. }
            | Self::ChangeVariables(_)
            | Self::UpdateDomain { .. }
            | Self::RemoveDomain { .. }
            | Self::VerifyDomain { .. }
            | Self::RemoveService { .. }
            | Self::UpdateJob { .. }
            | Self::RemoveJob { .. }
            | Self::UpdateApp { .. }
            | Self::UpdateEnvironment { .. }
            | Self::RenameOrganisation { .. } => Safety::Repeatable,
            Self::SetVariable { id: None, .. }
            | Self::Deploy { .. }
            | Self::DeployImage { .. }
            | Self::RetryDeployment { .. }
            | Self::RollBack { .. }
            | Self::CommitRollback
            | Self::RevertRollback
            | Self::CancelDeployment { .. }
            | Self::Restart { .. }
            | Self::KillUnit { .. }
            | Self::RunCommand { .. }
            | Self::Console { .. }
            | Self::CreateBackup { .. }
            | Self::RestoreBackup { .. }
            | Self::PrepareDownload { .. }
            | Self::AddDomain { .. }
            | Self::CompleteInstallation { .. }
            | Self::CreateService { .. }
            | Self::ProvisionService { .. }
            | Self::AttachService { .. }
            | Self::DetachService { .. }
            | Self::CreateJob(_)
            | Self::CancelJobRun { .. }
            | Self::CancelEvent { .. }
            | Self::RunMaintenance { .. }
            | Self::SkipMaintenance { .. }
            | Self::CancelMaintenance { .. }
            | Self::CreateApp { .. }
            | Self::DeleteApp { .. }
            | Self::CopyEnvironment { .. } => Safety::Once,
            Self::Special { what, .. } => what.safety,
        }
    }

    /// How much there is to lose.
    #[must_use]
    pub fn stakes(&self) -> Stakes {
        match self {
            Self::RestoreBackup { .. }
            | Self::DeleteApp { .. }
            | Self::RemoveService { .. }
            | Self::Scale { units: 0, .. }
            | Self::Autoscale {
                limits: Some((_, 0)),
                ..
            } => Stakes::Irreversible,
            Self::Stop { .. }
            | Self::UnsetVariable { .. }
            | Self::RemoveDomain { .. }
            | Self::DetachService { .. }
            | Self::RemoveJob { .. } => Stakes::TakesAway,
            Self::ChangeVariables(changes) if changes.iter().any(VariableChange::takes_away) => {
                Stakes::TakesAway
            }
            Self::RollBack { .. }
            | Self::CommitRollback
            | Self::RevertRollback
            | Self::KillUnit { .. }
            | Self::RunCommand { .. }
            | Self::UpdateDomain { .. }
            | Self::RunMaintenance { .. }
            | Self::SkipMaintenance { .. }
            | Self::CancelMaintenance { .. } => Stakes::Traffic,
            // What is done in a session is not flightdeck's to weigh: only that there is one.
            Self::Console { .. }
            | Self::Deploy { .. }
            | Self::DeployImage { .. }
            | Self::RetryDeployment { .. }
            | Self::CancelDeployment { .. }
            | Self::Restart { .. }
            | Self::Start { .. }
            | Self::Scale { .. }
            | Self::Autoscale { .. }
            | Self::CreateBackup { .. }
            | Self::PrepareDownload { .. }
            | Self::SetVariable { .. }
            | Self::ChangeVariables(_)
            | Self::AddDomain { .. }
            | Self::VerifyDomain { .. }
            | Self::CompleteInstallation { .. }
            | Self::CreateService { .. }
            | Self::ProvisionService { .. }
            | Self::AttachService { .. }
            | Self::CreateJob(_)
            | Self::UpdateJob { .. }
            | Self::CancelJobRun { .. }
            | Self::CancelEvent { .. }
            | Self::CreateApp { .. }
            | Self::UpdateApp { .. }
            | Self::CopyEnvironment { .. }
            | Self::UpdateEnvironment { .. }
            | Self::RenameOrganisation { .. } => Stakes::Reversible,
            Self::Special { what, .. } => what.stakes,
        }
    }

    /// The verb, for dialogs, the operations line and the command line: "deploy".
    #[must_use]
    pub fn verb(&self) -> &'static str {
        match self {
            Self::Deploy {
                mode: DeployMode::Auto,
            } => "deploy",
            Self::Deploy {
                mode: DeployMode::Adopt,
            } => "deploy (adopt)",
            Self::Deploy {
                mode: DeployMode::Force,
            } => "deploy (force build)",
            Self::DeployImage { .. } => "deploy image",
            Self::RetryDeployment { .. } => "retry",
            Self::RollBack { .. } => "roll back",
            Self::CommitRollback => "keep roll-back",
            Self::RevertRollback => "undo roll-back",
            Self::CancelDeployment { .. } => "cancel",
            Self::Restart { .. } => "restart",
            Self::Stop { .. } => "stop",
            Self::Start { .. } => "start",
            Self::Scale { .. } => "scale",
            Self::Autoscale { .. } => "autoscale",
            Self::KillUnit { .. } => "kill unit",
            Self::RunCommand { .. } => "run",
            Self::Console { .. } => "console",
            Self::CreateBackup { .. } => "backup",
            Self::RestoreBackup { .. } => "restore",
            Self::PrepareDownload { .. } => "download",
            Self::SetVariable { .. } => "set variable",
            Self::UnsetVariable { .. } => "unset variable",
            Self::ChangeVariables(_) => "change variables",
            Self::AddDomain { .. } => "add domain",
            Self::UpdateDomain { .. } => "change domain",
            Self::RemoveDomain { .. } => "remove domain",
            Self::VerifyDomain { .. } => "verify domain",
            Self::CompleteInstallation { .. } => "complete installation",
            Self::CreateService { .. } => "create service",
            Self::ProvisionService { .. } => "provision service",
            Self::AttachService { .. } => "attach service",
            Self::DetachService { .. } => "detach service",
            Self::RemoveService { .. } => "remove service",
            Self::CreateJob(_) => "create job",
            Self::UpdateJob { .. } => "change job",
            Self::RemoveJob { .. } => "remove job",
            Self::CancelJobRun { .. } => "cancel job run",
            Self::CancelEvent { .. } => "cancel event",
            Self::RunMaintenance { .. } => "run maintenance",
            Self::SkipMaintenance { .. } => "skip maintenance",
            Self::CancelMaintenance { .. } => "cancel maintenance",
            Self::CreateApp { .. } => "create app",
            Self::UpdateApp { .. } => "change app",
            Self::DeleteApp { .. } => "delete app",
            Self::CopyEnvironment { .. } => "copy environment",
            Self::UpdateEnvironment { .. } => "change environment",
            Self::RenameOrganisation { .. } => "rename organisation",
            Self::Special { what, .. } => what.verb,
        }
    }

    /// The name of an operation that only one platform has.
    #[must_use]
    pub fn special(&self) -> Option<&'static str> {
        if let Self::Special { what, .. } = self {
            return Some(what.recipe.name);
        }
        None
    }
}

/// Something flightdeck was asked to do.
#[derive(Clone, Debug, PartialEq)]
pub struct Operation {
    /// What it acts on.
    pub target: Target,
    /// What it does.
    pub kind: OperationKind,
}

/// Two operations with the same key may not be in flight together.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct OperationKey {
    /// The context.
    pub context: ContextId,
    /// The app.
    pub app: Option<AppId>,
    /// The environment.
    pub environment: Option<EnvId>,
    /// What is done.
    pub capability: Capability,
    /// Which of those that only one platform has.
    pub special: Option<&'static str>,
}

impl Operation {
    /// Its key.
    #[must_use]
    pub fn key(&self) -> OperationKey {
        OperationKey {
            context: self.target.context,
            app: self.target.app.clone(),
            environment: self.target.environment.clone(),
            capability: self.kind.capability(),
            special: self.kind.special(),
        }
    }
}

/// The number of an operation, unique for the life of the process.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct OperationTicket(pub u64);

/// How somebody said yes to an operation, and what they were shown: for the audit.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Consent {
    /// The tier of confirmation, from 1.
    pub tier: u8,
    /// What was done to confirm it: "y in the dialog", "--yes".
    pub words: Text,
    /// What was known before: label and value.
    pub before: Vec<(Text, Text)>,
    /// The revision of the target that was seen.
    pub seen: Option<Revision>,
}

/// Which version of something this is, in the adapter's own notation: two that are equal are the
/// same version.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Revision(pub Text);

/// What a platform says an operation would do, before it is done.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Preview {
    /// What it would come to: label and value, in order ("cost a month", "24.00 → 48.00 USD").
    pub facts: Vec<(Text, Text)>,
    /// What speaks against it without forbidding it.
    pub warnings: Vec<Text>,
    /// Why the platform would refuse it; absent if it would not.
    pub refusal: Option<Text>,
}

/// What came of asking what one of the operations of a question would do.
#[derive(Clone, Debug, PartialEq)]
pub struct PreviewReport {
    /// Which question asked.
    pub ticket: Ticket,
    /// The position of the operation in it.
    pub step: usize,
    /// What the platform says; absent where it has nothing to say.
    pub result: Result<Option<Preview>, Failure>,
}

/// The number of an operation in the audit, unique among all runs.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct IntentId(pub String);

/// What to read to see an accepted operation through to its end.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Follow {
    /// A deployment.
    Deployment(DeploymentId),
    /// A backup.
    Backup(BackupId),
    /// A restore.
    Restore(RestoreId),
    /// A download being prepared.
    Download(DownloadId),
    /// A task or event of the platform, in the adapter's own notation.
    Task(Text),
}

/// The platform took the operation.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Accepted {
    /// What to read to see it through; absent when the answer already was the end.
    pub follow: Option<Follow>,
    /// What the user should know ("takes effect with the next deployment").
    pub note: Option<Text>,
    /// What the user has to do next, one line each (DNS records to create).
    pub next_steps: Vec<Text>,
    /// How it ended, where the answer already was the end; absent for well.
    pub ended: Option<Verdict>,
}

impl Accepted {
    /// Taken, and to be seen through.
    #[must_use]
    pub fn following(follow: Follow) -> Self {
        Self {
            follow: Some(follow),
            ..Self::default()
        }
    }

    /// Done, with a remark.
    #[must_use]
    pub fn noted(note: &str) -> Self {
        Self {
            note: Text::non_empty(note),
            ..Self::default()
        }
    }
}

/// How an operation ended.
#[derive(Clone, Debug, PartialEq)]
pub enum Verdict {
    /// As wished; a remark, such as a size.
    Done(Option<Text>),
    /// Ended with some parts missing.
    Partly(Text),
    /// Failed on the platform; why.
    Failed(Text),
}

/// One look at an accepted operation.
#[derive(Clone, Debug, PartialEq)]
pub struct Followed {
    /// How far it is.
    pub progress: Progress,
    /// How it ended; absent while it runs.
    pub verdict: Option<Verdict>,
    /// When to look again.
    pub again_in: Duration,
}

/// What was newest before an operation was sent, in the adapter's own notation; by it a lost answer
/// is told from a lost request.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Witness(pub Option<String>);

/// Where an operation stands.
#[derive(Clone, Debug, PartialEq)]
pub enum Stage {
    /// On its way, or waiting to be sent again where that is safe.
    Sending,
    /// The platform took it and works on it.
    Running(Progress),
    /// It ended.
    Ended(Verdict),
    /// It did not happen.
    Refused(Failure),
    /// It was sent and the answer was lost; flightdeck is finding out.
    Unknown(Failure),
    /// It was sent, the answer was lost, and reading did not tell what became of it.
    Unresolved(Text),
}

impl Stage {
    /// Whether nothing more will be reported.
    #[must_use]
    pub fn is_final(&self) -> bool {
        matches!(
            self,
            Self::Ended(_) | Self::Refused(_) | Self::Unresolved(_)
        )
    }
}

/// How an operation ended, for the audit.
#[derive(Clone, Debug, PartialEq)]
pub struct Ended {
    /// The last stage.
    pub stage: Stage,
    /// What was followed.
    pub follow: Option<Follow>,
    /// What came instead of the answer, where that was lost.
    pub lost: Option<Failure>,
    /// What the user should know.
    pub note: Option<Text>,
}

/// What the engine says about an operation.
#[derive(Clone, Debug, PartialEq)]
pub struct OperationEvent {
    /// Which.
    pub ticket: OperationTicket,
    /// When.
    pub at: Timestamp,
    /// Where it stands now.
    pub stage: Stage,
    /// What is being followed, once that is known.
    pub follow: Option<Follow>,
    /// What the user should know.
    pub note: Option<Text>,
    /// What the user has to do next.
    pub next_steps: Vec<Text>,
    /// Lines of output since the last event, where the platform streams them.
    pub output: Vec<Text>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_starts_something_is_sent_at_most_once() {
        let once = [
            OperationKind::Deploy {
                mode: DeployMode::Auto,
            },
            OperationKind::CreateBackup {
                services: Vec::new(),
                notes: None,
                keep_until: None,
            },
            OperationKind::Restart { process: None },
            OperationKind::RestoreBackup {
                backup: BackupId::new("b"),
                notes: None,
                into: None,
            },
        ];
        assert!(once.iter().all(|kind| kind.safety() == Safety::Once));
    }

    #[test]
    fn a_variable_is_repeatable_only_when_it_exists() {
        let set = |id| OperationKind::SetVariable {
            id,
            name: "A".into(),
            value: Secret::new("1"),
            is_sensitive: false,
        };
        assert_eq!(set(None).safety(), Safety::Once);
        assert_eq!(set(Some(VariableId::new("v"))).safety(), Safety::Repeatable);
    }
}
