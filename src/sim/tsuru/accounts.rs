//! People, tokens and what they may do; logging in; the server itself. Source: tsuru contract,
//! sections 1, 4 and 5.

use axum::http::StatusCode;
use serde_json::{Value, json};

use super::{
    call::Call,
    catalogue::TEAMS,
    errors::Refusal,
    history::PEOPLE,
    reply::{Outcome, Reply},
    world::World,
};

/// The password that opens every account.
const PASSWORD: &str = "sim-password";

/// What the user of the token may do: everything, but with the apps of some teams.
const GLOBAL: &[&str] = &[
    "app.create",
    "app.read",
    "cluster",
    "event-block",
    "job",
    "plan",
    "platform",
    "pool.read",
    "role.read",
    "router",
    "service",
    "service-instance",
    "team.read",
    "user.read",
    "volume",
    "webhook",
];

/// The user of the token.
pub(super) fn me() -> Value {
    let grant = |name: &str, kind: &str, value: &str| json!({ "Name": name, "ContextType": kind, "ContextValue": value });
    let mut permissions: Vec<Value> = GLOBAL
        .iter()
        .map(|name| grant(name, "global", ""))
        .collect();
    let own = || TEAMS.iter().filter(|team| team.is_own);
    permissions.extend(own().map(|team| grant("app", "team", team.name)));
    let mut roles = vec![grant("operator", "global", "")];
    roles.extend(own().map(|team| grant("developer", "team", team.name)));
    json!({
        "Email": World::USER,
        "Roles": roles,
        "Permissions": permissions,
        "Groups": ["ops"],
    })
}

/// Who the token belongs to.
#[expect(clippy::unnecessary_wraps, reason = "handlers share one signature")]
pub(super) fn get_me(_: &mut Call<'_>) -> Outcome {
    Ok(Reply::ok(me()))
}

/// All users.
#[expect(clippy::unnecessary_wraps, reason = "handlers share one signature")]
pub(super) fn list_users(_: &mut Call<'_>) -> Outcome {
    let others = PEOPLE.iter().filter(|name| **name != World::USER);
    let others = others.map(|name| {
        let role = json!({ "Name": "developer", "ContextType": "team", "ContextValue": "web" });
        json!({ "Email": name, "Roles": [role], "Permissions": null, "Groups": null })
    });
    let all: Vec<Value> = std::iter::once(me()).chain(others).collect();
    Ok(Reply::ok(Value::Array(all)))
}

/// Tokens of teams; their secrets are told as well.
#[expect(clippy::unnecessary_wraps, reason = "handlers share one signature")]
pub(super) fn list_tokens(call: &mut Call<'_>) -> Outcome {
    Ok(Reply::list(tokens(call)))
}

/// One token of a team.
pub(super) fn get_token(call: &mut Call<'_>) -> Outcome {
    let mut all = tokens(call).into_iter();
    let found = all.find(|token| token["token_id"] == *call.given(0));
    Ok(Reply::ok(
        found.ok_or_else(|| Refusal::missing("token not found"))?,
    ))
}

fn tokens(call: &Call<'_>) -> Vec<Value> {
    const DAY: f64 = 86_400.0;
    let (started, seed) = (call.world.clock.started(), call.world.seed);
    let one = |place: u64, id: &str, team: &str, expires: Option<f64>| {
        let secret = crate::sim::dice::mix(seed, &[0x75, 9, place]);
        json!({
            "token": format!("sim-{secret:016x}"),
            "token_id": id,
            "description": "deploys of the pipeline",
            "created_at": call.view.time(started.plus(-90.0 * DAY)),
            "expires_at": call.view.maybe(expires.map(|days| started.plus(days * DAY))),
            "last_access": call.view.time(started.plus(-600.0)),
            "creator_email": PEOPLE[2],
            "team": team,
            "roles": [{ "Name": "deployer", "ContextValue": team }],
        })
    };
    vec![
        one(1, "ci", "web", None),
        one(2, "nightly", "data", Some(12.0)),
    ]
}

/// Roles with what they allow.
#[expect(clippy::unnecessary_wraps, reason = "handlers share one signature")]
pub(super) fn list_roles(_: &mut Call<'_>) -> Outcome {
    let one = |name: &str, context: &str, allows: &[&str]| json!({ "name": name, "context": context, "Description": "", "scheme_names": allows });
    Ok(Reply::ok(json!([
        one("deployer", "team", &["app.deploy", "app.read"]),
        one("developer", "team", &["app"]),
        one("operator", "global", GLOBAL),
    ])))
}

