//! Lists, tells and cancels events. Source: tsuru contract, section 5, "Events".

use serde_json::json;

use super::{
    call::Call,
    errors::Refusal,
    event::{Cancel, Event, is_object_id},
    event_wire,
    input::Input,
    reply::{Outcome, Reply},
    world::World,
};
use crate::sim::clock::Moment;

/// Default and highest length of a list.
const MOST: usize = 100;
/// Seconds until the server takes note of a wish to cancel.
const NOTICE_S: f64 = 0.8;

/// Events, newest first.
#[expect(clippy::unnecessary_wraps, reason = "handlers share one signature")]
pub(super) fn list(call: &mut Call<'_>) -> Outcome {
    let filter = Filter::of(&call.input);
    let (world, now) = (&*call.world, call.now());
    let mut found: Vec<&Event> = world
        .events
        .iter()
        .filter(|event| event.start <= now && filter.fits(event, now))
        .collect();
    found.sort_by_key(|event| event.start);
    // A field with a minus is descending; that is what is usual too.
    if !filter.is_ascending {
        found.reverse();
    }
    let page = found.into_iter().skip(filter.skip).take(filter.limit);
    let told = page.map(|event| event_wire::event(world, event, &call.view));
    Ok(Reply::list(told.collect()))
}

/// A property of an event.
type Of = fn(&Event) -> &str;

/// Which events are listed.
struct Filter {
    exact: Vec<(Of, String)>,
    kinds: Vec<String>,
    since: Option<Moment>,
    until: Option<Moment>,
    running: Option<bool>,
    only_errors: bool,
    is_ascending: bool,
    limit: usize,
    skip: usize,
}

impl Filter {
    /// Keys are read in any case, and unknown ones are ignored: `kindNames` has no effect.
    fn of(input: &Input) -> Filter {
        const EXACT: [(&str, Of); 5] = [
            ("target.type", |event| event.target.kind),
            ("target.value", |event| &event.target.value),
            ("kindtype", |event| event.kind.word()),
            ("ownertype", |event| event.owner.kind),
            ("ownername", |event| &event.owner.name),
        ];
        let get = |name: &str| input.folded(name).filter(|text| !text.is_empty());
        let number = |name: &str| get(name)?.parse::<usize>().ok();
        let keyed = input.query.0.iter();
        let kinds = keyed.filter(|(key, _)| key.eq_ignore_ascii_case("kindname"));
        Filter {
            exact: EXACT
                .into_iter()
                .filter_map(|(key, of)| Some((of, get(key)?)))
                .collect(),
            kinds: kinds.map(|(_, value)| value.clone()).collect(),
            since: get("since").and_then(|text| Moment::parse(&text)),
            until: get("until").and_then(|text| Moment::parse(&text)),
            running: get("running").and_then(|text| text.parse().ok()),
            only_errors: input.folded_flag("erroronly"),
            is_ascending: get("sort").is_some_and(|field| !field.starts_with('-')),
            limit: number("limit")
                .filter(|limit| (1..=MOST).contains(limit))
                .unwrap_or(MOST),
            skip: number("skip").unwrap_or(0),
        }
    }

    fn fits(&self, event: &Event, now: Moment) -> bool {
        self.exact.iter().all(|(of, wanted)| of(event) == wanted)
            && (self.kinds.is_empty() || self.kinds.iter().any(|it| it == event.kind.name()))
            && self.since.is_none_or(|since| event.start >= since)
            && self.until.is_none_or(|until| event.start <= until)
            && self.running.is_none_or(|it| it == event.is_running(now))
            && (!self.only_errors || event.failure(now).is_some())
    }
}

/// The place of the event that the path names.
fn named(call: &Call<'_>) -> Result<usize, Refusal> {
    let id = call.given(0);
    if !is_object_id(id) {
        return Err(Refusal::bad(format!(
            "uuid parameter is not ObjectId: {id}"
        )));
    }
    let found = call.world.find_event(id);
    found.ok_or_else(|| Refusal::missing("event not found"))
}

/// One event, with its custom data.
pub(super) fn get(call: &mut Call<'_>) -> Outcome {
    let event = &call.world.events[named(call)?];
    Ok(Reply::ok(event_wire::info(call.world, event, &call.view)))
}

/// Asks for the end of an event; it comes within a second.
pub(super) fn cancel(call: &mut Call<'_>) -> Outcome {
    let place = named(call)?;
    let reason = call.input.text("reason");
    if reason.is_empty() {
        return Err(Refusal::bad("reason is mandatory"));
    }
    let now = call.now();
    let event = &call.world.events[place];
    if let Some(app) = call.world.find_app(&event.target.value) {
        call.world.may_change(app)?;
    }
    if event.cancel.is_some() && event.is_running(now) {
        return Err(Refusal::failed("event cancel already requested"));
    }
    if !event.is_cancelable(now) {
        return Err(Refusal::bad("event is not cancelable"));
    }
    call.world.cancel(place, World::USER, now, reason);
    Ok(Reply::no_content())
}

/// The kinds there are.
#[expect(clippy::unnecessary_wraps, reason = "handlers share one signature")]
pub(super) fn kinds(call: &mut Call<'_>) -> Outcome {
    let mut kinds: Vec<_> = call
        .world
        .events
        .iter()
        .map(|event| (event.kind.name(), event.kind.word()))
        .collect();
    kinds.sort_unstable();
    kinds.dedup();
    let told = kinds
        .into_iter()
        .map(|(name, word)| json!({ "Type": word, "Name": name }));
    Ok(Reply::list(told.collect()))
}

impl World {
    /// Lets an event end before its time: what it would have done later is not done.
    fn cancel(&mut self, place: usize, by: &str, now: Moment, reason: String) {
        let wanted = now.plus(NOTICE_S * self.pace().min(1.0));
        let event = &mut self.events[place];
        let acknowledged = wanted.min(event.end);
        event.cancel(Cancel {
            by: by.to_owned(),
            asked: now,
            acknowledged,
            reason,
        });
        self.pending
            .retain(|it| it.event != place || it.at <= acknowledged);
        if let Some(app) = self.find_app(&self.events[place].target.value) {
            self.apps[app].abandon(acknowledged);
        }
    }
}

impl super::app::App {
    /// Units that were to be born later are not, and those that were to make room stay.
    fn abandon(&mut self, at: Moment) {
        self.units.retain(|unit| unit.born <= at);
        for unit in &mut self.units {
            if unit.gone > at {
                unit.gone = Moment::NEVER;
            }
            if unit.ready > at {
                unit.gone = at;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::{
        deploy::{Ask, Source},
        testing::world,
    };

    #[test]
    fn what_is_cancelled_ends_within_a_second_and_changes_nothing_more() {
        let mut world = world(1, false);
        let (app, now) = (world.find_app("tundra").unwrap(), world.clock.started());
        let before = world.apps[app].deployed();
        let ask = Ask::of(Source::Build, "app-deploy");
        let event = world.deploy(now, app, ask).unwrap();
        world.cancel(event, "somebody", now.plus(3.0), "no".to_owned());
        assert!(world.events[event].is_running(now.plus(3.5)));
        assert!(!world.events[event].is_running(now.plus(4.0)));
        world.settle(now.plus(1_000.0));
        assert_eq!(world.apps[app].deployed(), before);
        let pieces = world.events[event].pieces().into_owned();
        assert!(pieces.iter().all(|piece| piece.at <= now.plus(4.0)));
    }
}
