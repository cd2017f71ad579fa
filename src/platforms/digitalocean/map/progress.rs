//! The steps of a deployment. The phase tells how it ends; the counters only fill the bar.
//!
//! Source: DigitalOcean contract, section 5.3.

use jiff::Timestamp;

use crate::model::{Progress, Step, StepState, Text};
use crate::platforms::details::text;
use crate::platforms::digitalocean::wire;

/// Steps within steps are followed so far: the platform has four levels.
const DEEPEST: usize = 16;

/// How far it is. The bar goes away with the end.
pub(super) fn progress(wire: Option<&wire::Progress>, is_over: bool) -> Progress {
    let Some(wire) = wire else {
        return Progress::default();
    };
    let steps = wire.steps.as_deref().unwrap_or_default();
    let tree: Vec<Step> = steps.iter().map(|it| step(it, DEEPEST)).collect();
    if is_over {
        return Progress {
            tree,
            ..Progress::default()
        };
    }
    let counted = counted(wire);
    Progress {
        percent: counted.and_then(|(done, all)| {
            let percent = u64::from(done) * 100 / u64::from(all);
            u8::try_from(percent.min(100)).ok()
        }),
        steps: counted,
        label: now(&tree),
        tree,
    }
}

fn counted(wire: &wire::Progress) -> Option<(u32, u32)> {
    let all = u32::try_from((*wire.total_steps)?)
        .ok()
        .filter(|all| *all > 0)?;
    let done = u32::try_from(wire.success_steps.unwrap_or(0)).ok()?;
    Some((done.min(all), all))
}

fn step(wire: &wire::Step, depth: usize) -> Step {
    let children = wire.steps.as_deref().unwrap_or_default();
    let reason = wire.reason.as_ref();
    Step {
        label: label(wire),
        state: match wire.status.as_deref() {
            Some("RUNNING") => StepState::Running,
            Some("SUCCESS") => StepState::Done,
            Some("ERROR") => StepState::Failed,
            _ => StepState::Pending,
        },
        reason: reason.and_then(|reason| text(&reason.message).or_else(|| text(&reason.code))),
        started_at: *wire.started_at,
        ended_at: *wire.ended_at,
        steps: match depth.checked_sub(1) {
            Some(left) => children.iter().map(|it| step(it, left)).collect(),
            None => Vec::new(),
        },
    }
}

fn label(wire: &wire::Step) -> Text {
    let base = text(&wire.message_base);
    let component = text(&wire.component_name);
    match (base, component) {
        (Some(base), Some(component)) => Text::clean(&format!("{base} {component}")),
        (Some(base), None) => base,
        (None, component) => text(&wire.name).or(component).unwrap_or_default(),
    }
}

/// What happens now: the deepest step that runs.
fn now(steps: &[Step]) -> Option<Text> {
    let running = steps.iter().find(|step| step.state == StepState::Running)?;
    now(&running.steps).or_else(|| Text::non_empty(running.label.as_str()))
}

/// When the last of the steps ended.
pub(super) fn last_end(steps: &[Step]) -> Option<Timestamp> {
    let ends = steps
        .iter()
        .flat_map(|step| [step.ended_at, last_end(&step.steps)]);
    ends.flatten().max()
}

/// Why it failed: where, in the platform's words, and its code.
pub(super) struct Blame {
    pub(super) text: Text,
    pub(super) code: Option<String>,
}

/// The reason of the step that failed; of several, the first that says one. A reason on a good
/// step is information.
pub(super) fn blame(wire: Option<&wire::Progress>) -> Option<Blame> {
    let steps = wire?.steps.as_deref().unwrap_or_default();
    let mut failed = Vec::new();
    collect(steps, DEEPEST, &mut failed);
    let said = failed.iter().find(|step| step.reason.is_some());
    let step = said.or_else(|| failed.first())?;
    let reason = step.reason.as_ref();
    let message = reason.and_then(|reason| text(&reason.message).or_else(|| text(&reason.code)));
    let place = label(step);
    Some(Blame {
        text: match message {
            Some(message) => Text::clean(&format!("{place}: {message}")),
            None => Text::clean(&format!("{place} failed")),
        },
        code: reason.and_then(|reason| reason.code.0.clone()),
    })
}

/// What the first failed step of a list says.
pub(super) fn first_failure(steps: &[wire::Step]) -> Option<Text> {
    let mut failed = Vec::new();
    collect(steps, DEEPEST, &mut failed);
    let reason = failed.iter().find_map(|step| step.reason.as_ref())?;
    text(&reason.message).or_else(|| text(&reason.code))
}

/// Failed steps, the innermost first.
fn collect<'a>(steps: &'a [wire::Step], depth: usize, failed: &mut Vec<&'a wire::Step>) {
    for step in steps {
        if let Some(left) = depth.checked_sub(1) {
            collect(step.steps.as_deref().unwrap_or_default(), left, failed);
        }
        if step.status.as_deref() == Some("ERROR") {
            failed.push(step);
        }
    }
}

/// What one could do about a reason, by its code without the `Deploy` that the wire puts before
/// some of them.
const HINTS: &[(&str, &str)] = &[
    ("BuildJobFailed", "read the build log"),
    (
        "BuildpackBuildFailed",
        "read the build log; check the build command and its runtime version",
    ),
    (
        "BuildJobExitNonZero",
        "read the build log: the build command failed",
    ),
    (
        "BuildJobTimeout",
        "a build may take an hour: make it shorter, or use a pre-built image",
    ),
    (
        "BuildJobOutOfMemory",
        "the build needs more memory than it gets: make it smaller, or use a pre-built image",
    ),
    ("BuildRateLimit", "the platform tries again by itself: wait"),
    (
        "DatabaseNotAvailable",
        "wait until the database is online, then deploy again",
    ),
    (
        "DatabaseNotFound",
        "the spec names a database that is not there: correct its cluster name",
    ),
    (
        "DatabaseLimitExceeded",
        "remove a database, or ask DigitalOcean for a higher limit",
    ),
    (
        "ContainerCommandNotExecutable",
        "check the run command: it is not there or cannot be executed",
    ),
    (
        "ContainerExitNonZero",
        "read the deployment log: the app ended with an error when it started",
    ),
    (
        "ContainerHealthChecksFailed",
        "check that the app listens on its HTTP port and answers the health check in time",
    ),
    (
        "ContainerOutOfMemory",
        "choose a larger instance size, or use less memory",
    ),
    (
        "ResourceExhausted",
        "try again later, or use another size or region",
    ),
    (
        "InternalError",
        "deploy again; if it stays, ask DigitalOcean's support",
    ),
];

/// What one could do about it.
pub(super) fn hint(code: &str) -> Option<Text> {
    let bare = code.strip_prefix("Deploy").unwrap_or(code);
    let found = HINTS
        .iter()
        .find(|(known, _)| *known == bare || *known == code);
    found.map(|(_, hint)| Text::clean(hint))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_has_its_hint_with_and_without_its_prefix() {
        for (code, _) in HINTS {
            assert!(hint(code).is_some(), "{code}");
            assert_eq!(hint(&format!("Deploy{code}")), hint(code));
        }
        assert_eq!(hint("DeploySomethingNew"), None);
        assert_eq!(hint(""), None);
    }
}
