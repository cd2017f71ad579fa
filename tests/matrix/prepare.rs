//! Makes what an operation acts on.

use serde_json::{Value, json};

use crate::rules::{About, Rule};
use crate::world::World;

/// Where an operation is tried.
#[derive(Debug)]
pub(crate) struct Place {
    pub(crate) app: &'static str,
    pub(crate) environment: &'static str,
    /// Where it shows what the operation has changed: a path and a field.
    pub(crate) look: Option<(String, &'static str)>,
}

impl Place {
    /// How that is now.
    pub(crate) async fn seen(&self, world: &World) -> Value {
        match &self.look {
            Some((path, field)) => world.get(path).await[field].clone(),
            None => Value::Null,
        }
    }
}

fn text(value: &Value) -> String {
    let text = value.as_str();
    text.unwrap_or_else(|| panic!("{value} is no text"))
        .to_owned()
}

/// What is there of an app, and makes what is missing for the operation. An app is in the class of
/// its most important environment: where it is not to be PROD, that one goes.
pub(crate) async fn prepare(world: &World, rule: &Rule, environment: &'static str) -> Place {
    let app = match rule.recipe {
        // The simulator plans maintenance for this one.
        "run-maintenance" | "skip-maintenance" => "www",
        _ => "docs",
    };
    let list = format!("applications/?slug={app}");
    let id = text(&world.get(&list).await["results"][0]["uuid"]);
    let find = async |slug: &str| {
        let list = format!("environments/?application={id}&slug={slug}");
        text(&world.get(&list).await["results"][0]["uuid"])
    };
    if rule.about == About::App && environment != "live" {
        let live = find("live").await;
        world.delete(&format!("environments/{live}/")).await;
    }
    let place = find(environment).await;
    let made = make(world, rule, &place).await;
    let look = match rule.recipe {
        "rename-app" => Some((format!("applications/{id}/"), "name")),
        "change-environment" => Some((format!("environments/{place}/"), "branch")),
        _ => made,
    };
    Place {
        app,
        environment,
        look,
    }
}

async fn make(world: &World, rule: &Rule, environment: &str) -> Option<(String, &'static str)> {
    let made = async |path: &str, mut body: Value| {
        body["environment"] = json!(environment);
        text(&world.post(path, &body).await["uuid"])
    };
    match rule.recipe {
        "unset-var" => {
            let body = json!({"name": "OURS", "value": "before"});
            made("environment-variables/", body).await;
        }
        "change-domain" | "remove-domain" => {
            let body = json!({"name": "one.example.org"});
            let id = made("domains/", body).await;
            return Some((format!("domains/{id}/"), "is_redirect_to_primary"));
        }
        "change-job" | "remove-job" => {
            let body = json!({"command": "./theirs", "frequency": "HOURLY", "time": ":42"});
            made("cronjobs/", body).await;
        }
        "provision-service" | "remove-service" => return service(world, environment, &[]).await,
        "attach-service" => return service(world, environment, &["provision"]).await,
        "detach-service" => return service(world, environment, &["provision", "attach"]).await,
        _ => {}
    }
    None
}

async fn service(
    world: &World,
    environment: &str,
    steps: &[&str],
) -> Option<(String, &'static str)> {
    let kind = world.get("services/").await["results"][0]["uuid"].clone();
    let body = json!({"prefix": "EXTRA", "service": kind, "environment": environment});
    let id = text(&world.post("service-instances/", &body).await["uuid"]);
    for step in steps {
        let path = format!("service-instances/{id}/{step}/");
        world.post(&path, &json!({})).await;
    }
    Some((format!("service-instances/{id}/"), "service_status"))
}
