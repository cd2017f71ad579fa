//! The two envelopes of lists: by page, and for cron jobs by limit and offset.

use serde_json::{Value, json};

use super::{
    call::{Call, Query},
    errors::Refusal,
    reply::{Outcome, Reply},
};

const DEFAULT_SIZE: usize = 20;
const LARGEST_SIZE: usize = 100;

/// One page of `items`, written by `wire`.
pub(super) fn page<T>(call: &Call<'_>, items: &[T], wire: impl Fn(&T) -> Value) -> Outcome {
    sized_page(call, items, DEFAULT_SIZE, wire)
}

/// One page, with another default size.
pub(super) fn sized_page<T>(
    call: &Call<'_>,
    items: &[T],
    default_size: usize,
    wire: impl Fn(&T) -> Value,
) -> Outcome {
    let slice = Slice::of(&call.query, items.len(), default_size)?;
    let link = |number: Option<usize>| match number {
        None => Value::Null,
        Some(1) => link(call, &call.query.replaced("page", None)),
        Some(number) => link(
            call,
            &call.query.replaced("page", Some(&number.to_string())),
        ),
    };
    let results: Vec<Value> = items[slice.start..slice.end].iter().map(wire).collect();
    Ok(Reply::ok(&json!({
        "count": items.len(),
        "next": link(slice.next),
        "previous": link(slice.previous),
        "results": results,
    })))
}

/// One window of `items` by `limit` and `offset`.
#[expect(clippy::unnecessary_wraps, reason = "handlers share one signature")]
pub(super) fn window<T>(call: &Call<'_>, items: &[T], wire: impl Fn(&T) -> Value) -> Outcome {
    let number = |name| {
        call.query
            .get(name)
            .and_then(|text| text.parse::<usize>().ok())
    };
    let limit = number("limit")
        .filter(|limit| *limit > 0)
        .unwrap_or(LARGEST_SIZE)
        .min(LARGEST_SIZE);
    let offset = number("offset").unwrap_or(0);
    let at = |offset: usize| {
        let limited = Query::parse(&call.query.replaced("limit", Some(&limit.to_string())));
        let offset = (offset > 0).then(|| offset.to_string());
        link(call, &limited.replaced("offset", offset.as_deref()))
    };
    let end = offset.saturating_add(limit);
    let next = if end < items.len() {
        at(end)
    } else {
        Value::Null
    };
    let previous = if offset > 0 {
        at(offset.saturating_sub(limit))
    } else {
        Value::Null
    };
    let results: Vec<Value> = items.iter().skip(offset).take(limit).map(wire).collect();
    Ok(Reply::ok(&json!({
        "count": items.len(), "next": next, "previous": previous, "results": results,
    })))
}

fn link(call: &Call<'_>, query: &str) -> Value {
    let mark = if query.is_empty() { "" } else { "?" };
    Value::String(format!("{}{}{mark}{query}", call.view.origin, call.path))
}

#[derive(Debug, PartialEq, Eq)]
struct Slice {
    start: usize,
    end: usize,
    next: Option<usize>,
    previous: Option<usize>,
}

impl Slice {
    fn of(query: &Query, count: usize, default_size: usize) -> Result<Slice, Refusal> {
        let size = query.get("page_size").and_then(|text| text.parse().ok());
        let size: usize = size
            .filter(|size| *size > 0)
            .unwrap_or(default_size)
            .min(LARGEST_SIZE);
        let last = count.div_ceil(size).max(1);
        let number = match query.get("page") {
            None => Some(1),
            Some("last") => Some(last),
            Some(text) => text.parse().ok(),
        };
        let number = number
            .filter(|number| (1..=last).contains(number))
            .ok_or(Refusal::NotFound("Invalid page."))?;
        Ok(Slice {
            start: (number - 1) * size,
            end: (number * size).min(count),
            next: (number < last).then_some(number + 1),
            previous: (number > 1).then(|| number - 1),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn slice(query: &str, count: usize) -> Result<(usize, usize), Refusal> {
        Slice::of(&Query::parse(query), count, DEFAULT_SIZE).map(|slice| (slice.start, slice.end))
    }

    #[test]
    fn pages_cover_everything_once() {
        assert_eq!(slice("", 45), Ok((0, 20)));
        assert_eq!(slice("page=3", 45), Ok((40, 45)));
        assert_eq!(slice("page=2&page_size=30", 45), Ok((30, 45)));
        assert_eq!(slice("", 0), Ok((0, 0)));
    }

    #[test]
    fn page_size_is_silently_clamped() {
        assert_eq!(slice("page_size=5000", 450), Ok((0, 100)));
        assert_eq!(slice("page_size=x", 450), Ok((0, 20)));
        assert_eq!(slice("page_size=0", 450), Ok((0, 20)));
    }

    #[test]
    fn unknown_pages_are_refused() {
        for query in ["page=4", "page=0", "page=-1", "page=x"] {
            assert_eq!(
                slice(query, 45),
                Err(Refusal::NotFound("Invalid page.")),
                "{query}"
            );
        }
    }

    #[test]
    fn neighbours_end_at_the_edges() {
        let first = Slice::of(&Query::default(), 45, 20).unwrap();
        assert_eq!((first.previous, first.next), (None, Some(2)));
        let last = Slice::of(&Query::parse("page=3"), 45, 20).unwrap();
        assert_eq!((last.previous, last.next), (Some(2), None));
    }
}
