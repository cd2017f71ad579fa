//! Identifiers: UUIDs that carry the ordinal of what they name, so that an object is found by its
//! identifier without a list of all of them.

use crate::sim::dice::mix;

/// What an identifier names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    App,
    Deployment,
    Event,
    Alert,
    Invocation,
    Domain,
    Project,
    Cluster,
    ClusterEvent,
    User,
    Team,
    Network,
    Request,
}

const LOW: u64 = 0xffff_ffff_ffff;

/// The identifier of the thing with this ordinal within its parent.
pub(super) fn id(seed: u64, kind: Kind, parent: usize, ordinal: usize) -> String {
    let of = [kind as u64, parent as u64, ordinal as u64];
    let high = mix(seed ^ 0xd0, &of);
    let low = (ordinal as u64 ^ mask(seed, kind, parent)) & LOW;
    let (first, second, third) = (high >> 32, (high >> 16) & 0xffff, high & 0xfff);
    let fourth = 0x8000 | (mix(seed, &of) & 0x3fff);
    format!("{first:08x}-{second:04x}-4{third:03x}-{fourth:04x}-{low:012x}")
}

/// The ordinal an identifier carries, if it is one of this kind within this parent.
pub(super) fn ordinal(seed: u64, kind: Kind, parent: usize, text: &str) -> Option<usize> {
    let (_, low) = text.rsplit_once('-')?;
    let low = u64::from_str_radix(low, 16).ok()?;
    let ordinal = usize::try_from((low ^ mask(seed, kind, parent)) & LOW).ok()?;
    (id(seed, kind, parent, ordinal) == text.to_ascii_lowercase()).then_some(ordinal)
}

/// Whether a text has the form of an identifier.
pub(super) fn is_uuid(text: &str) -> bool {
    let mut lengths = text.split('-').map(str::len);
    let fits = [8, 4, 4, 4, 12]
        .into_iter()
        .all(|length| lengths.next() == Some(length));
    let hex = |letter: char| letter == '-' || letter.is_ascii_hexdigit();
    fits && lengths.next().is_none() && text.chars().all(hex)
}

fn mask(seed: u64, kind: Kind, parent: usize) -> u64 {
    mix(seed ^ 0x1d, &[kind as u64, parent as u64]) & LOW
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn identifiers_are_read_back_and_belong_to_one_parent() {
        let text = id(7, Kind::Deployment, 3, 41);
        assert!(is_uuid(&text), "{text}");
        assert_eq!(ordinal(7, Kind::Deployment, 3, &text), Some(41));
        assert_eq!(ordinal(7, Kind::Deployment, 4, &text), None);
        assert_eq!(ordinal(7, Kind::Event, 3, &text), None);
        assert_eq!(ordinal(8, Kind::Deployment, 3, &text), None);
    }

    #[test]
    fn what_is_no_uuid_is_told() {
        for text in [
            "",
            "abc",
            "4f6c71e2-1e90-4762-9fee-6cc4a0a9f2c",
            "4f6c71e2-1e90-4762-9fee-6cc4a0a9f2cg",
        ] {
            assert!(!is_uuid(text), "{text}");
        }
    }
}
