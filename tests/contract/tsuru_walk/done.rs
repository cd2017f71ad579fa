//! Every operation that tsuru offers, done one after the other.

use flightdeck::model::catalogue::Value as Answer;
use flightdeck::model::{
    ActivityId, Capability, DeploymentId, DeploymentScope, DomainId, JobId, MaintenanceId,
    OperationKind, PageRequest, RunPlace, ServiceId, ServiceKindId, Stage, Verdict,
};
use flightdeck::platforms::tsuru::PROFILE;
use serde_json::json;

use super::world::{APP, WEB, World, operation, since};
use crate::tsuru_rows::{
    autoscale, change, deploy, one, own, pem, restart, roll_back, scale, set, unset, word,
};

/// Something to be done, and the one request that changes something.
pub(super) struct Step {
    pub(super) place: &'static str,
    pub(super) kind: OperationKind,
    pub(super) request: &'static str,
}

fn step(kind: OperationKind, request: &'static str) -> Step {
    Step {
        place: WEB,
        kind,
        request,
    }
}

fn at(place: &'static str, step: Step) -> Step {
    Step { place, ..step }
}

fn word_of(name: &'static str, text: &str) -> (&'static str, Answer) {
    (name, word(text))
}

/// Everything, in an order in which it can be done. What names something that is there by then is
/// among it.
pub(super) async fn steps(world: &World) -> Vec<Step> {
    let mut all = of_units(world).await;
    all.extend(of_parts());
    all.extend(of_releases(world).await);
    all.extend(of_the_app());
    all
}

/// A command that every unit knows.
fn list(place: RunPlace) -> OperationKind {
    OperationKind::RunCommand {
        command: "ls".into(),
        place,
    }
}

async fn of_units(world: &World) -> Vec<Step> {
    let unit = world.units().await[0].id.to_string();
    let kill = OperationKind::KillUnit { unit, force: true };
    let whole = |kind, request| at("atlas/", step(kind, request));
    vec![
        step(kill, "UnitKill"),
        step(restart(), "AppRestart"),
        whole(restart(), "AppRestart"),
        whole(OperationKind::Stop { process: None }, "AppStop"),
        whole(OperationKind::Start { process: None }, "AppStart"),
        step(scale(None, 4), "UnitsAdd"),
        step(scale(None, 2), "UnitsRemove"),
        step(autoscale(Some((1, 3)), Some(60)), "AutoScaleAdd"),
        step(autoscale(None, None), "AutoScaleRemove"),
        step(list(RunPlace::One), "AppRun"),
        step(list(RunPlace::Alone), "AppRun"),
    ]
}

fn of_parts() -> Vec<Step> {
    let name = "new.example.com";
    let domain = || ("domain", one("atlas/new.example.com"));
    let certificate = "-----BEGIN CERTIFICATE-----QUJD-----END CERTIFICATE-----";
    let key = "-----BEGIN PRIVATE KEY-----QUJD-----END PRIVATE KEY-----";
    let given = [
        domain(),
        ("certificate", pem(certificate)),
        ("key", pem(key)),
    ];
    let service = || ServiceId::new("redis/mine");
    let kind = ServiceKindId::new("redis/small");
    let set_one = OperationKind::SetVariable {
        id: None,
        name: "ONE".into(),
        value: flightdeck::model::Secret::new("v-1"),
        is_sensitive: true,
    };
    let unset_one = OperationKind::UnsetVariable {
        id: None,
        name: "ONE".into(),
    };
    let remove = OperationKind::RemoveDomain {
        id: DomainId::new("atlas/new.example.com"),
        name: name.into(),
    };
    let create = OperationKind::CreateService {
        kind,
        name: "mine".into(),
    };
    vec![
        step(set_one, "EnvSet"),
        step(unset_one, "EnvUnset"),
        step(change(vec![set("TWO", "v-2", false)]), "EnvSet"),
        step(change(vec![unset("TWO")]), "EnvUnset"),
        step(
            OperationKind::AddDomain { name: name.into() },
            "AppCnameAdd",
        ),
        step(own("set-certificate", &given), "CertificateSet"),
        step(own("remove-certificate", &[domain()]), "CertificateUnset"),
        step(
            own("set-issuer", &[domain(), word_of("issuer", "letsencrypt")]),
            "AppSetCertIssuer",
        ),
        step(own("set-issuer", &[domain()]), "AppUnsetCertIssuer"),
        step(remove, "AppCnameDelete"),
        step(create, "InstanceCreate"),
        step(
            OperationKind::AttachService { id: service() },
            "ServiceInstanceBind",
        ),
        step(
            OperationKind::DetachService { id: service() },
            "ServiceInstanceUnbind",
        ),
        step(
            OperationKind::RemoveService { id: service() },
            "InstanceDelete",
        ),
        step(own("trigger-job", &[("job", one("report"))]), "TriggerJob"),
        step(
            OperationKind::RemoveJob {
                id: JobId::new("report"),
            },
            "DeleteJob",
        ),
    ]
}

/// A deploy that can be gone back to, and the number of the newest version.
async fn history(world: &World) -> (DeploymentId, u32) {
    let scope = DeploymentScope::App(flightdeck::model::AppId::new(APP));
    let page = world.platform.deployments(&scope, PageRequest::first());
    let deploys = page.await.unwrap().items;
    let may =
        |it: &&flightdeck::model::Deployment| it.can_roll_back_to == Some(true) && !it.is_current;
    let back = deploys.iter().find(may).unwrap().id.clone();
    let numbers = deploys
        .iter()
        .filter_map(|it| it.label.as_str().strip_prefix('v'));
    let newest = numbers.filter_map(|it| it.parse().ok()).max();
    (back, newest.unwrap())
}

