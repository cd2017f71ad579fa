//! A line of the log in its rows: gutter, time, level, names, text.

use std::ops::Range;

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;
use ratatui::text::{Line, Span};

use super::paint::Paint;
use crate::app::action::Action;
use crate::app::logs::breaks::row_end;
use crate::app::logs::ring::Line as LogRow;
use crate::app::logs::shown::{Piece, Shown};
use crate::app::panes::logs::{GUTTER, LogsPane, Sight, current, origin_of};
use crate::app::screen::Pane;
use crate::model::{Level, LineKind};
use crate::ui::View;
use crate::ui::text::{fit, skip_columns, width};

/// A search is marked this far around what is in sight of a line that is longer than others.
const AROUND: usize = 4 * 1024;
/// Up to here a line is searched whole.
const WHOLE: usize = 32 * 1024;

/// A line, and how many of its rows are scrolled past.
pub(super) struct Row<'a> {
    pub(super) line: LogRow<'a>,
    pub(super) from: usize,
}

/// What is the same for all lines.
pub(super) struct Painter<'a, 's> {
    view: View<'a>,
    sight: &'s Sight<'a>,
    pane: &'a LogsPane,
    widths: Vec<usize>,
    current: Option<u64>,
}

impl<'a, 's> Painter<'a, 's> {
    pub(super) fn new(view: View<'a>, sight: &'s Sight<'a>, widths: Vec<usize>) -> Self {
        Self {
            view,
            sight,
            pane: &view.state.panes.logs,
            widths,
            current: current(view.state),
        }
    }

    /// Draws the rows of a line that are in sight.
    pub(super) fn draw(&self, row: &Row<'a>, area: Rect, buffer: &mut Buffer) {
        let line = &row.line;
        if self.pane.selection.is_some_and(|it| it.holds(line.no)) {
            let focused = self.view.state.screen.focus == Pane::Logs;
            self.view.theme.select(focused, area, buffer);
        }
        self.gutter(row, area, buffer);
        let gutter = u16::try_from(GUTTER).unwrap_or(0).min(area.width);
        let (x, room) = (area.x + gutter, area.width - gutter);
        let before = u16::try_from(self.sight.columns.before(line)).unwrap_or(u16::MAX);
        let before = before.min(room);
        if row.from == 0 {
            buffer.set_line(x, area.y, &Line::from(self.before(line)), before);
        }
        let text = Rect {
            x: x + before,
            width: room - before,
            ..area
        };
        if self.sight.is_folded(line) {
            self.folded(line, text, buffer);
        } else if self.sight.is_wrapped(line) {
            self.wrapped(row, text, buffer);
        } else {
            self.cut(
                line,
                &self.sight.content(line).shown(&self.widths),
                text,
                buffer,
            );
        }
    }

    fn gutter(&self, row: &Row<'_>, area: Rect, buffer: &mut Buffer) {
        let no = row.line.no;
        let theme = self.view.theme;
        if self.current == Some(no) {
            if row.from == 0 {
                buffer.set_stringn(area.x, area.y, self.view.glyphs.selected, 1, theme.accent());
            }
            return;
        }
        let Some(sign) = self.group(no) else { return };
        for y in area.y..area.bottom() {
            buffer.set_stringn(area.x, y, sign, 1, theme.dim());
        }
    }

