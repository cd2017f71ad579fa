//! How far the steps of a deployment are, as a tree that moves. Source: DigitalOcean contract, section 5.3.

use serde_json::{Value, json};

use super::{
    call::View,
    component::{Component, Role, components},
    deployment::{Course, Deployment, Ending, Failure, Phase, Stage},
    steps::{Step, build, deploy, is_built},
    wire::{NEVER, object},
};
use crate::sim::clock::Moment;

/// How a step is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Status {
    Pending,
    Running,
    Error,
    Success,
}

#[derive(Default)]
struct Counts {
    pending: u32,
    running: u32,
    success: u32,
    error: u32,
}

/// The progress of a deployment in this phase.
pub(super) fn progress(view: &View, deployment: &Deployment, phase: Phase) -> Value {
    let parts = components(&deployment.spec);
    let steps = [build(deployment, &parts), deploy(deployment, &parts)];
    let writer = Writer {
        view,
        deployment,
        share: deployment.share(view.now),
        is_over: phase.is_terminal(),
        victim: victim(deployment, &parts),
    };
    let mut counts = Counts::default();
    for step in &steps {
        writer.count(step, &mut counts);
    }
    let summary: Vec<Value> = steps.iter().map(|step| writer.summary(step)).collect();
    let tree: Vec<Value> = steps.iter().map(|step| writer.write(step)).collect();
    object([
        ("pending_steps", json!(counts.pending)),
        ("running_steps", json!(counts.running)),
        ("success_steps", json!(counts.success)),
        ("error_steps", json!(counts.error)),
        (
            "total_steps",
            json!(counts.pending + counts.running + counts.success + counts.error),
        ),
        ("steps", json!(tree)),
        ("summary_steps", json!(summary)),
    ])
}

/// The component and step that fails, and why.
fn victim<'a>(
    deployment: &'a Deployment,
    parts: &[Component],
) -> Option<(String, &'static str, &'a Failure)> {
    let Ending::Fails(failure) = &deployment.ending else {
        return None;
    };
    let first = |wanted: fn(Role) -> bool| parts.iter().find(|part| wanted(part.role));
    let part = first(Role::runs).or_else(|| first(is_built))?;
    let step = match failure.stage {
        Stage::Build => "",
        Stage::Deploy if part.role.runs() => "wait",
        Stage::Deploy => "deploy",
    };
    Some((part.name.clone(), step, failure))
}

struct Writer<'a> {
    view: &'a View,
    deployment: &'a Deployment,
    share: f64,
    is_over: bool,
    victim: Option<(String, &'static str, &'a Failure)>,
}

impl Writer<'_> {
    /// Whether this is the step that fails. The step of a build is named as its component.
    fn failure(&self, step: &Step) -> Option<&Failure> {
        let (component, name, failure) = self.victim.as_ref()?;
        let name = if name.is_empty() { component } else { *name };
        let is_it = step.component.as_ref() == Some(component) && step.name == name;
        (is_it && step.members.is_empty()).then_some(*failure)
    }

    fn status(&self, step: &Step) -> Status {
        if !step.members.is_empty() {
            return self.of_members(step);
        }
        let fails_at = self.deployment.fails_at();
        let failed = fails_at.is_some_and(|at| self.share >= at);
        if self.failure(step).is_some() {
            return match self.share {
                _ if failed => Status::Error,
                share if share >= step.from => Status::Running,
                _ => Status::Pending,
            };
        }
        if step.waits && !(failed && self.is_over) {
            return Status::Pending;
        }
        // After the failure nothing begins any more.
        let reached = fails_at.map_or(self.share, |at| self.share.min(at));
        if reached >= step.until || (step.waits && failed) {
            Status::Success
        } else if reached > step.from && !self.is_over {
            Status::Running
        } else {
            Status::Pending
        }
    }

    fn of_members(&self, step: &Step) -> Status {
        let members = step.members.iter().filter(|it| step.waits || !it.waits);
        let of: Vec<Status> = members.map(|member| self.status(member)).collect();
        let all = |status| of.iter().all(|it| *it == status);
        if of.contains(&Status::Error) {
            Status::Error
        } else if of.is_empty() || all(Status::Pending) {
            Status::Pending
        } else if all(Status::Success) {
            Status::Success
        } else if self.is_over {
            Status::Pending
        } else {
            Status::Running
        }
    }

    fn count(&self, step: &Step, counts: &mut Counts) {
        for member in &step.members {
            self.count(member, counts);
        }
        if step.members.is_empty() && step.name != "components" {
            let counter = match self.status(step) {
                Status::Pending => &mut counts.pending,
                Status::Running => &mut counts.running,
                Status::Error => &mut counts.error,
                Status::Success => &mut counts.success,
            };
            *counter += 1;
        }
    }

    fn write(&self, step: &Step) -> Value {
        let members: Vec<Value> = step
            .members
            .iter()
            .map(|member| self.write(member))
            .collect();
        self.written(step, json!(members))
    }

    fn summary(&self, step: &Step) -> Value {
        self.written(step, Value::Null)
    }

    fn written(&self, step: &Step, members: Value) -> Value {
        let status = self.status(step);
        object([
            ("name", json!(step.name)),
            ("status", json!(self.view.word(status.word()))),
            ("steps", members),
            ("component_name", json!(step.component)),
            ("message_base", json!(step.base)),
            ("reason", self.reason(step, status)),
            ("started_at", self.started(step, status)),
            ("ended_at", self.ended(step, status)),
        ])
    }

    fn reason(&self, step: &Step, status: Status) -> Value {
        match (self.failure(step), status) {
            (Some(failure), Status::Error) => {
                json!({ "code": failure.code, "message": failure.message })
            }
            (_, Status::Success) if self.is_information(step) => json!({
                "code": "PreviousBuildReused",
                "message": "Your build job was skipped because an earlier build was reused.",
            }),
            _ => Value::Null,
        }
    }

    fn is_information(&self, step: &Step) -> bool {
        self.deployment.course == Course::Reused && step.base.starts_with("Building")
    }

    fn started(&self, step: &Step, status: Status) -> Value {
        let begun = step.timed && status != Status::Pending;
        let at = || self.view.fine(self.at(step.from));
        if begun { json!(at()) } else { Value::Null }
    }

    /// A step that runs ended in the year one.
    fn ended(&self, step: &Step, status: Status) -> Value {
        match status {
            _ if !step.timed => Value::Null,
            Status::Pending => Value::Null,
            Status::Running => json!(NEVER),
            Status::Error => json!(self.view.fine(self.deployment.end())),
            Status::Success => json!(self.view.fine(self.at(step.until))),
        }
    }

    fn at(&self, share: f64) -> Moment {
        self.deployment.moment(share)
    }
}

