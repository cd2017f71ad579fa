//! Pangea: a token or a management client in variables, and what Pangea's command-line tool keeps.
//!
//! Most tokens that people have are service tokens (`pts_…`), which open the security services and
//! nothing here: they are never sent. Variables of single services hold nothing else and are not
//! read. The API lists no organisations: an account without one is told and not offered.
//!
//! Source: Pangea contract, sections 2, 3 and 10.

mod file;

use super::super::Environment;
use super::super::context::check_url;
use super::super::credential::Source;
use super::super::problem::{Problem, Severity};
use super::{
    Account, Asked, CLIENT_ID, Check, Checked, Entry, Findings, PLAIN, Refusal, problem, warning,
};
use crate::model::{OrgId, Profile, Secret};
use crate::platforms::Settings;

use self::file::{Kept, TOOL};

pub(super) const ENTRY: Entry = Entry {
    platform: "pangea",
    find,
    tidy,
    check: CHECK,
    required: &[("organisation", NO_ORGANISATION)],
    tools: &[TOOL],
    address,
    ..PLAIN
};

const CHECK: Check = |name, value| match name {
    "organisation" => organisation(value),
    DOMAIN => domain(value),
    CLIENT_ID => Ok(client(value)),
    _ => Ok(Checked::fine(value)),
};

/// Why there has to be one.
const NO_ORGANISATION: &str = "Pangea's API lists none; add: organisation = \"poi_…\" (its id is \
                               under Organization Settings in the console)";

/// The setting that says where its servers are.
const DOMAIN: &str = "domain";

/// Where they are otherwise.
const USUAL_DOMAIN: &str = "aws.us.pangea.cloud";

/// The service that is asked, as addresses name it.
const SERVICE: &str = "api.console";

fn tidy(token: &Secret) -> Result<Secret, Refusal> {
    if is_service_token(token) {
        return Err(Refusal::Unfit {
            what: "a service token (pts_…)",
            advice: "create a management client under Organization Settings, Organization API \
                     Credentials",
        });
    }
    Ok(token.clone())
}

fn is_service_token(token: &Secret) -> bool {
    token.expose().starts_with("pts_")
}

fn organisation(value: &str) -> Result<Checked, String> {
    if value.starts_with("ppi_") {
        return Err(
            "is the id of a project (ppi_…); the id of its organisation (poi_…) is wanted".into(),
        );
    }
    // The value itself is not told: somebody may have put a token there.
    let id = value.strip_prefix("poi_").ok_or(
        "must be the id of an organisation, which begins with poi_ (Organization Settings in the \
         console)",
    )?;
    let doubt = "does not look like an organisation's id (poi_ and 32 of a-z and 2-7); it is used \
                 as it is";
    Ok(doubted(value, is_id(id), doubt))
}

fn client(value: &str) -> Checked {
    let is_usual = value.strip_prefix("psa_").is_some_and(is_id);
    let doubt = "does not look like the id of a client (psa_ and 32 of a-z and 2-7); it is used as \
                 it is";
    doubted(value, is_usual, doubt)
}

fn is_id(rest: &str) -> bool {
    rest.len() == 32 && rest.chars().all(|c| matches!(c, 'a'..='z' | '2'..='7'))
}

fn doubted(value: &str, is_usual: bool, doubt: &str) -> Checked {
    Checked {
        value: value.to_owned(),
        doubt: (!is_usual).then(|| doubt.to_owned()),
    }
}

/// A domain as people paste it: with a scheme, a slash at the end, or the service in front.
fn domain(value: &str) -> Result<Checked, String> {
    let value = value.trim().to_ascii_lowercase();
    let mut bare = ["https://", "http://"].iter();
    let bare = bare.find_map(|scheme| value.strip_prefix(scheme));
    let bare = bare.unwrap_or(&value).trim_end_matches('/');
    let bare = bare.strip_prefix(SERVICE).map_or(bare, |rest| {
        // `api.console.example.com`, and not `api.consoles.example.com`.
        rest.strip_prefix('.').unwrap_or(bare)
    });
    let fits = |part: &str| {
        let is_fine = |c: char| c.is_ascii_alphanumeric() || c == '-';
        !part.is_empty() && part.chars().all(is_fine)
    };
    if bare.contains('.') && bare.split('.').all(fits) {
        return Ok(Checked::fine(bare));
    }
    Err(format!(
        "must be a domain such as \"{USUAL_DOMAIN}\"; for anything else set `base_url`"
    ))
}

