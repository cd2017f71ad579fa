//! Who may do what: the token of the context, those that a client has got for its credentials, and
//! those that are no good. Source: Pangea contract, section 3.

use std::collections::HashMap;

use super::id::{Kind, id};
use crate::sim::{Client, clock::Moment};

/// Seconds that an exchanged token is good for, unless a test wants it otherwise.
const LIFETIME: f64 = 3_600.0;

/// What a token opens.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Grant {
    /// The organisation and all its projects.
    Organisation,
    /// The same, for looking at.
    Reading,
    /// One project.
    Project(String),
    /// Nothing here: it is for the services.
    Services,
}

struct Issued {
    grant: Grant,
    until: Moment,
}

/// All tokens that were given out.
pub(super) struct Tokens {
    seed: u64,
    /// That of the context; it opens everything.
    fixed: String,
    is_fixed_expired: bool,
    /// That of a client of one project.
    of_project: (String, String),
    pub(super) client: Client,
    issued: HashMap<String, Issued>,
    count: usize,
    /// Seconds that a token is good for from now on.
    pub(super) lifetime: f64,
}

impl Tokens {
    /// Those of a context whose token is given. A project's client has the same with `-project`
    /// after it, and it opens that project alone.
    pub(super) fn new(seed: u64, fixed: &str, project: String) -> Tokens {
        Tokens {
            seed,
            fixed: fixed.to_owned(),
            is_fixed_expired: false,
            of_project: (format!("{fixed}-project"), project),
            client: client(seed),
            issued: HashMap::new(),
            count: 0,
            lifetime: LIFETIME,
        }
    }

    /// What a token opens; nothing if it is unknown, or no longer good.
    pub(super) fn grant(&self, token: &str, now: Moment) -> Option<Grant> {
        if token == self.fixed {
            return (!self.is_fixed_expired).then_some(Grant::Organisation);
        }
        let (of_project, project) = &self.of_project;
        if token == of_project {
            return Some(Grant::Project(project.clone()));
        }
        let issued = self.issued.get(token).filter(|it| now < it.until);
        issued.map(|it| it.grant.clone())
    }

    /// Gives out a token.
    pub(super) fn issue(&mut self, grant: Grant, now: Moment) -> String {
        let token = id(self.seed, Kind::Token, self.count);
        self.count += 1;
        let until = now.plus(self.lifetime);
        self.issued.insert(token.clone(), Issued { grant, until });
        token
    }

    /// Ends what was given out so far. The token of the context is good again if it did not expire.
    pub(super) fn expire(&mut self, expired: bool) {
        self.is_fixed_expired = expired;
        if expired {
            self.issued.clear();
        }
    }
}

/// The management client of a seed's world.
pub(in crate::sim) fn client(seed: u64) -> Client {
    Client {
        id: id(seed, Kind::Client, 0),
        secret: format!("sim-pangea-secret-{seed}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tokens_open_what_they_were_given_for_until_they_expire() {
        let now = Moment(1_700_000_000_000_000);
        let mut tokens = Tokens::new(1, "fixed", "ppi_x".to_owned());
        tokens.lifetime = 5.0;
        let token = tokens.issue(Grant::Reading, now);
        assert_ne!(tokens.issue(Grant::Reading, now), token);
        assert_eq!(tokens.grant(&token, now.plus(4.9)), Some(Grant::Reading));
        assert_eq!(tokens.grant(&token, now.plus(5.0)), None);
        let of_project = tokens.grant("fixed-project", now);
        assert_eq!(of_project, Some(Grant::Project("ppi_x".to_owned())));
        assert_eq!(tokens.grant("fixed", now), Some(Grant::Organisation));
        tokens.expire(true);
        assert_eq!(tokens.grant(&token, now), None);
        assert_eq!(tokens.grant("fixed", now), None);
        tokens.expire(false);
        assert_eq!(tokens.grant("fixed", now), Some(Grant::Organisation));
        assert_eq!(tokens.grant("pts_x", now), None);
    }
}
