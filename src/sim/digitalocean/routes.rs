//! The route table: operations, methods and paths of the contract, as data.

use super::{
    account, alerts, apps, backups, call::Call, catalogue, console, databases, deployments, events,
    health, logs, metrics, projects, reply::Outcome, rollback, runs,
};
use crate::sim::{
    journal::Operation,
    route::{self, ask, change, read},
};

/// Answers one operation.
pub(super) type Handler = fn(&mut Call<'_>) -> Outcome;

/// One operation of the interface.
pub(super) type Route = route::Route<Handler>;

/// A route with what its placeholders stand for.
pub(super) type Found<'a> = route::Found<'a, Handler>;

/// Paths that are no part of the interface: answers of it lead there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Hook {
    Stream,
    Archive,
    Console,
}

impl Hook {
    /// Where a path leads, if it is one of these.
    pub(super) fn of(path: &str) -> Option<Hook> {
        const PATHS: [(&str, Hook); 3] = [
            ("/_stream/", Hook::Stream),
            ("/_archive/", Hook::Archive),
            ("/_console/", Hook::Console),
        ];
        let found = PATHS.iter().find(|(start, _)| path.starts_with(start));
        found.map(|(_, hook)| *hook)
    }

    /// What a request there is counted as.
    pub(super) fn operation(self, upgrades: bool) -> Operation {
        Operation::read(match self {
            Hook::Stream if upgrades => "FollowLog",
            Hook::Stream => "ReadLog",
            Hook::Archive => "DownloadArchive",
            Hook::Console => "ExecConsole",
        })
    }
}

/// All operations that are simulated. Of two that fit, the first is meant.
#[rustfmt::skip]
pub(super) const ROUTES: &[Route] = &[
    read("GetAccount", "/v2/account", account::get),
    read("ListProjects", "/v2/projects", projects::list),
    read("GetDefaultProject", "/v2/projects/default", projects::get_default),
    read("GetProject", "/v2/projects/{project}", projects::get),
    read("ListProjectResources", "/v2/projects/{project}/resources", projects::list_resources),
    read("ListApps", "/v2/apps", apps::list),
    change("CreateApp", "POST", "/v2/apps", apps::create),
    ask("ProposeApp", "POST", "/v2/apps/propose", apps::propose),
    read("ListRegions", "/v2/apps/regions", catalogue::list_regions),
    read("ListInstanceSizes", "/v2/apps/tiers/instance_sizes", catalogue::list_sizes),
    read("GetInstanceSize", "/v2/apps/tiers/instance_sizes/{slug}", catalogue::get_size),
    ask("ListBandwidthDaily", "POST", "/v2/apps/metrics/bandwidth_daily", metrics::bandwidth_of_many),
    read("GetApp", "/v2/apps/{app}", apps::get),
    change("UpdateApp", "PUT", "/v2/apps/{app}", apps::update),
    change("DeleteApp", "DELETE", "/v2/apps/{app}", apps::delete),
    change("RestartApp", "POST", "/v2/apps/{app}/restart", apps::restart),
    read("ListDeployments", "/v2/apps/{app}/deployments", deployments::list),
    change("CreateDeployment", "POST", "/v2/apps/{app}/deployments", deployments::create),
    read("GetDeployment", "/v2/apps/{app}/deployments/{deployment}", deployments::get),
    change("CancelDeployment", "POST", "/v2/apps/{app}/deployments/{deployment}/cancel", deployments::cancel),
    ask("ValidateRollback", "POST", "/v2/apps/{app}/rollback/validate", rollback::validate),
    change("RollbackApp", "POST", "/v2/apps/{app}/rollback", rollback::begin),
    change("CommitRollback", "POST", "/v2/apps/{app}/rollback/commit", rollback::commit),
    change("RevertRollback", "POST", "/v2/apps/{app}/rollback/revert", rollback::revert),
    read("GetHealth", "/v2/apps/{app}/health", health::get),
    read("ListInstances", "/v2/apps/{app}/instances", health::list_instances),
    read("ListEvents", "/v2/apps/{app}/events", events::list),
    read("GetEvent", "/v2/apps/{app}/events/{event}", events::get),
    change("CancelEvent", "POST", "/v2/apps/{app}/events/{event}/cancel", events::cancel),
    read("ListAlerts", "/v2/apps/{app}/alerts", alerts::list),
    change("AssignAlertDestinations", "POST", "/v2/apps/{app}/alerts/{alert}/destinations", alerts::assign),
    read("ListJobInvocations", "/v2/apps/{app}/job-invocations", runs::list),
    read("GetJobInvocation", "/v2/apps/{app}/job-invocations/{invocation}", runs::get),
    change("CancelJobInvocation", "POST", "/v2/apps/{app}/job-invocations/{invocation}/cancel", runs::cancel),
    read("GetBandwidthDaily", "/v2/apps/{app}/metrics/bandwidth_daily", metrics::bandwidth),
    read("GetCpuMetrics", "/v2/monitoring/metrics/apps/cpu_percentage", metrics::cpu),
    read("GetMemoryMetrics", "/v2/monitoring/metrics/apps/memory_percentage", metrics::memory),
    read("GetRestartMetrics", "/v2/monitoring/metrics/apps/restart_count", metrics::restarts),
    read("ListDatabases", "/v2/databases", databases::list),
    change("CreateDatabase", "POST", "/v2/databases", databases::create),
    read("GetDatabase", "/v2/databases/{cluster}", databases::get),
    read("ListDatabaseBackups", "/v2/databases/{cluster}/backups", backups::list),
    read("ListDatabaseEvents", "/v2/databases/{cluster}/events", databases::list_events),
    read("GetLogs", "/v2/apps/{app}/logs", logs::of_active),
    read("GetLogs", "/v2/apps/{app}/components/{component}/logs", logs::of_active),
    read("GetLogs", "/v2/apps/{app}/deployments/{deployment}/logs", logs::of_deployment),
    read("GetLogs", "/v2/apps/{app}/deployments/{deployment}/components/{component}/logs", logs::of_deployment),
    read("GetLogs", "/v2/apps/{app}/jobs/{job}/invocations/{invocation}/logs", logs::of_invocation),
    read("GetLogs", "/v2/apps/{app}/events/{event}/logs", logs::of_event),
    read("GetExec", "/v2/apps/{app}/components/{component}/exec", console::of_active),
    read("GetExec", "/v2/apps/{app}/deployments/{deployment}/components/{component}/exec", console::of_deployment),
];

