//! `DigitalOcean`, simulated: operations one after the other, each to its end with the real engine.
//! The simulator knows nothing of the adapter: what one misunderstands the other does not.

use std::num::NonZeroU32;
use std::sync::Arc;

use flightdeck::engine::{Pace, Terms, run_operation};
use flightdeck::model::{
    App, AppId, Capability, Consent, ContextId, DeployMode, DeploymentScope, DomainChange,
    DomainId, EnvId, Failure, Operation, OperationEvent, OperationKind, PageRequest, Secret, Stage,
    Support, Target, Text, VariableChange, VariableId, VariableWish, Verdict,
};
use flightdeck::platforms::{Platform, digitalocean};
use flightdeck::sim::{SimOptions, Simulator};
use jiff::Timestamp;

use crate::harness::connection;
use crate::nobody::Nobody;

/// Simulated seconds in a second; the engine's pauses pass as fast.
const SPEED: u16 = 500;

/// An app that nothing is special about.
const APP: &str = "quotes";

struct World {
    platform: Arc<dyn Platform>,
    app: AppId,
    _simulator: Simulator,
}

impl World {
    async fn new() -> Self {
        let simulator = Simulator::start(SimOptions {
            story: false,
            speed: f64::from(SPEED),
            platforms: vec!["digitalocean"],
            rate_limits: None,
            ..SimOptions::default()
        });
        let simulator = simulator.await.unwrap();
        let served = simulator.platforms()[0].clone();
        let mut connection = connection(&served.base_url);
        connection.credential = Arc::new(move || Ok(Secret::new(served.token.as_str())));
        let platform = digitalocean::connect(connection).unwrap();
        let apps = platform.apps(PageRequest::first()).await.unwrap();
        let is_meant = |app: &App| app.name.as_str() == APP;
        let app = apps.items.into_iter().find(is_meant).unwrap().id;
        Self {
            platform,
            app,
            _simulator: simulator,
        }
    }

    fn component(&self, name: &str) -> EnvId {
        EnvId::new(format!("{}/{name}", self.app.as_str()))
    }

    fn operation(&self, component: &str, kind: OperationKind) -> Operation {
        Operation {
            target: Target {
                context: ContextId(0),
                app: Some(self.app.clone()),
                environment: Some(self.component(component)),
                title: Text::clean(APP),
                class: None,
            },
            kind,
        }
    }

    async fn run(&self, component: &str, kind: OperationKind) -> Stage {
        let pace = Pace::times(NonZeroU32::from(std::num::NonZeroU16::new(SPEED).unwrap()));
        let terms = Terms {
            pace,
            ..Terms::new(Consent::default(), Arc::new(Nobody))
        };
        let operation = self.operation(component, kind);
        let platform = Arc::clone(&self.platform);
        let mut note = |_: &OperationEvent| {};
        let clock = || Timestamp::UNIX_EPOCH;
        run_operation(platform, operation, terms, clock, true, &mut note).await
    }

    /// It ended as wished.
    async fn done(&self, component: &str, kind: OperationKind) {
        let shown = format!("{kind:?}");
        let stage = self.run(component, kind).await;
        let is_done = matches!(stage, Stage::Ended(Verdict::Done(_)));
        assert!(is_done, "{shown}: {stage:?}");
    }

    /// A component that can be scaled.
    async fn scalable(&self) -> String {
        let page = PageRequest::first();
        let found = self.platform.environments(&self.app, page).await.unwrap();
        let mut refusals = Vec::new();
        for environment in found.items {
            let (_, name) = environment.id.as_str().split_once('/').unwrap();
            let operation = self.operation(name, scale(2));
            let preview = self.platform.preview(&operation).await.unwrap().unwrap();
            match preview.refusal {
                None => return name.to_owned(),
                Some(refusal) => refusals.push(refusal),
            }
        }
        panic!("no component of {APP} can be scaled: {refusals:?}");
    }
}

