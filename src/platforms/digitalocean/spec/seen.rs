//! The specs that were read: to tell somebody else's change from a deployment that only moved the
//! app, and from our own.

use std::collections::{HashMap, VecDeque};
use std::sync::Arc;

use serde::Deserialize;
use serde_json::value::RawValue;

use super::same::same;
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
    updated_at: Option<String>,
    #[serde(borrow)]
    spec: Option<&'a RawValue>,
}

#[derive(Default)]
struct History {
    readings: VecDeque<Reading>,
    /// What each of our own changes made of what.
    ours: VecDeque<(Arc<str>, Arc<str>)>,
    seen_at: u64,
}

struct Reading {
    revision: String,
    spec: Arc<str>,
}

impl Specs {
    /// Remembers a reading. Most are of a spec that is known: it is kept once.
    pub(crate) fn saw(&mut self, app: &str, revision: &str, spec: &str) {
        let history = self.history(app);
        if history.readings.iter().any(|it| it.revision == revision) {
            return;
        }
        let known = history.readings.iter().find(|it| &*it.spec == spec);
        let spec = known.map_or_else(|| Arc::from(spec), |it| it.spec.clone());
        if history.readings.len() == READINGS {
            history.readings.pop_front();
        }
        let revision = revision.to_owned();
        history.readings.push_back(Reading { revision, spec });
    }

    /// Remembers what a change of our own made of what.
    pub(crate) fn wrote(&mut self, app: &str, before: &str, after: &str) {
        let history = self.history(app);
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
    /// An app was read: when it was last changed, in the platform's notation, and its spec as it is
    /// written.
    pub(in crate::platforms::digitalocean) fn saw(&self, app: &str, updated_at: &str, spec: &str) {
        self.lock().specs.saw(app, updated_at, spec);
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
            if let (Some(updated_at), Some(spec)) = (app.updated_at, app.spec) {
                self.saw(&app.id, &updated_at, spec.get());
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
        for number in 0..20 {
            specs.saw("a", &format!("r{number}"), &format!("{{\"n\":{number}}}"));
        }
        assert_eq!(specs.at("a", "r19").as_deref(), Some("{\"n\":19}"));
        assert_eq!(specs.at("a", "r0"), None);
        assert_eq!(specs.at("b", "r19"), None);
        for app in 0..APPS {
            specs.saw(&app.to_string(), "r", "{}");
        }
        assert_eq!(specs.apps.len(), APPS);
        assert_eq!(specs.at("a", "r19"), None);
    }

    #[test]
    fn every_app_of_an_answer_is_remembered() {
        let memory = Memory::default();
        let list = r#"{"apps":[{"id":"a","updated_at":"t1","spec":{"n": 1e400}},{"id":"b"}]}"#;
        memory.saw_all(list.as_bytes());
        memory.saw_all(br#"{"app":{"id":"a","updated_at":"t2","spec":{"n": 2}}}"#);
        memory.saw_all(b"<html>");
        let at = |revision| memory.lock().specs.at("a", revision);
        assert_eq!(at("t1").as_deref(), Some("{\"n\": 1e400}"));
        assert_eq!(at("t2").as_deref(), Some("{\"n\": 2}"));
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
