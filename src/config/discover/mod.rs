//! Credentials that people have already: what a start without a configuration file offers, and
//! the logins of other programs that `token = { cli = "…" }` names.
//!
//! Each platform is a file with one [`Entry`]; one without an entry gets the plain rule, its token
//! variables and its address. Files of other programs are only read, but for what is said in `tsuru`.
//! What cannot be used is a [`Problem`]: nothing here keeps flightdeck from starting.

mod digitalocean;
mod divio;
mod doctl;
mod kept;
mod pandastack;
mod pangea;
mod tsuru;

use std::fmt;
use std::path::Path;
use std::sync::Arc;

use url::Url;

use super::context::{NAME_LIMIT, check_url, fits_name};
use super::credential::Source;
use super::problem::{Position, Problem, Severity};
use super::{ContextConfig, Environment};
use crate::model::{OrgId, Profile, Scratch, Secret, Text};
use crate::platforms::{ADAPTERS, Adapter, Connection, Credential, Settings};

/// What is known of one platform's credentials besides its profile.
pub(super) struct Entry {
    /// The platform, as its profile names it.
    platform: &'static str,
    /// Looks for accounts.
    find: fn(&Profile, &Environment) -> Findings,
    /// Takes away what people and programs leave around its tokens, and says in words that follow
    /// the name of the source why one is of no use.
    pub(super) tidy: Tidy,
    /// What is odd about a token that is sent all the same, in words that follow the name of the
    /// source.
    pub(super) remark: fn(&Secret) -> Option<String>,
    /// Looks at the settings that only this platform understands, `organisation` among them.
    pub(super) check: Check,
    /// Keys that a context cannot do without, and why, with what to do.
    pub(super) required: &'static [(&'static str, &'static str)],
    /// The programs whose logins can be used for it.
    tools: &'static [Tool],
    /// The program whose login a context uses that names no token.
    pub(super) usual: Option<&'static Tool>,
    /// Where its API is if the configuration does not say.
    pub(super) address: Address,
}

/// Tells where an API is if the configuration does not say, or what to do, in words that follow
/// `base_url`.
pub(super) type Address =
    fn(&Profile, &Environment, Asked<'_>, &Settings) -> Result<String, String>;

/// Whose token a context is configured to use.
#[derive(Clone, Copy, Debug)]
pub(super) enum Asked<'a> {
    /// One that has nothing to do with any program.
    Other,
    /// The login that is in use in a program.
    InUse,
    /// The login of that name in a program.
    Login(&'a str),
}

/// Most platforms are where they always are.
const USUAL_PLACE: Address = |profile, _, _, _| Ok(profile.base_url.to_owned());

/// Makes a token fit to be sent.
pub(super) type Tidy = fn(&Secret) -> Result<Secret, Refusal>;

/// Why a token is not sent. Displayed in words that follow the name of its source.
#[derive(Debug)]
pub(super) enum Refusal {
    /// It is of no use, in those words.
    Useless(String),
    /// It is of a kind that the platform does not take: what it is, and where another is to be had.
    Unfit {
        what: &'static str,
        advice: &'static str,
    },
}

impl From<String> for Refusal {
    fn from(why: String) -> Self {
        Self::Useless(why)
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Useless(why) => f.write_str(why),
            Self::Unfit { what, advice } => write!(f, "holds {what}, which is not sent: {advice}"),
        }
    }
}

/// Looks at a setting by its name and value; refuses it in words that follow the name.
pub(super) type Check = fn(&str, &str) -> Result<Checked, String>;

/// A setting as it is to be used.
#[derive(Debug)]
pub(super) struct Checked {
    pub(super) value: String,
    /// What is odd about it, in words that follow its name.
    pub(super) doubt: Option<String>,
}

impl Checked {
    /// Nothing is odd about it.
    fn fine(value: &str) -> Self {
        Self {
            value: value.to_owned(),
            doubt: None,
        }
    }
}

/// Most tokens are fit as they are.
const AS_IT_IS: Tidy = |token| Ok(token.clone());

/// A program that keeps logins.
#[derive(Debug)]
pub(super) struct Tool {
    /// Its name.
    pub(super) name: &'static str,
    /// What a login is, in words for the screen; without a name the one that is in use.
    pub(super) describe: fn(&Environment, Option<&str>) -> String,
    /// Reads the token of a login; without a name of the one that is in use.
    pub(super) read: fn(&Environment, Option<&str>) -> Result<Secret, Text>,
    /// What is not as it should be with a login that has a token.
    pub(super) caution: fn(&Environment, Option<&str>) -> Option<Text>,
    /// The organisation that a login belongs to, where the program knows it.
    pub(super) organisation: fn(&Environment, Option<&str>) -> Option<String>,
    /// How a login is used that has to be kept up. It belongs to an address, by which it is named
    /// where a context names none. Without this the token is read each time.
    pub(super) keep: Option<fn(Environment, &str) -> Credential>,
}

/// Nothing is wrong.
const NO_CAUTION: fn(&Environment, Option<&str>) -> Option<Text> = |_, _| None;

/// Most programs do not keep it.
const NO_ORGANISATION: fn(&Environment, Option<&str>) -> Option<String> = |_, _| None;

/// Every platform of which more is known than its profile. Adding one is adding a line.
const ENTRIES: &[Entry] = &[
    divio::ENTRY,
    digitalocean::ENTRY,
    tsuru::ENTRY,
    pandastack::ENTRY,
    pangea::ENTRY,
];

/// What holds for the others.
const PLAIN: Entry = Entry {
    platform: "",
    find: plain,
    tidy: AS_IT_IS,
    remark: |_| None,
    check: |_, value| Ok(Checked::fine(value)),
    required: &[],
    tools: &[],
    usual: None,
    address: USUAL_PLACE,
};

