//! PandaStack: values of variables come in clear and are sent as a whole list, settings are whatever
//! the user types, and nobody has published what an error looks like.

use flightdeck::platforms::pandastack;
use reqwest::Method;
use serde_json::{Value, json};
use wiremock::Request;

use crate::parrot::{self, Form, Parrot};
use crate::session::{NEW, SENSITIVE, Session, Site, VALUE, in_all_forms, text};

const TOKEN: &str = "psk_canary-token-3e91";

const SITE: Site = Site {
    name: "pandastack",
    scheme: "Bearer",
    root: "",
    connect: pandastack::connect,
    refusal: |said| json!({"success": false, "error": {"code": "BAD", "message": said}}),
    canaries: &[TOKEN],
};

const LISTS: &[&str] = &[
    "get contexts",
    "get orgs",
    "get apps",
    "get envs",
    "get envs APP",
    "get deployments APP",
    "get deployments PROJECT",
    "get vars PROJECT",
    "get vars APP",
    "get domains APP",
    "get domains PROJECT",
    "get activity",
];

const LOGS: &[&str] = &["logs APP", "logs PROJECT", "logs PROJECT -o json"];

/// What carries a secret.
const CHANGES: &[&str] = &[
    "do set-var PROJECT --name CANARY --value-from-env CANARY --sensitive --yes --wait",
    "do set-var PROJECT --name OPEN --value-from-env CANARY --yes --wait",
    "vars import PROJECT FILE --yes",
    "do create-app pandastack: --name umami --set db_password=canary-sensitive-91bc --yes --wait",
    r#"do configure APP --settings {"admin_password":"canary-sensitive-91bc"} --yes --wait"#,
];

/// Commands without a choice of form.
const OTHERS: &[&str] = &[
    "vars import PROJECT FILE",
    "do deploy PROJECT --yes --wait",
    "do unset-var PROJECT --name HIDDEN --yes --confirm PROJECT --wait",
    "do retry FAILED --yes --wait",
    "do verify-domain WAITS --domain DOMAIN --yes",
    "do complete-installation WAITS --domain DOMAIN --yes --wait",
    "audit",
    "audit -o json --verify",
    "incident --since 2h",
    "get vars APP/nowhere",
    "logs nowhere",
    "config check",
];

/// What is typed into the dashboard, and what is then on the screen.
fn keys(project: &str) -> Vec<(String, String)> {
    let keys = [
        (format!("/{project}\r"), project),
        ("\r".to_owned(), "┏ Environments"),
        ("l".to_owned(), "┏ Logs"),
        ("\u{1b}".to_owned(), "┏ Apps"),
        ("5".to_owned(), "┏ Variables"),
        ("6".to_owned(), "┏ Activity"),
        ("T".to_owned(), "┏ Operations"),
        ("1".to_owned(), "┏ Apps"),
    ];
    keys.map(|(keys, sight)| (keys, sight.to_owned())).into()
}

/// A world with a project whose variables hold secrets.
fn session() -> Session {
    let mut session = Session::new(&SITE);
    let state = session.control(Method::GET, "state", &Value::Null);
    let apps = state["apps"].as_array().unwrap();
    let find = |fits: &dyn Fn(&Value) -> bool| {
        let found = apps.iter().find(|it| fits(it));
        text(&found.unwrap()["slug"])
    };
    let project = find(&|it| text(&it["uuid"]).starts_with("project:"));
    let path = format!("/v1/projects/{project}");
    let env = session.api(Method::GET, &path, &json!({}))["data"]["env"].clone();
    let is_key = |it: &&Value| it["name"] == "API_KEY";
    let key = text(&env.as_array().unwrap().iter().find(is_key).unwrap()["value"]);
    assert!(key.len() > 8, "{env}");
    for (name, value) in [("OPEN", VALUE), ("HIDDEN", SENSITIVE)] {
        let set = json!({"environment": project, "name": name, "value": value});
        session.control(Method::POST, "variable", &set);
    }
    let log = json!({"environment": project, "lines": ["one", "two"]});
    session.control(Method::POST, "log", &log);
    let waits = find(&|it| it["template"] == "ghost");
    session.control(Method::POST, "dns", &json!({"application": waits}));
    let file = session.config("new.env", &format!("IMPORTED='{NEW}'\n"));
    session.names = vec![
        ("PROJECT", project),
        ("FAILED", find(&|it| it["template"] == "n8n")),
        ("WAITS", waits.clone()),
        ("DOMAIN", format!("{waits}.example.com")),
        ("APP", find(&|it| it["template"] == "umami")),
        ("FILE", file.to_str().unwrap().to_owned()),
    ];
    session.secrets = vec![key];
    session
}

#[test]
fn no_command_shows_or_keeps_a_secret() {
    let session = session();
    let config = session.good_config();
    // The values are there, for who asks.
    let asked = session.stdout(&config, "get vars PROJECT -o json --reveal");
    assert!(
        asked.contains(VALUE) && asked.contains(SENSITIVE),
        "{asked}"
    );
    session.check_all(&config, "", &in_all_forms(LISTS));
    for command in [LOGS, CHANGES, OTHERS].concat() {
        session.check_output(command, &session.run(&config, command));
    }
    session.check_done(
        &config,
        &[
            "set-var",
            "unset-var",
            "create-app",
            "configure",
            "deploy",
            "retry",
            "verify-domain",
            "complete-installation",
        ],
    );
    let kept = session.check_files();
    assert!(kept > 10_000, "a log was written, of {kept} bytes");
}

