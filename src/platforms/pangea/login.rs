//! Tokens: one that is configured, or one that a management client is exchanged for.
//!
//! A service token is never sent: it is good for other services and for nothing here. What a client
//! is exchanged for stays in memory, and its secret goes to one server only: that of its domain, or
//! the configured one itself.
//!
//! Source: Pangea contract, section 3.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::runtime::Handle;
use tokio::time::Instant;
use url::Url;

use super::PROFILE;
use super::failure::ADVICE;
use super::paths::TOKEN;
use crate::model::{AuthProblem, Failure, Secret, Text};
use crate::platforms::http::oauth::{self, ClientGrant, Granted, Style, Trouble};
use crate::platforms::{Connection, Credential, TokenSource};

/// What service tokens begin with.
const SERVICE: &str = "pts_";

/// What stands before the domain: of the API, and of the server of logins.
const CONSOLE: &str = "api.console.";
const LOGIN: &str = "authorization.access.";

/// A token is renewed so long before it ends.
const MARGIN: Duration = Duration::from_mins(1);

/// The source of access tokens for a connection. Where it names a client, its credential is the
/// client's secret.
///
/// # Errors
/// `Validation` for a domain that is none.
pub(super) fn source(connection: &Connection) -> Result<Credential, Failure> {
    let source = connection.credential.clone();
    let Some(id) = set(connection, "client_id") else {
        return Ok(Arc::new(Given(source)));
    };
    Ok(Arc::new(Client {
        id: id.to_owned(),
        secret: source,
        scope: set(connection, "scope").map(str::to_owned),
        token_url: token_url(connection)?,
        kept: Mutex::default(),
    }))
}

fn set<'a>(connection: &'a Connection, name: &str) -> Option<&'a str> {
    let value = connection.settings.get(name).map(str::trim);
    value.filter(|value| !value.is_empty())
}

/// Where the API is: at the domain, where one is set and the address is not.
///
/// # Errors
/// As [`source`].
pub(super) fn base_url(connection: &Connection) -> Result<Url, Failure> {
    let is_default = Url::parse(PROFILE.base_url).as_ref() == Ok(&connection.base_url);
    match set(connection, "domain") {
        Some(written) if is_default => {
            let address = format!("https://{CONSOLE}{}", domain(written)?);
            Url::parse(&address).map_err(|_| no_domain())
        }
        Some(_) | None => Ok(connection.base_url.clone()),
    }
}

/// Where the client is exchanged: never anywhere else than at the domain, or where the API is.
fn token_url(connection: &Connection) -> Result<String, Failure> {
    let host = connection.base_url.host_str().unwrap_or_default();
    let server = match (set(connection, "domain"), host.strip_prefix(CONSOLE)) {
        (Some(written), _) => format!("https://{LOGIN}{}", domain(written)?),
        (None, Some(domain)) => format!("https://{LOGIN}{domain}"),
        (None, None) => connection.base_url.origin().ascii_serialization(),
    };
    Ok(format!("{server}{TOKEN}"))
}

/// A domain as it was pasted: with a scheme, a slash at its end, or the name of a server before it.
fn domain(written: &str) -> Result<String, Failure> {
    let written = written.trim().to_ascii_lowercase();
    let rest = written.split_once("://").map_or(&*written, |(_, it)| it);
    let rest = rest.trim_end_matches('/');
    let bare = [CONSOLE, LOGIN]
        .iter()
        .find_map(|server| rest.strip_prefix(server))
        .unwrap_or(rest);
    let is_part = |part: &str| {
        !part.is_empty() && part.chars().all(|c| c.is_ascii_alphanumeric() || c == '-')
    };
    if bare.split('.').all(is_part) {
        Ok(bare.to_owned())
    } else {
        Err(no_domain())
    }
}

fn no_domain() -> Failure {
    Failure::invalid("domain", "is no domain such as aws.us.pangea.cloud")
}

/// What may be sent.
fn fit(token: Secret) -> Result<Secret, Failure> {
    if token.expose().trim().starts_with(SERVICE) {
        return Err(Failure::Auth(AuthProblem::Unfit {
            what: Text::clean("a service token"),
            advice: Text::clean(ADVICE),
        }));
    }
    Ok(token)
}

/// A token that somebody has.
struct Given(Credential);

impl TokenSource for Given {
    fn token(&self) -> Result<Secret, Failure> {
        fit(self.0.token()?)
    }

    fn renew(&self, rejected: &Secret) -> Result<Secret, Failure> {
        fit(self.0.renew(rejected)?)
    }

    fn is_due(&self) -> bool {
        self.0.is_due()
    }

    fn rejected(&self) -> Option<Failure> {
        self.0.rejected()
    }
}

/// A management client. Whoever asks it for a token is alone: others wait.
struct Client {
    id: String,
    secret: Credential,
    scope: Option<String>,
    token_url: String,
    kept: Mutex<Kept>,
}

/// What is known beyond the token, which is kept where it is used.
struct Kept {
    /// From when on another one is asked for; absent where the server does not say.
    until: Option<Instant>,
    /// Where the server looks for who asks.
    style: Style,
    /// Why there was no token the last time.
    trouble: Option<Failure>,
}