/// The routes that a path fits, whatever the method.
pub(super) fn fitting(path: &str) -> impl Iterator<Item = Found<'_>> {
    route::fitting(ROUTES, path)
}

/// The route for a method and path.
pub(super) fn find<'a>(method: &str, path: &'a str) -> Option<Found<'a>> {
    route::find(ROUTES, method, path)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_lead_to_operations() {
        let name = |method, path| find(method, path).map(|found| found.route.operation.name);
        assert_eq!(name("GET", "/v2/apps"), Some("ListApps"));
        assert_eq!(name("GET", "/v2/apps/abc"), Some("GetApp"));
        // An empty identifier is one that is malformed.
        assert_eq!(name("GET", "/v2/apps/"), Some("GetApp"));
        assert_eq!(name("PATCH", "/v2/apps/abc"), None);
        assert_eq!(
            name("GET", "/v2/apps/abc/deployments/d/logs"),
            Some("GetLogs")
        );
        assert_eq!(name("GET", "/v2/apps/abc/no"), None);
    }

    #[test]
    fn placeholders_are_given_in_their_order() {
        let found = find("GET", "/v2/apps/a/deployments/d/components/c/logs").unwrap();
        assert_eq!(found.given, ["a", "d", "c"]);
    }

    #[test]
    fn a_method_and_path_is_there_once() {
        for (place, route) in ROUTES.iter().enumerate() {
            let same = |other: &&Route| (other.path, other.method) == (route.path, route.method);
            assert_eq!(ROUTES.iter().position(|other| same(&other)), Some(place));
        }
    }

    #[test]
    fn other_paths_are_told_by_their_start() {
        assert_eq!(
            Hook::of("/_stream/x").map(|hook| hook.operation(true).name),
            Some("FollowLog")
        );
        assert_eq!(
            Hook::of("/_archive/x").map(|hook| hook.operation(false).name),
            Some("DownloadArchive")
        );
        assert_eq!(Hook::of("/v2/apps"), None);
    }
}
