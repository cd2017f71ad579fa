//! Texts that the user wants in a file: lines of a log.

use std::fs::{self, File};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use super::private;

/// Writes a file that only its user can read and that must not be there yet; gives where it is.
/// What could not be written whole is not left there in part.
///
/// # Errors
/// Why not, in a sentence that says what to do.
pub fn write_new(path: &Path, text: &str) -> Result<PathBuf, String> {
    let path = std::path::absolute(path).map_err(|error| told(path, &error))?;
    let mut options = private::options();
    let mut file = options
        .write(true)
        .create_new(true)
        .open(&path)
        .map_err(|error| told(&path, &error))?;
    if let Err(error) = fill(&mut file, text) {
        let _gone = fs::remove_file(&path);
        return Err(told(&path, &error));
    }
    Ok(path)
}

fn fill(file: &mut File, text: &str) -> io::Result<()> {
    file.write_all(text.as_bytes())?;
    file.sync_all()
}

#[expect(
    clippy::wildcard_enum_match_arm,
    reason = "the kinds are not ours, and grow"
)]
fn told(path: &Path, error: &io::Error) -> String {
    let folder = path.parent().unwrap_or(path).display();
    let file = path.display();
    match error.kind() {
        io::ErrorKind::AlreadyExists => format!("{file} is there already; choose another name"),
        io::ErrorKind::NotFound | io::ErrorKind::NotADirectory => {
            format!("{folder} is no folder; make it first, or choose another")
        }
        io::ErrorKind::PermissionDenied | io::ErrorKind::ReadOnlyFilesystem => {
            format!("{folder} cannot be written to; choose another folder")
        }
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => {
            format!("there is no room left in {folder}; choose another folder")
        }
        _ => format!("{file}: {error}; choose another name"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_new_and_private() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("shop.log");
        assert_eq!(write_new(&path, "one\ntwo\n").unwrap(), path);
        assert_eq!(fs::read_to_string(&path).unwrap(), "one\ntwo\n");
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt as _;
            assert_eq!(
                fs::metadata(&path).unwrap().permissions().mode() & 0o777,
                0o600
            );
        }
        let refused = write_new(&path, "three\n").unwrap_err();
        assert!(
            refused.ends_with("is there already; choose another name"),
            "{refused}"
        );
        assert_eq!(fs::read_to_string(&path).unwrap(), "one\ntwo\n");
    }

    #[test]
    fn a_folder_is_not_made() {
        let dir = tempfile::tempdir().unwrap();
        let refused = write_new(&dir.path().join("no/shop.log"), "x").unwrap_err();
        assert!(
            refused.ends_with("is no folder; make it first, or choose another"),
            "{refused}"
        );
        let file = dir.path().join("file");
        fs::write(&file, "").unwrap();
        let refused = write_new(&file.join("shop.log"), "x").unwrap_err();
        assert!(refused.contains("is no folder"), "{refused}");
        let refused = write_new(dir.path(), "x").unwrap_err();
        assert!(refused.contains("is there already"), "{refused}");
    }
}
