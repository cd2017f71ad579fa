//! Identifiers. On the wire they are 26 lower-case base32 characters, a few 36 hexadecimal ones;
//! both are the same 128 bits. Here they are an object's coordinates, encrypted with the seed: any
//! object is found from its identifier without an index, and identifiers look like chance.

use std::fmt::Write as _;

use crate::sim::dice::{mix, scramble};

/// What kind of object an identifier names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    User,
    Organisation,
    Application,
    Environment,
    Deployment,
    Build,
    Variable,
    Domain,
    Backup,
    BackupPart,
    Download,
    DownloadPart,
    Restore,
    RestorePart,
    Service,
    Instance,
    Cronjob,
    Region,
    Repository,
    Webhook,
    Activity,
    Maintenance,
    Invoice,
    InvoiceItem,
    Template,
    Retention,
    Schedule,
    Metric,
    Subscription,
}

const KINDS: [Kind; 29] = [
    Kind::User,
    Kind::Organisation,
    Kind::Application,
    Kind::Environment,
    Kind::Deployment,
    Kind::Build,
    Kind::Variable,
    Kind::Domain,
    Kind::Backup,
    Kind::BackupPart,
    Kind::Download,
    Kind::DownloadPart,
    Kind::Restore,
    Kind::RestorePart,
    Kind::Service,
    Kind::Instance,
    Kind::Cronjob,
    Kind::Region,
    Kind::Repository,
    Kind::Webhook,
    Kind::Activity,
    Kind::Maintenance,
    Kind::Invoice,
    Kind::InvoiceItem,
    Kind::Template,
    Kind::Retention,
    Kind::Schedule,
    Kind::Metric,
    Kind::Subscription,
];

/// An object's coordinates.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Key {
    pub(super) kind: Kind,
    /// The object it belongs to, often the environment; 0 if to none. Below 2⁴⁸.
    pub(super) parent: usize,
    /// Which one within its parent. Below 2⁴⁸.
    pub(super) ordinal: usize,
}

/// Marks what decrypts to coordinates; everything else is nobody's identifier.
const MARK: u128 = 0x00d1_f0ae;
const PART: u128 = (1 << 48) - 1;
/// One object in so many carries its identifier in hexadecimal form.
const HEX_EVERY: u64 = 13;

impl Key {
    /// The key of an object that belongs to no other.
    pub(super) fn root(kind: Kind, ordinal: usize) -> Key {
        Key {
            kind,
            parent: 0,
            ordinal,
        }
    }

    /// The key of an object within another.
    pub(super) fn within(kind: Kind, parent: usize, ordinal: usize) -> Key {
        Key {
            kind,
            parent,
            ordinal,
        }
    }

    /// The identifier on the wire.
    pub(super) fn text(self, seed: u64) -> String {
        let packed = MARK << 104
            | (self.kind as u128) << 96
            | (self.parent as u128 & PART) << 48
            | self.ordinal as u128 & PART;
        let bits = encrypt(packed, seed);
        if self.is_hex(seed) {
            hex(bits)
        } else {
            base32(bits)
        }
    }

    /// The coordinates an identifier names. Only the exact form on the wire is accepted: a client
    /// that changes case or form has lost the identifier.
    pub(super) fn parse(text: &str, seed: u64) -> Option<Key> {
        let bits = if text.len() == 26 {
            from_base32(text)?
        } else {
            from_hex(text)?
        };
        let packed = decrypt(bits, seed);
        if packed >> 104 != MARK {
            return None;
        }
        let kind = *KINDS.get(usize::try_from((packed >> 96) & 0xff).ok()?)?;
        let parent = usize::try_from((packed >> 48) & PART).ok()?;
        let ordinal = usize::try_from(packed & PART).ok()?;
        let key = Key {
            kind,
            parent,
            ordinal,
        };
        (key.text(seed) == text).then_some(key)
    }

