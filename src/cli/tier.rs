//! How an operation is confirmed on the command line: what it takes is the dashboard's rule.

use crate::app::confirm::Tier;
use crate::model::{Consent, Text};

/// What is missing on the command line; absent if nothing is.
pub(crate) fn missing(tier: Tier, yes: bool, confirm: Option<&str>, app: &str) -> Option<String> {
    let is_confirmed = confirm == Some(app);
    match tier {
        Tier::One => None,
        Tier::Two => (!yes).then(|| "--yes".into()),
        Tier::Three if yes && is_confirmed => None,
        Tier::Three => Some(format!("--yes --confirm {app}")),
    }
}

/// What the audit says of the confirmation.
pub(crate) fn consent(tier: Tier) -> Consent {
    let (tier, words) = match tier {
        Tier::One => (1, "the command itself"),
        Tier::Two => (2, "--yes"),
        Tier::Three => (3, "--yes --confirm"),
    };
    Consent {
        tier,
        words: Text::clean(words),
        before: Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_third_tier_needs_the_exact_name() {
        let missing = |tier, yes, confirm| missing(tier, yes, confirm, "shop");
        assert_eq!(missing(Tier::One, false, None), None);
        assert_eq!(missing(Tier::Two, false, None), Some("--yes".into()));
        assert_eq!(missing(Tier::Two, true, None), None);
        let all = Some("--yes --confirm shop".to_owned());
        assert_eq!(missing(Tier::Three, true, None), all);
        assert_eq!(missing(Tier::Three, true, Some("Shop")), all);
        assert_eq!(missing(Tier::Three, false, Some("shop")), all);
        assert_eq!(missing(Tier::Three, true, Some("shop")), None);
    }
}
