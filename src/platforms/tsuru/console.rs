//! Terminal sessions in a unit.

use std::sync::Arc;

use super::api::Api;
use super::failure::unbuilt;
use crate::model::{EnvId, Failure};
use crate::platforms::Console;

pub(super) async fn open(
    _api: Arc<Api>,
    _of: &EnvId,
    _unit: Option<&str>,
) -> Result<Box<dyn Console>, Failure> {
    Err(unbuilt())
}
