//! What carries the frames of a stream.
//!
//! A terminal's output is bytes. Servers that send it in messages of text cut it anywhere, in the
//! middle of a character too, which the protocol forbids and tungstenite refuses, and with it the
//! whole session. So where bytes are expected, a frame that says "text" is made to say "bytes"
//! before it is judged; nothing else is touched.

use std::io;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use reqwest::Upgraded;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};

/// What messages are taken for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Reading {
    /// What they say they are.
    Strict,
    /// Bytes.
    Bytes,
}

/// An upgraded connection.
pub(super) struct Wire {
    connection: Upgraded,
    frames: Option<Frames>,
}

impl Wire {
    pub(super) fn new(connection: Upgraded, reading: Reading) -> Self {
        let frames = match reading {
            Reading::Strict => None,
            Reading::Bytes => Some(Frames::default()),
        };
        Self { connection, frames }
    }
}

impl AsyncRead for Wire {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let before = buffer.filled().len();
        ready!(Pin::new(&mut self.connection).poll_read(cx, buffer))?;
        if let (Some(frames), Some(new)) = (&mut self.frames, buffer.filled_mut().get_mut(before..))
        {
            frames.pass(new);
        }
        Poll::Ready(Ok(()))
    }
}

impl AsyncWrite for Wire {
    fn poll_write(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.connection).poll_write(cx, bytes)
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.connection).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.connection).poll_shutdown(cx)
    }
}

/// Finds the beginnings of frames in what passes. Source: RFC 6455, section 5.2.
#[derive(Debug, Default)]
struct Frames {
    at: At,
}

/// What the next byte is.
#[derive(Debug, Default)]
enum At {
    /// The kind of a frame.
    #[default]
    Kind,
    /// Whether it is masked, and its length or how long that is.
    Length,
    /// So many more bytes of its length, and what came of it.
    LongLength(u8, u64, bool),
    /// So many more bytes of mask and content.
    Content(u64),
}

const KIND: u8 = 0x0f;
const TEXT: u8 = 0x01;
const BYTES: u8 = 0x02;
const IS_MASKED: u8 = 0x80;
const MASK_LENGTH: u64 = 4;

impl Frames {
    /// Lets bytes pass.
    fn pass(&mut self, bytes: &mut [u8]) {
        let mut rest = bytes;
        while let Some((first, others)) = rest.split_first_mut() {
            if let At::Content(left) = self.at {
                let here = usize::try_from(left).unwrap_or(usize::MAX);
                let here = here.min(others.len() + 1);
                self.at = content(left - here as u64);
                rest = others.get_mut(here - 1..).unwrap_or_default();
                continue;
            }
            self.byte(first);
            rest = others;
        }
    }

    /// A byte of the head of a frame.
    fn byte(&mut self, byte: &mut u8) {
        self.at = match self.at {
            At::Kind => {
                if *byte & KIND == TEXT {
                    *byte = (*byte & !KIND) | BYTES;
                }
                At::Length
            }
            At::Length => {
                let is_masked = *byte & IS_MASKED != 0;
                match *byte & !IS_MASKED {
                    126 => At::LongLength(2, 0, is_masked),
                    127 => At::LongLength(8, 0, is_masked),
                    length => begun(u64::from(length), is_masked),
                }
            }
            At::LongLength(left, length, is_masked) => {
                let length = length << 8 | u64::from(*byte);
                match left {
                    1 => begun(length, is_masked),
                    _ => At::LongLength(left - 1, length, is_masked),
                }
            }
            At::Content(left) => content(left.saturating_sub(1)),
        };
    }
}

fn begun(length: u64, is_masked: bool) -> At {
    let mask = if is_masked { MASK_LENGTH } else { 0 };
    content(length.saturating_add(mask))
}

fn content(left: u64) -> At {
    match left {
        0 => At::Kind,
        left => At::Content(left),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn frame(kind: u8, length: usize, mask: u8) -> Vec<u8> {
        let mut frame = vec![0x80 | kind];
        match length {
            0..126 => frame.push(mask | u8::try_from(length).unwrap()),
            126..65_536 => {
                frame.push(mask + 126);
                frame.extend(u16::try_from(length).unwrap().to_be_bytes());
            }
            _ => {
                frame.push(mask + 127);
                frame.extend((length as u64).to_be_bytes());
            }
        }
        // Content that looks like heads of frames.
        let mask = if mask == 0 { 0 } else { 4 };
        frame.extend(std::iter::repeat_n(0x81, length + mask));
        frame
    }

    proptest! {
        #[test]
        fn text_becomes_bytes_and_nothing_else_changes(
            frames in prop::collection::vec(
                (prop::sample::select(vec![0_u8, 1, 2, 8, 9, 10]),
                 prop::sample::select(vec![0_usize, 1, 5, 125, 126, 300, 70_000]),
                 prop::sample::select(vec![0_u8, 0x80])), 1..6),
            cuts in prop::collection::vec(1..400_usize, 1..20),
        ) {
            let given = |change: fn(u8) -> u8| {
                let all = frames.iter().map(|(kind, length, mask)| frame(change(*kind), *length, *mask));
                all.collect::<Vec<_>>().concat()
            };
            let mut passed = given(|kind| kind);
            let mut passing = Frames::default();
            let mut rest = passed.as_mut_slice();
            for size in cuts.iter().cycle() {
                if rest.is_empty() { break; }
                let (now, later) = rest.split_at_mut((*size).min(rest.len()));
                passing.pass(now);
                rest = later;
            }
            let expected = given(|kind| if kind == TEXT { BYTES } else { kind });
            prop_assert_eq!(passed, expected);
        }
    }
}
