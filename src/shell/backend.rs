//! Frames as bytes: one write a frame, wrapped in synchronized-update escapes, and not a byte when
//! nothing changed.

use std::cell::RefCell;
use std::io::{self, Write};
use std::rc::Rc;
use std::sync::mpsc::{SyncSender, sync_channel};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::Duration;

use crossterm::queue;
use crossterm::terminal::{BeginSynchronizedUpdate, Clear, EndSynchronizedUpdate};
use ratatui::backend::{Backend, ClearType, CrosstermBackend, WindowSize};
use ratatui::buffer::Cell;
use ratatui::layout::{Position, Size};
use tokio::sync::Notify;

/// Takes frames and writes them in a thread of its own, so that a slow line never holds up the
/// loop.
#[derive(Clone, Debug)]
pub(crate) struct Writer {
    frames: SyncSender<Vec<u8>>,
    line: Arc<Line>,
}

/// How the thread is doing.
#[derive(Debug, Default)]
struct Line {
    /// Frames that the terminal has not taken.
    under_way: Mutex<usize>,
    /// For who waits in a thread.
    written: Condvar,
    /// For who waits in a task.
    taken: Notify,
}

impl Line {
    fn under_way(&self) -> MutexGuard<'_, usize> {
        self.under_way
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }

    fn one_less(&self) {
        *self.under_way() -= 1;
        self.written.notify_all();
        self.taken.notify_one();
    }
}

impl Writer {
    /// A writer to `out`.
    pub(crate) fn to(mut out: impl Write + Send + 'static) -> io::Result<Self> {
        let (frames, waiting) = sync_channel::<Vec<u8>>(1);
        let line = Arc::new(Line::default());
        let own = Arc::clone(&line);
        thread::Builder::new()
            .name("terminal".into())
            .spawn(move || {
                for bytes in waiting {
                    // A terminal that is gone is told by the input side.
                    let _lost = out.write_all(&bytes).and_then(|()| out.flush());
                    own.one_less();
                }
            })?;
        Ok(Self { frames, line })
    }

    /// Hands over bytes to be written; waits while a frame waits already.
    pub(crate) fn send(&self, bytes: Vec<u8>) {
        *self.line.under_way() += 1;
        if self.frames.send(bytes).is_err() {
            self.line.one_less();
        }
    }

    /// Whether the terminal has not yet taken the last frame.
    pub(crate) fn is_busy(&self) -> bool {
        *self.line.under_way() > 0
    }

    /// Resolves when the terminal has taken a frame.
    pub(crate) async fn taken(&self) {
        self.line.taken.notified().await;
    }

    /// Waits until everything is written, but not for a terminal that takes nothing any more.
    pub(crate) fn settle(&self, at_most: Duration) {
        let is_busy = |under_way: &mut usize| *under_way > 0;
        drop(
            self.line
                .written
                .wait_timeout_while(self.line.under_way(), at_most, is_busy),
        );
    }
}

/// A crossterm backend whose frames go to a [`Writer`].
#[derive(Debug)]
pub(crate) struct FrameBackend {
    inner: CrosstermBackend<Frame>,
    frame: Frame,
    writer: Writer,
    /// What goes before the next frame and is none of its cells.
    first: Vec<u8>,
    /// The same, where nothing that waits may be lost to what comes after it.
    beside: Vec<u8>,
}

/// So much waits beside a frame while the terminal takes nothing; what is more is left out.
const MOST_BESIDE: usize = 8 * 1024;

/// The bytes of a frame being made. Flushing it does nothing: only the backend knows when a frame
/// is complete.
#[derive(Clone, Debug, Default)]
struct Frame(Rc<RefCell<Vec<u8>>>);

impl Write for Frame {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.borrow_mut().write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl FrameBackend {
    pub(crate) fn new(writer: Writer) -> Self {
        let frame = Frame::default();
        Self {
            inner: CrosstermBackend::new(frame.clone()),
            frame,
            writer,
            first: Vec::new(),
            beside: Vec::new(),
        }
    }

