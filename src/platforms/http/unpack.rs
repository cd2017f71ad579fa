//! Unpacking what is stored as gzip and does not say so.

use std::io::Write as _;

use bytes::Bytes;
use flate2::write::MultiGzDecoder;

use super::remark;
use crate::model::{Failure, NetworkProblem, Text};

/// What every gzip file begins with.
const MAGIC: [u8; 2] = [0x1f, 0x8b];

/// Takes bytes as they come, and gives them as they were before they were packed.
pub(super) enum Unpacker {
    /// The first bytes tell.
    Waits(Vec<u8>),
    /// As they come.
    Plain,
    Gzip(Box<MultiGzDecoder<Vec<u8>>>),
}

impl Unpacker {
    /// Looks at the first bytes.
    pub(super) fn new() -> Self {
        Self::Waits(Vec::new())
    }

    /// What the next bytes become; there may be nothing to give yet.
    pub(super) fn push(&mut self, bytes: Bytes) -> Result<Bytes, Failure> {
        match self {
            Self::Plain => Ok(bytes),
            Self::Gzip(decoder) => {
                decoder.write_all(&bytes).map_err(|_| garbled())?;
                Ok(std::mem::take(decoder.get_mut()).into())
            }
            Self::Waits(first) => {
                first.extend_from_slice(&bytes);
                if first.len() < MAGIC.len() && MAGIC.starts_with(first) {
                    return Ok(Bytes::new());
                }
                let first = Bytes::from(std::mem::take(first));
                *self = if first.starts_with(&MAGIC) {
                    Self::Gzip(Box::new(MultiGzDecoder::new(Vec::new())))
                } else {
                    Self::Plain
                };
                self.push(first)
            }
        }
    }

    /// What is left when nothing more comes.
    pub(super) fn finish(&mut self) -> Result<Bytes, Failure> {
        match std::mem::replace(self, Self::Plain) {
            Self::Plain => Ok(Bytes::new()),
            Self::Waits(first) => Ok(first.into()),
            Self::Gzip(decoder) => decoder.finish().map(Bytes::from).map_err(|_| cut_off()),
        }
    }
}

fn garbled() -> Failure {
    Failure::Decode {
        endpoint: Text::clean("a download"),
        path: Text::clean("its bytes"),
        expected: Text::clean("gzip"),
        found: Text::clean("something else"),
    }
}

fn cut_off() -> Failure {
    Failure::Network {
        problem: NetworkProblem::Reset,
        sent: true,
        detail: remark("the file was cut off"),
    }
}

#[cfg(test)]
mod tests {
    use flate2::Compression;
    use flate2::write::GzEncoder;

    use super::*;

    fn packed(text: &str) -> Vec<u8> {
        let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
        encoder.write_all(text.as_bytes()).unwrap();
        encoder.finish().unwrap()
    }

    fn unpacked(bytes: &[u8], piece: usize) -> Result<Vec<u8>, Failure> {
        let (mut unpacker, mut all) = (Unpacker::new(), Vec::new());
        for piece in bytes.chunks(piece) {
            all.extend_from_slice(&unpacker.push(Bytes::copy_from_slice(piece))?);
        }
        all.extend_from_slice(&unpacker.finish()?);
        Ok(all)
    }

    #[test]
    fn what_is_packed_is_unpacked_wherever_it_is_split() {
        let text = "web one\nweb two\n".repeat(500);
        let twice = [packed(&text), packed("more\n")].concat();
        for piece in [1, 2, 7, 100_000] {
            let whole = format!("{text}more\n").into_bytes();
            assert_eq!(unpacked(&twice, piece), Ok(whole));
            for plain in ["", "\u{1f}", "plain", "\u{1f}x"] {
                let bytes = plain.as_bytes();
                assert_eq!(unpacked(bytes, piece).as_deref(), Ok(bytes));
            }
        }
    }

    #[test]
    fn what_is_cut_off_or_garbled_is_told() {
        let whole = packed("text");
        let cut = unpacked(&whole[..whole.len() - 3], 5);
        assert!(matches!(cut, Err(Failure::Network { .. })), "{cut:?}");
        let mut garbled = whole;
        garbled[2] = 0;
        let garbled = unpacked(&garbled, 5);
        assert!(
            matches!(garbled, Err(Failure::Decode { .. })),
            "{garbled:?}"
        );
    }
}
