//! tsuru: private values come in clear, events carry what was sent, teams' tokens are in a list, and
//! the tsuru client's login is kept in files of its own.

use std::fs;
use std::process::Output;

use flightdeck::platforms::tsuru;
use reqwest::Method;
use serde_json::{Value, json};
use wiremock::matchers::{method, path};
use wiremock::{Mock, MockServer, ResponseTemplate};

use crate::kit;
use crate::session::{NEW, SENSITIVE, Session, Site, VALUE, in_all_forms, text};

/// What the sessions of tsuru's client are: what has expired, what renews it, and what comes then.
const ACCESS: &str = "canary-access-61d0";
const REFRESH: &str = "canary-refresh-61d0";
const RENEWED: &str = "canary-renewed-61d0";

/// The only line of a private key, and that of its certificate.
const KEY: &str = "Y2FuYXJ5LWtleS03N2Ew";
const CERTIFICATE: &str = "Y2FuYXJ5LWNlcnQtNzdhMA";

const TSURU: Site = Site {
    name: "tsuru",
    scheme: "bearer",
    root: "/",
    connect: tsuru::connect,
    refusal: |said| json!(said),
    canaries: &[
        ACCESS,
        REFRESH,
        RENEWED,
        KEY,
        CERTIFICATE,
        // What logs in.
        "sim-password",
        // What a database is opened with.
        "postgres://atlas:",
    ],
};

const LISTS: &[&str] = &[
    "get contexts",
    "get orgs",
    "get apps",
    "get envs",
    "get envs APP",
    "get deployments APP",
    "get vars APP/web",
    "get domains APP/web",
    "get services APP/web",
    "get activity APP",
    "get activity",
    "get metrics APP/web",
    "get units APP/web",
    "get jobs APP/web",
    "get sizes",
    "get regions",
    "get others tsuru:tokens",
    "get others tsuru:users",
    "get others tsuru:webhooks",
    "get others tsuru:clusters",
    "get others tsuru:routers",
    "get others tsuru:volumes",
];

const LOGS: &[&str] = &[
    "logs APP/web",
    "logs APP/web -o json",
    "logs APP/web --deployment DEPLOYMENT",
    "logs APP/web --event EVENT",
];

/// What carries a secret.
const CHANGES: &[&str] = &[
    "do set-var APP/web --name CANARY --value-from-env CANARY --sensitive --yes --wait",
    "do set-var APP/web --name CANARY_OPEN --value-from-env CANARY --yes --wait",
    "vars import APP/web FILE --yes",
    "do set-certificate APP/web --domain DOMAIN --certificate-from-env CERTIFICATE \
     --key-from-env KEY --yes --wait",
];

/// What asks for a token, with the right password and with another.
const LOG_INS: &[&str] = &[
    "do log-in tsuru: --email ops@example.com --password-from-env PASSWORD --yes",
    "do log-in tsuru: --email ops@example.com --password-from-env CANARY --yes",
];

/// Commands without a choice of form.
const OTHERS: &[&str] = &[
    "vars import APP/web FILE",
    "do restart APP/web --yes --wait",
    "do scale APP/web --units 4 --yes --wait",
    "do unset-var APP/web --name OPEN --yes --confirm APP --wait",
    "do run APP/web --command env --yes --wait",
    "do deploy APP --yes --wait",
    "do deploy-image APP --image registry.example.com/ours:1 --yes --wait",
    "do attach-service APP/web --service postgres/reports --yes --wait",
    "do cancel-event APP --event EVENT --yes --wait",
    "console APP/web --yes",
    "audit",
    "audit -o json --verify",
    "incident --since 2h",
    "get vars APP/nowhere",
    "logs nowhere",
    "config check",
];