fn scale(units: u32) -> OperationKind {
    OperationKind::Scale {
        process: None,
        units,
        // The smallest allows one instance only.
        size: Some("apps-s-1vcpu-1gb".into()),
    }
}

#[tokio::test]
async fn an_app_is_changed_deployed_rolled_back_and_deleted() {
    let world = World::new().await;
    let web = world.scalable().await;
    let app = world.app.as_str().to_owned();
    let value = |value: &str, is_sensitive| VariableWish::Set {
        value: Secret::new(value),
        is_sensitive,
    };
    let change = |name: &str, wish| VariableChange {
        id: None,
        name: name.into(),
        wish,
    };
    let domain = |name: &str| DomainId::new(format!("{app}/{name}"));
    world.done(&web, scale(3)).await;
    let changes = vec![
        change("PLAIN", value("one", false)),
        change("HIDDEN", value("two", true)),
    ];
    world
        .done(&web, OperationKind::ChangeVariables(changes))
        .await;
    let set = OperationKind::SetVariable {
        id: Some(VariableId::new(format!("{app}/{web}/HIDDEN"))),
        name: "HIDDEN".into(),
        value: Secret::new("three"),
        is_sensitive: true,
    };
    world.done(&web, set).await;
    let unset = OperationKind::UnsetVariable {
        id: None,
        name: "PLAIN".into(),
    };
    world.done(&web, unset).await;
    let name = "new.example.org";
    let add = OperationKind::AddDomain { name: name.into() };
    world.done(&web, add).await;
    let main = OperationKind::UpdateDomain {
        id: domain(name),
        change: DomainChange::MakePrimary,
    };
    world.done(&web, main).await;
    let remove = OperationKind::RemoveDomain {
        id: domain(name),
        name: name.into(),
    };
    world.done(&web, remove).await;
    world
        .done(&web, OperationKind::Restart { process: None })
        .await;
    let force = OperationKind::Deploy {
        mode: DeployMode::Force,
    };
    world.done(&web, force).await;

    let scope = DeploymentScope::App(world.app.clone());
    let page = PageRequest::first();
    let deployments = world.platform.deployments(&scope, page).await.unwrap();
    let mut targets = deployments.items.into_iter();
    let target = targets.find(|it| it.can_roll_back_to == Some(true));
    let to = target.unwrap().id;
    for end in [OperationKind::CommitRollback, OperationKind::RevertRollback] {
        let back = OperationKind::RollBack {
            to: to.clone(),
            pin: true,
        };
        world.done(&web, back).await;
        let refused = world.run(&web, scale(4)).await;
        let is_refused = matches!(refused, Stage::Refused(Failure::Conflict(_)));
        assert!(is_refused, "{refused:?}");
        world.done(&web, end).await;
    }

    let delete = OperationKind::DeleteApp {
        typed_name: APP.into(),
    };
    world.done(&web, delete).await;
    let apps = world.platform.apps(PageRequest::first()).await.unwrap();
    assert!(apps.items.iter().all(|app| app.name.as_str() != APP));
}

#[tokio::test]
async fn what_is_not_offered_is_refused_with_its_reason() {
    let world = World::new().await;
    for kind in [
        OperationKind::DeployImage { image: "i".into() },
        OperationKind::Stop { process: None },
        OperationKind::Start { process: None },
        OperationKind::KillUnit {
            unit: "u".into(),
            force: false,
        },
        OperationKind::CopyEnvironment { slug: "s".into() },
    ] {
        let capability: Capability = kind.capability();
        let Support::No(declared) = world.platform.support(capability) else {
            panic!("{kind:?}")
        };
        let operation = world.operation("web", kind);
        let refused = world.platform.operate(&operation, None, &mut |_| {}).await;
        let reason = Text::clean(declared);
        assert_eq!(refused, Err(Failure::Unsupported { capability, reason }));
    }
}
