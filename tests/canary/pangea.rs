//! Pangea: a client's secret is exchanged for tokens, and every answer has an envelope that may say
//! anything.

use std::path::PathBuf;

use flightdeck::platforms::pangea;
use reqwest::Method;
use serde_json::{Value, json};
use wiremock::Request;

use crate::parrot::{self, Form, Parrot};
use crate::session::{Session, Site, in_all_forms, text};

const TOKEN: &str = "canary-token-3e91";
const SECRET: &str = "canary-\"client\"-5a22";
/// What the header says of it.
const BASIC: &str = "Y2FuYXJ5";
const EXCHANGED: &str = "canary-exchanged-77d0";
const CLIENT: &str = "psa_abcdefghijklmnopqrstuvwxyz234567";
const ORG: &str = "poi_w3kzq7h2m5xj4t6vbn2cydfr3sgp7uae";
const PROJECT: &str = "ppi_m4xt7q2jz5kvh3wbn6cydfr2sgp4uaei";

const SITE: Site = Site {
    name: "pangea",
    scheme: "Bearer",
    root: "",
    connect: pangea::connect,
    refusal: |said| {
        json!({"request_id": "prq_x", "request_time": "", "response_time": "",
            "status": "Unauthorized", "summary": said, "result": null})
    },
    canaries: &[
        TOKEN,
        SECRET,
        BASIC,
        EXCHANGED,
        // What the simulator gives out, and for what.
        "pta_",
        "sim-pangea-secret",
    ],
};

const LISTS: &[&str] = &[
    "get contexts",
    "get orgs",
    "get apps",
    "get envs",
    "get envs APP",
    "get deployments APP",
    "get vars APP",
    "get activity",
    "logs APP",
];

const CHANGES: &[&str] = &[
    "do create-app pangea: --name ours --geo us --yes --wait",
    "do rename-app APP --name theirs --yes --wait",
    "do rename-organisation pangea: --organisation ORG --name Ours --yes --wait",
    "do delete-app OTHER --yes --confirm OTHER --wait",
];

const OTHERS: &[&str] = &[
    "audit -o json --verify",
    "incident --since 2h",
    "config check",
];

/// The simulator's world, whose client is exchanged.
fn session() -> (Session, PathBuf) {
    let mut session = Session::new(&SITE);
    let state = session.control(Method::GET, "state", &Value::Null);
    let name = |at: usize| text(&state["apps"][at]["slug"]);
    let served = session.simulator.platforms()[0].clone();
    let organisation = served.organisation.unwrap();
    session.names = vec![
        ("ORG", organisation.clone()),
        ("OTHER", name(1)),
        ("APP", name(0)),
    ];
    let client = served.client.unwrap();
    let text = format!(
        "[contexts.pangea]\nplatform = \"pangea\"\nbase_url = \"{}\"\n\
         organisation = \"{organisation}\"\nclient_id = \"{}\"\nclient_secret = \"{}\"\n",
        served.base_url, client.id, client.secret
    );
    let config = session.config("client.toml", &text);
    (session, config)
}

#[test]
fn no_command_shows_or_keeps_a_secret() {
    let (session, client) = session();
    let token = session.good_config();
    let counts = || session.control(Method::GET, "requests", &Value::Null);
    for config in [&client, &token] {
        session.check_all(config, "", &in_all_forms(LISTS));
    }
    for command in [CHANGES, OTHERS].concat() {
        session.check_output(command, &session.run(&client, command));
    }
    let exchanged = counts()["operations"]["GetAccessToken"].as_u64();
    assert!(exchanged > Some(4), "{exchanged:?}");
    session.check_done(
        &client,
        &[
            "create-app",
            "rename-app",
            "rename-organisation",
            "delete-app",
        ],
    );
    let kept = session.check_files();
    assert!(kept > 5_000, "a log was written, of {kept} bytes");
}

fn envelope(result: &Value) -> Value {
    json!({"request_id": "prq_x", "request_time": "", "response_time": "", "status": "Success",
        "summary": "", "result": result})
}

fn exchanged(request: &Request) -> Option<Value> {
    let is_login = request.url.path() == "/v1beta/oauth/token";
    is_login.then(|| json!({"access_token": EXCHANGED, "expires_in": 3600}))
}

