//! Divio: every operation of the catalogue that it supports.

use flightdeck::model::{
    BackupId, DeployMode, DeploymentId, DomainChange, DomainId, JobId, JobSpec, MaintenanceId,
    OperationKind, Secret, ServiceId, ServiceKindId, VariableId,
};
use flightdeck::platforms::divio;
use serde_json::{Value, json};

use crate::cases::{Case, Ground, Look, Ready, case, long, text};
use crate::world::World;

pub(crate) const GROUND: Ground = Ground {
    name: "divio",
    scheme: "Token",
    root: "/apps/v3/",
    total: "count",
    connect: divio::connect_with,
    cases: CASES,
    prepare: |world, case| Box::pin(prepare(world, case)),
};

/// Of what there is already.
const EXISTS: &str = "exists";

const CASES: &[Case] = &[
    long("deploy", "CreateDeployment"),
    long("rollback", "CreateDeployment"),
    // Nothing that can be read says that it runs no longer.
    Case {
        absence_shows: false,
        presence_shows: false,
        ..case("stop", "StopEnvironment")
    },
    long("backup", "CreateBackup"),
    long("restore", "CreateBackupRestore"),
    long("prepare-download", "CreateBackupDownload"),
    case("set-var", "CreateEnvironmentVariable"),
    Case {
        variant: EXISTS,
        ..case("set-var", "PartialUpdateEnvironmentVariable")
    },
    case("unset-var", "DestroyEnvironmentVariable"),
    case("add-domain", "CreateDomain"),
    case("change-domain", "PartialUpdateDomain"),
    case("remove-domain", "DestroyDomain"),
    case("create-service", "CreateServiceInstance"),
    // Three that take their time: not yet is not never.
    Case {
        absence_shows: false,
        ..case("provision-service", "ProvisionServiceInstance")
    },
    case("attach-service", "AttachServiceInstance"),
    case("detach-service", "DetachServiceInstance"),
    Case {
        absence_shows: false,
        ..case("remove-service", "DestroyServiceInstance")
    },
    case("create-job", "CreateCronjob"),
    case("change-job", "PartialUpdateCronjob"),
    case("remove-job", "DestroyCronjob"),
    case("run-maintenance", "RunMaintenanceRun"),
    case("skip-maintenance", "SkipMaintenanceRun"),
    case("cancel-maintenance", "CancelMaintenanceRun"),
    case("rename-app", "PartialUpdateApplication"),
    Case {
        absence_shows: false,
        ..case("delete-app", "ArchiveApplication")
    },
    case("copy-environment", "CopyEnvironment"),
    case("change-environment", "PartialUpdateEnvironment"),
];

fn spec(command: &str) -> JobSpec {
    JobSpec {
        command: command.into(),
        frequency: "DAILY".into(),
        time: Some("02:30".into()),
        timeout_minutes: None,
    }
}

/// In an environment of an app that has two.
async fn prepare(world: &World, case: &Case) -> Ready {
    let app = world.get("applications/?slug=docs").await["results"][0].clone();
    let id = text(&app["uuid"]);
    let list = format!("environments/?application={id}&slug=test");
    let environment = world.get(&list).await["results"][0].clone();
    let place = Place {
        world,
        app: id,
        name: text(&app["name"]),
        environment: text(&environment["uuid"]),
    };
    let (kind, look) = place.ready(case).await;
    let mut ready = Ready {
        kind,
        app: place.app,
        environment: place.environment,
        look,
    };
    if let Look::Field(path, _) = &ready.look
        && let Some(app) = world.get(path).await["application"].as_str()
        && path.starts_with("maintenance")
    {
        app.clone_into(&mut ready.app);
    }
    ready
}

struct Place<'a> {
    world: &'a World,
    app: String,
    name: String,
    environment: String,
}