    fn is_hex(self, seed: u64) -> bool {
        let parts = [self.kind as u64, self.parent as u64, self.ordinal as u64];
        mix(seed, &parts).is_multiple_of(HEX_EVERY)
    }
}

const ROUNDS: [u64; 4] = [0x51, 0x52, 0x53, 0x54];

fn halves(bits: u128) -> (u64, u64) {
    // Each half fits by construction.
    let low = u64::try_from(bits & u128::from(u64::MAX)).unwrap_or_default();
    (u64::try_from(bits >> 64).unwrap_or_default(), low)
}

fn encrypt(bits: u128, seed: u64) -> u128 {
    let (mut left, mut right) = halves(bits);
    for round in ROUNDS {
        (left, right) = (right, left ^ scramble(right ^ mix(seed, &[round])));
    }
    u128::from(left) << 64 | u128::from(right)
}

fn decrypt(bits: u128, seed: u64) -> u128 {
    let (mut left, mut right) = halves(bits);
    for round in ROUNDS.iter().rev() {
        (left, right) = (right ^ scramble(left ^ mix(seed, &[*round])), left);
    }
    u128::from(left) << 64 | u128::from(right)
}

const ALPHABET: &[u8; 32] = b"abcdefghijklmnopqrstuvwxyz234567";

/// 128 bits as 26 characters, without padding.
pub(super) fn base32(bits: u128) -> String {
    // 26 characters hold 130 bits: the last carries the lowest three and two zeros.
    let digit = |place: u32| match place {
        25 => (bits & 7) << 2,
        _ => (bits >> (123 - 5 * place)) & 31,
    };
    (0..26)
        .map(|place| char::from(ALPHABET[usize::try_from(digit(place)).unwrap_or_default()]))
        .collect()
}

/// The bits of 26 characters as [`base32`] writes them.
pub(super) fn from_base32(text: &str) -> Option<u128> {
    if text.len() != 26 {
        return None;
    }
    let mut bits = 0_u128;
    for (place, letter) in text.bytes().enumerate() {
        let digit = ALPHABET.iter().position(|known| *known == letter)? as u128;
        bits = if place < 25 {
            bits << 5 | digit
        } else {
            bits << 3 | digit >> 2
        };
    }
    Some(bits)
}

fn hex(bits: u128) -> String {
    let mut text = String::with_capacity(36);
    for (place, digit) in format!("{bits:032x}").chars().enumerate() {
        if matches!(place, 8 | 12 | 16 | 20) {
            text.push('-');
        }
        // Writing to a string does not fail.
        let _written = write!(text, "{digit}");
    }
    text
}

fn from_hex(text: &str) -> Option<u128> {
    if text.len() != 36 {
        return None;
    }
    u128::from_str_radix(&text.replace('-', ""), 16).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn identifier_leads_back_to_its_object() {
        let (mut long, mut short) = (0, 0);
        for ordinal in 0..500 {
            let key = Key::within(Kind::Backup, ordinal * 3, ordinal);
            let text = key.text(7);
            assert_eq!(Key::parse(&text, 7), Some(key), "{text}");
            if text.len() == 36 {
                long += 1;
            } else {
                short += 1;
            }
        }
        assert!(
            long > 0 && short > long * 4,
            "{long} of 36 characters, {short} of 26"
        );
    }

    #[test]
    fn kinds_are_listed_in_their_order() {
        for (place, kind) in KINDS.iter().enumerate() {
            assert_eq!(*kind as usize, place);
        }
    }

    #[test]
    fn only_the_exact_form_is_accepted() {
        let key = Key::root(Kind::Application, 2);
        let text = key.text(1);
        assert_eq!(Key::parse(&text.to_uppercase(), 1), None);
        assert_eq!(Key::parse(&text, 2), None);
        let bits = from_base32(&base32(77)).unwrap();
        assert_eq!(bits, 77);
        assert_eq!(Key::parse("", 1), None);
        assert_eq!(Key::parse(&"é".repeat(18), 1), None);
    }
}