async fn of_releases(world: &World) -> Vec<Step> {
    let (back, newest) = history(world).await;
    let image = "registry.example.com/atlas:1";
    // A deploy, an image, and one beside it; what is gone back to keeps its number.
    let beside = newest + 3;
    let version = || word_of("version", &beside.to_string());
    let marked = || ("deployment", one(back.as_str()));
    let unreached = [version(), word_of("routable", "no")];
    vec![
        step(deploy(), "DeployRebuild"),
        step(roll_back(back.as_str(), false), "DeployRollback"),
        step(
            OperationKind::DeployImage {
                image: image.into(),
            },
            "AppDeploy",
        ),
        step(
            own("release-version", &[word_of("versions", "beside")]),
            "DeployRebuild",
        ),
        step(own("set-routable", &unreached), "AppSetRoutable"),
        step(own("delete-version", &[version()]), "AppVersionDelete"),
        step(
            own("forbid-rollback", &[marked(), word_of("reason", "leaks")]),
            "DeployRollbackUpdate",
        ),
        step(own("allow-rollback", &[marked()]), "DeployRollbackUpdate"),
    ]
}

fn of_the_app() -> Vec<Step> {
    let team = || ("team", one("payments"));
    let limit = ("limit", Answer::Count(20));
    let create = OperationKind::CreateApp {
        name: "fresh".into(),
        inputs: vec![
            ("platform".into(), "go".into()),
            ("team".into(), "web".into()),
        ],
    };
    let delete = OperationKind::DeleteApp {
        typed_name: "fresh".into(),
    };
    let password = pem("sim-password");
    vec![
        step(
            own("configure-app", &[word_of("description", "x")]),
            "AppUpdate",
        ),
        step(own("set-quota", &[limit]), "AppQuotaChange"),
        step(own("grant-team", &[team()]), "AppTeamGrant"),
        step(own("revoke-team", &[team()]), "AppTeamRevoke"),
        step(own("rebuild-routes", &[]), "AppRebuildRoutes"),
        step(
            own("block-events", &[word_of("reason", "freeze")]),
            "EventBlockAdd",
        ),
        at("fresh/", step(create, "AppCreate")),
        at("fresh/", step(delete, "AppDelete")),
        step(
            own(
                "log-in",
                &[word_of("email", "ops@example.com"), ("password", password)],
            ),
            "Login",
        ),
    ]
}

/// Does everything. Each ends well, and is one request besides those that only look.
pub(super) async fn do_all(world: &World) {
    for step in steps(world).await {
        done(world, step).await;
    }
    for step in of_what_was_made(world).await {
        done(world, step).await;
    }
}

/// What takes something that is made on the way.
pub(super) const OF_WHAT_WAS_MADE: [Capability; 3] = [
    Capability::CancelMaintenance,
    Capability::CancelDeployment,
    Capability::CancelEvent,
];

/// What names something that the steps before have made, or that somebody else does.
async fn of_what_was_made(world: &World) -> Vec<Step> {
    let page = world.platform.maintenance(None, PageRequest::first());
    let blocks = page.await.unwrap().items;
    let is_ours = |it: &&flightdeck::model::MaintenanceRun| format!("{it:?}").contains("freeze");
    let id = blocks.iter().find(is_ours).unwrap().id.clone();
    let held = async |app: &str, kind: &str| {
        let body = json!({"application": app, "kind": kind});
        let held = world.control("lock", &body).await;
        held["event"].as_str().unwrap().to_owned()
    };
    let deployment = DeploymentId::new(held("harbour", "app.deploy").await);
    let event = ActivityId::new(held("juniper", "app.update").await);
    let reason = || Some("not now".to_owned());
    let cancel = OperationKind::CancelDeployment {
        deployment,
        reason: reason(),
    };
    let stop = OperationKind::CancelEvent {
        event,
        reason: reason(),
    };
    vec![
        step(
            OperationKind::CancelMaintenance {
                id: MaintenanceId::new(id.as_str()),
            },
            "EventBlockRemove",
        ),
        at("harbour/web", step(cancel, "EventCancel")),
        at("juniper/web", step(stop, "EventCancel")),
    ]
}

/// Whether a request changes nothing.
fn is_read(name: &str) -> bool {
    let starts = ["List", "Get", "Auth"]
        .iter()
        .any(|it| name.starts_with(it));
    let ends = [
        "List", "Get", "Info", "Log", "Shell", "Blocks", "Kinds", "Plans",
    ];
    starts || ends.iter().any(|it| name.ends_with(it)) || name == "AppGetCertificates"
}

async fn done(world: &World, step: Step) {
    let shown = format!("{} {:?}", step.place, step.kind);
    let before = world.counts().await;
    let stage = world.run(operation(step.place, step.kind)).await;
    let is_done = matches!(stage, Stage::Ended(Verdict::Done(_)));
    assert!(is_done, "{shown}: {stage:?}");
    let mut sent = since(&before, world.counts().await);
    sent.retain(|name, _| !is_read(name));
    let sent: Vec<_> = sent.iter().map(|(name, n)| (name.as_str(), *n)).collect();
    assert_eq!(sent, [(step.request, 1)], "{shown}");
}

#[tokio::test]
async fn every_operation_of_its_own_is_among_the_steps() {
    let world = World::new().await;
    let steps = steps(&world).await;
    for special in PROFILE.specials {
        let is_it = |step: &Step| step.kind.special() == Some(special.recipe.name);
        assert!(steps.iter().any(is_it), "{}", special.recipe.name);
    }
}
