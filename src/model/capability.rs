//! What a platform can do, as data.

macro_rules! capabilities {
    ($($name:ident $title:literal,)*) => {
        /// Something an adapter may or may not offer. Adapters answer every one of them in one
        /// `match` without a wildcard, so that a new capability does not compile until all have
        /// answered.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Capability {
            $(#[doc = $title] $name,)*
        }

        impl Capability {
            /// Every capability, in the order of their declaration.
            pub const ALL: &[Self] = &[$(Self::$name,)*];

            /// What it is, as words that follow "this platform cannot": "list backups".
            #[must_use]
            pub const fn title(self) -> &'static str {
                match self { $(Self::$name => $title,)* }
            }
        }
    };
}

capabilities! {
    ReadAccount "tell whose credential it is",
    ListOrganisations "list organisations",
    ListApps "list apps",
    ListAllEnvironments "list the environments of all apps at once",
    ListEnvironments "list environments",
    ListDeployments "list deployments",
    DeploymentLog "show the log of a deployment",
    RuntimeLog "show runtime logs",
    AppLog "show the runtime log of a whole app",
    OlderRuntimeLog "show older runtime logs",
    PreviousLog "show what was written before the last restart",
    JobLog "show the log of a job run",
    EventLog "show the log of an event",
    ListBackups "list backups",
    ListRestores "list restores",
    ListBackupPlans "list backup schedules",
    ListVariables "list variables",
    ListDomains "list domains",
    ListServices "list services",
    ListServiceKinds "list kinds of services",
    ListJobs "list scheduled jobs",
    ListActivity "list activity",
    ListMaintenance "list maintenance",
    ListUnits "list instances",
    ListAlerts "list alerts",
    ListJobRuns "list runs of jobs",
    ListSizes "list sizes of instances",
    ListRegions "list regions",
    ListRepositories "list repositories",
    ListWebhooks "list webhooks",
    ListInvoices "list invoices",
    ListOthers "list what only one platform has",
    Metrics "show metrics",
    Deploy "deploy",
    ForceDeploy "deploy with a forced build",
    DeployImage "deploy an image",
    RetryDeployment "retry a deployment",
    RollBack "roll back",
    CommitRollback "keep a roll-back",
    RevertRollback "undo a roll-back",
    CancelDeployment "cancel a deployment",
    Restart "restart",
    Stop "stop",
    Start "start",
    Scale "scale",
    Autoscale "scale automatically",
    KillUnit "kill one instance",
    RunCommand "run a command",
    Console "open a console",
    CreateBackup "take a backup",
    RestoreBackup "restore a backup",
    DownloadBackup "download a backup",
    SetVariable "set variables",
    UnsetVariable "unset variables",
    AddDomain "add domains",
    UpdateDomain "change domains",
    RemoveDomain "remove domains",
    VerifyDomain "verify domains",
    CompleteInstallation "complete an installation",
    CreateService "create services",
    ProvisionService "provision services",
    AttachService "attach services",
    DetachService "detach services",
    RemoveService "remove services",
    CreateJob "create scheduled jobs",
    UpdateJob "change scheduled jobs",
    RemoveJob "remove scheduled jobs",
    CancelJobRun "cancel a run of a job",
    CancelEvent "cancel what the platform began by itself",
    RunMaintenance "run maintenance now",
    SkipMaintenance "skip maintenance",
    CancelMaintenance "cancel maintenance",
    CreateApp "create apps",
    UpdateApp "change apps",
    DeleteApp "delete apps",
    CopyEnvironment "copy environments",
    UpdateEnvironment "change environments",
    RenameOrganisation "rename organisations",
    Special "do what only one platform has",
}

impl Capability {
    /// Whether an operation of the kind begins a deployment, which an app that is pinned to an
    /// earlier one refuses. `every_change`: the platform deploys after every change of
    /// configuration.
    #[must_use]
    pub fn begins_deployment(self, every_change: bool) -> bool {
        const ALWAYS: [Capability; 5] = [
            Capability::Deploy,
            Capability::ForceDeploy,
            Capability::DeployImage,
            Capability::RetryDeployment,
            Capability::RollBack,
        ];
        const CHANGES: [Capability; 17] = [
            Capability::Restart,
            Capability::Stop,
            Capability::Start,
            Capability::Scale,
            Capability::Autoscale,
            Capability::SetVariable,
            Capability::UnsetVariable,
            Capability::AddDomain,
            Capability::UpdateDomain,
            Capability::RemoveDomain,
            Capability::CreateService,
            Capability::AttachService,
            Capability::DetachService,
            Capability::CreateJob,
            Capability::UpdateJob,
            Capability::RemoveJob,
            Capability::UpdateEnvironment,
        ];
        ALWAYS.contains(&self) || (every_change && CHANGES.contains(&self))
    }
}

/// Whether a platform offers something. Reasons are written for the user.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Support {
    /// It does.
    Yes,
    /// It does not: "Divio's API has no cancel".
    No(&'static str),
    /// Known only after asking: "needs a token with write access".
    Depends(&'static str),
}

impl Support {
    /// Why not, if it certainly is not.
    #[must_use]
    pub fn refusal(self) -> Option<&'static str> {
        match self {
            Self::No(reason) => Some(reason),
            Self::Yes | Self::Depends(_) => None,
        }
    }
}
