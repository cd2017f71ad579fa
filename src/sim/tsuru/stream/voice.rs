//! What units write while they run, and what tests let them write.

use std::{
    collections::HashMap,
    sync::{Arc, LazyLock},
};

use super::{
    chatter::Talk,
    pod::{Pod, PodState},
    record::Record,
};
use crate::sim::{
    clock::{Clock, Moment},
    flood::Flood,
    record::{self, Appended, Place, Voice, Wanted},
};

/// What the processes of all apps have been asked to write, by app and process.
#[derive(Debug)]
pub(in crate::sim::tsuru) struct Voices {
    seed: u64,
    /// How everybody speaks who was asked for nothing.
    usual: Voice,
    asked: HashMap<(String, String), Speech>,
}

#[derive(Debug)]
struct Speech {
    /// How many lines a second are written, and by which unit.
    voice: Voice,
    speaker: String,
    appended: Appended,
}

/// A line of a unit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Spoken {
    pub(super) at: Moment,
    pub(super) message: String,
}

impl Spoken {
    /// The record of a line that a pod has written.
    pub(super) fn by(self, pod: &Pod) -> Record {
        Record {
            at: self.at,
            message: self.message,
            source: pod.source.clone(),
            name: pod.owner.clone(),
            sort: pod.sort(),
            unit: pod.unit.clone(),
        }
    }
}

impl Voices {
    /// Nobody has been asked for anything yet.
    pub(in crate::sim::tsuru) fn new(seed: u64, clock: &Clock, story: bool) -> Voices {
        Voices {
            seed,
            usual: Voice::new(clock, story, false),
            asked: HashMap::new(),
        }
    }

    /// A unit writes these lines now.
    pub(in crate::sim::tsuru) fn append(&mut self, pod: &Pod, now: Moment, lines: &[String]) {
        self.speech(pod).appended.write(now, &pod.unit, lines);
    }

    /// A unit writes so many lines a second from the next one on.
    pub(in crate::sim::tsuru) fn set_rate(&mut self, pod: &Pod, now: Moment, rate: u32) {
        let speech = self.speech(pod);
        speech.voice.set_rate(now, rate);
        speech.speaker.clone_from(&pod.unit);
    }

    /// A unit writes lines in great number.
    pub(in crate::sim::tsuru) fn flood(&mut self, pod: &Pod, floods: &[Arc<Flood>]) {
        if !floods.is_empty() {
            let speech = self.speech(pod);
            speech.voice.floods.extend(floods.iter().cloned());
            speech.speaker.clone_from(&pod.unit);
        }
    }

    /// What a unit writes in great number.
    pub(super) fn floods(&self, pod: &Pod) -> &[Arc<Flood>] {
        let speech = self.asked.get(&(pod.owner.clone(), pod.source.clone()));
        let own = speech.filter(|speech| speech.speaker == pod.unit);
        own.map_or(&[], |speech| &speech.voice.floods)
    }

    fn speech(&mut self, pod: &Pod) -> &mut Speech {
        let usual = &self.usual;
        let speech = || Speech {
            voice: usual.clone(),
            speaker: String::new(),
            appended: Appended::default(),
        };
        let key = (pod.owner.clone(), pod.source.clone());
        self.asked.entry(key).or_insert_with(speech)
    }

    /// What a unit has written from a moment on and before another, oldest first: the newest lines
    /// of it, up to a limit.
    pub(super) fn between(&self, pod: &Pod, from: Moment, to: Moment, most: usize) -> Vec<Spoken> {
        self.heard(pod, (from, to), most, self.floods(pod))
    }

    /// The same without what it writes in great number.
    pub(super) fn quietly(&self, pod: &Pod, from: Moment, to: Moment) -> Vec<Spoken> {
        self.heard(pod, (from, to), usize::MAX, &[])
    }

