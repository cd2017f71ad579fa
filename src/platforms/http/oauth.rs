//! Getting tokens from a server of logins: the refresh token grant of OAuth 2.0, at the server that
//! gave the login, and the client credentials grant.
//!
//! Two secrets must not meet: what is good for a token goes to its token address and nowhere else,
//! over TLS unless that is on this machine, and no redirect is followed; the client that asks knows
//! no platform and none of its tokens.
//!
//! Source: RFC 6749, sections 2.3.1, 4.4, 5 and 6.

use std::time::Duration;

use reqwest::{Client, RequestBuilder, StatusCode};
use serde::Deserialize;
use serde_json::Value;
use url::Url;
use url::form_urlencoded::{Serializer, byte_serialize, parse};

use super::link::{Clients, bare, check};
use super::reply::Reply;
use super::{problem, remark};
use crate::model::{Failure, NetworkProblem, Secret, Text};

/// How long a login server may take to answer.
const PATIENCE: Duration = Duration::from_secs(20);

/// What renews a login, and where.
pub struct Grant<'a> {
    /// Where it is renewed.
    pub token_url: &'a str,
    /// Who asks.
    pub client_id: &'a str,
    /// The password of who asks; empty for programs that cannot keep one.
    pub client_secret: &'a Secret,
    /// What is good for one more login.
    pub refresh_token: &'a Secret,
    /// Where the server looks for who asks.
    pub style: Style,
}

/// A client that is given tokens for itself.
pub struct ClientGrant<'a> {
    /// Where they are given.
    pub token_url: &'a str,
    /// Who asks.
    pub client_id: &'a str,
    /// The password of who asks.
    pub client_secret: &'a Secret,
    /// What the token is to be good for; absent for all that the client may.
    pub scope: Option<&'a str>,
    /// Where the server looks for who asks.
    pub style: Style,
}

/// Where a login server looks for who asks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Style {
    /// It is not known: the header is tried, then the form.
    Unknown,
    /// In the header `Authorization`.
    Header,
    /// In the form.
    Form,
}

/// A renewed login.
#[derive(Debug, PartialEq, Eq)]
pub struct Granted {
    /// The token for the platform.
    pub access_token: Secret,
    /// What renews it next time, where that is another than before.
    pub refresh_token: Option<Secret>,
    /// How long the token is good for, where the server says so.
    pub lifetime: Option<Duration>,
}

/// Why a login was not renewed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Trouble {
    /// The server does not renew it, or must not be asked: why.
    Refused(Text),
    /// It could not be asked, and may be asked again.
    Failed(Failure),
}

/// Asks for a new token.
///
/// # Errors
/// [`Trouble`], which repeats nothing of what was sent.
pub async fn renew(grant: &Grant<'_>) -> Result<Granted, Trouble> {
    let wish = Wish {
        client: (grant.client_id, grant.client_secret),
        pairs: vec![
            ("grant_type", "refresh_token"),
            ("refresh_token", grant.refresh_token.expose()),
        ],
        words: &RENEWING,
    };
    let way = Way::to(grant.token_url, &RENEWING)?;
    // Some servers know one way only, and none says which.
    let may_be_style = |denied: &Denied| matches!(denied, Denied::Refused { .. });
    let (granted, _) = way.found(&wish, grant.style, may_be_style).await?;
    Ok(granted)
}

/// Asks for a token for a client, and says where the server looked for who asks. Where that is not
/// known the form is tried only after the server did not know the client by the header: a wrong
/// password is not sent twice for other reasons.
///
/// # Errors
/// As [`renew`].
pub async fn obtain(grant: &ClientGrant<'_>) -> Result<(Granted, Style), Trouble> {
    let mut pairs = vec![("grant_type", "client_credentials")];
    pairs.extend(grant.scope.map(|scope| ("scope", scope)));
    let wish = Wish {
        client: (grant.client_id, grant.client_secret),
        pairs,
        words: &OBTAINING,
    };
    let way = Way::to(grant.token_url, &OBTAINING)?;
    let found = way.found(&wish, grant.style, Denied::is_unknown_client);
    Ok(found.await?)
}

