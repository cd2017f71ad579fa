//! Asking what an operation would do.

use std::future::ready;

use super::api::Api;
use crate::model::{Failure, Operation, Preview};

pub(super) async fn preview(_api: &Api, operation: &Operation) -> Result<Option<Preview>, Failure> {
    ready(Err(super::operate::unsupported(operation))).await
}
