//! The simulated DigitalOcean over real HTTP: what a client of the platform sees of it.

use std::collections::HashSet;

use client::Client;
use flightdeck::sim::{RateLimits, SimOptions};
use own::{options, text};
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

#[cfg(test)]
#[path = "support/client.rs"]
mod client;

#[cfg(test)]
mod own {
    use flightdeck::sim::SimOptions;
    use reqwest::{Method, StatusCode};
    use serde_json::Value;

    use crate::client::{Client, until};

    pub(super) fn options() -> SimOptions {
        SimOptions {
            speed: 20.0,
            story: false,
            platforms: vec!["digitalocean"],
            rate_limits: None,
            ..SimOptions::default()
        }
    }

    impl Client {
        pub(super) async fn still() -> Client {
            Client::of(options()).await
        }

        pub(super) async fn of(options: SimOptions) -> Client {
            Client::on("digitalocean", "Bearer", options).await
        }

        pub(super) async fn ask(
            &self,
            method: Method,
            path: &str,
            body: &Value,
        ) -> (StatusCode, Value) {
            let mut request = self.request(method, path);
            if !body.is_null() {
                request = request.json(body);
            }
            let response = request.send().await.unwrap();
            let (status, text) = (response.status(), response.text().await.unwrap());
            (status, serde_json::from_str(&text).unwrap_or_default())
        }

        pub(super) async fn get(&self, path: &str) -> Value {
            let (status, answer) = self.ask(Method::GET, path, &Value::Null).await;
            assert_eq!(status, StatusCode::OK, "{path}: {answer}");
            answer
        }

        pub(super) async fn post(&self, path: &str, body: Value) -> (StatusCode, Value) {
            self.ask(Method::POST, path, &body).await
        }

        /// The app with this name.
        pub(super) async fn app(&self, name: &str) -> Value {
            let apps = self.get("/v2/apps?per_page=200").await;
            let apps = apps["apps"].as_array().unwrap();
            let app = apps.iter().find(|app| app["spec"]["name"] == name);
            app.unwrap().clone()
        }

        pub(super) async fn path(&self, name: &str) -> String {
            format!("/v2/apps/{}", text(&self.app(name).await["id"]))
        }

        /// Reads until the answer is as wanted.
        pub(super) async fn until(&self, path: &str, wanted: impl Fn(&Value) -> bool) -> Value {
            until(async || self.get(path).await, wanted).await
        }
    }

    pub(super) fn text(value: &Value) -> String {
        value.as_str().unwrap().to_owned()
    }
}

#[tokio::test]
async fn token_is_demanded_and_errors_name_the_request() {
    let sim = Client::still().await;
    let address = format!("{}/v2/apps", sim.base);
    let refused = sim.http.get(address).send().await.unwrap();
    assert_eq!(refused.status(), StatusCode::UNAUTHORIZED);
    let id = refused.headers()["x-request-id"]
        .to_str()
        .unwrap()
        .to_owned();
    let body: Value = refused.json().await.unwrap();
    assert_eq!(body["id"], "unauthorized");
    assert_eq!(body["request_id"], id);
    for (path, status, id) in [
        ("/v2/apps/no-uuid", 400, "bad_request"),
        ("/v2/apps//deployments", 400, "bad_request"),
        (
            "/v2/apps/4f6c71e2-1e90-4762-9fee-6cc4a0a9f2cf",
            404,
            "not_found",
        ),
        ("/v2/apps?per_page=201", 400, "bad_request"),
        ("/v2/nothing", 404, "not_found"),
    ] {
        let (given, body) = sim.ask(Method::GET, path, &Value::Null).await;
        assert_eq!(
            (given.as_u16(), body["id"].as_str()),
            (status, Some(id)),
            "{path}"
        );
    }
}

#[tokio::test]
async fn lists_page_to_the_end() {
    let sim = Client::still().await;
    let (mut names, mut page) = (HashSet::new(), 1);
    loop {
        let answer = sim.get(&format!("/v2/apps?page={page}&per_page=7")).await;
        assert_eq!(answer["meta"]["total"], 24);
        let apps = answer["apps"].as_array().unwrap();
        names.extend(apps.iter().map(|app| text(&app["spec"]["name"])));
        let Some(next) = answer["links"]["pages"]["next"].as_str() else {
            break;
        };
        page += 1;
        assert!(next.starts_with(&sim.base) && next.contains(&format!("page={page}")));
    }
    assert_eq!((names.len(), page), (24, 4));
}

