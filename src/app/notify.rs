//! How somebody who looks elsewhere is told that something ended.

use super::redact::redacted;
use crate::model::Text;

/// A notification of the desktop shows about as much.
const MAX_TITLE: usize = 80;
const MAX_BODY: usize = 240;

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
    pub title: Text,
    /// What happened, cleaned.
    pub body: Text,
}

/// What is to be sent; absent where nothing is wished for. It is read on locked screens, too: what
/// looks like a secret is left out.
pub(super) fn notification(
    rules: NotifyRules,
    is_good: bool,
    title: &Text,
    body: &str,
) -> Option<Notification> {
    let is_silent = !rules.bell && rules.desktop == Desktop::Off;
    if is_silent || (is_good && !rules.good) {
        return None;
    }
    Some(Notification {
        bell: rules.bell,
        desktop: rules.desktop,
        title: bounded(title.as_str(), MAX_TITLE),
        body: bounded(body, MAX_BODY),
    })
}

fn bounded(text: &str, most: usize) -> Text {
    let text = redacted(text);
    let mut letters = text.chars();
    let short: String = letters.by_ref().take(most).collect();
    let is_cut = letters.next().is_some();
    Text::clean(&if is_cut { format!("{short}…") } else { short })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(rules: NotifyRules, is_good: bool) -> bool {
        let title = Text::clean("shop/test v213");
        notification(rules, is_good, &title, "LIVE in 2m 14s").is_some()
    }

    #[test]
    fn good_news_is_told_where_wished_and_bad_news_unless_all_is_off() {
        let rules = NotifyRules::default();
        let bad_only = NotifyRules {
            good: false,
            ..rules
        };
        let off = NotifyRules {
            bell: false,
            desktop: Desktop::Off,
            good: true,
        };
        assert!(told(rules, true) && told(rules, false));
        assert!(!told(bad_only, true) && told(bad_only, false));
        assert!(!told(off, true) && !told(off, false));
    }

    #[test]
    fn a_notification_is_short_and_without_secrets() {
        let body = format!("FAILED: TOKEN=hunter2 {}", "x ".repeat(500));
        let title = Text::clean("shop");
        let told = notification(NotifyRules::default(), false, &title, &body).unwrap();
        assert!(!told.body.as_str().contains("hunter2"), "{}", told.body);
        assert!(told.body.as_str().chars().count() <= MAX_BODY + 1);
    }
}
