//! Reads the configuration file and the environment into types that the other modules define.
//!
//! Reading is lenient: every mistake is noted with file, line, column, key and what is allowed,
//! what it concerns is left out, and the rest still loads. Only a file that is not TOML stops.
//! Nothing here asks a platform anything, and no message carries a token.

mod classes;
mod context;
mod credential;
mod discover;
mod environment;
mod keys;
mod load;
pub(crate) mod nearest;
mod netrc;
mod notify;
mod problem;
mod section;
mod settings;
#[cfg(test)]
mod tests;
mod token;
mod ui;
mod yaml;

use std::fmt;
use std::path::{Path, PathBuf};
use std::time::Duration;

use thiserror::Error;
use toml::de::DeTable;

pub use self::classes::ClassRule;
pub(crate) use self::context::parse_duration;
pub use self::environment::Environment;
pub use self::load::{LoadOptions, file, load, narrowed};
pub use self::problem::{Position, Problem, Severity};
pub use self::ui::{ColourMode, UiConfig};

use self::context::Draft;
use self::problem::{Noted, Report};
use self::section::Section;
use crate::app::contexts::ClassRules;
use crate::app::keymap::Keymap;
use crate::app::notify::NotifyRules;
use crate::model::{Class, Text};
use crate::platforms::{Adapter, Connection};

/// The commented default file.
pub const DEFAULT: &str = include_str!("../../config/default.toml");

/// The tables of the file.
const KEYS: &[&str] = &["contexts", "classes", "ui", "notify", "keys"];

/// Everything that is configured.
#[derive(Clone, Debug)]
pub struct Config {
    /// The contexts in the order of the file; those with a fatal problem are left out.
    pub contexts: Vec<ContextConfig>,
    /// The names of those that are left out.
    pub left_out: Vec<Text>,
    /// How names tell the class of an environment; the first match wins.
    pub classes: Vec<ClassRule>,
    /// How the screen looks.
    pub ui: UiConfig,
    /// How somebody who looks elsewhere is told.
    pub notify: NotifyRules,
    /// Which key means what.
    pub keys: Keymap,
    /// What is wrong, in the order of the file.
    pub problems: Vec<Problem>,
    /// The file it came from; absent where there is none.
    pub source: Option<PathBuf>,
}

/// A named account on a platform.
#[derive(Clone)]
pub struct ContextConfig {
    /// Its name: what targets and the context column say.
    pub name: Text,
    /// Its platform.
    pub adapter: &'static Adapter,
    /// How it is reached.
    pub connection: Connection,
    /// How much all of it matters, where that is configured.
    pub class: Option<Class>,
    /// Whether every operation is confirmed one tier higher and locked at first.
    pub is_protected: bool,
    /// Whether nothing may be changed; always equal to [`Connection::read_only`].
    pub is_read_only: bool,
    /// How often lists are asked for; absent for the platform's own rhythm.
    pub poll: Option<Duration>,
    /// Where its token comes from, in words. Never the token.
    pub credential_source: Text,
}

impl fmt::Debug for ContextConfig {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ContextConfig")
            .field("name", &self.name)
            .field("platform", &self.adapter.profile.name)
            .field("base_url", &self.connection.base_url.as_str())
            .field("credential_source", &self.credential_source)
            .finish_non_exhaustive()
    }
}

impl Config {
    /// The rules as they are applied.
    #[must_use]
    pub fn rules(&self) -> ClassRules {
        let rules = self.classes.iter();
        ClassRules(
            rules
                .map(|rule| (rule.class, rule.pattern.clone()))
                .collect(),
        )
    }

    /// Whether something is wrong that is more than a warning.
    #[must_use]
    pub fn has_errors(&self) -> bool {
        let mut problems = self.problems.iter();
        problems.any(|problem| problem.severity == Severity::Error)
    }
}

/// Why there is no configuration at all.
#[derive(Debug, Error)]
pub enum ConfigError {
    /// A file that was asked for cannot be read.
    #[error("configuration {path} {reason}\n{advice}")]
    Unreadable {
        /// The file.
        path: Text,
        /// Why.
        reason: Text,
        /// What to do.
        advice: Text,
    },
    /// The file is not TOML.
    #[error("{problem}\n  {excerpt}")]
    Syntax {
        /// Where and what.
        problem: Box<Problem>,
        /// The line; the value is left out where it may be a token.
        excerpt: Text,
    },
    /// A context that was asked for is not there.
    #[error("no context \"{name}\"; {hint}")]
    UnknownContext {
        /// The name asked for.
        name: Text,
        /// What there is, or why it is left out.
        hint: Text,
    },
}

