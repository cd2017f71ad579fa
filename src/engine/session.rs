//! Terminal sessions. They are no requests: whoever holds one holds the terminal, and what is typed
//! there is nobody's to record. That there was one is written down before it opens and when it ends,
//! like every other intervention.

use std::fmt;
use std::sync::Arc;

use super::Engine;
use super::record::{Recorder, Scribe};
use crate::model::{
    Consent, Ended, Failure, Operation, OperationKind, Stage, Text, Verdict, Witness,
};
use crate::platforms::{Console, Platform};

/// A terminal session that is open.
pub struct Session {
    /// The other side.
    pub console: Box<dyn Console>,
    scribe: Scribe,
}

impl fmt::Debug for Session {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Session")
    }
}

impl Session {
    /// Closes it, and writes down how it ended. Gives its last stage.
    pub async fn close(self, verdict: Verdict) -> Stage {
        let Self { console, scribe } = self;
        // Closed first: what is said to have ended has.
        drop(console);
        finish(&scribe, Stage::Ended(verdict)).await
    }
}

/// What it takes to open a session.
#[derive(Clone)]
pub struct Opening {
    platform: Arc<dyn Platform>,
    recorder: Arc<dyn Recorder>,
}

impl fmt::Debug for Opening {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.platform.profile().name)
    }
}

impl Opening {
    /// On a platform, written down by `recorder`.
    #[must_use]
    pub fn new(platform: Arc<dyn Platform>, recorder: Arc<dyn Recorder>) -> Self {
        Self { platform, recorder }
    }

    /// Writes it down and opens it, for a terminal of so many columns and rows.
    ///
    /// # Errors
    /// The stage it ended in without having been open.
    pub async fn open(
        self,
        operation: &Operation,
        consent: &Consent,
        size: (u16, u16),
    ) -> Result<Session, Stage> {
        let capability = operation.kind.capability();
        if let Some(reason) = self.platform.support(capability).refusal() {
            return Err(Stage::Refused(Failure::unsupported(capability, reason)));
        }
        let (OperationKind::Console { unit }, Some(env)) =
            (&operation.kind, &operation.target.environment)
        else {
            let failure = Failure::Local {
                problem: Text::clean("a terminal session belongs to one environment"),
                advice: Text::clean("name it: APP/ENVIRONMENT"),
            };
            return Err(Stage::Refused(failure));
        };
        let mut scribe = Scribe::new(self.recorder);
        let safety = self.platform.safety(operation);
        let written = scribe.intent(operation, safety, consent, &Witness(None));
        let written = written.await;
        // What cannot be written down is not opened.
        written.map_err(Stage::Refused)?;
        match self.platform.console(env, unit.as_deref(), size).await {
            Ok(console) => Ok(Session { console, scribe }),
            Err(failure) => Err(finish(&scribe, Stage::Refused(failure)).await),
        }
    }
}

async fn finish(scribe: &Scribe, stage: Stage) -> Stage {
    let ended = Ended {
        stage: stage.clone(),
        follow: None,
        lost: None,
        note: None,
    };
    if let Err(failure) = scribe.ended(ended).await {
        tracing::warn!(%failure, "the end of a terminal session is not in the audit");
    }
    stage
}

impl Engine {
    /// What it takes to open a terminal session in the context of an operation.
    #[must_use]
    pub fn opening(&self, operation: &Operation) -> Option<Opening> {
        let context = usize::from(operation.target.context.0);
        let platform = &self.contexts.get(context)?.platform;
        let recorder = Arc::clone(&self.recorder);
        Some(Opening::new(Arc::clone(platform), recorder))
    }
}
