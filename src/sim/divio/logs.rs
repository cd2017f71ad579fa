//! Reading the runtime log: cursors, filters, and how often it is written (contract section 6.1).

use serde_json::{Value, json};

use super::{
    call::{Call, Query},
    errors::Refusal,
    key::{Kind, base32, from_base32},
    reply::{Outcome, Reply},
};
use crate::sim::{
    clock::Moment,
    record::{Line, Place, Wanted},
};

const LARGEST_LIMIT: i64 = 1_000;
/// The number of a line in a cursor has one bit less than it could, for the source.
const NUMBER: u64 = u64::MAX >> 1;

fn cursor(place: Place) -> String {
    let at = u128::from(place.at.0.cast_unsigned()) << 64;
    base32(at | u128::from(place.source) << 63 | u128::from(place.number & NUMBER))
}

fn place(text: &str) -> Option<Place> {
    let bits = from_base32(text)?;
    let at = u64::try_from(bits >> 64).ok()?.cast_signed();
    let source = u8::from(bits >> 63 & 1 == 1);
    let number = u64::try_from(bits & u128::from(NUMBER)).ok()?;
    Some(Place {
        at: Moment(at),
        source,
        number,
    })
}

/// The place right before another one: nothing lies between them.
fn before(place: Place) -> Place {
    match place.number.checked_sub(1) {
        Some(number) => Place { number, ..place },
        None if place.source == 1 => Place {
            source: 0,
            number: NUMBER,
            ..place
        },
        None => Place {
            at: Moment(place.at.0 - 1),
            source: 1,
            number: NUMBER,
        },
    }
}

fn after(place: Place) -> Place {
    Place {
        number: place.number.saturating_add(1).min(NUMBER),
        ..place
    }
}

pub(super) fn read(call: &mut Call<'_>) -> Outcome {
    let environment = call.subject(Kind::Environment)?.ordinal;
    let now = call.now();
    let wanted = wanted(&call.query)?;
    let given = |name: &str| match call.query.get(name) {
        None => Ok(None),
        Some(text) => place(text)
            .map(Some)
            .ok_or_else(|| Refusal::field(name, "Invalid cursor.")),
    };
    let (from, to) = (given("search_after")?, given("search_before")?);
    let world = &*call.world;
    // The present is read again next time: lines of this very microsecond may still come.
    let end = Place {
        at: Moment(now.0 - 1),
        source: 1,
        number: NUMBER,
    };
    let everything = Place {
        at: Moment::NEVER,
        source: 1,
        number: NUMBER,
    };
    let (lines, newest, oldest) = match (from, to, wanted.from) {
        (Some(from), _, _) => (
            world.lines_after(environment, from, now, &wanted),
            from,
            after(from),
        ),
        (None, Some(to), _) => (
            world.lines_before(environment, to, now, &wanted),
            before(to),
            to,
        ),
        (None, None, Some(start)) => {
            let from = Place {
                at: Moment(start.0 - 1),
                source: 1,
                number: NUMBER,
            };
            (
                world.lines_after(environment, from, now, &wanted),
                end.max(from),
                after(from),
            )
        }
        (None, None, None) => (
            world.lines_before(environment, everything, now, &wanted),
            end,
            after(end),
        ),
    };
    let newest = lines.last().map_or(newest, |line| line.place);
    let oldest = lines.first().map_or(oldest, |line| line.place);
    Ok(Reply::ok(&json!({
        "next": link(call, "search_after", newest),
        "previous": link(call, "search_before", oldest),
        "results": lines.iter().map(|line| wire(call, line)).collect::<Vec<Value>>(),
    })))
}

fn link(call: &Call<'_>, name: &str, place: Place) -> String {
    let other = if name == "search_after" {
        "search_before"
    } else {
        "search_after"
    };
    let rest = Query::parse(&call.query.replaced(other, None));
    let query = rest.replaced(name, Some(&cursor(place)));
    format!("{}{}?{query}", call.view.origin, call.path)
}

