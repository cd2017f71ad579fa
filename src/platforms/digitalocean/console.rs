//! Terminal sessions.

use std::future::ready;
use std::sync::Arc;

use super::api::Api;
use crate::model::{Capability, EnvId, Failure, Text};
use crate::platforms::Console;

pub(super) async fn open(
    _api: Arc<Api>,
    _of: &EnvId,
    _unit: Option<&str>,
) -> Result<Box<dyn Console>, Failure> {
    ready(Err(Failure::Unsupported {
        capability: Capability::Console,
        reason: Text::clean("this is not built for the platform yet"),
    }))
    .await
}
