//! HTTP for every adapter: one client, one way to send, one way to fail.
//!
//! What happens here and nowhere else: read-only contexts are kept read-only (by the [`Safety`] of
//! a call, never by its method), the token is fetched, attached and read again after a 401,
//! redirects stay on the origin, bodies are bounded, and what goes wrong becomes a [`Failure`].
//! Nothing is ever sent twice because it failed: retrying is the engine's decision.
//!
//! An adapter brings its [`Dialect`] (how the token is carried, what its error bodies mean) and
//! knows nothing of sockets; this module knows no platform.

mod call;
mod client;
mod credential;
mod link;
mod markup;
pub mod oauth;
mod problem;
mod rate;
mod reply;
mod scrub;
pub mod storage;
mod unpack;
mod upgrade;
pub mod websocket;
mod wire;

pub use call::{Call, filled, segment};
pub use markup::{plain_lines, plain_text};
pub use problem::{Refusal, unsent};
pub use rate::{budget, date, retry_after};
pub use reply::{Incoming, Reply, decode, decode_text, decode_value, readable};
pub use scrub::hidden;

use std::fmt;
use std::sync::{Mutex, OnceLock, PoisonError};
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use reqwest::header::{HeaderMap, HeaderName};
use reqwest::{Client, Method, Response, StatusCode};
use tokio::time::Instant;
use url::Url;

use self::credential::Token;
use super::Connection;
use crate::model::{Budget, Failure, Safety, Secret, Text};

/// Redirects followed for one request; the platforms need one (a missing slash).
const MAX_REDIRECTS: usize = 5;

/// What differs between platforms on the wire.
#[derive(Clone, Copy)]
pub struct Dialect {
    /// The header that carries the token, and its value.
    pub authorization: fn(&str) -> (HeaderName, String),
    /// What an error status means. Not called for 2xx, but where a platform says no with these; see
    /// [`Http::exchange`].
    pub failure: fn(&Refusal<'_>) -> Failure,
}

/// How long to wait.
#[derive(Clone, Copy, Debug)]
pub struct Patience {
    /// For a connection.
    pub connect: Duration,
    /// For the whole answer to a read.
    pub read: Duration,
    /// For the whole answer to a write.
    pub write: Duration,
    /// For the next bytes of a stream.
    pub idle: Duration,
}

impl Default for Patience {
    fn default() -> Self {
        Self {
            connect: Duration::from_secs(5),
            read: Duration::from_secs(30),
            write: Duration::from_mins(1),
            // Keep-alives come every 30 s where a platform streams.
            idle: Duration::from_secs(75),
        }
    }
}

/// How a request is sent.
struct Manner<'a> {
    client: &'a Client,
    /// For the whole answer; absent where that comes bit by bit.
    limit: Option<Duration>,
    /// Headers beside those of every request.
    headers: HeaderMap,
}

/// The way to one platform under one credential.
pub struct Http {
    client: Client,
    /// The client that upgrades; see [`Http::upgrade`]. Made when it is first needed.
    upgrading: OnceLock<Client>,
    base: Url,
    token: Token,
    read_only: bool,
    dialect: Dialect,
    patience: Patience,
    budget: Mutex<Option<Budget>>,
    clock: Mutex<Option<(Timestamp, Instant)>>,
}

impl Http {
    /// Prepares the way. Sends nothing and asks for no token yet.
    ///
    /// # Errors
    /// `Validation` for a base URL the token may not go to; `Network` (TLS) where the system has no
    /// trusted certificates.
    pub fn new(connection: &Connection, dialect: Dialect) -> Result<Self, Failure> {
        Self::with_patience(connection, dialect, Patience::default())
    }

    /// Like [`Http::new`], with other waiting times.
    ///
    /// # Errors
    /// As [`Http::new`].
    pub fn with_patience(
        connection: &Connection,
        dialect: Dialect,
        patience: Patience,
    ) -> Result<Self, Failure> {
        client::check_base(&connection.base_url, connection.allow_plain_http)?;
        Ok(Self {
            client: client::build(&connection.base_url, patience)?,
            upgrading: OnceLock::new(),
            base: connection.base_url.clone(),
            token: Token::new(connection.credential.clone()),
            read_only: connection.read_only,
            dialect,
            patience,
            budget: Mutex::new(None),
            clock: Mutex::new(None),
        })
    }

    /// Where the API is.
    #[must_use]
    pub fn base(&self) -> &Url {
        &self.base
    }

