//! The logins of doctl, DigitalOcean's command-line tool, in the file that it writes.
//!
//! The file is read anew each time, so that `doctl auth switch` and a renewed login need no
//! restart, and never written.
//!
//! Source: DigitalOcean contract, section 7.

use std::path::{Path, PathBuf};

use super::super::Environment;
use super::super::credential::private_text;
use super::super::problem::{Problem, Severity};
use super::super::yaml::{Settings, Unreadable};
use super::{NO_CAUTION, NO_ORGANISATION, Tool, problem, problem_in};
use crate::model::{Secret, Text};

pub(super) const TOOL: Tool = Tool {
    name: "doctl",
    describe,
    read: token,
    caution: NO_CAUTION,
    organisation: NO_ORGANISATION,
    keep: None,
};

/// The context whose token stands at the top of the file, and which is in use where none is named.
pub(super) const DEFAULT: &str = "default";

/// What the file says.
#[derive(Debug)]
pub(super) struct Doctl {
    /// The file.
    pub(super) file: PathBuf,
    /// The context in use. It may have no token.
    pub(super) current: String,
    /// Contexts that have a token, in the order of the file, and their tokens.
    pub(super) logins: Vec<(String, Secret)>,
    /// Where the API is, if not where it usually is.
    pub(super) api_url: Option<String>,
}

impl Doctl {
    /// Reads the file; nothing where there is none.
    pub(super) fn read(environment: &Environment) -> Result<Option<Self>, Problem> {
        let Some(file) = file(environment) else {
            return Ok(None);
        };
        if let Ok(false) = file.try_exists() {
            return Ok(None);
        }
        let text = private_text(&file).map_err(|reason| problem("doctl", reason.as_str()))?;
        let read = Settings::read(&text);
        let read = read.and_then(|settings| Self::of(&settings, file.clone(), environment));
        read.map(Some).map_err(|Unreadable(line)| {
            let message = "this line is not as doctl writes it; mend it, or move the file away \
                           and log in again with `doctl auth init`";
            problem_in(&file, Some(line), "doctl", message)
        })
    }

    fn of(
        settings: &Settings,
        file: PathBuf,
        environment: &Environment,
    ) -> Result<Self, Unreadable> {
        let named = settings.scalar("context")?.map(str::to_owned);
        let current = environment.variable("DIGITALOCEAN_CONTEXT").or(named);
        let current = current.map_or_else(|| DEFAULT.to_owned(), |name| folded(&name));
        let own = settings.scalar("access-token")?.unwrap_or("");
        // What is called `default` below is not the default context, and nobody's.
        let mut others = settings.entries("auth-contexts")?;
        others.retain(|(name, _)| *name != DEFAULT);
        let all = std::iter::once((DEFAULT, own)).chain(others);
        let logins = all
            .map(|(name, token)| (name.to_owned(), bare(token)))
            .filter(|(_, token)| !token.is_empty())
            .map(|(name, token)| (name, Secret::new(token)));
        Ok(Self {
            file,
            current,
            logins: logins.collect(),
            api_url: settings.scalar("api-url")?.map(str::to_owned),
        })
    }

    /// The token of a context.
    fn token(&self, name: &str) -> Option<&Secret> {
        let mut logins = self.logins.iter();
        let found = logins.find(|(known, _)| known == name);
        found.map(|(_, token)| token)
    }

    /// What to do where a context has no token.
    fn missing(&self, name: &str) -> String {
        let names: Vec<_> = self.logins.iter().map(|(name, _)| name.as_str()).collect();
        let there = match names.join(", ") {
            names if names.is_empty() => String::new(),
            names => format!(", or use one that has: {names}"),
        };
        let login = init(name);
        format!("doctl context \"{name}\" has no token: log in with `{login}`{there}")
    }

    /// What is wrong with the context in use, if somebody named it.
    pub(super) fn trouble(&self) -> Option<Problem> {
        let is_fine = self.current == DEFAULT || self.token(&self.current).is_some();
        (!is_fine).then(|| Problem {
            severity: Severity::Warning,
            ..problem_in(&self.file, None, "context", &self.missing(&self.current))
        })
    }
}

/// A file that was named and is not there.
pub(super) fn missing_file(environment: &Environment) -> Option<Problem> {
    let name = "DIGITALOCEAN_CONFIG";
    let file = environment.expand(&environment.variable(name)?);
    let is_missing = matches!(file.try_exists(), Ok(false));
    is_missing.then(|| {
        let file = file.display();
        let message = format!("{name} names {file}, which does not exist: correct or unset it");
        Problem {
            severity: Severity::Warning,
            ..problem(name, &message)
        }
    })
}

/// Where doctl keeps its settings.
fn file(environment: &Environment) -> Option<PathBuf> {
    let named = environment.variable("DIGITALOCEAN_CONFIG");
    let usual = || {
        Some(
            environment
                .settings_dir()?
                .join("doctl")
                .join("config.yaml"),
        )
    };
    named.map(|named| environment.expand(&named)).or_else(usual)
}

/// A token as doctl sends it: without what people paste around it.
pub(super) fn bare(token: &str) -> &str {
    token.trim_matches(|c: char| c == '\'' || c.is_whitespace())
}

/// doctl compares names in lower case.
fn folded(name: &str) -> String {
    name.trim().to_lowercase()
}

/// The command that logs a context in.
fn init(name: &str) -> String {
    match name {
        DEFAULT => "doctl auth init".into(),
        name => format!("doctl auth init --context {name}"),
    }
}

fn describe(environment: &Environment, name: Option<&str>) -> String {
    let file = file(environment);
    let place = file.map_or_else(|| "no file".to_owned(), |file| environment.shortened(&file));
    match name {
        Some(name) => format!("doctl context {} ({place})", folded(name)),
        None => format!("doctl's context in use ({place})"),
    }
}

fn token(environment: &Environment, name: Option<&str>) -> Result<Secret, Text> {
    let doctl = Doctl::read(environment).map_err(|problem| said(&problem))?;
    let doctl = doctl.ok_or_else(|| nobody(file(environment).as_deref()))?;
    let name = name.map_or_else(|| doctl.current.clone(), folded);
    let token = doctl.token(&name).cloned();
    token.ok_or_else(|| Text::clean(&doctl.missing(&name)))
}

/// Nobody has logged in.
fn nobody(file: Option<&Path>) -> Text {
    let place = file.map_or("the folder of settings".into(), |file| {
        file.display().to_string()
    });
    Text::clean(&format!(
        "doctl keeps no login: {place} does not exist; log in with `doctl auth init`"
    ))
}

/// A problem as the reason why there is no token.
fn said(problem: &Problem) -> Text {
    match problem.position {
        // The message names the file.
        None => problem.message.clone(),
        Some(_) => Text::clean(&problem.to_string()),
    }
}
