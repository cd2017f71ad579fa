//! What is written down about operations, and by whom.
//!
//! The engine knows when; where to and in which form is told by whoever starts it. Writing may take
//! as long as a disk does, so it never happens on a thread that serves requests.

use std::fmt;
use std::sync::Arc;

use tokio::task::spawn_blocking;

use crate::model::{Consent, Ended, Failure, Follow, IntentId, Operation, Safety, Text, Witness};

/// Writes operations down. Its methods may block.
pub trait Recorder: fmt::Debug + Send + Sync {
    /// Something is about to be sent, as carefully as `safety` says: the platform's word, not that
    /// of the kind of operation. When this returns it is written down for good.
    ///
    /// # Errors
    /// If it cannot be written: then nothing is sent.
    fn intent(
        &self,
        operation: &Operation,
        safety: Safety,
        consent: &Consent,
        witness: &Witness,
    ) -> Result<IntentId, Failure>;

    /// The platform took it.
    ///
    /// # Errors
    /// If it cannot be written.
    fn accepted(&self, id: &IntentId, follow: &Follow) -> Result<(), Failure>;

    /// It ended.
    ///
    /// # Errors
    /// If it cannot be written.
    fn ended(&self, id: &IntentId, ended: &Ended) -> Result<(), Failure>;

    /// It was found out how something ended that an earlier run had sent.
    ///
    /// # Errors
    /// If it cannot be written.
    fn resolved(&self, id: &IntentId, ended: &Ended) -> Result<(), Failure>;
}

/// Refuses: an engine that nobody gave a recorder changes nothing.
#[derive(Debug)]
pub(super) struct NoRecorder;

impl NoRecorder {
    fn refuse<T>() -> Result<T, Failure> {
        Err(Failure::Local {
            problem: Text::clean("there is no audit to write to: nothing was sent"),
            advice: Text::clean("report this to flightdeck's developers"),
        })
    }
}

impl Recorder for NoRecorder {
    fn intent(
        &self,
        _: &Operation,
        _: Safety,
        _: &Consent,
        _: &Witness,
    ) -> Result<IntentId, Failure> {
        Self::refuse()
    }

    fn accepted(&self, _: &IntentId, _: &Follow) -> Result<(), Failure> {
        Self::refuse()
    }

    fn ended(&self, _: &IntentId, _: &Ended) -> Result<(), Failure> {
        Self::refuse()
    }

    fn resolved(&self, _: &IntentId, _: &Ended) -> Result<(), Failure> {
        Self::refuse()
    }
}

/// Writes about one operation.
pub(super) struct Scribe {
    recorder: Arc<dyn Recorder>,
    about: About,
}

/// Which operation that is.
enum About {
    /// Nothing is written yet.
    Nothing,
    /// One of this run.
    Own(IntentId),
    /// One that an earlier run left open.
    Earlier(IntentId),
}

impl Scribe {
    /// Has written nothing yet.
    pub(super) fn new(recorder: Arc<dyn Recorder>) -> Self {
        let about = About::Nothing;
        Self { recorder, about }
    }

    /// Goes on where an earlier run ended.
    pub(super) fn of_earlier(recorder: Arc<dyn Recorder>, id: IntentId) -> Self {
        let about = About::Earlier(id);
        Self { recorder, about }
    }

    /// Writes that something is about to be sent.
    pub(super) async fn intent(
        &mut self,
        operation: &Operation,
        safety: Safety,
        consent: &Consent,
        witness: &Witness,
    ) -> Result<(), Failure> {
        let (operation, consent) = (operation.clone(), consent.clone());
        let witness = witness.clone();
        let write =
            move |recorder: &dyn Recorder| recorder.intent(&operation, safety, &consent, &witness);
        self.about = About::Own(self.write(write).await?);
        Ok(())
    }

    /// Writes that the platform took it. That this cannot be written stops nothing: it only takes
    /// longer to find out after a crash.
    pub(super) async fn accepted(&self, follow: &Follow) {
        let (About::Own(id) | About::Earlier(id)) = &self.about else {
            return;
        };
        let (id, follow) = (id.clone(), follow.clone());
        let written = self.write(move |recorder| recorder.accepted(&id, &follow));
        if let Err(failure) = written.await {
            tracing::warn!(%failure, "that an operation was accepted is not in the audit");
        }
    }

    /// Writes how it ended. What was never begun has no end.
    pub(super) async fn ended(&self, ended: Ended) -> Result<(), Failure> {
        match &self.about {
            About::Nothing => Ok(()),
            About::Own(id) => {
                let id = id.clone();
                self.write(move |recorder| recorder.ended(&id, &ended))
                    .await
            }
            About::Earlier(id) => {
                let id = id.clone();
                self.write(move |recorder| recorder.resolved(&id, &ended))
                    .await
            }
        }
    }

    async fn write<T: Send + 'static>(
        &self,
        write: impl FnOnce(&dyn Recorder) -> Result<T, Failure> + Send + 'static,
    ) -> Result<T, Failure> {
        let recorder = Arc::clone(&self.recorder);
        let written = spawn_blocking(move || write(recorder.as_ref())).await;
        written.unwrap_or_else(|error| {
            Err(Failure::Local {
                problem: Text::clean(&format!("writing the audit broke: {error}")),
                advice: Text::clean("report this to flightdeck's developers"),
            })
        })
    }
}
