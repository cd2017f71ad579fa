//! The simulated tsuru over real HTTP: what a client of the platform sees of it.

use client::Client;
use flightdeck::sim::SimOptions;
use own::{FORM, id, options};
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

#[cfg(test)]
#[expect(dead_code, reason = "the simulator itself is given orders only")]
#[path = "support/client.rs"]
mod client;

#[cfg(test)]
mod own {
    use flightdeck::sim::SimOptions;
    use reqwest::{Method, RequestBuilder, StatusCode, header::HeaderMap};
    use serde_json::Value;

    use crate::client::{Client, until};

    pub(super) const FORM: &str = "application/x-www-form-urlencoded";

    pub(super) fn options() -> SimOptions {
        SimOptions {
            speed: 40.0,
            story: false,
            platforms: vec!["tsuru"],
            rate_limits: None,
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
            serde_json::from_str(&self.text).unwrap()
        }

        /// Status and text of a refusal.
        pub(super) fn refusal(&self) -> (u16, &str) {
            (self.status.as_u16(), &self.text)
        }

        /// What an action stream ended with, if it failed.
        pub(super) fn error(&self) -> Option<String> {
            let last = self.text.lines().rfind(|line| !line.trim().is_empty());
            let last: Value = serde_json::from_str(last.unwrap()).unwrap();
            last["Error"].as_str().map(str::to_owned)
        }
    }

    impl Client {
        pub(super) async fn still() -> Client {
            Client::of(options()).await
        }

        pub(super) async fn of(options: SimOptions) -> Client {
            Client::on("tsuru", "bearer", options).await
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

        pub(super) async fn ask(&self, method: Method, path: &str) -> Answer {
            let request = self.request(method, path);
            self.send(request).await
        }

        /// With the fields of a form.
        pub(super) async fn submit(&self, method: Method, path: &str, form: &str) -> Answer {
            let request = self.request(method, path);
            let request = request.header("Content-Type", FORM);
            self.send(request.body(form.to_owned())).await
        }

        pub(super) async fn json(&self, method: Method, path: &str, body: &Value) -> Answer {
            let request = self.request(method, path);
            self.send(request.json(body)).await
        }

        pub(super) async fn get(&self, path: &str) -> Value {
            let answer = self.ask(Method::GET, path).await;
            assert_eq!(answer.status, StatusCode::OK, "{path}: {}", answer.text);
            answer.json()
        }

        /// Reads until the answer is as wanted.
        pub(super) async fn until(&self, path: &str, wanted: impl Fn(&Value) -> bool) -> Value {
            until(async || self.get(path).await, wanted).await
        }

        /// How many units of a process are there that are started.
        pub(super) async fn units(&self, app: &str, process: &str) -> usize {
            let app = self.get(&format!("/1.0/apps/{app}")).await;
            let units = app["units"].as_array().unwrap().iter();
            let fits =
                |unit: &&Value| unit["ProcessName"] == process && unit["Status"] == "started";
            units.filter(fits).count()
        }
    }

