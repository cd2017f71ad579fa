//! The specs that were read: to tell somebody else's change from a deployment that only moved the
//! app, and from our own.

use std::collections::{HashMap, VecDeque};
use std::sync::Arc;

use serde::Deserialize;
use serde_json::value::RawValue;

use super::edit::Edit;
use super::same::same;
use super::{differences, is_about, revision};
use crate::platforms::digitalocean::memory::Memory;

/// Readings kept of one app: what a dialog that was left open for some polls may have seen.
const READINGS: usize = 8;

/// Apps remembered; beyond it the one that was seen longest ago is forgotten.
const APPS: usize = 1_000;

/// The specs that were read, by app.
#[derive(Default)]
pub(crate) struct Specs {
    apps: HashMap<String, History>,
    clock: u64,
}

/// An answer with apps in it.
#[derive(Deserialize)]
struct Answer<'a> {
    #[serde(borrow)]
    app: Option<Seen<'a>>,
    #[serde(borrow)]
    apps: Option<Vec<Seen<'a>>>,
}

#[derive(Deserialize)]
struct Seen<'a> {
    id: String,
    #[serde(borrow)]
    spec: Option<&'a RawValue>,
}

#[derive(Default)]
struct History {
    readings: VecDeque<Reading>,
    /// What each of our own changes made of what.
    ours: VecDeque<(Arc<str>, Arc<str>)>,
    /// What a change of our own was to make of what, whose answer is not there yet.
    asked: Option<(Arc<str>, Arc<str>)>,
    seen_at: u64,
}

struct Reading {
    revision: String,
    spec: Arc<str>,
}

impl Specs {
    /// Remembers a reading. Most are of a spec that is known: it is kept once.
    pub(crate) fn saw(&mut self, app: &str, spec: &str) {
        let history = self.history(app);
        if history.readings.iter().any(|it| &*it.spec == spec) {
            return;
        }
        let revision = revision(spec);
        if history.readings.iter().any(|it| it.revision == revision) {
            return;
        }
        if history.readings.len() == READINGS {
            history.readings.pop_front();
        }
        let spec = Arc::from(spec);
        history.readings.push_back(Reading { revision, spec });
    }

    /// A change of our own is about to be sent.
    pub(crate) fn asks(&mut self, app: &str, before: &str, after: &str) {
        self.history(app).asked = Some((before.into(), after.into()));
    }

    /// The change whose answer was lost was made: remembers it as ours, unless something beside
    /// what it is about is different, too.
    pub(crate) fn found(&mut self, app: &str, now: &str, edits: &[Edit]) {
        let Some((before, asked)) = self.history(app).asked.take() else {
            return;
        };
        if is_about(&differences(&asked, now), edits) {
            self.wrote(app, &before, now);
        }
    }

    /// Remembers what a change of our own made of what.
    pub(crate) fn wrote(&mut self, app: &str, before: &str, after: &str) {
        let history = self.history(app);
        history.asked = None;
        if history.ours.len() == READINGS {
            history.ours.pop_front();
        }
        history.ours.push_back((before.into(), after.into()));
    }

    /// The spec of a revision, where that was read.
    pub(crate) fn at(&self, app: &str, revision: &str) -> Option<Arc<str>> {
        let readings = &self.apps.get(app)?.readings;
        let found = readings.iter().find(|it| it.revision == revision)?;
        Some(found.spec.clone())
    }

    /// Whether nothing but our own changes leads from one spec to the other.
    pub(crate) fn is_ours(&self, app: &str, from: &str, to: &str) -> bool {
        if same(from, to) {
            return true;
        }
        let ours = self.apps.get(app).map(|history| &history.ours);
        let mut from: Arc<str> = from.into();
        for (before, after) in ours.into_iter().flatten() {
            if same(&from, before) {
                from = after.clone();
            }
            if same(&from, to) {
                return true;
            }
        }
        false
    }

    fn history(&mut self, app: &str) -> &mut History {
        if self.apps.len() >= APPS && !self.apps.contains_key(app) {
            self.forget_oldest();
        }
        self.clock += 1;
        let history = self.apps.entry(app.to_owned()).or_default();
        history.seen_at = self.clock;
        history
    }

