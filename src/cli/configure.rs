//! `flightdeck config`: which file is read, and what is wrong with it.

use std::io::Write as _;

use super::args::ConfigView;
use super::exit::{CliError, Exit};
use super::terminal::output;
use crate::config::{self, LoadOptions};

/// Shows what was asked for.
pub(super) fn run(what: ConfigView, options: &LoadOptions) -> Result<Exit, CliError> {
    match what {
        ConfigView::Path => path(options),
        ConfigView::Check => check(options),
        ConfigView::ShowDefault => {
            let mut out = output();
            out.write_all(config::DEFAULT.as_bytes())?;
            out.flush()?;
            Ok(Exit::Done)
        }
    }
}

fn path(options: &LoadOptions) -> Result<Exit, CliError> {
    let Some(path) = config::file(options) else {
        return Err(CliError::Usage(
            "there is no home folder: name a file with --config".into(),
        ));
    };
    let mut out = output();
    writeln!(out, "{}", path.display())?;
    out.flush()?;
    Ok(Exit::Done)
}

/// Every problem, then every context that can be used.
fn check(options: &LoadOptions) -> Result<Exit, CliError> {
    let config = config::load(options)?;
    let mut out = output();
    for problem in &config.problems {
        writeln!(out, "{problem}")?;
    }
    for context in &config.contexts {
        let (name, platform) = (&context.name, context.adapter.profile.name);
        let source = &context.credential_source;
        writeln!(out, "context {name}: {platform}, token from {source}")?;
    }
    match &config.source {
        Some(file) => writeln!(out, "{}", file.display())?,
        None => writeln!(out, "no configuration file: everything as it is by default")?,
    }
    out.flush()?;
    Ok(if config.has_errors() {
        Exit::Usage
    } else {
        Exit::Done
    })
}
