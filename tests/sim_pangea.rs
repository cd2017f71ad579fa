//! The simulated Pangea over real HTTP: what a client of the platform sees of it.

use std::collections::HashSet;

use client::{Client, until};
use flightdeck::sim::{Served, SimOptions, Simulator};
use own::{Answer, names, options};
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

#[cfg(test)]
#[path = "support/client.rs"]
mod client;

#[cfg(test)]
mod own {
    use flightdeck::sim::{Served, SimOptions};
    use reqwest::{Method, RequestBuilder, StatusCode, header::HeaderMap};
    use serde_json::{Value, json};

    use crate::client::Client;

    pub(super) fn options() -> SimOptions {
        SimOptions {
            // What takes seconds is done within a tenth of one.
            speed: 40.0,
            story: false,
            platforms: vec!["pangea"],
            ..SimOptions::default()
        }
    }

    /// The names of the projects in a list.
    pub(super) fn names(list: &Value) -> Vec<String> {
        let projects = list["results"].as_array().unwrap().iter();
        let name = |project: &Value| project["name"].as_str().unwrap().to_owned();
        projects.map(name).collect()
    }

    /// An answer as it came.
    pub(super) struct Answer {
        pub(super) status: StatusCode,
        pub(super) headers: HeaderMap,
        pub(super) text: String,
    }

    impl Answer {
        pub(super) fn json(&self) -> Value {
            serde_json::from_str(&self.text).unwrap()
        }

        /// HTTP code and status.
        pub(super) fn told(&self) -> (u16, String) {
            let status = self.json()["status"].as_str().unwrap().to_owned();
            (self.status.as_u16(), status)
        }

        /// The field errors, each as its place and its code.
        pub(super) fn errors(&self) -> Vec<String> {
            assert_eq!(self.told(), (400, "ValidationError".to_owned()));
            let body = self.json();
            let errors = body["result"]["errors"].as_array().unwrap().iter();
            let text = |error: &Value| {
                let of = |name: &str| error[name].as_str().unwrap().to_owned();
                assert!(!of("detail").is_empty());
                format!("{} {}", of("source"), of("code"))
            };
            errors.map(text).collect()
        }
    }

    impl Client {
        pub(super) async fn still() -> Client {
            Client::of(options()).await
        }

        pub(super) async fn of(options: SimOptions) -> Client {
            Client::on("pangea", "Bearer", options).await
        }

        pub(super) fn served(&self) -> &Served {
            &self.simulator.platforms()[0]
        }

        pub(super) fn organisation(&self) -> String {
            self.served().organisation.clone().unwrap()
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

        /// One of the seven, by the end of its path.
        pub(super) async fn ask(&self, operation: &str, body: &Value) -> Answer {
            let path = format!("/v1beta/platform/{operation}");
            let request = self.request(Method::POST, &path);
            self.send(request.json(body)).await
        }

        /// The same with another token.
        pub(super) async fn ask_as(&self, token: &str, operation: &str, body: &Value) -> Answer {
            let path = format!("/v1beta/platform/{operation}");
            let request = self.bare(Method::POST, &path).bearer_auth(token);
            self.send(request.json(body)).await
        }

        /// What it leads to.
        pub(super) async fn result(&self, operation: &str, body: &Value) -> Value {
            let answer = self.ask(operation, body).await;
            assert_eq!(answer.told(), (200, "Success".to_owned()), "{operation}");
            answer.json()["result"].clone()
        }

        pub(super) async fn create(&self, name: &str, geo: &str) -> Answer {
            let body = json!({ "org_id": self.organisation(), "name": name, "geo": geo });
            self.ask("project/create", &body).await
        }

        /// A page of the list.
        pub(super) async fn list(&self, more: Value) -> Value {
            let mut body = json!({ "org_id": self.organisation(), "limit": 100 });
            for (name, value) in more.as_object().unwrap() {
                body[name] = value.clone();
            }
            self.result("project/list", &body).await
        }

        pub(super) async fn poll(&self, request: &Value) -> Answer {
            let path = format!("/request/{}", request.as_str().unwrap());
            self.send(self.request(Method::GET, &path)).await
        }

        /// Gives all answers from now on one shape.
        pub(super) async fn shape(&self, shape: &str) {
            self.control(Method::DELETE, "/_sim/faults").await;
            let fault = json!({ "context": "pangea", "shape": shape });
            self.command("/_sim/faults", &fault).await;
        }

        pub(super) async fn clean(&self) {
            self.control(Method::DELETE, "/_sim/faults").await;
        }

        /// Asks for a token with these fields.
        pub(super) async fn login(&self, form: &[(&str, &str)], basic: bool) -> Answer {
            let client = self.served().client.clone().unwrap();
            let request = self.bare(Method::POST, "/v1beta/oauth/token");
            let request = if basic {
                request.basic_auth(client.id, Some(client.secret))
            } else {
                request
            };
            self.send(request.form(form)).await
        }

        pub(super) async fn token(&self) -> String {
            let answer = self.login(&[GRANT], true).await;
            answer.json()["access_token"].as_str().unwrap().to_owned()
        }
    }

