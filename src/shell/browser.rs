//! Opening an address in the browser of this machine.

use std::io;
use std::process::{Command, Stdio};
use std::thread;

use tokio::sync::mpsc;

use crate::app::Message;

/// What opens an address with the program its user chose for it.
const OPENER: &str = if cfg!(target_os = "macos") {
    "open"
} else if cfg!(windows) {
    "explorer"
} else {
    "xdg-open"
};

/// Opens `url`, in a thread of its own: the opener may take its time, and somebody must wait for
/// it. What goes wrong is told to `to`.
pub(super) fn open(url: &str, to: mpsc::Sender<Message>) {
    let url = url.to_owned();
    let lost = to.clone();
    let opening = move || {
        if let Err(why) = run(&url) {
            // If the queue is full, somebody types; a lost remark is no harm.
            let _full = to.try_send(Message::NotOpened(why));
        }
    };
    let begun = thread::Builder::new().name("browser".into()).spawn(opening);
    if let Err(error) = begun {
        let _full = lost.try_send(Message::NotOpened(error.to_string()));
    }
}

fn run(url: &str) -> Result<(), String> {
    let status = Command::new(OPENER)
        .arg(url)
        // The terminal is ours: nobody else may write to it.
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()
        .map_err(|error| {
            if error.kind() == io::ErrorKind::NotFound {
                format!("there is no {OPENER} on this machine")
            } else {
                error.to_string()
            }
        })?;
    // On Windows the opener's status says nothing.
    if status.success() || cfg!(windows) {
        Ok(())
    } else {
        Err(format!("{OPENER} failed ({status})"))
    }
}
