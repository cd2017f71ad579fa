//! Following an operation whose answer comes later. Source: Pangea contract, section 6.

use super::api::Api;
use crate::model::{Failure, Follow, Followed};

pub(super) async fn follow(_api: &Api, _what: &Follow) -> Result<Followed, Failure> {
    Err(Failure::Cancelled)
}