    pub(super) fn id(value: &Value) -> String {
        value.as_str().unwrap().to_owned()
    }
}

#[tokio::test]
async fn token_is_the_last_of_one_or_two_words() {
    let sim = Client::still().await;
    for (header, status) in [
        (format!("bearer {}", sim.token), 200),
        (format!("b {}", sim.token), 200),
        (sim.token.clone(), 200),
        (format!("one two {}", sim.token), 401),
        ("bearer other".to_owned(), 401),
    ] {
        let request = sim.bare(Method::GET, "/1.0/users/info");
        let answer = sim.send(request.header("Authorization", &header)).await;
        assert_eq!(answer.status.as_u16(), status, "{header}");
    }
    let answer = sim.send(sim.bare(Method::GET, "/1.0/apps")).await;
    assert_eq!(
        answer.refusal(),
        (401, "You must provide a valid Authorization header\n")
    );
    let demanded = "Bearer realm=\"tsuru\" scope=\"tsuru\"";
    assert_eq!(answer.headers["www-authenticate"], demanded);
    assert_eq!(answer.headers["content-type"], "text/plain; charset=utf-8");
    assert_eq!(answer.headers["supported-tsuru"], "1.0.1");
    let health = sim.send(sim.bare(Method::GET, "/1.0/healthcheck")).await;
    assert_eq!(health.refusal(), (200, "WORKING"));
}

#[tokio::test]
async fn each_route_has_one_version_and_an_old_server_lacks_the_newer_ones() {
    let sim = Client::still().await;
    let unknown = (404, "404 page not found\n");
    assert_eq!(sim.ask(Method::GET, "/1.0/events").await.refusal(), unknown);
    assert_eq!(sim.ask(Method::GET, "/1.2/apps").await.refusal(), unknown);
    assert_eq!(sim.ask(Method::PUT, "/1.0/events").await.refusal(), unknown);
    assert!(sim.get("/1.1/events?limit=1").await.is_array());
    assert!(sim.get("/events?limit=1").await.is_array());
    // Without a prefix the older shape answers.
    assert!(sim.get("/1.24/apps/atlas/certificate").await["routers"].is_object());
    let legacy = sim.get("/apps/atlas/certificate").await;
    assert!(legacy["ingress"]["www.example.com"].is_string(), "{legacy}");
    sim.command("/_sim/age", &json!(3)).await;
    let autoscale = "/1.9/apps/beacon/units/autoscale";
    assert_eq!(sim.ask(Method::GET, autoscale).await.refusal(), unknown);
    assert!(sim.get("/1.0/apps/beacon").await["name"].is_string());
    sim.command("/_sim/age", &Value::Null).await;
    assert!(sim.get(autoscale).await.is_array());
}

#[tokio::test]
async fn what_is_missing_is_named_and_what_is_empty_has_no_body() {
    let sim = Client::still().await;
    let missing = sim.ask(Method::GET, "/1.0/apps/nope").await;
    assert_eq!(missing.refusal(), (404, "App nope not found.\n"));
    for path in [
        "/1.0/apps?name=%5Enope%24",
        "/1.0/deploys?app=sprout",
        "/1.1/events?target.value=nope",
    ] {
        let answer = sim.ask(Method::GET, path).await;
        assert_eq!(answer.refusal(), (204, ""), "{path}");
    }
    assert_eq!(
        sim.get("/1.9/apps/atlas/units/autoscale").await,
        Value::Null
    );
    assert_eq!(sim.get("/1.0/apps/lantern/env?env=NOPE").await, Value::Null);
}

#[tokio::test]
async fn apps_are_filtered_by_an_expression_and_told_with_the_keys_of_the_server() {
    let sim = Client::still().await;
    let names = |apps: &Value| -> Vec<String> {
        apps.as_array()
            .unwrap()
            .iter()
            .map(|app| id(&app["name"]))
            .collect()
    };
    let some = sim.get("/1.0/apps?name=%5E(atlas%7Cbeacon)%24").await;
    assert_eq!(names(&some), ["atlas", "beacon"]);
    // The status has no effect.
    assert_eq!(names(&sim.get("/1.0/apps?status=error").await).len(), 24);
    let simple = &sim.get("/1.0/apps?simplified=true&name=atlas").await[0];
    assert_eq!(
        (&simple["units"], &simple["platform"]),
        (&json!([]), &Value::Null)
    );
    let extended = &sim.get("/1.0/apps?extended=true&name=atlas").await[0];
    assert!(extended["metadata"]["labels"].is_array() && extended["platform"].is_string());
    let atlas = sim.get("/1.0/apps/atlas").await;
    let unit = &atlas["units"][0];
    assert_eq!(unit["ID"], unit["Name"]);
    assert_eq!(
        (&unit["Status"], &unit["Address"]),
        (&json!("started"), &Value::Null)
    );
    assert_eq!(atlas["quota"], json!({ "limit": 12, "inuse": 6 }));
    assert_eq!(atlas["unitsMetrics"].as_array().unwrap().len(), 6);
    let sprout = sim.get("/1.0/apps/sprout").await;
    assert_eq!(
        (&sprout["deploys"], &sprout["units"]),
        (&json!(0), &json!([]))
    );
    let outpost = sim.get("/1.0/apps/outpost").await;
    assert_eq!(outpost["units"], Value::Null);
    assert!(outpost["error"].as_str().unwrap().contains('\n'));
}

#[tokio::test]
async fn restart_goes_on_after_the_client_has_gone() {
    let sim = Client::still().await;
    let before = sim.get("/1.0/apps/lantern").await["units"].clone();
    let path = "/1.0/apps/lantern/restart";
    let request = sim.request(Method::POST, path);
    drop(request.send().await.unwrap());
    let renewed = |app: &Value| {
        let units = app["units"].as_array().unwrap();
        units.len() == before.as_array().unwrap().len()
            && units.iter().all(|unit| unit["Status"] == "started")
            && app["units"] != before
    };
    sim.until("/1.0/apps/lantern", renewed).await;
    let idle = |events: &Value| events[0]["Running"] == false;
    let events = "/1.1/events?target.value=lantern&limit=1";
    let event = &sim.until(events, idle).await[0];
    assert_eq!(event["Kind"]["Name"], "app.update.restart");
    assert!(event["Log"].as_str().unwrap().contains("+0000: ---- "));
}

#[tokio::test]
async fn units_are_added_and_removed_and_stop_leaves_none() {
    let sim = Client::still().await;
    let path = "/1.0/apps/atlas/units";
    let before = sim.units("atlas", "worker").await;
    let added = sim
        .submit(Method::PUT, path, "units=2&process=worker")
        .await;
    assert_eq!((added.status, added.error()), (StatusCode::OK, None));
    assert_eq!(sim.units("atlas", "worker").await, before + 2);
    // A form on DELETE is not read.
    let ignored = sim
        .submit(Method::DELETE, path, "units=1&process=worker")
        .await;
    assert_eq!(ignored.refusal().0, 400);
    let removed = sim
        .ask(Method::DELETE, &format!("{path}?units=2&process=worker"))
        .await;
    assert_eq!(removed.error(), None);
    assert_eq!(sim.units("atlas", "worker").await, before);
    let full = sim.submit(Method::PUT, path, "units=20&process=web").await;
    assert_eq!(full.status, StatusCode::OK);
    let error = full.error().unwrap();
    assert!(
        error.contains(
            "---- ERROR during add units: ----\nQuota exceeded. Available: 6, Requested: 20."
        ),
        "{error}"
    );
    let stop = sim
        .submit(Method::POST, "/1.0/apps/atlas/stop", "process=web")
        .await;
    assert_eq!(stop.error(), None);
    assert_eq!(sim.units("atlas", "web").await, 0);
    let start = sim.ask(Method::POST, "/1.0/apps/atlas/start").await;
    assert_eq!(start.error(), None);
    assert_eq!(sim.units("atlas", "web").await, 3);
}

#[tokio::test]
async fn scaling_is_refused_for_what_stands_in_its_way() {
    let sim = Client::still().await;
    for (app, form, status, text) in [
        (
            "atlas",
            "process=web",
            400,
            "You must provide the number of units.\n",
        ),
        (
            "beacon",
            "units=1",
            500,
            "cannot add units to an app with autoscaler configured",
        ),
        (
            "quarry",
            "units=1&process=web",
            500,
            "Cannot add units to an app that has stopped units\n",
        ),
        (
            "cadence",
            "units=1&process=web",
            500,
            "more than one version deployed, you must select one\n",
        ),
        (
            "payslips",
            "units=1",
            403,
            "You don't have permission to do this action\n",
        ),
        (
            "meadow",
            "units=1&process=web",
            500,
            "event locked: app(meadow) running \"app.run\" start by user lead@example.com at ",
        ),
    ] {
        let path = format!("/1.0/apps/{app}/units");
        let answer = sim.submit(Method::PUT, &path, form).await;
        assert_eq!(answer.refusal().0, status, "{app}");
        assert!(answer.text.starts_with(text), "{app}: {}", answer.text);
        assert!(answer.text.ends_with('\n'));
    }
    let chosen = sim
        .submit(
            Method::PUT,
            "/1.0/apps/cadence/units",
            "units=1&process=web&version=v4",
        )
        .await;
    assert_eq!(chosen.error(), None);
}

#[tokio::test]
async fn lock_is_waited_for_and_throttling_and_blocks_are_not() {
    let sim = Client::still().await;
    let held = json!({ "application": "tundra", "kind": "app.update", "seconds": 0.15 });
    sim.command("/_sim/lock", &held).await;
    let restart = sim.ask(Method::POST, "/1.0/apps/tundra/restart").await;
    assert_eq!((restart.status, restart.error()), (StatusCode::OK, None));
    let throttle = json!({ "application": "tundra", "kind": "app.update.restart", "most": 1, "seconds": 60.0 });
    sim.command("/_sim/throttle", &throttle).await;
    let throttled = sim.ask(Method::POST, "/1.0/apps/tundra/restart").await;
    assert_eq!(
        throttled.refusal(),
        (
            500,
            "event throttled, limit for app.update.restart on app \"tundra\" is 1 every 60s\n"
        )
    );
    let block = json!({ "application": "tundra", "kind": "app.update.stop", "reason": "Sale" });
    sim.command("/_sim/block", &block).await;
    let blocked = sim.ask(Method::POST, "/1.0/apps/tundra/stop").await;
    assert_eq!(blocked.refusal().0, 500);
    assert!(
        blocked
            .text
            .starts_with("error running \"app.update.stop\" on app(tundra): block ")
    );
    // It has left an event all the same.
    let events = sim
        .get("/1.1/events?target.value=tundra&erroronly=true&limit=1")
        .await;
    assert_eq!(events[0]["Error"], blocked.text.trim_end());
}

#[tokio::test]
async fn locked_app_is_free_once_its_event_is_cancelled() {
    let sim = Client::still().await;
    let running = sim
        .get("/1.1/events?target.value=meadow&running=true")
        .await;
    let event = &running[0];
    assert_eq!(
        (&event["Running"], &event["Log"]),
        (&json!(true), &json!(""))
    );
    assert_eq!(event["StructuredLog"], Value::Null);
    let path = format!("/1.1/events/{}/cancel", id(&event["UniqueID"]));
    assert_eq!(sim.submit(Method::POST, &path, "").await.refusal().0, 400);
    assert_eq!(
        sim.submit(Method::POST, &path, "reason=enough")
            .await
            .refusal(),
        (204, "")
    );
    let restart = sim
        .submit(Method::POST, "/1.0/apps/meadow/restart", "process=web")
        .await;
    assert_eq!(restart.error(), None, "{}", restart.text);
    let again = sim.submit(Method::POST, &path, "reason=enough").await;
    assert_eq!(again.refusal(), (400, "event is not cancelable\n"));
    let info = sim
        .get(&format!("/1.1/events/{}", id(&event["UniqueID"])))
        .await;
    assert_eq!(
        (
            &info["CancelInfo"]["Canceled"],
            &info["CancelInfo"]["Reason"]
        ),
        (&json!(true), &json!("enough"))
    );
    assert_eq!(info["Error"], "canceled by user request");
}

#[tokio::test]
async fn deploy_can_be_cancelled_while_it_builds_and_not_after() {
    let sim = Client::of(SimOptions {
        speed: 8.0,
        ..options()
    })
    .await;
    let begun = sim
        .command("/_sim/deploy", &json!({ "environment": "orchard" }))
        .await;
    let path = format!("/1.1/events/{}", id(&begun["deployment"]));
    assert_eq!(sim.get(&path).await["Cancelable"], true);
    let cancel = format!("{path}/cancel");
    assert_eq!(
        sim.submit(Method::POST, &cancel, "reason=no")
            .await
            .refusal()
            .0,
        204
    );
    let twice = sim.submit(Method::POST, &cancel, "reason=no").await;
    assert_eq!(twice.refusal(), (500, "event cancel already requested\n"));
    sim.until(&path, |event| event["Running"] == false).await;
    let begun = sim
        .command("/_sim/deploy", &json!({ "environment": "willow" }))
        .await;
    let path = format!("/1.1/events/{}", id(&begun["deployment"]));
    sim.until(&path, |event| {
        event["Cancelable"] == false && event["Running"] == true
    })
    .await;
    let late = sim
        .submit(Method::POST, &format!("{path}/cancel"), "reason=no")
        .await;
    assert_eq!(late.refusal(), (400, "event is not cancelable\n"));
}

#[tokio::test]
async fn running_deploy_looks_like_a_success_but_for_its_duration() {
    let sim = Client::of(SimOptions {
        speed: 20.0,
        ..options()
    })
    .await;
    let begun = sim
        .command("/_sim/deploy", &json!({ "environment": "orchard" }))
        .await;
    let path = format!("/1.0/deploys/{}", id(&begun["deployment"]));
    let running = sim.get(&path).await;
    assert_eq!(running["Duration"], json!(i64::MIN));
    let silent = ["Error", "Image", "Log"].map(|key| id(&running[key]));
    assert_eq!(silent, ["", "", ""]);
    let over = sim
        .until(&path, |deploy| deploy["Duration"] != json!(i64::MIN))
        .await;
    assert!(over["Duration"].as_i64().unwrap() > 0);
    assert!(
        over["Log"]
            .as_str()
            .unwrap()
            .contains(" +0000: ---- Building application image ----\n")
    );
    assert_eq!(over["CanRollback"], false);
    let listed = &sim.get("/1.0/deploys?app=orchard&limit=1").await[0];
    assert_eq!(
        (&listed["CanRollback"], &listed["Log"]),
        (&json!(true), &json!(""))
    );
    assert_eq!(
        listed["Version"],
        sim.get("/1.0/apps/orchard").await["units"][0]["Version"]
    );
    let failing = json!({ "environment": "orchard", "outcome": "fail" });
    let begun = sim.command("/_sim/deploy", &failing).await;
    let path = format!("/1.1/events/{}", id(&begun["deployment"]));
    let failed = sim.until(&path, |event| event["Running"] == false).await;
    assert!(
        failed["Error"]
            .as_str()
            .unwrap()
            .contains("---- ERROR during deploy: ----")
    );
}

#[tokio::test]
async fn rollback_takes_any_image_that_ends_as_asked() {
    let sim = Client::still().await;
    let path = "/1.0/apps/atlas/deploy/rollback";
    let refused = sim.submit(Method::POST, path, "origin=rollback").await;
    assert_eq!(
        refused.refusal(),
        (400, "you cannot rollback without an image name\n")
    );
    // "3" means version 13, not 3.
    let done = sim
        .submit(Method::POST, path, "image=3&origin=rollback")
        .await;
    assert_eq!(done.error(), None, "{}", done.text);
    let event = id(&json!(done.headers["x-tsuru-eventid"].to_str().unwrap()));
    let deploy = sim.get(&format!("/1.0/deploys/{event}")).await;
    assert_eq!(
        (&deploy["Version"], &deploy["Origin"]),
        (&json!(13), &json!("rollback"))
    );
    assert_eq!(sim.get("/1.0/apps/atlas").await["units"][0]["Version"], 13);
    let image = "registry.example.com/tsuru/app-atlas:v13";
    let update = "/1.4/apps/atlas/deploy/rollback/update";
    let form = format!("image={image}&disable=true");
    assert_eq!(
        sim.submit(Method::PUT, update, &form).await.refusal().0,
        400
    );
    let form = format!("{form}&reason=leaks");
    assert_eq!(
        sim.submit(Method::PUT, update, &form).await.refusal(),
        (200, "")
    );
    let listed = sim.get("/1.0/deploys?app=atlas&limit=1").await;
    assert_eq!(
        (&listed[0]["Image"], &listed[0]["CanRollback"]),
        (&json!(image), &json!(false))
    );
}

#[tokio::test]
async fn rebuild_names_its_origin_and_versions_beside_each_other_demand_a_choice() {
    let sim = Client::still().await;
    let path = |app| format!("/1.3/apps/{app}/deploy/rebuild");
    let refused = sim.submit(Method::POST, &path("orchard"), "").await;
    assert_eq!(refused.refusal(), (400, "Invalid deployment origin\n"));
    let done = sim
        .submit(Method::POST, &path("orchard"), "origin=rebuild")
        .await;
    assert_eq!(done.error(), None);
    let ambiguous = sim
        .submit(Method::POST, &path("cadence"), "origin=rebuild")
        .await;
    assert_eq!(ambiguous.refusal().0, 500);
    assert!(
        ambiguous
            .text
            .starts_with("multiple versions currently deployed, ")
    );
    let form = "origin=rebuild&override-versions=true";
    assert_eq!(
        sim.submit(Method::POST, &path("cadence"), form)
            .await
            .error(),
        None
    );
    let units = sim.get("/1.0/apps/cadence").await["units"].clone();
    let versions: Vec<&Value> = units
        .as_array()
        .unwrap()
        .iter()
        .map(|unit| &unit["Version"])
        .collect();
    assert!(
        versions.iter().all(|version| **version == 6),
        "{versions:?}"
    );
}

#[tokio::test]
async fn events_are_filtered_by_kindname_newest_first_and_hold_secrets() {
    let sim = Client::still().await;
    let count = |events: &Value| events.as_array().map_or(0, Vec::len);
    let all = sim.get("/1.1/events?limit=500").await;
    assert_eq!(count(&all), 100);
    let times: Vec<String> = all
        .as_array()
        .unwrap()
        .iter()
        .map(|event| id(&event["StartTime"]))
        .collect();
    assert!(times.is_sorted_by(|newer, older| newer.get(..19) >= older.get(..19)));
    let kinds = |events: Value| -> Vec<String> {
        let mut kinds: Vec<String> = events
            .as_array()
            .unwrap()
            .iter()
            .map(|it| id(&it["Kind"]["Name"]))
            .collect();
        kinds.sort_unstable();
        kinds.dedup();
        kinds
    };
    let named = sim
        .get("/1.1/events?kindname=app.create&kindname=healer")
        .await;
    assert_eq!(kinds(named), ["app.create", "healer"]);
    assert!(kinds(sim.get("/1.1/events?kindNames=app.create").await).len() > 2);
    let deploys = sim
        .get("/1.1/events?target.type=app&target.value=atlas&kindname=app.deploy&limit=1")
        .await;
    let path = format!("/1.1/events/{}", id(&deploys[0]["UniqueID"]));
    let info = sim.get(&path).await;
    let env = sim.get("/1.0/apps/atlas/env?env=SECRET_KEY").await;
    assert_eq!(
        (
            &env[0]["public"],
            info["CustomData"]["Start"]["app"]["env"]["SECRET_KEY"]["value"].clone()
        ),
        (&json!(false), env[0]["value"].clone())
    );
    assert!(info["StartCustomData"]["Data"].is_string());
    assert_eq!(info["OtherCustomData"], json!({ "Kind": 0, "Data": null }));
    for (wrong, status) in [("x", 400), ("0123456789abcdef01234567", 404)] {
        assert_eq!(
            sim.ask(Method::GET, &format!("/1.1/events/{wrong}"))
                .await
                .refusal()
                .0,
            status
        );
    }
    let bad = sim.ask(Method::GET, "/1.0/deploys/x").await;
    assert_eq!(bad.refusal(), (500, "id parameter is not ObjectId: x\n"));
}

#[tokio::test]
async fn blocks_are_added_and_removed() {
    let sim = Client::still().await;
    let path = "/1.3/events/blocks";
    let active = format!("{path}?active=true");
    assert_eq!(sim.get(&active).await.as_array().unwrap().len(), 1);
    let form = "KindName=app.update.restart&Target.Type=app&Target.Value=lantern&Reason=freeze";
    assert_eq!(
        sim.submit(Method::POST, path, form).await.refusal(),
        (200, "")
    );
    let block = sim.get(&active).await[0].clone();
    assert_eq!(
        (&block["Reason"], &block["EndTime"]),
        (&json!("freeze"), &json!("0001-01-01T00:00:00Z"))
    );
    assert_eq!(
        sim.ask(Method::POST, "/1.0/apps/lantern/restart")
            .await
            .refusal()
            .0,
        500
    );
    let one = format!("{path}/{}", id(&block["ID"]));
    assert_eq!(sim.ask(Method::DELETE, &one).await.refusal(), (200, ""));
    assert_eq!(
        sim.ask(Method::POST, "/1.0/apps/lantern/restart")
            .await
            .error(),
        None
    );
}

#[tokio::test]
async fn variables_are_in_clear_and_only_the_right_word_prevents_a_restart() {
    let sim = Client::still().await;
    let path = "/1.0/apps/velvet/env";
    let names = |env: &Value| -> Vec<String> {
        env.as_array()
            .unwrap()
            .iter()
            .map(|it| id(&it["name"]))
            .collect()
    };
    assert!(names(&sim.get(path).await).contains(&"TSURU_SERVICES".to_owned()));
    let before = sim.get("/1.0/apps/velvet").await["units"].clone();
    let body =
        json!({ "envs": [{ "name": "A", "value": "1", "private": true }], "norestart": true });
    assert_eq!(sim.json(Method::POST, path, &body).await.error(), None);
    let form = "Envs.0.Name=B&Envs.0.Value=2&NoRestart=true&Private=false";
    assert_eq!(sim.submit(Method::POST, path, form).await.error(), None);
    let env = sim.get(&format!("{path}?env=A&env=B")).await;
    let told: Vec<Value> = env
        .as_array()
        .unwrap()
        .iter()
        .map(|it| json!([it["value"], it["public"]]))
        .collect();
    assert_eq!(told, [json!(["1", false]), json!(["2", true])]);
    let quiet = sim
        .ask(Method::DELETE, &format!("{path}?env=A&noRestart=true"))
        .await;
    assert_eq!(quiet.error(), None);
    assert_eq!(sim.get("/1.0/apps/velvet").await["units"], before);
    let loud = sim
        .ask(Method::DELETE, &format!("{path}?env=B&norestart=true"))
        .await;
    assert_eq!(loud.error(), None);
    assert_ne!(sim.get("/1.0/apps/velvet").await["units"], before);
    for (body, status) in [
        (json!({ "envs": [] }), 400),
        (json!({ "envs": [{ "name": "1A", "value": "" }] }), 400),
        (
            json!({ "envs": [{ "name": "TSURU_APPNAME", "value": "" }] }),
            400,
        ),
    ] {
        assert_eq!(
            sim.json(Method::POST, path, &body).await.refusal().0,
            status
        );
    }
}

#[tokio::test]
async fn services_are_bound_with_their_variables() {
    let sim = Client::still().await;
    let listed = sim.get("/1.0/services/instances?app=atlas").await;
    let listed = listed.as_array().unwrap();
    assert_eq!(listed.len(), 3);
    assert_eq!(listed[1]["service_instances"], Value::Null);
    let path = "/1.13/services/postgres/instances/reports/apps/lantern";
    let bound = sim.ask(Method::PUT, path).await;
    assert_eq!(bound.error(), None, "{}", bound.text);
    let env = sim.get("/1.0/apps/lantern/env").await;
    let managed = env
        .as_array()
        .unwrap()
        .iter()
        .filter(|it| it["managedBy"] == "postgres/reports");
    assert_eq!(managed.count(), 2);
    let app = sim.get("/1.0/apps/lantern").await;
    assert_eq!(app["serviceInstanceBinds"][0]["instance"], "reports");
    assert_eq!(sim.ask(Method::PUT, path).await.refusal().0, 409);
    assert_eq!(
        sim.ask(Method::DELETE, &format!("{path}?noRestart=true"))
            .await
            .error(),
        None
    );
    let status = sim
        .ask(Method::GET, "/1.0/services/redis/instances/sessions/status")
        .await;
    assert_eq!(
        status.refusal(),
        (200, "Service instance \"sessions\" is down")
    );
}

#[tokio::test]
async fn apps_are_created_changed_and_deleted() {
    let sim = Client::still().await;
    let made = sim
        .submit(
            Method::POST,
            "/1.0/apps",
            "name=fern&platform=go&teamOwner=web&tag=a&tag=b",
        )
        .await;
    assert_eq!(
        (made.status, &made.json()["status"]),
        (StatusCode::CREATED, &json!("success"))
    );
    let again = sim
        .submit(Method::POST, "/1.0/apps", "name=fern&platform=go")
        .await;
    assert_eq!(again.refusal().0, 409);
    let path = "/1.0/apps/fern";
    assert_eq!(
        sim.submit(Method::PUT, path, "pool=staging")
            .await
            .refusal()
            .0,
        400
    );
    assert_eq!(
        sim.submit(Method::PUT, path, "description=Ferns")
            .await
            .error(),
        None
    );
    let app = sim.get(path).await;
    assert_eq!(
        (&app["description"], &app["tags"], &app["deploys"]),
        (&json!("Ferns"), &json!(["a", "b"]), &json!(0))
    );
    assert_eq!(
        sim.ask(Method::PUT, "/1.0/apps/fern/teams/data")
            .await
            .refusal(),
        (200, "")
    );
    assert_eq!(
        sim.ask(Method::PUT, "/1.0/apps/fern/teams/data")
            .await
            .refusal()
            .0,
        409
    );
    assert_eq!(
        sim.ask(Method::DELETE, "/1.0/apps/fern/teams/data")
            .await
            .refusal(),
        (200, "")
    );
    assert_eq!(
        sim.ask(Method::DELETE, "/1.0/apps/fern/teams/web")
            .await
            .refusal()
            .0,
        403
    );
    assert_eq!(
        sim.submit(Method::POST, "/1.0/apps/fern/cname", "cname=nodots")
            .await
            .refusal(),
        (400, "Invalid cname\n")
    );
    assert_eq!(
        sim.submit(
            Method::POST,
            "/1.0/apps/fern/cname",
            "cname=fern.example.com"
        )
        .await
        .refusal(),
        (200, "")
    );
    assert_eq!(
        sim.ask(
            Method::DELETE,
            "/1.0/apps/fern/cname?cname=fern.example.com"
        )
        .await
        .refusal(),
        (200, "")
    );
    assert_eq!(sim.ask(Method::DELETE, path).await.error(), None);
    assert_eq!(sim.ask(Method::GET, path).await.refusal().0, 404);
}

#[tokio::test]
async fn session_expires_and_the_way_back_is_the_password() {
    let sim = Client::still().await;
    sim.command("/_sim/expire", &json!(true)).await;
    assert_eq!(sim.ask(Method::GET, "/1.0/apps").await.refusal().0, 401);
    let schemes = sim.send(sim.bare(Method::GET, "/1.18/auth/schemes")).await;
    assert_eq!(schemes.json()[0]["name"], "native");
    let log_in = |body: &'static str| {
        let request = sim.bare(Method::POST, "/1.0/users/ops%40example.com/tokens");
        sim.send(request.header("Content-Type", FORM).body(body))
    };
    assert_eq!(log_in("password=wrong").await.refusal().0, 401);
    let session = log_in("password=sim-password").await;
    assert_eq!(session.headers["content-type"], "text/plain; charset=utf-8");
    assert_eq!(session.json()["token"], sim.token);
    assert!(sim.get("/1.0/apps").await.is_array());
}

