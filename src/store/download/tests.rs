//! Partial files on a real disk.

use std::fs;

use tempfile::TempDir;

use super::*;
use crate::model::{BackupId, BackupPartId};

const ABC: &str = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";

fn spot(folder: &TempDir) -> Spot {
    Spot {
        path: folder.path().join("shop.dump"),
        backup: BackupId::new("b1"),
        part: BackupPartId::new("p1"),
        overwrite: false,
    }
}

fn object() -> Stored {
    Stored {
        total: Some(3),
        etag: Some("\"v1\"".into()),
        ..Stored::default()
    }
}

fn names(folder: &TempDir) -> Vec<String> {
    let entries = fs::read_dir(folder.path()).unwrap().flatten();
    let mut names: Vec<_> = entries
        .map(|entry| entry.file_name().into_string().unwrap())
        .collect();
    names.sort();
    names
}

fn refused(spot: &Spot) -> DiskTrouble {
    Disk.open(spot).map(|_| ()).unwrap_err().trouble
}

#[test]
fn a_complete_file_takes_its_name() {
    let folder = tempfile::tempdir().unwrap();
    let mut part = Disk.open(&spot(&folder)).unwrap();
    part.begin(&object()).unwrap();
    part.add(b"ab").unwrap();
    assert_eq!(names(&folder), ["shop.dump.part", "shop.dump.part.json"]);
    part.add(b"c").unwrap();
    assert_eq!(part.seal().unwrap(), ABC);
    let path = part.publish().unwrap();
    assert_eq!(path, spot(&folder).path);
    assert_eq!(fs::read(path).unwrap(), b"abc");
    assert_eq!(names(&folder), ["shop.dump"]);
}

#[test]
fn another_run_goes_on_with_what_is_there() {
    let folder = tempfile::tempdir().unwrap();
    let mut part = Disk.open(&spot(&folder)).unwrap();
    part.begin(&object()).unwrap();
    part.add(b"ab").unwrap();
    drop(part);
    let mut part = Disk.open(&spot(&folder)).unwrap();
    assert_eq!(part.kept(), (2, Some(object())));
    part.add(b"c").unwrap();
    assert_eq!(part.seal().unwrap(), ABC);
    part.begin(&object()).unwrap();
    part.add(b"abc").unwrap();
    assert_eq!(part.seal().unwrap(), ABC, "and begins anew when told to");
}

#[test]
fn what_never_began_leaves_nothing() {
    let folder = tempfile::tempdir().unwrap();
    drop(Disk.open(&spot(&folder)).unwrap());
    let mut part = Disk.open(&spot(&folder)).unwrap();
    part.begin(&object()).unwrap();
    drop(part);
    assert!(names(&folder).is_empty());
}

#[test]
fn what_is_left_from_something_else_is_not_touched() {
    let folder = tempfile::tempdir().unwrap();
    let mut part = Disk.open(&spot(&folder)).unwrap();
    part.begin(&object()).unwrap();
    part.add(b"ab").unwrap();
    drop(part);
    let other = Spot {
        part: BackupPartId::new("p2"),
        ..spot(&folder)
    };
    assert_eq!(refused(&other), DiskTrouble::Foreign);
    fs::remove_file(folder.path().join("shop.dump.part.json")).unwrap();
    assert_eq!(refused(&spot(&folder)), DiskTrouble::Foreign);
    let part = folder.path().join("shop.dump.part");
    assert_eq!(fs::read(part).unwrap(), b"ab");
}

#[test]
fn two_do_not_write_to_one_file() {
    let folder = tempfile::tempdir().unwrap();
    let mut first = Disk.open(&spot(&folder)).unwrap();
    first.begin(&object()).unwrap();
    assert_eq!(refused(&spot(&folder)), DiskTrouble::Busy);
    first.add(b"abc").unwrap();
    assert_eq!(first.seal().unwrap(), ABC);
    first.publish().unwrap();
}

