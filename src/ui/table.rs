//! A table of which only the rows in sight are built. Columns are as wide as their content; what
//! room is left goes to the growing one, and the last one is flush right.

use std::borrow::Cow;

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;

use super::View;
use super::text::{fit, width};

/// Columns between two columns.
const GAP: usize = 2;
/// In front of the first column: the mark of the selected row.
const MARGIN: usize = 3;
/// Widths are rounded up to this while there is room, so that columns do not jump while one scrolls.
const STEP: usize = 4;

/// A column.
#[derive(Clone, Copy)]
pub(crate) struct Column {
    pub(crate) title: &'static str,
    /// Whether its values are flush right: numbers.
    pub(crate) is_right: bool,
    /// How far it may be cut when room is short; 0 = not at all.
    pub(crate) least: usize,
    /// Whether it is cut before all others: its values stand alone when cut.
    pub(crate) yields: bool,
    /// Whether it takes the room that is left.
    pub(crate) grows: bool,
    /// The order in which columns are left out when room is short, highest first; 0 = never. From
    /// [`LUXURY`] on they leave before the growing column is cut to less than reads well.
    pub(crate) leaves: u8,
}

impl Column {
    /// A column that is never cut.
    pub(crate) const fn fixed(title: &'static str, leaves: u8) -> Self {
        Self {
            title,
            is_right: false,
            least: 0,
            yields: false,
            grows: false,
            leaves,
        }
    }

    /// A column of numbers.
    pub(crate) const fn number(title: &'static str, leaves: u8) -> Self {
        Self {
            title,
            is_right: true,
            least: 0,
            yields: false,
            grows: false,
            leaves,
        }
    }

    /// A column that may be cut down to `least`.
    pub(crate) const fn text(title: &'static str, least: usize, leaves: u8) -> Self {
        Self {
            title,
            is_right: false,
            least,
            yields: false,
            grows: false,
            leaves,
        }
    }

    /// The same column, cut before all others.
    pub(crate) const fn yielding(self) -> Self {
        Self {
            yields: true,
            ..self
        }
    }

    /// The same column, taking the room that is left.
    pub(crate) const fn growing(self) -> Self {
        Self {
            grows: true,
            ..self
        }
    }
}

/// A cell.
pub(crate) struct Cell<'a> {
    pub(crate) text: Cow<'a, str>,
    pub(crate) style: Style,
    /// So many bytes at its start stand for the whole when there is no room for more: then the rest
    /// goes without an ellipsis.
    pub(crate) stands_alone: usize,
}

impl<'a> Cell<'a> {
    pub(crate) fn new(text: impl Into<Cow<'a, str>>, style: Style) -> Self {
        Self {
            text: text.into(),
            style,
            stands_alone: 0,
        }
    }
}

impl Cell<'_> {
    /// The same cell, of which the first `bytes` bytes stand for the whole.
    pub(crate) fn standing(self, bytes: usize) -> Self {
        Self {
            stands_alone: bytes,
            ..self
        }
    }

    fn fitted(&self, columns: usize, ellipsis: &str) -> String {
        let brief = self.text.get(..self.stands_alone).unwrap_or_default();
        let is_short = width(&self.text) > columns && !brief.is_empty() && width(brief) <= columns;
        fit(if is_short { brief } else { &self.text }, columns, ellipsis)
    }
}

/// Which of the rows is selected, and whether the pane has the focus.
#[derive(Clone, Copy)]
pub(crate) struct Selection {
    pub(crate) row: Option<usize>,
    pub(crate) focused: bool,
}

