//! Tables: columns sized by their content, and the same columns as comma-separated values.

use std::io::{self, Write};
use std::time::Duration;

use jiff::Timestamp;
use unicode_width::UnicodeWidthStr;

use crate::app::age::Short;

/// A column of a list. Adding one is adding a row to the list's columns.
pub(crate) struct Column<T> {
    /// Its heading, in capitals; in CSV in small letters.
    pub(crate) title: &'static str,
    /// Whether only `wide` and CSV have it.
    pub(crate) is_wide: bool,
    /// What it shows.
    pub(crate) cell: fn(&T) -> Cell,
}

/// A column that every table has.
pub(crate) const fn column<T>(title: &'static str, cell: fn(&T) -> Cell) -> Column<T> {
    Column {
        title,
        is_wide: false,
        cell,
    }
}

/// A column that only `wide` and CSV have.
pub(crate) const fn wide<T>(title: &'static str, cell: fn(&T) -> Cell) -> Column<T> {
    Column {
        title,
        is_wide: true,
        cell,
    }
}

/// A value and how it is written: short for people, exact for CSV.
#[derive(Clone, Debug)]
pub(crate) enum Cell {
    /// As it is.
    Text(String),
    /// A text for people and another one for CSV.
    Short(String, String),
    /// Yes or nothing.
    Flag(bool),
    /// How long ago.
    Age(Option<Timestamp>),
    /// A size in bytes.
    Bytes(Option<u64>),
    /// A length of time in seconds.
    Seconds(Option<u64>),
    /// A number.
    Number(Option<f64>),
}

impl Cell {
    /// A text that may be absent.
    pub(crate) fn maybe(text: Option<&str>) -> Self {
        Self::Text(text.unwrap_or("").into())
    }

    fn for_people(&self, now: Timestamp) -> String {
        let text = match self {
            Self::Text(text) | Self::Short(text, _) => text.clone(),
            Self::Flag(flag) => String::from(if *flag { "yes" } else { "" }),
            Self::Age(at) => at.map_or_else(String::new, |at| age(at, now)),
            Self::Bytes(bytes) => bytes.map_or_else(String::new, size),
            Self::Seconds(seconds) => {
                let length = |seconds| length(Duration::from_secs(seconds));
                seconds.map_or_else(String::new, length)
            }
            Self::Number(number) => number.map_or_else(String::new, |it| format!("{it:.2}")),
        };
        if text.is_empty() { "-".into() } else { text }
    }

    fn for_csv(&self) -> String {
        match self {
            Self::Text(text) | Self::Short(_, text) => text.clone(),
            Self::Flag(flag) => flag.to_string(),
            Self::Age(at) => at.map_or_else(String::new, |at| at.to_string()),
            Self::Bytes(number) | Self::Seconds(number) => {
                number.map_or_else(String::new, |number| number.to_string())
            }
            Self::Number(number) => number.map_or_else(String::new, |number| number.to_string()),
        }
    }

    fn is_number(&self) -> bool {
        match self {
            Self::Age(_) | Self::Bytes(_) | Self::Seconds(_) | Self::Number(_) => true,
            Self::Text(_) | Self::Short(..) | Self::Flag(_) => false,
        }
    }
}

/// A longer text is cut in a table that is not wide.
const LONGEST: usize = 80;

/// Writes a table; with `is_wide` all columns, and nothing is cut.
pub(crate) fn write_table<T>(
    out: &mut impl Write,
    columns: &[Column<T>],
    items: &[T],
    is_wide: bool,
    now: Timestamp,
) -> io::Result<()> {
    let columns: Vec<_> = columns.iter().filter(|it| is_wide || !it.is_wide).collect();
    let mut rows: Vec<Vec<(String, bool)>> = Vec::with_capacity(items.len() + 1);
    let is_number = |column: &Column<T>| {
        items
            .first()
            .is_some_and(|item| (column.cell)(item).is_number())
    };
    let heading = columns
        .iter()
        .map(|it| (it.title.to_owned(), is_number(it)));
    rows.push(heading.collect());
    for item in items {
        let cells = columns.iter().map(|column| {
            let cell = (column.cell)(item);
            let text = cell.for_people(now);
            let text = if is_wide { text } else { cut(text) };
            (text, cell.is_number())
        });
        rows.push(cells.collect());
    }
    let width = |at: usize| rows.iter().map(|row| row[at].0.width()).max().unwrap_or(0);
    let widths: Vec<usize> = (0..columns.len()).map(width).collect();
    for row in &rows {
        let mut line = String::new();
        for ((cell, is_number), width) in row.iter().zip(&widths) {
            let room = " ".repeat(width - cell.width());
            let (before, after) = if *is_number {
                (room, String::new())
            } else {
                (String::new(), room)
            };
            line.push_str(&before);
            line.push_str(cell);
            line.push_str(&after);
            line.push_str("  ");
        }
        writeln!(out, "{}", line.trim_end())?;
    }
    Ok(())
}

