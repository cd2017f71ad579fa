//! What apps are built with and run on.
//!
//! Source: tsuru contract, section 5.

use super::app::Named;
use super::entities;

entities! {
    Pool by name {
        #[serde(rename = "default")]
        is_default: bool,
        provisioner: String,
        #[serde(rename = "public")]
        is_public: bool,
        teams: Vec<String>,
        labels: Named<String>,
        /// What may be used in it, by kind.
        allowed: Named<Vec<String>>,
    }
    /// What apps are built with.
    PlatformEntry by name {
        #[serde(rename = "disabled")]
        is_disabled: bool,
    }
    /// A router that apps can be given. Its configuration is left out: it may hold secrets.
    PlanRouter by name {
        #[serde(rename = "type")]
        kind: String,
        info: Named<String>,
        #[serde(rename = "default")]
        is_default: bool,
        #[serde(rename = "dynamic")]
        is_dynamic: bool,
    }
    /// A cluster. Its certificates, keys and own data are left out.
    Cluster by name {
        addresses: Vec<String>,
        provisioner: String,
        pools: Vec<String>,
        #[serde(rename = "default")]
        is_default: bool,
        #[serde(rename = "local")]
        is_local: bool,
    }
}