/// What is known of a platform.
pub(super) fn entry(platform: &str) -> &'static Entry {
    let known = ENTRIES.iter().find(|entry| entry.platform == platform);
    known.unwrap_or(&PLAIN)
}

/// The programs whose logins can be used for a platform; all where it is not known which.
pub(super) fn tools(platform: Option<&str>) -> Vec<&'static Tool> {
    let is_meant = |entry: &&Entry| platform.is_none_or(|name| entry.platform == name);
    let entries = ENTRIES.iter().filter(is_meant);
    entries.flat_map(|entry| entry.tools).collect()
}

/// What was found for one platform, best first.
#[derive(Debug, Default)]
struct Findings {
    accounts: Vec<Account>,
    problems: Vec<Problem>,
}

impl Findings {
    /// Nothing but a problem.
    fn only(problem: Problem) -> Self {
        Self {
            accounts: Vec::new(),
            problems: vec![problem],
        }
    }
}

/// An account that could be used.
#[derive(Debug)]
struct Account {
    /// Its name; made to fit and unique later.
    name: String,
    base_url: Url,
    source: Source,
    organisation: Option<OrgId>,
    settings: Settings,
}

impl Account {
    /// One of which nothing else is to be said.
    fn new(name: &str, base_url: Url, source: Source) -> Self {
        Self {
            name: name.to_owned(),
            base_url,
            source,
            organisation: None,
            settings: Settings::default(),
        }
    }
}

/// Every account for which a credential is found, and what is wrong with those that cannot be
/// used.
pub(super) fn discover(environment: &Environment) -> (Vec<ContextConfig>, Vec<Problem>) {
    let (mut contexts, mut problems) = (Vec::new(), Vec::new());
    for adapter in ADAPTERS {
        let found = (entry(adapter.profile.name).find)(adapter.profile, environment);
        problems.extend(found.problems);
        for account in found.accounts {
            let name = free_name(&account.name, &contexts);
            contexts.push(offer(&name, account, adapter, environment));
        }
    }
    (contexts, problems)
}

fn offer(
    name: &str,
    account: Account,
    adapter: &'static Adapter,
    environment: &Environment,
) -> ContextConfig {
    let source = account.source;
    let tidy = entry(adapter.profile.name).tidy;
    ContextConfig {
        name: Text::clean(name),
        adapter,
        credential_source: described(&source, &account.settings, environment),
        connection: Connection {
            base_url: account.base_url,
            credential: source.into_credential(environment.clone(), tidy),
            read_only: false,
            organisation: account.organisation,
            settings: account.settings,
            notebook: Arc::new(Scratch::default()),
            allow_plain_http: false,
        },
        class: None,
        is_protected: false,
        is_read_only: false,
        poll: None,
    }
}

/// Where the token of a context comes from, or the secret of the client that it names.
pub(super) fn described(source: &Source, settings: &Settings, environment: &Environment) -> Text {
    let place = source.describe(environment);
    match settings.get(CLIENT_ID) {
        Some(_) => Text::clean(&format!("a client, its secret from {place}")),
        None => place,
    }
}

/// The setting that names a client.
pub(super) const CLIENT_ID: &str = "client_id";

/// `wanted` as the name of a context that none of `contexts` has.
fn free_name(wanted: &str, contexts: &[ContextConfig]) -> String {
    let fitted = wanted
        .chars()
        .map(|c| if fits_name(c) { c } else { '-' })
        .take(NAME_LIMIT);
    let fitted: String = fitted.collect();
    let is_free = |name: &String| !contexts.iter().any(|it| it.name.as_str() == name);
    let numbered = |number: usize| {
        let suffix = format!("-{number}");
        let kept = fitted.chars().take(NAME_LIMIT - suffix.len());
        kept.chain(suffix.chars()).collect()
    };
    // One more name than there are contexts: one of them is free.
    let more = (2..contexts.len() + 3).map(numbered);
    let mut names = std::iter::once(fitted.clone()).chain(more);
    names.find(is_free).unwrap_or(fitted)
}

/// The plain rule: the first of the platform's variables that is set.
fn plain(profile: &Profile, environment: &Environment) -> Findings {
    let Some(source) = variable(profile, environment) else {
        return Findings::default();
    };
    match check_url(profile.base_url, false) {
        Ok(base_url) => Findings {
            accounts: vec![Account::new(profile.name, base_url, source)],
            problems: Vec::new(),
        },
        Err(reason) => Findings::only(problem("base_url", &reason)),
    }
}

/// The first of the platform's variables that is set.
fn variable(profile: &Profile, environment: &Environment) -> Option<Source> {
    let mut names = profile.token_variables.iter();
    let name = names.find(|name| environment.variable(name).is_some())?;
    Some(Source::Variable((*name).to_owned()))
}

/// Something in the environment cannot be used.
fn problem(key: &str, message: &str) -> Problem {
    Problem {
        file: Text::clean("environment"),
        position: None,
        key: Text::clean(key),
        message: Text::clean(message),
        severity: Severity::Error,
    }
}

/// Something is not as it was meant, and nothing is left out for it.
fn warning(key: &str, message: &str) -> Problem {
    Problem {
        severity: Severity::Warning,
        ..problem(key, message)
    }
}

/// Something in another program's file cannot be used.
fn problem_in(file: &Path, line: Option<usize>, key: &str, message: &str) -> Problem {
    Problem {
        file: Text::clean(&file.display().to_string()),
        position: line.map(|line| Position { line, column: 1 }),
        ..problem(key, message)
    }
}

#[cfg(test)]
mod tests;
