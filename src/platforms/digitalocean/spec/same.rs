//! Whether two texts say the same: white space, the order of fields and the way a string is escaped
//! aside. A field that is `null` is one that is not there.

use super::raw;

/// Deeper than any spec; beyond it only the same text is the same.
const DEEPEST: usize = 64;

/// Digits that a floating-point number holds without loss.
const SAFE_DIGITS: usize = 15;

/// Whether they say the same.
pub(super) fn same(one: &str, other: &str) -> bool {
    within(one, other, DEEPEST)
}

fn within(one: &str, other: &str, deeper: usize) -> bool {
    if one == other {
        return true;
    }
    if deeper == 0 {
        return false;
    }
    match (one.as_bytes().first(), other.as_bytes().first()) {
        (Some(b'{'), Some(b'{')) => fields(one, other, deeper - 1),
        (Some(b'['), Some(b'[')) => items(one, other, deeper - 1),
        (Some(b'"'), Some(b'"')) => strings(one, other),
        _ => numbers(one, other),
    }
}

fn fields(one: &str, other: &str, deeper: usize) -> bool {
    let (Some(ours), Some(theirs)) = (named(one), named(other)) else {
        return false;
    };
    ours.len() == theirs.len()
        && ours.iter().all(|(name, value)| {
            let there = theirs.iter().find(|(theirs, _)| theirs == name);
            there.is_some_and(|(_, there)| within(value, there, deeper))
        })
}

/// The fields that are there, each once, under their names as they are read.
pub(super) fn named(raw: &str) -> Option<Vec<(String, &str)>> {
    let mut named: Vec<(String, &str)> = Vec::new();
    for (name, value) in raw::object(raw)? {
        // What cannot be read as a name is still one: as it is written.
        let name = raw::text(name).unwrap_or_else(|| name.to_owned());
        named.retain(|(earlier, _)| *earlier != name);
        if value != "null" {
            named.push((name, value));
        }
    }
    Some(named)
}

fn items(one: &str, other: &str, deeper: usize) -> bool {
    let (Some(ours), Some(theirs)) = (raw::list(one), raw::list(other)) else {
        return false;
    };
    let mut pairs = ours.iter().zip(&theirs);
    ours.len() == theirs.len() && pairs.all(|(one, other)| within(one, other, deeper))
}

fn strings(one: &str, other: &str) -> bool {
    let read = raw::text(one);
    read.is_some() && read == raw::text(other)
}

/// Long ones may differ where a machine's number does not: only as text are they the same.
fn numbers(one: &str, other: &str) -> bool {
    let read = |text: &str| {
        let is_safe = text.bytes().filter(u8::is_ascii_digit).count() <= SAFE_DIGITS;
        let number: Option<f64> = text.parse().ok();
        number.filter(|number| is_safe && number.is_finite())
    };
    match (read(one), read(other)) {
        (Some(one), Some(other)) => one.total_cmp(&other).is_eq(),
        (_, _) => false,
    }
}
