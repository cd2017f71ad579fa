//! `vars export`.

use std::fmt::Write as _;
use std::io::{self, ErrorKind, IsTerminal as _, Write as _};
use std::path::{Path, PathBuf};

use tempfile::NamedTempFile;

use super::read;
use crate::cli::args::Export;
use crate::cli::exit::{CliError, Exit};
use crate::cli::fleet::Fleet;
use crate::cli::operate::Place;
use crate::cli::terminal::{output, tell};
use crate::model::catalogue::On;
use crate::model::{Secret, Variable, dotenv};

/// Writes the variables that can be set. Those of the platform itself are not among them: nobody
/// could import them anywhere.
pub(super) async fn run(fleet: &mut Fleet, args: &Export) -> Result<Exit, CliError> {
    if args.to.is_none() && !args.reveal && io::stdout().is_terminal() {
        let advice = "this would show values on the terminal: add --to FILE, or --reveal";
        return Err(CliError::Usage(advice.into()));
    }
    let place = Place::find(fleet, On::Environment, &args.target).await?;
    let subject = place.subject(fleet, On::Environment, &args.target).await?;
    let variables = read(&subject).await?;
    let own: Vec<&Variable> = variables.iter().filter(|it| !it.is_read_only).collect();
    let (written, left_out): (Vec<&Variable>, Vec<&Variable>) =
        own.iter().partition(|it| it.value.is_some() && is_name(it));
    let text = text(&written, &left_out);
    if let Some(path) = &args.to {
        write_file(path, &text, args.overwrite)?;
    } else {
        let mut out = output();
        out.write_all(text.expose().as_bytes())?;
        out.flush()?;
    }
    let to = args
        .to
        .as_ref()
        .map(|path| format!(" to {}", path.display()));
    let (title, count) = (subject.title(), written.len());
    tell(format_args!(
        "{title}: {count} variables written{}",
        to.unwrap_or_default()
    ));
    if let [_, ..] = left_out.as_slice() {
        let names: Vec<&str> = left_out.iter().map(|it| it.name.as_str()).collect();
        let names = names.join(", ");
        tell(format_args!("without a value, as comments only: {names}"));
    }
    Ok(Exit::Done)
}

fn is_name(variable: &Variable) -> bool {
    dotenv::is_name(variable.name.as_str())
}

fn text(written: &[&Variable], left_out: &[&Variable]) -> Secret {
    let pairs = written.iter().filter_map(|it| {
        let value = it.value.clone()?;
        Some((it.name.to_string(), value))
    });
    let pairs = dotenv::write(&pairs.collect::<Vec<_>>());
    let mut text = pairs.expose().to_owned();
    for variable in left_out {
        let why = match (&variable.value, variable.is_sensitive) {
            (Some(_), _) => "its name cannot stand in this file",
            (None, true) => "hidden by the platform",
            (None, false) => "has no value",
        };
        // Writing to a string does not fail.
        let _written = writeln!(text, "# {}: {why}", variable.name);
    }
    Secret::new(text)
}

/// A file that only its owner can read, all of it or none, and none of somebody else's.
fn write_file(path: &Path, text: &Secret, overwrite: bool) -> Result<(), CliError> {
    let failed = |error| CliError::Io {
        what: format!("cannot write {}", path.display()),
        error,
    };
    let folder = path.parent().filter(|it| !it.as_os_str().is_empty());
    let folder = folder.map_or_else(|| PathBuf::from("."), Path::to_owned);
    // Beside it, so that it can take its place at once; nobody else may read such a file.
    let mut file = NamedTempFile::new_in(folder).map_err(failed)?;
    let written = file.write_all(text.expose().as_bytes());
    written.and_then(|()| file.flush()).map_err(failed)?;
    let kept = if overwrite {
        file.persist(path)
    } else {
        file.persist_noclobber(path)
    };
    match kept.map_err(|error| error.error) {
        Ok(_) => Ok(()),
        Err(error) if error.kind() == ErrorKind::AlreadyExists => {
            let path = path.display();
            Err(CliError::Usage(format!(
                "{path} exists: add --overwrite, or choose another name"
            )))
        }
        Err(error) => Err(failed(error)),
    }
}
