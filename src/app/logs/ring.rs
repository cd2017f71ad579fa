//! The lines of a log, bounded in number and bytes.
//!
//! Text lies in chunks, one after another, with sixteen bytes of index a line. Lines are addressed
//! by an absolute number that survives eviction, so that a scrolled-back view stays on its line
//! until that line is gone.

use std::collections::{HashMap, VecDeque};

use jiff::Timestamp;

use crate::model::{Level, LineKind, LogLine, SgrSpan, Text};

/// The number of a line since the log was opened, from 0.
pub type LineNo = u64;

/// At most this many lines are kept.
const MAX_LINES: usize = 100_000;
/// At most this many bytes of text are kept.
const MAX_BYTES: usize = 32 * 1024 * 1024;
/// A chunk is closed when it holds this much; small enough that the tail of a quiet log is cheap.
const CHUNK_BYTES: usize = 64 * 1024;
const CHUNK_LINES: usize = 1024;
/// Stands for "no time" in the index.
const NO_TIME: i64 = i64::MIN;

/// A bounded log.
#[derive(Clone, Debug)]
pub struct Ring {
    chunks: VecDeque<Chunk>,
    /// Lines of the first chunk that were dropped but whose text is still there.
    gone: usize,
    first: LineNo,
    len: usize,
    bytes: usize,
    speakers: Vec<Speaker>,
    speaker_index: HashMap<Speaker, u16>,
    limits: (usize, usize),
}

/// Which of several logs a line came from, in a ring into which they were merged: a place in its list
/// of sources.
pub type Origin = u8;

/// Who wrote a line: a process of one of several logs, or of the only one.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
struct Speaker {
    origin: Option<Origin>,
    name: Text,
}

#[derive(Clone, Debug, Default)]
struct Chunk {
    first: LineNo,
    text: String,
    lines: Vec<Entry>,
    spans: Vec<(u32, SgrSpan)>,
}

/// Sixteen bytes a line.
#[derive(Clone, Copy, Debug)]
struct Entry {
    at_micros: i64,
    end: u32,
    speaker: u16,
    level: u8,
    kind: LineKind,
}

/// A line to draw.
#[derive(Clone, Copy, Debug)]
pub struct Line<'a> {
    /// Its number.
    pub no: LineNo,
    /// When it was written, to the microsecond.
    pub at: Option<Timestamp>,
    /// Which log it came from; absent where there is one only.
    pub origin: Option<Origin>,
    /// Who wrote it; empty where unknown.
    pub source: &'a Text,
    /// Its level.
    pub level: Option<Level>,
    /// Output or a mark.
    pub kind: LineKind,
    /// The text.
    pub text: &'a str,
    spans: &'a [(u32, SgrSpan)],
}

impl Line<'_> {
    /// Its colours, by ascending start.
    pub fn spans(&self) -> impl Iterator<Item = SgrSpan> {
        self.spans.iter().map(|(_, span)| *span)
    }
}

impl Default for Ring {
    fn default() -> Self {
        Self::with_limits(MAX_LINES, MAX_BYTES)
    }
}

impl Ring {
    /// A ring that keeps at most `lines` lines and `bytes` bytes of text.
    #[must_use]
    pub fn with_limits(lines: usize, bytes: usize) -> Self {
        Self {
            chunks: VecDeque::new(),
            gone: 0,
            first: 0,
            len: 0,
            bytes: 0,
            speakers: vec![Speaker::default()],
            speaker_index: HashMap::from([(Speaker::default(), 0)]),
            limits: (lines.max(1), bytes),
        }
    }

    /// Appends a line; drops the oldest when full.
    pub fn push(&mut self, line: &LogLine) {
        let speaker = self.intern(None, &line.source);
        let row = Row {
            at_micros: line.at.map_or(NO_TIME, Timestamp::as_microsecond),
            speaker,
            level: line.level,
            kind: line.kind,
            text: &line.text,
        };
        self.append(row, line.spans.iter().copied());
    }

    /// Appends a line of another ring; drops the oldest when full.
    pub fn copy(&mut self, origin: Origin, line: &Line<'_>) {
        let speaker = self.intern(Some(origin), line.source);
        let row = Row {
            at_micros: line.at.map_or(NO_TIME, Timestamp::as_microsecond),
            speaker,
            level: line.level,
            kind: line.kind,
            text: line.text,
        };
        self.append(row, line.spans());
    }

