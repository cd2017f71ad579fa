//! Following logs.

use std::sync::Arc;

use super::api::Api;
use super::failure::unbuilt;
use crate::model::{Failure, TailRequest};
use crate::platforms::Tail;

pub(super) fn open(_api: Arc<Api>, _request: TailRequest) -> Result<Box<dyn Tail>, Failure> {
    Err(unbuilt())
}
