//! A world that everybody asks at once, and what time does to it.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::clock::{Clock, Moment};

/// A world in which things happen by themselves.
pub(crate) trait Evolving {
    /// Lets everything happen that should have happened by `now`.
    fn evolve(&mut self, now: Moment);
}

/// A world with its clock, also for requests that outlive their answer.
pub(crate) struct Shared<W> {
    world: Arc<Mutex<W>>,
    pub(crate) clock: Clock,
}

impl<W: Evolving> Shared<W> {
    pub(crate) fn new(world: W, clock: Clock) -> Shared<W> {
        Shared {
            world: Arc::new(Mutex::new(world)),
            clock,
        }
    }

    /// The world as it is now. The clock is read under the lock: whoever asks later sees later.
    pub(crate) fn present(&self) -> (MutexGuard<'_, W>, Moment) {
        let mut world = self.world.lock().unwrap_or_else(PoisonError::into_inner);
        let now = self.clock.now();
        world.evolve(now);
        (world, now)
    }
}

impl<W> Clone for Shared<W> {
    fn clone(&self) -> Shared<W> {
        Shared {
            world: Arc::clone(&self.world),
            clock: self.clock.clone(),
        }
    }
}
