//! What PandaStack does not offer, or not for what is meant: refused with the reason, and without a
//! request.

use flightdeck::model::{
    ActivityId, AppId, BackupId, Capability, DeployMode, DeploymentId, DomainChange, DomainId,
    DownloadId, EnvId, Failure, InvoiceId, JobId, JobRunId, JobSpec, LogSource, MaintenanceId,
    OperationKind, OrgId, PageRequest, Query, RepositoryId, RunPlace, Secret, ServiceId,
    ServiceKindId, Support, TailRequest,
};
use flightdeck::platforms::{Platform, read};

use super::world::{RETRY, World, complete, configure, on, verify};

const MANAGED: &str = "4190";
const PROJECT: &str = "project:shop";

/// What is about logs and sessions, and whether it is offered for something.
pub(super) const LOGS: &[(Capability, bool)] = &[
    (Capability::RuntimeLog, true),
    (Capability::DeploymentLog, true),
    (Capability::AppLog, false),
    (Capability::EventLog, false),
    (Capability::JobLog, false),
    (Capability::Console, false),
    (Capability::PreviousLog, false),
    (Capability::OlderRuntimeLog, false),
];

fn managed() -> EnvId {
    EnvId::new(MANAGED)
}

pub(super) fn questions() -> Vec<Query> {
    let app = || AppId::new(MANAGED);
    vec![
        Query::Backups(managed()),
        Query::Backup(BackupId::new("x")),
        Query::Restores(managed()),
        Query::Download(DownloadId::new("x")),
        Query::BackupPlans,
        Query::Services(managed()),
        Query::ServiceKinds(None),
        Query::Jobs(managed()),
        Query::JobRuns(managed()),
        Query::Activity(None),
        Query::Activity(Some(app())),
        Query::Maintenance(None),
        Query::Metrics(managed()),
        Query::Units(managed()),
        Query::Alerts(app()),
        Query::Sizes,
        Query::Regions,
        Query::Others("databases"),
        Query::Repositories,
        Query::Webhooks(RepositoryId::new("x")),
        Query::Invoices(None),
        Query::InvoiceItems(InvoiceId::new("x")),
    ]
}

fn spec() -> JobSpec {
    JobSpec {
        command: "tick".into(),
        frequency: "HOURLY".into(),
        time: None,
        timeout_minutes: None,
    }
}

/// What changes what runs.
fn of_what_runs() -> Vec<OperationKind> {
    let (process, deployment) = (None, || DeploymentId::new("4190/u-1"));
    vec![
        OperationKind::Deploy {
            mode: DeployMode::Force,
        },
        OperationKind::DeployImage { image: "x".into() },
        OperationKind::RollBack {
            to: deployment(),
            pin: false,
        },
        OperationKind::CommitRollback,
        OperationKind::RevertRollback,
        OperationKind::CancelDeployment {
            deployment: deployment(),
            reason: None,
        },
        OperationKind::Restart {
            process: process.clone(),
        },
        OperationKind::Stop {
            process: process.clone(),
        },
        OperationKind::Start { process },
        crate::harness::scale(2),
        OperationKind::Autoscale {
            process: None,
            limits: None,
            cpu: None,
        },
        OperationKind::KillUnit {
            unit: "x".into(),
            force: false,
        },
        OperationKind::RunCommand {
            command: "ls".into(),
            place: RunPlace::One,
        },
        OperationKind::Console { unit: None },
        OperationKind::UpdateApp { name: "x".into() },
        OperationKind::CopyEnvironment { slug: "x".into() },
        OperationKind::UpdateEnvironment { branch: "x".into() },
        OperationKind::RenameOrganisation {
            id: OrgId::new("7312"),
            name: "x".into(),
        },
    ]
}

/// What changes what belongs to it.
fn of_what_belongs() -> Vec<OperationKind> {
    let (backup, service) = (|| BackupId::new("x"), || ServiceId::new("x"));
    let (job, run) = (|| JobId::new("x"), || MaintenanceId::new("x"));
    vec![
        OperationKind::CreateBackup {
            services: Vec::new(),
            notes: None,
            keep_until: None,
        },
        OperationKind::RestoreBackup {
            backup: backup(),
            notes: None,
            into: None,
        },
        OperationKind::PrepareDownload { backup: backup() },
        OperationKind::AddDomain { name: "x".into() },
        OperationKind::UpdateDomain {
            id: DomainId::new(MANAGED),
            change: DomainChange::MakePrimary,
        },
        OperationKind::RemoveDomain {
            id: DomainId::new(MANAGED),
            name: "x".into(),
        },
        OperationKind::CreateService {
            kind: ServiceKindId::new("x"),
            name: "x".into(),
        },
        OperationKind::ProvisionService { id: service() },
        OperationKind::AttachService { id: service() },
        OperationKind::DetachService { id: service() },
        OperationKind::RemoveService { id: service() },
        OperationKind::CreateJob(spec()),
        OperationKind::UpdateJob {
            id: job(),
            spec: spec(),
        },
        OperationKind::RemoveJob { id: job() },
        OperationKind::CancelJobRun {
            id: job(),
            run: "1".into(),
        },
        OperationKind::CancelEvent {
            event: ActivityId::new("x"),
            reason: None,
        },
        OperationKind::RunMaintenance { id: run() },
        OperationKind::SkipMaintenance { id: run() },
        OperationKind::CancelMaintenance { id: run() },
    ]
}

