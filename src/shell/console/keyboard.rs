//! The terminal as a source of bytes and sizes: nothing is made of keys here, the other side does.

use std::io;

use tokio::sync::mpsc;

use crate::platforms::ConsoleInput;

#[cfg(unix)]
pub(super) use self::unix::Keyboard;

/// Refuses: consoles elsewhere hand over keys, not bytes.
#[cfg(not(unix))]
#[derive(Debug)]
pub(super) struct Keyboard;

#[cfg(not(unix))]
impl Keyboard {
    pub(super) fn start(_: &mpsc::Sender<ConsoleInput>) -> io::Result<Self> {
        Err(io::Error::new(
            io::ErrorKind::Unsupported,
            "terminal sessions need a Unix terminal",
        ))
    }
}

#[cfg(unix)]
mod unix {
    use std::io::{PipeReader, PipeWriter, stdin};
    use std::os::fd::{AsFd as _, OwnedFd};
    use std::thread::{self, JoinHandle};

    use rustix::event::{PollFd, PollFlags, poll};
    use tokio::signal::unix::{SignalKind, signal};
    use tokio::task;

    use super::{ConsoleInput, io, mpsc};

    /// More than is pasted at once; what is longer comes in pieces.
    const PIECE: usize = 4_096;

    /// Reads the terminal until it is dropped. What is typed after that is left unread, for whoever
    /// reads next. Whatever takes its input must be gone by then, or it waits for that.
    #[derive(Debug)]
    pub(crate) struct Keyboard {
        reader: Option<JoinHandle<()>>,
        /// Wakes the reader by being closed.
        stop: Option<PipeWriter>,
        sizes: task::JoinHandle<()>,
    }

    impl Keyboard {
        /// Begins to read.
        pub(crate) fn start(to: &mpsc::Sender<ConsoleInput>) -> io::Result<Self> {
            let terminal = stdin().as_fd().try_clone_to_owned()?;
            let (stopped, stop) = io::pipe()?;
            let sizes = sizes(to.clone())?;
            let to = to.clone();
            let reader = thread::Builder::new().name("console".into());
            let reader = reader.spawn(move || read(&terminal, &stopped, &to))?;
            Ok(Self {
                reader: Some(reader),
                stop: Some(stop),
                sizes,
            })
        }
    }

    impl Drop for Keyboard {
        fn drop(&mut self) {
            self.sizes.abort();
            drop(self.stop.take());
            // Until it has ended it could take a key that is meant for somebody else.
            let ended = self.reader.take().map(JoinHandle::join);
            if let Some(Err(_)) = ended {
                tracing::error!("the reader of a terminal session panicked");
            }
        }
    }

    /// Reads only when there is something to read: whoever waits in a read takes the next key, from
    /// whomever.
    fn read(terminal: &OwnedFd, stopped: &PipeReader, to: &mpsc::Sender<ConsoleInput>) {
        loop {
            let mut wanted = [
                PollFd::new(stopped, PollFlags::IN),
                PollFd::new(terminal, PollFlags::IN),
            ];
            match poll(&mut wanted, None) {
                Ok(_) => {}
                Err(rustix::io::Errno::INTR) => continue,
                Err(_) => return,
            }
            if !wanted[0].revents().is_empty() {
                return;
            }
            let mut piece = vec![0; PIECE];
            let length = rustix::io::read(terminal, &mut piece).unwrap_or(0);
            piece.truncate(length);
            // Nothing to read although there was something: the terminal is gone.
            if length == 0 || to.blocking_send(ConsoleInput::Typed(piece)).is_err() {
                return;
            }
        }
    }

    #[expect(
        clippy::disallowed_methods,
        reason = "the terminal's size belongs to no request"
    )]
    fn sizes(to: mpsc::Sender<ConsoleInput>) -> io::Result<task::JoinHandle<()>> {
        let mut resized = signal(SignalKind::window_change())?;
        Ok(tokio::spawn(async move {
            while resized.recv().await.is_some() {
                let Ok((columns, rows)) = crossterm::terminal::size() else {
                    continue;
                };
                if to.send(ConsoleInput::Size(columns, rows)).await.is_err() {
                    return;
                }
            }
        }))
    }
}
