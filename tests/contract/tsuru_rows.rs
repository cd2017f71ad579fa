//! tsuru: every operation with what it sends, and a server that does whatever is asked.

use flightdeck::model::catalogue::{Chosen, Inputs, Value as Answer};
use flightdeck::model::{
    Accepted, ActivityId, AppId, DeployMode, DeploymentId, DomainId, EnvId, Failure, JobId,
    MaintenanceId, Operation, OperationKind, RunPlace, Secret, ServiceId, ServiceKindId, Text,
    VariableChange, VariableId, VariableWish,
};
use flightdeck::platforms::Connection;
use flightdeck::platforms::tsuru::PROFILE;
use serde_json::{Value, json};
use wiremock::matchers::any;
use wiremock::{Mock, ResponseTemplate};

use crate::harness::Bench;
use crate::tsuru_harness::{APP, operation, start_with, stream};

/// A deploy that can be rolled back to.
pub(crate) const GOOD: &str = "6740f0b1c2a9d3f4e5a6b7c8";

pub(crate) fn app() -> Value {
    let unit = |id: &str, process: &str| json!({"ID": id, "ProcessName": process, "Version": 12});
    json!({
        "name": APP, "teamowner": "web-team", "teams": ["web-team"], "cname": ["a.example.com"],
        "units": [unit("u1", "web"), unit("u2", "web"), unit("u3", "worker")],
        "quota": {"limit": 4, "inuse": 3},
    })
}

fn deploys() -> Value {
    json!([
        {"ID": "running", "App": APP, "Image": "", "CanRollback": false},
        {"ID": GOOD, "App": APP, "Image": "reg/tsuru/app-shop:v11", "CanRollback": true},
        {"ID": "gone", "App": APP, "Image": "reg/tsuru/app-shop:v1", "CanRollback": false},
    ])
}

/// A server that does whatever is asked.
pub(crate) async fn willing(change: fn(&mut Connection)) -> Bench {
    let tsuru = start_with(change).await;
    tsuru.json("GET", "/1.0/apps/shop", app()).await;
    tsuru.json("GET", "/1.0/deploys", deploys()).await;
    let scaling =
        json!([{"process": "worker", "minUnits": 1, "maxUnits": 3, "averageCPU": "500m"}]);
    let at = "/1.9/apps/shop/units/autoscale";
    tsuru.json("GET", at, scaling).await;
    let done = ResponseTemplate::new(200).set_body_raw("building\n\nOK\n", "text");
    tsuru.answer("POST", "/1.0/apps/shop/deploy", done).await;
    let printed = stream(&["---- done ----\n"]);
    let mock = Mock::given(any()).respond_with(printed).with_priority(9);
    mock.mount(&tsuru.server).await;
    tsuru
}

pub(crate) fn nothing(_: &mut Connection) {}

/// What was sent that changes something, with its body.
pub(crate) async fn changes(tsuru: &Bench) -> Vec<String> {
    let requests = tsuru.server.received_requests().await.unwrap();
    let changes = requests.iter().filter(|it| it.method.as_str() != "GET");
    let lines = changes.map(|request| {
        let query = request.url.query().map(|it| format!("?{it}"));
        let body = String::from_utf8(request.body.clone()).unwrap();
        let line = format!(
            "{} {}{} {body}",
            request.method,
            request.url.path(),
            query.unwrap_or_default()
        );
        line.trim_end().to_owned()
    });
    lines.collect()
}

pub(crate) async fn done_to(tsuru: &Bench, operation: &Operation) -> Result<Accepted, Failure> {
    let platform = &tsuru.platform;
    platform.operate(operation, None, &mut |_| {}).await
}

/// Done to a process of an app, or `app/` for all of it.
pub(crate) fn at(environment: &str, kind: OperationKind) -> Operation {
    let mut operation = operation(kind);
    let (app, process) = environment.split_once('/').unwrap();
    operation.target.app = Some(AppId::new(app));
    let environment = (!process.is_empty()).then(|| EnvId::new(environment));
    operation.target.environment = environment;
    operation
}

pub(crate) fn one(id: &str) -> Answer {
    Answer::One(Chosen {
        id: id.into(),
        title: Text::clean(id),
    })
}

pub(crate) fn word(text: &str) -> Answer {
    Answer::Text(text.into())
}

