//! How units come and go: one after the other, at moments that are known beforehand.
//!
//! What is told of it and what happens are planned together here, so that they agree.

use super::{
    action::Plan,
    app::{App, Slot},
    unit::{Condition, Unit},
};
use crate::sim::{clock::Moment, dice::Dice};

/// Seconds until a new unit runs, until it is ready, and from one to the next.
const RUNS_S: f64 = 2.0;
const READY_S: f64 = 5.0;
const STEP_S: f64 = 2.5;
/// Seconds that a unit takes to go.
const GOES_S: f64 = 2.0;
/// Seconds that the server waits for units that do not become ready.
const PATIENCE_S: f64 = 20.0;
/// What a unit has to be called: letters and digits that cannot be mistaken.
const LETTERS: &[&str] = &[
    "b", "c", "d", "f", "g", "h", "j", "k", "l", "m", "n", "p", "q", "r", "s", "t", "v", "w", "x",
    "z", "2", "4", "5", "6", "7", "8", "9",
];

/// A process of a version, and how many units it has or is to have.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Share {
    pub(super) process: String,
    pub(super) version: u32,
    pub(super) units: u32,
}

impl Share {
    /// What a slot is to have.
    pub(super) fn of(slot: &Slot) -> Share {
        Share {
            process: slot.process.clone(),
            version: slot.version,
            units: slot.wanted,
        }
    }

    fn title(&self) -> String {
        format!(
            "---- Updating units [{}] [version {}] ----\n",
            self.process, self.version
        )
    }
}

/// Plans that new units take the place of all units of a process that `replaces` names.
pub(super) fn replace(plan: &mut Plan, app: &App, share: &Share, replaces: &[u32]) {
    let count = share.units;
    let (part, old) = (share.clone(), replaces.to_vec());
    plan.then(move |app, at, pace| app.replace(&part, &old, at, pace));
    plan.say(share.title());
    plan.say(format!(" ---> {count} of {count} new units created\n"));
    if count > 0 && app.flaw(share).is_some() {
        plan.say(format!(" ---> 0 of {count} new units ready\n"));
        plan.wait(PATIENCE_S);
        let process = &share.process;
        plan.fail(format!(
            "timeout waiting full rollout after 20s waiting for units: unit of {process} is in \
             CrashLoopBackOff"
        ));
        return;
    }
    plan.wait(READY_S);
    for ready in 1..=count {
        plan.say(format!(" ---> {ready} of {count} new units ready\n"));
        if ready < count {
            plan.wait(STEP_S);
        }
    }
    // The last line is often written in two pieces.
    plan.wait(GOES_S).say(" ---> Done ").say("updating units\n");
}

/// Plans that units are added to a process.
pub(super) fn grow(plan: &mut Plan, share: &Share, by: u32) {
    let part = share.clone();
    plan.then(move |app, at, pace| app.grow(&part, by, at, pace));
    plan.say(share.title());
    plan.say(format!(" ---> {by} of {by} new units created\n"));
    plan.wait(READY_S);
    for ready in 1..=by {
        plan.say(format!(" ---> {ready} of {by} new units ready\n"));
        if ready < by {
            plan.wait(STEP_S);
        }
    }
    plan.wait(1.0).say(" ---> Done updating units\n");
}

/// Plans that units of a process go.
pub(super) fn shrink(plan: &mut Plan, share: &Share, by: u32) {
    let part = share.clone();
    plan.then(move |app, at, pace| app.shrink(&part, by, at, pace));
    plan.say(share.title());
    plan.say(format!(" ---> {by} units pending termination\n"));
    plan.wait(GOES_S).say(" ---> Done updating units\n");
}

impl App {
    /// What is wrong with a process of a version.
    pub(super) fn flaw(&self, share: &Share) -> Option<Condition> {
        let mut flaws = self.flaws.iter();
        let fits = |process: &str, version| process == share.process && version == share.version;
        let flaw = flaws.find(|flaw| fits(&flaw.process, flaw.version));
        flaw.map(|flaw| flaw.condition)
    }

