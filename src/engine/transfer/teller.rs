//! What is said of a transfer, and to whom: every change of what it does, and how far it is at most
//! ten times a second.

use std::collections::VecDeque;
use std::time::Duration;

use tokio::sync::mpsc;
use tokio::time::Instant;

use crate::engine::task::Over;
use crate::engine::{Clock, EngineEvent};
use crate::model::{PartProgress, Text, TransferEvent, TransferPhase, TransferTicket};

/// Progress is told no more often.
const BEAT: Duration = Duration::from_millis(100);

/// The rate is that of this long.
const WINDOW: Duration = Duration::from_secs(3);

/// Who hears of a transfer.
pub(super) enum Ear<'a> {
    Loop {
        events: mpsc::Sender<EngineEvent>,
        over: Over,
    },
    Call(&'a mut (dyn FnMut(&TransferEvent) + Send)),
}

/// Speaks for one transfer.
pub(super) struct Teller<'a> {
    ticket: TransferTicket,
    clock: Clock,
    ear: Ear<'a>,
    pub(super) part: PartProgress,
    due: Instant,
    meter: Meter,
}

impl<'a> Teller<'a> {
    pub(super) fn new(ticket: TransferTicket, clock: Clock, ear: Ear<'a>) -> Self {
        Self {
            ticket,
            clock,
            ear,
            part: PartProgress::default(),
            due: Instant::now(),
            meter: Meter::default(),
        }
    }

    /// Says where it stands. The loop is waited for.
    pub(super) async fn say(&mut self, phase: TransferPhase, note: Option<&str>) {
        let event = self.event(phase, note);
        if let Ear::Loop { events, over } = &self.ear {
            if event.phase.is_final() {
                over.set();
            }
            let _ = events.send(EngineEvent::Transfer(event)).await;
        } else {
            self.hand_over(event);
        }
    }

    /// Says it if there is room: the next one says more.
    pub(super) fn mention(&mut self, phase: TransferPhase) {
        let event = self.event(phase, None);
        self.hand_over(event);
    }

    /// Another file is begun or gone on with, at `done` bytes.
    pub(super) fn at(&mut self, done: u64, total: Option<u64>) {
        self.meter = Meter::default();
        self.part.done = done;
        self.part.total = total;
        self.part.rate = None;
        self.meter.take(Instant::now(), done);
    }

    /// So many bytes are here.
    pub(super) fn progress(&mut self, done: u64) {
        let now = Instant::now();
        self.part.done = done;
        if now >= self.due {
            self.due = now + BEAT;
            self.part.rate = self.meter.take(now, done);
            self.mention(TransferPhase::Fetching);
        }
    }

    fn event(&self, phase: TransferPhase, note: Option<&str>) -> TransferEvent {
        TransferEvent {
            ticket: self.ticket,
            at: (self.clock)(),
            phase,
            part: self.part.clone(),
            note: note.map(Text::clean),
        }
    }

    fn hand_over(&mut self, event: TransferEvent) {
        match &mut self.ear {
            Ear::Call(progress) => progress(&event),
            Ear::Loop { events, .. } => {
                let _full = events.try_send(EngineEvent::Transfer(event));
            }
        }
    }
}

/// How fast it is.
#[derive(Debug, Default)]
struct Meter(VecDeque<(Instant, u64)>);

impl Meter {
    /// Takes a look in; gives bytes a second over the last few.
    fn take(&mut self, now: Instant, done: u64) -> Option<u64> {
        self.0.push_back((now, done));
        // One that is older stays, so that there is something to compare with.
        while self.0.get(1).is_some_and(|(at, _)| now - *at >= WINDOW) {
            self.0.pop_front();
        }
        let (then, before) = *self.0.front()?;
        let took = (now - then).as_millis();
        // Less than a beat says nothing.
        if took < BEAT.as_millis() {
            return None;
        }
        let came = u128::from(done.saturating_sub(before));
        u64::try_from(came * 1_000 / took).ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_rate_is_that_of_the_last_seconds() {
        let mut meter = Meter::default();
        let begun = Instant::now();
        let at = |millis| begun + Duration::from_millis(millis);
        assert_eq!(meter.take(at(0), 0), None);
        assert_eq!(meter.take(at(50), 500), None);
        assert_eq!(meter.take(at(1_000), 1_000), Some(1_000));
        assert_eq!(meter.take(at(4_000), 1_000), Some(0), "it stands still");
        assert_eq!(
            meter.take(at(4_500), 501_000),
            Some(500_000 * 1_000 / 3_500)
        );
    }

    #[test]
    fn the_meter_remembers_no_more_than_it_needs() {
        let mut meter = Meter::default();
        let begun = Instant::now();
        for beat in 0..10_000 {
            meter.take(begun + BEAT * beat, u64::from(beat));
        }
        assert!(meter.0.len() <= 33, "{}", meter.0.len());
    }
}
