//! Chunks of lines: text in one piece, eight bytes of index a line, four a colour.

use std::collections::VecDeque;
use std::collections::vec_deque::Iter;

use super::LineNo;
use crate::model::{Level, LineKind, SgrSpan, SgrStyle};

/// A chunk is closed when it holds this much; small enough that the tail of a quiet log is cheap.
const CHUNK_BYTES: usize = 64 * 1024;
const CHUNK_LINES: usize = 1024;
/// Of so many styles and speakers a chunk can tell its lines.
const STYLES: usize = 256;
const SPEAKERS: usize = 64;
/// What is put before a chunk that is smaller than this joins it.
const SMALL_LINES: usize = CHUNK_LINES / 4;

/// What a colour counts for.
pub(super) const SPAN_BYTES: usize = size_of::<u32>();

/// A line to be stored, or one that is.
pub(super) struct Row<'a> {
    /// In microseconds.
    pub(super) at: Option<i64>,
    pub(super) speaker: u16,
    pub(super) level: Option<Level>,
    pub(super) kind: LineKind,
    pub(super) text: &'a str,
}

/// From low to high: where the line ends in the text (21 bits), its level (3), whether it is a mark (1),
/// its speaker among those of the chunk (6), its time (33).
#[derive(Clone, Copy, Debug)]
pub(super) struct Entry(u64);

const END_BITS: u32 = 21;
const LEVEL_AT: u32 = END_BITS;
const MARK_AT: u32 = LEVEL_AT + 3;
const SPEAKER_AT: u32 = MARK_AT + 1;
const TIME_AT: u32 = SPEAKER_AT + 6;

/// No line is longer, as far as the index goes.
const LONGEST: usize = (1 << END_BITS) - 1;

/// What stands for "no time" and for "the time is in the list of far ones"; the others are the distance
/// from the chunk's first time, which becomes [`MIDDLE`].
const NO_TIME: u64 = 0;
const FAR: u64 = 1;
const MIDDLE: i64 = 1 << 32;

impl Entry {
    fn bits(self, at: u32, count: u32) -> u64 {
        (self.0 >> at) & ((1 << count) - 1)
    }

    fn end(self) -> usize {
        usize::try_from(self.bits(0, END_BITS)).unwrap_or(LONGEST)
    }

    fn time(self) -> u64 {
        self.0 >> TIME_AT
    }
}

/// Some lines, one after another.
#[derive(Clone, Debug, Default)]
pub(super) struct Chunk {
    first: LineNo,
    text: String,
    lines: Vec<Entry>,
    /// Where a style begins (24 bits), and which one (8 bits).
    spans: Vec<u32>,
    styles: Vec<SgrStyle>,
    pub(super) speakers: Vec<u16>,
    /// The first time; others are kept as their distance from it.
    base: Option<i64>,
    /// Times that are too far from it, with their rows.
    far: Vec<(u16, i64)>,
}

impl Chunk {
    /// How many lines it holds, those that are gone among them.
    pub(super) fn len(&self) -> usize {
        self.lines.len()
    }

    /// Whether what comes before it is better put into it.
    pub(super) fn is_small(&self) -> bool {
        self.lines.len() < SMALL_LINES && self.text.len() < CHUNK_BYTES / 2
    }

    /// Whether another line has room.
    fn has_room(&self, row: &Row<'_>, spans: usize) -> bool {
        let fits = self.lines.len() < CHUNK_LINES
            && self.text.len() + row.text.len() <= CHUNK_BYTES
            && self.styles.len() + spans <= STYLES
            && (self.speakers.len() < SPEAKERS || self.speakers.contains(&row.speaker));
        fits || self.lines.is_empty()
    }

