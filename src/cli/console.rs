//! `flightdeck console`: a terminal session in an instance. It is `do console` under a name of its
//! own: one path decides whether it may be.

use std::io::{self, IsTerminal as _};

use super::args::{Common, Console, Report};
use super::exit::{CliError, Exit};
use super::fleet::Fleet;
use super::operate::{self, Subject};
use crate::config::Environment;
use crate::engine::Opening;
use crate::model::{Consent, Operation, Stage};
use crate::shell;

/// Opens a session and stays in it to its end.
pub(super) async fn run(
    fleet: &mut Fleet,
    args: &Console,
    environment: &Environment,
) -> Result<Exit, CliError> {
    let common = Common {
        target: args.target.clone(),
        consent: args.consent.clone(),
        wait: false,
        timeout: None,
        output: Report::Text,
    };
    operate::console(fleet, common, args.unit.as_deref(), environment).await
}

/// Hands this terminal to a session that was agreed to.
pub(super) async fn session(
    subject: &Subject,
    operation: Operation,
    consent: Consent,
) -> Result<Stage, CliError> {
    if !io::stdin().is_terminal() || !io::stdout().is_terminal() {
        let text = "a session needs a terminal to type on; for a single command there is \
                    flightdeck do run";
        return Err(CliError::Usage(text.into()));
    }
    let opening = Opening::new(
        std::sync::Arc::clone(&subject.platform),
        std::sync::Arc::clone(&subject.ledger) as _,
    );
    let ended = shell::console(opening, &operation, &consent).await;
    ended.map_err(|error| CliError::Io {
        what: "the terminal cannot be used".into(),
        error,
    })
}
