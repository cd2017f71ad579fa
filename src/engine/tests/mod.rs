//! The engine against a scripted platform, in paused time.

pub(crate) mod double;

mod follow;
mod gate;
mod operations;
mod past;
mod previews;
mod reads;
mod record;
mod tails;

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::mpsc;
use tokio::time::{Instant, timeout};

use self::double::{Noted, Scripted, clock};
use super::*;

const QUEUE: usize = 256;

/// An engine over scripted platforms, and the end of its queue.
struct Bench {
    engine: Engine,
    events: mpsc::Receiver<EngineEvent>,
    platforms: Vec<Arc<Scripted>>,
    noted: Arc<Noted>,
    begun: Instant,
}

impl Bench {
    fn new() -> Self {
        Self::with(1, QUEUE)
    }

    fn with(contexts: usize, queue: usize) -> Self {
        // The clock begins with its first look.
        let _ = clock();
        let platforms = Scripted::several(contexts);
        let (sender, events) = mpsc::channel(queue);
        let noted = Arc::new(Noted::default());
        let served = platforms.iter().cloned().map(|p| p as Arc<dyn Platform>);
        Self {
            engine: Engine::new(served.collect(), sender, clock)
                .recording(Arc::clone(&noted) as Arc<dyn Recorder>),
            events,
            platforms,
            noted,
            begun: Instant::now(),
        }
    }

    fn platform(&self) -> &Scripted {
        &self.platforms[0]
    }

    async fn event(&mut self) -> EngineEvent {
        let wait = timeout(Duration::from_hours(2), self.events.recv());
        wait.await.expect("an event").expect("an engine")
    }

    async fn report(&mut self) -> Report {
        match self.event().await {
            EngineEvent::Report(report) => report,
            other @ (EngineEvent::Logs(_)
            | EngineEvent::Operation(_)
            | EngineEvent::Preview(_)
            | EngineEvent::PastLines(_)
            | EngineEvent::Transfer(_)) => panic!("{other:?}"),
        }
    }

    async fn batch(&mut self) -> LogBatch {
        match self.event().await {
            EngineEvent::Logs(batch) => batch,
            other @ (EngineEvent::Report(_)
            | EngineEvent::Operation(_)
            | EngineEvent::Preview(_)
            | EngineEvent::PastLines(_)
            | EngineEvent::Transfer(_)) => panic!("{other:?}"),
        }
    }

    async fn said(&mut self) -> OperationEvent {
        match self.event().await {
            EngineEvent::Operation(event) => event,
            other @ (EngineEvent::Report(_)
            | EngineEvent::Logs(_)
            | EngineEvent::Preview(_)
            | EngineEvent::PastLines(_)
            | EngineEvent::Transfer(_)) => panic!("{other:?}"),
        }
    }

    /// Everything that is said of operations until one ends.
    async fn until_the_end(&mut self) -> Vec<OperationEvent> {
        let mut said = Vec::new();
        loop {
            said.push(self.said().await);
            if said.last().is_some_and(|event| event.stage.is_final()) {
                return said;
            }
        }
    }

    async fn silence(&mut self, length: Duration) {
        let event = timeout(length, self.events.recv()).await;
        assert!(event.is_err(), "{event:?}");
    }

    fn elapsed(&self) -> Duration {
        self.begun.elapsed()
    }
}

fn millis(millis: u64) -> Duration {
    Duration::from_millis(millis)
}

fn secs(secs: u64) -> Duration {
    Duration::from_secs(secs)
}
