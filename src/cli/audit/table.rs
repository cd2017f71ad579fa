//! The audit as a table, newest last: where the eye is when it has scrolled by.

use std::io::{self, Write};

use jiff::tz::TimeZone;

use super::super::table::{Cell, Column, column, write_table};
use crate::model::{Class, Text};
use crate::shell;
use crate::store::audit::{Entry, follow_words};

struct Row<'a> {
    entry: &'a Entry,
    time: String,
}

/// Writes the table, in times of `zone`.
pub(super) fn write(out: &mut impl Write, entries: &[Entry], zone: &TimeZone) -> io::Result<()> {
    let row = |entry| Row {
        entry,
        time: time(entry, zone),
    };
    let rows: Vec<_> = entries.iter().map(row).collect();
    write_table(out, &columns(), &rows, false, shell::now())?;
    out.flush()
}

fn columns<'a>() -> [Column<Row<'a>>; 8] {
    [
        column("TIME", |it| Cell::Text(it.time.clone())),
        column("WHO", |it| {
            let by = &it.entry.by;
            Cell::Text(format!("{}@{}", by.user, by.host))
        }),
        column("CONTEXT", |it| {
            Cell::Text(it.entry.context.name.to_string())
        }),
        column("TARGET", |it| Cell::Text(it.entry.target.title.to_string())),
        column("CLASS", |it| {
            Cell::maybe(it.entry.target.class.map(Class::word))
        }),
        column("OPERATION", |it| Cell::Text(operation(it.entry))),
        column("OUTCOME", |it| Cell::Text(it.entry.outcome().to_owned())),
        column("DETAIL", |it| Cell::Text(detail(it.entry))),
    ]
}

fn time(entry: &Entry, zone: &TimeZone) -> String {
    let at = entry.at.to_zoned(zone.clone());
    at.strftime("%Y-%m-%d %H:%M:%S").to_string()
}

fn operation(entry: &Entry) -> String {
    let inputs = entry.inputs.iter();
    let inputs = inputs.map(|(name, value)| format!(" {name}={}", Entry::input(value)));
    std::iter::once(entry.operation.to_string())
        .chain(inputs)
        .collect()
}

/// Why, and what it led to.
fn detail(entry: &Entry) -> String {
    let words = entry.end.as_ref().map(|end| end.words.clone());
    let follow = entry.follow.as_ref().map(|follow| {
        let (what, id) = follow_words(follow);
        Text::clean(&format!("{what} {id}"))
    });
    let parts = [words, follow].into_iter().flatten();
    let parts: Vec<_> = parts
        .filter(|part| !part.is_empty())
        .map(|part| part.to_string())
        .collect();
    parts.join("; ")
}
