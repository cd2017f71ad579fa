//! The simulator over real HTTP: what a client of the platform sees of it.

use std::{collections::HashSet, net::SocketAddr};

use client::Client;
use flightdeck::sim::{Simulator, parse_faults};
use own::{fetch, options, speedy, still, text};
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

#[cfg(test)]
#[path = "support/client.rs"]
mod client;

#[cfg(test)]
mod own {
    use flightdeck::sim::SimOptions;
    use reqwest::{Method, Response, StatusCode};
    use serde_json::Value;

    use crate::client::{Client, until};

    pub(super) fn options() -> SimOptions {
        SimOptions {
            speed: 20.0,
            ..SimOptions::default()
        }
    }

    pub(super) async fn speedy() -> Client {
        Client::of(SimOptions {
            story: false,
            ..options()
        })
        .await
    }

    pub(super) async fn still() -> Client {
        Client::of(SimOptions {
            story: false,
            speed: 1.0,
            ..options()
        })
        .await
    }

    impl Client {
        pub(super) async fn of(options: SimOptions) -> Client {
            Client::on("divio", "Token", options).await
        }

        pub(super) async fn send(&self, method: Method, path: &str, body: &Value) -> Response {
            self.request(method, path).json(body).send().await.unwrap()
        }

        pub(super) async fn get(&self, path: &str) -> Value {
            let response = self.request(Method::GET, path).send().await.unwrap();
            assert_eq!(response.status(), StatusCode::OK, "{path}");
            response.json().await.unwrap()
        }

        pub(super) async fn status(&self, path: &str) -> StatusCode {
            self.request(Method::GET, path)
                .send()
                .await
                .unwrap()
                .status()
        }

        pub(super) async fn post(&self, path: &str, body: Value) -> (StatusCode, Value) {
            let response = self.send(Method::POST, path, &body).await;
            let (status, text) = (response.status(), response.text().await.unwrap());
            (status, serde_json::from_str(&text).unwrap_or_default())
        }

        /// All items of a list, and how many pages it took.
        pub(super) async fn all(&self, path: &str) -> (Vec<Value>, usize) {
            let (mut items, mut pages, mut next) = (Vec::new(), 0, Some(path.to_owned()));
            while let Some(address) = next {
                let page = self.get(&address).await;
                items.extend(page["results"].as_array().unwrap().clone());
                next = page["next"].as_str().map(str::to_owned);
                pages += 1;
                assert!(pages < 200, "a list without end");
            }
            (items, pages)
        }

        /// Reads until the answer is as wanted.
        pub(super) async fn until(&self, path: &str, wanted: impl Fn(&Value) -> bool) -> Value {
            until(async || self.get(path).await, wanted).await
        }

        /// The environment `slug` of the application `app`.
        pub(super) async fn environment(&self, app: &str, slug: &str) -> Value {
            let apps = self
                .get(&format!("/apps/v3/applications/?slug={app}"))
                .await;
            let id = text(&apps["results"][0]["uuid"]);
            let path = format!("/apps/v3/environments/?application={id}&slug={slug}");
            self.get(&path).await["results"][0].clone()
        }

        pub(super) async fn fault(&self, script: &str) {
            self.control(Method::DELETE, "/_sim/faults").await;
            let script = serde_json::from_str(script).unwrap();
            let answer = self.command("/_sim/faults", &script).await;
            assert!(answer["active"].is_number(), "{answer}");
        }
    }

    /// Fetches a dump whole and in part, of this version and of another; a token is refused and
    /// counted.
    pub(super) async fn fetch(sim: &Client, link: &str) {
        let with_token = sim.request(Method::GET, link).send().await.unwrap();
        assert_eq!(with_token.status(), StatusCode::FORBIDDEN);
        let counts = sim.control(Method::GET, "/_sim/requests").await;
        assert_eq!(counts["tokens_at_storage"], 1);
        let response = sim.http.get(link).send().await.unwrap();
        assert_eq!(response.status(), StatusCode::OK);
        let length = response.content_length().unwrap();
        let version = response.headers()["etag"].clone();
        let whole = response.bytes().await.unwrap();
        assert_eq!(whole.len() as u64, length);
        let part = sim
            .http
            .get(link)
            .header("Range", "bytes=100-")
            .send()
            .await
            .unwrap();
        assert_eq!(part.status(), StatusCode::PARTIAL_CONTENT);
        assert_eq!(part.headers()["etag"], version);
        assert_eq!(part.bytes().await.unwrap(), whole.slice(100..));
        let version = version.to_str().unwrap();
        for (wanted, status) in [(version, 206), ("\"another\"", 200)] {
            let request = sim.http.get(link).header("Range", "bytes=100-");
            let answer = request.header("If-Range", wanted).send().await.unwrap();
            assert_eq!(answer.status().as_u16(), status, "{wanted}");
        }
    }

