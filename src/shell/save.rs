//! Saving lines of a log to a file, without the loop's waiting.

use std::env::home_dir;
use std::path::PathBuf;
use std::thread;

use tokio::sync::mpsc;

use crate::app::Message;
use crate::app::message::SaveLog;
use crate::model::Text;
use crate::store::saved::write_new;

/// Writes the file on a thread of its own, and tells the loop.
pub(super) fn save(save: SaveLog, to: mpsc::Sender<Message>) {
    let lost = to.clone();
    let saving = move || {
        let result = written(&save, home_dir());
        // What happened to a file is worth waiting for; nobody listens only at the end.
        let _over = to.blocking_send(Message::Saved(result));
    };
    let begun = thread::Builder::new().name("save".into()).spawn(saving);
    if let Err(error) = begun {
        let why = Text::clean(&format!("{error}; try again"));
        let _full = lost.try_send(Message::Saved(Err(why)));
    }
}

/// Where the lines were written, and how many.
fn written(save: &SaveLog, home: Option<PathBuf>) -> Result<Text, Text> {
    let path = match (save.path.strip_prefix("~/"), home) {
        (Some(rest), Some(home)) => home.join(rest),
        _ => PathBuf::from(&save.path),
    };
    let place = write_new(&path, &save.text).map_err(|why| Text::clean(&why))?;
    let count = save.text.lines().count();
    let word = if count == 1 { "line" } else { "lines" };
    Ok(Text::clean(&format!(
        "{count} {word} to {}",
        place.display()
    )))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tilde_is_the_users_folder_and_lines_are_counted() {
        let home = tempfile::tempdir().unwrap();
        let save = |path: &str| SaveLog {
            path: path.into(),
            text: "one\ntwo\n".into(),
        };
        let place = home.path().join("shop.log");
        let told = written(&save("~/shop.log"), Some(home.path().into())).unwrap();
        assert_eq!(told.as_str(), format!("2 lines to {}", place.display()));
        assert!(place.exists());
        let refused = written(&save("~/shop.log"), Some(home.path().into())).unwrap_err();
        assert!(refused.as_str().contains("is there already"), "{refused}");
    }
}
