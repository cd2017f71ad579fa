//! What an operation would come to.

use super::api::Api;
use crate::model::{Failure, Operation, Preview};

pub(super) async fn preview(
    _api: &Api,
    _operation: &Operation,
) -> Result<Option<Preview>, Failure> {
    Ok(None)
}
