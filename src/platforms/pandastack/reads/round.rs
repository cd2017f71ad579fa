//! The list of a round: several questions have one answer.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use super::fleet::Fleet;
use crate::model::{AppId, Text};
use crate::platforms::pandastack::map::Managed;
use crate::platforms::rounds::{Rounds, Slot};

/// Of so many apps all is noted when they are first seen; of more only what changes, and what
/// somebody looks at.
const FEW: usize = 200;

/// What was seen of an app: its word and its deployment.
type Seen = (Option<Text>, Option<Text>);

/// The list of this round, and what the one before it said.
#[derive(Default)]
pub(in crate::platforms::pandastack) struct Round {
    pub(super) asked: Slot<Arc<Fleet>>,
    pub(in crate::platforms::pandastack) rounds: Rounds,
    before: Mutex<Option<HashMap<AppId, Managed>>>,
}

impl Round {
    /// Whether the newest list names this as the latest deployment of an app.
    pub(super) fn is_latest(&self, app: &AppId, uuid: &str) -> bool {
        let before = self.before.lock().unwrap_or_else(PoisonError::into_inner);
        let latest = before
            .as_ref()
            .and_then(|all| all.get(app)?.record.deployment());
        latest.is_some_and(|latest| latest.as_str() == uuid)
    }

    /// What of a new list is to be noted, oldest first: what changed, with what it was before.
    pub(super) fn changes(&self, fleet: &Fleet) -> Vec<Managed> {
        let mut before = self.before.lock().unwrap_or_else(PoisonError::into_inner);
        let all = || fleet.managed.values();
        let changed = match before.as_ref() {
            None if fleet.managed.len() <= FEW => all().cloned().collect(),
            None => Vec::new(),
            Some(before) => all()
                .filter(|now| before.get(&now.id).is_none_or(|it| seen(it) != seen(now)))
                .flat_map(|now| before.get(&now.id).into_iter().chain([now]).cloned())
                .collect(),
        };
        let now = all().map(|managed| (managed.id.clone(), managed.clone()));
        *before = Some(now.collect());
        changed
    }
}

fn seen(managed: &Managed) -> Seen {
    (managed.word.clone(), managed.record.deployment())
}