    /// The sign beside a line of a group: what a filter shows, with the lines around it.
    fn group(&self, no: u64) -> Option<&'static str> {
        self.pane
            .sieve
            .filter()
            .filter(|_| self.pane.lens.context > 0)?;
        let above = no
            .checked_sub(1)
            .is_some_and(|no| self.sight.after(no) == Some(no));
        let below = self.sight.after(no + 1) == Some(no + 1);
        let [first, between, last] = self.view.glyphs.group;
        match (above, below) {
            (false, true) => Some(first),
            (true, true) => Some(between),
            (true, false) => Some(last),
            (false, false) => None,
        }
    }

    /// `14:02:05 I web.1 `, or `14:02:05 do-prod shop-api web.1 I ` where several are shown as one.
    fn before(&self, line: &LogRow<'a>) -> Vec<Span<'a>> {
        if line.kind == LineKind::Mark {
            return Vec::new();
        }
        let columns = &self.sight.columns;
        let theme = self.view.theme;
        let time = columns.time(line);
        let mut spans: Vec<_> = time
            .map(|it| Span::styled(it + " ", theme.dim()))
            .into_iter()
            .collect();
        let level = columns.has_level().then(|| self.level(line));
        let origin = origin_of(&columns.origins, line);
        let is_merged = !columns.origins.is_empty();
        if !is_merged {
            spans.extend(level.clone());
        }
        let (context, app) = origin.map_or(("", ""), |it| (&it.context, &it.app));
        let source = line.source.as_str();
        let own = self.own(line);
        for (name, columns, style) in [
            (context, columns.context, theme.dim()),
            (app, columns.app, theme.source(app)),
            (source, columns.source, theme.source(source)),
        ] {
            if columns > 0 {
                let style = if self.is_context(line) { own } else { style };
                spans.extend(self.padded(name, columns, style));
            }
        }
        spans.extend(level.filter(|_| is_merged));
        spans
    }

    fn padded(&self, name: &str, columns: usize, style: Style) -> [Span<'a>; 2] {
        let name = fit(name, columns, self.view.glyphs.ellipsis);
        let pad = (columns + 1).saturating_sub(width(&name));
        [Span::styled(name, style), Span::raw(" ".repeat(pad))]
    }

    fn level(&self, line: &LogRow<'_>) -> Span<'a> {
        let theme = self.view.theme;
        let style = |level| {
            if self.is_context(line) {
                theme.dim()
            } else {
                theme.level(level)
            }
        };
        match line.level {
            Some(level) => Span::styled(letter(level), style(level)),
            None => Span::raw("  "),
        }
    }

    fn is_context(&self, line: &LogRow<'_>) -> bool {
        self.pane.sieve.is_context(line.no)
    }

    /// What the text has that has no colours of its own.
    fn own(&self, line: &LogRow<'_>) -> Style {
        if line.kind == LineKind::Mark || self.is_context(line) {
            return self.view.theme.dim();
        }
        match line.level {
            Some(level @ (Level::Error | Level::Warn)) => self.view.theme.level(level),
            Some(Level::Info | Level::Debug) | None => Style::new(),
        }
    }

    /// The colours of what is shown, and where in `seen` the search occurs.
    fn paint(&self, line: &LogRow<'_>, shown: &Shown<'_>, seen: &Range<usize>) -> Paint {
        let own = self.own(line);
        let pieces = shown.pieces.iter().filter(|_| !self.is_context(line));
        let styles = pieces.map(|(start, piece)| (*start, self.style(*piece, own)));
        Paint {
            own,
            styles: styles.collect(),
            hits: self.hits(line, &shown.text, seen),
            hit: self
                .view
                .theme
                .hit(self.pane.finder.current == Some(line.no)),
        }
    }

    fn style(&self, piece: Piece, own: Style) -> Style {
        match piece {
            Piece::Text => own,
            Piece::Styled(style) => self.view.theme.sgr(style),
            Piece::Key => self.view.theme.dim(),
            Piece::Value => self.view.theme.plain(),
        }
    }

    fn hits(&self, line: &LogRow<'_>, text: &str, seen: &Range<usize>) -> Vec<Range<usize>> {
        let Some(pattern) = self
            .pane
            .finder
            .pattern()
            .filter(|_| line.kind == LineKind::Output)
        else {
            return Vec::new();
        };
        let around = if text.len() <= WHOLE {
            0..text.len()
        } else {
            let from = text.floor_char_boundary(seen.start.saturating_sub(AROUND));
            from..text.ceil_char_boundary(seen.end.saturating_add(AROUND).min(text.len()))
        };
        let part = text.get(around.clone()).unwrap_or_default();
        let places = pattern.places(part);
        places
            .map(|it| it.start + around.start..it.end + around.start)
            .collect()
    }

    /// The rows of a line that goes on below.
    fn wrapped(&self, row: &Row<'a>, area: Rect, buffer: &mut Buffer) {
        let shown = self.sight.shown(&row.line);
        let starts = self.sight.row_starts(&row.line, &shown.text);
        let start = |row: usize| starts.get(row).map_or(shown.text.len(), |at| *at as usize);
        let seen = start(row.from)..start(row.from + usize::from(area.height));
        let paint = self.paint(&row.line, &shown, &seen);
        for (at, y) in (row.from..).zip(area.y..area.bottom()) {
            let spans = paint.spans(&shown.text, start(at)..start(at + 1));
            buffer.set_line(area.x, y, &Line::from(spans), area.width);
        }
    }

    /// A line in one row, from the scrolled-to column on, with signs where there is more of it.
    fn cut(&self, line: &LogRow<'_>, shown: &Shown<'_>, area: Rect, buffer: &mut Buffer) {
        let (text, room) = (&*shown.text, usize::from(area.width));
        // A mark is read whole or not at all; it does not go sideways.
        let left = if line.kind == LineKind::Mark {
            0
        } else {
            self.pane.left
        };
        let (start, rest) = skip_columns(text, left);
        let end = start + row_end(rest, room);
        let paint = self.paint(line, shown, &(start..end));
        let spans = paint.spans(text, start..end);
        buffer.set_line(area.x, area.y, &Line::from(spans), area.width);
        self.edges(area, start > 0, end < text.len(), buffer);
    }

    fn edges(&self, area: Rect, is_begun: bool, goes_on: bool, buffer: &mut Buffer) {
        let (glyphs, style) = (self.view.glyphs, self.view.theme.accent());
        if is_begun && area.width > 1 {
            put(area.x, area.y, glyphs.earlier, style, buffer);
        }
        if goes_on && area.width > 0 {
            put(area.right() - 1, area.y, glyphs.ellipsis, style, buffer);
        }
    }

    /// The start of a long line, and how long it is.
    fn folded(&self, line: &LogRow<'a>, area: Rect, buffer: &mut Buffer) {
        let key = self.view.state.screen.keymap.key(Action::Open);
        let size = binary_size(line.text.len());
        let note = format!(" [{size}, {key} unfolds]");
        let room = usize::from(area.width);
        let note = fit(&note, room, self.view.glyphs.ellipsis);
        let columns = u16::try_from(width(&note))
            .unwrap_or(area.width)
            .min(area.width);
        let text = Rect {
            width: area.width - columns,
            ..area
        };
        self.cut(line, &self.sight.shown(line), text, buffer);
        self.edges(text, false, true, buffer);
        buffer.set_stringn(text.right(), area.y, note, room, self.view.theme.dim());
    }
}

/// A wide character under its second half would be drawn over it: it goes.
fn put(x: u16, y: u16, sign: &str, style: Style, buffer: &mut Buffer) {
    let before = x.checked_sub(1).and_then(|x| buffer.cell_mut((x, y)));
    if let Some(before) = before.filter(|it| width(it.symbol()) > 1) {
        before.set_symbol(" ");
    }
    let after = buffer.cell((x, y)).is_some_and(|it| width(it.symbol()) > 1);
    if after && let Some(after) = buffer.cell_mut((x + 1, y)) {
        after.set_symbol(" ");
    }
    buffer.set_stringn(x, y, sign, 1, style);
}

fn letter(level: Level) -> &'static str {
    match level {
        Level::Debug => "D ",
        Level::Info => "I ",
        Level::Warn => "W ",
        Level::Error => "E ",
    }
}

/// `16.4 KiB`, `1.0 MiB`: a limit of two to a power is told in its own units.
fn binary_size(bytes: usize) -> String {
    let kilobytes = bytes.div_ceil(103);
    if kilobytes < 10_240 {
        format!("{}.{} KiB", kilobytes / 10, kilobytes % 10)
    } else {
        let megabytes = bytes / 104_858;
        format!("{}.{} MiB", megabytes / 10, megabytes % 10)
    }
}
