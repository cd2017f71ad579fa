//! What is shown of a line: its text, or message and fields of one that is JSON.

use std::borrow::Cow;

use unicode_width::UnicodeWidthStr;

use super::fields::{Field, Record};
use super::lens::{JsonMode, Lens};
use super::ring::Line;
use crate::model::{LineKind, SgrStyle};

/// Between what stands in columns.
const GAP: usize = 2;

/// What a piece of a line is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Piece {
    /// What the line says: in the colour of its level.
    Text,
    /// What the line says, in a colour of its own.
    Styled(SgrStyle),
    /// The name of a field.
    Key,
    /// The value of a field.
    Value,
}

/// What is shown of a line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shown<'a> {
    /// The text.
    pub text: Cow<'a, str>,
    /// What it is from which byte on, by ascending start.
    pub pieces: Vec<(usize, Piece)>,
}

/// A line before its fields are put in columns.
#[derive(Clone, Debug)]
pub struct Content<'a> {
    line: Line<'a>,
    cells: Option<Vec<Cell<'a>>>,
}

/// A message or a field.
#[derive(Clone, Debug)]
struct Cell<'a> {
    key: Option<Cow<'a, str>>,
    field: Field<'a>,
}

impl<'a> Content<'a> {
    /// What there is of a line to show.
    #[must_use]
    pub fn of(lens: &Lens, line: &Line<'a>) -> Self {
        let is_read = lens.json == JsonMode::Fields && line.kind == LineKind::Output;
        let record = (is_read && !line.is_long()).then(|| Record::read(line.text));
        Self {
            line: *line,
            cells: record.flatten().map(|record| cells(lens, line, record)),
        }
    }

    /// How wide each of its columns is; none of a line that is no JSON.
    #[must_use]
    pub fn widths(&self) -> Vec<usize> {
        let cells = self.cells.iter().flatten();
        cells.map(Cell::width).collect()
    }

    /// What is shown, its fields at least as far from each other as `widths` says. The last ends
    /// where it ends.
    #[must_use]
    pub fn shown(&self, widths: &[usize]) -> Shown<'a> {
        match &self.cells {
            Some(cells) => composed(cells, widths),
            None if self.line.kind == LineKind::Mark => mark(&self.line),
            None => plain(&self.line),
        }
    }
}

/// The start of a long line.
#[must_use]
pub fn folded<'a>(line: &Line<'a>) -> Shown<'a> {
    let (text, _) = line.folded();
    let is_there = |(start, _): &(usize, Piece)| *start < text.len();
    Shown {
        text: Cow::Borrowed(text),
        pieces: styles(line).filter(is_there).collect(),
    }
}

fn plain<'a>(line: &Line<'a>) -> Shown<'a> {
    Shown {
        text: Cow::Borrowed(line.text),
        pieces: styles(line).collect(),
    }
}

fn mark<'a>(line: &Line<'a>) -> Shown<'a> {
    Shown {
        text: Cow::Owned(format!("── {} ──", line.text)),
        pieces: Vec::new(),
    }
}

fn styles(line: &Line<'_>) -> impl Iterator<Item = (usize, Piece)> {
    let spans = line.spans();
    spans.map(|span| (span.start as usize, Piece::Styled(span.style)))
}

/// What stands before the object, what happened, then the fields: those that were chosen, or all.
fn cells<'a>(lens: &Lens, line: &Line<'a>, mut record: Record<'a>) -> Vec<Cell<'a>> {
    let mut message = record.take_message().unwrap_or(Field {
        key: Cow::Borrowed(""),
        value: Cow::Borrowed(""),
        spans: Vec::new(),
    });
    if !record.prefix.is_empty() {
        let start = u32::try_from(record.prefix.len() + 1).unwrap_or(u32::MAX);
        let shifted = message.spans.iter_mut();
        shifted.for_each(|span| span.start = span.start.saturating_add(start));
        message.value = Cow::Owned(format!("{} {}", record.prefix, message.value));
    }
    if line.level.is_some() {
        record.drop_level();
    }
    if line.at.is_some() {
        record.drop_time();
    }
    let message = Cell {
        key: None,
        field: message,
    };
    let fields: Vec<_> = if lens.fields.is_empty() {
        record.fields.into_iter().map(Cell::named).collect()
    } else {
        let chosen = lens.fields.iter();
        let chosen = chosen.map(|name| record.get(name.as_str()).cloned());
        chosen
            .map(|it| it.map_or_else(Cell::blank, Cell::named))
            .collect()
    };
    [message].into_iter().chain(fields).collect()
}

impl<'a> Cell<'a> {
    fn named(field: Field<'a>) -> Self {
        Self {
            key: Some(field.key.clone()),
            field,
        }
    }

