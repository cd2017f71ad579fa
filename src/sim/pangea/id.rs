//! Identifiers: a prefix that tells the kind, and 32 characters of base 32 in lower case.
//! Source: Pangea contract, sections 4 and 7.

use crate::sim::dice::Dice;

/// What an identifier names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Organisation,
    Project,
    User,
    Request,
    Client,
    Token,
}

/// Characters after the prefix.
const LENGTH: usize = 32;

impl Kind {
    /// What identifiers of this kind begin with.
    pub(super) const fn prefix(self) -> &'static str {
        match self {
            Kind::Organisation => "poi_",
            Kind::Project => "ppi_",
            Kind::User => "pui_",
            Kind::Request => "prq_",
            Kind::Client => "psa_",
            Kind::Token => "pta_",
        }
    }

    /// The pattern that identifiers of this kind match, as it is written in schemas.
    pub(super) fn pattern(self) -> String {
        format!("^{}[a-z2-7]{{{LENGTH}}}$", self.prefix())
    }

    /// Whether a text matches the pattern.
    pub(super) fn fits(self, text: &str) -> bool {
        let rest = text.strip_prefix(self.prefix());
        let fits = |letter: char| matches!(letter, 'a'..='z' | '2'..='7');
        rest.is_some_and(|rest| rest.len() == LENGTH && rest.chars().all(fits))
    }
}

/// The identifier of the thing with this ordinal.
pub(super) fn id(seed: u64, kind: Kind, ordinal: usize) -> String {
    const LETTERS: &[u8; 32] = b"abcdefghijklmnopqrstuvwxyz234567";
    let mut dice = Dice::new(seed, &[0x9a, kind as u64, ordinal as u64]);
    let letters = (0..LENGTH).map(|_| char::from(LETTERS[dice.below(32) as usize]));
    kind.prefix().chars().chain(letters).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn identifiers_match_the_patterns_and_differ() {
        assert_eq!(Kind::Organisation.pattern(), "^poi_[a-z2-7]{32}$");
        let made: Vec<String> = (0..50).map(|place| id(1, Kind::Project, place)).collect();
        assert!(made.iter().all(|id| Kind::Project.fits(id)));
        assert!(made.windows(2).all(|pair| pair[0] != pair[1]));
        assert_eq!(id(1, Kind::Project, 7), made[7]);
        assert_ne!(id(2, Kind::Project, 7), made[7]);
    }

    #[test]
    fn other_lengths_letters_and_kinds_do_not_fit() {
        let project = id(1, Kind::Project, 0);
        assert!(!Kind::Organisation.fits(&project));
        assert!(!Kind::Project.fits(&format!("{project}a")));
        assert!(!Kind::Project.fits(&project.to_uppercase()));
        assert!(!Kind::Project.fits("ppi_"));
    }
}
