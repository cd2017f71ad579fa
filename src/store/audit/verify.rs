//! Whether the chain holds: no line was changed, taken out, put in or moved.
//!
//! What a chain cannot show by itself is that its *last* lines were taken away: for that, number
//! and hash of the last line, which the check names, must be noted elsewhere.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use super::chain::{GENESIS, digest, hash_of};
use super::folder::{calm, files};
use super::record::{BrokenLine, Event, Line};

/// What was found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Check {
    /// How many files there are.
    pub files: usize,
    /// How many lines hold.
    pub lines: u64,
    /// The number of the first line; more than 1 where older files were taken away.
    pub first: u64,
    /// Number and hash of the last line.
    pub last: Option<(u64, String)>,
    /// How many lines were cut short, as by a crash, and marked as such.
    pub torn: u64,
    /// Whether the last line is cut short and not marked yet.
    pub is_cut: bool,
    /// The first place at which the chain does not hold.
    pub flaw: Option<Flaw>,
}

/// Where a chain does not hold.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Flaw {
    /// In which file.
    pub file: PathBuf,
    /// In which line, counted from 1.
    pub line: usize,
    /// What is wrong.
    pub what: &'static str,
}

impl Check {
    /// Whether there is nothing to remark at all.
    #[must_use]
    pub fn is_clean(&self) -> bool {
        self.flaw.is_none() && self.torn == 0 && !self.is_cut && self.first <= 1
    }
}

/// Reads all files of `dir` and follows the chain to its first flaw. A missing folder holds.
///
/// # Errors
/// If a file cannot be read.
pub fn verify(dir: &Path) -> io::Result<Check> {
    let _calm = calm(dir);
    let files = files(dir)?;
    let mut walk = Walk::default();
    walk.check.files = files.len();
    for file in files {
        let bytes = fs::read(&file)?;
        if let Err((line, what)) = walk.file(&bytes) {
            walk.check.flaw = Some(Flaw { file, line, what });
            break;
        }
    }
    Ok(walk.check)
}

#[derive(Default)]
struct Walk {
    check: Check,
}

/// Line, and what is wrong with it.
type Wrong = (usize, &'static str);

impl Walk {
    fn file(&mut self, bytes: &[u8]) -> Result<(), Wrong> {
        // Bytes that were no lines, until a mark accounts for them, and where they begin.
        let mut unread: Option<(usize, usize)> = None;
        let mut at = 0;
        for (number, line) in (1..).zip(bytes.split_inclusive(|byte| *byte == b'\n')) {
            let begin = at;
            at += line.len();
            let content = line.strip_suffix(b"\n").unwrap_or(line);
            let Some((hash, line)) = read(content) else {
                unread.get_or_insert((begin, number));
                continue;
            };
            if let Some((from, first)) = unread.take() {
                self.account(&bytes[from..begin], first, &line)?;
            }
            self.link(number, hash, &line)?;
        }
        match unread {
            None => Ok(()),
            Some((from, _)) if !bytes[from..].contains(&b'\n') => {
                self.check.is_cut = true;
                Ok(())
            }
            Some((_, number)) => Err((number, "was changed")),
        }
    }

    fn link(&mut self, number: usize, hash: &str, line: &Line) -> Result<(), Wrong> {
        match &self.check.last {
            None if line.seq == 1 && line.prev != GENESIS => {
                return Err((number, "is the first and names one before it"));
            }
            None => self.check.first = line.seq,
            Some((seq, _)) if line.seq != seq + 1 => {
                return Err((number, "does not follow the one before: lines are missing"));
            }
            Some((_, hash)) if line.prev != *hash => {
                return Err((number, "does not follow the one before: it was changed"));
            }
            Some(_) => {}
        }
        self.check.lines += 1;
        self.check.last = Some((line.seq, hash.to_owned()));
        Ok(())
    }

    /// What cannot be read is accounted for by a mark that follows it, if it is one line that was
    /// cut short.
    fn account(&mut self, unread: &[u8], first: usize, next: &Line) -> Result<(), Wrong> {
        let Event::Broken(mark) = &next.event else {
            return Err((first, "was changed"));
        };
        let BrokenLine {
            bytes,
            digest: expected,
            torn,
        } = mark;
        let length = usize::try_from(*bytes).unwrap_or(usize::MAX);
        let fits = unread
            .split_at_checked(length)
            .is_some_and(|(cut, rest)| digest(cut) == *expected && rest == b"\n");
        if !(*torn && fits) {
            return Err((first, "was changed"));
        }
        self.check.torn += 1;
        Ok(())
    }
}

fn read(content: &[u8]) -> Option<(&str, Line)> {
    Some((hash_of(content)?, serde_json::from_slice(content).ok()?))
}
