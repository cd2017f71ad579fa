//! PandaStack: a token in its variable, and the login of panda, its command-line tool.
//!
//! A token belongs to one organisation, so each is an account. pandastack.ai is another product of
//! the same company: its variables are never read, and its tokens are never sent.
//!
//! Source: PandaStack contract, section 10.

use std::path::PathBuf;

use super::super::Environment;
use super::super::context::check_url;
use super::super::credential::Source;
use super::super::problem::Problem;
use super::{Account, Asked, Entry, Findings, PLAIN, Refusal, Tool, kept, problem, warning};
use crate::model::{OrgId, Profile, Secret, Text};
use crate::platforms::Settings;
use serde::Deserialize;
use serde_json::value::RawValue;

pub(super) const ENTRY: Entry = Entry {
    platform: "pandastack",
    find,
    tidy,
    remark,
    tools: &[TOOL],
    address,
    ..PLAIN
};

/// The vendor's command-line tool. It keeps one login.
const TOOL: Tool = Tool {
    name: "panda",
    describe,
    read,
    caution,
    organisation,
    keep: None,
};

/// Its login.
const LOGIN: Source = Source::Login {
    tool: &TOOL,
    name: None,
};

/// The token.
const TOKEN: &str = "PANDASTACK_API_TOKEN";

/// Where the API is, for the token in the variable.
const ADDRESS: &str = "PANDASTACK_API_URL";

/// Where the API is, as the tool reads it.
const TOOL_ADDRESS: &str = "PANDA_API_URL";

/// The organisation: a name of flightdeck's own, the vendor has none.
const ORGANISATION: &str = "PANDASTACK_ORGANIZATION_ID";

fn tidy(token: &Secret) -> Result<Secret, Refusal> {
    if token.expose().starts_with("pds_") {
        return Err(Refusal::Unfit {
            what: "a token of pandastack.ai (pds_…), another product",
            advice: "make a token of PandaStack (psk_…) in its dashboard: Settings, API Tokens",
        });
    }
    Ok(token.clone())
}

fn remark(token: &Secret) -> Option<String> {
    let is_usual = token.expose().starts_with("psk_");
    let why = "does not begin with psk_, as the tokens of PandaStack's dashboard do (Settings, \
               API Tokens); it is used as it is";
    (!is_usual).then(|| why.to_owned())
}

/// Where the login of the tool is for; the usual place for every other token.
fn address(
    profile: &Profile,
    environment: &Environment,
    asked: Asked<'_>,
    _settings: &Settings,
) -> Result<String, String> {
    match asked {
        Asked::Other => Ok(profile.base_url.to_owned()),
        Asked::InUse | Asked::Login(_) => {
            let login = Login::read(environment).map_err(|why| why.to_string())?;
            Ok(tool_address(profile, environment, login.as_ref()).0)
        }
    }
}

/// Where the tool asks, and what says so: its file, else its variable, else the usual place.
fn tool_address(
    profile: &Profile,
    environment: &Environment,
    login: Option<&Login>,
) -> (String, &'static str) {
    if let Some(written) = login.and_then(|login| login.address.as_deref()) {
        return (bare(written), "`api_url`");
    }
    match environment.variable(TOOL_ADDRESS) {
        Some(written) => (bare(&written), TOOL_ADDRESS),
        None => (profile.base_url.to_owned(), "base_url"),
    }
}

fn bare(address: &str) -> String {
    address.trim().trim_end_matches('/').to_owned()
}

/// What the tool's file says.
struct Login {
    token: Option<Secret>,
    organisation: Option<String>,
    address: Option<String>,
}

/// The file as the tool writes it. After a log-out most of it is null.
#[derive(Deserialize)]
struct Written<'a> {
    token: Option<String>,
    #[serde(borrow)]
    org_id: Option<&'a RawValue>,
    api_url: Option<String>,
}

impl Login {
    /// Reads the file; nothing where there is none.
    fn read(environment: &Environment) -> Result<Option<Self>, Text> {
        let Some(file) = file(environment) else {
            return Ok(None);
        };
        let Some(text) = kept::text(&file)? else {
            return Ok(None);
        };
        let filled = |text: Option<String>| text.filter(|text| !text.trim().is_empty());
        match serde_json::from_str::<Written<'_>>(&text) {
            Ok(written) => Ok(Some(Self {
                token: filled(written.token).map(Secret::new),
                organisation: written.org_id.and_then(|id| id_of(id.get())),
                address: filled(written.api_url),
            })),
            // What the parser says may repeat a token.
            Err(error) => {
                let line = error.line();
                let why = format!(
                    "is not as panda writes it (line {line}): log in again with `panda login`"
                );
                Err(kept::said(&file, &why))
            }
        }
    }
}