    pub(super) const GRANT: (&str, &str) = ("grant_type", "client_credentials");
}

use own::GRANT;

#[tokio::test]
async fn organisation_is_read_and_renamed_in_an_envelope() {
    let sim = Client::still().await;
    let id = sim.organisation();
    let answer = sim.ask("org/get", &json!({ "id": id })).await;
    assert_eq!(answer.status, StatusCode::OK);
    assert_eq!(answer.headers["content-type"], "application/json");
    let body = answer.json();
    assert_eq!(body["status"], "Success");
    assert_eq!(
        answer.headers["x-request-id"],
        body["request_id"].as_str().unwrap()
    );
    let request = body["request_id"].as_str().unwrap();
    assert!(
        request.starts_with("prq_") && request.len() == 36,
        "{request}"
    );
    let time = |name: &str| -> jiff::Timestamp { body[name].as_str().unwrap().parse().unwrap() };
    assert!(time("request_time") < time("response_time"));
    assert_eq!(
        body["request_time"].as_str().unwrap().len(),
        "2026-05-04T10:11:12.130Z".len()
    );
    let organisation = &body["result"];
    assert_eq!(organisation["id"], id.as_str());
    assert_eq!(organisation["name"], "Harbour Works");
    assert_eq!(organisation["owner_email"], "ana@example.com");
    assert_eq!(organisation["csp"], "aws");
    assert!(organisation["owner"].as_str().unwrap().starts_with("pui_"));
    let renamed = sim
        .result("org/update", &json!({ "id": id, "name": "Pier Works" }))
        .await;
    assert_eq!(renamed["name"], "Pier Works");
    assert_ne!(renamed["updated_at"], organisation["updated_at"]);
    let again = sim.result("org/get", &json!({ "id": id })).await;
    assert_eq!(again, renamed);
}

#[tokio::test]
async fn project_is_created_renamed_and_deleted() {
    let sim = Client::still().await;
    let answer = sim.create("fresh", "us").await;
    assert_eq!(answer.told(), (200, "Success".to_owned()));
    let made = answer.json()["result"].clone();
    assert_eq!(made["region"], "us-west-1");
    assert_eq!(made["org"], sim.organisation().as_str());
    let one = json!({ "id": made["id"] });
    assert_eq!(sim.result("project/get", &one).await, made);
    let other = json!({ "org_id": sim.organisation(), "name": "fresh", "geo": "us", "region": "us-east-1" });
    let other = sim.result("project/create", &other).await;
    assert_eq!(other["region"], "us-east-1");
    assert_ne!(other["id"], made["id"]);
    let renamed = json!({ "id": made["id"], "name": "fresher" });
    let renamed = sim.result("project/update", &renamed).await;
    assert_eq!(
        (&renamed["name"], &renamed["created_at"]),
        (&json!("fresher"), &made["created_at"])
    );
    assert_eq!(sim.result("project/get", &one).await, renamed);
    let search = json!({ "filter": { "search": "fresh" } });
    assert_eq!(names(&sim.list(search.clone()).await), ["fresher", "fresh"]);
    assert_eq!(sim.result("project/delete", &one).await, json!({}));
    let missing = (404, "NotFound".to_owned());
    for operation in ["project/get", "project/delete"] {
        assert_eq!(
            sim.ask(operation, &one).await.told(),
            missing,
            "{operation}"
        );
    }
    let late = json!({ "id": made["id"], "name": "late" });
    assert_eq!(sim.ask("project/update", &late).await.told(), missing);
    assert_eq!(names(&sim.list(search).await), ["fresh"]);
}

#[tokio::test]
async fn list_is_filtered_by_all_filters_and_any_keyword() {
    let sim = Client::still().await;
    let all = sim.list(json!({})).await;
    assert_eq!((&all["count"], &all["offset"]), (&json!(24), &json!(0)));
    let first = &all["results"][0];
    assert_eq!(
        (&first["name"], &first["geo"]),
        (&json!("shop-api-prod"), &json!("us"))
    );
    let count = async |filter: Value| {
        let list = sim.list(json!({ "filter": filter })).await;
        assert_eq!(list["count"], list["results"].as_array().unwrap().len());
        list["count"].as_u64().unwrap()
    };
    assert_eq!(count(json!({ "geo": "eu" })).await, 8);
    assert_eq!(count(json!({ "geo": "us" })).await, 16);
    assert_eq!(
        count(json!({ "geo": "us", "region": "us-east-1" })).await,
        8
    );
    assert_eq!(
        count(json!({ "geo": "eu", "region": "us-east-1" })).await,
        0
    );
    assert_eq!(count(json!({ "geo": "ap" })).await, 0);
    assert_eq!(count(json!({ "search": "SHOP, docs" })).await, 2);
    assert_eq!(count(json!({ "search": first["id"] })).await, 1);
    assert_eq!(
        count(json!({ "search": "shop,docs", "geo": "eu" })).await,
        0
    );
    assert_eq!(count(json!({ "search": "ana@example" })).await, 5);
    assert_eq!(count(json!({ "search": " , " })).await, 24);
}

#[tokio::test]
async fn pages_of_two_thousand_projects_cover_them_once() {
    let sim = Client::of(SimOptions {
        apps: 2_000,
        ..options()
    })
    .await;
    let mut seen = HashSet::new();
    for offset in (0..2_000).step_by(100) {
        let page = sim.list(json!({ "offset": offset })).await;
        assert_eq!(
            (&page["count"], &page["offset"]),
            (&json!(2_000), &json!(offset))
        );
        let results = page["results"].as_array().unwrap();
        assert_eq!(results.len(), 100);
        seen.extend(
            results
                .iter()
                .map(|it| it["id"].as_str().unwrap().to_owned()),
        );
    }
    assert_eq!(seen.len(), 2_000);
    let beyond = sim.list(json!({ "offset": 2_000 })).await;
    assert_eq!(
        (&beyond["results"], &beyond["count"]),
        (&json!([]), &json!(2_000))
    );
    let body = json!({ "org_id": sim.organisation() });
    let unsaid = sim.result("project/list", &body).await;
    assert_eq!(unsaid["results"].as_array().unwrap().len(), 20);
}

#[tokio::test]
async fn what_is_wrong_with_a_body_is_told_field_by_field() {
    let sim = Client::still().await;
    let organisation = sim.organisation();
    let check = async |operation: &str, body: Value, expected: &[&str]| {
        let errors = sim.ask(operation, &body).await.errors();
        assert_eq!(errors, expected, "{operation} {body}");
    };
    check("org/get", json!({}), &["/id FieldRequired"]).await;
    check("org/get", json!({ "id": null }), &["/id InvalidString"]).await;
    check(
        "org/get",
        json!({ "id": "poi_X" }),
        &["/id DoesNotMatchPattern"],
    )
    .await;
    check("org/get", json!([]), &[" BadFormat"]).await;
    let both = [
        "/id FieldRequired",
        "/name FieldRequired",
        "/org_id UnexpectedProperty",
    ];
    check("org/update", json!({ "org_id": organisation }), &both).await;
    check(
        "project/get",
        json!({ "id": organisation }),
        &["/id DoesNotMatchPattern"],
    )
    .await;
    let listed = json!({ "org_id": organisation, "filter": { "geo": 1, "name": "a" }, "offset": -1, "limit": "5" });
    let errors = [
        "/filter/geo InvalidString",
        "/filter/name UnexpectedProperty",
        "/offset BelowMinimum",
        "/limit InvalidInteger",
    ];
    check("project/list", listed, &errors).await;
    let made = |more: Value| {
        let mut body = json!({ "org_id": organisation, "name": "a", "geo": "us" });
        body.as_object_mut()
            .unwrap()
            .extend(more.as_object().unwrap().clone());
        body
    };
    check(
        "project/create",
        made(json!({ "geo": "ap" })),
        &["/geo NotEnumMember"],
    )
    .await;
    check(
        "project/create",
        made(json!({ "region": "mars" })),
        &["/region NotEnumMember"],
    )
    .await;
    let elsewhere = made(json!({ "region": "eu-central-1" }));
    check("project/create", elsewhere, &["/region NotEnumMember"]).await;
    check(
        "project/create",
        made(json!({ "name": " " })),
        &["/name BelowMinLength"],
    )
    .await;
    let long = made(json!({ "name": "a".repeat(200) }));
    check("project/create", long, &["/name AboveMaxLength"]).await;
    let request = sim
        .request(Method::POST, "/v1beta/platform/org/get")
        .body("{");
    assert_eq!(sim.send(request).await.errors(), [" BadFormat"]);
    assert_eq!(sim.list(json!({})).await["count"], 24);
}

#[tokio::test]
async fn who_is_not_let_in_is_told_so() {
    let sim = Client::still().await;
    let body = json!({ "id": sim.organisation() });
    let unauthorized = (401, "Unauthorized".to_owned());
    let bare = sim
        .bare(Method::POST, "/v1beta/platform/org/get")
        .json(&body);
    let answer = sim.send(bare).await;
    assert_eq!(answer.told(), unauthorized);
    let summary = "Not authorized to access this resource";
    assert_eq!(
        (&answer.json()["summary"], &answer.json()["result"]),
        (&json!(summary), &Value::Null)
    );
    let service = format!("pts_{}", "a".repeat(32));
    for token in [service.as_str(), "other", ""] {
        assert_eq!(
            sim.ask_as(token, "org/get", &body).await.told(),
            unauthorized,
            "{token}"
        );
    }
    let missing = (404, "NotFound".to_owned());
    let stranger = json!({ "id": format!("poi_{}", "a".repeat(32)) });
    assert_eq!(sim.ask("org/get", &stranger).await.told(), missing);
    assert_eq!(sim.ask("org/vanish", &body).await.told(), missing);
    let get = sim.request(Method::GET, "/v1beta/platform/org/get");
    assert_eq!(sim.send(get).await.told(), missing);
}

#[tokio::test]
async fn a_token_of_one_project_opens_nothing_else() {
    let sim = Client::still().await;
    let token = format!("{}-project", sim.token);
    let all = sim.list(json!({})).await;
    let (own, other) = (
        json!({ "id": all["results"][0]["id"] }),
        json!({ "id": all["results"][1]["id"] }),
    );
    assert_eq!(
        sim.ask_as(&token, "project/get", &own).await.status,
        StatusCode::OK
    );
    let forbidden = (403, "Forbidden".to_owned());
    let organisation = json!({ "id": sim.organisation() });
    let list = json!({ "org_id": sim.organisation() });
    for (operation, body) in [
        ("project/get", &other),
        ("project/delete", &other),
        ("org/get", &organisation),
        ("project/list", &list),
    ] {
        assert_eq!(
            sim.ask_as(&token, operation, body).await.told(),
            forbidden,
            "{operation}"
        );
    }
    assert_eq!(
        sim.ask_as(&token, "project/delete", &own).await.status,
        StatusCode::OK
    );
}

#[tokio::test]
async fn credentials_are_exchanged_in_two_ways() {
    let sim = Client::still().await;
    let client = sim.served().client.clone().unwrap();
    assert!(client.id.starts_with("psa_") && client.id.len() == 36);
    let form = [
        GRANT,
        ("client_id", &client.id),
        ("client_secret", &client.secret),
    ];
    let organisation = json!({ "id": sim.organisation() });
    let mut tokens = HashSet::new();
    for answer in [
        sim.login(&[GRANT], true).await,
        sim.login(&form, false).await,
    ] {
        assert_eq!(answer.status, StatusCode::OK);
        let body = answer.json();
        assert!(
            body.get("status").is_none() && body.get("request_id").is_none(),
            "{body}"
        );
        assert_eq!(
            (&body["token_type"], &body["expires_in"]),
            (&json!("Bearer"), &json!(3_600))
        );
        let token = body["access_token"].as_str().unwrap().to_owned();
        assert_eq!(
            sim.ask_as(&token, "org/get", &organisation).await.status,
            StatusCode::OK
        );
        tokens.insert(token);
    }
    assert_eq!(tokens.len(), 2);
}

#[tokio::test]
async fn exchange_that_is_wrong_is_refused_as_oauth_does() {
    let sim = Client::still().await;
    let client = sim.served().client.clone().unwrap();
    let check = |answer: Answer, status: u16, error: &str| {
        assert_eq!(answer.status.as_u16(), status, "{}", answer.text);
        assert_eq!(answer.json()["error"], error);
        assert!(answer.json()["error_description"].is_string());
    };
    let wrong = [
        GRANT,
        ("client_id", client.id.as_str()),
        ("client_secret", "other"),
    ];
    check(sim.login(&wrong, false).await, 401, "invalid_client");
    check(sim.login(&[GRANT], false).await, 401, "invalid_client");
    let request = sim.bare(Method::POST, "/v1beta/oauth/token");
    let request = request.basic_auth(&client.id, Some("other")).form(&[GRANT]);
    let answer = sim.send(request).await;
    assert!(answer.headers.contains_key("www-authenticate"));
    check(answer, 401, "invalid_client");
    check(sim.login(&wrong, true).await, 400, "invalid_request");
    check(sim.login(&[], true).await, 400, "invalid_request");
    let password = [("grant_type", "password")];
    check(
        sim.login(&password, true).await,
        400,
        "unsupported_grant_type",
    );
    let scope = [GRANT, ("scope", "vault:read")];
    check(sim.login(&scope, true).await, 400, "invalid_scope");
    let request = sim.bare(Method::POST, "/v1beta/oauth/token");
    let request = request.basic_auth(&client.id, Some(&client.secret));
    let request = request.json(&json!({ "grant_type": "client_credentials" }));
    check(sim.send(request).await, 400, "invalid_request");
}

#[tokio::test]
async fn a_token_with_a_reading_scope_changes_nothing() {
    let sim = Client::still().await;
    let scope = [GRANT, ("scope", "pangea:platform:account:read")];
    let body = sim.login(&scope, true).await.json();
    assert_eq!(body["scope"], "pangea:platform:account:read");
    let token = body["access_token"].as_str().unwrap();
    let organisation = json!({ "id": sim.organisation() });
    assert_eq!(
        sim.ask_as(token, "org/get", &organisation).await.status,
        StatusCode::OK
    );
    let renamed = json!({ "id": sim.organisation(), "name": "Pier Works" });
    let answer = sim.ask_as(token, "org/update", &renamed).await;
    assert_eq!(answer.told(), (403, "ForbiddenByScope".to_owned()));
}

#[tokio::test]
async fn exchanged_tokens_expire() {
    let sim = Client::still().await;
    let organisation = json!({ "id": sim.organisation() });
    let long = sim.token().await;
    sim.command("/_sim/lifetime", &json!(0.05)).await;
    let short = sim.token().await;
    let gone = until(
        async || sim.ask_as(&short, "org/get", &organisation).await.status,
        |status| *status == StatusCode::UNAUTHORIZED,
    );
    assert_eq!(gone.await, StatusCode::UNAUTHORIZED);
    assert_eq!(
        sim.ask_as(&long, "org/get", &organisation).await.status,
        StatusCode::OK
    );
    sim.command("/_sim/expire", &json!(true)).await;
    for token in [&long, &sim.token] {
        let answer = sim.ask_as(token, "org/get", &organisation).await;
        assert_eq!(answer.status, StatusCode::UNAUTHORIZED);
    }
    sim.command("/_sim/expire", &json!(false)).await;
    assert_eq!(
        sim.ask("org/get", &organisation).await.status,
        StatusCode::OK
    );
}

#[tokio::test]
async fn shapes_of_the_exchange() {
    let sim = Client::still().await;
    let client = sim.served().client.clone().unwrap();
    let form = [
        GRANT,
        ("client_id", client.id.as_str()),
        ("client_secret", &client.secret),
    ];
    let keys = async |shape: &str| {
        sim.shape(shape).await;
        let body = sim.login(&[GRANT], true).await.json();
        let mut keys: Vec<String> = body.as_object().unwrap().keys().cloned().collect();
        keys.sort();
        keys.join(" ")
    };
    assert_eq!(keys("bare_token").await, "access_token");
    assert_eq!(keys("no_expires_in").await, "access_token scope token_type");
    sim.shape("text_expires_in").await;
    assert_eq!(sim.login(&[GRANT], true).await.json()["expires_in"], "3600");
    sim.shape("form_login").await;
    assert_eq!(
        sim.login(&[GRANT], true).await.json()["error"],
        "invalid_client"
    );
    assert_eq!(sim.login(&form, false).await.status, StatusCode::OK);
    sim.shape("basic_login").await;
    assert_eq!(
        sim.login(&form, false).await.json()["error"],
        "invalid_client"
    );
    assert_eq!(sim.login(&[GRANT], true).await.status, StatusCode::OK);
    sim.shape("service_client").await;
    let token = sim.token().await;
    let organisation = json!({ "id": sim.organisation() });
    let answer = sim.ask_as(&token, "org/get", &organisation).await;
    assert_eq!(answer.status, StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn a_project_in_europe_is_accepted_first_and_there_in_the_end() {
    // In real time, so that it is seen before it is done.
    let sim = Client::of(SimOptions {
        speed: 4.0,
        ..options()
    })
    .await;
    let answer = sim.create("grand-tour", "eu").await;
    assert_eq!(answer.told(), (202, "Accepted".to_owned()));
    let accepted = answer.json();
    let request = &accepted["request_id"];
    let result = &accepted["result"];
    assert_eq!(
        (&result["ttl_mins"], &result["retry_counter"]),
        (&json!(1_440), &json!(0))
    );
    let location = format!("{}/request/{}", sim.base, request.as_str().unwrap());
    assert_eq!(result["location"], location.as_str());
    let search = json!({ "filter": { "search": "grand-tour" } });
    assert_eq!(sim.list(search.clone()).await["count"], 0);
    let again = sim.poll(request).await;
    assert_eq!(again.told(), (202, "Accepted".to_owned()));
    assert_eq!(again.json()["result"]["retry_counter"], 1);
    let other = sim.token().await;
    let path = format!("/request/{}", request.as_str().unwrap());
    let foreign = sim.bare(Method::GET, &path).bearer_auth(&other);
    assert_eq!(
        sim.send(foreign).await.told(),
        (401, "Unauthorized".to_owned())
    );
    let done = until(
        async || sim.poll(request).await,
        |it| it.status == StatusCode::OK,
    )
    .await;
    assert_eq!(done.told(), (200, "Success".to_owned()));
    let done = done.json();
    assert_eq!(&done["request_id"], request);
    assert_eq!(
        (&done["result"]["name"], &done["result"]["region"]),
        (&json!("grand-tour"), &json!("eu-central-1"))
    );
    assert_eq!(sim.list(search).await["results"][0], done["result"]);
    let unknown = json!(format!("prq_{}", "a".repeat(32)));
    assert_eq!(
        sim.poll(&unknown).await.told(),
        (404, "NotFound".to_owned())
    );
    let counted = sim.control(Method::GET, "/_sim/requests").await;
    assert_eq!(counted["acted"], json!({ "ProjectCreate": 1 }));
    assert!(counted["operations"]["GetAsyncRequest"].as_u64().unwrap() >= 4);
}

#[tokio::test]
async fn every_operation_can_be_accepted_first() {
    let sim = Client::still().await;
    let organisation = sim.organisation();
    let project = sim.list(json!({})).await["results"][0]["id"].clone();
    sim.shape("accepted").await;
    for (operation, body, told) in [
        ("org/get", json!({ "id": organisation }), "/name"),
        (
            "org/update",
            json!({ "id": organisation, "name": "Pier Works" }),
            "/name",
        ),
        ("project/get", json!({ "id": project }), "/region"),
        (
            "project/list",
            json!({ "org_id": organisation }),
            "/results/0/id",
        ),
        (
            "project/create",
            json!({ "org_id": organisation, "name": "a", "geo": "us" }),
            "/geo",
        ),
        (
            "project/update",
            json!({ "id": project, "name": "b" }),
            "/name",
        ),
        ("project/delete", json!({ "id": project }), ""),
    ] {
        let accepted = sim.ask(operation, &body).await;
        assert_eq!(accepted.told(), (202, "Accepted".to_owned()), "{operation}");
        let request = accepted.json()["request_id"].clone();
        let done = until(
            async || sim.poll(&request).await,
            |it| it.status == StatusCode::OK,
        );
        let result = done.await.json()["result"].clone();
        assert!(result.pointer(told).is_some(), "{operation} {result}");
    }
    // What is wrong is told at once, what has gone in the end.
    assert_eq!(
        sim.ask("project/get", &json!({})).await.errors(),
        ["/id FieldRequired"]
    );
    let late = sim
        .ask("project/get", &json!({ "id": project }))
        .await
        .json();
    let late = until(
        async || sim.poll(&late["request_id"]).await,
        |it| it.status != StatusCode::ACCEPTED,
    );
    assert_eq!(late.await.told(), (404, "NotFound".to_owned()));
}

#[tokio::test]
async fn accepted_answers_have_every_shape() {
    let sim = Client::still().await;
    let foreign = "http://127.0.0.1:9";
    sim.command("/_sim/location", &json!(format!("{foreign}/")))
        .await;
    let accepted = async |shape: &str| {
        sim.shape(shape).await;
        let body = json!({ "id": sim.organisation() });
        sim.ask("org/get", &body).await
    };
    let text = accepted("accepted_text").await.json();
    let result = &text["result"];
    assert_eq!(
        (&result["ttl_mins"], &result["retry_counter"]),
        (&json!("1440"), &json!("0"))
    );
    let null = accepted("accepted_null_result").await;
    assert_eq!(
        (null.status.as_u16(), &null.json()["result"]),
        (202, &Value::Null)
    );
    let absent = accepted("accepted_no_location").await.json();
    assert!(absent["result"]["ttl_mins"].is_u64() && absent["result"].get("location").is_none());
    let away = accepted("accepted_foreign_location").await.json();
    let location = format!("{foreign}/request/{}", away["request_id"].as_str().unwrap());
    assert_eq!(away["result"]["location"], location.as_str());
    assert_eq!(
        accepted("accepted_by_status").await.told(),
        (200, "Accepted".to_owned())
    );
    assert_eq!(
        accepted("accepted_by_code").await.told(),
        (202, "Success".to_owned())
    );
    let both = accepted("accepted_text+accepted_no_location+lowercase_status").await;
    assert_eq!(both.told(), (202, "accepted".to_owned()));
    let text = json!({ "ttl_mins": "1440", "retry_counter": "0" });
    assert_eq!(both.json()["result"], text);
    let forever = accepted("accepted_forever").await.json()["request_id"].clone();
    let failing = accepted("accepted_fails").await.json()["request_id"].clone();
    sim.clean().await;
    let failed = until(
        async || sim.poll(&failing).await,
        |it| it.status != StatusCode::ACCEPTED,
    );
    assert_eq!(failed.await.told(), (500, "Failed".to_owned()));
    assert_eq!(
        sim.poll(&forever).await.told(),
        (202, "Accepted".to_owned())
    );
}

#[tokio::test]
async fn what_is_never_done_is_forgotten() {
    let sim = Client::of(SimOptions {
        speed: 400.0,
        ..options()
    })
    .await;
    sim.shape("accepted_forgotten").await;
    let accepted = sim.create("lost", "us").await.json();
    assert_eq!(accepted["result"]["ttl_mins"], 1);
    let request = &accepted["request_id"];
    let gone = until(
        async || sim.poll(request).await,
        |it| it.status != StatusCode::ACCEPTED,
    );
    assert_eq!(gone.await.told(), (404, "NotFound".to_owned()));
    sim.clean().await;
    assert_eq!(
        sim.list(json!({ "filter": { "search": "lost" } })).await["count"],
        0
    );
}

#[tokio::test]
async fn envelopes_have_every_shape() {
    let sim = Client::still().await;
    let get = async |shape: &str| {
        sim.shape(shape).await;
        let body = json!({ "id": sim.organisation() });
        sim.ask("org/get", &body).await
    };
    for (shape, status) in [
        ("clean", "Success"),
        ("lowercase_status", "success"),
        ("uppercase_status", "SUCCESS"),
        ("underscored_status", "success"),
    ] {
        assert_eq!(get(shape).await.told(), (200, status.to_owned()), "{shape}");
    }
    let stranger = json!({ "id": format!("poi_{}", "a".repeat(32)) });
    for (shape, status) in [
        ("underscored_status", "not_found"),
        ("hyphenated_status", "Not-Found"),
        ("spaced_status", "Not Found"),
    ] {
        sim.shape(shape).await;
        let told = sim.ask("org/get", &stranger).await.told();
        assert_eq!(told, (404, status.to_owned()), "{shape}");
    }
    assert_eq!(get("empty_summary").await.json()["summary"], "");
    assert_eq!(
        get("null_summary").await.json().get("summary"),
        Some(&Value::Null)
    );
    assert_eq!(get("no_summary").await.json().get("summary"), None);
    let sparse = get("no_optional").await.json()["result"].clone();
    assert!(sparse.get("updated_at").is_none() && sparse.get("owner_email").is_none());
    let null = get("null_optional").await.json()["result"].clone();
    assert_eq!(
        (&null["updated_at"], null.get("owner_email")),
        (&Value::Null, Some(&Value::Null))
    );
    let ornate = get("unknown_fields").await.json();
    assert!(ornate["request_cost"].is_object() && ornate["result"]["labels"].is_array());
    assert_eq!(get("garbage_times").await.json()["response_time"], "37ms");
    assert!(get("no_status").await.json().get("status").is_none());
    assert!(get("list").await.json().is_array());
    let page = get("html").await;
    assert!(page.text.starts_with("<html>") && page.headers["content-type"] == "text/html");
    assert_eq!(
        get("success_with_201").await.told(),
        (201, "Success".to_owned())
    );
    assert!(
        !get("no_request_id_header")
            .await
            .headers
            .contains_key("x-request-id")
    );
    let other = get("other_request_id_header").await;
    assert_ne!(
        other.headers["x-request-id"],
        other.json()["request_id"].as_str().unwrap()
    );
}

#[tokio::test]
async fn errors_have_every_shape_and_do_nothing() {
    let sim = Client::still().await;
    for (shape, code, status) in [
        ("unauthorized", 401, "Unauthorized"),
        ("forbidden", 403, "Forbidden"),
        ("forbidden_scope", 403, "ForbiddenByScope"),
        ("forbidden_with_200", 200, "Forbidden"),
        ("not_found", 404, "NotFound"),
        ("too_many_requests", 429, "TooManyRequests"),
        ("no_credit", 402, "NoCredit"),
        ("service_not_enabled", 400, "ServiceNotEnabled"),
        ("service_not_available", 500, "ServiceNotAvailable"),
        ("provider_error", 502, "ProviderError"),
        ("missing_config_id", 400, "MissingConfigID"),
        ("missing_config_id_scope", 400, "MissingConfigIDScope"),
        ("failed", 500, "Failed"),
        ("internal_error", 500, "InternalError"),
        ("unknown_status", 409, "OrganizationFrozen"),
    ] {
        sim.shape(shape).await;
        let answer = sim.create("never", "us").await;
        assert_eq!(answer.told(), (code, status.to_owned()), "{shape}");
        assert_eq!(answer.json()["result"], Value::Null, "{shape}");
    }
    sim.shape("too_many_requests").await;
    assert_eq!(sim.create("never", "us").await.headers["retry-after"], "1");
    sim.shape("too_many_requests_no_retry_after").await;
    assert!(
        !sim.create("never", "us")
            .await
            .headers
            .contains_key("retry-after")
    );
    sim.shape("unavailable").await;
    let bare = sim.create("never", "us").await;
    assert_eq!(bare.status, StatusCode::SERVICE_UNAVAILABLE);
    assert_eq!(
        bare.json(),
        json!({ "message": "Service temporarily unavailable" })
    );
    sim.shape("no_result").await;
    let stranger = json!({ "id": format!("ppi_{}", "a".repeat(32)) });
    assert!(
        sim.ask("project/get", &stranger)
            .await
            .json()
            .get("result")
            .is_none()
    );
    sim.shape("error_with_200").await;
    let missing = sim.ask("project/delete", &stranger).await;
    assert_eq!(missing.told(), (200, "NotFound".to_owned()));
    sim.shape("verbose_errors").await;
    let verbose = sim.ask("project/get", &json!({ "id": "x" })).await.json();
    assert_eq!(
        verbose["result"]["errors"][0]["path"],
        "/properties/id/pattern"
    );
    sim.shape("empty_errors").await;
    assert!(sim.ask("project/get", &json!({})).await.errors().is_empty());
    sim.clean().await;
    assert_eq!(sim.list(json!({})).await["count"], 24);
    let counted = sim.control(Method::GET, "/_sim/requests").await;
    assert_eq!(counted["acted"], json!({}));
}

#[tokio::test]
async fn lists_and_deletions_have_every_shape() {
    let sim = Client::still().await;
    let all = names(&sim.list(json!({})).await);
    let page = async |shape: &str, offset: u64, limit: u64| {
        sim.shape(shape).await;
        sim.list(json!({ "offset": offset, "limit": limit })).await
    };
    assert_eq!(page("page_count", 10, 10).await["count"], 10);
    assert_eq!(page("zero_count", 10, 10).await["count"], 0);
    let overlapping = page("overlapping_pages", 10, 10).await;
    assert_eq!(names(&overlapping), all[9..19]);
    assert_eq!(names(&page("overlapping_pages", 0, 10).await), all[..10]);
    let short = page("short_pages", 10, 10).await;
    assert_eq!(
        (names(&short).as_slice(), &short["count"]),
        (&all[10..15], &json!(24))
    );
    assert_eq!(names(&page("same_page", 10, 10).await), all[..10]);
    let null = page("null_results", 0, 10).await;
    assert_eq!(
        (null.get("results"), &null["count"]),
        (Some(&Value::Null), &json!(24))
    );
    assert!(page("no_results", 0, 10).await.get("results").is_none());
    let new = page("new_region", 0, 1).await["results"][0].clone();
    assert_eq!(
        (&new["geo"], &new["region"]),
        (&json!("ap"), &json!("ap-southeast-2"))
    );
    let deleted = async |shape: &str| {
        sim.shape("clean").await;
        let first = sim.list(json!({ "limit": 1 })).await["results"][0].clone();
        sim.shape(shape).await;
        let answer = sim
            .ask("project/delete", &json!({ "id": first["id"] }))
            .await;
        assert_eq!(answer.told(), (200, "Success".to_owned()), "{shape}");
        (answer.json().get("result").cloned(), first)
    };
    assert_eq!(deleted("null_result").await.0, Some(Value::Null));
    assert_eq!(deleted("no_result").await.0, None);
    let (result, project) = deleted("project_result").await;
    assert_eq!(result, Some(project));
    sim.clean().await;
    assert_eq!(sim.list(json!({})).await["count"], 21);
}

#[tokio::test]
async fn a_shape_that_nobody_knows_is_refused() {
    let sim = Client::still().await;
    let fault = json!({ "context": "pangea", "shape": "bent" }).to_string();
    let address = format!("{}/_sim/faults", sim.simulator.control_url());
    let answer = sim.send(sim.http.post(address).body(fault)).await;
    assert_eq!(answer.status, StatusCode::BAD_REQUEST);
    assert!(answer.text.contains("no shape `bent`"), "{}", answer.text);
}

#[tokio::test]
async fn another_user_changes_things_too() {
    let sim = Client::still().await;
    let order = json!({ "name": "theirs", "geo": "eu" });
    let made = sim.command("/_sim/create", &order).await["application"].clone();
    let one = json!({ "id": made });
    assert_eq!(
        sim.result("project/get", &one).await["region"],
        "eu-central-1"
    );
    sim.command(
        "/_sim/rename",
        &json!({ "application": "theirs", "name": "ours" }),
    )
    .await;
    assert_eq!(sim.result("project/get", &one).await["name"], "ours");
    let order = json!({ "application": sim.organisation(), "name": "Pier Works" });
    sim.command("/_sim/rename", &order).await;
    let organisation = json!({ "id": sim.organisation() });
    assert_eq!(
        sim.result("org/get", &organisation).await["name"],
        "Pier Works"
    );
    sim.command("/_sim/vanish", &json!({ "application": made }))
        .await;
    assert_eq!(
        sim.ask("project/get", &one).await.told(),
        (404, "NotFound".to_owned())
    );
    let state = sim.control(Method::GET, "/_sim/state").await;
    let apps = state["contexts"][0]["apps"].as_array().unwrap();
    assert_eq!(
        (apps.len(), &apps[0]["slug"]),
        (24, &json!("shop-api-prod"))
    );
    assert_eq!(
        apps[0]["environments"],
        json!([{ "slug": "us-west-1", "role": "us" }])
    );
}

#[tokio::test]
async fn requests_are_counted_by_operation() {
    let sim = Client::still().await;
    let organisation = json!({ "id": sim.organisation() });
    let project = json!({ "id": sim.list(json!({})).await["results"][0]["id"] });
    sim.token().await;
    sim.ask("org/get", &organisation).await;
    sim.ask(
        "org/update",
        &json!({ "id": sim.organisation(), "name": "a" }),
    )
    .await;
    sim.ask("project/get", &project).await;
    sim.ask(
        "project/update",
        &json!({ "id": project["id"], "name": "b" }),
    )
    .await;
    sim.create("c", "us").await;
    sim.ask("project/delete", &project).await;
    sim.ask("project/delete", &project).await;
    sim.poll(&json!("prq_x")).await;
    let counted = sim.control(Method::GET, "/_sim/requests").await;
    let expected = json!({
        "GetAccessToken": 1, "GetAsyncRequest": 1, "OrgGet": 1, "OrgUpdate": 1, "ProjectCreate": 1,
        "ProjectDelete": 2, "ProjectGet": 1, "ProjectList": 1, "ProjectUpdate": 1,
    });
    assert_eq!(counted["operations"], expected);
    assert_eq!(
        (&counted["changing"], &counted["unauthorised"]),
        (&json!(5), &json!(0))
    );
    let acted =
        json!({ "OrgUpdate": 1, "ProjectCreate": 1, "ProjectDelete": 1, "ProjectUpdate": 1 });
    assert_eq!(counted["acted"], acted);
}

/// What there is in the world of a seed, but for its dates.
async fn world(seed: u64) -> (String, Vec<Value>, Option<Served>) {
    let sim = Client::of(SimOptions { seed, ..options() }).await;
    sim.shape("no_optional").await;
    let list = sim.list(json!({})).await["results"].clone();
    let mut projects = list.as_array().cloned().unwrap_or_default();
    assert!(!projects.is_empty(), "there are some: {list}");
    for project in &mut projects {
        project["created_at"].take();
    }
    let served = Served {
        base_url: String::new(),
        ..sim.served().clone()
    };
    (sim.organisation(), projects, Some(served))
}

#[tokio::test]
async fn a_world_is_a_function_of_its_seed() {
    // The same but for how answers are written, which is the first seed's here.
    let first = world(1).await;
    assert_eq!(world(1).await, first);
    let options = SimOptions {
        seed: 2,
        ..options()
    };
    let sim = Client::of(options).await;
    assert_ne!(sim.organisation(), first.0);
    assert_ne!(sim.served().client, first.2.unwrap().client);
    sim.shape("clean").await;
    let other = sim.list(json!({})).await;
    assert_eq!(other["results"][0]["name"], first.1[0]["name"]);
    assert_ne!(other["results"][0]["id"], first.1[0]["id"]);
}

#[tokio::test]
async fn every_seed_can_be_worked_with() {
    for seed in 2..12 {
        let sim = Client::of(SimOptions { seed, ..options() }).await;
        let answer = sim
            .ask("org/get", &json!({ "id": sim.organisation() }))
            .await;
        let body = answer.json();
        let status = body["status"].as_str().unwrap();
        assert!(status.eq_ignore_ascii_case("success"), "{seed}: {body}");
        assert_eq!(body["result"]["name"], "Harbour Works");
        assert_eq!(sim.create("tour", "eu").await.status, StatusCode::ACCEPTED);
    }
}

#[tokio::test]
async fn the_demo_has_a_dozen_projects_and_stays_clean() {
    let options = SimOptions {
        seed: 7,
        ..SimOptions::default()
    };
    let simulator = Simulator::start(SimOptions {
        platforms: vec!["pangea"],
        ..options.clone()
    });
    let config = simulator.await.unwrap().config_toml();
    let parsed: toml::Table = config.parse().unwrap();
    let context = &parsed["contexts"]["pangea"];
    assert_eq!(context["token"].as_str(), Some("sim-pangea-token-7"));
    assert!(
        context["organisation"]
            .as_str()
            .unwrap()
            .starts_with("poi_")
    );
    assert!(config.contains("# client_id = \"psa_"), "{config}");
    assert!(
        config.contains("# client_secret = \"sim-pangea-secret-7\""),
        "{config}"
    );
    let sim = Client::of(SimOptions {
        platforms: vec!["pangea"],
        ..options
    })
    .await;
    let list = sim.list(json!({})).await;
    assert_eq!(list["count"], 12);
    let geos: HashSet<&str> = list["results"]
        .as_array()
        .unwrap()
        .iter()
        .map(|it| it["geo"].as_str().unwrap())
        .collect();
    assert_eq!(geos, HashSet::from(["us", "eu"]));
}
