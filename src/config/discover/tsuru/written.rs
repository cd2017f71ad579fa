//! Writing back a session whose refresh token was replaced.
//!
//! Where a login server replaces the refresh token, the old one is good no more: kept to ourselves,
//! the new one would log the user out of their own client. So the client's files are written, as the
//! client does: every one that still holds what was replaced, and no other. Everything else in them
//! stays as it is. Nobody sees half a file, and nobody else can read it.

use std::fs;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use indexmap::IndexMap;
use jiff::Timestamp;
use serde_json::value::{RawValue, to_raw_value};
use tempfile::NamedTempFile;

use super::super::super::Environment;
use super::files::{CLASSIC, Kind, SESSION, Session};
use super::targets::Target;
use crate::model::Secret;

/// What takes the place of a session's tokens.
pub(super) struct Fresh<'a> {
    pub(super) access_token: &'a Secret,
    pub(super) refresh_token: &'a Secret,
    pub(super) expiry: Option<Timestamp>,
}

/// An object of JSON of which most is none of our business.
type Object = IndexMap<String, Box<RawValue>>;

/// Puts `fresh` in the place of `old` in every file of a target that holds it.
pub(super) fn replace(
    environment: &Environment,
    target: &Target,
    old: &Session,
    fresh: &Fresh<'_>,
) -> io::Result<()> {
    for file in files(SESSION, environment, target) {
        change(&file, |text| renewed(text, old, fresh))?;
    }
    for file in files(CLASSIC, environment, target) {
        change(&file, |text| {
            let is_old = text.trim() == old.access_token.expose();
            is_old.then(|| fresh.access_token.expose().to_owned())
        })?;
    }
    Ok(())
}

fn files(kind: Kind, environment: &Environment, target: &Target) -> Vec<PathBuf> {
    let files = [kind.own(environment, target), kind.shared(environment)];
    files.into_iter().flatten().collect()
}

/// Writes what `edit` makes of a file, if there is one and it makes anything of it.
fn change(file: &Path, edit: impl FnOnce(&str) -> Option<String>) -> io::Result<()> {
    // A link to a file elsewhere stays one.
    let file = match fs::canonicalize(file) {
        Ok(file) => file,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
        Err(error) => return Err(error),
    };
    let Some(text) = edit(&fs::read_to_string(&file)?) else {
        return Ok(());
    };
    let folder = file.parent().unwrap_or(Path::new("."));
    // In the same folder, because a file is only renamed in one step within a file system. The
    // crate makes it readable for its owner alone.
    let mut new = NamedTempFile::new_in(folder)?;
    new.write_all(text.as_bytes())?;
    new.as_file().sync_all()?;
    new.persist(&file)?;
    Ok(())
}

/// The text of a session with other tokens; nothing where it is another session.
fn renewed(text: &str, old: &Session, fresh: &Fresh<'_>) -> Option<String> {
    let mut all: Object = serde_json::from_str(text).ok()?;
    let mut token: Object = serde_json::from_str(all.get("oauth2_token")?.get()).ok()?;
    let known: String = serde_json::from_str(token.get("refresh_token")?.get()).ok()?;
    if Some(known.as_str()) != old.refresh_token.as_ref().map(Secret::expose) {
        return None;
    }
    let expiry = fresh
        .expiry
        .map_or_else(|| "0001-01-01T00:00:00Z".to_owned(), |it| it.to_string());
    let pairs = [
        ("access_token", fresh.access_token.expose()),
        ("refresh_token", fresh.refresh_token.expose()),
        ("expiry", &expiry),
    ];
    for (name, value) in pairs {
        token.insert(name.to_owned(), to_raw_value(value).ok()?);
    }
    all.insert("oauth2_token".to_owned(), to_raw_value(&token).ok()?);
    let mut text = serde_json::to_string_pretty(&all).ok()?;
    text.push('\n');
    Some(text)
}