    /// Puts older lines before all others, as many of the newest of them as there is room for. Says
    /// how many. The numbers of the lines that were there grow by as much.
    pub fn prepend(&mut self, lines: &[LogLine]) -> usize {
        let room = self.limits.0.saturating_sub(self.len);
        let mut bytes = self.limits.1.saturating_sub(self.bytes);
        let fits = |line: &&LogLine| {
            let left = bytes.checked_sub(line.text.len());
            left.map(|left| bytes = left).is_some()
        };
        let count = lines.iter().rev().take(room).take_while(fits).count();
        let mut grown = Self::with_limits(self.limits.0, self.limits.1);
        grown.first = self.first;
        let older = lines.get(lines.len() - count..).unwrap_or_default();
        older.iter().for_each(|line| grown.push(line));
        for line in self.window(self.start(), usize::MAX) {
            let row = Row {
                at_micros: line.at.map_or(NO_TIME, Timestamp::as_microsecond),
                speaker: grown.intern(line.origin, line.source),
                level: line.level,
                kind: line.kind,
                text: line.text,
            };
            grown.append(row, line.spans());
        }
        *self = grown;
        count
    }

    fn append(&mut self, line: Row<'_>, spans: impl Iterator<Item = SgrSpan>) {
        let next = self.end();
        let needs_chunk = self.chunks.back().is_none_or(|chunk| {
            chunk.lines.len() >= CHUNK_LINES || chunk.text.len() + line.text.len() > CHUNK_BYTES
        });
        if needs_chunk {
            if let Some(full) = self.chunks.back_mut() {
                full.close();
            }
            self.chunks.push_back(Chunk {
                first: next,
                ..Chunk::default()
            });
        }
        if let Some(chunk) = self.chunks.back_mut() {
            chunk.push(&line, spans);
            self.len += 1;
            self.bytes += line.text.len();
        }
        while self.len > self.limits.0 || (self.bytes > self.limits.1 && self.len > 1) {
            self.drop_first();
        }
    }

    /// How many lines are there.
    #[must_use]
    pub fn len(&self) -> usize {
        self.len
    }

    /// How many bytes of text are kept.
    #[must_use]
    pub fn bytes(&self) -> usize {
        self.bytes
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// How many lines were dropped to stay within the limits.
    #[must_use]
    pub fn dropped(&self) -> u64 {
        self.first
    }

    /// The number of the oldest line that is still there.
    #[must_use]
    pub fn start(&self) -> LineNo {
        self.first
    }

    /// The number the next line will get.
    #[must_use]
    pub fn end(&self) -> LineNo {
        self.first + self.len as u64
    }

    /// The lines from `from` on (or from the oldest, if that is gone), at most `rows`.
    pub fn window(&self, from: LineNo, rows: usize) -> impl Iterator<Item = Line<'_>> {
        let from = from.max(self.first);
        let last = self.end().min(from.saturating_add(rows as u64));
        (from..last).filter_map(|no| self.get(no))
    }

    /// One line.
    #[must_use]
    pub fn get(&self, no: LineNo) -> Option<Line<'_>> {
        if no < self.first || no >= self.end() {
            return None;
        }
        let index = self
            .chunks
            .partition_point(|chunk| chunk.first <= no)
            .checked_sub(1)?;
        let chunk = self.chunks.get(index)?;
        let row = usize::try_from(no - chunk.first).ok()?;
        let entry = chunk.lines.get(row)?;
        let speaker = self.speakers.get(usize::from(entry.speaker))?;
        Some(Line {
            no,
            at: (entry.at_micros != NO_TIME)
                .then(|| Timestamp::from_microsecond(entry.at_micros).ok())
                .flatten(),
            origin: speaker.origin,
            source: &speaker.name,
            level: level_from(entry.level),
            kind: entry.kind,
            text: chunk.text.get(chunk.start_of(row)..entry.end as usize)?,
            spans: chunk.spans_of(row),
        })
    }

    /// The newest line.
    #[must_use]
    pub fn last(&self) -> Option<Line<'_>> {
        self.get(self.end().checked_sub(1)?)
    }

    /// Forgets every line; numbers go on.
    pub fn clear(&mut self) {
        self.first = self.end();
        self.chunks.clear();
        (self.gone, self.len, self.bytes) = (0, 0, 0);
    }

    fn drop_first(&mut self) {
        let Some(chunk) = self.chunks.front() else {
            return;
        };
        self.bytes -= chunk.length_of(self.gone);
        self.gone += 1;
        self.first += 1;
        self.len -= 1;
        if self.gone == chunk.lines.len() {
            self.chunks.pop_front();
            self.gone = 0;
        }
    }

    /// Names repeat, so a line keeps a number. Past 65,535 names the rest goes nameless.
    fn intern(&mut self, origin: Option<Origin>, source: &Text) -> u16 {
        let speaker = Speaker {
            origin,
            name: source.clone(),
        };
        if let Some(&index) = self.speaker_index.get(&speaker) {
            return index;
        }
        let Ok(index) = u16::try_from(self.speakers.len()) else {
            return 0;
        };
        self.speakers.push(speaker.clone());
        self.speaker_index.insert(speaker, index);
        index
    }
}

