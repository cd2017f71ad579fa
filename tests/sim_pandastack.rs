//! The simulated PandaStack over real HTTP: what a client of the platform sees of it.

use client::Client;
use flightdeck::sim::SimOptions;
use own::{id, message, options, records, status, uuid};
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

#[cfg(test)]
#[path = "support/client.rs"]
mod client;

#[cfg(test)]
mod own {
    use flightdeck::sim::SimOptions;
    use reqwest::{Method, RequestBuilder, StatusCode, header::HeaderMap};
    use serde_json::{Value, json};

    use crate::client::{Client, until};

    pub(super) const APPS: &str = "/api/v1/managed-apps";

    pub(super) fn options() -> SimOptions {
        SimOptions {
            speed: 40.0,
            story: false,
            platforms: vec!["pandastack"],
            ..SimOptions::default()
        }
    }

    /// An answer as it came.
    pub(super) struct Answer {
        pub(super) status: StatusCode,
        pub(super) headers: HeaderMap,
        pub(super) text: String,
    }

    impl Answer {
        pub(super) fn json(&self) -> Value {
            serde_json::from_str(&self.text).unwrap_or_else(|_| panic!("no JSON: {}", self.text))
        }

        /// The payload of the plausible shape, of an answer with this status.
        pub(super) fn data(&self, status: u16) -> Value {
            assert_eq!(self.status.as_u16(), status, "{}", self.text);
            self.json()["data"].clone()
        }
    }

    impl Client {
        pub(super) async fn still() -> Client {
            Client::of(options()).await
        }

        pub(super) async fn of(options: SimOptions) -> Client {
            Client::on("pandastack", "Bearer", options).await
        }

        pub(super) fn organisation(&self) -> String {
            let served = &self.simulator.platforms()[0];
            served.organisation.clone().unwrap()
        }

        pub(super) async fn send(&self, request: RequestBuilder) -> Answer {
            let response = request.send().await.unwrap();
            let (status, headers) = (response.status(), response.headers().clone());
            let text = response.text().await.unwrap();
            Answer {
                status,
                headers,
                text,
            }
        }

        /// Of dialect `api-v1`, with the organisation.
        pub(super) async fn ask(&self, method: Method, rest: &str) -> Answer {
            let place = format!("{APPS}{rest}?organization_id={}", self.organisation());
            self.send(self.request(method, &place)).await
        }

        /// The same with a body, in which the organisation is named again.
        pub(super) async fn post(&self, rest: &str, body: &Value) -> Answer {
            let mut body = body.clone();
            body["organization_id"] = json!(self.organisation());
            let place = format!("{APPS}{rest}?organization_id={}", self.organisation());
            self.send(self.request(Method::POST, &place).json(&body))
                .await
        }

        /// Of dialect `v1`.
        pub(super) async fn v1(&self, method: Method, place: &str, body: Option<&Value>) -> Answer {
            let request = self.request(method, &format!("/v1{place}"));
            let request = match body {
                Some(body) => request.json(body),
                None => request,
            };
            self.send(request).await
        }

        pub(super) async fn list(&self) -> Value {
            self.ask(Method::GET, "/").await.data(200)
        }

        /// The app with this name as the list has it.
        pub(super) async fn app(&self, name: &str) -> Option<Value> {
            let list = self.list().await;
            let mut apps = list.as_array().unwrap().iter();
            apps.find(|app| app["name"] == name).cloned()
        }

        /// Waits until the app with this name is in a state.
        pub(super) async fn until_app(&self, name: &str, wanted: &str) -> Value {
            let ask = async || self.app(name).await.unwrap_or_default();
            until(ask, |app| app["status"] == wanted).await
        }

        pub(super) async fn installation(&self, app: &str) -> Value {
            let place = format!("/installation-status/{app}");
            self.ask(Method::GET, &place).await.data(200)
        }

        pub(super) async fn verify(&self, app: &str) -> Answer {
            self.ask(Method::GET, &format!("/verify-domain/{app}"))
                .await
        }

        /// Every answer has this shape from now on.
        pub(super) async fn shape(&self, shape: &str) {
            self.control(Method::DELETE, "/_sim/faults").await;
            let fault = json!({ "context": "pandastack", "shape": shape });
            self.command("/_sim/faults", &fault).await;
        }

        /// The names of all shapes, as the refusal of a wrong one tells them.
        pub(super) async fn shapes(&self) -> Vec<String> {
            let refusal = self.refused(&json!({ "shape": "bare_array+oval" })).await;
            let names = refusal.strip_prefix("no shape `oval`; one of ");
            let (names, _) = names.unwrap().split_once(" is needed").unwrap();
            names.split(", ").map(str::to_owned).collect()
        }

        /// What the control port says to a fault that it refuses.
        pub(super) async fn refused(&self, fault: &Value) -> String {
            let place = format!("{}/_sim/faults", self.simulator.control_url());
            let answer = self
                .send(self.http.post(place).body(fault.to_string()))
                .await;
            assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{}", answer.text);
            answer.json()["error"].as_str().unwrap().to_owned()
        }
    }

    pub(super) fn id(app: &Value) -> String {
        app["id"].to_string()
    }

    pub(super) fn status(value: &Value) -> &str {
        value["status"].as_str().unwrap()
    }

