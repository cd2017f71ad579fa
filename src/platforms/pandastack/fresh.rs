//! Managed apps as they are right now: what an operation rests on, and looking for one.

use super::api::Api;
use super::decode::{Record, Records};
use super::paths::Op;
use crate::model::{Failure, Text};

/// Reads the list.
pub(super) async fn apps(api: &Api) -> Result<Apps, Failure> {
    Ok(Apps(api.ask(Op::ListManagedApps, &[]).await?.records()))
}

/// The managed apps that are listed.
pub(super) struct Apps(Records);

impl Apps {
    /// The one with that id.
    pub(super) fn find(&self, id: &str) -> Option<&Record> {
        let mut items = self.0.items.iter();
        items.find(|it| it.id().is_some_and(|it| it.as_str() == id))
    }

    /// Those made from that app of the catalogue, in the order of the list.
    pub(super) fn made_from<'a>(&'a self, slug: &'a str) -> impl Iterator<Item = &'a Record> {
        let is_same = |it: Text| it.as_str().eq_ignore_ascii_case(slug);
        let items = self.0.items.iter();
        items.filter(move |it| it.slug().is_some_and(is_same))
    }

    /// The ids of those.
    pub(super) fn ids_from(&self, slug: &str) -> Vec<String> {
        let ids = self.made_from(slug).filter_map(Record::id);
        ids.map(|id| id.to_string()).collect()
    }

    /// Those of them that are none of these.
    pub(super) fn new_from<'a>(&'a self, slug: &'a str, known: &[String]) -> Vec<&'a Record> {
        let is_known = |id: Text| known.iter().any(|it| it == id.as_str());
        let is_new = |record: &&Record| !record.id().is_some_and(is_known);
        self.made_from(slug).filter(is_new).collect()
    }

    /// Whether what is not listed is not there: the list may go on elsewhere, or have had entries
    /// that could not be read.
    pub(super) fn is_whole(&self) -> bool {
        let listed = self.0.items.len() as u64;
        self.0.skipped == 0 && self.0.total.is_none_or(|total| total <= listed)
    }
}
