//! Tokens: one that is configured, or one that a management client is exchanged for.
//! Source: Pangea contract, section 3.

use crate::platforms::{Connection, Credential};

/// The source of access tokens for a connection. Where it names a client, its credential is the
/// client's secret.
pub(super) fn source(connection: &Connection) -> Credential {
    connection.credential.clone()
}
