//! Whose turn it is, in paused time and without a terminal.

use jiff::tz::TimeZone;

use super::*;
use crate::app::contexts::ClassRules;
use crate::app::keys::KeyPress;
use crate::model::{AppId, ContextId, LogBatch, LogLine, LogSource, TailId, TailState};

/// Counts frames, and takes them at once.
#[derive(Default)]
struct Counting(usize);

impl Display for Counting {
    fn draw(&mut self, _: &State) -> io::Result<()> {
        self.0 += 1;
        Ok(())
    }

    fn forget(&mut self) -> io::Result<()> {
        Ok(())
    }

    fn copy(&mut self, _: &str) -> io::Result<()> {
        Ok(())
    }

    fn notify(&mut self, _: &Notification) -> io::Result<()> {
        Ok(())
    }

    fn is_busy(&self) -> bool {
        false
    }

    async fn taken(&self) {}

    fn mouse(&mut self, _: bool) -> io::Result<()> {
        Ok(())
    }

    fn suspend(&mut self) -> io::Result<()> {
        Ok(())
    }

    fn lend(&mut self) {}

    fn take_back(&mut self) -> io::Result<Size> {
        Ok(Size::new(80, 24))
    }
}

const QUEUE: usize = 256;
const BATCH: usize = 500;

fn shell() -> (Shell<Counting>, mpsc::Sender<EngineEvent>) {
    let (events, reports) = mpsc::channel(QUEUE);
    let engine = Engine::new(Vec::new(), events.clone(), now);
    let state = State::new(Vec::new(), ClassRules::default(), now(), TimeZone::UTC);
    (
        Shell::new(state, Counting::default(), engine, reports),
        events,
    )
}

/// The queue of reports, full of lines.
fn flood(events: &mpsc::Sender<EngineEvent>) {
    let source = LogSource::Runtime {
        app: AppId::new("a"),
        environment: None,
    };
    let batch = LogBatch {
        tail: TailId {
            context: ContextId(0),
            source,
        },
        lines: vec![LogLine::default(); BATCH],
        skipped: 0,
        restarted: false,
        state: TailState::Live,
    };
    while events.try_send(EngineEvent::Logs(batch.clone())).is_ok() {}
}

fn key(name: &str) -> Message {
    Message::Key {
        press: KeyPress::from_name(name).unwrap(),
        repeat: false,
    }
}

#[tokio::test(start_paused = true)]
async fn a_key_ends_the_turn_in_a_flood() {
    let (mut shell, events) = shell();
    flood(&events);
    for name in ["?", "j", "k"] {
        shell.input().try_send(key(name)).unwrap();
    }
    shell.turn(Some(Message::Clock)).unwrap();
    assert!(
        shell.input.is_empty(),
        "all that is typed is seen in one frame"
    );
    assert_eq!(shell.reports.len(), QUEUE, "and no line comes before it");
    shell.draw_if_due().unwrap();
    assert_eq!(shell.display.0, 1);
    // A key that the loop was woken by is no different.
    shell.turn(Some(key("j"))).unwrap();
    assert_eq!(shell.reports.len(), QUEUE);
}

#[tokio::test(start_paused = true)]
async fn a_turn_takes_a_bounded_number_of_lines() {
    let (mut shell, events) = shell();
    flood(&events);
    shell.turn(Some(Message::Clock)).unwrap();
    let taken = QUEUE - shell.reports.len();
    assert!((1..=8).contains(&taken), "{taken} batches");
}

#[tokio::test(start_paused = true)]
async fn a_flood_is_taken_in_whole() {
    let (shell, events) = shell();
    let input = shell.input();
    let flooding = async move {
        for _ in 0..20 {
            flood(&events);
            let all = events.reserve_many(QUEUE);
            assert!(all.await.is_ok(), "the loop takes all of it");
        }
        input
            .send(Message::Signal(Signal::Terminate))
            .await
            .unwrap();
    };
    let (ended, ()) = tokio::join!(Box::pin(shell.run()), flooding);
    let state = ended.unwrap();
    assert!(state.logs.open().is_empty());
}