    /// What is left of the rate limit, as the last answer said.
    #[must_use]
    pub fn budget(&self) -> Option<Budget> {
        *self.budget.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// What time it is on the platform, as its last answer said; absent where it does not say.
    #[must_use]
    pub fn now(&self) -> Option<Timestamp> {
        let clock = *self.clock.lock().unwrap_or_else(PoisonError::into_inner);
        let (said, at) = clock?;
        said.checked_add(SignedDuration::try_from(at.elapsed()).ok()?)
            .ok()
    }

    /// Refuses what would change something where nothing may be changed.
    ///
    /// # Errors
    /// `ReadOnly`.
    pub fn allow(&self, safety: Safety) -> Result<(), Failure> {
        if self.read_only && safety != Safety::Read {
            return Err(Failure::ReadOnly);
        }
        Ok(())
    }

    /// Sends a call and reads the whole answer: at most 64 MiB.
    ///
    /// # Errors
    /// `ReadOnly` and `Auth` (missing) before anything is sent, `Network` on the way, what the
    /// dialect says for an error status.
    pub async fn send(&self, call: Call) -> Result<Reply, Failure> {
        let is_rejected = |reply: &Reply| reply.status == StatusCode::UNAUTHORIZED;
        let reply = self.exchange(&call, is_rejected).await?;
        self.judged(&call, reply).await
    }

    /// Sends a call and reads the whole answer, whatever its status: for a platform where that does
    /// not say how it went. `is_rejected` tells whether an answer means that the token is not
    /// accepted; what [`Http::refused`] makes of one that is no good is up to the caller.
    ///
    /// # Errors
    /// As [`Http::send`], but for what the dialect says.
    pub async fn exchange(
        &self,
        call: &Call,
        is_rejected: fn(&Reply) -> bool,
    ) -> Result<Reply, Failure> {
        self.allow(call.safety)?;
        let manner = &self.plainly(Some(self.limit(call)));
        let attempt = |token: Secret| async move {
            let response = self.follow(call, Some(token.expose()), manner).await?;
            Reply::read(call.operation, response).await
        };
        self.under_token(is_rejected, attempt).await
    }

    /// What the dialect says to an answer that is no good.
    pub async fn refused(&self, call: &Call, reply: &Reply) -> Failure {
        let token = self.token.known().await;
        let secrets: Vec<&Secret> = call.secrets.iter().chain(&token).collect();
        (self.dialect.failure)(&Refusal {
            call,
            status: reply.status.as_u16(),
            headers: &reply.headers,
            body: &scrub::without(&reply.body, &secrets),
        })
    }

    /// The same without a token: what is asked before there is one.
    ///
    /// # Errors
    /// As [`Http::send`], without a word of a missing token.
    pub async fn send_bare(&self, call: Call) -> Result<Reply, Failure> {
        self.allow(call.safety)?;
        let response = self
            .follow(&call, None, &self.plainly(Some(self.limit(&call))))
            .await?;
        self.accepted(&call, response).await
    }

    /// Uses this token from now on, until the program ends. It is written nowhere.
    pub async fn log_in(&self, token: Secret) {
        self.token.replace(token).await;
    }

    /// What nobody may see in the answer to a call that carried these: they, and the token.
    pub async fn secrets(&self, carried: Vec<Secret>) -> Vec<Secret> {
        carried
            .into_iter()
            .chain(self.token.known().await)
            .collect()
    }

    fn limit(&self, call: &Call) -> Duration {
        match call.safety {
            Safety::Read => self.patience.read,
            Safety::Repeatable | Safety::Once => self.patience.write,
        }
    }

    /// Sends a call and hands over the answer as it comes; there is no limit in time, only on
    /// silence.
    ///
    /// # Errors
    /// As [`Http::send`].
    pub async fn stream(&self, call: Call) -> Result<Incoming, Failure> {
        let manner = self.plainly(None);
        let response = within(self.patience.idle, self.open(&call, &manner)).await?;
        if response.status().is_success() {
            return Ok(Incoming::new(response, self.patience.idle));
        }
        Err(match self.accepted(&call, response).await {
            Err(failure) => failure,
            Ok(_) => problem::silent(self.patience.idle),
        })
    }

    async fn accepted(&self, call: &Call, response: Response) -> Result<Reply, Failure> {
        let reply = Reply::read(call.operation, response).await?;
        self.judged(call, reply).await
    }

    async fn judged(&self, call: &Call, reply: Reply) -> Result<Reply, Failure> {
        if reply.status.is_success() {
            return Ok(reply);
        }
        Err(self.refused(call, &reply).await)
    }

    /// As requests usually are.
    fn plainly(&self, limit: Option<Duration>) -> Manner<'_> {
        Manner {
            client: &self.client,
            limit,
            headers: HeaderMap::new(),
        }
    }