fn wire(call: &Call<'_>, line: &Line) -> Value {
    json!({
        "timestamp": call.view.shifted(line.place.at).iso_offset(),
        "service": line.service,
        "message": line.message,
        "container": format!("{}-1", line.service),
        "action": null,
        "version": null,
    })
}

fn wanted(query: &Query) -> Result<Wanted, Refusal> {
    let search = query.get("search_query").map(str::to_lowercase);
    if let Some(text) = &search {
        let length = text.chars().count();
        if length < 3 {
            let message = "Ensure this field has at least 3 characters.";
            return Err(Refusal::field("search_query", message));
        }
        if length > 32 {
            let message = "Ensure this field has no more than 32 characters.";
            return Err(Refusal::field("search_query", message));
        }
    }
    let container = query
        .get("container")
        .map(|text| text.strip_suffix("-1").unwrap_or(text));
    let limit = number(query, "limit", LARGEST_LIMIT, LARGEST_LIMIT)?;
    Ok(Wanted {
        service: query.get("service").or(container).map(str::to_owned),
        search,
        from: time(query, "from_ts")?,
        to: time(query, "to_ts")?,
        limit: usize::try_from(limit).unwrap_or(1),
    })
}

fn number(query: &Query, name: &str, default: i64, most: i64) -> Result<i64, Refusal> {
    let Some(text) = query.get(name) else {
        return Ok(default);
    };
    let number = text
        .parse()
        .ok()
        .filter(|number| (1..=most).contains(number));
    number.ok_or_else(|| Refusal::field(name, format!("A number from 1 to {most} is required.")))
}

fn time(query: &Query, name: &str) -> Result<Option<Moment>, Refusal> {
    let Some(text) = query.get(name) else {
        return Ok(None);
    };
    // An unescaped plus sign in an address means a space.
    let moment = Moment::parse(&text.replace(' ', "+"));
    moment
        .map(Some)
        .ok_or_else(|| Refusal::field(name, "Datetime has wrong format."))
}

/// How many lines were written over time; the shape of an item is not documented.
pub(super) fn occurrence(call: &mut Call<'_>) -> Outcome {
    const BUCKETS: i64 = 30;
    const HOUR: f64 = 3_600.0;
    let environment = call.subject(Kind::Environment)?.ordinal;
    let buckets = number(&call.query, "number_of_buckets", BUCKETS, BUCKETS)?;
    let mut wanted = wanted(&call.query)?;
    let to = wanted.to.unwrap_or(call.now());
    let from = wanted.from.unwrap_or(to.plus(-HOUR));
    wanted.limit = usize::MAX;
    wanted.from = Some(from);
    let start = Place {
        at: Moment(from.0 - 1),
        source: 1,
        number: NUMBER,
    };
    let lines = call
        .world
        .lines_after(environment, start, call.now(), &wanted);
    let width = ((to.0 - from.0) / buckets).max(1);
    let items = (0..buckets).map(|bucket| {
        let begin = from.0 + bucket * width;
        let within = |line: &&Line| (begin..begin + width).contains(&line.place.at.0);
        let count = lines.iter().filter(within).count();
        json!({ "timestamp": call.view.time(Moment(begin)), "count": count })
    });
    Ok(Reply::ok(
        &json!({ "occurrences": items.collect::<Vec<Value>>() }),
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cursor_keeps_the_place() {
        let places = [
            Place {
                at: Moment(1_700_000_000_000_001),
                source: 0,
                number: 0,
            },
            Place {
                at: Moment(1_700_000_000_000_001),
                source: 1,
                number: 42,
            },
            Place {
                at: Moment(1_700_000_000_000_000),
                source: 1,
                number: NUMBER,
            },
        ];
        for original in places {
            assert_eq!(place(&cursor(original)), Some(original));
            assert!(before(original) < original);
        }
        assert_eq!(place("not a cursor"), None);
    }
}