    fn forget_oldest(&mut self) {
        let oldest = self.apps.iter().min_by_key(|(_, history)| history.seen_at);
        if let Some(oldest) = oldest.map(|(app, _)| app.clone()) {
            self.apps.remove(&oldest);
        }
    }
}

impl Memory {
    /// An app was read: its spec as it is written.
    pub(in crate::platforms::digitalocean) fn saw(&self, app: &str, spec: &str) {
        self.lock().specs.saw(app, spec);
    }

    /// Apps were read, one or a list: what cannot be read is somebody else's to complain about.
    pub(in crate::platforms::digitalocean) fn saw_all(&self, body: &[u8]) {
        let Ok(answer) = serde_json::from_slice::<Answer<'_>>(body) else {
            return;
        };
        for app in answer
            .app
            .into_iter()
            .chain(answer.apps.into_iter().flatten())
        {
            if let Some(spec) = app.spec {
                self.saw(&app.id, spec.get());
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reading_is_found_by_its_revision_and_bounded() {
        let mut specs = Specs::default();
        let spec = |number| format!("{{\"n\":{number}}}");
        for number in 0..20 {
            specs.saw("a", &spec(number));
            specs.saw("a", &format!(" {}", spec(number)));
        }
        let (first, last) = (revision(&spec(0)), revision(&spec(19)));
        assert_eq!(specs.at("a", &last).as_deref(), Some("{\"n\":19}"));
        assert_eq!(specs.at("a", &first), None);
        assert_eq!(specs.at("b", &last), None);
        for app in 0..APPS {
            specs.saw(&app.to_string(), "{}");
        }
        assert_eq!(specs.apps.len(), APPS);
        assert_eq!(specs.at("a", &last), None);
    }

    #[test]
    fn every_app_of_an_answer_is_remembered() {
        let memory = Memory::default();
        let list = r#"{"apps":[{"id":"a","updated_at":1,"spec":{"n": 1e400}},{"id":"b"}]}"#;
        memory.saw_all(list.as_bytes());
        memory.saw_all(br#"{"app":{"id":"a","spec":{"n": 2}}}"#);
        memory.saw_all(b"<html>");
        for spec in ["{\"n\": 1e400}", "{\"n\": 2}"] {
            let known = memory.lock().specs.at("a", &revision(spec));
            assert_eq!(known.as_deref(), Some(spec));
        }
    }

    #[test]
    fn what_is_found_to_be_made_is_ours_unless_something_else_is_new() {
        let spec = |units: u32, more: &str| {
            format!(r#"{{"services":[{{"name":"web","instance_count":{units}}}]{more}}}"#)
        };
        let edits = [Edit::Count {
            component: "web".to_owned(),
            units: 3,
        }];
        let (before, asked) = (spec(1, ""), spec(3, ""));
        for (now, is_ours) in [
            (spec(3, ""), true),
            (spec(3, r#","envs":[{"key":"A"}]"#), false),
        ] {
            let mut specs = Specs::default();
            specs.found("a", &now, &edits);
            assert!(!specs.is_ours("a", &before, &now), "nothing was asked");
            specs.asks("a", &before, &asked);
            specs.found("a", &now, &edits);
            assert_eq!(specs.is_ours("a", &before, &now), is_ours, "{now}");
        }
    }

    #[test]
    fn our_own_changes_lead_on_and_nobody_elses() {
        let mut specs = Specs::default();
        specs.wrote("a", "{\"n\":1}", "{\"n\":2}");
        specs.wrote("a", "{\"n\":2}", "{\"n\":3}");
        for (from, to, ours) in [
            ("{\"n\":1}", "{ \"n\": 1 }", true),
            ("{\"n\":1}", "{\"n\":2}", true),
            ("{\"n\":1}", "{\"n\":3}", true),
            ("{\"n\":2}", "{\"n\":3}", true),
            ("{\"n\":3}", "{\"n\":2}", false),
            ("{\"n\":1}", "{\"n\":4}", false),
        ] {
            assert_eq!(specs.is_ours("a", from, to), ours, "{from} {to}");
        }
        assert!(!specs.is_ours("b", "{\"n\":1}", "{\"n\":2}"));
    }
}
