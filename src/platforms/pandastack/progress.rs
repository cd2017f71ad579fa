//! Following what was accepted: deployment, installation, domain. Source: PandaStack contract,
//! section 4.

use super::api::Api;
use crate::model::{Failure, Follow, Followed};

pub(super) async fn follow(_api: &Api, _what: &Follow) -> Result<Followed, Failure> {
    Err(Failure::Cancelled)
}
