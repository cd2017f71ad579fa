//! What all simulated platforms have in common, over real HTTP: errors that faults ask for, each
//! platform's in its own words, and commands for one of them.

use own::World;
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

#[cfg(test)]
mod own {
    use flightdeck::sim::{SimOptions, Simulator};
    use reqwest::{Method, Response, StatusCode, header};
    use serde_json::{Value, json};

    /// A request of each interface: context, method, path.
    pub(super) const DIVIO: Asked = Asked("divio", "GET", "/apps/v3/applications/");
    pub(super) const DIGITALOCEAN: Asked = Asked("digitalocean", "GET", "/v2/apps");
    pub(super) const TSURU: Asked = Asked("tsuru", "GET", "/1.0/apps");
    pub(super) const PANDASTACK: Asked = Asked("pandastack", "GET", "/api/v1/managed-apps/");
    pub(super) const PROJECTS: Asked = Asked("pandastack", "GET", "/v1/projects");
    pub(super) const PANGEA: Asked = Asked("pangea", "POST", "/v1beta/platform/project/list");
    pub(super) const LOGIN: Asked = Asked("pangea", "POST", "/v1beta/oauth/token");
    pub(super) const ALL: [Asked; 7] = [
        DIVIO,
        DIGITALOCEAN,
        TSURU,
        PANDASTACK,
        PROJECTS,
        PANGEA,
        LOGIN,
    ];

    /// What breaks a platform.
    const BREAK: &str = "/_sim/faults";

    #[derive(Clone, Copy, Debug)]
    pub(super) struct Asked(
        pub(super) &'static str,
        pub(super) &'static str,
        pub(super) &'static str,
    );

    /// An answer as it came.
    #[derive(Debug)]
    pub(super) struct Answer {
        pub(super) status: u16,
        pub(super) kind: String,
        pub(super) retry_after: Option<String>,
        /// Without what differs from request to request; text, if it is no JSON.
        pub(super) told: Value,
    }

    impl Answer {
        async fn of(response: Response) -> Answer {
            let word = |name| {
                let value = response.headers().get(name)?;
                Some(value.to_str().unwrap().to_owned())
            };
            let (kind, retry_after) = (word(header::CONTENT_TYPE), word(header::RETRY_AFTER));
            let status = response.status().as_u16();
            let text = response.text().await.unwrap();
            let mut told = serde_json::from_str(&text).unwrap_or(Value::String(text));
            if let Some(fields) = told.as_object_mut() {
                for name in ["request_id", "request_time", "response_time"] {
                    fields.remove(name);
                }
            }
            Answer {
                status,
                kind: kind.unwrap_or_default(),
                retry_after,
                told,
            }
        }
    }

    /// All platforms, each once.
    pub(super) struct World {
        simulator: Simulator,
        http: reqwest::Client,
    }

    impl World {
        pub(super) async fn new() -> World {
            // A second test in this process finds it installed.
            let _installed = rustls::crypto::ring::default_provider().install_default();
            let http = reqwest::Client::builder().no_proxy().tls_certs_only([]);
            let options = SimOptions {
                apps: 3,
                story: false,
                ..SimOptions::default()
            };
            World {
                simulator: Simulator::start(options).await.unwrap(),
                http: http.build().unwrap(),
            }
        }

        pub(super) async fn ask(&self, Asked(context, method, path): Asked) -> Answer {
            let mut served = self.simulator.platforms().iter();
            let served = served.find(|it| it.context == context).unwrap();
            let scheme = if context == "divio" {
                "Token"
            } else {
                "Bearer"
            };
            let method = Method::from_bytes(method.as_bytes()).unwrap();
            let organisation = served.organisation.as_deref().unwrap_or_default();
            let mut request = self
                .http
                .request(method.clone(), format!("{}{path}", served.base_url))
                .query(&[("organization_id", organisation)])
                .header("authorization", format!("{scheme} {}", served.token));
            if method == Method::POST {
                request = request.json(&json!({ "org_id": organisation }));
            }
            Answer::of(request.send().await.unwrap()).await
        }

        /// Asks the control port. Tells the status too.
        pub(super) async fn control(
            &self,
            method: Method,
            path: &str,
            body: &Value,
        ) -> (StatusCode, Value) {
            let url = format!("{}{path}", self.simulator.control_url());
            let request = self.http.request(method, url).json(body);
            let response = request.send().await.unwrap();
            let status = response.status();
            (status, response.json().await.unwrap_or_default())
        }

