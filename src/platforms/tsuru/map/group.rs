//! Units by process, and by version where units of several versions of a process exist.
//!
//! Source: tsuru contract, sections 5 and 7.

use std::collections::{BTreeMap, BTreeSet};

use super::app::Around;
use super::state::real;
use crate::model::{EnvId, Text};
use crate::platforms::tsuru::{ids, wire};

/// The units of one process, or of one version of it.
pub(super) struct Group<'a> {
    /// Empty for units that no process is known of.
    pub(super) process: &'a str,
    /// Where there are several.
    pub(super) version: Option<i64>,
    pub(super) units: Vec<&'a wire::Unit>,
}

/// Versions that get requests, the newest first; where none is said to, all that have units.
pub(in crate::platforms::tsuru) fn versions(wire: &wire::App) -> Vec<i64> {
    let of = |is_meant: fn(&wire::Unit) -> bool| -> BTreeSet<i64> {
        let units = real(wire.units.as_deref()).filter(|unit| is_meant(unit));
        units.filter_map(version).collect()
    };
    let routable = of(|unit| *unit.routable == Some(true));
    let found = if routable.is_empty() {
        of(|_| true)
    } else {
        routable
    };
    found.into_iter().rev().collect()
}

/// The version of a unit. Zero is what a server says that does not know.
pub(in crate::platforms::tsuru) fn version(unit: &wire::Unit) -> Option<i64> {
    unit.version.filter(|version| *version > 0)
}

/// Units by process and version, and processes without any: `web` first, which gets the requests,
/// the others by name.
pub(super) fn groups<'a>(wire: &'a wire::App, around: &Around<'a>) -> Vec<Group<'a>> {
    let mut by_process: BTreeMap<&str, Vec<&wire::Unit>> = BTreeMap::new();
    for name in names(wire).chain(around.full.into_iter().flat_map(names)) {
        by_process.entry(name).or_default();
    }
    for unit in real(wire.units.as_deref()) {
        let process = unit.process_name.as_deref().unwrap_or_default();
        by_process.entry(process.trim()).or_default().push(unit);
    }
    let is_changing_over = around
        .busy(&wire.name)
        .is_some_and(|busy| busy.is_rolling_out());
    let mut groups: Vec<_> = by_process
        .into_iter()
        .flat_map(|(process, units)| split(process, units, is_changing_over))
        .collect();
    groups.sort_by_key(|group| group.process != "web");
    groups
}

/// Processes that an app is said to have.
fn names(wire: &wire::App) -> impl Iterator<Item = &str> {
    let own = wire.processes.iter().flatten().map(|it| it.name.as_str());
    let scaled = wire
        .autoscale
        .iter()
        .flatten()
        .map(|it| it.process.as_str());
    let reached = wire.internal_addresses.iter().flatten();
    let reached = reached.filter_map(|it| it.process.as_deref());
    let all = own.chain(scaled).chain(reached).map(str::trim);
    all.filter(|name| !name.is_empty())
}

/// A deploy that is rolled out takes one version for another: for as long, two of them are what one
/// was, so that whoever looks at the process keeps it before their eyes.
fn split<'a>(
    process: &'a str,
    units: Vec<&'a wire::Unit>,
    is_changing_over: bool,
) -> Vec<Group<'a>> {
    let versions: BTreeSet<_> = units.iter().filter_map(|unit| version(unit)).collect();
    let together = if is_changing_over { 2 } else { 1 };
    if versions.len() <= together {
        let version = None;
        return vec![Group {
            process,
            version,
            units,
        }];
    }
    let of = |wanted: Option<i64>| Group {
        process,
        version: wanted,
        units: units
            .iter()
            .copied()
            .filter(|unit| version(unit) == wanted)
            .collect(),
    };
    let newest_first = versions.into_iter().rev().map(Some).chain([None]);
    let groups = newest_first.map(of);
    groups.filter(|group| !group.units.is_empty()).collect()
}

impl Group<'_> {
    pub(super) fn id(&self, app: &str) -> EnvId {
        let version = self.version.map(|version| version.to_string());
        ids::environment(app, self.process, version.as_deref())
    }

    /// The process; the pool for what has none. Versions of one process are told apart by what is
    /// released in them.
    pub(super) fn name(&self, pool: Option<Text>) -> Text {
        match self.process {
            "" => pool.unwrap_or_else(|| Text::clean("units")),
            process => Text::clean(process),
        }
    }

    pub(super) fn versions(&self) -> Vec<i64> {
        let found: BTreeSet<_> = self.units.iter().filter_map(|unit| version(unit)).collect();
        found.into_iter().rev().collect()
    }

    /// Whether an address inside the cluster leads to it. One without a version leads to all.
    pub(super) fn is_reached_at(&self, address: &wire::InternalAddress) -> bool {
        let version = address.version.as_deref().unwrap_or_default();
        let is_own = |own: i64| version.is_empty() || version == own.to_string();
        address.process.as_deref() == Some(self.process) && self.version.is_none_or(is_own)
    }

    /// Whether it gets requests; absent where nobody says.
    pub(super) fn is_routable(&self) -> Option<bool> {
        let mut said = self
            .units
            .iter()
            .filter_map(|unit| *unit.routable)
            .peekable();
        said.peek()?;
        Some(said.any(|is_routable| is_routable))
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::platforms::tsuru::folded;

    #[test]
    fn a_process_stays_one_while_a_deploy_is_rolled_out() {
        let unit = |version: u32| {
            json!({"ID": version.to_string(), "ProcessName": "web",
                                         "Version": version, "Status": "started"})
        };
        let app = |versions: &[u32]| -> wire::App {
            let units: Vec<_> = versions.iter().copied().map(unit).collect();
            folded::from_value(json!({"name": "shop", "units": units})).unwrap()
        };
        let event = |is_cancelable: bool| -> wire::Event {
            folded::from_value(json!({"UniqueID": "e", "Running": true,
                "Target": {"Type": "app", "Value": "shop"}, "Kind": {"Name": "app.deploy"},
                "Cancelable": is_cancelable}))
            .unwrap()
        };
        for (running, versions, expected) in [
            (vec![], &[3, 4][..], vec![Some(4), Some(3)]),
            (vec![event(true)], &[3, 4], vec![Some(4), Some(3)]),
            (vec![event(false)], &[3, 4], vec![None]),
            (
                vec![event(false)],
                &[3, 4, 5],
                vec![Some(5), Some(4), Some(3)],
            ),
            (vec![], &[3], vec![None]),
        ] {
            let (app, around) = (
                app(versions),
                Around {
                    running: &running,
                    ..Around::default()
                },
            );
            let found: Vec<_> = groups(&app, &around).iter().map(|it| it.version).collect();
            assert_eq!(found, expected, "{versions:?}");
        }
    }
}
