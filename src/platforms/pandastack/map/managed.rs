//! Managed apps, and the one environment that each of them has.

use super::way::{Awaited, way};
use super::{ENVIRONMENT, short};
use crate::model::{
    App, AppId, Detail, DetailValue, EnvId, Environment, OrgId, Progress, Release, Status, Text,
};
use crate::platforms::details::Details;
use crate::platforms::loose::Loose;
use crate::platforms::pandastack::decode::{Of, Record};
use crate::platforms::pandastack::ids;
use crate::platforms::pandastack::support::LACKED_BY_MANAGED_APPS;
use crate::platforms::pandastack::verdicts::Said;
use crate::platforms::pandastack::words::State;

/// A managed app, as the list has it.
#[derive(Clone, Debug)]
pub(in crate::platforms::pandastack) struct Managed {
    pub(in crate::platforms::pandastack) id: AppId,
    pub(in crate::platforms::pandastack) name: Text,
    /// The platform's word for its state.
    pub(in crate::platforms::pandastack) word: Option<Text>,
    /// What that means; absent where nothing is said.
    pub(in crate::platforms::pandastack) state: Option<State>,
    pub(in crate::platforms::pandastack) record: Record,
}

impl Managed {
    /// Absent without an id: then nothing can be asked of it.
    pub(in crate::platforms::pandastack) fn of(record: Record) -> Option<Self> {
        let id = record.id()?;
        Some(Self {
            name: record.name().unwrap_or_else(|| id.clone()),
            id: ids::managed(id.as_str()),
            state: State::told(&record, Of::App),
            word: record.status(Of::App),
            record,
        })
    }

    fn status(&self) -> Status {
        // It is there, and nothing is said of how it does.
        self.state.as_ref().map_or(Status::Present, State::status)
    }

    /// Why it is as it is, in a few words.
    fn reason(&self, said: Option<&Said>) -> Option<Text> {
        match self.state.as_ref()? {
            State::ActionRequired => Some(Awaited::of(said).words()),
            State::Deleting => Some("is being deleted".into()),
            State::Deleted => Some("deleted".into()),
            State::Failed | State::Unknown(_) => self.record.error(),
            State::Stopped => self.own_word(&["stopped"]),
            State::Pending | State::Building | State::Deploying => {
                self.own_word(&["queued", "building", "deploying"])
            }
            State::Running => None,
        }
    }

    /// The platform's word, where it says more than the status does.
    fn own_word(&self, same: &[&str]) -> Option<Text> {
        let word = self.word.as_ref()?.as_str().to_lowercase();
        let word = word.replace(['_', '-'], " ");
        (!same.contains(&word.as_str())).then(|| Text::clean(&word))
    }

    /// Whether a deployment of it is under way.
    fn is_deployed_now(&self) -> bool {
        let state = self.state.as_ref();
        state.is_some_and(|state| state.status().is_changing())
    }

    /// How far its installation is, while it is not over.
    fn progress(&self, said: Option<&Said>) -> Option<Progress> {
        let state = self.state.as_ref()?;
        let goes_on = self.is_deployed_now() || *state == State::ActionRequired;
        goes_on.then(|| Progress {
            label: if *state == State::ActionRequired {
                self.reason(said)
            } else {
                self.word.clone()
            },
            tree: way(state, said),
            ..Progress::default()
        })
    }

    fn release(&self) -> Option<Release> {
        let uuid = self.record.deployment()?;
        let is_live = matches!(self.state, Some(State::Running));
        is_live.then(|| Release {
            label: short(uuid.as_str()),
            deployment: Some(ids::deployment(&self.id, uuid.as_str())),
            at: self.record.deployed_at(),
            by: None,
        })
    }

    /// Where it answers: as it says, else at its own domain.
    fn url(&self) -> Option<Text> {
        let domain = || Some(Text::clean(&format!("https://{}", self.record.domain()?)));
        self.record.url().or_else(domain)
    }
}

/// The app, with what the last verification of its domain said. It belongs to the organisation that
/// it names, else to the one that is kept to.
pub(in crate::platforms::pandastack) fn app(
    managed: &Managed,
    said: Option<&Said>,
    of: Option<&OrgId>,
) -> App {
    App {
        organisation: managed.record.organisation().or_else(|| of.cloned()),
        status: managed.status(),
        reason: managed.reason(said),
        release: managed.release(),
        url: managed.url(),
        created_at: managed.record.created_at(),
        lacks: LACKED_BY_MANAGED_APPS,
        details: details(managed),
        ..App::new(managed.id.clone(), managed.name.clone())
    }
}

/// Its environment.
pub(in crate::platforms::pandastack) fn environment(
    managed: &Managed,
    said: Option<&Said>,
) -> Environment {
    let (record, app) = (&managed.record, &managed.id);
    let uuid = record.deployment().filter(|_| managed.is_deployed_now());
    Environment {
        is_synthetic: true,
        kind: record.slug(),
        status: managed.status(),
        reason: managed.reason(said),
        release: managed.release(),
        running: uuid.map(|uuid| ids::deployment(app, uuid.as_str())),
        progress: managed.progress(said),
        changed_at: record.updated_at().or_else(|| record.deployed_at()),
        url: managed.url(),
        // What flightdeck saw of it. Its details are those of the app.
        has_runtime_log: true,
        ..Environment::new(EnvId::new(app.as_str()), app.clone(), ENVIRONMENT.into())
    }
}

/// What else the record says; what looks like a secret is masked there already.
fn details(managed: &Managed) -> Vec<Detail> {
    let record = &managed.record;
    let mut details = Details::default()
        .text("Kind", Some("managed app".into()))
        .text("Slug", record.slug())
        .text("Id", record.id())
        .text("Organisation", record.organisation().map(|id| id.to_text()))
        .text("State", managed.word.clone())
        .text("Domain", record.domain())
        .text("Deployment", record.deployment())
        .text("Error", record.error())
        .time("Created", &Loose(record.created_at()))
        .time("Updated", &Loose(record.updated_at()))
        .time("Deployed", &Loose(record.deployed_at()))
        .done();
    let rest = record.rest().into_iter();
    details.extend(rest.map(|(name, value)| {
        let line = Text::clean(&format!("{name}: {value}"));
        Detail::new("Also", DetailValue::Text(line))
    }));
    details
}