        /// This and nothing else goes wrong from now on.
        pub(super) async fn fault(&self, script: &Value) {
            self.control(Method::DELETE, BREAK, &Value::Null).await;
            let (status, told) = self.control(Method::POST, BREAK, script).await;
            assert_eq!(status, StatusCode::OK, "{told}");
        }

        /// The statuses that the platforms of so many contexts answer with.
        pub(super) async fn statuses<const N: usize>(&self, asked: [Asked; N]) -> [u16; N] {
            let mut statuses = [0; N];
            for (place, asked) in asked.into_iter().enumerate() {
                statuses[place] = self.ask(asked).await.status;
            }
            statuses
        }
    }
}

/// What each platform says to an error that a fault asks for.
async fn check(world: &World, status: u16, expected: &[(own::Asked, Value)]) {
    let fault = json!({ "status": status, "retry_after": 7 });
    world.fault(&fault).await;
    for (asked, told) in expected {
        let answer = world.ask(*asked).await;
        assert_eq!(answer.status, status, "{asked:?}");
        assert_eq!(answer.told, *told, "{asked:?}");
        assert_eq!(answer.retry_after.as_deref(), Some("7"), "{asked:?}");
        let is_text = told.is_string();
        let kind = if is_text {
            "text/plain"
        } else {
            "application/json"
        };
        assert!(answer.kind.starts_with(kind), "{asked:?}: {}", answer.kind);
    }
}

fn panda(code: &str, message: &str) -> Value {
    json!({ "success": false, "error": { "code": code, "message": message } })
}

#[tokio::test]
async fn every_platform_says_in_its_own_words_that_it_is_not_available() {
    let world = World::new().await;
    let said = "Service Unavailable";
    let expected = [
        (own::DIVIO, json!({ "detail": "Service Unavailable." })),
        (
            own::DIGITALOCEAN,
            json!({ "id": "server_error", "message": said }),
        ),
        (own::TSURU, json!(format!("{said}\n"))),
        (own::PANDASTACK, panda("SERVICE_UNAVAILABLE", said)),
        (own::PROJECTS, panda("SERVICE_UNAVAILABLE", said)),
        // The envelope is missing.
        (
            own::PANGEA,
            json!({ "message": "Service temporarily unavailable" }),
        ),
        (
            own::LOGIN,
            json!({ "error": "temporarily_unavailable", "error_description": said }),
        ),
    ];
    check(&world, 503, &expected).await;
}

#[tokio::test]
async fn every_platform_refuses_tokens_in_its_own_words() {
    let world = World::new().await;
    let unauthorised = panda("UNAUTHORIZED", "Invalid or expired API token");
    let expected = [
        (own::DIVIO, json!({ "detail": "Invalid token." })),
        (
            own::DIGITALOCEAN,
            json!({ "id": "unauthorized", "message": "Unable to authenticate you" }),
        ),
        (
            own::TSURU,
            json!("You must provide a valid Authorization header\n"),
        ),
        (own::PANDASTACK, unauthorised.clone()),
        (own::PROJECTS, unauthorised),
        (
            own::PANGEA,
            json!({
                "status": "Unauthorized",
                "summary": "Not authorized to access this resource",
                "result": null,
            }),
        ),
        (
            own::LOGIN,
            json!({
                "error": "invalid_client",
                "error_description": "Client authentication failed",
            }),
        ),
    ];
    check(&world, 401, &expected).await;
}

#[tokio::test]
async fn every_platform_says_in_its_own_words_that_there_were_too_many_requests() {
    let world = World::new().await;
    let expected = [
        (own::DIVIO, json!({ "detail": "Request was throttled." })),
        (
            own::DIGITALOCEAN,
            json!({ "id": "too_many_requests", "message": "API rate limit exceeded." }),
        ),
        (own::TSURU, json!("Too Many Requests\n")),
        (own::PANDASTACK, panda("RATE_LIMITED", "Too Many Requests")),
        (
            own::PANGEA,
            json!({
                "status": "TooManyRequests",
                "summary": "Too many requests",
                "result": null,
            }),
        ),
    ];
    check(&world, 429, &expected).await;
}

