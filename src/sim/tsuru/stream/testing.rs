//! Events and units for the unit tests.

use serde_json::Value;

use super::{
    super::event::{Event, Kind, Owner, Piece, Script, Target},
    pod::{Pod, PodState},
};
use crate::sim::clock::Moment;

/// A restart that began at 0, wrote these pieces and ended.
pub(super) fn event(pieces: &[(i64, &str)], end: i64, error: Option<&str>) -> Event {
    let piece = |(at, text): &(i64, &str)| Piece {
        at: Moment(*at),
        text: (*text).to_owned(),
    };
    Event {
        id: "6a00000000000000deadbeef".to_owned(),
        kind: Kind::Permission("app.update.restart"),
        target: Target::app("shop"),
        owner: Owner::internal(),
        start: Moment(0),
        end: Moment(end),
        script: Script::Written(pieces.iter().map(piece).collect()),
        error: error.map(str::to_owned),
        cancelable_until: Moment(0),
        cancel: None,
        locks: true,
        deploy: None,
        custom: Value::Null,
    }
}

/// A unit that runs.
pub(super) fn pod(source: &str, unit: &str, from: Moment) -> Pod {
    Pod {
        owner: "shop".to_owned(),
        source: source.to_owned(),
        unit: unit.to_owned(),
        from,
        until: None,
        crashed: None,
        state: PodState::Running,
    }
}
