//! Seeing accepted operations through to their end.

use super::api::Api;
use super::failure::unbuilt;
use crate::model::{Failure, Follow, Followed};

pub(super) async fn follow(_api: &Api, _what: &Follow) -> Result<Followed, Failure> {
    Err(unbuilt())
}
