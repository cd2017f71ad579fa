//! A notification as bytes: the terminal's bell, and the sequences by which it is asked for one of
//! the desktop.
//!
//! Source: iTerm2, "Proprietary Escape Codes" (OSC 9); urxvt's extension `notify` (OSC 777), which
//! foot, kitty, `WezTerm`, Ghostty and VTE know, too; `ConEmu` gives OSC 9 other meanings where a digit
//! comes first.

use super::clipboard::Multiplexer;
use crate::app::notify::{Desktop, Notification};
use crate::model::Text;

const BELL: u8 = 0x07;
/// So many characters at most: some terminals drop a longer sequence, or show it on the screen.
const MAX: usize = 256;

/// The bytes of a notification.
pub(super) fn bytes(notification: &Notification, multiplexer: Multiplexer) -> Vec<u8> {
    let title = safe(&notification.title, MAX);
    let body = safe(&notification.body, MAX);
    let text = match notification.desktop {
        Desktop::Off => None,
        Desktop::Osc9 => Some(format!("\x1b]9;{}\x1b\\", worded(&title, &body))),
        Desktop::Osc777 => Some(format!("\x1b]777;notify;{title};{body}\x1b\\")),
    };
    let mut out = text.map_or_else(Vec::new, |text| multiplexer.through(text.as_bytes()));
    if notification.bell {
        // Every multiplexer takes the bell by itself.
        out.push(BELL);
    }
    out
}

/// One text, which does not begin like an order to the terminal.
fn worded(title: &str, body: &str) -> String {
    let text = [title, body].map(str::trim);
    let text = text.into_iter().filter(|part| !part.is_empty());
    let text = text.collect::<Vec<_>>().join(": ");
    if text.starts_with(|c: char| c.is_ascii_digit()) {
        format!("flightdeck {text}")
    } else {
        text
    }
}

/// Text that cannot end the sequence it stands in or begin another part of it: cleaned once more,
/// whoever made it, and without the character that separates parts.
fn safe(text: &Text, most: usize) -> String {
    let clean = Text::clean(text.as_str());
    let letters = clean.as_str().chars().filter(|c| !c.is_control());
    let letters = letters.map(|c| if c == ';' { ',' } else { c });
    letters.take(most).collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn notification(desktop: Desktop, title: &str, body: &str) -> Notification {
        Notification {
            bell: true,
            desktop,
            title: Text::clean(title),
            body: Text::clean(body),
        }
    }

    fn check(desktop: Desktop, multiplexer: Multiplexer, expected: &str) {
        let told = notification(desktop, "shop/test v2", "FAILED: a;b");
        let bytes = bytes(&told, multiplexer);
        assert_eq!(String::from_utf8(bytes).unwrap(), expected);
    }

    #[test]
    fn the_terminal_is_asked_in_its_own_way() {
        let direct = Multiplexer::None;
        check(Desktop::Off, direct, "\x07");
        check(
            Desktop::Osc9,
            direct,
            "\x1b]9;shop/test v2: FAILED: a,b\x1b\\\x07",
        );
        check(
            Desktop::Osc777,
            direct,
            "\x1b]777;notify;shop/test v2;FAILED: a,b\x1b\\\x07",
        );
    }

    #[test]
    fn it_goes_through_what_stands_between() {
        check(
            Desktop::Osc9,
            Multiplexer::Tmux,
            "\x1bPtmux;\x1b\x1b]9;shop/test v2: FAILED: a,b\x1b\x1b\\\x1b\\\x07",
        );
        check(
            Desktop::Osc9,
            Multiplexer::Screen,
            "\x1bP\x1b]9;shop/test v2: FAILED: a,b\x07\x1b\\\x07",
        );
    }

    #[test]
    fn a_text_is_no_order_to_the_terminal() {
        let told = notification(Desktop::Osc9, "4;1;50", "x");
        let bytes = bytes(&told, Multiplexer::None);
        assert!(bytes.starts_with(b"\x1b]9;flightdeck 4,1,50: x"));
    }

    proptest! {
        #[test]
        fn nothing_foreign_breaks_out_of_the_sequence(title in any::<String>(), body in any::<String>()) {
            for (desktop, separators) in [(Desktop::Osc9, 1), (Desktop::Osc777, 3)] {
                let bytes = bytes(&notification(desktop, &title, &body), Multiplexer::None);
                let text = String::from_utf8(bytes).unwrap();
                let inside = text.strip_prefix("\x1b]").unwrap();
                let inside = inside.strip_suffix("\x1b\\\x07").unwrap();
                prop_assert!(!inside.contains(char::is_control), "{inside:?}");
                prop_assert_eq!(inside.matches(';').count(), separators);
                prop_assert!(inside.chars().count() <= 2 * MAX + 32);
            }
        }
    }
}
