//! Writing beside fetching: a thread that may wait for the disk, behind a short queue.

use bytes::Bytes;
use tokio::sync::mpsc;
use tokio::task::{JoinHandle, spawn_blocking};

use super::broke;
use crate::model::{DiskProblem, Partial, Stored, TransferProblem};

/// Pieces on their way to the disk. When it is slower than the network, the network waits.
const QUEUE: usize = 64;

/// What is to be done with a file.
pub(super) enum Piece {
    Begin(Stored),
    Bytes(Bytes),
}

/// A file that is complete and safe on disk, still under its other name.
pub(super) struct Sealed {
    pub(super) partial: Box<dyn Partial>,
    pub(super) sha256: String,
}

/// A file that nothing more is written to, with its checksum once it is safe on disk.
pub(super) struct Written {
    pub(super) partial: Box<dyn Partial>,
    pub(super) sha256: Result<String, DiskProblem>,
}

/// A file being written.
pub(super) struct Writer {
    pieces: mpsc::Sender<Piece>,
    writing: JoinHandle<Written>,
}

impl Writer {
    /// Takes the file to a thread of its own. Dropped, what is on its way is still written.
    pub(super) fn start(partial: Box<dyn Partial>) -> Self {
        let (pieces, queue) = mpsc::channel(QUEUE);
        let writing = spawn_blocking(move || write(partial, queue));
        Self { pieces, writing }
    }

    /// Hands a piece over. True if the writer has ended: [`Writer::end`] says why.
    pub(super) async fn write(&self, piece: Piece) -> bool {
        self.pieces.send(piece).await.is_err()
    }

    /// Whether it takes no more: [`Writer::end`] says why.
    pub(super) fn is_over(&self) -> bool {
        self.pieces.is_closed()
    }

    /// Waits until everything is written.
    pub(super) async fn end(self) -> Result<Written, TransferProblem> {
        drop(self.pieces);
        self.writing.await.map_err(|_| broke())
    }
}

fn write(mut partial: Box<dyn Partial>, queue: mpsc::Receiver<Piece>) -> Written {
    let sha256 = take_in(partial.as_mut(), queue);
    Written { partial, sha256 }
}

fn take_in(
    partial: &mut dyn Partial,
    mut queue: mpsc::Receiver<Piece>,
) -> Result<String, DiskProblem> {
    while let Some(piece) = queue.blocking_recv() {
        match piece {
            Piece::Begin(object) => partial.begin(&object)?,
            Piece::Bytes(bytes) => partial.add(&bytes)?,
        }
    }
    partial.seal()
}
