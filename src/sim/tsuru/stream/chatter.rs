//! What a unit writes by itself, second by second.
//!
//! Each line is a record of its own, a stack trace too. Among plain lines, key-value pairs and
//! JSON with levels there are lines that a terminal must not see as they are: colours, titles and
//! clipboards, carriage returns, directions, very long ones. Now and then a line comes twice with
//! the very same time: nothing may take the two for one.

use std::borrow::Cow;

use super::{
    phrases::{crash, hostile, request, task, trace},
    pod::{Pod, PodState},
};
use crate::sim::{
    clock::{Moment, SECOND},
    dice::Dice,
    phrases,
    record::{Chatter, Line, Place},
};

/// What one unit has to say.
#[derive(Clone, Debug)]
pub(super) struct Talk<'a> {
    pub(super) seed: u64,
    pub(super) pod: &'a Pod,
}

/// What a number stands for in the dice of a unit.
const SECONDS: u64 = 0x10;
const NUMBERED: u64 = 0x11;
const CRASH: u64 = 0x12;
const JOB: u64 = 0x13;
/// A unit that crashes does so every so many seconds.
const CRASHES: i64 = 45;

impl Talk<'_> {
    fn dice(&self, what: u64, second: i64, number: u32) -> Dice {
        let name = self.pod.unit.bytes();
        let name = name.fold(7, |sum: u64, byte| sum.wrapping_mul(31) ^ u64::from(byte));
        let at = second.cast_unsigned();
        Dice::new(self.seed, &[what, name, at, u64::from(number)])
    }

    fn utterance(&self, dice: &mut Dice) -> String {
        if dice.below(60) == 0 {
            return hostile(dice);
        }
        // Whoever is asked from outside is called so by convention.
        if self.pod.source.starts_with("web") {
            request(dice)
        } else {
            task(dice)
        }
    }

    /// The offsets within a second, and what is said then.
    fn said(&self, second: i64) -> Vec<(i64, String)> {
        let mut dice = self.dice(SECONDS, second, 0);
        let mut said: Vec<(i64, String)> = Vec::new();
        let mut offset = 0;
        if self.pod.state == PodState::Crashing && second.rem_euclid(CRASHES) == 0 {
            said.extend(crash(&mut dice).into_iter().map(|line| (0, line)));
        }
        for _ in 0..dice.between(0, 2) {
            offset += i64::from(dice.between(1, 240_000));
            said.push((offset, self.utterance(&mut dice)));
            if dice.chance(4) {
                said.extend(said.last().cloned());
            }
        }
        if dice.below(200) == 0 {
            said.extend(trace(&mut dice).into_iter().map(|line| (offset + 9, line)));
        }
        said
    }

    /// What a unit writes on occasions, oldest first: when it starts and when it crashes, and all
    /// that a run of a job has to say.
    pub(super) fn occasions(&self) -> Vec<(Moment, String)> {
        if let PodState::Job { well } = self.pod.state {
            return self.run(well);
        }
        let mut said = self.greeting(self.pod.from);
        if let Some(at) = self.pod.crashed.filter(|at| *at >= self.pod.from) {
            let mut dice = self.dice(CRASH, at.second(), 0);
            said.extend(crash(&mut dice).into_iter().map(|line| (at, line)));
            said.extend(self.greeting(at.plus(1.0)));
        }
        said
    }

    fn greeting(&self, at: Moment) -> Vec<(Moment, String)> {
        let Pod { source, unit, .. } = self.pod;
        let starting = format!("level=info msg=\"starting\" process={source} pod={unit}");
        vec![
            (at.plus(0.02), starting),
            (at.plus(0.05), "level=info msg=\"ready\"".to_owned()),
        ]
    }

    fn run(&self, well: bool) -> Vec<(Moment, String)> {
        const STEPS: u32 = 8;
        let Pod { owner, from, .. } = self.pod;
        let whole = self.pod.until.map_or(0.0, |until| until.since(*from));
        let at = |share: f64| from.plus(whole * share);
        let mut dice = self.dice(JOB, from.second(), 0);
        let mut said = vec![(
            at(0.02),
            format!("level=info msg=\"run of {owner} begins\""),
        )];
        for step in 1..STEPS {
            let share = f64::from(step) / f64::from(STEPS);
            said.push((at(share), task(&mut dice)));
        }
        let end = if well {
            "level=info msg=\"done\""
        } else {
            "level=error msg=\"giving up\" code=1"
        };
        said.push((at(0.98), end.to_owned()));
        said
    }
}

