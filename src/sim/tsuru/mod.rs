//! tsuru, from its wire contract: versioned routes, plain-text errors, mixed-case keys, actions that
//! are played as streams.
//!
//! The state is a [`World`]; what time does to it is computed when a request comes. Handlers are
//! plain functions over a [`Call`]; everything that is the same for all operations is here. An
//! action is an [`event`] that is planned as a whole when the request comes: the answer that plays
//! it is made in [`stream`], and whoever stops listening changes nothing.

mod accounts;
mod action;
mod app;
mod app_wire;
mod apps;
mod autoscale;
mod blocks;
mod build_log;
mod call;
mod catalogue;
mod command;
mod deploy;
mod deploys;
mod domains;
mod edit;
mod env;
mod errors;
mod event;
mod event_wire;
mod events;
mod history;
mod input;
mod jobs;
mod lists;
mod lock;
mod make;
mod plan;
mod power;
mod reply;
mod rollout;
mod routes;
mod service;
mod services;
mod story;
mod stream;
#[cfg(test)]
mod testing;
mod unit;
mod units;
mod volumes;
mod webhooks;
mod wire;
mod world;

use std::{sync::Arc, time::Duration};

use axum::{
    body::{Bytes, to_bytes},
    extract::Request,
    http::{HeaderMap, header, request::Parts},
    response::Response,
};
use serde_json::Value;

use self::{
    call::Call, errors::Refusal, input::Input, reply::Outcome, routes::Found, wire::View,
    world::World,
};
use super::{
    Setup,
    clock::Moment,
    effects::Tweaks,
    host::{Answering, Command, Commanded, Platform, Wanted},
    journal::Operation,
    shared::{self, Evolving},
};

const BODY_LIMIT: usize = 64 << 20;
/// How long the server itself waits for a lock, and how often it looks.
const LOCK_WAIT_S: f64 = 10.0;
const LOCK_POLL: Duration = Duration::from_millis(40);

/// Makes the platform's server.
pub(super) fn build(setup: Setup) -> Arc<dyn Platform> {
    let world = World::new(&setup);
    Arc::new(Tsuru {
        shared: Shared::new(world, setup.clock),
    })
}

/// The world, for requests that outlive their answer.
type Shared = shared::Shared<World>;

impl Evolving for World {
    fn evolve(&mut self, now: Moment) {
        story::tell(self, now);
        self.settle(now);
    }
}

struct Tsuru {
    shared: Shared,
}

impl Platform for Tsuru {
    fn operation(&self, request: &Request) -> Operation {
        routes::find(request.method().as_str(), request.uri().path())
            .map_or(Operation::UNKNOWN, |Found { route, .. }| route.operation)
    }

    fn answer(&self, request: Request, tweaks: Tweaks) -> Answering<'_> {
        Box::pin(self.whole(request, tweaks))
    }

    fn error(&self, wanted: &Wanted<'_>) -> Response {
        Refusal::wanted(wanted).reply().into_response()
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

impl Tsuru {
    async fn whole(&self, request: Request, tweaks: Tweaks) -> Response {
        let listener = stream::Listener::of(&request, &tweaks);
        let (parts, body) = request.into_parts();
        let body = match to_bytes(body, BODY_LIMIT).await {
            Ok(body) => body,
            Err(error) => return Refusal::bad(error.to_string()).reply().into_response(),
        };
        let reply = match self.patient(&parts, &body, &tweaks).await {
            Ok(reply) => reply,
            Err(refusal) => stream::refused(&parts, &refusal),
        };
        match reply.play() {
            Some(play) => stream::serve(&self.shared, parts, listener, play, reply).await,
            None => reply.into_response(),
        }
    }

    /// Asks again while the app is locked, for as long as the server does it.
    async fn patient(&self, parts: &Parts, body: &Bytes, tweaks: &Tweaks) -> Outcome {
        let clock = &self.shared.clock;
        let until = clock.now().plus(LOCK_WAIT_S / clock.speed());
        loop {
            let outcome = self.reply(parts, body, tweaks);
            let is_locked = outcome.as_ref().is_err_and(Refusal::is_locked);
            if !is_locked || clock.now() >= until {
                return outcome;
            }
            tokio::time::sleep(LOCK_POLL).await;
        }
    }

    fn reply(&self, parts: &Parts, body: &Bytes, tweaks: &Tweaks) -> Outcome {
        let (mut world, now) = self.shared.present();
        let (method, path) = (parts.method.as_str(), parts.uri.path());
        let found = routes::find(method, path).filter(|found| !world.is_too_old_for(found));
        let Found { route, given } = found.ok_or_else(Refusal::no_route)?;
        if !routes::is_open(route) {
            authorise(&world, &parts.headers)?;
        }
        let view = View {
            now,
            tweaks: tweaks.clone(),
        };
        world.doom.clone_from(&tweaks.fail_deployment);
        let outcome = (route.handler)(&mut Call {
            world: &mut world,
            view,
            given,
            input: Input::read(parts, body)?,
            headers: &parts.headers,
            body,
        });
        // It is for this request only.
        world.doom = None;
        outcome
    }
}

/// The last word of a header of one or two words is the token.
fn authorise(world: &World, headers: &HeaderMap) -> Result<(), Refusal> {
    let given = headers
        .get(header::AUTHORIZATION)
        .and_then(|value| value.to_str().ok());
    let words: Vec<&str> = given.unwrap_or_default().split(' ').collect();
    let token = (words.len() <= 2).then(|| words.last().copied()).flatten();
    let known = token.is_some_and(|token| world.knows(token));
    known.then_some(()).ok_or_else(Refusal::unauthorised)
}
