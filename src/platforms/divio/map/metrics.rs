//! Metrics: the shape of a series is not documented, so every likely one is read.
//!
//! Source: Divio contract, section 5.4.

use jiff::{SignedDuration, Timestamp};
use serde_json::Value;

use crate::model::{Metric, Point, Series, Text};
use crate::platforms::details::text;
use crate::platforms::divio::wire::{FromField, MetricMetadata, Metrics};

/// Keys under which a time and a value may stand.
const TIMES: [&str; 4] = ["timestamp", "ts", "time", "x"];
const VALUES: [&str; 3] = ["value", "v", "y"];
/// Keys under which a series may stand.
const SERIES: [&str; 4] = ["data", "values", "series", "points"];

/// A time above this is in milliseconds: in seconds it would be the year 5138.
const MILLISECONDS: i64 = 100_000_000_000;

/// The metric that `about` describes.
pub(in crate::platforms::divio) fn metric(about: &MetricMetadata, answer: &Metrics) -> Metric {
    let key = text(&about.identifier).unwrap_or_else(|| Text::clean(&about.uuid));
    let found = answer.series.as_ref().and_then(|all| all.get(key.as_str()));
    let grid = Grid {
        from: *answer.from_ts,
        step: answer
            .interval
            .and_then(|step| SignedDuration::try_from_secs_f64(step).ok()),
    };
    let (series, problem) = match found {
        None | Some(Value::Null) => (Vec::new(), None),
        Some(value) => match several(value, &grid) {
            Some(series) => (series, None),
            None => (
                Vec::new(),
                Some(Text::clean("metrics in an unknown format")),
            ),
        },
    };
    Metric {
        title: text(&about.title).unwrap_or_else(|| key.clone()),
        unit: text(&about.unit).unwrap_or_default(),
        key,
        series,
        problem,
    }
}

/// Where points without a time lie.
struct Grid {
    from: Option<Timestamp>,
    step: Option<SignedDuration>,
}

impl Grid {
    fn at(&self, index: usize) -> Option<Timestamp> {
        let steps = i32::try_from(index).ok()?;
        self.from?.checked_add(self.step?.checked_mul(steps)?).ok()
    }
}

/// One series, or an object of several under their names.
fn several(value: &Value, grid: &Grid) -> Option<Vec<Series>> {
    if let Some(points) = one(value, grid) {
        let label = Text::default();
        return Some(vec![Series { label, points }]);
    }
    let named = value.as_object()?.iter().map(|(name, value)| {
        let points = if value.is_null() {
            Vec::new()
        } else {
            one(value, grid)?
        };
        let label = Text::clean(name);
        Some(Series { label, points })
    });
    named
        .collect::<Option<Vec<_>>>()
        .filter(|series| !series.is_empty())
}

/// An array of points, or an object that holds one.
fn one(value: &Value, grid: &Grid) -> Option<Vec<Point>> {
    match value {
        Value::Array(items) => points(items, grid),
        Value::Object(fields) => {
            let inner = SERIES.iter().find_map(|key| fields.get(*key)?.as_array())?;
            points(inner, grid)
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => None,
    }
}

/// Points, oldest first; a gap (null) is left out. Absent when something else is among them.
fn points(items: &[Value], grid: &Grid) -> Option<Vec<Point>> {
    let points: Option<Vec<_>> = items
        .iter()
        .enumerate()
        .map(|(index, item)| point(item, grid.at(index)))
        .collect();
    let mut points: Vec<Point> = points?.into_iter().flatten().collect();
    points.sort_by_key(|point| point.at);
    Some(points)
}

/// Outer absence: not a point. Inner absence: a gap.
#[expect(clippy::option_option, reason = "a gap is not a misunderstanding")]
fn point(item: &Value, on_grid: Option<Timestamp>) -> Option<Option<Point>> {
    let (at, value) = match item {
        Value::Null => return Some(None),
        Value::Number(_) => (on_grid?, item),
        Value::Array(pair) => match pair.as_slice() {
            [at, value] => (time(at)?, value),
            _ => return None,
        },
        Value::Object(fields) => {
            let at = TIMES.iter().find_map(|key| fields.get(*key))?;
            let value = VALUES.iter().find_map(|key| fields.get(*key))?;
            (time(at)?, value)
        }
        Value::Bool(_) | Value::String(_) => return None,
    };
    if value.is_null() {
        return Some(None);
    }
    let value = f64::from_field(value.clone())?;
    Some(Some(Point { at, value }))
}

/// ISO 8601, or seconds or milliseconds since 1970.
fn time(value: &Value) -> Option<Timestamp> {
    if let Some(whole) = value.as_i64() {
        return match whole.abs() {
            MILLISECONDS.. => Timestamp::from_millisecond(whole).ok(),
            _ => Timestamp::from_second(whole).ok(),
        };
    }
    if let Some(seconds) = value.as_f64() {
        let seconds = SignedDuration::try_from_secs_f64(seconds).ok()?;
        return Timestamp::UNIX_EPOCH.checked_add(seconds).ok();
    }
    Timestamp::from_field(value.clone())
}

#[cfg(test)]
mod tests;
