//! A selection that follows identity, not a row number.

/// The selected row of a list and the part of it that is in sight.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cursor<Id> {
    /// The selected entry; absent while the list is empty.
    pub selected: Option<Id>,
    /// Its row, as of the last time the list was seen.
    pub row: usize,
    /// The first row in sight.
    pub offset: usize,
}

impl<Id> Default for Cursor<Id> {
    fn default() -> Self {
        Self {
            selected: None,
            row: 0,
            offset: 0,
        }
    }
}

impl<Id: Clone + PartialEq> Cursor<Id> {
    /// The list changed: stays on the selected entry wherever it went, else takes its nearest
    /// neighbour. `rows` is how many are in sight.
    pub fn settle(&mut self, len: usize, rows: usize, id_at: impl Fn(usize) -> Option<Id>) {
        let still = self.selected.as_ref().and_then(|selected| {
            // Mostly it has not moved.
            let here = id_at(self.row).as_ref() == Some(selected);
            if here {
                return Some(self.row);
            }
            (0..len).find(|&row| id_at(row).as_ref() == Some(selected))
        });
        self.go(still.unwrap_or(self.row), len, rows, id_at);
    }

    /// Moves by `delta` rows, not past the ends.
    pub fn step(
        &mut self,
        delta: isize,
        len: usize,
        rows: usize,
        id_at: impl Fn(usize) -> Option<Id>,
    ) {
        self.go(self.row.saturating_add_signed(delta), len, rows, id_at);
    }

    /// Goes to a row, or the last one.
    pub fn go(&mut self, row: usize, len: usize, rows: usize, id_at: impl Fn(usize) -> Option<Id>) {
        self.row = row.min(len.saturating_sub(1));
        self.selected = if len == 0 { None } else { id_at(self.row) };
        let rows = rows.max(1);
        let lowest = (self.row + 1).saturating_sub(rows);
        self.offset = self
            .offset
            .clamp(lowest, self.row)
            .min(len.saturating_sub(rows));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn settle(cursor: &mut Cursor<char>, list: &str, rows: usize) {
        let list: Vec<_> = list.chars().collect();
        cursor.settle(list.len(), rows, |row| list.get(row).copied());
    }

    #[test]
    fn the_selection_follows_its_entry_and_then_its_neighbour() {
        let mut cursor = Cursor::default();
        settle(&mut cursor, "abcde", 3);
        assert_eq!(cursor.selected, Some('a'));
        cursor.go(2, 5, 3, |row| "abcde".chars().nth(row));
        settle(&mut cursor, "xabcde", 3);
        assert_eq!((cursor.selected, cursor.row), (Some('c'), 3));
        settle(&mut cursor, "xabde", 3);
        assert_eq!(cursor.selected, Some('d'), "the neighbour");
        settle(&mut cursor, "", 3);
        assert_eq!(cursor.selected, None);
    }

    #[test]
    fn the_selected_row_stays_in_sight_and_no_room_is_wasted() {
        let mut cursor = Cursor::default();
        let id = |row| "abcdefgh".chars().nth(row);
        cursor.go(7, 8, 3, id);
        assert_eq!(cursor.offset, 5);
        cursor.step(-2, 8, 3, id);
        assert_eq!((cursor.row, cursor.offset), (5, 5));
        cursor.settle(8, 8, id);
        assert_eq!(cursor.offset, 0, "all rows fit now");
    }
}
