//! Units.
//!
//! Source: tsuru contract, sections 5 (units and scaling) and 6.

use super::app::Around;
use super::group::{groups, version};
use super::metrics::reading_words;
use super::state::of_unit;
use crate::model::{EnvId, Text, Unit};
use crate::platforms::details::{Details, text};
use crate::platforms::tsuru::ids::Place;
use crate::platforms::tsuru::wire;

/// The units of a place: of an app, a process, or a version of one.
pub(in crate::platforms::tsuru) fn units(
    wire: &wire::App,
    around: &Around<'_>,
    of: &Place<'_>,
) -> Vec<Unit> {
    let meant = groups(wire, around).into_iter();
    let meant = meant.filter(|group| of.process.is_none_or(|process| process == group.process));
    let mut found: Vec<_> = meant
        .flat_map(|group| {
            let environment = group.id(&wire.name);
            let units = group.units.into_iter();
            let meant = units.filter(|unit| of.version.is_none_or(|it| is_of_version(unit, it)));
            meant
                .filter_map(|it| unit(it, &environment, wire))
                .collect::<Vec<_>>()
        })
        .collect();
    found.sort_by(|one, other| one.name.cmp(&other.name));
    found
}

/// Whether a unit is of a version, which is called `3` or `v3`.
pub(in crate::platforms::tsuru) fn is_of_version(unit: &wire::Unit, wanted: &str) -> bool {
    let number = wanted.strip_prefix('v').unwrap_or(wanted);
    version(unit).is_some_and(|version| version.to_string() == number)
}

/// Whether a unit is of a place: of the app, the process, the version.
pub(in crate::platforms::tsuru) fn is_of(unit: &wire::Unit, of: &Place<'_>) -> bool {
    let is_process = of.process.is_none() || unit.process_name.as_deref() == of.process;
    is_process && of.version.is_none_or(|wanted| is_of_version(unit, wanted))
}

fn unit(wire: &wire::Unit, of: &EnvId, app: &wire::App) -> Option<Unit> {
    let id = Text::non_empty(&wire.id)?;
    let version = version(wire);
    let measured = app
        .units_metrics
        .iter()
        .flatten()
        .find(|it| it.id == wire.id);
    Some(Unit {
        name: text(&wire.name).unwrap_or_else(|| id.clone()),
        id,
        environment: Some(of.clone()),
        status: of_unit(wire),
        state: state(wire),
        started_at: *wire.created_at,
        details: Details::default()
            .word("Process", &wire.process_name)
            .text("Version", version.map(|it| Text::clean(&format!("v{it}"))))
            .flag("Gets requests", &wire.routable)
            .flag("Ready", &wire.ready)
            .count("Restarts", *wire.restarts)
            .text("Uses", measured.and_then(reading_words))
            .word("Address", &wire.internal_ip)
            .text("Node", node(wire))
            .done(),
    })
}

/// "error: `CrashLoopBackOff`", "started, not ready".
fn state(wire: &wire::Unit) -> Option<Text> {
    let word = text(&wire.status);
    let is_waiting = wire.status.as_deref() == Some("started") && *wire.ready == Some(false);
    let remark = match text(&wire.status_reason) {
        Some(reason) => format!(": {reason}"),
        None if is_waiting => ", not ready".to_owned(),
        None => String::new(),
    };
    word.map(|word| Text::clean(&format!("{word}{remark}")))
}

/// Where it runs; older servers tell of an address that leads to it.
fn node(wire: &wire::Unit) -> Option<Text> {
    text(&wire.ip).or_else(|| text(&wire.address.as_ref()?.host))
}
