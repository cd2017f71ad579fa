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

    /// The token; the source is asked the first time only, or when the token is about to end, and
    /// by one caller only.
    pub(super) async fn get(&self) -> Result<Secret, Failure> {
        let mut known = self.known.lock().await;
        if let Some(token) = &*known
            && !self.source.is_due()
        {
            return Ok(token.clone());
        }
        let token = self.ask(|source| source.token()).await?;
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
    ///
    /// # Errors
    /// `Network` where somebody had to be asked for one and did not answer.
    pub(super) async fn renew(&self, rejected: &Secret) -> Result<Option<Secret>, Failure> {
        let mut known = self.known.lock().await;
        if let Some(token) = &*known
            && token != rejected
        {
            return Ok(Some(token.clone()));
        }
        let old = rejected.clone();
        match self.ask(move |source| source.renew(&old)).await {
            Ok(token) if token == *rejected => Ok(None),
            Ok(token) => {
                *known = Some(token.clone());
                Ok(Some(token))
            }
            // There is no other: what the platform said of this one stands.
            Err(failure) if failure.is_bad_credential() => Ok(None),
            Err(failure) => Err(failure),
        }
    }

    /// What it means that the platform accepts no token, where the source knows more than the
    /// platform.
    pub(super) fn rejected(&self) -> Option<Failure> {
        self.source.rejected()
    }

    /// The source may run a command: not on a thread that serves others.
    async fn ask(
        &self,
        how: impl FnOnce(&Credential) -> Result<Secret, Failure> + Send + 'static,
    ) -> Result<Secret, Failure> {
        let source = self.source.clone();
        let asked = tokio::task::spawn_blocking(move || how(&source)).await;
        let place = match asked {
            Ok(Ok(token)) if !token.expose().trim().is_empty() => {
                return Ok(Secret::new(token.expose().trim()));
            }
            Ok(Ok(_)) => Text::clean("it is empty"),
            Ok(Err(failure)) => return Err(failure),
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
