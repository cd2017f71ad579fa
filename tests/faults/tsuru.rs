//! tsuru: every operation of the catalogue that it supports, and all of its own that change something.

use flightdeck::model::catalogue::{Chosen, Inputs, Value as Answer};
use flightdeck::model::{
    ActivityId, DeployMode, DeploymentId, DomainId, JobId, MaintenanceId, OperationKind, RunPlace,
    Secret, ServiceId, ServiceKindId, Text, VariableChange, VariableWish,
};
use flightdeck::platforms::tsuru;
use serde_json::{Value, json};

use crate::cases::{Case, Ground, Look, Ready, case, long, text};
use crate::world::World;

pub(crate) const GROUND: Ground = Ground {
    name: "tsuru",
    scheme: "bearer",
    root: "/",
    // No list says how long it is: they are counted.
    total: "",
    connect: tsuru::connect_with,
    cases: CASES,
    prepare: |world, case| Box::pin(prepare(world, case)),
};

/// What is answered at once, and found as an event that is followed.
const fn quick(recipe: &'static str, request: &'static str) -> Case {
    Case {
        is_found_running: true,
        ..case(recipe, request)
    }
}

/// What goes in its own time: not yet is not never.
const fn end(recipe: &'static str, request: &'static str) -> Case {
    Case {
        absence_shows: false,
        ..case(recipe, request)
    }
}

/// What leaves nothing to look at.
const fn silent(recipe: &'static str, request: &'static str) -> Case {
    Case {
        presence_shows: false,
        ..end(recipe, request)
    }
}

const fn variant(variant: &'static str, case: Case) -> Case {
    Case { variant, ..case }
}

const CASES: &[Case] = &[
    long("deploy", "DeployRebuild"),
    long("deploy-image", "AppDeploy"),
    long("rollback", "DeployRollback"),
    long("cancel", "EventCancel"),
    long("restart", "AppRestart"),
    variant("process", long("restart", "AppRestart")),
    long("stop", "AppStop"),
    long("start", "AppStart"),
    variant("more", long("scale", "UnitsAdd")),
    variant("fewer", long("scale", "UnitsRemove")),
    case("autoscale", "AutoScaleAdd"),
    variant("off", case("autoscale", "AutoScaleRemove")),
    quick("kill-unit", "UnitKill"),
    // All that it prints may come with its end.
    Case {
        may_be_over: true,
        ..long("run", "AppRun")
    },
    long("set-var", "EnvSet"),
    // Once the first is lost, the second is not sent: half of it is neither done nor not.
    Case {
        presence_shows: false,
        ..variant("several", long("set-var", "EnvSet"))
    },
    Case {
        absence_shows: false,
        is_second: true,
        ..variant("several", long("set-var", "EnvUnset"))
    },
    long("unset-var", "EnvUnset"),
    case("add-domain", "AppCnameAdd"),
    case("remove-domain", "AppCnameDelete"),
    end("create-service", "InstanceCreate"),
    long("attach-service", "ServiceInstanceBind"),
    long("detach-service", "ServiceInstanceUnbind"),
    Case {
        may_be_over: true,
        absence_shows: false,
        ..long("remove-service", "InstanceDelete")
    },
    case("remove-job", "DeleteJob"),
    long("cancel-event", "EventCancel"),
    case("cancel-maintenance", "EventBlockRemove"),
    case("create-app", "AppCreate"),
    Case {
        may_be_over: true,
        ..long("delete-app", "AppDelete")
    },
    long("release-version", "DeployRebuild"),
    variant("image", long("release-version", "AppDeploy")),
    variant("to", long("release-version", "DeployRollback")),
    long("configure-app", "AppUpdate"),
    case("set-quota", "AppQuotaChange"),
    case("set-routable", "AppSetRoutable"),
    long("delete-version", "AppVersionDelete"),
    case("block-events", "EventBlockAdd"),
    case("grant-team", "AppTeamGrant"),
    case("revoke-team", "AppTeamRevoke"),
    silent("rebuild-routes", "AppRebuildRoutes"),
    quick("forbid-rollback", "DeployRollbackUpdate"),
    quick("allow-rollback", "DeployRollbackUpdate"),
    quick("set-certificate", "CertificateSet"),
    quick("remove-certificate", "CertificateUnset"),
    case("set-issuer", "AppSetCertIssuer"),
    variant("none", case("set-issuer", "AppUnsetCertIssuer")),
    silent("trigger-job", "TriggerJob"),
];