/// What can be read while everything else is refused.
fn known(request: &Request) -> Option<Value> {
    let project = json!({"id": PROJECT, "name": "shop", "org": ORG, "geo": "us",
        "region": "us-west-1", "created_at": "2025-03-01T12:00:00Z"});
    let result = match request.url.path() {
        "/v1beta/platform/org/get" => json!({"id": ORG, "name": "Theirs", "owner": "pui_x",
            "csp": "aws", "created_at": "2025-03-01T12:00:00Z"}),
        "/v1beta/platform/project/get" => project,
        "/v1beta/platform/project/list" => json!({"results": [project], "count": 1}),
        _ => return exchanged(request),
    };
    Some(envelope(&result))
}

fn said(status: &str, summary: &str, result: &Value) -> String {
    let mut told = envelope(result);
    told["status"] = json!(status);
    told["summary"] = json!(summary);
    told.to_string()
}

const FORMS: &[Form] = &[
    (400, |it| said("Failed", it, &Value::Null)),
    (200, |it| said("NoCredit", it, &Value::Null)),
    (400, |it| said(it, it, &Value::Null)),
    (400, |it| {
        let error = json!({"code": it, "detail": it, "source": it});
        said("ValidationError", it, &json!({"errors": [error]}))
    }),
    (403, |it| said("Forbidden", it, &Value::Null)),
    (404, |it| said("NotFound", it, &Value::Null)),
    (401, |it| said("Unauthorized", it, &Value::Null)),
    (400, parrot::html),
    (400, parrot::text),
    (409, parrot::message),
    (200, parrot::html),
    (200, parrot::text),
];

/// The client and the token of a context at a platform that repeats everything.
fn at(session: &mut Session, parrot: &Parrot) -> [PathBuf; 2] {
    session.names = [("ORG", ORG), ("OTHER", "shop"), ("APP", "shop")]
        .map(|(word, name)| (word, name.to_owned()))
        .into();
    let context = format!(
        "[contexts.pangea]\nplatform = \"pangea\"\nbase_url = \"{}\"\norganisation = \"{ORG}\"\n",
        parrot.address()
    );
    let client = format!("{context}client_id = \"{CLIENT}\"\nclient_secret = '{SECRET}'\n");
    let token = format!("{context}token = \"{TOKEN}\"\n");
    let name = |kind: &str| format!("{kind}-{}.toml", parrot.port());
    [
        session.config(&name("client"), &client),
        session.config(&name("token"), &token),
    ]
}

#[test]
fn no_refusal_that_repeats_what_was_sent_shows_or_keeps_it() {
    let mut session = Session::new(&SITE);
    let mut all = Vec::new();
    for form in FORMS {
        for which in [0, 1] {
            let parrot = Parrot::new();
            let config = at(&mut session, &parrot)[which].clone();
            all.push((parrot, form, config));
        }
    }
    let session = &session;
    // Of some it is looked for a while what became of it.
    std::thread::scope(|scope| {
        for (number, (parrot, form, config)) in all.iter().enumerate() {
            scope.spawn(move || {
                parrot.says(known, **form);
                let commands = [CHANGES, OTHERS].concat();
                session.check_all(config, &format!("(form {number})"), &commands);
                assert!(parrot.refused(known) >= CHANGES.len() - 1, "{number}");
            });
        }
    });
    session.check_files();
}

#[test]
fn no_read_that_is_refused_shows_or_keeps_a_token() {
    let mut session = Session::new(&SITE);
    let parrot = Parrot::new();
    let configs = at(&mut session, &parrot);
    for (number, form) in FORMS.iter().enumerate() {
        for config in &configs {
            parrot.says(exchanged, *form);
            session.check_all(config, &format!("(form {number})"), LISTS);
            assert!(parrot.refused(exchanged) > 0, "{number}");
        }
    }
    session.check_files();
}

/// The server of logins repeats the client's secret.
#[test]
fn no_exchange_that_is_refused_shows_or_keeps_the_secret() {
    let mut session = Session::new(&SITE);
    let parrot = Parrot::new();
    let [client, _] = at(&mut session, &parrot);
    let forms: &[Form] = &[
        (401, |it| {
            json!({"error": "invalid_client", "error_description": it}).to_string()
        }),
        (400, |it| json!({"error": it}).to_string()),
        (401, parrot::html),
        (200, parrot::text),
        (500, parrot::text),
    ];
    for (number, form) in forms.iter().enumerate() {
        parrot.says(parrot::nothing, *form);
        let all = [LISTS, CHANGES, OTHERS].concat();
        session.check_all(&client, &format!("(form {number})"), &all);
        assert!(parrot.refused(parrot::nothing) > 0, "{number}");
    }
    session.check_files();
}
