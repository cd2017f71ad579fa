//! Colours of text on a terminal: those of the lines themselves, and one for each log.
//!
//! Everything that is written here is an SGR sequence made from what was read, never one that came.

use std::fmt::Write as _;
use std::hash::{DefaultHasher, Hash as _, Hasher as _};

use crate::model::{Colour, SgrSpan, SgrStyle};

/// Ends every colour.
pub(super) const RESET: &str = "\u{1b}[0m";
/// For what flightdeck itself remarks.
pub(super) const FAINT: &str = "\u{1b}[2m";

/// Colours that can be read on light and on dark ground.
const OF_NAMES: [u8; 12] = [33, 208, 35, 169, 37, 136, 99, 166, 71, 175, 68, 142];

/// The colour of a log: the same name has the same in every run.
pub(super) fn of_name(name: &str) -> String {
    // Without a random part, unlike that of a map.
    let mut hasher = DefaultHasher::new();
    name.hash(&mut hasher);
    let length = OF_NAMES.len() as u64;
    let place = usize::try_from(hasher.finish() % length).unwrap_or(0);
    format!("\u{1b}[38;5;{}m", OF_NAMES[place])
}

/// A text with its colours.
pub(super) fn text(text: &str, spans: &[SgrSpan]) -> String {
    let mut out = String::with_capacity(text.len() + spans.len() * 12);
    let mut done = 0;
    let mut is_plain = true;
    for span in spans {
        let start = (span.start as usize).min(text.len());
        out.push_str(text.get(done..start).unwrap_or_default());
        done = start;
        out.push_str(&sequence(span.style));
        is_plain = span.style == SgrStyle::default();
    }
    out.push_str(text.get(done..).unwrap_or_default());
    if !is_plain {
        out.push_str(RESET);
    }
    out
}

fn sequence(style: SgrStyle) -> String {
    let mut out = String::from("\u{1b}[0");
    let switches = [
        (style.bold, 1),
        (style.dim, 2),
        (style.italic, 3),
        (style.underline, 4),
    ];
    for (_, code) in switches.iter().filter(|(is_on, _)| *is_on) {
        // Writing to a string does not fail.
        let _written = write!(out, ";{code}");
    }
    for (ground, colour) in [(38, style.fg), (48, style.bg)] {
        let _written = match colour {
            None => Ok(()),
            Some(Colour::Indexed(index)) => write!(out, ";{ground};5;{index}"),
            Some(Colour::Rgb(r, g, b)) => write!(out, ";{ground};2;{r};{g};{b}"),
        };
    }
    out.push('m');
    out
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::model::clean_line;

    #[test]
    fn a_line_keeps_its_colours_and_ends_them() {
        let (line, spans) = clean_line(b"\x1b[1;31mfail\x1b[0m done \x1b[48;2;1;2;3mx");
        let painted = text(&line, &spans);
        let expected = "\u{1b}[0;1;38;5;1mfail\u{1b}[0m done \u{1b}[0;48;2;1;2;3mx\u{1b}[0m";
        assert_eq!(painted, expected);
        assert_eq!(text("plain", &[]), "plain");
    }

    #[test]
    fn a_name_has_one_colour() {
        assert_eq!(of_name("shop/live"), of_name("shop/live"));
        let names = ["a", "b", "c", "d", "e", "f"];
        let colours: std::collections::HashSet<String> = names.map(of_name).into_iter().collect();
        assert!(colours.len() > 2);
    }

    proptest! {
        #[test]
        fn nothing_but_colours_is_written(raw in proptest::collection::vec(any::<u8>(), 0..500)) {
            let (line, spans) = clean_line(&raw);
            let painted = text(&line, &spans);
            let (again, _) = clean_line(painted.as_bytes());
            prop_assert_eq!(again.trim_end(), line.trim_end());
            for part in painted.split('\u{1b}').skip(1) {
                let end = part.find('m').unwrap();
                let is_sgr = part.get(1..end).unwrap().bytes().all(|b| b.is_ascii_digit() || b == b';');
                prop_assert!(part.starts_with('[') && is_sgr, "{part:?}");
            }
        }
    }
}
