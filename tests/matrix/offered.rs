//! What the platform does not offer.

use std::collections::BTreeSet;

use flightdeck::model::catalogue::RECIPES;

use crate::desk::{Desk, OPEN, PROTECTED, READ_ONLY};
use crate::rules::RULES;
use crate::world::{Counts, World, since};

/// Without a row in the rules an operation must be refused, so that none is left out here.
#[tokio::test]
async fn what_has_no_rule_is_not_offered_and_says_why_everywhere() {
    let world = World::new().await;
    let platform = world.connect(false);
    let before = world.changes().await;
    let mut desk = Desk::new(&world).await;
    let ruled: BTreeSet<&str> = RULES.iter().map(|rule| rule.recipe).collect();
    let others = || RECIPES.iter().filter(|it| !ruled.contains(it.name));
    assert_eq!(others().count() + RULES.len(), RECIPES.len());
    for context in [OPEN, PROTECTED, READ_ONLY] {
        for environment in ["test", "live"] {
            desk.select(context, "docs", environment);
            if context == PROTECTED && environment == "live" {
                desk.unlock(PROTECTED);
            }
            for recipe in others() {
                let reason = platform.support(recipe.capability).refusal();
                let reason = reason.unwrap_or_else(|| panic!("{} has no rule", recipe.name));
                let said = desk.ask(recipe.name, None).await;
                assert_eq!(said, Err(format!("{}: {reason}", recipe.name)));
            }
        }
    }
    assert_eq!(desk.begun, 0);
    desk.close().await;
    assert_eq!(since(&before, world.changes().await), Counts::new());
}
