//! Answers that take their time: action streams, log streams, deploys in plain text, shells.
//! Source: tsuru contract, section 3.
//!
//! Handlers answer with a [`Play`]; this plays it. What an action writes is planned by its event:
//! a stream reads along, the log of the app has it from its start on, and nobody needs to listen.

mod chatter;
mod console;
mod deploy;
mod fragment;
mod logs;
mod multipart;
mod output;
mod phrases;
mod plain;
mod pod;
mod reader;
mod record;
mod run;
mod scene;
mod shell;
#[cfg(test)]
mod testing;
mod voice;
mod wire;

use axum::{extract::Request, http::request::Parts, response::Response};

use self::{
    console::Opening,
    reader::{Asked, Reader, Scene},
    voice::Voices,
};
pub(super) use self::{logs::write, output::lines};
use super::{
    Shared,
    errors::Refusal,
    event::{Event, Piece},
    reply::Reply,
    routes::Route,
};
use crate::sim::{
    Setup,
    clock::Moment,
    effects::Tweaks,
    flow::{Batch, Flow},
    keep_alive::{self, KeepAlive},
    line::{self, Line},
    route::{change, read},
};

/// Operations whose handlers are here.
#[rustfmt::skip]
pub(super) const ROUTES: &[Route] = &[
    read("AppLog", "/1.0/apps/{app}/log", logs::of_app),
    read("AppLogInstance", "/1.8/apps/{app}/log-instance", logs::of_instance),
    read("JobLog", "/1.13/jobs/{name}/log", logs::of_job),
    change("AppDeploy", "POST", "/1.0/apps/{app}/deploy", deploy::deploy),
    change("AppRun", "POST", "/1.0/apps/{app}/run", run::run),
    read("AppShell", "/1.0/apps/{app}/shell", console::open),
];

const JSON: &str = "application/x-json-stream";

/// What a stream plays.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Play {
    /// The event at this place, as an action stream.
    Action(usize),
    /// The event at this place, as plain text.
    Text(usize),
    /// A log.
    Log(Asked),
    /// A conversation with a shell.
    Shell(Opening),
}

/// What the streams keep in the world.
#[derive(Debug)]
pub(super) struct Logs {
    voices: Voices,
}

impl Logs {
    /// At the start nobody has been asked to write.
    pub(super) fn new(setup: &Setup) -> Logs {
        Logs {
            voices: Voices::new(setup.seed, &setup.clock, setup.story),
        }
    }
}

/// Who listens, and what goes wrong on the way there.
pub(super) struct Listener {
    line: Option<Line>,
    tweaks: Tweaks,
}

impl Listener {
    /// Whoever made a request.
    pub(super) fn of(request: &Request, tweaks: &Tweaks) -> Listener {
        Listener {
            line: Line::of(request, tweaks.frames.clone()),
            tweaks: tweaks.clone(),
        }
    }
}

/// What a request is told that is refused: where it wanted a conversation, in a frame.
pub(super) fn refused(parts: &Parts, refusal: &Refusal) -> Reply {
    if console::upgrades(parts) && !refusal.is_no_route() {
        let complaint = refusal.message().to_owned();
        return Reply::stream(Play::Shell(Opening::Complaint(complaint)));
    }
    refusal.reply()
}

/// Answers with a stream.
pub(super) async fn serve(
    shared: &Shared,
    parts: Parts,
    Listener { line, tweaks }: Listener,
    play: Play,
    head: Reply,
) -> Response {
    let shared = shared.clone();
    if let Play::Shell(opening) = play {
        return console::serve(shared, parts, line, opening).await;
    }
    // Only requests that did not come through a socket have none.
    let Some(line) = line else {
        return head.into_response();
    };
    let (clock, skewed) = (shared.clock.clone(), move |at| tweaks.shifted(at));
    let body = match play {
        Play::Action(event) => {
            let alive = KeepAlive::new("", &clock);
            let read = played(shared, event, move |seed, event| {
                fragment::messages(seed, event, &skewed)
            });
            Flow::new(line, alive, read).answer(JSON).await
        }
        Play::Text(event) => {
            let alive = KeepAlive::new("please wait...", &clock);
            let read = played(shared, event, |_, event| plain::pieces(event));
            Flow::new(line, alive, read).answer("text").await
        }
        Play::Log(asked) => {
            let alive = KeepAlive::new("", &clock);
            let read = log(shared, asked, skewed);
            Flow::new(line, alive, read).answer(JSON).await
        }
        Play::Shell(_) => return head.into_response(),
    };
    let (mut parts, body) = body.into_parts();
    parts.headers.extend(head.into_response().headers().clone());
    Response::from_parts(parts, body)
}

/// What an action has written since the last time, in the form that `written` gives it.
fn played(
    shared: Shared,
    event: usize,
    written: impl Fn(u64, &Event) -> Vec<Piece> + Send + 'static,
) -> impl FnMut() -> Batch + Send + 'static {
    let mut sent = 0;
    move || {
        let (world, now) = shared.present();
        let event = &world.events[event];
        let due = |piece: &Piece| piece.at <= now;
        let pieces = written(world.seed, event).into_iter().take_while(due);
        let pieces: Vec<String> = pieces.skip(sent).map(|piece| piece.text).collect();
        sent += pieces.len();
        Batch {
            pieces,
            is_last: now >= event.end,
        }
    }
}

/// What was written into a log since the last time: at once the first time, then one by one.
fn log(
    shared: Shared,
    asked: Asked,
    skewed: impl Fn(Moment) -> Moment + Send + 'static,
) -> impl FnMut() -> Batch + Send + 'static {
    let mut is_first = true;
    let mut reader = Reader::new(asked.clone());
    move || {
        let (world, now) = shared.present();
        let scene = Scene {
            pods: scene::pods_of(&world, &asked, now),
            own: &|from, to| scene::own(&world, &asked.name, from, to),
            voices: &world.logs.voices,
        };
        let now = reader.reach(&scene, now);
        let flooded = reader.flooded(&scene, now, &skewed);
        let records = reader.read(&scene, now);
        let one = |record| record::array(std::slice::from_ref(record), &skewed);
        let pieces = if std::mem::take(&mut is_first) {
            vec![record::array(&records, &skewed)]
        } else {
            records.iter().map(one).chain(flooded).collect()
        };
        Batch {
            pieces,
            is_last: !asked.follow,
        }
    }
}