/// Draws titles and rows; `rows` are those in sight. Gives the number of lines used.
pub(crate) fn draw(
    view: View<'_>,
    columns: &[Column],
    rows: &[Vec<Cell<'_>>],
    selection: Selection,
    area: Rect,
    buffer: &mut Buffer,
) -> u16 {
    if area.is_empty() {
        return 0;
    }
    let widths = widths(
        columns,
        rows,
        usize::from(area.width).saturating_sub(MARGIN),
    );
    let titles: Vec<_> = columns
        .iter()
        .map(|column| Cell::new(column.title, view.theme.column()))
        .collect();
    line(view, columns, &widths, &titles, area, buffer);
    let mut used = 1;
    for (i, row) in rows.iter().enumerate() {
        let at = Rect {
            y: area.y + used,
            height: 1,
            ..area
        };
        if at.y >= area.bottom() {
            break;
        }
        if selection.row == Some(i) {
            let mark = if selection.focused {
                view.theme.accent()
            } else {
                view.theme.dim()
            };
            buffer.set_string(at.x + 1, at.y, view.glyphs.selected, mark);
        }
        line(view, columns, &widths, row, at, buffer);
        if selection.row == Some(i) {
            view.theme.select(selection.focused, at, buffer);
        }
        used += 1;
    }
    used
}

fn line(
    view: View<'_>,
    columns: &[Column],
    widths: &[Option<usize>],
    cells: &[Cell<'_>],
    area: Rect,
    buffer: &mut Buffer,
) {
    let mut x = area.x.saturating_add(3);
    for ((column, own), cell) in columns.iter().zip(widths).zip(cells) {
        let Some(own) = own else { continue };
        let text = cell.fitted(*own, view.glyphs.ellipsis);
        let pad = if column.is_right {
            own - width(&text)
        } else {
            0
        };
        let at = x.saturating_add(u16::try_from(pad).unwrap_or(u16::MAX));
        if at < area.right() {
            buffer.set_stringn(at, area.y, text, usize::from(area.right() - at), cell.style);
        }
        x = x.saturating_add(u16::try_from(own + GAP).unwrap_or(u16::MAX));
    }
}

/// The width of each column; absent for those that are left out.
fn widths(columns: &[Column], rows: &[Vec<Cell<'_>>], room: usize) -> Vec<Option<usize>> {
    let exact = |i: usize, column: &Column| {
        let content = rows
            .iter()
            .filter_map(|row| row.get(i))
            .map(|cell| width(&cell.text))
            .max();
        content.unwrap_or(0).max(width(column.title))
    };
    // A column with nothing to say leaves its room to the others.
    let says = |i: usize| {
        rows.iter()
            .filter_map(|row| row.get(i))
            .any(|cell| !cell.text.is_empty())
    };
    let all = |natural: &dyn Fn(usize, &Column) -> usize| -> Vec<Option<usize>> {
        let columns = columns.iter().enumerate();
        columns
            .map(|(i, c)| (c.leaves == 0 || c.grows || says(i)).then(|| natural(i, c)))
            .collect()
    };
    // Steady columns are a comfort: where room is short, each takes what it needs.
    let mut out = all(&|i, column| {
        let is_cut = column.least > 0;
        exact(i, column).next_multiple_of(if is_cut { STEP } else { 1 })
    });
    if total(&out) > room {
        out = all(&exact);
    }
    // One that would take what room is left is no use where there is none and it says nothing.
    if total(&out) > room {
        let silent = (0..columns.len()).filter(|i| columns[*i].grows && !says(*i));
        silent.for_each(|i| out[i] = None);
    }
    // A luxury leaves before the growing column is cut to less than reads well.
    while least_that_reads_well(columns, &out) > room {
        let Some(last) = next_to_leave(columns, &out, LUXURY) else {
            break;
        };
        out[last] = None;
    }
    shrink(columns, &mut out, room);
    while total(&out) > room {
        let Some(last) = next_to_leave(columns, &out, 1) else {
            break;
        };
        out[last] = None;
        // What was cut for its sake gets its width back, as far as there is room.
        for (i, column) in columns.iter().enumerate().filter(|(i, _)| *i != last) {
            out[i] = out[i].map(|_| exact(i, column));
        }
        shrink(columns, &mut out, room);
    }
    grow(columns, &mut out, room);
    out
}

fn total(widths: &[Option<usize>]) -> usize {
    let shown: Vec<_> = widths.iter().flatten().collect();
    shown.iter().copied().sum::<usize>() + GAP * shown.len().saturating_sub(1)
}

/// The column that is left out next, of those whose order is at least `from`.
fn next_to_leave(columns: &[Column], widths: &[Option<usize>], from: u8) -> Option<usize> {
    (0..columns.len())
        .filter(|i| widths[*i].is_some() && columns[*i].leaves >= from)
        .max_by_key(|i| columns[*i].leaves)
}

fn least_that_reads_well(columns: &[Column], widths: &[Option<usize>]) -> usize {
    let own = |(column, own): (&Column, &Option<usize>)| {
        own.map(|own| match (column.grows, column.yields) {
            (true, _) => own.min(COMFORTABLE),
            (false, true) => own.min(column.least),
            (false, false) if column.least > 0 => own.min(column.least.max(READABLE)),
            (false, false) => own,
        })
    };
    let widths: Vec<_> = columns.iter().zip(widths).map(own).collect();
    total(&widths)
}

/// Columns that leave in this order or before it are luxuries.
pub(crate) const LUXURY: u8 = 8;

/// The growing column keeps this much before one that yields is cut.
const COMFORTABLE: usize = 24;

/// A name keeps this much before the growing column has less than is comfortable.
const READABLE: usize = 16;

/// Cuts columns that may be cut, the widest first: the growing one to a comfortable width, those
/// that yield, names to what can be read, the growing one to its least, then the others.
fn shrink(columns: &[Column], widths: &mut [Option<usize>], room: usize) {
    let mut cut = |fits: &dyn Fn(&Column) -> bool, floor: usize| {
        while total(widths) > room {
            let widest = (0..columns.len())
                .filter(|i| columns[*i].least > 0 && fits(&columns[*i]))
                .filter_map(|i| Some((widths[i]?, i)))
                .filter(|(own, i)| *own > columns[*i].least.max(floor))
                .max();
            let Some((own, i)) = widest else { break };
            widths[i] = Some(own - 1);
        }
    };
    cut(&|column| column.grows, COMFORTABLE);
    cut(&|column| column.yields, 0);
    cut(&|column| !column.grows && !column.yields, READABLE);
    cut(&|column| column.grows, 0);
    cut(&|column| !column.grows && !column.yields, 0);
}

fn grow(columns: &[Column], widths: &mut [Option<usize>], room: usize) {
    let spare = room.saturating_sub(total(widths));
    let shown: Vec<_> = (0..columns.len())
        .filter(|i| widths[*i].is_some())
        .collect();
    // Without a growing column the one before the last takes it, so that the last is flush right;
    // a last column of text takes it itself.
    let growing = shown.iter().copied().find(|i| columns[*i].grows);
    let taker = growing.or_else(|| {
        let last = shown.iter().rev().copied();
        last.take(2).find(|i| !columns[*i].is_right)
    });
    if let Some(taker) = taker {
        widths[taker] = widths[taker].map(|own| own + spare);
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const COLUMNS: [Column; 5] = [
        Column::fixed("STATUS", 0),
        Column::text("APP", 6, 0),
        Column::fixed("CLASS", 2),
        Column::text("REASON", 8, 3).growing(),
        Column::number("AGE", 1),
    ];

    fn row(texts: [&'static str; 5]) -> Vec<Cell<'static>> {
        texts
            .into_iter()
            .map(|text| Cell::new(text, Style::new()))
            .collect()
    }

    #[test]
    fn room_goes_to_the_growing_column_and_shortage_takes_the_least_needed() {
        let rows = [row([
            "x FAIL",
            "shop-api",
            "PROD",
            "migrate exited with 1",
            "9s",
        ])];
        let wide = widths(&COLUMNS, &rows, 80);
        assert_eq!(total(&wide), 80);
        assert_eq!(wide[1], Some(8));
        let cut = widths(&COLUMNS, &rows, 40);
        assert!(
            cut.iter().all(Option::is_some),
            "cut, not left out: {cut:?}"
        );
        let narrow = widths(&COLUMNS, &rows, 24);
        assert_eq!(narrow[3], None);
        assert!(narrow[0].is_some() && narrow[1].is_some());
    }

    #[test]
    fn the_widest_name_is_cut_before_another_column() {
        let columns = [
            Column::text("APP", 6, 0),
            Column::text("CONTEXT", 6, 4),
            Column::number("AGE", 1),
        ];
        let texts = ["a-name-of-twenty-eight-columns", "do-prod", "9s"];
        let cells = texts.map(|text| Cell::new(text, Style::new()));
        let widths = widths(&columns, &[cells.into()], 30);
        assert_eq!(
            widths,
            [Some(16), Some(7), Some(3)],
            "the context takes what it needs"
        );
    }

    #[test]
    fn what_is_worth_less_leaves_before_the_reason_is_cut() {
        let columns = [
            Column::fixed("STATUS", 0),
            Column::fixed("BY", 8),
            Column::text("REASON", 8, 7).growing(),
        ];
        let texts = ["x FAIL", "somebody", "2 of 3 instances are up"];
        let cells = texts.map(|text| Cell::new(text, Style::new()));
        let widths = widths(&columns, &[cells.into()], 36);
        assert_eq!(widths, [Some(6), None, Some(28)]);
    }

    proptest! {
        #[test]
        fn a_row_never_exceeds_its_room_while_columns_can_leave(room in 14usize..200) {
            let rows = [row(["x FAIL", "a-rather-long-name", "PROD", "some reason", "12m"])];
            prop_assert!(total(&widths(&COLUMNS, &rows, room)) <= room);
        }
    }
}
