//! Which lines go on with the line above: a stack trace belongs to its error, whatever else is written
//! in between by somebody else.

use crate::model::Level;

/// How a line begins that goes on with the one above.
const BEGINNINGS: [&str; 7] = [
    " ",
    "\t",
    "at ",
    "Caused by",
    "Traceback (",
    "... ",
    "During handling of",
];

/// How the last line of a trace ends its first word.
const ENDINGS: [&str; 4] = ["Error", "Exception", "Error:", "Exception:"];

/// The level of the line that may be gone on with, by who speaks.
#[derive(Clone, Debug, Default)]
pub(super) struct Belonging {
    last: Vec<Option<Level>>,
}

impl Belonging {
    /// The level that a line of output has for a filter: its own, or that of the line that it goes on
    /// with.
    pub(super) fn severity(
        &mut self,
        speaker: u16,
        own: Option<Level>,
        text: &str,
    ) -> Option<Level> {
        let speaker = usize::from(speaker);
        let goes_on = own.is_none() && goes_on(text);
        if goes_on {
            return self.last.get(speaker).copied().flatten();
        }
        if self.last.len() <= speaker {
            self.last.resize(speaker + 1, None);
        }
        if let Some(last) = self.last.get_mut(speaker) {
            *last = own;
        }
        own
    }
}

fn goes_on(text: &str) -> bool {
    if BEGINNINGS
        .iter()
        .any(|beginning| text.starts_with(beginning))
    {
        return true;
    }
    let first = text.split(' ').next().unwrap_or_default();
    ENDINGS.iter().any(|ending| first.ends_with(ending))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_trace_belongs_to_its_error_and_not_to_what_another_says_in_between() {
        let mut belonging = Belonging::default();
        let mut check = |speaker, own, text: &str, expected| {
            assert_eq!(belonging.severity(speaker, own, text), expected, "{text}");
        };
        let (error, info) = (Some(Level::Error), Some(Level::Info));
        check(0, None, "   nothing above", None);
        check(0, error, "ERROR no database", error);
        check(0, None, "Traceback (most recent call last):", error);
        check(1, info, "INFO GET /", info);
        check(1, None, "  more of that", info);
        check(0, None, "  File \"a.py\", line 3", error);
        check(0, None, "ValueError: no", error);
        check(0, None, "served", None);
        check(0, None, "at last", None);
    }
}
