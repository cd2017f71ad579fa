//! Pangea, from its wire contract: one organisation and its projects, everything by POST, an envelope
//! around every answer.
//!
//! The state is a [`World`]; what was accepted and takes its time is done when somebody asks next.
//! Where the contract leaves the form of answers open, the [`shape`] decides.

mod basic;
mod call;
mod command;
mod envelope;
mod errors;
mod fields;
mod id;
mod list;
mod login;
mod organisations;
mod project;
mod projects;
mod routes;
mod shape;
mod tasks;
mod tokens;
mod view;
mod wire;
mod world;

pub(super) use self::tokens::client;

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use axum::{
    body::{Bytes, to_bytes},
    extract::Request,
    http::{HeaderMap, header, request::Parts},
    response::Response,
};
use serde_json::{Map, Value};

use self::{
    call::{Call, Outcome},
    errors::Refusal,
    id::Kind,
    routes::{Handler, Work},
    tasks::{Order, Task},
    tokens::Grant,
    view::View,
    world::World,
};
use super::{
    Setup,
    clock::{Clock, Moment},
    effects::{self, Tweaks},
    host::{Answering, Command, Commanded, Platform, origin},
    journal::Operation,
    route::Found,
};

const BODY_LIMIT: usize = 1 << 20;

/// Makes the platform's server.
pub(super) fn build(setup: Setup) -> Arc<dyn Platform> {
    Arc::new(Pangea {
        world: Mutex::new(World::new(&setup)),
        clock: setup.clock,
        base_url: setup.base_url,
    })
}

/// The organisation of a seed's world.
pub(super) fn organisation(seed: u64) -> String {
    id::id(seed, Kind::Organisation, 0)
}

struct Pangea {
    world: Mutex<World>,
    clock: Clock,
    base_url: String,
}

impl Platform for Pangea {
    fn operation(&self, request: &Request) -> Operation {
        routes::operation(request.method().as_str(), request.uri().path())
    }

    fn is_storage(&self, _: &str) -> bool {
        false
    }

    fn answer(&self, request: Request, tweaks: Tweaks) -> Answering<'_> {
        Box::pin(async move {
            let skew = tweaks.skew_s;
            let (parts, body) = request.into_parts();
            // A body that is too long, or breaks off, is none.
            let body = to_bytes(body, BODY_LIMIT).await.unwrap_or_default();
            let mut response = self.respond(&parts, &body, tweaks);
            effects::date(&mut response, self.clock.now(), skew);
            response
        })
    }

    fn command(&self, command: &Command) -> Option<Commanded> {
        let (mut world, now) = self.present();
        command::run(&mut world, now, command)
    }

    fn overview(&self, most: usize) -> Vec<Value> {
        let (world, _) = self.present();
        command::overview(&world, most)
    }

    fn shapes(&self) -> &'static [&'static str] {
        &shape::NAMES
    }
}

impl Pangea {
    /// The world as it is now. The clock is read under the lock: whoever asks later sees later.
    fn present(&self) -> (MutexGuard<'_, World>, Moment) {
        let mut world = self.world.lock().unwrap_or_else(PoisonError::into_inner);
        let now = self.clock.now();
        world.settle(now);
        (world, now)
    }

    fn respond(&self, parts: &Parts, body: &Bytes, tweaks: Tweaks) -> Response {
        let (mut world, now) = self.present();
        let world = &mut *world;
        let view = View {
            now,
            shape: world.shape.with(tweaks.shape.as_deref()),
            tweaks,
            origin: origin(&self.base_url, &parts.headers),
            elsewhere: world.elsewhere.clone(),
        };
        let found = routes::find(parts.method.as_str(), parts.uri.path());
        if let Some(Handler::Login) = found.as_ref().map(|found| found.route.handler) {
            return login::answer(world, parts, body, &view);
        }
        let asked = Asked {
            request: world.request_id(),
            parts,
            body,
            view: &view,
        };
        let (request, content) = asked.answer(world, found).unwrap_or_else(|refusal| {
            let content = finished(Err(refusal), &view);
            (asked.request.clone(), content)
        });
        content.respond(&request, &view)
    }
}

