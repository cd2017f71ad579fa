//! Identifiers that are put together: the platform names most things only within an app.
//!
//! Everybody else sees them as they are; here they are made and taken apart. What cannot be taken
//! apart names nothing.

use crate::model::{
    ActivityId, AlertId, AppId, BackupId, DeploymentId, DomainId, EnvId, Failure, JobId, JobRunId,
    ServiceId, Text, VariableId,
};

macro_rules! pairs {
    ($($(#[$doc:meta])* $make:ident $take:ident $id:ident $noun:literal;)*) => {$(
        $(#[$doc])*
        pub(super) fn $make(first: &str, second: &str) -> $id {
            $id::new(format!("{first}/{second}"))
        }

        /// The other way round.
        ///
        /// # Errors
        /// `NotFound` for what is not of this form.
        pub(super) fn $take(id: &$id) -> Result<(&str, &str), Failure> {
            pair(id.as_str(), $noun)
        }
    )*};
}

pairs! {
    /// App and component.
    environment of_environment EnvId "component";
    /// App and deployment.
    deployment of_deployment DeploymentId "deployment";
    /// Cluster and the time at which the backup was made, as the platform writes it.
    backup of_backup BackupId "backup";
    /// App and database component.
    service of_service ServiceId "database";
    /// App and domain.
    domain of_domain DomainId "domain";
    /// App and job.
    job of_job JobId "job";
    /// App and run.
    job_run of_job_run JobRunId "run";
    /// App and event.
    event of_event ActivityId "event";
    /// App and alert.
    alert of_alert AlertId "alert";
}

/// App, component (empty for the app level) and key.
pub(super) fn variable(app: &str, component: &str, key: &str) -> VariableId {
    VariableId::new(format!("{app}/{component}/{key}"))
}

/// App, component (absent for the app level) and key.
///
/// # Errors
/// `NotFound` for what is not of this form.
pub(super) fn of_variable(id: &VariableId) -> Result<(&str, Option<&str>, &str), Failure> {
    let parts: Vec<_> = id.as_str().split('/').collect();
    match parts.as_slice() {
        [app, component, key] if !app.is_empty() && !key.is_empty() => {
            Ok((app, Some(*component).filter(|name| !name.is_empty()), key))
        }
        _ => Err(missing(id.as_str(), "variable")),
    }
}

/// An app's own identifier.
///
/// # Errors
/// `NotFound` for what cannot be one.
pub(super) fn of_app(id: &AppId) -> Result<&str, Failure> {
    let raw = id.as_str();
    if raw.is_empty() || raw.contains('/') {
        return Err(missing(raw, "app"));
    }
    Ok(raw)
}

fn pair<'a>(raw: &'a str, noun: &str) -> Result<(&'a str, &'a str), Failure> {
    match raw.split_once('/') {
        Some((first, second))
            if !first.is_empty() && !second.is_empty() && !second.contains('/') =>
        {
            Ok((first, second))
        }
        _ => Err(missing(raw, noun)),
    }
}

/// There is no such thing.
pub(super) fn missing(raw: &str, noun: &str) -> Failure {
    Failure::NotFound {
        subject: Text::clean(&format!("{noun} {raw}")),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn what_is_put_together_comes_apart_again(
            first in "[a-f0-9-]{1,36}",
            second in "[A-Za-z0-9.:*_-]{1,40}",
        ) {
            let (first, second) = (first.as_str(), second.as_str());
            let id = environment(first, second);
            prop_assert_eq!(of_environment(&id).unwrap(), (first, second));
            let id = backup(first, second);
            prop_assert_eq!(of_backup(&id).unwrap(), (first, second));
            for component in ["", "web"] {
                let id = variable(first, component, second);
                let named = Some(component).filter(|name| !name.is_empty());
                prop_assert_eq!(of_variable(&id).unwrap(), (first, named, second));
            }
        }

        #[test]
        fn anything_else_names_nothing(raw in "[a-z]{0,3}|/[a-z]*|[a-z]*/|a/b/c/d") {
            let (two, three) = (DeploymentId::new(&raw), VariableId::new(&raw));
            let gone = matches!(of_deployment(&two), Err(Failure::NotFound { .. }));
            prop_assert!(gone, "{raw:?}");
            let gone = matches!(of_variable(&three), Err(Failure::NotFound { .. }));
            prop_assert!(gone, "{raw:?}");
        }
    }
}
