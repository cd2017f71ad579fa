//! Identifiers: managed apps are named by ids, projects by names, and both are apps here.
//!
//! A managed app has the id that the platform gives it; a project is `project:` and its name. An
//! environment has the id of its app, of which it is the only one. A deployment is `app/uuid`. Nobody
//! else takes them apart.

use crate::model::{AppId, DeploymentId, EnvId, Failure, Text};

const PROJECT: &str = "project:";

/// Before the id of a managed app that would look like a project.
const PLAIN: &str = "app:";

/// Which of the two kinds of apps.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Which<'a> {
    /// A managed app, by its id.
    Managed(&'a str),
    /// A project, by its name.
    Project(&'a str),
}

impl<'a> Which<'a> {
    fn of(id: &'a str) -> Self {
        match (id.strip_prefix(PROJECT), id.strip_prefix(PLAIN)) {
            (Some(name), _) => Self::Project(name),
            (None, Some(id)) => Self::Managed(id),
            (None, None) => Self::Managed(id),
        }
    }
}

/// A managed app.
pub(super) fn managed(id: &str) -> AppId {
    let is_ambiguous = id.starts_with(PROJECT) || id.starts_with(PLAIN);
    AppId::new(if is_ambiguous {
        format!("{PLAIN}{id}")
    } else {
        id.to_owned()
    })
}

/// A project.
pub(super) fn project(name: &str) -> AppId {
    AppId::new(format!("{PROJECT}{name}"))
}

/// The only environment of an app.
pub(super) fn environment(app: &AppId) -> EnvId {
    EnvId::new(app.as_str())
}

/// A deployment of an app.
pub(super) fn deployment(app: &AppId, uuid: &str) -> DeploymentId {
    DeploymentId::new(format!("{}/{uuid}", app.as_str()))
}

pub(super) fn of_app(id: &AppId) -> Which<'_> {
    Which::of(id.as_str())
}

/// The app of an environment.
pub(super) fn app_of(id: &EnvId) -> AppId {
    AppId::new(id.as_str())
}

pub(super) fn of_environment(id: &EnvId) -> Which<'_> {
    Which::of(id.as_str())
}

/// The app of a deployment, and its UUID.
///
/// # Errors
/// `NotFound` for what is not of this form.
pub(super) fn of_deployment(id: &DeploymentId) -> Result<(AppId, &str), Failure> {
    let pair = id.as_str().rsplit_once('/');
    let pair = pair.filter(|(app, uuid)| !app.is_empty() && !uuid.is_empty());
    let (app, uuid) = pair.ok_or_else(|| Failure::NotFound {
        subject: Text::clean(&format!("deployment {}", id.as_str())),
    })?;
    Ok((AppId::new(app), uuid))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn managed_apps_and_projects_are_told_apart_whatever_they_are_called() {
        for id in [
            "9007199254740993",
            "project:x",
            "app:x",
            "a b/c",
            "app:app:x",
        ] {
            assert_eq!(of_app(&managed(id)), Which::Managed(id));
            assert_eq!(of_app(&project(id)), Which::Project(id));
            let app = project(id);
            let deployment = deployment(&app, "u-1");
            assert_eq!(of_deployment(&deployment).unwrap(), (app.clone(), "u-1"));
            assert_eq!(app_of(&environment(&app)), app);
        }
        for bad in ["", "/", "x", "x/", "/x"] {
            assert!(of_deployment(&DeploymentId::new(bad)).is_err(), "{bad}");
        }
    }
}
