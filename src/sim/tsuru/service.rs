//! Services and their instances: what there is, and what is bound to what.

use serde_json::{Map, Value, json};

use super::{app::Variable, make::variable, world::World};
use crate::sim::dice::mix;

/// A service that offers instances.
pub(super) struct Service {
    pub(super) name: &'static str,
    /// Plans with what they are.
    pub(super) plans: &'static [(&'static str, &'static str)],
}

pub(super) const SERVICES: &[Service] = &[
    Service {
        name: "postgres",
        plans: &[("small", "One node"), ("large", "Three nodes")],
    },
    Service {
        name: "rabbitmq",
        plans: &[("shared", "A virtual host")],
    },
    Service {
        name: "redis",
        plans: &[("small", "256 MB"), ("large", "4 GB")],
    },
];

/// An instance of a service.
#[derive(Clone, Debug)]
pub(super) struct Instance {
    pub(super) service: &'static str,
    pub(super) name: String,
    pub(super) plan: String,
    pub(super) team: String,
    pub(super) description: String,
    pub(super) tags: Vec<String>,
    pub(super) apps: Vec<String>,
    pub(super) jobs: Vec<String>,
    pub(super) is_up: bool,
    pub(super) parameters: Map<String, Value>,
}

/// What there is from the start.
pub(super) fn instances() -> Vec<Instance> {
    let one = |service, name: &str, plan: &str, apps: &[&str], is_up| Instance {
        service,
        name: name.to_owned(),
        plan: plan.to_owned(),
        team: "web".to_owned(),
        description: String::new(),
        tags: Vec::new(),
        apps: apps.iter().map(|app| (*app).to_owned()).collect(),
        jobs: Vec::new(),
        is_up,
        parameters: Map::new(),
    };
    let mut all = vec![
        one(
            "postgres",
            "main",
            "large",
            &["atlas", "harvest", "quarry"],
            true,
        ),
        one("postgres", "reports", "small", &[], true),
        one("redis", "cache", "small", &["atlas", "cadence"], true),
        one("redis", "sessions", "large", &["thistle"], false),
    ];
    "Orders and customers".clone_into(&mut all[0].description);
    all[0].tags = vec!["critical".to_owned()];
    all[0].jobs = vec!["vacuum".to_owned()];
    all[0]
        .parameters
        .insert("storage".to_owned(), json!("50Gi"));
    all
}

impl Instance {
    /// `service/instance`, as variables name it.
    pub(super) fn path(&self) -> String {
        format!("{}/{}", self.service, self.name)
    }

    /// The variables that an app gets from it.
    pub(super) fn variables(&self, seed: u64) -> Vec<Variable> {
        let secret = mix(
            seed ^ 0x75,
            &[self.name.len() as u64, self.path().len() as u64],
        );
        let upper = self.service.to_ascii_uppercase();
        let host = format!("{}.{}.example.com", self.name, self.service);
        let one = |what: &str, value: &str, is_public| {
            variable(&format!("{upper}_{what}"), value, is_public, &self.path())
        };
        vec![
            one("HOST", &host, true),
            one("PASSWORD", &format!("sim-{secret:016x}"), false),
        ]
    }
}

impl World {
    /// The service with this name.
    pub(super) fn service(name: &str) -> Option<&'static Service> {
        SERVICES.iter().find(|service| service.name == name)
    }

    /// The instance of a service.
    pub(super) fn instance(&self, service: &str, name: &str) -> Option<usize> {
        let mut all = self.instances.iter();
        all.position(|it| it.service == service && it.name == name)
    }

    /// What is bound to an app, as the app tells it.
    pub(super) fn binds_of(&self, app: &str) -> Vec<Value> {
        let bound = self
            .instances
            .iter()
            .filter(|it| it.apps.iter().any(|it| it == app));
        let told =
            bound.map(|it| json!({ "service": it.service, "instance": it.name, "plan": it.plan }));
        told.collect()
    }

    /// The value of `TSURU_SERVICES`, which every app has.
    pub(super) fn tsuru_services(&self, app: &str) -> String {
        let mut services: Map<String, Value> = Map::new();
        for it in self
            .instances
            .iter()
            .filter(|it| it.apps.iter().any(|it| it == app))
        {
            let envs: Map<String, Value> = it
                .variables(self.seed)
                .into_iter()
                .map(|variable| (variable.name, json!(variable.value)))
                .collect();
            let bound = json!({ "instance_name": it.name, "envs": envs });
            let list = services.entry(it.service).or_insert_with(|| json!([]));
            if let Value::Array(list) = list {
                list.push(bound);
            }
        }
        Value::Object(services).to_string()
    }
}