impl Place<'_> {
    async fn first(&self, list: &str, fits: impl Fn(&Value) -> bool) -> Value {
        let list = format!("{list}environment={}", self.environment);
        let page = self.world.get(&list).await;
        let items = page["results"].as_array().unwrap();
        let found = items.iter().find(|item| fits(item));
        found.unwrap_or_else(|| panic!("{list}: {page}")).clone()
    }

    async fn made(&self, path: &str, mut body: Value) -> String {
        body["environment"] = json!(self.environment);
        text(&self.world.post(path, body).await["uuid"])
    }

    fn list(&self, of: &str) -> Look {
        Look::Count(format!("{of}/?environment={}", self.environment))
    }

    async fn service(&self, state: &str) -> (ServiceId, Look) {
        let kind = self.world.get("services/").await["results"][0]["uuid"].clone();
        let body = json!({"prefix": "EXTRA", "service": kind});
        let id = self.made("service-instances/", body).await;
        let path = format!("service-instances/{id}/");
        if state != "NEW" {
            self.world
                .post(&format!("{path}provision/"), json!({}))
                .await;
        }
        if state == "ATTACHED" {
            self.world.post(&format!("{path}attach/"), json!({})).await;
        }
        (ServiceId::new(&id), Look::Field(path, "service_status"))
    }

    async fn run(&self, status: &str, field: &'static str) -> (MaintenanceId, Look) {
        let list = format!("maintenance-runs/?status={status}");
        let run = self.world.get(&list).await["results"][0].clone();
        let id = text(&run["uuid"]);
        (
            MaintenanceId::new(&id),
            Look::Field(format!("maintenance-runs/{id}/"), field),
        )
    }

    async fn backup(&self) -> BackupId {
        let done = |item: &Value| item["state"] == "COMPLETED" && item["success"] == "SUCCESS";
        BackupId::new(text(&self.first("backups/?", done).await["uuid"]))
    }

    async fn job(&self) -> String {
        let body = json!({"command": "true", "frequency": "HOURLY", "time": ":42"});
        self.made("cronjobs/", body).await
    }

    async fn domain(&self) -> String {
        self.made("domains/", json!({"name": "one.example.org"}))
            .await
    }

    async fn variable(&self) -> String {
        let body = json!({"name": "OURS", "value": "before"});
        self.made("environment-variables/", body).await
    }

    #[expect(clippy::too_many_lines, reason = "a table: an arm per operation")]
    async fn ready(&self, case: &Case) -> (OperationKind, Look) {
        match (case.recipe, case.variant) {
            ("deploy", _) => {
                let mode = DeployMode::Auto;
                (OperationKind::Deploy { mode }, self.list("deployments"))
            }
            ("rollback", _) => {
                let usable = |item: &Value| item["is_usable"] == true;
                let to = text(&self.first("deployments/?", usable).await["uuid"]);
                let to = DeploymentId::new(&to);
                (
                    OperationKind::RollBack { to, pin: false },
                    self.list("deployments"),
                )
            }
            ("stop", _) => (OperationKind::Stop { process: None }, Look::Nothing),
            ("backup", _) => (
                OperationKind::CreateBackup {
                    services: Vec::new(),
                    notes: Some("ours".into()),
                    keep_until: None,
                },
                self.list("backups"),
            ),
            ("restore", _) => (
                OperationKind::RestoreBackup {
                    backup: self.backup().await,
                    notes: None,
                    into: None,
                },
                self.list("backup-restores"),
            ),
            ("prepare-download", _) => {
                let backup = self.backup().await;
                let list = format!("backup-downloads/?backup={}", backup.as_str());
                (OperationKind::PrepareDownload { backup }, Look::Count(list))
            }
            ("set-var", variant) => {
                let id = if variant == EXISTS {
                    Some(self.variable().await)
                } else {
                    None
                };
                let look = match &id {
                    Some(id) => Look::Field(format!("environment-variables/{id}/"), "value"),
                    None => self.list("environment-variables"),
                };
                let kind = OperationKind::SetVariable {
                    id: id.map(|id| VariableId::new(&id)),
                    name: "OURS".into(),
                    // More than one read of the server takes.
                    value: Secret::new("after".repeat(1_900)),
                    is_sensitive: false,
                };
                (kind, look)
            }
            ("unset-var", _) => {
                let id = self.variable().await;
                let kind = OperationKind::UnsetVariable {
                    id: None,
                    name: "OURS".into(),
                };
                (kind, Look::There(format!("environment-variables/{id}/")))
            }
            ("add-domain", _) => {
                let name = "two.example.org".into();
                (OperationKind::AddDomain { name }, self.list("domains"))
            }
            ("change-domain", _) => {
                let id = self.domain().await;
                let path = format!("domains/{id}/");
                let now = self.world.get(&path).await["is_redirect_to_primary"] == true;
                let kind = OperationKind::UpdateDomain {
                    id: DomainId::new(&id),
                    change: DomainChange::Redirect(!now),
                };
                (kind, Look::Field(path, "is_redirect_to_primary"))
            }
            ("remove-domain", _) => {
                let id = self.domain().await;
                let kind = OperationKind::RemoveDomain {
                    id: DomainId::new(&id),
                    name: "one.example.org".into(),
                };
                (kind, Look::There(format!("domains/{id}/")))
            }
            ("create-service", _) => {
                let kind = self.world.get("services/").await["results"][0]["uuid"].clone();
                let kind = OperationKind::CreateService {
                    kind: ServiceKindId::new(text(&kind)),
                    name: "OURS".into(),
                };
                (kind, self.list("service-instances"))
            }
            ("provision-service", _) => {
                let (id, look) = self.service("NEW").await;
                (OperationKind::ProvisionService { id }, look)
            }
            ("attach-service", _) => {
                let (id, look) = self.service("DETACHED").await;
                (OperationKind::AttachService { id }, look)
            }
            ("detach-service", _) => {
                let (id, look) = self.service("ATTACHED").await;
                (OperationKind::DetachService { id }, look)
            }
            ("remove-service", _) => {
                let (id, _) = self.service("NEW").await;
                let look = Look::There(format!("service-instances/{}/", id.as_str()));
                (OperationKind::RemoveService { id }, look)
            }
            ("create-job", _) => (
                OperationKind::CreateJob(spec("./manage.py ours")),
                self.list("cronjobs"),
            ),
            ("change-job", _) => {
                let id = self.job().await;
                let look = Look::Field(format!("cronjobs/{id}/"), "command");
                let (id, spec) = (JobId::new(&id), spec("./manage.py ours"));
                (OperationKind::UpdateJob { id, spec }, look)
            }
            ("remove-job", _) => {
                let id = self.job().await;
                let look = Look::There(format!("cronjobs/{id}/"));
                (
                    OperationKind::RemoveJob {
                        id: JobId::new(&id),
                    },
                    look,
                )
            }
            ("run-maintenance", _) => {
                let (id, look) = self.run("UPCOMING", "can_run").await;
                (OperationKind::RunMaintenance { id }, look)
            }
            ("skip-maintenance", _) => {
                let (id, look) = self.run("UPCOMING", "can_skip").await;
                (OperationKind::SkipMaintenance { id }, look)
            }
            ("cancel-maintenance", _) => {
                let (id, look) = self.run("QUEUED", "can_cancel").await;
                (OperationKind::CancelMaintenance { id }, look)
            }
            ("rename-app", _) => {
                let name = "Documents, renamed".into();
                let look = Look::Field(format!("applications/{}/", self.app), "name");
                (OperationKind::UpdateApp { name }, look)
            }
            ("delete-app", _) => {
                let typed_name = self.name.clone();
                let look = Look::There(format!("applications/{}/", self.app));
                (OperationKind::DeleteApp { typed_name }, look)
            }
            ("copy-environment", _) => {
                let slug = "ours".into();
                let list = format!("environments/?application={}", self.app);
                (OperationKind::CopyEnvironment { slug }, Look::Count(list))
            }
            ("change-environment", _) => {
                let branch = "feature/ours".into();
                let look = Look::Field(format!("environments/{}/", self.environment), "branch");
                (OperationKind::UpdateEnvironment { branch }, look)
            }
            (name, _) => panic!("{name} is not prepared"),
        }
    }
}
