//! Asking the platform: paths, filters, pages and bodies.

use std::sync::Arc;

use reqwest::header::AUTHORIZATION;
use serde::de::DeserializeOwned;
use serde_json::Value;

use super::decode::{Records, listed, readable, record, turned};
use super::failure::judge;
use super::memory::Memory;
use super::paging::Place;
use super::paths::Op;
use crate::model::{Failure, OrgId, Page, PageRequest, Safety, Secret, Text};
use crate::platforms::http::storage::Storage;
use crate::platforms::http::websocket::WebSockets;
use crate::platforms::http::{Call, Dialect, Http, Patience, Reply};
use crate::platforms::{Connection, Credential, TokenSource};

/// Records of a list at once, unless an operation says otherwise.
const PAGE_SIZE: u32 = 100;

/// Pages of one list that are read at most: a list does not go round in circles.
const MAX_PAGES: u32 = 200;

const DIALECT: Dialect = Dialect {
    authorization: |token| (AUTHORIZATION, format!("Bearer {token}")),
    failure: judge,
};

/// A filter or another parameter.
pub(super) type Filter<'a> = (&'a str, &'a str);

/// The platform's API for one account.
pub(super) struct Api {
    pub(super) http: Http,
    /// The project that is kept to.
    pub(super) organisation: Option<OrgId>,
    pub(super) memory: Memory,
    /// The way to logs and consoles as they go.
    pub(super) sockets: WebSockets,
    /// The way to logs that were put away.
    pub(super) archives: Storage,
}

impl Api {
    pub(super) fn new(mut connection: Connection, patience: Patience) -> Result<Self, Failure> {
        connection.credential = Arc::new(Unquoted(connection.credential));
        Ok(Self {
            sockets: WebSockets::within(&connection.base_url, patience.idle),
            archives: Storage::decoding(),
            http: Http::with_patience(&connection, DIALECT, patience)?,
            organisation: connection.organisation,
            memory: Memory::default(),
        })
    }

    /// One record: what stands under the operation's key.
    pub(super) async fn get<W: DeserializeOwned>(
        &self,
        op: Op,
        ids: &[&str],
    ) -> Result<W, Failure> {
        self.get_with(op, ids, &[]).await
    }

    pub(super) async fn get_with<W: DeserializeOwned>(
        &self,
        op: Op,
        ids: &[&str],
        query: &[Filter<'_>],
    ) -> Result<W, Failure> {
        let call = call(op, ids, Safety::Read)?.query(query.iter().copied());
        let reply = self.http.send(call).await?;
        self.notice(op, &reply);
        record(op, &reply)
    }

    /// Remembers the specs of an answer as they are written: what a record reads of them is less.
    fn notice(&self, op: Op, reply: &Reply) {
        if matches!(op, Op::GetApp | Op::ListApps) {
            self.memory.saw_all(&reply.body);
        }
    }

    /// A question with a body that changes nothing: a proposal, a validation.
    pub(super) async fn ask<W: DeserializeOwned>(
        &self,
        op: Op,
        ids: &[&str],
        body: &Value,
        secrets: Vec<Secret>,
    ) -> Result<W, Failure> {
        let mut call = call(op, ids, Safety::Read)?.json(body);
        call.secrets = secrets;
        record(op, &self.http.send(call).await?)
    }

    /// The records of one page of a list.
    pub(super) async fn records(
        &self,
        op: Op,
        ids: &[&str],
        filters: &[Filter<'_>],
        place: Place,
    ) -> Result<Records, Failure> {
        let (page, per_page) = (place.page.to_string(), place.per_page.to_string());
        let paging = [("page", page.as_str()), ("per_page", per_page.as_str())];
        let query = filters.iter().copied().chain(paging);
        let call = call(op, ids, Safety::Read)?.query(query);
        let reply = self.http.send(call).await?;
        self.notice(op, &reply);
        listed(op, &reply)
    }

    /// One page of a list, mapped. A record that cannot be read is left out with a warning (the
    /// page still says how many there are), unless none can be read.
    pub(super) async fn page<W: DeserializeOwned, T>(
        &self,
        op: Op,
        ids: &[&str],
        filters: &[Filter<'_>],
        request: &PageRequest,
        map: impl Fn(W) -> Option<T>,
    ) -> Result<Page<T>, Failure> {
        let place = Place::of(request, PAGE_SIZE);
        let found = self.records(op, ids, filters, place).await?;
        turned(op, found, place, map)
    }

    /// A whole list that comes in pages.
    pub(super) async fn all<W: DeserializeOwned>(
        &self,
        op: Op,
        ids: &[&str],
        filters: &[Filter<'_>],
    ) -> Result<Vec<W>, Failure> {
        let mut items = Vec::new();
        let mut request = PageRequest::first();
        for _ in 0..MAX_PAGES {
            let page = self.page(op, ids, filters, &request, Some).await?;
            items.extend(page.items);
            match page.next {
                None => break,
                token => request.token = token,
            }
        }
        Ok(items)
    }

    /// A list that is not paged.
    pub(super) async fn whole<W: DeserializeOwned, T>(
        &self,
        op: Op,
        ids: &[&str],
        map: impl Fn(W) -> Option<T>,
    ) -> Result<Page<T>, Failure> {
        let call = call(op, ids, Safety::Read)?;
        let found = listed(op, &self.http.send(call).await?)?;
        Ok(Page::whole(readable(op, found, map)?))
    }
}

pub(super) fn call(op: Op, ids: &[&str], safety: Safety) -> Result<Call, Failure> {
    let row = op.row();
    let subject = Text::clean(&format!("{} {}", op.noun(), ids.join("/")));
    let path = op.path(ids)?;
    Ok(Call::new(row.operation, row.method.clone(), path, safety).about(subject))
}

/// People paste tokens with the quotes around them.
struct Unquoted(Credential);

impl TokenSource for Unquoted {
    fn token(&self) -> Result<Secret, Failure> {
        let token = self.0.token()?;
        let bare = token
            .expose()
            .trim_matches(|c: char| c == '\'' || c.is_whitespace());
        Ok(Secret::new(bare))
    }
}