    pub(super) fn uuid(value: &Value) -> String {
        value["deployment_uuid"].as_str().unwrap().to_owned()
    }

    /// What an error of the plausible shape says.
    pub(super) fn message(answer: &Answer) -> String {
        let body = answer.json();
        assert_eq!(body["success"], false);
        body["error"]["message"].as_str().unwrap().to_owned()
    }

    /// How many records there are in a value, wherever they are: a record tells when it was made.
    pub(super) fn records(value: &Value) -> usize {
        match value {
            Value::Array(items) => items.iter().map(records).sum(),
            Value::Object(fields) => {
                let is_time = |key: &String| {
                    let key = key.replace(['_', '-'], "").to_lowercase();
                    key == "createdat" || key == "created"
                };
                let own = usize::from(fields.keys().any(is_time));
                own + fields.values().map(records).sum::<usize>()
            }
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => 0,
        }
    }
}

// ── Who may ask ─────────────────────────────────────────────────────────────────────────────────

#[tokio::test]
async fn token_and_organisation_are_asked_for() {
    let sim = Client::still().await;
    let place = format!("{}/?organization_id={}", own::APPS, sim.organisation());
    let bare = sim.send(sim.bare(Method::GET, &place)).await;
    assert_eq!(bare.status, StatusCode::UNAUTHORIZED);
    let wrong = sim.bare(Method::GET, &place).bearer_auth("psk_0");
    assert_eq!(sim.send(wrong).await.status, StatusCode::UNAUTHORIZED);
    let counts = sim.control(Method::GET, "/_sim/requests").await;
    assert_eq!(counts["unauthorised"], 2);

    let without = sim.request(Method::GET, &format!("{}/", own::APPS));
    let without = sim.send(without).await;
    assert_eq!(without.status, StatusCode::BAD_REQUEST);
    assert_eq!(message(&without), "organization_id is required");
    let other = format!("{}/?organization_id=1234567890", own::APPS);
    let other = sim.send(sim.request(Method::GET, &other)).await;
    assert_eq!(other.status, StatusCode::FORBIDDEN);
    // Dialect `v1` knows by the token.
    let whoami = sim.v1(Method::GET, "/whoami", None).await.data(200);
    assert_eq!(whoami["orgId"].to_string(), sim.organisation());
}

#[tokio::test]
async fn organisation_is_asked_for_in_bodies_too() {
    let sim = Client::still().await;
    let failed = id(&sim.app("n8n").await.unwrap());
    for rest in [
        "/deploy".to_owned(),
        format!("/retry/{failed}"),
        format!("/{failed}/configuration"),
        format!("/complete-installation/{failed}"),
    ] {
        let place = format!("{}{rest}?organization_id={}", own::APPS, sim.organisation());
        let post = |body: Value| sim.send(sim.request(Method::POST, &place).json(&body));
        let without = post(json!({ "slug": "n8n", "domain": "a.example.com" })).await;
        assert_eq!(without.status, StatusCode::BAD_REQUEST, "{rest}");
        assert_eq!(message(&without), "organization_id is required");
        let other = post(json!({ "slug": "n8n", "organization_id": 1 })).await;
        assert_eq!(other.status, StatusCode::FORBIDDEN, "{rest}");
    }
    let counts = sim.control(Method::GET, "/_sim/requests").await;
    assert_eq!(counts["acted"], json!({}));
}

#[tokio::test]
async fn configuration_carries_the_organisation() {
    let sim = Client::still().await;
    let parsed: toml::Table = sim.simulator.config_toml().parse().unwrap();
    let context = &parsed["contexts"]["pandastack"];
    assert_eq!(
        context["organisation"].as_str(),
        Some(sim.organisation().as_str())
    );
    let token = context["token"].as_str().unwrap();
    let digits = token.strip_prefix("psk_").unwrap();
    assert_eq!(digits.len(), 64);
    assert!(digits.bytes().all(|byte| byte.is_ascii_hexdigit()));
}

#[tokio::test]
async fn user_of_the_token_is_told() {
    let sim = Client::still().await;
    let place = format!("/api/v1/user/me?organization_id={}", sim.organisation());
    let me = sim.send(sim.request(Method::GET, &place)).await.data(200);
    assert_eq!(me["organization_id"].to_string(), sim.organisation());
    assert_eq!(me["email"], "ops@example.com");
}

// ── The way of an installation ──────────────────────────────────────────────────────────────────

#[tokio::test]
async fn installation_goes_its_way_until_it_runs() {
    let sim = Client::still().await;
    let answer = sim.post("/deploy", &json!({ "slug": "gitea" })).await;
    let made = answer.data(201);
    assert_eq!(status(&made), "PENDING");
    let app = sim.app("gitea-3").await.unwrap();
    assert_eq!((id(&app), uuid(&app)), (id(&made), uuid(&made)));
    // The newest comes first.
    assert_eq!(sim.list().await[0]["name"], "gitea-3");

    let place = format!("/status/{}", uuid(&made));
    let ask = async || sim.ask(Method::GET, &place).await.data(200);
    let mut seen = vec![];
    let done = client::until(ask, |now| now["deployment_status"] == "SUCCESS");
    let watched = async {
        loop {
            let now = sim.installation(&id(&made)).await;
            let word = now["installation_status"].as_str().unwrap().to_owned();
            let is_last = word == "RUNNING";
            seen.push(word);
            if is_last {
                return;
            }
        }
    };
    let (done, ()) = tokio::join!(done, watched);
    assert_eq!(done["progress"], 100);
    seen.dedup();
    let way = ["PENDING", "BUILDING", "DEPLOYING", "RUNNING"];
    let mut rest = way.iter();
    assert!(
        seen.iter().all(|word| rest.any(|step| step == word)),
        "{seen:?}"
    );
    let app = sim.app("gitea-3").await.unwrap();
    assert_eq!(app["url"], "gitea-3.apps.example.com");
    assert_eq!(app.get("domain"), None);
}

