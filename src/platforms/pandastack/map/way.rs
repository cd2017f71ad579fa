//! The way of an installation: deployed, installed, its domain verified, completed.
//!
//! Source: PandaStack contract, section 4.

use crate::model::{Step, StepState, Text};
use crate::platforms::pandastack::verdicts::Said;
use crate::platforms::pandastack::words::{AWAITS_DOMAIN, State};

/// The steps in order.
pub(in crate::platforms::pandastack) const STEPS: [&str; 5] =
    ["Deploy", "Install", "DNS records", "Verify", "Complete"];

/// Places in it.
const DEPLOY: usize = 0;
const INSTALL: usize = 1;
const DNS: usize = 2;
const VERIFY: usize = 3;
const COMPLETE: usize = 4;

/// What is awaited of the user, as far as it is known.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::platforms::pandastack) enum Awaited {
    /// Nothing was verified yet.
    Records,
    /// The domain is not verified, and why.
    NotVerified(Option<Text>),
    /// It is verified: the installation can be completed.
    Completion,
}

impl Awaited {
    pub(in crate::platforms::pandastack) fn of(said: Option<&Said>) -> Self {
        match said.map(|said| said.is_verified) {
            None | Some(None) => Self::Records,
            Some(Some(false)) => Self::NotVerified(said.and_then(|said| said.reason.clone())),
            Some(Some(true)) => Self::Completion,
        }
    }

    /// The same in words.
    pub(in crate::platforms::pandastack) fn words(&self) -> Text {
        match self {
            Self::Records => AWAITS_DOMAIN.into(),
            Self::NotVerified(None) => "domain not verified: create the DNS records".into(),
            Self::NotVerified(Some(reason)) => {
                Text::clean(&format!("domain not verified: {reason}"))
            }
            Self::Completion => "domain verified: complete the installation".into(),
        }
    }
}

/// The steps of an installation in this state.
pub(in crate::platforms::pandastack) fn way(state: &State, said: Option<&Said>) -> Vec<Step> {
    let (at, step) = place(state, said);
    let steps = STEPS.iter().enumerate();
    let steps = steps.map(|(number, label)| Step {
        label: Text::clean(label),
        state: match number.cmp(&at) {
            std::cmp::Ordering::Less => StepState::Done,
            std::cmp::Ordering::Equal => step,
            std::cmp::Ordering::Greater => StepState::Pending,
        },
        ..Step::default()
    });
    steps.collect()
}

/// Where it is, and how that step does.
fn place(state: &State, said: Option<&Said>) -> (usize, StepState) {
    match state {
        State::Pending | State::Unknown(_) => (DEPLOY, StepState::Pending),
        State::Building => (DEPLOY, StepState::Running),
        State::Deploying => (INSTALL, StepState::Running),
        State::ActionRequired => match Awaited::of(said) {
            Awaited::Records => (DNS, StepState::Running),
            Awaited::NotVerified(_) => (VERIFY, StepState::Running),
            Awaited::Completion => (COMPLETE, StepState::Pending),
        },
        State::Running => (STEPS.len(), StepState::Done),
        State::Failed | State::Stopped | State::Deleting | State::Deleted => {
            (DEPLOY, StepState::Failed)
        }
    }
}
