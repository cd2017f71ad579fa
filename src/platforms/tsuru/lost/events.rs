//! What is done to an app: an event that is new among the newest of its kinds, and ours.
//!
//! Source: tsuru contract, section 5 (events).

use super::Before;
use crate::model::{Failure, Follow};
use crate::platforms::Found;
use crate::platforms::tsuru::api::{Api, of_app};
use crate::platforms::tsuru::map;
use crate::platforms::tsuru::operate::Kinds;
use crate::platforms::tsuru::paths::Op;
use crate::platforms::tsuru::progress;
use crate::platforms::tsuru::wire::{ENV_UNSET, Event, Me};

/// The newest events that are looked at: each carries its whole log.
const NEWEST: &str = "20";

/// The newest events of an app, of these kinds.
pub(super) async fn newest(
    api: &Api,
    app: &str,
    kinds: Kinds,
    limit: &str,
) -> Result<Vec<Event>, Failure> {
    let mut query = of_app(app).to_vec();
    query.push(("limit", limit));
    query.extend(kinds.iter().map(|kind| ("kindname", *kind)));
    api.list(Op::EventList, &[], &query).await
}

/// Events of an app that hold its lock.
pub(in super::super) async fn holding(api: &Api, app: &str) -> Result<Vec<Event>, Failure> {
    let mut events = api.under_way(Some(app)).await?;
    events.retain(map::holds);
    Ok(events)
}

pub(super) async fn look_for(
    api: &Api,
    app: &str,
    kinds: Kinds,
    before: Option<&Before>,
) -> Result<Found, Failure> {
    let Some(before) = before else {
        return Ok(Found::CannotTell);
    };
    let mut new = newest(api, app, kinds, NEWEST).await?;
    let known = before.newest.as_deref();
    let known = new
        .iter()
        .position(|it| Some(it.unique_id.as_str()) == known);
    new.truncate(known.unwrap_or(new.len()));
    if new.is_empty() {
        return nothing_new(api, app).await;
    }
    let me = me(api).await;
    new.retain(|event| is_of(event, me.as_deref()));
    Ok(match new.as_slice() {
        // What is new is somebody else's, and ours may wait for it.
        [] => Found::NotYet,
        [only] => happened(only, kinds),
        several => of_several(several, kinds),
    })
}

/// What wants the lock waits for it, although its client is gone.
pub(super) async fn nothing_new(api: &Api, app: &str) -> Result<Found, Failure> {
    Ok(if holding(api, app).await?.is_empty() {
        Found::DidNotHappen
    } else {
        Found::NotYet
    })
}

fn happened(event: &Event, kinds: Kinds) -> Found {
    // Variables were set, and those to be removed were not asked for any more.
    if kinds.contains(&ENV_UNSET) && map::kind(event) != ENV_UNSET {
        return Found::CannotTell;
    }
    Found::Happened(progress::of_event(event))
}

/// Variables that are set and removed are two events; of anything else there is one.
fn of_several(events: &[Event], kinds: Kinds) -> Found {
    let [last, first] = events else {
        return Found::CannotTell;
    };
    let are_both = kinds.len() > 1 && map::kind(last) == ENV_UNSET && map::kind(first) != ENV_UNSET;
    if are_both {
        happened(last, kinds)
    } else {
        Found::CannotTell
    }
}

/// Whose credential it is; absent where the server does not say.
async fn me(api: &Api) -> Option<String> {
    let me: Me = api.get(Op::UserGet, &[], &[]).await.ok()?;
    me.email.0.filter(|email| !email.is_empty())
}

/// What is not told speaks against nothing. A team's token has an address that begins with its name.
fn is_of(event: &Event, me: Option<&str>) -> bool {
    let owner = event.owner.as_ref().and_then(|owner| owner.name.as_deref());
    let (Some(owner), Some(me)) = (owner, me) else {
        return true;
    };
    let rest = me.strip_prefix(owner);
    rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('@'))
}

/// Whoever asked for it: it is being cancelled.
pub(super) async fn cancelled(api: &Api, id: &str) -> Result<Found, Failure> {
    let event = api.event(id).await?;
    Ok(if map::is_cancelling(&event) {
        Found::Happened(Follow::Task(progress::cancelling(id)))
    } else {
        Found::DidNotHappen
    })
}