#[test]
fn a_file_that_exists_is_refused_and_kept() {
    let folder = tempfile::tempdir().unwrap();
    let own = spot(&folder);
    for name in ["shop.dump", "shop.dump.gz"] {
        fs::write(folder.path().join(name), "mine").unwrap();
        assert_eq!(refused(&own), DiskTrouble::Exists);
        fs::remove_file(folder.path().join(name)).unwrap();
    }
    // One that appears meanwhile is kept, too.
    let mut part = Disk.open(&own).unwrap();
    part.begin(&object()).unwrap();
    part.add(b"abc").unwrap();
    fs::write(&own.path, "mine").unwrap();
    let problem = part.publish().unwrap_err();
    assert_eq!(problem.trouble, DiskTrouble::Exists);
    assert_eq!(fs::read(&own.path).unwrap(), b"mine");
    assert_eq!(fs::read(with(&own.path, ".part")).unwrap(), b"abc");
}

#[test]
fn a_file_is_replaced_only_when_that_is_asked_for_and_the_new_one_is_complete() {
    let folder = tempfile::tempdir().unwrap();
    let own = Spot {
        overwrite: true,
        ..spot(&folder)
    };
    fs::write(&own.path, "mine").unwrap();
    let mut part = Disk.open(&own).unwrap();
    part.begin(&object()).unwrap();
    part.add(b"abc").unwrap();
    assert_eq!(fs::read(&own.path).unwrap(), b"mine");
    part.publish().unwrap();
    assert_eq!(fs::read(&own.path).unwrap(), b"abc");
    fs::remove_file(&own.path).unwrap();
    fs::create_dir(&own.path).unwrap();
    assert_eq!(refused(&own), DiskTrouble::Exists, "never a folder");
}

#[test]
fn a_compressed_file_is_named_so() {
    let folder = tempfile::tempdir().unwrap();
    let zipped = Stored {
        is_gzip: true,
        ..object()
    };
    for (name, expected) in [("a.tar", "a.tar.gz"), ("b.tgz", "b.tgz"), ("c.gz", "c.gz")] {
        let own = Spot {
            path: folder.path().join(name),
            ..spot(&folder)
        };
        let mut part = Disk.open(&own).unwrap();
        part.begin(&zipped).unwrap();
        part.add(b"abc").unwrap();
        assert_eq!(part.publish().unwrap(), folder.path().join(expected));
    }
}

#[test]
fn a_missing_folder_is_named() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("file"), "").unwrap();
    for missing in ["none", "file"] {
        let own = Spot {
            path: folder.path().join(missing).join("shop.dump"),
            ..spot(&folder)
        };
        let problem = Disk.open(&own).map(|_| ()).unwrap_err();
        assert_eq!(problem.trouble, DiskTrouble::NoFolder);
        assert_eq!(problem.path, folder.path().join(missing));
    }
}

#[cfg(unix)]
#[test]
fn only_the_user_can_read_it() {
    use std::os::unix::fs::{PermissionsExt as _, symlink};
    let folder = tempfile::tempdir().unwrap();
    let mut part = Disk.open(&spot(&folder)).unwrap();
    part.begin(&object()).unwrap();
    part.add(b"abc").unwrap();
    let mode = |name: &str| {
        let found = fs::metadata(folder.path().join(name)).unwrap();
        found.permissions().mode() & 0o777
    };
    assert_eq!(mode("shop.dump.part"), 0o600);
    assert_eq!(mode("shop.dump.part.json"), 0o600);
    part.publish().unwrap();
    assert_eq!(mode("shop.dump"), 0o600);
    // A link of the name of a partial file could lead anywhere.
    let other = Spot {
        path: folder.path().join("other"),
        ..spot(&folder)
    };
    symlink(folder.path().join("shop.dump"), with(&other.path, ".part")).unwrap();
    assert_eq!(refused(&other), DiskTrouble::Foreign);
    assert_eq!(fs::read(folder.path().join("shop.dump")).unwrap(), b"abc");
}

#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_is_told_as_such() {
    let folder = tempfile::tempdir().unwrap();
    let full = OpenOptions::new().write(true).open("/dev/full").unwrap();
    let mut part = Part {
        spot: spot(&folder),
        file: full,
        path: folder.path().join("shop.dump.part"),
        bytes: 0,
        hash: Context::new(&SHA256),
        object: None,
        is_published: false,
    };
    let problem = part.add(b"abc").unwrap_err();
    assert_eq!(problem.trouble, DiskTrouble::Full);
    assert_eq!(problem.path, part.path);
    assert_eq!(part.kept().0, 0, "what was not written does not count");
}