    /// New units take the place of old ones, one after the other.
    fn replace(&mut self, share: &Share, old: &[u32], at: Moment, pace: f64) {
        let step = |place: usize| {
            let place = u32::try_from(place).unwrap_or(u32::MAX);
            at.plus(STEP_S * f64::from(place) * pace)
        };
        let flawed = self.flaw(share).is_some();
        let leaving = self.units.iter_mut().filter(|unit| {
            unit.process == share.process && old.contains(&unit.version) && unit.gone > at
        });
        for (place, unit) in leaving.enumerate() {
            // Those that never become ready take the place of the first only.
            if place == 0 || !flawed {
                unit.gone = step(place).plus((READY_S + 0.5) * pace);
            }
        }
        for place in 0..share.units as usize {
            self.add_unit(share, step(place), pace);
        }
        self.units.retain(|unit| unit.gone.plus(60.0) > at);
        if let Some(slot) = self.slot(&share.process, share.version) {
            slot.is_stopped = false;
        }
    }

    /// Units are added.
    pub(super) fn grow(&mut self, share: &Share, by: u32, at: Moment, pace: f64) {
        for place in 0..by {
            self.add_unit(share, at.plus(STEP_S * f64::from(place) * pace), pace);
        }
        if let Some(slot) = self.slot(&share.process, share.version) {
            slot.wanted += by;
        }
    }

    /// The youngest units go.
    pub(super) fn shrink(&mut self, share: &Share, by: u32, at: Moment, pace: f64) {
        let leaving = self.units.iter_mut().rev().filter(|unit| {
            unit.process == share.process && unit.version == share.version && unit.gone > at
        });
        for unit in leaving.take(by as usize) {
            unit.gone = at.plus(GOES_S * pace);
        }
        if let Some(slot) = self.slot(&share.process, share.version) {
            slot.wanted = slot.wanted.saturating_sub(by);
        }
    }

    /// All units of a process of a version go; it keeps in mind how many there were.
    pub(super) fn halt(&mut self, share: &Share, at: Moment, pace: f64) {
        for unit in &mut self.units {
            if unit.process == share.process && unit.version == share.version {
                unit.gone = unit.gone.min(at.plus(GOES_S * pace));
            }
        }
        if let Some(slot) = self.slot(&share.process, share.version) {
            slot.is_stopped = true;
        }
    }

    /// A new unit, which is pending, then starting, then ready.
    pub(super) fn add_unit(&mut self, share: &Share, at: Moment, pace: f64) -> &mut Unit {
        self.made += 1;
        let mut dice = Dice::new(self.seed, &[0x75, 2, self.ordinal as u64, self.made]);
        let flaw = self.flaw(share);
        let is_first = !self.units.iter().any(|unit| {
            (unit.process.as_str(), unit.version) == (&share.process, share.version)
                && unit.condition != Condition::Healthy
                && unit.gone > at
        });
        let tail: String = (0..5).map(|_| dice.pick(LETTERS)).collect();
        let name = &self.name;
        let unit = Unit {
            name: format!(
                "{name}-{}-{}-{tail}",
                share.process,
                self.replica_set(share)
            ),
            process: share.process.clone(),
            version: share.version,
            born: at,
            running: at.plus(RUNS_S * pace),
            ready: at.plus(READY_S * pace),
            gone: Moment::NEVER,
            condition: flaw.filter(|_| is_first).unwrap_or(Condition::Healthy),
            restarts: 0,
            node: u8::try_from(dice.between(2, 9)).unwrap_or(2),
            address: u8::try_from(dice.between(10, 250)).unwrap_or(10),
            crashed: None,
        };
        let place = self.units.len();
        self.units.push(unit);
        &mut self.units[place]
    }

    fn replica_set(&self, share: &Share) -> String {
        let process = share.process.len() as u64;
        let parts = [3, self.ordinal as u64, process, u64::from(share.version)];
        Dice::new(self.seed, &parts).hex(9)
    }
}
