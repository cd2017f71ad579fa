//! Building the one client of a context.

use std::time::Duration;

use reqwest::redirect::Policy;
use reqwest::{Client, ClientBuilder};
use url::{Host, Url};

use super::{Patience, problem, remark};
use crate::model::{Failure, NetworkProblem};

/// Refuses addresses a token may not be sent to.
pub(super) fn check_base(base: &Url, allow_plain_http: bool) -> Result<(), Failure> {
    let problem = match base.scheme() {
        _ if base.host().is_none() => "has no host",
        "https" => return Ok(()),
        "http" if allow_plain_http || is_loopback(base) => return Ok(()),
        "http" => {
            "plain http would show the token to the network: use https, or set allow_plain_http"
        }
        _ => "is neither https nor http",
    };
    Err(Failure::invalid("base_url", problem))
}

/// Builds the client.
pub(super) fn build(base: &Url, patience: Patience) -> Result<Client, Failure> {
    finish(builder(is_loopback(base), patience.connect)?)
}

/// What all clients have in common. On this machine they need neither proxy nor certificates, so
/// that a simulator works where there are none.
pub(super) fn builder(is_here: bool, connect: Duration) -> Result<ClientBuilder, Failure> {
    if rustls::crypto::CryptoProvider::get_default().is_none() {
        // Building a client would panic.
        return Err(no_tls("no TLS provider is installed"));
    }
    let builder = Client::builder()
        .user_agent(concat!("flightdeck/", env!("CARGO_PKG_VERSION")))
        .redirect(Policy::none())
        .referer(false)
        .connect_timeout(connect);
    Ok(if is_here {
        builder.no_proxy().tls_certs_only([])
    } else {
        builder
    })
}

pub(super) fn finish(builder: ClientBuilder) -> Result<Client, Failure> {
    builder
        .build()
        .map_err(|error| no_tls(&problem::chain(&error)))
}

fn no_tls(detail: &str) -> Failure {
    Failure::Network {
        problem: NetworkProblem::Tls,
        sent: false,
        detail: remark(detail),
    }
}

/// Whether an address is on this machine.
pub(super) fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        Some(Host::Domain(name)) => name == "localhost" || name.ends_with(".localhost"),
        None => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn allowed(base: &str, allow_plain_http: bool) -> bool {
        check_base(&Url::parse(base).unwrap(), allow_plain_http).is_ok()
    }

    #[test]
    fn a_token_goes_over_plain_http_only_on_this_machine() {
        for good in [
            "https://api.example.org",
            "http://127.0.0.1:1",
            "http://127.9.9.9",
            "http://[::1]:8080",
            "http://localhost",
            "http://api.localhost",
        ] {
            assert!(allowed(good, false), "{good}");
        }
        for bad in [
            "http://api.example.org",
            "http://localhost.example.org",
            "http://10.0.0.1",
        ] {
            assert!(!allowed(bad, false), "{bad}");
            assert!(allowed(bad, true), "{bad}");
        }
        for never in [
            "ftp://api.example.org",
            "file:///etc/passwd",
            "mailto:a@example.org",
        ] {
            assert!(!allowed(never, true), "{never}");
        }
    }
}
