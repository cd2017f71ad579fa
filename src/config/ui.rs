//! The `[ui]` table: how the screen looks.

use super::Environment;
use super::nearest::nearest;
use super::problem::{Noted, Report};
use super::section::Section;

/// The keys of the table.
pub(super) const KEYS: &[&str] = &["ascii", "colour"];

/// How many colours are used.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ColourMode {
    /// As many as the terminal says it has.
    #[default]
    Auto,
    /// Any.
    Full,
    /// The sixteen of the terminal's own palette.
    Sixteen,
    /// None: words and glyphs carry every meaning.
    None,
}

impl ColourMode {
    /// The words of the configuration.
    pub const WORDS: &[(&str, Self)] = &[
        ("auto", Self::Auto),
        ("full", Self::Full),
        ("16", Self::Sixteen),
        ("none", Self::None),
    ];
}

/// How the screen looks.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct UiConfig {
    /// Whether only ASCII is drawn; absent to follow the locale.
    pub ascii: Option<bool>,
    /// Colours; [`ColourMode::Auto`] has become [`ColourMode::None`] where `NO_COLOR` is set.
    pub colour: ColourMode,
}

impl UiConfig {
    /// With what the environment decides.
    pub(super) fn with_environment(mut self, environment: &Environment) -> Self {
        let is_plain = environment.variable("NO_COLOR").is_some();
        if self.colour == ColourMode::Auto && is_plain {
            self.colour = ColourMode::None;
        }
        self
    }
}

pub(super) fn read(file: &Section<'_>, report: &mut Report<'_>) -> UiConfig {
    let Ok(Some(section)) = file.section("ui", "a table ([ui])", report) else {
        return UiConfig::default();
    };
    section.check_keys(KEYS, report);
    let ascii = section.flag("ascii", report).ok().flatten();
    UiConfig {
        ascii: ascii.map(|found| found.value),
        colour: colour(&section, report).unwrap_or_default(),
    }
}

fn colour(section: &Section<'_>, report: &mut Report<'_>) -> Result<ColourMode, Noted> {
    let words = || ColourMode::WORDS.iter().map(|(word, _)| *word);
    let allowed = words().collect::<Vec<_>>().join(", ");
    let Some(found) = section.string("colour", &format!("one of: {allowed}"), report)? else {
        return Ok(ColourMode::default());
    };
    let known = ColourMode::WORDS
        .iter()
        .find(|(word, _)| *word == found.value);
    known.map(|(_, mode)| *mode).ok_or_else(|| {
        let near = nearest(found.value, words());
        let hint = near.map_or(String::new(), |near| format!(" did you mean \"{near}\"?"));
        let message = format!(
            "unknown colour mode \"{}\";{hint} allowed: {allowed}",
            found.value
        );
        report.error(&section.key("colour"), &found.at, &message)
    })
}
