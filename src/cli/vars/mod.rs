//! `flightdeck vars`: all variables of an environment as a dotenv file, and back.
//!
//! Values go to the file or the output that was asked for and nowhere else: what is told of a
//! change is names.

mod diff;
mod export;
mod import;

use super::args::{Vars, VarsAction};
use super::exit::{CliError, Exit};
use super::fleet::Fleet;
use super::operate::{Subject, variables};
use crate::model::{Capability, Failure, Text, Variable};

/// Exports or imports.
pub(super) async fn run(fleet: &mut Fleet, args: &Vars) -> Result<Exit, CliError> {
    match &args.action {
        VarsAction::Export(args) => export::run(fleet, args).await,
        VarsAction::Import(args) => import::run(fleet, args).await,
    }
}

/// The variables of an environment.
async fn read(subject: &Subject) -> Result<Vec<Variable>, CliError> {
    let read = variables(subject).await?;
    read.ok_or_else(|| {
        let capability = Capability::ListVariables;
        let reason = subject.platform.support(capability).refusal();
        let reason = Text::clean(reason.unwrap_or("the platform lists no variables"));
        subject.failed(Failure::Unsupported { capability, reason })
    })
}
