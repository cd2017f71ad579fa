//! Logs of what is over: files behind presigned addresses. Source: DigitalOcean contract,
//! section 6.1.
//!
//! An address is good for a quarter of an hour. Whoever sends a token along is refused, as object
//! stores do. Some files are gzipped, and they hold bytes that are not UTF-8.

use std::future;

use axum::{
    body::Body,
    extract::Request,
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::Response,
};

use super::{
    Shared,
    call::Query,
    component::Component,
    deployment::Stage,
    id::{self, Kind},
    tape::{Asked, What},
    world::World,
};
use crate::sim::{
    clock::Moment,
    dice::{Dice, scramble},
    gzip::gzip,
};

const ARCHIVE: &str = "/_archive/";
/// Seconds for which an address is good.
const LIVES: u32 = 900;

/// The files: what they are about, and their names.
const FILES: [(&str, fn(usize) -> What, Kind); 4] = [
    (
        "build.log",
        |of| What::Stage(of, Stage::Build),
        Kind::Deployment,
    ),
    (
        "deploy.log",
        |of| What::Stage(of, Stage::Deploy),
        Kind::Deployment,
    ),
    ("job.log", What::Invocation, Kind::Invocation),
    ("autoscale.log", What::Scaling, Kind::Event),
];

/// The addresses of what is asked for, one a component; none if nothing of it is kept.
pub(super) fn links(world: &World, now: Moment, origin: &str, asked: &Asked) -> Vec<String> {
    let components = asked.components(world);
    let paths = components
        .iter()
        .filter_map(|component| path(world, asked, component));
    let date = date(now);
    let link = |path: String| format!("{origin}{path}?{}", signed(world.seed, &path, &date));
    paths.map(link).collect()
}

fn path(world: &World, asked: &Asked, component: &Component) -> Option<String> {
    let (of, name, kind) = match asked.what {
        What::Stage(of, Stage::Build) => (of, "build.log", Kind::Deployment),
        What::Stage(of, Stage::Deploy) => (of, "deploy.log", Kind::Deployment),
        What::Invocation(of) => (of, "job.log", Kind::Invocation),
        What::Scaling(of) => (of, "autoscale.log", Kind::Event),
        What::Run(_) | What::Restarted(_) => return None,
    };
    let of = id::id(world.seed, kind, asked.app, of);
    let app = &world.apps[asked.app].id;
    Some(format!("{ARCHIVE}{app}/{of}/{}/{name}", component.name))
}

/// The file that a path names.
fn file(world: &World, path: &str) -> Option<Asked> {
    let mut pieces = path.strip_prefix(ARCHIVE)?.split('/');
    let app = world.find_app(pieces.next()?).ok()?;
    let of = pieces.next()?;
    let component = pieces.next()?.to_owned();
    let name = pieces.next()?;
    let (_, what, kind) = FILES.iter().find(|(file, ..)| *file == name)?;
    Some(Asked {
        app,
        what: what(id::ordinal(world.seed, *kind, app, of)?),
        component: Some(component),
        tail: None,
        follow: false,
        patience: Moment(0),
    })
}

/// The form of the store: no separators, whole seconds.
fn date(at: Moment) -> String {
    let text: String = at.iso().chars().filter(|c| !"-:".contains(*c)).collect();
    let whole = text.split('.').next().unwrap_or_default();
    format!("{whole}Z")
}

fn signed(seed: u64, path: &str, date: &str) -> String {
    let mut query = url::form_urlencoded::Serializer::new(String::new());
    query.extend_pairs([
        ("X-Amz-Algorithm", "AWS4-HMAC-SHA256"),
        ("X-Amz-Date", date),
        ("X-Amz-Expires", &LIVES.to_string()),
        ("X-Amz-SignedHeaders", "host"),
        ("X-Amz-Signature", &signature(seed, path, date)),
    ]);
    query.finish()
}

fn signature(seed: u64, path: &str, date: &str) -> String {
    let bytes = path.bytes().chain(date.bytes());
    let sum = bytes.fold(seed, |sum, byte| scramble(sum ^ u64::from(byte)));
    Dice::new(sum, &[0x31]).hex(64)
}

/// Answers a request for an address that was given out.
pub(super) fn serve(shared: &Shared, request: &Request) -> impl Future<Output = Response> + use<> {
    let (world, now) = shared.present();
    let query = request.uri().query().unwrap_or_default();
    future::ready(answer(
        &world,
        now,
        request.uri().path(),
        query,
        request.headers(),
    ))
}

fn answer(world: &World, now: Moment, path: &str, query: &str, headers: &HeaderMap) -> Response {
    if let Err(why) = admit(world.seed, now, path, query, headers) {
        return refused(StatusCode::FORBIDDEN, "AccessDenied", why);
    }
    let tape = file(world, path).and_then(|asked| Some((asked.tape(world, now)?, asked)));
    let Some((tape, asked)) = tape else {
        return refused(StatusCode::NOT_FOUND, "NoSuchKey", "no such key");
    };
    let bytes: Vec<u8> = tape
        .said
        .iter()
        .flat_map(|said| stored(&said.text))
        .collect();
    let name = asked.component.unwrap_or_default();
    let zipped = (asked.app + name.len()) % 2 == 1;
    let mut response = Response::new(Body::from(if zipped { gzip(&bytes) } else { bytes }));
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("text/plain"));
    if zipped {
        headers.insert(header::CONTENT_ENCODING, HeaderValue::from_static("gzip"));
    }
    response
}

/// Whether an address is good, and why not.
fn admit(
    seed: u64,
    now: Moment,
    path: &str,
    query: &str,
    headers: &HeaderMap,
) -> Result<(), &'static str> {
    if headers.contains_key(header::AUTHORIZATION) {
        return Err("only one authentication mechanism is allowed");
    }
    let query = Query::parse(query);
    let date = query.get("X-Amz-Date").unwrap_or_default();
    if query.get("X-Amz-Signature") != Some(&signature(seed, path, date)) {
        return Err("the signature does not match");
    }
    let given = Moment::parse(date).ok_or("malformed date")?;
    let good = now.since(given) <= f64::from(LIVES);
    good.then_some(()).ok_or("request has expired")
}

fn refused(status: StatusCode, code: &str, why: &str) -> Response {
    let body = format!(
        "<?xml version=\"1.0\"?>\n<Error><Code>{code}</Code><Message>{why}</Message></Error>\n"
    );
    let mut response = Response::new(Body::from(body));
    *response.status_mut() = status;
    let xml = HeaderValue::from_static("application/xml");
    response.headers_mut().insert(header::CONTENT_TYPE, xml);
    response
}

/// The bytes of a text as they were written: what is no UTF-8 is here still what it was.
fn stored(text: &str) -> Vec<u8> {
    /// A small e with an acute accent in the encoding of old.
    const LATIN: u8 = 0xe9;
    let mut bytes = Vec::with_capacity(text.len());
    for part in text.split_inclusive('\u{fffd}') {
        match part.strip_suffix('\u{fffd}') {
            Some(part) => {
                bytes.extend(part.bytes());
                bytes.push(LATIN);
            }
            None => bytes.extend(part.bytes()),
        }
    }
    bytes
}
