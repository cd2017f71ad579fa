//! Deployments of managed apps: the one that is asked about, and those that are known.

use std::time::Duration;

use jiff::Timestamp;

use super::{Managed, short};
use crate::model::{AppId, Deployment, EnvId, Phase, Text};
use crate::platforms::details::Details;
use crate::platforms::loose::Loose;
use crate::platforms::pandastack::decode::{Of, Record};
use crate::platforms::pandastack::ids;
use crate::platforms::pandastack::known::Seen;
use crate::platforms::pandastack::words::State;

/// Where its deployments come from, for the API lists none.
const KNOWN: &str = "known to flightdeck";

/// What the answer about one deployment says.
pub(in crate::platforms::pandastack) fn told(
    app: &AppId,
    uuid: &str,
    record: &Record,
) -> Deployment {
    let word = record.status(Of::Deployment);
    let state = State::told(record, Of::Deployment);
    let phase = state.as_ref().map_or_else(untold, State::phase);
    let started_at = record.created_at();
    let ended_at = record.updated_at().or_else(|| record.deployed_at());
    let ended_at = ended_at.filter(|_| phase.is_final());
    Deployment {
        duration: between(started_at, ended_at),
        started_at,
        ended_at,
        reason: record.error().filter(|_| phase == Phase::Failed),
        progress: crate::model::Progress {
            label: word.clone(),
            ..Default::default()
        },
        details: Details::default()
            .text("State", word)
            .text("UUID", Text::non_empty(uuid))
            .url("URL", record.url())
            .time("Updated", &Loose(record.updated_at()))
            .done(),
        ..blank(app, uuid, phase)
    }
}

/// Those that are known, newest first, beside what the record of the app says now.
pub(in crate::platforms::pandastack) fn history(
    app: &AppId,
    seen: &[Seen],
    now: Option<&Managed>,
) -> Vec<Deployment> {
    let latest = now.and_then(|managed| managed.record.deployment());
    let at = seen
        .iter()
        .position(|it| latest.as_ref().is_some_and(|uuid| uuid.as_str() == it.uuid));
    // Newer than what the record names is what was begun since.
    let at = at.unwrap_or(0);
    let all = seen.iter().enumerate();
    let all = all.map(|(number, seen)| {
        let mut one = known(app, seen);
        if number > at || now.is_none() {
            one.phase = over(one.phase);
        }
        one.is_current = number == at && now.is_some() && one.phase == Phase::Succeeded;
        one.reason = now
            .filter(|_| number == at && one.phase == Phase::Failed)
            .and_then(|managed| managed.record.error());
        one
    });
    all.collect()
}

/// One that was begun and of which nothing is told yet.
pub(in crate::platforms::pandastack) fn begun(
    app: &AppId,
    uuid: &str,
    at: Timestamp,
) -> Deployment {
    Deployment {
        started_at: Some(at),
        ..blank(app, uuid, Phase::Queued)
    }
}

fn known(app: &AppId, seen: &Seen) -> Deployment {
    let state = seen.state.as_ref().map(|word| State::of(word.as_str()));
    Deployment {
        cause: Some(KNOWN.into()),
        started_at: seen.first,
        details: Details::default()
            .text("State", seen.state.clone())
            .text("UUID", Text::non_empty(&seen.uuid))
            .time("There since", &Loose(seen.first))
            .time("Last seen", &Loose(seen.last))
            .done(),
        ..blank(
            app,
            &seen.uuid,
            state.as_ref().map_or_else(untold, State::phase),
        )
    }
}

fn blank(app: &AppId, uuid: &str, phase: Phase) -> Deployment {
    Deployment {
        app: Some(app.clone()),
        environment: Some(EnvId::new(app.as_str())),
        ..Deployment::new(ids::deployment(app, uuid), short(uuid), phase)
    }
}

/// Nothing was said of its state.
fn untold() -> Phase {
    Phase::Other("not told".into())
}

/// What became of one that another has followed: what went on then ended, and nobody saw how.
fn over(phase: Phase) -> Phase {
    match phase {
        Phase::Succeeded => Phase::Replaced,
        Phase::Queued
        | Phase::Building
        | Phase::Deploying
        | Phase::Running(_)
        | Phase::ActionRequired(_)
        | Phase::Other(_) => Phase::Ended,
        Phase::Replaced | Phase::Failed | Phase::Cancelled | Phase::Ended => phase,
    }
}

fn between(from: Option<Timestamp>, until: Option<Timestamp>) -> Option<Duration> {
    Duration::try_from(until?.duration_since(from?)).ok()
}

/// Deployments that the record of an app names, oldest first, to be remembered.
pub(in crate::platforms::pandastack) fn sightings(
    managed: &Managed,
    now: Option<Timestamp>,
) -> Vec<Seen> {
    let latest = managed.record.deployment();
    let mut earlier: Vec<_> = managed.record.deployments();
    earlier.reverse();
    if earlier.iter().all(|it| it.created_at().is_some()) {
        earlier.sort_by_key(Record::created_at);
    }
    let earlier = earlier.iter().filter_map(|record| {
        let uuid = record.uuid().filter(|uuid| Some(uuid) != latest.as_ref())?;
        let state = record.status(Of::Deployment);
        let state = state.as_ref().map(Text::as_str);
        let mut seen = Seen::new(&managed.id, uuid.as_str(), state, now);
        seen.first = record.created_at().or(now);
        Some(seen)
    });
    let latest = latest.as_ref().map(|uuid| {
        let state = state_of_latest(managed);
        let state = state.as_ref().map(Text::as_str);
        let mut seen = Seen::new(&managed.id, uuid.as_str(), state, now);
        seen.first = there_since(&managed.record, now);
        seen
    });
    earlier.chain(latest).collect()
}

/// Since when the latest deployment is there, at the latest: the record names it since it changed
/// last. That it is seen now does not mean that it began now.
fn there_since(record: &Record, now: Option<Timestamp>) -> Option<Timestamp> {
    let changed = record.updated_at().or_else(|| record.deployed_at());
    let past = changed.filter(|at| now.is_none_or(|now| *at <= now));
    past.or(now)
}

/// The word for the latest deployment: its own, else that of the app where it is about that.
fn state_of_latest(managed: &Managed) -> Option<Text> {
    let own = managed.record.status_of_latest();
    own.or_else(|| match managed.state.as_ref()? {
        State::Pending
        | State::Building
        | State::Deploying
        | State::ActionRequired
        | State::Running
        | State::Failed => managed.word.clone(),
        // That an app was stopped or is deleted says nothing of how it was deployed.
        State::Stopped | State::Deleting | State::Deleted | State::Unknown(_) => None,
    })
}
