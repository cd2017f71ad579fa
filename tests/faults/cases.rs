//! What is tried: the operations that a platform supports, where each is tried, and how it shows
//! that it happened.

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;

use flightdeck::model::{Failure, OperationKind};
use flightdeck::platforms::http::Patience;
use flightdeck::platforms::{Connection, Platform};
use serde_json::{Value, json};

use crate::world::World;
use crate::{digitalocean, divio, pandastack, pangea, tsuru};

/// A platform, and everything that can be done there.
pub(crate) struct Ground {
    pub(crate) name: &'static str,
    /// Before the token.
    pub(crate) scheme: &'static str,
    /// Before every path.
    pub(crate) root: &'static str,
    /// Where a list says how long it is.
    pub(crate) total: &'static str,
    pub(crate) connect: fn(Connection, Patience) -> Result<Arc<dyn Platform>, Failure>,
    pub(crate) cases: &'static [Case],
    /// Makes what an operation needs in a new world.
    pub(crate) prepare: for<'a> fn(&'a World, &'a Case) -> Preparing<'a>,
}

/// An operation that is being made ready.
pub(crate) type Preparing<'a> = Pin<Box<dyn Future<Output = Ready> + Send + 'a>>;

pub(crate) const GROUNDS: [&Ground; 5] = [
    &divio::GROUND,
    &digitalocean::GROUND,
    &tsuru::GROUND,
    &pandastack::GROUND,
    &pangea::GROUND,
];

/// All cases, each with where it is tried.
pub(crate) fn cases() -> impl Iterator<Item = (&'static Ground, &'static Case)> {
    let of = |ground: &'static Ground| ground.cases.iter().map(move |case| (ground, case));
    GROUNDS.into_iter().flat_map(of)
}

/// One operation of the catalogue.
#[derive(Clone, Copy)]
#[expect(clippy::struct_excessive_bools, reason = "a row of a table")]
pub(crate) struct Case {
    /// Its name in the catalogue.
    pub(crate) recipe: &'static str,
    /// The request that does it.
    pub(crate) request: &'static str,
    /// Whether reading tells that it did not happen.
    pub(crate) absence_shows: bool,
    /// Whether reading tells that it happened.
    pub(crate) presence_shows: bool,
    /// Whether it takes its time there, and is followed.
    pub(crate) is_followed: bool,
    /// By the time it is found by reading, it may be over, and followed no more.
    pub(crate) may_be_over: bool,
    /// It is answered at once; where it is found by reading, that is an event which is followed.
    pub(crate) is_found_running: bool,
    /// A request before it has done a part of it: it is not begun again, whatever the answer.
    pub(crate) is_second: bool,
    /// What it is about goes on for as long as it is tried.
    pub(crate) is_slow: bool,
    /// An answer that cannot be read is no verdict: the same is asked until one can be.
    pub(crate) asks_again: bool,
    /// Which of the rows of one recipe.
    pub(crate) variant: &'static str,
}

pub(crate) const fn case(recipe: &'static str, request: &'static str) -> Case {
    Case {
        recipe,
        request,
        absence_shows: true,
        presence_shows: true,
        is_followed: false,
        may_be_over: false,
        is_found_running: false,
        is_second: false,
        is_slow: false,
        asks_again: false,
        variant: "",
    }
}

pub(crate) const fn long(recipe: &'static str, request: &'static str) -> Case {
    Case {
        is_followed: true,
        ..case(recipe, request)
    }
}

/// An operation that is ready to be sent.
pub(crate) struct Ready {
    pub(crate) kind: OperationKind,
    pub(crate) app: String,
    pub(crate) environment: String,
    pub(crate) look: Look,
}

/// How often it has happened, by what the platform shows.
pub(crate) enum Look {
    /// Entries of a list that says how many it has.
    Count(String),
    /// Entries of one that is nothing but a list.
    Items(String),
    /// A field of a record; within others, with slashes.
    Field(String, &'static str),
    /// Whether a field says this. It may say other things meanwhile.
    Is(String, &'static str, &'static str),
    /// Whether there is such a thing.
    There(String),
    /// How many apps the simulator knows.
    Apps,
    /// What the simulator knows of an app; within it, with slashes.
    Of(String, &'static str),
    /// Whether the simulator knows it.
    Known(String),
    /// A field of what is posted for; within others, with slashes.
    Posted(&'static str, Value, &'static str),
    Nothing,
}

impl Ready {
    /// What is to differ afterwards.
    pub(crate) async fn seen(&self, world: &World) -> Value {
        let field = async |path: &str, name: &str| {
            let record = world.get(path).await;
            record
                .pointer(&format!("/{name}"))
                .cloned()
                .unwrap_or_default()
        };
        match &self.look {
            Look::Count(path) => field(path, world.ground.total).await,
            Look::Items(path) => json!(world.get(path).await.as_array().map_or(0, Vec::len)),
            Look::Field(path, name) => field(path, name).await,
            Look::Is(path, name, said) => json!(field(path, name).await == *said),
            Look::There(path) => json!(!world.get(path).await.is_null()),
            Look::Apps => json!(world.overview().await.len()),
            Look::Of(app, name) => within(&find(world, app).await, name),
            Look::Known(app) => json!(!find(world, app).await.is_null()),
            Look::Posted(path, body, name) => within(&world.post(path, body.clone()).await, name),
            Look::Nothing => Value::Null,
        }
    }

    /// Whether `after` is what one effect makes of `before`.
    pub(crate) fn happened_once(&self, before: &Value, after: &Value) -> bool {
        match &self.look {
            Look::Count(_) | Look::Items(_) | Look::Apps => {
                after.as_u64() == before.as_u64().map(|count| count + 1)
            }
            Look::Field(..) | Look::Of(..) | Look::Posted(..) => before != after,
            Look::Is(..) => before == &json!(false) && after == &json!(true),
            Look::There(_) | Look::Known(_) => before == &json!(true) && after == &json!(false),
            Look::Nothing => true,
        }
    }
}

fn within(record: &Value, name: &str) -> Value {
    record
        .pointer(&format!("/{name}"))
        .cloned()
        .unwrap_or_default()
}

/// What the simulator knows of an app; null if there is none.
async fn find(world: &World, app: &str) -> Value {
    let all = world.overview().await;
    let found = all.into_iter().find(|it| it["uuid"] == app);
    found.unwrap_or_default()
}

pub(crate) fn text(value: &Value) -> String {
    let text = value.as_str();
    text.unwrap_or_else(|| panic!("{value} is no text"))
        .to_owned()
}
