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

/// One sort of files: its name, what is in it, and what it is kept by.
struct File {
    name: &'static str,
    what: fn(usize) -> What,
    kind: Kind,
}

const FILES: [File; 4] = [
    File {
        name: "build.log",
        what: |of| What::Stage(of, Stage::Build),
        kind: Kind::Deployment,
    },
    File {
        name: "deploy.log",
        what: |of| What::Stage(of, Stage::Deploy),
        kind: Kind::Deployment,
    },
    File {
        name: "job.log",
        what: What::Invocation,
        kind: Kind::Invocation,
    },
    File {
        name: "autoscale.log",
        what: What::Scaling,
        kind: Kind::Event,
    },
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
    let of = match asked.what {
        What::Stage(of, _) | What::Invocation(of) | What::Scaling(of) => of,
        What::Run(_) | What::Restarted(_) => return None,
    };
    let File { name, kind, .. } = FILES.iter().find(|file| (file.what)(of) == asked.what)?;
    let of = id::id(world.seed, *kind, asked.app, of);
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
    let file = FILES.iter().find(|file| file.name == name)?;
    let of = id::ordinal(world.seed, file.kind, app, of)?;
    Some(Asked {
        app,
        what: (file.what)(of),
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

#[cfg(test)]
mod tests {
    use axum::http::{HeaderValue, header};

    use super::{
        super::{deployment::Phase, testing::still_world},
        *,
    };

    fn link(world: &World) -> (String, String) {
        let now = world.clock.started();
        let app = world.named_app("quotes").unwrap();
        let active = world.active(app, now).unwrap();
        assert_eq!(world.phase(&active, now), Phase::Active);
        let asked = Asked {
            app,
            what: What::Stage(active.ordinal, Stage::Deploy),
            component: None,
            tail: None,
            follow: false,
            patience: now,
        };
        let links = links(world, now, "", &asked);
        let (path, query) = links[0].split_once('?').unwrap();
        (path.to_owned(), query.to_owned())
    }

    /// What a link answers so many seconds after it was given out.
    fn check(seconds: f64, token: bool, expected: u16) {
        let world = still_world(1, 24);
        let (path, query) = link(&world);
        let mut headers = HeaderMap::new();
        if token {
            headers.insert(header::AUTHORIZATION, HeaderValue::from_static("Bearer x"));
        }
        let now = world.clock.started().plus(seconds);
        let answer = answer(&world, now, &path, &query, &headers);
        assert_eq!(answer.status().as_u16(), expected);
    }

    #[test]
    fn address_is_good_for_a_quarter_of_an_hour_and_for_nobody_with_a_token() {
        check(0.0, false, 200);
        check(899.0, false, 200);
        check(902.0, false, 403);
        check(1.0, true, 403);
    }

    #[test]
    fn what_was_no_text_is_a_byte_again() {
        assert_eq!(stored("caf\u{fffd} x\n"), b"caf\xe9 x\n");
        assert_eq!(stored("plain"), b"plain");
    }
}
