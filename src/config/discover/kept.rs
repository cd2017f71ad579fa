//! Files in which other programs keep their logins. They are read and never written.
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

/// What to do where others can read a file with a token: neither it nor its folder keeps them out.
pub(super) fn caution(environment: &Environment, file: &Path) -> Option<Text> {
    let guards = [Some(file), file.parent()].into_iter().flatten();
    let mut guards = guards.filter_map(|path| fs::metadata(path).ok());
    if guards.any(|metadata| is_private(&metadata)) {
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
