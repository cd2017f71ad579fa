//! Jobs: what runs by the clock, or when somebody says so. Source: tsuru contract, section 5.

use serde_json::{Value, json};

use super::{
    action::Plan,
    app_wire,
    call::{Call, View},
    errors::Refusal,
    reply::{Outcome, Reply},
    world::World,
};
use crate::sim::clock::Moment;

/// A job.
#[derive(Clone, Debug)]
pub(super) struct Job {
    pub(super) name: String,
    schedule: &'static str,
    is_manual: bool,
    team: &'static str,
    image: &'static str,
    command: &'static [&'static str],
    /// When it ran, and whether that went well.
    pub(super) runs: Vec<(Moment, bool)>,
}

/// Seconds that a run takes.
pub(super) const RUN_S: f64 = 12.0;

/// What there is from the start.
pub(super) fn all(started: Moment) -> Vec<Job> {
    let ago = |hours: f64| started.plus(-3_600.0 * hours);
    vec![
        Job {
            name: "vacuum".to_owned(),
            schedule: "0 3 * * *",
            is_manual: false,
            team: "data",
            image: "registry.example.com/jobs/vacuum:latest",
            command: &["vacuumdb", "--all"],
            runs: vec![(ago(31.0), true), (ago(7.0), false)],
        },
        Job {
            name: "report".to_owned(),
            schedule: "* * 31 2 *",
            is_manual: true,
            team: "web",
            image: "registry.example.com/jobs/report:v4",
            command: &["./report", "--monthly"],
            runs: vec![(ago(80.0), true)],
        },
    ]
}

impl Job {
    fn wire(&self) -> Value {
        json!({
            "name": self.name,
            "pool": "batch",
            "description": "",
            "owner": "lead@example.com",
            "teamOwner": self.team,
            "teams": [self.team],
            "plan": app_wire::plan("c0.1m0.2", None),
            "metadata": { "labels": null, "annotations": null },
            "spec": {
                "schedule": self.schedule,
                "manual": self.is_manual,
                "container": { "image": self.image, "command": self.command, "envs": [] },
                "concurrencyPolicy": "Allow",
            },
        })
    }

    /// Name of the unit of a run.
    pub(super) fn unit(&self, run: usize) -> String {
        format!("{}-{run:08}-k7x2p", self.name)
    }

    fn units(&self, view: &View, pace: f64) -> Vec<Value> {
        let runs = self.runs.iter().enumerate().rev().map(|(run, (at, well))| {
            let status = match (view.now < at.plus(RUN_S * pace), well) {
                (true, _) => "started",
                (false, true) => "succeeded",
                (false, false) => "error",
            };
            let reason = if status == "error" { "exitCode: 1" } else { "" };
            let name = self.unit(run);
            json!({
                "ID": name, "Name": name, "AppName": "", "ProcessName": "", "Type": "job",
                "InternalIP": "172.16.4.30", "Status": view.tweaks.word(status),
                "StatusReason": reason, "Address": null, "Addresses": null, "Version": 0,
                "Routable": false, "Restarts": 0, "CreatedAt": view.time(*at),
                "Ready": status == "started", "HostAddr": "", "HostPort": "", "IP": "10.1.0.3",
            })
        });
        runs.collect()
    }
}

/// All jobs.
pub(super) fn list(call: &mut Call<'_>) -> Outcome {
    let told = call.world.jobs.iter().map(Job::wire);
    Ok(Reply::list(told.collect()))
}

/// The job that the path names first.
pub(super) fn named(call: &Call<'_>) -> Result<usize, Refusal> {
    let found = call.world.find_job(call.given(0));
    found.ok_or_else(|| Refusal::missing(format!("Job {} not found.", call.given(0))))
}

/// One job with the units of its runs.
pub(super) fn get(call: &mut Call<'_>) -> Outcome {
    let job = &call.world.jobs[named(call)?];
    let binds = call
        .world
        .instances
        .iter()
        .filter(|it| it.jobs.contains(&job.name));
    let binds =
        binds.map(|it| json!({ "service": it.service, "instance": it.name, "plan": it.plan }));
    Ok(Reply::ok(json!({
        "cluster": "cluster-a",
        "job": job.wire(),
        "units": job.units(&call.view, call.world.pace()),
        "serviceInstanceBinds": binds.collect::<Vec<_>>(),
    })))
}

/// Lets a job run now.
pub(super) fn trigger(call: &mut Call<'_>) -> Outcome {
    let place = named(call)?;
    let (name, now) = (call.given(0).to_owned(), call.now());
    let plan = Plan::of("job.trigger", "").at("job", &name);
    call.world.begin(now, plan)?;
    call.world.jobs[place].runs.push((now, true));
    Ok(Reply::ok(json!({ "status": "success" })))
}

/// Deletes a job.
pub(super) fn delete(call: &mut Call<'_>) -> Outcome {
    let place = named(call)?;
    let plan = Plan::of("job.delete", "").at("job", call.given(0));
    call.world.begin(call.view.now, plan)?;
    call.world.jobs.remove(place);
    Ok(Reply::done())
}

/// The variables of a job.
pub(super) fn env(call: &mut Call<'_>) -> Outcome {
    named(call)?;
    Ok(Reply::ok(json!([
        { "name": "TZ", "value": "UTC", "alias": "", "public": true },
    ])))
}

impl World {
    /// The job with this name.
    pub(super) fn find_job(&self, name: &str) -> Option<usize> {
        self.jobs.iter().position(|job| job.name == name)
    }
}