#[tokio::test]
async fn lists_of_the_platform_are_told() {
    let sim = Client::still().await;
    for path in [
        "/1.0/pools",
        "/1.8/pools/prod",
        "/1.0/plans",
        "/1.0/platforms",
        "/1.3/routers",
        "/1.3/provisioner/clusters",
        "/1.0/teams",
        "/1.4/teams/web",
        "/1.0/users",
        "/1.6/tokens",
        "/1.0/roles",
        "/1.0/permissions",
        "/1.6/events/webhooks",
        "/1.13/jobs",
        "/1.13/jobs/vacuum",
        "/1.4/volumes",
        "/1.4/volumes/media",
        "/1.1/events/kinds",
        "/1.0/services",
        "/1.0/services/redis/plans",
        "/1.5/apps/atlas/routers",
        "/1.0/apps/atlas/quota",
        "/1.0/info",
        "/1.0/users/info",
        "/1.0/users/api-key",
    ] {
        let told = sim.get(path).await;
        assert!(!told.is_null(), "{path}");
    }
    assert_eq!(sim.get("/1.0/pools").await[0]["Name"], "prod");
    assert_eq!(sim.get("/1.0/users/info").await["Email"], "ops@example.com");
    let runs = |job: &Value| job["units"].as_array().unwrap().len();
    let before = runs(&sim.get("/1.13/jobs/report").await);
    assert_eq!(
        sim.ask(Method::POST, "/1.13/jobs/report/trigger")
            .await
            .status,
        StatusCode::OK
    );
    assert_eq!(runs(&sim.get("/1.13/jobs/report").await), before + 1);
}