    pub(super) fn text(value: &Value) -> String {
        value.as_str().expect("a text").to_owned()
    }
}

#[tokio::test]
async fn token_is_demanded_everywhere_but_at_the_root() {
    let sim = still().await;
    for path in [
        "/iam/v3/me/",
        "/apps/v3/applications/",
        "/apps/v3/nonsense/",
    ] {
        for header in ["", "Token wrong", &format!("Bearer {}", sim.token)] {
            let request = sim.http.get(format!("{}{path}", sim.base));
            let response = request
                .header("Authorization", header)
                .send()
                .await
                .unwrap();
            assert_eq!(
                response.status(),
                StatusCode::UNAUTHORIZED,
                "{path} {header}"
            );
            let body: Value = response.json().await.unwrap();
            assert!(body["detail"].is_string());
        }
    }
    let root = sim
        .http
        .get(format!("{}/apps/v3/", sim.base))
        .send()
        .await
        .unwrap();
    let root: Value = root.json().await.unwrap();
    assert_eq!(
        root["applications"],
        format!("{}/apps/v3/applications/", sim.base)
    );
    assert_eq!(sim.get("/iam/v3/me/").await["first_name"], "ana");
    let counted = sim.control(Method::GET, "/_sim/requests").await;
    assert_eq!(counted["unauthorised"], 9);
}

#[tokio::test]
async fn lists_page_to_the_end() {
    let sim = Client::of(flightdeck::sim::SimOptions {
        apps: 205,
        ..options()
    })
    .await;
    let (items, pages) = sim.all("/apps/v3/applications/?page_size=500&o=name").await;
    assert_eq!((items.len(), pages), (205, 3));
    let ids: HashSet<String> = items.iter().map(|item| text(&item["uuid"])).collect();
    assert_eq!(ids.len(), 205);
    let names: Vec<String> = items.iter().map(|item| text(&item["name"])).collect();
    assert!(names.is_sorted());
    assert!(ids.iter().any(|id| id.len() == 36) && ids.iter().any(|id| id.len() == 26));
    let beyond = sim
        .request(Method::GET, "/apps/v3/applications/?page=99")
        .send()
        .await
        .unwrap();
    assert_eq!(beyond.status(), StatusCode::NOT_FOUND);
    assert_eq!(
        beyond.json::<Value>().await.unwrap()["detail"],
        "Invalid page."
    );
    let (jobs, pages) = sim.all("/apps/v3/cronjobs/?limit=70").await;
    assert!(
        jobs.len() > 140 && pages > 2,
        "{} jobs on {pages} pages",
        jobs.len()
    );
}

#[tokio::test]
async fn missing_slash_redirects_reads_and_refuses_writes() {
    let sim = still().await;
    let read = sim
        .request(Method::GET, "/apps/v3/applications?page=1")
        .send()
        .await
        .unwrap();
    assert_eq!(read.status(), StatusCode::MOVED_PERMANENTLY);
    assert_eq!(read.headers()["location"], "/apps/v3/applications/?page=1");
    assert_eq!(
        sim.post("/apps/v3/deployments", json!({})).await.0,
        StatusCode::NOT_FOUND
    );
    let (status, body) = sim.post("/apps/v3/regions/", json!({})).await;
    assert_eq!(status, StatusCode::METHOD_NOT_ALLOWED);
    assert!(body["detail"].is_string());
}

#[tokio::test]
async fn every_list_answers_and_every_item_is_found_again() {
    let sim = still().await;
    let environment = text(&sim.environment("status", "live").await["uuid"]);
    assert_eq!(sim.get("/iam/v3/organisations/").await["count"], 3);
    let schema = sim.get("/apps/v3/schema/").await;
    let paths: Vec<&String> = schema["paths"].as_object().unwrap().keys().collect();
    let lists = paths
        .iter()
        .filter(|path| !path.contains('{') && !path.ends_with("schema/"));
    for list in lists.filter(|path| **path != "/apps/v3/" && !path.ends_with("/me/")) {
        let page = sim.get(&format!("{list}?environment={environment}")).await;
        assert!(page["count"].is_number(), "{list}: {page}");
        let single = format!("{list}{{uuid}}/");
        let Some(first) = page["results"].as_array().unwrap().first() else {
            continue;
        };
        if paths.contains(&&single) {
            let item = sim.get(&format!("{list}{}/", text(&first["uuid"]))).await;
            assert_eq!(item["uuid"], first["uuid"], "{list}");
        }
    }
}

