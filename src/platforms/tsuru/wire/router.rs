//! What leads requests to apps.
//!
//! Source: tsuru contract, section 5 (domains and certificates).

use super::app::Named;
use super::{entities, records};
use crate::platforms::loose::Loose;

entities! {
    /// A router of an app.
    Router by name {
        address: String,
        addresses: Vec<String>,
        #[serde(rename = "type")]
        kind: String,
        status: String,
        #[serde(rename = "status-detail")]
        status_detail: String,
    }
}

records! {
    Certificates {
        routers: Named<RouterCertificates>,
    }
    RouterCertificates {
        cnames: Named<Certificate>,
    }
    Certificate {
        /// PEM; empty where there is none yet.
        certificate: String,
        issuer: String,
    }
}

/// Router, domain, PEM: how older servers say it.
pub(in crate::platforms::tsuru) type LegacyCertificates = Loose<Named<Named<String>>>;