    /// A field that was chosen and is not there.
    fn blank() -> Self {
        Self {
            key: None,
            field: Field {
                key: Cow::Borrowed(""),
                value: Cow::Borrowed(""),
                spans: Vec::new(),
            },
        }
    }

    fn is_blank(&self) -> bool {
        self.key.is_none() && self.field.value.is_empty()
    }

    fn is_quoted(&self) -> bool {
        let value = &self.field.value;
        let is_plain = |c: char| !c.is_whitespace() && c != '"' && c != '=';
        let is_list = value.starts_with(['[', '{']);
        self.key.is_some() && !is_list && (value.is_empty() || !value.chars().all(is_plain))
    }

    fn width(&self) -> usize {
        let key = self.key.as_ref().map_or(0, |key| key.width() + 1);
        key + self.field.value.width() + if self.is_quoted() { 2 } else { 0 }
    }

    fn put(&self, shown: &mut Shown<'_>) {
        let text = shown.text.to_mut();
        let Some(key) = &self.key else {
            let start = text.len();
            text.push_str(&self.field.value);
            shown.pieces.push((start, Piece::Text));
            let spans = self.field.spans.iter();
            let spans = spans.map(|it| (start + it.start as usize, Piece::Styled(it.style)));
            return shown.pieces.extend(spans);
        };
        shown.pieces.push((text.len(), Piece::Key));
        text.push_str(key);
        text.push('=');
        shown.pieces.push((text.len(), Piece::Value));
        let quote = if self.is_quoted() { "\"" } else { "" };
        for part in [quote, &self.field.value, quote] {
            text.push_str(part);
        }
    }
}

fn composed<'a>(cells: &[Cell<'a>], widths: &[usize]) -> Shown<'a> {
    let mut shown = Shown {
        text: Cow::Owned(String::new()),
        pieces: Vec::new(),
    };
    // What is missing before a cell, in columns.
    let mut behind = 0;
    for (at, cell) in cells.iter().enumerate() {
        let width = cell.width();
        if !cell.is_blank() {
            let gap = if shown.text.is_empty() && widths.is_empty() {
                0
            } else {
                behind
            };
            shown.text.to_mut().push_str(&" ".repeat(gap));
            cell.put(&mut shown);
            behind = 0;
        }
        let column = widths.get(at).copied().unwrap_or(0);
        let is_apart = !cell.is_blank() || column > 0;
        behind += column.saturating_sub(width) + if is_apart { GAP } else { 0 };
    }
    shown
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::logs::ring::Ring;
    use crate::model::{LogLine, Text};

    fn check(lens: &Lens, raw: &str, widths: &[usize], expected: &str) {
        let mut ring = Ring::default();
        let at = jiff::Timestamp::from_second(1_000).ok();
        ring.push(&LogLine::output(at, Text::default(), raw));
        let line = ring.last().unwrap();
        let shown = Content::of(lens, &line).shown(widths);
        assert_eq!(shown.text, expected, "{raw}");
        let starts = shown.pieces.iter().map(|(start, _)| *start);
        assert!(
            starts
                .clone()
                .all(|start| shown.text.is_char_boundary(start))
        );
        assert!(starts.is_sorted(), "{:?}", shown.pieces);
    }

    fn choosing(fields: &[&str]) -> Lens {
        Lens {
            fields: fields.iter().map(|it| Text::clean(it)).collect(),
            ..Lens::default()
        }
    }

    const PAID: &str = r#"{"ts":"x","level":"info","user":{"id":7,"name":"a b"},"msg":"paid"}"#;

    #[test]
    fn a_record_is_its_message_and_its_fields() {
        let all = Lens::default();
        check(&all, PAID, &[], "paid  user.id=7  user.name=\"a b\"");
        check(&all, "plain {x}", &[], "plain {x}");
        check(&all, r#"web.1 {"msg":"up","n":1}"#, &[], "web.1 up  n=1");
        check(&all, r#"{"a":1,"b":""}"#, &[], "a=1  b=\"\"");
    }

    #[test]
    fn chosen_fields_stand_in_columns_and_a_missing_one_leaves_its_place() {
        let lens = choosing(&["user.id", "no", "user.name"]);
        check(&lens, PAID, &[], "paid  user.id=7  user.name=\"a b\"");
        check(
            &lens,
            PAID,
            &[6, 10, 4, 0],
            "paid    user.id=7         user.name=\"a b\"",
        );
        check(&lens, r#"{"msg":"x"}"#, &[6, 10, 4, 0], "x");
    }

    #[test]
    fn raw_is_as_it_came() {
        let raw = Lens {
            json: JsonMode::Raw,
            ..Lens::default()
        };
        check(&raw, PAID, &[], PAID);
    }
}