/// An id that is a number or a text, with every digit: it is no number to anybody.
fn id_of(json: &str) -> Option<String> {
    let text = serde_json::from_str::<String>(json);
    let id = text.unwrap_or_else(|_| json.to_owned());
    let id = id.trim();
    let is_id = !id.is_empty()
        && id
            .chars()
            .all(|c| c.is_ascii_alphanumeric() || "-_".contains(c));
    is_id.then(|| id.to_owned())
}

/// Where the tool keeps its login.
fn file(environment: &Environment) -> Option<PathBuf> {
    Some(environment.home()?.join(".panda").join("config.json"))
}

fn describe(environment: &Environment, _name: Option<&str>) -> String {
    let file = file(environment);
    let place = file.map_or_else(|| "no file".to_owned(), |it| environment.shortened(&it));
    format!("panda's login ({place})")
}

fn read(environment: &Environment, name: Option<&str>) -> Result<Secret, Text> {
    if name.is_some() {
        let why = "panda keeps one login and has no names for it: leave `context` out";
        return Err(Text::clean(why));
    }
    let token = Login::read(environment)?.and_then(|login| login.token);
    token.ok_or_else(|| Text::clean("panda keeps no login: log in with `panda login`"))
}

fn caution(environment: &Environment, _name: Option<&str>) -> Option<Text> {
    let file = file(environment)?;
    kept::caution(environment, &file, file.parent()?)
}

fn organisation(environment: &Environment, _name: Option<&str>) -> Option<String> {
    Login::read(environment).ok()??.organisation
}

/// The token in the variable, then the tool's login; one account where both are the same.
fn find(profile: &Profile, environment: &Environment) -> Findings {
    let mut found = Findings::default();
    let problems = &mut found.problems;
    let login = Login::read(environment).unwrap_or_else(|why| {
        problems.push(problem(TOOL.name, why.as_str()));
        None
    });
    let given = environment.variable(TOKEN).and_then(|_| {
        let source = Source::Variable(TOKEN.to_owned());
        usable(source, TOKEN, environment, problems)
    });
    let kept = login.as_ref().filter(|login| login.token.is_some());
    let kept = kept.and_then(|_| usable(LOGIN, TOOL.name, environment, problems));
    let asked_for = environment.variable(ORGANISATION);
    let known = login.as_ref().and_then(|login| login.organisation.clone());
    let of_tool = tool_address(profile, environment, login.as_ref());
    match (given, kept) {
        // One account, which the tool knows best unless the variables put it elsewhere.
        (Some(given), Some(kept)) if given.token == kept.token => {
            let (usable, address) = match environment.variable(ADDRESS) {
                Some(_) => (given, given_address(profile, environment)),
                None => (kept, of_tool),
            };
            usable.offer(profile.name, &address, asked_for.or(known), &mut found);
        }
        (Some(given), kept) => {
            let address = given_address(profile, environment);
            given.offer(profile.name, &address, asked_for, &mut found);
            if let Some(kept) = kept {
                kept.offer(TOOL.name, &of_tool, known, &mut found);
            }
        }
        (None, Some(kept)) => kept.offer(TOOL.name, &of_tool, asked_for.or(known), &mut found),
        (None, None) => {}
    }
    found
}

/// Where the token in the variable is for, and what says so.
fn given_address(profile: &Profile, environment: &Environment) -> (String, &'static str) {
    match environment.variable(ADDRESS) {
        Some(written) => (bare(&written), ADDRESS),
        None => tool_address(profile, environment, None),
    }
}

/// A token that may be sent.
struct Usable<'a> {
    source: Source,
    token: Secret,
    key: &'static str,
    environment: &'a Environment,
}

fn usable<'a>(
    source: Source,
    key: &'static str,
    environment: &'a Environment,
    problems: &mut Vec<Problem>,
) -> Option<Usable<'a>> {
    match source.token(environment, tidy) {
        Ok(token) => Some(Usable {
            source,
            token,
            key,
            environment,
        }),
        Err(why) => {
            problems.push(problem(key, why.as_str()));
            None
        }
    }
}

impl Usable<'_> {
    /// Adds it to what is found, where its address is one that a token may go to.
    fn offer(
        self,
        name: &str,
        (address, place): &(String, &str),
        organisation: Option<String>,
        found: &mut Findings,
    ) {
        let base_url = match check_url(address, false) {
            Ok(base_url) => base_url,
            Err(why) => {
                let message = format!("{place} {why}");
                return found.problems.push(problem(place, &message));
            }
        };
        if let Err(odd) = self.source.look(self.environment, &ENTRY, &base_url) {
            found.problems.push(warning(self.key, odd.as_str()));
        }
        let mut account = Account::new(name, base_url, self.source);
        account.organisation = organisation.map(OrgId::new);
        found.accounts.push(account);
    }
}

#[cfg(test)]
mod tests;