#[tokio::test]
async fn killed_and_crashed_units_come_back() {
    let sim = Client::still().await;
    let unit = id(&sim.get("/1.0/apps/saffron").await["units"][0]["ID"]);
    let path = format!("/1.12/apps/saffron/units/{unit}?force=true");
    assert_eq!(sim.ask(Method::DELETE, &path).await.refusal(), (200, ""));
    assert_eq!(sim.ask(Method::DELETE, &path).await.refusal().0, 404);
    let healthy = |app: &Value| {
        let units = app["units"].as_array().unwrap();
        units.len() == 5 && units.iter().all(|unit| unit["Status"] == "started")
    };
    sim.until("/1.0/apps/saffron", healthy).await;
    sim.command("/_sim/crash", &json!({ "environment": "saffron/worker" }))
        .await;
    let crashed = sim.get("/1.0/apps/saffron").await;
    let broken = crashed["units"]
        .as_array()
        .unwrap()
        .iter()
        .find(|unit| unit["Status"] == "error");
    assert_eq!(broken.unwrap()["StatusReason"], "CrashLoopBackOff");
    sim.until("/1.0/apps/saffron", healthy).await;
}

#[tokio::test]
async fn story_begins_with_a_deploy_of_somebody_else() {
    let sim = Client::of(SimOptions {
        story: true,
        speed: 40.0,
        ..options()
    })
    .await;
    let running =
        |events: &Value| events[0]["Owner"]["Name"] == "ci" && events[0]["Running"] == false;
    let path = "/1.1/events?target.value=atlas&kindname=app.deploy&limit=1";
    let event = &sim.until(path, running).await[0];
    assert_eq!(event["Error"], "");
    let cancelled = sim.get("/1.0/deploys?app=harvest&limit=1").await;
    assert_eq!(cancelled[0]["Error"], "canceled by user request");
    let states = sim.get("/1.0/apps/mosaic").await["units"].clone();
    let mut states: Vec<String> = states
        .as_array()
        .unwrap()
        .iter()
        .map(|unit| format!("{} {}", id(&unit["Status"]), id(&unit["StatusReason"])))
        .collect();
    states.sort_unstable();
    assert_eq!(
        states,
        [
            "created ",
            "error CrashLoopBackOff",
            "error Evicted",
            "error ImagePullBackOff",
            "error OOMKilled",
            "error exitCode: 1",
            "started ",
            "starting ",
            "stopped ",
        ]
    );
}
