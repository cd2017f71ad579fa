//! The terminal's clipboard, by OSC 52: it works over SSH, because the terminal does it.
//!
//! Source: xterm, Control Sequences, "Operating System Commands", 52; tmux(1), `allow-passthrough`
//! and `set-clipboard`; screen(1), "Device Control String".

use std::io;

use crossterm::clipboard::CopyToClipboard;
use crossterm::queue;

/// screen takes no device control string longer than this.
const SCREEN_PART: usize = 200;

/// What stands between flightdeck and the terminal.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Multiplexer {
    /// Nothing.
    #[default]
    None,
    /// tmux.
    Tmux,
    /// GNU screen.
    Screen,
}

impl Multiplexer {
    /// By the variables it sets.
    pub(crate) fn of(variable: impl Fn(&str) -> Option<String>) -> Self {
        if variable("TMUX").is_some() {
            Self::Tmux
        } else if variable("STY").is_some() {
            Self::Screen
        } else {
            Self::None
        }
    }

    /// The bytes that put `text` into the clipboard.
    pub(crate) fn copy(self, text: &str) -> io::Result<Vec<u8>> {
        let mut own = Vec::new();
        queue!(own, CopyToClipboard::to_clipboard_from(text))?;
        Ok(match self {
            Self::None | Self::Screen => self.through(&own),
            // tmux takes it by itself or hands it through, as it is configured; one of both is
            // ignored.
            Self::Tmux => [own.as_slice(), &self.through(&own)].concat(),
        })
    }

    /// A sequence as it has to be written to reach the terminal behind it.
    pub(crate) fn through(self, sequence: &[u8]) -> Vec<u8> {
        match self {
            Self::None => sequence.to_vec(),
            Self::Tmux => through_tmux(sequence),
            Self::Screen => through_screen(sequence),
        }
    }
}

fn through_tmux(bytes: &[u8]) -> Vec<u8> {
    let mut out = b"\x1bPtmux;".to_vec();
    for byte in bytes {
        if *byte == b'\x1b' {
            out.push(b'\x1b');
        }
        out.push(*byte);
    }
    out.extend(b"\x1b\\");
    out
}

fn through_screen(bytes: &[u8]) -> Vec<u8> {
    // The end of the sequence must not look like the end of the wrapping.
    let body = bytes.strip_suffix(b"\x1b\\").unwrap_or(bytes);
    let ended = [
        body,
        if body.len() < bytes.len() {
            b"\x07"
        } else {
            b""
        },
    ]
    .concat();
    let parts = ended.chunks(SCREEN_PART);
    parts
        .flat_map(|part| [b"\x1bP", part, b"\x1b\\"].concat())
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(multiplexer: Multiplexer, text: &str, expected: &str) {
        let bytes = multiplexer.copy(text).unwrap();
        assert_eq!(String::from_utf8(bytes).unwrap(), expected);
    }

    #[test]
    fn the_terminal_gets_the_text_through_what_stands_between() {
        check(Multiplexer::None, "hi", "\x1b]52;c;aGk=\x1b\\");
        check(
            Multiplexer::Tmux,
            "hi",
            "\x1b]52;c;aGk=\x1b\\\x1bPtmux;\x1b\x1b]52;c;aGk=\x1b\x1b\\\x1b\\",
        );
        check(Multiplexer::Screen, "hi", "\x1bP\x1b]52;c;aGk=\x07\x1b\\");
    }

    #[test]
    fn screen_gets_a_long_text_in_parts() {
        let bytes = Multiplexer::Screen.copy(&"x".repeat(1_000)).unwrap();
        let text = String::from_utf8(bytes).unwrap();
        let parts: Vec<_> = text.split("\x1b\\").collect();
        assert!(parts.len() > 5);
        assert!(parts.iter().all(|part| part.len() <= SCREEN_PART + 2));
    }

    #[test]
    fn multiplexers_are_told_by_their_variables() {
        let only = |name: &'static str| move |wanted: &str| (wanted == name).then(String::new);
        assert_eq!(Multiplexer::of(only("TMUX")), Multiplexer::Tmux);
        assert_eq!(Multiplexer::of(only("STY")), Multiplexer::Screen);
        assert_eq!(Multiplexer::of(only("TERM")), Multiplexer::None);
    }
}
