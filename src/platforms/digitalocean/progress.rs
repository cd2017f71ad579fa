//! Seeing accepted operations through to their end.

use std::future::ready;

use super::api::Api;
use crate::model::{Capability, Failure, Follow, Followed, Text};

pub(super) async fn follow(_api: &Api, _what: &Follow) -> Result<Followed, Failure> {
    ready(Err(Failure::Unsupported {
        capability: Capability::Deploy,
        reason: Text::clean("this is not built for the platform yet"),
    }))
    .await
}
