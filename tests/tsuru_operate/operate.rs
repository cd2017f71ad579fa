//! Every operation that the simulated server has something to do for.

use std::num::NonZeroU32;
use std::sync::Arc;

use flightdeck::engine::{Pace, Terms, run_operation};
use flightdeck::model::catalogue::{Chosen, Inputs, Value};
use flightdeck::model::{
    AppId, Consent, ContextId, DeployMode, Deployment, DeploymentScope, DomainId, EnvId, Operation,
    OperationEvent, OperationKind, PageRequest, RunPlace, Secret, ServiceId, ServiceKindId, Stage,
    Target, Text, VariableChange, VariableWish, Verdict,
};
use flightdeck::platforms::{Connection, Platform, tsuru};
use flightdeck::sim::{SimOptions, Simulator};
use jiff::Timestamp;
use url::Url;

use crate::nobody::Nobody;

struct Bench {
    /// It ends when this is dropped.
    _simulator: Simulator,
    platform: Arc<dyn Platform>,
}

async fn start() -> Bench {
    let _installed = rustls::crypto::ring::default_provider().install_default();
    let simulator = Simulator::start(SimOptions {
        speed: 40.0,
        story: false,
        platforms: vec!["tsuru"],
        rate_limits: None,
        ..SimOptions::default()
    })
    .await
    .unwrap();
    let served = simulator.platforms().last().unwrap().clone();
    let connection = Connection {
        base_url: Url::parse(&served.base_url).unwrap(),
        credential: Arc::new(move || Ok(Secret::new(served.token.clone()))),
        read_only: false,
        organisation: None,
        settings: flightdeck::platforms::Settings::default(),
        notebook: std::sync::Arc::new(flightdeck::model::Scratch::default()),
        allow_plain_http: false,
    };
    Bench {
        platform: tsuru::connect(connection).unwrap(),
        _simulator: simulator,
    }
}

impl Bench {
    async fn done(&self, environment: &str, kind: OperationKind) -> Stage {
        let (app, process) = environment.split_once('/').unwrap();
        let target = Target {
            context: ContextId(0),
            app: Some(AppId::new(app)),
            environment: (!process.is_empty()).then(|| EnvId::new(environment)),
            title: Text::clean(environment),
            class: None,
        };
        let terms = Terms {
            pace: Pace::times(NonZeroU32::new(50).unwrap()),
            ..Terms::new(Consent::default(), Arc::new(Nobody))
        };
        run_operation(
            Arc::clone(&self.platform),
            Operation { target, kind },
            terms,
            || Timestamp::UNIX_EPOCH,
            true,
            &mut |_: &OperationEvent| {},
        )
        .await
    }
}

