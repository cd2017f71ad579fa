//! Log lines: cleaning, colours, levels.

use std::fmt::Write as _;

use jiff::Timestamp;
use unicode_width::UnicodeWidthChar;
use vte::{Params, Parser, Perform};

use super::text::is_unsafe;

/// A line longer than this is cut, with a visible mark.
pub(crate) const MAX_LINE_BYTES: usize = 16 * 1024;

/// No line that is kept has more columns: sideways scrolling stops there.
pub const MAX_LINE_COLUMNS: usize = MAX_LINE_BYTES + 64;

/// Terminals put tab stops here.
const TAB: usize = 8;

/// What a line is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum LineKind {
    /// Output of the platform or the application.
    #[default]
    Output,
    /// A remark of flightdeck's own: a gap, a reconnect, an end.
    Mark,
}

/// How serious a line says it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Level {
    /// Details for developers.
    Debug,
    /// Ordinary news.
    Info,
    /// Something to look at.
    Warn,
    /// Something broke.
    Error,
}

/// A colour of the sixteen and more that terminals know.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Colour {
    /// One of the 256 palette entries.
    Indexed(u8),
    /// A direct colour.
    Rgb(u8, u8, u8),
}

/// What SGR sequences have set.
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is a switch of its own on a terminal"
)]
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct SgrStyle {
    /// Foreground.
    pub fg: Option<Colour>,
    /// Background.
    pub bg: Option<Colour>,
    /// Bold.
    pub bold: bool,
    /// Dim.
    pub dim: bool,
    /// Italic.
    pub italic: bool,
    /// Underlined.
    pub underline: bool,
}

/// From byte `start` of the line on, `style` applies, until the next span.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct SgrSpan {
    /// Byte offset into the text.
    pub start: u32,
    /// The style from there.
    pub style: SgrStyle,
}

/// One log line, safe to draw.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct LogLine {
    /// When it was written, in UTC; absent where the platform does not say.
    pub at: Option<Timestamp>,
    /// Who wrote it (a process, a component, a build step); empty where unknown.
    pub source: super::Text,
    /// Recognised level.
    pub level: Option<Level>,
    /// Output or a mark.
    pub kind: LineKind,
    /// The text without any control character.
    pub text: String,
    /// Colours, by ascending `start`; empty for a line without.
    pub spans: Vec<SgrSpan>,
}

impl LogLine {
    /// Cleans one line of output and recognises its level.
    #[must_use]
    pub fn output(at: Option<Timestamp>, source: super::Text, raw: &str) -> Self {
        let (text, spans) = clean_line(raw.as_bytes());
        Self {
            at,
            source,
            level: level_of(&text),
            kind: LineKind::Output,
            text,
            spans,
        }
    }

    /// A remark of flightdeck's own; drawn between rules.
    #[must_use]
    pub fn mark(at: Option<Timestamp>, text: impl AsRef<str>) -> Self {
        let (text, _) = clean_line(text.as_ref().as_bytes());
        Self {
            at,
            kind: LineKind::Mark,
            text,
            ..Self::default()
        }
    }
}

/// Cleans one raw line: escape sequences are interpreted (SGR) or removed (all others), tabs
/// expanded, what a carriage return would overwrite dropped, invalid UTF-8 replaced, and a line
/// longer than 16 KiB cut with a mark.
#[must_use]
pub fn clean_line(raw: &[u8]) -> (String, Vec<SgrSpan>) {
    let mut cleaner = Cleaner {
        lines: true,
        ..Cleaner::default()
    };
    cleaner.feed(&raw[..raw.len().min(4 * MAX_LINE_BYTES)]);
    let Cleaner {
        mut text,
        mut spans,
        ..
    } = cleaner;
    if text.len() > MAX_LINE_BYTES || raw.len() > 4 * MAX_LINE_BYTES {
        text.truncate(text.floor_char_boundary(MAX_LINE_BYTES));
        spans.retain(|span| (span.start as usize) < text.len());
        let _ = write!(text, " … [cut, {} bytes in all]", raw.len());
    }
    (text, spans)
}

