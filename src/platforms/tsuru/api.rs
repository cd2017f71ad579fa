//! Asking the platform: paths, queries, forms and lists.

use bytes::Bytes;
use reqwest::header::AUTHORIZATION;
use serde::de::DeserializeOwned;
use serde_json::Value;
use url::form_urlencoded::Serializer;

use super::failure::{judge, too_old};
use super::folded;
use super::live::Live;
use super::memory::Memory;
use super::missing::Missing;
use super::paths::Op;
use crate::model::{Failure, OrgId, Page, Safety, Text};
use crate::platforms::Connection;
use crate::platforms::http::{Call, Dialect, Http, Patience, Reply, decode, readable};

const DIALECT: Dialect = Dialect {
    authorization: |token| (AUTHORIZATION, format!("bearer {token}")),
    failure: judge,
};

/// A parameter of a query or a form.
pub(super) type Parameter<'a> = (&'a str, &'a str);

/// Of events, those of one app.
pub(super) fn of_app(app: &str) -> [Parameter<'_>; 2] {
    [("target.type", "app"), ("target.value", app)]
}

/// The API of one server under one credential.
pub(super) struct Api {
    pub(super) http: Http,
    /// The team that is kept to.
    pub(super) organisation: Option<OrgId>,
    pub(super) memory: Memory,
    /// What actions of our own print.
    pub(super) live: Live,
    /// Operations that this server is too old for.
    missing: Missing,
}

impl Api {
    pub(super) fn new(connection: Connection, patience: Patience) -> Result<Self, Failure> {
        Ok(Self {
            http: Http::with_patience(&connection, DIALECT, patience)?,
            organisation: connection.organisation,
            memory: Memory::default(),
            live: Live::default(),
            missing: Missing::default(),
        })
    }

    /// Sends a call.
    pub(super) async fn send(&self, op: Op, call: Call) -> Result<Reply, Failure> {
        self.ask(op, self.http.send(call)).await
    }

    /// Asks, in whichever way. An operation that the server is too old for is asked once, and not
    /// again for a while.
    pub(super) async fn ask<T>(
        &self,
        op: Op,
        question: impl Future<Output = Result<T, Failure>>,
    ) -> Result<T, Failure> {
        if self.missing.has(op) {
            return Err(too_old(op.row()));
        }
        let answer = question.await;
        if let Err(Failure::Unsupported { .. }) = answer {
            self.missing.note(op);
        }
        answer
    }

    async fn read(&self, op: Op, ids: &[&str], query: &[Parameter<'_>]) -> Result<Reply, Failure> {
        let call = call(op, ids, Safety::Read)?.query(query.iter().copied());
        self.send(op, call).await
    }

    /// One record.
    pub(super) async fn get<W: DeserializeOwned>(
        &self,
        op: Op,
        ids: &[&str],
        query: &[Parameter<'_>],
    ) -> Result<W, Failure> {
        record(op, &self.read(op, ids, query).await?)
    }

    /// A whole list. No body, `null` and an empty list are the same.
    pub(super) async fn list<W: DeserializeOwned>(
        &self,
        op: Op,
        ids: &[&str],
        query: &[Parameter<'_>],
    ) -> Result<Vec<W>, Failure> {
        records(op, &self.read(op, ids, query).await?, Some)
    }

    /// A whole list, mapped; a record that means nothing is left out.
    pub(super) async fn whole<W: DeserializeOwned, T>(
        &self,
        op: Op,
        ids: &[&str],
        query: &[Parameter<'_>],
        map: impl Fn(W) -> Option<T>,
    ) -> Result<Page<T>, Failure> {
        let found = records(op, &self.read(op, ids, query).await?, map)?;
        Ok(Page::whole(found))
    }
}

/// A call that understands what the server sends: JSON, streams of it and plain text.
pub(super) fn call(op: Op, ids: &[&str], safety: Safety) -> Result<Call, Failure> {
    let row = op.row();
    let subject = format!("{} {}", row.noun, ids.join("/"));
    let subject = Text::clean(subject.trim_end());
    let path = op.path(ids)?;
    let mut call = Call::new(row.operation, row.method.clone(), path, safety).about(subject);
    call.accept = "*/*";
    Ok(call)
}

/// The same with a form as its body.
pub(super) fn with_form(mut call: Call, fields: &[Parameter<'_>]) -> Call {
    let mut form = Serializer::new(String::new());
    form.extend_pairs(fields.iter().copied());
    let body = Bytes::from(form.finish());
    call.body = Some(("application/x-www-form-urlencoded", body));
    call
}

/// A record, whatever the case of its keys.
pub(super) fn record<W: DeserializeOwned>(op: Op, reply: &Reply) -> Result<W, Failure> {
    let value: Value = decode(op.row().operation, &reply.body)?;
    folded::from_value(value).map_err(|error| misread(op, "", &error))
}

/// The records of a list that can be read; one that cannot is left out with a warning, unless none
/// can be.
pub(super) fn records<W: DeserializeOwned, T>(
    op: Op,
    reply: &Reply,
    map: impl Fn(W) -> Option<T>,
) -> Result<Vec<T>, Failure> {
    if reply.body.trim_ascii().is_empty() {
        return Ok(Vec::new());
    }
    let list: Option<Vec<Value>> = decode(op.row().operation, &reply.body)?;
    let list = list.unwrap_or_default().into_iter().enumerate();
    readable(list.map(|(at, value)| {
        let record = folded::from_value(value);
        let record = record.map_err(|error| misread(op, &format!("[{at}]"), &error))?;
        Ok(map(record))
    }))
}

/// What was found is not said: it may be a secret.
fn misread(op: Op, path: &str, error: &serde_json::Error) -> Failure {
    let message = error.to_string();
    let expected = message.rsplit_once(", expected ").map(|(_, it)| it);
    let missing = message.strip_prefix("missing field ");
    Failure::Decode {
        endpoint: Text::clean(op.row().operation),
        path: Text::clean(if path.is_empty() { "the top" } else { path }),
        expected: Text::clean(expected.or(missing).unwrap_or("what the contract says")),
        found: Text::clean("something else"),
    }
}
