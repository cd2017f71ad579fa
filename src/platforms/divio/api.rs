//! Asking the platform: paths, filters, pages and bodies.

use reqwest::header::AUTHORIZATION;
use serde::de::DeserializeOwned;
use serde_json::Value;

use super::failure::judge;
use super::known::Memory;
use super::map::Panel;
use super::paging::{self, Here, MAX_PAGES, PAGE_SIZE};
use super::paths::Op;
use super::wire::Envelope;
use crate::model::{Failure, OrgId, Page, PageRequest, PageToken, Safety, Secret, Text};
use crate::platforms::Connection;
use crate::platforms::http::{self, Call, Dialect, Http, Patience, Reply, decode_value};

/// Identifiers put into one address: 50 of them are under 3 KiB.
const IDS_AT_ONCE: usize = 50;

/// The header has the word `Token`, not `Bearer`.
const DIALECT: Dialect = Dialect {
    authorization: |token| (AUTHORIZATION, format!("Token {token}")),
    failure: judge,
};

/// A filter or another parameter of a list.
pub(super) type Filter<'a> = (&'a str, &'a str);

/// The platform's API for one account.
pub(super) struct Api {
    pub(super) http: Http,
    pub(super) organisation: Option<OrgId>,
    pub(super) panel: Panel,
    pub(super) memory: Memory,
}

impl Api {
    pub(super) fn new(connection: Connection, patience: Patience) -> Result<Self, Failure> {
        Ok(Self {
            http: Http::with_patience(&connection, DIALECT, patience)?,
            panel: Panel::beside(&connection.base_url),
            organisation: connection.organisation,
            memory: Memory::default(),
        })
    }

    /// The organisation that is kept to, as a filter.
    pub(super) fn organisation(&self) -> Option<Filter<'_>> {
        self.organisation
            .as_ref()
            .map(|id| ("organisation", id.as_str()))
    }

    /// One record.
    pub(super) async fn get<W: DeserializeOwned>(&self, op: Op, id: &str) -> Result<W, Failure> {
        self.get_with(op, id, &[]).await
    }

    pub(super) async fn get_with<W: DeserializeOwned>(
        &self,
        op: Op,
        id: &str,
        query: &[Filter<'_>],
    ) -> Result<W, Failure> {
        let call = call(op, id, Safety::Read)?.query(query.iter().copied());
        self.http.send(call).await?.json()
    }

    /// A link the platform gave, below the configured host.
    pub(super) async fn get_link<W: DeserializeOwned>(
        &self,
        op: Op,
        id: &str,
        link: &str,
    ) -> Result<W, Failure> {
        let mut call = call(op, id, Safety::Read)?;
        if let Some((path, query)) = paging::split(link) {
            (call.path, call.query) = (path.to_owned(), query.to_owned());
        }
        self.http.send(call).await?.json()
    }

    /// One page of a list, mapped. A record that cannot be read is left out with a warning (the
    /// page still says how many there are), unless none can be read.
    pub(super) async fn page<W: DeserializeOwned, T>(
        &self,
        op: Op,
        filters: &[Filter<'_>],
        request: &PageRequest,
        map: impl Fn(W) -> Option<T>,
    ) -> Result<Page<T>, Failure> {
        let call = list_call(op, filters, request)?;
        let (path, query) = (call.path.clone(), call.query.clone());
        let envelope: Envelope = self.http.send(call).await?.json()?;
        let records = envelope.results;
        let next = Here {
            operation: op.row().operation,
            base: self.http.base(),
            path: &path,
            query: &query,
            got: records.len(),
            count: *envelope.count,
        }
        .next(envelope.next.as_deref())?;
        Ok(Page {
            items: readable(op, records, map)?,
            next: next.map(|next| PageToken(next.into())),
            total: *envelope.count,
        })
    }

    /// A whole list.
    pub(super) async fn all<W: DeserializeOwned>(
        &self,
        op: Op,
        filters: &[Filter<'_>],
    ) -> Result<Vec<W>, Failure> {
        let mut items = Vec::new();
        let mut request = PageRequest::first();
        for _ in 0..MAX_PAGES {
            let page = self.page(op, filters, &request, Some).await?;
            items.extend(page.items);
            match page.next {
                None => break,
                token => request.token = token,
            }
        }
        Ok(items)
    }

    /// The records with these identifiers: where no other filter exists.
    pub(super) async fn by_ids<W: DeserializeOwned>(
        &self,
        op: Op,
        ids: &[impl AsRef<str>],
    ) -> Result<Vec<W>, Failure> {
        let mut items = Vec::new();
        for some in ids.chunks(IDS_AT_ONCE) {
            let filters: Vec<Filter<'_>> = some.iter().map(|id| ("uuid", id.as_ref())).collect();
            items.extend(self.all(op, &filters).await?);
        }
        Ok(items)
    }

    /// A write. Any 2xx is success, with or without a body.
    pub(super) async fn write(
        &self,
        op: Op,
        id: &str,
        body: Option<Value>,
        safety: Safety,
    ) -> Result<Reply, Failure> {
        let mut call = call(op, id, safety)?;
        if let Some(body) = &body {
            call = call.json(body);
        }
        // Of a variable: the one field of all bodies that is secret.
        if let Some(value) = body.as_ref().and_then(|body| body.get("value")?.as_str()) {
            call = call.hiding(Secret::new(value));
        }
        self.http.send(call).await
    }
}

fn call(op: Op, id: &str, safety: Safety) -> Result<Call, Failure> {
    let row = op.row();
    let subject = Text::clean(&format!("{} {id}", op.noun()));
    let path = op.path(Some(id))?;
    Ok(Call::new(row.operation, row.method.clone(), path, safety).about(subject))
}

fn list_call(op: Op, filters: &[Filter<'_>], request: &PageRequest) -> Result<Call, Failure> {
    let mut call = call(op, "", Safety::Read)?;
    if let Some(PageToken(token)) = &request.token {
        if let Some((path, query)) = paging::split(token) {
            (call.path, call.query) = (path.to_owned(), query.to_owned());
        }
        return Ok(call);
    }
    let size = request
        .limit
        .unwrap_or(PAGE_SIZE)
        .clamp(1, PAGE_SIZE)
        .to_string();
    // The one list that is paged differently.
    let paging: &[Filter<'_>] = if op == Op::ListCronjobs {
        &[("limit", &size), ("offset", "0")]
    } else {
        &[("page_size", &size)]
    };
    Ok(call.query(filters.iter().chain(paging).copied()))
}

fn readable<W: DeserializeOwned, T>(
    op: Op,
    records: Vec<Value>,
    map: impl Fn(W) -> Option<T>,
) -> Result<Vec<T>, Failure> {
    let operation = op.row().operation;
    let records = records.into_iter().enumerate().map(|(index, record)| {
        let path = format!("results[{index}]");
        let record = decode_value(operation, &path, record)?;
        let item = map(record).ok_or_else(|| incomplete(operation, &path))?;
        Ok(Some(item))
    });
    http::readable(records)
}

fn incomplete(operation: &str, path: &str) -> Failure {
    Failure::Decode {
        endpoint: Text::clean(operation),
        path: Text::clean(path),
        expected: Text::clean("a record with what names it"),
        found: Text::clean("one without"),
    }
}
