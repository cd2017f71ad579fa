//! How a release ended, in words.

use std::time::Duration;

use crate::app::age::Long;
use crate::app::logs::errors::Rate;
use crate::app::notices::Tone;
use crate::model::{Deployment, Phase, Status, Step, StepState, Text};

/// How a release ended.
#[derive(Clone, Debug, PartialEq)]
pub enum Verdict {
    /// It runs.
    Live,
    /// It runs, with clearly more errors than before.
    Regressed {
        /// Errors a minute before it began.
        before: Rate,
        /// And since it went live.
        after: Rate,
    },
    /// It failed.
    Failed {
        /// At which step, where the platform names it.
        step: Option<Text>,
        /// Why.
        why: Option<Text>,
    },
    /// It was done in part.
    Partly(Text),
    /// Somebody cancelled it.
    Cancelled,
    /// It ended, and the platform does not say how.
    Ended,
    /// It is not listed any more.
    Gone,
}

impl Verdict {
    /// The verdict that a deployment's own phase tells; absent while it goes on.
    pub(super) fn of(deployment: &Deployment) -> Option<Self> {
        match &deployment.phase {
            Phase::Succeeded | Phase::Replaced => Some(Self::Live),
            Phase::Failed => Some(Self::failed(
                &deployment.progress.tree,
                deployment.reason.clone(),
            )),
            Phase::Cancelled => Some(Self::Cancelled),
            Phase::Ended => Some(Self::Ended),
            Phase::Queued
            | Phase::Building
            | Phase::Deploying
            | Phase::Running(_)
            | Phase::ActionRequired(_)
            | Phase::Other(_) => None,
        }
    }

    /// A failure, at the deepest step that failed; why, by that step or else by the whole.
    pub(super) fn failed(tree: &[Step], why: Option<Text>) -> Self {
        let step = failed_step(tree);
        let own = step.and_then(|step| step.reason.clone());
        Self::Failed {
            step: step.map(|step| step.label.clone()),
            why: own.or(why),
        }
    }

    /// Whether it is what was wished for.
    #[must_use]
    pub fn is_good(&self) -> bool {
        *self == Self::Live
    }

    /// Whether somebody has to do something.
    #[must_use]
    pub fn is_bad(&self) -> bool {
        match self {
            Self::Regressed { .. } | Self::Failed { .. } | Self::Partly(_) | Self::Gone => true,
            Self::Live | Self::Cancelled | Self::Ended => false,
        }
    }

    /// How it is said.
    #[must_use]
    pub fn tone(&self) -> Tone {
        match self {
            Self::Live => Tone::Good,
            Self::Ended => Tone::Info,
            Self::Regressed { .. }
            | Self::Failed { .. }
            | Self::Partly(_)
            | Self::Cancelled
            | Self::Gone => Tone::Bad,
        }
    }

    /// The status that it is drawn as.
    #[must_use]
    pub fn status(&self) -> Status {
        match self {
            Self::Live => Status::Live,
            Self::Regressed { .. } | Self::Partly(_) => Status::Degraded,
            Self::Failed { .. } => Status::Failed,
            Self::Cancelled => Status::Stopped,
            Self::Ended | Self::Gone => Status::Unknown,
        }
    }

    /// `LIVE in 2m 14s`, `FAILED at migrate: lock timeout`.
    #[must_use]
    pub fn words(&self, took: Duration) -> String {
        let took = Long(took);
        match self {
            Self::Live => format!("LIVE in {took}"),
            Self::Regressed { before, after } => {
                format!("REGRESSED: errors {before} → {after} /min")
            }
            Self::Failed { step, why } => {
                let place = match step {
                    Some(step) => format!("at {step}"),
                    None => format!("after {took}"),
                };
                let why = why.as_ref().map(|why| format!(": {why}"));
                format!("FAILED {place}{}", why.unwrap_or_default())
            }
            Self::Partly(why) => format!("not all done: {why}"),
            Self::Cancelled => format!("CANCELLED after {took}"),
            Self::Ended => "ended, the platform does not say how".to_owned(),
            Self::Gone => "unknown: the deployment is gone".to_owned(),
        }
    }
}

/// The deepest step that failed.
fn failed_step(tree: &[Step]) -> Option<&Step> {
    let failed = tree.iter().find(|step| step.state == StepState::Failed)?;
    let named = |step: &&Step| !step.label.as_str().is_empty();
    failed_step(&failed.steps).or(Some(failed)).filter(named)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn step(label: &str, state: StepState, reason: &str, steps: Vec<Step>) -> Step {
        Step {
            label: Text::clean(label),
            state,
            reason: Text::non_empty(reason),
            steps,
            ..Step::default()
        }
    }

    fn check(verdict: &Verdict, expected: &str) {
        assert_eq!(verdict.words(Duration::from_secs(134)), expected);
    }

    #[test]
    fn a_failure_names_the_deepest_step_and_its_cause() {
        let migrate = step("migrate", StepState::Failed, "lock timeout", Vec::new());
        let deploy = step("deploy", StepState::Failed, "", vec![migrate]);
        let tree = [step("build", StepState::Done, "", Vec::new()), deploy];
        let why = || Text::non_empty("it failed");
        check(
            &Verdict::failed(&tree, why()),
            "FAILED at migrate: lock timeout",
        );
        check(
            &Verdict::failed(&tree[..1], why()),
            "FAILED after 2m 14s: it failed",
        );
        check(&Verdict::failed(&[], None), "FAILED after 2m 14s");
    }

    #[test]
    fn every_end_has_words() {
        let rate = |errors| Rate {
            errors,
            over: Duration::from_mins(10),
        };
        let regressed = Verdict::Regressed {
            before: rate(2),
            after: rate(410),
        };
        check(&Verdict::Live, "LIVE in 2m 14s");
        check(&regressed, "REGRESSED: errors 0.2 → 41 /min");
        check(&Verdict::Cancelled, "CANCELLED after 2m 14s");
        check(&Verdict::Ended, "ended, the platform does not say how");
        check(&Verdict::Gone, "unknown: the deployment is gone");
    }
}
