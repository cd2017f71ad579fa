//! Divio Cloud, from its wire contract: one host, token authentication, lists in envelopes.
//!
//! The state is a [`World`]; what time does to it is computed when a request comes. Handlers are
//! plain functions over a [`Call`]; everything that is the same for all operations is here.

mod account;
mod activities;
mod applications;
mod backups;
mod build_log;
mod builds;
mod call;
mod catalogue;
mod chatter;
mod cronjobs;
mod deployment;
mod deployments;
mod detail;
mod domains;
mod downloads;
mod environment;
mod environment_wire;
mod environments;
mod errors;
mod form;
mod invoices;
mod key;
mod logs;
mod maintenance;
mod metrics;
mod paging;
mod reply;
mod repositories;
mod restores;
mod routes;
mod runtime_log;
mod services;
mod storage;
mod story;
#[cfg(test)]
mod testing;
mod variables;
mod world;

use std::sync::Arc;

use axum::{
    body::{Bytes, to_bytes},
    extract::Request,
    http::{HeaderMap, StatusCode, header, request::Parts},
    response::Response,
};
use serde_json::{Map, Value, json};

use self::{
    call::{Call, Query, View},
    deployment::{Mode, Start, USUAL_SECONDS},
    errors::Refusal,
    key::{Key, Kind},
    reply::Reply,
    world::World,
};
use super::{
    Setup,
    clock::Moment,
    effects::Tweaks,
    host::{self, Answering, Command, Commanded, Platform, Wanted},
    journal::Operation,
    raw,
    shared::{Evolving, Shared},
    words,
};

/// Where files behind download links are; no part of the interface itself.
const STORAGE: &str = "/_storage/";
/// Paths that need no token.
const OPEN: [&str; 2] = ["/apps/v3/", "/apps/v3/schema/"];
const BODY_LIMIT: usize = 10 << 20;

/// Makes the platform's server.
pub(super) fn build(setup: Setup) -> Arc<dyn Platform> {
    let world = World::new(&setup);
    let Setup {
        clock,
        token,
        base_url,
        ..
    } = setup;
    Arc::new(Divio {
        shared: Shared::new(world, clock),
        token,
        base_url,
    })
}

impl Evolving for World {
    fn evolve(&mut self, now: Moment) {
        story::tell(self, now);
    }
}

struct Divio {
    shared: Shared<World>,
    token: String,
    base_url: String,
}

impl Platform for Divio {
    fn operation(&self, request: &Request) -> Operation {
        let (method, path) = (request.method(), request.uri().path());
        if path.starts_with(STORAGE) {
            return Operation::read("DownloadFile");
        }
        routes::find(method.as_str(), path).map_or(Operation::UNKNOWN, |(route, _)| route.operation)
    }

    fn is_storage(&self, path: &str) -> bool {
        path.starts_with(STORAGE)
    }

    fn answer(&self, request: Request, tweaks: Tweaks) -> Answering<'_> {
        Box::pin(async move {
            let (parts, body) = request.into_parts();
            let reply = match to_bytes(body, BODY_LIMIT).await {
                Ok(body) => self.reply(&parts, &body, tweaks),
                Err(error) => Refusal::Unreadable(error.to_string()).reply(),
            };
            reply.into_response()
        })
    }

    fn error(&self, wanted: &Wanted<'_>) -> Response {
        Refusal::wanted(wanted).into_response()
    }

    fn command(&self, command: &Command) -> Option<Commanded> {
        let (mut world, now) = self.shared.present();
        match command {
            Command::Deploy {
                environment,
                succeeds,
            } => {
                let environment = environments::named(&world, environment)?;
                Some(deploy(&mut world, now, environment, *succeeds))
            }
            Command::Vanish { application } => {
                let ordinal = named_application(&world, application)?;
                world.applications[ordinal].gone = true;
                Some(Ok(
                    json!({ "application": world.root_id(Kind::Application, ordinal) }),
                ))
            }
            Command::Variable {
                environment,
                name,
                change,
            } => {
                let ordinal = environments::named(&world, environment)?;
                let was = variables::by_another(&mut world, now, ordinal, name, change.as_ref());
                Some(Ok(json!({ "was": was })))
            }
            Command::Log {
                environment,
                lines,
                rate,
                floods,
            } => {
                let ordinal = environments::named(&world, environment)?;
                let environment = &mut world.environments[ordinal];
                for line in lines {
                    environment.appended.add(now, "web", raw::lossy(line));
                }
                environment.voice.floods.extend(floods.iter().cloned());
                if let Some(rate) = rate {
                    environment.voice.set_rate(now, *rate);
                }
                Some(Ok(json!({ "appended": lines.len() })))
            }
            // Here nothing is specified as a whole, scales by itself, or is counted.
            Command::Spec { .. }
            | Command::Autoscale { .. }
            | Command::Crash { .. }
            | Command::Limits(_)
            | Command::Guard(_)
            | Command::Tenant(_) => None,
        }
    }

    fn overview(&self, most: usize) -> Vec<Value> {
        environments::overview(&self.shared.present().0, most)
    }
}

