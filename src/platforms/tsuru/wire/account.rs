//! Who there is, and who may do what.
//!
//! Source: tsuru contract, sections 1, 4 and 5.

use jiff::Timestamp;

use super::{entities, records};

entities! {
    Team by name {
        tags: Vec<String>,
        permissions: Vec<String>,
    }
    User by email {
        roles: Vec<Grant>,
        permissions: Vec<Grant>,
        groups: Vec<String>,
    }
    /// A token of a team, by its identifier. The token itself is left out.
    TeamToken by token_id {
        description: String,
        created_at: Timestamp,
        expires_at: Timestamp,
        last_access: Timestamp,
        creator_email: String,
        team: String,
        roles: Vec<Grant>,
    }
    /// What there is to be allowed. The name of all of it is empty.
    Permission by name {
        contexts: Vec<String>,
    }
}

records! {
    Server {
        version: String,
    }
    /// Whose token it is. That of an app or a team has no address.
    Me {
        email: String,
        roles: Vec<Grant>,
        permissions: Vec<Grant>,
        groups: Vec<String>,
    }
    /// A role or a permission, and where it holds.
    Grant {
        name: String,
        context_type: String,
        context_value: String,
    }
}
