//! One `[contexts.NAME]` table.
//!
//! What makes a context unusable (no platform, no token, a bad address) leaves it out; other
//! mistakes leave the setting out. Where a mistake could take a protection away, the strict
//! reading is taken until it is mended.

use std::net::IpAddr;
use std::ops::Range;
use std::sync::Arc;
use std::time::Duration;

use jiff::SignedDuration;
use toml::de::DeValue;
use url::{Host, Url};

use super::credential::Source;
use super::nearest::nearest;
use super::problem::{Noted, Report};
use super::section::Section;
use super::settings::{self, CLIENT_SECRET};
use super::token::{self, TOKEN, Wanted};
use super::{ContextConfig, Origin, classes, discover};
use crate::model::{Class, OrgId, Profile, Scratch, Text};
use crate::platforms::{ADAPTERS, Adapter, Connection, Settings, adapter};

/// The keys of a context on any platform.
pub(super) const KEYS: &[&str] = &[
    "platform",
    "base_url",
    "token",
    "organisation",
    "class",
    "protected",
    "read_only",
    "poll",
    "allow_plain_http",
];

/// The longest name of a context: it is a column.
pub(super) const NAME_LIMIT: usize = 32;

/// Polling more often than this serves nobody and costs the budget.
const FASTEST_POLL: Duration = Duration::from_secs(2);

/// Later than that nothing on screen would be news.
const SLOWEST_POLL: Duration = Duration::from_hours(24);

/// A context with what is only known while the file is read.
pub(super) struct Draft {
    pub(super) context: ContextConfig,
    /// Its secret, and where that is written.
    pub(super) source: Source,
    pub(super) key: String,
    pub(super) at: Range<usize>,
}

/// Reads a context.
pub(super) fn read(
    name: &str,
    section: &Section<'_>,
    origin: &Origin,
    report: &mut Report<'_>,
) -> Result<Draft, Noted> {
    let adapter = platform(section, report);
    let profile = adapter.ok().map(|adapter| adapter.profile);
    let meant = settings::check_keys(section, KEYS, profile, report);
    let named = check_name(name, section, report);
    let own = profile.map_or(Ok(Settings::default()), |profile| {
        settings::read(section, profile, report)
    });
    let base_url = base_url(section, profile, own.as_ref().ok(), origin, report);
    let access = access(section, profile, base_url.as_ref().ok(), origin, report);
    let source = access.as_ref().ok().map(|access| &access.source);
    let organisation = organisation(section, profile, source, origin, report);
    // A class that cannot be read may have been PROD.
    let class = classes::class(section, report).unwrap_or(Some(Class::Production));
    let is_protected = strict_flag(section, "protected", &meant, report);
    let is_read_only = strict_flag(section, "read_only", &meant, report);
    let poll = poll(section, report).unwrap_or(None);
    named?;
    let (adapter, base_url, settings) = (adapter?, base_url?, own?);
    let Access {
        source,
        name: key,
        at,
    } = access?;
    let environment = &origin.environment;
    let credential_source = discover::described(&source, &settings, environment);
    let tidy = discover::entry(adapter.profile.name).tidy;
    let connection = Connection {
        base_url,
        credential: source.clone().into_credential(environment.clone(), tidy),
        read_only: is_read_only,
        organisation: organisation?,
        settings,
        notebook: Arc::new(Scratch::default()),
        allow_plain_http: plain_http(section, report),
    };
    Ok(Draft {
        context: ContextConfig {
            name: Text::clean(name),
            adapter,
            connection,
            class,
            is_protected,
            is_read_only,
            poll,
            credential_source,
        },
        source,
        key: section.key(key),
        at,
    })
}

fn check_name(name: &str, section: &Section<'_>, report: &mut Report<'_>) -> Result<(), Noted> {
    if (1..=NAME_LIMIT).contains(&name.len()) && name.chars().all(fits_name) {
        return Ok(());
    }
    let message = format!(
        "\"{name}\" cannot be the name of a context; \
         allowed: 1 to {NAME_LIMIT} letters, digits, `_`, `.`, `-`"
    );
    Err(report.error(&section.path, &section.at, &message))
}

/// Whether a character may stand in the name of a context.
pub(super) fn fits_name(c: char) -> bool {
    c.is_ascii_alphanumeric() || matches!(c, '_' | '.' | '-')
}

fn platform(section: &Section<'_>, report: &mut Report<'_>) -> Result<&'static Adapter, Noted> {
    let names = || ADAPTERS.iter().map(|adapter| adapter.profile.name);
    let allowed = names().collect::<Vec<_>>().join(", ");
    let key = section.key("platform");
    let Some(found) = section.string("platform", &format!("one of: {allowed}"), report)? else {
        let message = format!("[{}] has no `platform`; allowed: {allowed}", section.path);
        return Err(report.error(&key, &section.at, &message));
    };
    adapter(found.value).ok_or_else(|| {
        let near = nearest(found.value, names());
        let hint = near.map_or(String::new(), |near| format!(" did you mean \"{near}\"?"));
        let message = format!(
            "unknown platform \"{}\";{hint} allowed: {allowed}",
            found.value
        );
        report.error(&key, &found.at, &message)
    })
}

