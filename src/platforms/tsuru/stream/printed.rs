//! What an action prints: fragments, and among them records of a container engine's progress.
//!
//! Source: tsuru contract, section 3; what a log keeps of an action is made of the same fragments.

use jiff::Timestamp;
use serde::Deserialize;

use super::lines::{Line, Lines};

/// So many layers of images are known to have had their last word.
const MOST_LAYERS: usize = 256;

/// A record of progress. Its other fields change many times a second.
#[derive(Debug, Default, Deserialize, PartialEq)]
#[serde(default)]
struct Progress {
    status: Option<String>,
    id: Option<String>,
    stream: Option<String>,
    error: Option<String>,
}

/// Keys that make an object such a record. An app may print objects of its own.
const KEYS: [&str; 7] = [
    "status",
    "id",
    "stream",
    "error",
    "progress",
    "progressDetail",
    "aux",
];

/// What was printed so far.
#[derive(Debug, Default)]
pub(in crate::platforms::tsuru) struct Printed {
    lines: Lines,
    /// What was shown last of each layer.
    layers: Vec<(String, String)>,
}

impl Printed {
    /// Takes a fragment, and gives the lines that are whole now.
    pub(in crate::platforms::tsuru) fn push(
        &mut self,
        at: Option<Timestamp>,
        fragment: &str,
    ) -> Vec<Line> {
        let Some(records) = progress(fragment) else {
            return self.lines.push(at, fragment.as_bytes());
        };
        let mut lines = Vec::new();
        for record in records {
            if let Some(text) = record.stream.as_deref().or(record.error.as_deref()) {
                lines.extend(self.lines.push(at, text.as_bytes()));
            } else if let Some(text) = self.news(record) {
                lines.extend(self.lines.finish());
                lines.push(Line { at, text });
            }
        }
        lines
    }

    /// What is left when nothing more will come.
    pub(in crate::platforms::tsuru) fn finish(&mut self) -> Option<Line> {
        self.lines.finish()
    }

    /// What a record says, if it says something else of its layer than the one before.
    fn news(&mut self, record: Progress) -> Option<String> {
        let (layer, status) = (record.id.unwrap_or_default(), record.status?);
        let known = self.layers.iter().position(|(known, _)| *known == layer);
        let before = known.map(|at| self.layers.remove(at).1);
        let text = match layer.as_str() {
            "" => status.clone(),
            layer => format!("{layer}: {status}"),
        };
        let is_news = before.as_ref() != Some(&status);
        if self.layers.len() == MOST_LAYERS {
            self.layers.remove(0);
        }
        self.layers.push((layer, status));
        is_news.then_some(text)
    }
}

/// The records that a fragment is made of; absent if it is anything else.
fn progress(fragment: &str) -> Option<Vec<Progress>> {
    let fragment = fragment.trim();
    if !fragment.starts_with('{') || !fragment.ends_with('}') {
        return None;
    }
    let objects = serde_json::Deserializer::from_str(fragment);
    let objects = objects.into_iter::<serde_json::Map<String, serde_json::Value>>();
    let records = objects.map(|object| {
        let object = object.ok()?;
        let is_ours = object.keys().all(|key| is_known(key));
        let record = is_ours.then(|| Progress::deserialize(serde_json::Value::from(object)));
        record?.ok()
    });
    records.collect()
}

/// `errorDetail` repeats the error.
fn is_known(key: &str) -> bool {
    key == "errorDetail" || KEYS.contains(&key)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(fragments: &[&str], expected: &[&str]) {
        let mut printed = Printed::default();
        let mut lines = Vec::new();
        for fragment in fragments {
            lines.extend(printed.push(None, fragment));
        }
        lines.extend(printed.finish());
        let lines: Vec<_> = lines.into_iter().map(|line| line.text).collect();
        assert_eq!(lines, expected);
    }

    #[test]
    fn fragments_are_joined_before_they_are_split() {
        check(&["a\nb\n", "c", " d\n"], &["a", "b", "c d"]);
        check(&["x", "", "\n\ny"], &["x", "", "y"]);
    }

    #[test]
    fn progress_is_shown_by_its_status() {
        check(
            &[
                "pulling",
                "{\"status\":\"Waiting\",\"id\":\"a1\"}\r\n",
                r#"{"status":"Pull","progressDetail":{"current":1},"progress":"[>]","id":"a1"}"#,
                r#"{"status":"Pull","progressDetail":{"current":2},"progress":"[=]","id":"a1"}"#,
                "{\"status\":\"Pull\",\"id\":\"b2\"}\n{\"status\":\"Done\"}\n",
                r#"{"progress":"x"}"#,
                r#"{"stream":"Step 1/2\n"}"#,
                "end",
            ],
            &[
                "pulling",
                "a1: Waiting",
                "a1: Pull",
                "b2: Pull",
                "Done",
                "Step 1/2",
                "end",
            ],
        );
    }

    #[test]
    fn objects_that_an_app_prints_are_shown_as_they_are() {
        for own in [
            r#"{"level":"info","status":"ok"}"#,
            "{not json}",
            "{}x",
            "{",
        ] {
            check(&[own], &[own]);
        }
        check(&[r#"{"status":3}"#], &[r#"{"status":3}"#]);
    }

    #[test]
    fn layers_do_not_fill_the_memory() {
        let mut printed = Printed::default();
        for layer in 0..10 * MOST_LAYERS {
            let record = format!(r#"{{"status":"Pull","id":"{layer}"}}"#);
            assert_eq!(printed.push(None, &record).len(), 1);
        }
        assert_eq!(printed.layers.len(), MOST_LAYERS);
    }
}
