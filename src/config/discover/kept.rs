//! Files in which other programs keep their logins. Here they are only read.
//!
//! Some programs make them as the user's umask says, which is readable by all on most systems.
//! Refusing those would refuse nearly every login, so it is told instead.

use std::fs;
use std::io::ErrorKind;
use std::path::Path;

use super::super::Environment;
use super::super::credential::{cause, is_private};
use crate::model::Text;

/// The text of a file; absent where there is none.
pub(super) fn text(file: &Path) -> Result<Option<String>, Text> {
    match fs::read_to_string(file) {
        Ok(text) => Ok(Some(text)),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
        Err(error) => Err(said(file, &cause(&error))),
    }
}

/// What to do where others can read a file with a token: neither it nor a folder above it keeps them
/// out, up to the one that the program has for itself.
pub(super) fn caution(environment: &Environment, file: &Path, folder: &Path) -> Option<Text> {
    let mut guards = file.ancestors().take_while(|path| path.starts_with(folder));
    if guards.any(|path| fs::metadata(path).is_ok_and(|it| is_private(&it))) {
        return None;
    }
    let name = environment.shortened(file);
    let advice = format!("can be read by others, and holds a token: chmod 600 {name}");
    Some(said(Path::new(&name), &advice))
}

/// A file and what is wrong with it.
pub(super) fn said(file: &Path, what: &str) -> Text {
    Text::clean(&format!("file {} {what}", file.display()))
}
