//! The way of an installation, as the steps that people know. Source: PandaStack contract, section 4.

use crate::model::{Progress, Step, StepState, Text};

/// A step of the way, in order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(in super::super) enum Stop {
    Deploy,
    Install,
    /// The user creates DNS records.
    Records,
    Verify,
    Complete,
}

const WAY: [(Stop, &str); 5] = [
    (Stop::Deploy, "Deploy"),
    (Stop::Install, "Install"),
    (Stop::Records, "DNS records"),
    (Stop::Verify, "Verify"),
    (Stop::Complete, "Complete"),
];

/// The way while `at` goes on.
pub(in super::super) fn tree(at: Stop) -> Vec<Step> {
    let step = |(stop, label): &(Stop, &str)| Step {
        label: (*label).into(),
        state: match stop.cmp(&at) {
            std::cmp::Ordering::Less => StepState::Done,
            std::cmp::Ordering::Equal => StepState::Running,
            std::cmp::Ordering::Greater => StepState::Pending,
        },
        ..Step::default()
    };
    WAY.iter().map(step).collect()
}

/// The way while a domain is awaited: the records to create are parts of their step.
pub(in super::super) fn awaiting(records: &[Text], at: Stop) -> Vec<Step> {
    let mut tree = tree(at);
    let is_records = |label: &Text| label.as_str() == "DNS records";
    if let Some(step) = tree.iter_mut().find(|it| is_records(&it.label)) {
        step.state = StepState::Running;
        let part = |record: &Text| Step {
            label: record.clone(),
            ..Step::default()
        };
        step.steps = records.iter().map(part).collect();
    }
    tree
}

/// How far it is: what goes on, in the platform's words.
pub(super) fn progress(at: Stop, label: Text) -> Progress {
    Progress {
        label: Some(label),
        tree: tree(at),
        ..Progress::default()
    }
}