fn own(name: &str, answers: &[(&'static str, Value)]) -> OperationKind {
    let mut specials = tsuru::PROFILE.specials.iter();
    let special = specials.find(|it| it.recipe.name == name).unwrap();
    let mut inputs = Inputs::default();
    for (field, answer) in answers {
        inputs.set(field, answer.clone());
    }
    (special.recipe.build)(&inputs).unwrap()
}

fn one(id: &str) -> Value {
    Value::One(Chosen {
        id: id.into(),
        title: Text::clean(id),
    })
}

fn word(text: &str) -> Value {
    Value::Text(text.into())
}

fn hidden(text: &str) -> Value {
    Value::Secret(Secret::new(text))
}

/// An app that was deployed many times and runs.
const WEB: &str = "atlas/web";

fn scale(units: u32) -> OperationKind {
    OperationKind::Scale {
        process: None,
        units,
        size: None,
    }
}

fn autoscale(limits: Option<(u32, u32)>, cpu: Option<u32>) -> OperationKind {
    OperationKind::Autoscale {
        process: None,
        limits,
        cpu,
    }
}

fn run(place: RunPlace) -> OperationKind {
    OperationKind::RunCommand {
        command: "ls".into(),
        place,
    }
}

fn change(name: &str, value: Option<&str>) -> VariableChange {
    let wish = match value {
        Some(value) => VariableWish::Set {
            value: Secret::new(value),
            is_sensitive: true,
        },
        None => VariableWish::Unset,
    };
    VariableChange {
        id: None,
        name: name.into(),
        wish,
    }
}

const DEPLOY: OperationKind = OperationKind::Deploy {
    mode: DeployMode::Auto,
};

fn restart() -> OperationKind {
    OperationKind::Restart { process: None }
}

impl Bench {
    /// It ends well, or is refused with these words.
    async fn check(&self, kind: OperationKind, refused: Option<&str>) {
        let told = format!("{kind:?}");
        match (self.done(WEB, kind).await, refused) {
            (Stage::Ended(Verdict::Done(_)), None) => {}
            (Stage::Refused(failure), Some(words)) => {
                assert!(failure.headline().contains(words), "{told}: {failure}");
            }
            // It has begun, and ended in an error.
            (Stage::Ended(Verdict::Failed(text)), Some(words)) => {
                assert!(text.as_str().contains(words), "{told}: {text}");
            }
            (stage, _) => panic!("{told}: {stage:?}"),
        }
    }

    async fn all(&self, steps: Vec<(OperationKind, Option<&str>)>) {
        for (kind, refused) in steps {
            self.check(kind, refused).await;
        }
    }

    async fn units(&self) -> u32 {
        let environment = self.platform.environment(&EnvId::new(WEB)).await.unwrap();
        environment.units.unwrap().wanted
    }

    async fn deploys(&self) -> Vec<Deployment> {
        let scope = DeploymentScope::App(AppId::new("atlas"));
        let page = self.platform.deployments(&scope, PageRequest::default());
        page.await.unwrap().items
    }
}

#[tokio::test]
async fn what_runs_is_stopped_scaled_and_asked() {
    let bench = start().await;
    let by_itself = "web scales automatically";
    bench
        .all(vec![
            (restart(), None),
            (OperationKind::Stop { process: None }, None),
            (OperationKind::Start { process: None }, None),
            (scale(4), None),
        ])
        .await;
    assert_eq!(bench.units().await, 4);
    bench
        .all(vec![
            (scale(50), Some("quota")),
            (scale(1), None),
            (autoscale(Some((1, 3)), None), Some("cpu")),
            (autoscale(Some((1, 3)), Some(60)), None),
            (scale(2), Some(by_itself)),
            (autoscale(Some((2, 3)), None), None),
            (autoscale(None, None), None),
            (run(RunPlace::One), None),
            (run(RunPlace::Every), None),
            (run(RunPlace::Alone), None),
        ])
        .await;
}

#[tokio::test]
async fn what_an_app_has_is_changed() {
    let bench = start().await;
    let domain = || ("domain", one("atlas/x.example.com"));
    let service = || ServiceId::new("redis/mine");
    let pem = |label: &str| hidden(&format!("-----BEGIN {label}-----QUJD-----END {label}-----"));
    let certificate = ("certificate", pem("CERTIFICATE"));
    let key = ("key", pem("PRIVATE KEY"));
    let set = |all: Vec<_>| OperationKind::ChangeVariables(all);
    let issuer = ("issuer", word("letsencrypt"));
    let x = "x.example.com";
    let kind = ServiceKindId::new("redis/small");
    let name = "mine".into();
    bench
        .all(vec![
            (
                set(vec![change("A", Some("v-1")), change("B", Some("v-2"))]),
                None,
            ),
            (set(vec![change("A", Some("v-3")), change("B", None)]), None),
            (set(vec![change("A", None)]), None),
            (OperationKind::AddDomain { name: x.into() }, None),
            (own("set-issuer", &[domain(), issuer]), None),
            (own("set-issuer", &[domain()]), None),
            (own("set-certificate", &[domain(), certificate, key]), None),
            (own("remove-certificate", &[domain()]), None),
            (
                OperationKind::RemoveDomain {
                    id: DomainId::new("atlas/x.example.com"),
                    name: x.into(),
                },
                None,
            ),
            (OperationKind::CreateService { kind, name }, None),
            (OperationKind::AttachService { id: service() }, None),
            (
                OperationKind::RemoveService { id: service() },
                Some("detach it"),
            ),
            (OperationKind::DetachService { id: service() }, None),
            (OperationKind::RemoveService { id: service() }, None),
        ])
        .await;
}

#[tokio::test]
async fn versions_are_released_beside_each_other_and_in_each_others_place() {
    let bench = start().await;
    let deploys = bench.deploys().await;
    let may = |it: &&Deployment| it.can_roll_back_to == Some(true) && !it.is_current;
    let back = deploys.iter().find(may).unwrap().id.clone();
    let to = || OperationKind::RollBack {
        to: back.clone(),
        pin: false,
    };
    let mark = |name, more: Vec<_>| {
        let mut answers = vec![("deployment", one(back.as_str()))];
        answers.extend(more);
        own(name, &answers)
    };
    let image = "registry.example.com/atlas:1".into();
    bench
        .all(vec![
            (
                mark("forbid-rollback", vec![("reason", word("leaks"))]),
                None,
            ),
            (to(), Some("does not let the app be rolled back")),
            (mark("allow-rollback", vec![]), None),
            (to(), None),
            (OperationKind::DeployImage { image }, None),
            (DEPLOY, None),
            (
                own("release-version", &[("versions", word("beside"))]),
                None,
            ),
            (DEPLOY, Some("several versions are deployed")),
            (
                own("release-version", &[("versions", word("instead"))]),
                None,
            ),
            (
                own("delete-version", &[("version", word("999"))]),
                Some("there is no 999"),
            ),
        ])
        .await;
}

#[tokio::test]
async fn who_may_do_what_is_changed() {
    let bench = start().await;
    let limit = |limit| ("limit", Value::Count(limit));
    let ops = || ("team", one("payments"));
    bench
        .all(vec![
            (own("configure-app", &[("description", word("x"))]), None),
            (own("configure-app", &[("plan", word("c1m1"))]), None),
            (own("set-quota", &[limit(20)]), None),
            (
                own("set-quota", &[limit(1)]),
                Some("more than that is in use"),
            ),
            (own("grant-team", &[ops()]), None),
            (own("revoke-team", &[ops()]), None),
            (own("rebuild-routes", &[]), None),
            (own("block-events", &[("reason", word("freeze"))]), None),
            (
                restart(),
                Some("blocked: freeze (all actions by all users on app(atlas))"),
            ),
        ])
        .await;
    let other = bench.done("harbour/web", restart()).await;
    assert!(matches!(other, Stage::Ended(Verdict::Done(_))), "{other:?}");
}

#[tokio::test]
async fn a_deploy_is_cancelled_while_it_builds() {
    let bench = start().await;
    let image = OperationKind::DeployImage {
        image: "registry.example.com/atlas:2".into(),
    };
    let cancel = async {
        loop {
            let deploys = bench.deploys().await;
            let running = deploys.iter().find(|it| !it.phase.is_final());
            if let Some(running) = running {
                let kind = OperationKind::CancelDeployment {
                    deployment: running.id.clone(),
                    reason: None,
                };
                return bench.done(WEB, kind).await;
            }
        }
    };
    let (deployed, cancelled) = tokio::join!(bench.done(WEB, image), cancel);
    assert_eq!(cancelled, Stage::Ended(Verdict::Done(None)));
    assert!(
        matches!(deployed, Stage::Ended(Verdict::Failed(_))),
        "{deployed:?}"
    );
}
