//! DigitalOcean App Platform, from its wire contract: bearer authentication, lists with links,
//! answers in the manner of protobuf.
//!
//! The state is a [`World`]; what time does to it is computed when a request comes. Handlers are
//! plain functions over a [`Call`]; everything that is the same for all operations is here.
//! Addresses of logs and consoles lead to paths of their own, which no token opens.

mod account;
mod alerts;
mod app_wire;
mod apps;
mod archive;
mod backups;
mod build_log;
mod call;
mod catalogue;
mod cause;
mod chatter;
mod check;
mod command;
mod component;
mod console;
mod databases;
mod deployment;
mod deployment_wire;
mod deployments;
mod errors;
mod events;
mod grant;
mod health;
mod history;
mod id;
mod limits;
mod logs;
mod metrics;
mod paging;
mod plan;
mod progress;
mod projects;
mod queue;
mod reply;
mod rollback;
mod routes;
mod runs;
mod secret;
mod spec;
mod steps;
mod story;
mod stream;
mod tape;
#[cfg(test)]
mod testing;
mod voice;
mod wire;
mod world;

use std::sync::Arc;

use axum::{
    body::{Bytes, to_bytes},
    extract::Request,
    http::{HeaderMap, header, request::Parts},
    response::Response,
};
use serde_json::{Map, Value};

pub use self::limits::RateLimits;
use self::{
    call::{Call, Query, View},
    errors::Refusal,
    id::{Kind, id},
    reply::{Outcome, Reply},
    routes::{Found, Hook},
    world::World,
};
use super::{
    Setup,
    clock::Moment,
    effects::Tweaks,
    host::{self, Answering, Command, Commanded, Platform, Wanted},
    journal::Operation,
    shared::{self, Evolving},
};

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
    Arc::new(DigitalOcean {
        shared: Shared::new(world, clock),
        token,
        base_url,
    })
}

/// The world, for requests that outlive their answer.
type Shared = shared::Shared<World>;

impl Evolving for World {
    fn evolve(&mut self, now: Moment) {
        story::tell(self, now);
    }
}

struct DigitalOcean {
    shared: Shared,
    token: String,
    base_url: String,
}

impl Platform for DigitalOcean {
    fn operation(&self, request: &Request) -> Operation {
        let path = request.uri().path();
        if let Some(hook) = Hook::of(path) {
            let upgrades = request.headers().contains_key(header::UPGRADE);
            return hook.operation(upgrades);
        }
        routes::find(request.method().as_str(), path)
            .map_or(Operation::UNKNOWN, |Found { route, .. }| route.operation)
    }

    fn is_storage(&self, path: &str) -> bool {
        Hook::of(path).is_some()
    }

    fn answer(&self, request: Request, tweaks: Tweaks) -> Answering<'_> {
        Box::pin(async move {
            match Hook::of(request.uri().path()) {
                Some(Hook::Stream) => {
                    return stream::serve(&self.shared, request, tweaks.frames).await;
                }
                Some(Hook::Archive) => return archive::serve(&self.shared, &request).await,
                Some(Hook::Console) => {
                    return console::serve(&self.shared, request, tweaks.frames).await;
                }
                None => {}
            }
            let (parts, body) = request.into_parts();
            let body = to_bytes(body, BODY_LIMIT).await;
            let reply = match body {
                Ok(body) => self.reply(&parts, &body, tweaks),
                Err(error) => Refusal::bad(error.to_string()).reply(""),
            };
            reply.into_response()
        })
    }

    fn error(&self, wanted: &Wanted<'_>) -> Response {
        let request_id = request_id(&mut self.shared.present().0);
        refused(&Refusal::wanted(wanted), &request_id).into_response()
    }

    fn command(&self, command: &Command) -> Option<Commanded> {
        let (mut world, now) = self.shared.present();
        command::run(&mut world, now, command)
    }

    fn overview(&self, most: usize) -> Vec<Value> {
        let (world, now) = self.shared.present();
        command::overview(&world, now, most)
    }
}

impl DigitalOcean {
    fn reply(&self, parts: &Parts, body: &Bytes, tweaks: Tweaks) -> Reply {
        let (mut world, now) = self.shared.present();
        let request_id = request_id(&mut world);
        if let Err(refusal) = self.authorise(&parts.headers) {
            return refused(&refusal, &request_id);
        }
        let (heard, standing) = world.limits.count(now);
        let view = View {
            now,
            origin: host::origin(&self.base_url, &parts.headers),
            tweaks,
        };
        let answered = heard.and_then(|()| handle(&mut world, view, parts, body));
        let reply = match answered {
            Ok(reply) => reply.with("x-request-id", &request_id),
            Err(refusal) => refused(&refusal, &request_id),
        };
        standing.told(reply)
    }

    fn authorise(&self, headers: &HeaderMap) -> Result<(), Refusal> {
        let given = headers
            .get(header::AUTHORIZATION)
            .and_then(|value| value.to_str().ok());
        let token = given.and_then(|given| given.strip_prefix("Bearer "));
        let known = token.is_some_and(|token| token == self.token);
        known.then_some(()).ok_or_else(Refusal::unauthorised)
    }
}

/// The identifier of the request that has just come.
fn request_id(world: &mut World) -> String {
    world.answered += 1;
    id(world.seed, Kind::Request, 0, world.answered)
}

fn refused(refusal: &Refusal, request_id: &str) -> Reply {
    let reply = refusal.reply(request_id);
    reply.with("x-request-id", request_id)
}

fn handle(world: &mut World, view: View, parts: &Parts, body: &Bytes) -> Outcome {
    let (method, path) = (parts.method.as_str(), parts.uri.path());
    let Some(Found { route, given }) = routes::find(method, path) else {
        let known = routes::fitting(path).next().is_some();
        return Err(if known {
            Refusal::method()
        } else {
            Refusal::missing()
        });
    };
    let body = match route.method {
        "GET" => None,
        _ => fields(body)?,
    };
    (route.handler)(&mut Call {
        world,
        view,
        path,
        given,
        query: Query::parse(parts.uri.query().unwrap_or_default()),
        body,
    })
}

/// The fields of a body, if there is one.
fn fields(body: &Bytes) -> Result<Option<Map<String, Value>>, Refusal> {
    if body.is_empty() {
        return Ok(None);
    }
    match serde_json::from_slice(body) {
        Ok(Value::Object(fields)) => Ok(Some(fields)),
        Ok(
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) | Value::Array(_),
        ) => Err(Refusal::bad("request body must be an object")),
        Err(error) => Err(Refusal::bad(format!("invalid request body: {error}"))),
    }
}
