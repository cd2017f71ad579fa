//! Links that are secrets: where they may lead, and the clients that ask for what is behind them.
//!
//! These clients know no token, so none can go along, whatever the host.

use std::sync::OnceLock;
use std::time::Duration;

use reqwest::{Client, ClientBuilder};
use url::Url;

use super::client::{builder, finish, is_loopback};
use crate::model::{Failure, Text};

/// Waiting for a connection.
const CONNECT: Duration = Duration::from_secs(5);

/// A client for this machine, which needs neither proxy nor certificates, and one for elsewhere.
/// Each is made when it is first needed.
pub(super) struct Clients {
    adapt: fn(ClientBuilder) -> ClientBuilder,
    here: OnceLock<Client>,
    elsewhere: OnceLock<Client>,
}

impl Clients {
    /// Clients that `adapt` makes fit for their use.
    pub(super) fn new(adapt: fn(ClientBuilder) -> ClientBuilder) -> Self {
        Self {
            adapt,
            here: OnceLock::new(),
            elsewhere: OnceLock::new(),
        }
    }

    /// The client that may ask an address.
    pub(super) fn of(&self, url: &Url) -> Result<Client, Failure> {
        let is_here = is_loopback(url);
        let kept = if is_here { &self.here } else { &self.elsewhere };
        if let Some(client) = kept.get() {
            return Ok(client.clone());
        }
        let client = finish((self.adapt)(builder(is_here, CONNECT)?))?;
        Ok(kept.get_or_init(|| client).clone())
    }
}

/// A link is as good as a password: over TLS only, but for this machine. Says what it is instead;
/// `plain` is said of one that goes elsewhere without TLS.
pub(super) fn check(url: &Url, may_be_here: bool, plain: &'static str) -> Result<(), &'static str> {
    match url.scheme() {
        _ if is_loopback(url) && !may_be_here => Err("an address of this machine"),
        "https" if url.host().is_some() => Ok(()),
        "http" if is_loopback(url) => Ok(()),
        "http" => Err(plain),
        _ => Err("another scheme"),
    }
}

/// An address as it is asked. A name and a password in it would be sent as credentials.
pub(super) fn bare(mut url: Url) -> Url {
    let _none = (url.set_username(""), url.set_password(None));
    url.set_fragment(None);
    url
}

/// What is wrong with a link, without the link.
pub(super) fn no_link(endpoint: &str, expected: &str, found: &str) -> Failure {
    Failure::Decode {
        endpoint: Text::clean(endpoint),
        path: Text::clean("its link"),
        expected: Text::clean(expected),
        found: Text::clean(found),
    }
}
