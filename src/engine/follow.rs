//! Sees an accepted operation through to its end.

use std::sync::Arc;
use std::time::Duration;

use tokio::time::{Instant, sleep};

use super::Clock;
use super::ask::{Asker, retry_after};
use super::gate::Lane;
use super::operations::unresolved;
use super::retry::Delays;
use super::voice::{Ear, Voice};
use crate::model::{
    Failure, Follow, Followed, Operation, OperationEvent, OperationTicket, Progress, Stage, Text,
};
use crate::platforms::Platform;

/// A followed operation is given up when nothing could be read of it for so long.
const PATIENCE: Duration = Duration::from_mins(30);

/// An adapter that asks for no pause at all gets one.
const SHORTEST_PAUSE: Duration = Duration::from_millis(250);

/// Sees something through to its end that somebody began before, and calls `progress` for every
/// event. Nothing is known of it yet, so what cannot be read at first is `Refused`; from then on
/// nothing but an end ends it.
pub async fn see_through(
    platform: Arc<dyn Platform>,
    what: &Follow,
    clock: Clock,
    progress: &mut (dyn FnMut(&OperationEvent) + Send),
) -> Stage {
    let lane = Lane::alone(&platform.profile().rate);
    let asker = Asker::visible(platform.as_ref(), &lane, clock);
    let mut voice = Voice::new(OperationTicket(0), clock, Ear::Call(progress));
    voice.follow = Some(what.clone());
    let first = asker.ask(&mut voice, || asker.platform.follow(what)).await;
    let stage = match first {
        Err(failure) => Stage::Refused(failure),
        Ok(Followed {
            verdict: Some(verdict),
            ..
        }) => Stage::Ended(verdict),
        Ok(Followed { .. }) => {
            let hopeless = |why: &str| Stage::Unresolved(Text::clean(why));
            follow_until(&asker, &hopeless, what, &mut voice).await
        }
    };
    voice.say(stage.clone()).await;
    stage
}

/// Sees an accepted operation through. What cannot be read does not end it.
pub(super) async fn follow(
    asker: &Asker<'_>,
    operation: &Operation,
    what: &Follow,
    voice: &mut Voice<'_>,
) -> Stage {
    let hopeless = |why: &str| unresolved(operation, why);
    follow_until(asker, &hopeless, what, voice).await
}

/// The same; `hopeless` says that nobody knows how it ended.
async fn follow_until(
    asker: &Asker<'_>,
    hopeless: &(dyn Fn(&str) -> Stage + Sync),
    what: &Follow,
    voice: &mut Voice<'_>,
) -> Stage {
    let mut shown = Progress::default();
    voice.say(Stage::Running(shown.clone())).await;
    let mut trouble: Option<Trouble> = None;
    loop {
        let pause = match asker.once(|| asker.platform.follow(what)).await {
            Ok(Followed {
                verdict: Some(verdict),
                ..
            }) => return Stage::Ended(verdict),
            Ok(Followed {
                progress, again_in, ..
            }) => {
                if trouble.take().is_some() || progress != shown {
                    shown = progress;
                    voice.say(Stage::Running(shown.clone())).await;
                }
                again_in.max(SHORTEST_PAUSE)
            }
            Err(failure) => {
                let is_new = trouble.is_none();
                let trouble = trouble.get_or_insert_with(Trouble::new);
                if let Some(stage) = trouble.is_hopeless(&failure, hopeless) {
                    return stage;
                }
                if is_new {
                    let note = format!("its progress cannot be read ({})", failure.short());
                    voice.remark(Stage::Running(shown.clone()), &note).await;
                }
                trouble.delay(&failure)
            }
        };
        sleep(asker.pace.of(pause)).await;
    }
}

/// Looks at a followed operation fail, one after the other.
struct Trouble {
    since: Instant,
    delays: Delays,
}

impl Trouble {
    fn new() -> Self {
        Self {
            since: Instant::now(),
            delays: Delays::patient(),
        }
    }

    fn is_hopeless(&self, failure: &Failure, hopeless: &dyn Fn(&str) -> Stage) -> Option<Stage> {
        let never = matches!(failure, Failure::Unsupported { .. });
        (never || self.since.elapsed() >= PATIENCE).then(|| {
            let why = format!(
                "accepted, and then nothing could be read of it ({})",
                failure.short()
            );
            hopeless(&why)
        })
    }

    fn delay(&mut self, failure: &Failure) -> Duration {
        let wait = retry_after(failure).unwrap_or_default().min(PATIENCE);
        self.delays.next_delay().max(wait)
    }
}
