//! What is managed here: an organisation and its projects. Source: Pangea contract, section 7.

use super::id::{Kind, id};
use crate::sim::{
    clock::Moment,
    dice::Dice,
    words::{self, APPS, ORGANISATIONS, PEOPLE},
};

const DAY: f64 = 86_400.0;

/// The regions, each with its geography. The first of a geography is taken where none is asked for.
pub(super) const REGIONS: [(&str, &str); 3] = [
    ("us", "us-west-1"),
    ("us", "us-east-1"),
    ("eu", "eu-central-1"),
];

/// The geographies.
pub(super) const GEOS: [&str; 2] = ["us", "eu"];

/// What all projects belong to.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Organisation {
    pub(super) id: String,
    pub(super) name: String,
    /// Identifier of a user.
    pub(super) owner: String,
    pub(super) owner_email: String,
    pub(super) created: Moment,
    pub(super) updated: Moment,
}

/// One project.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Project {
    pub(super) id: String,
    pub(super) name: String,
    pub(super) organisation: String,
    /// Searches find it by this; answers do not tell it.
    pub(super) owner_email: String,
    pub(super) geo: String,
    pub(super) region: String,
    pub(super) created: Moment,
    pub(super) updated: Moment,
}

/// The organisation of a seed.
pub(super) fn organisation(seed: u64, started: Moment) -> Organisation {
    let mut dice = Dice::new(seed, &[0x9a, 1]);
    let created = started.plus(-DAY * f64::from(dice.between(400, 900)));
    Organisation {
        id: id(seed, Kind::Organisation, 0),
        name: ORGANISATIONS[0].to_owned(),
        owner: id(seed, Kind::User, 0),
        owner_email: email(0),
        created,
        updated: created.plus(DAY * f64::from(dice.between(1, 300))),
    }
}

/// The project with this ordinal.
pub(super) fn project(seed: u64, ordinal: usize, started: Moment) -> Project {
    let mut dice = Dice::new(seed, &[0x9a, 2, ordinal as u64]);
    let created = started.plus(-DAY * f64::from(dice.between(20, 390)));
    let (geo, region) = REGIONS[ordinal % REGIONS.len()];
    let of = APPS.len();
    let name = words::numbered(APPS[ordinal % of], ordinal, of);
    let stage = ["prod", "staging", "eu"][ordinal % REGIONS.len()];
    Project {
        id: id(seed, Kind::Project, ordinal),
        name: format!("{name}-{stage}"),
        organisation: id(seed, Kind::Organisation, 0),
        owner_email: email(ordinal),
        geo: geo.to_owned(),
        region: region.to_owned(),
        created,
        updated: created.plus(DAY * f64::from(dice.below(19))),
    }
}

/// The e-mail address of one of the people.
pub(super) fn email(person: usize) -> String {
    format!("{}@example.com", PEOPLE[person % PEOPLE.len()])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn projects_are_in_all_regions_and_no_two_have_one_name() {
        let started = Moment(1_700_000_000_000_000);
        let all: Vec<Project> = (0..300).map(|it| project(1, it, started)).collect();
        for (geo, region) in REGIONS {
            let fits = |it: &&Project| it.geo == geo && it.region == region;
            assert_eq!(all.iter().filter(fits).count(), 100);
        }
        let mut names: Vec<&str> = all.iter().map(|it| it.name.as_str()).collect();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), 300);
        assert!(all.iter().all(|it| it.updated < started));
    }
}
