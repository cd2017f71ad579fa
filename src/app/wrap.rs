//! A sentence in lines.

use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

/// A text in lines of at most so many columns; none of an empty one.
#[must_use]
pub fn wrapped(text: &str, columns: usize) -> Vec<&str> {
    let mut lines = Vec::new();
    // A line must not begin with a blank: to break there would not bring it further.
    let mut rest = text.trim_start();
    while !rest.is_empty() && columns > 0 {
        let (line, after) = rest.split_at(wrap_at(rest, columns));
        lines.push(line.trim());
        rest = after.trim_start();
    }
    lines
}

/// Where to break `text` so that the first part fits into `room`: at the last blank, if there is
/// one.
fn wrap_at(text: &str, room: usize) -> usize {
    if text.width() <= room {
        return text.len();
    }
    let mut used = 0;
    let mut blank = None;
    for (at, c) in text.char_indices() {
        used += c.width().unwrap_or(0);
        if c == ' ' {
            blank = Some(at);
        }
        if used > room {
            // At least one character goes, or there would be no end.
            return blank.unwrap_or(at).max(c.len_utf8());
        }
    }
    text.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, columns: usize, expected: &[&str]) {
        assert_eq!(wrapped(text, columns), expected, "{text:?}");
    }

    #[test]
    fn a_text_is_broken_at_blanks_and_a_long_word_where_it_must_be() {
        check("", 5, &[]);
        check("one two", 7, &["one two"]);
        check("one two three", 7, &["one two", "three"]);
        check("unbreakable it is", 5, &["unbre", "akabl", "e it", "is"]);
        check("日本語 日本", 5, &["日本", "語", "日本"]);
        check("日本", 1, &["日", "本"]);
        check(" aé世界", 4, &["aé世", "界"]);
        check("none", 0, &[]);
    }
}
