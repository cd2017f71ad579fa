//! Where a text that is wider than its room goes on in the next row: by what people see as one
//! character, and by its width on a terminal.

use unicode_segmentation::UnicodeSegmentation;
use unicode_width::UnicodeWidthStr;

/// Where each row of a text begins, in bytes; there is one at least.
#[must_use]
pub fn row_starts(text: &str, columns: usize) -> Vec<u32> {
    let columns = columns.max(1);
    let short = |at: usize| u32::try_from(at).unwrap_or(u32::MAX);
    if text.is_ascii() {
        let starts = (0..text.len().max(1)).step_by(columns);
        return starts.map(short).collect();
    }
    let (mut starts, mut used) = (vec![0], 0);
    for (at, grapheme) in text.grapheme_indices(true) {
        let width = grapheme.width();
        if used + width > columns && used > 0 {
            starts.push(short(at));
            used = 0;
        }
        used += width;
    }
    starts
}

/// How many bytes of a text fit into one row.
#[must_use]
pub fn row_end(text: &str, columns: usize) -> usize {
    let head = text.get(..columns).filter(|head| head.is_ascii());
    // A mark that belongs to the last character may follow.
    if head.is_some() && text.as_bytes().get(columns).is_none_or(u8::is_ascii) {
        return columns;
    }
    let mut used = 0;
    for (at, grapheme) in text.grapheme_indices(true) {
        used += grapheme.width();
        if used > columns {
            return at;
        }
    }
    text.len()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn rows(text: &str, columns: usize) -> Vec<&str> {
        let starts = row_starts(text, columns);
        let ends = starts.iter().skip(1).copied();
        let ends = ends.map(|at| at as usize).chain([text.len()]);
        let pairs = starts.iter().zip(ends);
        let rows = pairs.map(|(from, to)| text.get(*from as usize..to).unwrap());
        rows.collect()
    }

    #[test]
    fn a_character_is_never_split() {
        assert_eq!(rows("abcdef", 4), ["abcd", "ef"]);
        assert_eq!(rows("abcd", 4), ["abcd"]);
        assert_eq!(rows("", 4), [""]);
        assert_eq!(rows("日本語", 5), ["日本", "語"]);
        assert_eq!(
            rows("e\u{301}e\u{301}e\u{301}", 2),
            ["e\u{301}e\u{301}", "e\u{301}"]
        );
        assert_eq!(rows("a👩‍👧b", 2), ["a", "👩‍👧", "b"]);
        assert_eq!(rows("日本", 1), ["日", "本"]);
        assert_eq!(row_end("abe\u{301}", 3), 5);
        assert_eq!(row_end("日本語", 5), 6);
    }

    proptest! {
        #[test]
        fn rows_are_the_text_and_fit(text in "(\\PC|[a-z]|日|e\u{301}){0,80}", columns in 2_usize..20) {
            let rows = rows(&text, columns);
            prop_assert_eq!(rows.concat(), text.as_str());
            // What people see as one character may be wider than the room there is.
            let is_one = |row: &str| row.graphemes(true).count() == 1;
            prop_assert!(rows.iter().all(|row| row.width() <= columns || is_one(row)));
        }
    }
}
