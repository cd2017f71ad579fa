//! The runtime log of an environment.

use super::{chatter::Talk, environment::Profile, world::World};
use crate::sim::{
    clock::Moment,
    record::{Line, Place, Record, Wanted},
};

impl World {
    /// Writes a line of the platform into a runtime log, now or at a later moment.
    pub(super) fn announce(&mut self, environment: usize, at: Moment, message: &str) {
        let appended = &mut self.environments[environment].appended;
        appended.add(at, "platform", message.to_owned());
    }

    /// The wanted lines after a place that are written by `now`, oldest first.
    pub(super) fn lines_after(
        &self,
        environment: usize,
        after: Place,
        now: Moment,
        wanted: &Wanted,
    ) -> Vec<Line> {
        let talk = self.talk(environment);
        self.speech(environment, &talk).after(after, now, wanted)
    }

    /// The wanted lines before a place that are written by `now`, oldest first: the newest of
    /// them, up to the limit.
    pub(super) fn lines_before(
        &self,
        environment: usize,
        before: Place,
        now: Moment,
        wanted: &Wanted,
    ) -> Vec<Line> {
        let talk = self.talk(environment);
        self.speech(environment, &talk).before(before, now, wanted)
    }

    fn talk(&self, environment: usize) -> Talk {
        Talk {
            seed: self.seed,
            environment,
            flapping: self.environments[environment].profile == Profile::Flapping,
        }
    }

    fn speech<'a>(&'a self, environment: usize, talk: &'a Talk) -> Record<'a> {
        let environment = &self.environments[environment];
        Record {
            voice: &environment.voice,
            chatter: talk,
            appended: &environment.appended,
            floods: &environment.voice.floods,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{
        super::testing::{still_world, story_world},
        *,
    };
    use crate::sim::clock::SECOND;

    const ALL: Wanted = Wanted {
        service: None,
        search: None,
        from: None,
        to: None,
        limit: 7,
    };
    #[test]
    fn following_the_cursor_loses_nothing_and_repeats_nothing() {
        let mut world = story_world(3, 4);
        let started = world.clock.started();
        let mut cursor = Place {
            at: started,
            source: 1,
            number: u64::MAX,
        };
        let mut followed = Vec::new();
        for poll in 0..400_u32 {
            let now = started.plus(f64::from(poll) * 0.173);
            if poll % 3 == 0 {
                world.environments[1]
                    .appended
                    .add(now, "web", format!("poll {poll}"));
            }
            loop {
                let page = world.lines_after(1, cursor, now, &ALL);
                let Some(last) = page.last() else { break };
                cursor = last.place;
                followed.extend(page);
            }
        }
        let end = started.plus(400.0 * 0.173);
        let wide = Wanted {
            limit: 100_000,
            from: Some(started.plus(0.000_001)),
            ..ALL
        };
        let mut whole = world.lines_after(1, Place::START, end, &wide);
        whole.retain(|line| line.place.at <= followed.last().unwrap().place.at);
        // The line of the very first poll lies at the start itself, before the window.
        followed.retain(|line| line.place.at > started);
        assert_eq!(followed, whole);
        assert!(followed.len() > 130);
    }

    #[test]
    fn paging_backwards_meets_every_line() {
        let world = still_world(1, 3);
        let now = world.clock.started();
        let mut before = Place {
            at: Moment::NEVER,
            source: 1,
            number: u64::MAX,
        };
        let mut backwards = Vec::new();
        loop {
            let page = world.lines_before(1, before, now, &ALL);
            let Some(first) = page.first() else { break };
            before = first.place;
            backwards.splice(0..0, page);
        }
        let wide = Wanted {
            limit: 100_000,
            ..ALL
        };
        assert_eq!(backwards, world.lines_after(1, Place::START, now, &wide));
        assert!((200..450).contains(&backwards.len()), "{}", backwards.len());
    }

    #[test]
    fn equal_timestamps_occur_and_stay_ordered() {
        let world = still_world(1, 3);
        let now = world.clock.started();
        let lines = world.lines_after(
            1,
            Place::START,
            now,
            &Wanted {
                limit: 100_000,
                ..ALL
            },
        );
        assert!(lines.windows(2).all(|pair| pair[0].place < pair[1].place));
        assert!(
            lines
                .windows(2)
                .any(|pair| pair[0].place.at == pair[1].place.at)
        );
    }

    #[test]
    fn still_world_writes_nothing_new() {
        let world = still_world(1, 3);
        let started = world.clock.started();
        let after = Place {
            at: started,
            source: 1,
            number: u64::MAX,
        };
        assert!(
            world
                .lines_after(1, after, started.plus(3_600.0), &ALL)
                .is_empty()
        );
    }

    #[test]
    fn asked_rate_is_kept() {
        let mut world = still_world(1, 3);
        let started = world.clock.started();
        world.environments[1].voice.set_rate(started, 50);
        let first = Moment((started.second() + 1) * SECOND);
        let after = Place {
            at: first.plus(-0.000_001),
            source: 1,
            number: u64::MAX,
        };
        let wide = Wanted {
            limit: 100_000,
            ..ALL
        };
        let end = first.plus(9.999_999);
        let lines = world.lines_after(1, after, end, &wide);
        assert_eq!(lines.len(), 500);
        let last = Place {
            at: Moment::NEVER,
            source: 1,
            number: u64::MAX,
        };
        assert_eq!(world.lines_before(1, last, end, &ALL), lines[493..]);
        assert_eq!(
            world.lines_after(1, lines[9].place, end, &ALL),
            lines[10..17]
        );
    }
}
