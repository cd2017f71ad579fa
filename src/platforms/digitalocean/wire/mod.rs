//! The platform's records in its own names. Of every record only `id` is required; unknown keys are
//! ignored. Nothing of this leaves the adapter, and nothing of it has a `Debug`: some of it is
//! secret.
//!
//! Source: DigitalOcean contract, sections 1 and 5.

use serde::Deserialize;
use serde_json::Value;

/// What a list says about the rest of it.
#[derive(Default, Deserialize)]
pub(super) struct Links {
    #[serde(default)]
    links: Value,
    #[serde(default)]
    meta: Value,
}

impl Links {
    /// Whether there is another page. With one page `links` or `pages` may be missing or empty.
    pub(super) fn has_next(&self) -> bool {
        let next = self.links.pointer("/pages/next");
        next.and_then(Value::as_str)
            .is_some_and(|next| !next.is_empty())
    }

    /// How many records the whole list has.
    pub(super) fn total(&self) -> Option<u64> {
        self.meta.get("total")?.as_u64()
    }
}