fn url_of(domain: &str) -> String {
    format!("https://{SERVICE}.{domain}")
}

/// Where the API is: below the domain that is set, else that of the login which is used.
fn address(
    _profile: &Profile,
    environment: &Environment,
    asked: Asked<'_>,
    settings: &Settings,
) -> Result<String, String> {
    if let Some(domain) = settings.get(DOMAIN) {
        return Ok(url_of(domain));
    }
    let kept = match asked {
        Asked::Other => None,
        Asked::InUse => Kept::read(environment, None).map_err(|why| why.to_string())?,
        Asked::Login(name) => Kept::read(environment, Some(name)).map_err(|why| why.to_string())?,
    };
    match kept.and_then(|kept| kept.domain) {
        Some(written) => {
            let checked = domain(&written);
            let checked = checked.map_err(|why| format!("the domain in Pangea's file {why}"))?;
            Ok(url_of(&checked.value))
        }
        None => Ok(url_of(USUAL_DOMAIN)),
    }
}

/// A token of the management API: a name of flightdeck's own, the vendor has none.
const TOKEN: &str = "PANGEA_MANAGEMENT_TOKEN";

/// A token, usually a service token.
const ANY_TOKEN: &str = "PANGEA_TOKEN";

/// A client: names of flightdeck's own.
const CLIENT: [&str; 2] = ["PANGEA_CLIENT_ID", "PANGEA_CLIENT_SECRET"];

/// The organisation: a name of flightdeck's own.
const ORGANISATION: &str = "PANGEA_ORG_ID";

/// Where its servers are, to all of its tools.
const DOMAIN_VARIABLE: &str = "PANGEA_DOMAIN";

/// The first that can be used of: a management token, a client, any token, the tool's login.
fn find(profile: &Profile, environment: &Environment) -> Findings {
    let mut found = Findings::default();
    let kept = Kept::read(environment, None).unwrap_or_else(|why| {
        found.problems.push(warning(TOOL.name, why.as_str()));
        None
    });
    let Some((source, mut settings)) = credential(environment, kept.as_ref(), &mut found.problems)
    else {
        return found;
    };
    let is_login = matches!(source, Source::Login { .. });
    let base_url = match place(environment, kept.as_ref(), is_login, &mut settings) {
        Ok(address) => check_url(&address, false).map_err(|why| problem(DOMAIN_VARIABLE, &why)),
        Err(problem) => Err(problem),
    };
    let organisation = given_organisation(&source, environment, &mut found.problems);
    match (base_url, organisation) {
        (Ok(base_url), Some(organisation)) => found.accounts.push(Account {
            organisation: Some(organisation),
            settings,
            ..Account::new(profile.name, base_url, source)
        }),
        (Err(problem), _) => found.problems.push(problem),
        (Ok(_), None) => {}
    }
    found
}

/// What would open an account, and the settings that belong to it. What is wrong with the rest is
/// of interest only where there is nothing else.
fn credential(
    environment: &Environment,
    kept: Option<&Kept>,
    problems: &mut Vec<Problem>,
) -> Option<(Source, Settings)> {
    let mut hints = Vec::new();
    let plain = |source| Some((source, Settings::default()));
    let usable = variable(environment, TOKEN, Severity::Error, problems)
        .and_then(plain)
        .or_else(|| given_client(environment, problems))
        .or_else(|| variable(environment, ANY_TOKEN, Severity::Warning, &mut hints).and_then(plain))
        .or_else(|| login(environment, kept, &mut hints).and_then(plain));
    if usable.is_none() {
        problems.extend(hints);
    }
    usable
}