    /// Sends a call, to whose answer somebody listens as it comes.
    async fn open(&self, call: &Call, manner: &Manner<'_>) -> Result<Response, Failure> {
        self.allow(call.safety)?;
        let is_rejected = |response: &Response| response.status() == StatusCode::UNAUTHORIZED;
        let attempt = |token: Secret| async move {
            let token = token.expose();
            self.follow(call, Some(token), manner).await
        };
        self.under_token(is_rejected, attempt).await
    }

    /// One request, and one more under a new token if that of the first was not accepted: the
    /// platform says so before it acts, so that nothing can happen twice.
    async fn under_token<T, F>(
        &self,
        is_rejected: impl Fn(&T) -> bool,
        attempt: impl Fn(Secret) -> F,
    ) -> Result<T, Failure>
    where
        F: Future<Output = Result<T, Failure>>,
    {
        let lent = self.token.get().await?;
        let answer = attempt(lent.token.clone()).await?;
        if !is_rejected(&answer) {
            return Ok(answer);
        }
        let answer = match self.token.renew(&lent).await? {
            Some(token) => attempt(token).await?,
            None => answer,
        };
        if !is_rejected(&answer) {
            return Ok(answer);
        }
        self.token.rejected().map_or(Ok(answer), Err)
    }

    /// Follows redirects, on GET and on the same origin only: elsewhere the token must not go, and
    /// a redirected write would lose its body.
    async fn follow(
        &self,
        call: &Call,
        token: Option<&str>,
        manner: &Manner<'_>,
    ) -> Result<Response, Failure> {
        let mut url = call.url(&self.base);
        let mut followed = 0;
        loop {
            let response = self.once(call, url.clone(), token, manner).await?;
            let Some(target) = redirection(call, &response) else {
                return Ok(response);
            };
            let refuse = |why| problem::redirect(response.status().as_u16(), why);
            if followed == MAX_REDIRECTS {
                return Err(refuse("redirects in a circle"));
            }
            followed += 1;
            let within = within_origin(&url, &target);
            url = within.ok_or_else(|| refuse("redirects to another host"))?;
        }
    }

    async fn once(
        &self,
        call: &Call,
        url: Url,
        token: Option<&str>,
        manner: &Manner<'_>,
    ) -> Result<Response, Failure> {
        let mut request = manner.client.request(call.method.clone(), url);
        request = request
            .headers(manner.headers.clone())
            .headers(call.headers.clone())
            .header(reqwest::header::ACCEPT, call.accept);
        if let Some(token) = token {
            let (name, value) = credential::header(self.dialect.authorization, token)?;
            request = request.header(name, value);
        }
        if let Some((kind, body)) = &call.body {
            request = request
                .header(reqwest::header::CONTENT_TYPE, *kind)
                .body(body.clone());
        }
        if let Some(limit) = manner.limit {
            request = request.timeout(limit);
        }
        let response = request.send().await.map_err(problem::network)?;
        tracing::debug!(
            operation = call.operation,
            status = response.status().as_u16(),
            "answered"
        );
        if let Some(budget) = budget(response.headers()) {
            *self.budget.lock().unwrap_or_else(PoisonError::into_inner) = Some(budget);
        }
        if let Some(date) = date(response.headers()) {
            let said = Some((date, Instant::now()));
            *self.clock.lock().unwrap_or_else(PoisonError::into_inner) = said;
        }
        Ok(response)
    }
}

impl fmt::Debug for Http {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Http")
            .field("host", &self.base.host_str())
            .field("read_only", &self.read_only)
            .finish_non_exhaustive()
    }
}

/// Waits for an answer to begin.
async fn within(
    limit: Duration,
    opening: impl Future<Output = Result<Response, Failure>>,
) -> Result<Response, Failure> {
    let opened = tokio::time::timeout(limit, opening).await;
    opened.map_err(|_| problem::silent(limit))?
}

/// Where a GET is sent on to.
fn redirection(call: &Call, response: &Response) -> Option<String> {
    if call.method != Method::GET || !matches!(response.status().as_u16(), 301 | 302 | 307 | 308) {
        return None;
    }
    let location = response.headers().get(reqwest::header::LOCATION)?;
    Some(location.to_str().ok()?.to_owned())
}

fn within_origin(from: &Url, target: &str) -> Option<Url> {
    let url = from.join(target).ok()?;
    (url.origin() == from.origin()).then_some(url)
}

/// A remark of this module, cut.
fn remark(text: &str) -> Text {
    const MAX_CHARS: usize = 300;
    match text.char_indices().nth(MAX_CHARS) {
        Some((end, _)) => Text::clean(&format!("{}…", text.get(..end).unwrap_or_default())),
        None => Text::clean(text),
    }
}

#[cfg(test)]
mod tests;