fn cut(mut text: String) -> String {
    let rest = text.char_indices().nth(LONGEST);
    if let Some((at, _)) = rest {
        text.truncate(at);
        text.push('…');
    }
    text
}

/// Writes comma-separated values with all columns (RFC 4180).
pub(crate) fn write_csv<T>(
    out: &mut impl Write,
    columns: &[Column<T>],
    items: &[T],
) -> io::Result<()> {
    let titles = columns
        .iter()
        .map(|it| it.title.to_lowercase().replace(' ', "_"));
    write_record(out, titles)?;
    for item in items {
        write_record(out, columns.iter().map(|it| (it.cell)(item).for_csv()))?;
    }
    Ok(())
}

fn write_record(out: &mut impl Write, fields: impl Iterator<Item = String>) -> io::Result<()> {
    let quoted = fields.map(|field| {
        if field.contains([',', '"', '\n', '\r']) {
            format!("\"{}\"", field.replace('"', "\"\""))
        } else {
            field
        }
    });
    let line: Vec<String> = quoted.collect();
    write!(out, "{}\r\n", line.join(","))
}

/// How long ago in one unit: `4s`, `12m`, `3h`, `21d`. What is still to come has a `+`.
pub(crate) fn age(at: Timestamp, now: Timestamp) -> String {
    let seconds = now.duration_since(at).as_secs();
    let length = Short(Duration::from_secs(seconds.unsigned_abs()));
    if seconds < 0 {
        format!("+{length}")
    } else {
        length.to_string()
    }
}

/// A length of time in two units: `42s`, `2m 14s`, `3h 5m`.
pub(crate) fn length(duration: Duration) -> String {
    let seconds = duration.as_secs();
    match seconds {
        ..60 => format!("{seconds}s"),
        60..3_600 => format!("{}m {}s", seconds / 60, seconds % 60),
        _ => format!("{}h {}m", seconds / 3_600, seconds / 60 % 60),
    }
}

/// A size as the dashboard writes it: `512 B`, `1.2 GB`.
pub(crate) fn size(bytes: u64) -> String {
    crate::model::size::Bytes(bytes).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Item(&'static str, Option<u64>);

    const COLUMNS: &[Column<Item>] = &[
        column("NAME", |it| Cell::Text(it.0.into())),
        column("SIZE", |it| Cell::Bytes(it.1)),
        wide("FIRST LETTER", |it| {
            Cell::Text(it.0.chars().take(1).collect())
        }),
    ];

    fn items() -> [Item; 2] {
        [Item("日本", Some(1_240_000_000)), Item("b, \"c\"", None)]
    }

    fn written(write: impl Fn(&mut Vec<u8>) -> io::Result<()>) -> String {
        let mut out = Vec::new();
        write(&mut out).unwrap();
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn columns_are_as_wide_as_their_content() {
        let now = Timestamp::UNIX_EPOCH;
        let table = written(|out| write_table(out, COLUMNS, &items(), false, now));
        assert_eq!(table, "NAME      SIZE\n日本    1.2 GB\nb, \"c\"       -\n");
        let wide = written(|out| write_table(out, COLUMNS, &items(), true, now));
        assert!(wide.starts_with("NAME      SIZE  FIRST LETTER\n"));
    }

    #[test]
    fn csv_has_all_columns_and_exact_values() {
        let csv = written(|out| write_csv(out, COLUMNS, &items()));
        assert_eq!(
            csv,
            "name,size,first_letter\r\n日本,1240000000,日\r\n\"b, \"\"c\"\"\",,b\r\n"
        );
    }

    #[test]
    fn ages_lengths_and_sizes_are_short() {
        let now: Timestamp = "2024-05-01T12:00:00Z".parse().unwrap();
        let ages = [
            ("2024-05-01T11:59:56Z", "4s"),
            ("2024-05-01T11:48:00Z", "12m"),
            ("2024-04-30T12:00:00Z", "1d"),
            ("2024-05-01T13:00:00Z", "+1h"),
        ];
        for (at, expected) in ages {
            assert_eq!(age(at.parse().unwrap(), now), expected);
        }
        assert_eq!(length(Duration::from_secs(134)), "2m 14s");
        let sizes = [
            (0, "0 B"),
            (999, "999 B"),
            (1_000, "1.0 kB"),
            (999_999, "1.0 MB"),
        ];
        for (bytes, expected) in sizes {
            assert_eq!(size(bytes), expected);
        }
    }
}
