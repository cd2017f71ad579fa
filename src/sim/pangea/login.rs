//! A token for the credentials of a client: plain OAuth, without the envelope.
//! Source: Pangea contract, section 3.

use axum::{
    body::Bytes,
    http::{HeaderMap, HeaderValue, StatusCode, header, request::Parts},
    response::Response,
};
use serde_json::{Value, json};

use super::{basic, envelope, forms::Login, tokens::Grant, view::View, world::World};
use crate::sim::{host::Wanted, query::Query};

/// What the scopes of this interface begin with.
const SCOPES: &str = "pangea:platform:";
/// What a client has if it asks for none.
const OWN_SCOPES: &str = "pangea:platform:account:read pangea:platform:account:write";

/// An error code of OAuth, and what it means.
struct Refused {
    status: StatusCode,
    error: &'static str,
    description: &'static str,
}

const fn refused(error: &'static str, description: &'static str) -> Refused {
    Refused {
        status: StatusCode::BAD_REQUEST,
        error,
        description,
    }
}

const NO_CLIENT: Refused = Refused {
    status: StatusCode::UNAUTHORIZED,
    ..refused("invalid_client", "Client authentication failed")
};

/// Answers a request for a token.
pub(super) fn answer(world: &mut World, parts: &Parts, body: &Bytes, view: &View) -> Response {
    let refusal = match granted(world, parts, body, view) {
        Ok(body) => return written(StatusCode::OK, &body),
        Err(refusal) => refusal,
    };
    let mut response = refusal.answer();
    let is_unknown = refusal.status == StatusCode::UNAUTHORIZED;
    if is_unknown && parts.headers.contains_key(header::AUTHORIZATION) {
        let realm = HeaderValue::from_static("Basic realm=\"pangea\"");
        let headers = response.headers_mut();
        headers.insert(header::WWW_AUTHENTICATE, realm);
    }
    response
}

/// Says an error that a fault asks for.
pub(super) fn error(wanted: &Wanted<'_>) -> Response {
    let refusal = match wanted.status.as_u16() {
        401 => NO_CLIENT,
        400 | 402..=428 => refused("invalid_request", wanted.reason()),
        429 | 503 => refused("temporarily_unavailable", wanted.reason()),
        _ => refused("server_error", wanted.reason()),
    };
    refusal.answer()
}

impl Refused {
    fn answer(&self) -> Response {
        let body = json!({ "error": self.error, "error_description": self.description });
        written(self.status, &body)
    }
}

fn written(status: StatusCode, body: &Value) -> Response {
    let mut response = envelope::response(status.as_u16(), "application/json", body.to_string());
    let no_store = HeaderValue::from_static("no-store");
    response
        .headers_mut()
        .insert(header::CACHE_CONTROL, no_store);
    response
}

fn granted(world: &mut World, parts: &Parts, body: &Bytes, view: &View) -> Result<Value, Refused> {
    let form = form(&parts.headers, body)?;
    authenticate(world, &parts.headers, &form, view.shape.login)?;
    match form.get("grant_type") {
        None => return Err(refused("invalid_request", "grant_type is missing")),
        Some("client_credentials") => {}
        Some(_) => {
            let description = "client_credentials is the only grant";
            return Err(refused("unsupported_grant_type", description));
        }
    }
    let scope = form.get("scope").unwrap_or(OWN_SCOPES).to_owned();
    let mut scopes = scope.split_whitespace();
    if !scopes.all(|scope| scope.starts_with(SCOPES)) {
        return Err(refused("invalid_scope", "The client does not have it"));
    }
    let token = world
        .tokens
        .issue(grant(&scope, view.shape.login), view.now);
    Ok(told(
        &token,
        world.tokens.lifetime,
        &scope,
        view.shape.login,
    ))
}

/// The fields of the form.
fn form(headers: &HeaderMap, body: &Bytes) -> Result<Query, Refused> {
    let kind = headers.get(header::CONTENT_TYPE);
    let kind = kind.and_then(|kind| kind.to_str().ok()).unwrap_or_default();
    if !kind.starts_with("application/x-www-form-urlencoded") {
        return Err(refused("invalid_request", "The body has to be a form"));
    }
    Ok(Query::parse(&String::from_utf8_lossy(body)))
}

/// The client names itself in a header or in the form, but not in both.
fn authenticate(
    world: &World,
    headers: &HeaderMap,
    form: &Query,
    login: Login,
) -> Result<(), Refused> {
    let header = headers.get(header::AUTHORIZATION);
    let in_form = form.get("client_secret").is_some();
    if header.is_some() && in_form {
        let description = "The client may authenticate in one way only";
        return Err(refused("invalid_request", description));
    }
    let given = match header {
        Some(_) if login == Login::FormOnly => None,
        Some(value) => basic::credentials(value),
        None if login == Login::BasicOnly => None,
        None => form
            .get("client_id")
            .zip(form.get("client_secret"))
            .map(owned),
    };
    let client = &world.tokens.client;
    let is_known = given.is_some_and(|(id, secret)| id == client.id && secret == client.secret);
    is_known.then_some(()).ok_or(NO_CLIENT)
}

fn owned((id, secret): (&str, &str)) -> (String, String) {
    (id.to_owned(), secret.to_owned())
}

/// What a token with these scopes opens.
fn grant(scope: &str, login: Login) -> Grant {
    if login == Login::ServiceClient {
        return Grant::Services;
    }
    if scope
        .split_whitespace()
        .all(|scope| scope.ends_with(":read"))
    {
        return Grant::Reading;
    }
    Grant::Organisation
}

fn told(token: &str, lifetime: f64, scope: &str, login: Login) -> Value {
    #[expect(
        clippy::cast_possible_truncation,
        reason = "tokens live for hours at most"
    )]
    let seconds = lifetime as i64;
    match login {
        Login::Bare => json!({ "access_token": token }),
        Login::NoExpiry => json!({ "access_token": token, "token_type": "Bearer", "scope": scope }),
        Login::TextExpiry => json!({
            "access_token": token,
            "token_type": "Bearer",
            "expires_in": seconds.to_string(),
        }),
        Login::Usual | Login::FormOnly | Login::BasicOnly | Login::ServiceClient => json!({
            "access_token": token,
            "token_type": "Bearer",
            "expires_in": seconds,
            "scope": scope,
        }),
    }
}