/// Where a text comes from, and what that allows.
#[derive(Clone, Debug)]
pub struct Origin {
    /// Its name in messages.
    pub name: String,
    /// The file it was read from; paths in it are relative to its folder.
    pub path: Option<PathBuf>,
    /// Whether nobody but the owner can read it: only then may a token stand in it.
    pub is_private: bool,
    /// Variables and folders.
    pub environment: Environment,
}

impl Origin {
    /// A path written in it.
    fn path(&self, written: &str) -> PathBuf {
        let path = self.environment.expand(written);
        let folder = self.path.as_deref().and_then(Path::parent);
        folder.map_or(path.clone(), |folder| folder.join(path))
    }
}

/// Reads a text, looking at nothing else but for addresses and organisations that it leaves to a
/// platform's own program.
///
/// # Errors
/// [`ConfigError::Syntax`] if it is not TOML.
pub fn parse(text: &str, origin: &Origin) -> Result<Config, ConfigError> {
    let (config, _drafts) = read_text(text, origin, false)?;
    Ok(config)
}

/// Reads a text; also tells whether it configures any context, even one that is left out.
fn read_text(text: &str, origin: &Origin, look: bool) -> Result<(Config, bool), ConfigError> {
    let table = DeTable::parse(text).map_err(|error| syntax(text, origin, &error))?;
    let mut report = Report::new(&origin.name, text);
    let file = Section::new(table.get_ref(), String::new(), 0..0);
    file.check_keys(KEYS, &mut report);
    let (drafts, left_out) = contexts(&file, origin, &mut report);
    if look {
        for draft in &drafts {
            let entry = discover::entry(draft.context.adapter.profile.name);
            let base_url = &draft.context.connection.base_url;
            if let Err(problem) = draft.source.look(&origin.environment, entry, base_url) {
                report.warning(&draft.key, &draft.at, problem.as_str());
            }
        }
    }
    let classes = classes::read(&file, &mut report);
    let ui = ui::read(&file, &mut report).with_environment(&origin.environment);
    let notify = notify::read(&file, &mut report);
    let keys = keys::read(&file, &mut report);
    let config = Config {
        contexts: drafts.into_iter().map(|draft| draft.context).collect(),
        left_out,
        classes,
        ui,
        notify,
        keys,
        problems: report.into_problems(),
        source: origin.path.clone(),
    };
    Ok((config, file.value("contexts").is_some()))
}

/// The contexts, and the names of those that cannot be used; why is in the report.
fn contexts(
    file: &Section<'_>,
    origin: &Origin,
    report: &mut Report<'_>,
) -> (Vec<Draft>, Vec<Text>) {
    let (mut drafts, mut left_out) = (Vec::new(), Vec::new());
    let expected = "tables ([contexts.NAME])";
    let Ok(Some(contexts)) = file.section("contexts", expected, report) else {
        return (drafts, left_out);
    };
    for (name, at, value) in contexts.entries() {
        let path = contexts.key(name);
        let read = match value.get_ref().as_table() {
            Some(table) => context::read(name, &Section::new(table, path, at), origin, report),
            None => Err(section::wrong_type(
                &path,
                "a table ([contexts.NAME])",
                value,
                report,
            )),
        };
        match read {
            Ok(draft) => drafts.push(draft),
            Err(Noted) => left_out.push(Text::clean(name)),
        }
    }
    (drafts, left_out)
}

fn syntax(text: &str, origin: &Origin, error: &toml::de::Error) -> ConfigError {
    let at = error.span().map_or(0, |span| span.start);
    let position = problem::position(text, at);
    let line = text.lines().nth(position.line - 1).unwrap_or("");
    // The line may be the one with the token: keys are shown, values are not.
    let excerpt = match line.split_once('=') {
        Some((key, _)) => format!("{} = …", key.trim()),
        None if line.trim_start().starts_with('[') => line.to_owned(),
        None => "…".into(),
    };
    ConfigError::Syntax {
        problem: Box::new(Problem {
            file: Text::clean(&origin.name),
            position: Some(position),
            key: Text::default(),
            message: Text::clean(&format!("not TOML: {}", error.message())),
            severity: Severity::Error,
        }),
        excerpt: Text::clean(&excerpt),
    }
}
