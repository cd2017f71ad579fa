//! Divio: every capability, one by one. What is offered reaches the server as the right operation;
//! what is not is refused with its reason, and nothing is sent.

use std::collections::BTreeSet;

use flightdeck::model::catalogue::Inputs;
use flightdeck::model::{
    ActivityId, AppId, BackupId, Capability, DeployMode, DeploymentId, DeploymentScope,
    DomainChange, DomainId, DownloadId, Failure, InvoiceId, JobId, JobSpec, LogSource,
    MaintenanceId, OperationKind, OrgId, PageRequest, Query, RepositoryId, Secret, ServiceId,
    ServiceKindId, Support, TailRequest, VariableId,
};
use flightdeck::platforms::divio::paths::{Certainty, TABLE};
use flightdeck::platforms::{adapter, read};
use wiremock::ResponseTemplate;
use wiremock::matchers::any;

use crate::harness::{APP, LIVE, live, start, start_with};

fn app() -> AppId {
    AppId::new(APP)
}

/// Every question, and the path its first request goes to.
fn queries() -> Vec<(Query, String)> {
    let apps = |rest: &str| format!("/apps/v3/{rest}");
    vec![
        (Query::Account, "/iam/v3/me/".into()),
        (Query::Organisations, "/iam/v3/organisations/".into()),
        (Query::Apps, apps("applications/")),
        (Query::AllEnvironments, apps("environments/")),
        (Query::Environments(app()), apps("environments/")),
        (
            Query::Environment(live()),
            apps(&format!("environments/{LIVE}/")),
        ),
        (
            Query::Deployments(DeploymentScope::App(app())),
            apps("deployments/"),
        ),
        (
            Query::Deployment(DeploymentId::new("x")),
            apps("deployments/x/"),
        ),
        (Query::Backups(live()), apps("backups/")),
        (Query::Backup(BackupId::new("x")), apps("backups/x/")),
        (Query::Restores(live()), apps("backup-restores/")),
        (
            Query::Download(DownloadId::new("x")),
            apps("backup-download-service-instances/"),
        ),
        (Query::BackupPlans, apps("backup-retention-configurations/")),
        (Query::Variables(live()), apps("environment-variables/")),
        (Query::Domains(live()), apps("domains/")),
        (Query::Services(live()), apps("service-instances/")),
        (Query::ServiceKinds(None), apps("services/")),
        (Query::Jobs(live()), apps("cronjobs/")),
        (Query::Activity(None), apps("application-activities/")),
        (Query::Maintenance(None), apps("maintenance-runs/")),
        (Query::Metrics(live()), apps("environment-metric-metadata/")),
        (Query::Regions, apps("regions/")),
        (Query::Repositories, apps("repositories/")),
        (Query::Webhooks(RepositoryId::new("x")), apps("webhooks/")),
        (Query::Invoices(None), apps("invoices/")),
        (
            Query::InvoiceItems(InvoiceId::new("x")),
            apps("invoice-items/"),
        ),
    ]
}

fn spec() -> JobSpec {
    JobSpec {
        command: "tick".into(),
        frequency: "HOURLY".into(),
        time: Some(":42".into()),
        timeout_minutes: None,
    }
}

