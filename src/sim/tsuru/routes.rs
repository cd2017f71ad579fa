//! The route table: operations, methods and paths of the contract, as data, and its rules for
//! versions. Source: tsuru contract, section 1.

use super::{
    apps, autoscale, blocks, call::Call, deploys, domains, env, events, power, reply::Outcome,
    stream, units, volumes,
};
use crate::sim::route::{self, change, is_for, read};

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
    read("AppQuotaGet", "/1.0/apps/{app}/quota", apps::quota),
    change("AppStart", "POST", "/1.0/apps/{app}/start", power::start),
    change("AppStop", "POST", "/1.0/apps/{app}/stop", power::stop),
    change("AppRestart", "POST", "/1.0/apps/{app}/restart", power::restart),
    change("UnitsAdd", "PUT", "/1.0/apps/{app}/units", units::add),
    change("UnitsRemove", "DELETE", "/1.0/apps/{app}/units", units::remove),
    change("UnitKill", "DELETE", "/1.12/apps/{app}/units/{unit}", units::kill),
    read("AutoScaleInfo", "/1.9/apps/{app}/units/autoscale", autoscale::list),
    change("AutoScaleAdd", "POST", "/1.9/apps/{app}/units/autoscale", autoscale::set),
    change("AutoScaleRemove", "DELETE", "/1.9/apps/{app}/units/autoscale", autoscale::remove),
    read("EnvGet", "/1.0/apps/{app}/env", env::get),
    change("EnvSet", "POST", "/1.0/apps/{app}/env", env::set),
    change("EnvUnset", "DELETE", "/1.0/apps/{app}/env", env::unset),
    change("AppCnameAdd", "POST", "/1.0/apps/{app}/cname", domains::add),
    change("AppCnameDelete", "DELETE", "/1.0/apps/{app}/cname", domains::remove),
    read("AppGetCertificates", "/1.24/apps/{app}/certificate", domains::list_certificates),
    read("AppCertificatesLegacy", "/1.2/apps/{app}/certificate", domains::list_legacy_certificates),
    change("CertificateSet", "PUT", "/1.2/apps/{app}/certificate", domains::set_certificate),
    change("CertificateUnset", "DELETE", "/1.2/apps/{app}/certificate", domains::unset_certificate),
    change("AppSetCertIssuer", "PUT", "/1.24/apps/{app}/certissuer", domains::set_issuer),
    change("AppUnsetCertIssuer", "DELETE", "/1.24/apps/{app}/certissuer", domains::unset_issuer),
    read("AppRouterList", "/1.5/apps/{app}/routers", domains::list_routers),
    read("DeployList", "/1.0/deploys", deploys::list),
    read("DeployInfo", "/1.0/deploys/{deploy}", deploys::get),
    change("DeployRollback", "POST", "/1.0/apps/{app}/deploy/rollback", deploys::rollback),
    change("DeployRebuild", "POST", "/1.3/apps/{app}/deploy/rebuild", deploys::rebuild),
    change("DeployRollbackUpdate", "PUT", "/1.4/apps/{app}/deploy/rollback/update", deploys::update_rollback),
    read("EventList", "/1.1/events", events::list),
    read("EventKinds", "/1.1/events/kinds", events::kinds),
    read("EventInfo", "/1.1/events/{event}", events::get),
    change("EventCancel", "POST", "/1.1/events/{event}/cancel", events::cancel),
    read("EventBlocks", "/1.3/events/blocks", blocks::list),
    change("EventBlockAdd", "POST", "/1.3/events/blocks", blocks::add),
    change("EventBlockRemove", "DELETE", "/1.3/events/blocks/{block}", blocks::remove),
    read("VolumeList", "/1.4/volumes", volumes::list),
    read("VolumeGet", "/1.4/volumes/{volume}", volumes::get),
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