#[tokio::test]
async fn installation_that_wants_a_domain_waits_for_it() {
    let sim = Client::still().await;
    let order = json!({ "slug": "ghost", "domain": "Blog.example.com" });
    let made = sim.post("/deploy", &order).await.data(201);
    let app = id(&made);
    let early = sim.verify(&app).await;
    assert_eq!(early.status, StatusCode::BAD_REQUEST);
    let waiting = async || sim.installation(&app).await;
    let is_waiting = |now: &Value| now["installation_status"] == "DOMAIN_PENDING";
    let waiting = client::until(waiting, is_waiting).await;
    assert_eq!(waiting["domain"], "blog.example.com");
    // The deployment has done its part.
    let place = format!("/status/{}", uuid(&made));
    let run = sim.ask(Method::GET, &place).await.data(200);
    assert_eq!(run["deployment_status"], "SUCCESS");

    let order = json!({ "domain": "blog.example.com" });
    let complete = format!("/complete-installation/{app}");
    let early = sim.post(&complete, &order).await;
    assert_eq!(early.status, StatusCode::BAD_REQUEST);
    assert_eq!(
        message(&early),
        "The domain blog.example.com is not verified yet"
    );

    let gone = json!({ "application": app, "exists": false });
    sim.command("/_sim/dns", &gone).await;
    let verdict = sim.verify(&app).await.data(200);
    assert_eq!(verdict["verified"], false);
    assert_eq!(verdict["records"][0]["type"], "CNAME");
    assert_eq!(verdict["records"][0]["name"], "blog.example.com");
    sim.command("/_sim/dns", &json!({ "application": app }))
        .await;
    let verdict = sim.verify(&app).await.data(200);
    assert_eq!(verdict["verified"], true);
    assert_eq!(verdict.get("records"), None);

    let wrong = json!({ "domain": "https://blog.example.com/" });
    let wrong = sim.post(&complete, &wrong).await;
    assert_eq!(wrong.status, StatusCode::BAD_REQUEST);
    let completed = sim.post(&complete, &order).await.data(200);
    assert_eq!(status(&completed), "DEPLOYING");
    let app = sim.until_app("ghost-3", "RUNNING").await;
    assert_eq!(app["url"], "https://blog.example.com");
    let again = sim.post(&complete, &order).await;
    assert_eq!(again.status, StatusCode::BAD_REQUEST);
}

