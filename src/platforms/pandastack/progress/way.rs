//! The way of an installation while it is followed. Source: PandaStack contract, section 4.

use std::cmp::Ordering;

use super::super::map::STEPS;
use crate::model::{Progress, Step, StepState, Text};

/// A step of the way: its place among [`STEPS`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Stop {
    Deploy,
    Install,
    /// The user creates DNS records.
    Records,
    Verify,
    Complete,
}

/// The way while `at` goes on.
fn tree(at: Stop) -> Vec<Step> {
    let steps = STEPS.iter().enumerate();
    let steps = steps.map(|(place, label)| Step {
        label: Text::clean(label),
        state: match place.cmp(&(at as usize)) {
            Ordering::Less => StepState::Done,
            Ordering::Equal => StepState::Running,
            Ordering::Greater => StepState::Pending,
        },
        ..Step::default()
    });
    steps.collect()
}

/// How far it is: what goes on, in the platform's words.
pub(super) fn progress(at: Stop, label: Text) -> Progress {
    Progress {
        label: Some(label),
        tree: tree(at),
        ..Progress::default()
    }
}

/// The same while a domain is verified: the records to create are parts of their step.
pub(super) fn verifying(label: Text, records: &[Text], reason: Option<&Text>) -> Progress {
    let mut progress = progress(Stop::Verify, label);
    let part = |record: &Text| Step {
        label: record.clone(),
        ..Step::default()
    };
    if let Some(step) = progress.tree.get_mut(Stop::Records as usize) {
        step.state = StepState::Running;
        step.steps = records.iter().map(part).collect();
    }
    if let Some(step) = progress.tree.get_mut(Stop::Verify as usize) {
        step.reason = reason.cloned();
    }
    progress
}
