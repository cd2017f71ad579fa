//! Pangea: a token or a management client in variables, and what Pangea's command-line tool keeps.
//!
//! Most tokens that people have are service tokens (`pts_…`), which open the security services and
//! nothing here: they are never sent. Variables of single services hold nothing else and are not
//! read. The API lists no organisations: an account without one is told and not offered.
//!
//! Source: Pangea contract, sections 2, 3 and 10.

mod accounts;
mod file;

use super::super::Environment;
use super::{Asked, CLIENT_ID, Check, Checked, Entry, PLAIN, Refusal};
use crate::model::{Profile, Secret};
use crate::platforms::Settings;
use crate::platforms::pangea::{ADVICE, SERVICE_TOKEN, ids, is_service_token, place};

use self::file::{Kept, TOOL};

pub(super) const ENTRY: Entry = Entry {
    platform: "pangea",
    find: accounts::find,
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

fn tidy(token: &Secret) -> Result<Secret, Refusal> {
    if is_service_token(token) {
        return Err(Refusal::Unfit {
            what: SERVICE_TOKEN,
            advice: ADVICE,
        });
    }
    Ok(token.clone())
}

fn organisation(value: &str) -> Result<Checked, String> {
    if value.starts_with("ppi_") {
        return Err(
            "is the id of a project (ppi_…); the id of its organisation (poi_…) is wanted".into(),
        );
    }
    // The value itself is not told: somebody may have put a token there.
    let remark = ids::check(ids::ORGANISATION, value).map_err(|_| {
        "must be the id of an organisation, poi_ and then a-z and 2-7 (Organization Settings in \
         the console)"
    })?;
    let doubt = "does not look like an organisation's id (poi_ and 32 of a-z and 2-7); it is used \
                 as it is";
    Ok(doubted(value, remark.is_none(), doubt))
}

fn client(value: &str) -> Checked {
    let is_id = |c| matches!(c, 'a'..='z' | '2'..='7');
    let rest = value.strip_prefix("psa_").unwrap_or_default();
    let is_usual = rest.len() == 32 && rest.chars().all(is_id);
    let doubt = "does not look like the id of a client (psa_ and 32 of a-z and 2-7); it is used as \
                 it is";
    doubted(value, is_usual, doubt)
}

fn doubted(value: &str, is_usual: bool, doubt: &str) -> Checked {
    Checked {
        value: value.to_owned(),
        doubt: (!is_usual).then(|| doubt.to_owned()),
    }
}

fn domain(value: &str) -> Result<Checked, String> {
    let usual = place::USUAL;
    let domain = place::domain(value).ok_or_else(|| {
        format!("must be a domain such as \"{usual}\"; for anything else set `base_url`")
    })?;
    Ok(Checked::fine(&domain))
}

/// Where the API is: below the domain that is set, else that of the login which is used.
fn address(
    _profile: &Profile,
    environment: &Environment,
    asked: Asked<'_>,
    settings: &Settings,
) -> Result<String, String> {
    if let Some(domain) = settings.get(DOMAIN) {
        return Ok(place::api(domain));
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
            Ok(place::api(&checked.value))
        }
        None => Ok(place::api(place::USUAL)),
    }
}

#[cfg(test)]
mod tests;
