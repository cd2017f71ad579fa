//! Every operation that is used, with its path, in one table.
//!
//! Source: DigitalOcean contract, section 5.

use reqwest::Method;

use crate::model::Failure;
use crate::platforms::http::filled;

/// One operation.
#[derive(Debug)]
pub struct Row {
    /// Its name, for failures and the log.
    pub operation: &'static str,
    /// Method.
    pub method: Method,
    /// Path; `{}` stands for an identifier.
    pub path: &'static str,
    /// The key under which the answer holds what was asked for; empty where it is the answer.
    pub key: &'static str,
    /// The scope a token needs for it.
    pub scope: &'static str,
}

macro_rules! operations {
    ($($name:ident $method:ident $key:literal $scope:literal $path:literal,)*) => {
        /// An operation.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum Op {
            $(#[doc = concat!("`", stringify!($method), " ", $path, "`")] $name,)*
        }

        /// Every operation, in the order of [`Op`].
        pub static TABLE: &[Row] = &[$(Row {
            operation: stringify!($name),
            method: Method::$method,
            path: $path,
            key: $key,
            scope: $scope,
        },)*];
    };
}

impl Op {
    /// Its row.
    #[must_use]
    pub fn row(self) -> &'static Row {
        &TABLE[self as usize]
    }

    /// Its path with every `{}` replaced by the next of `ids`, encoded.
    ///
    /// # Errors
    /// `NotFound` for an id that cannot be part of a path, or too few of them.
    pub fn path(self, ids: &[&str]) -> Result<String, Failure> {
        filled(self.row().path, ids)
    }

    /// What it is about, in words: "deployment" for `GetDeployment`.
    #[must_use]
    pub fn noun(self) -> String {
        let mut words = String::new();
        for c in self.row().operation.chars() {
            if c.is_ascii_uppercase() && !words.is_empty() {
                words.push(' ');
            }
            words.push(c.to_ascii_lowercase());
        }
        let verb = words.split_once(' ');
        verb.map_or(words.clone(), |(_, noun)| noun.to_owned())
    }
}

operations! {
    GetAccount GET "account" "account:read" "/v2/account",
    ListProjects GET "projects" "project:read" "/v2/projects",

    ListApps GET "apps" "app:read" "/v2/apps",
    GetApp GET "app" "app:read" "/v2/apps/{}",
    CreateApp POST "app" "app:create" "/v2/apps",
    UpdateApp PUT "app" "app:update" "/v2/apps/{}",
    DeleteApp DELETE "" "app:delete" "/v2/apps/{}",
    ProposeApp POST "" "app:read" "/v2/apps/propose",
    RestartApp POST "deployment" "app:update" "/v2/apps/{}/restart",
    ListRegions GET "regions" "app:read" "/v2/apps/regions",
    ListInstanceSizes GET "instance_sizes" "app:read" "/v2/apps/tiers/instance_sizes",

    ListDeployments GET "deployments" "app:read" "/v2/apps/{}/deployments",
    CreateDeployment POST "deployment" "app:update" "/v2/apps/{}/deployments",
    GetDeployment GET "deployment" "app:read" "/v2/apps/{}/deployments/{}",
    CancelDeployment POST "deployment" "app:update" "/v2/apps/{}/deployments/{}/cancel",

    ValidateRollback POST "" "app:update" "/v2/apps/{}/rollback/validate",
    CreateRollback POST "deployment" "app:update" "/v2/apps/{}/rollback",
    CommitRollback POST "" "app:update" "/v2/apps/{}/rollback/commit",
    RevertRollback POST "deployment" "app:update" "/v2/apps/{}/rollback/revert",

    GetHealth GET "app_health" "app:read" "/v2/apps/{}/health",
    ListInstances GET "instances" "app:read" "/v2/apps/{}/instances",
    ListEvents GET "events" "app:read" "/v2/apps/{}/events",
    GetEvent GET "event" "app:read" "/v2/apps/{}/events/{}",
    CancelEvent POST "event" "app:update" "/v2/apps/{}/events/{}/cancel",
    ListAlerts GET "alerts" "app:read" "/v2/apps/{}/alerts",
    ListJobInvocations GET "job_invocations" "app:read" "/v2/apps/{}/job-invocations",
    GetJobInvocation GET "job_invocation" "app:read" "/v2/apps/{}/job-invocations/{}",
    CancelJobInvocation POST "job_invocation" "app:update" "/v2/apps/{}/job-invocations/{}/cancel",

    GetCpuMetrics GET "data" "monitoring:read" "/v2/monitoring/metrics/apps/cpu_percentage",
    GetMemoryMetrics GET "data" "monitoring:read" "/v2/monitoring/metrics/apps/memory_percentage",
    GetRestartMetrics GET "data" "monitoring:read" "/v2/monitoring/metrics/apps/restart_count",
    GetBandwidth GET "" "app:read" "/v2/apps/{}/metrics/bandwidth_daily",

    ListDatabases GET "databases" "database:read" "/v2/databases",
    GetDatabase GET "database" "database:read" "/v2/databases/{}",
    CreateDatabase POST "database" "database:create" "/v2/databases",
    ListDatabaseBackups GET "" "database:read" "/v2/databases/{}/backups",

    GetDeploymentLogs GET "" "app:read" "/v2/apps/{}/deployments/{}/logs",
    GetDeploymentComponentLogs GET "" "app:read" "/v2/apps/{}/deployments/{}/components/{}/logs",
    GetActiveLogs GET "" "app:read" "/v2/apps/{}/logs",
    GetActiveComponentLogs GET "" "app:read" "/v2/apps/{}/components/{}/logs",
    GetJobInvocationLogs GET "" "app:read" "/v2/apps/{}/jobs/{}/invocations/{}/logs",
    GetEventLogs GET "" "app:read" "/v2/apps/{}/events/{}/logs",
    GetExec GET "" "app:access_console" "/v2/apps/{}/components/{}/exec",
    GetDeploymentExec GET "" "app:access_console" "/v2/apps/{}/deployments/{}/components/{}/exec",
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn identifiers_take_their_places_in_order() {
        let path = Op::GetDeployment.path(&["a", "d/../x"]).unwrap();
        assert_eq!(path, "/v2/apps/a/deployments/d%2F..%2Fx");
        assert_eq!(Op::ListApps.path(&[]).unwrap(), "/v2/apps");
        for few in [&["a"][..], &["a", ".."], &[]] {
            let missing = Op::GetDeployment.path(few);
            assert!(matches!(missing, Err(Failure::NotFound { .. })), "{few:?}");
        }
    }

    #[test]
    fn an_operation_is_about_something() {
        assert_eq!(Op::GetDeployment.noun(), "deployment");
        assert_eq!(Op::ListDatabaseBackups.noun(), "database backups");
    }
}
