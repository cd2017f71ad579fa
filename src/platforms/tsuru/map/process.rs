//! Processes: what stands where other platforms have environments. Where units of several versions
//! of a process exist, each version stands by itself.
//!
//! Source: tsuru contract, sections 5, 6 and 7.

use super::app::{Around, state as of_app, url};
use super::busy::Busy;
use super::deploy::release;
use super::group::{Group, groups};
use super::metrics::shares;
use super::place::class;
use super::plan::{Limits, limits, plan_of, words};
use super::scaling::{autoscale, internal, prometheus, scheduled};
use super::state::{State, of_units, up, without_units};
use crate::model::{AppId, Detail, Environment, Status, Text, Units};
use crate::platforms::details::{Details, some, text};
use crate::platforms::loose::Loose;
use crate::platforms::tsuru::wire;

/// The processes of an app.
pub(in crate::platforms::tsuru) fn processes(
    wire: &wire::App,
    around: &Around<'_>,
) -> Vec<Environment> {
    let mut groups = groups(wire, around);
    if groups.is_empty() {
        groups.push(Group {
            process: "",
            version: None,
            units: Vec::new(),
        });
    }
    let shared = Shared {
        wire,
        around,
        busy: around.busy(&wire.name),
        is_alone: groups.len() == 1,
    };
    let mut made: Vec<_> = groups.iter().map(|group| shared.process(group)).collect();
    for (at, process) in made.iter_mut().enumerate() {
        process.tells_lists = at == 0;
    }
    made
}

/// What all processes of an app have from it.
struct Shared<'a> {
    wire: &'a wire::App,
    around: &'a Around<'a>,
    busy: Option<Busy>,
    is_alone: bool,
}

impl Shared<'_> {
    fn process(&self, group: &Group<'_>) -> Environment {
        let name = &self.wire.name;
        let (status, reason) = self.state(group);
        let (cpu, memory) = shares(&group.units, self.measured(), self.limits(group));
        let answers = group.process == "web" || self.is_alone;
        Environment {
            is_synthetic: true,
            class: self.wire.pool.as_deref().and_then(class),
            status,
            reason,
            release: release(&group.versions(), || self.around.deploys_of(name)),
            running: self.busy.as_ref().and_then(|busy| busy.deployment.clone()),
            units: self.units(group),
            cpu_percent: cpu,
            memory_percent: memory,
            url: url(self.wire).filter(|_| answers && group.is_routable() != Some(false)),
            has_runtime_log: !group.units.is_empty(),
            details: self.details(group),
            ..Environment::new(
                group.id(name),
                AppId::new(name),
                group.name(text(&self.wire.pool)),
            )
        }
    }

    fn state(&self, group: &Group<'_>) -> State {
        let state = match group.units.as_slice() {
            [] if self.is_alone || text(&self.wire.error).is_some() => {
                of_app(self.wire, self.around)
            }
            [] => without_units(self.around.deploy_count(self.wire)),
            units => of_units(units),
        };
        let state = Busy::lay_over(self.busy.as_ref(), state);
        // A version of its own that gets no requests: what it does matters to nobody yet.
        let is_aside = group.version.is_some() && group.is_routable() == Some(false);
        match state {
            (Status::Live, None) if is_aside => {
                (Status::Live, Some(Text::clean("gets no requests")))
            }
            state => state,
        }
    }

    /// Absent where the units are not known.
    fn units(&self, group: &Group<'_>) -> Option<Units> {
        let is_known = !group.units.is_empty() || text(&self.wire.error).is_none();
        is_known.then(|| up(&group.units))
    }

    fn measured(&self) -> &[wire::UnitMetrics] {
        let own = self.wire.units_metrics.as_deref();
        own.unwrap_or(self.around.measured)
    }

    fn plan(&self, group: &Group<'_>) -> Option<&wire::Plan> {
        plan_of(group.process, self.wire, self.around)
    }

    fn limits(&self, group: &Group<'_>) -> Limits {
        self.plan(group).map(limits).unwrap_or_default()
    }

    fn details(&self, group: &Group<'_>) -> Vec<Detail> {
        let full = self.around.full.unwrap_or(self.wire);
        let either = |field: fn(&wire::App) -> &Option<String>| {
            let own = field(self.wire).as_deref().and_then(Text::non_empty);
            own.or_else(|| field(full).as_deref().and_then(Text::non_empty))
        };
        let versions = group.versions();
        let versions: Vec<_> = versions.iter().map(|it| format!("v{it}")).collect();
        let restarts: i64 = group.units.iter().filter_map(|unit| *unit.restarts).sum();
        let mut details = Details::default()
            .text("Plan", self.plan(group).map(words))
            .text("Version", Text::non_empty(&versions.join(", ")))
            .flag("Gets requests", &Loose(group.is_routable()))
            .count("Restarts", some(usize::try_from(restarts).unwrap_or(0)))
            .text("Pool", either(|it| &it.pool))
            .text("Cluster", either(|it| &it.cluster))
            .text("Provisioner", either(|it| &it.provisioner));
        let scaled = full.autoscale.iter().flatten();
        for rule in scaled.filter(|rule| rule.process == group.process) {
            details = details.text("Autoscaling", Some(autoscale(rule)));
            for schedule in rule.schedules.iter().flatten() {
                details = details.text("Scaled by time", Some(scheduled(schedule)));
            }
            for rule in rule.prometheus.iter().flatten() {
                details = details.text("Scaled by", prometheus(rule));
            }
        }
        for address in full.internal_addresses.iter().flatten() {
            if group.is_reached_at(address) {
                details = details.text("Internal address", internal(address));
            }
        }
        details.done()
    }
}
