//! `DigitalOcean`: every operation of the catalogue that it supports, and the ways in which a change
//! to an app's one document is asked for.

use flightdeck::model::{
    ActivityId, BackupId, DeployMode, DeploymentId, DomainChange, DomainId, JobId, OperationKind,
    Secret, VariableChange, VariableId, VariableWish,
};
use flightdeck::platforms::digitalocean;
use serde_json::{Value, json};

use crate::cases::{Case, Ground, Look, Ready, case, long, text};
use crate::world::World;

pub(crate) const GROUND: Ground = Ground {
    name: "digitalocean",
    scheme: "Bearer",
    root: "/v2/",
    total: "meta/total",
    connect: digitalocean::connect_with,
    cases: CASES,
    prepare: |world, case| Box::pin(prepare(world, case)),
};

/// A change to the spec: what it deploys is followed, unless that is over when it is found.
const fn edit(recipe: &'static str, variant: &'static str) -> Case {
    Case {
        may_be_over: true,
        variant,
        ..long(recipe, "UpdateApp")
    }
}

/// Not yet is not never.
const fn end(recipe: &'static str, request: &'static str) -> Case {
    Case {
        absence_shows: false,
        ..case(recipe, request)
    }
}

const CASES: &[Case] = &[
    long("deploy", "CreateDeployment"),
    Case {
        variant: "force",
        ..long("deploy", "CreateDeployment")
    },
    long("rollback", "RollbackApp"),
    case("keep-rollback", "CommitRollback"),
    long("undo-rollback", "RevertRollback"),
    Case {
        is_followed: true,
        may_be_over: true,
        ..end("cancel", "CancelDeployment")
    },
    long("restart", "RestartApp"),
    edit("scale", ""),
    edit("autoscale", ""),
    edit("autoscale", "off"),
    edit("set-var", ""),
    edit("set-var", "exists"),
    edit("set-var", "secret"),
    edit("set-var", "several"),
    edit("unset-var", ""),
    edit("add-domain", ""),
    edit("change-domain", ""),
    edit("remove-domain", ""),
    edit("change-environment", ""),
    edit("rename-app", ""),
    Case {
        is_slow: true,
        ..end("cancel-event", "CancelEvent")
    },
    Case {
        is_slow: true,
        ..end("cancel-run", "CancelJobInvocation")
    },
    Case {
        may_be_over: true,
        ..long("create-app", "CreateApp")
    },
    end("delete-app", "DeleteApp"),
    long("restore", "CreateDatabase"),
];

/// In which app a case is tried: each has what others have not.
fn app_of(case: &Case) -> (&'static str, &'static str) {
    match case.recipe {
        "keep-rollback" | "undo-rollback" => ("ledger", "web"),
        "cancel" => ("bookings", "web"),
        "autoscale" | "cancel-event" => ("feeds", "web"),
        "cancel-run" => ("storefront", "nightly"),
        "delete-app" => ("uploads", "web"),
        _ => ("storefront", "web"),
    }
}

async fn prepare(world: &World, case: &Case) -> Ready {
    let (name, component) = app_of(case);
    let apps = world.get("apps?per_page=200").await;
    let mut apps = apps["apps"].as_array().unwrap().iter();
    let app = apps.find(|app| app["spec"]["name"] == name);
    let place = Place {
        world,
        app: text(&app.unwrap()["id"]),
    };
    let (kind, look) = place.ready(case).await;
    Ready {
        kind,
        environment: format!("{}/{component}", place.app),
        app: place.app,
        look,
    }
}

struct Place<'a> {
    world: &'a World,
    app: String,
}

fn set(id: Option<VariableId>, name: &str, is_sensitive: bool) -> OperationKind {
    OperationKind::SetVariable {
        id,
        name: name.into(),
        // More than one read of the server takes.
        value: Secret::new("after".repeat(1_900)),
        is_sensitive,
    }
}

