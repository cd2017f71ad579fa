//! Log lines: what they are, how they are cleaned (`clean`), their colours (`sgr`) and levels (`level`).

mod clean;
mod level;
mod sgr;

use jiff::Timestamp;

pub(super) use self::clean::{Cleaner, is_plain};

pub use self::clean::clean_line;

/// A line longer than this is shortened, with a visible mark.
pub(crate) const MAX_LINE_BYTES: usize = 1024 * 1024;

/// No line that is kept has more columns: sideways scrolling stops there.
pub const MAX_LINE_COLUMNS: usize = MAX_LINE_BYTES + 64;

/// A line longer than this is long: it is drawn folded until somebody unfolds it.
pub const LONG_BYTES: usize = 16 * 1024;

/// So much of a long line can be looked at sideways while it is folded.
pub const FOLDED_BYTES: usize = 4 * 1024;

/// The longest line in what a platform sends: a whole one, with what stands before it.
pub(crate) const MAX_RAW_BYTES: usize = MAX_LINE_BYTES + 4096;

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
        let (text, spans) = clean::clean(raw);
        Self {
            at,
            source,
            level: level::level_of(&text),
            kind: LineKind::Output,
            text,
            spans,
        }
    }

    /// A remark of flightdeck's own; drawn between rules.
    #[must_use]
    pub fn mark(at: Option<Timestamp>, text: impl AsRef<str>) -> Self {
        let (text, _) = clean::clean(text.as_ref());
        Self {
            at,
            kind: LineKind::Mark,
            text,
            ..Self::default()
        }
    }
}
