//! Metrics of the last hour, and the traffic of yesterday.
//!
//! Source: DigitalOcean contract, section 5.4.

use jiff::{SignedDuration, Timestamp};
use serde_json::Value;

use crate::model::{Metric, Point, Series, Text};
use crate::platforms::details::text;
use crate::platforms::digitalocean::wire;
use crate::platforms::loose::FromField;

/// The lines of one range: one for each instance, without gaps and what is no number.
pub(in crate::platforms::digitalocean) fn measured(wire: &wire::Measurements) -> Vec<Series> {
    let lines = wire.result.as_deref().unwrap_or_default().iter();
    let lines = lines.map(|line| {
        let labels = line.metric.as_ref();
        let label = labels.and_then(|labels| {
            text(&labels.app_component_instance).or_else(|| text(&labels.app_component))
        });
        let values = line.values.as_deref().unwrap_or_default();
        let mut points: Vec<Point> = values.iter().filter_map(point).collect();
        points.sort_by_key(|point| point.at);
        Series {
            label: label.unwrap_or_default(),
            points,
        }
    });
    lines.filter(|series| !series.points.is_empty()).collect()
}

/// `[1634052360, "5.016600450090265357"]`.
fn point(value: &Value) -> Option<Point> {
    let [at, value] = value.as_array()?.as_slice() else {
        return None;
    };
    let value = f64::from_field(value.clone())?;
    let seconds = SignedDuration::try_from_secs_f64(at.as_f64()?).ok()?;
    let at = Timestamp::UNIX_EPOCH.checked_add(seconds).ok()?;
    Some(Point { at, value })
}

/// The traffic of a day: of the whole app.
pub(in crate::platforms::digitalocean) fn bandwidth(app: &str, wire: &wire::Bandwidth) -> Metric {
    let usage = wire.app_bandwidth_usage.as_deref().unwrap_or_default();
    let own = usage
        .iter()
        .find(|it| it.app_id.as_deref().is_none_or(|id| id == app));
    let bytes = own.map(|usage| usage.bandwidth_bytes.unwrap_or(0));
    let point = wire.date.zip(bytes).map(|(at, bytes)| Point {
        at,
        value: number(bytes),
    });
    let points: Vec<_> = point.into_iter().collect();
    let label = Text::default();
    let series = (!points.is_empty()).then(|| Series { label, points });
    Metric {
        series: series.into_iter().collect(),
        ..no_bandwidth()
    }
}

/// The same without data.
pub(in crate::platforms::digitalocean) fn no_bandwidth() -> Metric {
    Metric {
        key: Text::clean("bandwidth_daily"),
        title: Text::clean("Traffic of the app, yesterday"),
        unit: Text::clean("bytes"),
        series: Vec::new(),
        problem: None,
    }
}

#[expect(
    clippy::cast_precision_loss,
    reason = "the lowest digits of nine petabytes do not show"
)]
fn number(bytes: u64) -> f64 {
    bytes as f64
}
