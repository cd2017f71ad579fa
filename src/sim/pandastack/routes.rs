//! The route table: operations, methods and paths of both dialects, as data. Source: PandaStack
//! contract, sections 3 and 7.

use super::{apps, call::Call, changes, domains, projects, reply::Outcome};
use crate::sim::{
    host::Dialect,
    route::{self, change, is_for, read},
};

/// Answers one operation.
pub(super) type Handler = fn(&mut Call<'_>) -> Outcome;

/// One operation of the interface.
pub(super) type Route = route::Route<Handler>;

/// A route with what its placeholders stand for, in their order.
pub(super) struct Found {
    pub(super) route: &'static Route,
    pub(super) given: Vec<String>,
}

/// The list of apps.
pub(super) const LIST: &str = "/api/v1/managed-apps/";

/// All operations of both dialects.
#[rustfmt::skip]
const ROUTES: &[Route] = &[
    read("ListManagedApps", LIST, apps::list),
    read("ListManagedAppsWithoutSlash", "/api/v1/managed-apps", apps::list_without_slash),
    read("GetManagedAppDeploymentStatus", "/api/v1/managed-apps/status/{deployment}", apps::deployment_status),
    read("GetManagedAppInstallationStatus", "/api/v1/managed-apps/installation-status/{app}", apps::installation_status),
    change("DeployManagedApp", "POST", "/api/v1/managed-apps/deploy", changes::deploy),
    change("RetryManagedApp", "POST", "/api/v1/managed-apps/retry/{app}", changes::retry),
    change("ConfigureManagedApp", "POST", "/api/v1/managed-apps/{app}/configuration", changes::configure),
    change("DeleteManagedApp", "DELETE", "/api/v1/managed-apps/{app}", changes::delete),
    read("VerifyManagedAppDomain", "/api/v1/managed-apps/verify-domain/{app}", domains::verify),
    change("CompleteManagedAppInstallation", "POST", "/api/v1/managed-apps/complete-installation/{app}", domains::complete),
    read("GetCurrentUser", "/api/v1/user/me", apps::me),
    read("Whoami", "/v1/whoami", projects::whoami),
    read("ListProjects", "/v1/projects", projects::list),
    read("GetProject", "/v1/projects/{project}", projects::get),
    change("UpdateProject", "PATCH", "/v1/projects/{project}", projects::update),
    change("DeleteProject", "DELETE", "/v1/projects/{project}", projects::delete),
    change("DeployProject", "POST", "/v1/projects/{project}/deploy", projects::deploy),
    read("ListDeployments", "/v1/projects/{project}/deployments", projects::list_deployments),
    read("StreamDeploymentLogs", "/v1/deployments/{deployment}/logs/stream", projects::stream_log),
];

/// The route for a method and path.
pub(super) fn find(method: &str, path: &str) -> Option<Found> {
    let mut fitting = route::fitting(ROUTES, path);
    let found = fitting.find(|found| is_for(found.route, method))?;
    Some(Found {
        route: found.route,
        given: found.given.into_iter().map(decoded).collect(),
    })
}

/// The dialect that a path belongs to; what is neither's is answered as the documented one's.
pub(super) fn dialect(path: &str) -> Dialect {
    if path.starts_with("/v1/") {
        Dialect::V1
    } else {
        Dialect::ApiV1
    }
}

/// A piece of a path with its percent signs resolved.
fn decoded(piece: &str) -> String {
    percent(piece).unwrap_or_else(|| piece.to_owned())
}

fn percent(piece: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(piece.len());
    let mut rest = piece.bytes();
    while let Some(byte) = rest.next() {
        if byte == b'%' {
            let digits = [rest.next()?, rest.next()?];
            let digits = std::str::from_utf8(&digits).ok()?.to_owned();
            bytes.push(u8::from_str_radix(&digits, 16).ok()?);
        } else {
            bytes.push(byte);
        }
    }
    String::from_utf8(bytes).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(method: &str, path: &str, expected: Option<&str>) {
        let found = find(method, path);
        let name = found.map(|found| found.route.operation.name);
        assert_eq!(name, expected, "{method} {path}");
    }

    #[test]
    fn paths_lead_to_their_operations() {
        check("GET", "/api/v1/managed-apps/", Some("ListManagedApps"));
        check(
            "GET",
            "/api/v1/managed-apps",
            Some("ListManagedAppsWithoutSlash"),
        );
        check(
            "POST",
            "/api/v1/managed-apps/deploy",
            Some("DeployManagedApp"),
        );
        check(
            "POST",
            "/api/v1/managed-apps/retry/7",
            Some("RetryManagedApp"),
        );
        check("DELETE", "/api/v1/managed-apps/7", Some("DeleteManagedApp"));
        check("GET", "/api/v1/managed-apps/7", None);
        check("GET", "/v1/projects/a/b", None);
    }

    #[test]
    fn percent_signs_in_paths_are_resolved() {
        let found = find("GET", "/v1/projects/a%2Fb%20c").unwrap();
        assert_eq!(found.given, ["a/b c"]);
        assert_eq!(decoded("100%"), "100%");
    }
}
