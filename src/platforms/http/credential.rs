//! The token: asked for once, kept, and asked for again when it ends or the platform rejects it.
//!
//! The source is asked by one caller at a time. Whoever waited meanwhile, or sent its request before,
//! has the same answer, be it none: a source may be a server that counts wrong passwords.

use std::sync::atomic::{AtomicU64, Ordering};

use reqwest::header::{HeaderName, HeaderValue};
use tokio::sync::Mutex;

use crate::model::{AuthProblem, Failure, Secret, Text};
use crate::platforms::Credential;

/// Where the token comes from, and what it was.
pub(super) struct Token {
    source: Credential,
    known: Mutex<Known>,
    /// How often the source was asked.
    asked: AtomicU64,
}

#[derive(Default)]
struct Known {
    token: Option<Secret>,
    /// What the source said last.
    last: Option<Result<Secret, Failure>>,
}

/// A token that goes with a request.
pub(super) struct Lent {
    pub(super) token: Secret,
    /// How often the source was asked until then.
    asked: u64,
}

impl Token {
    pub(super) fn new(source: Credential) -> Self {
        Self {
            source,
            known: Mutex::default(),
            asked: AtomicU64::new(0),
        }
    }

    /// The token; the source is asked the first time, and when the token is about to end.
    pub(super) async fn get(&self) -> Result<Lent, Failure> {
        let before = self.asked();
        let mut known = self.known.lock().await;
        let token = match &known.token {
            Some(token) if !self.source.is_due() => token.clone(),
            Some(_) | None => self.next(&mut known, before).await?,
        };
        Ok(Lent {
            token,
            asked: self.asked(),
        })
    }

    async fn next(&self, known: &mut Known, before: u64) -> Result<Secret, Failure> {
        let answer = self.answer(known, before, |source| source.token()).await;
        match (answer, &known.token) {
            // It is about to end, and has not: the platform says when it has.
            (Err(failure), Some(token)) if !failure.is_bad_credential() => Ok(token.clone()),
            (answer, _) => answer,
        }
    }

    /// The token, if somebody has needed it before.
    pub(super) async fn known(&self) -> Option<Secret> {
        self.known.lock().await.token.clone()
    }

    /// Uses another token from now on.
    pub(super) async fn replace(&self, token: Secret) {
        self.known.lock().await.token = Some(token);
    }

    /// Another token than the rejected one, if there is one by now.
    ///
    /// # Errors
    /// `Network` where somebody had to be asked for one and did not answer.
    pub(super) async fn renew(&self, rejected: &Lent) -> Result<Option<Secret>, Failure> {
        let mut known = self.known.lock().await;
        if let Some(token) = &known.token
            && *token != rejected.token
        {
            return Ok(Some(token.clone()));
        }
        let old = rejected.token.clone();
        let how = move |source: &Credential| source.renew(&old);
        match self.answer(&mut known, rejected.asked, how).await {
            Ok(token) if token == rejected.token => Ok(None),
            Ok(token) => Ok(Some(token)),
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

    fn asked(&self) -> u64 {
        self.asked.load(Ordering::Acquire)
    }

    /// What the source says, or said to somebody else since it had been asked so often.
    async fn answer(
        &self,
        known: &mut Known,
        before: u64,
        how: impl FnOnce(&Credential) -> Result<Secret, Failure> + Send + 'static,
    ) -> Result<Secret, Failure> {
        if let Some(last) = &known.last
            && self.asked() != before
        {
            return last.clone();
        }
        let answer = self.ask(how).await;
        if let Ok(token) = &answer {
            known.token = Some(token.clone());
        }
        known.last = Some(answer.clone());
        self.asked.fetch_add(1, Ordering::Release);
        answer
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
