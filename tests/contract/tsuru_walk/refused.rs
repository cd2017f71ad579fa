//! What tsuru does not offer: refused with the reason that is declared, and without a request.

use flightdeck::model::{
    AppId, BackupId, Capability, DeployMode, DomainChange, DomainId, DownloadId, Failure,
    InvoiceId, JobId, JobSpec, LogSource, MaintenanceId, OperationKind, OrgId, PageRequest, Query,
    RepositoryId, ServiceId, Support,
};
use flightdeck::platforms::read;

use super::asked::{request, web};
use super::world::{APP, WEB, World, operation};

/// What is about logs and sessions, and whether it is offered.
pub(super) const LOGS: &[(Capability, bool)] = &[
    (Capability::RuntimeLog, true),
    (Capability::AppLog, true),
    (Capability::DeploymentLog, true),
    (Capability::EventLog, true),
    (Capability::JobLog, true),
    (Capability::Console, true),
    (Capability::PreviousLog, false),
    (Capability::OlderRuntimeLog, false),
];

pub(super) fn questions() -> Vec<Query> {
    let app = || AppId::new(APP);
    vec![
        Query::Backups(web()),
        Query::Backup(BackupId::new("x")),
        Query::Restores(web()),
        Query::Download(DownloadId::new("x")),
        Query::BackupPlans,
        Query::Alerts(app()),
        Query::JobRuns(web()),
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

pub(super) fn operations() -> Vec<OperationKind> {
    let backup = || BackupId::new("x");
    let run = || MaintenanceId::new("x");
    vec![
        OperationKind::Deploy {
            mode: DeployMode::Force,
        },
        OperationKind::RetryDeployment { deployment: None },
        OperationKind::CommitRollback,
        OperationKind::RevertRollback,
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
        OperationKind::UpdateDomain {
            id: DomainId::new("atlas/x.example.com"),
            change: DomainChange::MakePrimary,
        },
        OperationKind::VerifyDomain {
            id: DomainId::new("atlas/x.example.com"),
            name: "x".into(),
        },
        OperationKind::CompleteInstallation { domain: "x".into() },
        OperationKind::ProvisionService {
            id: ServiceId::new("redis/x"),
        },
        OperationKind::CreateJob(spec()),
        OperationKind::UpdateJob {
            id: JobId::new("x"),
            spec: spec(),
        },
        OperationKind::CancelJobRun {
            id: JobId::new("x"),
            run: "1".into(),
        },
        OperationKind::RunMaintenance { id: run() },
        OperationKind::SkipMaintenance { id: run() },
        OperationKind::UpdateApp { name: "x".into() },
        OperationKind::CopyEnvironment { slug: "x".into() },
        OperationKind::UpdateEnvironment { branch: "x".into() },
        OperationKind::RenameOrganisation {
            id: OrgId::new("web"),
            name: "x".into(),
        },
    ]
}

/// It is refused as it is declared.
fn check<T: std::fmt::Debug>(world: &World, capability: Capability, answer: Result<T, Failure>) {
    let Support::No(declared) = world.platform.support(capability) else {
        panic!("{capability:?} is offered")
    };
    match answer {
        Err(Failure::Unsupported {
            capability: of,
            reason,
        }) => assert_eq!((of, reason.as_str()), (capability, declared)),
        other => panic!("{capability:?}: {other:?}"),
    }
}

#[tokio::test]
async fn what_is_not_offered_is_refused_before_anything_is_sent() {
    let world = World::new().await;
    for query in questions() {
        let answer = read(world.platform.as_ref(), &query, PageRequest::first()).await;
        check(&world, query.capability(), answer);
    }
    for kind in operations() {
        let capability = kind.capability();
        let operation = operation(WEB, kind);
        let answer = world.platform.operate(&operation, None, &mut |_| {}).await;
        check(&world, capability, answer);
    }
    let previous = LogSource::Previous {
        app: AppId::new(APP),
        environment: Some(web()),
    };
    let opened = world.platform.tail(request(previous)).map(|_| ());
    check(&world, Capability::PreviousLog, opened);
    for (capability, is_offered) in LOGS {
        let support = world.platform.support(*capability);
        assert_eq!(support == Support::Yes, *is_offered, "{capability:?}");
    }
    assert_eq!(world.total().await, 0);
}

/// The list is of no other platform, and of none that there is.
#[tokio::test]
async fn a_list_that_there_is_not_is_refused_before_anything_is_sent() {
    let world = World::new().await;
    let answer = world
        .platform
        .others("droplets", PageRequest::first())
        .await;
    let failure = answer.unwrap_err();
    assert!(matches!(failure, Failure::Unsupported { .. }), "{failure}");
    assert_eq!(world.total().await, 0);
}