/// A screen of one line: prints what is printable and remembers colours.
#[derive(Default)]
pub(super) struct Cleaner {
    text: String,
    spans: Vec<SgrSpan>,
    style: SgrStyle,
    column: usize,
    /// Whether carriage returns and tabs mean what they mean on a terminal; otherwise both, and
    /// line breaks, are one space.
    lines: bool,
    returned: bool,
}

impl Cleaner {
    /// The plain text of `raw` on one line.
    pub(super) fn plain(mut self, raw: &[u8]) -> String {
        self.feed(raw);
        self.text
    }

    fn feed(&mut self, raw: &[u8]) {
        Parser::new().advance(self, raw);
    }

    fn put(&mut self, c: char) {
        if self.returned {
            self.returned = false;
            self.text.clear();
            self.spans.clear();
            self.column = 0;
            if self.style != SgrStyle::default() {
                self.spans.push(SgrSpan {
                    start: 0,
                    style: self.style,
                });
            }
        }
        self.column += c.width().unwrap_or(0);
        self.text.push(c);
    }

    fn space(&mut self) {
        if !self.text.is_empty() && !self.text.ends_with(' ') {
            self.put(' ');
        }
    }

    fn restyle(&mut self, params: &Params) {
        apply_sgr(&mut self.style, params);
        let start = u32::try_from(self.text.len()).unwrap_or(u32::MAX);
        if self.spans.last().is_some_and(|span| span.start == start) {
            self.spans.pop();
        }
        let before = self
            .spans
            .last()
            .map_or_else(SgrStyle::default, |span| span.style);
        if before != self.style {
            self.spans.push(SgrSpan {
                start,
                style: self.style,
            });
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
            (b'\t', true) => (0..TAB - self.column % TAB).for_each(|_| self.put(' ')),
            (b'\n' | b'\r' | b'\t', _) => self.space(),
            _ => {}
        }
    }

    fn csi_dispatch(&mut self, params: &Params, intermediates: &[u8], ignore: bool, action: char) {
        if self.lines && action == 'm' && intermediates.is_empty() && !ignore {
            self.restyle(params);
        }
    }
}

fn apply_sgr(style: &mut SgrStyle, params: &Params) {
    let mut codes = params.iter();
    while let Some(code) = codes.next() {
        match code.first().copied().unwrap_or(0) {
            0 => *style = SgrStyle::default(),
            1 => style.bold = true,
            2 => style.dim = true,
            3 => style.italic = true,
            4 => style.underline = code.get(1) != Some(&0),
            22 => (style.bold, style.dim) = (false, false),
            23 => style.italic = false,
            24 => style.underline = false,
            39 => style.fg = None,
            49 => style.bg = None,
            plain @ (30..=37 | 90..=97) => style.fg = sixteen(plain, 30, 90),
            plain @ (40..=47 | 100..=107) => style.bg = sixteen(plain, 40, 100),
            38 => style.fg = extended(code, &mut codes).or(style.fg),
            48 => style.bg = extended(code, &mut codes).or(style.bg),
            _ => {}
        }
    }
}

/// `30` to `37` are the dark eight, `90` to `97` the bright eight.
fn sixteen(code: u16, dark: u16, bright: u16) -> Option<Colour> {
    let index = if code >= bright {
        code - bright + 8
    } else {
        code - dark
    };
    u8::try_from(index).ok().map(Colour::Indexed)
}

/// `38;5;n`, `38;2;r;g;b` and their forms with colons.
fn extended<'a>(code: &[u16], rest: &mut impl Iterator<Item = &'a [u16]>) -> Option<Colour> {
    let mut inline = code.iter().skip(1).copied();
    let mut next = || {
        inline
            .next()
            .or_else(|| rest.next().and_then(|p| p.first().copied()))
    };
    let mut byte = || u8::try_from(next()?).ok();
    match byte()? {
        5 => byte().map(Colour::Indexed),
        2 if code.len() > 5 => {
            // With colons a colour space stands before the three values.
            byte();
            Some(Colour::Rgb(byte()?, byte()?, byte()?))
        }
        2 => Some(Colour::Rgb(byte()?, byte()?, byte()?)),
        _ => None,
    }
}

