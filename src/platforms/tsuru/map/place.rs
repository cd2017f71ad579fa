//! Pools: where apps run.
//!
//! Source: tsuru contract, section 5 (platform lists).

use super::words::list;
use crate::model::{Class, Detail, Region, RegionId, Text};
use crate::platforms::details::Details;
use crate::platforms::tsuru::wire;

pub(in crate::platforms::tsuru) fn pool(wire: &wire::Pool) -> Option<Region> {
    let name = Text::non_empty(&wire.name)?;
    Some(Region {
        id: RegionId::new(&wire.name),
        name,
        details: details(wire),
    })
}

/// How much it matters what runs in a pool. The platform has no word for it: pools are how teams
/// keep production apart, so a name with the word in it counts (`prod`, `eu-production_2`). Where
/// two of them are in a name, the one that matters more does.
pub(super) fn class(pool: &str) -> Option<Class> {
    let words = pool.split(['-', '_', '.']);
    words.filter_map(Class::from_word).max()
}

/// What there is to say of a pool, here and in its own list.
pub(super) fn details(wire: &wire::Pool) -> Vec<Detail> {
    let mut details = Details::default()
        .word("Provisioner", &wire.provisioner)
        .when("Default", &wire.is_default)
        .when("For every team", &wire.is_public)
        .text("Teams", wire.teams.as_ref().and_then(list));
    for (kind, names) in wire.allowed.iter().flatten() {
        if let Some(names) = list(names) {
            let line = format!("{kind}: {names}");
            details = details.text("Allowed", Text::non_empty(&line));
        }
    }
    for (name, value) in wire.labels.iter().flatten() {
        let line = format!("{name}: {value}");
        details = details.text("Label", Text::non_empty(&line));
    }
    details.done()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whole_words_of_a_name_tell_the_class() {
        for (pool, expected) in [
            ("prod", Some(Class::Production)),
            ("EU-Production_2", Some(Class::Production)),
            ("staging.eu", Some(Class::Staging)),
            ("team-dev", Some(Class::Development)),
            ("dev-prod", Some(Class::Production)),
            ("products", None),
            ("devices", None),
            ("batch", None),
            ("", None),
        ] {
            assert_eq!(class(pool), expected, "{pool}");
        }
    }
}
