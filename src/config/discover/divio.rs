//! Divio: its variable, else the login that the Divio CLI keeps in netrc, in the zone that
//! `DIVIO_ZONE` names.

use std::path::PathBuf;

use url::Url;

use super::super::context::check_url;
use super::super::credential::{Source, private_text};
use super::super::problem::Problem;
use super::super::{Environment, netrc};
use super::{Account, Entry, Findings, PLAIN, problem, variable};
use crate::model::Profile;

pub(super) const ENTRY: Entry = Entry {
    platform: "divio",
    find,
    ..PLAIN
};

fn find(profile: &Profile, environment: &Environment) -> Findings {
    match account(profile, environment) {
        Ok(account) => Findings {
            accounts: account.into_iter().collect(),
            problems: Vec::new(),
        },
        Err(problem) => Findings::only(problem),
    }
}

fn account(profile: &Profile, environment: &Environment) -> Result<Option<Account>, Problem> {
    let zone = Zone::of(environment, profile.base_url)?;
    let source = match variable(profile, environment) {
        Some(source) => Some(source),
        None => from_netrc(&zone.machines, environment)?,
    };
    Ok(source.map(|source| Account::new(profile.name, zone.api, source)))
}

/// Where the platform is, and under which names netrc may know it.
struct Zone {
    api: Url,
    machines: Vec<String>,
}

impl Zone {
    /// What `DIVIO_ZONE` says, as the Divio CLI reads it: the name of a zone, or an address in
    /// whose host the first `control` stands for `api`.
    ///
    /// Source: divio-cli, cloud.py and client.py; the token is kept under the control panel's host.
    fn of(environment: &Environment, default: &str) -> Result<Self, Problem> {
        let problem = |reason: String| problem("DIVIO_ZONE", &format!("DIVIO_ZONE {reason}"));
        let Some(zone) = environment.variable("DIVIO_ZONE") else {
            let api = check_url(default, false).map_err(problem)?;
            let host = api.host_str().unwrap_or("").to_owned();
            let control = host.replacen("api", "control", 1);
            return Ok(Self {
                api,
                machines: vec![control, host],
            });
        };
        if !zone.contains("://") {
            let api = check_url(&format!("https://api.{zone}"), false).map_err(problem)?;
            return Ok(Self {
                api,
                machines: vec![format!("control.{zone}"), format!("api.{zone}")],
            });
        }
        let mut api = check_url(&zone, false).map_err(problem)?;
        let host = api.host_str().unwrap_or("").to_owned();
        let replaced = host.replacen("control", "api", 1);
        api.set_host(Some(&replaced))
            .map_err(|error| problem(format!("has no usable host: {error}")))?;
        Ok(Self {
            api,
            machines: vec![host, replaced],
        })
    }
}

fn from_netrc(machines: &[String], environment: &Environment) -> Result<Option<Source>, Problem> {
    let named = environment.variable("NETRC_PATH").map(PathBuf::from);
    let usual = || environment.home().map(|home| home.join(".netrc"));
    let Some(file) = named.or_else(usual).filter(|file| file.exists()) else {
        return Ok(None);
    };
    let text = private_text(&file).map_err(|reason| problem("netrc", reason.as_str()))?;
    let machine = machines
        .iter()
        .find(|machine| netrc::password(&text, machine).is_some());
    Ok(machine.map(|machine| Source::Netrc {
        file: file.clone(),
        machine: machine.clone(),
    }))
}