#[tokio::test]
async fn empty_account_answers_with_empty_lists() {
    let sim = Client::of(flightdeck::sim::SimOptions {
        apps: 0,
        ..options()
    })
    .await;
    for list in [
        "applications",
        "environments",
        "invoice-items",
        "repositories",
        "webhooks",
    ] {
        assert_eq!(
            sim.get(&format!("/apps/v3/{list}/")).await["count"],
            0,
            "{list}"
        );
    }
}

#[tokio::test]
async fn same_seed_serves_the_same_world() {
    let describe = async |seed| {
        let sim = Client::of(flightdeck::sim::SimOptions { seed, ..options() }).await;
        let (apps, _) = sim.all("/apps/v3/applications/").await;
        let (environments, _) = sim.all("/apps/v3/environments/").await;
        let pick = |item: &Value, name: &str| item[name].to_string();
        let apps = apps
            .iter()
            .map(|app| pick(app, "uuid") + &pick(app, "slug"));
        let all = apps.chain(
            environments
                .iter()
                .map(|e| pick(e, "uuid") + &pick(e, "slug")),
        );
        all.collect::<Vec<String>>()
    };
    assert_eq!(describe(5).await, describe(5).await);
    assert_ne!(describe(5).await, describe(6).await);
}

#[tokio::test]
async fn deployment_runs_to_success_while_its_log_grows() {
    let sim = speedy().await;
    let environment = text(&sim.environment("docs", "test").await["uuid"]);
    let order = json!({ "environment": environment, "build_mode": "AUTO" });
    let (status, made) = sim.post("/apps/v3/deployments/", order.clone()).await;
    assert_eq!(
        (status, &made["environment"]),
        (StatusCode::CREATED, &json!(environment))
    );
    let path = format!("/apps/v3/deployments/{}/", text(&made["uuid"]));
    let first = sim.get(&path).await;
    assert_eq!(
        (&first["ended_at"], &first["success"]),
        (&Value::Null, &Value::Null)
    );
    let (status, refused) = sim.post("/apps/v3/deployments/", order).await;
    assert_eq!(status, StatusCode::BAD_REQUEST);
    assert!(
        refused["non_field_errors"][0]
            .as_str()
            .unwrap()
            .contains("deploying")
    );
    let running = sim.get("/apps/v3/environments/?deploying=true").await;
    assert_eq!(
        running["results"][0]["currently_running_deployment"]["uuid"],
        made["uuid"]
    );
    let mut lengths = vec![0];
    let mut written = String::new();
    loop {
        let ended = sim.get(&path).await["ended_at"].is_string();
        let now = text(&sim.get(&format!("{path}logs/")).await["logs"]);
        assert!(now.starts_with(&written));
        lengths.push(now.len());
        written = now;
        if ended {
            break;
        }
    }
    lengths.dedup();
    assert!(lengths.len() > 3, "{lengths:?}");
    assert!(written.contains("===== docker build =====") && written.contains('\r'));
    let last = sim.get(&path).await;
    assert_eq!(
        (&last["success"], &last["percent"]),
        (&json!(true), &json!(100))
    );
    assert!(last["duration"].is_number() && last["environment_variables"].is_array());
    let whole = sim.get(&format!("{path}environment-variables/")).await;
    assert!(whole["environment_variables"]["SECRET_KEY"].is_string());
    let newest = sim
        .get(&format!("/apps/v3/deployments/?environment={environment}"))
        .await;
    assert_eq!(newest["results"][0]["uuid"], made["uuid"]);
}