/// In which app a case is tried: each has what others have not.
fn app_of(case: &Case) -> &'static str {
    match case.recipe {
        // It scales by itself.
        "autoscale" => "beacon",
        // Two versions of it are deployed.
        "set-routable" | "delete-version" | "release-version" => "cadence",
        // It runs something without end.
        "cancel-event" => "meadow",
        "start" => "quarry",
        // Nothing is bound to it.
        "delete-app" => "lantern",
        "cancel-maintenance" => "vault",
        _ => "atlas",
    }
}

async fn prepare(world: &World, case: &Case) -> Ready {
    let place = Place {
        world,
        app: app_of(case),
    };
    let (kind, look) = match place.common(case).await {
        Some(ready) => ready,
        None => place.own(case).await,
    };
    let process = match (case.recipe, case.variant) {
        ("restart", "process") | ("scale" | "autoscale" | "kill-unit", _) => "web",
        _ => "",
    };
    Ready {
        kind,
        app: place.app.to_owned(),
        environment: format!("{}/{process}", place.app),
        look,
    }
}

struct Place<'a> {
    world: &'a World,
    app: &'static str,
}

fn one(id: &str) -> Answer {
    Answer::One(Chosen {
        id: id.into(),
        title: Text::clean(id),
    })
}

fn word(text: &str) -> Answer {
    Answer::Text(text.into())
}

fn pem(label: &str) -> Answer {
    let pem = format!("-----BEGIN {label}-----\nQUJD\n-----END {label}-----\n");
    Answer::Secret(Secret::new(pem.as_str()))
}

