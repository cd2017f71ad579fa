//! Roles, not colours: panes say what something means, this file says how that looks.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::{Color, Modifier, Style};

use crate::app::rows::Overlay;
use crate::app::screen::{Colours, Look};
use crate::model::{Colour, Level, SgrStyle, Status};

/// How meanings look. Every meaning carried by a colour is also carried by a word or a glyph.
#[derive(Clone, Copy)]
pub(crate) struct Theme {
    colours: Colours,
    is_light: bool,
}

/// The five status colours and the accent, each with its stand-in among sixteen.
const FAILED: (Color, Color) = (Color::Rgb(0xD5, 0x5E, 0x00), Color::Red);
const DEGRADED: (Color, Color) = (Color::Rgb(0xE6, 0x9F, 0x00), Color::Yellow);
const CHANGING: (Color, Color) = (Color::Rgb(0x56, 0xB4, 0xE9), Color::Cyan);
const LIVE: (Color, Color) = (Color::Rgb(0x00, 0x9E, 0x73), Color::Green);
const UNKNOWN: (Color, Color) = (Color::Rgb(0xCC, 0x79, 0xA7), Color::Magenta);
const ACCENT: (Color, Color) = (Color::Rgb(0x7A, 0xA2, 0xF7), Color::Blue);
/// A quiet grey that is readable on both backgrounds.
const DIM: (Color, Color) = (Color::Rgb(0x86, 0x8C, 0x98), Color::DarkGray);

impl Theme {
    pub(crate) fn of(look: Look) -> Self {
        Self {
            colours: look.colours,
            is_light: look.is_light,
        }
    }

    fn fg(self, pair: (Color, Color)) -> Style {
        match self.colours {
            Colours::True => Style::new().fg(pair.0),
            Colours::Sixteen => Style::new().fg(pair.1),
            Colours::None => Style::new(),
        }
    }

