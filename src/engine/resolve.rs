//! Operations that an earlier run sent and of which nobody wrote down the end: found out about by
//! reading, by the same rules as a lost answer. Nothing is sent.

use std::sync::Arc;

use super::Clock;
use super::ask::Asker;
use super::gate::Lane;
use super::operations::{End, Run};
use super::record::{Recorder, Scribe};
use super::voice::{Ear, Voice};
use crate::model::{
    Failure, Follow, IntentId, Operation, OperationEvent, OperationTicket, Stage, Text, Witness,
};
use crate::platforms::Platform;

/// An operation that an earlier run left open.
#[derive(Clone, Debug, PartialEq)]
pub struct OpenIntent {
    /// Its number in the audit.
    pub id: IntentId,
    /// What was asked for; its secrets may be missing.
    pub operation: Operation,
    /// What was newest before it was sent.
    pub witness: Witness,
    /// What to follow, if the platform is known to have taken it.
    pub follow: Option<Follow>,
}

/// Finds out what became of an operation that an earlier run left open, and with `wait` sees it
/// through to its end. Calls `progress` for every event.
///
/// Returns the stage of the last event.
pub async fn resolve_operation(
    platform: Arc<dyn Platform>,
    open: OpenIntent,
    recorder: Arc<dyn Recorder>,
    clock: Clock,
    wait: bool,
    progress: &mut (dyn FnMut(&OperationEvent) + Send),
) -> Stage {
    let lane = Lane::alone(&platform.profile().rate);
    let asker = Asker::visible(platform.as_ref(), &lane, clock);
    let voice = Voice::new(OperationTicket(0), clock, Ear::Call(progress));
    let scribe = Scribe::of_earlier(recorder, open.id);
    let run = Run::new(asker, &open.operation, voice, scribe);
    let end = if wait { End::Ended } else { End::Accepted };
    run.resolve(&open.witness, open.follow, end).await
}

impl Run<'_> {
    /// Finds out, tells and writes down how it ended.
    pub(super) async fn resolve(
        mut self,
        before: &Witness,
        known: Option<Follow>,
        end: End,
    ) -> Stage {
        let found = match known {
            Some(follow) => Ok(follow),
            None => self.find_out(Failure::interrupted(), before).await,
        };
        let stage = match found {
            Ok(follow) => self.see_to_end(follow, end).await,
            Err(stage) => stage,
        };
        if self.was_answered || !matches!(stage, Stage::Unresolved(_)) {
            self.finish(stage).await
        } else {
            // Nothing was learned: it stays open.
            self.voice.note = Some(Text::clean("the next start looks again"));
            self.voice.say(stage.clone()).await;
            stage
        }
    }
}