#[tokio::test]
async fn deployment_goes_live_while_its_steps_move() {
    let sim = Client::still().await;
    let app = sim.path("quotes").await;
    let (status, made) = sim.post(&format!("{app}/deployments"), json!({})).await;
    assert_eq!(status, StatusCode::OK);
    assert_eq!(made["deployment"]["phase"], "PENDING_BUILD");
    let id = text(&made["deployment"]["id"]);
    let pending = sim.get(&app).await;
    assert_eq!(pending["app"]["pending_deployment"]["id"], json!(id));
    let one = format!("{app}/deployments/{id}");
    let moving = |answer: &Value| answer["deployment"]["progress"]["success_steps"].is_u64();
    let under_way = sim.until(&one, moving).await;
    assert!(under_way["deployment"]["progress"]["pending_steps"].is_u64());
    let live = |answer: &Value| answer["deployment"]["phase"] == "ACTIVE";
    let done = sim.until(&one, live).await;
    assert!(
        done["deployment"]["progress"]
            .get("running_steps")
            .is_none()
    );
    let after = sim.get(&app).await;
    assert_eq!(after["app"]["active_deployment"]["id"], json!(id));
    assert!(after["app"].get("in_progress_deployment").is_none());
}

#[tokio::test]
async fn fault_lets_a_deployment_fail_with_its_words() {
    let sim = Client::still().await;
    let fault =
        json!([{ "operation": "CreateDeployment", "fail_deployment": "port 8080 is taken" }]);
    sim.command("/_sim/faults", &fault).await;
    let app = sim.path("quotes").await;
    let (_, made) = sim.post(&format!("{app}/deployments"), json!({})).await;
    let one = format!("{app}/deployments/{}", text(&made["deployment"]["id"]));
    let failed = sim
        .until(&one, |answer| answer["deployment"]["phase"] == "ERROR")
        .await;
    let told = failed.to_string();
    assert!(
        told.contains("port 8080 is taken") && told.contains("DeployContainerHealthChecksFailed")
    );
    let before = sim.get(&app).await;
    assert_ne!(
        before["app"]["active_deployment"]["id"],
        made["deployment"]["id"]
    );
}

#[tokio::test]
async fn specification_is_replaced_as_a_whole() {
    let sim = Client::still().await;
    let before = sim.app("storefront").await;
    let app = sim.path("storefront").await;
    let mut spec = before["spec"].clone();
    assert_eq!(spec["future_setting"]["level"], 3);
    let kept = spec["envs"][1]["value"].clone();
    let variable = json!({ "key": "TOKEN", "value": "hunter2", "type": "SECRET" });
    spec["envs"].as_array_mut().unwrap().push(variable);
    let (status, written) = sim.ask(Method::PUT, &app, &json!({ "spec": spec })).await;
    assert_eq!(status, StatusCode::OK, "{written}");
    let after = &written["app"];
    assert!(!after.to_string().contains("hunter2"));
    assert_eq!(after["spec"]["envs"][1]["value"], kept);
    assert!(text(&after["spec"]["envs"][2]["value"]).starts_with("EV[1:"));
    assert_eq!(after["spec"]["future_setting"], spec["future_setting"]);
    assert_ne!(after["updated_at"], before["updated_at"]);
    assert!(after["pending_deployment"]["id"].is_string());
}

#[tokio::test]
async fn proposal_prices_and_refuses_without_changing_anything() {
    let sim = Client::still().await;
    let before = sim.app("quotes").await;
    let mut spec = before["spec"].clone();
    spec["services"][0]["instance_count"] = json!(2);
    let body = json!({ "spec": spec, "app_id": before["id"] });
    let (status, refused) = sim.post("/v2/apps/propose", body).await;
    assert_eq!(status, StatusCode::BAD_REQUEST);
    assert!(text(&refused["message"]).contains("services[0].instance_count"));
    spec["services"][0]["instance_size_slug"] = json!("apps-s-1vcpu-1gb");
    let body = json!({ "spec": spec, "app_id": before["id"] });
    let (status, priced) = sim.post("/v2/apps/propose", body).await;
    assert_eq!(status, StatusCode::OK);
    // Two services of 12, a worker of 5, a development database of 7.
    assert_eq!(
        (&priced["app_cost"], &priced["app_name_available"]),
        (&json!(36), &json!(true))
    );
    assert_eq!(sim.app("quotes").await["updated_at"], before["updated_at"]);
}

