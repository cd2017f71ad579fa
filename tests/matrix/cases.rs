//! Everything that is tried: every rule in PROD and below, in an open and in a protected context.

use std::fmt;

use crate::desk::{OPEN, PROTECTED};
use crate::own;
use crate::rules::{About, RULES, Rule};

/// One operation in a class and a kind of context.
#[derive(Clone, Copy)]
pub(crate) struct Case {
    pub(crate) platform: &'static str,
    pub(crate) rule: &'static Rule,
    pub(crate) environment: &'static str,
    pub(crate) context: &'static str,
    /// Whether the backup that is offered first is taken.
    pub(crate) takes_offer: bool,
}

impl Case {
    /// Whether what is asked about is in PROD.
    pub(crate) fn is_production(&self) -> bool {
        let production = ["live", "web", "production", "main", "us-west-1"];
        self.rule.about != About::Context && production.contains(&self.environment)
    }

    /// By the rules. Where the platform is asked first what would come of it, there is a dialog for its
    /// answer.
    pub(crate) fn tier(&self) -> u8 {
        let least = if self.platform == "tsuru" { 2 } else { 1 };
        let own = self
            .rule
            .tier(self.is_production(), self.context == PROTECTED);
        own.max(least)
    }
}

impl fmt::Debug for Case {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            rule,
            environment,
            context,
            takes_offer,
            platform,
        } = self;
        let offer = if *takes_offer {
            ""
        } else {
            ", without the offer"
        };
        write!(
            f,
            "{platform}: {} {context} {environment}{offer}",
            rule.recipe
        )
    }
}

pub(crate) fn cases() -> Vec<Case> {
    let mut cases = Vec::new();
    for rule in RULES {
        for environment in ["test", "live"] {
            for context in [OPEN, PROTECTED] {
                let case = Case {
                    platform: "divio",
                    rule,
                    environment,
                    context,
                    takes_offer: true,
                };
                cases.push(case);
                if rule.recipe == "restore" {
                    cases.push(Case {
                        takes_offer: false,
                        ..case
                    });
                }
            }
        }
    }
    cases
}

/// What only one platform has, and what acts on all of an app: once in PROD, guarded, and once below
/// it. No app has several processes and none of them in PROD.
pub(crate) fn own_cases() -> Vec<Case> {
    let places = [("web", PROTECTED), ("worker", OPEN)];
    let cases = own::RULES.iter().flat_map(|rule| {
        places.map(|(environment, context)| Case {
            platform: "tsuru",
            rule,
            environment,
            context,
            takes_offer: true,
        })
    });
    // The version that is named runs in PROD only.
    let is_of_production = |rule: &Rule| rule.about == About::All || rule.recipe == "set-routable";
    let is_there = |case: &Case| case.is_production() || !is_of_production(case.rule);
    cases.filter(is_there).collect()
}
