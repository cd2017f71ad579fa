//! What an error answer means. Source: PandaStack contract, section 5.

use crate::model::Failure;
use crate::platforms::http::Refusal;

/// Judges an answer with an error status.
pub(super) fn judge(refusal: &Refusal<'_>) -> Failure {
    Failure::Server {
        status: refusal.status,
        message: refusal.excerpt(),
        request_id: refusal.request_id(),
    }
}
