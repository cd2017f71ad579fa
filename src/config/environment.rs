//! What flightdeck reads of the process environment, and the only place that does.

use std::fmt;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use directories::BaseDirs;

use crate::store::paths;

/// Tells the value of a variable.
type Lookup = Arc<dyn Fn(&str) -> Option<String> + Send + Sync>;

/// Variables and folders. A value, so that tests need no process environment.
#[derive(Clone)]
pub struct Environment {
    lookup: Lookup,
    home: Option<PathBuf>,
    settings: Option<PathBuf>,
    system_config: Option<PathBuf>,
    system_state: Option<PathBuf>,
}

impl Environment {
    /// That of this process.
    #[must_use]
    pub fn of_process() -> Self {
        #[expect(
            clippy::disallowed_methods,
            reason = "the one place where the environment is read"
        )]
        let lookup = |name: &str| std::env::var(name).ok();
        let dirs = BaseDirs::new();
        Self {
            lookup: Arc::new(lookup),
            home: dirs.as_ref().map(|dirs| dirs.home_dir().to_owned()),
            settings: dirs.map(|dirs| dirs.config_dir().to_owned()),
            system_config: paths::system_config_dir(),
            system_state: paths::system_state_dir(),
        }
    }

    /// One with exactly these variables, and the folders that follow from `HOME` and
    /// `XDG_CONFIG_HOME` among them.
    #[must_use]
    pub fn fixed(variables: &[(&str, &str)]) -> Self {
        let variables: Vec<(String, String)> = variables
            .iter()
            .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
            .collect();
        let home = variables.iter().find(|(name, _)| name == "HOME");
        let home = home.map(|(_, value)| PathBuf::from(value));
        let below = |path: &str| home.as_ref().map(|home| home.join(path));
        let (system_config, system_state) = (
            below(".config/flightdeck"),
            below(".local/state/flightdeck"),
        );
        let named = variables.iter().find(|(name, _)| name == "XDG_CONFIG_HOME");
        let named = named.map(|(_, value)| PathBuf::from(value));
        let settings = named.or_else(|| below(".config"));
        let lookup = move |wanted: &str| {
            let found = variables.iter().find(|(name, _)| name == wanted);
            found.map(|(_, value)| value.clone())
        };
        Self {
            lookup: Arc::new(lookup),
            home,
            settings,
            system_config,
            system_state,
        }
    }

    /// The value of a variable; absent when it is unset, empty, or not text.
    #[must_use]
    pub fn variable(&self, name: &str) -> Option<String> {
        (self.lookup)(name).filter(|value| !value.is_empty())
    }

    /// The home folder.
    #[must_use]
    pub fn home(&self) -> Option<&Path> {
        self.home.as_deref()
    }

    /// The folder in which programs of this system keep their settings.
    #[must_use]
    pub fn settings_dir(&self) -> Option<&Path> {
        self.settings.as_deref()
    }

    /// The folder of the configuration file.
    #[must_use]
    pub fn config_dir(&self) -> Option<PathBuf> {
        paths::config_dir(&|name| self.variable(name), self.system_config.clone())
    }

    /// The folder of what is kept between runs.
    #[must_use]
    pub fn state_dir(&self) -> Option<PathBuf> {
        paths::state_dir(&|name| self.variable(name), self.system_state.clone())
    }

    /// `path` with a leading `~/` replaced by the home folder.
    #[must_use]
    pub fn expand(&self, path: &str) -> PathBuf {
        match (path.strip_prefix("~/"), self.home()) {
            (Some(rest), Some(home)) => home.join(rest),
            _ => PathBuf::from(path),
        }
    }

    /// `path` for people, with the home folder as `~`.
    #[must_use]
    pub fn shortened(&self, path: &Path) -> String {
        let below = self.home().and_then(|home| path.strip_prefix(home).ok());
        match below {
            Some(rest) => Path::new("~").join(rest).display().to_string(),
            None => path.display().to_string(),
        }
    }
}

impl fmt::Debug for Environment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Environment").finish_non_exhaustive()
    }
}
