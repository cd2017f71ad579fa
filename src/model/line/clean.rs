//! Cleaning: what a terminal would show of one line, and nothing that could do anything else to it.
//!
//! Colours are kept. Every other sequence goes; one that does not end, ends with its line. Of the
//! invisible characters those stay that make up a visible one (accents, variation selectors, joiners of
//! letters, but not of emoji); those that turn the direction of writing or hide something go (`model::text`).

use std::borrow::Cow;
use std::fmt::Write as _;

use unicode_width::UnicodeWidthChar;
use vte::{Params, Parser, Perform};

use super::sgr::apply_sgr;
use super::{MAX_LINE_BYTES, SgrSpan, SgrStyle};
use crate::model::text::is_unsafe;

/// So much of a raw line is looked at: colours may take more room than text.
const MAX_FED_BYTES: usize = 4 * MAX_LINE_BYTES;

/// Terminals put tab stops here.
const TAB: usize = 8;

/// So many characters without a width of their own are kept in a cell: more than any language puts
/// there.
const MOST_MARKS: u8 = 6;

/// Makes one emoji of several, on some terminals: on others each has its own two columns, and what was
/// measured as one is longer than its row. So emoji are shown one by one.
const JOINER: char = '\u{200d}';

/// The colour of the skin of the emoji before it; elsewhere an emoji of its own.
fn is_modifier(c: char) -> bool {
    matches!(c, '\u{1f3fb}'..='\u{1f3ff}')
}

/// Cleans one raw line: escape sequences are interpreted (SGR) or removed (all others), tabs
/// expanded, what a carriage return or backspaces would overwrite dropped, invalid UTF-8 replaced, and
/// a line longer than 1 MiB shortened with a mark.
#[must_use]
pub fn clean_line(raw: &[u8]) -> (String, Vec<SgrSpan>) {
    match String::from_utf8_lossy(raw) {
        Cow::Borrowed(raw) => clean(raw),
        Cow::Owned(raw) => clean(&raw),
    }
}

pub(super) fn clean(raw: &str) -> (String, Vec<SgrSpan>) {
    if raw.len() <= MAX_LINE_BYTES && is_plain(raw) {
        return (raw.to_owned(), Vec::new());
    }
    let mut cleaner = Cleaner {
        text: String::with_capacity(raw.len().min(MAX_LINE_BYTES)),
        lines: true,
        ..Cleaner::default()
    };
    let fed = raw.floor_char_boundary(MAX_FED_BYTES);
    cleaner.feed(raw.get(..fed).unwrap_or_default());
    let mut text = cleaner.text;
    if cleaner.is_cut || fed < raw.len() {
        let kept = text.len();
        let _ = write!(text, " … [shortened: {kept} of {} bytes]", raw.len());
    }
    (text, cleaner.spans)
}

/// Whether a text is printable ASCII: most are, and those are clean.
pub(in crate::model) fn is_plain(raw: &str) -> bool {
    // In blocks without an early end, which take many bytes at once.
    let block = |block: &[u8]| {
        block
            .iter()
            .fold(true, |all, byte| all & (byte.wrapping_sub(b' ') < 0x5f))
    };
    raw.as_bytes().chunks(64).all(block)
}

/// A screen of one line: prints what is printable and remembers colours.
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is a fact about what was read so far, or about what is wanted"
)]
#[derive(Default)]
pub(in crate::model) struct Cleaner {
    text: String,
    spans: Vec<SgrSpan>,
    style: SgrStyle,
    /// The style of the last character.
    drawn: SgrStyle,
    column: usize,
    /// Characters without a width in the last cell.
    marks: u8,
    /// Whether the last cell is two.
    is_wide: bool,
    /// Backspaces since the last character.
    back: usize,
    /// Whether carriage returns, backspaces and tabs mean what they mean on a terminal; otherwise
    /// returns and tabs, as line breaks, are one space.
    lines: bool,
    returned: bool,
    is_cut: bool,
}

impl Cleaner {
    /// The plain text of `raw` on one line.
    pub(in crate::model) fn plain(mut self, raw: &str) -> String {
        self.feed(raw);
        self.text
    }

    fn feed(&mut self, raw: &str) {
        Parser::new().advance(self, raw.as_bytes());
    }

    fn put(&mut self, c: char) {
        self.overwrite();
        if self.lines && self.text.len() + c.len_utf8() > MAX_LINE_BYTES {
            self.is_cut = true;
            return;
        }
        match c.width().unwrap_or(0) {
            0 if self.marks >= MOST_MARKS || (self.is_wide && c == JOINER) => return,
            0 => self.marks += 1,
            2.. if self.is_wide && is_modifier(c) => return,
            width => {
                self.marks = 0;
                self.column += width;
                self.is_wide = width > 1;
                if self.is_wide && self.text.ends_with(JOINER) {
                    self.text.pop();
                }
            }
        }
        if self.style != self.drawn {
            let start = u32::try_from(self.text.len()).unwrap_or(u32::MAX);
            self.drawn = self.style;
            self.spans.push(SgrSpan {
                start,
                style: self.style,
            });
        }
        self.text.push(c);
    }

    /// Takes away what the next character is written over.
    fn overwrite(&mut self) {
        let back = std::mem::take(&mut self.back);
        if std::mem::take(&mut self.returned) {
            self.text.clear();
            (self.column, self.is_cut) = (0, false);
        } else if back > 0 {
            (0..back).for_each(|_| self.take_cell());
        } else {
            return;
        }
        self.marks = 0;
        let end = self.text.len();
        while self
            .spans
            .pop_if(|span| span.start as usize >= end)
            .is_some()
        {}
        self.drawn = self
            .spans
            .last()
            .map_or_else(SgrStyle::default, |it| it.style);
    }

    fn take_cell(&mut self) {
        while let Some(c) = self.text.pop() {
            let width = c.width().unwrap_or(0);
            if width > 0 {
                self.column = self.column.saturating_sub(width);
                return;
            }
        }
    }

    fn step_back(&mut self) {
        let is_there = !self.returned && self.back < self.text.len();
        self.back += usize::from(is_there);
    }

    fn space(&mut self) {
        if !self.text.is_empty() && !self.text.ends_with(' ') {
            self.put(' ');
        }
    }
}

impl Perform for Cleaner {
    fn print(&mut self, c: char) {
        if !is_unsafe(c) {
            self.put(c);
        } else if c == '\u{2028}' || c == '\u{2029}' {
            self.space();
        }
    }

    fn execute(&mut self, byte: u8) {
        match (byte, self.lines) {
            // Only what follows decides whether a carriage return overwrites or ends the line.
            (b'\r', true) => self.returned = true,
            (b'\x08', true) => self.step_back(),
            (b'\t', true) => {
                self.overwrite();
                (0..TAB - self.column % TAB).for_each(|_| self.put(' '));
            }
            (b'\n', true) => {
                self.returned = false;
                self.space();
            }
            // Line breaks of every kind, the one of C1 among them.
            (b'\n' | b'\r' | b'\t' | b'\x0b' | b'\x0c' | b'\x85', _) => self.space(),
            _ => {}
        }
    }

    fn csi_dispatch(&mut self, params: &Params, intermediates: &[u8], ignore: bool, action: char) {
        if self.lines && action == 'm' && intermediates.is_empty() && !ignore {
            apply_sgr(&mut self.style, params);
        }
    }
}

#[cfg(test)]
mod tests;
