//! Lines that vouch for each other: each ends with a hash over itself, and names that of the one
//! before.

use std::fmt::Write as _;

use rustls::SupportedCipherSuite;
use rustls::crypto::hash::Hash;
use rustls::crypto::ring::cipher_suite::TLS13_AES_128_GCM_SHA256;

/// What stands between a line and its hash.
const BEFORE: &str = r#","hash":""#;

/// What follows the hash.
const AFTER: &str = r#""}"#;

/// Hexadecimal digits of a hash.
const DIGITS: usize = 64;

/// What the first line of all names as the one before it.
pub(super) const GENESIS: &str = "0000000000000000000000000000000000000000000000000000000000000000";

/// SHA-256, in small hexadecimal digits.
pub(in crate::store) fn digest(bytes: &[u8]) -> String {
    hex(sha256().hash(bytes).as_ref())
}

/// The SHA-256 that TLS uses: one implementation, and a dependency less.
fn sha256() -> &'static dyn Hash {
    match TLS13_AES_128_GCM_SHA256 {
        SupportedCipherSuite::Tls12(suite) => suite.common.hash_provider,
        SupportedCipherSuite::Tls13(suite) => suite.common.hash_provider,
    }
}

/// Sixteen digits that no other process has; absent where the system has no randomness.
pub(super) fn random() -> Option<String> {
    let mut bytes = [0; 8];
    let source = rustls::crypto::ring::default_provider().secure_random;
    source.fill(&mut bytes).ok()?;
    Some(hex(&bytes))
}

fn hex(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len() * 2);
    for byte in bytes {
        // Writing to a string cannot fail.
        let _ = write!(text, "{byte:02x}");
    }
    text
}

/// Puts the hash into a JSON object; no line break follows. Absent for what is no object.
pub(super) fn seal(object: &str) -> Option<(String, String)> {
    let body = object.strip_suffix('}')?;
    let hash = digest(body.as_bytes());
    Some((format!("{body}{BEFORE}{hash}{AFTER}"), hash))
}

/// The hash of a line, if the line is what was hashed.
pub(super) fn hash_of(line: &[u8]) -> Option<&str> {
    let rest = line.strip_suffix(AFTER.as_bytes())?;
    let (rest, hash) = rest.split_at_checked(rest.len().checked_sub(DIGITS)?)?;
    let body = rest.strip_suffix(BEFORE.as_bytes())?;
    let hash = str::from_utf8(hash).ok()?;
    (digest(body) == hash).then_some(hash)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_hash_is_what_other_tools_compute() {
        let expected = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
        assert_eq!(digest(b"abc"), expected);
        assert_eq!(GENESIS.len(), DIGITS);
    }

    #[test]
    fn no_byte_of_a_line_can_be_changed_unseen() {
        let (line, hash) = seal(r#"{"seq":1,"words":"done"}"#).unwrap();
        assert_eq!(hash_of(line.as_bytes()), Some(hash.as_str()));
        for at in 0..line.len() {
            for flip in [1, 0x20, 0x80] {
                let mut bytes = line.clone().into_bytes();
                bytes[at] ^= flip;
                assert_eq!(hash_of(&bytes), None, "byte {at}");
            }
            assert_eq!(hash_of(&line.as_bytes()[..at]), None, "cut at {at}");
        }
    }

    #[test]
    fn what_is_no_object_has_no_hash() {
        assert_eq!(seal("[]"), None);
        assert_eq!(hash_of(b""), None);
        assert_eq!(hash_of(b"{}"), None);
    }

    #[test]
    fn two_runs_are_told_apart() {
        let one = random().unwrap();
        assert_eq!(one.len(), 16);
        assert_ne!(Some(one), random());
    }
}
