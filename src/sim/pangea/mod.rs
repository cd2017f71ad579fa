//! Pangea, from its wire contract: one organisation and its projects, everything by POST, an envelope
//! around every answer.
//!
//! The state is a [`World`]; what was accepted and takes its time is done when somebody asks next, and so is the story.
//! Where the contract leaves the form of answers open, the [`shape`] decides.

mod answer;
mod basic;
mod call;
mod command;
mod envelope;
mod errors;
mod fields;
mod forms;
mod id;
mod list;
mod login;
mod organisations;
mod project;
mod projects;
mod routes;
mod shape;
mod shapes;
mod story;
mod tasks;
mod tokens;
mod view;
mod wire;
mod world;

pub(super) use self::tokens::client;

use std::sync::Arc;

use axum::{
    body::{Bytes, to_bytes},
    extract::Request,
    http::{HeaderMap, request::Parts},
    response::Response,
};
use serde_json::Value;

use self::{answer::Asked, errors::Refusal, id::Kind, routes::Handler, view::View, world::World};
use super::{
    Setup,
    clock::Moment,
    effects::Tweaks,
    host::{Answering, Command, Commanded, Platform, Wanted, origin},
    journal::Operation,
    shared::{Evolving, Shared},
};

const BODY_LIMIT: usize = 1 << 20;

/// Makes the platform's server.
pub(super) fn build(setup: Setup) -> Arc<dyn Platform> {
    let world = World::new(&setup);
    Arc::new(Pangea {
        shared: Shared::new(world, setup.clock),
        base_url: setup.base_url,
    })
}

/// The organisation of a seed's world.
pub(super) fn organisation(seed: u64) -> String {
    id::id(seed, Kind::Organisation, 0)
}

struct Pangea {
    shared: Shared<World>,
    base_url: String,
}

impl Platform for Pangea {
    fn operation(&self, request: &Request) -> Operation {
        routes::operation(request.method().as_str(), request.uri().path())
    }

    fn answer(&self, request: Request, tweaks: Tweaks) -> Answering<'_> {
        Box::pin(async move {
            let (parts, body) = request.into_parts();
            // A body that is too long, or breaks off, is none.
            let body = to_bytes(body, BODY_LIMIT).await.unwrap_or_default();
            self.respond(&parts, &body, tweaks)
        })
    }

    fn error(&self, wanted: &Wanted<'_>) -> Response {
        if routes::is_login(wanted.path) {
            return login::error(wanted);
        }
        let (mut world, now) = self.shared.present();
        let view = self.view(&world, now, wanted.tweaks.clone(), &HeaderMap::new());
        let content = answer::finished(Err(Refusal::wanted(wanted)), &view);
        content.respond(&world.request_id(), &view)
    }

    fn command(&self, command: &Command) -> Option<Commanded> {
        let (mut world, now) = self.shared.present();
        command::run(&mut world, now, command)
    }

    fn overview(&self, most: usize) -> Vec<Value> {
        let (world, _) = self.shared.present();
        command::overview(&world, most)
    }

    fn shapes(&self) -> &'static [&'static str] {
        &shapes::NAMES
    }
}

impl Evolving for World {
    fn evolve(&mut self, now: Moment) {
        story::tell(self, now);
        self.settle(now);
    }
}

impl Pangea {
    fn view(&self, world: &World, now: Moment, tweaks: Tweaks, headers: &HeaderMap) -> View {
        View {
            now,
            shape: world.shape.with(tweaks.shape.as_deref()),
            tweaks,
            origin: origin(&self.base_url, headers),
            elsewhere: world.elsewhere.clone(),
        }
    }

    fn respond(&self, parts: &Parts, body: &Bytes, tweaks: Tweaks) -> Response {
        let (mut world, now) = self.shared.present();
        let view = self.view(&world, now, tweaks, &parts.headers);
        let found = routes::find(parts.method.as_str(), parts.uri.path());
        if let Some(Handler::Login) = found.as_ref().map(|found| found.route.handler) {
            return login::answer(&mut world, parts, body, &view);
        }
        let asked = Asked {
            request: world.request_id(),
            parts,
            body,
            view: &view,
        };
        asked.respond(&mut world, found)
    }
}
