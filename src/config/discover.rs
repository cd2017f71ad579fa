//! Contexts from credentials that people have already, for a start without a configuration file.

use std::path::PathBuf;

use url::Url;

use super::context::check_url;
use super::credential::{Source, private_text};
use super::problem::{Problem, Severity};
use super::{ContextConfig, Environment, netrc};
use crate::model::Text;
use crate::platforms::{ADAPTERS, Adapter, Connection};

/// Every platform for which a credential is found, and what is wrong with those that cannot be
/// used.
pub(super) fn discover(environment: &Environment) -> (Vec<ContextConfig>, Vec<Problem>) {
    let mut problems = Vec::new();
    let contexts = ADAPTERS
        .iter()
        .filter_map(|adapter| match offer(adapter, environment) {
            Ok(context) => context,
            Err(problem) => {
                problems.push(problem);
                None
            }
        })
        .collect();
    (contexts, problems)
}

fn offer(
    adapter: &'static Adapter,
    environment: &Environment,
) -> Result<Option<ContextConfig>, Problem> {
    let profile = adapter.profile;
    let variable = profile
        .token_variables
        .iter()
        .find(|name| environment.variable(name).is_some())
        .map(|name| Source::Variable((*name).to_owned()));
    let zone = if profile.name == "divio" {
        Zone::of(environment, profile.base_url)?
    } else {
        let problem = |reason: String| problem("base_url", &reason);
        Zone::plain(check_url(profile.base_url, false).map_err(problem)?)
    };
    let source = match variable {
        Some(source) => Some(source),
        None => from_netrc(&zone.machines, environment)?,
    };
    let Some(source) = source else {
        return Ok(None);
    };
    Ok(Some(ContextConfig {
        name: Text::clean(profile.name),
        adapter,
        credential_source: source.describe(),
        connection: Connection {
            base_url: zone.api,
            credential: source.into_credential(environment.clone()),
            read_only: false,
            organisation: None,
            allow_plain_http: false,
        },
        class: None,
        is_protected: false,
        is_read_only: false,
        poll: None,
    }))
}

/// Where a platform is, and under which names netrc may know it.
struct Zone {
    api: Url,
    machines: Vec<String>,
}

impl Zone {
    fn plain(api: Url) -> Self {
        Self {
            api,
            machines: Vec::new(),
        }
    }

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
    if machines.is_empty() {
        return Ok(None);
    }
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

fn problem(key: &str, message: &str) -> Problem {
    Problem {
        file: Text::clean("environment"),
        position: None,
        key: Text::clean(key),
        message: Text::clean(message),
        severity: Severity::Error,
    }
}
