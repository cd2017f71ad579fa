//! Every operation that is used, with its path, in one table.
//!
//! A path answers to exactly one version of the API: an older server answers `404 page not found`,
//! which is how a missing operation is told from a missing object. Source: tsuru contract, section 1.

use reqwest::Method;

use crate::model::{Capability, Failure};
use crate::platforms::http::filled;

/// One operation.
#[derive(Debug)]
pub struct Row {
    /// Its name, for failures and the log.
    pub operation: &'static str,
    /// Method.
    pub method: Method,
    /// Path with its version; `{}` stands for an identifier.
    pub path: &'static str,
    /// What is not to be had where the server is too old for it.
    pub capability: Capability,
    /// What it is about, in words: "app".
    pub noun: &'static str,
}

macro_rules! operations {
    ($($name:ident $method:ident $path:literal $capability:ident $noun:literal,)*) => {
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
            capability: Capability::$capability,
            noun: $noun,
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
}

operations! {
    ApiInfo GET "/1.0/info" ReadAccount "server",
    UserGet GET "/1.0/users/info" ReadAccount "user",
    Login POST "/1.0/auth/login" Special "login",
    TeamsList GET "/1.0/teams" ListOrganisations "teams",
    AppList GET "/1.0/apps" ListApps "apps",
    AppGet GET "/1.0/apps/{}" ListApps "app",
    AppCreate POST "/1.0/apps" CreateApp "app",
    AppUpdate PUT "/1.0/apps/{}" Special "app",
    AppDelete DELETE "/1.0/apps/{}" DeleteApp "app",
    AppStart POST "/1.0/apps/{}/start" Start "app",
    AppStop POST "/1.0/apps/{}/stop" Stop "app",
    AppRestart POST "/1.0/apps/{}/restart" Restart "app",
    AppRun POST "/1.0/apps/{}/run" RunCommand "app",
    AppShell GET "/1.0/apps/{}/shell" Console "app",
    AppRebuildRoutes POST "/1.0/apps/{}/routes" Special "app",
    AppVersionDelete DELETE "/1.10/apps/{}/versions/{}" Special "version",
    AppTeamGrant PUT "/1.0/apps/{}/teams/{}" Special "team",
    AppTeamRevoke DELETE "/1.0/apps/{}/teams/{}" Special "team",
    AppQuotaGet GET "/1.0/apps/{}/quota" Special "quota of app",
    AppQuotaChange PUT "/1.0/apps/{}/quota" Special "quota of app",
    AppSetRoutable POST "/1.8/apps/{}/routable" Special "version of app",
    AppCnameAdd POST "/1.0/apps/{}/cname" AddDomain "app",
    AppCnameDelete DELETE "/1.0/apps/{}/cname" RemoveDomain "domain",
    AppGetCertificates GET "/1.24/apps/{}/certificate" ListDomains "certificates of app",
    AppCertificatesLegacy GET "/1.2/apps/{}/certificate" ListDomains "certificates of app",
    CertificateSet PUT "/1.2/apps/{}/certificate" Special "certificate",
    CertificateUnset DELETE "/1.2/apps/{}/certificate" Special "certificate",
    AppSetCertIssuer PUT "/1.24/apps/{}/certissuer" Special "domain",
    AppUnsetCertIssuer DELETE "/1.24/apps/{}/certissuer" Special "domain",
    AppLog GET "/1.0/apps/{}/log" RuntimeLog "app",
    EnvGet GET "/1.0/apps/{}/env" ListVariables "app",
    EnvSet POST "/1.0/apps/{}/env" SetVariable "app",
    EnvUnset DELETE "/1.0/apps/{}/env" UnsetVariable "app",
    UnitsAdd PUT "/1.0/apps/{}/units" Scale "app",
    UnitsRemove DELETE "/1.0/apps/{}/units" Scale "app",
    UnitKill DELETE "/1.12/apps/{}/units/{}" KillUnit "unit",
    AutoScaleInfo GET "/1.9/apps/{}/units/autoscale" Autoscale "app",
    AutoScaleAdd POST "/1.9/apps/{}/units/autoscale" Autoscale "app",
    AutoScaleRemove DELETE "/1.9/apps/{}/units/autoscale" Autoscale "app",
    DeployList GET "/1.0/deploys" ListDeployments "deploys",
    DeployInfo GET "/1.0/deploys/{}" ListDeployments "deploy",
    AppDeploy POST "/1.0/apps/{}/deploy" DeployImage "app",
    DeployRollback POST "/1.0/apps/{}/deploy/rollback" RollBack "app",
    DeployRebuild POST "/1.3/apps/{}/deploy/rebuild" Deploy "app",
    DeployRollbackUpdate PUT "/1.4/apps/{}/deploy/rollback/update" Special "deploy",
    EventList GET "/1.1/events" ListActivity "events",
    EventInfo GET "/1.1/events/{}" ListActivity "event",
    EventCancel POST "/1.1/events/{}/cancel" CancelEvent "event",
    EventKinds GET "/1.1/events/kinds" ListOthers "kinds of events",
    EventBlocks GET "/1.3/events/blocks" ListMaintenance "event blocks",
    EventBlockAdd POST "/1.3/events/blocks" Special "event block",
    EventBlockRemove DELETE "/1.3/events/blocks/{}" CancelMaintenance "event block",
    InstancesList GET "/1.0/services/instances" ListServices "service instances",
    InstanceGet GET "/1.0/services/{}/instances/{}" ListServices "service instance",
    InstanceCreate POST "/1.0/services/{}/instances" CreateService "service",
    InstanceDelete DELETE "/1.0/services/{}/instances/{}" RemoveService "service instance",
    ServicesList GET "/1.0/services" ListServiceKinds "services",
    ServicePlans GET "/1.0/services/{}/plans" ListServiceKinds "service",
    ServiceInstanceBind PUT "/1.13/services/{}/instances/{}/apps/{}" AttachService "service instance",
    ServiceInstanceUnbind DELETE "/1.13/services/{}/instances/{}/apps/{}" DetachService "service instance",
    VolumeList GET "/1.4/volumes" ListOthers "volumes",
    PoolList GET "/1.0/pools" ListRegions "pools",
    PlanList GET "/1.0/plans" ListSizes "plans",
    PlatformList GET "/1.0/platforms" ListOthers "platforms",
    RouterList GET "/1.3/routers" ListOthers "routers",
    ClusterList GET "/1.3/provisioner/clusters" ListOthers "clusters",
    UsersList GET "/1.0/users" ListOthers "users",
    TeamTokensList GET "/1.6/tokens" ListOthers "tokens",
    PermissionList GET "/1.0/permissions" ListOthers "permissions",
    WebhookList GET "/1.6/events/webhooks" ListOthers "webhooks",
    ListJob GET "/1.13/jobs" ListJobs "jobs",
    GetJob GET "/1.13/jobs/{}" ListJobs "job",
    TriggerJob POST "/1.13/jobs/{}/trigger" Special "job",
    DeleteJob DELETE "/1.13/jobs/{}" RemoveJob "job",
    JobLog GET "/1.13/jobs/{}/log" JobLog "job",
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_stand_in_the_order_of_operations() {
        assert_eq!(Op::JobLog.row().operation, "JobLog");
        assert_eq!(Op::AppGet.path(&["a b"]).unwrap(), "/1.0/apps/a%20b");
        assert!(Op::AppGet.path(&[".."]).is_err());
        for row in TABLE {
            let version = row
                .path
                .strip_prefix("/1.")
                .and_then(|it| it.split('/').next());
            assert!(
                version.is_some_and(|it| it.parse::<u8>().is_ok()),
                "{row:?}"
            );
        }
    }
}