/// Every offered operation, and the request that carries it out.
#[expect(clippy::too_many_lines, reason = "one line per operation")]
fn offered() -> Vec<(OperationKind, String)> {
    let apps = |verb: &str, rest: &str| format!("{verb} /apps/v3/{rest}");
    let service = ServiceId::new("x");
    let run = MaintenanceId::new("x");
    vec![
        (
            OperationKind::Deploy {
                mode: DeployMode::Auto,
            },
            apps("POST", "deployments/"),
        ),
        (
            OperationKind::Deploy {
                mode: DeployMode::Force,
            },
            apps("POST", "deployments/"),
        ),
        (
            OperationKind::RollBack {
                to: DeploymentId::new("x"),
                pin: true,
            },
            apps("POST", "deployments/"),
        ),
        (
            OperationKind::Stop { process: None },
            apps("POST", &format!("environments/{LIVE}/stop/")),
        ),
        (
            OperationKind::CopyEnvironment { slug: "two".into() },
            apps("POST", &format!("environments/{LIVE}/copy/")),
        ),
        (
            OperationKind::UpdateEnvironment {
                branch: "main".into(),
            },
            apps("PATCH", &format!("environments/{LIVE}/")),
        ),
        (
            OperationKind::SetVariable {
                id: None,
                name: "A".into(),
                value: Secret::new("1"),
                is_sensitive: false,
            },
            apps("POST", "environment-variables/"),
        ),
        (
            OperationKind::SetVariable {
                id: Some(VariableId::new("x")),
                name: "A".into(),
                value: Secret::new("1"),
                is_sensitive: false,
            },
            apps("PATCH", "environment-variables/x/"),
        ),
        (
            OperationKind::UnsetVariable {
                id: Some(VariableId::new("x")),
                name: "A".into(),
            },
            apps("DELETE", "environment-variables/x/"),
        ),
        (
            OperationKind::AddDomain {
                name: "a.example.org".into(),
            },
            apps("POST", "domains/"),
        ),
        (
            OperationKind::UpdateDomain {
                id: DomainId::new("x"),
                change: DomainChange::MakePrimary,
            },
            apps("POST", "domains/x/make-primary/"),
        ),
        (
            OperationKind::UpdateDomain {
                id: DomainId::new("x"),
                change: DomainChange::Redirect(false),
            },
            apps("PATCH", "domains/x/"),
        ),
        (
            OperationKind::RemoveDomain {
                id: DomainId::new("x"),
                name: "a.example.org".into(),
            },
            apps("DELETE", "domains/x/"),
        ),
        (
            OperationKind::CreateService {
                kind: ServiceKindId::new("x"),
                name: "DEFAULT".into(),
            },
            apps("POST", "service-instances/"),
        ),
        (
            OperationKind::ProvisionService {
                id: service.clone(),
            },
            apps("POST", "service-instances/x/provision/"),
        ),
        (
            OperationKind::AttachService {
                id: service.clone(),
            },
            apps("POST", "service-instances/x/attach/"),
        ),
        (
            OperationKind::DetachService {
                id: service.clone(),
            },
            apps("POST", "service-instances/x/detach/"),
        ),
        (
            OperationKind::RemoveService {
                id: service.clone(),
            },
            apps("DELETE", "service-instances/x/"),
        ),
        (OperationKind::CreateJob(spec()), apps("POST", "cronjobs/")),
        (
            OperationKind::UpdateJob {
                id: JobId::new("x"),
                spec: spec(),
            },
            apps("PATCH", "cronjobs/x/"),
        ),
        (
            OperationKind::RemoveJob {
                id: JobId::new("x"),
            },
            apps("DELETE", "cronjobs/x/"),
        ),
        (
            OperationKind::RunMaintenance { id: run.clone() },
            apps("POST", "maintenance-runs/x/run/"),
        ),
        (
            OperationKind::SkipMaintenance { id: run.clone() },
            apps("POST", "maintenance-runs/x/skip/"),
        ),
        (
            OperationKind::CancelMaintenance { id: run },
            apps("POST", "maintenance-runs/x/cancel/"),
        ),
        (
            OperationKind::CreateBackup {
                services: vec![service],
                notes: None,
                keep_until: None,
            },
            apps("POST", "backups/"),
        ),
        (
            OperationKind::RestoreBackup {
                backup: BackupId::new("x"),
                notes: None,
                into: None,
            },
            apps("POST", "backup-restores/"),
        ),
        (
            OperationKind::PrepareDownload {
                backup: BackupId::new("x"),
            },
            apps("POST", "backup-downloads/"),
        ),
        (
            OperationKind::UpdateApp { name: "New".into() },
            apps("PATCH", &format!("applications/{APP}/")),
        ),
        (
            OperationKind::DeleteApp {
                typed_name: "shop".into(),
            },
            apps("POST", &format!("applications/{APP}/archive/")),
        ),
    ]
}

/// Every operation that is not offered.
fn refused() -> Vec<OperationKind> {
    let process = None::<String>;
    vec![
        OperationKind::DeployImage { image: "i".into() },
        OperationKind::RetryDeployment { deployment: None },
        OperationKind::CommitRollback,
        OperationKind::RevertRollback,
        OperationKind::CancelDeployment {
            deployment: DeploymentId::new("x"),
            reason: None,
        },
        OperationKind::Restart {
            process: process.clone(),
        },
        OperationKind::Start {
            process: process.clone(),
        },
        OperationKind::Scale {
            process: process.clone(),
            units: 2,
            size: None,
        },
        OperationKind::Autoscale {
            cpu: None,
            process,
            limits: None,
        },
        OperationKind::KillUnit {
            unit: "u".into(),
            force: false,
        },
        OperationKind::RunCommand {
            place: flightdeck::model::RunPlace::One,
            command: "ls".into(),
        },
        OperationKind::VerifyDomain {
            id: DomainId::new("x"),
            name: "a".into(),
        },
        OperationKind::CompleteInstallation { domain: "a".into() },
        OperationKind::CancelJobRun {
            id: JobId::new("x"),
            run: "1".into(),
        },
        OperationKind::CancelEvent {
            event: ActivityId::new("x"),
            reason: None,
        },
        OperationKind::CreateApp {
            name: "a".into(),
            inputs: Vec::new(),
        },
        OperationKind::RenameOrganisation {
            id: OrgId::new("x"),
            name: "a".into(),
        },
        foreign_special(),
    ]
}

/// What only another platform has.
fn foreign_special() -> OperationKind {
    let other = adapter("tsuru").unwrap().profile;
    OperationKind::Special {
        what: other.specials[0],
        inputs: Inputs::default(),
    }
}