impl Place<'_> {
    fn path(&self) -> String {
        format!("apps/{}", self.app)
    }

    fn field(&self, field: &'static str) -> Look {
        Look::Field(self.path(), field)
    }

    fn deployments(&self) -> Look {
        Look::Count(format!("{}/deployments?per_page=1", self.path()))
    }

    fn id(&self, inner: &str) -> String {
        format!("{}/{inner}", self.app)
    }

    fn variable(&self, key: &str) -> VariableId {
        VariableId::new(self.id(&format!("web/{key}")))
    }

    /// The newest entry of a list.
    async fn newest(&self, list: &str, of: &str, fits: impl Fn(&Value) -> bool) -> String {
        let list = format!("{}/{list}", self.path());
        let page = self.world.get(&list).await;
        let items = page[of].as_array().unwrap();
        let found = items.iter().find(|item| fits(item));
        text(&found.unwrap_or_else(|| panic!("{list}: {page}"))["id"])
    }

    /// A backup of the first cluster.
    async fn backup(&self) -> BackupId {
        let clusters = self.world.get("databases").await;
        let cluster = text(&clusters["databases"][0]["id"]);
        let backups = self
            .world
            .get(&format!("databases/{cluster}/backups"))
            .await;
        let at = text(&backups["backups"][0]["created_at"]);
        BackupId::new(format!("{cluster}/{at}"))
    }

    #[expect(clippy::too_many_lines, reason = "a table: an arm per operation")]
    async fn ready(&self, case: &Case) -> (OperationKind, Look) {
        const ENVS: &str = "app/spec/services/0/envs";
        match (case.recipe, case.variant) {
            ("deploy", variant) => {
                let mode = match variant {
                    "force" => DeployMode::Force,
                    _ => DeployMode::Auto,
                };
                (OperationKind::Deploy { mode }, self.deployments())
            }
            ("rollback", _) => {
                let usable = |item: &Value| item["phase"] == "SUPERSEDED";
                let to = self
                    .newest("deployments?per_page=5", "deployments", usable)
                    .await;
                let to = DeploymentId::new(self.id(&to));
                (
                    OperationKind::RollBack { to, pin: true },
                    self.deployments(),
                )
            }
            ("keep-rollback", _) => (
                OperationKind::CommitRollback,
                self.field("app/pinned_deployment"),
            ),
            ("undo-rollback", _) => (OperationKind::RevertRollback, self.deployments()),
            ("cancel", _) => {
                let goes_on = |item: &Value| item["phase"] == "PENDING_BUILD";
                let id = self.newest("deployments", "deployments", goes_on).await;
                let kind = OperationKind::CancelDeployment {
                    deployment: DeploymentId::new(self.id(&id)),
                    reason: None,
                };
                let path = format!("{}/deployments/{id}", self.path());
                (kind, Look::Is(path, "deployment/phase", "CANCELED"))
            }
            ("restart", _) => (OperationKind::Restart { process: None }, self.deployments()),
            ("scale", _) => (
                OperationKind::Scale {
                    process: None,
                    units: 3,
                    size: None,
                },
                self.field("app/spec/services/0/instance_count"),
            ),
            ("autoscale", variant) => (
                OperationKind::Autoscale {
                    cpu: None,
                    process: None,
                    limits: (variant != "off").then_some((2, 9)),
                },
                self.field("app/spec/services/0/autoscaling"),
            ),
            ("set-var", "exists") => (
                set(Some(self.variable("WORKERS")), "WORKERS", false),
                self.field(ENVS),
            ),
            ("set-var", "secret") => (
                set(Some(self.variable("API_TOKEN")), "API_TOKEN", true),
                self.field(ENVS),
            ),
            ("set-var", "several") => {
                let change = |id, name: &str, wish| VariableChange {
                    id,
                    name: name.into(),
                    wish,
                };
                let wish = VariableWish::Set {
                    value: Secret::new("after"),
                    is_sensitive: false,
                };
                let changes = vec![
                    change(None, "OURS", wish),
                    change(
                        Some(self.variable("WORKERS")),
                        "WORKERS",
                        VariableWish::Unset,
                    ),
                ];
                (OperationKind::ChangeVariables(changes), self.field(ENVS))
            }
            ("set-var", _) => (set(None, "OURS", false), self.field(ENVS)),
            ("unset-var", _) => {
                let kind = OperationKind::UnsetVariable {
                    id: None,
                    name: "WORKERS".into(),
                };
                (kind, self.field(ENVS))
            }
            ("add-domain", _) => {
                let name = "two.example.org".into();
                (
                    OperationKind::AddDomain { name },
                    self.field("app/spec/domains"),
                )
            }
            ("change-domain", _) => {
                let kind = OperationKind::UpdateDomain {
                    id: DomainId::new(self.id("storefront.example.net")),
                    change: DomainChange::MakePrimary,
                };
                (kind, self.field("app/spec/domains"))
            }
            ("remove-domain", _) => {
                let kind = OperationKind::RemoveDomain {
                    id: DomainId::new(self.id("storefront.example.net")),
                    name: "storefront.example.net".into(),
                };
                (kind, self.field("app/spec/domains"))
            }
            ("change-environment", _) => {
                let branch = "feature/ours".into();
                (
                    OperationKind::UpdateEnvironment { branch },
                    self.field("app/spec/services/0/github/branch"),
                )
            }
            ("rename-app", _) => {
                let name = "storefront-ours".into();
                (
                    OperationKind::UpdateApp { name },
                    self.field("app/spec/name"),
                )
            }
            ("cancel-event", _) => {
                let more = json!({"environment": "feeds/web", "to": 5});
                self.world.control("autoscale", &more).await;
                let list = "events?event_types=AUTOSCALING";
                let id = self.newest(list, "events", |_| true).await;
                let kind = OperationKind::CancelEvent {
                    event: ActivityId::new(self.id(&id)),
                    reason: None,
                };
                let path = format!("{}/events/{id}", self.path());
                (kind, Look::Is(path, "event/autoscaling/phase", "CANCELED"))
            }
            ("cancel-run", _) => {
                let goes_on = |item: &Value| item["phase"] == "RUNNING";
                let run = self
                    .newest("job-invocations", "job_invocations", goes_on)
                    .await;
                let path = format!("{}/job-invocations/{run}", self.path());
                let kind = OperationKind::CancelJobRun {
                    id: JobId::new(self.id("nightly")),
                    run,
                };
                (kind, Look::Is(path, "job_invocation/phase", "CANCELED"))
            }
            ("create-app", _) => {
                let inputs = [("github", "acme/ours"), ("branch", "main")];
                let kind = OperationKind::CreateApp {
                    name: "ours".into(),
                    inputs: inputs.map(|(key, value)| (key.into(), value.into())).into(),
                };
                (kind, Look::Count("apps".into()))
            }
            ("delete-app", _) => {
                let typed_name = "uploads".into();
                (
                    OperationKind::DeleteApp { typed_name },
                    Look::There(self.path()),
                )
            }
            ("restore", _) => (
                OperationKind::RestoreBackup {
                    backup: self.backup().await,
                    notes: None,
                    into: None,
                },
                Look::Count("databases".into()),
            ),
            (name, _) => panic!("{name} is not prepared"),
        }
    }
}
