//! One record of a log. Source: tsuru contract, section 5 (Logs).

use std::ops::Range;

use serde::Serialize;

use super::{pod::Pod, wire};
use crate::sim::{
    clock::Moment,
    flood::{Flood, Stamps},
};

/// Source and unit of what tsuru itself has to say.
pub(super) const OWN: (&str, &str) = ("tsuru", "api");
/// Source and unit of notices about pods.
pub(super) const NOTICE: (&str, &str) = ("kubernetes", "apiserver");

/// One record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Record {
    pub(super) at: Moment,
    pub(super) message: String,
    pub(super) source: String,
    /// The app, or the job.
    pub(super) name: String,
    /// `app`, `job`, or nothing.
    pub(super) sort: &'static str,
    pub(super) unit: String,
}

#[derive(Serialize)]
struct Wire<'a> {
    #[serde(rename = "Date")]
    date: String,
    #[serde(rename = "Message")]
    message: &'a str,
    #[serde(rename = "Source")]
    source: &'a str,
    #[serde(rename = "Name")]
    name: &'a str,
    #[serde(rename = "Type")]
    sort: &'a str,
    #[serde(rename = "Unit")]
    unit: &'a str,
}

impl Record {
    /// A record that no program has written: where it comes from, and what it says.
    pub(super) fn of(
        at: Moment,
        (source, unit): (&str, &str),
        name: &str,
        message: String,
    ) -> Record {
        Record {
            at,
            message,
            source: source.to_owned(),
            name: name.to_owned(),
            sort: "",
            unit: unit.to_owned(),
        }
    }
}

/// Records as they are sent: one array in one line, times moved by the clock skew of the answer.
pub(super) fn array(records: &[Record], skewed: impl Fn(Moment) -> Moment) -> String {
    let wire = |record| Wire::of(record, &skewed);
    wire::line(&records.iter().map(wire).collect::<Vec<_>>())
}

/// Lines of a flood as they are sent: arrays of many records each.
pub(super) fn flooded(
    pod: &Pod,
    flood: &Flood,
    lines: Range<u64>,
    skewed: impl Fn(Moment) -> Moment,
) -> Vec<String> {
    const AT_ONCE: usize = 250;
    let quoted = |text: &str| serde_json::to_string(text).unwrap_or_default();
    let (source, name) = (quoted(&pod.source), quoted(&pod.owner));
    let (sort, unit) = (quoted(pod.sort()), quoted(&pod.unit));
    let end = format!("\",\"Source\":{source},\"Name\":{name},\"Type\":{sort},\"Unit\":{unit}}}");
    let mut stamps = Stamps::default();
    let starts = lines.clone().step_by(AT_ONCE);
    let piece = |start: u64| {
        let mut text = String::with_capacity(AT_ONCE * 300);
        for line in (start..lines.end).take(AT_ONCE) {
            text.push_str(if line == start { "[{" } else { ",{" });
            text.push_str("\"Date\":\"");
            stamps.write(skewed(flood.at(line)), &mut text);
            text.truncate(text.trim_end_matches('0').trim_end_matches('.').len());
            text.push_str("Z\",\"Message\":\"");
            flood.write_escaped(line, &mut text);
            text.push_str(&end);
        }
        text.push_str("]\n");
        text
    };
    starts.map(piece).collect()
}

impl<'a> Wire<'a> {
    fn of(record: &'a Record, skewed: &impl Fn(Moment) -> Moment) -> Wire<'a> {
        Wire {
            date: wire::stamp(skewed(record.at)),
            message: &record.message,
            source: &record.source,
            name: &record.name,
            sort: record.sort,
            unit: &record.unit,
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::Value;

    use super::*;

    #[test]
    fn records_are_one_array_in_one_line() {
        assert_eq!(array(&[], |at| at), "[]\n");
        let record = Record::of(Moment(1_000_000), OWN, "shop", "a\u{1b}[1mb\n".to_owned());
        let line = array(&[record.clone(), record], |at| at.plus(60.0));
        assert_eq!(line.matches('\n').count(), 1);
        let read: Value = serde_json::from_str(&line).unwrap();
        assert_eq!(read[1]["Message"], "a\u{1b}[1mb\n");
        assert_eq!(read[0]["Source"], "tsuru");
        assert_eq!(read[0]["Type"], "");
        assert!(
            read[0]["Date"]
                .as_str()
                .unwrap()
                .starts_with("1970-01-01T00:01:01")
        );
    }
}
