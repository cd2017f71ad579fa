//! What earlier answers said, where a later question is about the same. Everything is bounded, and
//! ends with the program.

use std::collections::HashMap;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::Mutex as Turn;
use tokio::time::Instant;

use super::projects::Walk;
use super::wire::{Organisation, Project};
use crate::platforms::rounds::{Asked, Rounds, Slot};

/// The first wait after "too many requests", where the platform names none, and the longest.
///
/// Source: Pangea contract, section 5.
const FIRST_WAIT: Duration = Duration::from_secs(5);
const LONGEST_WAIT: Duration = Duration::from_mins(2);

/// For so long a read that failed may be repeated as such.
const REPEATED_WITHIN: Duration = Duration::from_mins(1);

/// So many failed reads, changes and followed requests are remembered.
const MOST: usize = 64;

/// Grows while the platform is asked.
#[derive(Default)]
pub(super) struct Memory {
    pub(super) rounds: Rounds,
    /// The projects; whoever holds them asks, the others wait.
    pub(super) projects: Turn<Option<Walk>>,
    /// The account and its organisation are one question.
    organisation: Slot<Arc<Organisation>>,
    changes: Mutex<Changes>,
    repeated: Mutex<HashMap<String, Failed>>,
    looks: Mutex<HashMap<String, Looks>>,
    /// "Too many requests", one after the other.
    throttled: AtomicU32,
}

/// Failed attempts at a read.
struct Failed {
    at: Instant,
    ids: Vec<String>,
}

/// How often a request that is answered later was looked at.
#[derive(Clone, Copy)]
pub(super) struct Looks {
    /// When that began.
    pub(super) since: Instant,
    pub(super) count: u32,
}

/// What is being done to projects and not known to be done.
#[derive(Clone, Debug, Default)]
pub(super) struct Changes(Vec<Change>);

/// One of them.
#[derive(Clone, Debug)]
pub(super) struct Change {
    /// The request that is answered later.
    pub(super) request: String,
    pub(super) subject: Subject,
    pub(super) until: Instant,
}

/// What it is about.
#[derive(Clone, Debug)]
pub(super) enum Subject {
    /// A project that will have this name, and is none of those that have it already.
    Created {
        name: String,
        others: Vec<String>,
    },
    /// The project of that id.
    Renamed(String),
    Deleted(String),
}