/// What is typed into the dashboard, and what is then on the screen.
const KEYS: &[(&str, &str)] = &[
    ("/atlas\r", "atlas"),
    ("\r", "┏ Processes"),
    ("l", "┏ Logs"),
    ("\u{1b}", "┏ Apps"),
    ("5", "┏ Variables"),
    ("6", "┏ Activity"),
    ("T", "┏ Operations"),
    ("1", "┏ Apps"),
];

fn pem(label: &str, line: &str) -> String {
    format!("-----BEGIN {label}-----\n{line}\n-----END {label}-----\n")
}

/// A world with variables of both sorts, and everything in it that nobody may see.
fn session() -> Session {
    let mut session = Session::new(&TSURU);
    let get = |path: &str| session.api(Method::GET, path, &json!({}));
    let mut secrets = Vec::new();
    let tokens = get("1.6/tokens");
    secrets.extend(
        tokens
            .as_array()
            .unwrap()
            .iter()
            .map(|it| text(&it["token"])),
    );
    secrets.push(text(&get("1.0/users/api-key")));
    let envs = get("1.0/apps/atlas/env");
    let private = envs.as_array().unwrap().iter();
    let private = private.filter(|it| it["public"] == false);
    secrets.extend(private.map(|it| text(&it["value"])));
    assert!(secrets.len() > 5 && secrets.iter().all(|it| it.len() > 8));

    let one = |name: &str, value: &str, is_private: bool| json!({"name": name, "value": value, "private": is_private});
    let both = [one("OPEN", VALUE, false), one("HIDDEN", SENSITIVE, true)];
    let set = json!({"envs": both, "norestart": true});
    session.api(Method::POST, "1.0/apps/atlas/env", &set);
    let event = kit::until("the event", || {
        let list = "1.1/events?target.value=atlas&kindname=app.update.env.set";
        let list = get(list);
        let newest = &list[0];
        (newest["Running"] == false).then(|| text(&newest["UniqueID"]))
    });
    let told = get(&format!("1.1/events/{event}"));
    assert!(told["CustomData"].to_string().contains(SENSITIVE), "{told}");
    let deploys = get("1.0/deploys?app=atlas");
    let log = json!({"environment": "atlas/web", "lines": ["one", "two"]});
    session.control(Method::POST, "log", &log);

    let file = session.config("new.env", &format!("IMPORTED='{NEW}'\n"));
    session.names = vec![
        ("APP", "atlas".to_owned()),
        ("DOMAIN", "www.example.com".to_owned()),
        ("DEPLOYMENT", text(&deploys[0]["ID"])),
        ("EVENT", event),
        ("FILE", file.to_str().unwrap().to_owned()),
    ];
    session.secrets = secrets;
    session.more = vec![
        ("CERTIFICATE", pem("CERTIFICATE", CERTIFICATE)),
        ("KEY", pem("PRIVATE KEY", KEY)),
        ("PASSWORD", "sim-password".to_owned()),
    ];
    session
}

#[test]
fn no_command_shows_or_keeps_a_secret() {
    let session = session();
    let config = session.good_config();
    // The values are there, for who asks.
    let asked = session.stdout(&config, "get vars APP/web -o json --reveal");
    assert!(
        asked.contains(VALUE) && asked.contains(SENSITIVE),
        "{asked}"
    );
    let tokens = session.stdout(&config, "get others tsuru:tokens");
    assert!(tokens.contains("nightly"), "{tokens}");
    session.check_all(&config, "", &in_all_forms(LISTS));
    for command in [LOGS, CHANGES, LOG_INS, OTHERS].concat() {
        session.check_output(command, &session.run(&config, command));
    }
    session.check_done(
        &config,
        &[
            "set-var",
            "unset-var",
            "set-certificate",
            "restart",
            "scale",
            "run",
            "deploy",
            "deploy-image",
            "attach-service",
        ],
    );
    // Each of its secrets has its place there.
    let audit = session.stdout(&config, "audit -o json");
    let audit: Value = serde_json::from_str(&audit).unwrap();
    let items = audit["items"].as_array().unwrap();
    for (operation, fields) in [
        ("set-var", &["value"][..]),
        ("set-certificate", &["certificate", "key"]),
    ] {
        let of = items.iter().find(|item| item["operation"] == operation);
        let inputs = &of.unwrap()["inputs"];
        for field in fields {
            assert_eq!(inputs[field], "***", "{operation}: {inputs}");
        }
    }
    let kept = session.check_files();
    assert!(kept > 10_000, "a log was written, of {kept} bytes");
}

