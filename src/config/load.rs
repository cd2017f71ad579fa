//! Which configuration is read, and what becomes of it before it is used.

use std::fs;
use std::path::{Path, PathBuf};

use super::credential::{cause, is_private};
use super::problem::{Problem, Severity};
use super::ui::UiConfig;
use super::{
    Config, ConfigError, ContextConfig, Environment, Origin, classes, discover, nearest, read_text,
};
use crate::app::keymap::Keymap;
use crate::app::notify::NotifyRules;
use crate::model::Text;

/// What decides which configuration is loaded, and how.
#[derive(Clone, Debug)]
pub struct LoadOptions {
    /// The file asked for on the command line.
    pub file: Option<PathBuf>,
    /// Variables and folders.
    pub environment: Environment,
    /// Whether every context is read-only, whatever the file says.
    pub read_only: bool,
    /// The names of the only contexts wanted; empty for all.
    pub only: Vec<String>,
}

/// Finds and reads the configuration.
///
/// Without a file, or with one that configures no context, the credentials found in the
/// environment are offered as contexts.
///
/// # Errors
/// [`ConfigError`]; a missing file is an error only if it was asked for.
pub fn load(options: &LoadOptions) -> Result<Config, ConfigError> {
    let environment = &options.environment;
    let config = match find(options) {
        Some(file) => match read_file(&file.path, file.is_asked_for)? {
            Some((text, is_private)) => parse_and_look(
                &text,
                &Origin {
                    name: file.path.display().to_string(),
                    path: Some(file.path),
                    is_private,
                    environment: environment.clone(),
                },
            )?,
            None => empty(environment),
        },
        None => empty(environment),
    };
    narrowed(config, options)
}

/// The contexts that are wanted of `config`, read-only if that is wanted.
///
/// # Errors
/// [`ConfigError::UnknownContext`].
pub fn narrowed(mut config: Config, options: &LoadOptions) -> Result<Config, ConfigError> {
    keep_only(&mut config, &options.only)?;
    if options.read_only {
        for context in &mut config.contexts {
            context.is_read_only = true;
            context.connection.read_only = true;
        }
    }
    Ok(config)
}

/// The file that [`load`] would read, whether it exists or not.
#[must_use]
pub fn file(options: &LoadOptions) -> Option<PathBuf> {
    find(options).map(|file| file.path)
}

/// Reads a text and looks whether the tokens are where it says, without running commands.
fn parse_and_look(text: &str, origin: &Origin) -> Result<Config, ConfigError> {
    let (mut config, has_contexts) = read_text(text, origin, true)?;
    if !has_contexts {
        let (contexts, problems) = discover::discover(&origin.environment);
        config.contexts = contexts;
        config.problems.extend(problems);
    }
    Ok(config)
}

/// The configuration of a start without a file.
fn empty(environment: &Environment) -> Config {
    let (contexts, problems) = discover::discover(environment);
    Config {
        contexts,
        left_out: Vec::new(),
        classes: classes::shipped(),
        ui: UiConfig::default().with_environment(environment),
        notify: NotifyRules::default(),
        keys: Keymap::default(),
        problems,
        source: None,
    }
}

struct Located {
    path: PathBuf,
    is_asked_for: bool,
}

fn find(options: &LoadOptions) -> Option<Located> {
    let asked_for = |path| Located {
        path,
        is_asked_for: true,
    };
    let variable = || options.environment.variable("FLIGHTDECK_CONFIG");
    let named = options
        .file
        .clone()
        .or_else(|| variable().map(PathBuf::from));
    named.map(asked_for).or_else(|| {
        let folder = options.environment.config_dir()?;
        Some(Located {
            path: folder.join("config.toml"),
            is_asked_for: false,
        })
    })
}

/// The text of a file and whether only its owner can read it; absent if it may be missing and is.
fn read_file(path: &Path, is_asked_for: bool) -> Result<Option<(String, bool)>, ConfigError> {
    let read = fs::metadata(path)
        .and_then(|metadata| Ok((fs::read_to_string(path)?, is_private(&metadata))));
    match read {
        Ok(found) => Ok(Some(found)),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound && !is_asked_for => Ok(None),
        Err(error) => Err(ConfigError::Unreadable {
            path: Text::clean(&path.display().to_string()),
            reason: Text::clean(&cause(&error)),
            advice: Text::clean(
                "name another file with --config or FLIGHTDECK_CONFIG, or begin one with: \
                 flightdeck config show-default > FILE",
            ),
        }),
    }
}

/// Drops every context that was not asked for.
fn keep_only(config: &mut Config, only: &[String]) -> Result<(), ConfigError> {
    for name in only {
        if !config.contexts.iter().any(|it| it.name.as_str() == name) {
            return Err(ConfigError::UnknownContext {
                name: Text::clean(name),
                hint: Text::clean(&missing_context(config, name)),
            });
        }
    }
    if !only.is_empty() {
        let is_wanted = |it: &ContextConfig| only.iter().any(|name| it.name.as_str() == name);
        config.contexts.retain(is_wanted);
        config.left_out.clear();
    }
    Ok(())
}

fn missing_context(config: &Config, name: &str) -> String {
    let key = format!("contexts.{name}");
    let own = |problem: &&Problem| {
        let rest = problem.key.as_str().strip_prefix(&key);
        problem.severity == Severity::Error
            && rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
    };
    if let Some(problem) = config.problems.iter().find(own) {
        return format!("it is left out: {problem}");
    }
    let names: Vec<&str> = config.contexts.iter().map(|it| it.name.as_str()).collect();
    match nearest::nearest(name, names.iter().copied()) {
        Some(near) => format!("did you mean \"{near}\"? there is: {}", names.join(", ")),
        None if names.is_empty() => "none is configured".into(),
        None => format!("there is: {}", names.join(", ")),
    }
}
