//! Consoles of instances. Source: DigitalOcean contract, section 5.8.

use std::future;

use axum::{extract::Request, http::StatusCode, response::Response};

use super::{Shared, call::Call, errors::Refusal, reply::Outcome};

pub(super) fn of_active(call: &mut Call<'_>) -> Outcome {
    let _app = call.app()?;
    Err(Refusal::not_simulated())
}

pub(super) fn of_deployment(call: &mut Call<'_>) -> Outcome {
    let app = call.app()?;
    let _deployment = call.deployment(app, 1)?;
    Err(Refusal::not_simulated())
}

/// Answers a request for an address that was given out.
pub(super) fn serve(_shared: &Shared, _request: Request) -> impl Future<Output = Response> {
    let mut response = Response::default();
    *response.status_mut() = StatusCode::NOT_IMPLEMENTED;
    future::ready(response)
}