/// A line to be stored.
struct Row<'a> {
    at_micros: i64,
    speaker: u16,
    level: Option<Level>,
    kind: LineKind,
    text: &'a str,
}

impl Chunk {
    fn push(&mut self, line: &Row<'_>, spans: impl Iterator<Item = SgrSpan>) {
        let row = u32::try_from(self.lines.len()).unwrap_or(u32::MAX);
        self.spans.extend(spans.map(|span| (row, span)));
        self.text.push_str(line.text);
        self.lines.push(Entry {
            at_micros: line.at_micros,
            end: u32::try_from(self.text.len()).unwrap_or(u32::MAX),
            speaker: line.speaker,
            level: line.level.map_or(0, |level| level as u8 + 1),
            kind: line.kind,
        });
    }

    /// Gives back the room that growing left: most of a long log lies in closed chunks.
    fn close(&mut self) {
        self.text.shrink_to_fit();
        self.lines.shrink_to_fit();
        self.spans.shrink_to_fit();
    }

    fn start_of(&self, row: usize) -> usize {
        row.checked_sub(1)
            .and_then(|before| self.lines.get(before))
            .map_or(0, |e| e.end as usize)
    }

    fn length_of(&self, row: usize) -> usize {
        self.lines
            .get(row)
            .map_or(0, |entry| entry.end as usize - self.start_of(row))
    }

    fn spans_of(&self, row: usize) -> &[(u32, SgrSpan)] {
        let from = self
            .spans
            .partition_point(|(line, _)| (*line as usize) < row);
        let to = self
            .spans
            .partition_point(|(line, _)| (*line as usize) <= row);
        self.spans.get(from..to).unwrap_or_default()
    }
}

fn level_from(stored: u8) -> Option<Level> {
    [
        None,
        Some(Level::Debug),
        Some(Level::Info),
        Some(Level::Warn),
        Some(Level::Error),
    ]
    .get(usize::from(stored))
    .copied()
    .flatten()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn line(text: &str) -> LogLine {
        LogLine {
            text: text.into(),
            source: Text::clean("web"),
            ..LogLine::default()
        }
    }

    #[test]
    fn sixteen_bytes_a_line() {
        assert_eq!(size_of::<Entry>(), 16);
    }

    #[test]
    fn a_line_keeps_its_number_while_older_ones_go() {
        let mut ring = Ring::with_limits(3, usize::MAX);
        for n in 0..5 {
            ring.push(&line(&format!("line {n}")));
        }
        assert_eq!(
            (ring.start(), ring.end(), ring.dropped(), ring.len()),
            (2, 5, 2, 3)
        );
        assert_eq!(ring.get(1).map(|line| line.text), None);
        assert_eq!(ring.get(3).map(|line| line.text), Some("line 3"));
        let shown: Vec<_> = ring.window(0, 2).map(|line| line.text).collect();
        assert_eq!(shown, ["line 2", "line 3"]);
    }

    #[test]
    fn colours_and_levels_come_back() {
        let mut ring = Ring::default();
        ring.push(&line("plain"));
        ring.push(&LogLine::output(
            None,
            Text::clean("web"),
            "\u{1b}[31mERROR\u{1b}[0m no",
        ));
        let read = ring.get(1).unwrap();
        assert_eq!((read.level, read.spans().count()), (Some(Level::Error), 2));
        assert_eq!(ring.get(0).unwrap().spans().count(), 0);
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(48))]
        #[test]
        fn a_ring_is_the_tail_of_what_was_pushed(
            texts in proptest::collection::vec("[a-zé]{0,40}", 0..2200),
            lines in 1usize..2500,
            bytes in 1usize..40_000,
        ) {
            let mut ring = Ring::with_limits(lines, bytes);
            for text in &texts {
                ring.push(&line(text));
            }
            let kept: Vec<_> = ring.window(0, usize::MAX).map(|line| line.text.to_owned()).collect();
            prop_assert_eq!(kept.len(), ring.len());
            prop_assert_eq!(ring.len() as u64 + ring.dropped(), texts.len() as u64);
            prop_assert!(texts.ends_with(&kept));
            prop_assert!(kept.len() <= lines);
            prop_assert!(kept.len() <= 1 || kept.iter().map(String::len).sum::<usize>() <= bytes);
        }
    }
}
