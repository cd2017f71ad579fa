//! The lines of a log, bounded in number and bytes.
//!
//! Text lies in chunks, one after another, with eight bytes of index a line (`chunk`). Lines are
//! addressed by an absolute number that survives eviction, so that a scrolled-back view stays on its
//! line until that line is gone. Older lines may come later: they get the numbers before the first.

mod chunk;
mod speakers;
#[cfg(test)]
mod tests;

use jiff::Timestamp;

use self::chunk::{Chunk, Chunks, Row, SPAN_BYTES};
use self::speakers::Speakers;
use crate::model::{FOLDED_BYTES, LONG_BYTES, Level, LineKind, LogLine, SgrSpan, SgrStyle, Text};

pub use self::speakers::Origin;

/// The number of a line: ascending, and the same while the line is there. The first line that is
/// pushed has [`FIRST`], so that there is room for older ones before it.
pub type LineNo = u64;

/// The number of the first line that is pushed.
pub const FIRST: LineNo = 1 << 40;

/// At most this many lines are kept.
const MAX_LINES: usize = 100_000;
/// At most this many bytes of text and colours are kept.
const MAX_BYTES: usize = 32 * 1024 * 1024;

/// A bounded log.
#[derive(Clone, Debug)]
pub struct Ring {
    chunks: Chunks,
    /// Lines of the first chunk that were dropped but whose text is still there.
    gone: usize,
    first: LineNo,
    len: usize,
    bytes: usize,
    dropped: u64,
    generation: u64,
    speakers: Speakers,
    limits: (usize, usize),
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
    spans: &'a [u32],
    styles: &'a [SgrStyle],
    /// Where the text begins in its chunk.
    begin: u32,
}

impl<'a> Line<'a> {
    /// Its colours, by ascending start.
    pub fn spans(&self) -> impl Iterator<Item = SgrSpan> + Clone {
        chunk::unpacked(self.spans, self.styles, self.begin)
    }

    /// Whether it is so long that it is drawn folded until somebody unfolds it.
    #[must_use]
    pub fn is_long(&self) -> bool {
        self.text.len() > LONG_BYTES
    }

    /// What of it is drawn while it is folded, and how many bytes there are in all. A line that is not
    /// long is all there.
    #[must_use]
    pub fn folded(&self) -> (&'a str, usize) {
        let size = self.text.len();
        if !self.is_long() {
            return (self.text, size);
        }
        let end = self.text.floor_char_boundary(FOLDED_BYTES);
        (self.text.get(..end).unwrap_or_default(), size)
    }
}

impl Default for Ring {
    fn default() -> Self {
        Self::with_limits(MAX_LINES, MAX_BYTES)
    }
}

impl Ring {
    /// A ring that keeps at most `lines` lines and `bytes` bytes of text and colours. The newest line
    /// is kept however long it is.
    #[must_use]
    pub fn with_limits(lines: usize, bytes: usize) -> Self {
        Self {
            chunks: Chunks::default(),
            gone: 0,
            first: FIRST,
            len: 0,
            bytes: 0,
            dropped: 0,
            generation: 0,
            speakers: Speakers::default(),
            limits: (lines.max(1), bytes),
        }
    }

    /// Appends a line; drops the oldest when full.
    pub fn push(&mut self, line: &LogLine) {
        self.tidy();
        let row = self.row_of(line);
        self.append(&row, line.spans.iter().copied());
    }

    /// Appends a line of another ring; drops the oldest when full.
    pub fn copy(&mut self, origin: Origin, line: &Line<'_>) {
        self.tidy();
        let row = Row {
            at: line.at.map(Timestamp::as_microsecond),
            speaker: self.speakers.intern(Some(origin), line.source),
            level: line.level,
            kind: line.kind,
            text: line.text,
        };
        self.append(&row, line.spans());
    }

    /// Puts older lines, oldest first, before the first one. What does not fit is not taken, beginning
    /// with the oldest: nothing is dropped for it. Gives how many were taken.
    pub fn prepend(&mut self, lines: &[LogLine]) -> usize {
        let (taken, bytes) = self.room_for(lines);
        if taken == 0 {
            return 0;
        }
        self.tidy();
        let mut older = Chunks::default();
        let mut no = self.first - taken as u64;
        let newest = lines.get(lines.len() - taken..).unwrap_or_default();
        for line in newest {
            let row = self.row_of(line);
            older.append(no, &row, line.spans.iter().copied());
            no += 1;
        }
        // Lines that are gone must not lie between; and many small pages are not many small chunks.
        if let Some(front) = self
            .chunks
            .pop_front_if(|it| self.gone > 0 || it.is_small())
        {
            for index in self.gone..front.len() {
                older.append(no, &front.row(index), front.spans(index));
                no += 1;
            }
            self.gone = 0;
        }
        self.chunks.precede_with(older);
        self.first -= taken as u64;
        self.len += taken;
        self.bytes += bytes;
        self.generation += 1;
        taken
    }

