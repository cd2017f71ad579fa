//! Taking the terminal and giving it back: on quit, error, panic, signal and suspend alike.

use std::io::{self, Write as _, stdout};
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::{self, ThreadId};
use std::time::Duration;

use crossterm::cursor::{Hide, Show};
use crossterm::event::{DisableBracketedPaste, EnableBracketedPaste};
use crossterm::execute;
use crossterm::terminal::{
    EndSynchronizedUpdate, EnterAlternateScreen, LeaveAlternateScreen, disable_raw_mode,
    enable_raw_mode,
};
use ratatui::Terminal;

use super::backend::{FrameBackend, Writer};
use super::clipboard::Multiplexer;
use super::notify;
use super::run::Display;
use crate::app::State;
use crate::app::notify::Notification;
use crate::app::screen::Size;

/// Whether the terminal is ours; `restore` may be called from anywhere, any number of times.
static IS_OURS: AtomicBool = AtomicBool::new(false);

/// Whether the terminal hands over single bytes to a session; see [`Raw`].
static IS_RAW: AtomicBool = AtomicBool::new(false);

/// A terminal that takes no more output may keep the end waiting this long.
const LAST_FRAME: Duration = Duration::from_millis(200);

/// Buttons and the wheel with their cells. Not every move, which crossterm would ask for too: over
/// a slow line that is a flood.
const MOUSE_ON: &[u8] = b"\x1b[?1000h\x1b[?1006h";
const MOUSE_OFF: &[u8] = b"\x1b[?1006l\x1b[?1000l";

/// The real terminal.
#[derive(Debug)]
pub(crate) struct Tty {
    terminal: Terminal<FrameBackend>,
    writer: Writer,
    multiplexer: Multiplexer,
}

impl Tty {
    /// Takes the terminal.
    ///
    /// # Errors
    /// If it is none, or cannot be switched.
    pub(crate) fn take(multiplexer: Multiplexer) -> io::Result<Self> {
        let writer = Writer::to(stdout())?;
        enter()?;
        restore_on_panic();
        let terminal = Terminal::new(FrameBackend::new(writer.clone()))?;
        Ok(Self {
            terminal,
            writer,
            multiplexer,
        })
    }
}

impl Drop for Tty {
    fn drop(&mut self) {
        self.writer.settle(LAST_FRAME);
        restore();
    }
}

impl Display for Tty {
    fn draw(&mut self, state: &State) -> io::Result<()> {
        self.terminal
            .draw(|frame| crate::ui::view(state, frame))
            .map(|_| ())
    }

    fn forget(&mut self) -> io::Result<()> {
        self.terminal.clear()
    }

    fn copy(&mut self, text: &str) -> io::Result<()> {
        let bytes = self.multiplexer.copy(text)?;
        self.terminal.backend_mut().send_first(bytes);
        Ok(())
    }

    fn notify(&mut self, notification: &Notification) -> io::Result<()> {
        let bytes = notify::bytes(notification, self.multiplexer);
        self.terminal.backend_mut().send_beside(&bytes);
        Ok(())
    }

    fn is_busy(&self) -> bool {
        self.writer.is_busy()
    }

    async fn taken(&self) {
        self.writer.taken().await;
    }

    fn mouse(&mut self, is_on: bool) -> io::Result<()> {
        self.writer.settle(LAST_FRAME);
        let switch = if is_on { MOUSE_ON } else { MOUSE_OFF };
        stdout().write_all(switch)?;
        stdout().flush()
    }

    fn suspend(&mut self) -> io::Result<()> {
        self.writer.settle(LAST_FRAME);
        restore();
        stop()?;
        // The shell has continued us.
        enter()
    }

    fn lend(&mut self) {
        self.writer.settle(LAST_FRAME);
        restore();
    }

    fn take_back(&mut self) -> io::Result<Size> {
        enter()?;
        let (width, height) = crossterm::terminal::size()?;
        Ok(Size::new(width, height))
    }
}

/// The terminal as a session needs it: every byte that is typed is handed over as it is. Given back
/// when dropped, and by a panic.
#[derive(Debug)]
pub(crate) struct Raw(());

impl Raw {
    pub(crate) fn take() -> io::Result<Self> {
        enable_raw_mode()?;
        IS_RAW.store(true, Ordering::SeqCst);
        Ok(Self(()))
    }
}

impl Drop for Raw {
    fn drop(&mut self) {
        give_back_raw();
    }
}

fn give_back_raw() {
    if IS_RAW.swap(false, Ordering::SeqCst) {
        let _gone = disable_raw_mode();
    }
}

fn enter() -> io::Result<()> {
    enable_raw_mode()?;
    IS_OURS.store(true, Ordering::SeqCst);
    execute!(stdout(), EnterAlternateScreen, EnableBracketedPaste, Hide)
}

/// Gives the terminal back as it was. Errors are for nobody: the terminal may be gone.
pub(crate) fn restore() {
    give_back_raw();
    if !IS_OURS.swap(false, Ordering::SeqCst) {
        return;
    }
    let _gone = stdout().write_all(MOUSE_OFF);
    let _gone = execute!(
        stdout(),
        EndSynchronizedUpdate,
        DisableBracketedPaste,
        Show,
        LeaveAlternateScreen
    );
    let _gone = disable_raw_mode();
    let _gone = stdout().flush();
}

/// A panic of the loop's thread gives the terminal back before it is reported. One of a request's
/// task is caught and reported by the engine; the dashboard goes on and keeps the terminal.
fn restore_on_panic() {
    let own: ThreadId = thread::current().id();
    let before = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |panic| {
        if thread::current().id() == own {
            restore();
            before(panic);
        } else if IS_OURS.load(Ordering::SeqCst) {
            tracing::error!(%panic, "a task panicked");
        } else {
            before(panic);
        }
    }));
}

/// Stops the whole process group, as the terminal's own Ctrl-z would: whatever started us
/// (`cargo run`) stops with us.
#[cfg(unix)]
fn stop() -> io::Result<()> {
    rustix::process::kill_current_process_group(rustix::process::Signal::TSTP)
        .map_err(io::Error::from)
}

#[cfg(not(unix))]
#[expect(
    clippy::unnecessary_wraps,
    reason = "the same shape as where it can fail"
)]
fn stop() -> io::Result<()> {
    Ok(())
}