#[test]
fn no_failure_shows_or_keeps_a_secret() {
    let session = session();
    let config = session.good_config();
    for status in [400, 401, 404, 500] {
        session.echo(&["GET", "POST", "PUT", "DELETE"], status, "nothing");
        let commands = [LISTS, LOGS, CHANGES, OTHERS].concat();
        session.check_all(&config, &status.to_string(), &commands);
    }
    // Everything can be read, and what is sent comes back.
    for status in [400, 500] {
        let (variables, certificate) = CHANGES.split_at(3);
        for (said, commands) in [
            (NEW, variables),
            (KEY, certificate),
            (CERTIFICATE, certificate),
        ] {
            session.echo(&["POST", "PUT"], status, said);
            for command in commands {
                let output = session.run(&config, command);
                session.check_output(&format!("{command} ({status})"), &output);
            }
        }
        for (command, password) in LOG_INS.iter().zip(["sim-password", NEW]) {
            let body = format!("{password} is bad");
            session.fault(&json!({"operation": "Login", "status": status, "body": body}));
            session.check_output(command, &session.run(&config, command));
        }
        for command in ["audit", "incident --since 2h"] {
            session.check_output(command, &session.run(&config, command));
        }
    }
    session.check_files();
}

/// A stream that ends in an error that repeats what was sent, token and all.
#[test]
fn no_failure_inside_a_stream_shows_or_keeps_a_secret() {
    let session = session();
    let config = session.good_config();
    let fails = format!("{} and {NEW} are bad", session.token());
    let fault = json!({"operation": "EnvSet", "fail_deployment": fails});
    let cut = json!({"operation": "EnvSet", "cut_at": 40});
    for fault in [json!([fault]), json!([fault, cut])] {
        session.fault(&fault);
        for command in &CHANGES[..2] {
            let output = session.run(&config, command);
            session.check_output(&format!("{command} {fault}"), &output);
            let told = String::from_utf8_lossy(&output.stderr);
            assert!(told.contains("are bad"), "{command}: {told}");
        }
    }
    // What the platform keeps of it afterwards is its own.
    for command in ["audit", "audit -o json"] {
        session.check_output(command, &session.run(&config, command));
    }
    session.check_files();
}

/// What the platform keeps of a failure may hold an address with its password.
#[test]
fn no_event_that_failed_shows_what_opens_an_address() {
    let session = session();
    let config = session.good_config();
    let cause = format!("postgresql://admin:{VALUE}@db.example.com/a?key={SENSITIVE} refused");
    for (operation, command) in [
        ("AppRestart", "do restart APP/web --yes --wait"),
        ("DeployRebuild", "do deploy APP --yes --wait"),
    ] {
        session.fault(&json!([
            {"operation": operation, "fail_deployment": cause},
            {"operation": operation, "cut": "after_headers"},
        ]));
        let output = session.run(&config, command);
        session.check_output(command, &output);
        let told = String::from_utf8_lossy(&output.stderr);
        assert!(told.contains("db.example.com"), "{told}");
    }
    let commands = ["get activity APP", "get deployments APP"];
    session.check_all(&config, "", &in_all_forms(&commands));
    session.check_all(&config, "", &["audit", "incident --since 2h"]);
    session.check_files();
}