    /// Sends bytes before the next frame, after those that wait for it already. A frame is wrapped in
    /// synchronized-update escapes, in which terminals may lose a notification: these are not.
    pub(crate) fn send_beside(&mut self, bytes: &[u8]) {
        if self.beside.len() + bytes.len() <= MOST_BESIDE {
            self.beside.extend(bytes);
        }
    }

    /// Sends bytes before the next frame, in place of what was to go there so far: only one frame
    /// is under way at a time, and the loop waits for none.
    pub(crate) fn send_first(&mut self, bytes: Vec<u8>) {
        self.first = bytes;
    }
}

impl Backend for FrameBackend {
    type Error = io::Error;

    fn draw<'a, I>(&mut self, content: I) -> io::Result<()>
    where
        I: Iterator<Item = (u16, u16, &'a Cell)>,
    {
        // Without a changed cell the inner backend would still write resets of colour.
        let mut content = content.peekable();
        if content.peek().is_none() {
            Ok(())
        } else {
            self.inner.draw(content)
        }
    }

    // The guard hides the cursor once; ratatui would do it in every frame.
    fn hide_cursor(&mut self) -> io::Result<()> {
        Ok(())
    }

    fn show_cursor(&mut self) -> io::Result<()> {
        Ok(())
    }

    fn get_cursor_position(&mut self) -> io::Result<Position> {
        // Asking the terminal would race with the input reader; nothing here needs to know.
        Ok(Position::ORIGIN)
    }

    fn set_cursor_position<P: Into<Position>>(&mut self, position: P) -> io::Result<()> {
        self.inner.set_cursor_position(position)
    }

    fn clear(&mut self) -> io::Result<()> {
        self.clear_region(ClearType::All)
    }

    fn clear_region(&mut self, _region: ClearType) -> io::Result<()> {
        queue!(self.inner, Clear(crossterm::terminal::ClearType::All))
    }

    fn size(&self) -> io::Result<Size> {
        self.inner.size()
    }

    fn window_size(&mut self) -> io::Result<WindowSize> {
        self.inner.window_size()
    }

    fn flush(&mut self) -> io::Result<()> {
        let bytes = self.frame.0.take();
        let mut out = std::mem::take(&mut self.first);
        out.append(&mut self.beside);
        if bytes.is_empty() && out.is_empty() {
            return Ok(());
        }
        if !bytes.is_empty() {
            out.reserve(bytes.len() + 16);
            queue!(out, BeginSynchronizedUpdate)?;
            out.extend(bytes);
            queue!(out, EndSynchronizedUpdate)?;
        }
        self.writer.send(out);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use ratatui::layout::Rect;
    use ratatui::{Terminal, TerminalOptions, Viewport};

    use super::*;

    #[derive(Clone, Default)]
    struct Sink(Arc<Mutex<Vec<u8>>>);

    impl Write for Sink {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.0.lock().unwrap().write(bytes)
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    #[test]
    fn a_frame_without_a_change_writes_nothing() {
        let sink = Sink::default();
        let writer = Writer::to(sink.clone()).unwrap();
        let backend = FrameBackend::new(writer.clone());
        let viewport = Viewport::Fixed(Rect::new(0, 0, 20, 3));
        let mut terminal = Terminal::with_options(backend, TerminalOptions { viewport }).unwrap();
        let draw = |terminal: &mut Terminal<FrameBackend>, text: &'static str| {
            terminal
                .draw(|frame| frame.render_widget(text, frame.area()))
                .unwrap();
            writer.settle(Duration::from_secs(5));
            std::mem::take(&mut *sink.0.lock().unwrap())
        };
        let first = String::from_utf8(draw(&mut terminal, "hello")).unwrap();
        assert!(
            first.starts_with("\u{1b}[?2026h") && first.ends_with("\u{1b}[?2026l"),
            "{first:?}"
        );
        assert_eq!(draw(&mut terminal, "hello"), b"");
        assert!(draw(&mut terminal, "hallo").len() < first.len());
    }
}
