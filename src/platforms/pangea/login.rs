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

use super::failure::ADVICE;
use super::place::token_url;
use crate::model::{AuthProblem, Failure, Secret, Text};
use crate::platforms::http::oauth::{self, ClientGrant, Granted, Style, Trouble};
use crate::platforms::{Connection, Credential, TokenSource};

/// What service tokens are called.
pub const SERVICE_TOKEN: &str = "a service token (pts_…)";

/// A token is renewed so long before it ends.
const MARGIN: Duration = Duration::from_mins(1);

/// The source of access tokens for a connection. Where it names a client, its credential is the
/// client's secret.
///
/// # Errors
/// `Validation` for a domain that is none.
pub(super) fn source(connection: &Connection) -> Result<Credential, Failure> {
    let source = connection.credential.clone();
    let setting = |name| connection.settings.get(name).map(str::to_owned);
    let Some(id) = setting("client_id") else {
        return Ok(Arc::new(Given(source)));
    };
    Ok(Arc::new(Client {
        id,
        secret: source,
        scope: setting("scope"),
        token_url: token_url(connection)?,
        kept: Mutex::default(),
    }))
}

/// Whether a token is good for the security services, and for nothing here.
#[must_use]
pub fn is_service_token(token: &Secret) -> bool {
    token.expose().trim().starts_with("pts_")
}

/// What may be sent.
fn fit(token: Secret) -> Result<Secret, Failure> {
    if is_service_token(&token) {
        return Err(Failure::Auth(AuthProblem::Unfit {
            what: Text::clean(SERVICE_TOKEN),
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

    #[test]
    fn a_service_token_is_not_sent() {
        for token in ["pts_canary", " pts_canary\n"] {
            let failure = fit(Secret::new(token)).unwrap_err();
            assert_eq!(
                failure.headline(),
                "wrong kind of token: this is a service token (pts_…)"
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