    fn heard(
        &self,
        pod: &Pod,
        (from, to): (Moment, Moment),
        most: usize,
        floods: &[Arc<Flood>],
    ) -> Vec<Spoken> {
        static NOTHING: LazyLock<Appended> = LazyLock::new(Appended::default);
        let speech = self.asked.get(&(pod.owner.clone(), pod.source.clone()));
        let talk = Talk {
            seed: self.seed,
            pod,
        };
        let own = speech.filter(|speech| speech.speaker == pod.unit);
        let record = record::Record {
            voice: own.map_or(&self.usual, |speech| &speech.voice),
            chatter: &talk,
            appended: speech.map_or(&NOTHING, |speech| &speech.appended),
            floods,
        };
        let from = from.max(pod.from);
        let to = pod.until.map_or(to, |until| until.min(to));
        let last = Moment(to.0 - 1);
        let wanted = Wanted {
            // What another unit of the process was let write is kept in the same place.
            service: speech.map(|_| pod.unit.clone()),
            search: None,
            from: Some(from),
            to: Some(last),
            limit: most,
        };
        let by_itself = match pod.state {
            PodState::Job { .. } => Vec::new(),
            PodState::Running | PodState::Crashing | PodState::Unreadable(_) => {
                record.before(Place::END, last, &wanted)
            }
        };
        let by_itself = by_itself.into_iter();
        let by_itself = by_itself.map(|line| (line.place.at, line.message));
        let occasions = talk.occasions().into_iter();
        let occasions = occasions.filter(|(at, _)| (from..to).contains(at));
        let spoken = by_itself.chain(occasions);
        let mut spoken: Vec<Spoken> = spoken.map(|(at, message)| Spoken { at, message }).collect();
        spoken.sort_by_key(|spoken| spoken.at);
        spoken.drain(..spoken.len().saturating_sub(most));
        spoken
    }
}

#[cfg(test)]
mod tests {
    use super::{super::testing, *};

    const ALL: usize = usize::MAX;

    fn pod(unit: &str, from: Moment) -> Pod {
        testing::pod("web", unit, from)
    }

    fn numbered(range: std::ops::Range<u32>) -> Vec<String> {
        range.map(|number| format!("line {number}")).collect()
    }

    fn messages(spoken: Vec<Spoken>) -> Vec<String> {
        spoken.into_iter().map(|spoken| spoken.message).collect()
    }

    #[test]
    fn appended_lines_are_kept_in_order_by_the_unit_that_wrote_them() {
        let clock = Clock::start(1.0);
        let mut voices = Voices::new(1, &clock, false);
        let (one, other) = (pod("web-1", Moment(0)), pod("web-2", Moment(0)));
        let now = clock.started().plus(5.0);
        voices.append(&one, now, &numbered(0..500));
        voices.append(&one, now, &numbered(500..900));
        let later = now.plus(60.0);
        assert_eq!(
            messages(voices.between(&one, now, later, ALL)),
            numbered(0..900)
        );
        assert_eq!(
            messages(voices.between(&one, now, later, 3)),
            numbered(897..900)
        );
        assert_eq!(voices.between(&other, now, later, ALL), []);
        let ended = Pod {
            until: Some(now),
            ..one
        };
        assert_eq!(voices.between(&ended, now, later, ALL), []);
    }

    #[test]
    fn parts_of_a_time_make_the_whole() {
        let clock = Clock::start(1.0);
        let mut voices = Voices::new(1, &clock, true);
        let pod = pod("web-1", clock.started().plus(-60.0));
        voices.append(&pod, clock.started(), &["a", "a", "b"].map(str::to_owned));
        let moment = |step: i32| clock.started().plus(-90.0 + 0.37 * f64::from(step));
        let whole = voices.between(&pod, moment(0), moment(400), ALL);
        let parts =
            (0..400).flat_map(|step| voices.between(&pod, moment(step), moment(step + 1), ALL));
        assert_eq!(parts.collect::<Vec<_>>(), whole);
        assert!(whole.len() > 60, "{}", whole.len());
        assert!(whole[0].message.contains("starting"), "{:?}", whole[0]);
        assert!(whole.iter().all(|spoken| spoken.at >= pod.from));
    }

    #[test]
    fn one_unit_writes_at_the_rate_that_was_asked_for() {
        let clock = Clock::start(1.0);
        let mut voices = Voices::new(1, &clock, false);
        let (one, other) = (pod("web-1", Moment(0)), pod("web-2", Moment(0)));
        let now = clock.started().plus(1.0);
        voices.set_rate(&one, now, 1_000);
        let from = now.plus(1.0);
        let count = |pod| voices.between(pod, from, from.plus(2.0), ALL).len();
        assert_eq!(count(&one), 2_000);
        assert_eq!(count(&other), 0);
    }
}