impl Chatter for Talk<'_> {
    fn second(&self, second: i64) -> Vec<Line> {
        let said = self.said(second).into_iter().enumerate();
        let line = |(number, (offset, message)): (usize, (i64, String))| Line {
            place: Place {
                at: Moment(second * SECOND + offset),
                source: 0,
                number: number as u64,
            },
            service: self.pod.unit.clone().into(),
            message,
        };
        said.map(line).collect()
    }

    fn steady(&self, second: i64, number: u32) -> (Cow<'static, str>, String) {
        let mut dice = self.dice(NUMBERED, second, number);
        let message = phrases::numbered(&mut dice, second, number);
        (self.speaker(), message)
    }

    fn speaker(&self) -> Cow<'static, str> {
        self.pod.unit.clone().into()
    }
}

#[cfg(test)]
mod tests {
    use super::{super::testing, *};

    fn pod(source: &str, state: PodState) -> Pod {
        let unit = format!("shop-{source}-7c9d8f7b6-abcde");
        Pod {
            state,
            ..testing::pod(source, &unit, Moment(0))
        }
    }

    fn lines(pod: &Pod) -> Vec<Line> {
        let talk = Talk { seed: 1, pod };
        (1_000..5_000)
            .flat_map(|second| talk.second(second))
            .collect()
    }

    #[test]
    fn all_kinds_of_lines_occur_and_some_twice_at_the_same_time() {
        let lines = lines(&pod("web", PodState::Running));
        let parts = [
            "\u{1b}[32m",
            "\u{1b}]52;",
            "\u{9b}",
            "\u{202e}",
            "{\"level\"",
            "Traceback",
            "\u{fffd}",
        ];
        for part in parts {
            let said = lines.iter().any(|line| line.message.contains(part));
            assert!(said, "{part:?}");
        }
        assert!(lines.iter().any(|line| line.message.len() > 9_000));
        assert!(lines.iter().all(|line| !line.message.contains('\n')));
        let twice = |pair: &[Line]| {
            pair[0].place.at == pair[1].place.at && pair[0].message == pair[1].message
        };
        assert!(lines.windows(2).any(twice));
        assert!(lines.windows(2).all(|pair| pair[0].place < pair[1].place));
    }

    #[test]
    fn units_speak_differently_and_always_the_same() {
        let said = |source| lines(&pod(source, PodState::Running));
        assert_eq!(said("web"), said("web"));
        let messages = |source| -> Vec<String> {
            let lines = said(source).into_iter();
            lines.map(|line| line.message).collect()
        };
        assert_ne!(messages("web"), messages("worker"));
    }

    #[test]
    fn unit_that_crashes_says_so_again_and_again() {
        let fatal = |state| {
            let lines = lines(&pod("web", state));
            let fatal = lines.iter().filter(|line| line.message.contains("FATAL"));
            fatal.count()
        };
        assert!(fatal(PodState::Crashing) > 80);
        assert_eq!(fatal(PodState::Running), 0);
    }

    #[test]
    fn crash_of_a_moment_is_in_the_record() {
        let at = Moment(2_000_500_000);
        let pod = Pod {
            crashed: Some(at),
            ..pod("web", PodState::Running)
        };
        let said = Talk { seed: 1, pod: &pod }.occasions();
        let fatal = said.iter().find(|(_, line)| line.contains("FATAL"));
        assert_eq!(fatal.unwrap().0, at);
        assert!(said.is_sorted_by_key(|(at, _)| *at));
    }

    #[test]
    fn run_of_a_job_says_how_it_ended() {
        let ends = |well| {
            let pod = Pod {
                until: Some(Moment(12_000_000)),
                ..pod("", PodState::Job { well })
            };
            let said = Talk { seed: 1, pod: &pod }.occasions();
            assert!(said.iter().all(|(at, _)| *at < Moment(12_000_000)));
            said.last().unwrap().1.clone()
        };
        assert!(ends(true).contains("done"));
        assert!(ends(false).contains("giving up"));
    }
}
