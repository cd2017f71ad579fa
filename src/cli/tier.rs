//! How an operation is confirmed on the command line: what it takes is the dashboard's rule.

use super::args::Consent;
use crate::app::confirm::Tier;
use crate::model::{self, Revision, Text};

/// What is missing on the command line; absent if nothing is.
///
/// `name` is that of the app, or of the context where there is none. A name that was given and is
/// another one is never right: whoever wrote it meant something else.
pub(crate) fn missing(tier: Tier, consent: &Consent, name: &str) -> Option<String> {
    let given = consent.confirm.as_deref();
    let is_another = given.is_some_and(|given| given != name);
    let needed = match tier {
        Tier::One => Needed::default(),
        Tier::Two => Needed {
            yes: true,
            name: false,
        },
        // One target takes no more than its name, however much there is to lose.
        Tier::Three | Tier::Four => Needed {
            yes: true,
            name: true,
        },
    };
    let is_named = given.is_some() || !needed.name;
    let is_done = (consent.yes || !needed.yes) && is_named && !is_another;
    let words = [
        needed.yes.then(|| "--yes".to_owned()),
        (needed.name || is_another).then(|| format!("--confirm {}", quoted(name))),
    ];
    (!is_done).then(|| words.into_iter().flatten().collect::<Vec<_>>().join(" "))
}

/// What the audit says of the confirmation, and what was said before it.
pub(crate) fn consent(
    tier: Tier,
    before: Vec<(Text, Text)>,
    seen: Option<Revision>,
) -> model::Consent {
    let words = match tier {
        Tier::One => "the command itself",
        Tier::Two => "--yes",
        Tier::Three | Tier::Four => "--yes --confirm",
    };
    model::Consent {
        tier: tier.number(),
        words: Text::clean(words),
        before,
        seen,
    }
}

#[derive(Clone, Copy, Default)]
struct Needed {
    yes: bool,
    name: bool,
}

/// As a shell takes it.
fn quoted(name: &str) -> String {
    shell_words::quote(name).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(tier: Tier, yes: bool, confirm: Option<&str>, expected: Option<&str>) {
        let confirm = confirm.map(ToOwned::to_owned);
        let consent = Consent { yes, confirm };
        let missing = missing(tier, &consent, "shop");
        assert_eq!(missing.as_deref(), expected, "{tier:?} {consent:?}");
    }

    #[test]
    fn the_third_tier_needs_the_exact_name() {
        check(Tier::One, false, None, None);
        check(Tier::Two, false, None, Some("--yes"));
        check(Tier::Two, true, None, None);
        let all = Some("--yes --confirm shop");
        check(Tier::Three, true, None, all);
        check(Tier::Three, true, Some("Shop"), all);
        check(Tier::Three, false, Some("shop"), all);
        check(Tier::Three, true, Some("shop"), None);
    }

    #[test]
    fn another_name_is_never_right() {
        check(Tier::One, false, Some("blog"), Some("--confirm shop"));
        check(Tier::Two, true, Some("blog"), Some("--yes --confirm shop"));
        check(Tier::One, false, Some("shop"), None);
    }
}
