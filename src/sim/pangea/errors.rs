//! Refusals: a status, an HTTP code and sometimes what is wrong with which field.
//! Source: Pangea contract, section 5.

use crate::sim::host::Wanted;

/// What is wrong with one field of a request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct FieldError {
    pub(super) code: &'static str,
    pub(super) detail: String,
    /// A JSON pointer into the body of the request.
    pub(super) source: String,
    /// A JSON pointer into the schema, which is told in the verbose mode only.
    pub(super) path: String,
}

/// Why a request is not answered as asked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Refusal {
    pub(super) http: u16,
    pub(super) status: &'static str,
    pub(super) summary: &'static str,
    /// `None` has no result at all.
    pub(super) errors: Option<Vec<FieldError>>,
    /// Seconds of the `Retry-After` header.
    pub(super) retry_after: Option<u64>,
    /// Whether an envelope is around it.
    pub(super) is_bare: bool,
}

impl Refusal {
    const fn of(http: u16, status: &'static str, summary: &'static str) -> Refusal {
        Refusal {
            http,
            status,
            summary,
            errors: None,
            retry_after: None,
            is_bare: false,
        }
    }

    /// What a fault asks for.
    pub(super) fn wanted(wanted: &Wanted<'_>) -> Refusal {
        let http = wanted.status.as_u16();
        match http {
            400 => Refusal::invalid(Vec::new()),
            401 => UNAUTHORIZED,
            402 => NO_CREDIT,
            403 => FORBIDDEN,
            404 => NOT_FOUND,
            429 => TOO_MANY,
            500 => INTERNAL,
            503 => UNAVAILABLE,
            _ => Refusal { http, ..FAILED },
        }
    }

    /// Fields of the request are not as they have to be.
    pub(super) fn invalid(errors: Vec<FieldError>) -> Refusal {
        Refusal {
            errors: Some(errors),
            ..Refusal::of(400, "ValidationError", "There were validation errors")
        }
    }
}

pub(super) const UNAUTHORIZED: Refusal = Refusal::of(
    401,
    "Unauthorized",
    "Not authorized to access this resource",
);
pub(super) const FORBIDDEN: Refusal = Refusal::of(403, "Forbidden", "Insufficient permissions");
pub(super) const FORBIDDEN_SCOPE: Refusal = Refusal::of(
    403,
    "ForbiddenByScope",
    "The token lacks a scope for this operation",
);
pub(super) const NOT_FOUND: Refusal = Refusal::of(404, "NotFound", "Resource not found");
/// It does not say when to come again.
pub(super) const TOO_MANY: Refusal = Refusal::of(429, "TooManyRequests", "Too many requests");
pub(super) const TOO_MANY_FOR_NOW: Refusal = {
    let mut refusal = TOO_MANY;
    refusal.retry_after = Some(1);
    refusal
};
pub(super) const NO_CREDIT: Refusal = Refusal::of(402, "NoCredit", "The account has no credit");
pub(super) const NOT_ENABLED: Refusal = Refusal::of(
    400,
    "ServiceNotEnabled",
    "The service is not enabled for this project",
);
pub(super) const NOT_AVAILABLE: Refusal = Refusal::of(
    500,
    "ServiceNotAvailable",
    "The service is not available at the moment",
);
pub(super) const PROVIDER_ERROR: Refusal =
    Refusal::of(502, "ProviderError", "A provider could not be reached");
pub(super) const MISSING_CONFIG: Refusal =
    Refusal::of(400, "MissingConfigID", "No configuration id was given");
pub(super) const MISSING_CONFIG_SCOPE: Refusal = Refusal::of(
    400,
    "MissingConfigIDScope",
    "The token has no configuration id in its scope",
);
pub(super) const FAILED: Refusal = Refusal::of(500, "Failed", "The request could not be completed");
pub(super) const INTERNAL: Refusal = Refusal::of(500, "InternalError", "Internal error");
/// A word that nobody has published.
pub(super) const UNHEARD_OF: Refusal =
    Refusal::of(409, "OrganizationFrozen", "The organization is frozen");
/// The gateway says it, without an envelope.
pub(super) const UNAVAILABLE: Refusal = {
    let said = "Service temporarily unavailable";
    let mut refusal = Refusal::of(503, "ServiceUnavailable", said);
    refusal.is_bare = true;
    refusal
};