pub(super) fn operations() -> Vec<OperationKind> {
    let mut all = of_what_runs();
    all.extend(of_what_belongs());
    all
}

fn reason<T: std::fmt::Debug>(capability: Capability, answer: Result<T, Failure>) -> String {
    match answer {
        Err(Failure::Unsupported {
            capability: of,
            reason,
        }) => {
            assert_eq!(of, capability);
            reason.to_string()
        }
        other => panic!("{capability:?}: {other:?}"),
    }
}

/// It is refused as it is declared.
fn check<T: std::fmt::Debug>(
    platform: &dyn Platform,
    capability: Capability,
    answer: Result<T, Failure>,
) {
    let Support::No(declared) = platform.support(capability) else {
        panic!("{capability:?} is offered")
    };
    assert_eq!(reason(capability, answer), declared);
}

#[tokio::test]
async fn what_is_not_offered_is_refused_before_anything_is_sent() {
    let world = World::new(1).await;
    let platform = world.connect();
    for query in questions() {
        let answer = read(platform.as_ref(), &query, PageRequest::first()).await;
        check(platform.as_ref(), query.capability(), answer);
    }
    for app in [MANAGED, PROJECT] {
        for kind in operations() {
            let capability = kind.capability();
            let operation = on(&AppId::new(app), app, kind);
            let answer = platform.operate(&operation, None, &mut |_| {}).await;
            check(platform.as_ref(), capability, answer);
        }
    }
    for (capability, is_offered) in LOGS {
        let support = platform.support(*capability);
        let is_refused = matches!(support, Support::No(_));
        assert_eq!(is_refused, !is_offered, "{capability:?}");
    }
    assert_eq!(world.total().await, 0);
}

#[tokio::test]
async fn logs_that_there_are_not_are_refused_before_anything_is_sent() {
    let world = World::new(1).await;
    let platform = world.connect();
    let app = || AppId::new(MANAGED);
    let sources = [
        (
            Capability::PreviousLog,
            LogSource::Previous {
                app: app(),
                environment: Some(managed()),
            },
        ),
        (
            Capability::JobLog,
            LogSource::JobRun {
                app: app(),
                job: JobId::new("x"),
                run: JobRunId::new("1"),
            },
        ),
        (
            Capability::EventLog,
            LogSource::Event {
                app: app(),
                event: ActivityId::new("x"),
            },
        ),
    ];
    for (capability, source) in sources {
        let request = TailRequest {
            source,
            lines: 20,
            since: None,
            until: None,
            follow: false,
        };
        let opened = platform.tail(request).map(|_| ());
        check(platform.as_ref(), capability, opened);
    }
    let input = platform.console(&managed(), None, (80, 24)).await;
    check(platform.as_ref(), Capability::Console, input.map(|_| ()));
    assert_eq!(world.total().await, 0);
}

/// What only the others have, with what the reason names.
#[tokio::test]
async fn what_only_the_other_kind_has_is_refused_before_anything_is_sent() {
    let world = World::new(1).await;
    let platform = world.connect();
    let deploy = OperationKind::Deploy {
        mode: DeployMode::Auto,
    };
    let set = OperationKind::SetVariable {
        id: None,
        name: "A".into(),
        value: Secret::new("canary"),
        is_sensitive: true,
    };
    let unset = OperationKind::UnsetVariable {
        id: None,
        name: "A".into(),
    };
    let project = AppId::new(PROJECT);
    let cases = [
        (MANAGED, deploy, "retry it instead"),
        (MANAGED, set, "use configure"),
        (MANAGED, unset, "use configure"),
        (PROJECT, RETRY, "for managed apps only"),
        (PROJECT, verify(&project), "for managed apps only"),
        (
            PROJECT,
            complete("blog.example.com"),
            "for managed apps only",
        ),
        (PROJECT, configure("{}"), "for managed apps only"),
    ];
    for (app, kind, expected) in cases {
        let capability = kind.capability();
        assert!(matches!(platform.support(capability), Support::Depends(_)));
        let operation = on(&AppId::new(app), app, kind);
        let answer = platform.operate(&operation, None, &mut |_| {}).await;
        let reason = reason(capability, answer);
        assert!(reason.contains(expected), "{capability:?}: {reason}");
    }
    let of_managed = platform.variables(&managed(), PageRequest::first()).await;
    let told = reason(Capability::ListVariables, of_managed);
    assert!(told.contains("managed apps"), "{told}");
    let of_project = EnvId::new(PROJECT);
    let of_project = platform.domains(&of_project, PageRequest::first()).await;
    let told = reason(Capability::ListDomains, of_project);
    assert!(told.contains("projects"), "{told}");
    assert_eq!(world.total().await, 0);
}
