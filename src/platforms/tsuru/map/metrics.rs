//! What units use: the platform tells what they do now, and nothing of before.
//!
//! Source: tsuru contract, section 5 (apps).

use std::collections::BTreeMap;

use jiff::Timestamp;

use super::app::Around;
use super::group::groups;
use super::plan::{Limits, limits, plan_of};
use super::quantity::quantity;
use super::unit::is_of_version;
use crate::model::size::Bytes;
use crate::model::{Metric, Point, Series, Text};
use crate::platforms::tsuru::ids::Place;
use crate::platforms::tsuru::wire;

/// What a unit used at a moment.
#[derive(Clone, Debug, PartialEq)]
pub(in crate::platforms::tsuru) struct Reading {
    unit: String,
    /// In processors.
    cpu: Option<f64>,
    /// In bytes.
    memory: Option<f64>,
}

/// What all units of an app used at a moment.
pub(in crate::platforms::tsuru) type Sample = Vec<Reading>;

/// What an app says that its units use.
pub(in crate::platforms::tsuru) fn sample(wire: &wire::App) -> Sample {
    let measured = wire.units_metrics.iter().flatten();
    let readings = measured.map(reading);
    readings
        .filter(|it| it.cpu.is_some() || it.memory.is_some())
        .collect()
}

fn reading(wire: &wire::UnitMetrics) -> Reading {
    Reading {
        unit: wire.id.clone(),
        cpu: wire.cpu.as_deref().and_then(quantity),
        memory: wire.memory.as_deref().and_then(quantity),
    }
}

/// "0.12 CPU, 153 MB".
pub(super) fn reading_words(wire: &wire::UnitMetrics) -> Option<Text> {
    let reading = reading(wire);
    let cpu = reading.cpu.map(|cpu| format!("{cpu:.2} CPU"));
    let memory = reading.memory;
    let memory = memory.map(|bytes| Bytes(whole(bytes)).to_string());
    let words: Vec<_> = cpu.into_iter().chain(memory).collect();
    Text::non_empty(&words.join(", "))
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a quantity is not negative, and no unit has more bytes than a u64 counts"
)]
fn whole(bytes: f64) -> u64 {
    bytes as u64
}

/// Shares of the limits in per cent, on average over the units that are measured: CPU and memory.
pub(super) fn shares(
    units: &[&wire::Unit],
    measured: &[wire::UnitMetrics],
    limits: Limits,
) -> (Option<f32>, Option<f32>) {
    let own = measured
        .iter()
        .filter(|it| units.iter().any(|unit| unit.id == it.id));
    let readings: Vec<_> = own.map(reading).collect();
    let mean = |values: Vec<f64>| {
        let count = u32::try_from(values.len())
            .ok()
            .filter(|count| *count > 0)?;
        Some(values.iter().sum::<f64>() / f64::from(count))
    };
    let cpu = mean(readings.iter().filter_map(|it| it.cpu).collect());
    let memory = mean(readings.iter().filter_map(|it| it.memory).collect());
    let short = |value: Option<f64>| value.map(percent_shown);
    (
        short(
            cpu.zip(limits.cpu)
                .map(|(used, limit)| used * 100_000.0 / number(limit)),
        ),
        short(
            memory
                .zip(limits.memory)
                .map(|(used, limit)| used * 100.0 / number(limit)),
        ),
    )
}

#[expect(
    clippy::cast_possible_truncation,
    reason = "a share in per cent is shown without digits"
)]
fn percent_shown(value: f64) -> f32 {
    value as f32
}

#[expect(
    clippy::cast_precision_loss,
    reason = "the lowest digits of nine petabytes do not show"
)]
fn number(value: u64) -> f64 {
    value as f64
}

/// What is measured: key, title, the word where there is no limit, how to read it and its limit.
struct Measured {
    key: &'static str,
    title: &'static str,
    unit: &'static str,
    read: fn(&Reading) -> Option<f64>,
    /// In what is read.
    limit: fn(Limits) -> Option<f64>,
}

const MEASURED: &[Measured] = &[
    Measured {
        key: "cpu",
        title: "CPU",
        unit: "processors",
        read: |it| it.cpu,
        limit: |limits| limits.cpu.map(|milli| number(milli) / 1000.0),
    },
    Measured {
        key: "memory",
        title: "Memory",
        unit: "bytes",
        read: |it| it.memory,
        limit: |limits| limits.memory.map(number),
    },
];

/// What units used, as far as it was seen: in per cent of their limits, where there are any.
pub(super) fn of_units(
    units: &[&wire::Unit],
    samples: &[(Timestamp, Sample)],
    limits: Limits,
) -> Vec<Metric> {
    MEASURED
        .iter()
        .map(|row| {
            let limit = (row.limit)(limits);
            let series = series(units, samples, |it| {
                let used = (row.read)(it)?;
                Some(limit.map_or(used, |limit| used * 100.0 / limit))
            });
            let problem = series.is_empty().then(|| {
                Text::clean("the server measures no units of it: its cluster may have no metrics")
            });
            Metric {
                key: Text::clean(row.key),
                title: Text::clean(row.title),
                unit: Text::clean(if limit.is_some() { "%" } else { row.unit }),
                series,
                problem,
            }
        })
        .collect()
}

/// A line for each unit that runs now, oldest point first.
fn series(
    units: &[&wire::Unit],
    samples: &[(Timestamp, Sample)],
    value: impl Fn(&Reading) -> Option<f64>,
) -> Vec<Series> {
    let mut lines: BTreeMap<&str, Vec<Point>> = BTreeMap::new();
    for (at, sample) in samples {
        for reading in sample {
            let is_own = units.iter().any(|unit| unit.id == reading.unit);
            if let Some(value) = value(reading).filter(|_| is_own) {
                let point = Point { at: *at, value };
                lines.entry(&reading.unit).or_default().push(point);
            }
        }
    }
    let lines = lines.into_iter();
    lines
        .map(|(unit, points)| Series {
            label: Text::clean(unit),
            points,
        })
        .collect()
}

/// The metrics of a place.
pub(in crate::platforms::tsuru) fn metrics(
    wire: &wire::App,
    around: &Around<'_>,
    of: &Place<'_>,
    samples: &[(Timestamp, Sample)],
) -> Vec<Metric> {
    let groups = groups(wire, around);
    let meant = groups
        .iter()
        .filter(|group| of.process.is_none_or(|process| process == group.process));
    let units: Vec<_> = meant
        .flat_map(|group| group.units.iter().copied())
        .filter(|unit| of.version.is_none_or(|it| is_of_version(unit, it)))
        .collect();
    let plan = plan_of(of.process.unwrap_or_default(), wire, around);
    let limits = plan.map(limits).unwrap_or_default();
    of_units(&units, samples, limits)
}