/// Capabilities that are no query or operation, or are queries that are not offered.
const OTHERS: [Capability; 13] = [
    Capability::ListOthers,
    Capability::AppLog,
    Capability::ListUnits,
    Capability::ListAlerts,
    Capability::ListJobRuns,
    Capability::ListSizes,
    Capability::PreviousLog,
    Capability::JobLog,
    Capability::EventLog,
    Capability::DeploymentLog,
    Capability::RuntimeLog,
    Capability::OlderRuntimeLog,
    Capability::Console,
];

#[tokio::test]
async fn the_walk_passes_every_capability() {
    let mut passed: BTreeSet<Capability> = OTHERS.into();
    passed.extend(queries().iter().map(|(query, _)| query.capability()));
    passed.extend(offered().iter().map(|(kind, _)| kind.capability()));
    passed.extend(refused().iter().map(OperationKind::capability));
    assert_eq!(passed, Capability::ALL.iter().copied().collect());
}

#[tokio::test]
async fn every_question_reaches_its_operation() {
    for (query, path) in queries() {
        let divio = start().await;
        assert_eq!(divio.platform.support(query.capability()), Support::Yes);
        // Whatever the answer: a page without records is also no record.
        let answer = ResponseTemplate::new(200)
            .set_body_string(r#"{"count":0,"results":[],"uuid":"x","application":"a"}"#);
        wiremock::Mock::given(any())
            .respond_with(answer)
            .mount(&divio.server)
            .await;
        let read = read(divio.platform.as_ref(), &query, PageRequest::first()).await;
        assert!(read.is_ok(), "{query:?}: {read:?}");
        let sent = divio.sent().await;
        let first = sent[0].split('?').next().unwrap();
        assert_eq!(first, format!("GET {path}"), "{query:?}");
    }
}

#[tokio::test]
async fn every_offered_operation_reaches_its_operation() {
    for (kind, request) in offered() {
        let divio = start().await;
        assert_eq!(divio.platform.support(kind.capability()), Support::Yes);
        // One record that is enough for whatever is read first.
        let answer = ResponseTemplate::new(200)
            .set_body_string(r#"{"uuid":"new","is_usable":true,"service_instance_backups":["p"]}"#);
        wiremock::Mock::given(any())
            .respond_with(answer)
            .mount(&divio.server)
            .await;
        let accepted = divio.operate(kind.clone()).await;
        assert!(accepted.is_ok(), "{kind:?}: {accepted:?}");
        let sent = divio.sent().await;
        assert_eq!(sent.last(), Some(&request), "{kind:?}");
        let writes = sent.iter().filter(|line| !line.starts_with("GET"));
        assert_eq!(writes.count(), 1, "{kind:?}");
    }
}

#[tokio::test]
async fn a_read_only_context_sends_nothing_for_an_operation() {
    let divio = start_with(|connection| connection.read_only = true).await;
    for (kind, _) in offered() {
        assert_eq!(
            divio.operate(kind.clone()).await,
            Err(Failure::ReadOnly),
            "{kind:?}"
        );
    }
    assert_eq!(divio.sent().await, [""; 0]);
}

#[tokio::test]
async fn what_is_not_offered_is_refused_with_its_reason() {
    let divio = start().await;
    for kind in refused() {
        let Support::No(declared) = divio.platform.support(kind.capability()) else {
            panic!("{kind:?}")
        };
        match divio.operate(kind.clone()).await {
            Err(Failure::Unsupported { capability, reason }) => {
                assert_eq!((capability, reason.as_str()), (kind.capability(), declared));
            }
            other => panic!("{kind:?}: {other:?}"),
        }
    }
    for capability in [Capability::Console, Capability::OlderRuntimeLog] {
        assert!(divio.platform.support(capability).refusal().is_some());
    }
    assert_eq!(divio.sent().await, [""; 0]);
}

#[tokio::test]
async fn both_logs_can_be_followed() {
    let divio = start().await;
    let sources = [
        LogSource::Runtime {
            app: app(),
            environment: Some(live()),
        },
        LogSource::Deployment {
            app: app(),
            environment: None,
            deployment: DeploymentId::new("x"),
        },
    ];
    for source in sources {
        let request = TailRequest {
            source,
            lines: 10,
            since: None,
            until: None,
            follow: true,
        };
        assert!(divio.platform.tail(request).is_ok());
    }
    assert_eq!(divio.sent().await, [""; 0]);
}

#[tokio::test]
async fn nothing_offered_rests_on_a_guess() {
    let shape = |request: &str| {
        let (verb, path) = request.split_once(' ').unwrap();
        let parts = path.split('/').map(|part| match part {
            "x" | LIVE | APP => "{uuid}",
            part => part,
        });
        (verb.to_owned(), parts.collect::<Vec<_>>().join("/"))
    };
    let reads = queries().into_iter().map(|(_, path)| format!("GET {path}"));
    let writes = offered().into_iter().map(|(_, request)| request);
    for request in reads.chain(writes) {
        let (verb, path) = shape(&request);
        let row = TABLE
            .iter()
            .find(|row| row.method.as_str() == verb && row.path == path);
        let row = row.unwrap_or_else(|| panic!("{request} is not in the table"));
        assert_ne!(row.certainty, Certainty::Guess, "{row:?}");
    }
}
