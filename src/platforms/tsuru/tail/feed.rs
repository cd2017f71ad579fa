//! An open log, and what it brings.

use super::aim::Aim;
use crate::model::Failure;
use crate::platforms::http::Incoming;
use crate::platforms::tsuru::api::Api;
use crate::platforms::tsuru::stream::{Log, Step};

/// An open log.
pub(super) struct Feed {
    incoming: Incoming,
    log: Log,
    is_over: bool,
}

impl Feed {
    /// Asks for a log.
    pub(super) async fn open(
        api: &Api,
        aim: &Aim,
        lines: u32,
        follows: bool,
    ) -> Result<Self, Failure> {
        let opening = api.http.stream(aim.call(lines, follows)?);
        Ok(Self {
            incoming: api.ask(aim.op(), opening).await?,
            log: Log::new(),
            is_over: false,
        })
    }

    /// What comes next; absent at the end. Cancel-safe.
    pub(super) async fn next(&mut self) -> Result<Option<Vec<Step>>, Failure> {
        loop {
            if let Some(failure) = self.log.failure() {
                return Err(failure.clone());
            }
            if self.is_over {
                return Ok(None);
            }
            let steps = if let Some(bytes) = self.incoming.next().await? {
                self.log.push(&bytes)
            } else {
                self.is_over = true;
                self.log.finish()
            };
            if !steps.is_empty() {
                return Ok(Some(steps));
            }
        }
    }
}