#[tokio::test]
async fn gateway_is_the_same_before_every_platform() {
    let world = World::new().await;
    world.fault(&json!({ "status": 502 })).await;
    for asked in own::ALL {
        let answer = world.ask(asked).await;
        assert_eq!((answer.status, answer.kind.as_str()), (502, "text/html"));
        assert!(answer.told.as_str().unwrap().contains("502 Bad Gateway"));
    }
}

#[tokio::test]
async fn what_a_fault_says_is_said_as_the_platform_says_things() {
    let world = World::new().await;
    let fault = json!({ "status": 500, "body": "no luck" });
    world.fault(&fault).await;
    let [tsuru, divio] = [world.ask(own::TSURU).await, world.ask(own::DIVIO).await];
    assert_eq!((&tsuru.told, &divio.told), (&json!("no luck"), &tsuru.told));
    assert!(tsuru.kind.starts_with("text/plain"));
    assert_eq!(divio.kind, "application/json");
}

#[tokio::test]
async fn error_after_acting_is_said_in_the_same_words() {
    let world = World::new().await;
    world.fault(&json!({ "act_then_status": 500 })).await;
    let answer = world.ask(own::TSURU).await;
    assert_eq!(answer.told, "Internal Server Error\n");
    let answer = world.ask(own::PANGEA).await;
    let status = answer.told["status"].as_str();
    assert_eq!((answer.status, status), (500, Some("InternalError")));
}

#[tokio::test]
async fn shape_of_an_error_can_be_chosen_but_not_its_status() {
    let world = World::new().await;
    for (shape, kind) in [
        ("error_html", "text/html"),
        ("error_plain", "text/plain"),
        ("error_ok", "application/json"),
    ] {
        let shape = json!({ "context": "pandastack", "shape": shape });
        world.fault(&json!([shape, { "status": 503 }])).await;
        let answer = world.ask(own::PANDASTACK).await;
        assert_eq!(answer.status, 503);
        assert!(answer.kind.starts_with(kind), "{}", answer.kind);
        // The other dialect is published.
        let answer = world.ask(own::PROJECTS).await;
        assert!(answer.kind.starts_with("application/json"));
    }
    let shape = json!({ "context": "pangea", "shape": "lowercase_status+error_with_200" });
    world.fault(&json!([shape, { "status": 403 }])).await;
    let answer = world.ask(own::PANGEA).await;
    let status = answer.told["status"].as_str();
    assert_eq!((answer.status, status), (403, Some("forbidden")));
}

#[tokio::test]
async fn command_goes_to_the_platform_that_it_names() {
    let world = World::new().await;
    let asked = [own::TSURU, own::PANDASTACK, own::PANGEA];
    assert_eq!(world.statuses(asked).await, [200, 200, 200]);
    let expire = async |body: Value| {
        let (status, told) = world.control(Method::POST, "/_sim/expire", &body).await;
        assert_eq!(status, StatusCode::OK, "{told}");
        world.statuses(asked).await
    };
    let of = |context: &str, expired: bool| json!({ "context": context, "value": expired });
    assert_eq!(expire(of("pangea", true)).await, [200, 200, 401]);
    assert_eq!(expire(of("pandastack", true)).await, [200, 401, 401]);
    assert_eq!(expire(of("pangea", false)).await, [200, 401, 200]);
    // Without a context it is the first that knows of it.
    assert_eq!(expire(json!(true)).await, [401, 401, 200]);
}

#[tokio::test]
async fn command_for_another_platform_or_none_is_refused() {
    let world = World::new().await;
    let (_, state) = world
        .control(Method::GET, "/_sim/state", &Value::Null)
        .await;
    let contexts = state["contexts"].as_array().unwrap();
    let panda = contexts.iter().find(|it| it["context"] == "pandastack");
    let app = panda.unwrap()["apps"][0]["slug"].clone();
    let vanish = async |context: &str| {
        let body = json!({ "context": context, "application": app });
        world.control(Method::POST, "/_sim/vanish", &body).await
    };
    assert_eq!(vanish("tsuru").await.0, StatusCode::NOT_FOUND);
    let (status, told) = vanish("panda").await;
    assert_eq!(status, StatusCode::BAD_REQUEST);
    assert_eq!(
        told["error"],
        "the contexts here are divio, digitalocean, tsuru, pandastack, pangea"
    );
    assert_eq!(vanish("pandastack").await.0, StatusCode::OK);
    assert_eq!(vanish("pandastack").await.0, StatusCode::NOT_FOUND);
}