impl Default for Kept {
    fn default() -> Self {
        Self {
            until: None,
            style: Style::Unknown,
            trouble: None,
        }
    }
}

impl TokenSource for Client {
    fn token(&self) -> Result<Secret, Failure> {
        let secret = fit(self.secret.token()?)?;
        let style = self.kept().style;
        let asked_at = Instant::now();
        let granted = self.exchange(&secret, style);
        let mut kept = self.kept();
        match granted {
            Ok((granted, style)) => {
                *kept = Kept {
                    until: granted.lifetime.and_then(|it| ends(asked_at, it)),
                    style,
                    trouble: None,
                };
                fit(granted.access_token)
            }
            Err(Trouble::Failed(failure)) => Err(failure),
            Err(Trouble::Refused(reason)) => {
                let failure = refused(reason);
                kept.trouble = Some(failure.clone());
                Err(failure)
            }
        }
    }

    fn is_due(&self) -> bool {
        let until = self.kept().until;
        until.is_some_and(|until| Instant::now() >= until)
    }

    fn rejected(&self) -> Option<Failure> {
        self.kept().trouble.clone()
    }
}

impl Client {
    fn kept(&self) -> MutexGuard<'_, Kept> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The caller's thread may block.
    fn exchange(&self, secret: &Secret, style: Style) -> Result<(Granted, Style), Trouble> {
        let nobody = |_| Trouble::Refused(Text::clean("nobody is there to ask for a token"));
        let runtime = Handle::try_current().map_err(nobody)?;
        runtime.block_on(oauth::obtain(&ClientGrant {
            token_url: &self.token_url,
            client_id: &self.id,
            client_secret: secret,
            scope: self.scope.as_deref(),
            style,
        }))
    }
}

/// From when on a token is renewed. One that is good for less than two minutes is half of its time.
fn ends(asked_at: Instant, lifetime: Duration) -> Option<Instant> {
    asked_at.checked_add(lifetime.saturating_sub(MARGIN.min(lifetime / 2)))
}

fn refused(reason: Text) -> Failure {
    Failure::Auth(AuthProblem::Refused {
        reason,
        advice: Text::clean(&format!(
            "check `client_id` and `client_secret`, or {ADVICE}"
        )),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Scratch;
    use crate::platforms::Settings;

    fn connection(base: &str, domain: Option<&'static str>) -> Connection {
        let settings = domain.map(|domain| ("domain", domain.to_owned()));
        Connection {
            base_url: Url::parse(base).unwrap(),
            credential: Arc::new(|| Ok(Secret::new("canary"))),
            read_only: false,
            organisation: None,
            settings: Settings(settings.into_iter().collect()),
            notebook: Arc::new(Scratch::default()),
            allow_plain_http: false,
        }
    }

    /// Where the API and the login of a context are.
    fn check(base: &str, domain: Option<&'static str>, api: &str, login: &str) {
        let connection = connection(base, domain);
        assert_eq!(base_url(&connection).unwrap().as_str(), api);
        assert_eq!(token_url(&connection).unwrap(), format!("{login}{TOKEN}"));
    }

    #[test]
    fn a_client_is_exchanged_at_its_domain_or_where_the_api_is() {
        let default = PROFILE.base_url;
        let us = "https://api.console.aws.us.pangea.cloud/";
        check(
            default,
            None,
            us,
            "https://authorization.access.aws.us.pangea.cloud",
        );
        let eu = "https://api.console.aws.eu.pangea.cloud/";
        for written in [
            "aws.eu.pangea.cloud",
            " https://aws.eu.pangea.cloud/ ",
            "api.console.aws.eu.pangea.cloud",
            "http://API.console.AWS.eu.pangea.cloud",
        ] {
            check(
                default,
                Some(written),
                eu,
                "https://authorization.access.aws.eu.pangea.cloud",
            );
        }
        check(
            "https://api.console.example.org/prefix",
            None,
            "https://api.console.example.org/prefix",
            "https://authorization.access.example.org",
        );
        let here = "http://127.0.0.1:8080";
        check(here, None, "http://127.0.0.1:8080/", here);
    }

    #[test]
    fn a_domain_cannot_name_another_place() {
        for bad in [
            "a@b.example.com",
            "a.example.com/x",
            "a b",
            "a..b",
            "a:1",
            "a?b",
            "",
        ] {
            assert!(domain(bad).is_err(), "{bad:?}");
        }
    }

    #[test]
    fn a_service_token_is_not_sent() {
        for token in ["pts_canary", " pts_canary\n"] {
            let failure = fit(Secret::new(token)).unwrap_err();
            assert_eq!(
                failure.headline(),
                "wrong kind of token: this is a service token"
            );
            assert_eq!(failure.advice(), ADVICE);
        }
        assert!(fit(Secret::new("ptr_x")).is_ok());
    }

    #[test]
    fn a_token_is_renewed_a_minute_before_its_end() {
        let now = Instant::now();
        let wait = |seconds| ends(now, Duration::from_secs(seconds)).unwrap() - now;
        assert_eq!(wait(3_600), Duration::from_mins(59));
        assert_eq!(wait(30), Duration::from_secs(15));
    }
}
