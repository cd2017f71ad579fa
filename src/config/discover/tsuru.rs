//! tsuru: every target of its client that has a login, the one in use first.
//!
//! A server is wherever its owner runs it, so a login is useful with its address only: a token in
//! `TSURU_TOKEN` is for the target in use, and is sent to no other that nobody configured. Files of
//! the client are read as late as possible and written in one case, see `written`.
//!
//! Source: tsuru contract, section 4.

mod accounts;
mod files;
mod session;
mod targets;
mod written;

use std::sync::{Arc, Mutex};

use jiff::Timestamp;

use self::session::{Kept, Memory};
use self::targets::{Target, Targets, folder};
use super::super::Environment;
use super::super::credential::Source;
use super::{AS_IT_IS, Asked, Entry, NO_ORGANISATION, PLAIN, Tool};
use crate::model::{Profile, Secret, Text};
use crate::platforms::{Credential, Settings};

pub(super) const ENTRY: Entry = Entry {
    platform: "tsuru",
    find: accounts::find,
    tools: &[TOOL],
    usual: Some(&TOOL),
    address,
    ..PLAIN
};

/// The official client. A login is named by a label or an address, as a target is.
const TOOL: Tool = Tool {
    name: "tsuru",
    describe,
    read,
    caution,
    organisation: NO_ORGANISATION,
    keep: Some(keep),
};

/// The variable that wins over every login, for every target.
const VARIABLE: &str = "TSURU_TOKEN";

/// Where the client's login is for. A token of another origin has no address of its own, and would
/// go elsewhere after the next `tsuru target-set`.
fn address(
    _profile: &Profile,
    environment: &Environment,
    asked: Asked<'_>,
    _settings: &Settings,
) -> Result<String, String> {
    let targets = Targets::known(environment);
    let current = targets.current().map(|target| target.address);
    match (asked, current) {
        (Asked::Login(name), _) => Ok(targets.address_of(name)),
        (Asked::InUse, Some(current)) => Ok(current),
        (Asked::InUse, None) => Err(format!(
            "the tsuru client has no target in use; {}",
            line(None)
        )),
        (Asked::Other, current) => Err(format!(
            "a tsuru server is wherever its owner runs it; {}",
            line(current.as_deref())
        )),
    }
}

/// The line that is missing.
fn line(address: Option<&str>) -> String {
    let address = address.unwrap_or("https://tsuru.example.com");
    format!("add: base_url = \"{address}\"")
}

fn describe(environment: &Environment, name: Option<&str>) -> String {
    if environment.variable(VARIABLE).is_some() {
        return format!("environment variable {VARIABLE}");
    }
    let place = folder(environment);
    let place = place.map_or_else(|| "no folder".to_owned(), |it| environment.shortened(&it));
    match target(&Targets::known(environment), name) {
        Some(Target {
            label: Some(label), ..
        }) => format!("tsuru target {label} ({place})"),
        Some(Target { address, .. }) => format!("tsuru's login for {address} ({place})"),
        None => format!("tsuru's target in use ({place})"),
    }
}

/// The target of that name; without one the target in use.
fn target(targets: &Targets, name: Option<&str>) -> Option<Target> {
    match name {
        Some(name) => Some(targets.target(&targets.address_of(name))),
        None => targets.current(),
    }
}

/// The token in the variable.
fn given(environment: &Environment) -> Option<Result<Secret, Text>> {
    environment.variable(VARIABLE)?;
    Some(Source::Variable(VARIABLE.to_owned()).token(environment, AS_IT_IS))
}

/// The token as it is kept, which may be over.
fn read(environment: &Environment, name: Option<&str>) -> Result<Secret, Text> {
    if let Some(token) = given(environment) {
        return token;
    }
    let targets = Targets::known(environment);
    let nowhere = || Text::clean("the tsuru client has no target in use: `tsuru target-set`");
    let target = target(&targets, name).ok_or_else(nowhere)?;
    let login = files::login(environment, &targets, &target.address)?;
    let login = login.ok_or_else(|| missing(&targets, &target.address))?;
    Ok(login.held.token().clone())
}

fn caution(environment: &Environment, name: Option<&str>) -> Option<Text> {
    if given(environment).is_some() {
        return None;
    }
    let targets = Targets::known(environment);
    let target = target(&targets, name)?;
    let login = files::login(environment, &targets, &target.address);
    files::caution(environment, &login.ok()??.file)
}

/// A login by the address it is for, which may be named by a label. A label may move on to another
/// server later; what the context asks does not.
fn keep(environment: Environment, name: &str) -> Credential {
    let address = Targets::known(&environment).address_of(name);
    Arc::new(Kept {
        environment,
        address,
        clock: now,
        memory: Mutex::new(Memory::default()),
    })
}

#[expect(
    clippy::disallowed_methods,
    reason = "the clock by which a session is over; the core has another"
)]
fn now() -> Timestamp {
    Timestamp::now()
}

/// What begins a session for an address.
fn advice(targets: &Targets, address: &str) -> Text {
    let target = targets.target(address);
    let login = match target.label {
        Some(label) if targets.all().len() > 1 => {
            format!("run `tsuru target-set {label}` and `tsuru login`")
        }
        None if !targets.is_current(address) => {
            format!("make {address} the target of the tsuru client and run `tsuru login`")
        }
        Some(_) | None => "run `tsuru login`".to_owned(),
    };
    Text::clean(&login)
}

/// Nobody has logged in.
fn missing(targets: &Targets, address: &str) -> Text {
    let target = targets.target(address);
    let advice = advice(targets, address);
    let known = match (&target.label, targets.labels()) {
        (None, labels) if !labels.is_empty() => format!(" (it knows: {labels})"),
        _ => String::new(),
    };
    let name = target.named();
    Text::clean(&format!(
        "the tsuru client keeps no login for {name}{known}: {advice}"
    ))
}

#[cfg(test)]
mod tests;
