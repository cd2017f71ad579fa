//! Domains: the app's own, and those of its routers.
//!
//! Source: tsuru contract, section 5 (domains and certificates).

use std::collections::{BTreeMap, BTreeSet};

use super::app::{addresses, custom, router_words};
use crate::model::{Domain, EnvId, Status, Text};
use crate::platforms::details::{Details, text};
use crate::platforms::loose::Loose;
use crate::platforms::tsuru::{ids, wire};

/// The certificate of a domain.
#[derive(Default)]
pub(in crate::platforms::tsuru) struct Seal {
    /// Whether it is there already.
    has_certificate: bool,
    issuer: Option<Text>,
    router: Option<Text>,
}

/// What is known of certificates.
pub(in crate::platforms::tsuru) enum Certified {
    /// Nothing: they may not be read, or the server is too old to tell.
    Unknown,
    /// No router of the app does TLS.
    Never,
    /// Those of each domain.
    Known(BTreeMap<String, Seal>),
}

/// What the routers say of certificates. The certificate itself goes no further.
pub(in crate::platforms::tsuru) fn certified(wire: wire::Certificates) -> Certified {
    let routers = wire.routers.0.unwrap_or_default().into_iter();
    let all = routers.flat_map(|(router, it)| {
        let domains = it.cnames.0.unwrap_or_default().into_iter();
        domains.map(move |(domain, it)| (domain, seal(&router, &it)))
    });
    Certified::Known(all.collect())
}

fn seal(router: &str, wire: &wire::Certificate) -> Seal {
    Seal {
        has_certificate: text(&wire.certificate).is_some(),
        issuer: text(&wire.issuer),
        router: Text::non_empty(router),
    }
}

/// The same of an older server.
pub(in crate::platforms::tsuru) fn certified_before(wire: wire::LegacyCertificates) -> Certified {
    let routers = wire.0.unwrap_or_default().into_iter();
    let all = routers.flat_map(|(router, domains)| {
        domains.into_iter().map(move |(domain, pem)| {
            let wire = wire::Certificate {
                certificate: Loose(Some(pem)),
                issuer: Loose(None),
            };
            (domain, seal(&router, &wire))
        })
    });
    Certified::Known(all.collect())
}

impl Certified {
    fn of(&self, domain: &str) -> (Option<bool>, Option<&Seal>) {
        match self {
            Self::Unknown => (None, None),
            Self::Never => (Some(false), None),
            Self::Known(seals) => {
                let seal = seals.get(domain);
                (Some(seal.is_some_and(|it| it.has_certificate)), seal)
            }
        }
    }
}

pub(in crate::platforms::tsuru) fn domains(
    app: &wire::App,
    certified: &Certified,
    of: &EnvId,
) -> Vec<Domain> {
    let target = addresses(app).next().map(|(_, address)| address);
    let own = custom(app).map(|name| (name, None, target));
    let generated = addresses(app).map(|(router, address)| (address, router, None));
    let mut seen = BTreeSet::new();
    let all = own.chain(generated);
    all.filter(|(name, ..)| seen.insert(host(name)))
        .filter_map(|(name, router, target)| {
            let is_own = router.is_none() && custom(app).any(|it| it == name);
            let mut domain = domain(app, name, router, certified, of)?;
            domain.details = kind_details(is_own, target)
                .into_iter()
                .chain(domain.details)
                .collect();
            Some(domain)
        })
        .collect()
}

fn kind_details(is_own: bool, target: Option<&str>) -> Vec<crate::model::Detail> {
    let kind = if is_own {
        "custom"
    } else {
        "made by the router"
    };
    Details::default()
        .text("Kind", Some(Text::clean(kind)))
        .text("Points to", target.map(host).and_then(Text::non_empty))
        .done()
}

/// An address without its scheme.
fn host(address: &str) -> &str {
    let host = address.split_once("://").map_or(address, |(_, host)| host);
    host.trim_end_matches('/')
}

fn domain(
    app: &wire::App,
    address: &str,
    router: Option<&wire::Router>,
    certified: &Certified,
    of: &EnvId,
) -> Option<Domain> {
    let name = Text::non_empty(host(address))?;
    let (tls, seal) = certified.of(name.as_str());
    // A domain of the app's own works where its routers do.
    let routers = router.map_or_else(|| app.routers.iter().flatten().collect(), |it| vec![it]);
    let (status, message) =
        routers
            .iter()
            .map(|it| state(it))
            .fold((Status::Present, None), |before, this| {
                if this.0.rank() < before.0.rank() {
                    this
                } else {
                    before
                }
            });
    let mut details = Details::default();
    for router in routers {
        details = details
            .text("Router", router_words(router))
            .word("Router type", &router.kind);
    }
    let certificate = seal.map(|seal| {
        Text::clean(match (seal.has_certificate, &seal.issuer) {
            (true, _) => "installed",
            (false, Some(_)) => "waits for its issuer",
            (false, None) => "none",
        })
    });
    Some(Domain {
        id: ids::domain(&app.name, name.as_str()),
        environment: Some(of.clone()),
        status,
        message,
        is_primary: false,
        redirects: false,
        tls: tls.or_else(|| address.starts_with("https://").then_some(true)),
        instructions: Vec::new(),
        checked_at: None,
        details: details
            .text("Certificate", certificate)
            .text("Issuer", seal.and_then(|seal| seal.issuer.clone()))
            .text("Certificate of", seal.and_then(|seal| seal.router.clone()))
            .done(),
        name,
    })
}

fn state(router: &wire::Router) -> (Status, Option<Text>) {
    match router.status.as_deref() {
        None | Some("") => (Status::Present, None),
        Some("ready") => (Status::Live, None),
        Some("not ready") => (Status::Degraded, router_words(router)),
        Some(word) => (Status::Other(Text::clean(word)), router_words(router)),
    }
}