/// How it is told that there is no token.
struct Words {
    /// The name of the question, for the log.
    operation: &'static str,
    /// "the address where … is"
    address: &'static str,
    /// "server …".
    refusal: &'static str,
}

const RENEWING: Words = Words {
    operation: "RenewLogin",
    address: "the address where it is renewed",
    refusal: "does not renew it",
};

const OBTAINING: Words = Words {
    operation: "GetToken",
    address: "the address where tokens are given",
    refusal: "gives no token for this client",
};

/// What is asked for.
struct Wish<'a> {
    client: (&'a str, &'a Secret),
    pairs: Vec<(&'a str, &'a str)>,
    words: &'a Words,
}

/// Why there is no token.
enum Denied {
    Refused {
        status: StatusCode,
        /// The word of the error.
        code: Option<String>,
        text: Text,
    },
    Failed(Failure),
}

impl Denied {
    fn is_unknown_client(&self) -> bool {
        match self {
            Self::Refused { status, code, .. } => {
                *status == StatusCode::UNAUTHORIZED && code.as_deref() == Some("invalid_client")
            }
            Self::Failed(_) => false,
        }
    }
}

impl From<Denied> for Trouble {
    fn from(denied: Denied) -> Self {
        match denied {
            Denied::Refused { text, .. } => Self::Refused(text),
            Denied::Failed(failure) => Self::Failed(failure),
        }
    }
}

/// The way to a server of logins.
struct Way {
    client: Client,
    url: Url,
}

impl Way {
    fn to(token_url: &str, words: &Words) -> Result<Self, Trouble> {
        let url = address(token_url, words)?;
        let clients = Clients::new(|builder| builder);
        let client = clients.of(&url).map_err(Trouble::Failed)?;
        Ok(Self { client, url })
    }

    /// Asks in the style that is known; else by the header, and in the form where that may be why the
    /// server says no.
    async fn found(
        &self,
        wish: &Wish<'_>,
        style: Style,
        may_be_style: fn(&Denied) -> bool,
    ) -> Result<(Granted, Style), Denied> {
        let first = match style {
            Style::Unknown | Style::Header => Style::Header,
            Style::Form => Style::Form,
        };
        let style = match self.ask(wish, first).await {
            Err(denied) if style == Style::Unknown && may_be_style(&denied) => Style::Form,
            answer => return Ok((answer?, first)),
        };
        Ok((self.ask(wish, style).await?, style))
    }

    async fn ask(&self, wish: &Wish<'_>, style: Style) -> Result<Granted, Denied> {
        let host = self.url.host_str().unwrap_or_default();
        let request = with_form(self.client.post(self.url.clone()), wish, style);
        let response = request.timeout(PATIENCE).send().await;
        let response = response.map_err(|error| unasked(host, &problem::network(error)))?;
        let reply = Reply::read(wish.words.operation, response).await;
        let reply = reply.map_err(|failure| unasked(host, &failure))?;
        tracing::debug!(status = reply.status.as_u16(), "the login server answered");
        judge(host, &reply, wish.words)
    }
}

/// Where a token may be asked for.
fn address(written: &str, words: &Words) -> Result<Url, Trouble> {
    let refuse = |why: &str| {
        let why = format!("{} is {why}", words.address);
        Trouble::Refused(Text::clean(&why))
    };
    let url = Url::parse(written).map_err(|_| refuse("none"))?;
    check(&url, true, "without TLS (http), and it is not asked there").map_err(refuse)?;
    Ok(bare(url))
}

