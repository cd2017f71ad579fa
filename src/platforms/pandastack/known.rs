//! The deployments of managed apps that are known: the API lists none, so that those which were seen
//! are kept, between runs too. Source: PandaStack contract, section 9.

use std::sync::Arc;

use crate::model::Notebook;

/// The deployments that are known, newest first for each app.
pub(super) struct Known {
    notebook: Arc<dyn Notebook>,
}

impl Known {
    pub(super) fn new(notebook: Arc<dyn Notebook>) -> Self {
        Self { notebook }
    }
}
