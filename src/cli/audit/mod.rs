//! `flightdeck audit`: what was done, by whom, and how it ended; whether the record holds; and
//! finding out about what nobody wrote down the end of.

mod items;
mod resolve;
mod table;

use std::io::Write as _;
use std::path::{Path, PathBuf};

use jiff::Timestamp;
use jiff::tz::TimeZone;

use self::items::{AuditDocument, item};
pub(super) use self::resolve::{catch_up, resolve};
use super::args::{Audit, AuditFormat};
use super::exit::{CliError, Exit};
use super::terminal::{output, tell, tell_more};
use crate::config::Environment;
use crate::shell;
use crate::store::audit::{self, Check, Entry, Flaw};
use crate::store::paths;

/// Shows the audit. Needs no configuration and asks no platform.
pub(super) fn show(args: &Audit, environment: &Environment) -> Result<Exit, CliError> {
    let dir = folder(environment)?;
    let failed = |error| CliError::Io {
        what: format!("cannot read the audit in {}", dir.display()),
        error,
    };
    let now = shell::now();
    let since = args.since.and_then(|since| now.checked_sub(since).ok());
    let all = audit::read(&dir, None).map_err(failed)?;
    let check = audit::verify(&dir).map_err(failed)?;
    let (shown, older) = split(all, since);
    match args.output {
        AuditFormat::Json => json(&shown, &check, now)?,
        AuditFormat::Table if args.verify => verdict(&dir, &check)?,
        AuditFormat::Table => table::write(&mut output(), &shown, &TimeZone::system())?,
    }
    if let Some(flaw) = &check.flaw {
        warn(flaw);
    }
    let open = older.iter().filter(|entry| entry.is_open()).count();
    if open > 0 {
        tell(format_args!("{open} older without a recorded end"));
    }
    if shown.iter().any(Entry::is_open) || open > 0 {
        tell_more("flightdeck audit --resolve finds out what became of what is open");
    }
    Ok(if args.verify && check.flaw.is_some() {
        Exit::Failed
    } else {
        Exit::Done
    })
}

fn folder(environment: &Environment) -> Result<PathBuf, CliError> {
    let state = environment.state_dir().ok_or_else(|| {
        let problem = "there is no home folder, so there is no audit: set FLIGHTDECK_STATE_DIR";
        CliError::Usage(problem.into())
    })?;
    Ok(paths::audit_dir(&state))
}

/// What was asked for or ended since, and what is older.
fn split(all: Vec<Entry>, since: Option<Timestamp>) -> (Vec<Entry>, Vec<Entry>) {
    let is_recent = |entry: &Entry| {
        let last = entry.end.as_ref().map_or(entry.at, |end| end.at);
        since.is_none_or(|since| last.max(entry.at) >= since)
    };
    all.into_iter().partition(is_recent)
}

fn json(entries: &[Entry], check: &Check, now: Timestamp) -> Result<(), CliError> {
    let items: Vec<_> = entries.iter().map(item).collect();
    let mut out = output();
    serde_json::to_writer_pretty(&mut out, &AuditDocument::new(&items, check, now))
        .map_err(std::io::Error::from)?;
    writeln!(out)?;
    Ok(out.flush()?)
}

/// Says whether the chain holds, and how far.
fn verdict(dir: &Path, check: &Check) -> Result<(), CliError> {
    let mut out = output();
    if check.files == 0 {
        writeln!(out, "there is no audit in {} yet", dir.display())?;
        return Ok(out.flush()?);
    }
    let holds = match &check.flaw {
        None => "holds",
        Some(_) => "is broken",
    };
    writeln!(
        out,
        "the chain {holds}: {} lines in {} files in {}",
        check.lines,
        check.files,
        dir.display()
    )?;
    if check.first > 1 {
        writeln!(
            out,
            "it begins at line {}: older files are gone",
            check.first
        )?;
    }
    if check.torn > 0 {
        writeln!(
            out,
            "{} lines were cut short, as by a crash, and are marked",
            check.torn
        )?;
    }
    if check.is_cut {
        writeln!(out, "the last line is cut short, as by a crash")?;
    }
    if let Some((seq, hash)) = &check.last {
        writeln!(out, "the last line that holds is number {seq}, {hash}")?;
    }
    Ok(out.flush()?)
}

fn warn(flaw: &Flaw) {
    let Flaw { file, line, what } = flaw;
    tell(format_args!(
        "the audit cannot be trusted from here on: {}, line {line}, {what}",
        file.display()
    ));
}