/// The identifier of the request that is answered, and what is said of it.
type Answered = Result<(String, envelope::Content), Refusal>;

/// One request with what is around it.
struct Asked<'a> {
    request: String,
    parts: &'a Parts,
    body: &'a Bytes,
    view: &'a View,
}

impl Asked<'_> {
    fn answer(&self, world: &mut World, found: Option<Found<'_, Handler>>) -> Answered {
        let Found { route, given } = found.ok_or(errors::NOT_FOUND)?;
        let token = bearer(&self.parts.headers).ok_or(errors::UNAUTHORIZED)?;
        let grant = world.tokens.grant(token, self.view.now);
        let grant = grant.ok_or(errors::UNAUTHORIZED)?;
        if let Some(refusal) = &self.view.shape.refusal {
            return Err(refusal.clone());
        }
        match route.handler {
            Handler::Work(work) => {
                let body = fields::read(self.body).map_err(Refusal::invalid)?;
                allow(&grant, route.operation, &body)?;
                let content = self.work(world, token, work, body)?;
                Ok((self.request.clone(), content))
            }
            Handler::Request => {
                let request = given.first().copied().unwrap_or_default();
                let task = tasks::ask(world, request, token, self.view.now)?;
                Ok((request.to_owned(), asked(task, self.view)))
            }
            // It has no envelope, and is answered before.
            Handler::Login => Err(errors::NOT_FOUND),
        }
    }

    /// Does one of the seven, or promises to.
    fn work(
        &self,
        world: &mut World,
        token: &str,
        work: &'static Work,
        body: Map<String, Value>,
    ) -> Result<envelope::Content, Refusal> {
        let errors = work.check(&body);
        if !errors.is_empty() {
            return Err(Refusal::invalid(errors));
        }
        let View { now, shape, .. } = self.view;
        if shape.waiting.is_some() || (work.waits)(&body) {
            let order = Order {
                request: self.request.clone(),
                token: token.to_owned(),
                work,
                body,
                shape: shape.clone(),
            };
            return Ok(self.accept(world, order));
        }
        let outcome = (work.answer)(&mut Call {
            world,
            now: *now,
            body: &body,
            shape,
        });
        Ok(finished(outcome, self.view))
    }

    /// Starts what is done later.
    fn accept(&self, world: &mut World, order: Order) -> envelope::Content {
        let task = Task::new(order, self.view.now, world.pace());
        let result = wire::waiting(&task, self.view);
        world.tasks.push(task);
        envelope::accepted(result, &self.view.shape)
    }
}

/// What became of something that was accepted.
fn asked(task: &Task, view: &View) -> envelope::Content {
    match task.outcome() {
        Some(outcome) => finished(outcome.clone(), view),
        None => envelope::accepted(wire::waiting(task, view), &view.shape),
    }
}

fn finished(outcome: Outcome, view: &View) -> envelope::Content {
    match outcome {
        Ok(done) => envelope::success(wire::done(&done, view), &view.shape),
        Err(refusal) => {
            let result = wire::refused(&refusal, view);
            envelope::refused(refusal, result, &view.shape)
        }
    }
}

/// Refuses what a token does not open.
fn allow(grant: &Grant, operation: Operation, body: &Map<String, Value>) -> Result<(), Refusal> {
    match grant {
        Grant::Reading if operation.changes => Err(errors::FORBIDDEN_SCOPE),
        Grant::Organisation | Grant::Reading => Ok(()),
        Grant::Project(project) => {
            let is_own = body.get("id").is_some_and(|id| id == project);
            is_own.then_some(()).ok_or(errors::FORBIDDEN)
        }
        Grant::Services => Err(errors::UNAUTHORIZED),
    }
}

/// The token of a request.
fn bearer(headers: &HeaderMap) -> Option<&str> {
    let value = headers.get(header::AUTHORIZATION)?.to_str().ok()?;
    let (scheme, token) = value.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then_some(token)
}