#[tokio::test]
async fn deployment_fails_by_fault_and_by_variable_with_a_readable_cause() {
    let sim = speedy().await;
    let environment = sim.environment("docs", "live").await;
    let id = text(&environment["uuid"]);
    let released = environment["currently_released_deployment"]["uuid"].clone();
    sim.fault(r#"{"operation":"CreateDeployment","times":1,"fail_deployment":"disk full"}"#)
        .await;
    for cause in ["disk full", "no such table"] {
        let (_, made) = sim
            .post("/apps/v3/deployments/", json!({ "environment": id }))
            .await;
        let path = format!("/apps/v3/deployments/{}/", text(&made["uuid"]));
        let ended = sim
            .until(&path, |deployment| deployment["ended_at"].is_string())
            .await;
        assert_eq!(ended["success"], false);
        let log = text(&sim.get(&format!("{path}logs/")).await["logs"]);
        assert!(log.trim_end().ends_with(cause), "{log}");
        let variable =
            json!({ "environment": id, "name": "SIM_FAIL_DEPLOY", "value": "no such table" });
        sim.post("/apps/v3/environment-variables/", variable).await;
    }
    let after = sim.get(&format!("/apps/v3/environments/{id}/")).await;
    assert_eq!(after["currently_released_deployment"]["uuid"], released);
    assert_eq!(after["last_finished_deployment"]["success"], false);
    assert_eq!(after["has_pending_changes"], true);
    let failed = sim
        .get("/apps/v3/environments/?last_deployment_failed=true&page_size=100")
        .await;
    assert!(
        failed["results"]
            .as_array()
            .unwrap()
            .iter()
            .any(|e| e["uuid"] == json!(id))
    );
}

#[tokio::test]
async fn backup_download_and_restore_run_to_their_ends() {
    let sim = speedy().await;
    let environment = text(&sim.environment("docs", "live").await["uuid"]);
    let instances = sim
        .get(&format!(
            "/apps/v3/service-instances/?environment={environment}"
        ))
        .await;
    let services: Vec<&Value> = instances["results"]
        .as_array()
        .unwrap()
        .iter()
        .take(2)
        .map(|i| &i["uuid"])
        .collect();
    let order = json!({ "environment": environment, "services": services, "notes": "by hand" });
    let (status, made) = sim.post("/apps/v3/backups/", order).await;
    assert_eq!(status, StatusCode::CREATED);
    let path = format!("/apps/v3/backups/{}/", text(&made["uuid"]));
    let whole = sim
        .until(&path, |backup| backup["state"] == "COMPLETED")
        .await;
    assert_eq!(whole["success"], "SUCCESS");
    let parts = whole["service_instance_backups"]
        .as_array()
        .unwrap()
        .clone();
    assert_eq!(parts.len(), 2);
    let query: Vec<String> = parts
        .iter()
        .map(|part| format!("uuid={}", text(part)))
        .collect();
    let listed = sim
        .get(&format!(
            "/apps/v3/service-instance-backups/?{}",
            query.join("&")
        ))
        .await;
    assert_eq!(listed["count"], 2);
    assert!(listed["results"][1]["ended_at"].is_string());

    let order =
        json!({ "backup": made["uuid"], "trigger": "PULL", "service_instance_backups": parts });
    let (status, download) = sim.post("/apps/v3/backup-downloads/", order).await;
    assert_eq!(status, StatusCode::CREATED);
    let list = format!(
        "/apps/v3/backup-download-service-instances/?backup_download={}",
        text(&download["uuid"])
    );
    let ready = sim
        .until(&list, |page| {
            page["results"]
                .as_array()
                .unwrap()
                .iter()
                .all(|part| part["ended_at"].is_string())
        })
        .await;
    fetch(&sim, &text(&ready["results"][0]["download_url"])).await;
    let archive = sim
        .http
        .get(text(&ready["results"][1]["download_url"]))
        .send()
        .await
        .unwrap();
    let archive = archive.bytes().await.unwrap();
    assert!(
        archive.starts_with(b"media/docs.jpg"),
        "gzip is taken off by the client"
    );

    let restores = json!([{ "service_instance_backup": parts[0] }]);
    let order = json!({ "backup": made["uuid"], "service_instance_restores": restores });
    let (status, restore) = sim.post("/apps/v3/backup-restores/", order).await;
    assert_eq!(status, StatusCode::CREATED);
    let path = format!("/apps/v3/backup-restores/{}/", text(&restore["uuid"]));
    let done = sim
        .until(&path, |restore| restore["finished"] == true)
        .await;
    assert_eq!(
        (&done["success"], &done["trigger"]),
        (&json!("SUCCESS"), &json!(1))
    );
}

#[tokio::test]
async fn following_the_log_loses_nothing_and_repeats_nothing() {
    let sim = Client::of(options()).await;
    let id = text(&sim.environment("docs", "test").await["uuid"]);
    let page = sim
        .get(&format!("/apps/v3/environments/{id}/logs/?limit=50"))
        .await;
    assert_eq!(page["results"].as_array().unwrap().len(), 50);
    let mut next = text(&page["next"]);
    let mut followed: Vec<String> = Vec::new();
    for round in 0..30 {
        let lines: Vec<String> = (0..7).map(|n| format!("marked {round}.{n}")).collect();
        let order = json!({ "environment": id, "lines": lines });
        sim.command("/_sim/log", &order).await;
        let page = sim.get(&next.replace("limit=50", "limit=5")).await;
        let lines = page["results"].as_array().unwrap();
        followed.extend(lines.iter().map(|line| text(&line["message"])));
        next = text(&page["next"]);
    }
    loop {
        let page = sim.get(&next).await;
        let lines = page["results"].as_array().unwrap();
        followed.extend(lines.iter().map(|line| text(&line["message"])));
        next = text(&page["next"]);
        if followed.iter().any(|line| line == "marked 29.6") {
            break;
        }
    }
    let marked: Vec<&String> = followed
        .iter()
        .filter(|line| line.starts_with("marked"))
        .collect();
    let wanted: Vec<String> = (0..30)
        .flat_map(|round| (0..7).map(move |n| format!("marked {round}.{n}")))
        .collect();
    assert_eq!(marked, wanted.iter().collect::<Vec<&String>>());
}

#[tokio::test]
async fn log_is_searched_and_paged_backwards() {
    let sim = still().await;
    let id = text(&sim.environment("docs", "test").await["uuid"]);
    let base = format!("/apps/v3/environments/{id}/logs/");
    let mut seen = 0;
    let mut address = format!("{base}?limit=60");
    loop {
        let page = sim.get(&address).await;
        let count = page["results"].as_array().unwrap().len();
        seen += count;
        if count == 0 {
            assert_eq!(text(&page["previous"]), address, "the history is exhausted");
            break;
        }
        address = text(&page["previous"]);
    }
    assert!((200..450).contains(&seen), "{seen}");
    let found = sim
        .get(&format!("{base}?search_query=GET+/&service=web"))
        .await;
    let found = found["results"].as_array().unwrap();
    assert!(!found.is_empty());
    assert!(
        found
            .iter()
            .all(|line| text(&line["message"]).contains("GET /"))
    );
    for query in [
        "search_query=ab",
        "limit=0",
        "limit=1001",
        "search_after=x",
        "from_ts=then",
    ] {
        assert_eq!(
            sim.status(&format!("{base}?{query}")).await,
            StatusCode::BAD_REQUEST,
            "{query}"
        );
    }
}

#[tokio::test]
async fn still_world_stays_still() {
    let sim = still().await;
    let id = text(&sim.environment("www", "live").await["uuid"]);
    let page = sim.get(&format!("/apps/v3/environments/{id}/logs/")).await;
    let next = text(&page["next"]);
    let before = sim.get("/apps/v3/environments/?page_size=100").await;
    for _ in 0..20 {
        let page = sim.get(&next).await;
        assert_eq!(
            (&page["results"], &page["next"]),
            (&json!([]), &json!(next))
        );
    }
    assert_eq!(
        sim.get("/apps/v3/environments/?page_size=100").await,
        before
    );
}

#[tokio::test]
async fn variables_are_written_and_refused_as_documented() {
    const LIST: &str = "/apps/v3/environment-variables/";
    let sim = still().await;
    let id = text(&sim.environment("docs", "live").await["uuid"]);
    assert_eq!(sim.status(LIST).await, StatusCode::BAD_REQUEST);
    let secret = json!({ "environment": id, "name": "KEY", "value": "s3", "is_sensitive": true });
    let (status, made) = sim.post(LIST, secret).await;
    assert_eq!(
        (status, &made["value"]),
        (StatusCode::CREATED, &Value::Null)
    );
    let path = format!("{LIST}{}/", text(&made["uuid"]));
    assert_eq!(sim.get(&path).await["value"], Value::Null);
    let (status, errors) = sim.post(LIST, json!({ "name": "x".repeat(256) })).await;
    assert_eq!(status, StatusCode::BAD_REQUEST);
    assert_eq!(errors["environment"][0], "This field is required.");
    assert!(errors["name"][0].as_str().unwrap().contains("255"));
    let listed = sim
        .get(&format!("{LIST}?environment={id}&is_read_only=true"))
        .await;
    let built_in = format!("{LIST}{}/", text(&listed["results"][0]["uuid"]));
    let refused = sim
        .send(Method::PATCH, &built_in, &json!({ "value": "x" }))
        .await;
    assert_eq!(refused.status(), StatusCode::BAD_REQUEST);
    let gone = sim.send(Method::DELETE, &path, &json!({})).await;
    assert_eq!(gone.status(), StatusCode::NO_CONTENT);
    assert_eq!(sim.status(&path).await, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn environments_are_copied_up_to_the_limit() {
    let sim = still().await;
    let id = text(&sim.environment("status", "test").await["uuid"]);
    let path = format!("/apps/v3/environments/{id}/copy/");
    let (status, errors) = sim.post(&path, json!({ "new_slug": "Not Good" })).await;
    assert_eq!(status, StatusCode::BAD_REQUEST);
    assert!(errors["new_slug"].is_array());
    let (status, made) = sim.post(&path, json!({ "new_slug": "review" })).await;
    assert_eq!(
        (status, &made["slug"]),
        (StatusCode::CREATED, &json!("review"))
    );
    assert_eq!(made["last_finished_deployment"], Value::Null);
    let (_, refused) = sim.post(&path, json!({ "new_slug": "more" })).await;
    assert_eq!(
        refused,
        json!({ "non_field_errors": ["Can not add another Environment."] })
    );
}

#[tokio::test]
async fn requests_are_counted_by_operation() {
    let sim = still().await;
    sim.get("/apps/v3/applications/").await;
    sim.get("/apps/v3/applications/?page_size=3").await;
    sim.post("/apps/v3/deployments/", json!({})).await;
    let counted = sim.control(Method::GET, "/_sim/requests").await;
    assert_eq!(
        counted["operations"],
        json!({ "ListApplications": 2, "CreateDeployment": 1 })
    );
    assert_eq!(
        (&counted["total"], &counted["changing"]),
        (&json!(3), &json!(1))
    );
    sim.control(Method::DELETE, "/_sim/requests").await;
    assert_eq!(sim.control(Method::GET, "/_sim/requests").await["total"], 0);
}

#[tokio::test]
async fn control_port_makes_things_happen() {
    let sim = speedy().await;
    let state = sim.control(Method::GET, "/_sim/state").await;
    assert_eq!(state["apps"][0]["slug"], "shop-api");
    let id = text(&state["apps"][3]["environments"][0]["id"]);
    let order = json!({ "environment": id, "outcome": "fail" });
    let made = sim.command("/_sim/deploy", &order).await;
    let path = format!("/apps/v3/deployments/{}/", text(&made["deployment"]));
    let ended = sim
        .until(&path, |deployment| deployment["ended_at"].is_string())
        .await;
    assert_eq!(ended["success"], false);
    let look = json!({ "environment": id, "name": "OF_ANOTHER" });
    for (change, was) in [("value", None), ("remove", Some("new")), ("", None)] {
        let mut order = look.clone();
        match change {
            "value" => order["value"] = json!("new"),
            "remove" => order["remove"] = json!(true),
            _ => {}
        }
        let told = sim.command("/_sim/variable", &order).await;
        assert_eq!(told["was"], json!(was), "{change}");
    }
    let order = json!({ "application": state["apps"][3]["id"] });
    sim.command("/_sim/vanish", &order).await;
    assert_eq!(
        sim.status(&format!("/apps/v3/environments/{id}/")).await,
        StatusCode::NOT_FOUND
    );
    let address = format!("{}/_sim/faults", sim.simulator.control_url());
    let refused = sim.http.post(address).body(r#"[{"stauts":1}]"#);
    let refused: Value = refused.send().await.unwrap().json().await.unwrap();
    assert!(text(&refused["error"]).contains("fault 1"), "{refused}");
}

#[tokio::test]
async fn faults_harm_answers() {
    const APPS: &str = "/apps/v3/applications/";
    let sim = still().await;
    let get = || async { sim.request(Method::GET, APPS).send().await };

    sim.fault(r#"{"operation":"ListApplications","times":1,"status":429,"retry_after":7}"#)
        .await;
    let limited = get().await.unwrap();
    assert_eq!(limited.status(), StatusCode::TOO_MANY_REQUESTS);
    assert_eq!(limited.headers()["retry-after"], "7");
    assert_eq!(get().await.unwrap().status(), StatusCode::OK);

    sim.fault(r#"{"status":502}"#).await;
    let gateway = get().await.unwrap();
    assert_eq!(gateway.status(), StatusCode::BAD_GATEWAY);
    assert!(gateway.text().await.unwrap().starts_with("<html>"));

    sim.fault(r#"{"truncate":true}"#).await;
    let cut = get().await.unwrap().text().await.unwrap();
    assert!(cut.starts_with("{\"count\"") && serde_json::from_str::<Value>(&cut).is_err());

    sim.fault(r#"{"malformed":true}"#).await;
    assert!(get().await.unwrap().json::<Value>().await.is_err());

    sim.fault(r#"[{"drip_ms":1},{"latency_ms":1}]"#).await;
    assert_eq!(
        get().await.unwrap().json::<Value>().await.unwrap()["count"],
        24
    );

    sim.fault(r#"{"status_word":"PONDERING"}"#).await;
    let backups = sim.get("/apps/v3/backups/").await;
    assert_eq!(backups["results"][0]["state"], "PONDERING");
    let deployments = sim.get("/apps/v3/deployments/").await;
    assert_eq!(deployments["results"][0]["status"], "PONDERING");
}

#[tokio::test]
async fn faults_cut_connections() {
    const VARIABLES: &str = "/apps/v3/environment-variables/";
    let sim = still().await;
    let id = text(&sim.environment("docs", "live").await["uuid"]);
    let write = |name: &str| {
        let body = json!({ "environment": id, "name": name, "value": "x" });
        sim.request(Method::POST, VARIABLES).json(&body).send()
    };
    let exists = async |name: &str| {
        let found = sim
            .get(&format!("{VARIABLES}?environment={id}&name={name}"))
            .await;
        found["count"] == 1
    };
    sim.fault(r#"{"operation":"CreateEnvironmentVariable","cut":"before"}"#)
        .await;
    assert!(write("BEFORE").await.is_err());
    assert!(!exists("BEFORE").await);

    sim.fault(r#"{"method":"POST","cut":"during"}"#).await;
    assert!(write("DURING").await.is_err());
    assert!(exists("DURING").await);

    sim.fault(r#"{"method":"POST","act_then_status":504}"#)
        .await;
    assert_eq!(
        write("LATE").await.unwrap().status(),
        StatusCode::GATEWAY_TIMEOUT
    );
    assert!(exists("LATE").await);

    sim.fault(r#"{"operation":"ListApplications","cut":"after_headers"}"#)
        .await;
    let broken = sim
        .request(Method::GET, "/apps/v3/applications/")
        .send()
        .await
        .unwrap();
    assert_eq!(broken.status(), StatusCode::OK);
    assert!(broken.bytes().await.is_err());

    sim.fault(r#"{"operation":"ListApplications","cut_at":7}"#)
        .await;
    let list = sim.request(Method::GET, "/apps/v3/applications/");
    let mut broken = list.send().await.unwrap();
    assert_eq!(broken.chunk().await.unwrap().unwrap().len(), 7);
    assert!(broken.chunk().await.is_err());

    sim.fault(r#"{"operation":"GetCurrentUser","hang":true}"#)
        .await;
    let hanging = sim.request(Method::GET, "/iam/v3/me/");
    let patience = std::time::Duration::from_millis(200);
    assert!(
        hanging
            .timeout(patience)
            .send()
            .await
            .unwrap_err()
            .is_timeout()
    );
}

#[tokio::test]
async fn clock_skew_shifts_the_date_and_all_times() {
    let sim = still().await;
    let plain = sim
        .request(Method::GET, "/apps/v3/backups/")
        .send()
        .await
        .unwrap();
    sim.fault(r#"{"clock_skew_s":86400}"#).await;
    let skewed = sim
        .request(Method::GET, "/apps/v3/backups/")
        .send()
        .await
        .unwrap();
    assert_ne!(plain.headers()["date"], skewed.headers()["date"]);
    let created =
        |page: &Value| -> jiff::Timestamp { text(&page["results"][0]["created"]).parse().unwrap() };
    let (plain, skewed) = (plain.json().await.unwrap(), skewed.json().await.unwrap());
    let shift = created(&skewed).duration_since(created(&plain));
    assert_eq!(shift.as_secs(), 86_400);
}

#[tokio::test]
async fn faults_from_the_start_reach_only_their_context() {
    let faults = parse_faults(r#"[{"context":"divio-lab","status":503}]"#).unwrap();
    let options = flightdeck::sim::SimOptions {
        faults,
        second_account: true,
        story: false,
        ..options()
    };
    let sim = Client::of(options).await;
    let lab = &sim.simulator.platforms()[1];
    assert_eq!(lab.context, "divio-lab");
    let ask = |token: String| {
        let request = sim
            .http
            .get(format!("{}/apps/v3/applications/", lab.base_url));
        request
            .header("Authorization", format!("Token {token}"))
            .send()
    };
    assert_eq!(
        ask(lab.token.clone()).await.unwrap().status(),
        StatusCode::SERVICE_UNAVAILABLE
    );
    assert_eq!(sim.status("/apps/v3/applications/").await, StatusCode::OK);
    sim.control(Method::DELETE, "/_sim/faults").await;
    let apps: Value = ask(lab.token.clone()).await.unwrap().json().await.unwrap();
    assert_eq!(apps["count"], 6);
    assert_eq!(
        ask(sim.token.clone()).await.unwrap().status(),
        StatusCode::UNAUTHORIZED
    );
    let foreign = format!(
        "/apps/v3/applications/{}/",
        text(&apps["results"][0]["uuid"])
    );
    assert_eq!(sim.status(&foreign).await, StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn story_begins_with_a_deployment_under_way() {
    let sim = Client::of(options()).await;
    let deploying = sim.get("/apps/v3/environments/?deploying=true").await;
    assert_eq!(deploying["count"], 1);
    let running = &deploying["results"][0]["currently_running_deployment"];
    let path = format!("/apps/v3/deployments/{}/", text(&running["uuid"]));
    let percent = sim.get(&path).await["percent"].as_i64().unwrap();
    assert!((1..60).contains(&percent), "{percent}");
}

#[tokio::test]
async fn configuration_names_every_context() {
    let options = flightdeck::sim::SimOptions {
        second_account: true,
        seed: 9,
        ..options()
    };
    let sim = Client::of(options).await;
    let config = sim.simulator.config_toml();
    assert!(config.starts_with(&format!("# control: {}\n", sim.simulator.control_url())));
    assert!(config.ends_with("\n\n"));
    let parsed: toml::Table = config.parse().unwrap();
    let contexts = parsed["contexts"].as_table().unwrap();
    assert_eq!(
        contexts["divio"]["base_url"].as_str(),
        Some(sim.base.as_str())
    );
    assert_eq!(
        contexts["divio"]["token"].as_str(),
        Some("sim-divio-token-9")
    );
    assert_eq!(contexts["divio-lab"]["platform"].as_str(), Some("divio"));
}

#[tokio::test]
async fn stopping_cuts_connections_and_frees_the_port() {
    let sim = still().await;
    sim.fault(r#"{"operation":"GetCurrentUser","hang":true}"#)
        .await;
    let listen: SocketAddr = sim.base.strip_prefix("http://").unwrap().parse().unwrap();
    let hanging = sim.request(Method::GET, "/iam/v3/me/").send();
    let (http, token) = (sim.http.clone(), sim.token.clone());
    let stopping = async {
        // The hanging request has arrived when it is counted.
        while sim.control(Method::GET, "/_sim/requests").await["total"] == 0 {}
        sim.simulator.stop().await;
    };
    let (cut, ()) = tokio::join!(hanging, stopping);
    assert!(cut.is_err());
    let again = flightdeck::sim::SimOptions {
        listen,
        story: false,
        ..options()
    };
    let simulator = Simulator::start(again).await.unwrap();
    let base = simulator.platforms()[0].base_url.clone();
    assert_eq!(base, format!("http://{listen}"));
    let request = http.get(format!("{base}/iam/v3/me/"));
    let answer = request
        .header("Authorization", format!("Token {token}"))
        .send()
        .await
        .unwrap();
    assert_eq!(answer.status(), StatusCode::OK);
    drop(simulator);
    let third = flightdeck::sim::SimOptions {
        listen,
        ..options()
    };
    let freed = async {
        while Simulator::start(third.clone()).await.is_err() {
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(std::time::Duration::from_secs(10), freed)
        .await
        .unwrap();
}
