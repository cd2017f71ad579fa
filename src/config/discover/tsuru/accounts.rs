//! The accounts that a start without a configuration offers.

use super::super::super::Environment;
use super::super::super::context::check_url;
use super::super::super::credential::Source;
use super::super::super::problem::{Problem, Severity};
use super::super::{AS_IT_IS, Account, Findings, problem};
use super::targets::{Target, Targets};
use super::{TOOL, VARIABLE, files, missing};
use crate::model::Profile;

/// Every target with a login, the one in use first; with a token in the variable, that one alone.
pub(super) fn find(profile: &Profile, environment: &Environment) -> Findings {
    let mut found = Findings::default();
    let targets = Targets::read(environment, &mut found.problems);
    if environment.variable(VARIABLE).is_some() {
        find_given(profile, environment, &targets, &mut found);
        return found;
    }
    for target in targets.all() {
        find_login(profile, environment, &targets, &target, &mut found);
    }
    found
}

fn find_login(
    profile: &Profile,
    environment: &Environment,
    targets: &Targets,
    target: &Target,
    found: &mut Findings,
) {
    let login = match files::login(environment, targets, &target.address) {
        Ok(Some(login)) => login,
        // Nobody has to be logged in everywhere.
        Ok(None) if !targets.is_current(&target.address) => return,
        Ok(None) => {
            let message = missing(targets, &target.address);
            found.problems.push(warning(target, message.as_str()));
            return;
        }
        Err(reason) => {
            let problem = problem(target.named(), reason.as_str());
            found.problems.push(problem);
            return;
        }
    };
    let caution = files::caution(environment, &login.file);
    let caution = caution.map(|text| warning(target, text.as_str()));
    found.problems.extend(caution);
    let source = Source::Login {
        tool: &TOOL,
        name: Some(target.address.clone()),
    };
    offer(profile, target, source, found);
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
        Ok(base_url) if check_url(&target.address, false).is_ok() => {
            let name = name(profile, target);
            found.accounts.push(Account::new(&name, base_url, source));
        }
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