/// An answer that cannot be read is not repeated.
#[test]
fn no_answer_that_is_damaged_shows_a_secret() {
    let session = session();
    let config = session.good_config();
    session.check_damaged(&config, &[LISTS, LOGS].concat());
    session.fault(&json!({"operation": "Login", "malformed": true}));
    session.check_output("log-in", &session.run(&config, LOG_INS[0]));
    session.check_files();
}

/// A log that is followed while its stream is cut.
#[test]
fn a_stream_that_is_cut_shows_no_secret() {
    let session = session();
    let config = session.good_config();
    session.check_cut_log(&config, "AppLog", 1);
}

#[test]
fn the_dashboard_shows_no_secret() {
    let session = session();
    let refuse = || {
        session.control(Method::POST, "cut", &Value::Null);
        session.echo(&["GET", "POST"], 401, VALUE);
    };
    session.check_dashboard(KEYS, refuse, &["oken", "credential", "session"]);
}

/// A home folder with the session of tsuru's client, and a command that finds it there.
struct Home<'a> {
    session: &'a Session,
    login: MockServer,
}

impl Home<'_> {
    /// The session has expired; the folder is the user's own.
    fn write(&self) {
        let target = &self.session.simulator.platforms()[0].base_url;
        let folder = self.session.given().join("home/.tsuru");
        fs::create_dir_all(folder.join("token-v2.d")).unwrap();
        fs::write(folder.join("targets"), format!("ci\t{target}\n")).unwrap();
        fs::write(folder.join("target"), target).unwrap();
        let session = json!({
            "scheme": "oidc",
            "oauth2_token": {
                "access_token": ACCESS, "token_type": "Bearer",
                "refresh_token": REFRESH, "expiry": "2001-01-01T00:00:00Z"
            },
            "oauth2_config": {
                "ClientID": "tsuru-client", "ClientSecret": "",
                "Endpoint": {
                    "AuthURL": "", "TokenURL": format!("{}/token", self.login.uri()),
                    "AuthStyle": 1
                }
            }
        });
        let file = folder.join("token-v2.d/ci.json");
        fs::write(file, session.to_string()).unwrap();
    }

    fn run(&self, command: &str) -> Output {
        let config = "[contexts.tsuru]\nplatform = \"tsuru\"\n";
        let config = self.session.config("home.toml", config);
        let mut command = self.session.command(&config, command);
        let home = self.session.given().join("home");
        command.env("HOME", home).output().unwrap()
    }
}

#[test]
fn a_session_of_the_client_is_shown_and_kept_nowhere() {
    let session = session();
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let home = Home {
        session: &session,
        login: runtime.block_on(MockServer::start()),
    };
    let answers = [
        ResponseTemplate::new(200).set_body_json(json!({
            "access_token": session.token(), "refresh_token": RENEWED, "expires_in": 300
        })),
        ResponseTemplate::new(400).set_body_json(json!({
            "error": "invalid_grant", "error_description": format!("{REFRESH} of {ACCESS}")
        })),
        ResponseTemplate::new(200).set_body_string(format!("{REFRESH}{{")),
    ];
    for (at, answer) in answers.into_iter().enumerate() {
        home.write();
        let token = Mock::given(method("POST")).and(path("/token"));
        runtime.block_on(async {
            home.login.reset().await;
            token.respond_with(answer).mount(&home.login).await;
        });
        for command in [
            "config check",
            "get contexts",
            "get apps",
            "get vars atlas/web",
            "do restart atlas/web --yes --wait",
            "audit -o json",
        ] {
            let output = home.run(command);
            session.check_output(&format!("{command} ({at})"), &output);
            let is_renewed =
                at == 0 || command.starts_with("config") || command.starts_with("audit");
            let told = String::from_utf8_lossy(&output.stderr);
            assert_eq!(
                output.status.success(),
                is_renewed,
                "{command} ({at}): {told}"
            );
        }
    }
    let kept = session.check_files();
    assert!(kept > 5_000, "a log was written, of {kept} bytes");
}
