//! The route table: operations, methods and paths of both dialects, as data. Source: PandaStack
//! contract, sections 3 and 7.

use super::{apps, call::Call, changes, domains, projects, reply::Outcome};
use crate::sim::{
    host::Dialect,
    route::{self, change, read},
};

/// Answers one operation.
pub(super) type Handler = fn(&mut Call<'_>) -> Outcome;

/// One operation of the interface.
pub(super) type Route = route::Route<Handler>;

/// A route with what its placeholders stand for, in their order.
pub(super) type Found = route::Decoded<Handler>;

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
    route::find(ROUTES, method, path).map(route::Found::decoded)
}

/// The dialect that a path belongs to; what is neither's is answered as the documented one's.
pub(super) fn dialect(path: &str) -> Dialect {
    if path.starts_with("/v1/") {
        Dialect::V1
    } else {
        Dialect::ApiV1
    }
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
}