#[tokio::test]
async fn taken_name_is_a_conflict_and_a_deleted_one_is_free() {
    let sim = Client::still().await;
    let spec = sim.app("uploads").await["spec"].clone();
    let (status, refused) = sim.post("/v2/apps", json!({ "spec": spec })).await;
    assert_eq!(
        (status, refused["message"].as_str()),
        (StatusCode::CONFLICT, Some("App name already exists"))
    );
    let path = sim.path("uploads").await;
    let (_, gone) = sim.ask(Method::DELETE, &path, &Value::Null).await;
    assert!(path.ends_with(&text(&gone["id"])));
    let (status, made) = sim.post("/v2/apps", json!({ "spec": spec })).await;
    assert_eq!(status, StatusCode::OK);
    assert!(made["app"]["pending_deployment"]["id"].is_string());
}

#[tokio::test]
async fn rollback_pins_until_it_is_committed_or_reverted() {
    let sim = Client::still().await;
    let app = sim.path("quotes").await;
    let history = sim.get(&format!("{app}/deployments")).await;
    let history = history["deployments"].as_array().unwrap();
    let old = history
        .iter()
        .find(|it| it["phase"] == "SUPERSEDED")
        .unwrap();
    let body = json!({ "deployment_id": old["id"] });
    let (_, valid) = sim
        .post(&format!("{app}/rollback/validate"), body.clone())
        .await;
    assert_eq!(valid["valid"], true);
    let (status, made) = sim.post(&format!("{app}/rollback"), body).await;
    assert_eq!(
        (status, &made["deployment"]["cloned_from"]),
        (StatusCode::OK, &old["id"])
    );
    assert_eq!(
        sim.get(&app).await["app"]["pinned_deployment"]["id"],
        made["deployment"]["id"]
    );
    let (refused, _) = sim.post(&format!("{app}/deployments"), json!({})).await;
    assert_eq!(refused, StatusCode::CONFLICT);
    let (status, back) = sim
        .post(&format!("{app}/rollback/revert"), Value::Null)
        .await;
    assert_eq!(status, StatusCode::OK);
    assert_eq!(
        back["deployment"]["cause_details"]["digitalocean_user_action"]["name"],
        "REVERT_APP_ROLLBACK"
    );
    let (status, _) = sim
        .post(&format!("{app}/rollback/commit"), Value::Null)
        .await;
    assert_eq!(status, StatusCode::BAD_REQUEST);
}

#[tokio::test]
async fn limits_are_counted_told_and_kept() {
    let few = RateLimits { hour: 6, minute: 4 };
    let sim = Client::of(SimOptions {
        rate_limits: Some(few),
        ..options()
    })
    .await;
    let mut told = Vec::new();
    for _ in 0..5 {
        let answer = sim
            .request(Method::GET, "/v2/account")
            .send()
            .await
            .unwrap();
        let header = |name: &str| {
            answer
                .headers()
                .get(name)?
                .to_str()
                .ok()?
                .parse::<i64>()
                .ok()
        };
        assert_eq!(header("ratelimit-limit"), Some(6));
        assert!(header("ratelimit-reset").is_some());
        told.push((
            answer.status().as_u16(),
            header("ratelimit-remaining"),
            header("retry-after").is_some(),
        ));
    }
    let heard = |left| (200, Some(left), false);
    assert_eq!(
        told,
        [heard(5), heard(4), heard(3), heard(2), (429, Some(0), true)]
    );
    let hourly = json!({ "hour": 1, "minute": 100 });
    sim.command("/_sim/limits", &hourly).await;
    sim.get("/v2/account").await;
    let refused = sim
        .request(Method::GET, "/v2/account")
        .send()
        .await
        .unwrap();
    assert_eq!(refused.status(), StatusCode::TOO_MANY_REQUESTS);
    assert!(refused.headers().get("retry-after").is_none());
    sim.command("/_sim/limits", &Value::Null).await;
    sim.get("/v2/account").await;
}

