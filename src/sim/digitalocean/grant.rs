//! The addresses of streams: each with a token that opens it for a short while.
//!
//! How long the tokens of the platform live is not documented; these live a minute, and open a
//! stream once, so that a client that keeps an address instead of asking again is found out.

use std::collections::HashMap;

use super::tape::Asked;
use crate::sim::{clock::Moment, dice::Dice};

const LIVES: f64 = 60.0;

/// What a token opens.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Opens {
    Log(Asked),
    Console { component: String, instance: String },
}

/// How it is opened: each works once.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Way {
    Socket,
    Get,
}

/// The tokens that were given out.
#[derive(Debug)]
pub(super) struct Grants {
    seed: u64,
    given: u64,
    known: HashMap<String, Grant>,
}

#[derive(Debug)]
struct Grant {
    until: Moment,
    opens: Opens,
    /// The ways in which it was opened.
    used: Vec<Way>,
}

impl Grants {
    /// None was given out yet.
    pub(super) fn new(seed: u64) -> Grants {
        Grants {
            seed,
            given: 0,
            known: HashMap::new(),
        }
    }

    /// Gives out a token, and tells its number. Those that opened nothing in time are forgotten.
    pub(super) fn give(&mut self, now: Moment, opens: Opens) -> (String, u64) {
        self.known.retain(|_, grant| now < grant.until);
        self.given += 1;
        let token = Dice::new(self.seed, &[0x30, self.given]).hex(40);
        let grant = Grant {
            until: now.plus(LIVES),
            opens,
            used: Vec::new(),
        };
        self.known.insert(token.clone(), grant);
        (token, self.given)
    }

    /// Opens what a token is for; none if it is too late, or was opened so before.
    pub(super) fn open(&mut self, now: Moment, token: &str, way: Way) -> Option<Opens> {
        let grant = self.known.get_mut(token)?;
        if grant.until <= now || grant.used.contains(&way) {
            return None;
        }
        grant.used.push(way);
        Some(grant.opens.clone())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn token_opens_once_and_in_time() {
        let now = Moment(1_700_000_000_000_000);
        let mut grants = Grants::new(1);
        let console = Opens::Console {
            component: "web".to_owned(),
            instance: "web-0".to_owned(),
        };
        let (token, _) = grants.give(now, console.clone());
        assert_eq!(grants.open(now, "wrong", Way::Socket), None);
        assert_eq!(grants.open(now, &token, Way::Socket), Some(console.clone()));
        assert_eq!(grants.open(now, &token, Way::Socket), None);
        assert_eq!(grants.open(now, &token, Way::Get), Some(console.clone()));
        let (late, _) = grants.give(now, console);
        assert_eq!(grants.open(now.plus(60.0), &late, Way::Socket), None);
    }
}
