//! Where its servers are: every one is a name before the domain.
//!
//! Source: Pangea contract, sections 2 and 3.

use super::paths::TOKEN;
use crate::model::Failure;
use crate::platforms::Connection;

/// The domain where nobody says.
pub const USUAL: &str = "aws.us.pangea.cloud";

/// What stands before the domain: of the API, and of the server of logins.
const CONSOLE: &str = "api.console.";
const LOGIN: &str = "authorization.access.";

/// Where the API of a domain is.
#[must_use]
pub fn api(domain: &str) -> String {
    format!("https://{CONSOLE}{domain}")
}

/// A domain as it was pasted: with a scheme, a slash at its end, or the name of a server before it.
/// Absent for what is none, or would name another place.
#[must_use]
pub fn domain(written: &str) -> Option<String> {
    let written = written.trim().to_ascii_lowercase();
    let mut schemes = ["https://", "http://"].iter();
    let bare = schemes.find_map(|scheme| written.strip_prefix(scheme));
    let bare = bare.unwrap_or(&written).trim_end_matches('/');
    let mut servers = [CONSOLE, LOGIN].iter();
    let domain = servers.find_map(|server| bare.strip_prefix(server));
    let domain = domain.unwrap_or(bare);
    let is_part = |part: &str| {
        !part.is_empty() && part.chars().all(|c| c.is_ascii_alphanumeric() || c == '-')
    };
    let is_domain = domain.contains('.') && domain.split('.').all(is_part);
    is_domain.then(|| domain.to_owned())
}

/// Where a client is exchanged: at the domain, or where the API is, and nowhere else. Where both are
/// set they may differ: what stands between here and the API need not know clients.
///
/// # Errors
/// `Validation` for a domain that is none.
pub(super) fn token_url(connection: &Connection) -> Result<String, Failure> {
    let base = &connection.base_url;
    let host = base.host_str().unwrap_or_default();
    let server = match (
        connection.settings.get("domain"),
        host.strip_prefix(CONSOLE),
    ) {
        (Some(written), _) => {
            let domain = domain(written);
            let none = || Failure::invalid("domain", &format!("is no domain such as {USUAL}"));
            format!("https://{LOGIN}{}", domain.ok_or_else(none)?)
        }
        (None, Some(domain)) => format!("https://{LOGIN}{domain}"),
        (None, None) => base.origin().ascii_serialization(),
    };
    Ok(format!("{server}{TOKEN}"))
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use url::Url;

    use super::*;
    use crate::model::{Scratch, Secret};
    use crate::platforms::Settings;

    fn login(base: &str, domain: Option<&str>) -> Result<String, Failure> {
        let settings = domain.map(|domain| ("domain", domain.to_owned()));
        token_url(&Connection {
            base_url: Url::parse(base).unwrap(),
            credential: Arc::new(|| Ok(Secret::new("canary"))),
            read_only: false,
            organisation: None,
            settings: Settings(settings.into_iter().collect()),
            notebook: Arc::new(Scratch::default()),
            allow_plain_http: false,
        })
    }

    #[test]
    fn a_client_is_exchanged_at_its_domain_or_where_the_api_is() {
        let here = "http://127.0.0.1:8080";
        let eu = "https://authorization.access.aws.eu.pangea.cloud";
        for (base, domain, expected) in [
            (&*api("aws.eu.pangea.cloud"), None, eu),
            (&*api(USUAL), Some("aws.eu.pangea.cloud"), eu),
            (
                "https://proxy.example.org/x",
                Some("aws.eu.pangea.cloud"),
                eu,
            ),
            (
                "https://api.console.example.org/prefix",
                None,
                "https://authorization.access.example.org",
            ),
            (
                "https://proxy.example.org:8443/x",
                None,
                "https://proxy.example.org:8443",
            ),
            (here, None, here),
        ] {
            let found = login(base, domain).unwrap();
            assert_eq!(found, format!("{expected}{TOKEN}"), "{base} {domain:?}");
        }
        for bad in ["a@b.example.com", "b.example.com/x"] {
            let failure = login(here, Some(bad)).unwrap_err();
            assert!(matches!(failure, Failure::Validation(_)), "{bad}");
        }
    }

    #[test]
    fn a_domain_is_taken_as_people_paste_it() {
        for written in [
            "aws.eu.pangea.cloud",
            " https://aws.eu.pangea.cloud/ ",
            "HTTP://AWS.EU.pangea.cloud//",
            "api.console.aws.eu.pangea.cloud",
            "https://api.console.aws.eu.pangea.cloud/",
            "authorization.access.aws.eu.pangea.cloud",
        ] {
            assert_eq!(
                domain(written).as_deref(),
                Some("aws.eu.pangea.cloud"),
                "{written}"
            );
        }
        let other = "api.consoles.example.com";
        assert_eq!(domain(other).as_deref(), Some(other));
    }

    #[test]
    fn a_domain_cannot_name_another_place() {
        for bad in [
            "",
            "https://",
            "a b.c",
            "me:pw@h.c",
            "h.c/x",
            "h.c:1",
            "h..c",
            "localhost",
            "h.c?x",
            "h.c#x",
            "h.c\\x",
            "ftp://h.c",
        ] {
            assert_eq!(domain(bad), None, "{bad:?}");
        }
    }
}