impl Status {
    fn word(self) -> &'static str {
        match self {
            Status::Pending => "PENDING",
            Status::Running => "RUNNING",
            Status::Error => "ERROR",
            Status::Success => "SUCCESS",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{
        super::{
            testing::{ask, still_world},
            world::World,
        },
        *,
    };

    fn newest(world: &mut World, name: &str, seconds: f64) -> Value {
        let app = world.named_app(name).unwrap();
        let mut view = ask(world, "/", "").view;
        view.now = view.now.plus(seconds);
        let deployment = world.deployments(app).next().unwrap();
        let phase = world.phase(&deployment, view.now);
        progress(&view, &deployment, phase)
    }

    fn leaves<'a>(step: &'a Value, found: &mut Vec<&'a Value>) {
        match step["steps"].as_array() {
            Some(steps) => steps.iter().for_each(|step| leaves(step, found)),
            None => found.push(step),
        }
    }

    #[test]
    fn one_service_has_six_steps() {
        let mut world = still_world(1, 24);
        let done = newest(&mut world, "uploads", 0.0);
        assert_eq!(
            (&done["success_steps"], &done["total_steps"]),
            (&json!(6), &json!(6))
        );
        assert!(done.get("pending_steps").is_none());
    }

    #[test]
    fn cancelled_one_stops_at_two_of_ten() {
        let mut world = still_world(1, 24);
        let stopped = newest(&mut world, "landing", 0.0);
        assert_eq!(
            (&stopped["success_steps"], &stopped["total_steps"]),
            (&json!(2), &json!(10))
        );
        assert!(stopped.get("running_steps").is_none());
    }

    #[test]
    fn reason_is_on_the_leaf_that_failed() {
        let mut world = still_world(1, 24);
        let failed = newest(&mut world, "orders-api", 0.0);
        assert_eq!(failed["error_steps"], 1);
        let mut found = Vec::new();
        leaves(&failed, &mut found);
        let told: Vec<_> = found
            .iter()
            .filter(|leaf| leaf.get("reason").is_some())
            .collect();
        assert_eq!(told.len(), 1);
        assert_eq!(told[0]["name"], "wait");
        assert_eq!(
            told[0]["reason"]["code"],
            "DeployContainerHealthChecksFailed"
        );
    }

    #[test]
    fn job_for_failures_waits_for_ever_in_a_good_deployment() {
        let mut world = still_world(1, 24);
        let done = newest(&mut world, "storefront", 0.0);
        assert_eq!(done["steps"][1]["status"], "SUCCESS");
        assert_eq!(done["pending_steps"], 1, "{done:#}");
    }
}