#[tokio::test]
async fn dns_records_appear_by_themselves_after_a_while() {
    let sim = Client::still().await;
    let app = id(&sim.app("ghost").await.unwrap());
    let verdict = sim.verify(&app).await.data(200);
    assert_eq!(verdict["verified"], false);
    let ask = async || sim.verify(&app).await.data(200);
    client::until(ask, |verdict| verdict["verified"] == true).await;
    let no_domain = id(&sim.app("umami").await.unwrap());
    assert_eq!(sim.verify(&no_domain).await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn failed_installation_tells_why_and_can_be_retried() {
    let sim = Client::still().await;
    let fault = json!({ "operation": "DeployManagedApp", "fail_deployment": "no place left" });
    sim.command("/_sim/faults", &fault).await;
    let made = sim
        .post("/deploy", &json!({ "slug": "minio" }))
        .await
        .data(201);
    let failed = sim.until_app("minio-2", "FAILED").await;
    assert_eq!(failed["error_message"], "no place left");
    let place = format!("/status/{}", uuid(&made));
    let run = sim.ask(Method::GET, &place).await.data(200);
    assert_eq!(run["deployment_status"], "FAILED");
    assert_eq!(run["error_message"], "no place left");

    let retry = format!("/retry/{}", id(&failed));
    let other = sim.post(&retry, &json!({ "slug": "ghost" })).await;
    assert_eq!(other.status, StatusCode::BAD_REQUEST);
    let retried = sim
        .post(&retry, &json!({ "slug": "minio" }))
        .await
        .data(200);
    assert_eq!(status(&retried), "PENDING");
    assert_ne!(uuid(&retried), uuid(&made));
    let running = sim.until_app("minio-2", "RUNNING").await;
    assert_eq!(running.get("error_message"), None);
    let again = sim.post(&retry, &json!({})).await;
    assert_eq!(again.status, StatusCode::BAD_REQUEST);
    assert_eq!(message(&again), "Only a failed installation can be retried");
}

#[tokio::test]
async fn deletion_takes_a_while() {
    let sim = Client::of(SimOptions {
        speed: 10.0,
        ..options()
    })
    .await;
    let app = id(&sim.app("umami").await.unwrap());
    let place = format!("/{app}");
    let begun = sim.ask(Method::DELETE, &place).await.data(200);
    assert_eq!(status(&begun), "DELETING");
    assert_eq!(status(&sim.app("umami").await.unwrap()), "DELETING");
    let ask = async || sim.app("umami").await;
    client::until(ask, Option::is_none).await;
    let again = sim.ask(Method::DELETE, &place).await;
    assert_eq!(again.status, StatusCode::NOT_FOUND);
    assert_eq!(message(&again), "Managed app not found");
    let place = format!("/installation-status/{app}");
    let gone = sim.ask(Method::GET, &place);
    assert_eq!(gone.await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn configuration_is_kept() {
    let sim = Client::still().await;
    let app = id(&sim.app("umami").await.unwrap());
    let place = format!("/{app}/configuration");
    let order = json!({ "slug": "umami", "length": 2, "memory": 512 });
    let saved = sim.post(&place, &order).await.data(200);
    assert_eq!(id(&saved), app);
    sim.post(&place, &json!({ "region": "eu" })).await.data(200);
    let app = sim.app("umami").await.unwrap();
    assert_eq!(
        app["configuration"],
        json!({ "memory": 512, "region": "eu" })
    );
    let nobody = sim.post("/7/configuration", &json!({})).await;
    assert_eq!(nobody.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn what_cannot_be_deployed_is_refused() {
    let sim = Client::still().await;
    let without = sim.post("/deploy", &json!({})).await;
    assert_eq!(without.status, StatusCode::BAD_REQUEST);
    assert_eq!(message(&without), "slug is required");
    let unknown = sim.post("/deploy", &json!({ "slug": "nothing" })).await;
    assert_eq!(unknown.status, StatusCode::NOT_FOUND);
    let domain = json!({ "slug": "ghost", "domain": "https://a.example.com" });
    let domain = sim.post("/deploy", &domain).await;
    assert_eq!(domain.status, StatusCode::BAD_REQUEST);
    let place = format!(
        "{}/deploy?organization_id={}",
        own::APPS,
        sim.organisation()
    );
    let text = sim.send(sim.request(Method::POST, &place).body("slug=ghost"));
    assert_eq!(text.await.status, StatusCode::BAD_REQUEST);
    let counts = sim.control(Method::GET, "/_sim/requests").await;
    assert_eq!(counts["operations"]["DeployManagedApp"], 4);
    assert_eq!(counts["changing"], 4);
    assert_eq!(counts["acted"], json!({}));
}

#[tokio::test]
async fn requests_are_counted_by_operation() {
    let sim = Client::still().await;
    sim.list().await;
    sim.post("/deploy", &json!({ "slug": "gitea" })).await;
    sim.ask(Method::GET, "/nowhere/at/all").await;
    let counts = sim.control(Method::GET, "/_sim/requests").await;
    assert_eq!(
        counts["operations"],
        json!({ "ListManagedApps": 1, "DeployManagedApp": 1, "Unknown": 1 })
    );
    assert_eq!(counts["acted"], json!({ "DeployManagedApp": 1 }));
}

// ── Shapes ──────────────────────────────────────────────────────────────────────────────────────

#[tokio::test]
async fn every_shape_answers_every_operation() {
    let sim = Client::of(SimOptions {
        apps: 24,
        ..options()
    })
    .await;
    let names = sim.shapes().await;
    assert!(names.len() > 90, "{names:?}");
    let (app, failed) = (
        sim.app("ghost").await.unwrap(),
        sim.app("n8n").await.unwrap(),
    );
    let silent = ["empty_object", "no_content", "null", "data_null"];
    for name in &names {
        sim.shape(name).await;
        let list = sim.ask(Method::GET, "/").await;
        assert!(list.status.is_success(), "{name}: {}", list.text);
        let expected = match name.as_str() {
            "one_record" => 1,
            "first_page" => 10,
            _ if silent.contains(&name.as_str()) => 0,
            _ => 24,
        };
        let found = serde_json::from_str(&list.text).map_or(0, |list| records(&list));
        assert_eq!(found, expected, "{name}: {}", list.text);
        for place in [
            format!("/status/{}", uuid(&failed)),
            format!("/installation-status/{}", id(&app)),
        ] {
            let answer = sim.ask(Method::GET, &place).await;
            assert!(
                answer.status.is_success(),
                "{name} {place}: {}",
                answer.text
            );
        }
        let verdict = sim.verify(&id(&failed)).await.status;
        assert!(
            verdict == StatusCode::NOT_FOUND || name == "error_ok",
            "{name}"
        );
    }
}

#[tokio::test]
async fn unknown_shapes_are_refused_with_those_that_exist() {
    let sim = Client::still().await;
    let fault = json!([{ "context": "pandastack", "shape": "round" }]);
    let refusal = sim.refused(&fault).await;
    assert!(refusal.contains("no shape `round`"), "{refusal}");
    assert!(refusal.contains("bare_array, "), "{refusal}");
    let options = SimOptions {
        faults: flightdeck::sim::parse_faults(&fault.to_string()).unwrap(),
        ..options()
    };
    let refused = flightdeck::sim::Simulator::start(options).await;
    assert_eq!(
        refused.unwrap_err().kind(),
        std::io::ErrorKind::InvalidInput
    );
}

#[tokio::test]
async fn lists_have_the_shape_that_is_asked_for() {
    let sim = Client::still().await;
    sim.shape("bare_array").await;
    assert!(sim.ask(Method::GET, "/").await.json().is_array());
    sim.shape("nested_three+items+total").await;
    let list = sim.ask(Method::GET, "/").await.json();
    assert_eq!(list["status"], 200);
    assert_eq!(list["payload"]["result"]["data"]["total"], 24);
    assert!(list["payload"]["result"]["data"]["items"].is_array());
    sim.shape("bare+map").await;
    let map = sim.ask(Method::GET, "/").await.json();
    let map = map.as_object().unwrap();
    assert!(map.values().all(|record| record.get("id").is_none()));
    assert!(map.keys().all(|key| key.parse::<u64>().is_ok()));
    sim.shape("odd_record").await;
    let list = sim.ask(Method::GET, "/").await.data(200);
    let odd = list.as_array().unwrap().iter();
    assert_eq!(odd.filter(|item| !item.is_object()).count(), 1);
}

#[tokio::test]
async fn identifiers_beyond_floats_lead_to_the_same_app() {
    let sim = Client::still().await;
    let plain = sim.app("ghost").await.unwrap();
    sim.shape("big_ids").await;
    let big = sim.app("ghost").await.unwrap();
    assert_eq!(big["name"], plain["name"]);
    let number: u64 = id(&big).parse().unwrap();
    assert!(number > 1 << 53);
    assert_eq!(sim.installation(&id(&big)).await["domain"], plain["domain"]);
    sim.shape("text_ids").await;
    assert_eq!(sim.app("ghost").await.unwrap()["id"], id(&plain));
}

#[tokio::test]
async fn fields_and_times_have_many_names_and_forms() {
    let sim = Client::still().await;
    let first = async |shape: &str| {
        sim.shape(shape).await;
        sim.ask(Method::GET, "/").await.data(200)[0].clone()
    };
    assert!(first("pascal_case").await["DeploymentUuid"].is_string());
    assert!(first("camel_case").await["createdAt"].is_string());
    assert!(first("names_4").await["_id"].is_number());
    let seconds = first("second_times").await["created_at"].as_i64().unwrap();
    let millis = first("millisecond_times").await["created_at"]
        .as_i64()
        .unwrap();
    assert!((millis / 1_000 - seconds).abs() <= 1);
    let blank = first("blank_times").await["created_at"].clone();
    assert_eq!(blank.as_str().unwrap().len(), "2026-08-14 09:12:44".len());
    assert_eq!(
        first("status_object+words_2").await["status"]["status"],
        "awaiting-dns"
    );
    let latest = first("status_latest_pascal").await;
    assert_eq!(latest["Deployments"][0]["status"], "DOMAIN_PENDING");
    assert_eq!(latest.get("status"), None);
}

#[tokio::test]
async fn installation_can_be_told_in_booleans() {
    let sim = Client::still().await;
    let ghost = id(&sim.app("ghost").await.unwrap());
    let umami = id(&sim.app("umami").await.unwrap());
    sim.shape("install_booleans+true_number").await;
    let waiting = sim.installation(&ghost).await;
    assert_eq!(
        (&waiting["installed"], &waiting["ready"]),
        (&json!(1), &json!(0))
    );
    let running = sim.installation(&umami).await;
    assert_eq!(
        (&running["installed"], &running["ready"]),
        (&json!(1), &json!(1))
    );
    assert_eq!(running.get("installation_status"), None);
}

#[tokio::test]
async fn errors_have_many_forms() {
    let sim = Client::still().await;
    for (shape, place) in [
        ("error_nested", "/error/message"),
        ("error_text", "/error"),
        ("error_message", "/message"),
        ("error_messages", "/message/0"),
        ("error_list_msg", "/errors/0/msg"),
        ("error_list_message", "/errors/0/message"),
        ("error_list_detail", "/errors/0/detail"),
        ("error_list_texts", "/errors/0"),
        ("error_detail", "/detail"),
        ("error_description", "/error_description"),
        ("error_title", "/title"),
    ] {
        sim.shape(shape).await;
        let answer = sim.post("/deploy", &json!({})).await;
        assert_eq!(answer.status, StatusCode::BAD_REQUEST);
        let said = answer.json().pointer(place).cloned();
        assert_eq!(said, Some(json!("slug is required")), "{shape}");
    }
    sim.shape("error_list_msg").await;
    let answer = sim.post("/deploy", &json!({})).await.json();
    assert_eq!(answer["errors"][0]["param"], "slug");
    sim.shape("error_html").await;
    let page = sim.post("/deploy", &json!({})).await;
    assert_eq!(page.headers["content-type"], "text/html");
    sim.shape("error_ok").await;
    let fine = sim.post("/deploy", &json!({})).await;
    assert_eq!(fine.status, StatusCode::OK);
    assert_eq!(message(&fine), "slug is required");
}

#[tokio::test]
async fn verdicts_have_many_forms() {
    let sim = Client::still().await;
    let ghost = id(&sim.app("ghost").await.unwrap());
    sim.command(
        "/_sim/dns",
        &json!({ "application": ghost, "exists": false }),
    )
    .await;
    let verdict = async |shape: &str| {
        sim.shape(shape).await;
        sim.verify(&ghost).await
    };
    let valid = verdict("verdict_valid").await.data(200);
    assert_eq!(
        (&valid["valid"], &valid["expected"]["type"]),
        (&json!(false), &json!("CNAME"))
    );
    let inner = verdict("verdict_success").await.json();
    assert_eq!(
        (&inner["success"], &inner["data"]["success"]),
        (&json!(true), &json!(false))
    );
    assert_eq!(
        verdict("verdict_top_success").await.json()["success"],
        false
    );
    let word = verdict("verdict_word").await.data(200);
    assert_eq!(word["status"], "DOMAIN_UNVERIFIED");
    let refused = verdict("verdict_400").await;
    assert_eq!(refused.status, StatusCode::BAD_REQUEST);
    assert_eq!(message(&refused), "No record that leads here was found yet");
    assert_eq!(verdict("verdict_404").await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn answers_to_changes_may_say_little() {
    let sim = Client::still().await;
    let deploy = async |shape: &str| {
        sim.shape(shape).await;
        sim.post("/deploy", &json!({ "slug": "gitea" })).await
    };
    let inside = deploy("answer_managed_app").await.data(201);
    assert_eq!(inside["managed_app"]["slug"], "gitea");
    assert!(inside["deployment"]["uuid"].is_string());
    let quiet = deploy("answer_quiet").await.data(201);
    assert_eq!(quiet, json!({ "message": "Installation started" }));
    assert_eq!(deploy("empty_object").await.text, "{}");
    assert_eq!(deploy("no_content").await.status, StatusCode::NO_CONTENT);
    assert_eq!(deploy("word").await.text, "Installation started");
    sim.shape("enveloped").await;
    let list = sim.list().await;
    let gitea = list
        .as_array()
        .unwrap()
        .iter()
        .filter(|app| app["slug"] == "gitea");
    assert_eq!(gitea.count(), 7);
}

#[tokio::test]
async fn slash_at_the_end_of_the_list_matters() {
    let sim = Client::still().await;
    assert_eq!(sim.ask(Method::GET, "").await.status, StatusCode::NOT_FOUND);
    sim.shape("slash_redirect").await;
    let moved = sim.ask(Method::GET, "").await;
    assert_eq!(moved.status, StatusCode::PERMANENT_REDIRECT);
    let place = format!("{}/?organization_id={}", own::APPS, sim.organisation());
    assert_eq!(moved.headers["location"], place);
}

#[tokio::test]
async fn new_deployment_may_not_be_found_for_a_while() {
    let sim = Client::of(SimOptions {
        speed: 4.0,
        ..options()
    })
    .await;
    sim.shape("late_status").await;
    let made = sim
        .post("/deploy", &json!({ "slug": "gitea" }))
        .await
        .data(201);
    let place = format!("/status/{}", uuid(&made));
    let early = sim.ask(Method::GET, &place).await;
    assert_eq!(early.status, StatusCode::NOT_FOUND);
    let ask = async || sim.ask(Method::GET, &place).await.status;
    client::until(ask, StatusCode::is_success).await;
}

// ── Seeds ───────────────────────────────────────────────────────────────────────────────────────

#[tokio::test]
async fn seed_decides_everything() {
    let described = async |seed| {
        let sim = Client::of(SimOptions { seed, ..options() }).await;
        let list = sim.ask(Method::GET, "/").await;
        assert!(list.status.is_success(), "{seed}: {}", list.text);
        let found = records(&list.json());
        assert_eq!(found, 24, "{seed}: {}", list.text);
        let state = sim.control(Method::GET, "/_sim/state").await;
        (sim.token.clone(), sim.organisation(), state["apps"].clone())
    };
    assert_eq!(described(5).await, described(5).await);
    let (one, other) = (described(5).await, described(6).await);
    assert!(one.0 != other.0 && one.1 != other.1 && one.2 != other.2);
    for seed in 7..12 {
        described(seed).await;
    }
}

#[tokio::test]
async fn two_thousand_apps_are_listed() {
    let sim = Client::of(SimOptions {
        apps: 2_000,
        ..options()
    })
    .await;
    assert_eq!(sim.list().await.as_array().unwrap().len(), 2_000);
    let none = Client::of(SimOptions {
        apps: 0,
        ..options()
    })
    .await;
    assert_eq!(none.list().await, json!([]));
    none.shape("empty_list_object").await;
    assert_eq!(none.ask(Method::GET, "/").await.text, "{}");
}

// ── Dialect v1 ──────────────────────────────────────────────────────────────────────────────────

#[tokio::test]
async fn projects_come_page_by_page() {
    let sim = Client::still().await;
    let all = sim.v1(Method::GET, "/projects", None).await.data(200);
    assert_eq!(all["total"], 5);
    let names = |page: &Value| -> Vec<Value> {
        let items = page["items"].as_array().unwrap().iter();
        items.map(|item| item["name"].clone()).collect()
    };
    let mut paged = vec![];
    for page in 1..=3 {
        let place = format!("/projects?page={page}&pageSize=2");
        let page = sim.v1(Method::GET, &place, None).await.data(200);
        assert_eq!(page["total"], 5);
        paged.extend(names(&page));
    }
    assert_eq!(paged, names(&all));
    let beyond = sim.v1(Method::GET, "/projects?page=4&pageSize=2", None);
    assert_eq!(beyond.await.data(200)["items"], json!([]));
    let zero = sim.v1(Method::GET, "/projects?page=0", None).await;
    assert_eq!(zero.status, StatusCode::BAD_REQUEST);
}

#[tokio::test]
async fn variables_of_a_project_are_replaced_as_a_whole() {
    let sim = Client::still().await;
    let project = sim.v1(Method::GET, "/projects/www", None).await.data(200);
    assert_eq!(project["env"].as_array().unwrap().len(), 2);
    assert_eq!(project["projectUrl"], "https://www.apps.example.com");
    let env = json!({ "env": [{ "name": "A", "value": "1" }] });
    let patched = sim.v1(Method::PATCH, "/projects/www", Some(&env)).await;
    assert_eq!(patched.data(200)["env"], env["env"]);
    for wrong in [json!({}), json!({ "env": [{ "name": "A" }] })] {
        let refused = sim.v1(Method::PATCH, "/projects/www", Some(&wrong)).await;
        assert_eq!(refused.status, StatusCode::BAD_REQUEST);
        assert_eq!(refused.json()["error"]["code"], "VALIDATION_ERROR");
    }
    let project = sim.v1(Method::GET, "/projects/www", None).await.data(200);
    assert_eq!(project["env"], env["env"]);
}

#[tokio::test]
async fn project_is_deployed_and_deleted() {
    let sim = Client::still().await;
    let place = "/projects/docs/deploy";
    let deployed = sim.v1(Method::POST, place, Some(&json!({}))).await;
    let uuid = deployed.data(200)["deploymentUuid"].clone();
    let ask = async || {
        let place = "/projects/docs/deployments";
        sim.v1(Method::GET, place, None).await.data(200)
    };
    let runs = client::until(ask, |runs| runs["items"][0]["status"] == "COMPLETED").await;
    assert_eq!(runs["items"][0]["deploymentUuid"], uuid);
    assert_eq!(
        (&runs["total"], runs["items"].as_array().unwrap().len()),
        (&json!(4), 4)
    );
    let project = sim.v1(Method::GET, "/projects/docs", None).await.data(200);
    assert_eq!(project["status"], "RUNNING");
    sim.v1(Method::DELETE, "/projects/docs", None)
        .await
        .data(200);
    let gone = sim.v1(Method::GET, "/projects/docs", None).await;
    assert_eq!(gone.status, StatusCode::NOT_FOUND);
    assert_eq!(
        gone.json(),
        json!({ "success": false, "error": { "code": "NOT_FOUND", "message": "Project not found" } })
    );
}

/// What a stream of server-sent events says: its comments, its data and its events.
fn events(text: &str) -> (usize, Vec<String>, Vec<String>) {
    let under = |name: &str| {
        let values = text.lines().filter_map(|line| line.strip_prefix(name));
        values.map(str::to_owned).collect::<Vec<_>>()
    };
    let comments = text.lines().filter(|line| line.starts_with(':')).count();
    (comments, under("data: "), under("event: "))
}

#[tokio::test]
async fn log_of_a_deployment_streams_until_it_ends() {
    let sim = Client::still().await;
    let place = "/projects/www/deploy";
    let deployed = sim.v1(Method::POST, place, Some(&json!({}))).await;
    let uuid = deployed.data(200)["deploymentUuid"].clone();
    let place = format!("/deployments/{}/logs/stream", uuid.as_str().unwrap());
    let log = sim.v1(Method::GET, &place, None).await;
    assert_eq!(log.headers["content-type"], "text/event-stream");
    assert!(!log.text.contains('\r'));
    let (comments, mut data, names) = events(&log.text);
    assert!(comments > 2, "{}", log.text);
    assert_eq!(names, ["done"]);
    assert_eq!(data.pop().as_deref(), Some("{}"));
    let status: Value = serde_json::from_str(&data.pop().unwrap()).unwrap();
    assert_eq!(status, json!({ "status": "COMPLETED" }));
    let lines: Vec<Value> = data
        .iter()
        .map(|it| serde_json::from_str(it).unwrap())
        .collect();
    assert_eq!(lines[0]["message"], "Deployment of www queued");
    assert_eq!(lines.last().unwrap()["message"], "www is live");
    assert!(lines.iter().any(|line| line["level"] == "error"));
    // Whoever opens it again reads it from the start.
    let again = sim.v1(Method::GET, &place, None).await;
    assert_eq!(events(&again.text).1.len(), lines.len() + 2);
    let nothing = sim
        .v1(Method::GET, "/deployments/0/logs/stream", None)
        .await;
    assert_eq!(nothing.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn log_streams_have_many_forms() {
    let sim = Client::still().await;
    let runs = sim.v1(Method::GET, "/projects/docs/deployments", None);
    let runs = runs.await.data(200);
    let read = async |place: usize, shape: &str| {
        sim.shape(shape).await;
        let uuid = runs["items"][place]["deploymentUuid"].as_str().unwrap();
        let place = format!("/deployments/{uuid}/logs/stream");
        sim.v1(Method::GET, &place, None).await.text
    };
    let whole = read(0, "enveloped").await;
    assert_eq!(read(0, "sse_split").await, whole);
    assert_eq!(read(0, "sse_crlf").await, whole.replace('\n', "\r\n"));
    let (_, data, names) = events(&read(0, "sse_plain+sse_end_eof").await);
    assert!(names.is_empty());
    assert_eq!(data.last().unwrap(), "docs is live");
    let (_, data, names) = events(&read(0, "sse_log+sse_end_done").await);
    assert_eq!(names, ["done"]);
    let second: Value = serde_json::from_str(&data[1]).unwrap();
    assert_eq!(second["stream"], "stdout");
    let (_, data, names) = events(&read(1, "sse_end_status").await);
    assert!(names.is_empty());
    assert_eq!(data.last().unwrap(), r#"{"status":"FAILED"}"#);
}

// ── What others do ──────────────────────────────────────────────────────────────────────────────

#[tokio::test]
async fn dialects_can_be_switched_off() {
    let sim = Client::still().await;
    let both = async || {
        let list = sim.ask(Method::GET, "/").await.status.as_u16();
        let whoami = sim.v1(Method::GET, "/whoami", None).await.status.as_u16();
        (list, whoami)
    };
    assert_eq!(both().await, (200, 200));
    sim.command("/_sim/dialect", &json!("v1")).await;
    assert_eq!(both().await, (404, 200));
    sim.command("/_sim/dialect", &json!("api-v1")).await;
    assert_eq!(both().await, (200, 404));
    sim.command("/_sim/dialect", &json!("both")).await;
    assert_eq!(both().await, (200, 200));
}

#[tokio::test]
async fn another_user_can_do_things() {
    let sim = Client::still().await;
    let order = json!({ "environment": "umami", "outcome": "fail" });
    let begun = sim.command("/_sim/deploy", &order).await;
    let failed = sim.until_app("umami", "FAILED").await;
    assert_eq!(failed["deployment_uuid"], begun["deployment"]);
    sim.command("/_sim/deploy", &json!({ "environment": "plausible" }))
        .await;
    sim.until_app("plausible", "RUNNING").await;
    sim.command("/_sim/vanish", &json!({ "application": "umami" }))
        .await;
    assert_eq!(sim.app("umami").await, None);

    let deploy = json!({ "environment": "www" });
    let begun = sim.command("/_sim/deploy", &deploy).await;
    let log = json!({ "environment": "www", "lines": ["hello from outside"] });
    sim.command("/_sim/log", &log).await;
    let place = format!(
        "/deployments/{}/logs/stream",
        begun["deployment"].as_str().unwrap()
    );
    let text = sim.v1(Method::GET, &place, None).await.text;
    assert!(text.contains("hello from outside"), "{text}");
    let set = json!({ "environment": "www", "name": "B", "value": "2" });
    sim.command("/_sim/variable", &set).await;
    let project = sim.v1(Method::GET, "/projects/www", None).await.data(200);
    assert_eq!(project["env"][2], json!({ "name": "B", "value": "2" }));

    sim.command("/_sim/expire", &json!(true)).await;
    let refused = sim.ask(Method::GET, "/").await;
    assert_eq!(refused.status, StatusCode::UNAUTHORIZED);
    sim.command("/_sim/expire", &json!(false)).await;
    sim.list().await;
}

#[tokio::test]
async fn story_leads_an_app_through_its_domain() {
    let sim = Client::of(SimOptions {
        story: true,
        speed: 1.0,
        ..options()
    })
    .await;
    let list = sim.list().await;
    let apps = list.as_array().unwrap();
    let status_of = |name: &str| {
        let app = apps.iter().find(|app| app["name"] == name);
        status(app.unwrap()).to_owned()
    };
    assert_eq!(status_of("metabase"), "BUILDING");
    assert_eq!(status_of("n8n"), "FAILED");
    assert_eq!(status_of("ghost"), "DOMAIN_PENDING");
    let ghost = id(apps.iter().find(|app| app["name"] == "ghost").unwrap());
    assert_eq!(sim.verify(&ghost).await.data(200)["verified"], false);
    assert_eq!(sim.verify(&ghost).await.data(200)["verified"], true);
    let order = json!({ "domain": "ghost.example.com" });
    let place = format!("/complete-installation/{ghost}");
    let completed = sim.post(&place, &order).await.data(200);
    assert_eq!(status(&completed), "DEPLOYING");

    let projects = sim.v1(Method::GET, "/projects", None).await.data(200);
    let newest = &projects["items"][0]["Deployments"][0];
    assert_eq!(newest["status"], "BUILDING");
    // Its log has begun, and goes on.
    let uuid = newest["deploymentUuid"].as_str().unwrap();
    let place = format!("/v1/deployments/{uuid}/logs/stream");
    let mut log = sim.request(Method::GET, &place).send().await.unwrap();
    let mut text = String::new();
    while !text.contains("Cloning branch main") {
        let chunk = log.chunk().await.unwrap().expect("the log ended");
        text.push_str(&String::from_utf8_lossy(&chunk));
    }
    let before = text.lines().count();
    while text.lines().count() <= before {
        let chunk = log.chunk().await.unwrap().expect("the log ended");
        text.push_str(&String::from_utf8_lossy(&chunk));
    }
    assert!(!text.contains("event: done"));
    let streams = sim.control(Method::GET, "/_sim/requests").await["streams"].clone();
    assert_eq!(
        (&streams["open"], &streams["opened"]["StreamDeploymentLogs"]),
        (&json!(1), &json!(1))
    );
    assert_eq!(sim.control(Method::POST, "/_sim/cut").await["cut"], 1);
    let rest = async { while let Ok(Some(_)) = log.chunk().await {} };
    tokio::time::timeout(client::PATIENCE, rest).await.unwrap();
}
