//! Putting the pages of a list together.

use std::collections::HashSet;
use std::hash::Hash;

use indexmap::IndexMap;

use crate::model::{Page, Payload, Query};

/// A page after those before it. Of a list that is not gathered, the newest page stands alone.
pub(super) fn joined(earlier: Payload, page: Payload) -> Payload {
    match (earlier, page) {
        (Payload::Environments(all), Payload::Environments(page)) => {
            Payload::Environments(append(all, page))
        }
        (Payload::Deployments(all), Payload::Deployments(page)) => {
            Payload::Deployments(append(all, page))
        }
        (Payload::Backups(all), Payload::Backups(page)) => Payload::Backups(append(all, page)),
        (Payload::Activity(all), Payload::Activity(page)) => Payload::Activity(append(all, page)),
        (Payload::Organisations(all), Payload::Organisations(page)) => {
            Payload::Organisations(append(all, page))
        }
        (Payload::Variables(all), Payload::Variables(page)) => {
            Payload::Variables(append(all, page))
        }
        (Payload::Domains(all), Payload::Domains(page)) => Payload::Domains(append(all, page)),
        (Payload::Services(all), Payload::Services(page)) => Payload::Services(append(all, page)),
        (Payload::ServiceKinds(all), Payload::ServiceKinds(page)) => {
            Payload::ServiceKinds(append(all, page))
        }
        (Payload::Jobs(all), Payload::Jobs(page)) => Payload::Jobs(append(all, page)),
        (Payload::JobRuns(all), Payload::JobRuns(page)) => Payload::JobRuns(append(all, page)),
        (Payload::Units(all), Payload::Units(page)) => Payload::Units(append(all, page)),
        (Payload::Alerts(all), Payload::Alerts(page)) => Payload::Alerts(append(all, page)),
        (Payload::Maintenance(all), Payload::Maintenance(page)) => {
            Payload::Maintenance(append(all, page))
        }
        (Payload::Others(all), Payload::Others(page)) => Payload::Others(append(all, page)),
        (_, page) => page,
    }
}

/// Whether the answer to a query is kept as it comes: the short lists around an app.
pub(super) fn is_listed(query: &Query) -> bool {
    matches!(
        query,
        Query::Organisations
            | Query::Variables(_)
            | Query::Domains(_)
            | Query::Services(_)
            | Query::ServiceKinds(_)
            | Query::Jobs(_)
            | Query::JobRuns(_)
            | Query::Units(_)
            | Query::Alerts(_)
            | Query::Maintenance(_)
            | Query::Others(_)
    )
}

/// Whether a list is of the kind that was asked for.
pub(super) fn is_answer(query: &Query, list: &Payload) -> bool {
    matches!(
        (query, list),
        (Query::Organisations, Payload::Organisations(_))
            | (Query::Variables(_), Payload::Variables(_))
            | (Query::Domains(_), Payload::Domains(_))
            | (Query::Services(_), Payload::Services(_))
            | (Query::ServiceKinds(_), Payload::ServiceKinds(_))
            | (Query::Jobs(_), Payload::Jobs(_))
            | (Query::JobRuns(_), Payload::JobRuns(_))
            | (Query::Units(_), Payload::Units(_))
            | (Query::Alerts(_), Payload::Alerts(_))
            | (Query::Maintenance(_), Payload::Maintenance(_))
            | (Query::Others(_), Payload::Others(_))
    )
}

fn append<T>(mut all: Page<T>, page: Page<T>) -> Page<T> {
    all.items.extend(page.items);
    Page {
        next: page.next,
        ..all
    }
}

/// A long list on its way.
#[derive(Clone, Debug)]
pub(super) struct Arriving<Id, T> {
    /// Entries of a list that replaces another one when it is whole.
    entries: Vec<T>,
    /// Entries shown from a first reading that broke off, not seen again so far.
    left_over: HashSet<Id>,
}

impl<Id, T> Default for Arriving<Id, T> {
    fn default() -> Self {
        Self {
            entries: Vec::new(),
            left_over: HashSet::new(),
        }
    }
}

impl<Id: Clone + Eq + Hash, T: PartialEq> Arriving<Id, T> {
    /// A page of a list that replaces `shown` when it is whole. Says whether it did and differs.
    pub(super) fn replace(
        &mut self,
        shown: &mut IndexMap<Id, T>,
        page: Vec<T>,
        last: bool,
        id: impl Fn(&T) -> Id,
    ) -> bool {
        self.entries.extend(page);
        if !last {
            return false;
        }
        let all = std::mem::take(&mut self.entries);
        // Mostly nothing changed, and then nothing needs to be built.
        if shown.values().eq(all.iter()) {
            return false;
        }
        let all: IndexMap<_, _> = all.into_iter().map(|entry| (id(&entry), entry)).collect();
        let differs = !shown.iter().eq(all.iter());
        *shown = all;
        differs
    }

    /// A page of a first list, shown as it arrives.
    pub(super) fn extend(
        &mut self,
        shown: &mut IndexMap<Id, T>,
        page: Vec<T>,
        last: bool,
        id: impl Fn(&T) -> Id,
    ) {
        for entry in page {
            let id = id(&entry);
            self.left_over.remove(&id);
            shown.insert(id, entry);
        }
        if last && !self.left_over.is_empty() {
            let gone = std::mem::take(&mut self.left_over);
            shown.retain(|id, _| !gone.contains(id));
        }
    }

    /// The list broke off. `first` is what was shown of a first reading.
    pub(super) fn drop(&mut self, first: Option<&IndexMap<Id, T>>) {
        self.entries.clear();
        if let Some(first) = first {
            self.left_over = first.keys().cloned().collect();
        }
    }
}
