//! DigitalOcean: its two variables, and every login of doctl.
//!
//! A token belongs to one team, so each is an account. What doctl would use comes first.
//!
//! Source: DigitalOcean contract, section 7.

use url::Url;

use super::super::Environment;
use super::super::context::check_url;
use super::super::credential::{Source, token_of};
use super::super::problem::{Problem, Severity};
use super::doctl::{self, Doctl};
use super::{Account, Entry, Findings, PLAIN, Refusal, problem, problem_in};
use crate::model::{Profile, Secret, Text};

pub(super) const ENTRY: Entry = Entry {
    platform: "digitalocean",
    find,
    tidy,
    tools: &[doctl::TOOL],
    ..PLAIN
};

/// How a token begins that only renews another. Source: DigitalOcean contract, section 1.
const REFRESH_TOKEN: &str = "dor_v1_";

fn tidy(token: &Secret) -> Result<Secret, Refusal> {
    let bare = doctl::bare(token.expose());
    if bare.is_empty() {
        return Err("is empty".to_owned().into());
    }
    if bare.starts_with(REFRESH_TOKEN) {
        return Err(format!(
            "holds a refresh token ({REFRESH_TOKEN}…), which opens nothing: \
             use an access token (dop_v1_… or doo_v1_…)"
        )
        .into());
    }
    Ok(Secret::new(bare))
}

/// A source and its token, which tells whether two sources are one account.
struct Login {
    name: String,
    source: Source,
    token: Secret,
}

fn find(profile: &Profile, environment: &Environment) -> Findings {
    let mut problems: Vec<_> = doctl::missing_file(environment).into_iter().collect();
    let doctl = Doctl::read(environment).unwrap_or_else(|problem| {
        problems.push(problem);
        None
    });
    problems.extend(doctl.as_ref().and_then(Doctl::trouble));
    let base_url = match base_url(profile, environment, doctl.as_ref()) {
        Ok(base_url) => base_url,
        Err(problem) => {
            // A token meant for another address goes nowhere.
            problems.push(problem);
            return Findings {
                accounts: Vec::new(),
                problems,
            };
        }
    };
    let given = from_variables(profile, environment, &mut problems);
    let logins = doctl.as_ref().map_or_else(Vec::new, |doctl| {
        from_doctl(doctl, environment, &mut problems)
    });
    let accounts = in_order(given, logins, doctl.as_ref())
        .into_iter()
        .map(|login| Account::new(&login.name, base_url.clone(), login.source));
    Findings {
        accounts: accounts.collect(),
        problems,
    }
}

/// The token in a variable; the first where both are set.
fn from_variables(
    profile: &Profile,
    environment: &Environment,
    problems: &mut Vec<Problem>,
) -> Option<Login> {
    let mut found: Vec<(&str, Login)> = Vec::new();
    for name in profile.token_variables {
        if environment.variable(name).is_none() {
            continue;
        }
        let source = Source::Variable((*name).to_owned());
        match source.token(environment, tidy) {
            Ok(token) => found.push((
                name,
                Login {
                    name: profile.name.to_owned(),
                    source,
                    token,
                },
            )),
            Err(reason) => problems.push(problem(name, reason.as_str())),
        }
    }
    if let [(used, first), (other, second), ..] = found.as_slice()
        && first.token != second.token
    {
        problems.push(differ(used, other));
    }
    found.into_iter().next().map(|(_, login)| login)
}

/// Terraform prefers the variable that doctl does not know: people may mean either.
fn differ(used: &str, other: &str) -> Problem {
    let message = format!(
        "{used} and {other} hold different tokens; {used} is used: \
         unset one, or configure a context for each"
    );
    Problem {
        severity: Severity::Warning,
        ..problem(other, &message)
    }
}

fn from_doctl(doctl: &Doctl, environment: &Environment, problems: &mut Vec<Problem>) -> Vec<Login> {
    let mut logins = Vec::new();
    for (name, token) in &doctl.logins {
        let source = Source::Login {
            tool: &doctl::TOOL,
            name: Some(name.clone()),
        };
        match fit(token, &source.describe(environment)) {
            Ok(token) => logins.push(Login {
                name: context_name(name),
                source,
                token,
            }),
            Err(reason) => problems.push(problem_in(&doctl.file, None, name, reason.as_str())),
        }
    }
    // `false` sorts first; the others keep the order of the file.
    let current = context_name(&doctl.current);
    logins.sort_by_key(|login| login.name != current);
    logins
}

fn fit(token: &Secret, place: &Text) -> Result<Secret, Text> {
    let token = token_of(token.expose(), || place.to_string())?;
    tidy(&token).map_err(|why| Text::clean(&format!("{place} {why}")))
}

/// The name under which a context of doctl is offered.
fn context_name(name: &str) -> String {
    if name.starts_with("do-") {
        return name.to_owned();
    }
    format!("do-{name}")
}

/// All, what doctl would use first: there, a variable counts in the default context only.
fn in_order(given: Option<Login>, mut logins: Vec<Login>, doctl: Option<&Doctl>) -> Vec<Login> {
    let Some(given) = given else {
        return logins;
    };
    let current = doctl.filter(|doctl| doctl.current != doctl::DEFAULT);
    let current = current.map(|doctl| context_name(&doctl.current));
    let is_led = logins
        .first()
        .is_some_and(|first| Some(&first.name) == current.as_ref());
    let same = logins.iter().position(|login| login.token == given.token);
    match same {
        // One account under two names would show everything twice.
        Some(_) if is_led => {}
        Some(at) => {
            let login = logins.remove(at);
            logins.insert(0, login);
        }
        None => logins.insert(usize::from(is_led), given),
    }
    logins
}

/// Where the API is: what the variable says, else doctl's file, else the usual place.
fn base_url(
    profile: &Profile,
    environment: &Environment,
    doctl: Option<&Doctl>,
) -> Result<Url, Problem> {
    const VARIABLE: &str = "DIGITALOCEAN_API_URL";
    if let Some(written) = environment.variable(VARIABLE) {
        let refuse = |reason: String| problem(VARIABLE, &format!("{VARIABLE} {reason}"));
        return root(&written).map_err(refuse);
    }
    if let Some((doctl, written)) = doctl.and_then(|it| Some((it, it.api_url.as_deref()?))) {
        let refuse = |reason: String| {
            problem_in(&doctl.file, None, "api-url", &format!("`api-url` {reason}"))
        };
        return root(written).map_err(refuse);
    }
    check_url(profile.base_url, false).map_err(|reason| problem("base_url", &reason))
}

/// An address without the version that some write and others leave out.
fn root(written: &str) -> Result<Url, String> {
    let bare = written.trim().trim_end_matches('/');
    check_url(bare.strip_suffix("/v2").unwrap_or(bare), false)
}

#[cfg(test)]
mod tests;