    fn push(&mut self, row: &Row<'_>, spans: impl Iterator<Item = SgrSpan>) {
        let begin = self.text.len();
        self.text.push_str(row.text);
        for span in drawn(spans, row.text.len()) {
            let style = self.style(span.style);
            let at = u32::try_from(begin + span.start as usize).unwrap_or(0);
            self.spans.push(at << 8 | style);
        }
        let entry = self.text.len() as u64
            | row.level.map_or(0, |level| level as u64 + 1) << LEVEL_AT
            | u64::from(row.kind == LineKind::Mark) << MARK_AT
            | self.speaker(row.speaker) << SPEAKER_AT
            | self.time(row.at) << TIME_AT;
        self.lines.push(Entry(entry));
    }

    /// The place of a style. Past the 256th the last one stands for the others: a line with more
    /// colours than that tells nothing by them.
    fn style(&mut self, style: SgrStyle) -> u32 {
        let known = self.styles.iter().rposition(|known| *known == style);
        let place = known.unwrap_or_else(|| {
            if self.styles.len() < STYLES {
                self.styles.push(style);
            }
            self.styles.len() - 1
        });
        u32::try_from(place).unwrap_or(0)
    }

    fn speaker(&mut self, speaker: u16) -> u64 {
        let known = self.speakers.iter().rposition(|known| *known == speaker);
        let place = known.unwrap_or_else(|| {
            self.speakers.push(speaker);
            self.speakers.len() - 1
        });
        place as u64
    }

    fn time(&mut self, at: Option<i64>) -> u64 {
        let Some(at) = at else { return NO_TIME };
        let base = *self.base.get_or_insert(at);
        let near = at.checked_sub(base).map(|distance| distance + MIDDLE);
        let near = near.filter(|near| (2..2 * MIDDLE).contains(near));
        if let Some(near) = near.and_then(|near| u64::try_from(near).ok()) {
            return near;
        }
        let row = u16::try_from(self.lines.len()).unwrap_or(u16::MAX);
        self.far.push((row, at));
        FAR
    }

    /// The line in a row.
    pub(super) fn row(&self, index: usize) -> Row<'_> {
        let entry = self.lines.get(index).copied().unwrap_or(Entry(0));
        let speaker = usize::try_from(entry.bits(SPEAKER_AT, 6)).unwrap_or(0);
        Row {
            at: self.at(index, entry),
            speaker: self.speakers.get(speaker).copied().unwrap_or(0),
            level: level_from(entry.bits(LEVEL_AT, 3)),
            kind: match entry.bits(MARK_AT, 1) {
                0 => LineKind::Output,
                _ => LineKind::Mark,
            },
            text: self.text.get(self.begin(index)..entry.end()).unwrap_or(""),
        }
    }

    fn at(&self, index: usize, entry: Entry) -> Option<i64> {
        match entry.time() {
            NO_TIME => None,
            FAR => {
                let place = self
                    .far
                    .partition_point(|(row, _)| usize::from(*row) < index);
                self.far.get(place).map(|(_, at)| *at)
            }
            near => Some(self.base? + i64::try_from(near).ok()? - MIDDLE),
        }
    }

    /// The colours of the line in a row.
    pub(super) fn spans(&self, index: usize) -> impl Iterator<Item = SgrSpan> + Clone {
        let (spans, styles, begin) = self.packed_spans(index);
        unpacked(spans, styles, begin)
    }

    /// The same as they are stored, and where the line begins.
    pub(super) fn packed_spans(&self, index: usize) -> (&[u32], &[SgrStyle], u32) {
        let (begin, end) = (self.begin(index), self.begin(index + 1));
        let place = |at: usize| {
            self.spans
                .partition_point(|span| ((span >> 8) as usize) < at)
        };
        let spans = if self.spans.is_empty() {
            &[]
        } else {
            self.spans.get(place(begin)..place(end)).unwrap_or_default()
        };
        (spans, &self.styles, u32::try_from(begin).unwrap_or(0))
    }

    fn begin(&self, index: usize) -> usize {
        let before = index.checked_sub(1).and_then(|at| self.lines.get(at));
        before.map_or(0, |entry| entry.end())
    }

    /// Gives back the room that growing left: most of a long log lies in closed chunks.
    fn close(&mut self) {
        self.text.shrink_to_fit();
        self.lines.shrink_to_fit();
        self.spans.shrink_to_fit();
        self.styles.shrink_to_fit();
        self.speakers.shrink_to_fit();
        self.far.shrink_to_fit();
    }

    fn footprint(&self) -> usize {
        self.text.capacity()
            + self.lines.capacity() * size_of::<Entry>()
            + self.spans.capacity() * SPAN_BYTES
            + self.styles.capacity() * size_of::<SgrStyle>()
            + self.speakers.capacity() * size_of::<u16>()
            + self.far.capacity() * size_of::<(u16, i64)>()
    }
}

