//! Everything that is tried: every rule in PROD and below, in an open and in a protected context.

use std::fmt;

use crate::desk::{OPEN, PROTECTED};
use crate::rules::{RULES, Rule};

/// One operation in a class and a kind of context.
#[derive(Clone, Copy)]
pub(crate) struct Case {
    pub(crate) rule: &'static Rule,
    pub(crate) environment: &'static str,
    pub(crate) context: &'static str,
    /// Whether the backup that is offered first is taken.
    pub(crate) takes_offer: bool,
}

impl fmt::Debug for Case {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            rule,
            environment,
            context,
            takes_offer,
        } = self;
        let offer = if *takes_offer {
            ""
        } else {
            ", without the offer"
        };
        write!(f, "{} {context} {environment}{offer}", rule.recipe)
    }
}

pub(crate) fn cases() -> Vec<Case> {
    let mut cases = Vec::new();
    for rule in RULES {
        for environment in ["test", "live"] {
            for context in [OPEN, PROTECTED] {
                let case = Case {
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
