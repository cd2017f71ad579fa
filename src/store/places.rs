//! Where the user was, from one run to the next.

use std::fs;
use std::io::{self, Write as _};
use std::path::Path;

use serde::{Deserialize, Serialize};
use tempfile::NamedTempFile;

use super::private::make;

/// The file, below the state folder.
const FILE: &str = "places.json";

/// Grows when an older flightdeck would misread the file.
const SCHEMA: u32 = 1;

/// Where the user was.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Places {
    /// The app that was selected; absent if none ever was.
    pub app: Option<AppPlace>,
    /// What the apps were filtered by, as it was typed.
    pub filter: String,
}

/// An app, in words that outlive a run.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AppPlace {
    /// The name of its context.
    pub context: String,
    /// Its id on the platform.
    pub id: String,
}

#[derive(Deserialize)]
struct Version {
    schema: u32,
}

#[derive(Serialize)]
struct Written<'a> {
    schema: u32,
    #[serde(flatten)]
    places: &'a Places,
}

/// What was saved in `dir`. Whatever cannot be read counts as nothing saved; why is in the log.
#[must_use]
pub fn load(dir: &Path) -> Places {
    let file = dir.join(FILE);
    match read(&file) {
        Ok(places) => places,
        Err(error) if error.kind() == io::ErrorKind::NotFound => Places::default(),
        Err(error) => {
            tracing::warn!(file = %file.display(), %error, "the last place is forgotten");
            Places::default()
        }
    }
}

/// Saves `places` in `dir`, which is made if it is missing. Another process sees the old file or
/// the new one, never a part; nobody but the user can read it.
///
/// # Errors
/// If the folder or the file cannot be written; what was saved before is then still there.
pub fn save(dir: &Path, places: &Places) -> io::Result<()> {
    make(dir)?;
    let written = Written {
        schema: SCHEMA,
        places,
    };
    // In the same folder, because a file is only renamed in one step within a file system. The
    // crate makes it readable for its owner alone.
    let mut file = NamedTempFile::new_in(dir)?;
    serde_json::to_writer_pretty(&mut file, &written)?;
    file.write_all(b"\n")?;
    file.persist(dir.join(FILE))?;
    Ok(())
}

fn read(file: &Path) -> io::Result<Places> {
    let text = fs::read_to_string(file)?;
    let Version { schema } = serde_json::from_str(&text)?;
    if schema != SCHEMA {
        let reason = format!("it has schema {schema}, this flightdeck knows {SCHEMA}");
        return Err(io::Error::new(io::ErrorKind::InvalidData, reason));
    }
    Ok(serde_json::from_str(&text)?)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn places() -> Places {
        Places {
            app: Some(AppPlace {
                context: "divio".into(),
                id: "appk2m5p7qrs3tuv4wxy5zab6c".into(),
            }),
            filter: "class:prod -shop".into(),
        }
    }

    #[track_caller]
    fn check(text: &str, expected: &Places) {
        let dir = tempfile::tempdir().unwrap();
        fs::write(dir.path().join(FILE), text).unwrap();
        assert_eq!(load(dir.path()), *expected, "{text}");
    }

    #[test]
    fn what_is_saved_is_loaded() {
        let dir = tempfile::tempdir().unwrap();
        let folder = dir.path().join("not/yet/there");
        save(&folder, &places()).unwrap();
        assert_eq!(load(&folder), places());
        save(&folder, &Places::default()).unwrap();
        assert_eq!(load(&folder), Places::default());
        let files = fs::read_dir(&folder).unwrap().count();
        assert_eq!(files, 1, "nothing is left behind");
    }

    #[test]
    fn a_file_that_cannot_be_read_is_no_place() {
        let dir = tempfile::tempdir().unwrap();
        assert_eq!(load(dir.path()), Places::default());
        fs::create_dir(dir.path().join(FILE)).unwrap();
        assert_eq!(load(dir.path()), Places::default());
        for text in [
            "",
            "{",
            "null",
            "[]",
            r#"{"filter": "a"}"#,
            r#"{"schema": 2, "filter": "a"}"#,
            r#"{"schema": 1, "filter": 7}"#,
            r#"{"schema": 1, "app": {"id": "a"}}"#,
        ] {
            check(text, &Places::default());
        }
    }

    #[test]
    fn what_is_missing_is_nothing_and_what_is_unknown_is_ignored() {
        let filtered = Places {
            app: None,
            filter: "shop".into(),
        };
        check(r#"{"schema": 1}"#, &Places::default());
        check(r#"{"schema": 1, "filter": "shop", "mood": 3}"#, &filtered);
    }

    #[cfg(unix)]
    #[test]
    fn only_the_user_can_read_it() {
        use std::os::unix::fs::PermissionsExt as _;
        let dir = tempfile::tempdir().unwrap();
        let folder = dir.path().join("state");
        save(&folder, &places()).unwrap();
        let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
        assert_eq!(mode(&folder), 0o700);
        assert_eq!(mode(&folder.join(FILE)), 0o600);
    }

    #[test]
    fn a_folder_that_cannot_be_made_is_told() {
        let dir = tempfile::tempdir().unwrap();
        let blocked = dir.path().join("file");
        fs::write(&blocked, "").unwrap();
        assert!(save(&blocked, &places()).is_err());
    }
}
