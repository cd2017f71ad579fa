//! What is followed, in a notation of its own: it says all that is needed to go on after a restart.

use serde::{Deserialize, Serialize};

use super::super::ids::{self, Which};
use crate::model::{AppId, Follow, Text};

/// So many bytes of a task are kept whole by [`Text`]; a longer one would be cut.
const LONGEST: usize = 3_500;

/// What is waited for.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "snake_case")]
pub(in super::super) enum Task {
    /// An app is installed.
    Install {
        app: String,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        deployment: Option<String>,
    },
    /// The same once more: how the last attempt ended may still be told.
    Retry {
        app: String,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        deployment: Option<String>,
    },
    /// An installation has got its domain: that one is awaited may still be told.
    Complete { app: String },
    /// A domain is verified.
    Verify { app: String },
    /// An app goes.
    Delete { app: String },
    /// A project is deployed.
    Project { project: String, deployment: String },
    /// The same, and no answer named the deployment: the first after the one that was newest.
    ProjectAfter {
        project: String,
        before: Option<String>,
    },
    /// A project goes.
    DeleteProject { project: String },
    /// An app shows that nobody named: made from that slug, and none of those that were there.
    Search {
        slug: String,
        /// Absent where nobody knows what was there.
        not: Option<Vec<String>>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        deployment: Option<String>,
    },
}

impl Task {
    /// To follow an installation, by its deployment where that is known.
    pub(in super::super) fn installed(app: &AppId, deployment: Option<&Text>) -> Follow {
        let task = || Self::Install {
            app: text(app),
            deployment: None,
        };
        deployment.map_or_else(
            || task().follow(),
            |uuid| Follow::Deployment(ids::deployment(app, uuid.as_str())),
        )
    }

    pub(in super::super) fn retrying(app: &AppId, deployment: Option<&Text>) -> Self {
        Self::Retry {
            app: text(app),
            deployment: deployment.map(Text::to_string),
        }
    }

    pub(in super::super) fn completion(app: &AppId) -> Self {
        Self::Complete { app: text(app) }
    }

    pub(in super::super) fn verification(app: &AppId) -> Self {
        Self::Verify { app: text(app) }
    }

    pub(in super::super) fn deletion(app: &AppId) -> Self {
        Self::Delete { app: text(app) }
    }

    pub(in super::super) fn project_after(project: &str, before: Option<String>) -> Self {
        Self::ProjectAfter {
            project: project.to_owned(),
            before,
        }
    }

    pub(in super::super) fn project_deletion(project: &str) -> Self {
        Self::DeleteProject {
            project: project.to_owned(),
        }
    }

    pub(in super::super) fn search(
        slug: &str,
        not: Option<Vec<String>>,
        deployment: Option<&Text>,
    ) -> Self {
        let search = |not| Self::Search {
            slug: slug.to_owned(),
            not,
            deployment: deployment.map(Text::to_string),
        };
        let whole = search(not);
        if whole.written().len() > LONGEST {
            return search(None);
        }
        whole
    }

    /// To follow it.
    pub(in super::super) fn follow(&self) -> Follow {
        Follow::Task(Text::clean(&self.written()))
    }

    fn written(&self) -> String {
        serde_json::to_string(self).unwrap_or_default()
    }

    /// What is followed; absent for what is none of ours.
    pub(super) fn of(what: &Follow) -> Option<Self> {
        match what {
            Follow::Task(text) => serde_json::from_str(text.as_str()).ok(),
            Follow::Deployment(id) => {
                let (app, uuid) = ids::of_deployment(id).ok()?;
                let deployment = uuid.to_owned();
                Some(match ids::of_app(&app) {
                    Which::Managed(_) => Self::Install {
                        app: text(&app),
                        deployment: Some(deployment),
                    },
                    Which::Project(name) => Self::Project {
                        project: name.to_owned(),
                        deployment,
                    },
                })
            }
            Follow::Backup(_) | Follow::Restore(_) | Follow::Download(_) => None,
        }
    }
}

fn text(app: &AppId) -> String {
    app.as_str().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::DeploymentId;

    #[test]
    fn a_task_is_read_from_its_text() {
        let app = ids::managed("a \"b\"/c");
        let (uuid, not) = (Text::clean("u-1"), Some(vec!["1".into(), "2".into()]));
        for task in [
            Task::retrying(&app, Some(&uuid)),
            Task::retrying(&app, None),
            Task::completion(&app),
            Task::verification(&app),
            Task::deletion(&app),
            Task::project_after("a  b", Some("u-1".into())),
            Task::project_after("x", None),
            Task::project_deletion("a \"b\""),
            Task::search("ghost", not, Some(&uuid)),
            Task::search("ghost", None, None),
        ] {
            assert_eq!(Task::of(&task.follow()), Some(task));
        }
    }

    #[test]
    fn a_deployment_is_followed_by_its_id() {
        let app = ids::managed("4190");
        let follow = |app: &AppId| Follow::Deployment(ids::deployment(app, "u-1"));
        let expected = Task::Install {
            app: "4190".into(),
            deployment: Some("u-1".into()),
        };
        assert_eq!(Task::of(&follow(&app)), Some(expected));
        let expected = Task::Project {
            project: "shop".into(),
            deployment: "u-1".into(),
        };
        assert_eq!(Task::of(&follow(&ids::project("shop"))), Some(expected));
        assert_eq!(Task::installed(&app, Some(&"u-1".into())), follow(&app));
        let by_app = Task::Install {
            app: "4190".into(),
            deployment: None,
        };
        assert_eq!(Task::of(&Task::installed(&app, None)), Some(by_app));
        assert_eq!(Task::of(&Follow::Deployment(DeploymentId::new("x"))), None);
        assert_eq!(Task::of(&Follow::Task("project shop".into())), None);
    }

    #[test]
    fn what_was_there_is_left_out_where_it_is_too_much() {
        let many = (0..1_000).map(|n| format!("app-{n}")).collect();
        let task = Task::search("ghost", Some(many), None);
        assert_eq!(task, Task::search("ghost", None, None));
    }
}
