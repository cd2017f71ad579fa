//! Widths of text, and words for numbers.

use ratatui::buffer::Buffer;
use ratatui::style::Style;
use ratatui::text::{Line, Span};
use unicode_segmentation::UnicodeSegmentation;
use unicode_width::UnicodeWidthStr;

/// How many columns `text` takes.
pub(crate) fn width(text: &str) -> usize {
    text.width()
}

/// `text`, cut to `columns` with an ellipsis at the end if it is wider. A wide character is never
/// split.
pub(crate) fn fit(text: &str, columns: usize, ellipsis: &str) -> String {
    if width(text) <= columns {
        return text.to_owned();
    }
    let room = columns.saturating_sub(width(ellipsis));
    let mut out = String::new();
    let mut used = 0;
    for grapheme in text.graphemes(true) {
        used += width(grapheme);
        if used > room {
            break;
        }
        out.push_str(grapheme);
    }
    if columns >= width(ellipsis) {
        out.push_str(ellipsis);
    }
    out
}

/// The part of `text` from column `skip` on. A wide character that begins before is left out.
pub(crate) fn skip_columns(text: &str, skip: usize) -> (usize, &str) {
    let mut column = 0;
    for (at, grapheme) in text.grapheme_indices(true) {
        if column >= skip {
            return (at, text.get(at..).unwrap_or_default());
        }
        column += width(grapheme);
    }
    (text.len(), "")
}

/// The width of a line of spans.
pub(crate) fn line_width(line: &Line<'_>) -> usize {
    spans_width(&line.spans)
}

/// Draws a line, with an ellipsis at its end if it is wider than its room.
pub(crate) fn draw_line(
    line: &Line<'_>,
    (x, y): (u16, u16),
    columns: u16,
    ellipsis: &str,
    buffer: &mut Buffer,
) {
    if columns == 0 || line_width(line) <= usize::from(columns) {
        buffer.set_line(x, y, line, columns);
        return;
    }
    let (end, _) = buffer.set_line(x, y, line, columns - 1);
    let style = line.spans.last().map_or_else(Style::new, |span| span.style);
    buffer.set_string(end, y, ellipsis, style);
}

/// The width of spans.
pub(crate) fn spans_width(spans: &[Span<'_>]) -> usize {
    spans.iter().map(|span| width(&span.content)).sum()
}

/// As many of `parts` as fit into `columns`, `gap` columns apart; the rest is left out whole.
pub(crate) fn join_fitting<'a>(
    parts: impl IntoIterator<Item = Vec<Span<'a>>>,
    gap: usize,
    columns: usize,
) -> Line<'a> {
    let mut line = Line::default();
    let mut used = 0;
    for part in parts {
        let own = spans_width(&part);
        let before = if used == 0 { 0 } else { gap };
        if used + before + own > columns {
            break;
        }
        line.spans.push(Span::raw(" ".repeat(before)));
        line.spans.extend(part);
        used += before + own;
    }
    line
}

/// A size with at most three figures: `412 B`, `1.2 GB`, `87 MB`.
pub(crate) fn size(bytes: u64) -> String {
    crate::model::size::Bytes(bytes).to_string()
}

/// A count with thin groups: `12 408`.
pub(crate) fn count(number: usize) -> String {
    let digits = number.to_string();
    let mut out = String::new();
    for (i, digit) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            out.push(' ');
        }
        out.push(digit);
    }
    out
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn sizes_have_at_most_three_figures() {
        for (bytes, expected) in [
            (0, "0 B"),
            (999, "999 B"),
            (1_000, "1.0 kB"),
            (1_249_000_000, "1.2 GB"),
            (9_960, "10 kB"),
            (999_600, "1.0 MB"),
            (87_300_000, "87 MB"),
        ] {
            assert_eq!(size(bytes), expected);
        }
        assert_eq!(count(31_220), "31 220");
        assert_eq!(count(417), "417");
    }

    #[test]
    fn a_wide_character_is_never_split() {
        assert_eq!(fit("日本語", 6, "…"), "日本語");
        assert_eq!(fit("日本語", 5, "…"), "日本…");
        assert_eq!(fit("日本語", 4, "…"), "日…");
        assert_eq!(skip_columns("日本語", 1).1, "本語");
    }

    proptest! {
        #[test]
        fn what_is_fitted_fits(text in "\\PC{0,40}", columns in 0usize..30) {
            prop_assert!(width(&fit(&text, columns, "…")) <= columns);
        }
    }
}