/// A variable that is set and may be sent.
fn variable(
    environment: &Environment,
    name: &str,
    severity: Severity,
    problems: &mut Vec<Problem>,
) -> Option<Source> {
    environment.variable(name)?;
    let source = Source::Variable(name.to_owned());
    match source.token(environment, tidy) {
        Ok(_) => Some(source),
        Err(why) => {
            problems.push(Problem {
                severity,
                ..problem(name, why.as_str())
            });
            None
        }
    }
}

fn given_client(
    environment: &Environment,
    problems: &mut Vec<Problem>,
) -> Option<(Source, Settings)> {
    let [id, secret] = CLIENT;
    let (given, is_whole) = (
        environment.variable(id),
        environment.variable(secret).is_some(),
    );
    let missing = match (&given, is_whole) {
        (None, false) => return None,
        (Some(_), true) => None,
        (Some(_), false) => Some((id, secret)),
        (None, true) => Some((secret, id)),
    };
    if let Some((set, missing)) = missing {
        let message = format!("{set} is set, and {missing} is not: a client needs both");
        problems.push(problem(set, &message));
        return None;
    }
    let source = variable(environment, secret, Severity::Error, problems)?;
    let checked = client(given?.trim());
    let doubt = checked
        .doubt
        .map(|doubt| warning(id, &format!("{id} {doubt}")));
    problems.extend(doubt);
    let settings = Settings([(CLIENT_ID, checked.value)].into());
    Some((source, settings))
}

/// The tool's login, where its token is none of a service.
fn login(
    environment: &Environment,
    kept: Option<&Kept>,
    hints: &mut Vec<Problem>,
) -> Option<Source> {
    kept?.token.as_ref()?;
    let source = Source::Login {
        tool: &TOOL,
        name: None,
    };
    if let Err(why) = source.token(environment, tidy) {
        hints.push(warning(TOOL.name, why.as_str()));
        return None;
    }
    Some(source)
}

/// Where the API is. A login is for the domain beside it; what is in variables, for that in theirs.
fn place(
    environment: &Environment,
    kept: Option<&Kept>,
    is_login: bool,
    settings: &mut Settings,
) -> Result<String, Problem> {
    let in_file = kept.and_then(|kept| kept.domain.clone());
    let in_file = in_file.map(|domain| (TOOL.name, "the domain in Pangea's file", domain));
    let given = environment.variable(DOMAIN_VARIABLE);
    let given = given.map(|domain| (DOMAIN_VARIABLE, DOMAIN_VARIABLE, domain));
    let first = if is_login {
        in_file.or(given)
    } else {
        given.or(in_file)
    };
    let Some((key, place, written)) = first else {
        return Ok(url_of(USUAL_DOMAIN));
    };
    let checked = domain(&written).map_err(|why| problem(key, &format!("{place} {why}")))?;
    let address = url_of(&checked.value);
    settings.0.insert(DOMAIN, checked.value);
    Ok(address)
}

/// The organisation in the variable; what is wrong is told.
fn given_organisation(
    source: &Source,
    environment: &Environment,
    problems: &mut Vec<Problem>,
) -> Option<OrgId> {
    let Some(given) = environment.variable(ORGANISATION) else {
        let source = source.describe(environment);
        let message = format!(
            "{source} would open Pangea, whose API lists no organisations: set {ORGANISATION} to \
             the id of yours (poi_…, Organization Settings in the console)"
        );
        problems.push(warning(ORGANISATION, &message));
        return None;
    };
    match organisation(given.trim()) {
        Ok(Checked { value, doubt }) => {
            let doubt =
                doubt.map(|doubt| warning(ORGANISATION, &format!("{ORGANISATION} {doubt}")));
            problems.extend(doubt);
            Some(OrgId::new(&value))
        }
        Err(why) => {
            problems.push(problem(ORGANISATION, &format!("{ORGANISATION} {why}")));
            None
        }
    }
}

#[cfg(test)]
mod tests;
