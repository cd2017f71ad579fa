//! The records as the platform writes them. Only what names one is required; what it is not known to
//! have is ignored.
//!
//! Source: Pangea contract, section 7.

use jiff::Timestamp;
use serde::{Deserialize, Deserializer};
use serde_json::Value;

use crate::platforms::loose::Loose;

#[derive(Deserialize)]
pub(super) struct Organisation {
    pub(super) id: String,
    #[serde(default)]
    pub(super) name: Loose<String>,
    /// The id of a user.
    #[serde(default)]
    pub(super) owner: Loose<String>,
    #[serde(default)]
    pub(super) owner_email: Loose<String>,
    /// Whose cloud it is on.
    #[serde(default)]
    pub(super) csp: Loose<String>,
    #[serde(default)]
    pub(super) created_at: Loose<Timestamp>,
    #[serde(default)]
    pub(super) updated_at: Loose<Timestamp>,
}

#[derive(Deserialize)]
pub(super) struct Project {
    pub(super) id: String,
    #[serde(default)]
    pub(super) name: Loose<String>,
    /// `org_id` in requests.
    #[serde(default)]
    pub(super) org: Loose<String>,
    #[serde(default)]
    pub(super) geo: Loose<String>,
    #[serde(default)]
    pub(super) region: Loose<String>,
    #[serde(default)]
    pub(super) created_at: Loose<Timestamp>,
    #[serde(default)]
    pub(super) updated_at: Loose<Timestamp>,
}

/// One page of projects.
#[derive(Deserialize)]
pub(super) struct Listing {
    /// Null is none; that there is no such field is a misunderstanding.
    #[serde(deserialize_with = "nullable")]
    pub(super) results: Vec<Value>,
    /// Of the whole list, or of the page: nobody says which.
    #[serde(default)]
    pub(super) count: Loose<u64>,
}

fn nullable<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<Value>, D::Error> {
    Ok(Option::deserialize(deserializer)?.unwrap_or_default())
}
