//! The files: appending under a lock, going on after a torn line, rotating.

use std::fs::{self, File};
use std::io::{self, BufRead as _, BufReader, Read as _, Seek as _, SeekFrom, Write as _};
use std::path::{Path, PathBuf};

use super::chain::{GENESIS, digest, hash_of};
use super::record::{BrokenLine, By, Event, Line, VERSION};
pub(super) use crate::store::private::{make, options};

/// The file that grows.
pub(super) const CURRENT: &str = "audit.jsonl";

const LOCK: &str = "audit.lock";

/// What full files are called: this, the day of their first line, and its number.
const ARCHIVE: &str = "audit-";

/// Of this is read from the end first: longer than nearly every line.
const TAIL: u64 = 64 * 1024;

/// A file that is longer is put away: an editor opens it at once.
pub(super) const LIMIT: u64 = 16 * 1024 * 1024;

/// The audit, locked: nobody else writes while this lives.
#[derive(Debug)]
pub(super) struct Folder<'a> {
    dir: &'a Path,
    limit: u64,
    _lock: File,
}

/// Where the chain goes on.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Tail {
    seq: u64,
    hash: String,
    /// Whether only the line break after that line is missing.
    is_unended: bool,
    /// What stands after that line and is none.
    broken: Option<BrokenTail>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
struct BrokenTail {
    bytes: u64,
    digest: String,
    torn: bool,
    ends_a_line: bool,
}

impl<'a> Folder<'a> {
    /// Makes the folder where it is missing, and waits until nobody else writes.
    pub(super) fn lock(dir: &'a Path, limit: u64) -> io::Result<Self> {
        make(dir)?;
        // Not the file itself: it is renamed while others wait for it.
        let path = dir.join(LOCK);
        let lock = options().write(true).create(true).open(path)?;
        lock.lock()?;
        Ok(Self {
            dir,
            limit,
            _lock: lock,
        })
    }

    /// Appends a line. If `safely`, it is on the disk when this returns.
    pub(super) fn append(&self, by: By, event: Event, safely: bool) -> io::Result<()> {
        let path = self.dir.join(CURRENT);
        let mut file = self.open(&path)?;
        let tail = self.tail(&mut file)?;
        // What is torn is marked in the file in which it stands.
        let is_whole = tail.broken.is_none() && !tail.is_unended;
        if is_whole && file.metadata()?.len() > self.limit {
            drop(file);
            self.rotate(&path, &by)?;
            file = self.open(&path)?;
        }
        let length = file.metadata()?.len();
        let text = written(tail, by, event)?;
        let result = file.write_all(text.as_bytes());
        // On a full disk nothing is better than half a line.
        if let Err(error) = result {
            let _ = file.set_len(length);
            return Err(error);
        }
        if safely { file.sync_data() } else { Ok(()) }
    }

    fn open(&self, path: &Path) -> io::Result<File> {
        let is_new = !path.exists();
        let file = options().read(true).append(true).create(true).open(path)?;
        if is_new {
            sync_folder(self.dir)?;
        }
        Ok(file)
    }

    fn rotate(&self, path: &Path, by: &By) -> io::Result<()> {
        let first = first_line(path)?;
        let (seq, at) = first.map_or((0, by.at), |line| (line.seq, line.by.at));
        let day = at.strftime("%Y-%m-%d");
        let mut name = format!("{ARCHIVE}{day}-{seq:09}.jsonl");
        let mut copy = 1;
        // A file without a readable beginning has no number of its own.
        while self.dir.join(&name).exists() {
            copy += 1;
            name = format!("{ARCHIVE}{day}-{seq:09}-{copy}.jsonl");
        }
        fs::rename(path, self.dir.join(name))?;
        sync_folder(self.dir)
    }

    /// Where the chain goes on: in the current file, or after the last one put away.
    fn tail(&self, file: &mut File) -> io::Result<Tail> {
        let here = tail_of(file)?;
        if here.seq > 0 {
            return Ok(here);
        }
        let before = match archives(self.dir)?.last() {
            Some(archive) => tail_of(&mut File::open(archive)?)?,
            None => here.clone(),
        };
        Ok(Tail {
            is_unended: false,
            broken: here.broken,
            ..before
        })
    }
}

/// The files of an audit, oldest first.
pub(super) fn files(dir: &Path) -> io::Result<Vec<PathBuf>> {
    let mut files = archives(dir)?;
    let current = dir.join(CURRENT);
    if current.exists() {
        files.push(current);
    }
    Ok(files)
}