/// An operation that only tsuru has.
pub(crate) fn own(name: &str, answers: &[(&'static str, Answer)]) -> OperationKind {
    let mut specials = PROFILE.specials.iter();
    let special = specials.find(|it| it.recipe.name == name).unwrap();
    let mut inputs = Inputs::default();
    for (field, answer) in answers {
        inputs.set(field, answer.clone());
    }
    (special.recipe.build)(&inputs).unwrap()
}

pub(crate) fn scale(process: Option<&str>, units: u32) -> OperationKind {
    OperationKind::Scale {
        process: process.map(str::to_owned),
        units,
        size: None,
    }
}

pub(crate) fn autoscale(limits: Option<(u32, u32)>, cpu: Option<u32>) -> OperationKind {
    OperationKind::Autoscale {
        process: None,
        limits,
        cpu,
    }
}

pub(crate) fn run(place: RunPlace) -> OperationKind {
    OperationKind::RunCommand {
        command: "rake db:migrate".into(),
        place,
    }
}

pub(crate) fn kill(force: bool) -> OperationKind {
    OperationKind::KillUnit {
        unit: "shop-web-1".into(),
        force,
    }
}

pub(crate) fn deploy() -> OperationKind {
    OperationKind::Deploy {
        mode: DeployMode::Auto,
    }
}

pub(crate) fn restart() -> OperationKind {
    OperationKind::Restart { process: None }
}

pub(crate) fn roll_back(to: &str, pin: bool) -> OperationKind {
    OperationKind::RollBack {
        to: DeploymentId::new(to),
        pin,
    }
}

pub(crate) fn set(name: &str, value: &str, is_sensitive: bool) -> VariableChange {
    VariableChange {
        id: None,
        name: name.into(),
        wish: VariableWish::Set {
            value: Secret::new(value),
            is_sensitive,
        },
    }
}

pub(crate) fn unset(name: &str) -> VariableChange {
    VariableChange {
        id: Some(VariableId::new(name)),
        name: name.into(),
        wish: VariableWish::Unset,
    }
}

pub(crate) fn change(changes: Vec<VariableChange>) -> OperationKind {
    OperationKind::ChangeVariables(changes)
}

pub(crate) fn create_app(inputs: &[(&str, &str)]) -> OperationKind {
    let inputs = inputs
        .iter()
        .map(|(key, value)| ((*key).into(), (*value).into()));
    OperationKind::CreateApp {
        name: "docs".into(),
        inputs: inputs.collect(),
    }
}

pub(crate) fn pem(answer: &str) -> Answer {
    Answer::Secret(Secret::new(answer))
}

/// Every operation with what it sends, done to `shop/web`.
pub(crate) fn every() -> Vec<(OperationKind, &'static str)> {
    let mut all = of_units();
    all.extend(of_the_rest());
    all.extend(of_its_own());
    all
}

fn of_units() -> Vec<(OperationKind, &'static str)> {
    vec![
        (
            deploy(),
            "POST /1.3/apps/shop/deploy/rebuild origin=rebuild",
        ),
        (
            OperationKind::DeployImage {
                image: "reg/shop:1".into(),
            },
            "POST /1.0/apps/shop/deploy image=reg%2Fshop%3A1&origin=image",
        ),
        (
            roll_back(GOOD, false),
            "POST /1.0/apps/shop/deploy/rollback image=reg%2Ftsuru%2Fapp-shop%3Av11&origin=rollback",
        ),
        (
            restart(),
            "POST /1.0/apps/shop/restart process=web&version=",
        ),
        (
            OperationKind::Restart {
                process: Some("worker".into()),
            },
            "POST /1.0/apps/shop/restart process=worker&version=",
        ),
        (
            OperationKind::Stop { process: None },
            "POST /1.0/apps/shop/stop process=web&version=",
        ),
        (
            OperationKind::Start { process: None },
            "POST /1.0/apps/shop/start process=web&version=",
        ),
        (
            scale(None, 5),
            "PUT /1.0/apps/shop/units units=3&process=web&version=v12",
        ),
        (
            scale(None, 0),
            "DELETE /1.0/apps/shop/units?units=2&process=web&version=v12",
        ),
        (
            scale(Some("mail"), 1),
            "PUT /1.0/apps/shop/units units=1&process=mail&version=",
        ),
        (
            autoscale(Some((2, 6)), Some(60)),
            r#"POST /1.9/apps/shop/units/autoscale {"averageCPU":"60%","maxUnits":6,"minUnits":2,"process":"web"}"#,
        ),
        (
            OperationKind::Autoscale {
                process: Some("worker".into()),
                limits: Some((2, 6)),
                cpu: None,
            },
            r#"POST /1.9/apps/shop/units/autoscale {"averageCPU":"500m","maxUnits":6,"minUnits":2,"process":"worker"}"#,
        ),
        (
            OperationKind::Autoscale {
                process: Some("worker".into()),
                limits: None,
                cpu: None,
            },
            "DELETE /1.9/apps/shop/units/autoscale?process=worker",
        ),
        (kill(false), "DELETE /1.12/apps/shop/units/shop-web-1"),
        (
            kill(true),
            "DELETE /1.12/apps/shop/units/shop-web-1?force=true",
        ),
        (
            run(RunPlace::One),
            "POST /1.0/apps/shop/run command=rake+db%3Amigrate&once=true&isolated=false",
        ),
        (
            run(RunPlace::Every),
            "POST /1.0/apps/shop/run command=rake+db%3Amigrate&once=false&isolated=false",
        ),
        (
            run(RunPlace::Alone),
            "POST /1.0/apps/shop/run command=rake+db%3Amigrate&once=false&isolated=true",
        ),
    ]
}

#[expect(clippy::too_many_lines, reason = "an entry per operation")]
fn of_the_rest() -> Vec<(OperationKind, &'static str)> {
    let service = || ServiceId::new("mysql/db");
    vec![
        (
            OperationKind::SetVariable {
                id: None,
                name: "KEY".into(),
                value: Secret::new("a\"b"),
                is_sensitive: true,
            },
            r#"POST /1.0/apps/shop/env {"envs":[{"name":"KEY","private":true,"value":"a\"b"}],"norestart":false,"private":false}"#,
        ),
        (
            change(vec![set("A", "1", false), set("B", "2", true)]),
            r#"POST /1.0/apps/shop/env {"envs":[{"name":"A","private":false,"value":"1"},{"name":"B","private":true,"value":"2"}],"norestart":false,"private":false}"#,
        ),
        (
            OperationKind::UnsetVariable {
                id: None,
                name: "KEY".into(),
            },
            "DELETE /1.0/apps/shop/env?env=KEY",
        ),
        (
            change(vec![unset("A"), unset("B")]),
            "DELETE /1.0/apps/shop/env?env=A&env=B",
        ),
        (
            OperationKind::AddDomain {
                name: "b.example.com".into(),
            },
            "POST /1.0/apps/shop/cname cname=b.example.com",
        ),
        (
            OperationKind::RemoveDomain {
                id: DomainId::new("shop/a.example.com"),
                name: "a.example.com".into(),
            },
            "DELETE /1.0/apps/shop/cname?cname=a.example.com",
        ),
        (
            OperationKind::AttachService { id: service() },
            "PUT /1.13/services/mysql/instances/db/apps/shop noRestart=false",
        ),
        (
            OperationKind::DetachService { id: service() },
            "DELETE /1.13/services/mysql/instances/db/apps/shop",
        ),
        (
            OperationKind::CreateService {
                kind: ServiceKindId::new("mysql/small"),
                name: "db".into(),
            },
            r#"POST /1.0/services/mysql/instances {"name":"db","plan_name":"small","team_owner":"web-team"}"#,
        ),
        (
            OperationKind::CreateService {
                kind: ServiceKindId::new("redis/"),
                name: "cache".into(),
            },
            r#"POST /1.0/services/redis/instances {"name":"cache","team_owner":"web-team"}"#,
        ),
        (
            OperationKind::RemoveService { id: service() },
            "DELETE /1.0/services/mysql/instances/db",
        ),
        (
            OperationKind::RemoveJob {
                id: JobId::new("nightly"),
            },
            "DELETE /1.13/jobs/nightly",
        ),
        (
            OperationKind::CancelMaintenance {
                id: MaintenanceId::new("b1"),
            },
            "DELETE /1.3/events/blocks/b1",
        ),
        (
            OperationKind::CancelDeployment {
                deployment: DeploymentId::new(GOOD),
                reason: None,
            },
            "POST /1.1/events/6740f0b1c2a9d3f4e5a6b7c8/cancel reason=cancelled+with+flightdeck",
        ),
        (
            OperationKind::CancelEvent {
                event: ActivityId::new("e1"),
                reason: Some("wrong one".into()),
            },
            "POST /1.1/events/e1/cancel reason=wrong+one",
        ),
        (
            create_app(&[
                ("platform", "python"),
                ("team", "web-team"),
                ("tag", "a"),
                ("tag", "b"),
            ]),
            "POST /1.0/apps name=docs&platform=python&teamOwner=web-team&tag=a&tag=b",
        ),
        (
            OperationKind::DeleteApp {
                typed_name: "shop".into(),
            },
            "DELETE /1.0/apps/shop",
        ),
    ]
}

#[expect(clippy::too_many_lines, reason = "an entry per operation")]
fn of_its_own() -> Vec<(OperationKind, &'static str)> {
    let domain = || ("domain", one("shop/a.example.com"));
    let certificate = "-----BEGIN CERTIFICATE----- QUJD -----END CERTIFICATE-----";
    let key = "-----BEGIN PRIVATE KEY-----REVG-----END PRIVATE KEY-----";
    vec![
        (
            own("release-version", &[("versions", word("beside"))]),
            "POST /1.3/apps/shop/deploy/rebuild origin=rebuild&new-version=true",
        ),
        (
            own(
                "release-version",
                &[("versions", word("instead")), ("image", word("reg/shop:1"))],
            ),
            "POST /1.0/apps/shop/deploy image=reg%2Fshop%3A1&origin=image&override-versions=true",
        ),
        (
            own(
                "release-version",
                &[("versions", word("instead")), ("to", one(GOOD))],
            ),
            "POST /1.0/apps/shop/deploy/rollback image=reg%2Ftsuru%2Fapp-shop%3Av11&origin=rollback&override-versions=true",
        ),
        (
            own(
                "configure-app",
                &[
                    ("plan", word("c2")),
                    ("tags", word("a, b")),
                    ("team", word("ops")),
                    ("no-restart", Answer::Flag(true)),
                ],
            ),
            "PUT /1.0/apps/shop plan=c2&teamOwner=ops&tag=a&tag=b&noRestart=true",
        ),
        (
            own(
                "configure-app",
                &[("platform", word("go")), ("description", word("x y"))],
            ),
            "PUT /1.0/apps/shop platform=go&description=x+y",
        ),
        (
            own("set-quota", &[("limit", Answer::Count(8))]),
            "PUT /1.0/apps/shop/quota limit=8",
        ),
        (
            own("set-quota", &[("unlimited", Answer::Flag(true))]),
            "PUT /1.0/apps/shop/quota limit=-1",
        ),
        (
            own(
                "set-routable",
                &[("version", word("3")), ("routable", word("yes"))],
            ),
            r#"POST /1.8/apps/shop/routable {"isRoutable":true,"version":"v3"}"#,
        ),
        (
            own("delete-version", &[("version", word("v3"))]),
            "DELETE /1.10/apps/shop/versions/v3",
        ),
        (
            own(
                "block-events",
                &[("reason", word("freeze")), ("kind", word("app.deploy"))],
            ),
            r#"POST /1.3/events/blocks {"KindName":"app.deploy","OwnerName":"","Reason":"freeze","Target":{"Type":"app","Value":"shop"}}"#,
        ),
        (
            own("grant-team", &[("team", one("ops"))]),
            "PUT /1.0/apps/shop/teams/ops",
        ),
        (
            own("revoke-team", &[("team", one("ops"))]),
            "DELETE /1.0/apps/shop/teams/ops",
        ),
        (own("rebuild-routes", &[]), "POST /1.0/apps/shop/routes"),
        (
            own(
                "forbid-rollback",
                &[("deployment", one("gone")), ("reason", word("leaks"))],
            ),
            "PUT /1.4/apps/shop/deploy/rollback/update image=reg%2Ftsuru%2Fapp-shop%3Av1&disable=true&reason=leaks",
        ),
        (
            own("allow-rollback", &[("deployment", one("gone"))]),
            "PUT /1.4/apps/shop/deploy/rollback/update image=reg%2Ftsuru%2Fapp-shop%3Av1&disable=false",
        ),
        (
            own(
                "set-certificate",
                &[
                    domain(),
                    ("certificate", pem(certificate)),
                    ("key", pem(key)),
                ],
            ),
            "PUT /1.2/apps/shop/certificate cname=a.example.com&certificate=-----BEGIN+CERTIFICATE-----%0AQUJD%0A-----END+CERTIFICATE-----%0A&key=-----BEGIN+PRIVATE+KEY-----%0AREVG%0A-----END+PRIVATE+KEY-----%0A",
        ),
        (
            own("remove-certificate", &[domain()]),
            "DELETE /1.2/apps/shop/certificate?cname=a.example.com",
        ),
        (
            own("set-issuer", &[domain(), ("issuer", word("letsencrypt"))]),
            "PUT /1.24/apps/shop/certissuer cname=a.example.com&issuer=letsencrypt",
        ),
        (
            own("set-issuer", &[domain()]),
            "DELETE /1.24/apps/shop/certissuer?cname=a.example.com",
        ),
        (
            own("trigger-job", &[("job", one("nightly"))]),
            "POST /1.13/jobs/nightly/trigger",
        ),
    ]
}