/// Recognises the level in the first words of a line, in `level=…` and in a JSON `level` field.
fn level_of(text: &str) -> Option<Level> {
    let head = text.get(..text.floor_char_boundary(256)).unwrap_or(text);
    for key in ["\"level\":", "\"severity\":", "level=", "lvl="] {
        if let Some(at) = head.find(key) {
            let value = head.get(at + key.len()..).unwrap_or_default();
            if let Some(level) = level_word(value.trim_start_matches([' ', '"'])) {
                return Some(level);
            }
        }
    }
    head.split(|c: char| !c.is_ascii_alphabetic())
        .filter(|word| !word.is_empty())
        .take(6)
        .find_map(|word| {
            // Only capitals at the start of prose: "error" is an ordinary word in a path or a name.
            (word.chars().all(|c| c.is_ascii_uppercase()))
                .then(|| level_word(word))
                .flatten()
        })
}

fn level_word(value: &str) -> Option<Level> {
    let word: String = value
        .chars()
        .take_while(char::is_ascii_alphanumeric)
        .map(|c| c.to_ascii_lowercase())
        .collect();
    match word.as_str() {
        "trace" | "debug" | "10" | "20" => Some(Level::Debug),
        "info" | "notice" | "30" => Some(Level::Info),
        "warn" | "warning" | "40" => Some(Level::Warn),
        "error" | "err" | "fatal" | "critical" | "crit" | "panic" | "50" | "60" => {
            Some(Level::Error)
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn text(raw: &str) -> String {
        clean_line(raw.as_bytes()).0
    }

    #[test]
    fn colours_become_spans_and_everything_else_goes() {
        let (line, spans) = clean_line(b"\x1b[1;31mfail\x1b[0m \x1b[6n\x1b[Jdone\x1b]0;x\x07");
        assert_eq!(line, "fail done");
        let red = SgrStyle {
            fg: Some(Colour::Indexed(1)),
            bold: true,
            ..SgrStyle::default()
        };
        assert_eq!(
            spans,
            [
                SgrSpan {
                    start: 0,
                    style: red
                },
                SgrSpan {
                    start: 4,
                    style: SgrStyle::default()
                }
            ]
        );
    }

    #[test]
    fn extended_colours_are_read_in_both_forms() {
        for raw in [
            "\x1b[38;2;1;2;3mx",
            "\x1b[38:2:1:2:3mx",
            "\x1b[38:2::1:2:3mx",
        ] {
            let (_, spans) = clean_line(raw.as_bytes());
            assert_eq!(spans[0].style.fg, Some(Colour::Rgb(1, 2, 3)), "{raw:?}");
        }
    }

    #[test]
    fn a_progress_line_shows_its_last_state() {
        assert_eq!(text("10%\r50%\r100%"), "100%");
        assert_eq!(text("windows line\r"), "windows line");
        assert_eq!(text("a\tb"), "a       b");
    }

    #[test]
    fn a_long_line_is_cut_with_a_mark() {
        let line = text(&"x".repeat(1 << 20));
        assert!(line.ends_with("[cut, 1048576 bytes in all]"));
        assert!(line.len() < MAX_LINE_BYTES + 64);
    }

    #[test]
    fn levels_are_recognised_in_plain_json_and_logfmt() {
        for (raw, level) in [
            ("2024-03-02 ERROR lock timeout", Some(Level::Error)),
            ("WARNING: slow query", Some(Level::Warn)),
            (r#"{"level":"info","msg":"paid"}"#, Some(Level::Info)),
            (r#"{"level": 50, "msg":"x"}"#, Some(Level::Error)),
            ("level=warn msg=slow", Some(Level::Warn)),
            ("GET /error 200", None),
        ] {
            assert_eq!(level_of(raw), level, "{raw}");
        }
    }

    proptest! {
        #[test]
        fn any_bytes_give_a_drawable_line(raw in proptest::collection::vec(any::<u8>(), 0..2000)) {
            let (line, spans) = clean_line(&raw);
            prop_assert!(!line.chars().any(is_unsafe));
            prop_assert!(spans.iter().all(|s| line.is_char_boundary(s.start as usize)));
            prop_assert!(spans.windows(2).all(|pair| pair[0].start < pair[1].start));
        }
    }
}