/// One of tsuru's own, made as a form makes it.
fn special(name: &str, answers: Vec<(&'static str, Answer)>) -> OperationKind {
    let mut specials = tsuru::PROFILE.specials.iter();
    let special = specials.find(|it| it.recipe.name == name);
    let special = special.unwrap_or_else(|| panic!("{name} is not prepared"));
    let mut inputs = Inputs::default();
    for (field, answer) in answers {
        inputs.set(field, answer);
    }
    (special.recipe.build)(&inputs).unwrap()
}

fn set(name: &str) -> VariableChange {
    VariableChange {
        id: None,
        name: name.into(),
        wish: VariableWish::Set {
            // More than one read of the server takes.
            value: Secret::new("after".repeat(1_900)),
            is_sensitive: true,
        },
    }
}

fn unset(name: &str) -> VariableChange {
    VariableChange {
        id: None,
        name: name.into(),
        wish: VariableWish::Unset,
    }
}

impl Place<'_> {
    fn path(&self) -> String {
        format!("1.0/apps/{}", self.app)
    }

    fn field(&self, field: &'static str) -> Look {
        Look::Field(self.path(), field)
    }

    /// Every one of a kind is one thing that was done.
    fn events(&self, kind: &str) -> Look {
        let app = self.app;
        Look::Items(format!("1.1/events?target.value={app}&kindname={kind}"))
    }

    fn domain(&self) -> String {
        format!("{}/www.example.com", self.app)
    }

    /// A deploy that is not the newest, and that one can go back to.
    async fn earlier(&self) -> String {
        let list = format!("1.0/deploys?app={}", self.app);
        let list = self.world.get(&list).await;
        let mut deploys = list.as_array().unwrap().iter().skip(1);
        let usable = deploys.find(|deploy| deploy["CanRollback"] == true);
        text(&usable.unwrap()["ID"])
    }

    async fn units(&self) -> Vec<Value> {
        let app = self.world.get(&self.path()).await;
        let units = app["units"].as_array().unwrap().clone();
        units
            .into_iter()
            .filter(|unit| unit["ProcessName"] == "web")
            .collect()
    }

    async fn running(&self) -> String {
        let list = format!("1.1/events?target.value={}&running=true", self.app);
        let list = self.world.get(&list).await;
        text(&list[0]["UniqueID"])
    }

    fn asked(event: &str) -> Look {
        Look::Field(format!("1.1/events/{event}"), "CancelInfo/Asked")
    }

    async fn common(&self, case: &Case) -> Option<(OperationKind, Look)> {
        if let Some(ready) = self.of_releases(case).await {
            return Some(ready);
        }
        if let Some(ready) = self.of_what_runs(case).await {
            return Some(ready);
        }
        self.of_the_rest(case).await
    }

    async fn of_releases(&self, case: &Case) -> Option<(OperationKind, Look)> {
        let kind = match case.recipe {
            "deploy" => OperationKind::Deploy {
                mode: DeployMode::Auto,
            },
            "deploy-image" => OperationKind::DeployImage {
                image: "registry.example.com/ours:1".into(),
            },
            "rollback" => OperationKind::RollBack {
                to: DeploymentId::new(self.earlier().await),
                pin: false,
            },
            "cancel" => {
                let lock = json!({"application": self.app, "kind": "app.deploy"});
                let made = self.world.control("lock", &lock).await;
                let event = text(&made["event"]);
                let kind = OperationKind::CancelDeployment {
                    deployment: DeploymentId::new(event.as_str()),
                    reason: None,
                };
                return Some((kind, Self::asked(&event)));
            }
            _ => return None,
        };
        Some((kind, self.events("app.deploy")))
    }

    async fn of_what_runs(&self, case: &Case) -> Option<(OperationKind, Look)> {
        let scale = |units| OperationKind::Scale {
            process: None,
            units,
            size: None,
        };
        Some(match (case.recipe, case.variant) {
            ("restart", _) => (
                OperationKind::Restart { process: None },
                self.events("app.update.restart"),
            ),
            ("stop", _) => (
                OperationKind::Stop { process: None },
                self.events("app.update.stop"),
            ),
            ("start", _) => (
                OperationKind::Start { process: None },
                self.events("app.update.start"),
            ),
            ("scale", "more") => (scale(5), self.events("app.update.unit.add")),
            ("scale", _) => (scale(1), self.events("app.update.unit.remove")),
            ("autoscale", variant) => (
                OperationKind::Autoscale {
                    cpu: None,
                    process: None,
                    limits: (variant != "off").then_some((3, 9)),
                },
                Look::Field(
                    format!("1.9/apps/{}/units/autoscale", self.app),
                    "0/maxUnits",
                ),
            ),
            ("kill-unit", _) => (
                OperationKind::KillUnit {
                    unit: text(&self.units().await[0]["ID"]),
                    force: false,
                },
                self.events("app.update.unit.kill"),
            ),
            ("run", _) => (
                OperationKind::RunCommand {
                    command: "ls".into(),
                    place: RunPlace::One,
                },
                self.events("app.run"),
            ),
            _ => return None,
        })
    }

    async fn of_the_rest(&self, case: &Case) -> Option<(OperationKind, Look)> {
        let changes = OperationKind::ChangeVariables;
        let service = |id: &str| ServiceId::new(id);
        Some(match (case.recipe, case.request) {
            ("set-var", "EnvUnset") => (
                changes(vec![set("OURS"), unset("LOG_LEVEL")]),
                self.events("app.update.env.unset"),
            ),
            ("set-var", _) if case.variant == "several" => (
                changes(vec![set("OURS"), unset("LOG_LEVEL")]),
                self.events("app.update.env.set"),
            ),
            ("set-var", _) => (
                changes(vec![set("OURS")]),
                self.events("app.update.env.set"),
            ),
            ("unset-var", _) => (
                changes(vec![unset("LOG_LEVEL")]),
                self.events("app.update.env.unset"),
            ),
            ("add-domain", _) => (
                OperationKind::AddDomain {
                    name: "two.example.org".into(),
                },
                self.field("cname"),
            ),
            ("remove-domain", _) => (
                OperationKind::RemoveDomain {
                    id: DomainId::new(self.domain()),
                    name: "www.example.com".into(),
                },
                self.field("cname"),
            ),
            ("create-service", _) => (
                OperationKind::CreateService {
                    kind: ServiceKindId::new("redis/small"),
                    name: "ours".into(),
                },
                Look::Items("1.1/events?kindname=service-instance.create".into()),
            ),
            ("attach-service", _) => (
                OperationKind::AttachService {
                    id: service("postgres/reports"),
                },
                self.events("app.update.bind"),
            ),
            ("detach-service", _) => (
                OperationKind::DetachService {
                    id: service("redis/cache"),
                },
                self.events("app.update.unbind"),
            ),
            ("remove-service", _) => (
                OperationKind::RemoveService {
                    id: service("postgres/reports"),
                },
                Look::There("1.0/services/postgres/instances/reports".into()),
            ),
            ("remove-job", _) => (
                OperationKind::RemoveJob {
                    id: JobId::new("report"),
                },
                Look::There("1.13/jobs/report".into()),
            ),
            ("cancel-event", _) => {
                let event = self.running().await;
                let kind = OperationKind::CancelEvent {
                    event: ActivityId::new(event.as_str()),
                    reason: None,
                };
                (kind, Self::asked(&event))
            }
            ("cancel-maintenance", _) => {
                let blocks = self.world.get("1.3/events/blocks?active=true").await;
                let mut blocks = blocks.as_array().unwrap().iter();
                let its = blocks.find(|block| block["Target"]["Value"] == self.app);
                let kind = OperationKind::CancelMaintenance {
                    id: MaintenanceId::new(text(&its.unwrap()["ID"])),
                };
                let look = Look::Items("1.3/events/blocks?active=false".into());
                (kind, look)
            }
            ("create-app", _) => (
                OperationKind::CreateApp {
                    name: "ours".into(),
                    inputs: vec![("teamOwner".into(), "web".into())],
                },
                Look::Items("1.0/apps".into()),
            ),
            ("delete-app", _) => (
                OperationKind::DeleteApp {
                    typed_name: self.app.into(),
                },
                Look::There(self.path()),
            ),
            _ => return None,
        })
    }

    async fn own(&self, case: &Case) -> (OperationKind, Look) {
        let domain = || ("domain", one(&self.domain()));
        let certificates = |field| Look::Field(format!("1.2/apps/{}/certificate", self.app), field);
        let issuer = Look::Field(
            format!("1.24/apps/{}/certificate", self.app),
            "routers/ingress/cnames/www.example.com/issuer",
        );
        let (answers, look) = match (case.recipe, case.variant) {
            ("release-version", variant) => {
                let mut answers = vec![("versions", word("instead"))];
                if variant == "image" {
                    answers.push(("image", word("registry.example.com/ours:1")));
                } else if variant == "to" {
                    answers.push(("to", one(&self.earlier().await)));
                }
                (answers, self.events("app.deploy"))
            }
            ("configure-app", _) => (
                vec![("description", word("ours")), ("plan", word("c2m4"))],
                self.events("app.update"),
            ),
            ("set-quota", _) => (
                vec![("limit", Answer::Count(40))],
                self.field("quota/limit"),
            ),
            ("set-routable", _) => (
                vec![
                    ("version", word(&self.oldest().await)),
                    ("routable", word("no")),
                ],
                self.events("app.update.routable"),
            ),
            ("delete-version", _) => (
                vec![("version", word(&self.oldest().await))],
                self.events("app.update"),
            ),
            ("block-events", _) => (
                vec![("reason", word("freeze"))],
                Look::Items("1.3/events/blocks?active=true".into()),
            ),
            ("grant-team", _) => (vec![("team", one("payments"))], self.field("teams")),
            ("revoke-team", _) => {
                let teams = format!("{}/teams/payments", self.path());
                self.world.put(&teams, json!({})).await;
                (vec![("team", one("payments"))], self.field("teams"))
            }
            ("rebuild-routes", _) => (vec![], self.events("app.admin.routes")),
            ("forbid-rollback", _) => (
                vec![
                    ("deployment", one(&self.earlier().await)),
                    ("reason", word("leaks")),
                ],
                self.events("app.update.deploy.rollback"),
            ),
            ("allow-rollback", _) => (
                vec![("deployment", one(&self.earlier().await))],
                self.events("app.update.deploy.rollback"),
            ),
            ("set-certificate", _) => (
                vec![
                    domain(),
                    ("certificate", pem("CERTIFICATE")),
                    ("key", pem("PRIVATE KEY")),
                ],
                certificates("ingress/www.example.com"),
            ),
            ("remove-certificate", _) => (vec![domain()], certificates("ingress/www.example.com")),
            ("set-issuer", "none") => {
                let path = format!("1.24/apps/{}/certissuer", self.app);
                let body = json!({"cname": "www.example.com", "issuer": "ours"});
                self.world.put(&path, body).await;
                (vec![domain()], issuer)
            }
            ("set-issuer", _) => (vec![domain(), ("issuer", word("ours"))], issuer),
            ("trigger-job", _) => (
                vec![("job", one("report"))],
                Look::Items("1.1/events?kindname=job.trigger".into()),
            ),
            (name, _) => panic!("{name} is not prepared"),
        };
        (special(case.recipe, answers), look)
    }

    /// The lowest number of those versions that run.
    async fn oldest(&self) -> String {
        let units = self.units().await;
        let versions = units.iter().filter_map(|unit| unit["Version"].as_u64());
        versions.min().unwrap().to_string()
    }
}
