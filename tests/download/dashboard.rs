//! Downloads of the dashboard: reported, limited, cancelled.

use std::sync::Arc;
use std::time::Duration;

use flightdeck::engine::{Engine, EngineEvent};
use flightdeck::model::{TransferEvent, TransferPhase, TransferTicket};
use flightdeck::platforms::Platform;
use flightdeck::store::download::Disk;
use jiff::Timestamp;
use tokio::sync::mpsc;
use tokio::time::{Instant, timeout};

use super::depot::{Depot, FILE, Here, noise};
use super::nobody::Nobody;
use super::storage::Act;

const PATIENCE: Duration = Duration::from_secs(20);
const TICKET: TransferTicket = TransferTicket(7);

fn engine(depot: &Arc<Depot>) -> (Engine, mpsc::Receiver<EngineEvent>) {
    let (sender, events) = mpsc::channel(256);
    let platform = Arc::clone(depot) as Arc<dyn Platform>;
    let engine = Engine::new(vec![platform], sender, || Timestamp::UNIX_EPOCH);
    let engine = engine.recording(Arc::new(Nobody));
    (engine, events)
}

async fn next(events: &mut mpsc::Receiver<EngineEvent>) -> TransferEvent {
    let event = timeout(PATIENCE, events.recv()).await.unwrap().unwrap();
    let EngineEvent::Transfer(event) = event else {
        panic!("{event:?}")
    };
    event
}

#[tokio::test]
async fn the_loop_hears_of_a_download_until_it_ends_and_not_too_often() {
    let (here, bytes) = (Here::new(), noise(2_000_000));
    let depot = Depot::of(&bytes);
    // A hundred pieces in about a second.
    depot
        .storage
        .act([Act::Drip(20_000, Duration::from_millis(10))]);
    let (mut engine, mut events) = engine(&depot);
    let begun = Instant::now();
    engine.download(TICKET, here.request(), Arc::new(Disk));
    let mut heard = Vec::new();
    while heard
        .last()
        .is_none_or(|it: &TransferEvent| !it.phase.is_final())
    {
        heard.push(next(&mut events).await);
    }
    let beats = usize::try_from(begun.elapsed().as_millis() / 100).unwrap();
    assert!(heard.iter().all(|event| event.ticket == TICKET));
    let fetching = heard
        .iter()
        .filter(|it| it.phase == TransferPhase::Fetching);
    let percents: Vec<_> = fetching.filter_map(|event| event.part.percent()).collect();
    assert!(percents.is_sorted(), "{percents:?}");
    assert!(percents.len() <= beats + 2, "{} in {beats}", percents.len());
    assert!(percents.len() > 3, "{percents:?}");
    assert!(matches!(heard.pop().unwrap().phase, TransferPhase::Done(_)));
    assert_eq!(here.read(FILE), bytes);
}

#[tokio::test]
async fn what_is_cancelled_says_nothing_more_and_goes_on_when_asked_for_again() {
    let (here, bytes) = (Here::new(), noise(400_000));
    let depot = Depot::of(&bytes);
    depot
        .storage
        .act([Act::Drip(10_000, Duration::from_millis(50))]);
    let (mut engine, mut events) = engine(&depot);
    engine.download(TICKET, here.request(), Arc::new(Disk));
    while next(&mut events).await.part.done == 0 {}
    engine.cancel_download(TICKET);
    engine.shutdown().await;
    // What was said before is still in the queue; the engine's end closes it.
    let mut last = None;
    while let Some(event) = events.recv().await {
        last = Some(event);
    }
    let is_final = |event: &EngineEvent| match event {
        EngineEvent::Transfer(event) => event.phase.is_final(),
        EngineEvent::Report(_)
        | EngineEvent::Logs(_)
        | EngineEvent::Preview(_)
        | EngineEvent::PastLines(_)
        | EngineEvent::Operation(_) => true,
    };
    assert!(!last.as_ref().is_some_and(is_final), "{last:?}");

    // The file is free again once the last piece is written.
    let again = async {
        loop {
            match here.download(&depot).await.0 {
                Ok(saved) => break saved,
                Err(failure) => assert!(failure.problem.headline().contains("being written")),
            }
        }
    };
    let saved = timeout(PATIENCE, again).await.unwrap();
    assert_eq!(saved[0].bytes, 400_000);
    assert_eq!(here.read(FILE), bytes);
    let last = depot.storage.asked().pop().unwrap();
    assert!(last.header("range").is_some(), "{last:?}");
}
