//! The route table: operations, methods and paths of the contract, as data, and its rules for
//! versions. Source: tsuru contract, section 1.

use super::{
    accounts, apps, autoscale, blocks, call::Call, deploys, domains, edit, env, events, jobs,
    lists, power, reply::Outcome, services, stream, units, volumes, webhooks,
};
use crate::sim::route::{self, change, read};

/// Answers one operation.
pub(super) type Handler = fn(&mut Call<'_>) -> Outcome;

/// One operation of the interface.
pub(super) type Route = route::Route<Handler>;

/// A route with what its placeholders stand for, in their order.
pub(super) type Found = route::Decoded<Handler>;

/// The newest minor version that a server of today has routes of.
pub(super) const NEWEST_MINOR: u32 = 30;

/// Operations that need no token.
const OPEN: &[&str] = &[
    "Healthcheck",
    "ServerMetrics",
    "AuthScheme",
    "AuthSchemes",
    "Login",
    "UserTokenCreate",
];

/// All operations but those of `stream`. Of two that fit, the first is meant.
#[rustfmt::skip]
const ROUTES: &[Route] = &[
    read("Healthcheck", "/1.0/healthcheck", accounts::health),
    read("ApiInfo", "/1.0/info", accounts::info),
    read("ServerMetrics", "/1.2/metrics", accounts::metrics),
    read("AuthScheme", "/1.0/auth/scheme", accounts::get_scheme),
    read("AuthSchemes", "/1.18/auth/schemes", accounts::list_schemes),
    change("Login", "POST", "/1.0/auth/login", accounts::log_in),
    change("UserTokenCreate", "POST", "/1.0/users/{email}/tokens", accounts::log_in_named),
    change("UserTokenDelete", "DELETE", "/1.0/users/tokens", accounts::log_out),
    read("UserGet", "/1.0/users/info", accounts::get_me),
    read("UsersList", "/1.0/users", accounts::list_users),
    read("APITokenGet", "/1.0/users/api-key", accounts::api_key),
    change("APITokenRegenerate", "POST", "/1.0/users/api-key", accounts::renew_api_key),
    read("TeamTokensList", "/1.6/tokens", accounts::list_tokens),
    read("TeamTokenInfo", "/1.7/tokens/{token}", accounts::get_token),
    read("RoleList", "/1.0/roles", accounts::list_roles),
    read("PermissionList", "/1.0/permissions", accounts::list_permissions),
    read("AppList", "/1.0/apps", apps::list),
    change("AppCreate", "POST", "/1.0/apps", edit::create),
    read("AppGet", "/1.0/apps/{app}", apps::get),
    change("AppUpdate", "PUT", "/1.0/apps/{app}", edit::update),
    change("AppDelete", "DELETE", "/1.0/apps/{app}", edit::delete),
    change("AppTeamGrant", "PUT", "/1.0/apps/{app}/teams/{team}", edit::grant),
    change("AppTeamRevoke", "DELETE", "/1.0/apps/{app}/teams/{team}", edit::revoke),
    change("AppRebuildRoutes", "POST", "/1.0/apps/{app}/routes", edit::rebuild_routes),
    change("AppSetRoutable", "POST", "/1.8/apps/{app}/routable", edit::set_routable),
    change("AppVersionDelete", "DELETE", "/1.10/apps/{app}/versions/{version}", edit::delete_version),
    change("AppQuotaChange", "PUT", "/1.0/apps/{app}/quota", edit::set_quota),
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
    read("ServicesList", "/1.0/services", services::list),
    read("InstancesList", "/1.0/services/instances", services::list_instances),
    read("ServicePlans", "/1.0/services/{service}/plans", services::list_plans),
    change("InstanceCreate", "POST", "/1.0/services/{service}/instances", services::create),
    read("InstanceGet", "/1.0/services/{service}/instances/{instance}", services::get),
    change("InstanceUpdate", "PUT", "/1.0/services/{service}/instances/{instance}", services::update),
    change("InstanceDelete", "DELETE", "/1.0/services/{service}/instances/{instance}", services::delete),
    read("ServiceInstanceStatus", "/1.0/services/{service}/instances/{instance}/status", services::status),
    change("ServiceInstanceBind", "PUT", "/1.13/services/{service}/instances/{instance}/apps/{app}", services::bind),
    change("ServiceInstanceUnbind", "DELETE", "/1.13/services/{service}/instances/{instance}/apps/{app}", services::unbind),
    read("PoolList", "/1.0/pools", lists::list_pools),
    read("PoolGet", "/1.8/pools/{pool}", lists::get_pool),
    read("ConstraintList", "/1.3/constraints", lists::list_constraints),
    read("PlanList", "/1.0/plans", lists::list_plans),
    read("PlatformList", "/1.0/platforms", lists::list_platforms),
    read("PlatformInfo", "/1.6/platforms/{platform}", lists::get_platform),
    read("RouterList", "/1.3/routers", lists::list_routers),
    read("ClusterList", "/1.3/provisioner/clusters", lists::list_clusters),
    read("ClusterInfo", "/1.8/provisioner/clusters/{cluster}", lists::get_cluster),
    read("ProvisionerList", "/1.7/provisioner", lists::list_provisioners),
    read("TeamsList", "/1.0/teams", lists::list_teams),
    read("TeamGet", "/1.4/teams/{team}", lists::get_team),
    read("ListJob", "/1.13/jobs", jobs::list),
    read("GetJob", "/1.13/jobs/{job}", jobs::get),
    change("DeleteJob", "DELETE", "/1.13/jobs/{job}", jobs::delete),
    change("TriggerJob", "POST", "/1.13/jobs/{job}/trigger", jobs::trigger),
    read("JobEnvGet", "/1.16/jobs/{job}/env", jobs::env),
    read("WebhookList", "/1.6/events/webhooks", webhooks::list),
    change("WebhookCreate", "POST", "/1.6/events/webhooks", webhooks::create),
    read("WebhookGet", "/1.6/events/webhooks/{hook}", webhooks::get),
    change("WebhookDelete", "DELETE", "/1.6/events/webhooks/{hook}", webhooks::delete),
];

/// The route for a method and path.
pub(super) fn find(method: &str, path: &str) -> Option<Found> {
    let tables = [ROUTES, stream::ROUTES];
    if version(path).is_some() {
        return tables
            .into_iter()
            .find_map(|table| one(table, method, path));
    }
    // Without a prefix the oldest version answers; a path that is named is not a placeholder's.
    let found = (0..=NEWEST_MINOR).filter_map(|minor| {
        let path = format!("/1.{minor}{path}");
        tables
            .into_iter()
            .find_map(|table| one(table, method, &path))
    });
    found.min_by_key(|found| found.given.len())
}

fn one(table: &'static [Route], method: &str, path: &str) -> Option<Found> {
    route::find(table, method, path).map(route::Found::decoded)
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

#[cfg(test)]
mod tests {
    use super::*;

    fn check(method: &str, path: &str, expected: Option<&str>) {
        let found = find(method, path);
        let name = found.map(|found| found.route.operation.name);
        assert_eq!(name, expected, "{method} {path}");
    }

    #[test]
    fn version_must_be_exactly_that_of_the_route() {
        check("GET", "/1.1/events", Some("EventList"));
        check("GET", "/1.0/events", None);
        check("GET", "/1.2/events", None);
        check("GET", "/events", Some("EventList"));
        check("GET", "/apps/a/certificate", Some("AppCertificatesLegacy"));
        check(
            "GET",
            "/1.24/apps/a/certificate",
            Some("AppGetCertificates"),
        );
        check("GET", "/2.0/apps", None);
        check("PATCH", "/1.0/apps", None);
    }

    #[test]
    fn what_is_named_is_no_placeholder() {
        check("GET", "/events/blocks", Some("EventBlocks"));
        check("GET", "/1.1/events/kinds", Some("EventKinds"));
        check("GET", "/1.0/users/info", Some("UserGet"));
        check("GET", "/1.0/services/instances", Some("InstancesList"));
    }

    #[test]
    fn percent_signs_in_paths_are_resolved() {
        let found = find("POST", "/1.0/users/a%2Bb%40example.com/tokens").unwrap();
        assert_eq!(found.given, ["a+b@example.com"]);
    }

    #[test]
    fn a_method_and_path_is_there_once() {
        for (place, route) in ROUTES.iter().enumerate() {
            let same = |other: &&Route| (other.path, other.method) == (route.path, route.method);
            assert_eq!(ROUTES.iter().position(|other| same(&other)), Some(place));
        }
    }
}
