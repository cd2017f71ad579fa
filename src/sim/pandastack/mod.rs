//! PandaStack, from its wire contract: the documented operations of managed apps, whose answers are
//! not published, and the dialect of the vendor's own client beside them.
//!
//! The state is a [`World`]; what time does to it is computed when a request comes. Handlers are
//! plain functions over a [`Call`]; everything that is the same for all operations is here. What
//! an answer of the first dialect looks like is a [`Shape`], which the seed or a fault chooses.

mod app;
mod apps;
mod call;
mod catalogue;
mod changes;
mod command;
mod domains;
mod errors;
mod forms;
mod install;
mod log;
mod make;
mod project;
mod projects;
mod reply;
mod routes;
mod shape;
mod shapes;
mod story;
mod wire;
mod words;
mod world;

use std::sync::Arc;

use axum::{
    body::{Bytes, to_bytes},
    extract::Request,
    http::{HeaderMap, header, request::Parts},
    response::Response,
};
use serde_json::{Map, Value};

use self::{
    call::Call,
    errors::Refusal,
    reply::{Outcome, Reply},
    routes::Found,
    shape::Shape,
    wire::View,
    world::World,
};
use super::{
    Setup,
    clock::Moment,
    dice::{Dice, mix},
    effects::Tweaks,
    host::{Answering, Command, Commanded, Dialect, Platform, Wanted},
    journal::Operation,
    line::Line,
    query::Query,
    shared::{self, Evolving},
};

const BODY_LIMIT: usize = 1 << 20;

/// Makes the platform's server.
pub(super) fn build(setup: Setup) -> Arc<dyn Platform> {
    let world = World::new(&setup);
    Arc::new(PandaStack {
        shared: Shared::new(world, setup.clock),
    })
}

/// The token of a seed. Source: PandaStack contract, section 2.
pub(super) fn token(seed: u64) -> String {
    format!("psk_{}", Dice::new(seed, &[0x705]).hex(64))
}

/// The organisation of a seed.
pub(super) fn organisation(seed: u64) -> String {
    (7_000_000_000 + mix(seed, &[0x0a6]) % 1_000_000_000).to_string()
}

/// The world, for answers that go on.
type Shared = shared::Shared<World>;

impl Evolving for World {
    fn evolve(&mut self, now: Moment) {
        story::tell(self, now);
    }
}

struct PandaStack {
    shared: Shared,
}

impl Platform for PandaStack {
    fn operation(&self, request: &Request) -> Operation {
        routes::find(request.method().as_str(), request.uri().path())
            .map_or(Operation::UNKNOWN, |Found { route, .. }| route.operation)
    }

    fn answer(&self, request: Request, tweaks: Tweaks) -> Answering<'_> {
        Box::pin(self.whole(request, tweaks))
    }

    fn error(&self, wanted: &Wanted<'_>) -> Response {
        let shape = self.shape(wanted.tweaks);
        Refusal::wanted(wanted).answer(wanted.path, &shape)
    }

    fn command(&self, command: &Command) -> Option<Commanded> {
        let (mut world, now) = self.shared.present();
        command::run(&mut world, now, command)
    }

    fn overview(&self, most: usize) -> Vec<Value> {
        let (world, now) = self.shared.present();
        command::overview(&world, now, most)
    }

    fn shapes(&self) -> &'static [&'static str] {
        shapes::NAMES
    }
}

impl PandaStack {
    async fn whole(&self, request: Request, tweaks: Tweaks) -> Response {
        let line = Line::of(&request, tweaks.frames.clone());
        let (parts, body) = request.into_parts();
        let shape = self.shape(&tweaks);
        let outcome = match to_bytes(body, BODY_LIMIT).await {
            Ok(body) => self.reply(&parts, &body, &shape, &tweaks),
            Err(error) => Err(Refusal::bad(error.to_string())),
        };
        match (outcome, line) {
            (Ok(Reply::Log(uuid)), Some(line)) => {
                log::serve(self.shared.clone(), line, uuid, shape, tweaks).await
            }
            (Ok(reply), _) => reply.into_response(&shape),
            (Err(refusal), _) => refusal.answer(parts.uri.path(), &shape),
        }
    }

    fn shape(&self, tweaks: &Tweaks) -> Shape {
        let own = || self.shared.present().0.shape.clone();
        tweaks.shape.as_deref().map_or_else(own, Shape::named)
    }

    fn reply(&self, parts: &Parts, body: &Bytes, shape: &Shape, tweaks: &Tweaks) -> Outcome {
        let (mut world, now) = self.shared.present();
        let path = parts.uri.path();
        let dialect = routes::dialect(path);
        let found = routes::find(parts.method.as_str(), path);
        let found = found.filter(|_| world.serves(dialect));
        let Found { route, given } = found.ok_or_else(Refusal::no_route)?;
        authorise(&world, &parts.headers)?;
        let query = Query::parse(parts.uri.query().unwrap_or_default());
        let body = object(body)?;
        if dialect == Dialect::ApiV1 {
            let is_post = route.method == "POST";
            belongs(&world, &query, is_post.then_some(&body))?;
        }
        let view = View {
            now,
            pace: world.pace(),
            tweaks: tweaks.clone(),
            shape: shape.clone(),
            organisation: world.organisation.clone(),
        };
        (route.handler)(&mut Call {
            world: &mut world,
            view,
            given,
            query,
            body,
        })
    }
}

/// Only `Bearer` and the token open this server.
fn authorise(world: &World, headers: &HeaderMap) -> Result<(), Refusal> {
    let given = headers
        .get(header::AUTHORIZATION)
        .and_then(|value| value.to_str().ok());
    let token = given.and_then(|given| given.strip_prefix("Bearer "));
    let known = token.is_some_and(|token| token == world.token && !world.is_token_expired);
    known.then_some(()).ok_or_else(Refusal::unauthorised)
}

/// The body of a request, which is an object if there is one.
fn object(body: &Bytes) -> Result<Map<String, Value>, Refusal> {
    if body.is_empty() {
        return Ok(Map::new());
    }
    let read = serde_json::from_slice(body);
    read.map_err(|_| Refusal::bad("The body is not a JSON object"))
}

/// The organisation is named in the address, and in the body of a POST once more. Source:
/// PandaStack contract, section 2.
fn belongs(world: &World, query: &Query, body: Option<&Map<String, Value>>) -> Result<(), Refusal> {
    let missing = || Refusal::invalid("organization_id", "organization_id is required");
    let named = query.get("organization_id").ok_or_else(missing)?;
    let repeated = match body.map(|body| body.get("organization_id")) {
        None => named.to_owned(),
        Some(Some(Value::String(text))) if !text.is_empty() => text.clone(),
        Some(Some(Value::Number(number))) => number.to_string(),
        Some(_) => return Err(missing()),
    };
    let fits = named == world.organisation && repeated == world.organisation;
    fits.then_some(()).ok_or_else(Refusal::forbidden)
}