/// The request with its form. Who asks is said in one place only: servers refuse both.
fn with_form(request: RequestBuilder, wish: &Wish<'_>, style: Style) -> RequestBuilder {
    let (id, password) = (wish.client.0, wish.client.1.expose());
    let mut form = Serializer::new(String::new());
    form.extend_pairs(&wish.pairs);
    let request = match style {
        Style::Unknown | Style::Header => request.basic_auth(escaped(id), Some(escaped(password))),
        Style::Form => {
            let pairs = [("client_id", id), ("client_secret", password)];
            form.extend_pairs(pairs.iter().filter(|(_, value)| !value.is_empty()));
            request
        }
    };
    request
        .header(reqwest::header::ACCEPT, "application/json")
        .header(
            reqwest::header::CONTENT_TYPE,
            "application/x-www-form-urlencoded",
        )
        .body(form.finish())
}

fn escaped(text: &str) -> String {
    byte_serialize(text.as_bytes()).collect()
}

/// What a login server says. Some answer with a form, and errors with success.
#[derive(Default, Deserialize)]
struct Answer {
    access_token: Option<String>,
    refresh_token: Option<String>,
    /// A number, or a text with one.
    expires_in: Option<Value>,
    error: Option<String>,
}

fn judge(host: &str, reply: &Reply, words: &Words) -> Result<Granted, Denied> {
    let answer = read(&reply.body);
    if is_passing(reply.status) {
        return Err(broken(host, &format!("answered {}", reply.status.as_u16())));
    }
    let token = answer.access_token.filter(|token| !token.is_empty());
    match (token, &answer.error) {
        (Some(token), None) if reply.status.is_success() => Ok(Granted {
            access_token: Secret::new(token),
            refresh_token: answer
                .refresh_token
                .filter(|token| !token.is_empty())
                .map(Secret::new),
            lifetime: answer.expires_in.as_ref().and_then(seconds),
        }),
        (_, error) => {
            let code = error.as_deref().and_then(code).map(str::to_owned);
            let why = code
                .clone()
                .unwrap_or_else(|| format!("status {}", reply.status.as_u16()));
            Err(Denied::Refused {
                status: reply.status,
                code,
                text: remark(&format!("{host} {} ({why})", words.refusal)),
            })
        }
    }
}

fn read(body: &[u8]) -> Answer {
    serde_json::from_slice(body).unwrap_or_else(|_| {
        let find = |wanted: &str| {
            let mut pairs = parse(body);
            let found = pairs.find(|(name, _)| name == wanted);
            found.map(|(_, value)| value.into_owned())
        };
        Answer {
            access_token: find("access_token"),
            refresh_token: find("refresh_token"),
            expires_in: find("expires_in").map(Value::from),
            error: find("error"),
        }
    })
}

fn seconds(value: &Value) -> Option<Duration> {
    let read = value
        .as_u64()
        .or_else(|| value.as_str()?.trim().parse().ok());
    read.filter(|seconds| *seconds > 0).map(Duration::from_secs)
}

/// The word of an error. Anything else may repeat what was sent.
fn code(error: &str) -> Option<&str> {
    const LONGEST: usize = 40;
    let is_word = |c: char| c.is_ascii_lowercase() || c == '_';
    (error.len() <= LONGEST && error.chars().all(is_word) && !error.is_empty()).then_some(error)
}

/// What may be over the next time.
fn is_passing(status: StatusCode) -> bool {
    status.is_server_error()
        || matches!(
            status,
            StatusCode::TOO_MANY_REQUESTS | StatusCode::REQUEST_TIMEOUT
        )
}

fn broken(host: &str, what: &str) -> Denied {
    Denied::Failed(Failure::Network {
        problem: NetworkProblem::Connect,
        // To the platform: what was to be asked there waits for the token.
        sent: false,
        detail: remark(&format!("the login server {host} {what}")),
    })
}

/// A login server that did not answer. What is told names it, for it is not the platform.
fn unasked(host: &str, failure: &Failure) -> Denied {
    let Failure::Network {
        problem, detail, ..
    } = failure
    else {
        return broken(host, "sent an answer without end");
    };
    Denied::Failed(Failure::Network {
        problem: *problem,
        sent: false,
        detail: remark(&format!("the login server {host}: {detail}")),
    })
}

#[cfg(test)]
mod tests;
