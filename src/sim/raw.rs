//! Bytes that are no text, on their way through what is.
//!
//! Programs write what they like. Where a wire carries bytes, it carries those of its logs; inside
//! the simulator each byte that is not UTF-8 is a character of a private area until then.

use axum::body::Bytes;

/// The character that stands for the byte 0.
const FIRST: u32 = 0x10_ff00;
/// The first byte of all of them.
const LEAD: u8 = 0xf4;

/// The bytes of base64 with or without padding.
pub(crate) fn from_base64(text: &str) -> Option<Vec<u8>> {
    let (mut bytes, mut bits, mut held) = (Vec::with_capacity(text.len()), 0_u32, 0_u32);
    for digit in text.trim_end_matches('=').bytes() {
        let value = match digit {
            b'A'..=b'Z' => digit - b'A',
            b'a'..=b'z' => digit - b'a' + 26,
            b'0'..=b'9' => digit - b'0' + 52,
            b'+' => 62,
            b'/' => 63,
            _ => return None,
        };
        bits = (bits << 6 | u32::from(value)) & 0xffff;
        held += 6;
        if held >= 8 {
            held -= 8;
            bytes.push(u8::try_from(bits >> held & 0xff).ok()?);
        }
    }
    Some(bytes)
}

/// Text in which bytes that are none are kept.
pub(crate) fn text(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len());
    for chunk in bytes.utf8_chunks() {
        text.push_str(chunk.valid());
        let kept = chunk.invalid().iter().copied();
        text.extend(kept.filter_map(|byte| char::from_u32(FIRST + u32::from(byte))));
    }
    text
}

/// The bytes that a text was made of.
pub(crate) fn bytes(text: String) -> Bytes {
    if !text.as_bytes().contains(&LEAD) {
        return text.into();
    }
    let mut bytes = Vec::with_capacity(text.len());
    for character in text.chars() {
        match kept(character) {
            Some(byte) => bytes.push(byte),
            None => bytes.extend_from_slice(character.encode_utf8(&mut [0; 4]).as_bytes()),
        }
    }
    bytes.into()
}

/// The same where only text can be sent.
pub(crate) fn lossy(text: &str) -> String {
    text.replace(|character| kept(character).is_some(), "\u{fffd}")
}

fn kept(character: char) -> Option<u8> {
    let byte = u32::from(character).checked_sub(FIRST)?;
    u8::try_from(byte).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_come_through_text_as_they_were() {
        let every: Vec<u8> = (0..=255).chain(*b"caf\xc3\xa9 \xf4\x90 \xff").collect();
        for whole in [&every[..], b"plain", b"", "日本".as_bytes()] {
            assert_eq!(bytes(text(whole)), whole);
        }
        assert_eq!(lossy(&text(b"a\xffb")), "a\u{fffd}b");
    }

    #[test]
    fn base64_is_read_with_and_without_padding() {
        for (written, read) in [
            ("", &b""[..]),
            ("/w==", b"\xff"),
            ("YWI", b"ab"),
            ("YWJj", b"abc"),
        ] {
            assert_eq!(from_base64(written).as_deref(), Some(read), "{written}");
        }
        assert_eq!(from_base64("a b"), None);
    }
}
