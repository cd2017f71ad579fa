//! What actions of our own print, for whoever follows the deploy that they are.
//!
//! The platform shows the log of a running event nowhere, but in the answer to the call that made it.
//! So that is kept: a bounded part of each, of all that run and the last few that ended.
//! Source: tsuru contract, section 5 (events).

mod kept;
#[cfg(test)]
mod tests;

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use jiff::Timestamp;
use tokio::sync::watch;

use self::kept::Kept;
use super::stream::Verdict;
use crate::model::LogLine;

/// So many that have ended are kept.
const MOST_ENDED: usize = 8;

/// What an action is about, so that its output is found by who follows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Subject {
    /// The app; absent where it is about none (a job, a service).
    pub(super) app: Option<String>,
    /// The kind of event that it makes: `app.deploy`.
    pub(super) kind: &'static str,
}

/// The output of the actions under way.
#[derive(Default)]
pub(super) struct Live {
    entries: Mutex<VecDeque<Arc<Entry>>>,
}

/// One action.
struct Entry {
    subject: Subject,
    state: Mutex<State>,
    bell: watch::Sender<()>,
}

#[derive(Default)]
struct State {
    /// It was let in: its event exists.
    is_open: bool,
    event: Option<String>,
    kept: Kept,
    end: Option<Over>,
}

/// How the output of an action ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Over {
    /// With the action: all of it came.
    Complete,
    /// Before it, perhaps.
    Lost,
}

/// What comes of following.
#[derive(Debug, PartialEq)]
pub(super) enum Came {
    /// Lines, and how many before them were not kept.
    Lines { lines: Vec<LogLine>, gone: u64 },
    /// No more will come.
    Over(Over),
}

/// Fills an entry. Dropped before its end, it has lost the rest.
pub(super) struct Writer(Arc<Entry>);

/// Follows an entry.
pub(super) struct Reader {
    entry: Arc<Entry>,
    /// How many lines were handed over, or are gone.
    at: u64,
    bell: watch::Receiver<()>,
}

impl Live {
    /// An action begins.
    pub(super) fn begin(&self, subject: Subject) -> Writer {
        let entry = Arc::new(Entry {
            subject,
            state: Mutex::default(),
            bell: watch::Sender::new(()),
        });
        let mut entries = lock(&self.entries);
        let mut ended = entries.iter().filter(|it| it.state().end.is_some()).count();
        entries.retain(|it| {
            let goes = ended >= MOST_ENDED && it.state().end.is_some();
            ended -= usize::from(goes);
            !goes
        });
        entries.push_back(Arc::clone(&entry));
        Writer(entry)
    }

    /// The output of the action that an event is, where that is known.
    pub(super) fn of_event(&self, event: &str) -> Option<Reader> {
        let entries = lock(&self.entries);
        let mut ours = entries.iter().rev();
        let ours = ours.find(|it| it.state().event.as_deref() == Some(event))?;
        Some(Reader::new(Arc::clone(ours)))
    }

    /// The output of the action that a running event must be: the platform runs one such event of an
    /// app at a time, and we run this one. From now on it is known by the event.
    pub(super) fn of_running(&self, app: &str, kind: &str, event: &str) -> Option<Reader> {
        let entries = lock(&self.entries);
        let ours = entries.iter().rev().find(|it| {
            let state = it.state();
            let runs = state.is_open && state.end.is_none() && state.event.is_none();
            runs && it.subject.app.as_deref() == Some(app) && are_alike(it.subject.kind, kind)
        })?;
        ours.state().event = Some(event.to_owned());
        Some(Reader::new(Arc::clone(ours)))
    }
}

/// A kind of event, or one that is below it.
fn are_alike(one: &str, other: &str) -> bool {
    let below = |long: &str, short: &str| {
        let rest = long.strip_prefix(short);
        rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
    };
    below(one, other) || below(other, one)
}

impl Writer {
    /// The server has let it in, and may have named its event.
    pub(super) fn opened(&self, event: Option<String>) {
        let mut state = self.0.state();
        (state.is_open, state.event) = (true, event);
    }

    pub(super) fn push(&self, lines: impl IntoIterator<Item = LogLine>) {
        self.0.state().kept.extend(lines);
        self.0.bell.send_replace(());
    }

    /// It has ended.
    pub(super) fn end(&self, verdict: &Verdict) {
        let over = if verdict.is_known() {
            Over::Complete
        } else {
            Over::Lost
        };
        self.0.end(over);
    }
}

impl Drop for Writer {
    fn drop(&mut self) {
        self.0.end(Over::Lost);
    }
}

impl Entry {
    fn state(&self) -> MutexGuard<'_, State> {
        lock(&self.state)
    }

    /// It ends once.
    fn end(&self, over: Over) {
        self.state().end.get_or_insert(over);
        self.bell.send_replace(());
    }
}

impl Reader {
    fn new(entry: Arc<Entry>) -> Self {
        let bell = entry.bell.subscribe();
        Self { entry, at: 0, bell }
    }

    /// What comes next. Cancel-safe.
    pub(super) async fn next(&mut self) -> Came {
        loop {
            self.bell.mark_unchanged();
            if let Some(came) = self.now() {
                return came;
            }
            if self.bell.changed().await.is_err() {
                return Came::Over(Over::Lost);
            }
        }
    }

    /// What is there.
    pub(super) fn now(&mut self) -> Option<Came> {
        let state = self.entry.state();
        let (gone, lines) = state.kept.from(self.at);
        if lines.is_empty() && gone == 0 {
            return state.end.map(Came::Over);
        }
        self.at += gone + lines.len() as u64;
        Some(Came::Lines { lines, gone })
    }

    /// The app that it is about.
    pub(super) fn app(&self) -> Option<&str> {
        self.entry.subject.app.as_deref()
    }

    /// When its newest line was printed.
    pub(super) fn newest(&self) -> Option<Timestamp> {
        self.entry.state().kept.newest()
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