/// Chunks, the oldest first. The last one is open.
#[derive(Clone, Debug, Default)]
pub(super) struct Chunks(VecDeque<Chunk>);

impl Chunks {
    pub(super) fn append(
        &mut self,
        no: LineNo,
        row: &Row<'_>,
        spans: impl Iterator<Item = SgrSpan> + Clone,
    ) {
        let count = spans.clone().count();
        if let Some(open) = self.0.back_mut().filter(|open| open.has_room(row, count)) {
            return open.push(row, spans);
        }
        let mut next = Chunk {
            first: no,
            ..Chunk::default()
        };
        if let Some(full) = self.0.back_mut() {
            full.close();
            // This log is a long one: its chunks do not grow from nothing.
            next.text.reserve_exact(CHUNK_BYTES);
            next.lines.reserve_exact(CHUNK_LINES);
        }
        next.push(row, spans);
        self.0.push_back(next);
    }

    /// Puts older ones before the first.
    pub(super) fn precede_with(&mut self, mut older: Self) {
        if !self.0.is_empty()
            && let Some(last) = older.0.back_mut()
        {
            last.close();
        }
        older.0.append(&mut self.0);
        *self = older;
    }

    pub(super) fn front(&self) -> Option<&Chunk> {
        self.0.front()
    }

    pub(super) fn pop_front_if(&mut self, is_meant: impl Fn(&Chunk) -> bool) -> Option<Chunk> {
        self.0.pop_front_if(|front| is_meant(front))
    }

    /// The chunk of a line, and its row there.
    pub(super) fn find(&self, no: LineNo) -> Option<(&Chunk, usize)> {
        let after = self.0.partition_point(|chunk| chunk.first <= no);
        let chunk = self.0.get(after.checked_sub(1)?)?;
        let index = usize::try_from(no - chunk.first).ok()?;
        (index < chunk.len()).then_some((chunk, index))
    }

    pub(super) fn iter(&self) -> Iter<'_, Chunk> {
        self.0.iter()
    }

    pub(super) fn iter_mut(&mut self) -> impl Iterator<Item = &mut Chunk> {
        self.0.iter_mut()
    }

    pub(super) fn footprint(&self) -> usize {
        let chunks = self.0.iter().map(Chunk::footprint);
        self.0.capacity() * size_of::<Chunk>() + chunks.sum::<usize>()
    }
}

/// What can be stored of a text: all of what was cleaned.
pub(super) fn storable(text: &str) -> &str {
    let end = text.floor_char_boundary(LONGEST);
    text.get(..end).unwrap_or_default()
}

/// The spans that change how a text of this length looks.
pub(super) fn drawn(
    spans: impl Iterator<Item = SgrSpan>,
    length: usize,
) -> impl Iterator<Item = SgrSpan> {
    spans.filter(move |span| (span.start as usize) < length)
}

/// Spans of a line that begins at `begin`.
pub(super) fn unpacked(
    spans: &[u32],
    styles: &[SgrStyle],
    begin: u32,
) -> impl Iterator<Item = SgrSpan> + Clone {
    spans.iter().map(move |span| SgrSpan {
        start: (span >> 8) - begin,
        style: styles
            .get((span & 0xff) as usize)
            .copied()
            .unwrap_or_default(),
    })
}

fn level_from(stored: u64) -> Option<Level> {
    match stored {
        1 => Some(Level::Debug),
        2 => Some(Level::Info),
        3 => Some(Level::Warn),
        4 => Some(Level::Error),
        _ => None,
    }
}
