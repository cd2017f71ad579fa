//! How somebody who looks elsewhere is told that something ended.

/// Which ways are taken, as configured.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NotifyRules {
    /// The terminal's bell.
    pub bell: bool,
    /// Which notification of the desktop the terminal is asked for.
    pub desktop: Desktop,
    /// Whether good news is told this way, too; bad news always is.
    pub good: bool,
}

/// By which sequence a terminal is asked for a notification of the desktop.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Desktop {
    /// None.
    #[default]
    Off,
    /// OSC 9.
    Osc9,
    /// OSC 777.
    Osc777,
}

impl Default for NotifyRules {
    fn default() -> Self {
        Self {
            bell: true,
            desktop: Desktop::Osc9,
            good: true,
        }
    }
}

/// A notification, to be sent to the terminal with the next frame.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Notification {
    /// Whether the bell rings.
    pub bell: bool,
    /// How the desktop is told.
    pub desktop: Desktop,
    /// What it is about, cleaned.
    pub title: crate::model::Text,
    /// What happened, cleaned.
    pub body: crate::model::Text,
}
