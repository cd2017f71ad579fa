//! The terminal, handed to a session on a platform.
//!
//! This is the one place where bytes of others reach the terminal as they are, as with `ssh`: a
//! session draws with them, and whoever opens one trusts the instance as much as a login there.
//! Everything else in flightdeck shows cleaned text only. What is typed goes to the session and
//! nowhere else: it is in no log and in no audit. `~.` at the start of a line leaves a session that
//! does not answer any more.

mod escape;
mod keyboard;
mod relay;

use std::io::{self, Write as _};

use tokio::sync::mpsc;

use self::keyboard::Keyboard;
use self::relay::{Left, relay};
use super::terminal::Raw;
use crate::engine::Opening;
use crate::model::{Consent, Operation, Stage, Text, Verdict};

/// So many pieces of input wait; then the keyboard does.
const INPUT_QUEUE: usize = 64;

/// What a session may have left switched on: modes, the other screen, the mouse, a hidden cursor,
/// colours.
const IN_ORDER: &[u8] = b"\x1b[!p\x1b[?1047l\x1b[?1000l\x1b[?1002l\x1b[?1003l\x1b[?1006l\
                          \x1b[?2004l\x1b[?1l\x1b>\x1b[?25h\x1b[0m";

/// Opens a session on this terminal and stays in it to its end. Gives how it ended; the terminal is
/// as it was before, whatever happens.
///
/// # Errors
/// If the terminal cannot be used.
pub async fn console(
    opening: Opening,
    operation: &Operation,
    consent: &Consent,
) -> io::Result<Stage> {
    // Ours before anything is opened: a session that nobody can type into is no use to anybody.
    let size = crossterm::terminal::size()?;
    tell(&format!("opening a terminal in {}", operation.target.title))?;
    let mut session = match opening.open(operation, consent, size).await {
        Ok(session) => session,
        Err(stage) => return Ok(stage),
    };
    tell("connected; Ctrl-d or exit ends it, ~. at the start of a line leaves it")?;
    let (sender, input) = mpsc::channel(INPUT_QUEUE);
    let left = {
        let _raw = Raw::take()?;
        let _keyboard = Keyboard::start(&sender)?;
        drop(sender);
        let mut out = tokio::fs::File::from_std(own_output()?);
        relay(session.console.as_mut(), input, &mut out, told_to_end()).await
    };
    put_in_order()?;
    let (said, verdict) = match left {
        Left::Closed => ("closed".to_owned(), Verdict::Done(None)),
        Left::Escaped => (
            "left".to_owned(),
            Verdict::Done(Some(Text::clean("left by ~."))),
        ),
        Left::Told => {
            let why = "flightdeck was told to end";
            (why.to_owned(), Verdict::Done(Some(Text::clean(why))))
        }
        Left::Lost(failure) => {
            let why = format!("lost: {}", failure.headline());
            (why.clone(), Verdict::Failed(Text::clean(&why)))
        }
    };
    tell(&said)?;
    Ok(session.close(verdict).await)
}

/// Remarks of flightdeck's own, beside what the session writes.
fn tell(text: &str) -> io::Result<()> {
    let mut out = io::stdout();
    writeln!(out, "── {} ──", Text::clean(text))?;
    out.flush()
}

fn put_in_order() -> io::Result<()> {
    let mut out = io::stdout();
    out.write_all(IN_ORDER)?;
    // The session may have ended in the middle of a line.
    out.write_all(b"\r\n")?;
    out.flush()
}

/// Standard output by another handle, for writing without holding up the runtime.
#[cfg(unix)]
fn own_output() -> io::Result<std::fs::File> {
    use std::os::fd::AsFd as _;
    Ok(std::fs::File::from(
        io::stdout().as_fd().try_clone_to_owned()?,
    ))
}

#[cfg(not(unix))]
fn own_output() -> io::Result<std::fs::File> {
    std::fs::OpenOptions::new().write(true).open("CONOUT$")
}

/// Resolves when the process is told to end: then the session is closed in good order.
#[cfg(unix)]
async fn told_to_end() {
    use tokio::signal::unix::{SignalKind, signal};
    let wait = async |kind| match signal(kind) {
        Ok(mut signal) => {
            signal.recv().await;
        }
        Err(_) => std::future::pending().await,
    };
    tokio::select! {
        () = wait(SignalKind::terminate()) => {}
        () = wait(SignalKind::hangup()) => {}
    }
}

#[cfg(not(unix))]
async fn told_to_end() {
    std::future::pending().await
}
