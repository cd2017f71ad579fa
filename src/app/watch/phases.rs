//! How long a release was in which phase: by the steps of the platform where it names them, else by
//! what was seen of its phase from one read to the next.

use std::time::Duration;

use jiff::Timestamp;

use crate::app::age::since;
use crate::model::{Phase, Step, StepState, Text};

/// So many steps are shown side by side.
const SHOWN: usize = 6;

/// One phase, from when to when.
#[derive(Clone, Debug, PartialEq)]
pub struct Stretch {
    /// What happened.
    pub label: Text,
    /// How far it is. What was cancelled stays pending.
    pub state: StepState,
    /// When it began, where that is known.
    pub began: Option<Timestamp>,
    /// When it ended.
    pub ended: Option<Timestamp>,
}

impl Stretch {
    /// How long it took, or takes until now; absent where its begin is not known.
    #[must_use]
    pub fn took(&self, now: Timestamp) -> Option<Duration> {
        let end = match (self.ended, self.state) {
            (Some(ended), _) => ended,
            (None, StepState::Running) => now,
            (None, StepState::Pending | StepState::Done | StepState::Failed) => return None,
        };
        self.began.map(|began| since(began, end))
    }

    /// Whether its time goes on.
    #[must_use]
    pub fn is_counting(&self) -> bool {
        self.state == StepState::Running && self.began.is_some() && self.ended.is_none()
    }
}

/// What a release does, as far as all platforms have it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Part {
    /// It waits.
    Queued,
    /// It is built.
    Build,
    /// It is rolled out.
    Deploy,
    /// It goes on, and nobody says more.
    Release,
}

impl Part {
    /// The part that a phase stands for; absent for an end.
    pub(super) fn of(phase: &Phase) -> Option<Self> {
        match phase {
            Phase::Queued => Some(Self::Queued),
            Phase::Building => Some(Self::Build),
            Phase::Deploying => Some(Self::Deploy),
            Phase::Running(_) | Phase::ActionRequired(_) | Phase::Other(_) => Some(Self::Release),
            Phase::Succeeded
            | Phase::Replaced
            | Phase::Failed
            | Phase::Cancelled
            | Phase::Ended => None,
        }
    }

    fn label(self) -> Text {
        Text::clean(match self {
            Self::Queued => "queued",
            Self::Build => "build",
            Self::Deploy => "deploy",
            Self::Release => "release",
        })
    }
}

/// The phases of a release.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Phases {
    seen: Vec<(Part, Stretch)>,
    /// The steps of the platform, where it has them.
    steps: Vec<Stretch>,
}

impl Phases {
    /// In their order.
    #[must_use]
    pub fn list(&self) -> Vec<&Stretch> {
        if self.steps.is_empty() {
            self.seen.iter().map(|(_, stretch)| stretch).collect()
        } else {
            self.steps.iter().collect()
        }
    }

    /// Whether nothing of it was seen but that it waits.
    pub(super) fn has_waited_only(&self) -> bool {
        let mut seen = self.seen.iter();
        self.steps.is_empty() && seen.all(|(part, _)| *part == Part::Queued)
    }

    /// It is in `part` now, which began at `at` where that is known. What was left is not gone back
    /// to: a list may be older than the answer before.
    pub(super) fn go_to(&mut self, part: Part, at: Option<Timestamp>, now: Timestamp) {
        let last = self.seen.last().map(|(part, _)| *part);
        if last.is_some_and(|last| last >= part) {
            return;
        }
        let began = match self.seen.last_mut() {
            Some((_, before)) => {
                let earliest = before.began.unwrap_or(Timestamp::MIN);
                let end = at.unwrap_or(now).min(now).max(earliest);
                (before.ended, before.state) = (Some(end), StepState::Done);
                Some(end)
            }
            None => at,
        };
        let stretch = Stretch {
            label: part.label(),
            state: StepState::Running,
            began,
            ended: None,
        };
        self.seen.push((part, stretch));
    }

    /// It is over: the part it was in ends as `state`.
    pub(super) fn close(&mut self, state: StepState, at: Timestamp) {
        let last = self.seen.last_mut().map(|(_, last)| last);
        // Some platforms forget the steps with the end: nothing must go on counting.
        let running = |step: &&mut Stretch| step.state == StepState::Running;
        let steps = self.steps.iter_mut().filter(running);
        for stretch in last.into_iter().chain(steps) {
            if stretch.ended.is_none() {
                let earliest = stretch.began.unwrap_or(at);
                (stretch.ended, stretch.state) = (Some(at.max(earliest)), state);
            }
        }
    }

    /// The platform names its steps.
    pub(super) fn take_steps(&mut self, tree: &[Step]) {
        let has_begun = tree.iter().any(|step| step.state != StepState::Pending);
        if !has_begun || tree.len() < 2 {
            return;
        }
        let stretch = |step: &Step| Stretch {
            label: step.label.clone(),
            state: step.state,
            began: step.started_at,
            ended: step.ended_at,
        };
        self.steps = tree.iter().take(SHOWN).map(stretch).collect();
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(1_000_000 + second).unwrap()
    }

    fn part() -> impl Strategy<Value = Part> {
        prop::sample::select(vec![Part::Queued, Part::Build, Part::Deploy, Part::Release])
    }

    proptest! {
        #[test]
        fn phases_follow_one_another_without_gaps_whatever_is_seen(
            seen in prop::collection::vec((part(), prop::option::of(-50_i64..200)), 0..12),
        ) {
            let mut phases = Phases::default();
            for (second, (part, began)) in (0..).zip(&seen) {
                phases.go_to(*part, began.map(at), at(second * 10));
            }
            let end = at(200);
            phases.close(StepState::Done, end);
            let list = phases.list();
            for pair in list.windows(2) {
                prop_assert_eq!(pair[0].ended, pair[1].began);
            }
            for stretch in &list {
                prop_assert!(stretch.ended.is_some() && !stretch.is_counting());
                prop_assert!(stretch.began <= stretch.ended);
            }
        }
    }

    #[test]
    fn what_was_left_is_not_gone_back_to() {
        let mut phases = Phases::default();
        phases.go_to(Part::Queued, Some(at(0)), at(0));
        phases.go_to(Part::Deploy, None, at(7));
        phases.go_to(Part::Build, None, at(9));
        let labels: Vec<_> = phases
            .list()
            .iter()
            .map(|it| it.label.to_string())
            .collect();
        assert_eq!(labels, ["queued", "deploy"]);
        assert_eq!(phases.list()[0].took(at(99)), Some(Duration::from_secs(7)));
        assert_eq!(phases.list()[1].took(at(17)), Some(Duration::from_secs(10)));
    }
}
