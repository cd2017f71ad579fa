//! How an operation is confirmed on the command line.

use crate::model::Class;

/// What it takes to carry out an operation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Tier {
    /// Reversible, not production, one target: nothing.
    One,
    /// Production: `--yes`.
    Two,
    /// Irreversible, or production in a protected context: `--yes` and `--confirm NAME`.
    Three,
}

/// The tier of an operation that can be repeated or taken back, such as a deployment or a backup.
pub(crate) fn reversible(class: Option<Class>, is_protected: bool) -> Tier {
    match (class == Some(Class::Production), is_protected) {
        (false, false) => Tier::One,
        (true, false) | (false, true) => Tier::Two,
        (true, true) => Tier::Three,
    }
}

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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn production_and_protection_raise_the_tier_by_one_each() {
        let (prod, stag) = (Some(Class::Production), Some(Class::Staging));
        assert_eq!(reversible(None, false), Tier::One);
        assert_eq!(reversible(stag, false), Tier::One);
        assert_eq!(reversible(stag, true), Tier::Two);
        assert_eq!(reversible(prod, false), Tier::Two);
        assert_eq!(reversible(prod, true), Tier::Three);
    }

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