/// What can be read while everything else is refused.
fn known(request: &Request) -> Option<Value> {
    if request.method.as_str() != "GET" {
        return None;
    }
    let answer = match request.url.path() {
        "/api/v1/managed-apps/" => json!([
            {"id": 7, "name": "blog", "slug": "ghost", "status": "ACTION_REQUIRED",
             "domain": "blog.example.com"},
            {"id": 8, "name": "flow", "slug": "n8n", "status": "FAILED"},
            {"id": 9, "name": "stats", "slug": "umami", "status": "RUNNING"},
        ]),
        "/api/v1/managed-apps/installation-status/7" => json!({"status": "ACTION_REQUIRED"}),
        "/v1/whoami" => json!({"success": true, "data": {"orgId": 7, "orgName": "Ours"}}),
        "/v1/projects" => json!({"success": true, "data": {"items": [
            {"name": "shop", "branch": "main", "status": "RUNNING"}], "total": 1}}),
        "/v1/projects/shop" => json!({"success": true, "data": {
            "name": "shop", "branch": "main", "status": "RUNNING", "env": [
                {"name": "HIDDEN", "value": SENSITIVE}, {"name": "OPEN", "value": VALUE}]}}),
        "/v1/projects/shop/deployments" => json!({"success": true, "data": {"items": []}}),
        _ => return None,
    };
    Some(answer)
}

const FORMS: &[Form] = &[
    (400, parrot::message),
    (400, parrot::html),
    (400, parrot::text),
    (422, |said| {
        json!({"errors": [{"msg": said, "param": said}]}).to_string()
    }),
    (409, |said| json!({"error": said}).to_string()),
    (403, |said| {
        json!({"detail": [said], "message": [said, said]}).to_string()
    }),
    (200, |said| {
        json!({"success": false, "error": {"code": said, "message": said}}).to_string()
    }),
    (200, |said| {
        json!({"success": false, "errors": [{"detail": said, "field": said}]}).to_string()
    }),
    (401, parrot::message),
];

fn at(session: &mut Session, parrot: &Parrot) -> std::path::PathBuf {
    session.names = [
        ("PROJECT", "shop"),
        ("FAILED", "flow"),
        ("WAITS", "blog"),
        ("DOMAIN", "blog.example.com"),
        ("APP", "stats"),
    ]
    .map(|(word, name)| (word, name.to_owned()))
    .into();
    let file = session.config("new.env", &format!("IMPORTED='{NEW}'\n"));
    session
        .names
        .push(("FILE", file.to_str().unwrap().to_owned()));
    let address = parrot.address();
    let text = format!(
        "[contexts.pandastack]\nplatform = \"pandastack\"\nbase_url = \"{address}\"\n\
         organisation = \"7\"\ntoken = \"{TOKEN}\"\n"
    );
    session.config("parrot.toml", &text)
}

#[test]
fn no_refusal_that_repeats_what_was_sent_shows_or_keeps_it() {
    let mut session = Session::new(&SITE);
    let parrot = Parrot::new();
    let config = at(&mut session, &parrot);
    for (number, form) in FORMS.iter().enumerate() {
        parrot.says(known, *form);
        let mut told = String::new();
        for command in [CHANGES, OTHERS].concat() {
            let output = session.run(&config, command);
            session.check_output(&format!("{command} (form {number})"), &output);
            told += &String::from_utf8_lossy(&output.stderr);
        }
        let refused = parrot.refused(known);
        assert!(refused >= CHANGES.len(), "{number}: {refused}\n{told}");
        let says_why = form.0 == 401 || told.contains("are bad") || told.contains("***");
        assert!(says_why, "{number}: {told}");
    }
    session.check_files();
}

#[test]
fn no_read_that_is_refused_shows_or_keeps_the_token() {
    let mut session = Session::new(&SITE);
    let parrot = Parrot::new();
    let config = at(&mut session, &parrot);
    for (number, form) in FORMS.iter().enumerate() {
        parrot.says(parrot::nothing, *form);
        let commands = [LISTS, LOGS].concat();
        session.check_all(&config, &format!("(form {number})"), &commands);
        assert!(parrot.refused(parrot::nothing) > 0, "{number}");
    }
    session.check_files();
}

/// An answer that cannot be read is not repeated.
#[test]
fn no_answer_that_is_damaged_shows_a_secret() {
    let session = session();
    let config = session.good_config();
    session.check_damaged(&config, &[LISTS, LOGS].concat());
    session.check_files();
}

/// A log is shown as it is, and kept nowhere.
#[test]
fn a_line_of_a_log_is_shown_and_not_kept() {
    let session = session();
    let config = session.good_config();
    let line = format!("connecting with {VALUE}");
    let log = json!({"environment": session.names[0].1, "lines": [line]});
    session.control(Method::POST, "log", &log);
    let shown = session.stdout(&config, "logs PROJECT");
    assert!(shown.contains(&line), "{shown}");
    session.check_files();
}

#[test]
fn the_dashboard_shows_no_secret() {
    let session = session();
    let keys = keys(&session.names[0].1);
    let keys: Vec<_> = keys.iter().map(|(it, sight)| (&**it, &**sight)).collect();
    let refuse = || {
        session.control(Method::POST, "cut", &Value::Null);
        session.echo(&["GET", "POST"], 401, VALUE);
    };
    session.check_dashboard(&keys, refuse, &["oken", "credential"]);
}
