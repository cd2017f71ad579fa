//! What can happen (`Message`) and what the program may do to the world (`Effect`). Plain data: a
//! test can build them, compare them and replay them.

use super::keys::KeyPress;
use super::mouse::MouseAt;
use super::notify::Notification;
use super::past::PastOperation;
use super::screen::Size;
use crate::model::{
    Consent, ContextId, DownloadRequest, Fetch, LogBatch, Operation, OperationEvent,
    OperationTicket, PastLines, PreviewReport, Report, Secret, TailId, TailRequest, Text, Ticket,
    TransferEvent, TransferTicket,
};

/// A wish of the system.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Signal {
    /// End, now (SIGTERM, SIGHUP).
    Terminate,
    /// End (SIGINT); while the terminal is lent to an editor it is meant for that.
    Interrupt,
    /// The terminal is ours again after a suspension.
    Resumed,
}

/// What can happen.
#[derive(Clone, Debug, PartialEq)]
pub enum Message {
    /// A key was pressed. `repeat` is true while it is held down, where the terminal says so.
    Key {
        /// The key.
        press: KeyPress,
        /// Whether it is a repetition of a held key.
        repeat: bool,
    },
    /// The mouse did something.
    Mouse(MouseAt),
    /// Text was pasted. It may be a token or a value.
    Paste(Secret),
    /// The terminal has a new size.
    Resized(Size),
    /// A moment that [`super::next_wakeup`] named has come.
    Clock,
    /// The terminal is gone.
    InputClosed,
    /// A read gave something.
    Report(Report),
    /// A tail has lines.
    Logs(LogBatch),
    /// A platform said what an operation of a question would do.
    Preview(PreviewReport),
    /// An operation went on.
    Operation(OperationEvent),
    /// A download went on.
    Transfer(TransferEvent),
    /// What earlier runs did was read, newest first.
    Past(Vec<PastOperation>),
    /// The system wishes something.
    Signal(Signal),
    /// Older lines of a log came.
    PastLines(PastLines),
    /// Lines were saved: where; or why not.
    Saved(Result<Text, Text>),
    /// No browser could be opened; why.
    NotOpened(String),
    /// The user's editor is closed: the text as it was left there, or why there is none.
    Edited(Result<Secret, Text>),
}

/// A text for the user's editor. It may hold secrets.
#[derive(Clone, Debug, PartialEq)]
pub struct EditFile {
    /// The text.
    pub text: Secret,
}

/// Lines to be written into a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SaveLog {
    /// The name of the file, as it was typed; `~` is the user's folder. It must not be there yet.
    pub path: String,
    /// The lines, each ended.
    pub text: String,
}

/// What the program may do to the world.
#[derive(Clone, Debug, PartialEq)]
pub enum Effect {
    /// Read something.
    Fetch(Fetch),
    /// Stop all reading of a context.
    Leave(ContextId),
    /// Ask what operations would do, for the question with that ticket; each with its position there.
    Preview(Ticket, Vec<(usize, Operation)>),
    /// Change something; how somebody said yes to it.
    Operate(OperationTicket, Operation, Consent),
    /// Lend the terminal to a session on the platform. An operation like any other to everybody else;
    /// how somebody said yes to it.
    Console(OperationTicket, Operation, Consent),
    /// Have a backup on disk.
    Download(TransferTicket, DownloadRequest),
    /// Stop a download.
    CancelDownload(TransferTicket),
    /// Read older lines of a log, once. [`Message::PastLines`] answers.
    ReadLog(Ticket, TailId, TailRequest),
    /// Stop reading older lines of a log: nobody wants them any more.
    StopReading(TailId),
    /// Write lines into a file that is not there yet. [`Message::Saved`] answers.
    SaveLog(SaveLog),
    /// Tell somebody who looks elsewhere.
    Notify(Notification),
    /// Follow a log.
    OpenTail(TailId, TailRequest),
    /// Stop following it.
    CloseTail(TailId),
    /// Take the mouse, or give it back.
    Mouse(bool),
    /// Put a text into the terminal's clipboard.
    CopyText(String),
    /// Open a web address in the browser of this machine.
    OpenUrl(String),
    /// Lend the terminal to the user's editor with a text; [`Message::Edited`] ends it.
    Edit(EditFile),
    /// Draw every cell again.
    Redraw,
    /// Give the terminal back until the shell continues us.
    Suspend,
    /// End.
    Quit,
}

/// What a message led to.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Outcome {
    /// What to do, in order.
    pub effects: Vec<Effect>,
    /// Whether anything visible may have changed.
    pub redraw: bool,
}
