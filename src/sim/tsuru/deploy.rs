//! Deploys: a build, which can be cancelled, and a roll-out, which cannot. Source: tsuru contract,
//! sections 5 and 6.

use super::{
    action::Plan,
    app::{App, Slot, Version},
    build_log,
    errors::Refusal,
    event::{Deploy, Owner},
    make,
    rollout::{self, Share},
    world::World,
};
use crate::sim::clock::Moment;

/// How many images can be gone back to.
const KEPT: usize = 10;

/// Where a deploy gets what it deploys.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Source {
    /// Something that is built: an archive, a Dockerfile, or what was built last.
    Build,
    /// An image from elsewhere, which gets a version as well.
    Image(String),
    /// A version that is there.
    Version(u32),
}

/// What is to be deployed, and how.
#[derive(Clone, Debug)]
pub(super) struct Ask {
    pub(super) source: Source,
    /// One of the six of the contract, or empty.
    pub(super) origin: &'static str,
    pub(super) message: String,
    pub(super) commit: String,
    pub(super) owner: Owner,
    /// Keep what is deployed beside it.
    pub(super) new_version: bool,
    /// Replace all that is deployed.
    pub(super) override_versions: bool,
    /// Why it fails when it is built, if it is to.
    pub(super) failure: Option<String>,
    /// Seconds of the build; usual if absent.
    pub(super) build_s: Option<f64>,
    /// Seconds that go by before anything is written, while an archive is fetched.
    pub(super) fetch_s: f64,
}

impl Ask {
    /// What the user of the token asks for.
    pub(super) fn of(source: Source, origin: &'static str) -> Ask {
        Ask {
            source,
            origin,
            message: String::new(),
            commit: String::new(),
            owner: Owner::user(World::USER),
            new_version: false,
            override_versions: false,
            failure: None,
            build_s: None,
            fetch_s: 0.0,
        }
    }
}

/// Seconds a build usually takes, and fetching an image that is there.
const BUILD_S: f64 = 26.0;
const FETCH_S: f64 = 4.0;

impl World {
    /// Lets a deploy begin, unless something stands in its way. Tells the place of its event.
    pub(super) fn deploy(&mut self, now: Moment, app: usize, ask: Ask) -> Result<usize, Refusal> {
        let plan = plan_deploy(&self.apps[app], ask)?;
        self.begin(now, plan)
    }
}

/// Plans a deploy of an app.
pub(super) fn plan_deploy(app: &App, ask: Ask) -> Result<Plan, Refusal> {
    if app.deployed().len() > 1 && !ask.new_version && !ask.override_versions {
        return Err(Refusal::failed(
            "multiple versions currently deployed, either new-version or override-old-versions \
             must be set",
        ));
    }
    let target = target(app, &ask.source);
    let mut plan = Plan::of("app.deploy", &app.name)
        .by(ask.owner)
        .deploys(Deploy {
            version: target.number,
            image: target.image.clone(),
            origin: ask.origin,
            message: ask.message,
            commit: ask.commit,
        });
    let usual = match ask.source {
        Source::Build => BUILD_S,
        Source::Image(_) | Source::Version(_) => FETCH_S,
    };
    let seconds = ask.build_s.unwrap_or(usual);
    plan.wait(ask.fetch_s);
    build_log::write(&mut plan, &target, &ask.source, seconds);
    plan.cancelable();
    if let Some(failure) = ask.failure {
        plan.fail(format!("\n---- ERROR during deploy: ----\n{failure}\n"));
        return Ok(plan);
    }
    roll_out(&mut plan, app, target, ask.new_version);
    Ok(plan)
}

/// The version that is deployed: one that is there, or the next.
fn target(app: &App, source: &Source) -> Version {
    match source {
        Source::Version(number) => app.version(*number).cloned(),
        Source::Build | Source::Image(_) => None,
    }
    .unwrap_or_else(|| {
        let processes: Vec<String> = match app.processes().as_slice() {
            [] => vec!["web".to_owned()],
            names => names.iter().map(|name| (*name).to_owned()).collect(),
        };
        make::version(&app.name, app.next_version(), &processes, app.created)
    })
}

/// Plans that units of a version take the place of what is deployed, or come beside it.
fn roll_out(plan: &mut Plan, app: &App, target: Version, beside: bool) {
    let number = target.number;
    let replaced = if beside { vec![number] } else { app.deployed() };
    let shares = target.processes.iter().map(|process| {
        let units = app.slots.iter().filter(|slot| slot.process == *process);
        Share {
            process: process.clone(),
            version: number,
            units: units.map(|slot| slot.wanted).max().unwrap_or(1),
        }
    });
    let shares: Vec<Share> = shares.collect();
    let slots: Vec<Slot> = shares.iter().map(slot).collect();
    let old = replaced.clone();
    plan.then(move |app, at, _| app.take(target, slots, &old, at));
    for share in &shares {
        rollout::replace(plan, app, share, &replaced);
    }
    let (gone, stay) = (replaced, target_processes(&shares));
    plan.then(move |app, at, _| app.leave(&gone, number, &stay, at));
    plan.say("---- Ensuring services [").wait(0.4);
    plan.say(format!("{}] ----\n", target_processes(&shares).join(", ")));
    if !app.routers.is_empty() {
        let routers = app.routers.join(", ");
        plan.say(format!(
            "---- Updating routers [{routers}] ----\n ---> Done\n"
        ));
    }
    plan.wait(1.5);
}

fn slot(share: &Share) -> Slot {
    Slot {
        process: share.process.clone(),
        version: share.version,
        wanted: share.units,
        is_stopped: false,
    }
}

fn target_processes(shares: &[Share]) -> Vec<String> {
    shares.iter().map(|share| share.process.clone()).collect()
}

impl App {
    /// A version that was built is deployed from now on, in place of others.
    fn take(&mut self, target: Version, slots: Vec<Slot>, replaced: &[u32], at: Moment) {
        if self.version(target.number).is_none() {
            self.versions.push(Version {
                built: at,
                ..target
            });
            let surplus = self.versions.len().saturating_sub(KEPT);
            self.versions.drain(..surplus);
        }
        self.slots.retain(|slot| !replaced.contains(&slot.version));
        self.slots.extend(slots);
    }

    /// Processes that the new version does not have end with the old one.
    fn leave(&mut self, replaced: &[u32], number: u32, stay: &[String], at: Moment) {
        let stale = self.units.iter_mut().filter(|unit| {
            replaced.contains(&unit.version)
                && (unit.version != number || !stay.contains(&unit.process))
        });
        for unit in stale {
            unit.gone = unit.gone.min(at);
        }
        // Scaling by itself goes on with what is deployed.
        for scale in &mut self.autoscale {
            scale["version"] = number.into();
        }
    }
}
