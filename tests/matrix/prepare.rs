//! Makes what an operation acts on.

use serde_json::{Value, json};

use crate::rules::{About, Rule};
use crate::world::World;

/// Where an operation is tried.
#[derive(Debug)]
pub(crate) struct Place {
    pub(crate) app: &'static str,
    pub(crate) environment: &'static str,
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
    make(world, rule, &place).await;
    Place { app, environment }
}

async fn make(world: &World, rule: &Rule, environment: &str) {
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
            made("domains/", body).await;
        }
        "change-job" | "remove-job" => {
            let body = json!({"command": "./theirs", "frequency": "HOURLY", "time": ":42"});
            made("cronjobs/", body).await;
        }
        "provision-service" | "remove-service" => {
            service(world, environment, &[]).await;
        }
        "attach-service" => service(world, environment, &["provision"]).await,
        "detach-service" => service(world, environment, &["provision", "attach"]).await,
        _ => {}
    }
}

async fn service(world: &World, environment: &str, steps: &[&str]) {
    let kind = world.get("services/").await["results"][0]["uuid"].clone();
    let body = json!({"prefix": "EXTRA", "service": kind, "environment": environment});
    let id = text(&world.post("service-instances/", &body).await["uuid"]);
    for step in steps {
        let path = format!("service-instances/{id}/{step}/");
        world.post(&path, &json!({})).await;
    }
}
