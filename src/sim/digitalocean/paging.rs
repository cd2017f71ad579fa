//! Lists: pages by number, with links in all their forms.
//! Source: DigitalOcean contract, section 4.

use serde_json::{Map, Value, json};

use super::{
    call::{Call, Query},
    errors::Refusal,
    reply::{Outcome, Reply},
};

const DEFAULT_SIZE: usize = 20;
const LARGEST_SIZE: usize = 200;

/// What an empty list is like.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Empty {
    /// The service of the apps leaves it out.
    LeftOut,
    /// The others write it.
    Written,
}

/// One page of `items` under `name`, written by `wire`.
pub(super) fn page<T>(
    call: &Call<'_>,
    (name, empty): (&str, Empty),
    items: &[T],
    wire: impl Fn(&T) -> Value,
) -> Outcome {
    let slice = Slice::of(&call.query, items.len())?;
    let written: Vec<Value> = items[slice.start..slice.end].iter().map(wire).collect();
    let mut answer = Map::new();
    if !written.is_empty() || empty == Empty::Written {
        answer.insert(name.to_owned(), Value::Array(written));
    }
    if let Some(links) = links(call, &slice, items.len()) {
        answer.insert("links".to_owned(), links);
    }
    answer.insert("meta".to_owned(), json!({ "total": items.len() }));
    Ok(Reply::ok(Value::Object(answer)))
}

/// Size of the pages a request asks for.
pub(super) fn size(query: &Query) -> Result<usize, Refusal> {
    match query.get("per_page").map(str::parse::<usize>) {
        None => Ok(DEFAULT_SIZE),
        Some(Ok(size)) if (1..=LARGEST_SIZE).contains(&size) => Ok(size),
        Some(_) => Err(Refusal::bad("per_page must be between 1 and 200")),
    }
}

/// With one page there is nothing to link to, and three ways to say so: which one it is depends
/// on how many there are, so that all of them are met.
fn links(call: &Call<'_>, slice: &Slice, count: usize) -> Option<Value> {
    if slice.last == 1 {
        return match count % 3 {
            0 => None,
            1 => Some(json!({})),
            _ => Some(json!({ "pages": {} })),
        };
    }
    let mut pages = Map::new();
    let mut add = |name: &str, number: usize| {
        let query = call.query.replaced("page", Some(&number.to_string()));
        let link = format!("{}{}?{query}", call.view.origin, call.path);
        pages.insert(name.to_owned(), Value::String(link));
    };
    if slice.number > 1 {
        add("first", 1);
        add("prev", slice.number - 1);
    }
    if slice.number < slice.last {
        add("next", slice.number + 1);
        add("last", slice.last);
    }
    Some(json!({ "pages": pages }))
}

#[derive(Debug, PartialEq, Eq)]
struct Slice {
    number: usize,
    last: usize,
    start: usize,
    end: usize,
}

impl Slice {
    /// A page beyond the last is empty.
    fn of(query: &Query, count: usize) -> Result<Slice, Refusal> {
        let size = size(query)?;
        let number = match query.get("page").map(str::parse::<usize>) {
            None => 1,
            Some(Ok(number)) if number > 0 => number,
            Some(_) => return Err(Refusal::bad("page must be a positive number")),
        };
        let start = (number - 1).saturating_mul(size).min(count);
        Ok(Slice {
            number,
            last: count.div_ceil(size).max(1),
            start,
            end: start.saturating_add(size).min(count),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::{
        super::testing::{ask, still_world},
        *,
    };

    fn slice(query: &str, count: usize) -> Option<(usize, usize)> {
        let slice = Slice::of(&Query::parse(query), count).ok()?;
        Some((slice.start, slice.end))
    }

    #[test]
    fn pages_cover_everything_once() {
        assert_eq!(slice("", 45), Some((0, 20)));
        assert_eq!(slice("page=3", 45), Some((40, 45)));
        assert_eq!(slice("page=2&per_page=30", 45), Some((30, 45)));
        assert_eq!(slice("page=9", 45), Some((45, 45)));
    }

    #[test]
    fn too_large_pages_are_refused() {
        assert_eq!(slice("per_page=200", 450), Some((0, 200)));
        for query in [
            "per_page=201",
            "per_page=0",
            "per_page=x",
            "page=0",
            "page=x",
        ] {
            assert_eq!(slice(query, 450), None, "{query}");
        }
    }

    #[test]
    fn links_have_all_their_forms() {
        let mut world = still_world(1, 3);
        let links = |query: &str, count: usize, world: &mut _| {
            let items: Vec<usize> = (0..count).collect();
            let call = ask(world, "/v2/apps", query);
            let written = page(&call, ("apps", Empty::LeftOut), &items, |item| json!(item));
            written.unwrap().body.unwrap()
        };
        assert_eq!(links("", 0, &mut world), json!({ "meta": { "total": 0 } }));
        assert_eq!(links("", 1, &mut world)["links"], json!({}));
        assert_eq!(links("", 2, &mut world)["links"], json!({ "pages": {} }));
        assert!(links("", 3, &mut world).get("links").is_none());
        let first = links("per_page=2", 5, &mut world);
        let next = first["links"]["pages"]["next"].as_str().unwrap();
        assert!(next.ends_with("/v2/apps?per_page=2&page=2"), "{next}");
        let last = links("per_page=2&page=3", 5, &mut world);
        let pages = last["links"]["pages"].as_object().unwrap();
        assert_eq!(pages.keys().collect::<Vec<_>>(), ["first", "prev"]);
    }
}
