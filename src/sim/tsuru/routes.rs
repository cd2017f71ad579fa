//! The route table: operations, methods and paths of the contract, as data, and its rules for
//! versions. Source: tsuru contract, section 1.

use super::{apps, call::Call, reply::Outcome, stream};
use crate::sim::route::{self, is_for, read};

/// Answers one operation.
pub(super) type Handler = fn(&mut Call<'_>) -> Outcome;

/// One operation of the interface.
pub(super) type Route = route::Route<Handler>;

/// A route with what its placeholders stand for, in their order.
pub(super) struct Found {
    pub(super) route: &'static Route,
    pub(super) given: Vec<String>,
}

/// The newest minor version that a server of today has routes of.
pub(super) const NEWEST_MINOR: u32 = 30;

/// Operations that need no token.
const OPEN: &[&str] = &[
    "Healthcheck",
    "AuthScheme",
    "AuthSchemes",
    "Login",
    "UserTokenCreate",
];

/// All operations but those of `stream`. Of two that fit, the first is meant.
#[rustfmt::skip]
const ROUTES: &[Route] = &[
    read("AppList", "/1.0/apps", apps::list),
    read("AppGet", "/1.0/apps/{app}", apps::get),
];

/// The route for a method and path.
pub(super) fn find(method: &str, path: &str) -> Option<Found> {
    let tables = [ROUTES, stream::ROUTES];
    if version(path).is_some() {
        return tables
            .into_iter()
            .find_map(|table| one(table, method, path));
    }
    // Without a prefix the oldest version answers.
    (0..=NEWEST_MINOR).find_map(|minor| {
        let path = format!("/1.{minor}{path}");
        tables
            .into_iter()
            .find_map(|table| one(table, method, &path))
    })
}

fn one(table: &'static [Route], method: &str, path: &str) -> Option<Found> {
    let mut fitting = route::fitting(table, path);
    let found = fitting.find(|found| is_for(found.route, method))?;
    Some(Found {
        route: found.route,
        given: found.given.into_iter().map(decoded).collect(),
    })
}

/// The minor version of a route.
pub(super) fn minor(route: &Route) -> u32 {
    version(route.path).unwrap_or(0)
}

/// Whether a route needs no token.
pub(super) fn is_open(route: &Route) -> bool {
    OPEN.contains(&route.operation.name)
}

/// The minor version that a path begins with.
fn version(path: &str) -> Option<u32> {
    let prefix = path.strip_prefix("/1.")?;
    let (minor, _) = prefix.split_once('/')?;
    minor.parse().ok()
}

/// A piece of a path with its percent signs resolved.
fn decoded(piece: &str) -> String {
    let form = piece.replace('+', "%2B").replace('&', "%26");
    let mut pairs = url::form_urlencoded::parse(form.as_bytes());
    let Some((key, value)) = pairs.next() else {
        return String::new();
    };
    let equals = if piece.contains('=') { "=" } else { "" };
    format!("{key}{equals}{value}")
}