#[tokio::test]
async fn backup_is_restored_into_a_new_cluster() {
    let sim = Client::still().await;
    let list = sim.get("/v2/databases").await;
    let clusters = list["databases"].as_array().unwrap();
    let of = |engine: &str| clusters.iter().find(|it| it["engine"] == engine).unwrap();
    let valkey = format!("/v2/databases/{}/backups", text(&of("valkey")["id"]));
    let (status, _) = sim.ask(Method::GET, &valkey, &Value::Null).await;
    assert!(status.is_client_error());
    let source = of("pg");
    // What a client must never show is on the wire.
    assert!(text(&source["connection"]["uri"]).contains("sim-db-password-"));
    let backups = sim
        .get(&format!("/v2/databases/{}/backups", text(&source["id"])))
        .await;
    let body = json!({
        "name": "storefront-again", "engine": "pg", "size": "db-s-1vcpu-1gb", "region": "ams3", "num_nodes": 1,
        "backup_restore": {
            "database_name": source["name"],
            "backup_created_at": backups["backups"][1]["created_at"],
        },
    });
    let (status, made) = sim.post("/v2/databases", body).await;
    assert_eq!(
        (status, &made["database"]["status"]),
        (StatusCode::CREATED, &json!("creating"))
    );
    let one = format!("/v2/databases/{}", text(&made["database"]["id"]));
    sim.until(&one, |answer| answer["database"]["status"] == "online")
        .await;
}

#[tokio::test]
async fn control_port_makes_things_happen() {
    let sim = Client::still().await;
    let app = sim.path("feeds").await;
    let scale = json!({ "environment": "feeds/web", "to": 5 });
    sim.command("/_sim/autoscale", &scale).await;
    let events = sim
        .get(&format!("{app}/events?event_types=AUTOSCALING"))
        .await;
    let newest = &events["events"][0];
    assert_eq!(newest["autoscaling"]["components"]["web"]["to"], 5);
    let cancel = format!("{app}/events/{}/cancel", text(&newest["id"]));
    let (status, cancelled) = sim.post(&cancel, Value::Null).await;
    assert_eq!(
        (status, &cancelled["event"]["autoscaling"]["phase"]),
        (StatusCode::OK, &json!("CANCELED"))
    );
    let before = sim.app("quotes").await;
    let variable = json!({ "environment": "quotes/web", "name": "API_TOKEN", "value": "other" });
    sim.command("/_sim/variable", &variable).await;
    let after = sim.app("quotes").await;
    assert_ne!(after["updated_at"], before["updated_at"]);
    assert_ne!(after["spec"]["services"], before["spec"]["services"]);
    let read = json!({ "environment": "quotes/web", "name": "API_TOKEN" });
    let was = sim.command("/_sim/variable", &read).await;
    assert_eq!(was["was"], "other");
    let deploy = json!({ "environment": "quotes" });
    sim.command("/_sim/deploy", &deploy).await;
    assert!(sim.app("quotes").await["pending_deployment"]["id"].is_string());
    sim.command("/_sim/vanish", &json!({ "application": "quotes" }))
        .await;
    assert_eq!(sim.get("/v2/apps").await["meta"]["total"], 23);
    let counted = sim.control(Method::GET, "/_sim/requests").await;
    assert_eq!(counted["acted"]["CancelEvent"], 1);
    assert!(counted["operations"]["ListApps"].as_u64() > Some(3));
}

#[tokio::test]
async fn every_app_answers_everything_about_itself() {
    let sim = Client::still().await;
    let apps = sim.get("/v2/apps?per_page=200&with_projects=true").await;
    for app in apps["apps"].as_array().unwrap() {
        assert!(app["project_id"].is_string());
        let path = format!("/v2/apps/{}", text(&app["id"]));
        for of in [
            "",
            "/deployments?per_page=5",
            "/health",
            "/instances",
            "/events?per_page=5",
            "/alerts",
            "/job-invocations",
            "/metrics/bandwidth_daily",
        ] {
            sim.get(&format!("{path}{of}")).await;
        }
    }
    let worker = sim.app("mail-drain").await;
    assert!(worker.get("live_url").is_none() && worker["active_deployment"]["id"].is_string());
    let broken = sim
        .get(&format!("{}/health", sim.path("img-proxy").await))
        .await;
    assert_eq!(broken["app_health"]["components"][0]["state"], "UNHEALTHY");
}

#[tokio::test]
async fn story_begins_with_a_build_under_way_beside_the_other_platform() {
    let sim = Client::of(SimOptions::default()).await;
    let served: Vec<&str> = sim
        .simulator
        .platforms()
        .iter()
        .map(|it| it.context)
        .collect();
    assert_eq!(served, ["divio", "digitalocean", "tsuru", "pangea"]);
    let building = sim.app("storefront").await;
    assert_eq!(building["in_progress_deployment"]["phase"], "BUILDING");
    let state = sim.control(Method::GET, "/_sim/state").await;
    assert_eq!(state["contexts"][1]["platform"], "digitalocean");
    assert_eq!(state["contexts"][1]["apps"][0]["slug"], "storefront");
}