    /// How many of `lines`, counted from the newest, fit in, and what they weigh.
    fn room_for(&self, lines: &[LogLine]) -> (usize, usize) {
        let most = self.limits.0.saturating_sub(self.len);
        let most = most.min(usize::try_from(self.first).unwrap_or(usize::MAX));
        let room = self.limits.1.saturating_sub(self.bytes);
        let (mut taken, mut bytes) = (0, 0);
        for line in lines.iter().rev().take(most) {
            let with = bytes + weight(&line.text, line.spans.iter().copied());
            if with > room {
                break;
            }
            (taken, bytes) = (taken + 1, with);
        }
        (taken, bytes)
    }

    fn row_of<'a>(&mut self, line: &'a LogLine) -> Row<'a> {
        Row {
            at: line.at.map(Timestamp::as_microsecond),
            speaker: self.speakers.intern(None, &line.source),
            level: line.level,
            kind: line.kind,
            text: chunk::storable(&line.text),
        }
    }

    fn append(&mut self, row: &Row<'_>, spans: impl Iterator<Item = SgrSpan> + Clone) {
        self.bytes += weight(row.text, spans.clone());
        self.chunks.append(self.end(), row, spans);
        self.len += 1;
        while self.len > self.limits.0 || (self.bytes > self.limits.1 && self.len > 1) {
            self.drop_first();
        }
    }

    /// Names of lines that are gone go some time.
    fn tidy(&mut self) {
        if self.speakers.is_crowded() {
            self.speakers.forget_unused(&mut self.chunks);
        }
    }

    /// How many lines are there.
    #[must_use]
    pub fn len(&self) -> usize {
        self.len
    }

    /// How many bytes of text and colours are kept.
    #[must_use]
    pub fn bytes(&self) -> usize {
        self.bytes
    }

    /// How much memory it takes: everything that is reserved, used or not.
    #[must_use]
    pub fn footprint(&self) -> usize {
        size_of::<Self>() + self.chunks.footprint() + self.speakers.footprint()
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// How many lines were dropped to stay within the limits, or forgotten.
    #[must_use]
    pub fn dropped(&self) -> u64 {
        self.dropped
    }

    /// Another number whenever it changed otherwise than by lines that were pushed at its end and
    /// dropped at its start: older ones were put before the first, or all were forgotten. What is
    /// derived from it by ascending numbers then looks anew.
    #[must_use]
    pub fn generation(&self) -> u64 {
        self.generation
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
        let (chunk, index) = self.chunks.find(no)?;
        self.line(no, chunk, index)
    }

    fn line<'a>(&'a self, no: LineNo, chunk: &'a Chunk, index: usize) -> Option<Line<'a>> {
        let row = chunk.row(index);
        let (origin, source) = self.speakers.get(row.speaker)?;
        let (spans, styles, begin) = chunk.packed_spans(index);
        Some(Line {
            no,
            at: row.at.and_then(|at| Timestamp::from_microsecond(at).ok()),
            origin,
            source,
            level: row.level,
            kind: row.kind,
            text: row.text,
            spans,
            styles,
            begin,
        })
    }

    /// The newest line.
    #[must_use]
    pub fn last(&self) -> Option<Line<'_>> {
        self.get(self.end().checked_sub(1)?)
    }

    /// Forgets every line, which counts as dropping it; numbers go on.
    pub fn clear(&mut self) {
        self.dropped += self.len as u64;
        self.generation += 1;
        self.first = self.end();
        self.chunks = Chunks::default();
        self.speakers = Speakers::default();
        (self.gone, self.len, self.bytes) = (0, 0, 0);
    }

    fn drop_first(&mut self) {
        let Some(front) = self.chunks.front() else {
            return;
        };
        self.bytes -= weight(front.row(self.gone).text, front.spans(self.gone));
        let is_over = self.gone + 1 == front.len();
        self.gone += 1;
        self.first += 1;
        self.len -= 1;
        self.dropped += 1;
        if is_over {
            self.chunks.pop_front_if(|_| true);
            self.gone = 0;
        }
    }
}

/// What a line counts for beside its index.
fn weight(text: &str, spans: impl Iterator<Item = SgrSpan>) -> usize {
    let text = chunk::storable(text);
    text.len() + chunk::drawn(spans, text.len()).count() * SPAN_BYTES
}
