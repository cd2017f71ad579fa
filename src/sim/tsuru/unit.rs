//! Units: pods that are born, become ready and go, all at moments that are known beforehand.
//! Source: tsuru contract, section 6.

use crate::sim::clock::Moment;

/// One unit of a process.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Unit {
    /// Name of its pod, which is its ID as well.
    pub(super) name: String,
    pub(super) process: String,
    pub(super) version: u32,
    pub(super) born: Moment,
    /// When its container runs; it is pending before.
    pub(super) running: Moment,
    pub(super) ready: Moment,
    /// When it is no longer listed; [`Moment::NEVER`] while nobody removes it.
    pub(super) gone: Moment,
    pub(super) condition: Condition,
    /// How often its container was started again.
    pub(super) restarts: u32,
    /// Last octets of the addresses of its node and of itself.
    pub(super) node: u8,
    pub(super) address: u8,
    /// When it crashed last, because a test wanted it.
    pub(super) crashed: Option<Moment>,
}

/// What is wrong with a unit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Condition {
    Healthy,
    /// No node has room for it.
    Unschedulable,
    /// Its health check is never passed.
    Unready,
    CrashLoop,
    ImagePull,
    OutOfMemory,
    /// Ended with this exit code and started again.
    Exited(u8),
    Evicted,
    /// Its pod ended by itself, and well.
    Finished,
}

/// Seconds a crashed unit takes to come back, in simulated time.
pub(super) const COMEBACK_S: f64 = 20.0;

/// What a unit is told to be in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct State {
    pub(super) status: &'static str,
    pub(super) reason: &'static str,
    pub(super) is_ready: bool,
}

const fn state(status: &'static str, reason: &'static str, is_ready: bool) -> State {
    State {
        status,
        reason,
        is_ready,
    }
}

impl Unit {
    /// Whether it is listed.
    pub(super) fn is_there(&self, now: Moment) -> bool {
        self.born <= now && now < self.gone
    }

    /// Its state. `pace` is the seconds that a simulated second takes.
    pub(super) fn state(&self, now: Moment, pace: f64) -> State {
        let healthy = self.condition == Condition::Healthy;
        if let Some(at) = self.crashed.filter(|_| healthy)
            && now < at.plus(COMEBACK_S * pace)
        {
            return state("error", "CrashLoopBackOff", false);
        }
        if now < self.running {
            return state("created", "", false);
        }
        if now < self.ready {
            return state("starting", "", false);
        }
        match self.condition {
            Condition::Healthy => state("started", "", true),
            Condition::Unschedulable => state("created", "", false),
            Condition::Unready => state("starting", "", false),
            Condition::CrashLoop => state("error", "CrashLoopBackOff", false),
            Condition::ImagePull => state("error", "ImagePullBackOff", false),
            Condition::OutOfMemory => state("error", "OOMKilled", false),
            Condition::Exited(code) => state("error", exit_reason(code), false),
            Condition::Evicted => state("error", "Evicted", false),
            Condition::Finished => state("stopped", "", false),
        }
    }

    /// How often its container was started again by now.
    pub(super) fn restarts(&self, now: Moment) -> u32 {
        let crashed = self.crashed.is_some_and(|at| at <= now);
        self.restarts + u32::from(crashed)
    }
}

fn exit_reason(code: u8) -> &'static str {
    match code {
        137 => "exitCode: 137",
        143 => "exitCode: 143",
        _ => "exitCode: 1",
    }
}
