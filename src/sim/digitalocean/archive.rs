//! Logs of what is over. Source: DigitalOcean contract, section 6.1.

use std::future;

use axum::{extract::Request, http::StatusCode, response::Response};

use super::Shared;

/// Answers a request for an address that was given out.
pub(super) fn serve(_shared: &Shared, _request: Request) -> impl Future<Output = Response> {
    let mut response = Response::default();
    *response.status_mut() = StatusCode::NOT_IMPLEMENTED;
    future::ready(response)
}
