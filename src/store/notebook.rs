//! What adapters note about a context, from one run to the next.
//!
//! One file per context, one line per note: `{"note":"…"}`. Several processes may note at once: each
//! adds whole lines under a lock, under which a long file is also shortened, by putting a shorter
//! one in its place. A line that is torn, foreign or too long is no note. Nothing here stops
//! anybody: what cannot be read or written is in the log, and what cannot be written is known until
//! the program ends.

use std::fs::File;
use std::io::{self, BufRead as _, BufReader, Read as _, Seek as _, SeekFrom, Write as _};
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};
use tempfile::NamedTempFile;

use super::private::{make, options};
use crate::model::{Notebook, Scratch};

/// The folder, below the state folder.
const FOLDER: &str = "notebooks";

/// So many notes are kept: more than a platform shows at once.
const MOST: usize = 1_000;

/// So many more lines may stand there before the file is shortened, so that not every note writes
/// it anew.
const SLACK: usize = 250;

/// The longest line. A note is an id or two with a few words.
const LINE: usize = 16 * 1024;

/// Of a longer file, which nobody here has written, the end is read.
const FILE: u64 = ((MOST + SLACK) * LINE) as u64;

/// The longest part of a file's name that is the context's.
const NAME: usize = 48;

/// The notebook of one context.
#[derive(Debug)]
pub struct Kept {
    file: PathBuf,
    /// What could not be written.
    unwritten: Scratch,
}

#[derive(Serialize, Deserialize)]
struct Line<'a> {
    #[serde(borrow)]
    note: std::borrow::Cow<'a, str>,
}

impl Kept {
    /// The notebook of the context of that name at that origin, below the state folder. Another
    /// origin is another world, whose notes are of no use. Reads and writes nothing yet.
    #[must_use]
    pub fn new(state: &Path, context: &str, origin: &str) -> Self {
        let safe = |c: char| if c.is_ascii_alphanumeric() { c } else { '-' };
        let name: String = context.chars().map(safe).take(NAME).collect();
        // Names that look alike once they are made safe have files of their own.
        let digest = super::audit::digest(format!("{context}\n{origin}").as_bytes());
        let mark = digest.get(..16).unwrap_or_default();
        Self {
            file: state.join(FOLDER).join(format!("{name}-{mark}.jsonl")),
            unwritten: Scratch::default(),
        }
    }

    fn write(&self, note: &str) -> io::Result<()> {
        let line = serde_json::to_string(&Line { note: note.into() })?;
        if line.len() >= LINE {
            return Err(io::Error::new(
                io::ErrorKind::InvalidInput,
                "it is too long",
            ));
        }
        make(self.file.parent().unwrap_or(Path::new(".")))?;
        // Not the file itself: it is replaced while others wait for it.
        let lock = self.file.with_extension("lock");
        let lock = options().write(true).create(true).open(lock)?;
        lock.lock()?;
        // What cannot be shortened does not grow either.
        shorten(&self.file)?;
        append(&self.file, &line)
    }
}

impl Notebook for Kept {
    fn notes(&self) -> Vec<String> {
        let mut notes = match read(&self.file) {
            Ok(read) => read.notes,
            Err(error) => {
                tracing::warn!(file = %self.file.display(), %error, "notes are not read");
                Vec::new()
            }
        };
        notes.extend(self.unwritten.notes());
        newest(notes)
    }

    fn note(&self, line: &str) {
        if let Err(error) = self.write(line) {
            tracing::warn!(file = %self.file.display(), %error, "a note is not kept");
            self.unwritten.note(line);
        }
    }
}

/// Adds a line, after the end of one that is torn.
fn append(file: &Path, line: &str) -> io::Result<()> {
    let mut file = options().read(true).append(true).create(true).open(file)?;
    let length = file.metadata()?.len();
    let mut last = [b'\n'];
    if length > 0 {
        file.seek(SeekFrom::Start(length - 1))?;
        file.read_exact(&mut last)?;
    }
    let gap = if last == [b'\n'] { "" } else { "\n" };
    let written = file.write_all(format!("{gap}{line}\n").as_bytes());
    if written.is_err() {
        // On a full disk nothing is better than half a line; if not even that can be had, the half is
        // no note.
        let _half = file.set_len(length);
    }
    written
}

/// Puts the newest notes in the place of a file that has become long, before one more is added.
fn shorten(file: &Path) -> io::Result<()> {
    let read = read(file)?;
    if read.lines < MOST + SLACK && !read.is_cut {
        return Ok(());
    }
    let folder = file.parent().unwrap_or(Path::new("."));
    // In the same folder, because a file is only renamed in one step within a file system. The
    // crate makes it readable for its owner alone.
    let mut new = NamedTempFile::new_in(folder)?;
    for note in newest(read.notes) {
        let line = Line { note: note.into() };
        serde_json::to_writer(&mut new, &line)?;
        new.write_all(b"\n")?;
    }
    new.persist(file)?;
    Ok(())
}

/// What a file has.
#[derive(Default)]
struct Read {
    notes: Vec<String>,
    /// How many lines there are, notes or not.
    lines: usize,
    /// Whether more stands there than is read.
    is_cut: bool,
}

fn read(file: &Path) -> io::Result<Read> {
    let mut file = match File::open(file) {
        Ok(file) => file,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Read::default()),
        Err(error) => return Err(error),
    };
    let length = file.metadata()?.len();
    let start = length.saturating_sub(FILE);
    file.seek(SeekFrom::Start(start))?;
    let mut read = Read {
        is_cut: start > 0,
        ..Read::default()
    };
    let mut from = BufReader::new(file.take(FILE));
    while let Some(line) = next_line(&mut from)? {
        read.lines += 1;
        read.notes.extend(note(&line));
    }
    Ok(read)
}

/// The next line; nothing of it where it is too long or torn.
fn next_line(from: &mut impl io::BufRead) -> io::Result<Option<Vec<u8>>> {
    let mut line = Vec::new();
    from.by_ref()
        .take(LINE as u64)
        .read_until(b'\n', &mut line)?;
    if line.is_empty() {
        return Ok(None);
    }
    if line.pop() == Some(b'\n') {
        return Ok(Some(line));
    }
    from.skip_until(b'\n')?;
    Ok(Some(Vec::new()))
}

fn note(line: &[u8]) -> Option<String> {
    let line: Line<'_> = serde_json::from_slice(line).ok()?;
    Some(line.note.into_owned())
}

/// As many of the newest as are kept.
fn newest(mut notes: Vec<String>) -> Vec<String> {
    notes.drain(..notes.len().saturating_sub(MOST));
    notes
}

#[cfg(test)]
mod tests;
