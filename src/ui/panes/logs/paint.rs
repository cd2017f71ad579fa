//! A stretch of a line's text in its colours, with what is searched for marked.

use std::ops::Range;

use ratatui::style::Style;
use ratatui::text::Span;

/// Styles by where they begin, ascending, and what lies over them.
pub(super) struct Paint {
    /// What holds before the first of the styles.
    pub(super) own: Style,
    pub(super) styles: Vec<(usize, Style)>,
    pub(super) hits: Vec<Range<usize>>,
    pub(super) hit: Style,
}

impl Paint {
    /// The stretch `range` of `text`.
    pub(super) fn spans<'t>(&self, text: &'t str, range: Range<usize>) -> Vec<Span<'t>> {
        let mut spans = Vec::new();
        let mut at = range.start;
        while at < range.end {
            let (style, until) = self.at(at);
            let until = until.min(range.end);
            spans.push(Span::styled(text.get(at..until).unwrap_or_default(), style));
            at = until;
        }
        spans
    }

    /// The style at a byte, and up to which one that holds.
    fn at(&self, at: usize) -> (Style, usize) {
        let next = self.styles.partition_point(|(start, _)| *start <= at);
        let style = next.checked_sub(1).and_then(|it| self.styles.get(it));
        let style = style.map_or(self.own, |(_, style)| *style);
        let ends = self
            .styles
            .get(next)
            .map_or(usize::MAX, |(start, _)| *start);
        let hit = self.hits.partition_point(|hit| hit.end <= at);
        match self.hits.get(hit) {
            Some(hit) if hit.start <= at => (style.patch(self.hit), ends.min(hit.end)),
            Some(hit) => (style, ends.min(hit.start)),
            None => (style, ends),
        }
    }
}

#[cfg(test)]
mod tests {
    use ratatui::style::Modifier;

    use super::*;

    #[test]
    fn styles_and_hits_cross_each_other() {
        let (bold, dim, hit) = (Modifier::BOLD, Modifier::DIM, Modifier::REVERSED);
        let style = |it: Modifier| Style::new().add_modifier(it);
        let paint = Paint {
            own: Style::new(),
            styles: vec![(2, style(bold)), (4, style(dim))],
            hits: vec![1..3, 3..5],
            hit: style(hit),
        };
        let spans = paint.spans("abcdef", 0..6);
        let found: Vec<_> = spans.iter().map(|it| (&*it.content, it.style)).collect();
        let expected = [
            ("a", Style::new()),
            ("b", style(hit)),
            ("c", style(bold | hit)),
            ("d", style(bold | hit)),
            ("e", style(dim | hit)),
            ("f", style(dim)),
        ];
        assert_eq!(found, expected);
        assert!(paint.spans("abcdef", 3..3).is_empty());
    }
}
