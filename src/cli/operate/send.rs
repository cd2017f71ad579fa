//! The one place where commands send operations.

use std::sync::Arc;
use std::time::Duration;

use tokio::time::timeout;

use super::subject::Subject;
use crate::engine::{Terms, run_operation};
use crate::model::{Consent, Operation, OperationEvent, Stage};
use crate::shell;

/// Sends an operation, and sees it through if it is waited for; absent when that took too long.
pub(in crate::cli) async fn send(
    subject: &Subject,
    operation: Operation,
    consent: Consent,
    wait: bool,
    limit: Option<Duration>,
    tell: &mut (dyn FnMut(&OperationEvent) + Send),
) -> Option<Stage> {
    let platform = Arc::clone(&subject.platform);
    let ledger = Arc::clone(&subject.ledger);
    let terms = Terms::new(consent, ledger);
    let running = run_operation(platform, operation, terms, shell::now, wait, tell);
    match limit {
        Some(limit) => timeout(limit, running).await.ok(),
        None => Some(running.await),
    }
}