impl Changes {
    /// What is being done to a project.
    pub(super) fn of(&self, project: &Project) -> Option<&'static str> {
        self.0
            .iter()
            .rev()
            .find_map(|change| match &change.subject {
                Subject::Created { name, others } => {
                    let is_it =
                        project.name.as_ref() == Some(name) && !others.contains(&project.id);
                    is_it.then_some("being created")
                }
                Subject::Renamed(id) => (*id == project.id).then_some("being renamed"),
                Subject::Deleted(id) => (*id == project.id).then_some("being deleted"),
            })
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Memory {
    /// The organisation, by `ask` if it was not asked for just now.
    pub(super) async fn organisation<E>(
        &self,
        ask: impl Future<Output = Result<Organisation, E>>,
    ) -> Result<Arc<Organisation>, E> {
        let mut asked = self.organisation.lock().await;
        if let Some(organisation) = self.rounds.of_round(asked.as_ref()) {
            return Ok(organisation);
        }
        let now = self.rounds.now();
        let organisation = Arc::new(ask.await?);
        *asked = Some(Asked::new(now, organisation.clone()));
        Ok(organisation)
    }

    /// Something is being done.
    pub(super) fn begin(&self, change: Change) {
        let mut changes = lock(&self.changes);
        if changes.0.len() >= MOST {
            changes.0.remove(0);
        }
        changes.0.push(change);
    }

    /// It is over.
    pub(super) fn end(&self, request: &str) {
        lock(&self.changes).0.retain(|it| it.request != request);
        lock(&self.looks).remove(request);
        self.rounds.forget();
    }

    /// What is being done now.
    pub(super) fn changes(&self) -> Changes {
        let mut changes = lock(&self.changes);
        let now = Instant::now();
        changes.0.retain(|change| now < change.until);
        changes.clone()
    }

    /// A request that is answered later is looked at once more.
    pub(super) fn look(&self, request: &str) -> Looks {
        let mut all = lock(&self.looks);
        if all.len() >= MOST && !all.contains_key(request) {
            let oldest = all.iter().min_by_key(|(_, looks)| looks.since);
            let oldest = oldest.map(|(request, _)| request.clone());
            oldest.map(|request| all.remove(&request));
        }
        let looks = all.entry(request.to_owned()).or_insert_with(|| Looks {
            since: Instant::now(),
            count: 0,
        });
        let before = *looks;
        looks.count = looks.count.saturating_add(1);
        before
    }

    /// The requests in which a read has failed so far.
    pub(super) fn failed_before(&self, read: &str) -> Option<String> {
        let all = lock(&self.repeated);
        let failed = all.get(read)?;
        (failed.at.elapsed() < REPEATED_WITHIN).then(|| failed.ids.join(","))
    }

    /// A read failed in a request of that id.
    pub(super) fn note_failed(&self, read: &str, id: &str) {
        /// As often as a read is repeated, and a little more.
        const IDS: usize = 4;
        let mut all = lock(&self.repeated);
        all.retain(|_, failed| failed.at.elapsed() < REPEATED_WITHIN);
        if all.len() >= MOST {
            all.clear();
        }
        let failed = all.entry(read.to_owned()).or_insert_with(|| Failed {
            at: Instant::now(),
            ids: Vec::new(),
        });
        failed.at = Instant::now();
        failed.ids.push(id.to_owned());
        let excess = failed.ids.len().saturating_sub(IDS);
        failed.ids.drain(..excess);
    }

    /// It was answered.
    pub(super) fn note_answered(&self, read: &str) {
        lock(&self.repeated).remove(read);
    }

    /// How long to wait after one more "too many requests".
    pub(super) fn back_off(&self) -> Duration {
        let before = self.throttled.fetch_add(1, Ordering::Relaxed);
        let grown = FIRST_WAIT.saturating_mul(1 << before.min(8));
        grown.min(LONGEST_WAIT)
    }

    /// The platform takes requests again.
    pub(super) fn note_taken(&self) {
        self.throttled.store(0, Ordering::Relaxed);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn project(id: &str, name: &str) -> Project {
        serde_json::from_value(serde_json::json!({"id": id, "name": name})).unwrap()
    }

    #[tokio::test(start_paused = true)]
    async fn what_is_being_done_is_known_until_it_is_over_or_too_old() {
        let memory = Memory::default();
        let begin = |request: &str, subject| {
            memory.begin(Change {
                request: request.to_owned(),
                subject,
                until: Instant::now() + Duration::from_mins(1),
            });
        };
        let others = vec!["ppi_a".to_owned()];
        let name = "shop".to_owned();
        begin("r1", Subject::Created { name, others });
        begin("r2", Subject::Deleted("ppi_c".to_owned()));
        let of = |id, name| memory.changes().of(&project(id, name));
        assert_eq!(of("ppi_a", "shop"), None);
        assert_eq!(of("ppi_b", "shop"), Some("being created"));
        assert_eq!(of("ppi_c", "x"), Some("being deleted"));
        memory.end("r2");
        assert_eq!(of("ppi_c", "x"), None);
        tokio::time::advance(Duration::from_mins(1)).await;
        assert_eq!(of("ppi_b", "shop"), None);
    }

    #[tokio::test(start_paused = true)]
    async fn a_repeated_read_names_what_failed_before_for_a_while() {
        let memory = Memory::default();
        assert_eq!(memory.failed_before("a"), None);
        for id in ["1", "2"] {
            memory.note_failed("a", id);
        }
        assert_eq!(memory.failed_before("a").as_deref(), Some("1,2"));
        assert_eq!(memory.failed_before("b"), None);
        tokio::time::advance(REPEATED_WITHIN).await;
        assert_eq!(memory.failed_before("a"), None);
        memory.note_failed("a", "3");
        memory.note_answered("a");
        assert_eq!(memory.failed_before("a"), None);
    }

    #[test]
    fn a_platform_that_has_too_much_is_left_alone_for_longer_and_longer() {
        let memory = Memory::default();
        let waits: Vec<_> = (0..7).map(|_| memory.back_off().as_secs()).collect();
        assert_eq!(waits, [5, 10, 20, 40, 80, 120, 120]);
        memory.note_taken();
        assert_eq!(memory.back_off().as_secs(), 5);
    }
}