fn base_url(
    section: &Section<'_>,
    profile: Option<&Profile>,
    settings: Option<&Settings>,
    origin: &Origin,
    report: &mut Report<'_>,
) -> Result<Url, Noted> {
    let expected = "an address such as \"https://api.example.com\"";
    let key = section.key("base_url");
    let found = section.string("base_url", expected, report)?;
    let (text, at) = match (&found, profile.zip(settings)) {
        (Some(found), _) => (found.value.to_owned(), found.at.clone()),
        (None, Some((profile, settings))) => {
            let address = discover::entry(profile.name).address;
            let asked = token::asked(section);
            let address = address(profile, &origin.environment, asked, settings);
            let noted = |why: String| {
                let message = format!("[{}] has no `base_url`: {why}", section.path);
                report.error(&key, &section.at, &message)
            };
            (address.map_err(noted)?, section.at.clone())
        }
        // Why there is no platform, or what is wrong with its settings, is noted already.
        (None, None) => return Err(Noted),
    };
    let allow_plain = matches!(
        section
            .value("allow_plain_http")
            .map(toml::Spanned::get_ref),
        Some(DeValue::Boolean(true))
    );
    check_url(&text, allow_plain)
        .map_err(|problem| report.error(&key, &at, &format!("`base_url` {problem}")))
}

/// What opens a context: a token, or the secret of the client that it names.
struct Access {
    source: Source,
    /// The setting.
    name: &'static str,
    at: Range<usize>,
}

fn access(
    section: &Section<'_>,
    profile: Option<&Profile>,
    base_url: Option<&Url>,
    origin: &Origin,
    report: &mut Report<'_>,
) -> Result<Access, Noted> {
    let client = profile.and_then(|profile| profile.client);
    if let Some(client) = client {
        settings::check_client(section, client, report)?;
    }
    let has_client = client.is_some() && section.value(CLIENT_SECRET).is_some();
    let name = if has_client { CLIENT_SECRET } else { TOKEN };
    let wanted = Wanted {
        name,
        platform: profile.map(|profile| profile.name),
        base_url,
        origin,
    };
    let (source, at) = token::read(section, wanted, report)?;
    Ok(Access { source, name, at })
}

/// The organisation to keep to: the configured one, else that of the login that is used.
fn organisation(
    section: &Section<'_>,
    profile: Option<&Profile>,
    source: Option<&Source>,
    origin: &Origin,
    report: &mut Report<'_>,
) -> Result<Option<OrgId>, Noted> {
    const NAME: &str = "organisation";
    let found = section.string(NAME, "a text", report)?;
    // Why there is no platform is noted already.
    let profile = profile.ok_or(Noted)?;
    if let Some(found) = found {
        let value = settings::checked(section, profile, NAME, &found, report)?;
        return Ok(Some(OrgId::new(&value)));
    }
    if let Some(Source::Login { tool, name }) = source
        && let Some(known) = (tool.organisation)(&origin.environment, name.as_deref())
    {
        return Ok(Some(OrgId::new(&known)));
    }
    let mut required = discover::entry(profile.name).required.iter();
    match required.find(|(key, _)| *key == NAME) {
        Some((_, why)) => {
            let message = format!("[{}] has no `{NAME}`: {why}", section.path);
            Err(report.error(&section.key(NAME), &section.at, &message))
        }
        None => Ok(None),
    }
}

/// Reads an address to which a token may be sent.
///
/// # Errors
/// Why it may not, in words that follow the name of the setting.
pub(super) fn check_url(text: &str, allow_plain_http: bool) -> Result<Url, String> {
    let url = Url::parse(text).map_err(|error| {
        format!("must be an address such as \"https://api.example.com\": {error}")
    })?;
    if !matches!(url.scheme(), "http" | "https") || url.host().is_none() {
        return Err("must begin with https:// or http:// and name a host".into());
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Err("must not carry a user name or password".into());
    }
    if url.query().is_some() || url.fragment().is_some() {
        return Err("must not carry `?` or `#`".into());
    }
    if url.scheme() == "http" && !is_loopback(&url) && !allow_plain_http {
        return Err("would send the token over plain http to another machine; \
                    use https, or set `allow_plain_http = true`"
            .into());
    }
    Ok(url)
}

/// Whether an address is on this machine.
pub(super) fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(Host::Domain(name)) => name.eq_ignore_ascii_case("localhost"),
        Some(Host::Ipv4(address)) => IpAddr::V4(address).is_loopback(),
        Some(Host::Ipv6(address)) => IpAddr::V6(address).is_loopback(),
        None => false,
    }
}

/// A flag that protects: on when it cannot be read, and when it is misspelt.
fn strict_flag(
    section: &Section<'_>,
    key: &'static str,
    meant: &[&'static str],
    report: &mut Report<'_>,
) -> bool {
    let found = flag(section, key, report);
    found.unwrap_or(true) || meant.contains(&key)
}

fn plain_http(section: &Section<'_>, report: &mut Report<'_>) -> bool {
    flag(section, "allow_plain_http", report).unwrap_or(false)
}

fn flag(section: &Section<'_>, key: &str, report: &mut Report<'_>) -> Result<bool, Noted> {
    Ok(section.flag(key, report)?.is_some_and(|found| found.value))
}

fn poll(section: &Section<'_>, report: &mut Report<'_>) -> Result<Option<Duration>, Noted> {
    let Some(found) = section.string("poll", "a text such as \"15s\"", report)? else {
        return Ok(None);
    };
    let bounds = FASTEST_POLL..=SLOWEST_POLL;
    let duration = parse_duration(found.value).filter(|duration| bounds.contains(duration));
    duration.map(Some).ok_or_else(|| {
        let message = format!(
            "`poll` is \"{}\"; allowed: \"2s\" to \"24h\", such as \"15s\" or \"2m\"",
            found.value
        );
        report.error(&section.key("poll"), &found.at, &message)
    })
}

/// Reads "15s", "2m 30s", "1h".
pub(crate) fn parse_duration(text: &str) -> Option<Duration> {
    let duration: SignedDuration = text.trim().parse().ok()?;
    Duration::try_from(duration).ok()
}
