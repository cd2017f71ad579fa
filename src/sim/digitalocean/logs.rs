//! Asking for logs. Source: DigitalOcean contract, section 6.1.

use super::{call::Call, errors::Refusal, reply::Outcome, world::World};
use crate::sim::{clock::Moment, host::Commanded};

pub(super) fn of_active(call: &mut Call<'_>) -> Outcome {
    let _app = call.app()?;
    Err(Refusal::not_simulated())
}

pub(super) fn of_deployment(call: &mut Call<'_>) -> Outcome {
    let app = call.app()?;
    let _deployment = call.deployment(app, 1)?;
    Err(Refusal::not_simulated())
}

pub(super) fn of_invocation(call: &mut Call<'_>) -> Outcome {
    let _app = call.app()?;
    Err(Refusal::not_simulated())
}

pub(super) fn of_event(call: &mut Call<'_>) -> Outcome {
    let _app = call.app()?;
    Err(Refusal::not_simulated())
}

/// Lets a component write lines, now or from now on.
pub(super) fn write(
    _world: &mut World,
    _now: Moment,
    (_app, _component): (usize, Option<&str>),
    _lines: &[String],
    _rate: Option<u32>,
) -> Option<Commanded> {
    None
}
