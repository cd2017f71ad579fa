//! The settings of a context that only its platform has.
//!
//! What they are is said by the platform's profile, what they must look like beyond that by its
//! entry in `discover`. A value that is not among the allowed ones is left out; one that cannot be
//! read at all leaves the context out, since a token might go elsewhere than was meant.

use super::discover::{self, CLIENT_ID};
use super::nearest::nearest;
use super::problem::{Noted, Report};
use super::section::{Found, Section};
use crate::model::{Profile, Setting};
use crate::platforms::{ADAPTERS, Settings};

/// The secret of a client, in a context of a platform that has clients.
pub(super) const CLIENT_SECRET: &str = "client_secret";

/// Notes every key that is neither in `common` nor a setting of the platform, and returns what they
/// were probably meant to be. Without a platform the settings of all are let pass.
pub(super) fn check_keys(
    section: &Section<'_>,
    common: &[&'static str],
    profile: Option<&Profile>,
    report: &mut Report<'_>,
) -> Vec<&'static str> {
    let mut allowed = common.to_vec();
    match profile {
        Some(profile) => allowed.extend(names(profile)),
        None => allowed.extend(ADAPTERS.iter().flat_map(|it| names(it.profile))),
    }
    section.check_keys_but(&allowed, anothers, report)
}

/// The keys that a platform has for itself.
fn names(profile: &Profile) -> impl Iterator<Item = &'static str> {
    let own = profile.settings.iter().map(|setting| setting.name);
    own.chain(profile.client.map(|_| CLIENT_SECRET))
}

/// Whose setting a key is.
fn anothers(key: &str) -> Option<String> {
    let owners = ADAPTERS.iter().map(|adapter| adapter.profile);
    let owners = owners.filter(|profile| names(profile).any(|name| name == key));
    let titles: Vec<_> = owners.map(|profile| profile.title).collect();
    let whose = titles.join(" and ");
    (!titles.is_empty()).then(|| format!(": it is a setting of {whose}"))
}

/// Reads the settings of a platform.
pub(super) fn read(
    section: &Section<'_>,
    profile: &Profile,
    report: &mut Report<'_>,
) -> Result<Settings, Noted> {
    let mut settings = Settings::default();
    let mut outcome = Ok(());
    for setting in profile.settings {
        match one(section, profile, setting, report) {
            Ok(Some(value)) => {
                settings.0.insert(setting.name, value);
            }
            Ok(None) => {}
            // The others are looked at all the same.
            Err(noted) => outcome = Err(noted),
        }
    }
    outcome.map(|()| settings)
}

fn one(
    section: &Section<'_>,
    profile: &Profile,
    setting: &Setting,
    report: &mut Report<'_>,
) -> Result<Option<String>, Noted> {
    let name = setting.name;
    let Some(found) = section.string(name, "a text", report)? else {
        return Ok(None);
    };
    if !setting.allowed.is_empty() && !setting.allowed.contains(&found.value) {
        report.error(
            &section.key(name),
            &found.at,
            &unknown(setting, found.value),
        );
        return Ok(None);
    }
    checked(section, profile, name, &found, report).map(Some)
}

fn unknown(setting: &Setting, value: &str) -> String {
    let near = nearest(value, setting.allowed.iter().copied());
    let hint = near.map_or(String::new(), |near| format!(" did you mean \"{near}\"?"));
    let (name, allowed) = (setting.name, setting.allowed.join(", "));
    format!("unknown {name} \"{value}\";{hint} allowed: {allowed}")
}

/// A setting as it is to be used, after its platform has looked at it.
pub(super) fn checked(
    section: &Section<'_>,
    profile: &Profile,
    name: &str,
    found: &Found<&str>,
    report: &mut Report<'_>,
) -> Result<String, Noted> {
    let key = section.key(name);
    let value = found.value.trim();
    if value.is_empty() {
        let message = format!("`{name}` is empty; leave it out where there is none");
        return Err(report.error(&key, &found.at, &message));
    }
    let check = discover::entry(profile.name).check;
    let checked = check(name, value)
        .map_err(|why| report.error(&key, &found.at, &format!("`{name}` {why}")))?;
    if let Some(doubt) = checked.doubt {
        report.warning(&key, &found.at, &format!("`{name}` {doubt}"));
    }
    Ok(checked.value)
}

/// Notes that a platform's clients and tokens are mixed up in a context, if they are.
pub(super) fn check_client(
    section: &Section<'_>,
    client: &str,
    report: &mut Report<'_>,
) -> Result<(), Noted> {
    let is_set = |key| section.value(key).is_some();
    let (key, message) = match (is_set("token"), is_set(CLIENT_ID), is_set(CLIENT_SECRET)) {
        (_, false, false) | (false, true, true) => return Ok(()),
        (true, true, _) => (
            CLIENT_ID,
            format!(
                "`{CLIENT_ID}` and `{CLIENT_SECRET}` name {client} in place of `token`: \
                 take either them or `token` away"
            ),
        ),
        (true, false, true) => (
            CLIENT_SECRET,
            format!(
                "`{CLIENT_SECRET}` belongs to {client} in place of `token`: take one of the two \
                 away"
            ),
        ),
        (false, true, false) => (
            CLIENT_ID,
            format!("`{CLIENT_ID}` needs the secret of {client}: add `{CLIENT_SECRET}`"),
        ),
        (false, false, true) => (
            CLIENT_SECRET,
            format!("`{CLIENT_SECRET}` needs the id of {client}: add `{CLIENT_ID}`"),
        ),
    };
    let at = section
        .value(key)
        .map_or(section.at.clone(), toml::Spanned::span);
    Err(report.error(&section.key(key), &at, &message))
}
