//! Which notebook a context has.

use std::path::Path;
use std::sync::Arc;

use crate::config::ContextConfig;
use crate::platforms::Connection;
use crate::store::notebook::Kept;

/// The connection of a context, whose adapter keeps its notes below the state folder. Without one
/// they end with the program: where there is no such folder, and in the demo.
#[must_use]
pub fn noting(context: &ContextConfig, state: Option<&Path>) -> Connection {
    let connection = context.connection.clone();
    let Some(state) = state else {
        return connection;
    };
    let origin = connection.base_url.origin().ascii_serialization();
    let kept = Kept::new(state, context.name.as_str(), &origin);
    Connection {
        notebook: Arc::new(kept),
        ..connection
    }
}
