//! Managed apps as they are right now: what an operation rests on, and looking for one.

use super::api::Api;
use super::decode::{Of, Payload, Record, Records};
use super::paths::Op;
use super::words::State;
use crate::model::{Failure, Safety, Text};
use crate::platforms::http::{Call, Reply, hidden};

/// Sends a call and takes its answer apart. What it carried in secret is in no answer.
pub(super) async fn answer(api: &Api, call: Call) -> Result<Payload, Failure> {
    let carried = call.secrets.clone();
    let reply = api.http.send(call).await?;
    let secrets = api.http.secrets(carried).await;
    let body = hidden(&reply.text(), &secrets).into();
    Payload::of(&Reply { body, ..reply })
}

/// Reads.
pub(super) async fn ask(api: &Api, op: Op, ids: &[&str]) -> Result<Payload, Failure> {
    answer(api, api.call(op, ids, Safety::Read).await?).await
}

/// Reads the list.
pub(super) async fn apps(api: &Api) -> Result<Apps, Failure> {
    Ok(Apps(ask(api, Op::ListManagedApps, &[]).await?.records()))
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

    /// Whether what is not listed is not there: the list may go on elsewhere, or have had entries
    /// that could not be read.
    pub(super) fn is_whole(&self) -> bool {
        let listed = self.0.items.len() as u64;
        self.0.skipped == 0 && self.0.total.is_none_or(|total| total <= listed)
    }
}

/// The state that an answer tells of: its word, or what its flags come to.
pub(super) fn state(record: &Record, of: Of) -> Option<State> {
    let word = record.status(of).map(|word| State::of(word.as_str()));
    word.or_else(|| match of {
        Of::Installation => State::of_flags(&record.flags()),
        Of::App | Of::Deployment => None,
    })
}
