//! Identifiers that are put together: tsuru has no level between app and unit that has a name of its
//! own, and names most things only within an app.
//!
//! App, team, pool, plan, deploy, event, block, job and unit are named as the platform names them (a
//! deploy's identifier is that of its event). Everybody else sees identifiers as they are; here they
//! are made and taken apart. What cannot be taken apart names nothing.

use crate::model::{DomainId, EnvId, Failure, ServiceId, ServiceKindId, Text};

/// A process of an app, of one version where several are deployed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Place<'a> {
    /// The app.
    pub(super) app: &'a str,
    /// The process; absent for all of the app.
    pub(super) process: Option<&'a str>,
    /// The version; absent where only one is deployed.
    pub(super) version: Option<&'a str>,
}

/// The environment of a process: `app/process`, `app/process/version`, or `app/` for an app of which
/// no process is known.
pub(super) fn environment(app: &str, process: &str, version: Option<&str>) -> EnvId {
    match version {
        Some(version) => EnvId::new(format!("{app}/{process}/{version}")),
        None => EnvId::new(format!("{app}/{process}")),
    }
}

/// The other way round.
///
/// # Errors
/// `NotFound` for what is not of this form.
pub(super) fn of_environment(id: &EnvId) -> Result<Place<'_>, Failure> {
    let mut pieces = id.as_str().splitn(3, '/');
    let app = pieces.next().filter(|app| !app.is_empty());
    let (Some(app), Some(process)) = (app, pieces.next()) else {
        return Err(nothing("process", id.as_str()));
    };
    Ok(Place {
        app,
        process: Some(process).filter(|process| !process.is_empty()),
        version: pieces.next(),
    })
}

/// App and domain.
pub(super) fn domain(app: &str, name: &str) -> DomainId {
    DomainId::new(format!("{app}/{name}"))
}

/// The other way round.
///
/// # Errors
/// `NotFound` for what is not of this form.
pub(super) fn of_domain(id: &DomainId) -> Result<(&str, &str), Failure> {
    pair(id.as_str(), "domain")
}

/// Service and instance.
pub(super) fn service(service: &str, instance: &str) -> ServiceId {
    ServiceId::new(format!("{service}/{instance}"))
}

/// The other way round.
///
/// # Errors
/// `NotFound` for what is not of this form, a volume for example.
pub(super) fn of_service(id: &ServiceId) -> Result<(&str, &str), Failure> {
    pair(id.as_str(), "service instance")
}

/// A service with one of its plans: `service/plan`, or `service/` where it has none.
pub(super) fn kind(service: &str, plan: Option<&str>) -> ServiceKindId {
    ServiceKindId::new(format!("{service}/{}", plan.unwrap_or_default()))
}

/// The other way round; the plan is empty where there is none.
pub(super) fn of_kind(id: &ServiceKindId) -> (&str, &str) {
    let id = id.as_str();
    id.split_once('/').unwrap_or((id, ""))
}

fn pair<'a>(id: &'a str, noun: &str) -> Result<(&'a str, &'a str), Failure> {
    let halves = id.split_once('/');
    halves
        .filter(|(first, second)| !first.is_empty() && !second.is_empty())
        .ok_or_else(|| nothing(noun, id))
}

fn nothing(noun: &str, id: &str) -> Failure {
    Failure::NotFound {
        subject: Text::clean(&format!("{noun} {id}")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_process_is_found_again() {
        for (id, process, version) in [
            ("shop/web", Some("web"), None),
            ("shop/web/12", Some("web"), Some("12")),
            ("shop/", None, None),
        ] {
            let id = EnvId::new(id);
            let place = of_environment(&id).unwrap();
            assert_eq!((place.process, place.version), (process, version), "{id:?}");
            let again = environment(place.app, place.process.unwrap_or(""), place.version);
            assert_eq!(again, id);
        }
        assert!(of_environment(&EnvId::new("shop")).is_err());
        assert!(of_environment(&EnvId::new("/web")).is_err());
    }

    #[test]
    fn pairs_need_both_halves() {
        let id = domain("shop", "www.example.com");
        assert_eq!(of_domain(&id).unwrap(), ("shop", "www.example.com"));
        assert_eq!(
            of_service(&service("mysql", "db")).unwrap(),
            ("mysql", "db")
        );
        assert!(of_service(&ServiceId::new("mysql/")).is_err());
    }
}
