//! The token: asked for once, kept, and asked for again when the platform rejects it.

use reqwest::header::{HeaderName, HeaderValue};
use tokio::sync::Mutex;

use crate::model::{AuthProblem, Failure, Secret, Text};
use crate::platforms::Credential;

/// Where the token comes from, and what it was.
pub(super) struct Token {
    source: Credential,
    known: Mutex<Option<Secret>>,
}

impl Token {
    pub(super) fn new(source: Credential) -> Self {
        Self {
            source,
            known: Mutex::new(None),
        }
    }

    /// The token; the source is asked the first time only, and by one caller only.
    pub(super) async fn get(&self) -> Result<Secret, Failure> {
        let mut known = self.known.lock().await;
        if let Some(token) = &*known {
            return Ok(token.clone());
        }
        let token = self.ask().await?;
        *known = Some(token.clone());
        Ok(token)
    }

    /// The token, if somebody has needed it before.
    pub(super) async fn known(&self) -> Option<Secret> {
        self.known.lock().await.clone()
    }

    /// Uses another token from now on.
    pub(super) async fn replace(&self, token: Secret) {
        *self.known.lock().await = Some(token);
    }

    /// Another token than the rejected one, if there is one by now.
    pub(super) async fn renew(&self, rejected: &Secret) -> Option<Secret> {
        let mut known = self.known.lock().await;
        if let Some(token) = &*known
            && token != rejected
        {
            return Some(token.clone());
        }
        let token = self.ask().await.ok()?;
        if token == *rejected {
            return None;
        }
        *known = Some(token.clone());
        Some(token)
    }

    /// The source may run a command: not on a thread that serves others.
    async fn ask(&self) -> Result<Secret, Failure> {
        let source = self.source.clone();
        let asked = tokio::task::spawn_blocking(move || source()).await;
        let place = match asked {
            Ok(Ok(token)) if !token.expose().trim().is_empty() => {
                return Ok(Secret::new(token.expose().trim()));
            }
            Ok(Ok(_)) => Text::clean("it is empty"),
            Ok(Err(place)) => place,
            Err(_) => Text::clean("reading it broke off"),
        };
        Err(Failure::Auth(AuthProblem::Missing(place)))
    }
}

/// The header that carries the token, marked so that no log shows it.
pub(super) fn header(
    dialect: fn(&str) -> (HeaderName, String),
    token: &str,
) -> Result<(HeaderName, HeaderValue), Failure> {
    let (name, value) = dialect(token);
    let Ok(mut value) = HeaderValue::try_from(value) else {
        return Err(Failure::Auth(AuthProblem::Missing(Text::clean(
            "it has characters that no token has",
        ))));
    };
    value.set_sensitive(true);
    Ok((name, value))
}
