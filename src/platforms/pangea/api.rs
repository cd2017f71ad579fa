//! Asking the platform.

use reqwest::header::AUTHORIZATION;

use super::failure::judge;
use super::login;
use crate::model::{Failure, OrgId};
use crate::platforms::http::{Dialect, Http, Patience};
use crate::platforms::{Connection, Settings};

const DIALECT: Dialect = Dialect {
    authorization: |token| (AUTHORIZATION, format!("Bearer {token}")),
    failure: judge,
};

/// The platform's API for one account.
pub(super) struct Api {
    pub(super) http: Http,
    /// The organisation: the API lists none.
    pub(super) organisation: Option<OrgId>,
    pub(super) settings: Settings,
}

impl Api {
    pub(super) fn new(mut connection: Connection, patience: Patience) -> Result<Self, Failure> {
        connection.credential = login::source(&connection);
        Ok(Self {
            http: Http::with_patience(&connection, DIALECT, patience)?,
            organisation: connection.organisation,
            settings: connection.settings,
        })
    }
}
