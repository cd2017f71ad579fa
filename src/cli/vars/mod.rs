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
use crate::model::{Capability, Variable};

/// Exports or imports.
pub(super) async fn run(fleet: &mut Fleet, args: &Vars) -> Result<Exit, CliError> {
    match &args.action {
        VarsAction::Export(args) => export::run(fleet, args).await,
        VarsAction::Import(args) => import::run(fleet, args).await,
    }
}

/// The variables of an environment.
async fn read(subject: &Subject) -> Result<Vec<Variable>, CliError> {
    subject.permit(Capability::ListVariables)?;
    Ok(variables(subject).await?.unwrap_or_default())
}
