//! Where flightdeck's files are.
//!
//! Variables win over the system's own folders on every system, so that a test, a container and
//! an unusual home need no special case. Which variables are set is told by the caller: only
//! `config` reads the environment.

use std::path::{Path, PathBuf};

use directories::ProjectDirs;

/// The name of the folder below the system's folders.
const FOLDER: &str = "flightdeck";

/// Tells the value of an environment variable, absent when unset or empty.
pub type Lookup<'a> = &'a dyn Fn(&str) -> Option<String>;

/// The folder of the configuration file: `$FLIGHTDECK_CONFIG_DIR`, `$XDG_CONFIG_HOME/flightdeck`,
/// then `system`.
#[must_use]
pub fn config_dir(variable: Lookup<'_>, system: Option<PathBuf>) -> Option<PathBuf> {
    folder(variable, "FLIGHTDECK_CONFIG_DIR", "XDG_CONFIG_HOME", system)
}

/// The folder of what is kept between runs: `$FLIGHTDECK_STATE_DIR`, `$XDG_STATE_HOME/flightdeck`,
/// then `system`.
#[must_use]
pub fn state_dir(variable: Lookup<'_>, system: Option<PathBuf>) -> Option<PathBuf> {
    folder(variable, "FLIGHTDECK_STATE_DIR", "XDG_STATE_HOME", system)
}

/// The folder of the audit, below that of what is kept between runs.
#[must_use]
pub fn audit_dir(state: &Path) -> PathBuf {
    state.join("audit")
}

/// Where this system keeps configuration.
#[must_use]
pub fn system_config_dir() -> Option<PathBuf> {
    project().map(|dirs| dirs.config_dir().to_owned())
}

/// Where this system keeps state; where it has no such place, its local data.
#[must_use]
pub fn system_state_dir() -> Option<PathBuf> {
    project().map(|dirs| {
        dirs.state_dir()
            .unwrap_or_else(|| dirs.data_local_dir())
            .to_owned()
    })
}

fn project() -> Option<ProjectDirs> {
    ProjectDirs::from("", "", FOLDER)
}

fn folder(variable: Lookup<'_>, own: &str, xdg: &str, system: Option<PathBuf>) -> Option<PathBuf> {
    // The XDG rules: a relative path is to be ignored.
    let xdg = || {
        let base = PathBuf::from(variable(xdg)?);
        base.is_absolute().then(|| base.join(FOLDER))
    };
    variable(own).map(PathBuf::from).or_else(xdg).or(system)
}

// What is absolute differs between systems; the order does not.
#[cfg(all(test, unix))]
mod tests {
    use super::*;

    fn check(variables: &[(&str, &str)], expected: &str) {
        let variable = |name: &str| {
            let found = variables.iter().find(|(key, _)| *key == name);
            found.map(|(_, value)| (*value).to_owned())
        };
        let found = config_dir(&variable, Some("/system".into()));
        assert_eq!(found, Some(PathBuf::from(expected)), "{variables:?}");
    }

    #[test]
    fn the_most_specific_folder_wins() {
        let own = ("FLIGHTDECK_CONFIG_DIR", "/own");
        let xdg = ("XDG_CONFIG_HOME", "/xdg");
        check(&[own, xdg], "/own");
        check(&[xdg], "/xdg/flightdeck");
        check(&[("XDG_CONFIG_HOME", "relative")], "/system");
        check(&[], "/system");
    }
}
