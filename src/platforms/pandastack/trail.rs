//! The states of managed apps as they were seen to change: the API has no log of them.
//! Source: PandaStack contract, section 9.

use std::collections::{HashMap, VecDeque};
use std::sync::{Mutex, MutexGuard, PoisonError};

use jiff::Timestamp;
use tokio::time::Instant;

use super::words::State;
use crate::model::{AppId, Text};

/// So many changes of an app are kept.
const MOST_OF_APP: usize = 200;

/// So many of all apps.
const MOST: usize = 2_000;

/// A state, as it was first seen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Change {
    /// When it was seen; absent where the platform does not say what time it is.
    pub(super) at: Option<Timestamp>,
    /// The platform's word.
    pub(super) word: Text,
    /// What it means.
    pub(super) state: State,
    /// The UUID of the deployment that was the latest then.
    pub(super) deployment: Option<Text>,
}

impl Change {
    /// Whether another look saw the same. That a deployment is not named says nothing of which.
    fn is_same(&self, other: &Self) -> bool {
        let named = self.deployment.as_ref().zip(other.deployment.as_ref());
        self.word == other.word && named.is_none_or(|(one, other)| one == other)
    }
}

/// What was seen, oldest first for each app.
#[derive(Default)]
pub(super) struct Trail(Mutex<Inner>);

#[derive(Default)]
struct Inner {
    apps: HashMap<AppId, Path>,
    kept: usize,
}

/// The changes of one app.
#[derive(Default)]
struct Path {
    changes: VecDeque<Change>,
    /// How many were forgotten.
    gone: usize,
    seen_at: Option<Instant>,
}

impl Trail {
    /// An app has this state now. It is noted if it had another before.
    pub(super) fn saw(&self, app: &AppId, change: Change) {
        let mut inner = self.lock();
        let path = inner.apps.entry(app.clone()).or_default();
        path.seen_at = Some(Instant::now());
        if let Some(last) = path.changes.back_mut().filter(|it| it.is_same(&change)) {
            last.deployment = last.deployment.take().or(change.deployment);
            return;
        }
        path.changes.push_back(change);
        if path.changes.len() > MOST_OF_APP {
            path.forget();
            return;
        }
        inner.kept += 1;
        inner.make_room();
    }

    /// What was seen of an app from the change with this number on, and the number of the next one.
    pub(super) fn since(&self, app: &AppId, number: usize) -> (Vec<Change>, usize) {
        let inner = self.lock();
        let Some(path) = inner.apps.get(app) else {
            return (Vec::new(), number);
        };
        let known = path.changes.iter().skip(number.saturating_sub(path.gone));
        (known.cloned().collect(), path.gone + path.changes.len())
    }

    /// The newest change of an app.
    pub(super) fn last(&self, app: &AppId) -> Option<Change> {
        self.lock().apps.get(app)?.changes.back().cloned()
    }

    fn lock(&self) -> MutexGuard<'_, Inner> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Inner {
    /// The app that was not seen for longest loses its oldest change: it may be gone.
    fn make_room(&mut self) {
        while self.kept > MOST {
            let paths = self
                .apps
                .iter_mut()
                .filter(|(_, it)| !it.changes.is_empty());
            let Some((_, path)) = paths.min_by_key(|(_, path)| path.seen_at) else {
                return;
            };
            path.forget();
            self.kept -= 1;
            self.apps.retain(|_, path| !path.changes.is_empty());
        }
    }
}

impl Path {
    fn forget(&mut self) {
        self.changes.pop_front();
        self.gone += 1;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn see(trail: &Trail, app: &str, words: &[&str]) {
        for word in words {
            see_of(trail, app, word, None);
        }
    }

    fn see_of(trail: &Trail, app: &str, word: &str, deployment: Option<&str>) {
        let change = Change {
            at: None,
            word: word.into(),
            state: State::of(word),
            deployment: deployment.map(Text::from),
        };
        trail.saw(&AppId::new(app), change);
    }

    #[test]
    fn the_same_state_of_another_deployment_is_a_change() {
        let trail = Trail::default();
        for deployment in [None, Some("u-1"), None, Some("u-1"), Some("u-2"), None] {
            see_of(&trail, "a", "RUNNING", deployment);
        }
        let (changes, _) = trail.since(&AppId::new("a"), 0);
        let told = changes.iter().map(|it| it.deployment.as_ref().unwrap());
        let told: Vec<_> = told.map(Text::as_str).collect();
        assert_eq!(told, ["u-1", "u-2"]);
    }

    fn seen(trail: &Trail, app: &str, since: usize) -> (Vec<String>, usize) {
        let (changes, next) = trail.since(&AppId::new(app), since);
        let words = changes.iter().map(|it| it.word.to_string());
        (words.collect(), next)
    }

    #[test]
    fn changes_are_noted_and_nothing_else() {
        let trail = Trail::default();
        see(&trail, "a", &["PENDING", "PENDING", "RUNNING", "PENDING"]);
        see(&trail, "b", &["FAILED"]);
        let (words, next) = seen(&trail, "a", 0);
        assert_eq!(words, ["PENDING", "RUNNING", "PENDING"]);
        assert_eq!(seen(&trail, "a", next), (Vec::new(), 3));
        assert_eq!(seen(&trail, "nobody", 0), (Vec::new(), 0));
        let last = trail.last(&AppId::new("b"));
        assert_eq!(last.map(|it| it.state), Some(State::Failed));
    }

    #[test]
    fn what_is_kept_of_an_app_is_bounded_and_its_numbers_stay() {
        let trail = Trail::default();
        for number in 0..MOST_OF_APP + 5 {
            see(&trail, "a", &[&format!("w{number}")]);
        }
        let (words, next) = seen(&trail, "a", 0);
        assert_eq!((words.len(), next), (MOST_OF_APP, MOST_OF_APP + 5));
        assert_eq!(words[0], "w5");
        assert_eq!(seen(&trail, "a", next - 1).0, [format!("w{}", next - 1)]);
    }

    #[tokio::test(start_paused = true)]
    async fn what_is_kept_of_all_is_bounded_and_the_gone_go_first() {
        let trail = Trail::default();
        for app in 0..MOST {
            see(&trail, &format!("a{app}"), &["RUNNING"]);
            tokio::time::advance(std::time::Duration::from_millis(1)).await;
        }
        see(&trail, "a0", &["RUNNING", "FAILED"]);
        assert_eq!(seen(&trail, "a0", 0).0, ["RUNNING", "FAILED"]);
        assert_eq!(seen(&trail, "a1", 0).0, [""; 0]);
        assert_eq!(seen(&trail, "a2", 0).0, ["RUNNING"]);
        assert_eq!(trail.lock().apps.len(), MOST - 1);
    }
}
