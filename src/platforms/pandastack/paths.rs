//! Every operation that is used, with its path, in one table.
//!
//! Source: PandaStack contract, sections 3 and 7.

use reqwest::Method;

use crate::model::Failure;
use crate::platforms::http::filled;

/// Which of the two APIs an operation belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Dialect {
    /// `/api/v1`: managed apps; every call names the organisation.
    ApiV1,
    /// `/v1`: projects, in an envelope; the token names the organisation.
    V1,
}

/// One operation.
#[derive(Debug)]
pub struct Row {
    /// Its name, for failures and the log.
    pub operation: &'static str,
    /// Method.
    pub method: Method,
    /// Path; `{}` stands for an identifier.
    pub path: &'static str,
    /// Which API it belongs to.
    pub dialect: Dialect,
    /// What it is about, in words: "app".
    pub noun: &'static str,
}

macro_rules! operations {
    ($($name:ident $method:ident $path:literal $dialect:ident $noun:literal,)*) => {
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
            dialect: Dialect::$dialect,
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

// The list ends with a slash: without it expect 404 or a redirect.
operations! {
    ListManagedApps GET "/api/v1/managed-apps/" ApiV1 "apps",
    GetDeploymentStatus GET "/api/v1/managed-apps/status/{}" ApiV1 "deployment",
    GetInstallationStatus GET "/api/v1/managed-apps/installation-status/{}" ApiV1 "app",
    DeployManagedApp POST "/api/v1/managed-apps/deploy" ApiV1 "catalogue app",
    RetryManagedApp POST "/api/v1/managed-apps/retry/{}" ApiV1 "app",
    ConfigureManagedApp POST "/api/v1/managed-apps/{}/configuration" ApiV1 "app",
    DeleteManagedApp DELETE "/api/v1/managed-apps/{}" ApiV1 "app",
    VerifyDomain GET "/api/v1/managed-apps/verify-domain/{}" ApiV1 "app",
    CompleteInstallation POST "/api/v1/managed-apps/complete-installation/{}" ApiV1 "app",
    GetCurrentUser GET "/api/v1/user/me" ApiV1 "user",
    Whoami GET "/v1/whoami" V1 "user",
    ListProjects GET "/v1/projects" V1 "projects",
    GetProject GET "/v1/projects/{}" V1 "project",
    UpdateProject PATCH "/v1/projects/{}" V1 "project",
    DeleteProject DELETE "/v1/projects/{}" V1 "project",
    DeployProject POST "/v1/projects/{}/deploy" V1 "project",
    ListDeployments GET "/v1/projects/{}/deployments" V1 "project",
    StreamDeploymentLogs GET "/v1/deployments/{}/logs/stream" V1 "deployment",
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_list_keeps_its_slash_and_ids_their_place() {
        assert_eq!(
            Op::ListManagedApps.path(&[]).unwrap(),
            "/api/v1/managed-apps/"
        );
        assert_eq!(
            Op::ConfigureManagedApp.path(&["a/b"]).unwrap(),
            "/api/v1/managed-apps/a%2Fb/configuration"
        );
    }
}
