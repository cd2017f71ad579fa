//! What a component writes by itself, second by second.
//!
//! Messages are of all the kinds the contract names (section 6.3): plain, JSON, with colours and
//! carriage returns, stack traces of several lines. Now and then a line comes twice with the very
//! same time: nothing may take the two for one.

use std::borrow::Cow;

use super::component::Role;
use crate::sim::{
    clock::{Moment, SECOND},
    dice::Dice,
    phrases::{self, status},
    record::{Chatter, Line, Place},
    words,
};

/// What one component has to say.
#[derive(Clone, Debug)]
pub(super) struct Talk {
    pub(super) seed: u64,
    pub(super) app: usize,
    pub(super) component: String,
    pub(super) role: Role,
    /// When instances of it crashed.
    pub(super) crashed: Vec<Moment>,
}

/// What a number stands for in the dice of a component.
const SECONDS: u64 = 0x10;
const NUMBERED: u64 = 0x11;

impl Talk {
    fn dice(&self, what: u64, second: i64, number: u32) -> Dice {
        let name = self.component.bytes();
        let name = name.fold(7, |sum: u64, byte| sum.wrapping_mul(31) ^ u64::from(byte));
        let at = second.cast_unsigned();
        let parts = [what, self.app as u64, name, at, u64::from(number)];
        Dice::new(self.seed, &parts)
    }

    fn utterance(&self, dice: &mut Dice) -> String {
        match self.role {
            Role::Worker | Role::Job(_) => task(dice),
            Role::Service | Role::StaticSite | Role::Functions | Role::Database => request(dice),
        }
    }

    fn line(&self, second: i64, offset: i64, number: usize, message: String) -> Line {
        Line {
            place: Place {
                at: Moment(second * SECOND + offset),
                source: 0,
                number: number as u64,
            },
            service: self.component.clone().into(),
            message,
        }
    }
}

impl Chatter for Talk {
    fn second(&self, second: i64) -> Vec<Line> {
        let mut dice = self.dice(SECONDS, second, 0);
        let mut messages: Vec<(i64, String)> = Vec::new();
        let mut offset = 0;
        for _ in 0..dice.between(0, 3) {
            offset += i64::from(dice.between(1, 240_000));
            messages.push((offset, self.utterance(&mut dice)));
            if dice.chance(4) {
                messages.extend(messages.last().cloned());
            }
        }
        if dice.below(150) == 0 {
            messages.push((offset + 9, trace(&mut dice)));
        }
        for crash in self.crashed.iter().filter(|at| at.second() == second) {
            let fatal = "\u{1b}[31mFATAL\u{1b}[0m out of file handles".to_owned();
            let offset = crash.0.rem_euclid(SECOND).saturating_sub(1).max(0);
            messages.push((offset, fatal));
            messages.push((offset, trace(&mut dice)));
        }
        messages.sort_by_key(|(offset, _)| *offset);
        let lines = messages.into_iter().enumerate();
        lines
            .map(|(number, (offset, message))| self.line(second, offset, number, message))
            .collect()
    }

    fn steady(&self, second: i64, number: u32) -> (Cow<'static, str>, String) {
        let mut dice = self.dice(NUMBERED, second, number);
        let message = phrases::numbered(&mut dice, second, number);
        (self.speaker(), message)
    }

    fn speaker(&self) -> Cow<'static, str> {
        self.component.clone().into()
    }
}

fn request(dice: &mut Dice) -> String {
    let path = dice.pick(words::PATHS);
    let ms = dice.between(2, 380);
    match dice.below(20) {
        0..8 => format!("GET {path} {} {ms} ms", status(dice)),
        8..13 => format!(
            "{{\"level\":30,\"msg\":\"request completed\",\"path\":\"{path}\",\"status\":{},\"ms\":{ms}}}",
            status(dice)
        ),
        13..16 => format!("\u{1b}[32minfo\u{1b}[39m: served \u{1b}[1m{path}\u{1b}[22m in {ms} ms"),
        16 => format!("{{\"level\":50,\"msg\":\"upstream closed\",\"path\":\"{path}\"}}"),
        17 => format!("warming cache {}%\rwarming cache 100%", dice.below(99)),
        // Not UTF-8 where it was written: a frame can only carry the replacement.
        18 => format!("search caf\u{fffd} {} hits", dice.below(30)),
        _ => "GET /healthz 200".to_owned(),
    }
}

fn task(dice: &mut Dice) -> String {
    let task = dice.pick(words::TASKS);
    let ms = dice.between(2, 900);
    match dice.below(10) {
        0..5 => format!("level=info msg=\"task done\" task={task} duration={ms}ms"),
        5..7 => format!("{{\"level\":30,\"task\":\"{task}\",\"ms\":{ms}}}"),
        7 => format!("{task}: {}%\r{task}: 100%", dice.below(99)),
        8 => format!(
            "level=error msg=\"retry\" task={task} attempt={}",
            dice.between(2, 5)
        ),
        _ => format!("level=debug msg=\"queue\" length={}", dice.below(40)),
    }
}

/// One message of several lines: only the first gets a prefix.
fn trace(dice: &mut Dice) -> String {
    let line = dice.between(12, 300);
    format!(
        "TypeError: cannot read properties of undefined (reading 'price')\n    \
         at total (/app/src/cart.js:{line}:19)\n    at Array.reduce (<anonymous>)\n    \
         at checkout (/app/src/checkout.js:{}:7)",
        line + 31
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn talk(crashed: &[Moment]) -> Talk {
        Talk {
            seed: 1,
            app: 3,
            component: "web".to_owned(),
            role: Role::Service,
            crashed: crashed.to_vec(),
        }
    }

    fn lines(talk: &Talk) -> Vec<Line> {
        (1_000..3_000)
            .flat_map(|second| talk.second(second))
            .collect()
    }

    #[test]
    fn all_kinds_of_messages_occur_and_some_twice_at_the_same_time() {
        let lines = lines(&talk(&[]));
        for part in [
            "\u{1b}[",
            "{\"level\"",
            "\r",
            "\n    at ",
            "\u{fffd}",
            "GET /healthz 200",
        ] {
            assert!(
                lines.iter().any(|line| line.message.contains(part)),
                "{part}"
            );
        }
        let twice = |pair: &[Line]| {
            pair[0].place.at == pair[1].place.at && pair[0].message == pair[1].message
        };
        assert!(lines.windows(2).any(twice));
        assert!(lines.windows(2).all(|pair| pair[0].place < pair[1].place));
    }

    #[test]
    fn second_is_always_the_same_and_differs_between_components() {
        let (one, mut other) = (talk(&[]), talk(&[]));
        other.component = "api".to_owned();
        assert_eq!(lines(&one), lines(&one));
        let said = |talk: &Talk| lines(talk).into_iter().map(|line| line.message).collect();
        let (one, other): (Vec<String>, Vec<String>) = (said(&one), said(&other));
        assert_ne!(one, other);
    }

    #[test]
    fn crash_is_in_the_record() {
        let crash = Moment(2_000 * SECOND + 500_000);
        let said = talk(&[crash]).second(2_000);
        assert!(said.windows(2).all(|pair| pair[0].place < pair[1].place));
        let fatal = said.iter().find(|line| line.message.contains("FATAL"));
        assert!(fatal.unwrap().place.at < crash);
    }
}