impl Divio {
    fn reply(&self, parts: &Parts, body: &Bytes, tweaks: Tweaks) -> Reply {
        let (mut world, now) = self.shared.present();
        let (path, query) = (parts.uri.path(), parts.uri.query().unwrap_or_default());
        if let Some(name) = path.strip_prefix(STORAGE) {
            return storage::serve(&world, now, name, query, &parts.headers);
        }
        let view = View {
            now,
            origin: host::origin(&self.base_url, &parts.headers),
            tweaks,
        };
        let answered = self.route(parts, path).and_then(|found| match found {
            Found::Redirect(location) => Ok(redirect(&location, query)),
            Found::Route(route, subject) => {
                if let Some(seconds) = story::refused_for(&world, now) {
                    return Err(Refusal::Throttled(seconds));
                }
                let reads = route.method == "GET";
                let body = if reads {
                    Map::new()
                } else {
                    fields(&parts.headers, body)?
                };
                let query = Query::parse(query);
                (route.handler)(&mut Call {
                    world: &mut world,
                    view,
                    path,
                    subject,
                    query,
                    body,
                })
            }
        });
        answered.unwrap_or_else(|refusal| refusal.reply())
    }

    fn route<'a>(&self, parts: &Parts, path: &'a str) -> Result<Found<'a>, Refusal> {
        let method = parts.method.as_str();
        let slashed = format!("{path}/");
        let reads = matches!(method, "GET" | "HEAD");
        if reads && !path.ends_with('/') && routes::find(method, &slashed).is_some() {
            return Ok(Found::Redirect(slashed));
        }
        if !OPEN.contains(&path) {
            self.authorise(&parts.headers)?;
        }
        match routes::find(method, path) {
            Some((route, subject)) => Ok(Found::Route(route, subject)),
            None if routes::fitting(path).next().is_some() => {
                Err(Refusal::Method(method.to_owned()))
            }
            None => Err(Refusal::MISSING),
        }
    }

    fn authorise(&self, headers: &HeaderMap) -> Result<(), Refusal> {
        let given = headers
            .get(header::AUTHORIZATION)
            .and_then(|value| value.to_str().ok());
        match given.and_then(|given| given.strip_prefix("Token ")) {
            Some(token) if token == self.token => Ok(()),
            Some(_) => Err(Refusal::Unauthorised("Invalid token.")),
            None => Err(Refusal::Unauthorised(
                "Authentication credentials were not provided.",
            )),
        }
    }
}

enum Found<'a> {
    Route(&'static routes::Route, &'a str),
    Redirect(String),
}

fn redirect(location: &str, query: &str) -> Reply {
    let mark = if query.is_empty() { "" } else { "?" };
    let reply = Reply::bytes(StatusCode::MOVED_PERMANENTLY, "text/html", Vec::new());
    reply.with("location", &format!("{location}{mark}{query}"))
}

/// The fields of a body: JSON, or form-encoded for flat ones.
fn fields(headers: &HeaderMap, body: &Bytes) -> Result<Map<String, Value>, Refusal> {
    let kind = headers
        .get(header::CONTENT_TYPE)
        .and_then(|value| value.to_str().ok());
    if body.is_empty() {
        return Ok(Map::new());
    }
    if kind.is_some_and(|kind| kind.starts_with("application/x-www-form-urlencoded")) {
        let pairs = url::form_urlencoded::parse(body).into_owned();
        return Ok(pairs
            .map(|(name, value)| (name, Value::String(value)))
            .collect());
    }
    match serde_json::from_slice(body) {
        Ok(Value::Object(fields)) => Ok(fields),
        Ok(
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) | Value::Array(_),
        ) => Err(Refusal::whole("Invalid data. Expected a dictionary.")),
        Err(error) => Err(Refusal::Unreadable(format!("JSON parse error - {error}"))),
    }
}

fn named_application(world: &World, name: &str) -> Option<usize> {
    match world.find(name, Kind::Application) {
        Ok(Key { ordinal, .. }) => Some(ordinal),
        Err(_) => world
            .applications
            .iter()
            .position(|a| a.slug == name && !a.gone),
    }
}

/// A deployment that another user starts.
fn deploy(world: &mut World, now: Moment, environment: usize, succeeds: bool) -> Commanded {
    let start = Start {
        mode: Mode::Auto,
        author: words::PEOPLE[1],
        copy_from: None,
        adopt: None,
        failure: (!succeeds).then(|| words::RELEASE_FAILURES[0].to_owned()),
        seconds: USUAL_SECONDS / world.clock.speed(),
    };
    let ordinal = world
        .start_deployment(environment, now, start)
        .map_err(|refusal| String::from_utf8_lossy(&refusal.reply().body).into_owned())?;
    Ok(json!({
        "deployment": world.id(Kind::Deployment, environment, ordinal),
        "environment": world.root_id(Kind::Environment, environment),
    }))
}
