//! Answers one request: whose it is, whether it is allowed, and what it does, now or later.

use axum::{
    body::Bytes,
    http::{HeaderMap, header, request::Parts},
    response::Response,
};
use serde_json::{Map, Value};

use super::{
    call::{Call, Outcome},
    envelope,
    errors::{self, Refusal},
    fields,
    routes::{Handler, Work},
    tasks::{self, Order, Task},
    tokens::Grant,
    view::View,
    wire,
    world::World,
};
use crate::sim::{journal::Operation, route::Found};

/// The identifier of the request that is answered, and what is said of it.
type Answered = Result<(String, envelope::Content), Refusal>;

/// One request with what is around it.
pub(super) struct Asked<'a> {
    /// Its identifier.
    pub(super) request: String,
    pub(super) parts: &'a Parts,
    pub(super) body: &'a Bytes,
    pub(super) view: &'a View,
}

impl Asked<'_> {
    /// The HTTP response.
    pub(super) fn respond(&self, world: &mut World, found: Option<Found<'_, Handler>>) -> Response {
        let answered = self.answer(world, found);
        let (request, content) = answered.unwrap_or_else(|refusal| {
            let content = finished(Err(refusal), self.view);
            (self.request.clone(), content)
        });
        content.respond(&request, self.view)
    }

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

/// What is said of something that is over.
pub(super) fn finished(outcome: Outcome, view: &View) -> envelope::Content {
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
