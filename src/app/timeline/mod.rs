//! What happened, everywhere, as one list: what flightdeck saw, what it did, deployments, and the
//! platforms' own trails.
//!
//! The same event from two sources is one row only where its identity is certain: the id of what an
//! operation follows, of a deployment, of an entry of a trail. Texts are never compared.

mod sources;

pub use sources::{past_words, phase_word, stage_words};

use std::cmp::Reverse;
use std::collections::HashMap;
use std::collections::hash_map::Entry;

use jiff::Timestamp;

use super::filter::{Filter, Subject};
use super::state::State;
use crate::model::{
    ActivityId, AppId, Class, ContextId, DeploymentId, Follow, OperationTicket, Scoped, Status,
    Text,
};

/// How many rows there are at most: nobody reads further, and older ones are a page away on the
/// platform.
pub const MOST: usize = 2_000;

/// Which event a row is: stays the same while it changes.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum EventId {
    /// Seen by reading, by its number.
    Seen(u64),
    /// An operation of this run.
    Own(OperationTicket),
    /// An operation of an earlier run.
    Past(Text),
    /// A deployment.
    Deployment(Scoped<DeploymentId>),
    /// An entry of a platform's trail.
    Trail(Scoped<ActivityId>),
}

/// Who did it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Who {
    /// Asked for here.
    You,
    /// Seen by reading.
    Observed,
    /// Somebody, by the name that the source has.
    Named(Text),
    /// The platform, by the name of its kind.
    Platform(&'static str),
}

impl Who {
    /// The word for it.
    #[must_use]
    pub fn word(&self) -> &str {
        match self {
            Self::You => "you",
            Self::Observed => "observed",
            Self::Named(name) => name.as_str(),
            Self::Platform(title) => title,
        }
    }
}

/// What happened, once.
#[derive(Clone, Debug, PartialEq)]
pub struct Event {
    /// Which.
    pub id: EventId,
    /// When: its end, while it runs its beginning.
    pub at: Timestamp,
    /// How things stood then; gives glyph and colour.
    pub status: Status,
    /// The same in a word of at most eight columns or so.
    pub word: Text,
    /// Name of the context.
    pub context: Text,
    /// The app, where there is one that may still exist.
    pub app: Option<Scoped<AppId>>,
    /// `app/environment`, in names.
    pub place: Text,
    /// How much it matters.
    pub class: Option<Class>,
    /// Who did it.
    pub who: Who,
    /// What happened.
    pub what: Text,
    /// What can be cancelled of it, where the platform began it by itself and it goes on.
    pub cancels: Option<ActivityId>,
    /// Whether its end is not known here, so that a source that knows it is believed.
    pub is_open: bool,
    /// What is said of it in the row of another source; empty for what that says itself.
    brief: Text,
    /// What it is on the platform, where that is certain.
    same: Option<Same>,
}

/// What two sources call the same.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
enum Same {
    Followed(ContextId, Follow),
    Trail(Scoped<ActivityId>),
}

impl Event {
    /// Whether a filter lets it through.
    #[must_use]
    pub fn fits(&self, filter: &Filter) -> bool {
        let said = format!("{} {}", self.who.word(), self.what);
        filter.fits(&Subject {
            context: self.context.as_str(),
            app: self.place.as_str(),
            environments: self.place.as_str(),
            state: self.word.as_str(),
            class: self.class,
            reason: &said,
        })
    }

    /// Whether it is what became of a deployment.
    #[must_use]
    pub fn follows(&self, context: ContextId, deployment: &DeploymentId) -> bool {
        let Some(Same::Followed(own, Follow::Deployment(id))) = &self.same else {
            return false;
        };
        *own == context && id == deployment
    }

    /// Of two sources of one event, the one that says who did it stays in front.
    fn rank(&self) -> u8 {
        match self.id {
            EventId::Own(_) => 0,
            EventId::Past(_) => 1,
            EventId::Deployment(_) => 2,
            EventId::Trail(_) => 3,
            EventId::Seen(_) => 4,
        }
    }

    /// Takes what another source knows better.
    fn join(&mut self, other: Self) {
        if self.is_open && !other.is_open {
            self.at = other.at;
            self.status = other.status;
            self.word = other.word;
            self.is_open = false;
        }
        let (own, more) = (self.what.as_str(), other.brief.as_str());
        if !more.is_empty() && !own.contains(more) {
            self.what = Text::clean(&format!("{own}; {more}"));
        }
        if self.place.is_empty() {
            self.place = other.place;
        }
        self.class = self.class.or(other.class);
        self.cancels = self.cancels.take().or(other.cancels);
    }
}

/// Everything that is known to have happened, newest first.
#[must_use]
pub fn events(state: &State) -> Vec<Event> {
    merged(sources::all(state))
}

/// One row for each event, newest first, at most [`MOST`].
fn merged(mut all: Vec<Event>) -> Vec<Event> {
    all.sort_by_key(Event::rank);
    let mut places: HashMap<Same, usize> = HashMap::new();
    let mut rows: Vec<Event> = Vec::with_capacity(all.len());
    for event in all {
        if let Some(same) = event.same.clone() {
            match places.entry(same) {
                Entry::Occupied(known) => {
                    rows[*known.get()].join(event);
                    continue;
                }
                Entry::Vacant(free) => {
                    free.insert(rows.len());
                }
            }
        }
        rows.push(event);
    }
    // Two at the same moment keep one order, whatever order their sources came in.
    rows.sort_by(|a, b| {
        (Reverse(a.at), a.rank(), Reverse(&a.id)).cmp(&(Reverse(b.at), b.rank(), Reverse(&b.id)))
    });
    rows.truncate(MOST);
    rows
}

#[cfg(test)]
mod tests;
