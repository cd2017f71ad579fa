//! What a project is: an app with one environment, which is named after its branch.
//! Source: PandaStack contract, sections 7.1 and 9.

use jiff::Timestamp;

use crate::model::{
    App, DeploymentId, Detail, DetailValue, Environment, OrgId, Release, Status, Text,
};
use crate::platforms::pandastack::decode::{Of, Record};
use crate::platforms::pandastack::ids;
use crate::platforms::pandastack::map::short;
use crate::platforms::pandastack::support::LACKED_BY_PROJECTS;
use crate::platforms::pandastack::words::State;

/// What an environment is called whose branch is not known.
const UNNAMED: &str = "production";

/// Where the UUID of a deployment stands, best first.
pub(super) const UUID: &[&str] = &["deploymentuuid", "uuid", "deploymentid", "id"];

/// A project.
#[derive(Clone, Debug, PartialEq)]
pub(in crate::platforms::pandastack) struct Project {
    /// Its name, by which it goes.
    pub(in crate::platforms::pandastack) name: Text,
    /// Its state: its own, or that of the newest deployment where that says more.
    pub(in crate::platforms::pandastack) state: Option<State>,
    /// Its newest deployment.
    pub(in crate::platforms::pandastack) deployment: Option<Text>,
    kind: Option<Text>,
    branch: Option<Text>,
    repository: Option<Text>,
    region: Option<Text>,
    url: Option<Text>,
    error: Option<Text>,
    created_at: Option<Timestamp>,
    updated_at: Option<Timestamp>,
}

impl Project {
    /// The project of a record; absent where that has no name.
    pub(super) fn of(record: &Record) -> Option<Self> {
        let latest = record.latest_deployment();
        let of_latest = latest.as_ref().and_then(|it| it.status(Of::Deployment));
        let own = record.own_status(Of::App);
        let state = |word: Text| State::of(word.as_str());
        Some(Self {
            name: record.text(&["name", "projectname"])?,
            state: telling(own.map(state), of_latest.map(state)),
            deployment: latest.as_ref().and_then(|it| it.text(UUID)),
            kind: record.slug(),
            branch: record.text(&["branch"]),
            repository: record.text(&["repositoryname", "repository"]),
            region: record.text(&["region"]),
            url: record.url(),
            error: record.error().or_else(|| latest.as_ref()?.error()),
            created_at: record.created_at(),
            updated_at: record.updated_at(),
        })
    }

    /// As an app.
    pub(in crate::platforms::pandastack) fn app(&self, organisation: Option<OrgId>) -> App {
        App {
            organisation,
            status: self.status(),
            reason: self.reason(),
            release: self.release(),
            url: self.url.clone(),
            created_at: self.created_at,
            lacks: LACKED_BY_PROJECTS,
            details: self.details(),
            ..App::new(ids::project(self.name.as_str()), self.name.clone())
        }
    }

    /// Its only environment.
    pub(in crate::platforms::pandastack) fn environment(&self) -> Environment {
        let app = ids::project(self.name.as_str());
        let name = self.branch.clone().unwrap_or_else(|| UNNAMED.into());
        Environment {
            is_synthetic: true,
            kind: self.kind.clone(),
            status: self.status(),
            reason: self.reason(),
            release: self.release(),
            running: self.running(),
            changed_at: self.updated_at,
            url: self.url.clone(),
            branch: self.branch.clone(),
            // Its details are those of the app.
            has_runtime_log: true,
            ..Environment::new(ids::environment(&app), app, name)
        }
    }

    fn status(&self) -> Status {
        self.state.as_ref().map_or(Status::Unknown, State::status)
    }

    /// Why it is not as it should be.
    fn reason(&self) -> Option<Text> {
        let is_well = matches!(self.state, Some(State::Running));
        self.error.clone().filter(|_| !is_well)
    }

    fn release(&self) -> Option<Release> {
        let runs = matches!(self.state, Some(State::Running));
        let uuid = self.deployment.as_ref().filter(|_| runs)?;
        Some(Release {
            label: short(uuid.as_str()),
            deployment: Some(ids::deployment(
                &ids::project(self.name.as_str()),
                uuid.as_str(),
            )),
            at: None,
            by: None,
        })
    }

    fn running(&self) -> Option<DeploymentId> {
        let is_changing = matches!(
            self.state,
            Some(State::Pending | State::Building | State::Deploying)
        );
        let uuid = self.deployment.as_ref().filter(|_| is_changing)?;
        let app = ids::project(self.name.as_str());
        Some(ids::deployment(&app, uuid.as_str()))
    }

    fn details(&self) -> Vec<Detail> {
        let text = |value: &Option<Text>| value.clone().map(DetailValue::Text);
        let known = [
            ("Kind", Some(DetailValue::Text("project".into()))),
            ("Template", text(&self.kind)),
            ("Repository", text(&self.repository)),
            ("Branch", text(&self.branch)),
            ("Region", text(&self.region)),
            ("Updated", self.updated_at.map(DetailValue::Time)),
        ];
        let known = known.into_iter();
        let known = known.filter_map(|(label, value)| Some(Detail::new(label, value?)));
        known.collect()
    }
}

/// Of the state of a project and that of its newest deployment, the one that says more: what goes
/// on, or went wrong, while it runs what it ran before.
fn telling(own: Option<State>, latest: Option<State>) -> Option<State> {
    match (own, latest) {
        (None | Some(State::Running), Some(latest)) if is_news(&latest) => Some(latest),
        (None, latest) => latest,
        (own, _) => own,
    }
}

fn is_news(latest: &State) -> bool {
    match latest {
        State::Pending | State::Building | State::Deploying | State::Failed => true,
        State::ActionRequired
        | State::Running
        | State::Stopped
        | State::Deleting
        | State::Deleted
        | State::Unknown(_) => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn state(word: &str) -> Option<State> {
        (!word.is_empty()).then(|| State::of(word))
    }

    fn check(own: &str, latest: &str, expected: &str) {
        let told = telling(state(own), state(latest));
        assert_eq!(told, state(expected), "{own} {latest}");
    }

    #[test]
    fn a_deployment_under_way_or_failed_says_more_than_that_it_runs() {
        check("RUNNING", "BUILDING", "BUILDING");
        check("RUNNING", "FAILED", "FAILED");
        check("RUNNING", "COMPLETED", "RUNNING");
        check("RUNNING", "CANCELED", "RUNNING");
        check("", "COMPLETED", "COMPLETED");
        check("", "CANCELED", "CANCELED");
        check("PAUSED", "BUILDING", "PAUSED");
        check("DELETING", "FAILED", "DELETING");
        check("", "", "");
    }
}