fn archives(dir: &Path) -> io::Result<Vec<PathBuf>> {
    let files = match fs::read_dir(dir) {
        Ok(files) => files,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(error),
    };
    let mut found = Vec::new();
    for file in files {
        let path = file?.path();
        let name = path.file_stem().and_then(|name| name.to_str());
        let is_lines = path.extension().is_some_and(|it| it == "jsonl");
        if is_lines && name.is_some_and(|name| name.starts_with(ARCHIVE)) {
            // By the chain, not by the day: clocks are set back.
            let seq = first_line(&path)?.map_or(0, |line| line.seq);
            found.push((seq, path));
        }
    }
    found.sort();
    Ok(found.into_iter().map(|(_, path)| path).collect())
}

fn first_line(path: &Path) -> io::Result<Option<Line>> {
    let mut line = Vec::new();
    BufReader::new(File::open(path)?).read_until(b'\n', &mut line)?;
    Ok(serde_json::from_slice(&line).ok())
}

/// Keeps writers away while it is read; absent where that cannot be.
pub(super) fn calm(dir: &Path) -> Option<File> {
    let lock = File::open(dir.join(LOCK)).ok()?;
    lock.lock_shared().ok()?;
    Some(lock)
}

/// The last line that is whole, read from the end.
fn tail_of(file: &mut File) -> io::Result<Tail> {
    let length = file.metadata()?.len();
    let mut window = TAIL.min(length);
    loop {
        file.seek(SeekFrom::Start(length - window))?;
        let mut bytes = Vec::new();
        file.take(window).read_to_end(&mut bytes)?;
        if let Some(tail) = last_good(&bytes) {
            return Ok(tail);
        }
        if window == length {
            let broken = broken(&bytes);
            let hash = GENESIS.to_owned();
            return Ok(Tail {
                seq: 0,
                hash,
                is_unended: false,
                broken,
            });
        }
        window = window.saturating_mul(4).min(length);
    }
}

fn last_good(bytes: &[u8]) -> Option<Tail> {
    let mut end = bytes.len();
    loop {
        let start = bytes[..end].iter().rposition(|byte| *byte == b'\n');
        let start = start.map_or(0, |at| at + 1);
        let line = &bytes[start..end];
        // What begins before the window is no line of its own: its hash does not fit.
        if let (Some(hash), Ok(Line { seq, .. })) = (hash_of(line), serde_json::from_slice(line)) {
            return Some(Tail {
                seq,
                hash: hash.to_owned(),
                is_unended: end == bytes.len(),
                broken: bytes.get(end + 1..).and_then(broken),
            });
        }
        end = start.checked_sub(1)?;
    }
}

fn broken(bytes: &[u8]) -> Option<BrokenTail> {
    let ends_a_line = bytes.last()? == &b'\n';
    Some(BrokenTail {
        bytes: bytes.len() as u64,
        digest: digest(bytes),
        torn: !bytes.contains(&b'\n'),
        ends_a_line,
    })
}

/// What is appended after `tail`: the line, and before it a mark where something cannot be read.
fn written(tail: Tail, by: By, event: Event) -> io::Result<String> {
    let Tail {
        seq,
        hash,
        is_unended,
        broken,
    } = tail;
    let mut text = String::from(if is_unended { "\n" } else { "" });
    let mut at = (seq, hash);
    if let Some(broken) = broken {
        if !broken.ends_a_line {
            text.push('\n');
        }
        let mark = Event::Broken(BrokenLine {
            bytes: broken.bytes,
            digest: broken.digest,
            torn: broken.torn,
        });
        at = push(&mut text, at, by.clone(), mark)?;
    }
    push(&mut text, at, by, event)?;
    Ok(text)
}

/// Adds a line after that of a number and hash; gives its own.
pub(super) fn push(
    text: &mut String,
    (seq, prev): (u64, String),
    by: By,
    event: Event,
) -> io::Result<(u64, String)> {
    let seq = seq + 1;
    let line = Line {
        v: VERSION,
        seq,
        prev,
        by,
        event,
    };
    let object = serde_json::to_string(&line)?;
    let (sealed, hash) = super::chain::seal(&object).ok_or(io::ErrorKind::InvalidData)?;
    text.push_str(&sealed);
    text.push('\n');
    Ok((seq, hash))
}

/// Makes the names of new files last.
fn sync_folder(dir: &Path) -> io::Result<()> {
    #[cfg(unix)]
    File::open(dir)?.sync_all()?;
    #[cfg(not(unix))]
    let _ = dir;
    Ok(())
}
