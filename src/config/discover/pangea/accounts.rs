//! The account that a start without a configuration offers.

use super::super::super::Environment;
use super::super::super::context::check_url;
use super::super::super::credential::Source;
use super::super::super::problem::{Problem, Severity};
use super::super::{Account, CLIENT_ID, Checked, Findings, problem, warning};
use super::file::{Kept, TOOL};
use super::{DOMAIN, client, domain, organisation, tidy};
use crate::model::{OrgId, Profile};
use crate::platforms::Settings;
use crate::platforms::pangea::place;

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
pub(super) fn find(profile: &Profile, environment: &Environment) -> Findings {
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
    let base_url = match found_address(environment, kept.as_ref(), is_login, &mut settings) {
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
fn found_address(
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
        return Ok(place::api(place::USUAL));
    };
    let checked = domain(&written).map_err(|why| problem(key, &format!("{place} {why}")))?;
    let address = place::api(&checked.value);
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