/// All permissions there are.
#[expect(clippy::unnecessary_wraps, reason = "handlers share one signature")]
pub(super) fn list_permissions(_: &mut Call<'_>) -> Outcome {
    const NAMES: &[&str] = &[
        "",
        "app",
        "app.create",
        "app.delete",
        "app.deploy",
        "app.deploy.rollback",
        "app.read",
        "app.read.deploy",
        "app.read.env",
        "app.read.events",
        "app.read.log",
        "app.run",
        "app.run.shell",
        "app.update",
        "app.update.env.set",
        "app.update.restart",
        "app.update.unit.add",
        "event-block",
        "event-block.add",
        "event-block.read",
    ];
    let told = NAMES
        .iter()
        .map(|name| json!({ "name": name, "contexts": ["global", "app", "team", "pool"] }));
    Ok(Reply::ok(Value::Array(told.collect())))
}

/// How one can log in.
#[expect(clippy::unnecessary_wraps, reason = "handlers share one signature")]
pub(super) fn list_schemes(_: &mut Call<'_>) -> Outcome {
    Ok(Reply::ok(json!([
        { "name": "native", "default": true, "data": {} },
        { "name": "oidc", "data": {
            "clientID": "tsuru",
            "scopes": ["openid", "email"],
            "authURL": "https://id.example.com/auth",
            "tokenURL": "https://id.example.com/token",
            "port": "41000",
        } },
    ])))
}

/// The usual way to log in.
#[expect(clippy::unnecessary_wraps, reason = "handlers share one signature")]
pub(super) fn get_scheme(_: &mut Call<'_>) -> Outcome {
    Ok(Reply::ok(json!({ "name": "native", "data": {} })))
}

/// Logs in by the fields of a form.
pub(super) fn log_in(call: &mut Call<'_>) -> Outcome {
    let email = call.input.text("email");
    log_in_as(call, &email)
}

/// Logs in whom the path names.
pub(super) fn log_in_named(call: &mut Call<'_>) -> Outcome {
    let email = call.given(0).to_owned();
    log_in_as(call, &email)
}

/// The answer is JSON that is not called so.
fn log_in_as(call: &mut Call<'_>, email: &str) -> Outcome {
    let password = call.input.text("password");
    if email.is_empty() || password.is_empty() {
        return Err(Refusal::bad("you must provide a password to login"));
    }
    if !PEOPLE.contains(&email) {
        return Err(Refusal::missing("user not found"));
    }
    if password != PASSWORD {
        let message = "Authentication failed, wrong password.";
        return Err(Refusal::new(StatusCode::UNAUTHORIZED, message));
    }
    call.world.is_token_expired = false;
    let body = json!({ "token": call.world.token });
    Ok(Reply::text(StatusCode::OK, body.to_string()))
}

/// Logs out: the token opens nothing any more.
#[expect(clippy::unnecessary_wraps, reason = "handlers share one signature")]
pub(super) fn log_out(call: &mut Call<'_>) -> Outcome {
    call.world.is_token_expired = true;
    Ok(Reply::done())
}

/// Another token that opens the same.
#[expect(clippy::unnecessary_wraps, reason = "handlers share one signature")]
pub(super) fn api_key(call: &mut Call<'_>) -> Outcome {
    Ok(Reply::ok(json!(call.world.api_key)))
}

/// Makes that anew.
#[expect(clippy::unnecessary_wraps, reason = "handlers share one signature")]
pub(super) fn renew_api_key(call: &mut Call<'_>) -> Outcome {
    call.world.api_key.push('x');
    Ok(Reply::ok(json!(call.world.api_key)))
}

/// The server and its version.
#[expect(clippy::unnecessary_wraps, reason = "handlers share one signature")]
pub(super) fn info(_: &mut Call<'_>) -> Outcome {
    Ok(Reply::ok(json!({ "version": "1.23.1" })))
}

/// Whether it works.
#[expect(clippy::unnecessary_wraps, reason = "handlers share one signature")]
pub(super) fn health(call: &mut Call<'_>) -> Outcome {
    let text = if call.input.all("check").is_empty() {
        "WORKING".to_owned()
    } else {
        "MongoDB: WORKING (1.204ms)\nRouter ingress: WORKING (8.112ms)\n".to_owned()
    };
    Ok(Reply::text(StatusCode::OK, text))
}

/// What the server measures of itself.
#[expect(clippy::unnecessary_wraps, reason = "handlers share one signature")]
pub(super) fn metrics(call: &mut Call<'_>) -> Outcome {
    let running = call.world.live.len();
    let text = format!("tsuru_events_current{{kind=\"all\"}} {running}\n");
    Ok(Reply::text(StatusCode::OK, text))
}
