//! tsuru: every target of its client that has a login, the one in use first.
//!
//! A server is wherever its owner runs it, so a login is useful with its address only: a token in
//! `TSURU_TOKEN` is for the target in use, and is sent to no other that nobody configured. Files of
//! the client are read as late as possible and written in one case, see `written`.
//!
//! Source: tsuru contract, section 4.

mod files;
mod session;
mod targets;
mod written;

use std::sync::{Arc, Mutex};

use jiff::Timestamp;

use self::session::{Kept, Memory};
use self::targets::{Target, Targets, folder};
use super::super::Environment;
use super::super::context::check_url;
use super::super::credential::Source;
use super::super::problem::{Problem, Severity};
use super::{AS_IT_IS, Account, Asked, Entry, Findings, Tool, problem};
use crate::model::{Profile, Secret, Text};
use crate::platforms::Credential;

pub(super) const ENTRY: Entry = Entry {
    platform: "tsuru",
    find,
    tidy: AS_IT_IS,
    tools: &[TOOL],
    usual: Some(&TOOL),
    address,
};

/// The official client. A login is named by a label or an address, as a target is.
const TOOL: Tool = Tool {
    name: "tsuru",
    describe,
    read,
    caution,
    keep: Some(keep),
};

/// The variable that wins over every login, for every target.
const VARIABLE: &str = "TSURU_TOKEN";

fn find(profile: &Profile, environment: &Environment) -> Findings {
    let mut found = Findings::default();
    let targets = Targets::read(environment, &mut found.problems);
    if environment.variable(VARIABLE).is_some() {
        find_given(profile, environment, &targets, &mut found);
        return found;
    }
    for target in targets.all() {
        match files::login(environment, &targets, &target.address) {
            Ok(Some(login)) => {
                let source = Source::Login {
                    tool: &TOOL,
                    name: Some(target.address.clone()),
                };
                found.problems.extend(
                    files::caution(environment, &login.file)
                        .map(|text| warning(&target, text.as_str())),
                );
                offer(profile, &target, source, &mut found);
            }
            // Nobody has to be logged in everywhere.
            Ok(None) if !targets.is_current(&target.address) => {}
            Ok(None) => {
                let message = missing(&targets, &target.address);
                found.problems.push(warning(&target, message.as_str()));
            }
            Err(reason) => found.problems.push(problem(VARIABLE, reason.as_str())),
        }
    }
    found
}

/// The token in the variable, for the target in use. For the others it may be meant or not: it is
/// one server's.
fn find_given(
    profile: &Profile,
    environment: &Environment,
    targets: &Targets,
    found: &mut Findings,
) {
    let source = Source::Variable(VARIABLE.to_owned());
    if let Err(reason) = source.token(environment, AS_IT_IS) {
        found.problems.push(problem(VARIABLE, reason.as_str()));
        return;
    }
    let Some(current) = targets.current() else {
        let message = "TSURU_TOKEN is set, and no target: set TSURU_TARGET, or choose one with \
                       `tsuru target-set`";
        found.problems.push(problem(VARIABLE, message));
        return;
    };
    if targets.all().len() > 1 {
        let message = format!(
            "TSURU_TOKEN wins over every login and is used for the target {}: for the others, \
             unset it or configure a context for each",
            current.named()
        );
        found.problems.push(warning(&current, &message));
    }
    offer(profile, &current, source, found);
}

fn offer(profile: &Profile, target: &Target, source: Source, found: &mut Findings) {
    match check_url(&target.address, true) {
        Ok(base_url) if check_url(&target.address, false).is_ok() => found.accounts.push(Account {
            name: name(profile, target),
            base_url,
            source,
        }),
        Ok(_) => found.problems.push(plain(target)),
        Err(reason) => {
            let message = format!("the address of the target {} {reason}", target.named());
            found.problems.push(problem(target.named(), &message));
        }
    }
}

/// A target without TLS. Addresses without a scheme are meant so.
fn plain(target: &Target) -> Problem {
    let (name, address) = (target.named(), &target.address);
    let message = format!(
        "the target {name} would send the token over plain http to another machine: make it \
         https://… (`tsuru target-add`), or configure a context with \
         `base_url = \"{address}\"` and `allow_plain_http = true`"
    );
    problem(name, &message)
}

fn warning(target: &Target, message: &str) -> Problem {
    Problem {
        severity: Severity::Warning,
        ..problem(target.named(), message)
    }
}

/// The name under which a target is offered.
fn name(profile: &Profile, target: &Target) -> String {
    let platform = profile.name;
    match target.label.as_deref() {
        None => platform.to_owned(),
        Some(label) if label.starts_with(platform) => label.to_owned(),
        Some(label) => format!("{platform}-{label}"),
    }
}

/// Where the client's login is for. A token of another origin has no address of its own, and would
/// go elsewhere after the next `tsuru target-set`.
fn address(
    _profile: &Profile,
    environment: &Environment,
    asked: Asked<'_>,
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
    match target(environment, name) {
        Some(Target {
            label: Some(label), ..
        }) => format!("tsuru target {label} ({place})"),
        Some(Target { address, .. }) => format!("tsuru's login for {address} ({place})"),
        None => format!("tsuru's target in use ({place})"),
    }
}

/// The target of that name; without one the target in use.
fn target(environment: &Environment, name: Option<&str>) -> Option<Target> {
    let targets = Targets::known(environment);
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
    let target = target(environment, name).ok_or_else(nowhere)?;
    let login = files::login(environment, &targets, &target.address)?;
    let login = login.ok_or_else(|| missing(&targets, &target.address))?;
    Ok(login.held.token().clone())
}

fn caution(environment: &Environment, name: Option<&str>) -> Option<Text> {
    if given(environment).is_some() {
        return None;
    }
    let target = target(environment, name)?;
    let login = files::login(environment, &Targets::known(environment), &target.address);
    files::caution(environment, &login.ok()??.file)
}

/// A login by the address it is for, which may be named by a label. A label may move on to another
/// server later; what the context asks does not.
fn keep(environment: Environment, name: String) -> Credential {
    let address = Targets::known(&environment).address_of(&name);
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