    /// Ordinary text.
    #[expect(
        clippy::unused_self,
        reason = "a role is asked of a theme, whatever it needs"
    )]
    pub(crate) fn plain(self) -> Style {
        Style::new()
    }

    /// Labels, ages, separators.
    pub(crate) fn dim(self) -> Style {
        match self.colours {
            Colours::True | Colours::Sixteen => self.fg(DIM),
            Colours::None => Style::new().add_modifier(Modifier::DIM),
        }
    }

    /// Focus, key letters.
    pub(crate) fn accent(self) -> Style {
        self.fg(ACCENT).add_modifier(Modifier::BOLD)
    }

    /// Titles of columns.
    pub(crate) fn column(self) -> Style {
        self.dim()
    }

    /// Titles of panes.
    pub(crate) fn title(self, focused: bool) -> Style {
        if focused {
            self.plain().add_modifier(Modifier::BOLD)
        } else {
            self.plain()
        }
    }

    /// Frames of panes.
    pub(crate) fn frame(self, focused: bool) -> Style {
        if focused { self.fg(ACCENT) } else { self.dim() }
    }

    /// Lays the bar of the selected row over its cells. It brings its own colour for plain text, so
    /// that it can be read on a light terminal that did not say so, too.
    pub(crate) fn select(self, focused: bool, row: Rect, buffer: &mut Buffer) {
        let (dark, light) = (Color::Rgb(0x16, 0x19, 0x20), Color::Rgb(0xE6, 0xE9, 0xEF));
        let (bar, text) = match (self.colours, focused, self.is_light) {
            (Colours::True, true, false) => (Color::Rgb(0x2B, 0x36, 0x50), light),
            (Colours::True, false, false) => (Color::Rgb(0x2A, 0x2E, 0x38), light),
            (Colours::True, true, true) => (Color::Rgb(0xCF, 0xDC, 0xF5), dark),
            (Colours::True, false, true) => (Color::Rgb(0xEA, 0xEC, 0xF0), dark),
            (Colours::Sixteen | Colours::None, true, _) => {
                buffer.set_style(row, Style::new().add_modifier(Modifier::REVERSED));
                return;
            }
            (Colours::Sixteen | Colours::None, false, _) => {
                buffer.set_style(row, Style::new().add_modifier(Modifier::BOLD));
                return;
            }
        };
        for position in row.intersection(buffer.area).positions() {
            let cell = &mut buffer[position];
            cell.bg = bar;
            if cell.fg == Color::Reset {
                cell.fg = text;
            }
        }
    }

    /// The class PROD, wherever it stands.
    #[expect(
        clippy::unused_self,
        reason = "a role is asked of a theme, whatever it needs"
    )]
    pub(crate) fn production(self) -> Style {
        Style::new().add_modifier(Modifier::REVERSED | Modifier::BOLD)
    }

    /// A status word and its glyph.
    pub(crate) fn status(self, status: &Status, overlay: Overlay) -> Style {
        if overlay != Overlay::None {
            return self.unknown();
        }
        match status {
            Status::Failed => self.bad(),
            Status::Degraded => self.warning(),
            Status::Queued | Status::Building | Status::Deploying => self.changing(),
            Status::Live => self.good(),
            Status::Unknown | Status::Other(_) => self.unknown(),
            Status::Asleep | Status::Stopped | Status::Present => self.dim(),
        }
    }

    /// Failed.
    pub(crate) fn bad(self) -> Style {
        self.fg(FAILED).add_modifier(Modifier::BOLD)
    }

    /// Degraded.
    pub(crate) fn warning(self) -> Style {
        self.fg(DEGRADED)
    }

    /// Under way.
    pub(crate) fn changing(self) -> Style {
        self.fg(CHANGING)
    }

    /// Well.
    pub(crate) fn good(self) -> Style {
        self.fg(LIVE)
    }

    /// Not known, stale, unauthorised.
    pub(crate) fn unknown(self) -> Style {
        self.fg(UNKNOWN).add_modifier(Modifier::UNDERLINED)
    }

    /// The letter of a level.
    pub(crate) fn level(self, level: Level) -> Style {
        match level {
            Level::Error => self.bad(),
            Level::Warn => self.warning(),
            Level::Info => self.plain(),
            Level::Debug => self.dim(),
        }
    }

    /// The name of a source; the same name always looks the same.
    pub(crate) fn source(self, name: &str) -> Style {
        /// The same names in the dark on a light terminal, where pale ones could not be read.
        const LIGHT: [(Color, Color); 6] = [
            (Color::Rgb(0x1F, 0x5F, 0x99), Color::Blue),
            (Color::Rgb(0x2F, 0x70, 0x2F), Color::Green),
            (Color::Rgb(0x7A, 0x3E, 0x9D), Color::Magenta),
            (Color::Rgb(0x8A, 0x5A, 0x00), Color::Red),
            (Color::Rgb(0x00, 0x6E, 0x6E), Color::Cyan),
            (Color::Rgb(0x4A, 0x52, 0x60), Color::DarkGray),
        ];
        const PALETTE: [(Color, Color); 6] = [
            (Color::Rgb(0x8A, 0xB4, 0xD8), Color::Blue),
            (Color::Rgb(0x9C, 0xC3, 0x9C), Color::Green),
            (Color::Rgb(0xC9, 0xA9, 0xDD), Color::Magenta),
            (Color::Rgb(0xD8, 0xB9, 0x8A), Color::Yellow),
            (Color::Rgb(0x86, 0xC5, 0xC5), Color::Cyan),
            (Color::Rgb(0xB5, 0xBD, 0xC9), Color::Gray),
        ];
        let sum = name.bytes().fold(7_usize, |sum, byte| {
            sum.wrapping_mul(31) + usize::from(byte)
        });
        let palette = if self.is_light { LIGHT } else { PALETTE };
        self.fg(palette[sum % palette.len()])
    }

    /// Where a search occurs; stronger in the line one has gone to. It brings both its colours, so
    /// that it can be read on any background.
    pub(crate) fn hit(self, is_current: bool) -> Style {
        let style = match (self.colours, is_current) {
            (Colours::True, false) => Style::new().bg(Color::Rgb(0xE6, 0xD2, 0x8A)),
            (Colours::True, true) => Style::new().bg(Color::Rgb(0xFF, 0x9E, 0x3B)),
            (Colours::Sixteen, false) => Style::new().bg(Color::Yellow),
            (Colours::Sixteen, true) => Style::new().bg(Color::LightYellow),
            (Colours::None, false) => return Style::new().add_modifier(Modifier::UNDERLINED),
            (Colours::None, true) => {
                let strong = Modifier::REVERSED | Modifier::BOLD | Modifier::UNDERLINED;
                return Style::new().add_modifier(strong);
            }
        };
        let style = style.fg(Color::Black).remove_modifier(Modifier::DIM);
        if is_current {
            style.add_modifier(Modifier::BOLD | Modifier::UNDERLINED)
        } else {
            style
        }
    }

    /// What a log line's own SGR sequences asked for.
    pub(crate) fn sgr(self, sgr: SgrStyle) -> Style {
        let mut style = Style::new();
        if self.colours != Colours::None {
            style.fg = sgr.fg.map(colour);
            style.bg = sgr.bg.map(colour);
        }
        let modifiers = [
            (sgr.bold, Modifier::BOLD),
            (sgr.dim, Modifier::DIM),
            (sgr.italic, Modifier::ITALIC),
            (sgr.underline, Modifier::UNDERLINED),
        ];
        modifiers
            .into_iter()
            .filter(|(is_on, _)| *is_on)
            .fold(style, |style, (_, modifier)| style.add_modifier(modifier))
    }
}

fn colour(colour: Colour) -> Color {
    match colour {
        Colour::Indexed(index) => Color::Indexed(index),
        Colour::Rgb(r, g, b) => Color::Rgb(r, g, b),
    }
}
